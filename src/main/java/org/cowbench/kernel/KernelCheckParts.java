package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cowbench.litmus.Script;
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
                .put("seconds", report.seconds());
        ArrayNode scopes = node.putArray("scopes");
        report.reached().forEach(reach -> scopes.addObject()
                .put("scope", reach.title())
                .put("length", reach.length())
                .put("next", reach.next())
                .put("done", reach.done()));
        ArrayNode shown = node.putArray("shown");
        report.shown().forEach(each -> write(shown.addObject(), each));
        PartJson.write(node.putArray("boot"), report.boot());
        report.lacking().forEach(node.putArray("lacking")::add);
        PartJson.write(node, report.ended());
    }

    private static void write(ObjectNode node, Shown shown) {
        node.put("what", shown.what())
                .put("place", shown.place())
                .put("count", shown.count())
                .put("after", shown.after())
                .put("look", shown.look().name());
        PartJson.write(node.putObject("script"), shown.script());
        // Of what is only counted the whole needs no more.
        if (shown.look() != Shown.Look.NOT) {
            node.put("log", shown.log());
            PartJson.write(node.putObject("minimal"), shown.minimal());
            ArrayNode troubles = node.putArray("troubles");
            shown.troubles().forEach(trouble -> troubles.addObject()
                    .put("what", trouble.what())
                    .put("step", trouble.step())
                    .put("text", trouble.text()));
        }
    }

    /**
     * Puts parts together: {@link ShownScripts} tells findings from what all of them have shown, as it does in one run.
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
        ShownScripts shown = new ShownScripts();
        Map<String, LogFinding> boot = new LinkedHashMap<>();
        Set<String> lacking = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            Shard shard = new Shard(i + 1, parts.size());
            steps += part.path("steps").asLong();
            random += part.path("random").asLong();
            seconds += part.path("seconds").asDouble();
            part.path("shown").forEach(each -> shown.add(shown(each, shard, most)));
            PartJson.read(part.path("boot"), boot);
            part.path("lacking").forEach(each -> lacking.add(each.asText()));
        }
        ShownScripts.Folded folded = shown.fold();
        return new KernelCheck.Report(
                most,
                steps,
                random,
                seconds,
                reached(parts),
                folded.findings(),
                folded.others(),
                List.copyOf(boot.values()),
                Arrays.stream(Exclusion.values())
                        .map(Exclusion::reason)
                        .filter(lacking::contains)
                        .toList(),
                PartJson.ended(parts),
                shown.all());
    }

    private static Shown shown(JsonNode node, Shard shard, long most) {
        Script script = PartJson.script(node.path("script"));
        List<KernelCheck.Trouble> troubles = new ArrayList<>();
        node.path("troubles")
                .forEach(each -> troubles.add(new KernelCheck.Trouble(
                        each.path("what").asText(),
                        each.path("step").asInt(),
                        each.path("text").asText())));
        Shown.Look look = Shown.Look.valueOf(node.path("look").asText());
        return new Shown(
                node.path("what").asText(),
                script,
                node.path("place").asText(),
                node.path("log").asText(),
                node.path("count").asInt(),
                Math.min(most, shard.unit(node.path("after").asInt() - 1) + 1L),
                look,
                look == Shown.Look.NOT ? script : PartJson.script(node.path("minimal")),
                troubles);
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
}
