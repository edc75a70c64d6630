package org.cowbench.report.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.policy.Property;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Tag;

/**
 * Comparisons as CSV. Lines that start with {@code #} say what to know first; then one line a row, numbers not rounded,
 * fields quoted where they must be; what is unknown is empty.
 */
final class CompareCsv implements CompareWriter {
    @Override
    public String write(Comparison c, boolean all) {
        return several(List.of(c), all);
    }

    /** Of several heads, what to know of each, then one table whose first column is the label of the head. */
    @Override
    public String several(List<Comparison> comparisons, boolean all) {
        StringBuilder out = new StringBuilder();
        boolean one = comparisons.size() == 1;
        comparisons.forEach(c -> CompareText.trust(c)
                .forEach(line -> out.append("# ").append(line).append('\n')));
        out.append(one ? "" : "head_label,");
        out.append("benchmark,params,metric,unit,better,kind,design,gated,base,head,scale,"
                + "change,low,high,test,unit_name,units,p,p_adjusted,superiority,detectable,needed,base_forks,"
                + "head_forks,base_failed,head_failed,verdict,note,full_name,mode,threads,thread_groups,breaks\n");
        comparisons.forEach(c -> rows(out, one ? "" : quoted(c.head().label()) + ",", c.rows()));
        return out.toString();
    }

    private static void rows(StringBuilder out, String first, List<Row> rows) {
        for (Row row : rows) {
            String params = row.params().entrySet().stream()
                    .map(entry -> Tag.escaped(entry.getKey(), ";=" + Tag.LINE_BREAKS) + "="
                            + Tag.escaped(entry.getValue(), ";" + Tag.LINE_BREAKS))
                    .collect(Collectors.joining(";"));
            MeasurementKey key = row.key().measurement();
            out.append(first)
                    .append(String.join(
                            ",",
                            quoted(row.benchmark()),
                            quoted(params),
                            quoted(row.metric()),
                            quoted(row.unit()),
                            row.lowerIsBetter() ? "lower" : "higher",
                            word(row.kind()),
                            word(row.design()),
                            Boolean.toString(row.gated()),
                            number(row.base()),
                            number(row.head()),
                            word(row.scale()),
                            number(row.change().estimate()),
                            number(row.change().low()),
                            number(row.change().high()),
                            row.test().text(),
                            row.replicate().word(),
                            Integer.toString(row.units()),
                            number(row.p()),
                            number(row.adjusted()),
                            number(row.superiority()),
                            number(row.detectable()),
                            row.needed() < 0 ? "" : Integer.toString(row.needed()),
                            Integer.toString(row.baseForks().count()),
                            Integer.toString(row.headForks().count()),
                            Integer.toString(row.baseForks().failed()),
                            Integer.toString(row.headForks().failed()),
                            row.verdict().word(),
                            quoted(CompareWording.note(row)),
                            quoted(key.benchmark()),
                            quoted(key.mode()),
                            key.threads() == 0 ? "" : Integer.toString(key.threads()),
                            quoted(key.threadGroups()),
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
}
