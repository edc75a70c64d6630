package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceFormatTest {
    static Stream<AccessStream> streams() {
        return Stream.of(
                new AccessStream("one", 1, new int[] {1}),
                new AccessStream("widest", AccessStream.MAX_PAGES, new int[] {
                    AccessStream.access(AccessStream.MAX_PAGES - 1, true), 0, 127, 128, 16383, 16384
                }),
                SyntheticStreams.uniform(300, 5000, 0.3, 1),
                SyntheticStreams.zipf(20_000, 200_000, 0.99, 0.5, 2));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void whatIsWrittenIsRead(AccessStream stream) throws IOException {
        AccessStream read = read(written(stream));
        assertThat(read.name()).isEqualTo("name");
        assertThat(read.pages()).isEqualTo(stream.pages());
        assertThat(read.toArray()).isEqualTo(stream.toArray());
    }

    @Test
    void writingTwiceGivesTheSameBytes() throws IOException {
        AccessStream stream = SyntheticStreams.zipf(100, 1000, 0.99, 0.5, 3);
        assertThat(written(stream)).isEqualTo(written(stream));
    }

    @Test
    void leavesTheStreamsOpen() throws IOException {
        byte[] trace = written(SyntheticStreams.uniform(10, 10, 0.5, 1));
        ByteArrayInputStream in = new ByteArrayInputStream(trace) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        assertThat(TraceFormat.read("name", "file", in).length()).isEqualTo(10);
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        byte[] trace = written(SyntheticStreams.uniform(300, 500, 0.3, 1));
        for (int length = 0; length < trace.length; length++) {
            byte[] cut = Arrays.copyOf(trace, length);
            assertThatThrownBy(() -> read(cut))
                    .as("first %d of %d bytes", length, trace.length)
                    .isInstanceOf(TraceFormatException.class)
                    .hasMessage("file: truncated: fetch or record it again");
        }
    }

    /** A flipped bit may do no harm in gzip's header (its operating system, say); it never changes an access. */
    @Tag("slow")
    @Test
    void everyFlippedBitIsNoticedOrHarmless() throws IOException {
        AccessStream stream = SyntheticStreams.uniform(300, 500, 0.3, 1);
        byte[] trace = written(stream);
        int noticed = 0;
        for (int bit = 0; bit < 8 * trace.length; bit++) {
            byte[] altered = trace.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                AccessStream read = read(altered);
                assertThat(read.pages()).isEqualTo(stream.pages());
                assertThat(read.toArray()).as("bit %d", bit).isEqualTo(stream.toArray());
            } catch (TraceFormatException e) {
                noticed++;
                assertThat(e).hasMessageStartingWith("file: ").message().doesNotContain("\n");
            }
        }
        assertThat(noticed).isGreaterThan(8 * (trace.length - 10));
    }

    @Test
    void otherFilesAreNamedForWhatTheyAre() throws IOException {
        fails(
                "plain text, no trace".getBytes(StandardCharsets.US_ASCII),
                "file: not a page trace, or damaged: Not in GZIP format");
        fails(gzip("a page of text"), "file: not a page trace: it does not begin with \"cowtrace\"");
        fails(gzip("cow"), "file: not a page trace: it does not begin with \"cowtrace\"");
        fails(gzip("cowtrace\2"), "file: trace version 2, only 1 is known: record it again");
        fails(gzip("cowtrace\1\4\2\0"), "file: truncated: fetch or record it again");
        fails(gzip("cowtrace\1\4\1\0\0"), "file: damaged: more data than its 1 accesses");
        fails(gzip("cowtrace\1\4\1\10"), "file: damaged: code 0: page 4 of 4");
        fails(gzip("cowtrace\1\4\0"), "file: damaged: code 0: no access");
        fails(gzip("cowtrace\1\0\1\0"), "file: damaged: pages must be 1 to 1073741823, not 0");
        fails(gzip("cowtrace\1\377\377\377\377\177\1\0"), "file: damaged: a number has more than 31 bits");
        fails(gzip("cowtrace\1\377\377\377\377\377\1"), "file: damaged: a number has more than 31 bits");
        // Claims 2^31 - 1 accesses: must fail on the missing data, not on the memory.
        fails(gzip("cowtrace\1\4\377\377\377\377\7\0"), "file: truncated: fetch or record it again");
    }

    @Test
    void forksAreNotWritten() {
        AccessStream stream = SyntheticStreams.uniform(3, 10, 0.5, 1).withSnapshots("forks", 5, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written(stream))
                .withMessageStartingWith("a trace holds no forks: forks: 3 pages");
    }

    private static void fails(byte[] file, String message) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(TraceFormatException.class)
                .hasMessage(message);
    }

    private static AccessStream read(byte[] trace) throws IOException {
        return TraceFormat.read("name", "file", new ByteArrayInputStream(trace));
    }

    private static byte[] written(AccessStream stream) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceFormat.write(stream, out);
        return out.toByteArray();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return out.toByteArray();
    }
}
