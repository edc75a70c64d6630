package org.cowbench.noise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two runs of one machine from measuring at once. JMH's own lock lies in the temporary directory, so that runs with
 * different ones miss each other, and belongs to the first user who ran; this one is a file that all users may lock, in a
 * place that no variable moves. The kernel lets go of it when its process ends, however that happens. A process that an
 * owner of the lock has started, as {@code ab} starts its forks, has it through its ancestor.
 */
public final class MeasurementLock implements AutoCloseable {
    private static final String NAME = "cowbench-measuring.lock";

    /** In the order of trial: logging out empties the last of a user's files, and not every image has the first. */
    private static final List<Path> PLACES = List.of(Path.of("/var/tmp"), Path.of("/tmp"), Path.of("/dev/shm"));

    private static final int MOST_BYTES = 64;

    /** JMH's property that leaves its lock alone, and this one too: for tests, whose figures are none. */
    private static final String IGNORE = "jmh.ignoreLock";

    /** Closing any channel of a file lets go of this JVM's lock on it: there may be only one. */
    private static boolean held;

    private final @Nullable FileChannel channel;
    private final @Nullable String refusal;
    private final @Nullable String warning;

    private MeasurementLock(@Nullable FileChannel channel, @Nullable String refusal, @Nullable String warning) {
        this.channel = channel;
        this.refusal = refusal;
        this.warning = warning;
    }

    /**
     * Tries to take it.
     *
     * @return to be closed when the measurement has ended
     */
    public static MeasurementLock take() {
        return Boolean.getBoolean(IGNORE) ? new MeasurementLock(null, null, null) : take(PLACES);
    }

    static synchronized MeasurementLock take(List<Path> places) {
        if (held) {
            return refused("this process");
        }
        String problem = "none of " + places + " is a directory";
        for (Path place : places) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try {
                return take(place.resolve(NAME));
            } catch (IOException e) {
                problem = e.getMessage();
            }
        }
        return new MeasurementLock(
                null, null, "cannot tell whether another run is measuring: no lock can be taken (" + problem + ")");
    }

    private static MeasurementLock take(Path file) throws IOException {
        FileChannel channel = open(file);
        try {
            if (channel.tryLock() == null) {
                String[] owner = read(channel).split(" ");
                channel.close();
                return isAncestor(owner)
                        ? new MeasurementLock(null, null, null)
                        : refused(owner[0].isEmpty() ? "another run" : "process " + owner[0]);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(identity(ProcessHandle.current()).getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        held = true;
        return new MeasurementLock(channel, null, null);
    }

    private static MeasurementLock refused(String who) {
        return new MeasurementLock(
                null, who + " is measuring on this machine: wait for its end, two would disturb each other", null);
    }

    /** Opened without creating it where it is there: in a sticky directory the kernel may refuse that for another's file. */
    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            try {
                Files.createFile(file);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            } catch (FileAlreadyExistsException other) {
                // Another run was quicker.
            }
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    /** A number may be another process's in another container; with the time of its start it is one process. */
    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info()
                        .startInstant()
                        .map(start -> start.toEpochMilli())
                        .orElse(0L);
    }

    private static boolean isAncestor(String[] owner) {
        return Stream.iterate(ProcessHandle.current().parent(), Optional::isPresent, each -> each.get()
                        .parent())
                .anyMatch(each -> identity(each.get()).equals(String.join(" ", owner)));
    }

    /**
     * Why nothing may be measured now.
     *
     * @return one line; empty when the lock was taken
     */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /**
     * Why it cannot be known whether something else is measured.
     *
     * @return one line; empty when it is known
     */
    public Optional<String> warning() {
        return Optional.ofNullable(warning);
    }

    @Override
    public void close() {
        if (channel == null) {
            return;
        }
        synchronized (MeasurementLock.class) {
            held = false;
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
