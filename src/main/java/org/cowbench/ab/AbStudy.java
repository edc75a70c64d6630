package org.cowbench.ab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Multiplicity;
import org.cowbench.stats.Outliers;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;

/**
 * How often a comparison is wrong, and how often it sees a planted slowdown, counted on one session in which many sides
 * are the same program.
 *
 * <p>Every pair of such sides is a comparison without a difference, every one of them with a planted side one with a
 * known difference. A session is cut into stretches of as many blocks as a comparison has, and each stretch is judged by
 * itself, corrected for its cells, as {@code compare} does. Nothing is resampled; pairs share sides, so their verdicts
 * are not independent, which changes the spread of a rate and not what it estimates.
 */
public final class AbStudy {
    private final Rule rule;
    private final int blocks;

    /**
     * Verdicts of comparisons of one kind.
     *
     * @param name what was compared
     * @param comparisons how many rows were judged
     * @param called how many were called faster or slower
     * @param slower how many were called slower
     * @param same how many were called the same
     * @param change median of the measured relative changes, 0.03 for 3 % slower; NaN without comparisons
     */
    public record Rates(String name, int comparisons, int called, int slower, int same, double change) {}

    /** The values of one side: by cell and block, the medians of its forks. */
    private record Side(Map<String, Map<Integer, List<Double>>> cells) {}

    private record Judged(Verdict verdict, double change) {}

    /**
     * Prepares a study.
     *
     * @param rule the rule under study
     * @param blocks blocks of one comparison
     */
    public AbStudy(Rule rule, int blocks) {
        this.rule = rule;
        this.blocks = blocks;
    }

    /**
     * Studies a session.
     *
     * @param plain results of the sides that are one program
     * @param planted results of sides with a planted slowdown, by name
     * @return rates of the pairs of plain sides, then of each planted side against all plain ones
     */
    public List<Rates> rates(List<ResultDirectory> plain, Map<String, ResultDirectory> planted) {
        List<Side> sides = plain.stream().map(AbStudy::side).toList();
        List<Judged> judged = new ArrayList<>();
        for (int a = 0; a < sides.size(); a++) {
            for (int b = a + 1; b < sides.size(); b++) {
                judged.addAll(compare(sides.get(a), sides.get(b)));
            }
        }
        List<Rates> rates = new ArrayList<>(List.of(rates("no difference", judged)));
        planted.forEach((name, result) -> {
            Side head = side(result);
            rates.add(rates(name, sides.stream().flatMap(base -> compare(base, head).stream()).toList()));
        });
        return rates;
    }

    /**
     * Writes rates as a table.
     *
     * @param rates the rates
     * @return lines, each ending in a newline
     */
    public String table(List<Rates> rates) {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT,
                "%d blocks a comparison, level %.3g %%, bound %.3g %%%n%n%-16s %11s %8s %8s %8s %8s%n", blocks,
                rule.level() * 100, rule.bound() * 100, "", "comparisons", "called", "slower", "same", "change"));
        for (Rates r : rates) {
            out.append(String.format(Locale.ROOT, "%-16s %11d %8s %8s %8s %8s%n", r.name(), r.comparisons(),
                    share(r.called(), r), share(r.slower(), r), share(r.same(), r),
                    r.comparisons() == 0 ? "n/a" : String.format(Locale.ROOT, "%+.2f %%", 100 * r.change())));
        }
        return out.toString();
    }

    private static String share(int count, Rates rates) {
        return rates.comparisons() == 0 ? "n/a"
                : String.format(Locale.ROOT, "%.1f %%", 100.0 * count / rates.comparisons());
    }

    private static Rates rates(String name, List<Judged> judged) {
        List<Verdict> verdicts = judged.stream().map(Judged::verdict).toList();
        int slower = Collections.frequency(verdicts, Verdict.SLOWER);
        return new Rates(name, verdicts.size(), slower + Collections.frequency(verdicts, Verdict.FASTER), slower,
                Collections.frequency(verdicts, Verdict.SAME),
                Forks.median(judged.stream().mapToDouble(Judged::change).toArray()));
    }

    /** Judges every cell in every stretch; the cells of a stretch are one family. */
    private List<Judged> compare(Side base, Side head) {
        TreeSet<Integer> all = new TreeSet<>();
        base.cells.values().forEach(byBlock -> all.addAll(byBlock.keySet()));
        List<Integer> order = List.copyOf(all);
        List<String> cells = base.cells.keySet().stream().filter(head.cells::containsKey).toList();
        List<Judged> judged = new ArrayList<>();
        for (int from = 0; from + blocks <= order.size(); from += blocks) {
            List<Integer> stretch = order.subList(from, from + blocks);
            List<Effect> effects = cells.stream().map(cell -> Effect.paired(
                    differences(base.cells.get(cell), head.cells.get(cell), stretch), rule, rule.level() / cells.size()))
                    .toList();
            double[] adjusted = Multiplicity.holm(effects.stream().mapToDouble(Effect::p).toArray());
            for (int i = 0; i < adjusted.length; i++) {
                boolean noisy = Outliers.tooMany(values(base.cells.get(cells.get(i)), stretch)) > 0
                        || Outliers.tooMany(values(head.cells.get(cells.get(i)), stretch)) > 0;
                judged.add(new Judged(noisy ? Verdict.INCONCLUSIVE : rule.judge(effects.get(i), adjusted[i], true),
                        StrictMath.expm1(effects.get(i).change().estimate())));
            }
        }
        return judged;
    }

    private static double[] differences(
            Map<Integer, List<Double>> base, Map<Integer, List<Double>> head, List<Integer> stretch) {
        return stretch.stream().filter(block -> base.containsKey(block) && head.containsKey(block))
                .mapToDouble(block -> logMean(head.get(block)) - logMean(base.get(block)))
                .toArray();
    }

    private static double logMean(List<Double> values) {
        return Forks.mean(values.stream().mapToDouble(StrictMath::log).toArray());
    }

    private static double[] values(Map<Integer, List<Double>> side, List<Integer> stretch) {
        return stretch.stream().flatMap(block -> side.getOrDefault(block, List.of()).stream())
                .mapToDouble(Double::doubleValue).toArray();
    }

    private static Side side(ResultDirectory result) {
        Side side = new Side(new LinkedHashMap<>());
        for (ForkInfo fork : result.info().forks()) {
            if (fork.error() == null && fork.median() > 0) {
                side.cells.computeIfAbsent(Tag.of(fork.benchmark(), fork.params()), tag -> new TreeMap<>())
                        .computeIfAbsent(fork.block(), block -> new ArrayList<>()).add(fork.median());
            }
        }
        return side;
    }
}
