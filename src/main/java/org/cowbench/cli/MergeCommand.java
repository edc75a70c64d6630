package org.cowbench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cowbench.report.check.CheckParts;
import org.cowbench.result.ResultWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge}: the result of a check from the parts that machines wrote. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Puts the parts of a 'check --shard I/N --part FILE' together.",
            "Prints what the whole 'check --format json' prints, and ends with its status. Parts of another"
                    + " commit, of other arguments or of another N are refused, as is a part that is missing or there"
                    + " twice."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  ./run-bench.sh check --shard 1/2 --part 1.json",
            "  ./run-bench.sh check --shard 2/2 --part 2.json",
            "  ./run-bench.sh merge 1.json 2.json | jq -r '.policies[] | [.policy, .unsafe] | @tsv'",
            "",
            "Exit status: as of the whole check; 2 the parts are not one check."
        })
public final class MergeCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The parts, in any order.")
    private List<Path> files;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public MergeCommand() {}

    @Override
    public Integer call() {
        Map<String, String> parts = new LinkedHashMap<>();
        for (Path file : files) {
            try {
                if (parts.put(file.toString(), Files.readString(file)) != null) {
                    throw new ParameterException(spec.commandLine(), file + " is named twice; leave one out");
                }
            } catch (IOException e) {
                throw new ParameterException(
                        spec.commandLine(),
                        "cannot read " + file + ": "
                                + (e instanceof NoSuchFileException ? "there is no such file" : ResultWriter.reason(e))
                                + "; name files that --part wrote",
                        e);
            }
        }
        CheckParts.Whole whole;
        try {
            whole = CheckParts.merge(parts);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (whole.dirty()) {
            spec.commandLine()
                    .getErr()
                    .println("warning: uncommitted changes: the parts are one check only if their sources were the"
                            + " same");
            spec.commandLine().getErr().flush();
        }
        spec.commandLine().getOut().print(whole.text());
        spec.commandLine().getOut().flush();
        // What is found counts before what could not be judged, as in the whole check.
        return whole.statuses().contains(ExitStatus.FOUND)
                ? ExitStatus.FOUND
                : whole.statuses().contains(ExitStatus.NOT_JUDGED) ? ExitStatus.NOT_JUDGED : ExitStatus.OK;
    }
}
