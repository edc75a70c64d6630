package org.cowbench.litmus;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The counters of a step, of a script that asks for some.
 *
 * @param values the numbers
 * @param lacking why a kernel has none, by counter; begun as the error of a step that it has no way to do
 */
public record StepCounts(Map<StepCounter, Long> values, Map<StepCounter, String> lacking) {

    /** Copies the maps. */
    public StepCounts {
        values = Map.copyOf(values);
        lacking = Map.copyOf(lacking);
    }

    /**
     * A counter's number.
     *
     * @param counter the counter
     * @return the number, null when the step has none
     */
    public @Nullable Long get(StepCounter counter) {
        return values.get(counter);
    }

    /**
     * Why the kernel has no such number.
     *
     * @param counter the counter
     * @return the probe's words behind the first; empty when it has
     */
    Optional<String> reason(StepCounter counter) {
        return Optional.ofNullable(lacking.get(counter)).map(StepResult::reasonOf);
    }

    /**
     * What the kernel has no number for.
     *
     * @return why, by counter
     */
    public Map<StepCounter, String> reasons() {
        return lacking.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> StepResult.reasonOf(entry.getValue())));
    }

    /** Why no run could meet what is expected of a counter, or null. */
    static @Nullable String problem(
            Script.Expectation expectation, StepCounter counter, Set<StepCounter> asked, Step step) {
        String problem = "#expect " + expectation.step() + " " + expectation.what();
        if (!asked.contains(counter)) {
            return problem + ", and nothing counts that; expected 'count " + counter + "' before the first operation";
        }
        return counter.of(step.op())
                ? null
                : problem + ", and step " + expectation.step() + " is '" + step + "'; expected a read or a write";
    }

    /** Members of a step's line, each begun by a comma. */
    String json() {
        StringBuilder json = new StringBuilder();
        for (StepCounter counter : StepCounter.values()) {
            Long value = values.get(counter);
            String reason = lacking.get(counter);
            if (value != null || reason != null) {
                json.append(",\"")
                        .append(counter)
                        .append("\":")
                        .append(value != null ? value.toString() : StepResult.quote(String.valueOf(reason)));
            }
        }
        return json.toString();
    }
}
