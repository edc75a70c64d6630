package org.cowbench.cli.option;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --memory}: how much a search of the checker may take. */
public final class MemoryOption {
    private static final int DEFAULT = 1024;
    private static final int MIB = 20;
    /** States and fingerprints are off heap, where a JVM may take as much as its heap; this part of it is left free. */
    private static final int SPARE = 8;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description =
                    "Most MiB of states and fingerprints, about 20 bytes a state; a search that needs more stops. "
                            + "Default: " + DEFAULT + ", or what a JVM with a small heap can give.")
    private @Nullable Integer memory;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public MemoryOption() {}

    /**
     * Most that a search may take in this JVM without being told.
     *
     * @return in bytes
     */
    public static long byDefault() {
        return Math.min((long) DEFAULT << MIB, most());
    }

    /**
     * Most that a search may take.
     *
     * @param err standard error, for a warning when this JVM cannot give what was asked for
     * @return in bytes
     * @throws ParameterException if it was asked for less than one MiB
     */
    public long bytes(PrintWriter err) {
        if (memory == null) {
            return byDefault();
        }
        if (memory < 1) {
            throw new ParameterException(spec.commandLine(), "--memory " + memory + "; expected MiB, 1 or more");
        }
        long asked = (long) memory << MIB;
        if (asked > most()) {
            // A heap loses a little to what the collector keeps for itself.
            err.println("warning: --memory " + memory + " needs a larger Java heap; searches stop at " + (most() >> MIB)
                    + " MiB (raise it with JAVA_TOOL_OPTIONS=-Xmx" + (memory + memory / 4 + 1) + "m)");
            err.flush();
        }
        return Math.min(asked, most());
    }

    private static long most() {
        long heap = Runtime.getRuntime().maxMemory();
        return heap - heap / SPARE;
    }
}
