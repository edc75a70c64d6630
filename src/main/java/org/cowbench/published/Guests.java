package org.cowbench.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultDirectory;

/**
 * Figures of real kernels in results that come with cowbench.
 *
 * @param results directory of all results; figures of a result that is not there are absent
 */
record Guests(Path results) {

    /** Guest instructions of an operation, the mean of all boots. */
    OptionalDouble instructions(String label, String benchmark, Map<String, String> params) {
        return measured(label, benchmark, params, Measurement::forkMeans);
    }

    /** A counter of an operation. */
    OptionalDouble counter(String label, String benchmark, Map<String, String> params, String counter) {
        return measured(label, benchmark, params, each -> {
            Metric metric = each.secondary().get(counter);
            return metric == null ? new double[0] : metric.forkMeans();
        });
    }

    private OptionalDouble measured(
            String label, String benchmark, Map<String, String> params, Function<Measurement, double[]> boots) {
        Path directory = results.resolve(label);
        if (!Files.isDirectory(directory)) {
            return OptionalDouble.empty();
        }
        for (Measurement each : ResultDirectory.read(directory).measurements()) {
            if (each.benchmark().equals(benchmark) && each.params().equals(params)) {
                return Arrays.stream(boots.apply(each)).average();
            }
        }
        return OptionalDouble.empty();
    }

    /** How many times one is the other; absent where one is. */
    static OptionalDouble ratio(OptionalDouble of, OptionalDouble to) {
        return of.isPresent() && to.isPresent() && to.getAsDouble() > 0
                ? OptionalDouble.of(of.getAsDouble() / to.getAsDouble())
                : OptionalDouble.empty();
    }
}
