package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.cowbench.litmus.Expectations;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import picocli.CommandLine.Model.CommandSpec;

/** Says on standard error which expectations of scripts were not met. */
final class ExpectationReport {
    private final PrintWriter err;

    ExpectationReport(CommandSpec spec) {
        err = spec.commandLine().getErr();
    }

    /**
     * Holds results against their scripts.
     *
     * @param columns results of each script, in the scripts' order, by policy or kernel; there may be fewer
     * @param policies the policy of each column whose {@code #expect} lines count; that of the column's name by default
     * @return whether any expectation was not met
     */
    boolean tell(List<Script> scripts, Map<String, List<List<StepResult>>> columns, Map<String, String> policies) {
        boolean[] found = new boolean[1];
        columns.forEach((label, results) -> {
            for (int i = 0; i < results.size(); i++) {
                found[0] |= tell(
                        label, scripts.get(i), policies.getOrDefault(label, label), results.get(i), unmet -> false);
            }
        });
        return found[0];
    }

    /**
     * Whether no script could be done to its end, so that what it says was not judged, or not all of it.
     *
     * @param runs results of each script under one policy or on one kernel
     * @return whether there are any, and all were skipped from some step on
     */
    static boolean judgedNone(List<List<StepResult>> runs) {
        return !runs.isEmpty()
                && runs.stream().allMatch(run -> Expectations.skippedFrom(run).isPresent());
    }

    /**
     * Holds one run against its script.
     *
     * @param label the policy or kernel, for messages
     * @param policy the policy whose {@code #expect} lines count
     * @param results the run's results
     * @param known what is told elsewhere and does not count
     * @return whether any other expectation was not met
     */
    boolean tell(
            String label, Script script, String policy, List<StepResult> results, Predicate<Expectations.Unmet> known) {
        boolean found = false;
        for (Expectations.Unmet unmet : Expectations.evaluate(script, policy, results)) {
            if (!known.test(unmet)) {
                err.println("cowbench: " + label + ": " + unmet.text());
                found = true;
            }
        }
        Expectations.skippedFrom(results)
                .ifPresent(step -> err.println("cowbench: " + label + ": SKIP " + script.file() + " from step " + step
                        + " on, not judged: " + results.get(step).skipReason()));
        for (String line : Expectations.uncounted(script, policy, results)) {
            err.println("cowbench: " + label + ": SKIP " + script.file() + ", not judged: " + line);
        }
        err.flush();
        return found;
    }
}
