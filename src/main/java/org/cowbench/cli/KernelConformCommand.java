package org.cowbench.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.cli.option.ShardOption;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.ConformanceParts;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.policy.Policy;
import org.cowbench.report.litmus.ScriptKtap;
import org.cowbench.result.Parts;
import org.cowbench.result.Shard;
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
            "  ./run-bench.sh kernel conform --cached 6.1,7.3 --writeback --random 400",
            "  ./run-bench.sh kernel conform --image bzImage --random 2000 --keep found",
            "  ./run-bench.sh kernel conform --image bzImage --random 0 found/*.litmus",
            "  ./run-bench.sh kernel conform --from output                   of a 'kernel pack' that ran elsewhere",
            "  ./run-bench.sh kernel conform --cached 6.12 --random 0 --format ktap | tools/testing/kunit/kunit.py"
                    + " parse",
            "  ./run-bench.sh kernel conform --image bzImage --smp 2         are TLB flushes missing?",
            "  ./run-bench.sh kernel conform --cached all --random 100000 --shard 1/3 --part 1.json    then 'merge'",
            "",
            "Exit status: 0 no mismatch; 1 some, or something in a kernel's log, or a kernel crashed or hung; 2 usage;",
            "  3 something is lacking; 4 of one kernel nothing was compared, as it can do none of the scripts."
        })
public final class KernelConformCommand implements Callable<Integer> {
    /** As parts call it. */
    static final String COMMAND = "kernel conform";

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
            names = "--writeback",
            description = "Have the random scripts hold the swap device: writeout for half of their pageouts, stall and"
                    + " resume.")
    private boolean writeback;

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
            description =
                    "How many mismatching scripts to make minimal, for three minutes each at most, and then marked"
                            + " 'cut short'. Default: ${DEFAULT-VALUE}.")
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

    @Mixin
    private ShardOption.ToFile shards;

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
        if (writeback && !folios.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--writeback with --folio: scripts of large folios do not hold the device");
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
            List<Script> drawn = folios.isEmpty()
                    ? Conformance.randomScripts(random, seed)
                    : Conformance.randomFolioScripts(random, seed, folios);
            scripts.addAll(writeback ? Conformance.holding(drawn, seed) : drawn);
        }
        if (counters) {
            scripts.replaceAll(script -> script.asking(EnumSet.allOf(StepCounter.class)));
        }
        List<Script> all = which.swap().pinned(scripts);
        Shard shard = shards.shard(all.size(), "scripts");
        if (shard != null && from.given()) {
            throw new ParameterException(
                    spec.commandLine(), "--from asks no kernel, so there is nothing to deal: leave out --shard");
        }
        List<Script> asked = shard == null ? all : shard.deal(all);
        GuestOptions options = smp.options(which, GuestOptions.scripts(System.getenv()));
        Map<String, KernelTarget> kernels = from.targets(which);
        ObjectNode part = Parts.object();
        ObjectNode own = shard == null ? null : shards.mark(part, shard, COMMAND, Main.Version.number());
        if (own != null) {
            ConformanceParts.note(own, kernels, all);
        }
        if (keep != null) {
            KeptScripts.prepare(keep);
        }
        PrintWriter out = spec.commandLine().getOut();
        AtomicBoolean found = new AtomicBoolean();
        List<KernelException> ends = new ArrayList<>();
        List<ConformanceParts.Kernel> answers = new ArrayList<>();
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
                    String title = title(label, of(kernels, label));
                    if (format == Format.ktap) {
                        outcomes.put(label, ConformText.outcomes(report));
                        against.put(label, ConformText.against(report));
                        ConformText.keep(keep, label, title, report);
                    } else {
                        ConformText.print(out, label, title, seed, keep, report);
                    }
                    answers.add(new ConformanceParts.Kernel(label, title, report));
                    report.ended().ifPresent(ends::add);
                });
        if (format == Format.ktap) {
            out.print(ScriptKtap.write(outcomes, against));
            out.flush();
        }
        ends.forEach(end -> which.report("", end));
        int status = found.get()
                ? ExitStatus.FOUND
                : !ends.isEmpty()
                        ? ends.getFirst().kind().status()
                        // A share may have no script that a kernel can run: the whole is judged by who merges them.
                        : shard != null ? ExitStatus.OK : judged(answers);
        // Where the machine, not the kernel, ended it, the same command does all of it again.
        if (own != null && ends.stream().allMatch(end -> end.kind().finding())) {
            own.put("status", status);
            ConformanceParts.write(part.put("seed", seed), answers);
            shards.write(Parts.text(part));
        }
        return status;
    }

    /** Nothing differed: the status by whether anything was compared, of every kernel. */
    static int judged(List<ConformanceParts.Kernel> answers) {
        return answers.stream().allMatch(answer -> answer.report().judged()) ? ExitStatus.OK : ExitStatus.NOT_JUDGED;
    }

    private static KernelTarget of(Map<String, KernelTarget> kernels, String label) {
        return Objects.requireNonNull(kernels.get(label));
    }

    private Policy against(KernelTarget kernel) {
        return policy == null ? KernelEra.policyOf(kernel.release()) : policy;
    }

    private String title(String label, KernelTarget kernel) {
        return label + " (" + kernel.release() + ")" + smp.words() + " against "
                + against(kernel).id();
    }
}
