package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.machine.Outcome;
import org.cowbench.policy.ReusePolicy;

/** Runs a script on a machine of its own under one policy. */
public final class ModelRun implements AutoCloseable {
    private final Script script;
    private final Machine machine;
    private final List<String> processes;
    private final List<String> references;

    /**
     * Sets up a machine just large enough never to run out of anything.
     *
     * @param script the script
     * @param policy the rules
     */
    public ModelRun(Script script, ReusePolicy policy) {
        this.script = script;
        processes = script.processes();
        references = script.references();
        PageArena arena = PageArena.allocate(ArenaSpec.roomy(processes.size(), script.pages(), 1, references.size(),
                policy.lruBatch(), Long.BYTES));
        machine = new Machine(arena, policy, MachineOptions.LITMUS);
    }

    /**
     * Runs a script and collects its results.
     *
     * @param script the script
     * @param policy the rules
     * @return a result a step
     */
    public static List<StepResult> run(Script script, ReusePolicy policy) {
        List<StepResult> results = new ArrayList<>();
        try (ModelRun run = new ModelRun(script, policy)) {
            run.run(results::add);
        }
        return results;
    }

    /**
     * The machine the script runs on.
     *
     * @return the machine
     */
    public Machine machine() {
        return machine;
    }

    /**
     * The number by which the machine knows a process.
     *
     * @param name the name in the script
     * @return the number
     */
    public int process(String name) {
        return processes.indexOf(name);
    }

    /**
     * Runs every step.
     *
     * @param results is told each result before the next step is done
     */
    public void run(Consumer<StepResult> results) {
        for (int step = 0; step < script.steps().size(); step++) {
            results.accept(step(step));
        }
    }

    private StepResult step(int number) {
        Step step = script.steps().get(number);
        int process = process(step.process());
        PageArena arena = machine.arena();
        Refusal refusal = refusal(step, process);
        if (refusal != null) {
            return new StepResult(script.file(), number, step, null, null, null, 0, 0, OptionalLong.empty(),
                    refusal.toString());
        }
        String problem = null;
        long before = arena.pte(process, step.page());
        OptionalLong old = step.op() == Op.WRITE ? OptionalLong.of(machine.content(process, step.page()))
                : OptionalLong.empty();
        int outcome = perform(step, process);
        OptionalLong seen = step.op().seesValue() ? OptionalLong.of(machine.value()) : OptionalLong.empty();
        if (Outcome.failed(outcome)) {
            problem = (outcome & Outcome.SEGV) == 0 ? "nomem"
                    : (step.op() == Op.PIN || step.op() == Op.DIO ? Refusal.EFAULT : Refusal.SEGV).toString();
            seen = old = OptionalLong.empty();
        }
        if (!step.op().namesPage()) {
            return new StepResult(script.file(), number, step, null, null, null, 0, 0, seen, problem);
        }
        long after = arena.pte(process, step.page());
        boolean both = Pte.isPresent(before) && Pte.isPresent(after);
        FrameChange frame = !both ? FrameChange.UNKNOWN
                : Pte.frame(before) == Pte.frame(after) ? FrameChange.SAME : FrameChange.CHANGED;
        boolean major = (outcome & Outcome.MAJOR) != 0;
        boolean minor = !major && (outcome & Outcome.MINOR) != 0;
        return new StepResult(script.file(), number, step, state(before), state(after), frame, minor ? 1 : 0,
                major ? 1 : 0, seen, problem, old, OptionalInt.empty(), swapIn(step, before, outcome));
    }

    private static WriteKind swapIn(Step step, long before, int outcome) {
        return !step.op().fillsPage() || !Pte.isSwap(before) ? null
                : (outcome & Outcome.WP_COPY) != 0 ? WriteKind.SWAP_IN_COPY : WriteKind.SWAP_IN_REUSE;
    }

    /** Why a step cannot be done at all, or null. */
    private Refusal refusal(Step step, int process) {
        PageArena arena = machine.arena();
        if (!arena.alive(process)) {
            return Refusal.GONE;
        }
        switch (step.op()) {
            case FORK -> {
                return arena.alive(process(step.target())) ? Refusal.EXISTS : null;
            }
            case SPLICE, PIN, PINRO -> {
                return kind(step) != 0 ? Refusal.BUSY : null;
            }
            case PEEK -> {
                return kind(step) == 0 ? Refusal.EMPTY : null;
            }
            case UNPIN -> {
                boolean pinned = kind(step) == PageArena.KIND_PIN_RW || kind(step) == PageArena.KIND_PIN_RO;
                return pinned ? null : Refusal.EMPTY;
            }
            case DMA -> {
                return kind(step) == PageArena.KIND_PIN_RW ? null : kind(step) == 0 ? Refusal.EMPTY : Refusal.READONLY;
            }
            default -> {
                return null;
            }
        }
    }

    private int kind(Step step) {
        return machine.arena().referenceKind(references.indexOf(step.target()));
    }

    private int perform(Step step, int process) {
        int page = step.page();
        int reference = references.indexOf(step.target());
        switch (step.op()) {
            case WRITE -> {
                return machine.write(process, page, step.value());
            }
            case DIO -> {
                return machine.directRead(process, page, step.value());
            }
            case READ -> {
                return machine.read(process, page);
            }
            case SPLICE -> {
                return machine.splice(process, page, reference);
            }
            case PIN -> {
                return machine.pin(process, page, reference);
            }
            case PINRO -> {
                return machine.pinReadOnly(process, page, reference);
            }
            case FORK -> {
                return machine.fork(process, process(step.target()));
            }
            case EXIT -> machine.exit(process);
            case PAGEOUT -> machine.pageout(process, page);
            case RECLAIM -> machine.reclaim(process, page);
            case DRAIN -> machine.drain();
            case DISCARD -> machine.discard(process, page);
            case PROTECT -> machine.protect(process, page, step.value() == 1);
            case DMA -> machine.dma(reference, step.value());
            case PEEK -> machine.peek(reference);
            case UNPIN -> machine.release(reference);
            default -> throw new IllegalStateException("operation without an implementation: " + step.op());
        }
        return 0;
    }

    private static EntryState state(long pte) {
        return Pte.isPresent(pte) ? EntryState.PRESENT : Pte.isSwap(pte) ? EntryState.SWAPPED : EntryState.NONE;
    }

    @Override
    public void close() {
        machine.arena().close();
    }
}
