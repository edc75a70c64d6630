package org.cowbench.cli.option;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cowbench.result.Parts;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code --shard} and {@code --part}: one of N machines' share of a command, for {@code merge} to put together. */
public class ShardOption {
    /** What may differ from shard to shard, as no result depends on it. */
    private static final Set<String> OF_THE_MACHINE = Set.of(
            "--shard",
            "--part",
            "--threads",
            "--jobs",
            "--timeout",
            "--format",
            "--keep",
            "--label",
            "--results",
            "--plots",
            "--no-plots",
            "--verbose",
            // By digest instead, wherever the files are.
            "--image",
            "--deb",
            "--cached");

    private static final int MOST = 9_999;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description =
                    "Do the I-th of N shares only, 1/N to N/N: the I-th, the I+N-th, ... of all; 'merge' puts them"
                            + " together.")
    private @Nullable String shard;

    /** Made by the command line. */
    public ShardOption() {}

    /**
     * The share that was asked for.
     *
     * @param all how many there are to deal
     * @param what they are, in the plural, for messages
     * @return it, or null for everything
     * @throws ParameterException if it is none, or if there is nothing in it
     */
    public @Nullable Shard shard(int all, String what) {
        if (shard == null) {
            return null;
        }
        if (!shard.matches("\\d{1,4}/\\d{1,4}")) {
            throw refused("expected I/N, such as 1/3");
        }
        Shard share = Shard.of(shard).orElseThrow(() -> refused("expected 1/N to N/N, N at most " + MOST));
        if (share.of() > all) {
            throw refused("there are " + all + " " + what + "; an N above that leaves a share empty");
        }
        return share;
    }

    /**
     * Whether a share was asked for.
     *
     * @return whether it was
     */
    final boolean given() {
        return shard != null;
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), "--shard " + shard + ": " + why);
    }

    /**
     * The options that results depend on, whatever their order in the command was.
     *
     * @return each as {@code --name=value}, and after them the parameters
     */
    public List<String> arguments() {
        ParseResult given = spec.commandLine().getParseResult();
        List<String> arguments = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (given.hasMatchedOption(option) && !OF_THE_MACHINE.contains(option.longestName())) {
                arguments.add(option.longestName() + "=" + String.join(",", option.originalStringValues()));
            }
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (given.hasMatchedPositional(parameter)) {
                arguments.addAll(parameter.originalStringValues());
            }
        }
        return List.copyOf(arguments);
    }

    /**
     * Says of a part which it is.
     *
     * @param root the part
     * @param own the share that it holds
     * @param command the command, as parts call it
     * @param version of cowbench
     * @return the part's {@code shard}, for what else all parts must have alike, and for {@code status}
     */
    public ObjectNode mark(ObjectNode root, Shard own, String command, String version) {
        return Parts.mark(root, version, Revision.of(Home.path()), own, command, arguments());
    }

    /** The same where a share's result is one file. */
    public static final class ToFile extends ShardOption {
        @Spec(Spec.Target.MIXEE)
        private CommandSpec command;

        @Option(
                names = "--part",
                paramLabel = "FILE",
                description = "Write the share's result to FILE, whole or not at all; goes with --shard.")
        private @Nullable Path part;

        /** Made by the command line. */
        public ToFile() {}

        @Override
        public @Nullable Shard shard(int all, String what) {
            if (given() != (part != null)) {
                throw new ParameterException(
                        command.commandLine(),
                        "--shard I/N and --part FILE go together; add " + (given() ? "--part" : "--shard"));
            }
            return super.shard(all, what);
        }

        /**
         * Writes the file, whole or not at all.
         *
         * @param text its text
         * @throws ResultStorageException if it cannot be written
         */
        public void write(String text) {
            Path file = Objects.requireNonNull(part);
            Path temporary = file.resolveSibling(file.getFileName() + ".partial");
            try {
                Files.writeString(temporary, text);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new ResultStorageException(
                        "--part: " + file + " cannot be written: " + ResultWriter.reason(e)
                                + "; name a file in a folder that can be written",
                        e);
            }
        }
    }
}
