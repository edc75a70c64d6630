package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Gate;
import org.cowbench.report.compare.HtmlComparison;
import org.cowbench.report.run.Plots;
import org.cowbench.report.run.RunTable;
import org.cowbench.result.ResultDirectory;
import org.jspecify.annotations.Nullable;

/** What a command shows of a result directory; what several commands do with it. */
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
    static void show(Path directory, @Nullable Path plots, PrintWriter out, PrintWriter err) {
        ResultDirectory result = ResultDirectory.read(directory);
        try {
            RunTable.print(result, out);
        } catch (IOException e) {
            throw new UncheckedIOException("a PrintWriter throws nothing", e);
        }
        out.flush();
        if (plots != null) {
            Path target = PlotsOption.of(result.path(), plots);
            Plots.draw(result, target, line -> err.println("cowbench: " + line));
            err.println("plots: " + target);
            err.flush();
        }
    }

    /** Draws a comparison and says where. */
    static void draw(Comparison comparison, Path directory, PrintWriter err) {
        HtmlComparison.write(comparison, directory, line -> err.println("cowbench: " + line));
        err.println("plots: " + directory);
        err.flush();
    }

    /** The exit status that a comparison asks for: nothing is judged in an invalid session, with a gate or without. */
    static int status(Comparison comparison) {
        return !comparison.valid()
                ? ExitStatus.NOT_JUDGED
                : switch (Gate.of(comparison).state()) {
                    case NONE, PASSED -> ExitStatus.OK;
                    case FAILED -> ExitStatus.FOUND;
                    case NOT_JUDGED -> ExitStatus.NOT_JUDGED;
                };
    }
}
