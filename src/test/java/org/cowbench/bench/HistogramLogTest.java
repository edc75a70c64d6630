package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Tag;
import org.cowbench.result.TaggedHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HdrHistogram's own tool reads the log. */
class HistogramLogTest {
    @TempDir
    private Path results;

    private static String processed(String... arguments) {
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            // The tool's thread is run here, so that what it prints is ours.
            new HistogramLogProcessor(arguments).run();
        } catch (java.io.FileNotFoundException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void histogramLogProcessorReadsEveryTag() throws Exception {
        Cell cell = Catalog.cells().stream()
                .filter(candidate -> candidate.name().equals("WriteAfterRead.dram"))
                .findFirst()
                .orElseThrow();
        Histogram slow = new Histogram(1, ForkProbe.MAX_PICOS, 3);
        slow.recordValueWithCount(400_000, 99);
        slow.recordValueWithCount(4_000_000, 1);
        Histogram slowToo = new Histogram(1, ForkProbe.MAX_PICOS, 3);
        slowToo.recordValueWithCount(400_000, 100);
        Histogram odd = new Histogram(1, ForkProbe.MAX_PICOS, 3);
        odd.recordValue(1_000);
        String oddTag = Tag.of("A.b", java.util.Map.of("text", "with space, and comma"));
        Instant base = Instant.parse("2026-01-02T03:04:05Z");
        ResultWriter writer = ResultWriter.create(results, "log");
        writer.writeHistograms(
                List.of(
                        new TaggedHistogram(cell.tag(), base.plusMillis(500), 1.25, slow),
                        new TaggedHistogram(oddTag, base.plusMillis(1800), 1.25, odd),
                        new TaggedHistogram(cell.tag(), base.plusMillis(3200), 1.25, slowToo)),
                base,
                "units: picoseconds");
        String log = writer.finish().resolve(ResultDirectory.HISTOGRAM_FILE).toString();

        assertThat(Files.readString(Path.of(log)))
                .contains("#[Histogram log format version 1.3]")
                .contains("#[units: picoseconds]");
        assertThat(processed("-i", log, "-listtags")).contains(cell.tag()).contains(oddTag);
        // In nanoseconds: 199 batches of 400 ns and one of 4000 ns.
        String table = processed("-i", log, "-tag", cell.tag(), "-outputValueUnitRatio", "1000");
        assertThat(table).containsPattern("Total count +?= +200\\]").containsPattern("Max +?= +40\\d\\d\\.");
        assertThat(table).containsPattern("Mean +?= +41[78]\\.");
    }
}
