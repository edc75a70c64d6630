package org.cowbench.kernel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.GuestSession;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.ProbeBinary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real redis in real guests, where emulator, kernel and packages are there; the reason is printed where they are not. */
@Tag("guest")
class AppGuestTest {
    private static final App APP = new RedisApp();
    private static final App.Size SIZE = new App.Size(3000, 2048, 500, 16, 80);

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    private AppBoot run(App.Size size, int memory, String append) {
        Map<String, Path> kernels = KernelImage.cached(KernelImage.cacheFolder(System.getenv()));
        Path packages = Program.cache(System.getenv()).resolve(APP.name() + "@" + Program.SUITE);
        GuestOptions options = AppBench.options(APP, size, System.getenv(), memory);
        if (!kernels.containsKey("5.10")) {
            skip("kernel 5.10 is not cached: src/main/scripts/fetch-kernels.sh 5.10");
        }
        if (!Files.isDirectory(packages)) {
            skip("redis is not cached: src/main/scripts/fetch-packages.sh " + Program.SUITE + " " + packages
                    + " redis-server");
        }
        if (List.of(System.getenv("PATH").split(":")).stream()
                .noneMatch(place -> Files.isExecutable(Path.of(place, options.qemu())))) {
            skip(options.qemu() + " is not installed: apt-get install qemu-system-x86");
        }
        try (GuestSession guest = new GuestSession(
                KernelImage.ofDeb(kernels.get("5.10")),
                options.withAppend(append),
                ProbeBinary.compile(folder, Map.of()))) {
            return AppBoot.run(
                    "5.10",
                    guest,
                    APP,
                    Program.of(APP, packages),
                    APP.plan(size, 1).count(List.of("lru_add_drain", "no_such_function")),
                    told::add);
        }
    }

    private static void skip(String reason) {
        System.err.println("AppGuestTest skipped: " + reason);
        abort(reason);
    }

    private KernelException refused(App.Size size, int memory, String append) {
        try {
            run(size, memory, append);
        } catch (KernelException e) {
            return e;
        }
        throw new AssertionError("a guest of " + memory + " MiB with '" + append + "' was not refused");
    }

    @Test
    void redisServesAllLoadsInLessMemoryThanItNeeds() {
        AppBoot boot = run(SIZE, 0, GuestOptions.BENCH_APPEND);
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
        assertThat(refused(SIZE, 0, "cgroup_disable=memory"))
                .hasMessageContaining("no memory controller of cgroups version 2")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
        assertThat(refused(new App.Size(20_000, 2048, 10, 16, 80), 96, GuestOptions.BENCH_APPEND))
                .hasMessageContaining("a guest of 96 MiB is too small")
                .hasMessageContaining("--memory")
                .extracting(KernelException::kind)
                .isEqualTo(KernelException.Kind.LACKS);
    }
}
