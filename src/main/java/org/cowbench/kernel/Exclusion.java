package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;

/**
 * What conformance leaves out, and why. A rule names an operation and how many of it a script may have, never what came
 * before it nor an outcome: what it leaves out is known before model or kernel has run, and what is left of a script has
 * no part that the rule names, so that a shrinker cannot end where the rules do not let it begin.
 */
public enum Exclusion {
    /**
     * Long-term read-only pins, but for the first of a script where the kernel has its own test's interface, which holds
     * one at a time. Without it only devices take such pins that a guest has not (VFIO, RDMA); io_uring's may write.
     */
    PINRO(Op.PINRO, capabilities -> capabilities.pinro() ? 1 : 0, "a long-term read-only pin needs CONFIG_GUP_TEST (v6.2"
            + " and newer, with debugfs), which gives one a script"),
    /** Pressure on a page, where the probe cannot make any. */
    RECLAIM(Op.RECLAIM, capabilities -> capabilities.reclaim() ? Integer.MAX_VALUE : 0, "pressure on one page needs the"
            + " memory controller of cgroups version 2, which this kernel lacks or has given to version 1"),
    /** Pins, on a kernel without io_uring. */
    PIN(Op.PIN, capabilities -> capabilities.pin() ? Integer.MAX_VALUE : 0, "long-term pins need io_uring,"
            + " which this kernel has not");

    private final Op op;
    private final ToIntFunction<Capabilities> most;
    private final String reason;

    Exclusion(Op op, ToIntFunction<Capabilities> most, String reason) {
        this.op = op;
        this.most = most;
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return a few words
     */
    public String reason() {
        return reason;
    }

    /**
     * Applies all rules. With a step that takes a reference go the steps that use it.
     *
     * @param script a script
     * @param capabilities of the kernel
     * @param counts is told, by rule, how many steps were left out
     * @return the script without them; it may have no step left
     */
    static Script apply(Script script, Capabilities capabilities, Map<Exclusion, Integer> counts) {
        List<Step> steps = script.steps();
        for (Exclusion exclusion : values()) {
            int most = exclusion.most.applyAsInt(capabilities);
            Set<String> dropped = new HashSet<>();
            List<Step> left = new ArrayList<>();
            for (Step step : steps) {
                if (step.op() == exclusion.op && most-- <= 0) {
                    dropped.add(step.target());
                    counts.merge(exclusion, 1, Integer::sum);
                } else if (step.op().usesReference() && dropped.contains(step.target())) {
                    counts.merge(exclusion, 1, Integer::sum);
                } else {
                    if (step.op().takesReference()) {
                        dropped.remove(step.target());
                    }
                    left.add(step);
                }
            }
            steps = left;
        }
        return steps.size() == script.steps().size() ? script : script.with(steps);
    }
}
