package org.cowbench.cli.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --fail-over} and {@code --strict}: when a comparison fails. */
public final class GateOptions {
    @Option(
            names = "--fail-over",
            paramLabel = "PCT",
            description = "Exit 1 when a row is slower, or an exact cost higher, by more than this many per cent.")
    private @Nullable Double failOver;

    @Option(
            names = "--strict",
            description = "With --fail-over: an inconclusive row fails too, and a benchmark that the head lacks is not"
                    + " judged.")
    private boolean strict;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public GateOptions() {}

    /**
     * Checks what was given.
     *
     * @throws ParameterException if it has no meaning
     */
    public void check() {
        if (failOver != null && !(failOver >= 0 && Double.isFinite(failOver))) {
            throw new ParameterException(spec.commandLine(), "--fail-over must be 0 or more per cent, not " + failOver);
        }
        demandGate(strict, "--strict");
    }

    /**
     * Insists that an option that only a gate has comes with one.
     *
     * @param given whether it was given
     * @param option its name
     * @throws ParameterException if it was, and there is no gate
     */
    public void demandGate(boolean given, String option) {
        if (given && failOver == null) {
            throw new ParameterException(spec.commandLine(), option + " has a meaning only with --fail-over");
        }
    }

    /**
     * The gate's limit.
     *
     * @return in per cent; NaN for no gate
     */
    public double failOver() {
        return failOver == null ? Double.NaN : failOver;
    }

    /**
     * Whether what is not decided fails too.
     *
     * @return as given
     */
    public boolean strict() {
        return strict;
    }
}
