package org.cowbench.cli;

import java.util.Arrays;
import java.util.List;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.SwapDevice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --swap}: where pages go that leave memory. */
public final class SwapOption {
    /** Reads a device. */
    static final class Converter extends WordConverter<SwapDevice> {
        Converter() {
            super(SwapDevice.class);
        }
    }

    @Option(
            names = "--swap",
            paramLabel = "disk|zram|none",
            converter = Converter.class,
            description =
                    "Where pages go that leave memory, in scripts that do not say it by a line such as 'swap zram'."
                        + " zram answers at once; with none, what swaps is skipped. What '#expect' says is of a disk,"
                        + " and not looked at elsewhere. Default: disk; on this machine what it swaps to.")
    private @Nullable SwapDevice device;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public SwapOption() {}

    /**
     * The device that was asked for.
     *
     * @return it, or null when none was
     */
    @Nullable
    SwapDevice device() {
        return device;
    }

    /**
     * Refuses devices that a command has no use for.
     *
     * @param why what is said of one that was asked for
     * @param devices the devices
     */
    void refuse(String why, SwapDevice... devices) {
        if (Arrays.asList(devices).contains(device)) {
            throw new ParameterException(spec.commandLine(), "--swap " + device + ": " + why);
        }
    }

    /**
     * Has scripts say it that do not.
     *
     * @param scripts the scripts
     * @return the same, each for a device if one was asked for
     */
    List<Script> pinned(List<Script> scripts) {
        return scripts.stream().map(script -> script.on(device)).toList();
    }
}
