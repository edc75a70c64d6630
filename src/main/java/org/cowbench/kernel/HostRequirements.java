package org.cowbench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this machine needs so that its own kernel can be asked, each with the command that helps. */
public final class HostRequirements {
    private static final Path ROOT = Path.of("/");
    private static final String SWAPS = "proc/swaps";
    private static final String TEMPORARY =
            "'kernel ... --host --setup-swap 1G' makes a temporary swap file; or activate ";
    private static final int KIB_PER_MIB = 1024;
    /** CAP_SYS_ADMIN, without which the page map shows no frame numbers. */
    private static final int CAPABILITY = 21;

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
        return missing(ROOT, System.getProperty("os.name"));
    }

    /**
     * Looks at a machine.
     *
     * @param root directory that holds {@code proc}
     * @param system name of the operating system
     * @return what is missing
     */
    static List<Missing> missing(Path root, String system) {
        List<Missing> missing = new ArrayList<>();
        if (!system.equals("Linux")) {
            missing.add(new Missing("this is not Linux", "run it on a Linux machine, or use a guest (--deb, --image)"));
            return missing;
        }
        if (!Files.isReadable(root.resolve("proc/kpageflags")) || !frameNumbersVisible(root)) {
            missing.add(new Missing(
                    "frame numbers are hidden from this user, and they tell a copy from a reuse",
                    "run it as root (sudo)"));
        }
        if (swaps(root).isEmpty()) {
            missing.add(new Missing(
                    "no swap is active, and nothing can be paged out without", TEMPORARY + "swap (swapon)"));
        }
        return missing;
    }

    /** The active swap devices: name, type, size and used in KiB, priority. */
    private static List<String[]> swaps(Path root) {
        try (var lines = Files.lines(root.resolve(SWAPS))) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length >= 4)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean frameNumbersVisible(Path root) {
        try (var lines = Files.lines(root.resolve("proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> line.substring("CapEff:".length()).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) >> CAPABILITY & 1) == 1);
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
            throw new KernelException(
                    KernelException.Kind.LACKS, missing.getFirst().line());
        }
    }

    /**
     * Insists that nothing is missing and that swap has room.
     *
     * @param mib room needed, in MiB
     * @throws KernelException that names the first thing missing and its remedy
     */
    public static void demand(int mib) {
        demand();
        Optional<Missing> room = room(ROOT, mib);
        if (room.isPresent()) {
            throw new KernelException(KernelException.Kind.LACKS, room.get().line());
        }
    }

    static Optional<Missing> room(Path root, int mib) {
        long free = swaps(root).stream()
                        .mapToLong(words -> Long.parseLong(words[2]) - Long.parseLong(words[3]))
                        .sum()
                / KIB_PER_MIB;
        return free >= mib
                ? Optional.empty()
                : Optional.of(new Missing(
                        "swap has " + free + " MiB free, and " + mib + " MiB are to be paged out",
                        TEMPORARY + "more (swapon)"));
    }
}
