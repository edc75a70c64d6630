package org.cowbench.check;

import org.cowbench.litmus.Op;
import org.jspecify.annotations.Nullable;

/** The kinds of move the checker makes: the operations of the script language, then those of the adversary. */
public enum Move {
    /** A store of a value nobody holds yet. */
    WRITE(Op.WRITE),
    /** A load. */
    READ(Op.READ),
    /** MADV_PAGEOUT. */
    PAGEOUT(Op.PAGEOUT),
    /** Writeback has ended, this CPU's batches are drained. */
    DRAIN(Op.DRAIN),
    /** fork. */
    FORK(Op.FORK),
    /** exit; one process always stays. */
    EXIT(Op.EXIT),
    /** MADV_DONTNEED. */
    DISCARD(Op.DISCARD),
    /** mprotect to the other protection. */
    PROTECT(Op.PROTECT),
    /** vmsplice into a pipe. */
    SPLICE(Op.SPLICE),
    /** A writable long-term pin. */
    PIN(Op.PIN),
    /** A read-only long-term pin. */
    PINRO(Op.PINRO),
    /** The device writes through a pin. */
    DMA(Op.DMA),
    /** A pipe is read. */
    PEEK(Op.PEEK),
    /** A pin is dropped. */
    UNPIN(Op.UNPIN),
    /** Memory pressure on a page. */
    RECLAIM(Op.RECLAIM),
    /** A page table takes a PMD entry's place. */
    SPLIT(Op.SPLIT),
    /** MADV_DONTFORK. */
    KEEP(Op.KEEP),
    /** MADV_DOFORK. */
    SHARE(Op.SHARE),
    /** MADV_COLLAPSE. */
    COLLAPSE(Op.COLLAPSE),
    /** Somebody else takes or releases a page's lock. */
    LOCK(null),
    /** Somebody else takes or drops a passing reference to a page. */
    GET(null),
    /** The processes move to the other CPU, away from its batches. */
    MIGRATE(null),
    /** The swap device stalls, so that no writeback ends, or goes on. */
    STALL(null),
    /** Others fill swap past half, or leave it. */
    FILL(null);

    private final @Nullable Op op;

    Move(@Nullable Op op) {
        this.op = op;
    }

    /** Whether a scope has it at all: some are the adversary's, some of large folios, some of PMD entries. */
    boolean isOf(Scope scope) {
        return op == null
                ? scope.environment() > 0
                : !op.ofFolios() || (this == SPLIT || this == COLLAPSE ? scope.pmd() : scope.folio() > 0);
    }

    /**
     * The operation of the script language.
     *
     * @return the operation, or null for a move of the adversary
     */
    public @Nullable Op op() {
        return op;
    }

    /**
     * The word for options and reports.
     *
     * @return the word, in lower case
     */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
