package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.cowbench.result.ResultDirectory;

/** What a command shows of a result directory; the one place where commands meet the report package. */
final class Reports {

    private Reports() {}

    /**
     * Shows a run that has just ended.
     *
     * @param directory its result directory
     * @param plots directory of all plots, null for none
     * @param out standard output, for the table
     * @param err standard error, for where the plots are
     */
    static void show(Path directory, Path plots, PrintWriter out, PrintWriter err) {
        ResultDirectory result = ResultDirectory.read(directory);
        result.measurements().forEach(measurement ->
                out.println(measurement.tag() + " " + java.util.Arrays.toString(measurement.forkMeans()) + " "
                        + measurement.unit()));
        out.flush();
    }
}
