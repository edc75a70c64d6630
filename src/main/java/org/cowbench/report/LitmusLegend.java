package org.cowbench.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.cowbench.litmus.LostValues;
import org.cowbench.litmus.StepResult;

/** What the words and marks of {@link LitmusTable} and {@link LitmusSummary} mean, as far as they occur. */
public final class LitmusLegend {
    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("new", "the write got the page's first frame");
        KINDS.put("copy", "the write got another frame");
        KINDS.put("reuse", "the write faulted and kept the frame");
        KINDS.put("quiet", "the write did not fault");
        KINDS.put(StepResult.SWAP_IN + " copy", "the write brought the page back from swap, then copied it");
        KINDS.put(StepResult.SWAP_IN + " reuse", "the write brought the page back from swap and kept its frame");
        KINDS.put(StepResult.SWAP_IN, "the write brought the page back from swap; a kernel does not show if it copied");
    }

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
        KINDS.forEach((kind, meaning) -> {
            if (!(summary && kind.equals("new"))) {
                line(text, runs, result -> result.writeKind().equals(kind), kind + ": " + meaning);
            }
        });
        if (!summary) {
            line(text, runs, result -> result.major() > 0, "major: the fault read the swap device");
        }
        line(text, runs, StepResult::violated, "! another value than the script says must be seen");
        if (runs.stream().anyMatch(run -> !lost(run).isEmpty())) {
            text.append("lost: the process had another value there, and neither it nor a device wrote since\n");
        }
        line(text, runs, StepResult::broken, "!! a torn page, or an error that no rule explains");
        return text.toString();
    }

    /** The reads to mark as lost: where a script's own expectation says it already, one mark is enough. */
    static Set<Integer> lost(List<StepResult> run) {
        Set<Integer> lost = new HashSet<>(LostValues.of(run));
        run.stream().filter(StepResult::violated).forEach(result -> lost.remove(result.step()));
        return lost;
    }

    private static void line(StringBuilder text, List<List<StepResult>> runs, Predicate<StepResult> occurs, String line) {
        if (runs.stream().flatMap(List::stream).anyMatch(occurs)) {
            text.append(line).append('\n');
        }
    }
}
