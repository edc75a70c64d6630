package org.cowbench.report.compare;

import java.util.List;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.result.Tag;

/**
 * A comparison in Go's benchmark format, one line a fork, both sides in one stream: {@code benchstat -col side FILE}
 * compares them. Only what is the same on both sides may be a configuration line, for others part the tables; benchstat
 * skips lines that start with {@code #}.
 */
final class CompareBenchstat implements CompareWriter {
    /** What Go takes for white space. */
    private static final String BLANKS = " \t\r\n\f\u000b\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
            + "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    @Override
    public String write(Comparison c, boolean all) {
        StringBuilder out = new StringBuilder();
        CompareText.trust(c).forEach(line -> out.append("# ").append(line).append('\n'));
        c.rows().stream().filter(row -> row.kind() == Kind.SCORE && row.noisy()).forEach(row -> out.append("# ")
                .append(goName(row))
                .append(": ")
                .append(CompareWording.note(row))
                .append('\n'));
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
            out.append(goName(score))
                    .append(" 1 ")
                    .append(goNumber(values[fork]))
                    .append(' ')
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
        String benchmark = FlatNames.flat(row.benchmark());
        StringBuilder name = new StringBuilder("Benchmark")
                .append(benchmark.matches("[\\p{Ll}_].*") ? "_" : "")
                .append(benchmark);
        row.params()
                .forEach((key, value) ->
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
