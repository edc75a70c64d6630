package org.cowbench.review;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.kernel.CrossCheck.Seen;
import org.cowbench.stats.Rule;

/** Judges what a review has found out. */
public final class ReviewJudge {

    private ReviewJudge() {}

    /**
     * Judges.
     *
     * @param plan what was reviewed
     * @param parts what was found out
     * @param options the gate of costs
     * @return the review
     */
    public static Review of(ReviewPlan plan, Parts parts, CompareOptions options) {
        Set<ReviewPart> missing = EnumSet.allOf(ReviewPart.class);
        missing.removeAll(parts.present());
        if (plan.cow().isEmpty()) {
            missing.remove(ReviewPart.COW);
        }
        Optional<Comparison> cost = parts.base().flatMap(base -> parts.head()
                .map(head -> ComparisonBuilder.compare(base, head, Rule.DEFAULT, options)));
        return new Review(plan, parts, parts.check().map(ReviewJudge::safety), cost, missing);
    }

    private static Review.Safety safety(CheckPart check) {
        return new Review.Safety(
                cases(check, found -> found.head() == Seen.YES && found.base() == Seen.NO),
                cases(check, found -> found.base() == Seen.YES && found.head() == Seen.NO),
                cases(check, ReviewJudge::kept),
                cases(check, found -> found.base() == Seen.CANNOT || found.head() == Seen.CANNOT));
    }

    private static boolean kept(CheckPart.Finding found) {
        return found.base() == Seen.YES && found.head() == Seen.YES;
    }

    private static List<Review.Case> cases(CheckPart check, Predicate<CheckPart.Finding> wanted) {
        Map<String, List<CheckPart.Finding>> alike = new LinkedHashMap<>();
        check.findings().stream().filter(wanted).forEach(found -> alike.computeIfAbsent(
                        key(found), key -> new ArrayList<>())
                .add(found));
        return alike.entrySet().stream()
                .map(each -> new Review.Case(
                        each.getValue().getFirst(),
                        each.getValue().size(),
                        check.findings().stream()
                                .anyMatch(found -> kept(found) && key(found).equals(each.getKey()))))
                .toList();
    }

    /** Findings come with the shortest script first, so the first of a case is its shortest. */
    private static String key(CheckPart.Finding found) {
        return found.what() + " " + found.known();
    }
}
