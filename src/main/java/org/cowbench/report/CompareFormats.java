package org.cowbench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cowbench.report.Comparison.Kind;
import org.cowbench.report.Comparison.Row;
import org.cowbench.report.Comparison.Scale;
import org.cowbench.report.chart.Numbers;
import org.cowbench.stats.Forks;
import org.cowbench.stats.StudentT;
import org.cowbench.stats.Verdict;

/** A comparison in formats that others read: Markdown, CSV, and the house styles of LKP, mmtests and benchstat. */
final class CompareFormats {
    private static final int RULE = 72;
    private static final int LKP_VALUE = 10;
    private static final double LKP_SHOWN_DEVIATION = 2;
    private static final int MMTESTS_VALUE = 12;
    private static final int MMTESTS_STATISTIC = 9;

    private CompareFormats() {}

    // Markdown

    /** Tables that GitHub and GitLab render, one a group. */
    static String markdown(Comparison c, boolean all) {
        StringBuilder out = new StringBuilder("### Comparison\n\n");
        out.append("- base: ").append(markdown(CompareText.side(c.base()))).append('\n');
        out.append("- head: ").append(markdown(CompareText.side(c.head()))).append('\n');
        out.append("- ").append(CompareText.design(c)).append('\n');
        if (!c.valid()) {
            out.append("- **INVALID: the control is biased, nothing below is to be believed**\n");
        }
        c.environment().forEach(d -> out.append("- differs: `").append(d.key()).append("`: ").append(markdown(d.base()))
                .append(" -> ").append(markdown(d.head())).append(d.machine() ? " (**another machine**)\n" : "\n"));
        c.warnings().forEach(warning -> out.append("- warning: ").append(markdown(warning)).append('\n'));
        for (Comparison.Group group : c.groups()) {
            List<Row> rows = CompareText.shown(group, all);
            if (rows.isEmpty()) {
                continue;
            }
            out.append("\n#### ").append(markdown(group.title())).append(" (").append(group.rows().getFirst().unit())
                    .append(", ").append(CompareText.better(group.rows().getFirst())).append(")\n\n");
            out.append("| | base | head | change | ").append(Math.round(c.rule().confidence() * 100))
                    .append("% interval | p | verdict |\n|---|--:|--:|--:|:-:|--:|---|\n");
            for (Row row : rows) {
                String name = row.kind() == Kind.SCORE ? c.name(row) : row.metric();
                String verdict = row.verdict().word();
                String said = ComparisonBuilder.said(row);
                boolean called = row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER;
                out.append("| ").append(String.join(" | ", markdown(name), CompareNumbers.base(row), CompareNumbers.head(row), CompareNumbers.change(row),
                        row.kind() == Kind.EXACT ? "exact" : CompareNumbers.interval(row),
                        CompareNumbers.p(row.adjusted()),
                        (called ? "**" + verdict + "**" : verdict) + (said.isEmpty() ? "" : ": " + markdown(said))))
                        .append(" |\n");
            }
        }
        out.append('\n').append(CompareText.method(c)).append('\n');
        String gate = CompareText.gate(c);
        return gate.isEmpty() ? out.toString() : out.append('\n').append(markdown(gate)).append('\n').toString();
    }

    private static String markdown(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("*", "\\*")
                .replace("_", "\\_").replace("`", "'").replaceAll("\\R", " ");
    }

    // CSV

    /** One line a row, numbers not rounded, fields quoted where they must be; what is unknown is empty. */
    static String csv(Comparison c) {
        StringBuilder out = new StringBuilder("benchmark,params,metric,unit,better,kind,design,gated,base,head,scale,"
                + "change,low,high,test,unit_name,units,p,p_adjusted,superiority,detectable,needed,base_forks,"
                + "head_forks,base_failed,head_failed,verdict,note\n");
        for (Row row : c.rows()) {
            String params = row.params().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(";"));
            out.append(String.join(",", quoted(row.benchmark()), quoted(params), quoted(row.metric()),
                    quoted(row.unit()), row.lowerIsBetter() ? "lower" : "higher", word(row.kind()), word(row.design()),
                    Boolean.toString(row.gated()), number(row.base()), number(row.head()), word(row.scale()),
                    number(row.change().estimate()), number(row.change().low()), number(row.change().high()),
                    row.test().text(), row.unitName(), Integer.toString(row.units()), number(row.p()),
                    number(row.adjusted()), number(row.superiority()), number(row.detectable()),
                    row.needed() < 0 ? "" : Integer.toString(row.needed()), Integer.toString(row.baseForks().count()),
                    Integer.toString(row.headForks().count()), Integer.toString(row.baseForks().failed()),
                    Integer.toString(row.headForks().failed()), row.verdict().word(), quoted(row.note())))
                    .append('\n');
        }
        return out.toString();
    }

    private static String quoted(String field) {
        // A leading sign would make a formula of it in a spreadsheet.
        String safe = field.matches("[=+\\-@].*") ? "'" + field : field;
        return safe.matches("(?s).*[\",\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    // LKP, the kernel test robot

    /** The table of the kernel test robot's mails: metric last, change in per cent, deviation only above 2 %. */
    static String lkp(Comparison c) {
        StringBuilder out = new StringBuilder("=".repeat(RULE)).append('\n');
        out.append("suite/kernel/testcase:\n  ")
                .append(TextTable.ascii(orUnknown(c.base().suite()) + "/" + orUnknown(c.base().kernel()) + "/cowbench"))
                .append("\n\ncommit:\n");
        for (Comparison.Side side : List.of(c.base(), c.head())) {
            String text = "  " + commit(side) + " (\"" + side.label() + (side.what().isEmpty() ? "" : " " + side.what())
                    + "\")";
            out.append(CompareText.wrap(text, "    "));
        }
        String base = commit(c.base());
        out.append('\n').append(String.format(Locale.ROOT, "%-16.16s %-27.27s%n", base, commit(c.head())));
        out.append("---------------- ---------------------------\n");
        out.append("         %stddev     %change         %stddev\n             \\          |                \\\n");
        for (Row row : c.rows()) {
            if (row.kind() == Kind.EXACT && row.verdict() == Verdict.SAME) {
                continue;
            }
            String change = row.scale() == Scale.RATIO && Double.isFinite(row.change().estimate())
                    ? String.format(Locale.ROOT, "%+10.1f%%", (row.change().estimate() - 1) * 100)
                    : String.format(Locale.ROOT, "%+11.3g", row.change().estimate());
            out.append(TextTable.ascii(lkpValue(row.base()) + deviation(row.baseForks()) + change
                    + lkpValue(row.head()) + deviation(row.headForks()) + "  " + lkpMetric(row)).stripTrailing())
                    .append('\n');
        }
        for (Row row : c.rows()) {
            if (row.kind() == Kind.SCORE && row.baseForks().failed() + row.headForks().failed() > 0) {
                out.append(TextTable.ascii(String.format(Locale.ROOT, "%10d:%-6d %18s %10d:%-6d  %s",
                        row.baseForks().failed(), row.baseForks().failed() + row.baseForks().count(), "",
                        row.headForks().failed(), row.headForks().failed() + row.headForks().count(),
                        lkpName(row) + ".fail"))).append('\n');
            }
        }
        out.append('\n').append(CompareText.wrap("Of a time a negative %change is faster. This format has no sign for"
                + " significance; called: " + called(c), "  "));
        return out.toString();
    }

    private static String called(Comparison c) {
        List<Row> called = c.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .filter(row -> row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER)
                .toList();
        return called.isEmpty() ? "nothing" : called.stream()
                .map(row -> lkpMetric(row) + " " + row.verdict().word())
                .collect(Collectors.joining(", "));
    }

    private static String commit(Comparison.Side side) {
        return side.commit().isEmpty() ? "unknown" : side.commit().substring(0, Math.min(10, side.commit().length()));
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "unknown" : text;
    }

    private static String lkpMetric(Row row) {
        return row.kind() == Kind.SCORE ? lkpName(row) + "." + row.unit().replace("/", "_per_")
                : lkpName(row) + "." + row.metric();
    }

    private static String lkpName(Row row) {
        return (row.benchmark() + row.params().values().stream().map(v -> "." + v).collect(Collectors.joining()))
                .replace(' ', '_');
    }

    private static String lkpValue(double value) {
        String text = Math.abs(value) >= 1e8 ? String.format(Locale.ROOT, "%.4g", value)
                : Math.abs(value) >= 1000 ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
        return " ".repeat(Math.max(0, LKP_VALUE - text.length())) + text;
    }

    private static String deviation(Comparison.ForkValues forks) {
        double relative = 100 * Math.sqrt(StudentT.variance(forks.values())) / Math.abs(Forks.mean(forks.values()));
        String text = relative > LKP_SHOWN_DEVIATION && Double.isFinite(relative)
                ? String.format(Locale.ROOT, " +-%3.0f%%", relative) : "";
        return text + " ".repeat(Math.max(0, 7 - text.length()));
    }

    // mmtests

    /** The table of mmtests: positive always means better, a change that is called stands between stars. */
    static String mmtests(Comparison c) {
        StringBuilder out = new StringBuilder("(+) is better, (-) is worse; *...* is called faster or slower\n");
        int label = c.rows().stream().mapToInt(row -> lkpName(row).length()).max().orElse(0);
        out.append(String.format(Locale.ROOT, "%" + (MMTESTS_STATISTIC + label + MMTESTS_VALUE) + "s%"
                + (MMTESTS_VALUE + 11) + "s%n", ascii(c.base().label(), 22), ascii(c.head().label(), 22)));
        for (Row row : c.rows()) {
            if (row.kind() != Kind.SCORE) {
                continue;
            }
            String name = TextTable.ascii(lkpName(row));
            name += " ".repeat(label - name.length());
            boolean called = row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER;
            double gain = row.lowerIsBetter() ? -row.percent() : row.percent();
            mmtestsLine(out, row.design() == Comparison.Design.PAIRED ? "Median" : "Amean", name, row.base(), row.head(), gain, called);
            double before = Math.sqrt(StudentT.variance(row.baseForks().values()));
            double after = Math.sqrt(StudentT.variance(row.headForks().values()));
            if (Double.isFinite(before) && Double.isFinite(after)) {
                mmtestsLine(out, "Stddev", name, before, after, before == 0 ? 0 : (before - after) / before * 100, false);
            }
        }
        return out.toString();
    }

    private static String ascii(String text, int width) {
        String ascii = TextTable.ascii(text);
        return ascii.length() > width ? ascii.substring(0, width) : ascii;
    }

    private static void mmtestsLine(
            StringBuilder out, String statistic, String name, double base, double head, double gain, boolean called) {
        String open = called ? "*" : "(";
        String close = called ? "*" : ")";
        out.append(String.format(Locale.ROOT, "%-" + MMTESTS_STATISTIC + "s%s%" + MMTESTS_VALUE + ".2f (   0.00%%)%"
                + MMTESTS_VALUE + ".2f %s%7.2f%%%s%n", statistic, name, base, head, open, gain, close));
    }

    // benchstat

    /**
     * Go's benchmark format, one line a fork, both sides in one stream: {@code benchstat -col side FILE} compares them.
     */
    static String benchstat(Comparison c) {
        StringBuilder out = new StringBuilder("pkg: cowbench\n");
        for (boolean head : new boolean[] {false, true}) {
            Comparison.Side side = head ? c.head() : c.base();
            out.append("side: ").append(head ? "head" : "base").append('\n');
            out.append("commit: ").append(commit(side)).append('\n');
            for (int i = 0; i < c.rows().size(); i++) {
                if (c.rows().get(i).kind() == Kind.SCORE) {
                    benchmark(out, c.rows(), i, head);
                }
            }
        }
        return out.toString();
    }

    /** A score and the other metrics of the same benchmark, which follow it. */
    private static void benchmark(StringBuilder out, List<Row> rows, int at, boolean head) {
        Row score = rows.get(at);
        double[] values = values(score, head);
        for (int fork = 0; fork < values.length; fork++) {
            out.append(goName(score)).append(" 1 ").append(Numbers.fixed(values[fork], 6)).append(' ')
                    .append(score.unit());
            for (int i = at + 1; i < rows.size() && rows.get(i).kind() != Kind.SCORE; i++) {
                double[] others = values(rows.get(i), head);
                if (others.length == values.length) {
                    out.append(' ').append(Numbers.fixed(others[fork], 6)).append(' ').append(goUnit(rows.get(i)));
                }
            }
            out.append('\n');
        }
    }

    private static double[] values(Row row, boolean head) {
        return (head ? row.headForks() : row.baseForks()).values();
    }

    /** Go wants a name that starts like an exported identifier, without blanks; sub-benchmarks name their keys. */
    private static String goName(Row row) {
        StringBuilder name = new StringBuilder("Benchmark").append(row.benchmark().replaceAll("\\s", "_"));
        row.params().forEach((key, value) ->
                name.append('/').append(key).append('=').append(value.replaceAll("[\\s/]", "_")));
        return name.toString();
    }

    private static String goUnit(Row row) {
        return (row.metric() + (row.unit().isEmpty() ? "" : "-" + row.unit())).replaceAll("\\s", "_");
    }
}
