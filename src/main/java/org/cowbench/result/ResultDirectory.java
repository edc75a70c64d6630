package org.cowbench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogScanner;
import org.jspecify.annotations.Nullable;

/** One run, read back: a result directory, an unfinished one, or a bare JMH JSON file of any project. */
public final class ResultDirectory {
    /** JMH's own JSON. */
    public static final String JMH_FILE = "jmh.json";
    /** {@link RunInfo} as JSON. */
    public static final String RUN_FILE = "run.json";
    /** HdrHistogram log 1.3. */
    public static final String HISTOGRAM_FILE = "histograms.hlog";
    /** Ends the name of the directory of a run that is going on or was killed. */
    public static final String PARTIAL_SUFFIX = ".partial";

    private final Path path;
    private final RunInfo info;
    private final JmhJson.Content content;
    private final @Nullable Path log;
    private @Nullable Map<String, Histogram> histograms;

    private ResultDirectory(Path path, RunInfo info, JmhJson.Content content, @Nullable Path log) {
        this.path = path;
        this.info = info;
        this.content = content;
        this.log = log;
    }

    /**
     * Reads a result.
     *
     * @param path a result directory, or a file that is a JMH JSON
     * @return the result
     * @throws ResultException when a file is missing, cut short, of another kind or of a newer schema
     */
    public static ResultDirectory read(Path path) {
        if (Files.isDirectory(path)) {
            Path jmh = path.resolve(JMH_FILE);
            if (!Files.exists(jmh)) {
                throw new ResultException(path + " is no result directory: it has no " + JMH_FILE);
            }
            JmhJson.Content content = JmhJson.read(jmh);
            return new ResultDirectory(path, readInfo(path, content), content, path.resolve(HISTOGRAM_FILE));
        }
        if (Files.exists(path)) {
            JmhJson.Content content = JmhJson.read(path);
            return new ResultDirectory(path, bareInfo(path, content), content, null);
        }
        throw new ResultException(path + " does not exist");
    }

    /**
     * Finds what a user named: a path, or the label of a run, finished or not.
     *
     * @param results directory of all results
     * @param name path or label
     * @return the path to {@linkplain #read(Path) read}
     * @throws ResultException when there is neither
     */
    public static Path find(Path results, String name) {
        for (Path candidate : List.of(results.resolve(name), results.resolve(name + PARTIAL_SUFFIX), Path.of(name))) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        throw new ResultException("no result '" + name + "': neither a label in " + results + " nor a path");
    }

    /**
     * Returns the label.
     *
     * @return the run's label, or the file's name where no run.json tells it
     */
    public String label() {
        return info.label();
    }

    /**
     * Returns where this was read from.
     *
     * @return directory or file
     */
    public Path path() {
        return path;
    }

    /**
     * Returns what is known about the run.
     *
     * @return the content of run.json; when there is none with schema 0, a warning, and the {@linkplain #settings()
     *     settings} as environment
     */
    public RunInfo info() {
        return info;
    }

    /**
     * Returns all measurements.
     *
     * @return in the order of the file
     */
    public List<Measurement> measurements() {
        return content.measurements();
    }

    /**
     * Returns what JMH's own file says of how it was measured: JDK, flags, threads, warm-up and measurement.
     *
     * @return texts by JMH's names after {@code jmh.}, sorted; where benchmarks differ, every value once
     */
    public Map<String, String> settings() {
        return content.settings();
    }

    /**
     * Returns what to know of how JMH's file was read, such as benchmarks that are in it twice.
     *
     * @return one line each; they are among the warnings of {@link #info()} too
     */
    public List<String> notes() {
        return content.notes();
    }

    /**
     * Returns the histograms, merged over forks.
     *
     * @return by {@linkplain Tag tag}, in the order of the file; values are picoseconds per operation, each the mean of
     *     a batch of operations; empty when the run recorded none
     * @throws ResultException when the log cannot be read
     */
    public synchronized Map<String, Histogram> histograms() {
        if (histograms == null) {
            Map<String, Histogram> merged = new LinkedHashMap<>();
            eachHistogram(line -> merged.merge(line.tag(), line.histogram(), (sum, next) -> {
                sum.add(next);
                return sum;
            }));
            histograms = merged;
        }
        return histograms;
    }

    /**
     * Reads the histograms one by one, so that the log of a long run need not fit in memory.
     *
     * @param action receives every line of the log in the order of the file, one a fork and measurement; nothing when
     *     the run recorded none
     * @throws ResultException when the log cannot be read
     */
    public void eachHistogram(Consumer<TaggedHistogram> action) {
        if (log == null || !Files.exists(log)) {
            return;
        }
        LogLines lines = new LogLines(action);
        try (HistogramLogScanner scanner = new HistogramLogScanner(log.toFile())) {
            scanner.process(lines);
        } catch (IOException | RuntimeException e) {
            lines.onException(e);
        }
        if (lines.failure != null) {
            throw new ResultException(
                    log + " is no whole HdrHistogram log: " + lines.failure.getMessage(), lines.failure);
        }
    }

    /** The library's own reader cuts off fractions of seconds, so that its times are often a millisecond early. */
    private static final class LogLines implements HistogramLogScanner.EventHandler {
        private static final double MILLIS = 1000;

        private final Consumer<TaggedHistogram> action;
        private double base;
        private @Nullable Throwable failure;

        LogLines(Consumer<TaggedHistogram> action) {
            this.action = action;
        }

        @Override
        public boolean onComment(String comment) {
            return false;
        }

        @Override
        public boolean onStartTime(double seconds) {
            return false;
        }

        @Override
        public boolean onBaseTime(double seconds) {
            base = seconds;
            return false;
        }

        @Override
        public boolean onHistogram(
                String tag, double start, double seconds, HistogramLogScanner.EncodableHistogramSupplier supplier) {
            try {
                if (supplier.read() instanceof Histogram histogram) {
                    action.accept(new TaggedHistogram(
                            tag == null ? "" : tag,
                            Instant.ofEpochMilli(Math.round((base + start) * MILLIS)),
                            seconds,
                            histogram));
                }
                return false;
            } catch (DataFormatException e) {
                return onException(e);
            }
        }

        @Override
        public boolean onException(Throwable thrown) {
            failure = thrown;
            return true;
        }
    }

    private static RunInfo readInfo(Path directory, JmhJson.Content content) {
        Path file = directory.resolve(RUN_FILE);
        if (!Files.exists(file)) {
            return bareInfo(directory, content);
        }
        try {
            JsonNode node = Json.MAPPER.readTree(Files.readAllBytes(file));
            int schema = node.path("schema").asInt(0);
            if (schema < 1) {
                throw new ResultException(file + " names no schema: not written by cowbench");
            }
            if (schema > RunInfo.SCHEMA) {
                throw new ResultException(file + " has schema " + schema + ", this cowbench reads up to "
                        + RunInfo.SCHEMA + "; read it with a newer cowbench");
            }
            RunInfo info = Json.MAPPER.treeToValue(node, RunInfo.class);
            return new RunInfo(
                    info.schema(),
                    orElse(info.label(), directory.getFileName().toString()),
                    orElse(info.commit(), ""),
                    info.dirty(),
                    orElse(info.command(), List.of()),
                    info.seed(),
                    orElse(info.suite(), ""),
                    orElse(info.started(), ""),
                    info.seconds(),
                    info.complete(),
                    orElse(info.environment(), Map.of()),
                    orElse(info.forks(), List.of()),
                    join(orElse(info.warnings(), List.of()), content.notes()));
        } catch (JsonProcessingException e) {
            throw new ResultException(
                    file + " is no whole run.json (" + JmhJson.where(e) + "); it may have been cut short", e);
        } catch (IOException e) {
            throw new ResultException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static <T> T orElse(T value, T fallback) {
        return value == null ? fallback : value;
    }

    private static RunInfo bareInfo(Path path, JmhJson.Content content) {
        return new RunInfo(
                0,
                path.toAbsolutePath().getFileName().toString(),
                "",
                false,
                List.of(),
                0,
                "",
                "",
                0,
                true,
                content.settings(),
                List.of(),
                join(
                        List.of("no " + RUN_FILE + " beside it: commit, machine and schedule are unknown"),
                        content.notes()));
    }

    private static List<String> join(List<String> warnings, List<String> notes) {
        return Stream.concat(warnings.stream(), notes.stream()).toList();
    }
}
