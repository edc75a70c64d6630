package org.cowbench.report.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Mail;
import org.cowbench.report.text.TextTable;
import org.cowbench.stats.StudentT;
import org.cowbench.stats.Verdict;

/** A comparison as the table of mmtests: positive always means better, a change that is called stands between stars. */
final class CompareMmtests implements CompareWriter {
    @Override
    public String write(Comparison c, boolean all) {
        StringBuilder out = new StringBuilder();
        CompareText.trust(c).forEach(line -> out.append(Mail.wrap(line, "  ")));
        out.append("(+) is better, (-) is worse; *...* is called faster or slower\n\n");
        List<String[]> lines = new ArrayList<>();
        lines.add(new String[] {"", "", c.base().label(), c.head().label()});
        Function<Row, String> names = FlatNames.names(c.rows());
        for (Row row : c.rows()) {
            if (row.kind() != Kind.SCORE) {
                continue;
            }
            boolean called = row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER;
            double gain = row.lowerIsBetter() ? -row.percent() : row.percent();
            String name = names.apply(row);
            String statistic = row.design() == Comparison.Design.PAIRED ? "Median" : "Amean";
            lines.add(line(
                    statistic,
                    name,
                    row.base(),
                    row.head(),
                    Double.isFinite(gain) ? perCent(gain) : CompareWording.unknown(row),
                    called));
            double before = Math.sqrt(StudentT.variance(row.baseForks().values()));
            double after = Math.sqrt(StudentT.variance(row.headForks().values()));
            if (Double.isFinite(before) && Double.isFinite(after)) {
                lines.add(line(
                        "Stddev",
                        name,
                        before,
                        after,
                        row.noisy() || before == 0 && after != 0
                                ? CompareWording.unknown(row)
                                : perCent(before == 0 ? 0 : (before - after) / before * 100),
                        false));
            }
            if (row.baseForks().failed() + row.headForks().failed() > 0) {
                lines.add(line(
                        "Failed",
                        name,
                        row.baseForks().failed(),
                        row.headForks().failed(),
                        "n/a",
                        false));
            }
        }
        int[] widths = new int[4];
        for (String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                line[i] = TextTable.ascii(line[i]);
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        for (String[] line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String blank = " ".repeat(widths[i] - line[i].length());
                text.append(i == 0 ? "" : " ").append(i < 2 ? line[i] + blank : blank + line[i]);
            }
            out.append(text.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /** Statistic, name, base, and head with the gain. */
    private static String[] line(String statistic, String name, double base, double head, String gain, boolean called) {
        String padded = String.format(Locale.ROOT, "%9s", gain);
        return new String[] {
            statistic,
            name,
            CompareNumbers.plain(base) + " (   0.00%)",
            CompareNumbers.plain(head) + " " + (called ? "*" + padded + "*" : "(" + padded + ")")
        };
    }

    private static String perCent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }
}
