package org.cowbench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.cowbench.check.Scope;
import org.cowbench.cli.option.ShardOption;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelCheckParts;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.kernel.LogFinding;
import org.cowbench.litmus.Script;
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
                    + " what another process writes later. pin-coherence: memory and a pin part, or a device's write is"
                    + " lost. And what the kernel says or does to itself: a crash, its log, a torn page, a page not"
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
            description = "Longest script of a scope, without the look at its end. Default: ${DEFAULT-VALUE}, which no"
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
                            + " longer; the budget does not count it. Default: ${DEFAULT-VALUE}.")
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
            paramLabel = "text|json",
            description = "text, or a JSON object a kernel and line. Default: ${DEFAULT-VALUE}.")
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
                    out.print(
                            format == Format.json
                                    ? json(label, release, report)
                                    : text(label + " (" + release + ")" + smp.words(), report));
                    out.flush();
                    answers.add(new KernelCheckParts.Kernel(label, release, report));
                    report.ended().ifPresent(ends::add);
                });
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

    /** Findings, the shortest first, each with its script; then how far, and the verdict. */
    static String text(String title, KernelCheck.Report report) {
        StringBuilder text = new StringBuilder();
        for (KernelCheck.Finding finding : report.findings()) {
            text.append(String.format(
                    Locale.ROOT,
                    "# %s%s, %s, first in %s, after %d scripts%n",
                    finding.what(),
                    finding.repeated() ? "" : ", not shrunk",
                    // A share runs short scripts that another one counts.
                    finding.count() == 0
                            ? "in no script of this share's own"
                            : "in " + finding.count() + (finding.count() == 1 ? " script" : " scripts"),
                    finding.script().file(),
                    finding.after()));
            finding.troubles().forEach(trouble -> text.append("#   ")
                    .append(describe(finding.minimal(), trouble))
                    .append('\n'));
            finding.log()
                    .lines()
                    .forEach(line -> text.append("#   | ").append(line).append('\n'));
            text.append(finding.minimal().text());
        }
        text.append(
                report.others() == 0
                        ? ""
                        : "# and " + report.others() + " scripts more that show such, not looked at closer;"
                                + " --shrink N makes more minimal\n");
        report.boot()
                .forEach(finding -> text.append(String.format(
                        Locale.ROOT,
                        "# while booting%s: %s%n",
                        finding.counts() ? "" : ", not about memory and not counted",
                        finding.line())));
        for (KernelCheck.Reach reach : report.reached()) {
            text.append(String.format(
                    Locale.ROOT,
                    "# %s: every script of up to %d steps%s%n",
                    reach.title(),
                    reach.length(),
                    reach.done() == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", and %d of %d of %d steps",
                                    reach.done(),
                                    reach.next(),
                                    reach.length() + 1)));
        }
        report.ended()
                .ifPresent(end -> text.append(String.format(Locale.ROOT, "# ended early: %s%n", end.getMessage())));
        text.append(String.format(
                Locale.ROOT,
                "%s: %s; %d scripts, %d of them random, %.0f a second%n",
                title,
                verdict(report),
                report.scripts(),
                report.random(),
                report.scripts() / Math.max(report.seconds(), 1e-3)));
        return text.toString();
    }

    /** What was found, by kind. */
    private static String verdict(KernelCheck.Report report) {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        report.findings().forEach(finding -> kinds.merge(finding.what(), 1, Integer::sum));
        return kinds.isEmpty()
                ? "nothing found"
                : kinds.entrySet().stream()
                        .map(kind ->
                                kind.getKey() + " in " + kind.getValue() + " way" + (kind.getValue() == 1 ? "" : "s"))
                        .collect(Collectors.joining(", "));
    }

    private static String describe(Script script, KernelCheck.Trouble trouble) {
        String place = trouble.step() < 0
                ? "before step 0"
                : trouble.step() >= script.steps().size()
                        ? "after the last step"
                        : "step " + trouble.step() + ", "
                                + script.steps().get(trouble.step()).text();
        return place + ": " + trouble.what() + ": " + trouble.text();
    }

    /** The same as an object, its line ended: {@code schema} 1. */
    static String json(String label, String release, KernelCheck.Report report) {
        ObjectNode root = JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("schema", 1)
                .put("kernel", label)
                .put("release", release)
                .put("scripts", report.scripts())
                .put("steps", report.steps())
                .put("random", report.random())
                .put("seconds", report.seconds())
                .put("others", report.others());
        ArrayNode findings = root.putArray("findings");
        for (KernelCheck.Finding finding : report.findings()) {
            ObjectNode node = findings.addObject()
                    .put("what", finding.what())
                    .put("count", finding.count())
                    .put("after", finding.after())
                    .put("repeated", finding.repeated())
                    .put("script", finding.minimal().text())
                    .put("first", finding.script().text())
                    .put("log", finding.log());
            ArrayNode troubles = node.putArray("troubles");
            finding.troubles().forEach(trouble -> troubles.addObject()
                    .put("what", trouble.what())
                    .put("step", trouble.step())
                    .put("text", trouble.text()));
        }
        ArrayNode scopes = root.putArray("scopes");
        report.reached().forEach(reach -> scopes.addObject()
                .put("scope", reach.title())
                .put("length", reach.length())
                .put("next", reach.next())
                .put("done", reach.done()));
        ArrayNode boot = root.putArray("boot");
        report.boot().stream().filter(LogFinding::counts).forEach(finding -> boot.add(finding.line()));
        root.put("ended", report.ended().map(KernelException::getMessage).orElse(null));
        return root + "\n";
    }
}
