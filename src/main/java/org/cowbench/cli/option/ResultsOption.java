package org.cowbench.cli.option;

import java.nio.file.Path;
import org.cowbench.result.ResultDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --results}: the directory of all results. */
public final class ResultsOption {
    private static final String NAME = "--results";

    @Option(names = NAME, paramLabel = "DIR", description = "Where result directories are; default: results.")
    private @Nullable Path directory;

    /** Made by the command line. */
    public ResultsOption() {}

    /**
     * The directory of all results.
     *
     * @return as given, else the project's
     */
    public Path directory() {
        return directory != null ? directory : Home.results();
    }

    /**
     * Reads a result.
     *
     * @param name a label in this directory, or the path of a result directory or JMH JSON
     * @return the result
     * @throws org.cowbench.result.ResultException if there is none, or it cannot be read
     */
    public ResultDirectory read(String name) {
        return ResultDirectory.read(ResultDirectory.find(directory(), name));
    }

    /**
     * What a command line that is to use a directory has to say.
     *
     * @param directory a directory of results
     * @return the option with a space before it; empty where it is the default
     */
    public static String words(Path directory) {
        return directory.equals(Home.results()) ? "" : " " + NAME + " " + directory;
    }
}
