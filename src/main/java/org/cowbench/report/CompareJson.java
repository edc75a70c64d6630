package org.cowbench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cowbench.result.MeasurementKey;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Rule;

/**
 * A comparison as JSON, after the schema {@code comparison.schema.json} beside this class. Numbers are not rounded; what
 * is unknown is null.
 */
final class CompareJson {
    /** Version of the format; a change that breaks readers raises it. */
    static final int SCHEMA = 1;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
                    // A name must survive an output that is not UTF-8.
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private CompareJson() {}

    /**
     * Writes a comparison.
     *
     * @param comparison what to write
     * @return one JSON object, ending in a newline
     */
    static String of(Comparison comparison) {
        try {
            return MAPPER.writeValueAsString(tree(comparison)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", e);
        }
    }

    private static JsonNode tree(Comparison c) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", "cowbench-comparison");
        root.put("schema", SCHEMA);
        root.set("base", side(c.base()));
        root.set("head", side(c.head()));
        root.put("design", word(c.design()));
        root.put("blocks", c.blocks());
        root.put("valid", c.valid());
        root.set("control", control(c.control()));
        root.set("rule", rule(c.rule()));
        root.put("method", CompareText.method(c));
        ArrayNode environment = root.putArray("environment");
        for (Comparison.Difference d : c.environment()) {
            environment.addObject().put("key", d.key()).put("base", d.base()).put("head", d.head())
                    .put("machine", d.machine());
        }
        strings(root.putArray("warnings"), c.warnings());
        strings(root.putArray("onlyBase"), c.onlyBase());
        strings(root.putArray("onlyHead"), c.onlyHead());
        root.set("gate", gate(c));
        ArrayNode rows = root.putArray("rows");
        c.rows().forEach(row -> rows.add(row(row)));
        root.put("identicalCounters", c.identicalCounters());
        ArrayNode shifts = root.putArray("shifts");
        for (Comparison.Shift shift : c.shifts()) {
            ObjectNode node = shifts.addObject().put("tag", shift.tag());
            numbers(node.putArray("fractions"), shift.fractions());
            ArrayNode ratios = node.putArray("ratios");
            Arrays.stream(shift.ratios()).forEach(ratio -> ratios.add(interval(ratio)));
        }
        ArrayNode curves = root.putArray("curves");
        for (Comparison.Curves one : c.curves()) {
            ObjectNode node = curves.addObject().put("tag", one.tag()).put("unit", one.unit());
            numbers(node.putArray("fractions"), one.fractions());
            node.put("baseForks", one.base().length).put("headForks", one.head().length);
        }
        return root;
    }

    private static ObjectNode side(Comparison.Side side) {
        ObjectNode node = MAPPER.createObjectNode().put("label", side.label()).put("commit", side.commit())
                .put("dirty", side.dirty()).put("suite", side.suite()).put("started", side.started())
                .put("kernel", side.kernel()).put("seed", side.seed()).put("what", side.what());
        ObjectNode environment = node.putObject("environment");
        side.environment().forEach(environment::put);
        return node;
    }

    private static ObjectNode control(Comparison.Control control) {
        ObjectNode node = MAPPER.createObjectNode().put("state", word(control.state())).put("rows", control.rows());
        number(node, "largest", control.largest());
        strings(node.putArray("biased"), control.biased());
        return node;
    }

    private static ObjectNode rule(Rule rule) {
        return MAPPER.createObjectNode().put("level", rule.level()).put("bound", rule.bound())
                .put("confidence", rule.confidence()).put("sameConfidence", rule.sameConfidence())
                .put("scores", "holm").put("others", "benjamini-hochberg").put("power", Rule.POWER);
    }

    private static JsonNode gate(Comparison c) {
        if (Double.isNaN(c.failOver())) {
            return MAPPER.nullNode();
        }
        ObjectNode gate = MAPPER.createObjectNode().put("failOver", c.failOver()).put("strict", c.strict())
                .put("failed", c.fails());
        ArrayNode rows = gate.putArray("rows");
        c.failures().forEach(row -> rows.addObject().put("tag", row.tag()).put("metric", row.metric()));
        return gate;
    }

    private static ObjectNode row(Comparison.Row row) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("benchmark", row.benchmark());
        MeasurementKey key = row.key().measurement();
        node.put("fullName", key.benchmark()).put("mode", key.mode());
        if (key.threads() == 0) {
            node.putNull("threads");
        } else {
            node.put("threads", key.threads());
        }
        node.put("threadGroups", key.threadGroups());
        ObjectNode params = node.putObject("params");
        row.params().forEach(params::put);
        node.put("metric", row.metric());
        node.put("unit", row.unit());
        node.put("better", row.lowerIsBetter() ? "lower" : "higher");
        node.put("kind", word(row.kind()));
        node.put("design", word(row.design()));
        node.put("gated", row.gated());
        number(node, "base", row.base());
        number(node, "head", row.head());
        node.put("scale", word(row.scale()));
        node.set("change", interval(row.change()));
        node.set("strict", interval(row.strict()));
        node.set("check", interval(row.check()));
        node.put("test", row.test().text());
        node.put("unitName", row.unitName());
        node.put("units", row.units());
        number(node, "p", row.p());
        number(node, "adjusted", row.adjusted());
        number(node, "superiority", row.superiority());
        number(node, "detectable", row.detectable());
        if (row.needed() < 0) {
            node.putNull("needed");
        } else {
            node.put("needed", row.needed());
        }
        node.set("baseForks", forks(row.baseForks()));
        node.set("headForks", forks(row.headForks()));
        node.put("verdict", row.verdict().word());
        node.put("note", row.note());
        return node;
    }

    private static ObjectNode interval(Interval interval) {
        ObjectNode node = MAPPER.createObjectNode();
        number(node, "estimate", interval.estimate());
        number(node, "low", interval.low());
        number(node, "high", interval.high());
        return node;
    }

    private static ObjectNode forks(Comparison.ForkValues forks) {
        ObjectNode node = MAPPER.createObjectNode().put("failed", forks.failed());
        numbers(node.putArray("values"), forks.values());
        ArrayNode orders = node.putArray("orders");
        for (int order : forks.orders()) {
            orders.add(order);
        }
        ArrayNode disturbed = node.putArray("disturbed");
        for (boolean each : forks.disturbed()) {
            disturbed.add(each);
        }
        return node;
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static void numbers(ArrayNode array, double[] values) {
        Arrays.stream(values).forEach(array::add);
    }

    private static void strings(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
