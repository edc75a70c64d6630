package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cowbench.kernel.Readiness;
import org.cowbench.noise.Doctor;
import org.cowbench.noise.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this machine can do, and what would make its numbers lie. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Look at this machine before measuring: what would make numbers lie, and the remedy.",
            "Nothing is changed. Remedies that write below /sys need root and last until the next boot."
        },
        footer = {
            "",
            "Example: ./run-bench.sh doctor",
            "",
            "Exit status: 0 fit for measuring; 1 something makes numbers lie."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final String TABLE = "%-8s %-16s %s%n";

    @Spec
    private CommandSpec spec;

    @Option(names = "--all", description = "Show what is as it should be, too.")
    private boolean all;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(Doctor.examine());
        findings.add(tool("git", "ab compares commits with it", "Debian: apt install git"));
        findings.add(tool("mvn", "run-bench.sh and ab build with it", "Debian: apt install maven"));
        findings.addAll(Readiness.findings(System.getenv()));
        PrintWriter out = spec.commandLine().getOut();
        int bad = 0;
        int good = 0;
        for (Finding finding : findings) {
            bad += finding.severity() == Finding.Severity.BAD ? 1 : 0;
            good += finding.severity() == Finding.Severity.GOOD ? 1 : 0;
            if (all || finding.severity() != Finding.Severity.GOOD) {
                out.printf(
                        Locale.ROOT,
                        TABLE,
                        finding.severity().name().toLowerCase(Locale.ROOT),
                        finding.topic(),
                        finding.state());
                if (!finding.remedy().isEmpty()) {
                    out.printf(Locale.ROOT, TABLE, "", "", "remedy: " + finding.remedy());
                }
            }
        }
        if (good > 0 && !all) {
            out.println(good + " other things are as they should be (--all shows them)");
        }
        out.println(
                bad == 0
                        ? "fit for measuring"
                        : bad + (bad == 1 ? " thing makes" : " things make")
                                + " numbers lie: compare only what was interleaved, or mend it first");
        out.flush();
        return bad == 0 ? ExitStatus.OK : ExitStatus.FOUND;
    }

    private static Finding tool(String name, String use, String remedy) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
                return new Finding(Finding.Severity.GOOD, name, "found", "");
            }
        }
        return new Finding(Finding.Severity.NOTE, name, "not on the PATH; " + use, remedy);
    }
}
