package org.cowbench.report.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.cowbench.compare.Comparison;
import org.cowbench.review.Review;
import org.cowbench.review.ReviewPlan;
import org.cowbench.stats.Interval;

/** A review as one JSON object, {@code schema} as of its folder; each part as its file has it. */
public final class ReviewJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private ReviewJson() {}

    /**
     * Writes the object.
     *
     * @param review what to write
     * @return one object, its line ended
     */
    public static String of(Review review) {
        ObjectNode root = MAPPER.createObjectNode()
                .put("format", "cowbench-review")
                .put("schema", ReviewPlan.SCHEMA)
                .put("verdict", review.verdict().name().toLowerCase(Locale.ROOT));
        root.set("plan", MAPPER.valueToTree(review.plan()));
        review.parts().identify().ifPresent(part -> root.set("identify", MAPPER.valueToTree(part)));
        review.parts().diff().ifPresent(part -> root.set("diff", MAPPER.valueToTree(part)));
        review.safety().ifPresent(safety -> {
            ObjectNode node = root.putObject("safety");
            cases(node.putArray("introduces"), safety.introduces());
            cases(node.putArray("removes"), safety.removes());
            cases(node.putArray("keeps"), safety.keeps());
            cases(node.putArray("unknown"), safety.unknown());
        });
        review.parts().check().ifPresent(part -> root.set("check", MAPPER.valueToTree(part)));
        review.parts().litmus().ifPresent(part -> root.set("litmus", MAPPER.valueToTree(part)));
        review.cost().ifPresent(cost -> cost(root.putArray("cost"), cost));
        review.parts().cow().ifPresent(part -> root.set("cow", MAPPER.valueToTree(part)));
        ReviewWording.notCovered(review).forEach(root.putArray("notCovered")::add);
        root.put("ended", review.parts().ended().orElse(null));
        try {
            return MAPPER.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", e);
        }
    }

    private static void cases(ArrayNode array, List<Review.Case> cases) {
        for (Review.Case each : cases) {
            array.addObject()
                    .put("what", each.shown().what())
                    .put("known", each.shown().known())
                    .put("scripts", each.scripts())
                    .put("kept", each.kept())
                    .put("script", each.shown().script())
                    .put("step", each.shown().step())
                    .put("text", each.shown().text())
                    .put("repeated", each.shown().repeated())
                    .put("cut", each.shown().cut());
        }
    }

    private static void cost(ArrayNode array, Comparison cost) {
        for (Comparison.Row row : ReviewWording.scores(cost)) {
            Interval change = row.change();
            ObjectNode node = array.addObject()
                    .put("name", ReviewWording.name(row))
                    .put("benchmark", row.benchmark())
                    .put("unit", row.unit())
                    .put("base", row.base())
                    .put("head", row.head())
                    .put("verdict", row.verdict().word());
            number(node, "ratio", change.estimate());
            number(node, "low", change.low());
            number(node, "high", change.high());
        }
    }

    /** What is unknown is null. */
    private static void number(ObjectNode node, String name, double value) {
        node.put(name, Double.isFinite(value) ? value : null);
    }
}
