package org.cowbench.ab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;

/**
 * How often a comparison is wrong, and how often it sees a planted slowdown, counted on one session in which many sides
 * are the same program.
 *
 * <p>Every pair of such sides is a comparison without a difference, every one of them with a planted side one with a
 * known difference. A session is cut into stretches of as many blocks as a comparison has, and each stretch is judged by
 * itself, by the code that judges for {@code compare}. Nothing is resampled; pairs share sides, so their verdicts are not
 * independent, which changes the spread of a rate and not what it estimates.
 */
public final class AbStudy {
    private static final double PER_CENT = 100;

    private final Rule rule;
    private final List<ResultDirectory> plain;
    private final Map<String, ResultDirectory> planted;

    /**
     * Verdicts of comparisons of one kind.
     *
     * @param blocks blocks of one comparison
     * @param name what was compared
     * @param verdicts how many rows got which verdict
     * @param change median of the measured relative changes, 0.03 for 3 % slower; NaN without comparisons
     */
    public record Rates(int blocks, String name, Map<Verdict, Integer> verdicts, double change) {

        /**
         * Counts rows.
         *
         * @return how many were judged
         */
        public int comparisons() {
            return verdicts.values().stream().mapToInt(Integer::intValue).sum();
        }

        /**
         * Counts the rows of a verdict.
         *
         * @return how many have it
         */
        public int count(Verdict verdict) {
            return verdicts.getOrDefault(verdict, 0);
        }

        /**
         * Counts the rows that are said to differ.
         *
         * @return how many were called faster or slower
         */
        public int called() {
            return count(Verdict.FASTER) + count(Verdict.SLOWER);
        }
    }

    /**
     * Prepares a study.
     *
     * @param rule the rule under study
     * @param plain results of the sides that are one program, at least one
     * @param planted results of sides with a planted slowdown, by name
     */
    public AbStudy(Rule rule, List<ResultDirectory> plain, Map<String, ResultDirectory> planted) {
        this.rule = rule;
        this.plain = List.copyOf(plain);
        this.planted = new LinkedHashMap<>(planted);
    }

    /**
     * Studies comparisons of some length.
     *
     * @param blocks blocks of one comparison
     * @return rates of the pairs of plain sides, then of each planted side against all plain ones
     */
    public List<Rates> rates(int blocks) {
        List<Comparison.Row> rows = new ArrayList<>();
        for (int a = 0; a < plain.size(); a++) {
            for (int b = a + 1; b < plain.size(); b++) {
                rows.addAll(compare(plain.get(a), plain.get(b), blocks));
            }
        }
        List<Rates> rates = new ArrayList<>(List.of(rates(blocks, "no difference", rows)));
        planted.forEach((name, head) -> rates.add(rates(
                blocks,
                name,
                plain.stream()
                        .flatMap(base -> compare(base, head, blocks).stream())
                        .toList())));
        return rates;
    }

    /**
     * Writes what comparisons of several lengths came to.
     *
     * @param blocks blocks of one comparison, each in turn
     * @return lines, each ending in a newline
     */
    public String table(int... blocks) {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "level %.1f %%, bound %.1f %%, order from seed %d%n%n%6s  %-13s %5s %7s %7s %6s %12s %7s %8s%n",
                rule.level() * PER_CENT,
                rule.bound() * PER_CENT,
                plain.getFirst().info().seed(),
                "blocks",
                "",
                "rows",
                "faster",
                "slower",
                "same",
                "inconclusive",
                "called",
                "change"));
        for (int count : blocks) {
            for (Rates r : rates(count)) {
                out.append(String.format(
                        Locale.ROOT,
                        "%6d  %-13s %5d %7d %7d %6d %12d %7s %8s%n",
                        count,
                        r.name(),
                        r.comparisons(),
                        r.count(Verdict.FASTER),
                        r.count(Verdict.SLOWER),
                        r.count(Verdict.SAME),
                        r.count(Verdict.INCONCLUSIVE),
                        perCent("%.1f %%", (double) r.called() / r.comparisons()),
                        perCent("%+.2f %%", r.change())));
            }
        }
        return out.toString();
    }

    private static String perCent(String format, double share) {
        return Double.isNaN(share) ? "n/a" : String.format(Locale.ROOT, format, PER_CENT * share);
    }

    private static Rates rates(int blocks, String name, List<Comparison.Row> rows) {
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        rows.forEach(row -> verdicts.merge(row.verdict(), 1, Integer::sum));
        return new Rates(
                blocks,
                name,
                verdicts,
                Forks.median(rows.stream()
                        .mapToDouble(row -> row.change().estimate() - 1)
                        .filter(Double::isFinite)
                        .toArray()));
    }

    /** Judges every cell in every stretch; the cells of a stretch are one family. */
    private List<Comparison.Row> compare(ResultDirectory base, ResultDirectory head, int blocks) {
        int all = base.info().forks().stream().mapToInt(ForkInfo::block).max().orElse(-1) + 1;
        return IntStream.range(0, all / blocks)
                .mapToObj(stretch -> ComparisonBuilder.scores(base, head, rule, block -> block / blocks == stretch))
                .flatMap(List::stream)
                .toList();
    }
}
