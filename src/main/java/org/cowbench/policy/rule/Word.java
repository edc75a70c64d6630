package org.cowbench.policy.rule;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.cowbench.policy.KernelOps;

/** A name in a rule, and the method that gives its value each time it is evaluated. */
enum Word {
    /** page_count. */
    REF("ref", Kind.COUNT, KernelOps.class, "refcount"),
    /** page_mapcount. */
    MAPCOUNT("mapcount", Kind.COUNT, KernelOps.class, "mapcount"),
    /** PageSwapCache. */
    SWAPCACHE("swapcache", Kind.FLAG, KernelOps.class, "inSwapCache"),
    /** Swap entries that name the page's slot. */
    SWAPCOUNT("swapcount", Kind.COUNT, RulePolicy.class, "swapcount"),
    /** PageWriteback. */
    WRITEBACK("writeback", Kind.FLAG, KernelOps.class, "underWriteback"),
    /** PageLRU. */
    LRU("lru", Kind.FLAG, KernelOps.class, "onLru"),
    /** PageAnonExclusive. */
    EXCLUSIVE("exclusive", Kind.FLAG, KernelOps.class, "exclusive"),
    /** page_maybe_dma_pinned. */
    PINNED("pinned", Kind.FLAG, KernelOps.class, "maybePinned"),
    /** lru_add_drain, then 1. */
    DRAIN("drain", Kind.FUNCTION, RulePolicy.class, "drain"),
    /** try_to_free_swap: whether the page left the swap cache. */
    FREE_SWAP("free_swap", Kind.FUNCTION, KernelOps.class, "tryFreeSwap");

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
    private final Class<?> owner;
    private final String method;

    Word(String text, Kind kind, Class<?> owner, String method) {
        this.text = text;
        this.kind = kind;
        this.owner = owner;
        this.method = method;
    }

    /**
     * Finds a word.
     *
     * @param text as it stands in a rule, without {@code ()}
     * @return the word, null if there is none
     */
    static Word of(String text) {
        return Arrays.stream(values()).filter(word -> word.text.equals(text)).findFirst().orElse(null);
    }

    /** All words, for who wrote another. */
    static String known() {
        return spelled(false, "") + " and the functions " + spelled(true, "()");
    }

    private static String spelled(boolean functions, String end) {
        return Arrays.stream(values()).filter(word -> word.isFunction() == functions).map(word -> word.text + end)
                .sorted().collect(Collectors.joining(", "));
    }

    boolean isFunction() {
        return kind == Kind.FUNCTION;
    }

    /** Type of what the method returns: int or boolean. */
    Class<?> result() {
        return kind == Kind.COUNT ? int.class : boolean.class;
    }

    /** Has the method: static with the kernel as its first parameter, or the kernel's own. The frame is the last. */
    Class<?> owner() {
        return owner;
    }

    String method() {
        return method;
    }
}
