package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a guest that goes wrong: a shell script stands in for the emulator. */
class GuestSessionTest {
    private static final Script SCRIPT = ScriptParser.parse("x.litmus", "A write 0 1\nA read 0 -> 1");
    private static final String START = "echo '{\"probe\":\"start\",\"release\":\"5.10.1\",\"version\":\"#1\","
            + "\"reclaim\":true,\"pin\":true}'\n";
    private static final String WRITE = "echo '{\"file\":\"0\",\"step\":0,\"op\":\"A write 0 1\",\"before\":\"none\","
            + "\"after\":\"present\",\"frame\":\"-\",\"minor\":1,\"major\":0}'\n";
    private static final String READ = "echo '{\"file\":\"0\",\"step\":1,\"op\":\"A read 0\",\"before\":\"present\","
            + "\"after\":\"present\",\"frame\":\"same\",\"minor\":0,\"major\":0,\"value\":1}'\n";
    private static final String END = "echo '{\"probe\":\"end\",\"file\":\"0\"}'\n";

    @TempDir
    private Path folder;

    private Set<Path> before;

    @BeforeEach
    void look() throws IOException {
        before = leftovers();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(leftovers()).isEqualTo(before);
    }

    private static Set<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches("cowbench-\\d+"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** An emulator that finds the file its serial log is to go to, and then does as the script says. */
    private GuestSession guest(String script) throws IOException {
        Path qemu = folder.resolve("qemu");
        Files.writeString(qemu, "#!/bin/sh\nfor a; do case $a in file:*) serial=${a#file:};; esac; done\n" + script);
        Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
        return guestOf(qemu.toString());
    }

    private GuestSession guestOf(String qemu) throws IOException {
        Path image = Files.write(folder.resolve("bzImage"), Packages.bzImage("5.10.1"));
        Path probe = Files.write(folder.resolve("probe"), new byte[] {1});
        GuestOptions options = GuestOptions.scripts(Map.of("COWBENCH_QEMU", qemu)).withLimit(Duration.ofSeconds(3));
        return new GuestSession(KernelImage.of(image, null), options, probe);
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
        fails("echo 'qemu: unsupported machine' >&2; exit 1", KernelException.Kind.LACKS, "could not start the guest",
                "unsupported machine");
    }

    @Test
    void aPanicIsAFinding() throws IOException {
        fails(START + WRITE + "echo '[ 1.0] Kernel panic - not syncing: Attempted to kill init!' > $serial",
                KernelException.Kind.KERNEL, "crashed", "Attempted to kill init!");
    }

    @Test
    void theFirstBugIsNamedRatherThanThePanicBehindIt() throws IOException {
        fails(START + "{ echo 'BUG: kernel NULL pointer dereference'; echo 'Kernel panic - not syncing: Fatal exception'; }"
                + " > $serial", KernelException.Kind.KERNEL, "BUG: kernel NULL pointer dereference");
    }

    @Test
    void anImageWithoutInitramfsIsALack() throws IOException {
        fails("echo 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)' > $serial",
                KernelException.Kind.LACKS, "CONFIG_BLK_DEV_INITRD");
    }

    @Test
    void whatTheProbeLacksIsSaid() throws IOException {
        fails("echo '{\"probe\":\"fatal\",\"message\":\"no disk for swap\",\"errno\":0}'", KernelException.Kind.LACKS,
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
        fails(START + WRITE + "exec sleep 60", KernelException.Kind.KERNEL, "hung", "within 3 s");
        fails("exec sleep 60", KernelException.Kind.KERNEL, "did not reach the probe");
    }

    @Test
    void noiseIsNotTakenForResults() throws IOException {
        fails(START + "echo noise", KernelException.Kind.KERNEL, "not a line of the probe");
        fails(START + READ, KernelException.Kind.KERNEL, "came back as");
        fails(START + "head -c 200000 /dev/zero | tr '\\0' x; echo; exec sleep 60", KernelException.Kind.KERNEL,
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
            assertThatThrownBy(() -> guest.measure(BenchKind.REREAD, 0)).hasMessageContaining("--pages 0");
        }
    }
}
