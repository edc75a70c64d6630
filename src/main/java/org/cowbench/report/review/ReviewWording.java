package org.cowbench.report.review;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.policy.Property;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.review.CheckPart;
import org.cowbench.review.IdentifyPart;
import org.cowbench.review.LitmusPart;
import org.cowbench.review.Review;
import org.cowbench.review.ReviewPlan;
import org.cowbench.stats.Verdict;

/** Phrases of a review that its formats share. */
final class ReviewWording {
    private static final Set<Verdict> DIFFERENT = EnumSet.of(Verdict.FASTER, Verdict.SLOWER);

    /** A size of folios in a reason. */
    private static final Pattern FOLIO = Pattern.compile("(folios of )(\\d+)( KiB)");

    private ReviewWording() {}

    /** The base: its release, its file, and the rule it follows. */
    static String base(Review review) {
        return kernel(
                review.plan(), review.plan().base(), review.parts().identify().map(IdentifyPart::base));
    }

    /** The head, likewise. */
    static String head(Review review) {
        return kernel(
                review.plan(), review.plan().head(), review.parts().identify().map(IdentifyPart::head));
    }

    /** Of one that was built for this the release tells all there is to know. */
    private static String kernel(ReviewPlan plan, ReviewPlan.Kernel kernel, Optional<IdentifyPart.Kernel> rule) {
        return kernel.release()
                + (plan.built()
                        ? ""
                        : " " + kernel.build() + ", " + Path.of(kernel.source()).getFileName())
                + rule.map(known -> "; " + known.words()
                                + (known.surprising() ? ", where its release would be " + known.era() : ""))
                        .orElse("");
    }

    /** What is said first: safety, behaviour and cost in a line each. */
    static List<String> summary(Review review) {
        List<String> lines = new ArrayList<>();
        review.parts()
                .ended()
                .ifPresent(why -> lines.add("ENDED EARLY: " + review.plan().named(why)));
        review.safety().ifPresent(safety -> lines.add("safety: " + safety(safety)));
        review.parts()
                .diff()
                .ifPresent(diff -> lines.add("behaviour: "
                        + (diff.groups().isEmpty()
                                ? "nothing behaves differently"
                                : diff.decisions() + "; " + count(diff.groups().size(), "kind")
                                        + " of difference in all")));
        review.cost().ifPresent(cost -> lines.add("cost: " + cost(cost)));
        return lines;
    }

    private static String safety(Review.Safety safety) {
        if (safety.clean()) {
            return "nothing found on either kernel";
        }
        return (safety.introduces().isEmpty() ? "introduces nothing that was found; " : "")
                + Stream.of(
                                cases("introduces", safety.introduces()),
                                cases("removes", safety.removes()),
                                cases("keeps", safety.keeps()),
                                cases("cannot compare", safety.unknown()))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; "));
    }

    private static String cases(String what, List<Review.Case> cases) {
        return cases.isEmpty() ? "" : what + " " + troubles(cases);
    }

    /** What cases are of: violations of properties, then harms, each once. */
    static String troubles(List<Review.Case> cases) {
        Map<Boolean, List<String>> kinds = cases.stream()
                .map(each -> each.shown().what())
                .distinct()
                .collect(Collectors.partitioningBy(ReviewWording::property));
        List<String> violated = kinds.getOrDefault(true, List.of());
        Stream<String> violations = violated.isEmpty()
                ? Stream.empty()
                : Stream.of((violated.size() > 1 ? "violations of " : "a violation of ") + String.join(", ", violated));
        return Stream.concat(violations, kinds.getOrDefault(false, List.of()).stream())
                .collect(Collectors.joining(", "));
    }

    /** Alone, the name of a property reads as if the property held. */
    private static boolean property(String what) {
        return Arrays.stream(Property.values())
                .anyMatch(property -> property.id().equals(what));
    }

    private static String cost(Comparison cost) {
        if (!cost.valid()) {
            return "not to be believed";
        }
        List<Row> scores = scores(cost);
        return count(
                        scores.stream()
                                .filter(row -> row.verdict() == Verdict.SLOWER)
                                .count(),
                        "row") + " slower, "
                + scores.stream().filter(row -> row.verdict() == Verdict.FASTER).count() + " faster, "
                + scores.stream().filter(row -> row.verdict() == Verdict.SAME).count() + " the same within "
                + percent(cost.rule().bound()) + ", "
                + scores.stream()
                        .filter(row -> row.verdict() == Verdict.INCONCLUSIVE)
                        .count() + " not decided"
                + most(scores);
    }

    /** The row that changes most, for who reads no table. */
    private static String most(List<Row> scores) {
        return scores.stream()
                .filter(row -> different(row) && row.scale() == Comparison.Scale.RATIO)
                .max(Comparator.comparingDouble(
                        row -> Math.abs(Math.log(row.change().estimate()))))
                .map(row -> "; most: " + name(row) + " " + CompareNumbers.change(row))
                .orElse("");
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.3g", 100 * share).replaceFirst("\\.?0+$", "") + " %";
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    static List<Row> scores(Comparison cost) {
        return cost.judged().stream().filter(row -> row.kind() == Kind.SCORE).toList();
    }

    static boolean different(Row row) {
        return DIFFERENT.contains(row.verdict());
    }

    /** A row's name: the access, and the folio. */
    static String name(Row row) {
        return access(row) + (folio(row).isEmpty() ? "" : ", " + folio(row));
    }

    private static String access(Row row) {
        return row.benchmark().substring(row.benchmark().indexOf('.') + 1);
    }

    /** The folio; empty for base pages. */
    private static String folio(Row row) {
        return FolioKind.of(row.params().get(FolioKind.PARAM))
                .map(FolioKind::words)
                .orElse("");
    }

    /** The names of several, those of a folio together: {@code swapInRead; 64 KiB: writeHalf, fork}. */
    static String names(List<Row> rows) {
        Map<String, List<String>> accesses = new LinkedHashMap<>();
        rows.forEach(row ->
                accesses.computeIfAbsent(folio(row), folio -> new ArrayList<>()).add(access(row)));
        return accesses.entrySet().stream()
                .map(each -> (each.getKey().isEmpty() ? "" : each.getKey() + ": ") + String.join(", ", each.getValue()))
                .collect(Collectors.joining("; "));
    }

    /** What is done to the pages; empty where the name says it. */
    static String meaning(Row row) {
        return KnownBenchmark.of(row.key().measurement())
                .map(known -> switch (known) {
                    // On a page of its own each row is read by itself.
                    case GUEST_WRITE_AFTER_READ -> "write after a read of a private page";
                    case GUEST_HIDDEN_SHARER -> "write after a read, sharer in swap";
                    case GUEST_SNAPSHOT_WRITE -> "write after a fork";
                    default -> known.meaning();
                })
                .orElse("");
    }

    /** How many pages were copied, where that changed: {@code copies a page 1 -> 0}. */
    static Optional<String> copies(Comparison cost, Row row) {
        return cost.judged().stream()
                .filter(other -> other.key().measurement().equals(row.key().measurement())
                        && other.metric().equals(KnownMetric.COPIES.id())
                        && other.base() != other.head())
                .findFirst()
                .map(other -> "copies a " + (row.params().containsKey(FolioKind.PARAM) ? "folio " : "page ")
                        + number(other.base()) + " -> " + number(other.head()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }

    /** A case by its name, and how many scripts show it. */
    static String title(Review.Case each) {
        return (property(each.shown().what()) ? "a violation of " : "")
                + each.shown().what()
                + (each.shown().known().isEmpty() ? "" : ": " + each.shown().known())
                + (each.scripts() > 1 ? ", by " + each.scripts() + " scripts" : "")
                + (each.shown().cut() ? ", cut short" : each.shown().repeated() ? "" : ", seen once");
    }

    /** A shipped script that ended otherwise. */
    static String changed(Review review, LitmusPart.Outcome outcome) {
        return review.plan()
                .named(outcome.script() + ": " + ending(outcome.base()) + " in the base, " + ending(outcome.head())
                        + " in the head");
    }

    private static String ending(LitmusPart.Ending ending) {
        String state = ending.state().name().toLowerCase(Locale.ROOT);
        return ending.details().isEmpty() ? state : state + " (" + String.join("; ", ending.details()) + ")";
    }

    /** What was not looked at, and so is not said. */
    static List<String> notCovered(Review review) {
        List<String> gaps = new ArrayList<>();
        if (!review.plan().uncompiled().isEmpty()) {
            gaps.add("changed and not compiled, unless --enable OPTION takes it in: "
                    + String.join(" ", review.plan().uncompiled()));
        }
        review.missing()
                .forEach(part -> gaps.add(part.title() + ": not done"
                        + (review.parts().ended().isPresent()
                                ? ", for the kernel could not be asked to the end"
                                : "")));
        review.parts().check().ifPresent(check -> {
            gaps.add("base pages beyond every script of up to "
                    + (reached(check.base()) == reached(check.head())
                            ? reached(check.head()) + " steps"
                            : reached(check.base()) + " steps (base), " + reached(check.head()) + " (head)")
                    + ", and beyond " + check.base().random() + " random ones on the base, "
                    + check.head().random() + " on the head");
            ended(
                    gaps,
                    "the check of the base",
                    review.plan().named(check.base().ended()));
            ended(
                    gaps,
                    "the check of the head",
                    review.plan().named(check.head().ended()));
            if (check.base().others() + check.head().others() > 0) {
                gaps.add(check.base().others() + " scripts of the base and "
                        + check.head().others() + " of the head showed something and were not looked at closer");
            }
        });
        gaps.add("large folios beyond the shipped scripts; no random script has one");
        review.parts().diff().ifPresent(diff -> {
            ended(gaps, "the comparison", review.plan().named(diff.ended()));
            diff.excluded().forEach((why, steps) -> gaps.add(steps + " steps left out: " + why));
            uncounted(diff.uncounted()).forEach((why, what) -> gaps.add(what + " are not compared: " + why));
        });
        review.parts().litmus().ifPresent(litmus -> {
            Map<String, List<String>> reasons = litmus.scripts().stream()
                    .filter(each -> !each.comparable())
                    .map(ReviewWording::skipped)
                    .collect(Collectors.groupingBy(
                            who -> FOLIO.matcher(who).replaceFirst("$1#$3"), TreeMap::new, Collectors.toList()));
            reasons.forEach((who, all) -> gaps.add(count(all.size(), "shipped script") + " that "
                    + who.replace("folios of #", "folios of " + sizes(all))));
        });
        review.cost().ifPresent(cost -> {
            if (review.plan().checks()) {
                gaps.add("cost without the kernel's own checks (DEBUG_VM): built with --no-debug it is nearer to a"
                        + " distribution's");
            }
            if (!review.plan().built() && !review.plan().same()) {
                gaps.add("whether the two kernels differ in more than the change: they were given as images, and a"
                        + " difference of configuration or compiler is part of every cost");
            }
            Map<String, String> base = lacking(review.parts().base().orElseThrow());
            Map<String, String> head = lacking(review.parts().head().orElseThrow());
            base.forEach((why, words) -> gaps.add("cost of folios of " + words
                    + (words.equals(head.get(why)) ? " on both: " : " on the base: ") + why));
            head.forEach((why, words) -> {
                if (!words.equals(base.get(why))) {
                    gaps.add("cost of folios of " + words + " on the head: " + why);
                }
            });
        });
        gaps.add("races: one virtual CPU, one step at a time; time, caches and TLBs: guests count instructions");
        if (review.plan().cow().isEmpty()) {
            gaps.add("the kernel's own cow.c: --cow FILE runs it");
        }
        return gaps;
    }

    /** The folios that scripts want, the smallest first. */
    private static String sizes(List<String> reasons) {
        return reasons.stream()
                .map(FOLIO::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.valueOf(found.group(2)))
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    /** Who cannot do a script, and why. */
    private static String skipped(LitmusPart.Outcome outcome) {
        return outcome.base().equals(outcome.head())
                ? "both kernels cannot do: " + outcome.head().details().getFirst()
                : outcome.head().state() == LitmusPart.State.SKIPPED
                        ? "the head cannot do: " + outcome.head().details().getFirst()
                        : "the base cannot do: " + outcome.base().details().getFirst();
    }

    /** Which folios could not be measured, by the reason. */
    private static Map<String, String> lacking(ResultDirectory measured) {
        Map<String, String> kinds = new TreeMap<>();
        for (FolioKind kind : FolioKind.values()) {
            String why = measured.info().environment().getOrDefault(kind.lacksFact(), "");
            if (!why.isEmpty()) {
                kinds.merge(why.replaceFirst("^unavailable: ", ""), kind.words(), (one, other) -> one + "; " + other);
            }
        }
        return kinds;
    }

    private static void ended(List<String> gaps, String what, String why) {
        if (!why.isEmpty()) {
            gaps.add(what + " ended early: " + why);
        }
    }

    private static int reached(CheckPart.Search search) {
        return search.reached().stream().mapToInt(CheckPart.Reach::length).min().orElse(0);
    }

    /** What could not be counted, by the reason. */
    private static Map<String, String> uncounted(Map<String, String> reasons) {
        Map<String, String> what = new TreeMap<>();
        reasons.forEach(
                (counter, why) -> what.merge(why, "counts of " + counter, (one, other) -> one + ", " + counter));
        return what;
    }
}
