package org.cowbench.kernel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cowbench.kernel.KernelException;
import org.cowbench.report.kernel.AppPlot;
import org.cowbench.report.kernel.AppTable;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppBootTest {
    private static final App APP = new RedisApp();
    private static final Plan PLAN = APP.plan(new App.Size(10, 100, 100, 16, 80), 1);
    private static final Program PROGRAM =
            new Program(Map.of("usr/bin/redis-server", new byte[] {1}), List.of("redis_8"));
    private static final String LIMIT = "{\"probe\":\"app\",\"limit\":8000,\"used\":10000}";
    private static final String FORK = "{\"probe\":\"app\",\"tell\":\"latest_fork_usec\",\"value\":7}";

    @TempDir
    private Path folder;

    private static String load(String name, String rest) {
        return "{\"probe\":\"app\",\"load\":\"" + name + "\",\"requests\":100," + rest + "}";
    }

    private static String load(String name, int instructions, int in) {
        return load(
                name,
                "\"instructions\":" + instructions + ",\"minor\":50,\"major\":20,\"in\":" + in + ",\"out\":" + in / 2
                        + ",\"reused\":5,\"peak\":8192,\"missing\":0,\"errors\":0,\"error\":\"\"");
    }

    private static AppBoot run(String... answers) {
        return AppBoot.run("5.10", new FakeGuest(List.of(answers)), APP, PROGRAM, PLAN, load -> {});
    }

    private static KernelException refused(String... answers) {
        return catchThrowableOfType(KernelException.class, () -> run(answers));
    }

    @Test
    void aBootIsWhatTheProbeCounted() {
        FakeGuest guest = new FakeGuest(List.of(load("fill", 1000, 0), LIMIT, load("get", 2000, 40), FORK));
        List<String> done = new ArrayList<>();
        AppBoot boot = AppBoot.run("5.10", guest, APP, PROGRAM, PLAN, done::add);
        assertThat(done).containsExactly("fill", "get");
        assertThat(boot.limit()).isEqualTo(8000);
        assertThat(boot.used()).isEqualTo(10000);
        assertThat(boot.told()).containsEntry(AppBoot.FORK, 7L);
        AppBoot.Load get = boot.loads().get("get");
        assertThat(get.requests()).isEqualTo(100);
        assertThat(get.instructions()).isEqualTo(2000);
        assertThat(get.in()).isEqualTo(40);
        assertThat(get.reused()).hasValue(5);
        assertThat(guest.files()).containsKeys("usr/bin/redis-server", "app/arguments", "app/ask1", "app/load-save");
        assertThat(guest.requests()).startsWith("file /proc/sys/vm/page-cluster 3\napp start /app/socket\n");
    }

    /** What one kernel cannot count is said, and is in no table. */
    @Test
    void callsOfKernelFunctionsAreCountedWhereTheyCanBe() throws Exception {
        String get = load("get", 2000, 40).replace("\"missing\"", "\"calls\":{\"lru_add_drain\":250},\"missing\"");
        Plan plan = APP.plan(new App.Size(10, 100, 100, 16, 80), 1).count(List.of("lru_add_drain", "gone"));
        FakeGuest guest = new FakeGuest(List.of(
                "{\"probe\":\"app\",\"uncounted\":\"gone\",\"why\":\"no such function\"}",
                load("fill", 1000, 0),
                LIMIT,
                get,
                FORK));
        List<String> done = new ArrayList<>();
        AppBoot boot = AppBoot.run("5.10", guest, APP, PROGRAM, plan, done::add);
        assertThat(guest.requests())
                .contains("app start /app/socket\napp count lru_add_drain\napp count gone\napp load fill 16\n");
        assertThat(done).containsExactly("not counted: gone: no such function", "fill", "get");
        assertThat(boot.loads().get("get").calls()).containsExactly(Map.entry("lru_add_drain", 250L));
        ResultDirectory result = save("5.10", List.of(boot, boot, boot));
        assertThat(result.measurements())
                .filteredOn(each -> each.params().containsValue("get"))
                .singleElement()
                .satisfies(each -> assertThat(
                                each.secondary().get("calls.lru_add_drain").forkMeans())
                        .containsExactly(2.5, 2.5, 2.5));
        StringBuilder out = new StringBuilder();
        AppTable.print(List.of(result), out);
        assertThat(out).contains("5.10: calls of lru_add_drain 2.5").doesNotContain("gone");
    }

    @Test
    void whatAKernelDoesNotCountIsLeftOut() {
        AppBoot.Load load = run(load("fill", "\"instructions\":1")).loads().get("fill");
        assertThat(load.reused()).isEmpty();
        assertThat(load.peak()).isEmpty();
    }

    @Test
    void aProgramThatEndsIsToldWithItsReason() {
        String killed = "{\"probe\":\"app\",\"ended\":9,\"killed\":1,\"said\":\"Ready to accept connections\"}";
        assertThat(refused(load("fill", 1, 0), killed))
                .hasMessage("5.10: the guest's kernel ended redis after load 'fill', for want of memory: give it more"
                        + " --memory, a higher --percent or fewer --keys; its last words: Ready to accept"
                        + " connections")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
        assertThat(refused(load("fill", 1, 0), "{\"probe\":\"app\",\"ended\":11,\"killed\":0,\"said\":\"\"}"))
                .hasMessage("5.10: redis was ended by signal 11 after load 'fill'")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.KERNEL);
        assertThat(refused("{\"probe\":\"app\",\"ended\":256,\"killed\":0,\"said\":\"no such option\"}"))
                .hasMessage("5.10: redis ended with status 1 before its first load was done; its last words: no such"
                        + " option")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
    }

    @Test
    void aLoadThatWentWrongIsNoFigure() {
        assertThat(refused(load("get", "\"missing\":3")))
                .hasMessage("5.10: redis has lost what it was given: 3 keys were missing in load 'get'")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.KERNEL);
        assertThat(refused(load("set", "\"errors\":2,\"error\":\"OOM command not allowed\"")))
                .hasMessage("5.10: redis refused 2 requests of load 'set': OOM command not allowed");
        assertThat(refused(load("fill", "\"out\":12"), LIMIT))
                .hasMessageStartingWith("5.10: the guest is too small for redis: 12"
                        + " pages were swapped out before its memory was limited; give it more --memory")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
    }

    /** A result of two boots, each load of which costs so many instructions and swap-ins. */
    private ResultDirectory result(String label, int... costs) {
        return save(
                label,
                Arrays.stream(costs)
                        .mapToObj(cost -> run(load("fill", cost, 0), LIMIT, load("get", cost * 100, cost), FORK))
                        .toList());
    }

    private ResultDirectory save(String label, List<AppBoot> boots) {
        ResultWriter writer = ResultWriter.create(folder, label);
        RunInfo info = new RunInfo(
                RunInfo.SCHEMA,
                label,
                "",
                false,
                List.of(),
                1,
                "kernel",
                "2026-01-01T00:00:00Z",
                1,
                true,
                new TreeMap<>(Map.of("guest.name", label)),
                List.of(),
                List.of());
        AppBench.save(APP, writer, info, Map.of(label, boots), false);
        return ResultDirectory.read(writer.finish());
    }

    @Test
    void aResultHasAForkABoot() {
        ResultDirectory result = result("base", 50, 60);
        Map<String, Measurement> byLoad = new TreeMap<>();
        result.measurements().forEach(each -> byLoad.put(each.params().getOrDefault("load", "fork"), each));
        assertThat(byLoad).containsOnlyKeys("fill", "get", "fork");
        assertThat(byLoad.get("get").forkMeans()).containsExactly(50, 60);
        assertThat(byLoad.get("get").params()).containsEntry("app", "redis");
        assertThat(byLoad.get("get").secondary().get("swapReads").forkMeans()).containsExactly(0.5, 0.6);
        assertThat(byLoad.get("get").secondary().get("reuses").forkMeans()).containsExactly(0.05, 0.05);
        assertThat(byLoad.get("get").secondary().get("peakFrames").forkMeans()).containsExactly(2, 2);
        assertThat(byLoad.get("fork").forkMeans()).containsExactly(7000, 7000);
        assertThat(result.info().forks())
                .hasSize(6)
                .extracting(fork -> fork.block())
                .containsOnly(0, 1);
    }

    @Tag("slow")
    @Test
    void tablesHoldKernelsAgainstTheFirst() throws Exception {
        StringBuilder text = new StringBuilder();
        List<ResultDirectory> results = List.of(result("base", 50, 60), result("head", 25, 30));
        AppTable.print(results, text);
        assertThat(Stream.of(text.toString().split("\n")))
                .allMatch(line -> line.length() <= 100)
                .anyMatch(line -> line.matches(
                        "base +60 \\[-10, 120\\] +0\\.6 \\[-0\\.1, 1\\.2\\] +0\\.275 +0\\.500 +0\\.200 +0\\.050 +0"))
                // Boots are compared with those of the same requests: half in each, so half for sure.
                .contains(
                        "head / base: instructions 0.500 [0.500, 0.500], swap-ins 0.500 [0.500, 0.500]",
                        "head / base: instructions 1.00 [1.00, 1.00]");
        assertThat(AppPlot.draw(results, folder.resolve("plots"), warning -> {}))
                .extracting(Path::getFileName)
                .map(Path::toString)
                .contains("apps.svg", "index.html");
        assertThat(folder.resolve("plots/apps.svg"))
                .content()
                .contains("What a request costs", ">base<", ">head<", ">get<");
        assertThat(AppPlot.draw(results.subList(0, 1), folder.resolve("none"), warning -> {}))
                .isEmpty();
    }
}
