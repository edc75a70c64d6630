package org.cowbench.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
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
        return measured(label, benchmark, params, "");
    }

    /** A counter of an operation. */
    OptionalDouble counter(String label, String benchmark, Map<String, String> params, String counter) {
        return measured(label, benchmark, params, counter);
    }

    private OptionalDouble measured(String label, String benchmark, Map<String, String> params, String counter) {
        Path directory = results.resolve(label);
        if (!Files.isDirectory(directory)) {
            return OptionalDouble.empty();
        }
        for (Measurement each : ResultDirectory.read(directory).measurements()) {
            if (each.benchmark().equals(benchmark) && each.params().equals(params)) {
                Metric metric = each.secondary().get(counter);
                double[] boots =
                        counter.isEmpty() ? each.forkMeans() : metric == null ? new double[0] : metric.forkMeans();
                return Arrays.stream(boots).average();
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
