package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelBenchTest {
    @TempDir
    private Path folder;

    private static KernelBench.Boot boot(long write, int changed) {
        Map<BenchKind, GuestBench> benches = new EnumMap<>(BenchKind.class);
        for (BenchKind kind : BenchKind.values()) {
            List<GuestBench.Pass> passes = new java.util.ArrayList<>();
            if (kind == BenchKind.REREAD || kind == BenchKind.HIDDEN) {
                passes.add(new GuestBench.Pass("read", new long[] {104, 204, 304}, 3, 0, 3, 0));
            }
            passes.add(new GuestBench.Pass("write", new long[] {write, write + 4, 90_000}, 3 - changed, changed, 3, 0));
            benches.put(kind, new GuestBench(kind, 4, passes));
        }
        return new KernelBench.Boot("6.1.0", benches, Instant.parse("2026-01-02T03:04:05Z"), 1.5);
    }

    private static RunInfo info(String label) {
        return new RunInfo(RunInfo.SCHEMA, label, "abc", false, List.of("x"), 0, "kernel", "2026-01-02T03:04:05Z", 3, true,
                new TreeMap<>(Map.of("guest.cpu", "max")), List.of(), List.of());
    }

    @Test
    void aFigureIsTheMedianOverPagesWithoutTheFloor() {
        KernelBench.Boot boot = boot(1000, 3);
        assertThat(boot.median(KernelFigure.WRITE_AFTER_READ)).isEqualTo(1000);
        assertThat(boot.median(KernelFigure.SWAP_IN_READ)).isEqualTo(200);
        assertThat(KernelBench.value(List.of(boot(1000, 3), boot(1100, 3), boot(1200, 3)), KernelFigure.HIDDEN_SHARER))
                .isEqualTo(1100);
    }

    @Test
    void writesAResultLikeAnyOther() throws IOException {
        Path directory = KernelBench.write(folder, info("one"), Map.of("6.1", List.of(boot(1000, 3), boot(1002, 3))), false);
        ResultDirectory result = ResultDirectory.read(directory);
        assertThat(result.label()).isEqualTo("one");
        assertThat(result.info().environment()).containsEntry("guest.cpu", "max");
        assertThat(result.measurements()).extracting(m -> m.benchmark()).containsExactly("Guest.swapInRead",
                "Guest.writeAfterRead", "Guest.hiddenSharer", "Guest.snapshotWrite", "Guest.writeSwapIn");
        assertThat(result.measurements()).allSatisfy(m -> assertThat(m.params()).isEmpty());
        assertThat(result.measurements().get(1).forkMeans()).containsExactly(1000, 1002);
        assertThat(result.measurements().get(1).unit()).isEqualTo("instructions/op");
        assertThat(result.measurements().get(1).secondary().get("copies").raw()[0][0]).isEqualTo(1);
        Histogram histogram = result.histograms().get("Guest.writeAfterRead");
        assertThat(histogram.getTotalCount()).isEqualTo(6);
        assertThat(histogram.getValueAtPercentile(50) / 1000.0)
                .isBetween(1000 * 0.999, 1004 * 1.001);
    }

    @Test
    void namesTheKernelWhenThereAreSeveral() {
        Map<String, List<KernelBench.Boot>> boots = new java.util.LinkedHashMap<>();
        boots.put("5.10", List.of(boot(3000, 3)));
        boots.put("6.1", List.of(boot(1000, 0)));
        ResultDirectory result = ResultDirectory.read(KernelBench.write(folder, info("many"), boots, true));
        assertThat(result.measurements()).extracting(m -> m.params().get("kernel"))
                .containsExactly("5.10", "5.10", "5.10", "5.10", "5.10", "6.1", "6.1", "6.1", "6.1", "6.1");
        assertThat(result.histograms()).containsKey("Guest.writeAfterRead;kernel=5.10");
    }
}
