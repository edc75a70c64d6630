package org.cowbench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.cowbench.kernel.AimedScripts;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.Identification;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.ScriptRun;
import org.cowbench.litmus.SwapDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kernel identify}: which known policy a kernel follows. */
@Command(
        name = "identify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tells which known policy a kernel follows, whatever its release says: a vendor's kernel with backports,"
                    + " or one with a patch.",
            "Runs the few scripts that tell policies apart, which the model has made, and holds values, entries,"
                    + " frames and faults against each policy. If none fits, the nearest and what differs from it."
                    + " Policies that no script of base pages tells apart on a guest's disk are named together."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel identify --cached all",
            "  ./run-bench.sh kernel identify --image arch/x86/boot/bzImage",
            "  ./run-bench.sh kernel identify --deb linux-image-vendor.deb --format json",
            "",
            "Exit status: 0 a policy fits; 1 none does, or a kernel crashed, hung or says that something is wrong; 2"
                    + " usage;",
            "  3 something is lacking."
        })
public final class KernelIdentifyCommand implements Callable<Integer> {

    /** How the answer is printed. */
    public enum Format {
        /** A line a kernel, and below it what differs. */
        text,
        /** One JSON object a kernel, on a line of its own. */
        json
    }

    private static final int SHOWN = 5;

    @Mixin
    private KernelMixin which;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "text|json",
            description = "text, or a JSON object a kernel and line. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelIdentifyCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() {
        which.swap()
                .refuse(
                        "policies are told apart by what a disk leaves in the swap cache; leave it out",
                        SwapDevice.ZRAM,
                        SwapDevice.NONE);
        Map<String, KernelTarget> kernels = which.targets();
        GuestOptions options = which.options(GuestOptions.scripts(System.getenv()));
        PrintWriter out = spec.commandLine().getOut();
        AtomicBoolean found = new AtomicBoolean();
        which.ask(
                kernels,
                options,
                (label, session) -> {
                    Identification.Report report = Identification.of(session);
                    which.noteLog(label, session);
                    return report;
                },
                (label, report) -> {
                    out.print(format == Format.json ? json(label, report) : text(label, report));
                    out.flush();
                    report.troubles().forEach(run -> trouble(label, run));
                    found.compareAndSet(
                            false,
                            report.fitting().isEmpty() || !report.troubles().isEmpty());
                });
        return found.get() ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private void trouble(String label, ScriptRun run) {
        run.harm().stream()
                .filter(LogFinding::counts)
                .forEach(finding ->
                        which.report(label, run.script().file() + ", " + finding.place(run.script()), finding));
        run.end().ifPresent(end -> which.report("", end));
    }

    /** What is known of a kernel, a line and, where no policy fits or the release misleads, more. */
    static String text(String label, Identification.Report report) {
        StringBuilder text = new StringBuilder(label + " (" + report.release() + "): ");
        List<Identification.Candidate> fitting = report.fitting();
        Identification.Candidate nearest = report.candidates().getFirst();
        if (fitting.isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "no known policy; nearest is %s, which it follows in %d of %d scripts%n",
                    AimedScripts.names(nearest.policies()),
                    report.scripts() - nearest.differing().size(),
                    report.scripts()));
        } else {
            text.append(fitting.stream()
                            .map(fits -> AimedScripts.names(fits.policies()))
                            .collect(Collectors.joining(" or ")))
                    .append(String.format(Locale.ROOT, ", in all %d scripts%n", report.scripts()));
        }
        Identification.surprising(report)
                .ifPresent(era -> text.append("#   its release would be that of " + era.id() + "\n"));
        if (fitting.isEmpty()) {
            nearest.differing().stream().limit(SHOWN).forEach(difference -> {
                text.append("# unlike " + nearest.policies().getFirst().id() + ", "
                        + ConformText.describe(difference.script(), difference.first()) + "\n");
                text.append(difference.script().text().indent(2));
            });
            int more = nearest.differing().size() - SHOWN;
            text.append(more > 0 ? "# and in " + more + " more scripts; --format json has them all\n" : "");
        }
        report.excluded()
                .forEach((rule, steps) -> text.append(String.format(
                        Locale.ROOT, "#   %d steps left out by rule %s: %s%n", steps, rule, rule.reason())));
        return text.toString();
    }

    /** The same as an object, its line ended: {@code schema} 1. */
    static String json(String label, Identification.Report report) {
        ObjectNode root = JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("schema", 1)
                .put("kernel", label)
                .put("release", report.release())
                .put("scripts", report.scripts())
                .put("era", KernelEra.policyOf(report.release()).id());
        ArrayNode fits = root.putArray("fits");
        report.fitting().forEach(candidate -> candidate.policies().forEach(policy -> fits.add(policy.id())));
        ArrayNode candidates = root.putArray("candidates");
        for (Identification.Candidate candidate : report.candidates()) {
            ObjectNode node = candidates.addObject();
            ArrayNode policies = node.putArray("policies");
            candidate.policies().forEach(policy -> policies.add(policy.id()));
            ArrayNode differing = node.putArray("differing");
            candidate.differing().forEach(difference -> differing
                    .addObject()
                    .put("script", difference.script().text())
                    .put("what", ConformText.describe(difference.script(), difference.first())));
        }
        ObjectNode excluded = root.putObject("excluded");
        report.excluded().forEach((rule, steps) -> excluded.put(rule.toString(), steps));
        return root + "\n";
    }
}
