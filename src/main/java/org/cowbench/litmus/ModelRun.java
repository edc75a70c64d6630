package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
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
        int target = target(step);
        PageArena arena = machine.arena();
        Refusal refusal = arena.tables().alive(process) ? step.op().refusal(arena, target) : Refusal.GONE;
        if (refusal != null) {
            return new StepResult(script.file(), number, step, null, null, null, 0, 0, OptionalLong.empty(),
                    refusal.toString());
        }
        String problem = null;
        long before = arena.tables().pte(process, step.page());
        OptionalLong old = step.op() == Op.WRITE ? OptionalLong.of(machine.content(process, step.page()))
                : OptionalLong.empty();
        int outcome = step.op().perform(machine, process, step.page(), target, step.value());
        OptionalLong seen = step.op().seesValue() ? OptionalLong.of(machine.task(process).value()) : OptionalLong.empty();
        if (Outcome.failed(outcome)) {
            problem = (outcome & Outcome.SEGV) == 0 ? "nomem"
                    : (step.op() == Op.WRITE ? Refusal.SEGV : Refusal.EFAULT).toString();
            seen = old = OptionalLong.empty();
        }
        if (!step.op().namesPage()) {
            return new StepResult(script.file(), number, step, null, null, null, 0, 0, seen, problem);
        }
        long after = arena.tables().pte(process, step.page());
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

    /** The number of the process or the reference that a step names; -1 when it names none. */
    private int target(Step step) {
        return (step.op().namesProcess() ? processes : references).indexOf(step.target());
    }

    private static EntryState state(long pte) {
        return Pte.isPresent(pte) ? EntryState.PRESENT : Pte.isSwap(pte) ? EntryState.SWAPPED : EntryState.NONE;
    }

    @Override
    public void close() {
        machine.arena().close();
    }
}
