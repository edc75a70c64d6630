package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;

/** What parts of several commands hold, as JSON and back. */
final class PartJson {
    private PartJson() {}

    /** Notes which kernels were asked. */
    static void kernels(ObjectNode shard, Map<String, KernelTarget> kernels) {
        ObjectNode names = shard.putObject("kernels");
        kernels.forEach((label, kernel) -> names.put(
                label, kernel.release() + (kernel instanceof KernelImage image ? " sha256 " + image.sha256() : "")));
    }

    static void write(ObjectNode node, Script script) {
        node.put("file", script.file()).put("text", script.text());
    }

    static Script script(JsonNode node) {
        return ScriptParser.parse(node.path("file").asText(), node.path("text").asText());
    }

    static void write(ArrayNode node, Collection<LogFinding> findings) {
        findings.forEach(finding -> {
            ObjectNode object = node.addObject()
                    .put("when", finding.when().name())
                    .put("step", finding.step())
                    .put("line", finding.line());
            finding.trace().forEach(object.putArray("trace")::add);
        });
    }

    /** Adds findings, one of a kind. */
    static void read(JsonNode node, Map<String, LogFinding> findings) {
        node.forEach(each -> {
            List<String> trace = new ArrayList<>();
            each.path("trace").forEach(line -> trace.add(line.asText()));
            LogFinding finding = new LogFinding(
                    LogFinding.When.valueOf(each.path("when").asText()),
                    each.path("step").asInt(),
                    each.path("line").asText(),
                    trace);
            findings.putIfAbsent(finding.signature(), finding);
        });
    }

    static void write(ObjectNode node, Optional<KernelException> ended) {
        ended.ifPresent(end -> node.putObject("ended")
                .put("kind", end.kind().name())
                .put("message", end.getMessage())
                .put("log", end.log()));
    }

    /** Why the first part that ended early did. */
    static Optional<KernelException> ended(List<JsonNode> parts) {
        return parts.stream()
                .filter(part -> part.has("ended"))
                .findFirst()
                .map(part -> new KernelException(
                        KernelException.Kind.valueOf(part.at("/ended/kind").asText()),
                        part.at("/ended/message").asText(),
                        part.at("/ended/log").asText(),
                        null));
    }
}
