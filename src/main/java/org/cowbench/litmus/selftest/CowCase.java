package org.cowbench.litmus.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What a test of cow.c does to the memory that a preparation has left. */
enum CowCase {
    FORK("Basic COW after fork()", pages -> inParent(pages, false, false)),
    FORK_MPROTECT("Basic COW after fork() with mprotect() optimization", pages -> inParent(pages, true, false)),
    SPLICE_CHILD("vmsplice() + unmap in child", pages -> inParent(pages, false, true)),
    SPLICE_CHILD_MPROTECT(
            "vmsplice() + unmap in child with mprotect() optimization", pages -> inParent(pages, true, true)),
    SPLICE_BEFORE("vmsplice() before fork(), unmap in parent after fork()", pages -> inChild(pages, true)),
    SPLICE_AFTER("vmsplice() + unmap in parent after fork()", pages -> inChild(pages, false)),
    PIN_READ_ONLY(
            "R/O-mapping a page registered as iouring fixed buffer",
            pages -> pinned(pages, "pin", List.of(), readOnly(pages))),
    PIN_FORK("fork() with an iouring fixed buffer", pages -> pinned(pages, "pin", List.of(), List.of("A fork B"))),
    GUP_SHARED(
            "R/O GUP pin on R/O-mapped shared page", pages -> pinned(pages, "pinro", List.of("A fork B"), List.of())),
    GUP_FAST_SHARED("R/O GUP-fast pin on R/O-mapped shared page", GUP_SHARED.steps),
    GUP_ONCE_SHARED(
            "R/O GUP pin on R/O-mapped previously-shared page",
            pages -> pinned(pages, "pinro", List.of("A fork B", "B exit"), List.of())),
    GUP_FAST_ONCE_SHARED("R/O GUP-fast pin on R/O-mapped previously-shared page", GUP_ONCE_SHARED.steps),
    GUP_EXCLUSIVE(
            "R/O GUP pin on R/O-mapped exclusive page", pages -> pinned(pages, "pinro", readOnly(pages), List.of())),
    GUP_FAST_EXCLUSIVE("R/O GUP-fast pin on R/O-mapped exclusive page", GUP_EXCLUSIVE.steps),
    COLLAPSE_BEFORE("Basic COW after fork() when collapsing before fork()", pages -> collapsed(pages, 0, -1, true)),
    COLLAPSE_SHARED(
            "Basic COW after fork() when collapsing after fork() (fully shared)",
            pages -> collapsed(pages, 0, pages.last, false)),
    COLLAPSE_LOWER(
            "Basic COW after fork() when collapsing after fork() (lower shared)",
            pages -> collapsed(pages, 0, pages.last / 2, false)),
    COLLAPSE_UPPER(
            "Basic COW after fork() when collapsing after fork() (upper shared)",
            pages -> collapsed(pages, pages.last / 2 + 1, pages.last, false));

    /** Pages that a new pipe has room for. */
    private static final int PIPE = 16;

    private final String description;
    private final Function<Pages, List<String>> steps;

    CowCase(String description, Function<Pages, List<String>> steps) {
        this.description = description;
        this.steps = steps;
    }

    /**
     * The pages that a test is about, from page 0 on.
     *
     * @param last the last of them
     */
    record Pages(int last) {

        @Override
        public String toString() {
            return range(0, last);
        }
    }

    /** As a script has it. */
    static String range(int first, int last) {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }

    /** As cow.c has it, without what it was prepared with. */
    String description() {
        return description;
    }

    /** Whether cow.c runs it once, on a THP that it splits and puts together itself. */
    boolean collapses() {
        return description.contains("collapsing");
    }

    /** Operations on pages of value 1. */
    List<String> steps(Pages pages) {
        return steps.apply(pages);
    }

    /** The child must see, by its memory or by a pipe, what was there before the parent wrote. */
    private static List<String> inParent(Pages pages, boolean protect, boolean splice) {
        List<String> steps = new ArrayList<>(List.of("A fork B", "B read " + pages));
        if (splice) {
            steps.addAll(eachSpliced(pages, "B splice %1$d X%1$d"));
            steps.add("B discard " + pages);
        }
        if (protect) {
            steps.addAll(readOnly(pages));
        }
        steps.add("A write " + pages + " 2");
        steps.addAll(splice ? eachSpliced(pages, "B peek X%1$d -> 1") : List.of("B read " + pages + " -> 1"));
        return steps;
    }

    /** The parent must see by its pipe what was there before the child wrote. */
    private static List<String> inChild(Pages pages, boolean before) {
        List<String> steps = new ArrayList<>(List.of("A read " + pages));
        List<String> splices = eachSpliced(pages, "A splice %1$d X%1$d");
        steps.addAll(before ? splices : List.of("A fork B"));
        steps.addAll(before ? List.of("A fork B") : splices);
        steps.addAll(List.of("A discard " + pages, "B write " + pages + " 2"));
        steps.addAll(eachSpliced(pages, "A peek X%1$d -> 1"));
        return steps;
    }

    /** Who holds a pin must see what the parent writes. */
    private static List<String> pinned(Pages pages, String pin, List<String> before, List<String> after) {
        List<String> steps = new ArrayList<>(before);
        steps.add("A " + pin + " " + pages + " X");
        steps.addAll(after);
        steps.add("A write " + pages + " 2");
        if (pages.last == 0) {
            steps.add("A peek X -> 2");
        } else {
            IntStream.of(0, 1, pages.last / 2, pages.last)
                    .distinct()
                    .forEach(page -> steps.add("A peek X." + page + " -> 2"));
        }
        return steps;
    }

    /** Of a THP that a page table maps, and of which the child gets some pages, or one PMD entry again before that. */
    private static List<String> collapsed(Pages pages, int first, int last, boolean before) {
        List<String> steps = new ArrayList<>(List.of("A split"));
        String shared = before ? pages.toString() : range(first, last);
        boolean all = before || first == 0 && last == pages.last;
        if (before) {
            steps.add("A collapse");
        } else if (!all) {
            steps.add("A keep " + (first == 0 ? range(last + 1, pages.last) : range(0, first - 1)));
        }
        steps.addAll(List.of("A fork B", "B read " + shared));
        if (!all) {
            steps.add("A share " + pages);
        }
        if (!before) {
            steps.add("A collapse");
        }
        steps.addAll(List.of("A write " + pages + " 2", "B read " + shared + " -> 1"));
        return steps;
    }

    private static List<String> readOnly(Pages pages) {
        return List.of("A protect " + pages + " ro", "A protect " + pages + " rw");
    }

    private static List<String> eachSpliced(Pages pages, String step) {
        return IntStream.range(0, Math.min(PIPE, pages.last + 1))
                .mapToObj(step::formatted)
                .toList();
    }
}
