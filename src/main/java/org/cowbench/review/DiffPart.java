package org.cowbench.review;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cowbench.kernel.KernelDiff;
import org.cowbench.kernel.KernelException;
import org.jspecify.annotations.Nullable;

/**
 * What the head does otherwise than the base.
 *
 * @param scripts scripts that both have run
 * @param steps steps compared
 * @param decisions differences of decision, in a sentence
 * @param groups what differs, the worst first
 * @param excluded steps left out on account of either kernel, by the reason
 * @param uncounted why what accesses do besides could not be counted, by what
 * @param ended why it ended early, or the empty string
 */
public record DiffPart(
        int scripts,
        long steps,
        String decisions,
        List<Group> groups,
        Map<String, Integer> excluded,
        Map<String, String> uncounted,
        String ended) {

    /** Without what is not counted: a review that was begun before anything was. */
    public DiffPart {
        uncounted = withoutNull(uncounted);
    }

    private static Map<String, String> withoutNull(@Nullable Map<String, String> some) {
        return some == null ? Map.of() : new TreeMap<>(some);
    }

    /**
     * Scripts that differ alike.
     *
     * @param text their first difference
     * @param harm what it is, for the head
     * @param script a minimal script that shows it
     * @param step the step that differs
     * @param repeated whether it was seen again
     * @param scripts how many show it
     * @param cut whether the script was not made as small as can be
     */
    public record Group(
            String text, String harm, String script, int step, boolean repeated, int scripts, boolean cut) {}

    static DiffPart of(KernelDiff.Report report) {
        Map<String, Integer> excluded = new TreeMap<>();
        Map<String, String> uncounted = new TreeMap<>();
        report.uncounted().forEach((counter, why) -> uncounted.put(counter.toString(), why));
        report.excluded().forEach((rule, steps) -> excluded.put(rule.reason(), steps));
        return new DiffPart(
                report.scripts(),
                report.steps(),
                report.decisions(),
                report.groups().stream()
                        .map(group -> new Group(
                                group.difference().text(),
                                group.what(),
                                group.script().text(),
                                group.step(),
                                group.repeated(),
                                group.scripts(),
                                group.cut()))
                        .toList(),
                excluded,
                uncounted,
                report.ended().map(KernelException::getMessage).orElse(""));
    }
}
