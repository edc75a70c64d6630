package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Holds a run against what its script says: values that every correct kernel must show ({@code ->} and final
 * conditions), and what a policy does at a step ({@code #expect}).
 *
 * <p>Nothing is judged that was not done: steps after the end of a run that ended early, and from a step on that the
 * kernel could not do ({@code unavailable}), as what follows is not the script's story any more. Nor is what a kernel does
 * not show: whether a write to a swapped page copied, and what it cannot count ({@link #uncounted}).
 */
public final class Expectations {
    /** Stands for every policy. */
    static final String ALL = "all";

    private Expectations() {}

    /**
     * An expectation that was not met.
     *
     * @param file the script
     * @param line the line the expectation stands on, from 1; 0 for a script that was not read from a file
     * @param result the step
     * @param expected what was expected: {@code =VALUE}, or a word of {@code #expect}
     * @param policy the policy of which it was expected, null for all correct kernels
     */
    public record Unmet(
            String file,
            int line,
            StepResult result,
            String expected,
            @Nullable String policy) {

        /**
         * One line for people.
         *
         * @return file and line, the step, what it did and what was expected
         */
        public String text() {
            return ScriptException.visible(file) + (line > 0 ? ":" + line : "") + ": step " + result.step() + ", '"
                    + result.operation().text()
                    + "': " + did(result, expected) + "; expected " + expected
                    + (policy == null ? "" : ", as #expect says of " + policy);
        }
    }

    /**
     * Holds results against a script.
     *
     * @param script the script
     * @param policy the id of the policy they come from, or that the kernel has
     * @param results a result a step; fewer when the run ended early
     * @return what was not met, in the order of the steps
     */
    public static List<Unmet> evaluate(Script script, String policy, List<StepResult> results) {
        int judged = skippedFrom(results).orElse(results.size());
        List<Unmet> unmet = new ArrayList<>();
        for (StepResult result : results.subList(0, judged)) {
            Step step = result.operation();
            if (result.violated()) {
                unmet.add(new Unmet(
                        script.file(),
                        step.line(),
                        result,
                        "=" + Long.toUnsignedString(step.expected().getAsLong()),
                        null));
            }
            for (Script.Expectation expectation : script.expectations()) {
                if (expectation.step() == result.step() && !met(expectation, policy, result)) {
                    unmet.add(new Unmet(script.file(), expectation.line(), result, expectation.what(), policy));
                }
            }
        }
        return unmet;
    }

    /**
     * From where on a run is not judged, as the kernel lacks what a step needs.
     *
     * @param results the results
     * @return the first such step; empty when all are judged
     */
    public static OptionalInt skippedFrom(List<StepResult> results) {
        return results.stream()
                .filter(StepResult::skipped)
                .mapToInt(StepResult::step)
                .findFirst();
    }

    /**
     * What a kernel does not count of what is expected of it: neither met nor unmet.
     *
     * @param script the script
     * @param policy the id of the policy that the kernel has
     * @param results a result a step; fewer when the run ended early
     * @return a line each, which says why
     */
    public static List<String> uncounted(Script script, String policy, List<StepResult> results) {
        int judged = skippedFrom(results).orElse(results.size());
        List<String> lines = new ArrayList<>();
        for (Script.Expectation expectation : script.expectations()) {
            StepCounter counter = expectation.counter();
            if (counter == null || expectation.step() >= judged || !isOf(expectation, policy)) {
                continue;
            }
            StepCounts counts = results.get(expectation.step()).counts();
            if (counts != null) {
                counts.reason(counter)
                        .ifPresent(why -> lines.add("step " + expectation.step() + ", " + counter + ": " + why));
            }
        }
        return lines;
    }

    private static boolean isOf(Script.Expectation expectation, String policy) {
        return expectation.policies().contains(policy) || expectation.policies().contains(ALL);
    }

    private static boolean met(Script.Expectation expectation, String policy, StepResult result) {
        if (!isOf(expectation, policy)) {
            return true;
        }
        WriteKind kind = expectation.kind();
        StepCounter counter = expectation.counter();
        if (counter != null) {
            StepCounts counts = result.counts();
            return counts != null
                    && (counts.reason(counter).isPresent()
                            || Objects.equals(
                                    counts.get(counter), expectation.value().orElseThrow()));
        }
        return kind == null
                ? result.error() == null && result.value().equals(expectation.value())
                : result.writeKind().filter(did -> did.meets(kind)).isPresent();
    }

    private static String did(StepResult result, String expected) {
        StepCounter counter = StepCounter.of(expected.substring(0, Math.max(0, expected.indexOf('='))))
                .orElse(null);
        return result.error() != null
                ? result.error()
                : counter != null && result.counts() != null
                        ? counter + "=" + result.counts().get(counter)
                        : result.value().isPresent()
                                ? "=" + Long.toUnsignedString(result.value().getAsLong())
                                : result.writeKind().map(WriteKind::toString).orElse("");
    }
}
