package org.cowbench.litmus;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds reads that saw another value than the process itself had on the page before, though neither it nor a device wrote
 * since: whatever became of that value, it is lost. No expectation of the script is needed for that. What a page held
 * before a device could write to it, and what a child had that its parent never looked at, is not known and never lost.
 */
public final class LostValues {

    private LostValues() {}

    /**
     * Follows a run.
     *
     * @param results a result a step
     * @return the numbers of the reads that saw another value
     */
    public static Set<Integer> of(List<StepResult> results) {
        Map<String, Map<Integer, Long>> known = new HashMap<>();
        Map<String, Step> pinned = new HashMap<>();
        Set<Integer> lost = new HashSet<>();
        for (StepResult result : results) {
            Step step = result.operation();
            Map<Integer, Long> own = known.computeIfAbsent(step.process(), process -> new HashMap<>());
            if (result.error() != null) {
                continue; // What was not done changed nothing.
            }
            Op op = step.op();
            if (op.fillsPage()) {
                fill(own, step, step.value());
            } else if (op.writesValue()) {
                Step pin = pinned.get(step.target());
                int page =
                        step.part() == Step.FIRST ? Objects.requireNonNull(pin).page() : step.part();
                known.values().forEach(pages -> pages.remove(page));
            } else if (op == Op.DISCARD) {
                fill(own, step, 0);
            } else if (op.namesPage() && result.value().isPresent()) {
                if (fill(own, step, result.value().getAsLong())) {
                    lost.add(result.step());
                }
            } else if (op.namesProcess()) {
                known.put(step.target(), new HashMap<>(own));
            } else if (op.takesReference()) {
                pinned.put(step.target(), step);
            }
        }
        return lost;
    }

    /** Takes note of what a step's pages hold; whether one held another value. */
    private static boolean fill(Map<Integer, Long> own, Step step, long value) {
        boolean other = false;
        for (int page = step.page(); page <= step.last(); page++) {
            Long before = own.put(page, value);
            other |= before != null && before != value;
        }
        return other;
    }
}
