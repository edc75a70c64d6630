package org.cowbench.report.published;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cowbench.published.Price;
import org.cowbench.published.Profile;
import org.cowbench.published.PublishedResult;
import org.cowbench.report.text.JsonText;
import org.jspecify.annotations.Nullable;

/** Published numbers and the model's as one JSON object. */
public final class PublishedJson {
    private static final int SCHEMA = 1;

    private PublishedJson() {}

    /**
     * Writes the object.
     *
     * @param result what to write
     * @return one object, its line ended
     */
    public static String of(PublishedResult result) {
        ObjectNode root = JsonText.object().put("format", "cowbench-published").put("schema", SCHEMA);
        ArrayNode rows = root.putArray("rows");
        result.rows().forEach(row -> row(rows.addObject(), row));
        ArrayNode rates = root.putArray("modelled");
        for (PublishedResult.Rates each : result.rates()) {
            ObjectNode node = rates.addObject()
                    .put("load", each.publication().id())
                    .put("profile", each.profile().name());
            ArrayNode policies = node.putArray("policies");
            each.sides().forEach(side -> side(policies.addObject(), side, "perSecond"));
        }
        ArrayNode profiles = root.putArray("profiles");
        result.profiles().forEach(profile -> profile(profiles.addObject(), profile));
        return JsonText.of(root);
    }

    private static void row(ObjectNode node, PublishedResult.Row row) {
        PublishedWording words = PublishedWording.of(row.publication());
        boolean priced = row.publication().effect().priced();
        node.put("id", row.publication().id())
                .put("effect", row.publication().effect().words())
                .put("unit", row.publication().effect().unit().strip())
                .put("kind", priced ? "modelled" : "counted")
                .put("profile", priced ? row.profile().name() : null)
                .put("published", row.publication().published())
                .put("figures", words.figures())
                .put("source", words.source())
                .put("setting", words.setting());
        ArrayNode scales = node.putArray("scales");
        for (PublishedResult.Scaled each : row.scales()) {
            ObjectNode scale = scales.addObject()
                    .put("factor", each.factor())
                    .put("size", each.size())
                    .put("effect", finite(each.effect()));
            side(scale.putObject("base"), each.base(), "value");
            side(scale.putObject("head"), each.head(), "value");
        }
        node.put("difference", finite(row.difference()));
        node.put("kernels", row.kernels().isPresent() ? row.kernels().getAsDouble() : null);
        node.put("why", words.why());
    }

    /** What a price of 0 makes infinite is unknown: JSON has no such number. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static void side(ObjectNode node, PublishedResult.Side side, String value) {
        node.put("policy", side.policy())
                .put("operations", side.account().operations())
                .put(value, finite(side.value()));
        ObjectNode counts = node.putObject("counts");
        for (Price price : Price.values()) {
            counts.put(price.toString(), side.account().count(price));
        }
    }

    private static void profile(ObjectNode node, Profile profile) {
        node.put("name", profile.name());
        ArrayNode prices = node.putArray("prices");
        for (Price price : Price.values()) {
            prices.addObject()
                    .put("price", price.toString())
                    .put("nanos", profile.nanos(price))
                    .put("source", profile.source(price));
        }
    }
}
