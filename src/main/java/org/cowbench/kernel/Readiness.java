package org.cowbench.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cowbench.noise.Finding;

/** What this machine has of all that asking real kernels takes, each lack with the command that helps. */
public final class Readiness {

    private Readiness() {}

    /**
     * Looks at this machine.
     *
     * @param environment the environment variables: {@code PATH}, {@code COWBENCH_QEMU}, {@code CC} and those of the cache
     * @return a finding a thing needed; none is worse than a note, as nothing else needs it
     */
    public static List<Finding> findings(Map<String, String> environment) {
        List<Finding> findings =
                new ArrayList<>(List.of(emulator(environment), compiler(environment), cache(environment)));
        List<HostRequirements.Missing> missing = HostRequirements.missing();
        missing.forEach(
                each -> findings.add(new Finding(Finding.Severity.NOTE, "kernel --host", each.what(), each.remedy())));
        if (missing.isEmpty()) {
            findings.add(new Finding(Finding.Severity.GOOD, "kernel --host", "frame numbers visible, swap active", ""));
        }
        return findings;
    }

    private static Finding emulator(Map<String, String> environment) {
        String name = GuestOptions.scripts(environment).qemu();
        for (String folder : environment.getOrDefault("PATH", "").split(":")) {
            // A name with a slash in it is a path of its own, which resolves as such.
            Path program = name.contains("/") ? Path.of(name) : Path.of(folder, name);
            if (Files.isExecutable(program)) {
                return new Finding(Finding.Severity.GOOD, "emulator", program.toString(), "");
            }
        }
        return new Finding(
                Finding.Severity.NOTE,
                "emulator",
                "no '" + name + "'; 'kernel' boots other kernels with it",
                "apt-get install qemu-system-x86, or set COWBENCH_QEMU");
    }

    private static Finding compiler(Map<String, String> environment) {
        try (WorkFolder folder = new WorkFolder()) {
            ProbeBinary.compile(folder.path(), environment);
            return new Finding(Finding.Severity.GOOD, "compiler", "compiles the probe", "");
        } catch (KernelException e) {
            String[] parts = String.valueOf(e.getMessage()).split(": ", 2);
            return new Finding(Finding.Severity.NOTE, "compiler", parts[0], parts.length > 1 ? parts[1] : "");
        }
    }

    private static Finding cache(Map<String, String> environment) {
        Path cache = KernelImage.cacheFolder(environment);
        Map<String, Path> kernels = KernelImage.cached(cache);
        return kernels.isEmpty()
                ? new Finding(
                        Finding.Severity.NOTE,
                        "kernel cache",
                        "no kernel in " + cache + " for --cached",
                        "src/main/scripts/fetch-kernels.sh")
                : new Finding(Finding.Severity.GOOD, "kernel cache", String.join(" ", kernels.keySet()), "");
    }
}
