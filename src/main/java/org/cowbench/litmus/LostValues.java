package org.cowbench.litmus;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        Map<String, Integer> pinned = new HashMap<>();
        Set<Integer> lost = new HashSet<>();
        for (StepResult result : results) {
            Step step = result.operation();
            Map<Integer, Long> own = known.computeIfAbsent(step.process(), process -> new HashMap<>());
            if (result.error() != null) {
                continue; // What was not done changed nothing.
            }
            Op op = step.op();
            if (op.fillsPage()) {
                own.put(step.page(), step.value());
            } else if (op.writesValue()) {
                known.values().forEach(pages -> pages.remove(pinned.get(step.target())));
            } else if (op == Op.DISCARD) {
                own.put(step.page(), 0L);
            } else if (op.namesPage() && result.value().isPresent()) {
                long seen = result.value().getAsLong();
                Long before = own.put(step.page(), seen);
                if (before != null && before != seen) {
                    lost.add(result.step());
                }
            } else if (op.namesProcess()) {
                known.put(step.target(), new HashMap<>(own));
            } else if (op.takesReference()) {
                pinned.put(step.target(), step.page());
            }
        }
        return lost;
    }
}
