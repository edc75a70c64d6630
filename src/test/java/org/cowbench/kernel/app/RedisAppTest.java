package org.cowbench.kernel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisAppTest {
    private static final int GET = 0;
    private static final int SET = 1;
    private static final App.Size SIZE = new App.Size(1000, 100, 11_000, 16, 80);

    private static Map<String, byte[]> files(long seed) {
        App app = new RedisApp();
        return app.plan(SIZE, seed).files(app.arguments());
    }

    private static int[] load(Map<String, byte[]> files, String name) {
        ByteBuffer bytes = ByteBuffer.wrap(files.get("app/load-" + name)).order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, bytes.capacity() / 4)
                .map(i -> bytes.getInt(i * 4))
                .toArray();
    }

    private static long count(int[] load, int request) {
        return Arrays.stream(load).filter(one -> one >>> 28 == request).count();
    }

    private static Map<Integer, Long> keys(int[] load) {
        return Arrays.stream(load)
                .mapToObj(one -> one & 0xfffffff)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Test
    void requestsAreOfRedisProtocol() {
        Map<String, byte[]> files = files(1);
        assertThat(new String(files.get("app/ask0"), StandardCharsets.US_ASCII))
                .isEqualTo("*2\r\n$3\r\nGET\r\n$16\r\nkey:############\r\n");
        assertThat(new String(files.get("app/ask1"), StandardCharsets.US_ASCII))
                .isEqualTo("*3\r\n$3\r\nSET\r\n$16\r\nkey:############\r\n$100\r\n" + "x".repeat(100) + "\r\n");
        assertThat(new String(files.get("app/arguments"), StandardCharsets.US_ASCII))
                .startsWith("/usr/bin/redis-server\n")
                .contains("--save\n\n");
    }

    @Test
    void loadsAreWhatTheirNamesSay() {
        Map<String, byte[]> files = files(1);
        assertThat(load(files, "fill"))
                .isEqualTo(
                        IntStream.range(0, 1000).map(key -> Plan.one(SET, key)).toArray());
        assertThat(count(load(files, "get"), GET)).isEqualTo(11_000);
        assertThat(count(load(files, "set"), SET)).isEqualTo(11_000);
        for (String mix : new String[] {"mix", "zipf", "save"}) {
            assertThat(count(load(files, mix), GET)).as(mix).isEqualTo(10_000);
            assertThat(count(load(files, mix), SET)).as(mix).isEqualTo(1000);
        }
    }

    @Test
    void keysAreUniformOrByZipfsLaw() {
        Map<String, byte[]> files = files(1);
        // 11 of each key are expected: 40 would be nine deviations off.
        assertThat(keys(load(files, "mix")).values()).hasSizeGreaterThan(990).allMatch(count -> count < 40);
        long[] often = keys(load(files, "zipf")).values().stream()
                .sorted(Comparator.reverseOrder())
                .mapToLong(x -> x)
                .toArray();
        // The sum of k^-0.99 up to 1000 is 7.73: the first of 11,000 has 1,423, the tenth a tenth of it.
        assertThat(often[0]).isBetween(1250L, 1600L);
        assertThat(often[9]).isBetween(100L, 200L);
        assertThat(keys(load(files, "zipf")).entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey())
                .as("which key is the most frequent is random")
                .isNotEqualTo(keys(load(files(2), "zipf")).entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey());
    }

    @Test
    void theSameSeedAsksTheSame() {
        assertThat(load(files(1), "save")).isEqualTo(load(files(1), "save")).isNotEqualTo(load(files(2), "save"));
        assertThat(new RedisApp().plan(SIZE, 1).steps()).isEqualTo("""
            app start /app/socket
            app load fill 16
            app limit 80
            app load get 16
            app load set 16
            app load mix 16
            app load zipf 16
            app do BGSAVE
            app load save 16
            app until rdb_bgsave_in_progress 0 INFO persistence
            app demand rdb_saves 1 INFO persistence
            app tell latest_fork_usec INFO stats
            """);
    }

    @Test
    void whatTheProbeHasNoRoomForIsRefused() {
        assertThatThrownBy(() -> new Plan("/s").request("x".repeat(40_000)))
                .isInstanceOf(IllegalArgumentException.class);
        Plan plan = new Plan("/s");
        for (int i = 0; i < 16; i++) {
            assertThat(plan.request("x")).isEqualTo(i);
        }
        assertThatThrownBy(() -> plan.request("x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void programsAreFoundByName() {
        assertThat(Apps.of("redis")).containsInstanceOf(RedisApp.class);
        assertThat(Apps.of("Redis")).isEmpty();
    }
}
