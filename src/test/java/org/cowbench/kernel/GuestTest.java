package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.litmus.WriteKind;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real guests, where the emulator and the kernels are there; the reason is printed where they are not. */
@Tag("guest")
class GuestTest {
    @TempDir
    private Path folder;

    private GuestSession guest(String series, GuestOptions options) {
        return guest(series, options, Map.of());
    }

    private GuestSession guest(String series, GuestOptions options, Map<String, String> compiler) {
        Map<String, Path> cached = KernelImage.cached(KernelImage.cacheFolder(System.getenv()));
        if (!cached.containsKey(series)) {
            skip("kernel " + series + " is not cached: src/main/scripts/fetch-kernels.sh " + series);
        }
        if (List.of(System.getenv("PATH").split(":")).stream()
                .noneMatch(place -> Files.isExecutable(Path.of(place, options.qemu())))) {
            skip(options.qemu() + " is not installed: apt-get install qemu-system-x86");
        }
        return new GuestSession(KernelImage.ofDeb(cached.get(series)), options, ProbeBinary.compile(folder, compiler));
    }

    private static void skip(String reason) {
        System.err.println("GuestTest skipped: " + reason);
        abort(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1", "7.3"})
    void theModelAgreesWithRealKernels(String series) {
        // The first forks in the cgroup that the second presses: what the probe left there would be swapped out.
        List<Script> scripts = new ArrayList<>(List.of(
                ScriptParser.parse("before.litmus", "A write 0 1\nA fork B\nA reclaim 0\nB read 0"),
                ScriptParser.parse("after.litmus", "A drain\nA write 0 1\nA fork B\nA reclaim 0\nB read 0"),
                // From 6.12 on no page of zeroes is written to swap; a pin makes one that nobody wrote.
                ScriptParser.parse(
                        "pinned.litmus",
                        "A protect 0 ro\nA write 0 1\nA protect 0 rw\nA pin 0 P\nA unpin P\n"
                                + "A pageout 0\nA read 0"),
                // Pressure drains also where nothing is, and where the zero page is.
                ScriptParser.parse(
                        "nothing.litmus",
                        "pages 2\nA write 0 1\nA protect 0 ro\nA protect 0 rw\nA reclaim 1\n"
                                + "A write 0 2\nA read 1\nA protect 0 ro\nA protect 0 rw\nA reclaim 1\nA write 0 3"),
                ScriptParser.parse("zero.litmus", "A write 0 0\nA pageout 0\nA read 0 -> 0\nA splice 0 X\nA dma X 1")));
        scripts.addAll(ShippedScripts.all());
        scripts.addAll(Conformance.randomScripts(60, 11));
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            Conformance.Report report =
                    new Conformance(guest, KernelEra.policyOf(series).rule(), 1, text -> {}).compare(scripts);
            assertThat(report.findings()).isEmpty();
            assertThat(report.excluded()).as("direct reads are compared").doesNotContainKey(Exclusion.DIO);
            assertThat(report.steps()).isGreaterThan(500);
            // Asked again in the same boot, now by UART.
            Script script =
                    ScriptParser.parse("late.litmus", "A write 0 1\nA pageout 0\nA drain\nA read 0 -> 1\nA write 0 2");
            StepResult last = guest.run(script).getLast();
            assertThat(last.writeKind())
                    .contains(Map.of("5.10", WriteKind.COPY, "6.1", WriteKind.REUSE, "7.3", WriteKind.QUIET)
                            .get(series));
        }
    }

    /** A boot a device, in one session: on zram as on a disk, and skipped where there is no swap. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.12", "7.2"})
    void swapsToWhatAScriptNames(String series) {
        String steps = "A write 0 1\nA pageout 0\nA read 0 -> 1\nA drain\nA write 0 2";
        List<Script> scripts = new ArrayList<>();
        for (String device : List.of("swap zram\n", "", "swap none\n")) {
            scripts.add(ScriptParser.parse("f" + scripts.size(), device + steps));
        }
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            List<ScriptRun> runs = new ArrayList<>();
            guest.run(scripts, runs::add);
            assertThat(runs.stream().map(run -> run.results().get(2).major())).containsExactly(1, 0, 0);
            assertThat(runs.getLast().results().get(1).skipReason()).isEqualTo("there is no swap");
            assertThat(runs.get(0).results().getLast().writeKind().orElseThrow())
                    .isEqualTo(series.equals("5.10") ? WriteKind.REUSE : WriteKind.QUIET);
            assertThat(runs.get(1).results().getLast().writeKind().orElseThrow())
                    .isEqualTo(series.equals("5.10") ? WriteKind.COPY : WriteKind.QUIET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "7.2")
    void theModelAgreesOnZramToo(String series) {
        List<Script> scripts = new ArrayList<>(ShippedScripts.zram());
        scripts.add(ScriptParser.parse("none", "swap none\nA write 0 1\nA pageout 0\nA read 0 -> 1"));
        ShippedScripts.all().forEach(script -> scripts.add(script.on(SwapDevice.ZRAM)));
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            Conformance.Report report =
                    new Conformance(guest, KernelEra.policyOf(series).rule(), 1, text -> {}).compare(scripts);
            assertThat(report.findings()).isEmpty();
            assertThat(report.excluded()).containsEntry(Exclusion.DEVICE, 1);
        }
    }

    /** What is seen is what the model sees, and the device is held: without that the writes would do something else. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.1"})
    void aDiskIsHeld(String series) {
        List<Script> scripts = new ArrayList<>(ShippedScripts.writeback());
        scripts.addAll(Conformance.holding(Conformance.randomScripts(30, 5), 5));
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            Conformance.Report report =
                    new Conformance(guest, KernelEra.policyOf(series).rule(), 1, text -> {}).compare(scripts);
            assertThat(report.findings()).isEmpty();
            assertThat(report.excluded()).doesNotContainKey(Exclusion.HOLD);
            assertThat(report.unrepeated()).isZero();
        }
    }

    /** Where it cannot be held, that is said, and nothing is judged. */
    @Test
    void zramHoldsNothingNorDoesANewKernel() {
        String steps = "A write 0 1\nA writeout 0\nA read 0 -> 1";
        try (GuestSession guest = guest("6.1", GuestOptions.scripts(System.getenv()))) {
            assertThat(guest.run(ScriptParser.parse("zram", "swap zram\n" + steps))
                            .get(1)
                            .skipReason())
                    .isEqualTo("a device that answers at once holds nothing");
        }
        // It lets pass what goes to swap.
        try (GuestSession guest = guest("7.3", GuestOptions.scripts(System.getenv()))) {
            assertThat(guest.run(ScriptParser.parse("disk", steps)).get(1).skipReason())
                    .contains("CONFIG_BLK_DEV_THROTTLING");
            assertThat(guest.capabilities().can(Op.WRITEOUT)).isFalse();
            assertThat(guest.capabilities().can(Op.RECLAIM)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.12", "7.2"})
    void identifiesStockKernels(String series) {
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            Identification.Report report = Identification.of(guest);
            assertThat(report.fitting()).singleElement().satisfies(fits -> assertThat(fits.policies())
                    .contains(KernelEra.policyOf(series)));
            assertThat(Identification.surprising(report)).isEmpty();
        }
    }

    private static List<String> seen(List<StepResult> results) {
        return results.stream()
                .map(result -> result.error() != null
                        ? result.error()
                        : result.folio() == null
                                ? ""
                                : (result.folio().mapping() == null
                                                ? ""
                                                : result.folio().mapping() + " "
                                                        + result.folio().order() + " ")
                                        + result.folio().events().entrySet().stream()
                                                .filter(event -> event.getValue() > 0)
                                                .map(event -> event.getKey() + "=" + event.getValue())
                                                .sorted()
                                                .collect(Collectors.joining(" ")))
                .map(String::strip)
                .toList();
    }

    /** By the kernel alone, without the model: the settings of each size, the looks at folios, the counts of events. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "6.12", "7.3"})
    void foliosAreSeen(String series) {
        String lacks = "unavailable: this kernel has no folios of 64 KiB: less than 2048 is of v6.8 and newer";
        boolean old = series.equals("5.10");
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            assertThat(guest.capabilities().largeSwap()).isTrue();
            assertThat(seen(guest.run(ScriptParser.parse(
                            "pmd.litmus",
                            "folio 2048\nA write 5 1\nA fork B\nB write 7 2\n"
                                    + "B discard 0-255\nA split\nA read 300\nA pageout 300"))))
                    .containsExactly("pmd 9", "", "base 0 split_pmd=1", "- 0", "split_pmd=1", "whole 9", "whole 9");
            assertThat(seen(guest.run(ScriptParser.parse(
                            "swap.litmus", "folio 2048\nA write all 1\nA pageout all\nA drain\nA read 0 -> 1"))))
                    .containsExactly("pmd 9", "- 0 split_pmd=1 swpout=1", "", old ? "part 9" : "whole 9");
            List<StepResult> small = guest.run(ScriptParser.parse(
                    "small.litmus",
                    "folio 64\nA write all 1\nA fork B\n"
                            + "B exit\nA write 3 2\nA discard 0-7\nA pageout all\nA drain\nA read 9"));
            assertThat(seen(small))
                    .isEqualTo(
                            old
                                    ? List.of(lacks, lacks, lacks, lacks, lacks, lacks, lacks, lacks)
                                    : List.of(
                                            "whole 4",
                                            "",
                                            "",
                                            series.equals("7.3") ? "whole 4" : "base 0",
                                            "- 0",
                                            "- 0 split_page=1",
                                            "",
                                            "base 0"));
            assertThat(small).allSatisfy(result -> assertThat(result.skipped()).isEqualTo(old));
            // A script of base pages is what it was before any of folios.
            assertThat(guest.run(ScriptParser.parse("base.litmus", "A write 0 1\nA fork B\nA write 0 2")))
                    .noneMatch(StepResult::broken)
                    .allSatisfy(result -> assertThat(result.folio()).isNull());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "5.10")
    void aKernelThatDoesNotCollapseWhenAskedSkipsIt(String series) {
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            List<StepResult> results =
                    guest.run(ScriptParser.parse("x.litmus", "folio 2048\nA write all 1\nA collapse"));
            assertThat(results.getFirst().error()).isNull();
            assertThat(results.getLast().error()).isEqualTo("unavailable: needs MADV_COLLAPSE of v6.1 or newer");
            assertThat(results.getLast().skipped()).isTrue();
        }
    }

    /** A call that is given memory which the process did not get from its parent is refused: in the model's word. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "7.3"})
    void callsRefuseMemoryThatIsNotThere(String series) {
        Script script = ScriptParser.parse("x", "folio 2048\nA keep 0\nA fork B\nB splice 0 X\nB dio 0 2");
        List<String> errors = ModelRun.run(script, KernelEra.policyOf(series).rule()).stream()
                .map(StepResult::error)
                .toList();
        assertThat(errors.subList(2, 4)).containsOnly("efault");
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            assertThat(guest.run(script)).extracting(StepResult::error).isEqualTo(errors);
        }
    }

    /** A probe whose sources were changed: its guests are set up otherwise. */
    private GuestSession guest(String series, String sed) throws IOException {
        Path compiler = Files.writeString(
                folder.resolve("compiler"),
                "#!/bin/sh\nfor source; do :; done\nsed -i '" + sed + "' \"${source%/*}\"/*.c && exec cc \"$@\"\n");
        return guest(
                series,
                GuestOptions.scripts(System.getenv()),
                Map.of(
                        "CC",
                        Files.setPosixFilePermissions(compiler, PosixFilePermissions.fromString("rwx------"))
                                .toString()));
    }

    /** Up to v6.13 a folio is split on its way there: what follows would be of base pages, and is neither pass nor failure. */
    @ParameterizedTest
    @ValueSource(strings = "6.12")
    void aDiskThatRotatesTakesNoFolio(String series) throws IOException {
        String rotating = "s|stop_rotation(name);|file_write(\"/sys/block/vda/queue/rotational\", \"1\");|";
        try (GuestSession guest = guest(series, rotating)) {
            assertThat(guest.capabilities().largeSwap()).isFalse();
            List<StepResult> results = guest.run(ScriptParser.parse(
                    "x.litmus", "folio 16\nA write all 1\nA fork B\nA pageout all\nA reclaim 0\nA read 0 -> 1"));
            assertThat(results.subList(2, 4)).allSatisfy(result -> {
                assertThat(result.skipped()).isTrue();
                assertThat(result.error())
                        .startsWith("unavailable: a swap device rotates, and before v6.14 such a one takes no whole")
                        .doesNotContain("\n");
            });
            // What does not swap runs, and base pages swap.
            assertThat(results.getFirst().folio().order()).isEqualTo(2);
            assertThat(guest.run(ScriptParser.parse("y.litmus", "A write 0 1\nA pageout 0\nA read 0 -> 1")))
                    .noneMatch(StepResult::broken)
                    .noneMatch(StepResult::skipped);
            Conformance.Report report = new Conformance(
                            guest, KernelEra.policyOf(series).rule(), 0, text -> {})
                    .compare(List.of(ScriptParser.parse("z.litmus", "folio 16\nA write all 1\nA pageout all")));
            assertThat(report.excluded()).containsExactly(Map.entry(Exclusion.SWAP, 1));
            assertThat(report.steps()).isEqualTo(1);
        }
    }

    /** The settings are where such a kernel has none. */
    @ParameterizedTest
    @ValueSource(strings = "7.3")
    void aKernelWithoutHugePagesSkipsWhatIsOfFolios(String series) throws IOException {
        try (GuestSession guest = guest(series, "s|/sys/kernel/mm/transparent_hugepage/|/sys/kernel/mm/none/|")) {
            assertThat(guest.capabilities().folios()).isEmpty();
            for (int size : ScriptParser.FOLIOS) {
                assertThat(guest.run(ScriptParser.parse("x.litmus", "folio " + size + "\nA write 0 1\nA read 0 -> 1")))
                        .hasSize(2)
                        .allMatch(StepResult::skipped)
                        .allSatisfy(result ->
                                assertThat(result.error()).isEqualTo("unavailable: needs CONFIG_TRANSPARENT_HUGEPAGE"));
            }
            Conformance.Report report = new Conformance(
                            guest, KernelEra.policyOf(series).rule(), 0, text -> {})
                    .compare(ShippedScripts.folios());
            assertThat(report.judged()).isFalse();
            assertThat(report.excluded()).containsOnlyKeys(Exclusion.FOLIO);
        }
    }

    /** What the kernel logs, and what ends it, comes from a request that only tests make. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "7.3"})
    void theKernelsLogIsReadAndACrashEndsNoMoreThanItsScript(String series) {
        Script script = ScriptParser.parse("x.litmus", "A write 0 1\nA read 0 -> 1");
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            assertThat(guest.readsLog()).isTrue();
            guest.request("file /dev/kmsg <3>BUG: Bad page state in process test");
            ScriptRun said = guest.ask(script);
            assertThat(said.boot()).noneMatch(LogFinding::counts);
            assertThat(said.harm()).singleElement().satisfies(finding -> {
                assertThat(finding.line()).isEqualTo("BUG: Bad page state in process test");
                assertThat(finding.when()).isEqualTo(LogFinding.When.BEFORE);
            });
            assertThat(guest.ask(script).log()).isEmpty();
            guest.request("file /proc/sysrq-trigger c");
            List<ScriptRun> runs = new ArrayList<>();
            guest.run(List.of(script, script, script), runs::add);
            assertThat(runs).hasSize(3);
            assertThat(runs.getFirst().end()).hasValueSatisfying(end -> {
                assertThat(end.kind()).isEqualTo(KernelException.Kind.KERNEL);
                assertThat(end.getMessage()).contains("crashed: sysrq triggered crash; it was at step 0 of x.litmus");
            });
            assertThat(runs.subList(1, 3)).allSatisfy(run -> {
                assertThat(run.end()).isEmpty();
                assertThat(run.harm()).isEmpty();
                assertThat(run.results().getLast().value()).hasValue(1);
            });
        }
    }

    /** A reference that is left when all who had one have gone stands in for one that the kernel leaked. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "7.3"})
    void aPageThatIsNotFreedIsSeen(String series) {
        Script script = ScriptParser.parse(
                "x.litmus", "A write 0 1\nA fork B\nA splice 0 X\nA write 0 2\nA pageout 0\nA drain\nB read 0 -> 1");
        try (GuestSession guest = guest(series, GuestOptions.scripts(System.getenv()))) {
            assertThat(guest.ask(script).log()).isEmpty();
            guest.request("keep");
            assertThat(guest.ask(script).log()).containsExactly(LogFinding.unfreed(6));
            assertThat(guest.ask(script).log()).isEmpty();
            // A folio of 512 pages is one that was not freed, not 512.
            Script folio = ScriptParser.parse("y.litmus", "folio 2048\nA write all 1\nA splice 7 X\nA read all");
            assertThat(guest.ask(folio).log()).isEmpty();
            guest.request("keep");
            assertThat(guest.ask(folio).log()).containsExactly(LogFinding.unfreed(2));
            assertThat(guest.ask(folio).log()).isEmpty();
        }
    }

    /** A fork that copies what is pinned leaves the copy in the batch of the CPU whose writes drain it. */
    @ParameterizedTest
    @ValueSource(strings = {"5.10", "7.3"})
    void theModelAgreesOnTwoCpusToo(String series) {
        List<Script> scripts = new ArrayList<>(List.of(ScriptParser.parse(
                "copied.litmus",
                "A write 0 1\n"
                        + "A pin 0 P\n"
                        + "A fork B\n"
                        + "A unpin P\n"
                        + "B fork C\n"
                        + "C write 0 2\n"
                        + "B write 0 3\n"
                        + "C exit\n"
                        + "B pageout 0\n"
                        + "B read 0 -> 3")));
        scripts.addAll(ShippedScripts.all().stream()
                .filter(script -> List.of(
                                "dio-drains.litmus", "fork-shared.litmus", "seed.litmus", "splice-in-child.litmus")
                        .contains(script.file()))
                .toList());
        try (GuestSession guest =
                guest(series, GuestOptions.scripts(System.getenv()).withCpus(2))) {
            Conformance.Report report =
                    new Conformance(guest, KernelEra.policyOf(series).rule(), 1, text -> {}).compare(scripts);
            assertThat(report.findings()).isEmpty();
            assertThat(report.scripts()).isEqualTo(5);
            assertThat(report.excluded()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "5.10")
    void aKernelWithOneCpuCannotTakeTwo(String series) {
        Script script = ScriptParser.parse("x.litmus", "A write 0 1");
        GuestOptions options = GuestOptions.scripts(System.getenv()).withCpus(2).withAppend("nosmp");
        try (GuestSession guest = guest(series, options)) {
            assertThatThrownBy(() -> guest.run(script)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                assertThat(e.getMessage()).contains("it runs one CPU", "--smp 2 needs a kernel with CONFIG_SMP");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "5.10")
    void aSwapDeviceThatFillsUpIsNoResult(String series) {
        GuestOptions options = GuestOptions.scripts(System.getenv());
        GuestOptions tiny = new GuestOptions(
                options.qemu(),
                options.cpu(),
                options.memoryMiB(),
                1,
                options.append(),
                options.boot(),
                options.patience(),
                1,
                null);
        StringBuilder text = new StringBuilder("pages 300\n");
        for (int page = 0; page < 300; page++) {
            text.append("A write ")
                    .append(page)
                    .append(" 1\nA pageout ")
                    .append(page)
                    .append('\n');
        }
        try (GuestSession guest = guest(series, tiny)) {
            assertThatThrownBy(() -> guest.run(ScriptParser.parse("many.litmus", text.toString())))
                    .isInstanceOfSatisfying(KernelException.class, e -> {
                        assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                        assertThat(e.getMessage()).contains("swap is more than half full, 0 KiB of 1016 KiB are free");
                        assertThat(e.done().getLast().after()).isEqualTo(EntryState.PRESENT);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "6.1")
    void instructionCountsRepeat(String series) {
        double[] medians = new double[2];
        for (int i = 0; i < medians.length; i++) {
            try (GuestSession guest = guest(series, GuestOptions.bench(System.getenv(), 1024))) {
                GuestBench bench = guest.measure(Situation.SWAPCACHE, 1024);
                assertThat(bench.pass("write").kept()).isEqualTo(1024);
                assertThat(bench.pass("write").minor()).isEqualTo(1024);
                assertThat(bench.pass("write").changed()).isZero();
                medians[i] = bench.pass("write").median();
            }
        }
        assertThat(medians[1]).isBetween(medians[0] * 0.995, medians[0] * 1.005);
        assertThat(medians[0]).isBetween(500.0, 5000.0);
    }

    /** A swapped, forked folio whose child has gone: one fault for it up to v6.19, one a page from v7.0 on. */
    @ParameterizedTest
    @CsvSource({"6.18, 1", "7.2, 16"})
    void faultsOfAFolioInTheSwapCache(String series, int faults) {
        try (GuestSession guest = guest(series, GuestOptions.bench(System.getenv(), 1024))) {
            GuestBench bench = guest.measure(FolioKind.KIB_64, Situation.SHARER_GONE, 1024);
            assertThat(bench.lacking()).isEmpty();
            assertThat(bench.pass("write").kept()).isEqualTo(1024);
            assertThat(bench.pass("write").changed()).isZero();
            assertThat(bench.pass("write").minor()).isEqualTo(1024 / 16 * faults);
            assertThat(guest.measure(FolioKind.MIB_2, Situation.ONE_LEFT, 1024)
                            .pass("write")
                            .changed())
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "6.1")
    void aKernelWithoutASizeSaysSo(String series) {
        try (GuestSession guest = guest(series, GuestOptions.bench(System.getenv(), 1024))) {
            assertThat(guest.measure(FolioKind.KIB_64, Situation.PRIVATE, 1024).lacking())
                    .hasValueSatisfying(
                            why -> assertThat(why).startsWith("unavailable: this kernel has no folios of 64 KiB"));
            assertThat(guest.measure(FolioKind.MIB_2, Situation.PRIVATE, 1024)
                            .pass("write")
                            .minor())
                    .isEqualTo(2);
        }
    }
}
