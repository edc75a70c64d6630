package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the shipped trace against the facts told about it. */
class RecordedTraceTest {
    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Streams.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }

    private static Map<String, String> facts() throws IOException {
        return new String(resource("redis.facts.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(fact -> fact[0], fact -> fact[1]));
    }

    @Test
    void theFactsAreThoseOfTheTrace() throws IOException, NoSuchAlgorithmException {
        Map<String, String> facts = facts();
        byte[] trace = resource("redis.trace.gz");
        assertThat(facts)
                .containsEntry(
                        "sha256",
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(trace)));
        AccessStream stream = Streams.REDIS.stream(1, 1, 1);
        assertThat(facts).containsEntry("accesses", Integer.toString(stream.accesses()));
        assertThat(facts).containsEntry("pages", Integer.toString(stream.pages()));
        assertThat(stream.readShare()).isCloseTo(Double.parseDouble(facts.get("read share")), within(5e-7));
        // Were it none, the script would have read the map of another process.
        assertThat(Long.parseLong(facts.get("accesses to memory left out"))).isPositive();
        assertThat(facts.get("program")).contains("Redis server v=");
        assertThat(facts)
                .containsKeys(
                        "recorder",
                        "kernel",
                        "cpu",
                        "date",
                        "server command",
                        "load, not recorded",
                        "recorded, getting",
                        "recorded, setting",
                        "requests",
                        "collapse rule");
    }

    @Test
    void theTraceIsReducedAsTheFactsSay() throws IOException {
        int window = Integer.parseInt(facts().get("window"));
        AccessStream stream = Streams.REDIS.stream(1, 1, 1);
        int[] lastRead = new int[stream.pages()];
        int[] lastWrite = new int[stream.pages()];
        Arrays.fill(lastRead, -window - 1);
        Arrays.fill(lastWrite, -window - 1);
        for (int i = 0; i < stream.length(); i++) {
            int page = AccessStream.page(stream.code(i));
            boolean write = AccessStream.isWrite(stream.code(i));
            int covering = write ? lastWrite[page] : Math.max(lastRead[page], lastWrite[page]);
            if (i - covering <= window) {
                fail("access " + i + " is covered by access " + covering);
            }
            (write ? lastWrite : lastRead)[page] = i;
        }
        for (int page = 0; page < stream.pages(); page++) {
            if (Math.max(lastRead[page], lastWrite[page]) < 0) {
                fail("page " + page + " does not occur");
            }
        }
    }

    @Test
    void theTraceIsOfAUsefulSize() throws IOException {
        assertThat(resource("redis.trace.gz")).hasSizeLessThan(2 << 20);
        AccessStream stream = Streams.REDIS.stream(1, 1, 1);
        assertThat(stream.name()).isEqualTo("redis");
        assertThat(stream.hasChildren()).isFalse();
        assertThat(stream.pages()).isBetween(5_000, 20_000);
        assertThat(stream.accesses()).isBetween(300_000, 5_000_000);
        assertThat(stream.readShare()).isBetween(0.5, 0.95);
    }

    @Test
    void aSnapshotIsTheSameProgramWithFourSaves() {
        AccessStream redis = Streams.REDIS.stream(1, 1, 1);
        AccessStream snapshot = Streams.SNAPSHOT.stream(1, 1, 1);
        assertThat(snapshot.name()).isEqualTo("snapshot");
        assertThat(snapshot.pages()).isEqualTo(redis.pages());
        assertThat(snapshot.forks()).isEqualTo(4);
        assertThat(snapshot.length()).isEqualTo(redis.length() + 4 * (redis.pages() + 2));
        assertThat(Arrays.stream(snapshot.toArray()).filter(code -> code >= 0).toArray())
                .isEqualTo(redis.toArray());
    }
}
