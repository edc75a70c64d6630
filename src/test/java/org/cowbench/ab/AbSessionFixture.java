package org.cowbench.ab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.junit.jupiter.api.io.TempDir;

/** Sessions whose forks are made up. */
abstract class AbSessionFixture {
    static final List<String> CELLS = List.of("A.x;policy=v5.9", "A.y");

    @TempDir
    Path results;

    final List<Integer> executed = new ArrayList<>();

    static AbPlan plan(int blocks, String... sides) {
        List<AbPlan.Side> list = new ArrayList<>();
        for (String side : sides) {
            list.add(
                    new AbPlan.Side(side, side + ".jar", side.equals("head") ? "beef" : "cafe", false, List.of("run")));
        }
        return new AbPlan(1, "s", list, CELLS, blocks, null, 77, List.of("run-bench.sh", "ab"));
    }

    /** Stands in for a jar: writes what 'run --forks 1' would, and always the same for a slot. */
    void fork(AbPlan.Slot slot, Path directory, String label, double effect, boolean fails) {
        executed.add(slot.order());
        boolean head = slot.side().name().equals("head");
        double value = 100 * (head ? effect : 1) * (1 + 0.01 * new Random(slot.order()).nextGaussian());
        Map<String, String> params = slot.cell().contains("policy") ? Map.of("policy", "V5_9") : Map.of();
        String benchmark = slot.cell().split(";")[0];
        // Odd milliseconds: as seconds in binary many of them are a little less than they are.
        Instant started = Instant.parse("2022-01-13T14:03:18Z").plusMillis(1013L * slot.order() + 7);
        ResultWriter writer = ResultWriter.create(directory, label);
        String entry = "{\"jmhVersion\":\"1.37\",\"benchmark\":\"org.example." + benchmark
                + "\",\"mode\":\"avgt\",\"forks\":1,"
                + "\"params\":{" + (params.isEmpty() ? "" : "\"policy\":\"V5_9\"") + "},\"primaryMetric\":{\"score\":"
                + value
                + ",\"scoreError\":\"NaN\",\"scoreConfidence\":[\"NaN\",\"NaN\"],\"scorePercentiles\":{\"0.0\":" + value
                + ",\"50.0\":" + value + ",\"100.0\":" + value + "},\"scoreUnit\":\"ns/op\",\"rawData\":[[" + value
                + "," + value
                + "]]},\"secondaryMetrics\":{\"copies\":{\"score\":1,\"scoreUnit\":\"#/op\",\"rawData\":[[1,1]]}}}";
        writer.writeJmh(out -> out.write(("[" + (fails ? "" : entry) + "]").getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(
                1,
                label,
                "",
                false,
                List.of(),
                0,
                "custom",
                started.toString(),
                2,
                true,
                Map.of("kernel.release", "6.12", "load.start", "0." + slot.order(), "load.end", "1." + slot.order()),
                List.of(new ForkInfo(
                        0,
                        0,
                        benchmark,
                        params,
                        started.toString(),
                        1,
                        fails ? Double.NaN : value,
                        fails ? "" : "ns/op",
                        fails ? "died" : null)),
                List.of("a look, not a claim: 1 fork each", "planted", "only " + slot.order())));
        if (fails) {
            writer.writeText("fork-0.log", "out of frames");
        } else {
            Histogram histogram = new Histogram(3);
            histogram.recordValueWithCount(Math.round(value * 1000), 2000);
            writer.writeHistograms(List.of(new TaggedHistogram(slot.cell(), started, 1, histogram)), started, "ps");
        }
        writer.finish();
    }

    AbSession create(AbPlan plan) {
        return AbSession.create(results, plan, Map.of());
    }
}
