package org.cowbench.result;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Finds out beforehand whether a directory takes files: nobody measures for an hour to learn it then. */
public final class Writable {
    private static final String TMPDIR = "TMPDIR";
    private static final int PROBE_BYTES = 1 << 16;

    private Writable() {}

    /**
     * Insists that files can be written below a directory, which need not be there yet; it is not created.
     *
     * @param remedy what to do otherwise, such as {@code choose another place with --results DIR}
     * @throws ResultStorageException when they cannot
     */
    public static void demand(Path directory, String remedy) {
        Path present = directory.toAbsolutePath().normalize();
        while (present.getParent() != null && !Files.exists(present)) {
            present = present.getParent();
        }
        try {
            probe(present);
        } catch (IOException e) {
            throw new ResultStorageException(
                    "cannot write to " + directory + ": " + ResultWriter.reason(e) + "; " + remedy, e);
        }
    }

    /**
     * Insists that the directory of temporary files, which {@code TMPDIR} names, is there and takes files.
     *
     * @param environment the process's environment variables
     * @throws ResultStorageException when it does not
     */
    public static void demandTemporary(Map<String, String> environment) {
        String named = environment.getOrDefault(TMPDIR, "");
        String place = named.isEmpty() ? System.getProperty("java.io.tmpdir") : named;
        String what =
                "cannot write temporary files to " + place + (named.isEmpty() ? "" : ", which TMPDIR names") + ": ";
        String remedy = "; set TMPDIR to a directory that is there and can be written";
        Path directory = Path.of(place);
        try {
            if (!Files.exists(directory)) {
                throw new ResultStorageException(what + "no such directory" + remedy, null);
            }
            probe(directory);
        } catch (IOException e) {
            throw new ResultStorageException(what + ResultWriter.reason(e) + remedy, e);
        }
    }

    /** A directory's permissions tell nothing to root, nor of a full disk. */
    private static void probe(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        Path probe = directory.resolve(".cowbench-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Channels.newOutputStream(channel).write(new byte[PROBE_BYTES]);
            channel.force(true);
        } catch (NoSuchFileException e) {
            throw new IOException(directory + " takes no files", e);
        } catch (ReadOnlyFileSystemException e) {
            throw new IOException("read-only file system", e);
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
