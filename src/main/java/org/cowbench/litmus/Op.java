package org.cowbench.litmus;

import org.cowbench.arena.PageArena;
import org.cowbench.arena.References;
import org.cowbench.machine.Machine;
import org.cowbench.machine.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the script language, a row each: operands, how often random scripts draw it, what its help says,
 * when it can be done, and what it does. Whoever runs a step, a script's or the checker's, runs it through its row; the
 * probe has the same rows in the same order. Those from {@link #SPLIT} on are of scripts whose area is one large folio.
 */
public enum Op {
    /** {@code P write G V}: store. */
    WRITE(
            "G V",
            3,
            "stores a value in the page",
            (machine, process, page, _, _, value) -> machine.write(process, page, value)),
    /** {@code P read G [-> V]}: load. */
    READ(
            "G",
            3,
            "loads it; '-> V' is what must be seen",
            (machine, process, page, _, _, _) -> machine.read(process, page)),
    /** {@code P pageout G}: MADV_PAGEOUT. */
    PAGEOUT("G", 2, "MADV_PAGEOUT: to the swap cache", range((machine, process, page, last, _) -> {
        machine.pageout(process, page, last);
        if (last - page >= Op.LONG_PAGEOUT || machine.apart(process, page, last)) {
            machine.drain(process);
        }
    })),
    /** {@code P drain}: writeback has ended, this CPU's LRU batches are drained. */
    DRAIN(
            "",
            1,
            "writeback has ended, LRU batches are drained",
            plain((machine, process, _, _, _) -> machine.drain(process))),
    /** {@code P fork Q}. */
    FORK(
            "Q",
            1,
            "a child with a copy of the memory",
            living -> living == 0 ? null : Refusal.EXISTS,
            (machine, process, _, _, child, _) -> machine.fork(process, child)),
    /** {@code P exit}. */
    EXIT("", 1, "the process ends", plain((machine, process, _, _, _) -> machine.exit(process))),
    /** {@code P discard G}: MADV_DONTNEED. */
    DISCARD("G", 1, "MADV_DONTNEED", range((machine, process, page, last, _) -> machine.discard(process, page, last))),
    /** {@code P protect G ro|rw}: mprotect. */
    PROTECT(
            "G ro|rw",
            1,
            "mprotect, ro or rw",
            range((machine, process, page, last, writable) -> machine.protect(process, page, last, writable == 1))),
    /**
     * {@code P reclaim G}: writeback has ended, this CPU's LRU batches are drained, then memory pressure on the page, if
     * there is one in memory.
     */
    RECLAIM(
            "G",
            1,
            "memory pressure: also out of the swap cache",
            plain((machine, process, page, _, _) -> machine.reclaim(process, page))),
    /** {@code P splice G X}: a FOLL_GET read reference into pipe X. */
    SPLICE(
            "G X",
            1,
            "a reference (FOLL_GET) in pipe X",
            References.KIND_GET,
            (machine, process, page, _, pipe, _) -> machine.splice(process, page, pipe)),
    /** {@code P peek X [-> V]}: read through a reference; a pipe's is consumed. */
    PEEK(
            "X",
            1,
            "what the pipe or the pin shows; empties a pipe",
            kind -> kind == 0 ? Refusal.EMPTY : null,
            plain((machine, process, _, reference, _) -> machine.peek(process, reference))),
    /**
     * {@code P dio G V}: a direct (O_DIRECT) read of a block that holds V into the page: GUP for writing, by its fast path
     * where the entry is writable; the device writes; the reference is dropped; this CPU's LRU batches are drained.
     */
    DIO(
            "G V",
            1,
            "a device writes into the page: O_DIRECT read, GUP",
            (machine, process, page, _, _, value) -> machine.directRead(process, page, value)),
    /** {@code P pin G X}: a long-term pin that may write. */
    PIN(
            "G X",
            1,
            "a long-term pin (FOLL_PIN) that may write",
            References.KIND_PIN_RW,
            (machine, process, page, _, pin, _) -> machine.pin(process, page, pin)),
    /** {@code P pinro G X}: a long-term pin that only reads. */
    PINRO(
            "G X",
            1,
            "a long-term pin that only reads",
            References.KIND_PIN_RO,
            (machine, process, page, _, pin, _) -> machine.pinReadOnly(process, page, pin)),
    /** {@code P dma X V}: the device writes through a pin. */
    DMA(
            "X V",
            1,
            "the device writes through the pin",
            kind -> kind == References.KIND_PIN_RW ? null : kind == 0 ? Refusal.EMPTY : Refusal.READONLY,
            plain((machine, process, _, pin, value) -> machine.dma(process, pin, value))),
    /** {@code P unpin X}. */
    UNPIN(
            "X",
            1,
            "the pin goes",
            kind -> isPin(kind) ? null : Refusal.EMPTY,
            plain((machine, _, _, pin, _) -> machine.release(pin))),
    /** {@code P writeout G}: a pageout whose writeback goes on until a later step waits for the device. */
    WRITEOUT(
            "G",
            0,
            "pageout; its writeback is still under way then",
            plain((machine, process, page, _, _) -> machine.writeout(process, page))),
    /** {@code P stall}: the swap device stalls. */
    STALL(
            "",
            0,
            "the swap device writes nothing, whoever waits",
            plain((machine, process, _, _, _) -> machine.stall(process, true))),
    /** {@code P resume}: the swap device goes on; writeback has ended, LRU batches are drained. */
    RESUME(
            "",
            0,
            "it goes on: writeback has ended, batches drained",
            plain((machine, process, _, _, _) -> machine.stall(process, false))),
    /** {@code P split}: mprotect of page 0 to read-only and back, which has a page table take a PMD entry's place. */
    SPLIT("", 1, "mprotect of page 0, ro and rw: page-table entries", plain((machine, process, _, _, _) -> {
        machine.protect(process, 0, false);
        machine.protect(process, 0, true);
    })),
    /** {@code P keep G}: MADV_DONTFORK. */
    KEEP(
            "G",
            1,
            "MADV_DONTFORK: children do not get it",
            range((machine, process, page, last, _) -> machine.dontFork(process, page, last, true))),
    /** {@code P share G}: MADV_DOFORK. */
    SHARE(
            "G",
            1,
            "MADV_DOFORK: children get it again",
            range((machine, process, page, last, _) -> machine.dontFork(process, page, last, false))),
    /** {@code P collapse}: MADV_COLLAPSE of the area. */
    COLLAPSE(
            "",
            1,
            "MADV_COLLAPSE: the area in one new folio",
            (machine, process, _, _, _, _) -> machine.collapse(process, 0)),
    /** {@code P move G}: mremap to the same place of the twin area, where the page keeps its number. */
    MOVE(
            "G",
            1,
            "mremap to elsewhere; the page keeps its number",
            range((machine, process, page, last, _) -> machine.move(process, page, last)));

    /** Why an operation is refused, or null, by its operand: whether a process lives (1), or a reference's kind. */
    private interface Readiness {
        @Nullable
        Refusal refusal(int state);
    }

    /** What an operation does, and its outcome. */
    private interface Action {
        int perform(Machine machine, int process, int page, int last, int target, long value);
    }

    /** What an operation does that is of one page or none and has no outcome. */
    private interface PlainAction {
        void perform(Machine machine, int process, int page, int target, long value);
    }

    /** What one system call does to a range of pages. */
    private interface RangeAction {
        void perform(Machine machine, int process, int page, int last, long value);
    }

    /**
     * A pageout of more pages, or one that takes several system calls, drains afterwards, by definition: which pages wait
     * in a batch is a matter of whether the device ended with them before the last.
     */
    private static final int LONG_PAGEOUT = 64;

    private final String operands;
    private final int weight;
    private final String help;
    private final int takes;
    private final Readiness readiness;
    private final Action action;
    // Asked in every move of the checker.
    private final boolean namesProcess;
    private final boolean usesReference;
    private final boolean takesReference;

    Op(String operands, int weight, String help, Action action) {
        this(operands, weight, help, 0, _ -> null, action);
    }

    Op(String operands, int weight, String help, Readiness readiness, Action action) {
        this(operands, weight, help, 0, readiness, action);
    }

    Op(String operands, int weight, String help, int takes, Action action) {
        this(operands, weight, help, takes, kind -> kind == 0 ? null : Refusal.BUSY, action);
    }

    Op(String operands, int weight, String help, int takes, Readiness readiness, Action action) {
        this.operands = operands;
        this.weight = weight;
        this.help = help;
        this.takes = takes;
        this.readiness = readiness;
        this.action = action;
        namesProcess = operands.equals("Q");
        usesReference = operands.startsWith("X");
        takesReference = operands.equals("G X");
    }

    private static Action plain(PlainAction action) {
        return (machine, process, page, _, target, value) -> {
            action.perform(machine, process, page, target, value);
            return 0;
        };
    }

    private static Action range(RangeAction action) {
        return (machine, process, page, last, _, value) -> {
            action.perform(machine, process, page, last, value);
            return 0;
        };
    }

    private static boolean isPin(int kind) {
        return kind == References.KIND_PIN_RW || kind == References.KIND_PIN_RO;
    }

    /**
     * The word in a script.
     *
     * @return the word, in lower case
     */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The operands after the word: {@code G} page, {@code V} value, {@code Q} process, {@code X} reference,
     * {@code ro|rw}.
     *
     * @return their pattern, separated by blanks
     */
    public String operands() {
        return operands;
    }

    /**
     * How often random scripts draw the operation, as a weight.
     *
     * @return the weight; 0 for never
     */
    int weight() {
        return weight;
    }

    /**
     * What it does, for a help text.
     *
     * @return at most 50 characters
     */
    public String help() {
        return help;
    }

    /**
     * Why the operation cannot be done at all, as far as that depends on the process or the reference it names.
     *
     * @param state whether the process lives, 1 or 0, or the reference's kind, 0 when it is not held
     * @return the reason, or null
     */
    @Nullable
    Refusal refusal(int state) {
        return readiness.refusal(state);
    }

    /**
     * Why a living process cannot do the operation at all.
     *
     * @param arena the machine's state
     * @param target the number of the process or the reference it names, if any
     * @return the reason, or null
     */
    public @Nullable Refusal refusal(PageArena arena, int target) {
        return namesProcess
                ? refusal(arena.tables().alive(target) ? 1 : 0)
                : usesReference || takesReference ? refusal(arena.references().kind(target)) : null;
    }

    /**
     * Does the operation, which must not be {@linkplain #refusal(PageArena, int) refused}.
     *
     * @param machine the machine
     * @param process who does it
     * @param page the page, if it names one
     * @param target the number of the process or the reference it names, if any
     * @param value the value, if it has one; 1 for read-write and 0 for read-only protection
     * @return the {@link Outcome}, 0 when it has none
     */
    public int perform(Machine machine, int process, int page, int target, long value) {
        return action.perform(machine, process, page, page, target, value);
    }

    /**
     * Does an operation on several pages that is {@linkplain #atOnce() one system call}.
     *
     * @param machine the machine
     * @param process who does it
     * @param page the first page
     * @param last the last page
     * @param value 1 for read-write and 0 for read-only protection
     * @return the {@link Outcome}, 0 when it has none
     */
    public int performAtOnce(Machine machine, int process, int page, int last, long value) {
        return action.perform(machine, process, page, last, 0, value);
    }

    /**
     * Whether pages may leave memory by it, or it is about where they go, so that it needs swap.
     *
     * @return whether they may
     */
    public boolean swaps() {
        return this == PAGEOUT || this == RECLAIM || holdsDevice();
    }

    /**
     * Whether the operation is about a swap device that does not write what it was told to, which needs one that could.
     *
     * @return whether it is
     */
    public boolean holdsDevice() {
        return this == WRITEOUT || this == STALL || this == RESUME;
    }

    /**
     * Whether the operation is only of scripts whose area is one large folio.
     *
     * @return whether it is
     */
    public boolean ofFolios() {
        return ordinal() >= SPLIT.ordinal();
    }

    /**
     * Why the operation cannot be in a script at all.
     *
     * @param folio whether the script's area is one large folio
     * @return the end of a sentence that begins with the word, or null
     */
    @Nullable
    String misplaced(boolean folio) {
        if (ofFolios() && !folio) {
            return "is of scripts of one large folio; expected 'folio K' before the first operation, instead of 'pages"
                    + " N'";
        }
        return holdsDevice() && folio ? "is of scripts of base pages; expected 'pages N' instead of 'folio K'" : null;
    }

    /**
     * Whether the operation may name several pages.
     *
     * @return whether it may, in a script whose area is one large folio
     */
    public boolean takesRange() {
        return namesPage() && this != SPLICE && this != DIO && this != WRITEOUT;
    }

    /**
     * Whether the operation does to several pages by one system call what it does; others go page by page.
     *
     * @return whether it does
     */
    boolean atOnce() {
        return switch (this) {
            case PAGEOUT, DISCARD, PROTECT, KEEP, SHARE, MOVE -> true;
            default -> false;
        };
    }

    /**
     * Whether the operation names a page, and so has PTE fields in its result.
     *
     * @return whether it does
     */
    public boolean namesPage() {
        return operands.startsWith("G");
    }

    /**
     * Whether the operation names a process, which it makes.
     *
     * @return whether it does
     */
    public boolean namesProcess() {
        return namesProcess;
    }

    /**
     * Whether the operation fills the page it names, by the process's own store or a device's, and so may copy it first.
     *
     * @return whether it does
     */
    public boolean fillsPage() {
        return operands.equals("G V");
    }

    /**
     * Whether the operation writes a value, into the page it names or through a reference.
     *
     * @return whether it does
     */
    public boolean writesValue() {
        return operands.endsWith("V");
    }

    /**
     * Whether the operation takes a reference to a page, into a pipe or a pin, which outlasts it.
     *
     * @return whether it does
     */
    public boolean takesReference() {
        return takesReference;
    }

    /**
     * The kind of reference the operation takes.
     *
     * @return a {@code KIND_} constant of {@link References}, or 0 when it takes none
     */
    int takes() {
        return takes;
    }

    /**
     * Whether the operation goes through a reference that was taken before.
     *
     * @return whether it does
     */
    public boolean usesReference() {
        return usesReference;
    }

    /**
     * Whether the operation takes a pin, or needs one where a pipe does not do.
     *
     * @return whether it does
     */
    boolean ofPins() {
        return isPin(takes) || usesReference && refusal(References.KIND_GET) != null;
    }

    /**
     * Whether the operation sees a value, and so may carry an expectation.
     *
     * @return whether it does
     */
    public boolean seesValue() {
        return this == READ || this == PEEK;
    }
}
