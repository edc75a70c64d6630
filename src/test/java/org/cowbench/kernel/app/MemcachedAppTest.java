package org.cowbench.kernel.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemcachedAppTest {
    private static final App.Size SIZE = new App.Size(1000, 100, 500, 16, 80);
    private static final App APP = new MemcachedApp();

    private static String text(Map<String, byte[]> files, String name) {
        return new String(files.get(name), StandardCharsets.US_ASCII);
    }

    @Test
    void requestsAreOfItsTextProtocol() {
        Map<String, byte[]> files = APP.plan(SIZE, 1).files(APP.arguments());
        assertThat(text(files, "app/ask0")).isEqualTo("get key:############\r\n");
        assertThat(text(files, "app/ask1")).isEqualTo("set key:############ 0 0 100\r\n" + "x".repeat(100) + "\r\n");
        assertThat(text(files, "app/arguments"))
                .startsWith("/usr/bin/memcached\n")
                .contains("-u\nroot\n");
    }

    /** As root it looks itself up. */
    @Test
    void itsGuestKnowsRoot() {
        FakeGuest guest = new FakeGuest(List.of());
        Program program = new Program(Map.of("usr/bin/memcached", new byte[1]), List.of("memcached_1"));
        AppBoot.run("5.10", guest, APP, program, APP.plan(SIZE, 1), each -> {});
        assertThat(text(guest.files(), "etc/passwd")).startsWith("root:x:0:0:");
        assertThat(guest.files()).containsKey("usr/bin/memcached");
    }

    /** The same keys in the same order, of the same loads. */
    @Test
    void itIsAskedWhatRedisIsAsked() {
        App redis = new RedisApp();
        Map<String, byte[]> theirs = redis.plan(SIZE, 3).files(redis.arguments());
        Map<String, byte[]> own = APP.plan(SIZE, 3).files(APP.arguments());
        for (String load : List.of("fill", "get", "set", "mix", "zipf")) {
            assertThat(own.get("app/load-" + load)).as(load).isEqualTo(theirs.get("app/load-" + load));
        }
        assertThat(own).doesNotContainKey("app/load-save");
        assertThat(APP.plan(SIZE, 3).steps()).isEqualTo("""
            app start /app/socket
            app load fill 16
            app limit 80
            app load get 16
            app load set 16
            app load mix 16
            app load zipf 16
            """);
    }

    @Test
    void aGuestHasRoomForAllKeys() {
        assertThat(APP.memory(SIZE)).isGreaterThan(1000L * 100 * 5 / 4);
        assertThat(Apps.of("memcached")).containsInstanceOf(MemcachedApp.class);
        assertThat(Apps.names()).isEqualTo("redis, memcached");
    }
}
