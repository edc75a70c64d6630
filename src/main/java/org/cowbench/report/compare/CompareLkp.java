package org.cowbench.report.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Comparison.Scale;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Mail;
import org.cowbench.report.text.TextTable;
import org.cowbench.stats.Forks;
import org.cowbench.stats.StudentT;
import org.cowbench.stats.Verdict;

/** A comparison as the table of the kernel test robot's mails: metric last, change in per cent, deviation above 2 %. */
final class CompareLkp implements CompareWriter {
    private static final int RULE = 72;
    private static final int VALUE = 10;
    private static final double SHOWN_DEVIATION = 2;

    @Override
    public String write(Comparison c, boolean all) {
        StringBuilder out = new StringBuilder();
        CompareText.trust(c).forEach(line -> out.append(Mail.wrap(line, "  ")));
        out.append('\n').append("=".repeat(RULE)).append('\n');
        out.append("suite/kernel/testcase:\n  ")
                .append(TextTable.ascii(
                        orUnknown(c.base().suite()) + "/" + orUnknown(c.base().kernel()) + "/cowbench"))
                .append("\n\ncommit:\n");
        for (Comparison.Side side : List.of(c.base(), c.head())) {
            String text = "  " + commit(side) + " (\"" + side.label()
                    + (side.what().isEmpty() ? "" : " " + side.what()) + "\")";
            out.append(Mail.wrap(text, "    "));
        }
        String base = commit(c.base());
        out.append('\n').append(String.format(Locale.ROOT, "%-16.16s %-27.27s%n", base, commit(c.head())));
        out.append("---------------- ---------------------------\n");
        out.append("         %stddev     %change         %stddev\n             \\          |                \\\n");
        Function<Row, String> metrics = FlatNames.unique(
                c.rows(),
                CompareLkp::metric,
                row -> FlatNames.tag(row) + "." + (row.kind() == Kind.SCORE ? unit(row) : "metric." + row.metric()),
                Row::key);
        Function<Row, String> names = FlatNames.names(c.rows());
        for (Row row : c.rows()) {
            if (row.kind() == Kind.EXACT && row.verdict() == Verdict.SAME) {
                continue;
            }
            double estimate = row.change().estimate();
            String change = !Double.isFinite(estimate)
                    ? String.format(Locale.ROOT, "%11s", CompareWording.unknown(row))
                    : row.scale() == Scale.RATIO
                            ? String.format(Locale.ROOT, "%+10.1f%%", (estimate - 1) * 100)
                            : String.format(Locale.ROOT, "%+11.3g", estimate);
            out.append(TextTable.ascii(value(row.base()) + deviation(row.baseForks()) + change + value(row.head())
                                    + deviation(row.headForks()) + "  " + metrics.apply(row))
                            .stripTrailing())
                    .append('\n');
        }
        for (Row row : c.rows()) {
            if (row.kind() == Kind.SCORE
                    && row.baseForks().failed() + row.headForks().failed() > 0) {
                out.append(TextTable.ascii(String.format(
                                Locale.ROOT,
                                "%10d:%-6d %18s %10d:%-6d  %s",
                                row.baseForks().failed(),
                                row.baseForks().failed() + row.baseForks().count(),
                                "",
                                row.headForks().failed(),
                                row.headForks().failed() + row.headForks().count(),
                                names.apply(row) + ".fail")))
                        .append('\n');
            }
        }
        out.append('\n')
                .append(Mail.wrap(
                        "Of a time a negative %change is faster. This format has no sign for"
                                + " significance; called: " + called(c, metrics),
                        "  "));
        return out.toString();
    }

    private static String called(Comparison c, Function<Row, String> metrics) {
        List<Row> called = c.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .filter(row -> row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER)
                .toList();
        return called.isEmpty()
                ? "nothing"
                : called.stream()
                        .map(row -> metrics.apply(row) + " " + row.verdict().word())
                        .collect(Collectors.joining(", "));
    }

    private static String commit(Comparison.Side side) {
        return side.commit().isEmpty()
                ? "unknown"
                : side.commit().substring(0, Math.min(10, side.commit().length()));
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "unknown" : text;
    }

    private static String metric(Row row) {
        return FlatNames.name(row) + "."
                + (row.kind() == Kind.SCORE ? unit(row) : row.metric().replace(' ', '_'));
    }

    private static String unit(Row row) {
        return row.unit().replace("/", "_per_").replace(' ', '_');
    }

    private static String value(double value) {
        String text = Math.abs(value) >= 1e8
                ? String.format(Locale.ROOT, "%.4g", value)
                : Math.abs(value) >= 1000 ? String.format(Locale.ROOT, "%.0f", value) : CompareNumbers.plain(value);
        return " ".repeat(Math.max(0, VALUE - text.length())) + text;
    }

    private static String deviation(Comparison.ForkValues forks) {
        double relative = 100 * Math.sqrt(StudentT.variance(forks.values())) / Math.abs(Forks.mean(forks.values()));
        String text = relative > SHOWN_DEVIATION && Double.isFinite(relative)
                ? String.format(Locale.ROOT, " +-%3.0f%%", relative)
                : "";
        return text + " ".repeat(Math.max(0, 7 - text.length()));
    }
}
