package org.cowbench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.cowbench.report.Plots;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plot}: draws the results of finished, unfinished or foreign runs. */
@Command(
        name = "plot",
        mixinStandardHelpOptions = true,
        description = {
            "Draw results as SVG and PNG and as one page, index.html, into one directory a label.",
            "Prints the files written, one a line."
        },
        footer = {
            "",
            "Example: ./run-bench.sh plot my-patch",
            "         draws results/my-patch into plots/my-patch",
            "Example: ./run-bench.sh plot --trend 'WriteAfterRead.l2;policy=v5.9'",
            "",
            "Exit status: 0 drawn; 2 unknown label or unreadable result; 3 plots cannot be written."
        })
final class PlotCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "LABEL",
            description = "Label of a run, finished or not, or the path of a result directory or JMH JSON.")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--trend", paramLabel = "REGEX",
            description = "Draw how the benchmarks whose name with parameters contains a match moved over all runs, or over"
                    + " the LABELs, by commit; into the directory trend.")
    private String trend;

    @Option(names = "--results", paramLabel = "DIR", description = "Where result directories are; default: results.")
    private Path results;

    @Option(names = "--plots", paramLabel = "DIR", description = "Where plots go; default: plots.")
    private Path plots;

    /** Draws every label in turn; all are read before the first is drawn. */
    @Override
    public Integer call() {
        if (trend != null) {
            return trend();
        }
        if (labels.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "which run? Name a label, or --trend REGEX for all runs");
        }
        List<ResultDirectory> runs = new ArrayList<>();
        for (String label : labels) {
            runs.add(ResultDirectory.read(
                    ResultDirectory.find(results != null ? results : Home.results(), label)));
        }
        for (ResultDirectory run : runs) {
            Path directory = directory(run, plots != null ? plots : Home.plots());
            List<Path> files = Plots.draw(run, directory, this::warn);
            files.forEach(file -> spec.commandLine().getOut().println(file));
            spec.commandLine().getOut().flush();
        }
        return ExitStatus.OK;
    }

    private int trend() {
        Pattern pattern;
        try {
            pattern = Pattern.compile(trend);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(
                    spec.commandLine(), "--trend '" + trend + "' is no regular expression: " + e.getDescription());
        }
        Path all = results != null ? results : Home.results();
        List<ResultDirectory> runs = new ArrayList<>();
        for (String label : labels) {
            runs.add(ResultDirectory.read(ResultDirectory.find(all, label)));
        }
        if (labels.isEmpty()) {
            try (Stream<Path> directories = Files.list(all)) {
                for (Path directory : directories.filter(path -> Files.exists(path.resolve(ResultDirectory.JMH_FILE)))
                        .sorted().toList()) {
                    try {
                        runs.add(ResultDirectory.read(directory));
                    } catch (ResultException e) {
                        warn("left out: " + e.getMessage());
                    }
                }
            } catch (IOException e) {
                throw new ResultException("cannot read " + all + ": no such directory, or not readable", e);
            }
        }
        List<Path> files = Plots.trend(runs, pattern, (plots != null ? plots : Home.plots()).resolve("trend"), this::warn);
        if (files.isEmpty()) {
            throw new ResultException("no trend: no benchmark that matches '" + trend + "' is in two runs of one machine,"
                    + " kernel and JDK among " + runs.size() + (runs.size() == 1 ? " run" : " runs"));
        }
        files.forEach(file -> spec.commandLine().getOut().println(file));
        spec.commandLine().getOut().flush();
        return ExitStatus.OK;
    }

    /**
     * Returns where a run's plots go: named as the result is on disk, not as the label inside it, for nothing that a
     * file says may lead out of the directory of all plots.
     */
    static Path directory(ResultDirectory run, Path plots) {
        String name = run.path().toAbsolutePath().normalize().getFileName().toString();
        for (String suffix : List.of(ResultDirectory.PARTIAL_SUFFIX, ".json")) {
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                name = name.substring(0, name.length() - suffix.length());
            }
        }
        return plots.resolve(name);
    }

    private void warn(String line) {
        spec.commandLine().getErr().println("cowbench: " + line);
        spec.commandLine().getErr().flush();
    }
}
