package org.cowbench.compare;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.cowbench.result.BenchmarkNames;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Tag;

/**
 * What the benchmarks of a comparison are called: as short as both sides together allow.
 *
 * @param names by what was measured
 */
record SeriesNames(Map<MeasurementKey, String> names) {

    static SeriesNames of(List<Series> base, List<Series> head) {
        return new SeriesNames(BenchmarkNames.of(
                Stream.concat(base.stream(), head.stream()).map(Series::key).toList(), true));
    }

    String name(Series series) {
        return Objects.requireNonNull(names.get(series.key()));
    }

    String tag(Series series) {
        return Tag.unique(name(series), MeasuredPolicy.displayed(series.key()));
    }
}
