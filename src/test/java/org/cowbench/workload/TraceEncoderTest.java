package org.cowbench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceEncoderTest {
    private static final String HEAD = """
        ==123== Lackey, an example Valgrind tool
        ==123==
        I  00109000,3
         S 1ffefff7d8,8
        cowbench drop 00108000-00167000
        cowbench drop ffffffffff600000-ffffffffff601000
        cowbench steady
        """;

    @Test
    void keepsDataOfTheSteadyPhaseAndNumbersPagesByAddress() throws IOException {
        AccessStream trace = encode(1, HEAD + """
             S 1ffefff7d8,8
            I  00109003,5
             L 00108010,8
             L 00166fff,1
             L 05a00ff8,8
             M 05a00000,4
            --123-- a message of valgrind that is far longer than any line lackey writes: \
            0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 \
            0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789
             L 00167000,8
            cowbench stop
             S 09000000,8
            """);
        assertThat(trace.pages()).isEqualTo(3);
        assertThat(trace.toArray()).containsExactly(write(2), read(1), write(1), read(0));
    }

    @Test
    void anAccessThatStraddlesPagesCountsForEach() throws IOException {
        String text = "cowbench steady\n S 00001ffc,8\n L 00002fff,2\n L 00005000,4096\ncowbench stop\n";
        assertThat(encode(1, text).toArray()).containsExactly(write(0), write(1), read(2), read(3));
    }

    @Test
    void leavesOutWhatARecentAccessCovers() throws IOException {
        // In a window of 2: a read after a read or write of the page, and a write after a write, but not after a read.
        assertThat(reduce(2, read(0), read(0), write(0), read(0), write(0))).containsExactly(read(0), write(0));
        assertThat(reduce(2, write(0), read(1), write(0), read(1), read(2), write(0), read(1)))
                .containsExactly(write(0), read(1), read(2), write(0), read(1));
        assertThat(reduce(1, read(0), read(1), read(0), read(0), read(1)))
                .containsExactly(read(0), read(1), read(0), read(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 64})
    void agreesWithTheRuleAsStated(int window) throws IOException {
        Random random = new Random(window);
        int[] raw = random.ints(20_000, 0, 3 * (2 * window + 3))
                .map(i -> AccessStream.access(i / 3, i % 3 == 0))
                .toArray();
        List<Integer> kept = new ArrayList<>();
        for (int code : raw) {
            List<Integer> recent = kept.subList(Math.max(0, kept.size() - window), kept.size());
            boolean covered = recent.contains(code | 1) || !AccessStream.isWrite(code) && recent.contains(code);
            if (!covered) {
                kept.add(code);
            }
        }
        int[] expected = kept.stream().mapToInt(Integer::intValue).toArray();
        assertThat(reduce(window, raw)).isEqualTo(expected);
        assertThat(expected.length).as("the rule leaves something out").isLessThan(raw.length * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " X 0000,8",
                " S 00g0,8",
                " S 0000,8x",
                " S 0000",
                " S 0000,0",
                "hello",
                "cowbench pause",
                "cowbench drop 1000",
                "cowbench drop 10-g0",
                "cowbench drop 1-11112222333344445"
            })
    void refusesOtherLines(String line) {
        assertThatIOException()
                .isThrownBy(() -> encode(1, "cowbench steady\n" + line + "\ncowbench stop\n"))
                .withMessage("line 2 is not lackey's: " + line);
    }

    @Test
    void aRecordingThatEndedEarlyIsNone() {
        assertThatIOException()
                .isThrownBy(() -> encode(1, "I  00,1\n"))
                .withMessage("the recording ended in its load phase: did the program die?");
        assertThatIOException()
                .isThrownBy(() -> encode(1, "cowbench steady\n S 00,1"))
                .withMessage("the recording ended in its steady phase: did the program die?");
        assertThatIOException()
                .isThrownBy(() -> encode(1, "cowbench steady\ncowbench stop"))
                .withMessage("no access was recorded");
        assertThatIllegalArgumentException().isThrownBy(() -> new TraceEncoder(0));
    }

    @Test
    void theCommandWritesATraceAndPrintsItsFacts(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("trace.gz");
        assertThat(run(
                        HEAD + " L 108000,8\n S 5000,8\n L 5000,8\n L 6000,8\n L 7000,8\n S 6000,8\ncowbench stop\n",
                        file.toString(),
                        "64"))
                .isEqualTo("""
                    0
                    accesses: 4
                    pages: 3
                    read share: 0.500000
                    window: 64
                    accesses before the window: 5
                    accesses to memory left out: 1
                    """);
        try (InputStream in = Files.newInputStream(file)) {
            assertThat(TraceFormat.read("t", "f", in).toArray()).containsExactly(write(0), read(1), read(2), write(1));
        }
    }

    @Test
    void theCommandFailsWithOneLine(@TempDir Path directory) {
        String file = directory.resolve("trace.gz").toString();
        assertThat(run("")).isEqualTo("2\nusage: TraceEncoder FILE WINDOW < lackey's text\n");
        assertThat(run("", file, "0")).startsWith("2\nusage: ");
        assertThat(run("what\n", file, "1")).isEqualTo("1\nTraceEncoder: line 1 is not lackey's: what\n");
        assertThat(Path.of(file)).doesNotExist();
    }

    private static String run(String input, String... args) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int status = TraceEncoder.run(args, bytes(input), out, out);
        return status + "\n" + printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static int[] reduce(int window, int... codes) throws IOException {
        StringBuilder text = new StringBuilder("cowbench steady\n");
        for (int code : codes) {
            text.append(AccessStream.isWrite(code) ? " S " : " L ")
                    .append(Integer.toHexString(AccessStream.page(code) << 12))
                    .append(",8\n");
        }
        return encode(window, text + "cowbench stop\n").toArray();
    }

    private static AccessStream encode(int window, String text) throws IOException {
        TraceEncoder encoder = new TraceEncoder(window);
        encoder.read(bytes(text));
        return encoder.trace("t");
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static int read(int page) {
        return AccessStream.access(page, false);
    }

    private static int write(int page) {
        return AccessStream.access(page, true);
    }
}
