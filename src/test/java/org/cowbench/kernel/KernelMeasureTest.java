package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kernel bench} and {@code timeline} in a JVM of their own; a shell script stands in for the emulator. */
@Tag("slow")
class KernelMeasureTest {
    private static final long PATIENCE_SECONDS = 120;
    /** Three pages: written at 100, 102 and 400 ticks on 6.1 and at ten times that on any other kernel. No folios. */
    private static final String QEMU = """
        #!/bin/sh
        [ $1 != --version ] || exit 0
        for a; do case $a in file:*) serial=${a#file:};; */bzImage) image=$a;; esac; done
        case $(tr -d '\\0' <$image) in *6.1.5*) release=6.1.5; ten=;; *) release=5.10.1; ten=0;; esac
        echo $release >>"$0.boots"
        echo "{\\"probe\\":\\"start\\",\\"release\\":\\"$release\\",\\"version\\":\\"#1\\",\\"reclaim\\":true,\\"pin\\":true}"
        boot=$(grep -c $release "$0.boots")
        case " $(cat "$0.fails") " in
            *" crash:$release:$boot "*) echo 'Kernel panic - not syncing: on purpose' >$serial; exit;;
            *" wait:$release:$boot "*) exec sleep 300;;
        esac
        ticks() { echo "{\\"probe\\":\\"ticks\\",\\"access\\":\\"$1\\",\\"ticks\\":[$2]}"; }
        pass() {
            ticks $1 10${ten}0,10${ten}2,40${ten}0
            echo "{\\"probe\\":\\"pass\\",\\"access\\":\\"$1\\",\\"pages\\":3,\\"kept\\":3,\\"changed\\":0,\\"minor\\":3,\\"major\\":0}"
        }
        while read -r request pages steps; do
            [ $request = bench ] || exit
            case $steps in
                folio*) echo '{"probe":"lacking","why":"unavailable: this kernel has no folios"}';;
                *)
                    ticks floor 0,0,0
                    case $steps in *read) pass read;; esac
                    pass write;;
            esac
            echo "{\\"probe\\":\\"end\\",\\"bench\\":\\"$pages\\"}"
        done
        """;

    @TempDir
    private Path folder;

    @BeforeEach
    void emulatorAndKernels() throws IOException {
        Files.writeString(folder.resolve("qemu"), QEMU);
        Files.setPosixFilePermissions(folder.resolve("qemu"), PosixFilePermissions.fromString("rwx------"));
        for (String release : List.of("5.10.1", "6.1.5")) {
            Path series = Files.createDirectories(
                    folder.resolve("kernels").resolve(release.substring(0, release.lastIndexOf('.'))));
            Packages.deb(
                    series.resolve("linux-image-" + release + ".deb"),
                    ".xz",
                    "Package: x\n",
                    Packages.files(
                            "./boot/vmlinuz-" + release,
                            Packages.bzImage(release),
                            "./lib/modules/x/kernel/drivers/virtio/virtio_pci.ko",
                            Packages.module(),
                            "./lib/modules/x/kernel/drivers/block/virtio_blk.ko",
                            Packages.module()));
        }
    }

    /** Starts a command of which some boots crash or never end. */
    private Process start(String fails, String... words) throws IOException {
        Files.writeString(folder.resolve("qemu.fails"), fails);
        Files.deleteIfExists(folder.resolve("qemu.boots"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.cowbench.cli.Main",
                "kernel"));
        command.addAll(List.of(words));
        command.addAll(List.of("--pages", "3", "--results", folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment()
                .putAll(Map.of(
                        "COWBENCH_QEMU",
                        folder.resolve("qemu").toString(),
                        "COWBENCH_KERNELS",
                        folder.resolve("kernels").toString()));
        return builder.start();
    }

    private int status(Process process) throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ends by itself")
                .isTrue();
        return process.exitValue();
    }

    private String said(String stream) throws IOException {
        return Files.readString(folder.resolve(stream));
    }

    private List<Integer> forks(ResultDirectory result, String kernel) {
        return result.measurements().stream()
                .filter(m -> kernel.equals(m.params().getOrDefault("kernel", kernel)))
                .map(Measurement::forks)
                .distinct()
                .toList();
    }

    @Test
    void aKernelThatCrashesTakesNoOtherKernelsBootsWithIt() throws Exception {
        assertThat(status(start(
                        "crash:5.10.1:2",
                        "timeline",
                        "--cached",
                        "6.1,5.10,6.1",
                        "--boots",
                        "3",
                        "--label",
                        "t",
                        "--plots",
                        folder.resolve("plots").toString())))
                .as(said("err"))
                .isEqualTo(1);
        assertThat(said("err").lines().toList().getLast())
                .startsWith("cowbench: ")
                .contains("crashed: on purpose");
        ResultDirectory result = ResultDirectory.read(folder.resolve("t"));
        assertThat(result.info().complete()).isFalse();
        assertThat(forks(result, "5.10")).containsExactly(1);
        assertThat(forks(result, "6.1")).containsExactly(3);
        assertThat(result.info().environment())
                .containsEntry("guest.kernel.5.10", "5.10.1")
                .containsEntry("guest.disk.6.1", "virtio")
                .containsEntry("guest.policy.6.1", "v5.19")
                .containsEntry("guest.image.6.1", "linux-image-6.1.5.deb");
        assertThat(said("out"))
                .containsPattern("5\\.10 +v5\\.9 +1,002 \\(2,001\\)")
                .containsPattern("6\\.1 +v5\\.19 +102 \\(201\\)");
        assertThat(folder.resolve("plots/t/kernel-timeline.svg")).isNotEmptyFile();
    }

    @Test
    void completeIsWhoHasAllBoots() throws Exception {
        assertThat(status(start("crash:5.10.1:2", "bench", "--cached", "5.10,6.1", "--boots", "2", "--label", "b")))
                .as(said("err"))
                .isEqualTo(1);
        assertThat(ResultDirectory.read(folder.resolve("b-5.10")).info().complete())
                .isFalse();
        assertThat(ResultDirectory.read(folder.resolve("b-6.1")).info().complete())
                .isTrue();
        assertThat(said("out"))
                .containsPattern("6\\.1 +v5\\.19 +102 \\(201\\) ")
                .containsPattern("6\\.1 .* 0/1000/1000");

        // A name that is taken is noticed before anything boots, and what was begun beside it is gone.
        assertThat(status(start("", "bench", "--cached", "5.10,6.1", "--label", "b")))
                .isEqualTo(3);
        assertThat(said("err")).contains("b-5.10 exists already").hasLineCount(1);
        Files.move(folder.resolve("b-5.10"), folder.resolve("moved"));
        assertThat(status(start("", "bench", "--cached", "5.10,6.1", "--label", "b")))
                .isEqualTo(3);
        assertThat(said("err")).contains("b-6.1 exists already");
        assertThat(folder.resolve("qemu.boots")).doesNotExist();
        assertThat(folder.resolve("b-5.10.partial")).doesNotExist();
    }

    @Test
    void anInterruptionKeepsWhatWasMeasured() throws Exception {
        Path image = Files.write(folder.resolve("bzImage"), Packages.bzImage("6.1.5"));
        Process process = start(
                "wait:6.1.5:2 wait:6.1.5:4",
                "bench",
                "--image",
                image.toString(),
                "--image",
                image.toString(),
                "--jobs",
                "1",
                "--boots",
                "9",
                "--label",
                "cut");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        // The first kernel boots for the first time, the second waits in its first boot.
        while (!Files.exists(folder.resolve("qemu.boots"))
                || Files.readAllLines(folder.resolve("qemu.boots")).size() < 2) {
            assertThat(System.nanoTime()).as(said("err")).isLessThan(deadline);
            Thread.sleep(50);
        }
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(status(process)).isEqualTo(130);
        assertThat(said("err").lines().toList().getLast())
                .startsWith("cowbench: interrupted; 1 of 18 boots are kept in ");
        ResultDirectory result = ResultDirectory.read(folder.resolve("cut-6.1_1"));
        assertThat(result.info().complete()).isFalse();
        assertThat(result.info().environment()).containsEntry("guest.name", "6.1#1");
        assertThat(forks(result, "6.1#1")).containsExactly(1);
        assertThat(folder.resolve("cut-6.1_2")).doesNotExist();
        assertThat(folder.resolve("cut-6.1_2.partial")).doesNotExist();
    }
}
