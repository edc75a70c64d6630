package org.cowbench.cli.option;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --seed}: the order in which a measurement runs its forks. */
public final class SeedOption {
    private static final long BOUND = 1L << 32;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random order of forks; default: random.")
    private @Nullable Long seed;

    /** Made by the command line. */
    public SeedOption() {}

    /**
     * Whether somebody chose it.
     *
     * @return whether it was given
     */
    public boolean given() {
        return seed != null;
    }

    /**
     * The seed.
     *
     * @return as given, else another one each time
     */
    public long value() {
        return seed != null ? seed : random();
    }

    /**
     * A seed that nobody chose.
     *
     * @return at least 0, below 2^32
     */
    public static long random() {
        return ThreadLocalRandom.current().nextLong(BOUND);
    }
}
