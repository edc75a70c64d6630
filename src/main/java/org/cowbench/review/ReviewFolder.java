package org.cowbench.review;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cowbench.kernel.KernelException;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Writable;

/**
 * The folder of a review: its plan, a file a part that is complete, a result directory of each kernel's measurements, and
 * what was made of them. Each file is written whole or not at all, and one review at a time works in it.
 */
public final class ReviewFolder implements AutoCloseable {
    /** Result directory of the base, inside the folder. */
    public static final String BASE = "base";
    /** Result directory of the head. */
    public static final String HEAD = "head";

    private static final String PLAN = "plan.json";
    private static final String LOCK = ".lock";
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path path;
    private final FileChannel channel;
    private final boolean made;

    private ReviewFolder(Path path, FileChannel channel, boolean made) {
        this.path = path;
        this.channel = channel;
        this.made = made;
    }

    /**
     * Opens a folder, which is made when it is absent.
     *
     * @param path where it is
     * @param plan what is to be reviewed
     * @return the folder
     * @throws KernelException if it holds another review, something else, or a review is at work in it
     * @throws ResultStorageException if it cannot be written
     */
    public static ReviewFolder open(Path path, ReviewPlan plan) {
        Writable.demand(path, "make it writable or choose another place with --output DIR");
        boolean made = !Files.exists(path);
        try {
            if (!made && !Files.exists(path.resolve(PLAN)) && holdsSomething(path)) {
                throw usage(path + " is no review and not empty; choose another place with --output DIR");
            }
            if (Files.exists(path.resolve(PLAN)) && !plan(path).asks(plan)) {
                throw usage(path
                        + " is the review of other kernels, or with other limits; choose another place with --output"
                        + " DIR, or remove it");
            }
            Files.createDirectories(path);
            ReviewFolder folder = new ReviewFolder(path, lock(path), made);
            folder.write(PLAN, MAPPER.writeValueAsBytes(plan));
            return folder;
        } catch (IOException e) {
            throw storage(path, e);
        }
    }

    /**
     * What a folder is the review of.
     *
     * @param path the folder
     * @return its plan
     * @throws KernelException if it has none that can be read
     */
    public static ReviewPlan plan(Path path) {
        try {
            ReviewPlan plan = MAPPER.readValue(Files.readAllBytes(path.resolve(PLAN)), ReviewPlan.class);
            if (plan.schema() != ReviewPlan.SCHEMA) {
                throw usage(
                        path + " was made by another version of cowbench (schema " + plan.schema() + "); begin anew");
            }
            return plan;
        } catch (IOException e) {
            throw usage(path + " is no review: its " + PLAN
                    + " cannot be read; 'review' says where its folder is when it begins");
        }
    }

    private static boolean holdsSomething(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return true;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.anyMatch(file -> !file.getFileName().toString().equals(LOCK));
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The same, inside this process.
        }
        channel.close();
        throw new KernelException(
                KernelException.Kind.LACKS,
                "another review is at work in " + path + "; wait for it, or choose another place with --output DIR");
    }

    private static KernelException usage(String message) {
        return new KernelException(KernelException.Kind.USAGE, message);
    }

    private static ResultStorageException storage(Path path, IOException e) {
        return new ResultStorageException(
                "cannot write to " + path + ": " + ResultWriter.reason(e)
                        + "; make it writable, make room, or choose another place with --output DIR",
                e);
    }

    /**
     * Where it is.
     *
     * @return the folder
     */
    public Path path() {
        return path;
    }

    /** A part that is complete; empty where it is not. */
    <T> Optional<T> read(ReviewPart part, Class<T> type) {
        Path file = path.resolve(part.id() + ".json");
        try {
            return Files.exists(file)
                    ? Optional.of(MAPPER.readValue(Files.readAllBytes(file), type))
                    : Optional.empty();
        } catch (IOException e) {
            throw usage(file + " cannot be read (" + e.getClass().getSimpleName()
                    + "); remove it, and the part is done again");
        }
    }

    /** Keeps a part. */
    void write(ReviewPart part, Object value) {
        try {
            write(part.id() + ".json", MAPPER.writeValueAsBytes(value));
        } catch (IOException e) {
            throw storage(path, e);
        }
    }

    /**
     * Writes what was made of the parts.
     *
     * @param name of the file
     * @param text its content
     * @throws ResultStorageException if it cannot be written
     */
    public void text(String name, String text) {
        try {
            write(name, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw storage(path, e);
        }
    }

    private void write(String name, byte[] content) throws IOException {
        Path temporary = path.resolve("." + name + ".tmp");
        try {
            Files.write(temporary, content);
            Files.move(
                    temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The measurements of base and head; empty unless both are complete. */
    Optional<List<ResultDirectory>> measured() {
        return Files.exists(path.resolve(BASE)) && Files.exists(path.resolve(HEAD))
                ? Optional.of(
                        List.of(ResultDirectory.read(path.resolve(BASE)), ResultDirectory.read(path.resolve(HEAD))))
                : Optional.empty();
    }

    /** Removes what measurements were not completed: boots of one review lie close together in time. */
    void forgetMeasurements() {
        for (String side : List.of(BASE, HEAD)) {
            delete(path.resolve(side));
            delete(path.resolve(side + ResultDirectory.PARTIAL_SUFFIX));
        }
    }

    private void delete(Path what) {
        if (!Files.exists(what)) {
            return;
        }
        try (Stream<Path> files = Files.walk(what)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw storage(path, e);
        }
    }

    /** Removes the folder if this review made it and nothing came of it. */
    public void discard() {
        boolean some = Stream.of(ReviewPart.values()).anyMatch(part -> Files.exists(path.resolve(part.id() + ".json")));
        if (made && !some && measured().isEmpty()) {
            delete(path);
        }
    }

    /** Lets another review work in it. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw storage(path, e);
        }
    }
}
