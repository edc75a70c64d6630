package org.cowbench.check;

import static org.cowbench.arena.FolioRecord.ALLOCATED;
import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.LOCKED_ELSEWHERE;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.References.KIND_GET;

import java.lang.foreign.MemorySegment;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;
import org.cowbench.litmus.Op;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Counters;
import org.cowbench.machine.Machine;
import org.cowbench.machine.Outcome;

/** One worker's machine with its ghost: makes moves, saves and restores. */
final class World implements AutoCloseable {
    /** What the device holds of a page that is newer in memory: nobody may ever see it. */
    static final int OBSOLETE = Ghost.VALUES - 1;

    /** Result of {@link #move}: the move cannot be made here. */
    static final int DISABLED = -1;
    /** Result of {@link #move}: no frame was free. */
    static final int NO_FRAME = -2;

    final Machine machine;
    final PageArena arena;
    final Ghost ghost;
    final Scope scope;
    final Judge judge;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final References references;
    private final Adversary adversary;
    private boolean needless;
    private boolean held;
    private int lastOutcome;

    World(Machine machine, Scope scope) {
        this.machine = machine;
        this.scope = scope;
        arena = machine.arena();
        frames = arena.frames();
        tables = arena.tables();
        slots = arena.slots();
        references = arena.references();
        ghost = new Ghost(scope.processes(), scope.pages(), scope.references());
        adversary = new Adversary(this);
        judge = new Judge(this);
    }

    // ---- state ----

    void reset() {
        machine.reset();
        ghost.reset();
    }

    void save(MemorySegment to, int[] words) {
        arena.save(to, 0, arena.stateBytes());
        System.arraycopy(ghost.words, 0, words, 0, words.length);
    }

    void restore(MemorySegment from, int[] words) {
        arena.restore(from, 0, arena.stateBytes());
        System.arraycopy(words, 0, ghost.words, 0, words.length);
    }

    /** Which decision the last move took. */
    Cause cause() {
        return Cause.of(lastOutcome);
    }

    /** Whether the last move copied a page that nobody else could see. */
    boolean needless() {
        return needless;
    }

    /** Whether the last move's copy left a page of a folio to nobody, so that its memory is held for nothing. */
    boolean held() {
        return held;
    }

    /** Pages of large folios that are held for nothing. */
    int pagesHeld() {
        return (int) arena.control(Control.PAGES_HELD);
    }

    /** What the last move did, bits of {@link Outcome}. */
    int lastOutcome() {
        return lastOutcome;
    }

    @Override
    public void close() {
        arena.close();
    }

    // ---- making a move ----

    /**
     * Makes a move.
     *
     * @param code the move
     * @return bits of violated properties and {@link Judge#BROKEN}, or {@link #DISABLED} or {@link #NO_FRAME}
     */
    int move(int code) {
        int done = make(code);
        return done < 0 ? done : judge.after(code);
    }

    /**
     * The first half of {@link #move}: makes a move and does not judge it. What it throws is the machine's or the
     * policy's doing.
     *
     * @param code the move
     * @return 0, or {@link #DISABLED} or {@link #NO_FRAME}
     */
    int make(int code) {
        lastOutcome = 0;
        needless = false;
        held = false;
        int done = perform(code);
        if (done < 0) {
            return done;
        }
        forgetObsolete();
        adversary.leaveUnreachable();
        return 0;
    }

    private int perform(int code) {
        Op op = Moves.kind(code).op();
        return op != null ? operate(op, code) : adversary.perform(code);
    }

    private int operate(Op op, int code) {
        int process = actor(op, code);
        int page = Moves.page(code);
        int target = target(op, code);
        if (!tables.alive(process) || target < 0 || op.refusal(arena, target) != null || leftOut(op, target)) {
            return DISABLED;
        }
        int last = op.namesPage() ? Moves.last(code) : page;
        int value = value(op, process, last);
        int heldBefore = pagesHeld();
        Counters counters = machine.task(process).counters();
        long before = counters.get(Counter.NEEDLESS_COPIES);
        lastOutcome = last == page
                ? op.perform(machine, process, page, target, value)
                : op.performAtOnce(machine, process, page, last, value);
        // The adversary copies nothing.
        needless = counters.get(Counter.NEEDLESS_COPIES) != before;
        held = (lastOutcome & Outcome.WP_COPY) != 0 && pagesHeld() > heldBefore;
        if (Outcome.failed(lastOutcome)) {
            // A collapse may have changed something before it failed.
            return op == Op.COLLAPSE ? 0 : failure(lastOutcome, process, page);
        }
        remember(op, process, page, last, target, value);
        return 0;
    }

    /** The process that makes a move; any that lives where it does not matter which. */
    int actor(Op op, int code) {
        return op.usesReference() || op == Op.DRAIN ? anyLiving() : Moves.process(code);
    }

    /** The process or the reference that an operation names, the first that is free if it is a new one; -1 if none is. */
    int target(Op op, int code) {
        return op.namesProcess() ? firstDead() : op.takesReference() ? firstFree() : Moves.reference(code);
    }

    int value(Op op, int process, int page) {
        return op.writesValue() ? unusedValue() : op == Op.PROTECT && tables.readOnly(process, page) ? 1 : 0;
    }

    /** What is no move: a read through a pin, which changes nothing, and the exit of the last process. */
    private boolean leftOut(Op op, int target) {
        return op == Op.PEEK && references.kind(target) != KIND_GET || op == Op.EXIT && living() == 1;
    }

    private int living() {
        int living = 0;
        for (int process = 0; process < scope.processes(); process++) {
            living += tables.alive(process) ? 1 : 0;
        }
        return living;
    }

    /** What the operation just done means for what must be seen. */
    private void remember(Op op, int process, int page, int last, int target, int value) {
        switch (op) {
            case WRITE -> ghost.memory(process, page, value, false);
            case DISCARD -> {
                for (int each = page; each <= last; each++) {
                    ghost.memory(process, each, 0, false);
                    ghost.detach(process, each);
                }
            }
            case FORK -> fork(process, target);
            case EXIT -> {
                for (int reference = 0; reference < scope.references(); reference++) {
                    if (references.kind(reference) != 0 && ghost.owner(reference) == process) {
                        ghost.orphan(reference);
                    }
                }
                ghost.forget(process);
            }
            case SPLICE, PIN, PINRO -> ghost.take(target, process, page, shown(target), op != Op.SPLICE);
            case DMA -> {
                if (ghost.attached(target)) {
                    ghost.memory(ghost.owner(target), ghost.page(target), value, true);
                }
            }
            case PEEK, UNPIN -> ghost.drop(target);
            default -> {}
        }
    }

    /** The child has no memory where its parent has set MADV_DONTFORK. */
    private void fork(int parent, int child) {
        ghost.fork(parent, child);
        for (int page = 0; page < scope.pages(); page++) {
            if ((tables.vmaBits(child, page) & PageTables.VMA_ABSENT) != 0) {
                ghost.memory(child, page, 0, false);
            }
        }
    }

    /** A process that waits has made a move: it may have changed something before it began to wait. */
    private int failure(int outcome, int process, int page) {
        if ((outcome & Outcome.WAIT) == 0) {
            return (outcome & Outcome.NO_MEMORY) != 0 ? NO_FRAME : DISABLED;
        }
        int frame = machine.frameOf(process, page);
        if (frame == NIL || !frames.has(frames.folioOf(frame), LOCKED_ELSEWHERE)) {
            throw new IllegalStateException(
                    "process " + process + " page " + page + ": waits for a lock that nobody holds");
        }
        return 0;
    }

    /** Whether a process maps a frame, or any page of its folio, or may still fault it. */
    boolean reachable(int frame) {
        if (scope.folio() > 0 && frames.large(frame)) {
            return folioReachable(frames.folioOf(frame));
        }
        return frames.get(frame, PageRecord.MAP) > 0
                || frames.has(frame, SWAPCACHE) && slots.count(frames.get(frame, FolioRecord.SLOT)) > 0;
    }

    private boolean folioReachable(int folio) {
        boolean reachable = frames.get(folio, FolioRecord.LMAP) > 0;
        for (int i = 0; i < frames.pages(folio) && frames.has(folio, SWAPCACHE); i++) {
            reachable |= slots.count(frames.get(folio, FolioRecord.SLOT) + i) > 0;
        }
        return reachable;
    }

    // ---- values ----

    /** The smallest value that nobody holds. */
    private int unusedValue() {
        long used = 1;
        for (int cell = 0; cell < scope.processes() * scope.pages(); cell++) {
            used |= 1L << ghost.memory(cell / scope.pages(), cell % scope.pages());
        }
        for (int reference = 0; reference < scope.references(); reference++) {
            used |= 1L << ghost.shown(reference);
        }
        for (int frame = 1; frame < arena.spec().frames(); frame++) {
            if (frames.has(frame, ALLOCATED)) {
                used |= 1L << frames.load(frame);
            }
        }
        for (int slot = 0; slot < arena.spec().slots(); slot++) {
            if (inUse(slot)) {
                used |= 1L << slots.load(slot);
            }
        }
        return Long.numberOfTrailingZeros(~used);
    }

    private boolean inUse(int slot) {
        return slots.count(slot) > 0 || slots.cached(slot) != NIL;
    }

    /** The device's copy of a dirty page must never be seen: replaced by a value that no memory can hold. */
    private void forgetObsolete() {
        for (int slot = 0; slot < arena.spec().slots(); slot++) {
            int frame = slots.cached(slot);
            if (frame != NIL && frames.has(frames.folioOf(frame), DIRTY)) {
                slots.store(slot, OBSOLETE);
            }
        }
    }

    /** What a process would read. */
    int seen(int process, int page) {
        return (int) machine.content(process, page);
    }

    int shown(int reference) {
        return (int) frames.load(references.frame(reference));
    }

    int anyLiving() {
        int process = 0;
        while (!tables.alive(process)) {
            process++;
        }
        return process;
    }

    private int firstDead() {
        for (int process = 0; process < scope.processes(); process++) {
            if (!tables.alive(process)) {
                return process;
            }
        }
        return NIL;
    }

    private int firstFree() {
        for (int reference = 0; reference < scope.references(); reference++) {
            if (references.kind(reference) == 0) {
                return reference;
            }
        }
        return NIL;
    }
}
