package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.cowbench.report.Plots;
import org.cowbench.report.RunTable;
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
        try {
            RunTable.print(result, out);
        } catch (IOException e) {
            throw new UncheckedIOException("a PrintWriter throws nothing", e);
        }
        out.flush();
        if (plots != null) {
            Path target = PlotCommand.directory(result.path(), plots);
            Plots.draw(result, target, line -> err.println("cowbench: " + line));
            err.println("plots: " + target);
            err.flush();
        }
    }
}
