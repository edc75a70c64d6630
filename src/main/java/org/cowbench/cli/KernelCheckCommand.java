package org.cowbench.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cowbench.check.Scope;
import org.cowbench.cli.option.ShardOption;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelCheckParts;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.result.Parts;
import org.cowbench.result.Shard;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel check}: judges real kernels without a model of their rule. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Judges real kernels without a model of their rule: runs the scripts that come with cowbench, then every"
                + " script of small scopes, the shortest first, then random ones, and looks for what no rule may do.",
            "isolation: a process sees what another wrote, or not what it wrote itself. secrecy: a pipe or a pin shows"
                + " what another process writes later. pin-coherence: memory and a pin come apart, or a device's write"
                + " is lost. And what the kernel says or does to itself: a crash, its log, a torn page, a page not"
                + " freed.",
            "Each finding is shrunk to a minimal script; scripts that contain its steps are counted with it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel check --image arch/x86/boot/bzImage",
            "  ./run-bench.sh kernel check --cached 5.10,6.12 --budget 10m",
            "  ./run-bench.sh kernel check --image bzImage --length 4 --format json",
            "  ./run-bench.sh kernel check --cached all --budget 8h --shard 1/3 --part 1.json      then 'merge'",
            "",
            "Exit status: 0 nothing found within the budget; 1 something, or a kernel crashed or hung; 2 usage;",
            "  3 something is lacking. Stock kernels are not clean: see 'check' of their policies."
        })
public final class KernelCheckCommand implements Callable<Integer> {
    /** As parts call it. */
    static final String COMMAND = "kernel check";

    /** How the outcome is printed. */
    public enum Format {
        /** Findings with their scripts, how far each scope was tried, a line of summary. */
        text,
        /** KTAP version 1. */
        ktap,
        /** One JSON object a kernel, on a line of its own. */
        json
    }

    private static final long LINE_NANOS = 500_000_000L;

    @Mixin
    private KernelMixin which;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            defaultValue = "5m",
            converter = TimeConverter.class,
            description =
                    "How long to run scripts on each kernel, such as 90s, 5m or 1h; a quarter of it is for random ones."
                            + " Default: ${DEFAULT-VALUE}.")
    private double budget;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "12",
            description = "Longest script of a scope, without the reads at its end. Default: ${DEFAULT-VALUE}, which no"
                    + " budget reaches.")
    private int length;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "" + Long.MAX_VALUE,
            showDefaultValue = Help.Visibility.NEVER,
            description = "Most random scripts. Default: as many as the budget allows.")
    private long random;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the random scripts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--shrink",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "How many findings to make minimal, for three minutes each at most, or for the budget if that is"
                            + " longer, and then marked 'cut short'; the budget does not count it. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int shrink;

    @Option(
            names = "--search-only",
            description =
                    "Leaves out the scripts that come with cowbench, among them those that rules were caught with,"
                            + " so that what is found was found by the search.")
    private boolean searchOnly;

    @Mixin
    private SmpOption smp;

    @Mixin
    private ShardOption.ToFile shards;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "text|ktap|json",
            description = "text: for people; ktap: for kernel test tooling, a test a kernel and a subtest a property or"
                    + " kind of harm; json: an object a kernel and line. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelCheckCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() {
        if (length < 1 || length > Scope.UNBOUNDED || random < 0 || shrink < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--length takes a number from 1 to " + Scope.UNBOUNDED + ", --random and --shrink one from 0 on");
        }
        // There is no end of scripts.
        Shard shard = shards.shard(Integer.MAX_VALUE, "scripts");
        Map<String, KernelTarget> kernels = which.targets();
        ObjectNode part = Parts.object();
        ObjectNode own = shard == null ? null : shards.mark(part, shard, COMMAND, Main.Version.number());
        if (own != null) {
            KernelCheckParts.note(own.put("cpus", smp.words()), kernels);
        }
        List<KernelCheckParts.Kernel> answers = new ArrayList<>();
        GuestOptions options = smp.options(which, GuestOptions.scripts(System.getenv()));
        PrintWriter out = spec.commandLine().getOut();
        AtomicBoolean found = new AtomicBoolean();
        List<KernelException> ends = new ArrayList<>();
        KernelCheck.Limits limits = new KernelCheck.Limits(
                Duration.ofMillis((long) (budget * 1000)), length, random, seed, shrink, !searchOnly, shard);
        RedrawnLine progress = new RedrawnLine(
                System::nanoTime, spec.commandLine().getErr(), ProgressLine.onTerminal(System.getenv()), LINE_NANOS);
        which.ask(
                kernels,
                options,
                (label, session) -> {
                    KernelCheck.Report report =
                            new KernelCheck(session, limits, text -> progress.show(() -> label + ": " + text)).run();
                    if (report.ended().isEmpty()) {
                        which.noteLog(label, session);
                    }
                    return report;
                },
                (label, report) -> {
                    progress.clear();
                    found.compareAndSet(false, report.found());
                    String release = Objects.requireNonNull(kernels.get(label)).release();
                    KernelCheckParts.Kernel answer = new KernelCheckParts.Kernel(label, release, report);
                    answers.add(answer);
                    out.print(format == Format.ktap ? "" : KernelCheckText.of(answer, smp.words(), format));
                    out.flush();
                    report.ended().ifPresent(ends::add);
                });
        if (format == Format.ktap) {
            out.print(KernelCheckText.ktap(answers));
            out.flush();
        }
        ends.forEach(end -> which.report("", end));
        int status = found.get()
                ? ExitStatus.FOUND
                : ends.isEmpty() ? ExitStatus.OK : ends.getFirst().kind().status();
        // Where the machine, not the kernel, ended it, the same command does all of it again.
        if (own != null && ends.stream().allMatch(end -> end.kind().finding())) {
            own.put("status", status);
            KernelCheckParts.write(part, answers);
            shards.write(Parts.text(part));
        }
        return status;
    }
}
