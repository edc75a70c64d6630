package org.cowbench.report.check;

import java.util.ArrayList;
import java.util.List;
import org.cowbench.result.Revision;
import org.jspecify.annotations.Nullable;

/**
 * Which build judged, and the rule that it was given: what a report needs so that it can be made again.
 *
 * @param version cowbench's
 * @param revision of its sources
 * @param rule the user's own rule, or null
 * @param base id of the policy that decides all else under the rule, or null
 */
public record CheckHead(
        String version,
        Revision revision,
        @Nullable String rule,
        @Nullable String base) {

    /**
     * The head in lines.
     *
     * @return the build, then the rule if there is one
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("cowbench " + version + " check"
                + (revision.commit().isEmpty()
                        ? ", no commit"
                        : ", commit " + revision.shortCommit()
                                + (revision.dirty() ? " with uncommitted changes" : "")));
        if (rule != null) {
            lines.add("rule: " + rule + " (all else: " + base + ")");
        }
        return lines;
    }
}
