package org.cowbench.result;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The large folios whose cost is measured, in the order in which tables show them: a size, and what maps it. */
public enum FolioKind {
    /** 64 KiB, which only page-table entries can map. */
    KIB_64(64, false, "64 KiB"),
    /** 2 MiB, mapped by one PMD entry until something takes that apart. */
    MIB_2(2048, false, "2 MiB, PMD-mapped"),
    /** 2 MiB, mapped by page-table entries from the start. */
    MIB_2_PTE(2048, true, "2 MiB, PTE-mapped");

    /** Name of the parameter that carries the kind, in benchmarks and in results. */
    public static final String PARAM = "folio";

    private static final int PAGE_KIB = 4;
    private static final int PMD_KIB = 2048;

    private final int kib;
    private final boolean split;
    private final String words;

    FolioKind(int kib, boolean split, String words) {
        this.kib = kib;
        this.split = split;
        this.words = words;
    }

    /**
     * Finds a kind by the name that results have for it.
     *
     * @param name the constant's name, or null
     * @return empty where this version knows none
     */
    public static Optional<FolioKind> of(@Nullable String name) {
        return Arrays.stream(values()).filter(kind -> kind.name().equals(name)).findFirst();
    }

    /**
     * The size of a folio.
     *
     * @return in KiB, a power of two
     */
    public int kib() {
        return kib;
    }

    /**
     * The size of a folio in pages.
     *
     * @return a power of two
     */
    public int pages() {
        return kib / PAGE_KIB;
    }

    /**
     * Whether one PMD entry can map the folio: then kernels had it long before they had smaller ones (v6.8).
     *
     * @return true of 2 MiB
     */
    public boolean pmd() {
        return kib == PMD_KIB;
    }

    /**
     * Whether the PMD entry is taken apart before anything else happens, as {@code split} of a script does.
     *
     * @return true of {@link #MIB_2_PTE}
     */
    public boolean split() {
        return split;
    }

    /**
     * What people read.
     *
     * @return a few words
     */
    public String words() {
        return words;
    }

    /**
     * The fact of a result's environment that says why a kernel's folios of this kind were not measured, or not in every
     * way; in a result of several kernels the kernel's label follows.
     *
     * @return a dotted name
     */
    public String lacksFact() {
        return "guest.lacks." + name();
    }
}
