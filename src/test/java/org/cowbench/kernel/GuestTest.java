package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real guests, where the emulator and the kernels are there; the reason is printed where they are not. */
class GuestTest {
    @TempDir
    private Path folder;

    private GuestSession guest(String series, GuestOptions options) {
        Map<String, Path> cached = KernelImage.cached(KernelImage.cacheFolder(System.getenv()));
        if (!cached.containsKey(series)) {
            skip("kernel " + series + " is not cached: src/main/scripts/fetch-kernels.sh " + series);
        }
        if (List.of(System.getenv("PATH").split(":")).stream()
                .noneMatch(place -> Files.isExecutable(Path.of(place, options.qemu())))) {
            skip(options.qemu() + " is not installed: apt-get install qemu-system-x86");
        }
        return new GuestSession(KernelImage.ofDeb(cached.get(series)), options, ProbeBinary.compile(folder, Map.of()));
    }

    private static void skip(String reason) {
        System.err.println("GuestTest skipped: " + reason);
        abort(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1"})
    void theModelAgreesWithRealKernels(String series) {
        List<Script> scripts = new ArrayList<>(ShippedScripts.all());
        scripts.addAll(Conformance.randomScripts(60, 11));
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            Conformance.Report report = new Conformance(guest, KernelEra.policyOf(series).rule(), 1, text -> { })
                    .compare(scripts);
            assertThat(report.findings()).isEmpty();
            assertThat(report.steps()).isGreaterThan(500);
            // Asked again in the same boot, now by UART.
            Script script = ScriptParser.parse("late.litmus", "A write 0 1\nA pageout 0\nA drain\nA read 0 -> 1\nA write 0 2");
            StepResult last = guest.run(script).getLast();
            assertThat(last.writeKind()).isEqualTo(series.equals("5.10") ? "copy" : "reuse");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "6.1")
    void instructionCountsRepeat(String series) {
        double[] medians = new double[2];
        for (int i = 0; i < medians.length; i++) {
            try (GuestSession guest = guest(series, GuestOptions.bench(System.getenv(), 1024))) {
                GuestBench bench = guest.measure(BenchKind.REREAD, 1024);
                assertThat(bench.pass("write").kept()).isEqualTo(1024);
                assertThat(bench.pass("write").minor()).isEqualTo(1024);
                assertThat(bench.pass("write").changed()).isZero();
                medians[i] = bench.pass("write").median();
            }
        }
        assertThat(medians[1]).isBetween(medians[0] * 0.995, medians[0] * 1.005);
        assertThat(medians[0]).isBetween(500.0, 5000.0);
    }
}
