package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepCounter;
import org.cowbench.result.Shard;

/**
 * Parts of a comparison of scripts, of one machine each, and the whole that they are: JSON that holds all of a
 * {@link Conformance.Report}. The unit that is dealt is a script of the list, on every kernel.
 */
public final class ConformanceParts {
    private ConformanceParts() {}

    /**
     * What came of one kernel.
     *
     * @param label its label
     * @param title which kernel was compared with what
     * @param report the outcome
     */
    public record Kernel(String label, String title, Conformance.Report report) {}

    /**
     * What all parts must have alike beside the command, for a part's {@code shard}.
     *
     * @param shard is told: kernels by label, and how many scripts they are asked, with a digest
     * @param kernels the kernels by label
     * @param scripts all scripts, those of other shares too
     */
    public static void note(ObjectNode shard, Map<String, KernelTarget> kernels, List<Script> scripts) {
        PartJson.kernels(shard, kernels);
        shard.put("scripts", scripts.size()).put("digest", digest(scripts));
    }

    private static String digest(List<Script> scripts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            scripts.forEach(
                    script -> digest.update((script.file() + "\n" + script.text()).getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes outcomes.
     *
     * @param root is told, as {@code kernels}
     * @param kernels the outcomes
     */
    public static void write(ObjectNode root, Collection<Kernel> kernels) {
        ArrayNode all = root.putArray("kernels");
        for (Kernel kernel : kernels) {
            write(all.addObject().put("kernel", kernel.label()).put("title", kernel.title()), kernel.report());
        }
    }

    private static void write(ObjectNode node, Conformance.Report report) {
        node.put("scripts", report.scripts())
                .put("steps", report.steps())
                .put("mismatches", report.mismatches())
                .put("unrepeated", report.unrepeated());
        counts(node.putObject("excluded"), report.excluded());
        ObjectNode uncounted = node.putObject("uncounted");
        report.uncounted().forEach((counter, why) -> uncounted.put(counter.name(), why));
        ArrayNode asked = node.putArray("asked");
        for (Conformance.Asked each : report.asked()) {
            if (each.compared() && each.leftOut().isEmpty()) {
                asked.add(each.script().file());
            } else {
                ObjectNode object =
                        asked.addObject().put("script", each.script().file()).put("compared", each.compared());
                counts(object.putObject("leftOut"), each.leftOut());
            }
        }
        ArrayNode findings = node.putArray("findings");
        for (Conformance.Finding finding : report.findings()) {
            ObjectNode object = findings.addObject()
                    .put("number", finding.number())
                    .put("repeated", finding.repeated())
                    .put("cut", finding.cut())
                    .put("log", finding.log());
            PartJson.write(object.putObject("script"), finding.script());
            mismatches(object.putArray("mismatches"), finding.mismatches());
            if (!finding.minimal().equals(finding.script())) {
                PartJson.write(object.putObject("minimal"), finding.minimal());
            }
            mismatches(object.putArray("minimalMismatches"), finding.minimalMismatches());
        }
        PartJson.write(node.putArray("boot"), report.boot());
        PartJson.write(node, report.ended());
    }

    private static void counts(ObjectNode node, Map<Exclusion, Integer> counts) {
        counts.forEach((rule, steps) -> node.put(rule.name(), steps));
    }

    private static void mismatches(ArrayNode node, List<Mismatch> mismatches) {
        mismatches.forEach(each -> node.addObject()
                .put("harm", each.harm().name())
                .put("step", each.step())
                .put("field", each.field().name())
                .put("model", each.model())
                .put("kernel", each.kernel()));
    }

    /**
     * Puts parts together.
     *
     * @param parts all of them, in the order of their shares
     * @return the outcomes, in the order of the kernels
     * @throws IllegalArgumentException with one line, if a part lacks a script
     */
    public static List<Kernel> merge(List<ObjectNode> parts) {
        List<Kernel> kernels = new ArrayList<>();
        int scripts = parts.getFirst().at("/shard/scripts").asInt();
        JsonNode first = parts.getFirst().path("kernels");
        for (int i = 0; i < first.size(); i++) {
            String at = "/kernels/" + i;
            kernels.add(new Kernel(
                    first.get(i).path("kernel").asText(),
                    first.get(i).path("title").asText(),
                    whole(parts.stream().map(part -> part.at(at)).toList(), scripts)));
        }
        return kernels;
    }

    private static Conformance.Report whole(List<JsonNode> parts, int all) {
        int scripts = 0;
        int unrepeated = 0;
        long steps = 0;
        long mismatches = 0;
        Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
        Map<StepCounter, String> uncounted = new EnumMap<>(StepCounter.class);
        List<Conformance.Finding> findings = new ArrayList<>();
        Map<String, LogFinding> boot = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            Shard shard = new Shard(i + 1, parts.size());
            scripts += part.path("scripts").asInt();
            steps += part.path("steps").asLong();
            mismatches += part.path("mismatches").asLong();
            unrepeated += part.path("unrepeated").asInt();
            counts(part.path("excluded")).forEach((rule, count) -> excluded.merge(rule, count, Integer::sum));
            part.path("uncounted")
                    .properties()
                    .forEach(each -> uncounted.putIfAbsent(
                            StepCounter.valueOf(each.getKey()), each.getValue().asText()));
            part.path("findings").forEach(each -> findings.add(finding(each, shard)));
            PartJson.read(part.path("boot"), boot);
        }
        findings.sort(Conformance.ORDER);
        return new Conformance.Report(
                scripts,
                asked(parts, all),
                steps,
                mismatches,
                unrepeated,
                excluded,
                uncounted,
                findings,
                List.copyOf(boot.values()),
                PartJson.ended(parts));
    }

    private static List<Conformance.Asked> asked(List<JsonNode> parts, int all) {
        List<Conformance.Asked> asked = new ArrayList<>();
        for (int unit = 0; unit < all; unit++) {
            JsonNode each = parts.get(unit % parts.size()).path("asked").path(unit / parts.size());
            if (each.isMissingNode()) {
                throw new IllegalArgumentException(
                        "shard " + new Shard(unit % parts.size() + 1, parts.size()) + " lacks a script; run it again");
            }
            asked.add(
                    each.isTextual()
                            ? new Conformance.Asked(named(each.asText()), Map.of(), true)
                            : new Conformance.Asked(
                                    named(each.path("script").asText()),
                                    counts(each.path("leftOut")),
                                    each.path("compared").asBoolean()));
        }
        return asked;
    }

    /** A script of which nothing but its name is told any more. */
    private static Script named(String file) {
        return new Script(file, 0, 1, null, Set.of(), List.of(), List.of());
    }

    private static Map<Exclusion, Integer> counts(JsonNode node) {
        Map<Exclusion, Integer> counts = new EnumMap<>(Exclusion.class);
        node.properties()
                .forEach(each -> counts.put(
                        Exclusion.valueOf(each.getKey()), each.getValue().asInt()));
        return counts;
    }

    private static Conformance.Finding finding(JsonNode node, Shard shard) {
        Script script = PartJson.script(node.path("script"));
        return new Conformance.Finding(
                shard.unit(node.path("number").asInt() - 1) + 1,
                script,
                mismatches(node.path("mismatches")),
                node.path("repeated").asBoolean(),
                node.has("minimal") ? PartJson.script(node.path("minimal")) : script,
                mismatches(node.path("minimalMismatches")),
                node.path("log").asText(),
                node.path("cut").asBoolean());
    }

    private static List<Mismatch> mismatches(JsonNode node) {
        List<Mismatch> mismatches = new ArrayList<>();
        node.forEach(each -> mismatches.add(new Mismatch(
                Harm.valueOf(each.path("harm").asText()),
                each.path("step").asInt(),
                Mismatch.Field.valueOf(each.path("field").asText()),
                each.path("model").asText(),
                each.path("kernel").asText())));
        return mismatches;
    }
}
