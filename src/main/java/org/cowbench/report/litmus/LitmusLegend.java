package org.cowbench.report.litmus;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.cowbench.litmus.LostValues;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.WriteKind;

/** What the words and marks of {@link LitmusTable} and {@link LitmusSummary} mean, as far as they occur. */
public final class LitmusLegend {
    private LitmusLegend() {}

    /**
     * Draws the legend.
     *
     * @param runs the results of each run that a table shows
     * @param summary whether the table is a {@link LitmusSummary}, which has fewer words
     * @return a line a word, each ended
     */
    public static String draw(List<List<StepResult>> runs, boolean summary) {
        StringBuilder text = new StringBuilder();
        for (WriteKind kind : WriteKind.values()) {
            if (!(summary && kind == WriteKind.NEW)) {
                line(
                        text,
                        runs,
                        result -> result.writeKind().filter(kind::equals).isPresent(),
                        kind + ": " + meaning(kind));
            }
        }
        if (!summary) {
            line(text, runs, result -> result.major() > 0, "major: the fault read the swap device");
        }
        line(text, runs, StepResult::violated, "! another value than the script says must be seen");
        if (runs.stream().anyMatch(run -> !lost(run).isEmpty())) {
            text.append("lost: the process had another value there, and neither it nor a device wrote since\n");
        }
        line(text, runs, StepResult::broken, "!! a torn page, or an error that no rule explains");
        runs.stream()
                .flatMap(List::stream)
                .filter(StepResult::skipped)
                .map(result -> "SKIP " + result.operation().op().word() + ", " + result.error() + "\n")
                .distinct()
                .forEach(text::append);
        return text.toString();
    }

    private static String meaning(WriteKind kind) {
        return switch (kind) {
            case NEW -> "the write got the page's first frame";
            case COPY -> "the write got another frame";
            case REUSE -> "the write faulted and kept the frame";
            case QUIET -> "the write did not fault";
            case SWAP_IN_COPY -> "the write brought the page back from swap, then copied it";
            case SWAP_IN_REUSE -> "the write brought the page back from swap and kept its frame";
            case SWAP_IN -> "the write brought the page back from swap; a kernel does not show if it copied";
            case MIXED -> "the write did not do the same to all of its pages";
        };
    }

    /** The reads to mark as lost: where a script's own expectation says it already, one mark is enough. */
    static Set<Integer> lost(List<StepResult> run) {
        Set<Integer> lost = new HashSet<>(LostValues.of(run));
        run.stream().filter(StepResult::violated).forEach(result -> lost.remove(result.step()));
        return lost;
    }

    private static void line(
            StringBuilder text, List<List<StepResult>> runs, Predicate<StepResult> occurs, String line) {
        if (runs.stream().flatMap(List::stream).anyMatch(occurs)) {
            text.append(line).append('\n');
        }
    }
}
