package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cowbench.kernel.FakeEmulator;
import org.cowbench.kernel.Packages;
import org.cowbench.kernel.app.Elf;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kernel app}: what it refuses, and with a stand-in for the emulator what it keeps and how it ends. */
class KernelAppTest {
    private static final String LIMIT = "echo '{\"probe\":\"app\",\"limit\":8000,\"used\":10000}'\n";
    private static final String DONE =
            "echo '{\"probe\":\"app\",\"tell\":\"latest_fork_usec\",\"value\":7}'\necho '{\"probe\":\"done\"}'\n";

    @TempDir
    private Path folder;

    private Path packages;

    @BeforeEach
    void aProgramThatNeedsNothing() throws IOException {
        packages = Files.createDirectory(folder.resolve("packages"));
        Packages.deb(
                packages.resolve("redis-server_8-1_amd64.deb"),
                ".xz",
                "Package: x\n",
                Packages.files("./usr/bin/redis-server", Elf.needing(null)),
                Map.of());
    }

    private static String load(String name, int instructions) {
        return "echo '{\"probe\":\"app\",\"load\":\"" + name + "\",\"requests\":10,\"instructions\":" + instructions
                + ",\"minor\":1,\"major\":1,\"in\":0,\"out\":0,\"missing\":0,\"errors\":0,\"error\":\"\"}'\n";
    }

    private String image(String name, String release) throws IOException {
        return Files.write(folder.resolve(name), Packages.bzImage(release)).toString();
    }

    private CommandLines.Ran app(String... words) {
        List<String> all = new ArrayList<>(List.of("kernel", "app"));
        all.addAll(List.of(words));
        all.addAll(List.of(
                "--results",
                folder.resolve("results").toString(),
                "--plots",
                folder.resolve("plots").toString()));
        return CommandLines.run(all.toArray(String[]::new));
    }

    private void refused(int status, String message, String... words) {
        CommandLines.Ran ran = app(words);
        assertThat(ran.status()).as(ran.err()).isEqualTo(status);
        assertThat(ran.err()).startsWith("cowbench: ").contains(message).hasLineCount(1);
        assertThat(folder.resolve("results"))
                .satisfiesAnyOf(none -> assertThat(none).doesNotExist(), empty -> assertThat(empty)
                        .isEmptyDirectory());
    }

    @Test
    void refusesWhatItCannotDoInOneLine() throws IOException {
        String image = image("bzImage", "5.10.1");
        refused(ExitStatus.USAGE, "no program 'mysql'; there is redis, memcached", "mysql", "--image", image);
        refused(
                ExitStatus.USAGE,
                "--count: 'lru add' is no name of a function",
                "redis",
                "--image",
                image,
                "--count",
                "do_wp_page,lru add");
        refused(
                ExitStatus.USAGE,
                "--count: 9 functions; at most 8",
                "redis",
                "--image",
                image,
                "--count",
                "a,b,c,d,e,f,g,h,i");
        refused(ExitStatus.USAGE, "no kernel given", "redis", "--packages", packages.toString());
        refused(ExitStatus.USAGE, "--host: programs are put under load in guests only", "redis", "--host");
        refused(ExitStatus.USAGE, "--percent 0; expected 1 to 1000", "redis", "--image", image, "--percent", "0");
        refused(
                ExitStatus.USAGE,
                "--pipeline 256 of --value 16384 is too much at once",
                "redis",
                "--image",
                image,
                "--pipeline",
                "256",
                "--value",
                "16384");
        refused(ExitStatus.USAGE, "--boots 0; expected at least 1", "redis", "--image", image, "--boots", "0");
        refused(ExitStatus.USAGE, "--memory 8; expected 32 to 65536", "redis", "--image", image, "--memory", "8");
        refused(
                ExitStatus.USAGE,
                "is no folder of Debian packages",
                "redis",
                "--image",
                image,
                "--packages",
                folder.resolve("none").toString());
        Files.delete(packages.resolve("redis-server_8-1_amd64.deb"));
        refused(
                ExitStatus.USAGE,
                "has no package with /usr/bin/redis-server; it takes redis-server and all that they depend on",
                "redis",
                "--image",
                image,
                "--packages",
                packages.toString());
    }

    /** In a JVM of its own: the environment names the emulator. */
    private CommandLines.Ran emulated(String emulator, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "kernel",
                "app",
                "redis",
                "--packages",
                packages.toString(),
                "--results",
                folder.resolve("results").toString(),
                "--plots",
                folder.resolve("plots").toString(),
                "--keys",
                "5",
                "--requests",
                "10"));
        command.addAll(Arrays.asList(words));
        if (!command.contains("--label")) {
            command.addAll(List.of("--label", "r"));
        }
        return CommandLines.emulated(folder, "[ $1 != --version ] || exit 0\n" + emulator, command);
    }

    @Test
    @Tag("slow")
    void keepsAResultAKernelThatCompareTakes() throws Exception {
        String emulator = FakeEmulator.START + load("fill", 100) + LIMIT + load("get", 1000) + DONE;
        CommandLines.Ran ran =
                emulated(emulator, "--boots", "2", "--image", image("a", "5.10.1"), "--image", image("b", "6.1.5"));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("5.10: boot 1: get", "6.1: boot 2 of 2 measured");
        assertThat(ran.out()).contains("6.1 / 5.10: instructions 1.00 [1.00, 1.00]");
        ResultDirectory result = ResultDirectory.read(folder.resolve("results/r-5.10"));
        assertThat(result.info().complete()).isTrue();
        assertThat(result.info().seed()).isEqualTo(1);
        assertThat(result.info().environment())
                .containsEntry("app.packages", "redis-server 8-1")
                .containsEntry("app.keys", "5 of 2048 bytes")
                .containsEntry("guest.name", "5.10");
        assertThat(result.measurements()).hasSize(3).allMatch(each -> each.forks() == 2);
        assertThat(folder.resolve("plots/r/apps.svg"))
                .content()
                .contains(">get<", ">5.10<", ">6.1<", "swap-ins per request")
                .doesNotContain(">fill<");
        assertThat(folder.resolve("plots/r/index.html"))
                .content()
                .contains("6.1 / 5.10: instructions 1.00 [1.00, 1.00]");
        CommandLines.Ran compared = CommandLines.run(
                "compare",
                folder.resolve("results/r-5.10").toString(),
                folder.resolve("results/r-6.1").toString());
        assertThat(compared.out()).contains("GuestApp.request");
    }

    /** The third of five boots tells 3000 instructions, whoever measures it; the second shard dies and is run again. */
    @Test
    @Tag("slow")
    void partsOfTheBootsMakeTheWhole() throws Exception {
        String image = image("a", "5.10.1");
        String count = "n=$(($(cat $0.count 2>/dev/null || echo $first) + $step)); echo $n > $0.count\n";
        String boot = FakeEmulator.START
                + load("fill", 100)
                + LIMIT
                + load("get", 1000).replace(":1000,", ":'$n'000,")
                + DONE;
        CommandLines.Ran whole = emulated("first=0 step=1\n" + count + boot, "--boots", "5", "--image", image);
        assertThat(whole.status()).as(whole.err()).isZero();
        List<String> command = new ArrayList<>(List.of("merge"));
        for (int index = 1; index <= 2; index++) {
            String label = "part-" + index;
            String[] words = {"--boots", "5", "--image", image, "--shard", index + "/2", "--label", label, "--jobs", "1"
            };
            Files.deleteIfExists(folder.resolve("qemu.count"));
            if (index == 2) {
                assertThat(emulated("exit 1\n", words).status()).isPositive();
                assertThat(folder.resolve("results").resolve(label)).doesNotExist();
            }
            CommandLines.Ran part = emulated("first=" + (index - 2) + " step=2\n" + count + boot, words);
            assertThat(part.status()).as(part.err()).isZero();
            assertThat(part.err()).contains("boot " + (index + 2) + " of 5 measured");
            command.add(1, label);
        }
        command.addAll(List.of("--results", folder.resolve("results").toString(), "--label", "merged"));
        CommandLines.Ran formatted = CommandLines.run(
                Stream.concat(command.stream(), Stream.of("--format", "json")).toArray(String[]::new));
        assertThat(formatted.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(formatted.err()).contains("--format goes with files; of result directories a result directory");
        CommandLines.Ran merged = CommandLines.run(command.toArray(String[]::new));
        assertThat(merged.status()).as(merged.err()).isZero();
        ResultDirectory once = ResultDirectory.read(folder.resolve("results/r"));
        ResultDirectory result = ResultDirectory.read(folder.resolve("results/merged"));
        assertThat(Files.readString(result.path().resolve("jmh.json")))
                .contains("500.0")
                .isEqualTo(Files.readString(once.path().resolve("jmh.json")));
        assertThat(result.info().forks())
                .usingRecursiveComparison()
                .ignoringFields("started", "seconds")
                .isEqualTo(once.info().forks());
        assertThat(result.info().seed()).isEqualTo(once.info().seed());
        assertThat(result.info().environment())
                .containsEntry("shards", "2")
                .containsEntry("app.packages", "redis-server 8-1")
                .containsEntry("guest.name", "5.10");
        assertThat(merged.out()).isEqualTo(whole.out());
        command.remove("part-2");
        CommandLines.Ran lacking = CommandLines.run(command.toArray(String[]::new));
        assertThat(lacking.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(lacking.err()).contains("missing: shard 2/2; run it again and name all parts");
        CommandLines.Ran none = CommandLines.run(
                "merge", "r", "--results", folder.resolve("results").toString());
        assertThat(none.err()).contains("is no complete part of 'kernel app'");
        // As kill -9 leaves it.
        Path left = Files.move(folder.resolve("results/part-1"), folder.resolve("results/part-1.partial"));
        Path info = left.resolve("run.json");
        Files.writeString(info, Files.readString(info).replace("\"complete\" : true", "\"complete\" : false"));
        CommandLines.Ran killed = CommandLines.run(
                "merge", "part-1", "--results", folder.resolve("results").toString());
        assertThat(killed.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(killed.err()).contains("part-1.partial is no complete part of 'kernel app'");
    }

    /** A share in which the kernel complained ends with 1, and so does the whole; another one does not. */
    @Test
    @Tag("slow")
    void whatTheKernelSaidInAShareIsSaidOfTheWhole() throws Exception {
        String image = image("a", "5.10.1");
        String boot = FakeEmulator.START + load("fill", 100) + LIMIT + load("get", 1000);
        String bad = FakeEmulator.log("step", "WARNING: CPU: 0 PID: 7 at mm/memory.c:3");
        List<Integer> statuses = new ArrayList<>();
        for (int index = 1; index <= 2; index++) {
            String emulator = boot + (index == 2 ? bad : "") + DONE;
            statuses.add(emulated(
                            emulator,
                            "--boots",
                            "2",
                            "--image",
                            image,
                            "--shard",
                            index + "/2",
                            "--label",
                            "part-" + index)
                    .status());
        }
        assertThat(statuses).containsExactly(ExitStatus.OK, ExitStatus.FOUND);
        String results = folder.resolve("results").toString();
        CommandLines.Ran merged =
                CommandLines.run("merge", "part-1", "part-2", "--results", results, "--label", "merged");
        assertThat(merged.status()).as(merged.err()).isEqualTo(ExitStatus.FOUND);
        assertThat(ResultDirectory.read(Path.of(results, "merged")).info().environment())
                .containsEntry("shard.2.log.findings", "1");
    }

    @Test
    @Tag("slow")
    void aProgramThatDiesLeavesNothingBehind() throws Exception {
        String emulator = FakeEmulator.START + load("fill", 100) + LIMIT
                + "echo '{\"probe\":\"app\",\"ended\":11,\"killed\":0,\"said\":\"boom\"}'\n";
        CommandLines.Ran ran = emulated(emulator, "--boots", "1", "--image", image("a", "5.10.1"));
        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.FOUND);
        assertThat(ran.err().lines().toList().getLast())
                .isEqualTo("cowbench: 5.10: redis was ended by signal 11 after load 'fill'; its last words: boom");
        assertThat(folder.resolve("results")).isEmptyDirectory();
        ran = emulated(
                FakeEmulator.START + "echo '{\"probe\":\"fatal\",\"message\":\"no memory controller\",\"errno\":0}'\n",
                "--boots",
                "1",
                "--image",
                image("a", "5.10.1"));
        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.LACKS);
        assertThat(ran.err().lines().toList().getLast()).contains("(5.10.1): no memory controller");
    }
}
