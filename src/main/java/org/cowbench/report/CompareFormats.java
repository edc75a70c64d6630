package org.cowbench.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Comparison.Scale;
import org.cowbench.policy.Property;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Tag;
import org.cowbench.stats.Forks;
import org.cowbench.stats.StudentT;
import org.cowbench.stats.Verdict;

/** A comparison in formats that others read: Markdown, CSV, and the house styles of LKP, mmtests and benchstat. */
final class CompareFormats {
    private static final int RULE = 72;
    private static final int LKP_VALUE = 10;
    private static final double LKP_SHOWN_DEVIATION = 2;
    private static final double LEAST = 0.1;
    /** What Go takes for white space. */
    private static final String BLANKS = " \t\r\n\f\u000b\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
            + "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    private CompareFormats() {}

    // Markdown

    /** Tables that GitHub and GitLab render, one a group. */
    static String markdown(Comparison c, boolean all) {
        StringBuilder out = new StringBuilder("### Comparison\n\n");
        CompareText.trust(c).stream().map(CompareFormats::markdown)
                .map(line -> line.startsWith("INVALID") ? "**" + line + "**" : line)
                .forEach(line -> out.append("- ").append(line).append('\n'));
        for (Comparison.Group group : c.groups()) {
            List<Row> rows = CompareText.shown(group, all);
            if (rows.isEmpty()) {
                continue;
            }
            out.append("\n#### ").append(markdownName(CompareWording.title(group))).append(" (")
                    .append(group.rows().getFirst().unit()).append(", ")
                    .append(CompareText.better(group.rows().getFirst())).append(")\n\n");
            out.append("| | base | head | change | ").append(CompareNumbers.confidence(c.rule().confidence()))
                    .append("% interval | p | verdict |\n|---|--:|--:|--:|:-:|--:|---|\n");
            for (Row row : rows) {
                String name = row.kind() == Kind.SCORE ? CompareWording.name(c, row) : row.metric();
                String verdict = row.verdict().word();
                String failures = row.kind() == Kind.SCORE ? CompareText.failures(row) : "";
                String said = Stream.of(CompareWording.said(row), failures)
                        .filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
                boolean called = row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER;
                out.append("| ").append(String.join(" | ", markdownName(name), CompareNumbers.base(row),
                        CompareNumbers.head(row), CompareNumbers.change(row),
                        row.kind() == Kind.EXACT ? "exact" : CompareNumbers.interval(row),
                        CompareNumbers.p(row.adjusted()),
                        (called ? "**" + verdict + "**" : verdict) + (said.isEmpty() ? "" : ": " + markdown(said))))
                        .append(" |\n");
            }
        }
        out.append('\n').append(CompareText.method(c)).append('\n');
        return out.toString();
    }

    private static String markdown(String text) {
        return text.replaceAll("[\\\\`*_~|\\[\\]$]", "\\\\$0").replace("&", "&amp;").replace("<", "&lt;")
                .replaceAll("\\R", " ");
    }

    /** A name that is not ours may look like a link, or have blanks that would be joined. */
    private static String markdownName(String text) {
        return markdown(text).replaceAll("[()]", "\\\\$0").replace("  ", " &nbsp;");
    }

    // CSV

    /**
     * Lines that start with {@code #} say what to know first; then one line a row, numbers not rounded, fields quoted
     * where they must be; what is unknown is empty.
     */
    static String csv(Comparison c) {
        return csv(List.of(c));
    }

    /** The same of several heads: what to know of each, then one table whose first column is the label of the head. */
    static String csv(List<Comparison> comparisons) {
        StringBuilder out = new StringBuilder();
        boolean one = comparisons.size() == 1;
        comparisons.forEach(c ->
                CompareText.trust(c).forEach(line -> out.append("# ").append(line).append('\n')));
        out.append(one ? "" : "head_label,");
        out.append("benchmark,params,metric,unit,better,kind,design,gated,base,head,scale,"
                + "change,low,high,test,unit_name,units,p,p_adjusted,superiority,detectable,needed,base_forks,"
                + "head_forks,base_failed,head_failed,verdict,note,full_name,mode,threads,thread_groups,breaks\n");
        comparisons.forEach(c -> csv(out, one ? "" : quoted(c.head().label()) + ",", c.rows()));
        return out.toString();
    }

    private static void csv(StringBuilder out, String first, List<Row> rows) {
        for (Row row : rows) {
            String params = row.params().entrySet().stream()
                    .map(entry -> Tag.escaped(entry.getKey(), ";=" + Tag.LINE_BREAKS) + "="
                            + Tag.escaped(entry.getValue(), ";" + Tag.LINE_BREAKS))
                    .collect(Collectors.joining(";"));
            MeasurementKey key = row.key().measurement();
            out.append(first).append(String.join(",", quoted(row.benchmark()), quoted(params), quoted(row.metric()),
                    quoted(row.unit()), row.lowerIsBetter() ? "lower" : "higher", word(row.kind()), word(row.design()),
                    Boolean.toString(row.gated()), number(row.base()), number(row.head()), word(row.scale()),
                    number(row.change().estimate()), number(row.change().low()), number(row.change().high()),
                    row.test().text(), row.replicate().word(), Integer.toString(row.units()), number(row.p()),
                    number(row.adjusted()), number(row.superiority()), number(row.detectable()),
                    row.needed() < 0 ? "" : Integer.toString(row.needed()), Integer.toString(row.baseForks().count()),
                    Integer.toString(row.headForks().count()), Integer.toString(row.baseForks().failed()),
                    Integer.toString(row.headForks().failed()), row.verdict().word(), quoted(CompareWording.note(row)),
                    quoted(key.benchmark()), quoted(key.mode()),
                    key.threads() == 0 ? "" : Integer.toString(key.threads()), quoted(key.threadGroups()),
                    row.breaks().stream().map(Property::id).collect(Collectors.joining(" "))))
                    .append('\n');
        }
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
        StringBuilder out = new StringBuilder();
        CompareText.trust(c).forEach(line -> out.append(CompareText.wrap(line, "  ")));
        out.append('\n').append("=".repeat(RULE)).append('\n');
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
        Function<Row, String> metrics = unique(c.rows(), CompareFormats::lkpMetric,
                row -> flatTag(row) + "." + (row.kind() == Kind.SCORE ? lkpUnit(row) : "metric." + row.metric()),
                Row::key);
        Function<Row, String> names = names(c.rows());
        for (Row row : c.rows()) {
            if (row.kind() == Kind.EXACT && row.verdict() == Verdict.SAME) {
                continue;
            }
            double estimate = row.change().estimate();
            String change = !Double.isFinite(estimate) ? String.format(Locale.ROOT, "%11s", unknown(row))
                    : row.scale() == Scale.RATIO ? String.format(Locale.ROOT, "%+10.1f%%", (estimate - 1) * 100)
                    : String.format(Locale.ROOT, "%+11.3g", estimate);
            out.append(TextTable.ascii(lkpValue(row.base()) + deviation(row.baseForks()) + change
                    + lkpValue(row.head()) + deviation(row.headForks()) + "  " + metrics.apply(row)).stripTrailing())
                    .append('\n');
        }
        for (Row row : c.rows()) {
            if (row.kind() == Kind.SCORE && row.baseForks().failed() + row.headForks().failed() > 0) {
                out.append(TextTable.ascii(String.format(Locale.ROOT, "%10d:%-6d %18s %10d:%-6d  %s",
                        row.baseForks().failed(), row.baseForks().failed() + row.baseForks().count(), "",
                        row.headForks().failed(), row.headForks().failed() + row.headForks().count(),
                        names.apply(row) + ".fail"))).append('\n');
            }
        }
        out.append('\n').append(CompareText.wrap("Of a time a negative %change is faster. This format has no sign for"
                + " significance; called: " + called(c, metrics), "  "));
        return out.toString();
    }

    /** Stands for a change that is not given. */
    private static String unknown(Row row) {
        return row.noisy() ? CompareWording.TOO_NOISY : "n/a";
    }

    private static String called(Comparison c, Function<Row, String> metrics) {
        List<Row> called = c.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .filter(row -> row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER)
                .toList();
        return called.isEmpty() ? "nothing" : called.stream()
                .map(row -> metrics.apply(row) + " " + row.verdict().word())
                .collect(Collectors.joining(", "));
    }

    private static String commit(Comparison.Side side) {
        return side.commit().isEmpty() ? "unknown" : side.commit().substring(0, Math.min(10, side.commit().length()));
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "unknown" : text;
    }

    private static String lkpMetric(Row row) {
        return lkpName(row) + "." + (row.kind() == Kind.SCORE ? lkpUnit(row) : row.metric().replace(' ', '_'));
    }

    private static String lkpUnit(Row row) {
        return row.unit().replace("/", "_per_").replace(' ', '_');
    }

    private static String lkpName(Row row) {
        return flat(row.benchmark()) + CompareWording.shownParams(row).values().stream()
                .map(value -> "." + Tag.escaped(value, Tag.LINE_BREAKS).replace(' ', '_'))
                .collect(Collectors.joining());
    }

    /** Names of benchmarks without blanks that tell all rows apart. */
    private static Function<Row, String> names(List<Row> rows) {
        return unique(rows, CompareFormats::lkpName, CompareFormats::flatTag, row -> row.key().measurement());
    }

    /** A tag without blanks. */
    private static String flatTag(Row row) {
        return Tag.unique(flat(row.benchmark()), flat(CompareWording.shownParams(row)));
    }

    /** The name of a benchmark holds blanks only where modes and threads are told. */
    private static String flat(String benchmark) {
        return benchmark.replace(", ", ",").replace(' ', '_');
    }

    private static Map<String, String> flat(Map<String, String> params) {
        Map<String, String> flat = new LinkedHashMap<>();
        params.forEach((name, value) -> flat.put(Tag.escaped(name, " "), Tag.escaped(value, " ")));
        return flat;
    }

    /**
     * Short names where they tell apart what is different, exact ones for all rows where they do not.
     *
     * @param identity what a name is of
     */
    private static Function<Row, String> unique(List<Row> rows, Function<Row, String> plain,
            Function<Row, String> exact, Function<Row, Object> identity) {
        Map<String, Object> seen = new HashMap<>();
        for (Row row : rows) {
            Object other = seen.putIfAbsent(plain.apply(row), identity.apply(row));
            if (other != null && !other.equals(identity.apply(row))) {
                return exact;
            }
        }
        return plain;
    }

    private static String lkpValue(double value) {
        String text = Math.abs(value) >= 1e8 ? String.format(Locale.ROOT, "%.4g", value)
                : Math.abs(value) >= 1000 ? String.format(Locale.ROOT, "%.0f", value)
                : plain(value);
        return " ".repeat(Math.max(0, LKP_VALUE - text.length())) + text;
    }

    /** Two decimals, as these formats have; what they would not show has three significant digits. */
    private static String plain(double value) {
        return String.format(Locale.ROOT, value != 0 && Math.abs(value) < LEAST ? "%.3g" : "%.2f", value);
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
        StringBuilder out = new StringBuilder();
        CompareText.trust(c).forEach(line -> out.append(CompareText.wrap(line, "  ")));
        out.append("(+) is better, (-) is worse; *...* is called faster or slower\n\n");
        List<String[]> lines = new ArrayList<>();
        lines.add(new String[] {"", "", c.base().label(), c.head().label()});
        Function<Row, String> names = names(c.rows());
        for (Row row : c.rows()) {
            if (row.kind() != Kind.SCORE) {
                continue;
            }
            boolean called = row.verdict() == Verdict.FASTER || row.verdict() == Verdict.SLOWER;
            double gain = row.lowerIsBetter() ? -row.percent() : row.percent();
            String name = names.apply(row);
            String statistic = row.design() == Comparison.Design.PAIRED ? "Median" : "Amean";
            lines.add(mmtests(statistic, name, row.base(), row.head(),
                    Double.isFinite(gain) ? perCent(gain) : unknown(row), called));
            double before = Math.sqrt(StudentT.variance(row.baseForks().values()));
            double after = Math.sqrt(StudentT.variance(row.headForks().values()));
            if (Double.isFinite(before) && Double.isFinite(after)) {
                lines.add(mmtests("Stddev", name, before, after,
                        row.noisy() || before == 0 && after != 0 ? unknown(row)
                                : perCent(before == 0 ? 0 : (before - after) / before * 100), false));
            }
            if (row.baseForks().failed() + row.headForks().failed() > 0) {
                lines.add(mmtests("Failed", name, row.baseForks().failed(), row.headForks().failed(), "n/a", false));
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
    private static String[] mmtests(
            String statistic, String name, double base, double head, String gain, boolean called) {
        String padded = String.format(Locale.ROOT, "%9s", gain);
        return new String[] {
            statistic, name, plain(base) + " (   0.00%)",
            plain(head) + " " + (called ? "*" + padded + "*" : "(" + padded + ")")
        };
    }

    private static String perCent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    // benchstat

    /**
     * Go's benchmark format, one line a fork, both sides in one stream: {@code benchstat -col side FILE} compares them.
     * Only what is the same on both sides may be a configuration line, for others part the tables; benchstat skips
     * lines that start with {@code #}.
     */
    static String benchstat(Comparison c) {
        StringBuilder out = new StringBuilder();
        CompareText.trust(c).forEach(line -> out.append("# ").append(line).append('\n'));
        c.rows().stream().filter(row -> row.kind() == Kind.SCORE && row.noisy()).forEach(row ->
                out.append("# ").append(goName(row)).append(": ").append(CompareWording.note(row)).append('\n'));
        out.append("pkg: cowbench\n");
        for (boolean head : new boolean[] {false, true}) {
            out.append("side: ").append(head ? "head" : "base").append('\n');
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
            out.append(goName(score)).append(" 1 ").append(goNumber(values[fork])).append(' ')
                    .append(goScoreUnit(score));
            for (int i = at + 1; i < rows.size() && rows.get(i).kind() != Kind.SCORE; i++) {
                double[] others = values(rows.get(i), head);
                if (others.length == values.length) {
                    out.append(' ').append(goNumber(others[fork])).append(' ').append(goUnit(rows.get(i)));
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
        String benchmark = flat(row.benchmark());
        StringBuilder name = new StringBuilder("Benchmark").append(benchmark.matches("[\\p{Ll}_].*") ? "_" : "")
                .append(benchmark);
        row.params().forEach((key, value) ->
                name.append('/').append(go(key, "/=")).append('=').append(go(value, "/")));
        return name.toString();
    }

    /** Blanks end a field, and a slash a part of a name. */
    private static String go(String text, String unwanted) {
        return Tag.escaped(text, BLANKS + unwanted);
    }

    private static String goScoreUnit(Row row) {
        return row.unit().isEmpty() ? "units" : go(row.unit(), "");
    }

    private static String goUnit(Row row) {
        String metric = go(row.metric(), "/");
        return row.unit().isEmpty() && metric.indexOf('-') < 0 ? metric : metric + "-" + go(row.unit(), "-");
    }

    /** Every digit: a time in seconds may be small. */
    private static String goNumber(double value) {
        return Double.toString(value).replace('E', 'e');
    }
}
