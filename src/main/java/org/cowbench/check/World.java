package org.cowbench.check;

import static org.cowbench.arena.FolioRecord.ALLOCATED;
import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.LOCKED_ELSEWHERE;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.References.KIND_GET;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Step;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.machine.Outcome;
import org.cowbench.policy.Property;

/** One worker's machine with its ghost: makes moves, judges what is seen, saves and restores. */
final class World {
    /** What the device holds of a page that is newer in memory: nobody may ever see it. */
    static final int OBSOLETE = Ghost.VALUES - 1;

    /** Result of {@link #move}: the move cannot be made here. */
    static final int DISABLED = -1;
    /** Result of {@link #move}: no frame was free. */
    static final int NO_FRAME = -2;
    /** Bit of a result of {@link #move}: no ghost can say any more what must be seen, so that the path ends here. */
    static final int BROKEN = 1 << Property.values().length;

    final Machine machine;
    final PageArena arena;
    final Ghost ghost;
    final Scope scope;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final References references;
    private final int firstEnvironmentReference;
    private boolean needless;
    private int lastOutcome;
    private final int[][] witnesses = new int[Property.values().length][4];

    World(Machine machine, Scope scope) {
        this.machine = machine;
        this.scope = scope;
        arena = machine.arena();
        frames = arena.frames();
        tables = arena.tables();
        slots = arena.slots();
        references = arena.references();
        ghost = new Ghost(scope);
        firstEnvironmentReference = scope.references();
    }

    // ---- moves as numbers ----

    private static int code(Move move, int process, int page, int reference) {
        return move.ordinal() << 6 | process << 4 | page << 2 | reference;
    }

    static Move kind(int code) {
        return KINDS[code >> 6];
    }

    private static final Move[] KINDS = Move.values();

    private static int process(int code) {
        return code >> 4 & 3;
    }

    private static int page(int code) {
        return code >> 2 & 3;
    }

    private static int reference(int code) {
        return code & 3;
    }

    /** Every move of a scope in their fixed order, the adversary's last. */
    static int[] enumerate(Scope scope) {
        return Arrays.stream(KINDS).filter(scope.moves()::contains)
                .filter(move -> move.op() != null || scope.environment() > 0)
                .flatMapToInt(move -> Arrays.stream(instances(move, scope))).toArray();
    }

    private static int[] instances(Move move, Scope scope) {
        return switch (move) {
            case DRAIN, MIGRATE, STALL, FILL -> new int[] {code(move, 0, 0, 0)};
            case FORK, EXIT -> java.util.stream.IntStream.range(0, scope.processes())
                    .map(process -> code(move, process, 0, 0)).toArray();
            case DMA, PEEK, UNPIN -> java.util.stream.IntStream.range(0, scope.references())
                    .map(reference -> code(move, 0, 0, reference)).toArray();
            default -> java.util.stream.IntStream.range(0, scope.processes() * scope.pages())
                    .map(cell -> code(move, cell / scope.pages(), cell % scope.pages(), 0)).toArray();
        };
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

    /** Whether the violation of a property that was found last shows through a pin. */
    boolean shownByPin(Property property) {
        int reference = witnesses[property.ordinal()][2];
        return property != Property.BOOKKEEPING && reference != NIL && references.kind(reference) != KIND_GET;
    }

    /** Whether the last move copied a page that nobody else could see. */
    boolean needless() {
        return needless;
    }

    // ---- making a move ----

    /**
     * Makes a move.
     *
     * @param code the move
     * @return bits of violated properties and {@link #BROKEN}, or {@link #DISABLED} or {@link #NO_FRAME}
     */
    int move(int code) {
        int done = make(code);
        return done < 0 ? done : judge(code);
    }

    /**
     * The first half of {@link #move}: makes a move and does not judge it. What it throws is the machine's or the
     * policy's doing.
     *
     * @param code the move
     * @return 0, or {@link #DISABLED} or {@link #NO_FRAME}
     */
    int make(int code) {
        long before = machine.counter(Counter.NEEDLESS_COPIES);
        lastOutcome = 0;
        int done = perform(code);
        needless = machine.counter(Counter.NEEDLESS_COPIES) != before;
        if (done < 0) {
            return done;
        }
        forgetObsolete();
        leaveUnreachable();
        return 0;
    }

    private int perform(int code) {
        Move move = kind(code);
        if (move.op() != null) {
            return operate(move.op(), code);
        }
        return switch (move) {
            case LOCK -> lock(machine.frameOf(process(code), page(code)));
            case GET -> get(machine.frameOf(process(code), page(code)));
            case MIGRATE -> migrate();
            case STALL -> stall();
            default -> fill();
        };
    }

    private int operate(Op op, int code) {
        int process = actor(op, code);
        int page = page(code);
        int target = target(op, code);
        if (!tables.alive(process) || target < 0 || op.refusal(arena, target) != null || leftOut(op, target)) {
            return DISABLED;
        }
        int value = value(op, process, page);
        lastOutcome = op.perform(machine, process, page, target, value);
        if (Outcome.failed(lastOutcome)) {
            return failure(lastOutcome, process, page);
        }
        remember(op, process, page, target, value);
        return 0;
    }

    /** Who makes a move: anybody who lives, where it does not matter. */
    private int actor(Op op, int code) {
        return op.usesReference() || op == Op.DRAIN ? anyLiving() : process(code);
    }

    /** The process or the reference that an operation names, the first that is free if it is a new one; -1 if none is. */
    private int target(Op op, int code) {
        return op.namesProcess() ? firstDead() : op.takesReference() ? firstFree() : reference(code);
    }

    private int value(Op op, int process, int page) {
        return op.writesValue() ? unusedValue() : op == Op.PROTECT && tables.readOnly(process, page) ? 1 : 0;
    }

    /** What would change nothing, a look through a pin, and what would leave nobody: one process always stays. */
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
    private void remember(Op op, int process, int page, int target, int value) {
        switch (op) {
            case WRITE -> ghost.memory(process, page, value, false);
            case DISCARD -> {
                ghost.memory(process, page, 0, false);
                detach(process, page);
            }
            case FORK -> ghost.fork(process, target);
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
            default -> { }
        }
    }

    /** A process that waits has made a move: it may have changed something before it began to wait. */
    private int failure(int outcome, int process, int page) {
        if ((outcome & Outcome.WAIT) == 0) {
            return (outcome & Outcome.NO_MEMORY) != 0 ? NO_FRAME : DISABLED;
        }
        int frame = machine.frameOf(process, page);
        if (frame == NIL || !frames.has(frame, LOCKED_ELSEWHERE)) {
            throw new IllegalStateException("process " + process + " page " + page
                    + ": waits for a lock that nobody holds");
        }
        return 0;
    }

    private void detach(int process, int page) {
        for (int reference = 0; reference < scope.references(); reference++) {
            if (isOf(reference, process, page)) {
                ghost.detach(reference);
            }
        }
    }

    // ---- the adversary ----

    private int inForce() {
        int count = 0;
        for (int reference = firstEnvironmentReference; reference < scope.machineReferences(); reference++) {
            count += references.kind(reference) != 0 ? 1 : 0;
        }
        for (int frame = 1; frame < arena.spec().frames(); frame++) {
            count += frames.has(frame, LOCKED_ELSEWHERE) ? 1 : 0;
        }
        return count + (tables.cpu(0) != 0 ? 1 : 0)
                + (arena.control(Control.DEVICE_STALLED) != 0 ? 1 : 0)
                + (arena.control(Control.SWAP_PRESSURE) != 0 ? 1 : 0);
    }

    private boolean mayInterfere() {
        return inForce() < scope.environment();
    }

    private int lock(int frame) {
        if (frame == NIL || frame == ZERO_FRAME || !frames.has(frame, LOCKED_ELSEWHERE) && !mayInterfere()) {
            return DISABLED;
        }
        machine.environmentLock(frame, !frames.has(frame, LOCKED_ELSEWHERE));
        return 0;
    }

    private int get(int frame) {
        if (frame == NIL || frame == ZERO_FRAME) {
            return DISABLED;
        }
        for (int reference = firstEnvironmentReference; reference < scope.machineReferences(); reference++) {
            if (references.kind(reference) != 0 && references.frame(reference) == frame) {
                machine.release(reference);
                return 0;
            }
        }
        if (!mayInterfere()) {
            return DISABLED;
        }
        int reference = firstEnvironmentReference;
        while (references.kind(reference) != 0) {
            reference++;
        }
        machine.environmentGet(frame, reference);
        return 0;
    }

    private int migrate() {
        boolean away = tables.cpu(0) != 0;
        if (!away && !mayInterfere()) {
            return DISABLED;
        }
        for (int process = 0; process < scope.processes(); process++) {
            machine.task(process).runOn(away ? 0 : 1);
        }
        return 0;
    }

    private int stall() {
        boolean stalled = arena.control(Control.DEVICE_STALLED) != 0;
        if (!stalled && !mayInterfere()) {
            return DISABLED;
        }
        machine.environmentStall(!stalled);
        return 0;
    }

    private int fill() {
        boolean full = arena.control(Control.SWAP_PRESSURE) != 0;
        if (!full && !mayInterfere()) {
            return DISABLED;
        }
        machine.environmentFillSwap(!full);
        return 0;
    }

    /** The adversary lets go of a page that nobody can reach any more, as no move names it. */
    private void leaveUnreachable() {
        for (int reference = firstEnvironmentReference; reference < scope.machineReferences(); reference++) {
            if (references.kind(reference) != 0 && !reachable(references.frame(reference))) {
                machine.release(reference);
            }
        }
        for (int frame = 1; frame < arena.spec().frames(); frame++) {
            if (frames.has(frame, LOCKED_ELSEWHERE) && !reachable(frame)) {
                machine.environmentLock(frame, false);
            }
        }
    }

    /** Whether a process maps a frame, or may still fault it. */
    boolean reachable(int frame) {
        return frames.get(frame, PageRecord.MAP) > 0 || frames.has(frame, SWAPCACHE)
                && slots.count(frames.get(frame, FolioRecord.SLOT)) > 0;
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
            if (frame != NIL && frames.has(frame, DIRTY)) {
                slots.store(slot, OBSOLETE);
            }
        }
    }

    /**
     * Once a page or an entry of it is dirty, or the device has it, what a device wrote is memory like any other: if it
     * is lost then, it is not for want of a mark that the pin should have made.
     */
    private void forgetRecorded() {
        for (int process = 0; process < scope.processes(); process++) {
            for (int page = 0; page < scope.pages(); page++) {
                if (ghost.byDevice(process, page) && recorded(machine.frameOf(process, page), page)) {
                    ghost.memory(process, page, ghost.memory(process, page), false);
                }
            }
        }
    }

    private boolean recorded(int frame, int page) {
        boolean dirty = frame == NIL || !frames.has(frame, SWAPCACHE) || frames.has(frame, DIRTY);
        for (int process = 0; process < scope.processes(); process++) {
            long pte = tables.pte(process, page);
            dirty |= Pte.isPresent(pte) && Pte.frame(pte) == frame && (pte & Pte.DIRTY) != 0;
        }
        return dirty;
    }

    /** What a process would read. */
    private int seen(int process, int page) {
        return (int) machine.content(process, page);
    }

    private int shown(int reference) {
        return (int) frames.load(references.frame(reference));
    }

    // ---- judging ----

    /**
     * The second half of {@link #move}: compares what would be seen with the ghost; what can be repaired there is, so
     * that it is reported once.
     *
     * @param code the move just made
     * @return bits of violated properties and {@link #BROKEN}
     */
    int judge(int code) {
        int violated = 0;
        for (int process = 0; process < scope.processes(); process++) {
            for (int page = 0; page < scope.pages() && tables.alive(process); page++) {
                int seen = seen(process, page);
                if (seen != ghost.memory(process, page)) {
                    violated |= wrongMemory(code, process, page, seen);
                }
            }
        }
        for (int reference = 0; reference < scope.references(); reference++) {
            if (references.kind(reference) != 0) {
                violated |= judgeReference(code, reference, shown(reference));
            }
        }
        forgetRecorded();
        return violated;
    }

    /**
     * A process sees wrong memory. Pin-coherence is violated where a device's write does not reach its own process,
     * reaches another, or is lost; everything else violates isolation. Where a device's write is missing, the process
     * goes on with the value that it sees, and so does the path. Otherwise nothing says what must be seen from here on:
     * the path ends.
     */
    private int wrongMemory(int code, int process, int page, int seen) {
        boolean missing = kind(code) == Move.DMA ? isOf(reference(code), process, page)
                : kind(code) != Move.WRITE && ghost.byDevice(process, page);
        Property property = missing || kind(code) == Move.DMA ? Property.PIN_COHERENCE : Property.ISOLATION;
        int bits = violated(property, process, page, NIL, ghost.memory(process, page));
        if (!missing) {
            return bits | BROKEN;
        }
        ghost.memory(process, page, seen, false);
        detach(process, page);
        return bits;
    }

    /** Whether a reference is a pin of a process's page as it is now. */
    private boolean isOf(int reference, int process, int page) {
        return ghost.attached(reference) && ghost.owner(reference) == process && ghost.page(reference) == page;
    }

    private int judgeReference(int code, int reference, int shown) {
        int violated = 0;
        int owner = ghost.owner(reference);
        if (shown != ghost.shown(reference)) {
            if (!ghost.tainted(reference) && !mayShow(code, reference)) {
                violated = violated(Property.SECRECY, NIL, 0, reference, ghost.shown(reference));
                ghost.taint(reference);
            }
            ghost.shown(reference, shown);
        }
        if (ghost.attached(reference)) {
            int page = ghost.page(reference);
            int expected = ghost.memory(owner, page);
            // Where memory itself is wrong, it is not the pin that parted from it.
            if (shown != expected && seen(owner, page) == expected) {
                violated |= violated(Property.PIN_COHERENCE, NIL, 0, reference, expected);
                ghost.detach(reference);
            }
        }
        return violated;
    }

    /** Whether the move just made may have changed what a reference shows: its owner's writes, and its own device's. */
    private boolean mayShow(int code, int reference) {
        int owner = ghost.owner(reference);
        return switch (kind(code)) {
            case WRITE -> process(code) == owner;
            case DMA -> reference(code) == reference || ghost.owner(reference(code)) == owner;
            default -> false;
        };
    }

    static int bit(Property property) {
        return 1 << property.ordinal();
    }

    private int violated(Property property, int process, int page, int reference, int expected) {
        int[] witness = witnesses[property.ordinal()];
        witness[0] = process;
        witness[1] = page;
        witness[2] = reference;
        witness[3] = expected;
        return bit(property);
    }

    /** The step that shows the violation of a property that was found last. */
    Step witness(Property property) {
        int[] witness = witnesses[property.ordinal()];
        OptionalLong expected = OptionalLong.of(witness[3]);
        return witness[2] == NIL ? new Step(0, name(witness[0]), Op.READ, witness[1], "", 0, expected)
                : new Step(0, name(anyLiving()), Op.PEEK, 0, referenceName(witness[2]), 0, expected);
    }

    /** What looking at the witness of a property shows, and what it must show. */
    StepOutcome witnessed(Property property) {
        int[] witness = witnesses[property.ordinal()];
        int sees = witness[2] == NIL ? seen(witness[0], witness[1]) : shown(witness[2]);
        return new StepOutcome.Look(sees == OBSOLETE ? OptionalInt.empty() : OptionalInt.of(sees), witness[3]);
    }

    // ---- moves as steps ----

    /** Makes a move and tells what it did. */
    StepOutcome narrate(int code) {
        Move move = kind(code);
        int process = process(code);
        int page = page(code);
        boolean present = Pte.isPresent(tables.pte(process, page));
        move(code);
        return switch (move) {
            case WRITE -> new StepOutcome.Access(lastOutcome, false, OptionalInt.empty());
            case READ -> new StepOutcome.Access(lastOutcome, false, OptionalInt.of(seen(process, page)));
            case SPLICE, PIN, PINRO -> new StepOutcome.Access(lastOutcome, true, OptionalInt.empty());
            case PAGEOUT, RECLAIM -> !present && move == Move.PAGEOUT ? StepOutcome.Reclaimed.NO_PAGE
                    : whereabouts(process, page);
            default -> StepOutcome.Plain.NOTHING;
        };
    }

    private StepOutcome whereabouts(int process, int page) {
        long pte = tables.pte(process, page);
        return Pte.isPresent(pte) ? StepOutcome.Reclaimed.MAPPED
                : !Pte.isSwap(pte) ? StepOutcome.Reclaimed.NO_PAGE
                : machine.frameOf(process, page) != NIL ? StepOutcome.Reclaimed.SWAP_CACHE
                : StepOutcome.Reclaimed.DEVICE;
    }

    static String name(int process) {
        return String.valueOf((char) ('A' + process));
    }

    private static String referenceName(int reference) {
        return String.valueOf((char) ('X' + reference));
    }

    private int anyLiving() {
        int process = 0;
        while (!tables.alive(process)) {
            process++;
        }
        return process;
    }

    /** The step of a script that a move is in the present state, before it is made; null for the adversary's. */
    Step step(int code) {
        Op op = kind(code).op();
        if (op == null) {
            return null;
        }
        int process = actor(op, code);
        int target = target(op, code);
        String named = op.namesProcess() ? name(target)
                : op.takesReference() || op.usesReference() ? referenceName(target) : "";
        return new Step(0, name(process), op, page(code), named, value(op, process, page(code)), OptionalLong.empty());
    }

    /** What a move of the adversary does in the present state. */
    String environmentText(int code) {
        int frame = machine.frameOf(process(code), page(code));
        String page = name(process(code)) + "'s page " + page(code);
        return switch (kind(code)) {
            case LOCK -> frames.has(frame, LOCKED_ELSEWHERE) ? "the lock of " + page + " is released"
                    : "somebody else takes the lock of " + page;
            case GET -> "somebody else takes or drops a passing reference to " + page;
            case MIGRATE -> "the processes migrate to the other CPU";
            case STALL -> arena.control(Control.DEVICE_STALLED) != 0 ? "the swap device goes on"
                    : "the swap device stalls";
            default -> arena.control(Control.SWAP_PRESSURE) != 0 ? "others leave swap"
                    : "others fill swap past half";
        };
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
