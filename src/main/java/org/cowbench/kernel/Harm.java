package org.cowbench.kernel;

import java.util.List;
import java.util.OptionalLong;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.litmus.StepResult;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * What a mismatch between a kernel and the model is, worst first: what corrupts or shows memory stands above what only
 * costs.
 *
 * <p>A wrong value is judged by the script alone, not by the policy: by who wrote it and when, against what the
 * {@linkplain Policy#ORACLE oracle} shows, which copies whenever somebody else could see the page.
 */
public enum Harm {
    /** The kernel did not survive the script. */
    CRASH("crash"),
    /** The kernel's log says that something is wrong. */
    LOG("kernel log"),
    /** A page does not carry one value throughout. */
    TORN("torn page"),
    /** A value that nobody wrote, in this script. */
    CORRUPT("corrupt value"),
    /** A process or a reference sees a write that it must not see. */
    LEAK("leak"),
    /** A process sees what was there before a write that it must see. */
    LOST("lost write"),
    /** One CPU sees in a process's memory what was there before another CPU's write: a missing TLB flush. */
    STALE("stale translation"),
    /** A page that nobody has any more is not freed: a reference was leaked. */
    UNFREED("page not freed"),
    /** An access that every kernel must grant was refused, or a step ended in a way that no rule of the language explains. */
    BROKEN("broken step"),
    /** A reference shows another value than in the model: an older one, or one that either may show. */
    REFERENCE("reference"),
    /** A process sees what it should, where the model does not. */
    BETTER("right where the model is wrong"),
    /** A step is refused that is not refused in the model, or otherwise. */
    REFUSAL("refusal"),
    /** A page-table entry is in another state. */
    ENTRY("entry"),
    /** A page was copied instead of reused or the other way round. */
    FRAME("frame"),
    /** A large folio is mapped, split or swapped otherwise. */
    FOLIO("folio"),
    /** Other faults were taken. */
    FAULTS("faults"),
    /** A script asked for counters, and they differ. */
    COUNTS("counters");

    private static final int NOBODY = -2;

    private final String words;

    Harm(String words) {
        this.words = words;
    }

    /**
     * In words.
     *
     * @return a word or two
     */
    public String words() {
        return words;
    }

    /**
     * Whether memory or the kernel is harmed, so that seeing it once is enough; all else is a difference in what the
     * kernel does, and counts when it repeats.
     *
     * @return whether it is harm
     */
    public boolean harms() {
        return compareTo(BROKEN) <= 0;
    }

    /**
     * What it is that a step ended in an error that it does not end in in the model.
     *
     * @param result what the kernel did
     * @param granted whether it is an access that every kernel must grant
     * @return what it is
     */
    static Harm ofError(StepResult result, boolean granted) {
        if (result.error() == null || !result.broken() && !granted) {
            return REFUSAL;
        }
        // As the probe spells it.
        return result.error().startsWith(STALE.words) ? STALE : BROKEN;
    }

    /** Judges the values that a kernel shows in one script. */
    static final class Values {
        private final Script script;
        private final List<StepResult> kernel;
        private final MachineOptions machine;
        private @Nullable List<StepResult> right;

        /**
         * Takes a script and what a kernel made of it.
         *
         * @param script the script
         * @param kernel the kernel's results, one a step
         * @param machine the model's machine that is like the kernel's
         */
        Values(Script script, List<StepResult> kernel, MachineOptions machine) {
            this.script = script;
            this.kernel = kernel;
            this.machine = machine;
        }

        /**
         * Judges a value that is not the model's.
         *
         * @param step the step that saw it
         * @param seen what the kernel shows; empty when the step could not be done
         * @return what it is
         */
        Harm of(int step, OptionalLong seen) {
            if (right == null) {
                right = ModelRun.run(script, Policy.ORACLE.rule(), machine);
            }
            StepResult oracle = right.get(step);
            boolean write = oracle.operation().op() == Op.WRITE;
            OptionalLong due = write ? oracle.old() : oracle.value();
            if (seen.isEmpty() || due.isEmpty()) {
                return REFUSAL;
            }
            if (seen.equals(due)) {
                return oracle.operation().op() == Op.PEEK ? REFERENCE : BETTER;
            }
            int wrote = writer(step, seen.getAsLong());
            if (wrote == NOBODY) {
                return CORRUPT;
            }
            int missing = writer(step, due.getAsLong());
            if (missing >= 0 && kernel.get(missing).error() != null) {
                // The kernel refused that write, which is a mismatch of its own: nothing was lost, and what is seen
                // instead may be what was there before, though another has written the same value since.
                return REFUSAL;
            }
            if (wrote > missing || elsewhere(wrote, oracle.operation())) {
                return LEAK;
            }
            return oracle.operation().op() == Op.PEEK ? REFERENCE : LOST;
        }

        /** The last step before one that wrote a value; -1 for memory as it was at first. */
        private int writer(int before, long value) {
            for (int at = before - 1; at >= 0; at--) {
                Step step = script.steps().get(at);
                if (step.op().writesValue() && step.value() == value) {
                    return at;
                }
            }
            return value == 0 ? -1 : NOBODY;
        }

        /** Whether a value was written to another page than the one it is seen in. */
        private boolean elsewhere(int wrote, Step seen) {
            return wrote >= 0
                    && seen.op().namesPage()
                    && script.steps().get(wrote).op().fillsPage()
                    && !script.steps().get(wrote).meets(seen)
                    && script.steps().get(wrote).value() != 0;
        }
    }
}
