package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.Mismatch;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.policy.Policy;
import org.cowbench.report.litmus.ScriptKtap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel conform}: compares a policy of the model with real kernels. */
@Command(
        name = "conform",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs scripts on the model and on real kernels and compares every step.",
            "Fields: value, what a write was made on, torn pages, entry before and after, frame, error; minor and major"
                    + " faults of reads and writes. And the kernel's log: BUG, WARNING, Oops, bad page states, lockdep,"
                    + " KASAN, KFENCE, UBSAN.",
            "The worst first: a crash, the log, a torn page, a corrupt value, a leak, a lost write, a stale"
                + " translation, a page not freed, a broken step, which count when they are seen once; then"
                + " references, refusals, entries, frames and faults, which count when they repeat. A mismatch is"
                + " shrunk to a minimal script that shows the same kind. A crash ends its script: the kernel is booted"
                + " again for the next."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel conform --cached 5.10 --policy v5.9 --random 2000 --seed 1",
            "  ./run-bench.sh kernel conform --cached all --random 400       each against its own era's policy",
            "  ./run-bench.sh kernel conform --cached 6.12,6.18 --folio 16,64,2048 --random 2000",
            "  ./run-bench.sh kernel conform --cached 6.12,7.3 --swap zram --random 2000",
            "  ./run-bench.sh kernel conform --image bzImage --random 2000 --keep found",
            "  ./run-bench.sh kernel conform --image bzImage --random 0 found/*.litmus",
            "  ./run-bench.sh kernel conform --from output                   of a 'kernel pack' that ran elsewhere",
            "  ./run-bench.sh kernel conform --cached 6.12 --random 0 --format ktap | tools/testing/kunit/kunit.py"
                    + " parse",
            "  ./run-bench.sh kernel conform --image bzImage --smp 2         are TLB flushes missing?",
            "",
            "Exit status: 0 no mismatch; 1 some, or something in a kernel's log, or a kernel crashed or hung; 2 usage;",
            "  3 something is lacking."
        })
public final class KernelConformCommand implements Callable<Integer> {

    private static final int SHOWN = 10;

    @Mixin
    private KernelMixin which;

    @Option(
            names = "--policy",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description = "The policy; see 'list'. Default: that of each kernel's release.")
    private @Nullable Policy policy;

    @Mixin
    private FromOption from;

    @Mixin
    private SmpOption smp;

    @Mixin
    private ScriptMixin what;

    @Option(
            names = "--scripts",
            paramLabel = "FILE|DIR",
            split = ",",
            hidden = true,
            description = "As the arguments; an older name.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "400",
            description = "Random scripts to compare as well. Default: ${DEFAULT-VALUE}.")
    private int random;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the random scripts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--folio",
            paramLabel = "KIB",
            split = ",",
            description =
                    "Draw the random scripts of one large folio each instead, of one of these sizes in KiB: 16, 32, ..."
                            + " 2048. Kernels that have no such folios leave them out.")
    private List<Integer> folios = List.of();

    @Option(
            names = "--counters",
            description =
                    "Compare what steps do besides, too: every script is run as if it began with 'count', followed by"
                            + " all counters. What a kernel cannot count is told with the reason.")
    private boolean counters;

    @Option(
            names = "--shrink",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many mismatching scripts to make minimal. Default: ${DEFAULT-VALUE}.")
    private int shrink;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Write scripts that differ to this folder, each as it was run and the minimal one. A '->' in it"
                            + " says what must be seen, so that 'kernel litmus' judges it without the model.")
    private @Nullable Path keep;

    /** How findings are printed. */
    public enum Format {
        /** Every script that differs, and a line a kernel. */
        text,
        /** KTAP version 1. */
        ktap
    }

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "text|ktap",
            description =
                    "text: what differs, for people; ktap: a test a kernel and a subtest a script, for kernel test"
                            + " tooling: a script the kernel can do nothing of is SKIP with the reason. Default:"
                            + " ${DEFAULT-VALUE}.")
    private Format format;

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
        for (int size : folios) {
            if (!ScriptParser.FOLIOS.contains(size)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--folio " + size + ": no kernel has folios of that size; expected some of "
                                + ScriptParser.FOLIOS + " (KiB)");
            }
        }
        List<Script> scripts = new ArrayList<>(what.given());
        scripts.addAll(ScriptMixin.read(spec, paths, false, false, false));
        if (from.given()) {
            scripts = from.scripts(which, scripts);
            random = 0;
            // What cannot be asked again cannot be made smaller.
            shrink = 0;
        }
        if (scripts.isEmpty()) {
            scripts.addAll(folios.isEmpty() ? ShippedScripts.all() : ShippedScripts.folios());
            if (folios.isEmpty() && which.swap().device() == SwapDevice.ZRAM) {
                scripts.addAll(ShippedScripts.zram());
            }
        }
        if (random > 0) {
            scripts.addAll(
                    folios.isEmpty()
                            ? Conformance.randomScripts(random, seed)
                            : Conformance.randomFolioScripts(random, seed, folios));
        }
        if (counters) {
            scripts.replaceAll(script -> script.asking(EnumSet.allOf(StepCounter.class)));
        }
        List<Script> asked = which.swap().pinned(scripts);
        GuestOptions options = smp.options(which, GuestOptions.scripts(System.getenv()));
        Map<String, KernelTarget> kernels = from.targets(which);
        if (keep != null) {
            KeptScripts.prepare(keep);
        }
        PrintWriter out = spec.commandLine().getOut();
        AtomicBoolean found = new AtomicBoolean();
        List<KernelException> ends = new ArrayList<>();
        Map<String, List<ScriptKtap.Outcome>> outcomes = new LinkedHashMap<>();
        Map<String, List<String>> against = new LinkedHashMap<>();
        which.ask(
                kernels,
                options,
                (label, session) -> {
                    Conformance.Report report = new Conformance(
                                    session, against(of(kernels, label)).rule(), shrink, text -> {
                                        spec.commandLine().getErr().println(label + ": " + text);
                                        spec.commandLine().getErr().flush();
                                    })
                            .compare(asked);
                    if (report.ended().isEmpty()) {
                        which.noteLog(label, session);
                    }
                    return report;
                },
                (label, report) -> {
                    found.compareAndSet(false, report.found());
                    if (format == Format.ktap) {
                        outcomes.put(label, outcomes(report));
                        against.put(label, against(report));
                        keep(label, title(label, of(kernels, label)), report);
                    } else {
                        print(out, label, of(kernels, label), report);
                    }
                    report.ended().ifPresent(ends::add);
                });
        if (format == Format.ktap) {
            out.print(ScriptKtap.write(outcomes, against));
            out.flush();
        }
        ends.forEach(end -> which.report("", end));
        return found.get()
                ? ExitStatus.FOUND
                : ends.isEmpty() ? ExitStatus.OK : ends.getFirst().kind().status();
    }

    private static KernelTarget of(Map<String, KernelTarget> kernels, String label) {
        return Objects.requireNonNull(kernels.get(label));
    }

    private Policy against(KernelTarget kernel) {
        return policy == null ? KernelEra.policyOf(kernel.release()) : policy;
    }

    private void print(PrintWriter out, String label, KernelTarget kernel, Conformance.Report report) {
        String title = title(label, kernel);
        for (Conformance.Finding finding :
                report.findings().stream().limit(SHOWN).toList()) {
            print(out, finding);
        }
        if (report.findings().size() > SHOWN) {
            int more = report.findings().size() - SHOWN;
            out.printf(
                    Locale.ROOT,
                    "# and %d more script%s%s:%n",
                    more,
                    more == 1 ? "" : "s",
                    keep == null ? "; --keep DIR keeps them all" : "");
            report.findings().stream()
                    .skip(SHOWN)
                    .forEach(finding -> out.printf(
                            Locale.ROOT,
                            "#   %s: %s%n",
                            finding.script().file(),
                            describe(finding.script(), finding.worst())));
        }
        if (keep != null) {
            keep(label, title, report);
            out.printf(
                    Locale.ROOT,
                    "# %s: %d kept in %s%n",
                    label,
                    report.findings().size(),
                    keep);
        }
        report.boot()
                .forEach(finding -> out.printf(
                        Locale.ROOT,
                        "# %s: while booting%s: %s%n",
                        label,
                        finding.counts() ? "" : ", not about memory and not counted",
                        finding.line()));
        report.excluded()
                .forEach((rule, steps) -> out.printf(
                        Locale.ROOT, "# %s: %d steps left out by rule %s: %s%n", label, steps, rule, rule.reason()));
        report.uncounted()
                .forEach((counter, why) -> out.printf(Locale.ROOT, "# %s: %s not compared: %s%n", label, counter, why));
        if (report.unrepeated() > 0) {
            out.printf(
                    Locale.ROOT,
                    "# %s: %d scripts differed once and agreed when repeated%n",
                    label,
                    report.unrepeated());
        }
        report.ended().ifPresent(end -> out.printf(Locale.ROOT, "# %s: ended early: %s%n", label, end.getMessage()));
        out.printf(
                Locale.ROOT, "%s, %d scripts, random seed %d: %s%n", title, report.scripts(), seed, report.summary());
        out.flush();
    }

    private String title(String label, KernelTarget kernel) {
        return label + " (" + kernel.release() + ")" + smp.words() + " against "
                + against(kernel).id();
    }

    private void keep(String label, String title, Conformance.Report report) {
        if (keep != null) {
            report.findings().forEach(finding -> KeptScripts.keep(keep, label, title, finding));
        }
    }

    private static List<ScriptKtap.Outcome> outcomes(Conformance.Report report) {
        Map<String, Conformance.Finding> findings = new HashMap<>();
        report.findings()
                .forEach(finding -> findings.putIfAbsent(finding.script().file(), finding));
        return report.asked().stream()
                .map(asked -> outcome(asked, findings.get(asked.script().file())))
                .toList();
    }

    private static ScriptKtap.Outcome outcome(Conformance.Asked asked, Conformance.@Nullable Finding finding) {
        List<String> details = new ArrayList<>();
        asked.leftOut()
                .forEach(
                        (rule, steps) -> details.add(steps + " steps left out by rule " + rule + ": " + rule.reason()));
        String name = asked.script().file();
        if (finding != null) {
            finding.minimalMismatches().forEach(mismatch -> details.add(describe(finding.minimal(), mismatch)));
            finding.minimal().text().lines().forEach(line -> details.add("    " + line));
            return new ScriptKtap.Outcome(
                    name, ScriptKtap.State.FAILED, finding.worst().harm().words(), details);
        }
        if (asked.compared()) {
            return new ScriptKtap.Outcome(name, ScriptKtap.State.PASSED, "", details);
        }
        return asked.leftOut().isEmpty()
                ? new ScriptKtap.Outcome(name, ScriptKtap.State.FAILED, "not run", details)
                : new ScriptKtap.Outcome(
                        name,
                        ScriptKtap.State.SKIPPED,
                        asked.leftOut().keySet().iterator().next().reason(),
                        List.of());
    }

    /** What speaks against a kernel beside its scripts. */
    private static List<String> against(Conformance.Report report) {
        List<String> against = new ArrayList<>();
        report.boot().stream().filter(LogFinding::counts).forEach(each -> against.add("while booting: " + each.line()));
        report.ended().ifPresent(end -> against.add("ended early: " + end.getMessage()));
        return against;
    }

    private static void print(PrintWriter out, Conformance.Finding finding) {
        boolean shrunk = !finding.minimal().equals(finding.script());
        out.printf(
                Locale.ROOT,
                "# %s: %s%s%n",
                finding.script().file(),
                finding.worst().harm().words(),
                finding.repeated() ? "" : ", seen once");
        print(out, finding.script(), finding.mismatches());
        finding.log().lines().forEach(line -> out.println("#   | " + line));
        if (shrunk) {
            out.println("# minimal:");
            print(out, finding.minimal(), finding.minimalMismatches());
        }
        if (shrunk || finding.worst().harm().harms()) {
            out.print(finding.minimal().text());
        }
    }

    private static void print(PrintWriter out, Script script, List<Mismatch> mismatches) {
        if (mismatches.isEmpty()) {
            out.println("#   agreed when repeated");
        }
        mismatches.forEach(mismatch -> out.println("#   " + describe(script, mismatch)));
    }

    /** One field, with its step and what the difference is. */
    static String describe(Script script, Mismatch mismatch) {
        String place = mismatch.step() < 0
                ? "before step 0, left by what ran before"
                : mismatch.step() >= script.steps().size()
                        ? "after the last step"
                        : "step " + mismatch.step() + ", "
                                + script.steps().get(mismatch.step()).text();
        return String.format(
                Locale.ROOT,
                "%s: %s",
                place,
                switch (mismatch.harm()) {
                    case CRASH, LOG -> mismatch.harm().words() + ": " + mismatch.kernel();
                    case UNFREED -> mismatch.kernel();
                    default ->
                        String.format(
                                Locale.ROOT,
                                "%s is %s in the model, %s in the kernel (%s)",
                                mismatch.field(),
                                mismatch.model(),
                                mismatch.kernel(),
                                mismatch.harm().words());
                });
    }
}
