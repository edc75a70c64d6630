package org.cowbench.report.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.cowbench.compare.Comparison;
import org.cowbench.report.text.JsonText;
import org.cowbench.review.Review;
import org.cowbench.review.ReviewPlan;
import org.cowbench.stats.Interval;

/** A review as one JSON object, {@code schema} as of its folder; each part as its file has it. */
public final class ReviewJson {
    private ReviewJson() {}

    /**
     * Writes the object.
     *
     * @param review what to write
     * @return one object, its line ended
     */
    public static String of(Review review) {
        ObjectNode root = JsonText.object()
                .put("format", "cowbench-review")
                .put("schema", ReviewPlan.SCHEMA)
                .put("verdict", review.verdict().name().toLowerCase(Locale.ROOT));
        root.set("plan", JsonText.tree(review.plan()));
        review.parts().identify().ifPresent(part -> root.set("identify", JsonText.tree(part)));
        review.parts().diff().ifPresent(part -> root.set("diff", JsonText.tree(part)));
        review.safety().ifPresent(safety -> {
            ObjectNode node = root.putObject("safety");
            cases(node.putArray("introduces"), safety.introduces());
            cases(node.putArray("removes"), safety.removes());
            cases(node.putArray("keeps"), safety.keeps());
            cases(node.putArray("unknown"), safety.unknown());
        });
        review.parts().check().ifPresent(part -> root.set("check", JsonText.tree(part)));
        review.parts().litmus().ifPresent(part -> root.set("litmus", JsonText.tree(part)));
        review.cost().ifPresent(cost -> cost(root.putArray("cost"), cost));
        review.parts().cow().ifPresent(part -> root.set("cow", JsonText.tree(part)));
        ReviewWording.notCovered(review).forEach(root.putArray("notCovered")::add);
        root.put("ended", review.parts().ended().orElse(null));
        return JsonText.of(root);
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
