package org.cowbench.report.compare;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.stats.Verdict;

/** A comparison as tables that GitHub and GitLab render, one a group. */
final class CompareMarkdown implements CompareWriter {
    @Override
    public String write(Comparison c, boolean all) {
        StringBuilder out = new StringBuilder("### Comparison\n\n");
        String invalid = c.valid() ? "" : CompareText.invalid(c);
        CompareText.trust(c).stream()
                .map(line -> line.equals(invalid) ? "**" + markdown(line) + "**" : markdown(line))
                .forEach(line -> out.append("- ").append(line).append('\n'));
        for (Comparison.Group group : c.groups()) {
            List<Row> rows = CompareText.shown(group, all);
            if (rows.isEmpty()) {
                continue;
            }
            out.append("\n#### ")
                    .append(markdownName(CompareWording.title(group)))
                    .append(" (")
                    .append(group.rows().getFirst().unit())
                    .append(", ")
                    .append(CompareText.better(group.rows().getFirst()))
                    .append(")\n\n");
            out.append("| | base | head | change | ")
                    .append(CompareNumbers.confidence(c.rule().confidence()))
                    .append("% interval | p | verdict |\n|---|--:|--:|--:|:-:|--:|---|\n");
            for (Row row : rows) {
                String name = row.kind() == Kind.SCORE ? CompareWording.name(c, row) : row.metric();
                String verdict = row.verdict().word();
                String failures = row.kind() == Kind.SCORE ? CompareText.failures(row) : "";
                String said = Stream.of(CompareWording.said(row), failures)
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; "));
                boolean called = row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER;
                out.append("| ")
                        .append(String.join(
                                " | ",
                                markdownName(name),
                                CompareNumbers.base(row),
                                CompareNumbers.head(row),
                                CompareNumbers.change(row),
                                row.kind() == Kind.EXACT ? "exact" : CompareNumbers.interval(row),
                                CompareNumbers.p(row.adjusted()),
                                (called ? "**" + verdict + "**" : verdict)
                                        + (said.isEmpty() ? "" : ": " + markdown(said))))
                        .append(" |\n");
            }
        }
        out.append('\n').append(CompareText.method(c)).append('\n');
        return out.toString();
    }

    private static String markdown(String text) {
        return text.replaceAll("[\\\\`*_~|\\[\\]$]", "\\\\$0")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("\\R", " ");
    }

    /** A name that is not ours may look like a link, or have blanks that would be joined. */
    private static String markdownName(String text) {
        return markdown(text).replaceAll("[()]", "\\\\$0").replace("  ", " &nbsp;");
    }
}
