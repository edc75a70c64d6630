package org.cowbench.kernel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.GuestSession;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.ProbeBinary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real programs in real guests, where emulator, kernel and packages are there; the reason is printed where they are not. */
@Tag("guest")
class AppGuestTest {
    private static final App REDIS = new RedisApp();
    private static final App MEMCACHED = new MemcachedApp();
    private static final App.Size SIZE = new App.Size(3000, 2048, 500, 16, 80);

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    private AppBoot run(App app, App.Size size, int memory, String append) {
        return run(app, app.plan(size, 1).count(List.of("lru_add_drain", "no_such_function")), size, memory, append);
    }

    private AppBoot run(App app, Plan plan, App.Size size, int memory, String append) {
        Map<String, Path> kernels = KernelImage.cached(KernelImage.cacheFolder(System.getenv()));
        Path packages = Program.cache(System.getenv()).resolve(app.name() + "@" + Program.SUITE);
        GuestOptions options = AppBench.options(app, size, System.getenv(), memory);
        if (!kernels.containsKey("5.10")) {
            skip("kernel 5.10 is not cached: src/main/scripts/fetch-kernels.sh 5.10");
        }
        if (!Files.isDirectory(packages)) {
            skip(app.name() + " is not cached: src/main/scripts/fetch-packages.sh " + Program.SUITE + " " + packages
                    + " " + String.join(" ", app.packages()));
        }
        if (List.of(System.getenv("PATH").split(":")).stream()
                .noneMatch(place -> Files.isExecutable(Path.of(place, options.qemu())))) {
            skip(options.qemu() + " is not installed: apt-get install qemu-system-x86");
        }
        try (GuestSession guest = new GuestSession(
                KernelImage.ofDeb(kernels.get("5.10")),
                options.withAppend(append),
                ProbeBinary.compile(folder, Map.of()))) {
            return AppBoot.run("5.10", guest, app, Program.of(app, packages), plan, told::add);
        }
    }

    private static void skip(String reason) {
        System.err.println("AppGuestTest skipped: " + reason);
        abort(reason);
    }

    private static KernelException refused(Supplier<AppBoot> boot) {
        try {
            boot.get();
        } catch (KernelException e) {
            return e;
        }
        throw new AssertionError("it was not refused");
    }

    @Test
    void redisServesAllLoadsInLessMemoryThanItNeeds() {
        AppBoot boot = run(REDIS, SIZE, 0, GuestOptions.BENCH_APPEND);
        assertThat(boot.loads().keySet()).containsExactly("fill", "get", "set", "mix", "zipf", "save");
        assertThat(boot.loads().get("fill").requests()).isEqualTo(3000);
        // 2,052 bytes a value are 2,560 of jemalloc's: five pages of eight.
        assertThat(boot.loads().get("fill").minor()).isBetween(1500L, 4000L);
        assertThat(boot.used()).isGreaterThan(3000L * 2560);
        assertThat(boot.limit()).isBetween(boot.used() / 100 * 79, boot.used() / 100 * 80);
        AppBoot.Load get = boot.loads().get("get");
        assertThat(get.in()).as("pages that a fifth of is out").isBetween(20L, 4000L);
        assertThat(get.major()).isPositive().isLessThanOrEqualTo(get.in());
        assertThat(get.instructions() / get.requests()).isBetween(2000L, 200_000L);
        assertThat(get.peak().orElseThrow()).isBetween(boot.used() / 2, boot.used() * 3);
        assertThat(get.reused()).as("5.10 counts it").isPresent();
        assertThat(get.calls().keySet()).containsExactly("lru_add_drain");
        assertThat(get.calls().get("lru_add_drain"))
                .as("each swap-in with readahead drains, and reclaim does; a fault of the page cache does not")
                .isBetween(get.major() / 2, 100 * get.requests());
        assertThat(told)
                .contains("get")
                .anyMatch(line -> line.startsWith("not counted: no_such_function: this kernel has no function"));
        assertThat(boot.told().get(AppBoot.FORK)).isPositive();
        assertThat(boot.log()).isEmpty();
    }

    @Test
    void whatIsLackingIsSaidInALine() {
        assertThat(refused(() -> run(REDIS, SIZE, 0, "cgroup_disable=memory")))
                .hasMessageContaining("no memory controller of cgroups version 2")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
        assertThat(refused(() -> run(REDIS, new App.Size(20_000, 2048, 10, 16, 80), 96, GuestOptions.BENCH_APPEND)))
                .hasMessageContaining("a guest of 96 MiB is too small")
                .hasMessageContaining("--memory")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
    }

    @Test
    void memcachedServesAllLoadsInLessMemoryThanItNeeds() {
        AppBoot boot = run(MEMCACHED, SIZE, 0, GuestOptions.BENCH_APPEND);
        assertThat(boot.loads().keySet()).containsExactly("fill", "get", "set", "mix", "zipf");
        assertThat(boot.loads().get("fill").requests()).isEqualTo(3000);
        assertThat(boot.used()).isBetween(3000L * 2048, 3000L * 2048 + MEMCACHED.memory(SIZE));
        AppBoot.Load get = boot.loads().get("get");
        assertThat(get.in()).as("pages that a fifth of is out").isBetween(20L, 4000L);
        assertThat(get.major()).isPositive().isLessThanOrEqualTo(get.in());
        assertThat(get.instructions() / get.requests()).isBetween(2000L, 200_000L);
        // Its first thread serves nobody.
        assertThat(get.calls().get("lru_add_drain")).as("of all threads").isGreaterThanOrEqualTo(get.major() / 2);
        assertThat(boot.told()).isEmpty();
        assertThat(boot.log()).isEmpty();
    }

    private static Plan plan() {
        return new Plan(MEMCACHED.socket()).file("etc/passwd", "root:x:0:0:root:/:/bin/sh\n");
    }

    @Test
    void whatMemcachedDoesNotKnowOrRefusesIsTold() {
        Plan lost = plan();
        int set = lost.request("set key:" + Plan.KEY + " 0 0 3\r\nabc\r\n");
        int get = lost.request("get key:" + Plan.KEY + "\r\n");
        lost.load("some", new int[] {Plan.one(set, 1), Plan.one(get, 1)}, 16)
                .load("none", new int[] {Plan.one(get, 1), Plan.one(get, 2), Plan.one(get, 1)}, 16);
        assertThat(refused(() -> run(MEMCACHED, lost, SIZE, 0, GuestOptions.BENCH_APPEND)))
                .hasMessage("5.10: memcached has lost what it was given: 1 keys were missing in load 'none'");
        Plan unknown = plan();
        unknown.load("x", new int[] {Plan.one(unknown.request("frobnicate\r\n"), 0)}, 1);
        assertThat(refused(() -> run(MEMCACHED, unknown, SIZE, 0, GuestOptions.BENCH_APPEND)))
                .hasMessage("5.10: memcached refused 1 requests of load 'x': ERROR");
    }

    /** It is told to end in the middle of a load, and cannot start as a user that is not there. */
    @Test
    void aProgramThatEndsInTheLoadIsToldInALine() {
        Plan plan = plan();
        int set = plan.request("set key:" + Plan.KEY + " 0 0 3\r\nabc\r\n");
        int end = plan.request("shutdown\r\n");
        plan.load("fill", new int[] {Plan.one(set, 1), Plan.one(set, 2)}, 1)
                .load("end", new int[] {Plan.one(set, 1), Plan.one(end, 0), Plan.one(set, 2)}, 1);
        assertThat(refused(() -> run(new Changed("-A"), plan, SIZE, 0, GuestOptions.BENCH_APPEND)))
                .hasMessageStartingWith("5.10: memcached ended with status 0 after load 'fill'");
        assertThat(refused(() -> run(new Changed("-u", "nobody"), plan, SIZE, 0, GuestOptions.BENCH_APPEND)))
                .hasMessageStartingWith("5.10: memcached ended with status ")
                .hasMessageContaining("before its first load was done; its last words: can't find the user nobody");
    }

    /** Memcached with other arguments. */
    private record Changed(String... more) implements App {
        @Override
        public String name() {
            return MEMCACHED.name();
        }

        @Override
        public List<String> packages() {
            return MEMCACHED.packages();
        }

        @Override
        public List<String> arguments() {
            List<String> all = new ArrayList<>(MEMCACHED.arguments());
            all.addAll(List.of(more));
            return all;
        }

        @Override
        public String socket() {
            return MEMCACHED.socket();
        }

        @Override
        public long memory(Size size) {
            return MEMCACHED.memory(size);
        }

        @Override
        public Plan plan(Size size, long seed) {
            return MEMCACHED.plan(size, seed);
        }
    }
}
