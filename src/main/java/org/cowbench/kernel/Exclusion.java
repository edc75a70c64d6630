package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;

/**
 * What conformance leaves out, and why. A rule names operations, never outcomes: what it leaves out is known before
 * model or kernel has run.
 */
public enum Exclusion {
    /**
     * Long-term read-only pins: no interface of an ordinary kernel gives one to user space (io_uring's buffers are
     * writable; CONFIG_GUP_TEST is for the kernel's own tests). The step and all steps that use its pin are left out.
     */
    PINRO("no interface gives user space a long-term read-only pin") {
        @Override
        boolean drops(Step step, Set<String> dropped) {
            boolean takes = step.op() == Op.SPLICE || step.op() == Op.PIN || step.op() == Op.PINRO;
            if (step.op() == Op.PINRO) {
                dropped.add(step.target());
                return true;
            }
            if (takes) {
                return false;
            }
            boolean uses = step.op() == Op.PEEK || step.op() == Op.DMA || step.op() == Op.UNPIN;
            if (uses && dropped.contains(step.target())) {
                if (step.op() == Op.UNPIN) {
                    dropped.remove(step.target());
                }
                return true;
            }
            return false;
        }
    };

    private final String reason;

    Exclusion(String reason) {
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

    /** Whether a step is left out; {@code dropped} carries the rule's memory from step to step. */
    abstract boolean drops(Step step, Set<String> dropped);

    /**
     * Applies all rules.
     *
     * @param script a script
     * @param counts is told, by rule, how many steps were left out
     * @return the script without them; it may have no step left
     */
    static Script apply(Script script, Map<Exclusion, Integer> counts) {
        List<Step> steps = script.steps();
        for (Exclusion rule : values()) {
            Set<String> memory = new HashSet<>();
            List<Step> left = new ArrayList<>();
            for (Step step : steps) {
                if (rule.drops(step, memory)) {
                    counts.merge(rule, 1, Integer::sum);
                } else {
                    left.add(step);
                }
            }
            steps = left;
        }
        return steps.size() == script.steps().size() ? script : script.with(steps);
    }
}
