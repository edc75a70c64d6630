package org.cowbench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cowbench.ab.AbPlan;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.report.compare.HtmlComparison;
import org.cowbench.report.run.Plots;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.Rule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "The label of an 'ab' session draws its comparison. Prints the files written, one a line."
        },
        footer = {
            "",
            "Example: ./run-bench.sh plot my-patch",
            "         draws results/my-patch into plots/my-patch",
            "Example: ./run-bench.sh plot my-ab",
            "         draws results/my-ab-base against results/my-ab-head into plots/my-ab",
            "Example: ./run-bench.sh plot --trend 'WriteAfterRead.l2;policy=v5.9'",
            "         draws all runs, and the bases of all 'ab' sessions, by commit into plots/trend",
            "",
            "Exit status: 0 drawn; 2 unknown label or unreadable result; 3 plots cannot be written."
        })
final class PlotCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "LABEL",
            description = "Label of a run, finished or not, or of an 'ab' session, or the path of a result directory or"
                    + " JMH JSON, whose plots are named by its directory too.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--trend",
            paramLabel = "REGEX",
            description =
                    "Draw how the benchmarks whose name with parameters contains a match moved over all runs, or over"
                            + " the LABELs, by commit; into the directory trend.")
    private @Nullable String trend;

    @Mixin
    private ResultsOption results;

    @Mixin
    private PlotsOption plots;

    /** Draws every label in turn; all are read before the first is drawn. */
    @Override
    public Integer call() {
        if (trend != null) {
            return trend(trend);
        }
        if (labels.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "which run? Name a label, or --trend REGEX for all runs");
        }
        Map<Path, Drawing> drawings = new LinkedHashMap<>();
        for (String label : labels) {
            Path directory = directory(label);
            if (drawings.put(directory, drawing(label)) != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "two results would both be drawn into " + directory
                                + ": draw them one by one, with --plots DIR");
            }
        }
        drawings.forEach((directory, drawing) -> {
            drawing.draw(directory).forEach(file -> spec.commandLine().getOut().println(file));
            spec.commandLine().getOut().flush();
        });
        return ExitStatus.OK;
    }

    /** Draws what was read. */
    @FunctionalInterface
    private interface Drawing {
        List<Path> draw(Path directory);
    }

    private Drawing drawing(String label) {
        if (session(label)) {
            Comparison comparison = ComparisonBuilder.compare(
                    results.read(AbPlan.resultLabel(label, AbPlan.BASE)),
                    results.read(AbPlan.resultLabel(label, AbPlan.HEAD)),
                    Rule.DEFAULT,
                    CompareOptions.NONE);
            return directory -> HtmlComparison.write(comparison, directory, this::warn);
        }
        ResultDirectory run = results.read(label);
        run.notes().forEach(note -> warn(label + ": " + note));
        return directory -> Plots.draw(run, directory, this::warn);
    }

    /** Whether a label names no run of its own but both sides of an interleaved session. */
    private boolean session(String label) {
        return Stream.of("", ResultDirectory.PARTIAL_SUFFIX)
                        .noneMatch(suffix -> Files.exists(results.directory().resolve(label + suffix)))
                && Stream.of(AbPlan.BASE, AbPlan.HEAD)
                        .allMatch(side -> Files.exists(results.directory().resolve(AbPlan.resultLabel(label, side))));
    }

    private Path directory(String label) {
        return session(label)
                ? plots.directory().resolve(label)
                : PlotsOption.of(ResultDirectory.find(results.directory(), label), plots.directory());
    }

    private int trend(String named) {
        Pattern pattern = Given.pattern(spec, "--trend", named);
        List<ResultDirectory> runs =
                new ArrayList<>(labels.stream().map(results::read).toList());
        if (labels.isEmpty()) {
            try (Stream<Path> directories = Files.list(results.directory())) {
                for (Path directory : directories
                        .filter(path -> Files.exists(path.resolve(ResultDirectory.JMH_FILE)))
                        .sorted()
                        .toList()) {
                    try {
                        runs.add(ResultDirectory.read(directory));
                    } catch (ResultException e) {
                        warn("left out: " + e.getMessage());
                    }
                }
            } catch (IOException e) {
                throw new ResultException(
                        "cannot read " + results.directory() + ": no such directory, or not readable", e);
            }
        }
        List<Path> files = Plots.trend(runs, pattern, plots.directory().resolve("trend"), this::warn);
        if (files.isEmpty()) {
            throw new ResultException(
                    "no trend: no benchmark that matches '" + trend + "' is in two runs of one machine,"
                            + " kernel and JDK among " + runs.size() + (runs.size() == 1 ? " run" : " runs"));
        }
        files.forEach(file -> spec.commandLine().getOut().println(file));
        spec.commandLine().getOut().flush();
        return ExitStatus.OK;
    }

    private void warn(String line) {
        spec.commandLine().getErr().println("cowbench: " + line);
        spec.commandLine().getErr().flush();
    }
}
