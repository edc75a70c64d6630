package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.result.Shard;

/** Parts of a check of kernels, of one machine each, and the whole that they are: JSON that holds all of a report. */
public final class KernelCheckParts {
    private KernelCheckParts() {}

    /**
     * What came of one kernel.
     *
     * @param label its label
     * @param release its release
     * @param report the outcome
     */
    public record Kernel(String label, String release, KernelCheck.Report report) {}

    /**
     * What all parts must have alike beside the command, for a part's {@code shard}.
     *
     * @param shard is told: kernels by label, with a digest
     * @param kernels the kernels by label
     */
    public static void note(ObjectNode shard, Map<String, KernelTarget> kernels) {
        PartJson.kernels(shard, kernels);
    }

    /**
     * Writes outcomes.
     *
     * @param root is told, as {@code kernels}
     * @param kernels the outcomes
     */
    public static void write(ObjectNode root, Collection<Kernel> kernels) {
        ArrayNode all = root.putArray("kernels");
        kernels.forEach(kernel ->
                write(all.addObject().put("kernel", kernel.label()).put("release", kernel.release()), kernel.report()));
    }

    private static void write(ObjectNode node, KernelCheck.Report report) {
        node.put("scripts", report.scripts())
                .put("steps", report.steps())
                .put("random", report.random())
                .put("seconds", report.seconds())
                .put("others", report.others());
        ArrayNode scopes = node.putArray("scopes");
        report.reached().forEach(reach -> scopes.addObject()
                .put("scope", reach.title())
                .put("length", reach.length())
                .put("next", reach.next())
                .put("done", reach.done()));
        ArrayNode findings = node.putArray("findings");
        report.findings().forEach(finding -> {
            ObjectNode object = findings.addObject()
                    .put("what", finding.what())
                    .put("count", finding.count())
                    .put("after", finding.after())
                    .put("repeated", finding.repeated())
                    .put("log", finding.log());
            PartJson.write(object.putObject("script"), finding.script());
            PartJson.write(object.putObject("minimal"), finding.minimal());
            ArrayNode troubles = object.putArray("troubles");
            finding.troubles().forEach(trouble -> troubles.addObject()
                    .put("what", trouble.what())
                    .put("step", trouble.step())
                    .put("text", trouble.text()));
        });
        PartJson.write(node.putArray("boot"), report.boot());
        PartJson.write(node, report.ended());
    }

    /**
     * Puts parts together. What several parts have found is one finding; what the shortest script for it contains, too.
     *
     * @param parts all of them, in the order of their shares
     * @return the outcomes, in the order of the kernels: a finding is after as many scripts as if shares had kept step, and
     *     a scope has come as far as the share that came least far in it
     */
    public static List<Kernel> merge(List<ObjectNode> parts) {
        List<Kernel> kernels = new ArrayList<>();
        JsonNode first = parts.getFirst().path("kernels");
        for (int i = 0; i < first.size(); i++) {
            String at = "/kernels/" + i;
            kernels.add(new Kernel(
                    first.get(i).path("kernel").asText(),
                    first.get(i).path("release").asText(),
                    whole(parts.stream().map(part -> part.at(at)).toList())));
        }
        return kernels;
    }

    private static KernelCheck.Report whole(List<JsonNode> parts) {
        long most =
                parts.stream().mapToLong(part -> part.path("scripts").asLong()).sum();
        long steps = 0;
        long random = 0;
        double seconds = 0;
        int others = 0;
        List<KernelCheck.Finding> findings = new ArrayList<>();
        Map<String, LogFinding> boot = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            Shard shard = new Shard(i + 1, parts.size());
            steps += part.path("steps").asLong();
            random += part.path("random").asLong();
            seconds += part.path("seconds").asDouble();
            others += part.path("others").asInt();
            part.path("findings").forEach(each -> findings.add(finding(each, shard, most)));
            PartJson.read(part.path("boot"), boot);
        }
        return new KernelCheck.Report(
                most,
                steps,
                random,
                seconds,
                reached(parts),
                folded(findings),
                others,
                List.copyOf(boot.values()),
                PartJson.ended(parts));
    }

    private static KernelCheck.Finding finding(JsonNode node, Shard shard, long most) {
        Script script = PartJson.script(node.path("script"));
        List<KernelCheck.Trouble> troubles = new ArrayList<>();
        node.path("troubles")
                .forEach(each -> troubles.add(new KernelCheck.Trouble(
                        each.path("what").asText(),
                        each.path("step").asInt(),
                        each.path("text").asText())));
        return new KernelCheck.Finding(
                node.path("what").asText(),
                script,
                node.path("log").asText(),
                node.path("repeated").asBoolean(),
                PartJson.script(node.path("minimal")),
                troubles,
                node.path("count").asInt(),
                Math.min(most, shard.unit(node.path("after").asInt() - 1) + 1L));
    }

    private static List<KernelCheck.Finding> folded(List<KernelCheck.Finding> all) {
        List<KernelCheck.Finding> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingInt((KernelCheck.Finding finding) ->
                        finding.minimal().steps().size())
                .thenComparing(finding -> !finding.repeated())
                .thenComparingLong(KernelCheck.Finding::after));
        List<KernelCheck.Finding> folded = new ArrayList<>();
        for (KernelCheck.Finding finding : sorted) {
            int known = 0;
            while (known < folded.size()
                    && !(folded.get(known).what().equals(finding.what())
                            && contains(
                                    finding.minimal().steps(),
                                    folded.get(known).minimal().steps()))) {
                known++;
            }
            if (known < folded.size()) {
                folded.set(known, folded.get(known).counted(finding.count()));
            } else {
                folded.add(finding);
            }
        }
        return folded;
    }

    private static List<KernelCheck.Reach> reached(List<JsonNode> parts) {
        List<KernelCheck.Reach> reached = new ArrayList<>();
        JsonNode first = parts.getFirst().path("scopes");
        for (int i = 0; i < first.size(); i++) {
            String at = "/scopes/" + i;
            List<JsonNode> scopes = parts.stream().map(part -> part.at(at)).toList();
            int length = scopes.stream()
                    .mapToInt(each -> each.path("length").asInt())
                    .min()
                    .orElse(0);
            // How many scripts a share that is further had of the length is not known any more.
            boolean together =
                    scopes.stream().allMatch(each -> each.path("length").asInt() == length);
            reached.add(new KernelCheck.Reach(
                    first.get(i).path("scope").asText(),
                    length,
                    together ? sum(scopes, "next") : 0,
                    together ? sum(scopes, "done") : 0));
        }
        return reached;
    }

    private static int sum(List<JsonNode> scopes, String field) {
        return scopes.stream().mapToInt(each -> each.path(field).asInt()).sum();
    }

    /**
     * Whether some steps do, in their order, what others do, whoever does it to whatever.
     *
     * @param steps the steps
     * @param others the others
     * @return whether they do
     */
    static boolean contains(List<Step> steps, List<Step> others) {
        int at = 0;
        for (Step step : steps) {
            if (at < others.size() && alike(step.op(), others.get(at).op())) {
                at++;
            }
        }
        return at == others.size();
    }

    /** Pressure drains too. */
    private static boolean alike(Op op, Op other) {
        return op == other || op == Op.RECLAIM && other == Op.DRAIN;
    }
}
