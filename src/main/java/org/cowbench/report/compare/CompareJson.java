package org.cowbench.report.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Gate;
import org.cowbench.compare.GeometricMean;
import org.cowbench.compare.VerdictCounts;
import org.cowbench.policy.Property;
import org.cowbench.report.text.JsonText;
import org.cowbench.result.MeasurementKey;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;

/**
 * A comparison as JSON, after the schema {@code comparison.schema.json} beside this class. Numbers are not rounded; what
 * is unknown is null.
 */
final class CompareJson implements CompareWriter {
    /** Version of the format; a change that breaks readers raises it. */
    static final int SCHEMA = 1;

    @Override
    public String write(Comparison comparison, boolean all) {
        return of(comparison);
    }

    @Override
    public String several(List<Comparison> comparisons, boolean all) {
        return of(comparisons);
    }

    /**
     * Writes a comparison.
     *
     * @param comparison what to write
     * @return one JSON object, ending in a newline
     */
    static String of(Comparison comparison) {
        return JsonText.of(tree(comparison));
    }

    /** Writes several comparisons as one array of such objects. */
    static String of(List<Comparison> comparisons) {
        ArrayNode array = JsonText.array();
        comparisons.forEach(each -> array.add(tree(each)));
        return JsonText.of(array);
    }

    private static JsonNode tree(Comparison c) {
        ObjectNode root = JsonText.object();
        root.put("format", "cowbench-comparison");
        root.put("schema", SCHEMA);
        root.set("base", side(c.base()));
        root.set("head", side(c.head()));
        root.put("design", word(c.design()));
        root.put("blocks", c.blocks());
        if (!c.looks().isEmpty()) {
            c.looks().forEach(root.putArray("looks")::add);
            root.put("look", c.look());
        }
        root.put("valid", c.valid());
        root.set("control", control(c.control()));
        root.set("rule", rule(c.rule()));
        root.put("method", CompareText.method(c));
        ArrayNode environment = root.putArray("environment");
        for (Comparison.Difference d : c.environment()) {
            environment
                    .addObject()
                    .put("key", d.key())
                    .put("base", d.base())
                    .put("head", d.head())
                    .put("machine", d.machine());
        }
        strings(root.putArray("warnings"), CompareWording.warnings(c));
        strings(root.putArray("onlyBase"), c.onlyBase());
        strings(root.putArray("onlyHead"), c.onlyHead());
        root.set("gate", gate(c));
        root.set("counts", counts(VerdictCounts.of(c)));
        ArrayNode means = root.putArray("geometricMeans");
        GeometricMean.of(c).forEach(mean -> means.add(mean(mean)));
        root.putObject("view")
                .put("changed", c.view().changed())
                .put("order", word(c.view().order()))
                .put("of", c.judged().size());
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
        ObjectNode node = JsonText.object()
                .put("label", side.label())
                .put("commit", side.commit())
                .put("dirty", side.dirty())
                .put("suite", side.suite())
                .put("started", side.started())
                .put("kernel", side.kernel())
                .put("seed", side.seed())
                .put("what", side.what())
                .put("forks", side.forks())
                .put("disturbed", side.disturbed());
        ObjectNode environment = node.putObject("environment");
        side.environment().forEach(environment::put);
        return node;
    }

    private static ObjectNode control(Comparison.Control control) {
        ObjectNode node = JsonText.object().put("state", word(control.state())).put("rows", control.rows());
        number(node, "largest", control.largest());
        strings(node.putArray("biased"), control.biased());
        return node;
    }

    private static ObjectNode rule(Rule rule) {
        return JsonText.object()
                .put("level", rule.level())
                .put("bound", rule.bound())
                .put("confidence", rule.confidence())
                .put("sameConfidence", rule.sameConfidence())
                .put("scores", "holm")
                .put("others", "benjamini-hochberg")
                .put("power", Rule.POWER);
    }

    private static JsonNode gate(Comparison c) {
        Gate gate = Gate.of(c);
        if (gate.state() == Gate.State.NONE) {
            return NullNode.getInstance();
        }
        ObjectNode node = JsonText.object()
                .put("failOver", c.options().failOver())
                .put("strict", c.options().strict())
                .put("unpaired", c.options().unpaired())
                .put("state", word(gate.state()).replace('_', ' '))
                .put("failed", gate.state() != Gate.State.PASSED)
                .put("text", CompareWording.gate(c, gate));
        rows(node.putArray("rows"), gate.failures());
        rows(
                node.putArray("notJudged"),
                Stream.concat(gate.unpaired().stream(), gate.single().stream()).toList());
        return node;
    }

    private static void rows(ArrayNode array, List<Comparison.Row> rows) {
        rows.forEach(row -> array.addObject().put("tag", row.tag()).put("metric", row.metric()));
    }

    private static ObjectNode counts(VerdictCounts counts) {
        ObjectNode node = JsonText.object();
        counts(node.putObject("scores"), counts.scores());
        counts(node.putObject("others"), counts.others());
        return node.put("tooNoisy", counts.noisy()).put("withoutInterval", counts.single());
    }

    private static void counts(ObjectNode node, Map<Verdict, Integer> counts) {
        for (Verdict verdict : Verdict.values()) {
            node.put(verdict.word(), counts.getOrDefault(verdict, 0));
        }
    }

    private static ObjectNode mean(GeometricMean mean) {
        ObjectNode node = JsonText.object()
                .put("what", mean.what())
                .put("better", mean.lowerIsBetter() ? "lower" : "higher")
                .put("rows", mean.rows())
                .put("withoutInterval", mean.single())
                .put("leftOut", mean.left());
        node.set("ratio", interval(mean.ratio()));
        return node;
    }

    private static ObjectNode row(Comparison.Row row) {
        ObjectNode node = JsonText.object();
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
        node.put("unitName", row.replicate().word());
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
        node.put("note", CompareWording.note(row));
        strings(node.putArray("breaks"), row.breaks().stream().map(Property::id).toList());
        if (row.within() == null) {
            node.putNull("withinFork");
        } else {
            number(
                    node.putObject("withinFork")
                            .put("baseIterations", row.within().base())
                            .put("headIterations", row.within().head()),
                    "higher",
                    row.within().higher());
        }
        return node;
    }

    private static ObjectNode interval(Interval interval) {
        ObjectNode node = JsonText.object();
        number(node, "estimate", interval.estimate());
        number(node, "low", interval.low());
        number(node, "high", interval.high());
        return node;
    }

    private static ObjectNode forks(Comparison.ForkValues forks) {
        ObjectNode node = JsonText.object().put("failed", forks.failed());
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
