package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.cowbench.report.CompareFormat;
import org.cowbench.report.Comparison;
import org.cowbench.report.ComparisonBuilder;
import org.cowbench.report.HtmlReport;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.stats.Rule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: two runs, or two values of a parameter inside one. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compare two runs and say of each row: faster, slower, same or inconclusive.",
            "Runs that 'ab' interleaved are compared block by block; separate runs are marked unpaired and"
                    + " their times never fail a gate.",
            "A row is 'too noisy' and gives no number when more than a fifth of a side's forks are far off its median,"
                    + " when it is of times and more than half of a side's forks were disturbed by other load, or when"
                    + " it is inconclusive and even 2000 blocks would leave an interval wider than the bound."
        },
        footer = {
            "",
            "Example: ./run-bench.sh compare before after --fail-over 5",
            "Example: ./run-bench.sh compare my-run --by policy --base v5.9",
            "Example: ./run-bench.sh compare other/jmh-old.json other/jmh-new.json --format markdown",
            "",
            "Exit status: 0 compared; 1 the gate failed, or could not be judged because the session is invalid;"
                    + " 2 usage or unreadable input."
        })
final class CompareCommand implements Callable<Integer> {
    private static final double PER_CENT = 100;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..2", paramLabel = "BASE HEAD",
            description = "Labels, result directories or JMH JSON files of any project, packed by gzip or not; one"
                    + " alone with --by.")
    private List<String> names;

    @Option(names = "--format", defaultValue = "text", paramLabel = "F",
            description = "text, markdown, json, csv, html, lkp, mmtests or benchstat; default: ${DEFAULT-VALUE}."
                    + " benchstat writes Go's format with both sides: 'benchstat -col side FILE' compares them. csv and"
                    + " benchstat begin with lines that start with '#': what to know before believing a number.")
    private CompareFormat format;

    @Option(names = "--by", paramLabel = "PARAM",
            description = "Compare the values of this parameter inside one run, such as policy.")
    private String by;

    @Option(names = "--base", paramLabel = "VALUE",
            description = "With --by: the value that the others are compared with, such as v5.9.")
    private String base;

    @Option(names = "--fail-over", paramLabel = "PCT",
            description = "Exit 1 when a row is slower, or an exact cost higher, by more than this many per cent.")
    private Double failOver;

    @Option(names = "--strict", description = "With --fail-over: an inconclusive row fails too.")
    private boolean strict;

    @Option(names = "--all", description = "Show percentiles and counters that show nothing, too.")
    private boolean all;

    @Option(names = "--plot", description = "Draw it as well: SVG, PNG and index.html in a directory named after both.")
    private boolean plot;

    @Option(names = "--plots", paramLabel = "DIR", description = "Where plots go; default: plots.")
    private Path plots;

    @Option(names = "--bound", paramLabel = "PCT", defaultValue = "1",
            description = "Smallest difference that matters, in per cent; default: ${DEFAULT-VALUE}.")
    private double bound;

    @Option(names = "--level", paramLabel = "PCT", defaultValue = "1",
            description = "Error rate of all rows together, in per cent; default: ${DEFAULT-VALUE}.")
    private double level;

    @Option(names = "--results", paramLabel = "DIR", description = "Where result directories are; default: results.")
    private Path results;

    @Override
    public Integer call() {
        Comparison comparison = comparison();
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.write(comparison, all));
        out.flush();
        if (plot) {
            String name = comparison.base().label() + "-"
                    + (by == null ? comparison.head().label() : "by-" + by + "-" + base);
            draw(comparison, (plots != null ? plots : Home.plots()).resolve(ResultWriter.labelPart(name)),
                    spec.commandLine().getErr());
        }
        return comparison.fails() ? ExitStatus.FOUND : ExitStatus.OK;
    }

    /** Draws a comparison and says where. */
    static void draw(Comparison comparison, Path directory, PrintWriter err) {
        HtmlReport.write(comparison, directory, line -> err.println("cowbench: " + line));
        err.println("plots: " + directory);
        err.flush();
    }

    private Comparison comparison() {
        if (failOver != null && !(failOver >= 0 && Double.isFinite(failOver))) {
            throw usage("--fail-over must be 0 or more per cent, not " + failOver);
        }
        if (strict && failOver == null) {
            throw usage("--strict has a meaning only with --fail-over");
        }
        double gate = failOver == null ? Double.NaN : failOver;
        if (by == null) {
            if (base != null) {
                throw usage("--base has a meaning only with --by");
            }
            if (names.size() != 2) {
                throw usage("two runs are compared, and only '" + names.getFirst() + "' is given; inside one run:"
                        + " --by policy --base v5.9");
            }
            return ComparisonBuilder.compare(read(names.get(0)), read(names.get(1)), rule(), gate, strict);
        }
        if (names.size() != 1 || base == null) {
            throw usage("--by compares inside one run and wants --base, such as: compare LABEL --by policy --base v5.9");
        }
        return ComparisonBuilder.within(read(names.getFirst()), by, base, rule(), gate, strict);
    }

    private Rule rule() {
        if (!(bound > 0 && bound < PER_CENT) || !(level > 0 && level < PER_CENT)) {
            throw usage("--bound and --level are per cent, above 0 and below 100");
        }
        return new Rule(level / PER_CENT, bound / PER_CENT, Rule.DEFAULT.confidence(), Rule.DEFAULT.sameConfidence());
    }

    private ResultDirectory read(String name) {
        return ResultDirectory.read(ResultDirectory.find(results != null ? results : Home.results(), name));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
