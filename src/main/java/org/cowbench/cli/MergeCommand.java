package org.cowbench.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cowbench.kernel.ConformanceParts;
import org.cowbench.report.check.CheckParts;
import org.cowbench.report.litmus.ScriptKtap;
import org.cowbench.result.Parts;
import org.cowbench.result.ResultWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
            "Prints what the whole command prints, and ends with its status. Parts of another commit, of other"
                    + " arguments, other kernels or another N are refused, as is a part that is missing or there"
                    + " twice."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh check --shard 1/2 --part 1.json",
            "  ./run-bench.sh check --shard 2/2 --part 2.json",
            "  ./run-bench.sh merge 1.json 2.json | jq -r '.policies[] | [.policy, .unsafe] | @tsv'",
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

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The parts, in any order.")
    private List<String> names;

    @Option(
            names = "--format",
            paramLabel = "text|ktap|json",
            description = "json: of 'check'; text or ktap: of 'kernel conform'. Default: the first that there is.")
    private @Nullable Format format;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public MergeCommand() {}

    @Override
    public Integer call() {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        try {
            for (String name : names) {
                if (read.put(name, Parts.read(name, text(Path.of(name)))) != null) {
                    throw usage(name + " is named twice; leave one out");
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
                    yield print(conformance(parts), parts);
                }
                default ->
                    throw usage("parts of '" + Parts.command(parts.getFirst())
                            + "' are unknown here; merge them with the cowbench that made them");
            };
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
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

    private String conformance(List<ObjectNode> parts) {
        long seed = parts.getFirst().path("seed").asLong();
        Map<String, List<ScriptKtap.Outcome>> outcomes = new LinkedHashMap<>();
        Map<String, List<String>> against = new LinkedHashMap<>();
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        for (ConformanceParts.Kernel kernel : ConformanceParts.merge(parts)) {
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

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
