package org.cowbench.result;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes one result directory.
 *
 * <p>The directory is {@code <label>.partial} until {@link #finish()} renames it. Each method replaces its file whole;
 * when it fails the previous content is still there.
 */
public final class ResultWriter {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*");
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9._+-]");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final double MILLIS_PER_SECOND = 1000;

    private static final Opener OPENER = path -> FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    private final Path partial;
    private final Path target;
    private final Opener opener;

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the whole content.
         *
         * @param out where to; the caller closes it
         * @throws IOException when it cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Opens a new file; tests put a full disk here. */
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path path) throws IOException;
    }

    private ResultWriter(Path partial, Path target, Opener opener) {
        this.partial = partial;
        this.target = target;
        this.opener = opener;
    }

    /**
     * Returns the label a run gets when the user gives none.
     *
     * @param started when the run starts
     * @param revision what it measures
     * @return {@code <UTC yyyymmdd-hhmmss>-<short commit>}
     */
    public static String defaultLabel(Instant started, Revision revision) {
        return defaultLabel(started, revision.shortCommit());
    }

    /**
     * Returns a label for what is not of one commit.
     *
     * @param started when it starts
     * @param what what it is, in a word
     * @return {@code <UTC yyyymmdd-hhmmss>-<what>}
     */
    public static String defaultLabel(Instant started, String what) {
        return STAMP.format(started) + "-" + what;
    }

    /**
     * Tells whether a label can name a result directory.
     *
     * @return true when it is a plain file name that {@link ResultDirectory} can tell from an unfinished run's
     */
    public static boolean isLabel(String label) {
        return LABEL.matcher(label).matches() && !label.endsWith(ResultDirectory.PARTIAL_SUFFIX);
    }

    /**
     * Makes any text fit for a part of a label.
     *
     * @return the text with an underscore in place of every character that no label may have
     */
    public static String labelPart(String text) {
        return UNFIT.matcher(text).replaceAll("_");
    }

    /**
     * Creates the directory of a new run.
     *
     * @param results directory of all results, created when absent
     * @param label label of the run
     * @return the writer
     * @throws IllegalArgumentException when the label cannot be a directory name
     * @throws ResultStorageException when the directory cannot be created or the label is taken
     */
    public static ResultWriter create(Path results, String label) {
        return create(results, label, OPENER);
    }

    /**
     * Insists that no run has a label.
     *
     * @param results directory of all results
     * @throws ResultStorageException when one has
     */
    public static void demandFree(Path results, String label) {
        Path partial = results.resolve(label + ResultDirectory.PARTIAL_SUFFIX);
        if (Files.exists(results.resolve(label))) {
            throw new ResultStorageException(
                    results.resolve(label) + " exists already; choose another --label or remove it", null);
        }
        if (Files.isDirectory(partial)) {
            throw new ResultStorageException(
                    partial + " is another run's, still going or killed; choose another"
                            + " --label, or remove it once nothing in it is wanted",
                    null);
        }
    }

    /**
     * Takes the directory of a run up again that was killed, or interrupted and so has its final name already.
     *
     * @param results directory of all results
     * @param label label of the run
     * @return the writer
     * @throws ResultStorageException when the directory cannot be written
     */
    public static ResultWriter reopen(Path results, String label) {
        Path target = results.resolve(label);
        Path partial = results.resolve(label + ResultDirectory.PARTIAL_SUFFIX);
        if (Files.exists(target) && Files.exists(partial)) {
            throw new ResultStorageException("there are both " + target + " and " + partial + "; move one away", null);
        }
        try {
            if (Files.exists(target)) {
                Files.move(target, partial, StandardCopyOption.ATOMIC_MOVE);
            }
            ResultWriter writer = new ResultWriter(partial, target, OPENER);
            Writable.demand(partial, "make it writable");
            return writer;
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw new ResultStorageException("cannot write " + partial + ": " + reason(e) + "; make it writable", e);
        }
    }

    static ResultWriter create(Path results, String label, Opener opener) {
        if (!isLabel(label)) {
            throw new IllegalArgumentException(
                    "not a label: '" + label + "' (letters, digits, '.', '_', '+', '-', not ending in .partial)");
        }
        Path target = results.resolve(label);
        Path partial = results.resolve(label + ResultDirectory.PARTIAL_SUFFIX);
        demandFree(results, label);
        try {
            Files.createDirectories(results);
            Files.createDirectory(partial);
            ResultWriter writer = new ResultWriter(partial, target, opener);
            writer.probe();
            return writer;
        } catch (FileAlreadyExistsException e) {
            throw new ResultStorageException(
                    "cannot create " + partial + ": " + e.getFile()
                            + " is not a directory; choose another place with --results DIR",
                    e);
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw new ResultStorageException(
                    "cannot create " + partial + ": " + reason(e)
                            + "; make it writable or choose another place with --results DIR",
                    e);
        }
    }

    /** Finds a full or broken disk before an hour of measuring, not after it. */
    private void probe() throws IOException {
        Path probe = partial.resolve(".probe");
        try (FileChannel channel = opener.open(probe)) {
            Channels.newOutputStream(channel).write(new byte[1 << 16]);
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(probe);
            Files.deleteIfExists(partial);
            throw e;
        }
        Files.delete(probe);
    }

    /**
     * Returns the directory that is being written.
     *
     * @return {@code <results>/<label>.partial}, or {@code <results>/<label>} after {@link #finish()}
     */
    public Path directory() {
        return Files.exists(partial) ? partial : target;
    }

    /**
     * Replaces {@code jmh.json}.
     *
     * @param content writes JMH's JSON
     * @throws ResultStorageException when it cannot be stored; the previous content remains
     */
    public void writeJmh(Content content) {
        write(ResultDirectory.JMH_FILE, content);
    }

    /**
     * Replaces {@code jmh.json}.
     *
     * @param entries one a benchmark, as JMH would have written them
     * @throws ResultStorageException when it cannot be stored; the previous content remains
     */
    public void writeJmh(ArrayNode entries) {
        writeJmh(out -> out.write(Json.MAPPER.writeValueAsBytes(entries)));
    }

    /**
     * Replaces {@code run.json}.
     *
     * @param info its content
     * @throws ResultStorageException when it cannot be stored; the previous content remains
     */
    public void writeRunInfo(RunInfo info) {
        write(ResultDirectory.RUN_FILE, out -> {
            out.write(Json.MAPPER.writeValueAsBytes(info));
            out.write('\n');
        });
    }

    /**
     * Replaces {@code histograms.hlog}.
     *
     * @param histograms one line each, in the order of their start
     * @param base start of the run; the log's times count from it
     * @param comment said in the file's head, such as the unit
     * @throws ResultStorageException when it cannot be stored; the previous content remains
     */
    public void writeHistograms(Iterable<TaggedHistogram> histograms, Instant base, String comment) {
        write(ResultDirectory.HISTOGRAM_FILE, out -> {
            // The log's writer prints to a stream that hides errors, so it prints to memory.
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(bytes, false, StandardCharsets.UTF_8);
            HistogramLogWriter log = new HistogramLogWriter(print);
            log.outputComment("[Logged by cowbench]");
            log.outputComment("[" + comment + "]");
            log.outputLogFormatVersion();
            log.outputStartTime(base.toEpochMilli());
            log.outputBaseTime(base.toEpochMilli());
            log.setBaseTime(base.toEpochMilli());
            log.outputLegend();
            for (TaggedHistogram line : histograms) {
                line.histogram().setTag(line.tag());
                double start = (line.start().toEpochMilli() - base.toEpochMilli()) / MILLIS_PER_SECOND;
                log.outputIntervalHistogram(start, start + line.seconds(), line.histogram(), 1.0);
            }
            print.flush();
            bytes.writeTo(out);
        });
    }

    /**
     * Adds a text file, such as what a failed fork printed.
     *
     * @param name plain file name
     * @param text its content
     * @throws ResultStorageException when it cannot be stored
     */
    public void writeText(String name, String text) {
        write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Removes a file; one that is not there is none to remove.
     *
     * @param name plain file name
     * @throws ResultStorageException when it cannot be removed
     */
    public void remove(String name) {
        try {
            Files.deleteIfExists(partial.resolve(name));
        } catch (IOException e) {
            throw new ResultStorageException("cannot remove " + partial.resolve(name) + ": " + reason(e), e);
        }
    }

    /**
     * Gives the directory its final name.
     *
     * @return the final directory
     * @throws ResultStorageException when it cannot be renamed; the content stays in the {@code .partial} directory
     */
    public Path finish() {
        try {
            // A rename onto an empty directory would succeed silently.
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            return target;
        } catch (IOException e) {
            throw new ResultStorageException(
                    "cannot rename " + partial + " to " + target + ": " + reason(e) + "; the results are whole in "
                            + partial,
                    e);
        }
    }

    /** Removes the directory of a run that measured nothing. */
    public void discard() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(partial);
        } catch (IOException e) {
            throw new ResultStorageException("cannot remove " + partial + ": " + reason(e), e);
        }
    }

    /**
     * Replaces a file.
     *
     * @param name plain file name
     * @param content writes it
     * @throws ResultStorageException when it cannot be stored; the previous content remains
     */
    public void write(String name, Content content) {
        Path file = partial.resolve(name);
        Path temporary = partial.resolve("." + name + ".tmp");
        try {
            try (FileChannel channel = opener.open(temporary);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw new ResultStorageException(
                    "cannot write " + file + ": " + reason(e)
                            + "; make room or choose another place with --results DIR",
                    e);
        }
    }

    /**
     * Says why a file cannot be written, without the names of Java's classes.
     *
     * @param e what was thrown
     * @return a few words
     */
    public static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException file -> file.getFile() + " is not a directory";
            case NoSuchFileException gone -> gone.getFile() + " is gone";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
