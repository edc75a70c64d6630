package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cowbench.kernel.FakeEmulator.END;
import static org.cowbench.kernel.FakeEmulator.READ;
import static org.cowbench.kernel.FakeEmulator.START;
import static org.cowbench.kernel.FakeEmulator.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a guest that goes wrong: a shell script stands in for the emulator. */
@Tag("slow")
class GuestSessionTest {
    private static final Script SCRIPT = ScriptParser.parse("x.litmus", "A write 0 1\nA read 0 -> 1");

    @TempDir
    private Path folder;

    /** The last guest's work folder has gone. */
    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        Path console = folder.resolve("qemu.console");
        if (Files.exists(console)) {
            assertThat(Path.of(Files.readString(console).strip()).getParent()).doesNotExist();
        }
    }

    private GuestSession guest(String script) throws IOException {
        return guestOf(FakeEmulator.write(folder.resolve("qemu"), script).toString());
    }

    private GuestSession guestOf(String qemu) throws IOException {
        return guestOf(qemu, null);
    }

    private GuestSession guestOf(String qemu, Path modules) throws IOException {
        Path image = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.1"));
        Path probe = Files.write(folder.resolve("probe"), new byte[] {1});
        GuestOptions options =
                GuestOptions.scripts(Map.of("COWBENCH_QEMU", qemu)).withLimit(Duration.ofSeconds(3));
        return new GuestSession(KernelImage.of(image, modules), options, probe);
    }

    private void fails(String script, KernelException.Kind kind, String... words) throws IOException {
        try (GuestSession guest = guest(script)) {
            assertThatThrownBy(() -> guest.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(kind);
                assertThat(e.getMessage()).doesNotContain("\n").contains(words);
            });
        }
    }

    @Test
    void resultsComeBackWithTheScriptsOwnName() throws IOException {
        try (GuestSession guest = guest(START + WRITE + READ + END + "read quit\n")) {
            List<StepResult> results = guest.run(SCRIPT);
            assertThat(results).extracting(StepResult::file).containsOnly("x.litmus");
            assertThat(results).hasSize(2);
            assertThat(guest.release()).isEqualTo("5.10.1");
        }
    }

    @Test
    void anAbsentEmulatorIsSaidWithTheRemedy() throws IOException {
        try (GuestSession guest = guestOf("qemu-that-is-not-there")) {
            assertThatThrownBy(() -> guest.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                assertThat(e.getMessage()).contains("apt-get install qemu-system-x86");
            });
        }
    }

    @Test
    void anEmulatorThatRefusesIsQuoted() throws IOException {
        fails(
                "echo 'qemu: unsupported machine' >&2; exit 1",
                KernelException.Kind.LACKS,
                "could not start the guest",
                "unsupported machine");
    }

    @Test
    void aPanicIsAFinding() throws IOException {
        fails(
                START + WRITE + "echo '[ 1.0] Kernel panic - not syncing: Attempted to kill init!' > $serial",
                KernelException.Kind.KERNEL,
                "crashed",
                "Attempted to kill init!");
    }

    @Test
    void theFirstBugIsNamedRatherThanThePanicBehindIt() throws IOException {
        fails(
                START
                        + "{ echo 'BUG: kernel NULL pointer dereference'; echo 'Kernel panic - not syncing: Fatal"
                        + " exception'; } > $serial",
                KernelException.Kind.KERNEL,
                "BUG: kernel NULL pointer dereference");
    }

    @Test
    void aBugWithoutALineOfItsOwnIsNamedByItsTrap() throws IOException {
        fails(
                START
                        + "{ echo '[    5.123456] invalid opcode: 0000 [#1] SMP PTI'; echo 'RIP:"
                        + " 0010:do_wp_page+0x1/0x2'; echo 'Kernel panic - not syncing: Fatal exception'; } > $serial",
                KernelException.Kind.KERNEL,
                "crashed: invalid opcode: 0000 [#1] SMP PTI");
    }

    @Test
    void theConsoleIsShownFromTheFirstSignOfTrouble() throws IOException {
        try (GuestSession guest = guest(START + "{ echo 'Booting'; echo '---[ cut here ]---'; echo 'kernel BUG at"
                + " mm/x.c:3!'; echo 'RIP: 0010:do_wp_page+0x1/0x2'; i=0; while [ $i -lt"
                + " 90 ]; do echo trace $i; i=$((i + 1)); done; echo 'Kernel panic - not"
                + " syncing: Fatal exception'; } > $serial")) {
            assertThatThrownBy(() -> guest.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.getMessage()).contains("crashed: kernel BUG at mm/x.c:3!");
                assertThat(e.log().lines().toList())
                        .startsWith(
                                "---[ cut here ]---",
                                "kernel BUG at mm/x.c:3!",
                                "RIP: 0010:do_wp_page+0x1/0x2",
                                "trace 0")
                        .hasSize(40);
            });
        }
    }

    @Test
    void aFindingNamesTheScriptAndTheStepAndKeepsWhatWasDone() throws IOException {
        try (GuestSession guest = guest(START + WRITE + "echo 'BUG: soft' > $serial")) {
            assertThatThrownBy(() -> guest.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.getMessage()).endsWith("; it was at step 1 of x.litmus, A read 0");
                assertThat(e.script()).contains(SCRIPT);
                assertThat(e.done()).extracting(StepResult::step).containsExactly(0);
            });
        }
        fails(
                START + WRITE + READ + "echo 'BUG: late' > $serial",
                KernelException.Kind.KERNEL,
                "; all steps of x.litmus were done");
        fails(START + WRITE + "exec sleep 60", KernelException.Kind.HUNG, "hung", "it was at step 1 of x.litmus");
    }

    @Test
    void whatIsNoEmulatorIsNotTheKernelsFault() throws IOException {
        try (GuestSession guest = guestOf("/bin/true")) {
            assertThatThrownBy(() -> guest.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                assertThat(e.getMessage()).contains("/bin/true ended without starting a guest", "COWBENCH_QEMU");
            });
        }
        fails("", KernelException.Kind.KERNEL, "ended the guest before its work was done");
    }

    @Test
    void namesTheModuleThatIsRefused() throws IOException {
        Path modules = Files.createDirectories(folder.resolve("modules/kernel/drivers/block"));
        Files.write(modules.resolve("virtio_blk.ko"), Packages.module());
        Path qemu = FakeEmulator.write(
                folder.resolve("qemu"),
                "echo '{\"probe\":\"fatal\",\"message\":\"/modules/0.ko cannot be loaded\",\"errno\":8}'");
        try (GuestSession guest = guestOf(qemu.toString(), folder.resolve("modules"))) {
            assertThatThrownBy(() -> guest.run(SCRIPT)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                assertThat(e.getMessage()).contains("module virtio_blk cannot be loaded (errno 8)", "--modules");
            });
        }
    }

    @Test
    void anImageWithoutInitramfsIsALack() throws IOException {
        fails(
                "echo 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)' > $serial",
                KernelException.Kind.LACKS,
                "CONFIG_BLK_DEV_INITRD");
    }

    @Test
    void aGuestWithTooLittleMemoryIsALack() throws IOException {
        fails(
                "echo 'Kernel panic - not syncing: System is deadlocked on memory' > $serial",
                KernelException.Kind.LACKS,
                "MiB is too small");
    }

    @Test
    void whatTheProbeLacksIsSaid() throws IOException {
        fails(
                "echo '{\"probe\":\"fatal\",\"message\":\"no disk for swap\",\"errno\":0}'",
                KernelException.Kind.LACKS,
                "no disk for swap");
        fails("echo 'cowbench: no I/O ports for user space' > $serial", KernelException.Kind.LACKS, "no I/O ports");
    }

    @Test
    void anEndInTheMiddleIsAFinding() throws IOException {
        fails(START + WRITE, KernelException.Kind.KERNEL, "ended the guest before its work was done");
        fails(START + WRITE + END, KernelException.Kind.KERNEL, "out of turn");
    }

    @Test
    void silenceIsAHang() throws IOException {
        fails(START + WRITE + "exec sleep 60", KernelException.Kind.HUNG, "hung", "within 3 s");
        fails("exec sleep 60", KernelException.Kind.HUNG, "did not reach the probe", "its emulator ran 0 s");
    }

    /** The guest that is silent for longer has gone, and the next question has another and all of the patience. */
    @Test
    void aTryThatIsNotToTakeLongIsEndedAndIsNoEndOfTheSession() throws IOException {
        try (GuestSession guest = guest(START + WRITE + "exec sleep 60")) {
            ScriptRun tried = guest.ask(SCRIPT, Duration.ofSeconds(1));
            assertThat(tried.hung()).isTrue();
            assertThat(tried.results()).hasSize(1);
            assertThat(tried.end()).hasValueSatisfying(end -> assertThat(end.getMessage())
                    .contains("hung: no answer within 1 s", "it was at step 1 of x.litmus"));
            String first = Files.readString(folder.resolve("qemu.console"));
            assertThat(Path.of(first.strip()).getParent()).doesNotExist();
            assertThat(guest.ask(SCRIPT).end())
                    .hasValueSatisfying(end -> assertThat(end.getMessage()).contains("within 3 s"));
            assertThat(Files.readString(folder.resolve("qemu.console"))).isNotEqualTo(first);
            // It has hung for as long as it may: from then on a quarter of that is enough.
            assertThat(guest.ask(SCRIPT, Duration.ofSeconds(60)).end())
                    .hasValueSatisfying(end -> assertThat(end.getMessage()).contains("within 0 s"));
        }
    }

    @Test
    void aBusyMachineIsNotAHungKernel() throws IOException {
        KernelImage kernel = KernelImage.of(Files.write(folder.resolve("image"), Packages.bzImage("5.10.1")), null);
        GuestOptions options = GuestOptions.scripts(Map.of());
        Duration silence = Duration.ofSeconds(240);
        KernelException busy = GuestExplainer.silence(kernel, options, false, silence, new CpuTime(31, 190), "");
        assertThat(busy.kind()).isEqualTo(KernelException.Kind.LACKS);
        assertThat(busy)
                .hasMessage(
                        "this machine is too busy: for 190 of 240 s in which the guest booted, qemu-system-x86_64 was"
                            + " ready to run and got no CPU; wait until other work has ended, or give it longer with"
                            + " --timeout");
        assertThat(GuestExplainer.silence(kernel, options, true, silence, new CpuTime(200, 30), "")
                        .kind())
                .isEqualTo(KernelException.Kind.HUNG);
    }

    /** An emulator halts its guest then, which looks as if the kernel hung. */
    @Test
    void aFullDiskIsNotAHungKernel() {
        assertThat(GuestExplainer.noRoom(Path.of("/tmp/cowbench-1"), 1 << 20)).isEmpty();
        assertThat(GuestExplainer.noRoom(Path.of("/tmp/cowbench-1"), 0)).hasValueSatisfying(full -> {
            assertThat(full.kind()).isEqualTo(KernelException.Kind.LACKS);
            assertThat(full)
                    .hasMessage(
                            "the guest's disk cannot grow: no space left in /tmp; make room, or set another place with"
                                    + " TMPDIR");
        });
    }

    @Test
    void whatIsWaitedForInVainIsNotWaitedForLong() throws IOException {
        KernelException full = new KernelException(KernelException.Kind.LACKS, "full");
        Process process = new ProcessBuilder("sleep", "60").start();
        ProbeSession.Explainer explainer = new ProbeSession.Explainer() {
            @Override
            public KernelException ended() {
                throw new AssertionError("it has not ended");
            }

            @Override
            public KernelException silent(Duration silence, CpuTime cpu) {
                throw new AssertionError("waited for " + silence);
            }

            @Override
            public KernelException fatal(String message, int errno) {
                throw new AssertionError(message);
            }

            @Override
            public Optional<KernelException> stuck() {
                return Optional.of(full);
            }
        };
        try (ProbeSession session = new ProbeSession(process, explainer)) {
            assertThatThrownBy(() -> session.awaitStart(Duration.ofSeconds(50))).isSameAs(full);
        }
    }

    @Test
    void readsWhatAProcessHadOfTheCpus() throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("task/7")).resolve("schedstat"), "2000000000 9000000000 12\n");
        Files.writeString(
                Files.createDirectories(folder.resolve("task/8")).resolve("schedstat"), "5000000000 1000000000 12\n");
        assertThat(CpuTime.of(folder.resolve("task"))).isEqualTo(new CpuTime(5, 9));
        assertThat(CpuTime.of(folder.resolve("absent"))).isEqualTo(new CpuTime(0, 0));
        assertThat(CpuTime.of(Path.of("/proc/self/task")).ran()).isPositive();
    }

    @Test
    void anEmulatorThatASignalEndedSaysNothingOfTheKernel() throws IOException {
        fails(
                START + WRITE + "echo 'BUG: Bad page state in process x' > $serial; kill -9 $$",
                KernelException.Kind.LACKS,
                "was ended by signal 9",
                "short of memory");
    }

    /** Also one that says first what it survived. */
    @Test
    void aCrashEndsItsScriptAndTheKernelIsBootedAgainForTheNext() throws IOException {
        Script other = ScriptParser.parse("y.litmus", "A write 0 1");
        String crash = "echo 'BUG: Bad rss-counter state mm:1' > $serial; echo 'BUG: unable to handle page fault' >>"
                + " $serial\n";
        try (GuestSession guest =
                guest("if [ -e $0.again ]; then\n" + START + WRITE + END + "read quit; exit; fi\n: > $0.again\n" + START
                        + WRITE + FakeEmulator.log("step", "BUG: Bad rss-counter state mm:1") + crash)) {
            List<ScriptRun> runs = new ArrayList<>();
            guest.run(List.of(SCRIPT, other), runs::add);
            assertThat(runs).extracting(ScriptRun::script).containsExactly(SCRIPT, other);
            assertThat(runs.getFirst().results()).hasSize(1);
            assertThat(runs.getFirst().harm())
                    .extracting(LogFinding::line)
                    .containsExactly("BUG: Bad rss-counter state mm:1");
            assertThat(runs.getFirst().end()).hasValueSatisfying(end -> assertThat(end.getMessage())
                    .contains("crashed: BUG: unable to handle page fault; it was at step 1 of x.litmus"));
            assertThat(runs.getLast().end()).isEmpty();
            assertThat(runs.getLast().results()).hasSize(1);
        }
    }

    @Test
    void aKernelThatDiesOfEverythingIsNotBootedForEver() throws IOException {
        try (GuestSession guest = guest(START + WRITE + "echo 'BUG: unable to handle page fault' > $serial")) {
            List<ScriptRun> runs = new ArrayList<>();
            assertThatThrownBy(() -> guest.run(Collections.nCopies(25, SCRIPT), runs::add))
                    .hasMessageContaining("; 19 more scripts ended it too, and 5 were not run");
            assertThat(runs).hasSize(20).allSatisfy(run -> assertThat(run.end()).isPresent());
        }
    }

    @Test
    void whatTheKernelsLogSaysHasItsScriptAndStep() throws IOException {
        Script other = ScriptParser.parse("y.litmus", "A write 0 1");
        try (GuestSession guest = guest(START + FakeEmulator.log("boot", "Spectre V2 : WARNING: nothing of memory")
                + FakeEmulator.log("boot", "WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:5 f+0x1/0x2") + WRITE
                + FakeEmulator.log("step", "------------[ cut here ]------------")
                + FakeEmulator.log("step", "BUG: Bad page map in process A  pte:80000 pmd:1")
                + FakeEmulator.log("step", "Call Trace:")
                + READ + FakeEmulator.log("step", "TCP: nothing of ours")
                + FakeEmulator.log("end", "UBSAN: shift-out-of-bounds in x")
                + END + FakeEmulator.log("before", "WARNING: suspicious RCU usage") + WRITE + END + "read quit\n")) {
            List<ScriptRun> runs = new ArrayList<>();
            guest.run(List.of(SCRIPT, other), runs::add);
            assertThat(runs.getFirst().boot())
                    .extracting(LogFinding::line)
                    .containsExactly("WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:5 f+0x1/0x2");
            assertThat(runs.getFirst().harm())
                    .extracting(finding -> finding.place(SCRIPT) + ": " + finding.line())
                    .containsExactly(
                            "step 0, A write 0 1: BUG: Bad page map in process A  pte:80000 pmd:1",
                            "after its last step, when its processes had ended: UBSAN: shift-out-of-bounds in x");
            assertThat(runs.getFirst().harm().getFirst().trace())
                    .containsExactly("Call Trace:", "TCP: nothing of ours");
            assertThat(runs.getLast().harm()).singleElement().satisfies(finding -> assertThat(finding.place(other))
                    .isEqualTo("before its first step, left by what ran before"));
        }
    }

    @Test
    void noiseIsNotTakenForResults() throws IOException {
        fails(START + "echo noise", KernelException.Kind.KERNEL, "not a line of the probe");
        fails(START + READ, KernelException.Kind.KERNEL, "came back as");
        fails(
                START + "head -c 200000 /dev/zero | tr '\\0' x; echo; exec sleep 60",
                KernelException.Kind.KERNEL,
                "a line without an end");
    }

    @Test
    void scriptsBeyondTheProbesTablesAreRefusedBeforeAnythingStarts() throws IOException {
        try (GuestSession guest = guestOf("qemu-that-is-not-there")) {
            Script big = ScriptParser.parse("big.litmus", "pages 5000\nA write 0 1");
            assertThatThrownBy(() -> guest.run(big)).isInstanceOfSatisfying(KernelException.class, e -> {
                assertThat(e.kind()).isEqualTo(KernelException.Kind.USAGE);
                assertThat(e.getMessage()).contains("big.litmus: 5000 pages");
            });
            assertThatThrownBy(() -> guest.measure(Situation.SWAPCACHE, 0)).hasMessageContaining("--pages 0");
        }
    }
}
