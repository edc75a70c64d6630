package org.cowbench.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Tag;

/**
 * A benchmark of guests in a result: a value a boot, which is its fork.
 *
 * @param benchmark what was measured
 * @param params its parameters
 * @param units operations of a boot that its value stands for
 * @param scores guest instructions an operation, a value a boot
 * @param counts what else was counted, a value a boot
 * @param calls of kernel functions, by their names, a value a boot
 */
public record BootFigure(
        KnownBenchmark benchmark,
        Map<String, String> params,
        int units,
        double[] scores,
        Map<KnownMetric, double[]> counts,
        Map<String, double[]> calls) {
    /** The unit of scores. */
    public static final String UNIT = KnownMetric.MEAN.unit().text();

    private static final String PACKAGE = BootFigure.class.getPackageName() + ".";

    /**
     * Its name in a result.
     *
     * @return benchmark and parameters
     */
    public String tag() {
        return Tag.of(benchmark.id(), params);
    }

    /**
     * The benchmark in JMH's format.
     *
     * @return an entry of {@code jmh.json}
     */
    public ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("jmhVersion", "none: measured in a guest")
                .put("benchmark", PACKAGE + benchmark.id())
                .put("mode", "avgt")
                .put("threads", 1)
                .put("forks", scores.length)
                .put("jdkVersion", System.getProperty("java.version"))
                .put("warmupIterations", 0)
                .put("warmupTime", "none")
                .put("warmupBatchSize", 1)
                .put("measurementIterations", 1)
                .put("measurementTime", "single pass")
                .put("measurementBatchSize", units);
        if (!params.isEmpty()) {
            ObjectNode names = json.putObject("params");
            params.forEach(names::put);
        }
        json.set("primaryMetric", metric(scores, UNIT));
        ObjectNode secondary = json.putObject("secondaryMetrics");
        counts.forEach((known, values) ->
                secondary.set(known.id(), metric(values, known.unit().text())));
        calls.forEach((name, values) ->
                secondary.set(KnownMetric.CALLS + name, metric(values, KnownMetric.Unit.COUNT.text())));
        return json;
    }

    private static ObjectNode metric(double[] values, String unit) {
        ObjectNode metric = new ObjectMapper().createObjectNode();
        metric.put("score", Arrays.stream(values).average().orElse(Double.NaN));
        // JMH's word for what it does not compute; intervals are the stats package's business.
        metric.put("scoreError", "NaN");
        metric.putArray("scoreConfidence").add("NaN").add("NaN");
        metric.putObject("scorePercentiles")
                .put("0.0", Arrays.stream(values).min().orElse(Double.NaN))
                .put("50.0", GuestBench.medianOf(values))
                .put("100.0", Arrays.stream(values).max().orElse(Double.NaN));
        metric.put("scoreUnit", unit);
        ArrayNode raw = metric.putArray("rawData");
        for (double each : values) {
            raw.addArray().add(each);
        }
        return metric;
    }
}
