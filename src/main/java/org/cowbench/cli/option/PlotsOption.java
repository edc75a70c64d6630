package org.cowbench.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cowbench.result.ResultDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --plots}: the directory of all plots. */
public class PlotsOption {
    @Option(names = "--plots", paramLabel = "DIR", description = "Where plots go; default: plots.")
    private @Nullable Path directory;

    /** Made by the command line. */
    public PlotsOption() {}

    /**
     * The directory of all plots.
     *
     * @return as given, else the project's
     */
    public Path directory() {
        return directory != null ? directory : Home.plots();
    }

    /**
     * Returns where a run's plots go: named as the result is on disk, not as the label inside it, for nothing that a
     * file says may lead out of the directory of all plots. A file is named by its directory as well, for the next one
     * of its name must not be drawn over it.
     *
     * @param result the result's directory or file
     * @param plots directory of all plots
     * @return the directory of its own
     */
    public static Path of(Path result, Path plots) {
        Path path = result.toAbsolutePath().normalize();
        String name = path.getFileName().toString();
        for (String suffix : List.of(ResultDirectory.PARTIAL_SUFFIX, ".gz", ".json")) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                name = name.substring(0, name.length() - suffix.length());
            }
        }
        Path folder = Files.isDirectory(path) || path.getParent() == null
                ? null
                : path.getParent().getFileName();
        return plots.resolve(folder == null ? name : folder + "-" + name);
    }

    /** {@code --plots} and {@code --no-plots}, of commands that draw unless told not to. */
    public static final class OrNone extends PlotsOption {
        @Option(names = "--no-plots", description = "Draw no plots.")
        private boolean none;

        /** Made by the command line. */
        public OrNone() {}

        /**
         * The directory of all plots, if any are to be drawn.
         *
         * @return the directory, or null
         */
        public @Nullable Path wanted() {
            return none ? null : directory();
        }
    }
}
