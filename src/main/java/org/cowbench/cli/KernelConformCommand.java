package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel conform}: compares a policy of the model with real kernels. */
@Command(name = "conform", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Runs scripts on the model and on real kernels and compares every step.",
            "Fields: value, entry before and after, frame, error; minor and major faults of reads and writes. A mismatch"
                    + " counts when it repeats, and is shrunk to a minimal script."},
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel conform --cached 5.10 --policy v5.9 --random 2000 --seed 1",
            "  ./run-bench.sh kernel conform --cached all --random 400       each against its own era's policy",
            "", "Exit status: 0 no mismatch; 1 some, or a kernel crashed or hung; 2 usage; 3 something is lacking."})
public final class KernelConformCommand implements Callable<Integer> {

    private static final int SHOWN = 10;

    @Mixin
    private KernelMixin which;

    @Option(names = "--policy", paramLabel = "P", converter = PolicyConverter.class,
            description = "The policy; see 'list'. Default: that of each kernel's release.")
    private Policy policy;

    @Option(names = "--scripts", paramLabel = "FILE|DIR", split = ",",
            description = "Scripts to compare. Default: those that come with cowbench.")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--random", paramLabel = "N", defaultValue = "400",
            description = "Random scripts to compare as well. Default: ${DEFAULT-VALUE}.")
    private int random;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of the random scripts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--shrink", paramLabel = "N", defaultValue = "3",
            description = "How many mismatching scripts to make minimal. Default: ${DEFAULT-VALUE}.")
    private int shrink;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelConformCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() throws Exception {
        if (random < 0 || shrink < 0) {
            throw new ParameterException(spec.commandLine(), "--random and --shrink take a number from 0 on");
        }
        List<Script> scripts = new ArrayList<>(paths.isEmpty() ? ShippedScripts.all() : List.of());
        scripts.addAll(ScriptMixin.read(spec, paths, false));
        scripts.addAll(Conformance.randomScripts(random, seed));
        if (scripts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nothing to compare; give --scripts or --random");
        }
        Map<String, KernelTarget> kernels = which.targets();
        PrintWriter out = spec.commandLine().getOut();
        AtomicLong mismatches = new AtomicLong();
        try {
            which.ask(kernels, which.options(GuestOptions.scripts(System.getenv())), (label, session) ->
                    new Conformance(session, against(kernels.get(label)).rule(), shrink, text -> {
                        spec.commandLine().getErr().println(label + ": " + text);
                        spec.commandLine().getErr().flush();
                    }).compare(scripts), (label, report) -> {
                mismatches.addAndGet(report.mismatches());
                print(out, label, kernels.get(label), report);
            });
        } catch (KernelException e) {
            Stream.concat(Stream.of(e), Stream.of(e.getSuppressed())).forEach(each -> printLast(out, each));
            throw e;
        }
        return mismatches.get() > 0 ? 1 : 0;
    }

    /** The script that a kernel did not survive, which is one of thousands that nobody has seen. */
    private static void printLast(PrintWriter out, Throwable failure) {
        if (failure instanceof KernelException problem && problem.kind() == KernelException.Kind.KERNEL
                && problem.script().isPresent()) {
            out.printf(Locale.ROOT, "# ended early: %s%n%s", problem.getMessage(), problem.script().get().text());
            out.flush();
        }
    }

    private Policy against(KernelTarget kernel) {
        return policy == null ? KernelEra.policyOf(kernel.release()) : policy;
    }

    private void print(PrintWriter out, String label, KernelTarget kernel, Conformance.Report report) {
        for (Conformance.Finding finding : report.findings().stream().limit(SHOWN).toList()) {
            out.printf(Locale.ROOT, "# %s: %s%n", finding.script().file(), describe(finding.mismatches()));
            if (finding.minimal() != finding.script()) {
                out.printf(Locale.ROOT, "# minimal: %s%n%s", describe(finding.minimalMismatches()),
                        finding.minimal().text());
            }
        }
        if (report.findings().size() > SHOWN) {
            out.printf(Locale.ROOT, "# and %d more scripts%n", report.findings().size() - SHOWN);
        }
        report.excluded().forEach((rule, steps) -> out.printf(Locale.ROOT, "# %s: %d steps left out by rule %s: %s%n",
                label, steps, rule, rule.reason()));
        if (report.unrepeated() > 0) {
            out.printf(Locale.ROOT, "# %s: %d scripts differed once and agreed when repeated%n", label, report.unrepeated());
        }
        out.printf(Locale.ROOT, "%s (%s) against %s, %d scripts, random seed %d: %s%n", label, kernel.release(),
                against(kernel).id(), report.scripts(), seed, report.summary());
        out.flush();
    }

    private static String describe(List<Conformance.Mismatch> mismatches) {
        Conformance.Mismatch first = mismatches.isEmpty() ? null : mismatches.getFirst();
        return first == null ? "agreed when repeated" : String.format(Locale.ROOT, "step %d: %s is %s in the model, %s in"
                + " the kernel%s", first.step(), first.field(), first.model(), first.kernel(), mismatches.size() == 1 ? ""
                : " (and " + (mismatches.size() - 1) + " more fields)");
    }
}
