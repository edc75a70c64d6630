package org.cowbench.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.ScriptRun;
import org.cowbench.litmus.Expectations;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.report.litmus.LitmusLegend;
import org.cowbench.report.litmus.LitmusSummary;
import org.cowbench.report.litmus.LitmusTable;
import org.cowbench.report.litmus.ScriptKtap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kernel litmus}: runs scripts on real kernels. */
@Command(
        name = "litmus",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs litmus scripts on real kernels and prints what every step did.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel litmus --cached 5.10,6.1,6.12,7.2 --format summary --shipped",
            "  ./run-bench.sh kernel litmus --cached 6.12 --shipped --format ktap",
            "  ./run-bench.sh kernel litmus --cached all --swap zram --format table seed.litmus",
            "  ./run-bench.sh kernel litmus --image arch/x86/boot/bzImage seed.litmus",
            "",
            "The language: ./run-bench.sh litmus --help",
            "",
            "A value that a script forbids with '->' is known when the script also says, in a line such as",
            "  '#expect 7 =2: v5.9', that the policy of the kernel's release shows it: a violation of its era, told"
                    + " apart",
            "  from a new one and by itself no reason for status 1, unless --strict is given.",
            "A crash ends its script: the kernel is booted again for the next.",
            "",
            "Exit status: 0 done; 1 a script's expectation was not met, which standard error names with its line, a",
            "  step ended in an error that no rule explains (a killed process, a stale translation with --smp 2), a"
                    + " page was",
            "  torn, a kernel's log says that something is wrong (BUG, WARNING, Oops, bad page states, lockdep, KASAN,"
                    + " KFENCE,",
            "  UBSAN), or a kernel crashed or hung; 2 usage;",
            "  3 something is lacking; 4 of one kernel all scripts were skipped, as it can do none of them to its"
                    + " end."
        })
public final class KernelLitmusCommand implements Callable<Integer> {

    /** How results are printed. */
    public enum Format {
        /** One JSON object a step. */
        jsonl,
        /** A table a script: steps down, one column a kernel. */
        table,
        /** One table: scripts down, one column a kernel. */
        summary,
        /** KTAP version 1. */
        ktap
    }

    @Mixin
    private KernelMixin which;

    @Option(
            names = "--policy",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description =
                    "The policy whose #expect lines must hold; see 'list'. Default: that of each kernel's release.")
    private @Nullable Policy policy;

    @Option(
            names = "--format",
            defaultValue = "jsonl",
            paramLabel = "jsonl|table|summary|ktap",
            description =
                    "jsonl: one object a step, with the kernel named first when there are several; table: a table a"
                        + " script; summary: one table, a script a row; ktap: a test a kernel and a subtest a script,"
                        + " for kernel test tooling: one with a step that the kernel cannot do is SKIP with the"
                        + " reason. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Option(names = "--strict", description = "Violations that are known of the kernel's release count as others do.")
    private boolean strict;

    @Mixin
    private FromOption from;

    @Mixin
    private SmpOption smp;

    @Mixin
    private ScriptMixin what;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelLitmusCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() throws Exception {
        List<Script> scripts = which.swap().pinned(from.given() ? from.scripts(which, what.given()) : what.scripts());
        GuestOptions options = smp.options(which, GuestOptions.scripts(System.getenv()));
        Map<String, KernelTarget> kernels = from.targets(which);
        PrintWriter out = spec.commandLine().getOut();
        boolean stream = format == Format.jsonl && kernels.size() == 1;
        Map<String, List<ScriptRun>> columns = new LinkedHashMap<>();
        kernels.keySet().forEach(label -> columns.put(label, Collections.synchronizedList(new ArrayList<>())));
        Set<String> printed = new HashSet<>();
        ScriptProgress progress = new ScriptProgress(
                spec.commandLine().getErr(), ProgressLine.onTerminal(System.getenv()), scripts.size() * kernels.size());
        try {
            which.ask(
                    kernels,
                    options,
                    (label, session) -> {
                        collect(session, scripts, run -> {
                            of(columns, label).add(run);
                            progress.done(label);
                            if (stream) {
                                progress.clear();
                                print(out, "", era(kernels, label), run);
                            }
                        });
                        progress.clear();
                        which.noteLog(label, session);
                        return label;
                    },
                    (label, same) -> {
                        if (format == Format.jsonl && !stream && printed.add(label)) {
                            progress.clear();
                            printAll(out, label, era(kernels, label), of(columns, label));
                        }
                    });
        } finally {
            progress.clear();
            // Also what a kernel that did not survive had done before.
            if (format == Format.jsonl && !stream) {
                columns.keySet().stream()
                        .filter(printed::add)
                        .forEach(label -> printAll(out, label, era(kernels, label), of(columns, label)));
            } else if (format == Format.ktap) {
                out.print(ktap(kernels, scripts, columns));
                out.flush();
            } else if (format != Format.jsonl && !columns.values().stream().allMatch(List::isEmpty)) {
                draw(out, scripts, columns);
            }
            columns.forEach((label, runs) -> tell(
                    format == Format.jsonl || format == Format.ktap
                            ? spec.commandLine().getErr()
                            : out,
                    label,
                    era(kernels, label),
                    runs));
        }
        boolean unmet = unmet(kernels, columns);
        if (unmet || columns.values().stream().flatMap(List::stream).anyMatch(KernelLitmusCommand::fails)) {
            return ExitStatus.FOUND;
        }
        return columns.values().stream()
                        .anyMatch(runs -> ExpectationReport.judgedNone(
                                runs.stream().map(ScriptRun::results).toList()))
                ? ExitStatus.NOT_JUDGED
                : ExitStatus.OK;
    }

    /** Tells which expectations were not met; what is known of the kernel's policy is told apart. */
    private boolean unmet(Map<String, KernelTarget> kernels, Map<String, List<ScriptRun>> columns) {
        ExpectationReport report = new ExpectationReport(spec);
        boolean[] found = new boolean[1];
        columns.forEach((label, runs) -> {
            String id = era(kernels, label);
            for (ScriptRun run : List.copyOf(runs)) {
                found[0] |= report.tell(
                        label,
                        run.script(),
                        id,
                        run.results(),
                        unmet -> !strict && unmet.policy() == null && known(run.script(), unmet.result(), id));
            }
        });
        return found[0];
    }

    private String ktap(Map<String, KernelTarget> kernels, List<Script> scripts, Map<String, List<ScriptRun>> columns) {
        Map<String, List<ScriptKtap.Outcome>> outcomes = new LinkedHashMap<>();
        columns.forEach((label, runs) -> {
            List<ScriptKtap.Outcome> of = new ArrayList<>();
            for (int i = 0; i < scripts.size(); i++) {
                of.add(
                        i < runs.size()
                                ? outcome(runs.get(i), era(kernels, label))
                                : new ScriptKtap.Outcome(
                                        scripts.get(i).file(), ScriptKtap.State.FAILED, "not run", List.of()));
            }
            outcomes.put(label, of);
        });
        return ScriptKtap.write(outcomes, Map.of());
    }

    /** A script fails for what the exit status is 1 for. */
    private ScriptKtap.Outcome outcome(ScriptRun run, String era) {
        List<String> details = new ArrayList<>();
        Expectations.evaluate(run.script(), era, run.results()).stream()
                .filter(unmet -> strict || unmet.policy() != null || !known(run.script(), unmet.result(), era))
                .forEach(unmet -> details.add(unmet.text()));
        run.results().stream()
                .filter(StepResult::broken)
                .forEach(step -> details.add("step " + step.step() + ", "
                        + step.operation().text() + ": " + (step.error() == null ? "a torn page" : step.error())));
        run.log().stream().filter(LogFinding::counts).forEach(finding -> details.add("log: " + finding.line()));
        run.end().ifPresent(end -> details.add(end.getMessage()));
        String name = run.script().file();
        if (!details.isEmpty()) {
            return new ScriptKtap.Outcome(name, ScriptKtap.State.FAILED, "", details);
        }
        OptionalInt skipped = Expectations.skippedFrom(run.results());
        if (skipped.isPresent()) {
            StepResult step = run.results().get(skipped.getAsInt());
            return new ScriptKtap.Outcome(
                    name, ScriptKtap.State.SKIPPED, "from step " + step.step() + " on: " + step.skipReason(), details);
        }
        List<String> uncounted = Expectations.uncounted(run.script(), era, run.results());
        if (!uncounted.isEmpty()) {
            return new ScriptKtap.Outcome(name, ScriptKtap.State.SKIPPED, String.join("; ", uncounted), details);
        }
        String violates =
                run.results().stream().anyMatch(step -> known(run.script(), step, era)) ? "known of " + era : "";
        return new ScriptKtap.Outcome(name, ScriptKtap.State.PASSED, violates, details);
    }

    /** The policy that a kernel is held to. */
    private String era(Map<String, KernelTarget> kernels, String label) {
        return (policy == null ? KernelEra.policyOf(of(kernels, label).release()) : policy).id();
    }

    private static <T> T of(Map<String, T> kernels, String label) {
        return Objects.requireNonNull(kernels.get(label));
    }

    private static boolean fails(ScriptRun run) {
        return run.end().isPresent()
                || run.log().stream().anyMatch(LogFinding::counts)
                || run.results().stream().anyMatch(StepResult::broken);
    }

    /**
     * Whether the script says that this policy shows the very value that it forbids; of a script on another swap device than
     * its expectations are of, the model says it.
     */
    private static boolean known(Script script, StepResult step, String policy) {
        return step.violated()
                && step.value().isPresent()
                && (script.expectations().isEmpty() && script.swap() != null
                        ? ModelRun.run(script, Policy.of(policy).rule())
                                .get(step.step())
                                .value()
                                .equals(step.value())
                        : script.expectations().stream()
                                .anyMatch(each -> each.step() == step.step()
                                        && each.policies().contains(policy)
                                        && each.value().equals(step.value())));
    }

    /** The last script's results are kept too when the kernel cannot be asked any more. */
    private static void collect(KernelSession session, List<Script> scripts, Consumer<ScriptRun> runs) {
        try {
            session.run(scripts, runs);
        } catch (KernelException e) {
            if (!e.done().isEmpty()) {
                runs.accept(new ScriptRun(e.script().orElseThrow(), e.done(), e.found(), Optional.empty()));
            }
            throw e;
        }
    }

    /** Says which violations are known of a kernel's era, what its log says against it, and what it did not survive. */
    private void tell(PrintWriter known, String label, String era, List<ScriptRun> runs) {
        for (ScriptRun run : runs) {
            run.results().stream()
                    .filter(step -> known(run.script(), step, era))
                    .forEach(step -> known.println(label + ": " + run.script().file() + ", step " + step.step() + ", "
                            + step.operation().text() + ": sees "
                            + Long.toUnsignedString(step.value().getAsLong()) + ", not "
                            + Long.toUnsignedString(step.operation().expected().getAsLong()) + ": known of " + era));
        }
        known.flush();
        for (ScriptRun run : runs) {
            run.log()
                    .forEach(finding -> which.report(
                            label,
                            (finding.counts() ? run.script().file() : "not about memory, not counted") + ", "
                                    + finding.place(run.script()),
                            finding));
            run.end().ifPresent(end -> which.report("", end));
        }
    }

    private static void print(PrintWriter out, String extra, String era, ScriptRun run) {
        for (StepResult step : run.results()) {
            List<String> said = run.harm().stream()
                    .filter(finding -> at(finding, run.results().size()) == step.step())
                    .map(finding ->
                            '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(finding.line())) + '"')
                    .toList();
            out.println(step.json(extra
                    + (said.isEmpty() ? "" : "\"log\":" + said + ",")
                    + (known(run.script(), step, era) ? "\"known\":\"" + era + "\"," : "")));
        }
        out.flush();
    }

    /** The step whose line carries what a kernel's log says. */
    private static int at(LogFinding finding, int steps) {
        return Math.clamp(finding.step(), 0, Math.max(0, steps - 1));
    }

    private static void printAll(PrintWriter out, String label, String era, List<ScriptRun> runs) {
        runs.forEach(run -> print(out, "\"kernel\":\"" + label + "\",", era, run));
    }

    private void draw(PrintWriter out, List<Script> scripts, Map<String, List<ScriptRun>> runs) {
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        runs.forEach((label, of) ->
                columns.put(label, of.stream().map(ScriptRun::results).toList()));
        if (format == Format.summary) {
            out.print(LitmusSummary.draw(scripts, columns));
        } else {
            for (int i = 0; i < scripts.size(); i++) {
                Map<String, List<StepResult>> table = new LinkedHashMap<>();
                int script = i;
                columns.forEach((label, results) ->
                        table.put(label, script < results.size() ? results.get(script) : List.of()));
                out.println(LitmusTable.draw(scripts.get(i), table));
            }
        }
        out.print(LitmusLegend.draw(
                columns.values().stream().flatMap(List::stream).toList(), format == Format.summary));
        out.flush();
    }
}
