package org.cowbench.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code --shard} and {@code --part}: one of N machines' share of a command, for {@code merge} to put together. */
public final class ShardOption {
    /** What may differ from shard to shard, as no result depends on it. */
    private static final Set<String> OF_THE_MACHINE = Set.of("--shard", "--part", "--threads", "--format");

    private static final int MOST = 9_999;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Do the I-th of N shares only, 1/N to N/N: the I-th, the I+N-th, ... of all. Needs --part.")
    private @Nullable String shard;

    @Option(
            names = "--part",
            paramLabel = "FILE",
            description = "Write the share's result to FILE, whole or not at all; see 'merge'.")
    private @Nullable Path part;

    /** Made by the command line. */
    public ShardOption() {}

    /**
     * A share.
     *
     * @param index which, from 1
     * @param of how many there are
     */
    public record Shard(int index, int of) {
        /**
         * Deals.
         *
         * @param <T> what is dealt
         * @param all all of it
         * @return every N-th, from the share's own on; the k-th from 0 is of share (k mod N) + 1
         */
        public <T> List<T> deal(List<T> all) {
            List<T> mine = new ArrayList<>();
            for (int i = index - 1; i < all.size(); i += of) {
                mine.add(all.get(i));
            }
            return mine;
        }
    }

    /**
     * The share that was asked for.
     *
     * @param all how many there are to deal
     * @param what they are, in the plural, for messages
     * @return it, or null for everything
     * @throws ParameterException if it is none, if there is nothing in it, or if only one of the options was given
     */
    public @Nullable Shard shard(int all, String what) {
        if (shard == null && part == null) {
            return null;
        }
        if (shard == null || part == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--shard I/N and --part FILE go together; add " + (shard == null ? "--shard" : "--part"));
        }
        if (!shard.matches("\\d{1,4}/\\d{1,4}")) {
            throw refused("expected I/N, such as 1/3");
        }
        int slash = shard.indexOf('/');
        int index = Integer.parseInt(shard.substring(0, slash));
        int of = Integer.parseInt(shard.substring(slash + 1));
        if (index < 1 || of > MOST || index > of) {
            throw refused("expected 1/N to N/N, N at most " + MOST);
        }
        if (of > all) {
            throw refused("there are " + all + " " + what + "; an N above that leaves a share empty");
        }
        return new Shard(index, of);
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), "--shard " + shard + ": " + why);
    }

    /**
     * The options that results depend on, whatever their order in the command was.
     *
     * @return each as {@code --name=value}
     */
    public List<String> arguments() {
        ParseResult given = spec.commandLine().getParseResult();
        List<String> arguments = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (given.hasMatchedOption(option) && !OF_THE_MACHINE.contains(option.longestName())) {
                arguments.add(option.longestName() + "=" + String.join(",", option.originalStringValues()));
            }
        }
        return List.copyOf(arguments);
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
