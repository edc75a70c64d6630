package org.cowbench.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder that is removed however the JVM ends, short of a kill -9. */
final class WorkFolder implements AutoCloseable {
    private final Path path;
    private final Thread hook;

    WorkFolder() {
        try {
            path = Files.createTempDirectory("cowbench-");
        } catch (IOException e) {
            throw new KernelException(KernelException.Kind.LACKS, "no temporary folder can be made: " + e.getMessage()
                    + "; make room, or set another place with -Djava.io.tmpdir", "", e);
        }
        hook = new Thread(this::remove, "remove-" + path.getFileName());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Where it is.
     *
     * @return the folder
     */
    Path path() {
        return path;
    }

    private void remove() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // A file that goes at the same moment; there is nothing left to do about it.
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending; the hook finds nothing.
        }
    }
}
