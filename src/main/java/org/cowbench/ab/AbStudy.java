package org.cowbench.ab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.Effect;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;

/**
 * How often a comparison is wrong, and how often it sees a planted slowdown, from the forks of one session of a build
 * against itself.
 *
 * <p>A session is cut into stretches of as many blocks as a comparison has. Each stretch of each cell is one comparison
 * as measured. More are gained from the same forks: the two undisturbed sides are one program, so which of their forks
 * is called base and which head can be drawn again, mirrored in each block as a session would; and a planted side can be
 * compared in as many blocks drawn from the whole session. Such comparisons share forks, and are counted apart.
 */
public final class AbStudy {
    private final Rule rule;
    private final int blocks;
    private final int draws;
    private final long seed;

    /**
     * Verdicts of comparisons of one kind.
     *
     * @param name what was compared, and how
     * @param comparisons how many
     * @param called how many were called faster or slower
     * @param slower how many were called slower
     * @param same how many were called the same
     */
    public record Rates(String name, int comparisons, int called, int slower, int same) {}

    /** The values of one side of one cell, by block, in the order of execution. */
    private record Series(Map<Integer, List<ForkInfo>> blocks) {}

    /**
     * Prepares a study.
     *
     * @param rule the rule under study
     * @param blocks blocks of one comparison
     * @param draws comparisons drawn for each stretch
     * @param seed of the draws
     */
    public AbStudy(Rule rule, int blocks, int draws, long seed) {
        this.rule = rule;
        this.blocks = blocks;
        this.draws = draws;
        this.seed = seed;
    }

    /**
     * Studies a session.
     *
     * @param base the base's result
     * @param control the result of its second copy
     * @param planted results of sides with a planted slowdown, by name
     * @return rates, those without a planted difference first
     */
    public List<Rates> rates(ResultDirectory base, ResultDirectory control, Map<String, ResultDirectory> planted) {
        Random random = new Random(seed);
        Map<String, Series> bases = series(base);
        Map<String, Series> controls = series(control);
        List<Verdict> measured = new ArrayList<>();
        List<Verdict> drawn = new ArrayList<>();
        bases.forEach((cell, series) -> {
            Series other = controls.get(cell);
            for (List<Integer> stretch : stretches(series)) {
                measured.add(verdict(stretch.stream().map(block -> difference(series, other, block)).toList()));
                for (int draw = 0; draw < draws; draw++) {
                    drawn.add(verdict(
                            stretch.stream().map(block -> relabelled(series, other, block, random)).toList()));
                }
            }
        });
        List<Rates> rates = new ArrayList<>();
        rates.add(rates("no difference, as measured", measured));
        rates.add(rates("no difference, labels drawn", drawn));
        planted.forEach((name, result) -> {
            List<Verdict> asMeasured = new ArrayList<>();
            List<Verdict> redrawn = new ArrayList<>();
            Map<String, Series> heads = series(result);
            bases.forEach((cell, series) -> {
                Series head = heads.get(cell);
                List<Integer> all = new ArrayList<>(series.blocks.keySet());
                for (List<Integer> stretch : stretches(series)) {
                    asMeasured.add(verdict(stretch.stream().map(block -> difference(series, head, block)).toList()));
                    for (int draw = 0; draw < draws; draw++) {
                        Collections.shuffle(all, random);
                        redrawn.add(verdict(all.stream().limit(blocks)
                                .map(block -> difference(series, head, block)).toList()));
                    }
                }
            });
            rates.add(rates(name + ", as measured", asMeasured));
            rates.add(rates(name + ", blocks drawn", redrawn));
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
                "%d blocks a comparison, level %.3g %%, bound %.3g %%, seed %d%n%n%-30s %11s %8s %8s %8s%n", blocks,
                rule.level() * 100, rule.bound() * 100, seed, "", "comparisons", "called", "slower", "same"));
        for (Rates r : rates) {
            out.append(String.format(Locale.ROOT, "%-30s %11d %8s %8s %8s%n", r.name(), r.comparisons(),
                    share(r.called(), r), share(r.slower(), r), share(r.same(), r)));
        }
        return out.toString();
    }

    private static String share(int count, Rates rates) {
        return rates.comparisons() == 0 ? "n/a"
                : String.format(Locale.ROOT, "%.1f %%", 100.0 * count / rates.comparisons());
    }

    private static Rates rates(String name, List<Verdict> verdicts) {
        int slower = Collections.frequency(verdicts, Verdict.SLOWER);
        return new Rates(name, verdicts.size(), slower + Collections.frequency(verdicts, Verdict.FASTER), slower,
                Collections.frequency(verdicts, Verdict.SAME));
    }

    private Verdict verdict(List<Double> differences) {
        double[] d = differences.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).toArray();
        Effect effect = Effect.paired(d, rule, rule.level());
        return rule.judge(effect, effect.p(), true);
    }

    private List<List<Integer>> stretches(Series series) {
        List<Integer> all = List.copyOf(series.blocks.keySet());
        List<List<Integer>> stretches = new ArrayList<>();
        for (int from = 0; from + blocks <= all.size(); from += blocks) {
            stretches.add(all.subList(from, from + blocks));
        }
        return stretches;
    }

    private static double difference(Series base, Series head, int block) {
        return mean(head.blocks.getOrDefault(block, List.of())) - mean(base.blocks.getOrDefault(block, List.of()));
    }

    private static double mean(List<ForkInfo> forks) {
        return Forks.mean(forks.stream().mapToDouble(fork -> StrictMath.log(fork.median())).toArray());
    }

    /** The forks of both sides in the order of execution, called A B B A or B A A B. */
    private static double relabelled(Series base, Series control, int block, Random random) {
        List<ForkInfo> forks = new ArrayList<>(base.blocks.getOrDefault(block, List.of()));
        forks.addAll(control.blocks.getOrDefault(block, List.of()));
        forks.sort(Comparator.comparingInt(ForkInfo::order));
        boolean outerFirst = random.nextBoolean();
        if (forks.size() != 4) {
            return Double.NaN;
        }
        double[] v = forks.stream().mapToDouble(fork -> StrictMath.log(fork.median())).toArray();
        double difference = (v[0] + v[3] - v[1] - v[2]) / 2;
        return outerFirst ? difference : -difference;
    }

    private static Map<String, Series> series(ResultDirectory result) {
        Map<String, Series> series = new LinkedHashMap<>();
        for (ForkInfo fork : result.info().forks()) {
            if (fork.error() == null && fork.median() > 0) {
                series.computeIfAbsent(Tag.of(fork.benchmark(), fork.params()), tag -> new Series(new TreeMap<>()))
                        .blocks.computeIfAbsent(fork.block(), block -> new ArrayList<>()).add(fork);
            }
        }
        return series;
    }
}
