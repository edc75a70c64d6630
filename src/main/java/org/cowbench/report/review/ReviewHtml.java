package org.cowbench.report.review;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.compare.HtmlComparison;
import org.cowbench.report.html.HtmlPage;
import org.cowbench.report.html.PageFiles;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Wording;
import org.cowbench.review.Review;

/** The page of a review: the verdict, the plots of the costs, the text for a reply. */
public final class ReviewHtml {

    private ReviewHtml() {}

    /**
     * Writes the page and its plots.
     *
     * @param review what to show
     * @param directory where to
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, the page last
     * @throws org.cowbench.result.ResultStorageException if a file cannot be written
     */
    public static List<Path> write(Review review, Path directory, Consumer<String> warn) {
        List<Figure> figures = review.cost().map(HtmlComparison::figures).orElse(List.of());
        return PageFiles.write(figures, page(review, figures), directory, warn);
    }

    private static String page(Review review, List<Figure> figures) {
        HtmlPage page = new HtmlPage(review.plan().base().release() + " against "
                + review.plan().head().release());
        page.paragraph("Base: " + ReviewWording.base(review) + ".");
        page.paragraph("Head: " + ReviewWording.head(review) + ".");
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("verdict", "Verdict");
        contents.put("cost", "Cost");
        contents.put("gaps", "Not covered");
        contents.put("mail", "Text for a mail");
        page.contents(contents);
        page.section("verdict", "Verdict");
        ReviewWording.summary(review).forEach(line -> page.paragraph(Wording.capital(line) + "."));
        review.safety().filter(safety -> !safety.introduces().isEmpty()).ifPresent(safety -> safety.introduces()
                .forEach(each -> {
                    page.banner("Introduces " + ReviewWording.title(each) + ".");
                    page.preformatted(each.shown().script() + "# step "
                            + each.shown().step() + ": "
                            + review.plan().named(each.shown().text()));
                }));
        page.section("cost", "Cost");
        review.cost()
                .ifPresentOrElse(
                        cost -> {
                            HtmlPage.Table table =
                                    page.table("access", "base", "head", "change", "95 % interval", "verdict");
                            ReviewWording.scores(cost)
                                    .forEach(row -> table.row(
                                            ReviewWording.name(row),
                                            CompareNumbers.base(row),
                                            CompareNumbers.head(row),
                                            CompareNumbers.change(row),
                                            CompareNumbers.interval(row),
                                            row.verdict().word()));
                            table.close();
                            figures.forEach(page::figure);
                        },
                        () -> page.paragraph("Nothing was measured."));
        page.section("gaps", "Not covered");
        page.list(ReviewWording.notCovered(review));
        page.section("mail", "Text for a mail");
        page.preformatted(ReviewText.of(review));
        return page.finish();
    }
}
