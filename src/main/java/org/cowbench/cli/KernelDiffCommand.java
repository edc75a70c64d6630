package org.cowbench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cowbench.kernel.AimedScripts;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelDiff;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelMatrix;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepCounter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kernel diff}: what one kernel does otherwise than another. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the same scripts on two kernels and tells what the second, the head, does otherwise than the first,"
                + " the base: what a write does with the page (copy, reuse, quiet), faults, entries, values, and what"
                + " the kernel says of itself. No policy is needed.",
            "What differs alike is one situation, and each is shrunk to a minimal script."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel diff 5.10 ~/wilcox/bzImage",
            "  ./run-bench.sh kernel diff --cached 6.1,6.12 --random 1000",
            "  ./run-bench.sh kernel diff base/bzImage head/bzImage --format json",
            "",
            "Exit status: 0 no difference; 1 some; 2 usage; 3 something is lacking."
        })
public final class KernelDiffCommand implements Callable<Integer> {

    /** How the outcome is printed. */
    public enum Format {
        /** A situation each, then a line of summary. */
        text,
        /** One JSON object. */
        json
    }

    @Parameters(
            paramLabel = "KERNEL",
            arity = "0..2",
            description = "The base, then the head: a bzImage, a linux-image package (.deb) or a cached series. Or two"
                    + " kernels by the options below, in the order image, package, series.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private KernelMixin which;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "400",
            description = "Random scripts beside those that come with cowbench. Default: ${DEFAULT-VALUE}.")
    private int random;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the random scripts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--counters",
            description =
                    "Also counts copies, LRU drains and TLB flushes of reads and writes. They are told where nothing"
                            + " else differs. What a kernel cannot count is told with the reason.")
    private boolean counters;

    @Option(
            names = "--shrink",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many situations to make minimal, for three minutes each at most, and then marked 'cut"
                    + " short'. Default: ${DEFAULT-VALUE}.")
    private int shrink;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "text|json",
            description = "text or json. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelDiffCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() {
        if (random < 0 || shrink < 0) {
            throw new ParameterException(spec.commandLine(), "--random and --shrink take a number from 0 on");
        }
        List<KernelTarget> kernels = new ArrayList<>();
        names.forEach(name -> kernels.add(KernelImage.named(name, null, System.getenv())));
        kernels.addAll(which.targets().values());
        if (kernels.size() != 2) {
            throw new ParameterException(
                    spec.commandLine(), kernels.size() + " kernels given; name two: the base, then the head");
        }
        GuestOptions options = which.options(GuestOptions.scripts(System.getenv()));
        List<Script> scripts = new ArrayList<>(AimedScripts.all());
        scripts.addAll(ShippedScripts.all());
        scripts.addAll(Conformance.randomScripts(random, seed));
        if (counters) {
            scripts.replaceAll(script -> script.asking(StepCounter.calls()));
            scripts.addAll(ShippedScripts.counters());
        }
        PrintWriter err = spec.commandLine().getErr();
        KernelDiff.Report[] report = new KernelDiff.Report[1];
        which.withSwap(() -> report[0] = KernelMatrix.askBoth(
                kernels.getFirst(), kernels.getLast(), options, System.getenv(), (base, head) -> new KernelDiff(
                                base, head, shrink, text -> {
                                    err.println(text);
                                    err.flush();
                                })
                        .compare(scripts)));
        PrintWriter out = spec.commandLine().getOut();
        String base = kernels.getFirst().release();
        String head = kernels.getLast().release();
        out.print(format == Format.json ? json(base, head, report[0]) : text(base, head, report[0]));
        out.flush();
        report[0].ended().ifPresent(end -> which.report("", end));
        return report[0].groups().isEmpty()
                ? report[0].ended().map(end -> end.kind().status()).orElse(ExitStatus.OK)
                : ExitStatus.FOUND;
    }

    /** A situation each, the worst first, with its script, in which the step that differs is marked; then the summary. */
    static String text(String base, String head, KernelDiff.Report report) {
        StringBuilder text = new StringBuilder();
        for (KernelDiff.Group group : report.groups()) {
            text.append(String.format(
                    Locale.ROOT,
                    "# %s%n#   %s; in %d script%s%s%n",
                    group.difference().text(),
                    group.what(),
                    group.scripts(),
                    group.scripts() == 1 ? "" : "s",
                    group.cut() ? ", cut short" : group.repeated() ? "" : ", not shrunk"));
            text.append(group.script().head());
            for (int step = 0; step < group.script().steps().size(); step++) {
                text.append(group.script().steps().get(step))
                        .append(step == group.step() ? "   # here" : "")
                        .append('\n');
            }
        }
        report.excluded()
                .forEach((rule, steps) -> text.append(String.format(
                        Locale.ROOT, "# %d steps left out by rule %s: %s%n", steps, rule, rule.reason())));
        report.uncounted()
                .forEach((counter, why) ->
                        text.append(String.format(Locale.ROOT, "# %s not compared: %s%n", counter, why)));
        report.ended()
                .ifPresent(end -> text.append(String.format(Locale.ROOT, "# ended early: %s%n", end.getMessage())));
        text.append(String.format(
                Locale.ROOT,
                "base %s, head %s: %s; %d kinds of difference in %d scripts, %d steps%n",
                base,
                head,
                report.decisions(),
                report.groups().size(),
                report.scripts(),
                report.steps()));
        return text.toString();
    }

    /** The same as an object, its line ended: {@code schema} 1. */
    static String json(String base, String head, KernelDiff.Report report) {
        ObjectNode root = JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("schema", 1)
                .put("base", base)
                .put("head", head)
                .put("scripts", report.scripts())
                .put("steps", report.steps())
                .put("decisions", report.decisions());
        ArrayNode groups = root.putArray("differences");
        for (KernelDiff.Group group : report.groups()) {
            KernelDiff.Difference difference = group.difference();
            groups.addObject()
                    .put("operation", difference.operation())
                    .put("before", difference.before())
                    .put("field", difference.field())
                    .put("base", difference.base())
                    .put("head", difference.head())
                    .put("harm", group.harm().words())
                    .put("script", group.script().text())
                    .put("step", group.step())
                    .put("repeated", group.repeated())
                    .put("cut", group.cut())
                    .put("scripts", group.scripts())
                    .put("after", group.after());
        }
        ObjectNode excluded = root.putObject("excluded");
        report.excluded().forEach((rule, steps) -> excluded.put(rule.toString(), steps));
        ObjectNode uncounted = root.putObject("uncounted");
        report.uncounted().forEach((counter, why) -> uncounted.put(counter.toString(), why));
        root.put("ended", report.ended().map(KernelException::getMessage).orElse(null));
        return root + "\n";
    }
}
