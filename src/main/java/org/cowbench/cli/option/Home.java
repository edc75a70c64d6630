package org.cowbench.cli.option;

import java.nio.file.Path;

/** Where the project is: results and plots are kept there, wherever the command was called from. */
public final class Home {

    private Home() {}

    /**
     * Returns the project's directory.
     *
     * @return what {@code run-bench.sh} passes as {@code cowbench.home}, else the working directory
     */
    public static Path path() {
        return shortened(Path.of(System.getProperty("cowbench.home", ".")));
    }

    /**
     * Returns where results are unless told else.
     *
     * @return the directory of all results
     */
    static Path results() {
        return path().resolve("results").normalize();
    }

    /**
     * Returns where plots go unless told else.
     *
     * @return the directory of all plots
     */
    static Path plots() {
        return path().resolve("plots").normalize();
    }

    /** Messages read better with {@code results/x} than with an absolute path, where both mean the same. */
    private static Path shortened(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }
}
