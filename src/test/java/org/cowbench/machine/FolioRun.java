package org.cowbench.machine;

import java.util.function.Function;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;

/** Operations on one large folio by processes A, B and C, the bookkeeping proved after each. */
final class FolioRun implements AutoCloseable {
    static final int A = 0;
    static final int B = 1;
    static final int C = 2;
    /** Pages of a folio that is proved after each operation; of one with more, operations after which it is. */
    private static final int SMALL = 16;

    private static final int PROVED_EACH = 64;

    final Machine machine;
    final int size;
    private final PageArena arena;
    private int pins;
    private int done;

    FolioRun(Policy policy, int order, boolean pmd) {
        this(policy.rule(), order, pmd, MachineOptions.LITMUS);
    }

    /** Process A has written 1 to all of one folio. */
    FolioRun(ReusePolicy policy, int order, boolean pmd, MachineOptions options) {
        this(policy, order, pmd, arena -> new Mm(arena, policy, options));
    }

    /** With parts that have faults. */
    FolioRun(ReusePolicy policy, int order, boolean pmd, Function<PageArena, Mm> parts) {
        size = 1 << order;
        // No roomy machine: with a reference a page it would be roomy for a folio a reference.
        arena = PageArena.allocate(new ArenaSpec(
                12 * size + 80, 8 * size, 3, size, 1, size + 1, policy.lruBatch(), Long.BYTES, order, pmd));
        machine = new Machine(parts.apply(arena));
        machine.validate();
        for (int page = 0; page < size; page++) {
            write(A, page, 1);
        }
    }

    /** The proof walks every frame: after each operation on a small folio, after some on a large one and at the end. */
    private int done(int outcome) {
        if (size <= SMALL || ++done % PROVED_EACH == 0) {
            machine.validate();
        }
        if (Outcome.failed(outcome)) {
            throw new AssertionError("not done: " + Integer.toHexString(outcome));
        }
        return outcome;
    }

    /** What became of a write: {@code c}opy, {@code r}euse where it was after a fault, {@code f}ree of faults. */
    String write(int process, int page, long word) {
        int outcome = done(machine.write(process, page, word));
        return (outcome & Outcome.WP_COPY) != 0 ? "c" : outcome == 0 ? "f" : "r";
    }

    String write(int process, int first, int last, long word) {
        StringBuilder all = new StringBuilder();
        for (int page = first; page <= last; page++) {
            all.append(write(process, page, word));
        }
        return all.toString();
    }

    long read(int process, int page) {
        done(machine.read(process, page));
        return machine.task(process).value();
    }

    /** mprotect to read-only and back of page 0. */
    void split(int process) {
        machine.protect(process, 0, false);
        machine.validate();
        machine.protect(process, 0, true);
        machine.validate();
    }

    void fork(int child) {
        done(machine.fork(A, child));
    }

    void exit(int process) {
        machine.exit(process);
        machine.validate();
    }

    void discard(int process, int first, int last) {
        machine.discard(process, first, last);
        machine.validate();
    }

    void discardAll(int process) {
        discard(process, 0, size - 1);
    }

    void pageoutAll(int process) {
        machine.pageout(process, 0, size - 1);
        machine.validate();
    }

    void reclaim(int process) {
        machine.reclaim(process, 0);
        machine.validate();
    }

    void keep(int process, int first, int last) {
        machine.dontFork(process, first, last, true);
        machine.validate();
    }

    int collapse(int process) {
        int outcome = machine.collapse(process, 0);
        machine.validate();
        return outcome;
    }

    /** vmsplice into the one pipe, reference 0. */
    void splice(int process, int page) {
        done(machine.splice(process, page, 0));
    }

    long peek(int process) {
        machine.peek(process, 0);
        machine.validate();
        return machine.task(process).value();
    }

    /** A pin of a range; page i of the range is written by {@link #dma} of i. */
    void pin(int process, int first, int last) {
        for (int page = first; page <= last; page++) {
            done(machine.pin(process, page, 1 + page - first));
        }
        pins = last - first + 1;
    }

    void dma(int process, int pinned, long word) {
        machine.dma(process, 1 + pinned, word);
        machine.validate();
    }

    void unpin() {
        for (int reference = 1; reference <= pins; reference++) {
            machine.release(reference);
            machine.validate();
        }
    }

    /** The frame that maps a page, or nothing. */
    int frame(int process, int page) {
        long entry = arena.tables().entry(process, page);
        return Pte.isPresent(entry) ? Pte.frame(entry) : PageArena.NIL;
    }

    /** Order of the folio that maps a page. */
    int order(int process, int page) {
        int folio = arena.frames().folioOf(frame(process, page));
        return arena.frames().get(folio, FolioRecord.ORDER);
    }

    boolean huge(int process) {
        return Pte.isPresent(arena.tables().pmd(process, 0));
    }

    int present(int process) {
        int present = 0;
        for (int page = 0; page < size; page++) {
            present += frame(process, page) != PageArena.NIL ? 1 : 0;
        }
        return present;
    }

    long counted(Counter counter) {
        return machine.counter(counter);
    }

    @Override
    public void close() {
        try {
            if (size > PROVED_EACH) {
                machine.validate();
            }
        } finally {
            arena.close();
        }
    }
}
