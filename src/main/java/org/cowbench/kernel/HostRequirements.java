package org.cowbench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this machine needs so that its own kernel can be asked, each with the command that helps. */
public final class HostRequirements {
    private static final Path SWAPS = Path.of("/proc/swaps");
    private static final Path FLAGS = Path.of("/proc/kpageflags");

    private HostRequirements() {}

    /**
     * Something that is missing.
     *
     * @param what what is missing, and what for
     * @param remedy the command that helps, or who has to do what
     */
    public record Missing(String what, String remedy) {

        /**
         * One line.
         *
         * @return what and remedy
         */
        public String line() {
            return what + ": " + remedy;
        }
    }

    /**
     * Looks at this machine.
     *
     * @return what is missing; empty when the host lane can run
     */
    public static List<Missing> missing() {
        List<Missing> missing = new ArrayList<>();
        if (!System.getProperty("os.name").equals("Linux")) {
            missing.add(new Missing("this is not Linux", "run it on a Linux machine, or use a guest (--deb, --image)"));
            return missing;
        }
        if (!Files.isReadable(FLAGS) || !frameNumbersVisible()) {
            missing.add(new Missing("frame numbers are hidden from this user, and they tell a copy from a reuse",
                    "run it as root (sudo)"));
        }
        if (swapDevices().isEmpty()) {
            missing.add(new Missing("no swap is active, and nothing can be paged out without",
                    "add --setup-swap 1G for a temporary swap file, or activate swap (swapon)"));
        }
        return missing;
    }

    /**
     * The active swap devices.
     *
     * @return their names; empty when there are none
     */
    public static List<String> swapDevices() {
        try (var lines = Files.lines(SWAPS)) {
            return lines.skip(1).map(line -> line.strip().split("\\s+")[0]).filter(name -> !name.isEmpty()).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean frameNumbersVisible() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            // CAP_SYS_ADMIN is capability 21
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16) >> 21 & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Insists that nothing is missing.
     *
     * @throws KernelException that names the first thing missing and its remedy
     */
    public static void demand() {
        List<Missing> missing = missing();
        if (!missing.isEmpty()) {
            throw new KernelException(KernelException.Kind.LACKS, missing.getFirst().line());
        }
    }
}
