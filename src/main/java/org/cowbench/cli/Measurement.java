package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.cowbench.bench.BenchRunner;
import org.cowbench.bench.RunListener;
import org.cowbench.bench.RunPlan;
import org.cowbench.bench.RunSummary;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.report.run.HostTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Executes a plan of JMH forks, with progress, and shows what came out. */
final class Measurement {
    private Measurement() {}

    /**
     * Executes a plan and shows what came out.
     *
     * @param spec the command, for its streams
     * @param runner makes what executes it, given whom to tell of progress and when to stop
     * @param verbose whether standard error is taken by the forks, so that no progress bar is drawn on it
     * @param plots directory of all plots, null for none
     * @return the exit status
     */
    static int run(
            CommandSpec spec,
            RunPlan plan,
            BiFunction<RunListener, BooleanSupplier, BenchRunner> runner,
            boolean verbose,
            @Nullable Path plots) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ProgressLine progress = new ProgressLine(err, !verbose && ProgressLine.onTerminal(System.getenv()));
        RunSummary summary;
        try (Interruption interruption = Interruption.listen()) {
            summary = runner.apply(progress, interruption).run();
        } finally {
            progress.clear();
        }
        if (Interruption.happened()) {
            boolean ours = summary.directory() != null
                    && !summary.complete()
                    && !plan.suite().equals(HostTable.SUITE);
            err.println("cowbench: interrupted; " + kept(summary)
                    + (ours ? "; go on with: " + resumption(plan.label(), plan.results()) : ""));
            err.flush();
            return ExitStatus.INTERRUPTED;
        }
        if (summary.directory() != null) {
            err.println("results: " + summary.directory());
            err.flush();
        }
        if (summary.directory() != null && summary.finished() > 0) {
            Reports.show(summary.directory(), plots, out, err);
        }
        int status = ExitStatus.OK;
        if (summary.problem() != null) {
            err.println("cowbench: " + summary.problem() + "; " + kept(summary));
            status = ExitStatus.LACKS;
        } else if (summary.failed() > 0) {
            err.println(
                    "cowbench: " + summary.failed() + " of " + summary.planned() + " forks failed; " + kept(summary));
            status = ExitStatus.FOUND;
        }
        err.flush();
        return status;
    }

    private static String kept(RunSummary summary) {
        return summary.directory() == null
                ? "nothing was measured"
                : summary.finished() + " of " + summary.planned() + " forks are kept in " + summary.directory();
    }

    static String resumption(String label, Path results) {
        return "./run-bench.sh run --resume " + label + ResultsOption.words(results);
    }
}
