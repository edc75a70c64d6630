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
 * What conformance leaves out, and why. A rule names operations, never outcomes: what it leaves out is known before
 * model or kernel has run.
 */
public enum Exclusion {
    /**
     * Long-term read-only pins: no interface of an ordinary kernel gives one to user space (io_uring's buffers are
     * writable; CONFIG_GUP_TEST is for the kernel's own tests).
     */
    PINRO("no interface gives user space a long-term read-only pin") {
        @Override
        Predicate<Step> rule() {
            return step -> step.op() == Op.PINRO;
        }
    },
    /**
     * A pin of a page that its process has not written since it was born or discarded: the pin allocates a page of
     * zeroes. From 6.12 on swapping out notices those, writes nothing and frees the page at once, where any other page
     * stays in the swap cache; the model has no such shortcut. (A page written by a script is never all zero: the probe
     * fills the rest of a page with other words.)
     */
    UNWRITTEN_PIN("a pin of a page never written, all zero: 6.12 and later do not write such pages to swap") {
        @Override
        Predicate<Step> rule() {
            Set<String> written = new HashSet<>();
            return step -> {
                String own = step.process() + " ";
                switch (step.op()) {
                    case WRITE -> written.add(own + step.page());
                    case DISCARD -> written.remove(own + step.page());
                    case EXIT -> written.removeIf(each -> each.startsWith(own));
                    case FORK -> written.addAll(written.stream().filter(each -> each.startsWith(own))
                            .map(each -> step.target() + " " + each.substring(own.length())).toList());
                    case PIN -> {
                        return !written.contains(own + step.page());
                    }
                    default -> { }
                }
                return false;
            };
        }
    },
    /** Pressure on a page, on a kernel without memory cgroups of version 2: the probe cannot make any. */
    RECLAIM("pressure on one page needs memory cgroups of version 2, which this kernel has not") {
        @Override
        Predicate<Step> rule() {
            return step -> step.op() == Op.RECLAIM;
        }

        @Override
        boolean appliesTo(Capabilities capabilities) {
            return !capabilities.reclaim();
        }
    },
    /** Pins, on a kernel without io_uring. */
    PIN("long-term pins need io_uring, which this kernel has not") {
        @Override
        Predicate<Step> rule() {
            return step -> step.op() == Op.PIN;
        }

        @Override
        boolean appliesTo(Capabilities capabilities) {
            return !capabilities.pin();
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

    /** A fresh test of whether a step that takes a reference is left out, to be asked about every step in order. */
    abstract Predicate<Step> rule();

    /** Whether the rule holds for kernels with these capabilities. */
    boolean appliesTo(Capabilities capabilities) {
        return true;
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
            if (!exclusion.appliesTo(capabilities)) {
                continue;
            }
            Predicate<Step> rule = exclusion.rule();
            Set<String> dropped = new HashSet<>();
            List<Step> left = new ArrayList<>();
            for (Step step : steps) {
                boolean takes = step.op() == Op.SPLICE || step.op() == Op.PIN || step.op() == Op.PINRO;
                boolean uses = step.op() == Op.PEEK || step.op() == Op.DMA || step.op() == Op.UNPIN;
                if (rule.test(step)) {
                    dropped.add(step.target());
                    counts.merge(exclusion, 1, Integer::sum);
                } else if (uses && dropped.contains(step.target())) {
                    counts.merge(exclusion, 1, Integer::sum);
                } else {
                    if (takes) {
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
