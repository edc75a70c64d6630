package org.cowbench.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.RunParts;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.LabelOption;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.kernel.ConformanceParts;
import org.cowbench.kernel.KernelCheckParts;
import org.cowbench.kernel.app.AppParts;
import org.cowbench.report.check.CheckParts;
import org.cowbench.report.kernel.AppTable;
import org.cowbench.report.litmus.ScriptKtap;
import org.cowbench.result.Parts;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge}: one result of the parts that machines made. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes one result of what several machines did of a command, a share each.",
            "Of files prints what the whole command prints; of result directories makes one, called --label. Ends with"
                    + " the status of the whole command. Parts of another commit, of other arguments, other kernels or"
                    + " another N are refused, as is a part that is missing or there twice."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh check --shard 1/2 --part 1.json",
            "  ./run-bench.sh check --shard 2/2 --part 2.json",
            "  ./run-bench.sh merge 1.json 2.json | jq -r '.policies[] | [.policy, .unsafe] | @tsv'",
            "  ./run-bench.sh run --forks 20 --seed 7 --shard 1/2 --label night-1",
            "  ./run-bench.sh run --forks 20 --seed 7 --shard 2/2 --label night-2",
            "  ./run-bench.sh merge night-1 night-2 --label night",
            "",
            "Exit status: as of the whole command; 2 the parts are not one whole."
        })
public final class MergeCommand implements Callable<Integer> {

    /** How the whole is printed. */
    public enum Format {
        /** For people. */
        text,
        /** KTAP version 1. */
        ktap,
        /** One JSON object. */
        json
    }

    @Parameters(
            arity = "1..*",
            paramLabel = "PART",
            description = "The parts, in any order: files, or result directories by label or path.")
    private List<String> names;

    @Option(
            names = "--format",
            paramLabel = "text|ktap|json",
            description = "json: of 'check'; text or ktap: of 'kernel conform'; text, ktap or json: of 'kernel check'."
                    + " Default: the first.")
    private @Nullable Format format;

    @Mixin
    private LabelOption label;

    @Mixin
    private ResultsOption results;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public MergeCommand() {}

    @Override
    public Integer call() {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        Map<Integer, Path> places = new HashMap<>();
        try {
            for (String name : names) {
                Path place = place(name);
                ObjectNode part = Files.isDirectory(place) ? head(place) : Parts.read(name, text(place));
                if (read.put(name, part) != null) {
                    throw usage(name + " is named twice; leave one out");
                }
                places.put(Parts.shard(part).index(), place);
            }
            boolean directories = places.values().stream().allMatch(Files::isDirectory);
            for (String option : directories ? List.of("--format") : List.of("--label", "--results")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw usage(option
                            + (directories
                                    ? " goes with files; of result directories a result directory is made"
                                    : " goes with result directories; what files make is printed"));
                }
            }
            List<ObjectNode> parts = Parts.whole(read);
            if (parts.getFirst().path("dirty").asBoolean()) {
                PrintWriter err = spec.commandLine().getErr();
                err.println(
                        "warning: uncommitted changes: the parts are one whole only if their sources were the same");
                err.flush();
            }
            return switch (Parts.command(parts.getFirst())) {
                case CheckParts.COMMAND -> {
                    demand(Format.json);
                    yield print(CheckParts.merge(parts), parts);
                }
                case KernelConformCommand.COMMAND -> {
                    demand(Format.text, Format.ktap);
                    List<ConformanceParts.Kernel> kernels = ConformanceParts.merge(parts);
                    int status = print(conformance(kernels, parts), parts);
                    yield status == ExitStatus.OK ? KernelConformCommand.judged(kernels) : status;
                }
                case KernelCheckCommand.COMMAND -> {
                    demand(Format.text, Format.ktap, Format.json);
                    yield print(kernelCheck(parts), parts);
                }
                case RunParts.COMMAND, AppParts.COMMAND ->
                    directory(
                            parts,
                            parts.stream()
                                    .map(part -> Objects.requireNonNull(
                                            places.get(Parts.shard(part).index())))
                                    .toList());
                default ->
                    throw usage("parts of '" + Parts.command(parts.getFirst())
                            + "' are unknown here; merge them with the cowbench that made them");
            };
        } catch (IllegalArgumentException | ResultException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static ObjectNode head(Path directory) {
        return AppParts.head(ResultDirectory.read(directory)).orElseGet(() -> RunParts.head(directory, Catalog.all()));
    }

    private Path place(String name) {
        // Of a killed share too, which is then refused with what to do.
        for (String label : List.of(name, name + ResultDirectory.PARTIAL_SUFFIX)) {
            Path labelled = results.directory().resolve(label);
            if (Files.isDirectory(labelled)) {
                return labelled;
            }
        }
        return Path.of(name);
    }

    /** Makes one result directory, and shows it as what was dealt is shown. */
    private int directory(List<ObjectNode> parts, List<Path> directories) {
        String name = label.or(ResultWriter.defaultLabel(Instant.now(), "merged"));
        Places.demand(results.directory(), name, null);
        boolean run = Parts.command(parts.getFirst()).equals(RunParts.COMMAND);
        List<String> words = Given.words(spec);
        Path whole = run
                ? RunParts.merge(directories, Catalog.all(), results.directory(), name, words)
                : AppParts.merge(
                        directories.stream().map(ResultDirectory::read).toList(), results.directory(), name, words);
        PrintWriter err = spec.commandLine().getErr();
        err.println("results: " + whole);
        err.flush();
        if (run) {
            Reports.show(whole, null, spec.commandLine().getOut(), err);
        } else {
            try {
                AppTable.print(
                        List.of(ResultDirectory.read(whole)), spec.commandLine().getOut());
            } catch (IOException e) {
                throw new UncheckedIOException("a PrintWriter throws nothing", e);
            }
            spec.commandLine().getOut().flush();
        }
        return !Parts.statuses(parts).contains(ExitStatus.FOUND)
                        && ResultDirectory.read(whole).info().forks().stream().allMatch(fork -> fork.error() == null)
                ? ExitStatus.OK
                : ExitStatus.FOUND;
    }

    private int print(String text, List<ObjectNode> parts) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        // What is found counts before what could not be judged, as in the whole.
        List<Integer> statuses = Parts.statuses(parts);
        return statuses.contains(ExitStatus.FOUND)
                ? ExitStatus.FOUND
                : statuses.contains(ExitStatus.NOT_JUDGED) ? ExitStatus.NOT_JUDGED : ExitStatus.OK;
    }

    private String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "cannot read " + file + ": "
                            + (e instanceof NoSuchFileException ? "there is no such file" : ResultWriter.reason(e))
                            + "; name files that --part wrote",
                    e);
        }
    }

    /** Takes the first of some formats, unless another of them was asked for. */
    private void demand(Format... formats) {
        if (format == null) {
            format = formats[0];
        } else if (!List.of(formats).contains(format)) {
            throw usage("--format " + format + ": these parts make " + List.of(formats));
        }
    }

    private String conformance(List<ConformanceParts.Kernel> kernels, List<ObjectNode> parts) {
        long seed = parts.getFirst().path("seed").asLong();
        Map<String, List<ScriptKtap.Outcome>> outcomes = new LinkedHashMap<>();
        Map<String, List<String>> against = new LinkedHashMap<>();
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        for (ConformanceParts.Kernel kernel : kernels) {
            if (format == Format.ktap) {
                outcomes.put(kernel.label(), ConformText.outcomes(kernel.report()));
                against.put(kernel.label(), ConformText.against(kernel.report()));
            } else {
                ConformText.print(out, kernel.label(), kernel.title(), seed, null, kernel.report());
            }
        }
        if (format == Format.ktap) {
            out.print(ScriptKtap.write(outcomes, against));
        }
        return text.toString();
    }

    private String kernelCheck(List<ObjectNode> parts) {
        List<KernelCheckParts.Kernel> kernels = KernelCheckParts.merge(parts);
        if (format == Format.ktap) {
            return KernelCheckText.ktap(kernels);
        }
        String cpus = parts.getFirst().at("/shard/cpus").asText();
        return kernels.stream()
                .map(kernel -> KernelCheckText.of(
                        kernel,
                        cpus,
                        format == Format.json ? KernelCheckCommand.Format.json : KernelCheckCommand.Format.text))
                .collect(Collectors.joining());
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
