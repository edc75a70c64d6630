package org.cowbench.report.review;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Mail;
import org.cowbench.review.CheckPart;
import org.cowbench.review.DiffPart;
import org.cowbench.review.LitmusPart;
import org.cowbench.review.Review;
import org.cowbench.stats.Verdict;

/** A review as one page for a reply on a mailing list. */
public final class ReviewText {
    private static final int MOST_CHANGES = 12;
    private static final int MOST_GROUPS = 5;
    private static final int NAME = 26;
    private static final String SCRIPT = "    ";
    /** What lines begin with that are no steps. */
    private static final List<String> HEADS = List.of("pages ", "folio ", "swap ", "count ");

    private final Review review;
    private final StringBuilder out = new StringBuilder();

    private ReviewText(Review review) {
        this.review = review;
    }

    /**
     * Writes the page.
     *
     * @param review what to write
     * @return lines, each ending in a newline, none wider than {@link Mail#WIDTH}
     */
    public static String of(Review review) {
        ReviewText text = new ReviewText(review);
        text.head();
        review.parts().diff().ifPresent(text::behaviour);
        review.safety().ifPresent(text::safety);
        review.cost().ifPresent(text::cost);
        text.gaps();
        return text.out.toString();
    }

    private void head() {
        line("cowbench review");
        paragraph("base: " + ReviewWording.base(review), "  ");
        paragraph("head: " + ReviewWording.head(review), "  ");
        List<String> changes = review.plan().changes();
        changes.stream().limit(MOST_CHANGES).forEach(title -> paragraph("change: " + title, "  "));
        if (changes.size() > MOST_CHANGES) {
            paragraph("and " + ReviewWording.count(changes.size() - MOST_CHANGES, "change") + " more", "  ");
        }
        if (review.plan().same()) {
            paragraph("Both are the same kernel.", "");
        }
        out.append('\n');
        ReviewWording.summary(review).forEach(line -> paragraph(line, "  "));
    }

    private void behaviour(DiffPart diff) {
        title("What changes (" + diff.scripts() + " scripts, " + diff.steps() + " steps on both)");
        if (diff.groups().isEmpty()) {
            paragraph("Nothing behaves differently.", "");
        }
        int number = 0;
        for (DiffPart.Group group : diff.groups()) {
            if (++number > MOST_GROUPS) {
                paragraph(
                        "and " + ReviewWording.count(diff.groups().size() - MOST_GROUPS, "kind")
                                + " of difference more, see diff.json",
                        "  ");
                break;
            }
            paragraph(
                    number + ". " + group.text() + " (" + group.harm() + ", in "
                            + ReviewWording.count(group.scripts(), "script")
                            + (group.cut() ? ", cut short" : group.repeated() ? "" : ", not shrunk")
                            + ")",
                    "   ");
            script(group.script(), group.step(), "here");
        }
    }

    private void safety(Review.Safety safety) {
        title("Safety, relative to the base");
        cases("introduces", safety.introduces(), true);
        cases("removes", safety.removes(), false);
        cases("keeps", safety.keeps(), false);
        cases("cannot compare", safety.unknown(), false);
        boot("base", review.parts().check().orElseThrow().base());
        boot("head", review.parts().check().orElseThrow().head());
        review.parts().litmus().ifPresent(litmus -> {
            List<LitmusPart.Outcome> changed = litmus.scripts().stream()
                    .filter(LitmusPart.Outcome::changed)
                    .toList();
            long both = litmus.scripts().stream()
                    .filter(LitmusPart.Outcome::comparable)
                    .count();
            paragraph(
                    "shipped scripts: " + (both - changed.size()) + " of " + both
                            + " that both kernels can do end alike",
                    "  ");
            changed.forEach(each -> paragraph("  " + ReviewWording.changed(review, each), "    "));
        });
        review.parts().cow().ifPresent(cow -> {
            paragraph(
                    "cow.c: " + (cow.head().size() - cow.changed().size()) + " of "
                            + cow.head().size() + " tests end alike",
                    "  ");
            cow.changed()
                    .forEach((test, words) -> paragraph(
                            "  " + test + ": " + words[0] + " in the base, " + words[1] + " in the head", "    "));
        });
    }

    /** What is introduced comes with its script; what was there anyway needs none. */
    private void cases(String what, List<Review.Case> cases, boolean scripts) {
        if (cases.isEmpty()) {
            if (scripts) {
                paragraph(what + " nothing that was found", "  ");
            }
            return;
        }
        for (Review.Case each : cases) {
            paragraph(
                    what + " " + ReviewWording.title(each)
                            + (each.kept() && scripts ? "; the base has it by other scripts" : ""),
                    "  ");
            if (scripts) {
                script(
                        each.shown().script(),
                        each.shown().step(),
                        review.plan().named(each.shown().text()));
            }
        }
    }

    private void boot(String side, CheckPart.Search search) {
        search.boot().forEach(line -> paragraph("the " + side + " says while booting: " + line, "  "));
    }

    private void script(String text, int step, String note) {
        int[] at = {-1};
        out.append(text.lines()
                .filter(line -> !line.equals("pages 1"))
                .map(line -> {
                    boolean directive = HEADS.stream().anyMatch(line::startsWith);
                    at[0] += directive ? 0 : 1;
                    String marked = SCRIPT + line + (!directive && at[0] == step ? "   # " + note : "");
                    return Mail.wrap(marked, SCRIPT + "# ");
                })
                .collect(Collectors.joining()));
    }

    private void cost(Comparison cost) {
        title("Cost (guest instructions, median of "
                + (cost.judged().isEmpty()
                        ? 0
                        : cost.judged().getFirst().baseForks().count()) + " boots a side; 95 % interval)");
        List<Row> scores = ReviewWording.scores(cost);
        List<Row> different = scores.stream().filter(ReviewWording::different).toList();
        if (different.isEmpty()) {
            paragraph("No row is called different.", "");
        } else {
            line(pad("", NAME)
                    + right("base", CompareNumbers.VALUE_WIDTH)
                    + right("head", CompareNumbers.VALUE_WIDTH + 1)
                    + right("change", CompareNumbers.CHANGE_WIDTH + 1));
        }
        for (Row row : different) {
            String name = ReviewWording.name(row);
            if (name.length() > NAME) {
                line(name);
                name = "";
            }
            line(pad(name, NAME) + right(CompareNumbers.base(row), CompareNumbers.VALUE_WIDTH)
                    + right(CompareNumbers.head(row), CompareNumbers.VALUE_WIDTH + 1)
                    + right(CompareNumbers.change(row), CompareNumbers.CHANGE_WIDTH + 1) + " "
                    + CompareNumbers.interval(row));
            String meaning = ReviewWording.meaning(row);
            paragraph(
                    "  " + (meaning.isEmpty() ? "" : meaning + ": ")
                            + row.verdict().word()
                            + ReviewWording.copies(cost, row)
                                    .map(copies -> ", " + copies)
                                    .orElse(""),
                    "    ");
        }
        rows(
                "the same within " + ReviewWording.percent(cost.rule().bound()),
                scores,
                row -> row.verdict() == Verdict.SAME);
        rows("not decided", scores, row -> row.verdict() == Verdict.INCONCLUSIVE);
    }

    private void rows(String what, List<Row> scores, Predicate<Row> wanted) {
        List<Row> some = scores.stream().filter(wanted).toList();
        if (!some.isEmpty()) {
            paragraph(what + ": " + ReviewWording.names(some), "  ");
        }
    }

    private void gaps() {
        title("Not covered");
        ReviewWording.notCovered(review).forEach(gap -> paragraph("- " + gap, "  "));
    }

    private void title(String text) {
        out.append('\n');
        paragraph(text, "");
        out.append("-".repeat(Math.min(text.length(), Mail.WIDTH))).append('\n');
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append('\n');
    }

    private void paragraph(String text, String indent) {
        out.append(Mail.wrap(text, indent));
    }
}
