package org.cowbench.report.review;

import java.util.List;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Gate;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Ktap;
import org.cowbench.review.CowPart;
import org.cowbench.review.LitmusPart;
import org.cowbench.review.Review;
import org.cowbench.review.ReviewPart;

/**
 * A review as KTAP version 1: a test a part, and below it a subtest a case, script or row. What the head introduces fails;
 * what it removes or keeps does not, and a difference of behaviour or cost is none either, unless the gate of costs says so.
 */
public final class ReviewKtap {

    private final Review review;

    private ReviewKtap(Review review) {
        this.review = review;
    }

    /**
     * Writes the document.
     *
     * @param review what to write
     * @return the document, each line ended
     */
    public static String of(Review review) {
        return new ReviewKtap(review).write();
    }

    private String write() {
        boolean cow = !review.plan().cow().isEmpty();
        Ktap out = new Ktap(cow ? 5 : 4);
        out.comment("base: " + ReviewWording.base(review));
        out.comment("head: " + ReviewWording.head(review));
        ReviewWording.summary(review).forEach(out::comment);
        review.safety().ifPresentOrElse(safety -> safety(out, safety), () -> skip(out, ReviewPart.CHECK));
        review.parts().litmus().ifPresentOrElse(litmus -> litmus(out, litmus), () -> skip(out, ReviewPart.LITMUS));
        review.parts()
                .diff()
                .ifPresentOrElse(
                        diff -> {
                            diff.groups()
                                    .forEach(group -> out.comment(
                                            group.text() + ", in " + ReviewWording.count(group.scripts(), "script")));
                            out.result(
                                    true,
                                    "behaviour",
                                    diff.groups().isEmpty() ? "nothing behaves differently" : diff.decisions());
                        },
                        () -> skip(out, ReviewPart.DIFF));
        review.cost().ifPresentOrElse(cost -> cost(out, cost), () -> skip(out, ReviewPart.BENCH));
        if (cow) {
            review.parts().cow().ifPresentOrElse(part -> cow(out, part), () -> skip(out, ReviewPart.COW));
        }
        return out.toString();
    }

    private static String name(ReviewPart part) {
        return switch (part) {
            case CHECK -> "safety";
            case LITMUS -> "scripts";
            case BENCH -> "cost";
            case COW -> "cow.c";
            default -> "behaviour";
        };
    }

    /** A kernel that could not be asked to the end failed; else nothing was found out. */
    private void skip(Ktap out, ReviewPart part) {
        review.parts()
                .ended()
                .ifPresentOrElse(
                        why -> {
                            out.comment(review.plan().named(why));
                            out.result(false, name(part), "not done");
                        },
                        () -> out.skip(name(part), "not done"));
    }

    private void safety(Ktap out, Review.Safety safety) {
        int tests = safety.introduces().size()
                + safety.removes().size()
                + safety.keeps().size()
                + safety.unknown().size();
        if (tests == 0) {
            out.result(true, "safety", "nothing found on either kernel");
            return;
        }
        Ktap inner = out.subtest("safety", tests);
        cases(inner, "introduces", safety.introduces(), false);
        cases(inner, "removes", safety.removes(), true);
        cases(inner, "keeps", safety.keeps(), true);
        safety.unknown().forEach(each -> inner.skip(ReviewWording.title(each), "one kernel cannot run its script"));
        out.result(
                safety.introduces().isEmpty(),
                "safety",
                safety.introduces().isEmpty()
                        ? "introduces nothing that was found"
                        : "introduces " + ReviewWording.troubles(safety.introduces()));
    }

    private void cases(Ktap out, String what, List<Review.Case> cases, boolean ok) {
        for (Review.Case each : cases) {
            each.shown().script().lines().forEach(out::comment);
            out.comment("step " + each.shown().step() + ": "
                    + review.plan().named(each.shown().text()));
            out.result(ok, what + " " + ReviewWording.title(each), "");
        }
    }

    private void litmus(Ktap out, LitmusPart litmus) {
        Ktap inner = out.subtest(name(ReviewPart.LITMUS), litmus.scripts().size());
        for (LitmusPart.Outcome each : litmus.scripts()) {
            if (each.changed()) {
                inner.comment(ReviewWording.changed(review, each));
            }
            if (each.head().state() == LitmusPart.State.SKIPPED) {
                inner.skip(each.script(), String.join("; ", each.head().details()));
            } else {
                inner.result(
                        !each.worse(),
                        each.script(),
                        each.changed()
                                ? "changed"
                                : each.head().state() == LitmusPart.State.FAILED ? "as in the base" : "");
            }
        }
        out.result(litmus.scripts().stream().noneMatch(LitmusPart.Outcome::worse), name(ReviewPart.LITMUS), "");
    }

    private static void cost(Ktap out, Comparison cost) {
        List<Row> rows = ReviewWording.scores(cost);
        Gate gate = Gate.of(cost);
        Ktap inner = out.subtest("cost", rows.size());
        for (Row row : rows) {
            boolean failed = gate.failures().stream()
                    .anyMatch(each -> each.key().measurement().equals(row.key().measurement()));
            inner.result(
                    !failed,
                    ReviewWording.name(row),
                    CompareNumbers.change(row) + " " + CompareNumbers.interval(row) + " "
                            + row.verdict().word());
        }
        out.result(gate.state() != Gate.State.FAILED, "cost", gate.state() == Gate.State.NONE ? "no gate" : "");
    }

    private static void cow(Ktap out, CowPart part) {
        part.changed()
                .forEach((test, words) ->
                        out.comment(test + ": " + words[0] + " in the base, " + words[1] + " in the head"));
        List.of("base: " + part.baseIncomplete(), "head: " + part.headIncomplete()).stream()
                .filter(text -> !text.endsWith(": "))
                .forEach(out::comment);
        out.result(
                part.headIncomplete().isEmpty() && part.worse().isEmpty(),
                name(ReviewPart.COW),
                part.changed().size() + " of " + part.head().size() + " tests end otherwise");
    }
}
