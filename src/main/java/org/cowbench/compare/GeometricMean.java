package org.cowbench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.ForkValues;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Comparison.Scale;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.cowbench.stats.MeanOfMeans;
import org.cowbench.stats.StudentT;

/**
 * The geometric mean of the ratios of all scores of one kind of unit, shown or not. The unit of its interval is the
 * fork, or the block where rows are paired: each row's ratio is as uncertain as its forks make it, and rows are
 * independent of each other, for each has forks of its own.
 *
 * @param what {@code times}, {@code rates}, or another unit
 * @param lowerIsBetter whether less is an improvement
 * @param ratio head / base; without bounds where a row has none
 * @param rows how many rows it is over
 * @param single how many of those have one fork or one block, for which there are no bounds
 * @param left how many other scores of that unit are left out: too noisy for a number, or zero or below
 */
public record GeometricMean(String what, boolean lowerIsBetter, Interval ratio, int rows, int single, int left) {

    /**
     * Takes the means of a comparison.
     *
     * @param comparison any comparison
     * @return one a kind of unit that has a row with a ratio, in the order of the rows
     */
    public static List<GeometricMean> of(Comparison comparison) {
        double confidence = comparison.rule().confidence();
        Map<String, List<Row>> byUnit = comparison.judged().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .collect(Collectors.groupingBy(Units::kind, LinkedHashMap::new, Collectors.toList()));
        List<GeometricMean> means = new ArrayList<>();
        byUnit.forEach((what, scores) -> {
            List<Row> rows = scores.stream()
                    .filter(row -> row.scale() == Scale.RATIO
                            && Double.isFinite(row.change().estimate()))
                    .toList();
            if (!rows.isEmpty()) {
                means.add(new GeometricMean(
                        what,
                        rows.getFirst().lowerIsBetter(),
                        mean(rows, confidence),
                        rows.size(),
                        (int) rows.stream().filter(Row::single).count(),
                        scores.size() - rows.size()));
            }
        });
        return means;
    }

    private static Interval mean(List<Row> rows, double confidence) {
        List<double[]> components = new ArrayList<>();
        for (Row row : rows) {
            if (row.design() == Design.PAIRED) {
                // The row's own interval, for its estimate is by ranks where there are enough blocks.
                double half = (StrictMath.log(row.change().high())
                                - StrictMath.log(row.change().low()))
                        / 2;
                double degrees = Math.max(1, row.units() - 1);
                double error = half / StudentT.quantile((1 + confidence) / 2, degrees);
                components.add(new double[] {error * error, degrees});
            } else {
                components.add(relative(row.baseForks()));
                components.add(relative(row.headForks()));
            }
        }
        Interval log = MeanOfMeans.of(
                rows.stream()
                        .mapToDouble(row -> StrictMath.log(row.change().estimate()))
                        .toArray(),
                components.stream().mapToDouble(component -> component[0]).toArray(),
                components.stream().mapToDouble(component -> component[1]).toArray(),
                confidence);
        return new Interval(
                StrictMath.exp(log.estimate()), StrictMath.exp(log.low()), StrictMath.exp(log.high()), rows.size());
    }

    /** Variance of the logarithm of a mean of forks, and its degrees of freedom. */
    private static double[] relative(ForkValues forks) {
        double mean = Forks.mean(forks.values());
        return new double[] {
            StudentT.variance(forks.values()) / forks.count() / (mean * mean), Math.max(1, forks.count() - 1)
        };
    }
}
