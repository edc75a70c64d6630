package org.cowbench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.kernel.Harm;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelCheckParts;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.LogFinding;
import org.cowbench.litmus.Script;
import org.cowbench.policy.Property;
import org.cowbench.report.text.Ktap;

/** What checks of kernels came to, for people, for programs and for kernel test tooling; alike for one run and merged shares. */
final class KernelCheckText {
    /** What a check looks for on every kernel. */
    private static final List<String> KINDS = Stream.concat(
                    Property.seen().stream().map(Property::id),
                    Stream.of(Harm.CRASH, Harm.LOG, Harm.TORN, Harm.UNFREED, Harm.BROKEN)
                            .map(Harm::words))
            .toList();

    private KernelCheckText() {}

    /**
     * What came of one kernel, as text or JSON.
     *
     * @param kernel what came of it
     * @param cpus words on its CPUs, or the empty string
     */
    static String of(KernelCheckParts.Kernel kernel, String cpus, KernelCheckCommand.Format format) {
        return format == KernelCheckCommand.Format.json
                ? json(kernel.label(), kernel.release(), kernel.report())
                : text(kernel.label() + " (" + kernel.release() + ")" + cpus, kernel.report());
    }

    /** Findings, the shortest first, each with its script; then how far, and the verdict. */
    private static String text(String title, KernelCheck.Report report) {
        StringBuilder text = new StringBuilder();
        for (KernelCheck.Finding finding : report.findings()) {
            text.append("# ")
                    .append(finding.what())
                    .append(", ")
                    .append(seenIn(finding))
                    .append('\n');
            finding.troubles().forEach(trouble -> text.append("#   ")
                    .append(describe(finding.minimal(), trouble))
                    .append('\n'));
            finding.log()
                    .lines()
                    .forEach(line -> text.append("#   | ").append(line).append('\n'));
            text.append(finding.minimal().text());
        }
        others(report).ifPresent(line -> text.append("# ").append(line).append('\n'));
        report.boot()
                .forEach(finding -> text.append(String.format(
                        Locale.ROOT,
                        "# while booting%s: %s%n",
                        finding.counts() ? "" : ", not about memory and not counted",
                        finding.line())));
        report.reached()
                .forEach(reach -> text.append("# ").append(reached(reach)).append('\n'));
        report.lacking()
                .forEach(why -> text.append("# not asked for all: ").append(why).append('\n'));
        report.ended()
                .ifPresent(end -> text.append(String.format(Locale.ROOT, "# ended early: %s%n", end.getMessage())));
        return text.append(title)
                .append(": ")
                .append(verdict(report))
                .append('\n')
                .toString();
    }

    /** Whether its script is minimal, in how many it is, and the first of them. */
    private static String seenIn(KernelCheck.Finding finding) {
        // A share runs scripts that another one counts.
        return (finding.cut() ? "cut short, " : finding.repeated() ? "" : "not shrunk, ")
                + (finding.count() == 0
                        ? "in no script of this share's own"
                        : "in " + finding.count() + (finding.count() == 1 ? " script" : " scripts"))
                + ", first in " + finding.script().file();
    }

    private static Optional<String> others(KernelCheck.Report report) {
        return report.others() == 0
                ? Optional.empty()
                : Optional.of("and " + report.others() + " scripts more that show such, not looked at closer;"
                        + " --shrink N makes more minimal");
    }

    private static String reached(KernelCheck.Reach reach) {
        return reach.title() + ": every script of up to " + reach.length() + " steps"
                + (reach.done() == 0
                        ? ""
                        : ", and " + reach.done() + " of " + reach.next() + " of " + (reach.length() + 1) + " steps");
    }

    /** What was found, by kind, and in how many scripts. */
    private static String verdict(KernelCheck.Report report) {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        report.findings().forEach(finding -> kinds.merge(finding.what(), 1, Integer::sum));
        String found = kinds.isEmpty()
                ? "nothing found"
                : kinds.entrySet().stream()
                        .map(kind -> kind.getKey() + " in " + ways(kind.getValue()))
                        .collect(Collectors.joining(", "));
        return found + "; " + report.scripts() + " scripts, " + report.random() + " of them random";
    }

    private static String ways(int count) {
        return count + (count == 1 ? " way" : " ways");
    }

    /**
     * The same as KTAP: a test a kernel, a subtest a property and a kind of harm. Where a kernel cannot pin, nothing was asked
     * of pins.
     *
     * @param kernels what came of each
     * @return the document
     */
    static String ktap(List<KernelCheckParts.Kernel> kernels) {
        Ktap out = new Ktap(kernels.size());
        for (KernelCheckParts.Kernel kernel : kernels) {
            KernelCheck.Report report = kernel.report();
            Set<String> kinds = new LinkedHashSet<>(KINDS);
            report.findings().forEach(finding -> kinds.add(finding.what()));
            Ktap inner = out.subtest(kernel.label(), kinds.size());
            for (String kind : kinds) {
                List<KernelCheck.Finding> findings = report.findings().stream()
                        .filter(finding -> finding.what().equals(kind))
                        .toList();
                findings.forEach(finding -> comment(inner, finding));
                if (findings.isEmpty() && kind.equals(Property.PIN_COHERENCE.id()) && !report.pins()) {
                    inner.skip(kind, "this kernel cannot pin");
                } else {
                    inner.result(findings.isEmpty(), kind, findings.isEmpty() ? "" : ways(findings.size()));
                }
            }
            others(report).ifPresent(out::comment);
            report.reached().forEach(reach -> out.comment(reached(reach)));
            report.lacking().forEach(why -> out.comment("not asked for all: " + why));
            report.boot().stream()
                    .filter(LogFinding::counts)
                    .forEach(each -> out.comment("while booting: " + each.line()));
            report.ended().ifPresent(end -> out.comment("ended early: " + end.getMessage()));
            out.result(!report.found(), kernel.label(), verdict(report));
        }
        return out.toString();
    }

    private static void comment(Ktap out, KernelCheck.Finding finding) {
        out.comment(seenIn(finding));
        finding.troubles().forEach(trouble -> out.comment(describe(finding.minimal(), trouble)));
        finding.log().lines().forEach(line -> out.comment("| " + line));
        finding.minimal().text().lines().forEach(line -> out.comment("    " + line));
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
    private static String json(String label, String release, KernelCheck.Report report) {
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
                    .put("cut", finding.cut())
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
        report.lacking().forEach(root.putArray("lacking")::add);
        root.put("ended", report.ended().map(KernelException::getMessage).orElse(null));
        return root + "\n";
    }
}
