package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.cowbench.litmus.Script;
import org.cowbench.result.FolioKind;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelBenchTest {
    @TempDir
    private Path folder;

    private static KernelBench.Boot boot(long write, int changed) {
        Map<Situation, GuestBench> benches = new EnumMap<>(Situation.class);
        for (Situation situation : KernelFigure.SITUATIONS) {
            List<GuestBench.Pass> passes = new java.util.ArrayList<>();
            if (situation.steps().contains(Situation.Step.READ)) {
                passes.add(new GuestBench.Pass("read", new long[] {104, 204, 304}, 3, 0, 3, 0));
            }
            passes.add(new GuestBench.Pass("write", new long[] {write, write + 4, 90_000}, 3 - changed, changed, 3, 0));
            benches.put(situation, new GuestBench(situation, 4, passes));
        }
        return new KernelBench.Boot(3, benches, Map.of(), Instant.parse("2026-01-02T03:04:05Z"), 1.5);
    }

    private static RunInfo info(String label) {
        return new RunInfo(
                RunInfo.SCHEMA,
                label,
                "abc",
                false,
                List.of("x"),
                0,
                "kernel",
                "2026-01-02T03:04:05Z",
                3,
                true,
                new TreeMap<>(Map.of("guest.cpu", "max")),
                List.of(),
                List.of());
    }

    private ResultDirectory save(String label, Map<String, List<KernelBench.Boot>> boots, boolean named) {
        ResultWriter writer = ResultWriter.create(folder, label);
        KernelBench.save(writer, info(label), boots, named);
        return ResultDirectory.read(writer.finish());
    }

    /** A kernel whose passes over three pages end as given. */
    private record Measured(int kept, int changed, long major) implements KernelSession {
        @Override
        public GuestBench measure(Situation situation, int pages) {
            long[] ticks = {5, 5, 5};
            return new GuestBench(
                    situation,
                    1,
                    List.of(
                            new GuestBench.Pass("read", ticks, 3, 0, 3, 0),
                            new GuestBench.Pass("write", ticks, kept, changed, 3, major)));
        }

        @Override
        public GuestBench measure(FolioKind kind, Situation situation, int pages) {
            return new GuestBench(situation, 0, List.of(), List.of(), Optional.of("unavailable: no folios"));
        }

        @Override
        public void run(List<Script> scripts, Consumer<ScriptRun> each) {
            throw new UnsupportedOperationException("measures only");
        }

        @Override
        public String release() {
            return "6.1.0";
        }

        @Override
        public boolean readsLog() {
            return true;
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.without();
        }

        @Override
        public void close() {}
    }

    @Test
    void aPassThatWasNotInMemoryIsNoFigure() {
        KernelBench.Boot boot = KernelBench.measure(new Measured(1, 2, 0), 3);
        assertThat(boot.median(KernelFigure.WRITE_SWAP_IN)).isEqualTo(4);
        assertThatThrownBy(() -> KernelBench.measure(new Measured(1, 2, 1), 3))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS))
                .hasMessage("6.1.0: writeAfterRead of 3 pages is no figure of a fault in memory: 1 faults of the write"
                        + " pass read the swap device; take fewer --pages");
        assertThatThrownBy(() -> KernelBench.measure(new Measured(1, 1, 0), 3))
                .hasMessageContaining("1 pages had left memory after the write pass");
    }

    @Test
    void aGuestHasRoomForWhatIsMeasured() {
        assertThat(GuestOptions.bench(Map.of(), 4096).memoryMiB()).isEqualTo(256);
        assertThat(GuestOptions.bench(Map.of(), KernelBench.MOST_PAGES).memoryMiB())
                .isGreaterThan(3 * 256);
    }

    @Test
    void aResultTellsWhichBuildWasMeasured() throws IOException {
        Path file = Files.write(folder.resolve("bzImage"), Packages.bzImage("6.1.5"));
        KernelImage kernel = KernelImage.of(file, null);
        assertThat(KernelBench.environment("6.1", kernel, false))
                .containsAllEntriesOf(Map.of(
                        "guest.kernel",
                        "6.1.5",
                        "guest.build",
                        "#1 SMP",
                        "guest.image",
                        "bzImage",
                        "guest.disk",
                        "virtio or nvme or ide",
                        "guest.policy",
                        "v5.19",
                        "guest.name",
                        "6.1"));
        assertThat(KernelBench.environment("6.1", kernel, false).get("guest.sha256"))
                .matches("[0-9a-f]{64}");
        Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
        assertThat(KernelImage.of(file, null).sha256()).isNotEqualTo(kernel.sha256());
        assertThat(KernelBench.environment("6.1", kernel, true))
                .containsKeys("guest.kernel.6.1", "guest.sha256.6.1")
                .doesNotContainKeys("guest.kernel", "guest.name");
    }

    @Test
    void aFigureIsTheMedianOverPagesWithoutTheFloor() {
        KernelBench.Boot boot = boot(1000, 3);
        assertThat(boot.median(KernelFigure.WRITE_AFTER_READ)).isEqualTo(1000);
        assertThat(boot.median(KernelFigure.SWAP_IN_READ)).isEqualTo(200);
    }

    @Test
    void writesAResultLikeAnyOther() throws IOException {
        ResultDirectory result = save("one", Map.of("6.1", List.of(boot(1000, 3), boot(1002, 3))), false);
        assertThat(result.label()).isEqualTo("one");
        assertThat(result.info().environment()).containsEntry("guest.cpu", "max");
        assertThat(result.measurements())
                .extracting(m -> m.benchmark())
                .containsExactly(
                        "Guest.swapInRead",
                        "Guest.writeAfterRead",
                        "Guest.hiddenSharer",
                        "Guest.snapshotWrite",
                        "Guest.writeSwapIn");
        assertThat(result.measurements()).allSatisfy(m -> assertThat(m.params()).isEmpty());
        assertThat(result.measurements().get(1).forkMeans()).containsExactly(1000, 1002);
        assertThat(result.measurements().get(1).unit()).isEqualTo("instructions/op");
        assertThat(result.measurements().get(1).secondary().get("copies").raw()[0][0])
                .isEqualTo(1);
        Histogram histogram = result.histograms().get("Guest.writeAfterRead");
        assertThat(histogram.getTotalCount()).isEqualTo(6);
        assertThat(histogram.getValueAtPercentile(50) / 1000.0).isBetween(1000 * 0.999, 1004 * 1.001);
    }

    @Test
    void namesTheKernelWhenThereAreSeveral() {
        Map<String, List<KernelBench.Boot>> boots = new java.util.LinkedHashMap<>();
        boots.put("5.10", List.of(boot(3000, 3)));
        boots.put("6.1", List.of(boot(1000, 0)));
        ResultDirectory result = save("many", boots, true);
        assertThat(result.measurements())
                .extracting(m -> m.params().get("kernel"))
                .containsExactly("5.10", "5.10", "5.10", "5.10", "5.10", "6.1", "6.1", "6.1", "6.1", "6.1");
        assertThat(result.histograms()).containsKey("Guest.writeAfterRead;kernel=5.10");
    }
}
