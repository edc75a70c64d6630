package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cowbench.kernel.FakeEmulator.END;
import static org.cowbench.kernel.FakeEmulator.READ;
import static org.cowbench.kernel.FakeEmulator.START;
import static org.cowbench.kernel.FakeEmulator.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.kernel.FakeEmulator;
import org.cowbench.kernel.Packages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel commands say of a kernel that ends badly, in a JVM of their own. */
@Tag("slow")
class KernelEndTest {
    private static final String CRASH = "echo 'kernel BUG at mm/memory.c:3100!' > $serial\n";

    @TempDir
    private Path folder;

    private String out;
    private String err;

    private int run(String emulator, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kernel"));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--image",
                Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.1"))
                        .toString()));
        CommandLines.Ran ran = CommandLines.emulated(folder, emulator, command);
        out = ran.out();
        err = ran.err();
        return ran.status();
    }

    private String script() throws IOException {
        return Files.writeString(folder.resolve("x.litmus"), "A write 0 1\nA read 0 -> 1\n")
                .toString();
    }

    @Test
    void conformPrintsTheScriptThatAKernelDidNotSurvive() throws Exception {
        assertThat(run(START + WRITE + CRASH, "conform", "--random", "0", "--shrink", "0", script()))
                .isEqualTo(1);
        assertThat(out)
                .startsWith("# x.litmus: crash, seen once\n#   step 1, A read 0: crash: ")
                .contains("crashed: kernel BUG at mm/memory.c:3100!; it was at step 1 of x.litmus, A read 0\n"
                        + "#   | kernel BUG at mm/memory.c:3100!\npages 1\nA write 0 1\nA read 0 -> 1\n");
    }

    /** The first boot dies of the first script, the second does the other. */
    @Test
    void aCrashEndsItsScriptAndNotTheRun() throws Exception {
        String second =
                Files.writeString(folder.resolve("y.litmus"), "A write 0 1\n").toString();
        String emulator = "if [ -e $0.again ]; then\n" + START + WRITE + END + "read quit; exit; fi\n: > $0.again\n"
                + START + WRITE + CRASH;
        for (String command : List.of("litmus", "conform")) {
            Files.deleteIfExists(folder.resolve("qemu.again"));
            List<String> words = new ArrayList<>(List.of(command, script(), second));
            words.addAll(
                    command.equals("litmus")
                            ? List.of("--format", "summary")
                            : List.of("--random", "0", "--shrink", "0"));
            assertThat(run(emulator, words.toArray(String[]::new))).isEqualTo(1);
            assertThat(out)
                    .contains(
                            command.equals("litmus")
                                    ? "y       -"
                                    : "2 scripts, random seed 1: steps 2, mismatches 1 in 1 script (crash 1)");
        }
        // A script whose first step ends the kernel has no result of it.
        assertThat(run(START + CRASH, "litmus", script())).isEqualTo(1);
        assertThat(err).contains("it was at step 0 of x.litmus, A write 0 1");
    }

    /** A kernel that can do no script to its end is not passed, whatever steps it can do. */
    @Test
    void whatIsSkippedAltogetherIsNotJudged() throws Exception {
        String skipped = "\"error\":\"unavailable: this kernel has no folios of 64 KiB\"}";
        String write = WRITE.replaceFirst("\"before.*}", skipped);
        String read = READ.replaceFirst("\"before.*}", skipped);
        assertThat(run(START + write + read + END + "read quit\n", "litmus", script()))
                .isEqualTo(4);
        assertThat(out).contains("this kernel has no folios of 64 KiB");
        assertThat(run(START + WRITE + read + END + "read quit\n", "litmus", script()))
                .isEqualTo(4);
        assertThat(run(START + WRITE + READ + END + "read quit\n", "litmus", script()))
                .isEqualTo(0);
    }

    /** The first boot shows it three times and then hangs, and so do all later ones: what a smaller script does is not seen. */
    @Test
    void aGuestThatHangsWhileAScriptIsMadeSmallerIsEnded() throws Exception {
        String wrong = WRITE + READ.replace("\"value\":1", "\"value\":2") + END;
        String emulator = START + "[ ! -e $0.again ] || exec sleep 60\n: > $0.again\n" + wrong
                + "n=1\nwhile read -r request; do case $request in\n=*) n=$((n + 1)); [ $n -le 3 ] || exec sleep 60\n"
                + wrong + ";;\nquit*) exit;; esac; done\n";
        assertThat(run(emulator, "conform", "--random", "0", "--shrink", "1", "--timeout", "3", script()))
                .as(err)
                .isEqualTo(1);
        assertThat(err).contains("shrinking x.litmus: corrupt value");
        assertThat(out)
                .startsWith("# x.litmus: corrupt value\n#   step 1, A read 0: value is 1 in the model, 2 in the kernel")
                .contains("mismatches 1 in 1 script (corrupt value 1)")
                .doesNotContain("# minimal");
    }

    /** Three scripts in three processes; the second process dies, leaves no part and is started again. */
    @Test
    void partsOfAComparisonMakeTheWhole() throws Exception {
        List<String> command = new ArrayList<>(List.of("conform", "--random", "0", "--shrink", "0"));
        for (String name : List.of("a", "b", "c")) {
            command.add(Files.writeString(folder.resolve(name + ".litmus"), "A write 0 1\n")
                    .toString());
        }
        String stale = WRITE.replace(",\"old\":0}", ",\"old\":0,\"error\":\"stale translation: CPU 0 still sees 0\"}");
        String all = START + WRITE + END + stale.replace("\"file\":\"0\"", "\"file\":\"1\"")
                + END.replace("\"file\":\"0\"", "\"file\":\"1\"")
                + WRITE.replace("\"file\":\"0\"", "\"file\":\"2\"")
                + END.replace("\"file\":\"0\"", "\"file\":\"2\"") + "read quit\n";
        assertThat(run(all, command.toArray(String[]::new))).as(err).isEqualTo(1);
        String whole = out;
        assertThat(whole).contains("# b.litmus: stale translation, seen once", "3 scripts", "the first is script 2\n");
        List<String> parts = new ArrayList<>();
        for (int index = 1; index <= 3; index++) {
            String part = folder.resolve(index + ".json").toString();
            List<String> shard = new ArrayList<>(command);
            shard.addAll(List.of("--shard", index + "/3", "--part", part));
            if (index == 2) {
                assertThat(run("exit 1\n", shard.toArray(String[]::new))).isPositive();
                assertThat(Path.of(part)).doesNotExist();
            }
            String answer = START + (index == 2 ? stale : WRITE) + END + "read quit\n";
            assertThat(run(answer, shard.toArray(String[]::new))).as(err).isEqualTo(index == 2 ? 1 : 0);
            parts.add(part);
        }
        CommandLines.Ran merged = CommandLines.run("merge", parts.get(2), parts.get(0), parts.get(1));
        assertThat(merged.status()).isEqualTo(1);
        assertThat(merged.out()).isEqualTo(whole);
        command.addAll(List.of("--format", "ktap"));
        run(all, command.toArray(String[]::new));
        assertThat(CommandLines.run("merge", "--format=ktap", parts.get(0), parts.get(1), parts.get(2))
                        .out())
                .isEqualTo(out);
        assertThat(CommandLines.run("merge", "--format=json", parts.get(0), parts.get(1), parts.get(2))
                        .err())
                .contains("--format json: these parts make [text, ktap]");
    }

    @Test
    void theReportSaysOnHowManyCpusAndNamesAStaleTranslation() throws Exception {
        String two = "case \" $* \" in *' -smp 2 '*) ;; *) exit 1;; esac\ncase $* in *icount*) exit 1;; esac\n";
        String[] words = {"conform", "--smp", "2", "--random", "0", "--shrink", "0", script()};
        String stale = WRITE.replace(",\"old\":0}", ",\"old\":0,\"error\":\"stale translation: CPU 0 still sees 0\"}");
        assertThat(run(two + START + WRITE + READ + END + "read quit\n", words))
                .as(err)
                .isZero();
        assertThat(out)
                .isEqualTo("5.10 (5.10.1) on 2 CPUs against v5.9, 1 scripts, random seed 1: steps 2, mismatches 0\n");
        assertThat(run(two + START + stale + READ + END + "read quit\n", words)).isEqualTo(1);
        assertThat(out)
                .contains(
                        "# x.litmus: stale translation, seen once\n#   step 0, A write 0 1: error is - in the"
                                + " model, stale translation: CPU 0 still sees 0 in the kernel (stale translation)",
                        "(stale translation 1)");
        assertThat(run(two + START + stale + READ + END + "read quit\n", "litmus", "--smp", "2", script()))
                .isEqualTo(1);
        assertThat(out).contains("\"error\":\"stale translation: CPU 0 still sees 0\"");
    }

    @Test
    void whatTheKernelsLogSaysIsAFindingOfEveryCommand() throws Exception {
        String bad = FakeEmulator.log("step", "BUG: Bad page state in process probe  pfn:1")
                + FakeEmulator.log("step", "Call Trace:");
        String emulator = START + WRITE + bad + READ + END + "read quit\n";
        assertThat(run(emulator, "litmus", script())).isEqualTo(1);
        assertThat(out.lines().toList()).hasSize(2);
        assertThat(out.lines().findFirst().orElseThrow())
                .startsWith(
                        "{\"log\":[\"BUG: Bad page state in process probe  pfn:1\"],\"file\":\"x.litmus\",\"step\":0,");
        assertThat(err.lines())
                .containsExactly(
                        "  | Call Trace:",
                        "cowbench: 5.10: x.litmus, step 0, A write 0 1: BUG: Bad page"
                                + " state in process probe  pfn:1");
        assertThat(run(emulator, "conform", "--random", "0", "--shrink", "0", script()))
                .isEqualTo(1);
        assertThat(out)
                .contains(
                        "# x.litmus: kernel log, seen once\n#   step 0, A write 0 1: kernel log: BUG: Bad page state",
                        "#   | Call Trace:",
                        "steps 2, mismatches 1 in 1 script (kernel log 1)");
        String unfreed = "echo '{\"probe\":\"unfreed\",\"last\":1}'\n";
        assertThat(run(START + WRITE + READ + unfreed + END + "read quit\n", "litmus", script()))
                .isEqualTo(1);
        assertThat(err)
                .contains("cowbench: 5.10: x.litmus, after its last step, when its processes had ended: a page was not"
                        + " freed when all had gone; the last to see it was step 1");
        assertThat(run(
                        START + WRITE + READ + unfreed + END + "read quit\n",
                        "conform",
                        "--random",
                        "0",
                        "--shrink",
                        "0",
                        script()))
                .isEqualTo(1);
        assertThat(out)
                .contains(
                        "# x.litmus: page not freed",
                        "#   after the last step: a page was not freed when all had gone");
        assertThat(run(START.replace("true}", "false}") + WRITE + READ + END + "read quit\n", "litmus", script()))
                .isZero();
        assertThat(err).contains("warning: 5.10: its log (/dev/kmsg) cannot be read");
    }

    @Test
    void aMeasurementInWhichTheKernelsLogSaysSomethingIsKeptAndFails() throws Exception {
        String pass = "{\"probe\":\"ticks\",\"access\":\"floor\",\"ticks\":[1]}\n"
            + "{\"probe\":\"ticks\",\"access\":\"read\",\"ticks\":[9]}\n"
            + "{\"probe\":\"pass\",\"access\":\"read\",\"pages\":1,\"kept\":1,\"changed\":0,\"minor\":1,\"major\":0}\n"
            + "{\"probe\":\"ticks\",\"access\":\"write\",\"ticks\":[9]}\n"
            + "{\"probe\":\"pass\",\"access\":\"write\",\"pages\":1,\"kept\":1,\"changed\":0,\"minor\":1,\"major\":0}\n";
        String kind = "cat <<'E'\n" + pass
                + "{\"probe\":\"log\",\"when\":\"end\",\"text\":\"WARNING: CPU: 0 PID: 7 at mm/x.c:3\"}\n"
                + "{\"probe\":\"end\",\"bench\":\"x\"}\nE\n";
        String noFolios = "while read -r request; do case $request in bench*folio*)\n"
                + "echo '{\"probe\":\"lacking\",\"why\":\"unavailable: no folios\"}'\n"
                + "echo '{\"probe\":\"end\",\"bench\":\"x\"}';; quit*) exit;; esac; done\n";
        assertThat(run(
                        START + kind.repeat(4) + noFolios,
                        "bench",
                        "--pages",
                        "1",
                        "--boots",
                        "1",
                        "--results",
                        folder.resolve("results").toString(),
                        "--label",
                        "said"))
                .as(err)
                .isEqualTo(1);
        assertThat(err).contains("cowbench: 5.10: writeAfterRead: WARNING: CPU: 0 PID: 7 at mm/x.c:3");
        assertThat(folder.resolve("results/said/run.json")).exists();
    }

    /** A violation that the script itself says the policy of the kernel's release shows. */
    @Test
    void aKnownViolationIsToldApartFromANewOne() throws Exception {
        String wrong = START + WRITE + READ.replace("\"value\":1", "\"value\":2") + END + "read quit\n";
        String known = Files.writeString(
                        folder.resolve("x.litmus"), "A write 0 1\nA read 0 -> 1\n#expect 1 =2: v5.7 v5.9\n")
                .toString();
        assertThat(run(wrong, "litmus", known)).as(err).isZero();
        assertThat(out).contains("{\"known\":\"v5.9\",\"file\":\"x.litmus\",\"step\":1,");
        assertThat(err).isEqualTo("5.10: x.litmus, step 1, A read 0: sees 2, not 1: known of v5.9\n");
        assertThat(run(wrong, "litmus", "--strict", "--format", "summary", known))
                .isEqualTo(1);
        assertThat(out).contains("5.10: x.litmus, step 1, A read 0: sees 2, not 1: known of v5.9");
        for (String other : List.of("#expect 1 =2: v5.7", "#expect 1 =3: v5.9", "")) {
            Files.writeString(folder.resolve("x.litmus"), "A write 0 1\nA read 0 -> 1\n" + other + "\n");
            assertThat(run(wrong, "litmus", known)).as(other).isEqualTo(1);
            assertThat(out).doesNotContain("known");
        }
    }

    @Test
    void whatDiffersIsKeptAndRunsAgain() throws Exception {
        Path kept = folder.resolve("kept");
        String leak = "echo '{\"file\":\"0\",\"step\":2,\"op\":\"B write 0"
            + " 2\",\"before\":\"present\",\"after\":\"present\",\"frame\":\"changed\",\"minor\":1,\"major\":0,\"old\":1}'\n"
            + "echo '{\"file\":\"0\",\"step\":3,\"op\":\"A read"
            + " 0\",\"before\":\"present\",\"after\":\"present\",\"frame\":\"same\",\"minor\":0,\"major\":0,\"value\":2}'\n";
        String script = Files.writeString(
                        folder.resolve("leak.litmus"), "A write 0 1\nA fork B\nB write 0 2\nA read 0\n")
                .toString();
        assertThat(run(
                        START + WRITE + "echo '{\"file\":\"0\",\"step\":1,\"op\":\"A fork B\"}'\n" + leak + END
                                + "read quit\n",
                        "conform",
                        "--random",
                        "0",
                        "--shrink",
                        "0",
                        "--timeout",
                        "3",
                        "--keep",
                        kept.toString(),
                        script))
                .isEqualTo(1);
        assertThat(out)
                .contains(
                        "# leak.litmus: leak",
                        "#   step 3, A read 0: value is 1 in the model, 2 in the kernel (leak)",
                        "# 5.10: 1 kept in " + kept);
        assertThat(kept.resolve("5.10-leak.litmus"))
                .hasContent("# 5.10 (5.10.1) against v5.9\n"
                        + "# step 3, A read 0: value is 1 in the model, 2 in the kernel (leak)\n"
                        + "pages 1\nA write 0 1\nA fork B\nB write 0 2\nA read 0 -> 1\n");
        assertThat(run("", "conform", "--keep", script, script)).isEqualTo(3);
        assertThat(err).startsWith("cowbench: --keep ");
    }

    @Test
    void litmusPrintsTheStepsThatWereDone() throws Exception {
        assertThat(run(START + WRITE + CRASH, "litmus", script())).isEqualTo(1);
        assertThat(out.lines()).singleElement().asString().contains("\"op\":\"A write 0 1\"");
        assertThat(err).contains("  | kernel BUG at mm/memory.c:3100!", "it was at step 1 of x.litmus");
        assertThat(run(START + WRITE + READ + END + CRASH, "litmus", "--format", "summary", script(), script()))
                .isEqualTo(1);
        assertThat(out.lines().map(line -> line.replaceAll(" +", " "))).contains("x A=1", "x not run");
    }

    @Test
    void expectationsAreThoseOfTheErasPolicy() throws Exception {
        String script = Files.writeString(
                        folder.resolve("x.litmus"),
                        "#expect 0 copy: v5.9 v5.18\n#expect 0 quiet: wilcox\nA write 0 1\nA 0 = 2\n")
                .toString();
        String emulator = START + WRITE + READ + END + "read quit\n";
        assertThat(run(emulator, "litmus", script)).isEqualTo(1);
        assertThat(out.lines()).hasSize(2);
        assertThat(out).contains("\"value\":1,\"expected\":2}");
        assertThat(err.lines())
                .containsExactly(
                        "cowbench: 5.10: x.litmus:1: step 0, 'A write 0 1': new; expected copy, as #expect says of"
                                + " v5.9",
                        "cowbench: 5.10: x.litmus:4: step 1, 'A read 0': =1; expected =2");
        assertThat(run(emulator, "litmus", "--policy", "wilcox", script)).isEqualTo(1);
        assertThat(err).contains("x.litmus:2: step 0, 'A write 0 1': new; expected quiet, as #expect says of wilcox\n");
    }

    @Test
    void whatAKernelHasNotIsSkippedAndNotJudged() throws Exception {
        String script = Files.writeString(folder.resolve("x.litmus"), "A write 0 1\nA pinro 0 X\nX = 2\n")
                .toString();
        String skip = "echo '{\"file\":\"0\",\"step\":1,\"op\":\"A pinro 0 X\",\"error\":\"unavailable\"}'\n"
                + "echo '{\"file\":\"0\",\"step\":2,\"op\":\"A peek X\",\"error\":\"empty\"}'\n";
        assertThat(run(START + WRITE + skip + END + "read quit\n", "litmus", script))
                .as(err)
                .isEqualTo(4);
        assertThat(err.lines())
                .containsExactly(
                        "cowbench: 5.10: SKIP x.litmus from step 1 on, not judged: this kernel has no 'pinro'");
        String crowded = "unavailable: too many pages in one memory cgroup";
        assertThat(run(START + WRITE + skip.replace("unavailable", crowded) + END + "read quit\n", "litmus", script))
                .as(err)
                .isEqualTo(4);
        assertThat(err).contains("from step 1 on, not judged: too many pages in one memory cgroup");
    }

    @Test
    void aTornPageIsAViolation() throws Exception {
        assertThat(run(
                        START + WRITE + READ.replace("\"value\":1", "\"value\":1,\"torn\":256") + END + "read quit\n",
                        "litmus",
                        "--format",
                        "summary",
                        script()))
                .as(err)
                .isEqualTo(1);
        assertThat(out).contains("A read: torn at word 256!!", "!! a torn page, or an error that no rule explains");
        assertThat(err).isEmpty();
    }
}
