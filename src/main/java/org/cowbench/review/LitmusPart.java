package org.cowbench.review;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.ScriptRun;
import org.cowbench.litmus.Expectations;
import org.cowbench.litmus.StepResult;

/**
 * How the scripts that come with cowbench end on both kernels.
 *
 * @param scripts a script each
 */
public record LitmusPart(List<Outcome> scripts) {

    /** How a script ended. */
    public enum State {
        /** All that must be seen was. */
        PASSED,
        /** Something was not, or the kernel did not survive it. */
        FAILED,
        /** The kernel cannot do a step of it. */
        SKIPPED
    }

    /**
     * A script on one kernel.
     *
     * @param state how it ended
     * @param details why, a line each; the reason of a skip
     */
    public record Ending(State state, List<String> details) {}

    /**
     * A script on both.
     *
     * @param script its file
     * @param base on the base
     * @param head on the head
     */
    public record Outcome(String script, Ending base, Ending head) {

        /**
         * Whether both kernels could do it.
         *
         * @return whether neither skipped it
         */
        public boolean comparable() {
            return base.state() != State.SKIPPED && head.state() != State.SKIPPED;
        }

        /**
         * Whether it ended otherwise.
         *
         * @return whether it did, where both could do it
         */
        public boolean changed() {
            return comparable() && !base.equals(head);
        }

        /**
         * Whether the head fails where the base does not, or in another way.
         *
         * @return whether it does
         */
        public boolean worse() {
            return comparable()
                    && head.state() == State.FAILED
                    && !base.details().containsAll(head.details());
        }
    }

    static LitmusPart of(List<ScriptRun> base, List<ScriptRun> head) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < base.size(); i++) {
            outcomes.add(new Outcome(base.get(i).script().file(), ending(base.get(i)), ending(head.get(i))));
        }
        return new LitmusPart(List.copyOf(outcomes));
    }

    /** By what every correct kernel must show; what a script expects of an era is not a patched kernel's to meet. */
    private static Ending ending(ScriptRun run) {
        List<String> details = new ArrayList<>();
        for (Expectations.Unmet unmet : Expectations.evaluate(run.script(), "", run.results())) {
            if (unmet.policy() == null) {
                details.add("step " + unmet.result().step() + ", "
                        + unmet.result().operation().text() + ": "
                        + (unmet.result().value().isPresent()
                                ? "sees "
                                        + Long.toUnsignedString(
                                                unmet.result().value().getAsLong()) + ", not "
                                        + unmet.expected().substring(1)
                                : unmet.result().error()));
            }
        }
        run.results().stream()
                .filter(StepResult::broken)
                .forEach(step -> details.add("step " + step.step() + ", "
                        + step.operation().text() + ": " + (step.error() == null ? "a torn page" : step.error())));
        run.harm().stream().filter(LogFinding::counts).forEach(finding -> details.add(finding.line()));
        run.end().ifPresent(end -> details.add(end.getMessage()));
        if (!details.isEmpty()) {
            return new Ending(State.FAILED, details);
        }
        OptionalInt skipped = Expectations.skippedFrom(run.results());
        return skipped.isEmpty()
                ? new Ending(State.PASSED, List.of())
                : new Ending(
                        State.SKIPPED,
                        List.of(run.results().get(skipped.getAsInt()).skipReason()));
    }
}
