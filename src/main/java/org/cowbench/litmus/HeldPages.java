package org.cowbench.litmus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.machine.Machine;
import org.jspecify.annotations.Nullable;

/** The references of a script on a machine, where each is of one page: one of several pages is as many of them. */
final class HeldPages {
    /** As the probe says it. */
    private static final String NO_PAGE = "no such page";

    /** A script's reference: the number of the machine's first, and what it was last taken of. */
    private static final class Held {
        private final int base;
        private int first;
        private int count;

        Held(int base) {
            this.base = base;
        }
    }

    private final Map<String, Held> held = new HashMap<>();
    private final int count;

    HeldPages(Script script) {
        int next = 0;
        List<String> names = script.references();
        for (String name : names) {
            held.put(name, new Held(next));
            next += script.steps().stream()
                    .filter(step -> step.op().takesReference() && step.target().equals(name))
                    .mapToInt(step -> step.last() - step.page() + 1)
                    .max()
                    .orElse(1);
        }
        count = next;
    }

    /** How many the machine must have. */
    int count() {
        return count;
    }

    /** The number of the machine's reference that a step takes of a page, or goes through; -1 when it names none. */
    int number(Step step, int page) {
        Held its = held.get(step.target());
        return its == null
                ? -1
                : step.op().takesReference()
                        ? its.base + page - step.page()
                        : step.part() == Step.FIRST || its.count == 0 ? its.base : its.base + step.part() - its.first;
    }

    /** Why a step names no page of its reference, or null. */
    @Nullable
    String problem(Step step) {
        Held its = held.get(step.target());
        return its == null
                        || step.part() == Step.FIRST
                        || its.count == 0
                        || step.part() >= its.first && step.part() < its.first + its.count
                ? null
                : NO_PAGE;
    }

    /**
     * Takes note of a step that was done. A pin that one page fails is not taken, and gives back the pages before it; and
     * one that goes, which has given up its first, gives up the others.
     */
    void done(Step step, boolean failed, Machine machine) {
        Held its = held.get(step.target());
        if (its == null) {
            return;
        }
        if (step.op().takesReference() && !failed) {
            its.first = step.page();
            its.count = step.last() - step.page() + 1;
        }
        if (step.op().takesReference() && failed || step.op() == Op.UNPIN) {
            int taken = failed ? step.last() - step.page() + 1 : its.count;
            for (int number = its.base; number < its.base + taken; number++) {
                if (machine.arena().references().kind(number) != 0) {
                    machine.release(number);
                }
            }
        }
    }
}
