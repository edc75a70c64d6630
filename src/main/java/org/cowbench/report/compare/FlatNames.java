package org.cowbench.report.compare;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.result.Tag;

/** Names of rows for formats in which a blank ends a field. */
final class FlatNames {

    private FlatNames() {}

    /** Names of benchmarks without blanks that tell all rows apart. */
    static Function<Row, String> names(List<Row> rows) {
        return unique(rows, FlatNames::name, FlatNames::tag, row -> row.key().measurement());
    }

    static String name(Row row) {
        return flat(row.benchmark())
                + CompareWording.shownParams(row).values().stream()
                        .map(value -> "." + Tag.escaped(value, Tag.LINE_BREAKS).replace(' ', '_'))
                        .collect(Collectors.joining());
    }

    /** A tag without blanks. */
    static String tag(Row row) {
        return Tag.unique(flat(row.benchmark()), flat(CompareWording.shownParams(row)));
    }

    /** The name of a benchmark holds blanks only where modes and threads are told. */
    static String flat(String benchmark) {
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
    static Function<Row, String> unique(
            List<Row> rows, Function<Row, String> plain, Function<Row, String> exact, Function<Row, Object> identity) {
        Map<String, Object> seen = new HashMap<>();
        for (Row row : rows) {
            Object other = seen.putIfAbsent(plain.apply(row), identity.apply(row));
            if (other != null && !other.equals(identity.apply(row))) {
                return exact;
            }
        }
        return plain;
    }
}
