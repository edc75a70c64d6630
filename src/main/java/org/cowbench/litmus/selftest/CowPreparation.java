package org.cowbench.litmus.selftest;

import java.util.ArrayList;
import java.util.List;
import org.cowbench.litmus.selftest.CowCase.Pages;

/** How cow.c gets the memory of a test, in the order in which it does. */
enum CowPreparation {
    BASE("base page"),
    BASE_SWAPPED("swapped out base page"),
    PMD("THP"),
    PMD_SWAPPED("swapped-out THP"),
    PTE("PTE-mapped THP"),
    PTE_SWAPPED("swapped-out, PTE-mapped THP"),
    SINGLE("single PTE of THP"),
    SINGLE_SWAPPED("single PTE of swapped-out THP"),
    MOVED("partially mremap()'ed THP"),
    PARTLY_SHARED("partially shared THP");

    /** Size in KiB of what a PMD entry maps. */
    static final int PMD_KIB = 2048;

    private static final int PAGE_KIB = 4;

    private final String name;

    CowPreparation(String name) {
        this.name = name;
    }

    /** Without a size, for tables. */
    @Override
    public String toString() {
        return name;
    }

    /** As cow.c has it, of a folio of so many KiB. */
    String title(int kib) {
        return large() ? name + " (" + kib + " kB)" : name;
    }

    boolean large() {
        return this != BASE && this != BASE_SWAPPED;
    }

    /** Whether cow.c prepares a folio of this size so. */
    boolean goesWith(int kib) {
        return kib == PMD_KIB || this != PMD && this != PMD_SWAPPED;
    }

    /** The pages that the test then is about. */
    Pages pages(int kib) {
        int count = kib / PAGE_KIB;
        return new Pages(
                switch (this) {
                    case BASE, BASE_SWAPPED, SINGLE, SINGLE_SWAPPED -> 0;
                    case MOVED -> count / 2 - 1;
                    default -> count - 1;
                });
    }

    /** The size and the operations that come before those of the case. */
    List<String> steps(int kib) {
        if (!large()) {
            return this == BASE ? List.of("pages 1", "A write 0 1") : List.of("pages 1", "A write 0 1", "A pageout 0");
        }
        int last = kib / PAGE_KIB - 1;
        List<String> steps = new ArrayList<>(List.of("folio " + kib, "A write all 1"));
        String others = CowCase.range(1, last);
        switch (this) {
            case PTE, PTE_SWAPPED -> steps.add("A split");
            case SINGLE, SINGLE_SWAPPED -> steps.add("A discard " + others);
            case MOVED -> steps.add("A move " + CowCase.range((last + 1) / 2, last));
            case PARTLY_SHARED -> steps.addAll(List.of("A keep " + others, "A fork C", "C exit", "A share " + others));
            default -> {}
        }
        if (this == PMD_SWAPPED || this == PTE_SWAPPED || this == SINGLE_SWAPPED) {
            steps.add("A pageout " + pages(kib));
        }
        return steps;
    }
}
