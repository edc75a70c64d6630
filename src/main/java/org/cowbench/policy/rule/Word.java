package org.cowbench.policy.rule;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.cowbench.policy.KernelOps;
import org.jspecify.annotations.Nullable;

/** A name in a rule, and the method that gives its value each time it is evaluated. */
enum Word {
    /** folio_ref_count. */
    REF("ref", Kind.COUNT, Of.FOLIO, KernelOps.class, "folioRefCount"),
    /** page_mapcount. */
    MAPCOUNT("mapcount", Kind.COUNT, Of.PAGE, KernelOps.class, "pageMapcount"),
    /** folio_test_swapcache. */
    SWAPCACHE("swapcache", Kind.FLAG, Of.FOLIO, KernelOps.class, "folioTestSwapcache"),
    /** Swap entries that name the page's slot. */
    SWAPCOUNT("swapcount", Kind.COUNT, Of.PAGE, RulePolicy.class, "swapcount"),
    /** folio_test_writeback. */
    WRITEBACK("writeback", Kind.FLAG, Of.FOLIO, KernelOps.class, "folioTestWriteback"),
    /** folio_test_lru. */
    LRU("lru", Kind.FLAG, Of.FOLIO, KernelOps.class, "folioTestLru"),
    /** PageAnonExclusive. */
    EXCLUSIVE("exclusive", Kind.FLAG, Of.PAGE, KernelOps.class, "pageAnonExclusive"),
    /** The same, shorter. */
    EXCL("excl", Kind.FLAG, Of.PAGE, KernelOps.class, "pageAnonExclusive"),
    /** folio_maybe_dma_pinned. */
    PINNED("pinned", Kind.FLAG, Of.FOLIO, KernelOps.class, "folioMaybeDmaPinned"),
    /** folio_nr_pages. */
    N("n", Kind.COUNT, Of.FOLIO, KernelOps.class, "folioNrPages"),
    /** folio_mapcount: of a folio of one page its map count. */
    LMAP("lmap", Kind.COUNT, Of.FOLIO, KernelOps.class, "folioLargeMapcount"),
    /** folio_maybe_mapped_shared: of a folio of one page whether it is mapped more than once. */
    SHARED("shared", Kind.FLAG, Of.FOLIO, KernelOps.class, "folioMaybeMappedShared"),
    /** What the owner slot of the faulting process counts: of a folio of one page 1, which is the fault's mapping. */
    MINE("mine", Kind.COUNT, Of.FOLIO, KernelOps.class, "folioMmMapcount"),
    /** lru_add_drain, then 1. */
    DRAIN("drain", Kind.FUNCTION, Of.FOLIO, RulePolicy.class, "drain"),
    /** folio_free_swap: whether the folio left the swap cache. */
    FREE_SWAP("free_swap", Kind.FUNCTION, Of.FOLIO, KernelOps.class, "folioFreeSwap");

    /** What a word asks about. */
    enum Of {
        /** The folio of the page that is written. */
        FOLIO,
        /** That page. */
        PAGE
    }

    /** What a word is. */
    enum Kind {
        /** A number. */
        COUNT,
        /** 0 or 1. */
        FLAG,
        /** 0 or 1 after it has changed something; written with {@code ()}. */
        FUNCTION
    }

    private final String text;
    private final Kind kind;
    private final Of of;
    private final Class<?> owner;
    private final String method;

    Word(String text, Kind kind, Of of, Class<?> owner, String method) {
        this.text = text;
        this.kind = kind;
        this.of = of;
        this.owner = owner;
        this.method = method;
    }

    /**
     * Finds a word.
     *
     * @param text as it stands in a rule, without {@code ()}
     * @return the word, null if there is none
     */
    static @Nullable Word of(String text) {
        return Arrays.stream(values())
                .filter(word -> word.text.equals(text))
                .findFirst()
                .orElse(null);
    }

    /** All words, for who wrote another. */
    static String known() {
        return spelled(false, "") + " and the functions " + spelled(true, "()");
    }

    private static String spelled(boolean functions, String end) {
        return Arrays.stream(values())
                .filter(word -> word.isFunction() == functions)
                .map(word -> word.text + end)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Whether it is asked of folios, large ones first of all: a rule that has such a word decides for them. */
    boolean isOfLargeFolios() {
        return this == N || this == LMAP || asksOwners();
    }

    /** Whether the owner slots know it. */
    boolean asksOwners() {
        return this == SHARED || this == MINE;
    }

    boolean isFunction() {
        return kind == Kind.FUNCTION;
    }

    /** Type of what the method returns: int or boolean. */
    Class<?> result() {
        return kind == Kind.COUNT ? int.class : boolean.class;
    }

    Of of() {
        return of;
    }

    /** Has the method: static with the kernel as its first parameter, or the kernel's own. What it is of is the last. */
    Class<?> owner() {
        return owner;
    }

    String method() {
        return method;
    }
}
