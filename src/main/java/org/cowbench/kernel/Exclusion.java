package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;

/**
 * What conformance leaves out, and why. A rule names an operation, never what came before it nor an outcome: what it
 * leaves out is known before model or kernel has run, and what is left of a script has no part that the rule names, so
 * that a shrinker cannot end where the rules do not let it begin.
 */
public enum Exclusion {
    /**
     * Long-term read-only pins: no interface of an ordinary kernel gives one to user space (io_uring's buffers are
     * writable; CONFIG_GUP_TEST is for the kernel's own tests).
     */
    PINRO(Op.PINRO, capabilities -> true, "no interface gives user space a long-term read-only pin"),
    /** Pressure on a page, where the probe cannot make any. */
    RECLAIM(Op.RECLAIM, capabilities -> !capabilities.reclaim(), "pressure on one page needs the memory controller of"
            + " cgroups version 2, which this kernel lacks or has given to version 1"),
    /** Pins, on a kernel without io_uring. */
    PIN(Op.PIN, capabilities -> !capabilities.pin(), "long-term pins need io_uring, which this kernel has not");

    private final Op op;
    private final Predicate<Capabilities> applies;
    private final String reason;

    Exclusion(Op op, Predicate<Capabilities> applies, String reason) {
        this.op = op;
        this.applies = applies;
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
            if (!exclusion.applies.test(capabilities)) {
                continue;
            }
            Set<String> dropped = new HashSet<>();
            List<Step> left = new ArrayList<>();
            for (Step step : steps) {
                if (step.op() == exclusion.op) {
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
