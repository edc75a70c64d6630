package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.cowbench.report.compare.SyntheticSession;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same forks through our rule and through the method benchstat documents (Mann-Whitney's U over one median a fork,
 * called at 5 %): what each says of no difference. On simulated sessions, and on every session of {@code ab --self} that
 * is kept under {@code results}; the rates are printed.
 */
class BenchstatRatesTest {
    private static final double BENCHSTAT_LEVEL = 0.05;
    private static final Path KEPT = Path.of("results");

    @TempDir
    Path results;

    /** Two-sided p of Mann-Whitney's U test: exact by counting without ties, else normal with tie correction. */
    static double mannWhitney(double[] a, double[] b) {
        double[] all = Stream.of(a, b).flatMapToDouble(Arrays::stream).sorted().toArray();
        double u = 0;
        for (double x : a) {
            for (double y : b) {
                u += x > y ? 1 : x == y ? 0.5 : 0;
            }
        }
        double smaller = Math.min(u, (double) a.length * b.length - u);
        double ties = 0;
        for (int i = 0, j; i < all.length; i = j) {
            for (j = i; j < all.length && all[j] == all[i]; j++) {
                continue;
            }
            ties += Math.pow(j - i, 3) - (j - i);
        }
        if (ties == 0) {
            return Math.min(1, 2 * lowerTail(a.length, b.length, (int) smaller));
        }
        int n = all.length;
        double variance = a.length * (double) b.length / 12 * (n + 1 - ties / (n * (n - 1.0)));
        double z = Math.max(0, a.length * (double) b.length / 2 - smaller - 0.5) / Math.sqrt(variance);
        return Math.min(1, 2 * new NormalDistribution(null, 0, 1).cumulativeProbability(-z));
    }

    /** P(U at most u): the share of all interleavings, counted by the number of inversions. */
    private static double lowerTail(int m, int n, int u) {
        // ways[i][s]: probability that the first i of one side give the sum s, by Gaussian binomials.
        double[] ways = new double[m * n + 1];
        ways[0] = 1;
        for (int i = 1; i <= m; i++) {
            for (int s = m * n; s >= n + i; s--) {
                ways[s] -= ways[s - n - i];
            }
            for (int s = i; s <= m * n; s++) {
                ways[s] += ways[s - i];
            }
        }
        double total = Arrays.stream(ways).sum();
        return Arrays.stream(ways, 0, u + 1).sum() / total;
    }

    /** How often benchstat's method calls a difference between sides of one program, pair by pair, stretch by stretch. */
    private static int[] benchstat(List<ResultDirectory> sides, int blocks) {
        int[] calledAndAll = new int[2];
        for (int i = 0; i < sides.size(); i++) {
            for (int j = i + 1; j < sides.size(); j++) {
                Map<String, List<ForkInfo>> other = byCell(sides.get(j));
                byCell(sides.get(i)).forEach((cell, forks) -> {
                    int last = forks.stream().mapToInt(ForkInfo::block).max().orElse(-1);
                    for (int from = 0; from + blocks <= last + 1; from += blocks) {
                        double p = mannWhitney(medians(forks, from, blocks), medians(other.get(cell), from, blocks));
                        calledAndAll[0] += p < BENCHSTAT_LEVEL ? 1 : 0;
                        calledAndAll[1]++;
                    }
                });
            }
        }
        return calledAndAll;
    }

    private static Map<String, List<ForkInfo>> byCell(ResultDirectory result) {
        Map<String, List<ForkInfo>> cells = new LinkedHashMap<>();
        result.info().forks().stream().filter(fork -> fork.error() == null).forEach(fork -> cells.computeIfAbsent(
                        Tag.of(fork.benchmark(), fork.params()), tag -> new ArrayList<>())
                .add(fork));
        return cells;
    }

    private static double[] medians(List<ForkInfo> forks, int from, int blocks) {
        return forks.stream()
                .filter(fork -> fork.block() >= from && fork.block() < from + blocks)
                .mapToDouble(ForkInfo::median)
                .toArray();
    }

    @Test
    void theTestItselfIsRight() {
        assertThat(mannWhitney(new double[] {1, 2, 3}, new double[] {4, 5, 6})).isCloseTo(0.1, within(1e-12));
        // R: wilcox.test(c(1.1,2.2,3.3,9), c(4,5,6,7,8))$p.value
        assertThat(mannWhitney(new double[] {1.1, 2.2, 3.3, 9}, new double[] {4, 5, 6, 7, 8}))
                .isCloseTo(0.28571428571428575, within(1e-12));
        // R: wilcox.test(1:5, 3:7, exact=FALSE)$p.value
        assertThat(mannWhitney(new double[] {1, 2, 3, 4, 5}, new double[] {3, 4, 5, 6, 7}))
                .isCloseTo(0.11384629800665805, within(1e-9));
    }

    @Test
    @org.junit.jupiter.api.Tag("slow")
    void simulatedSessionsOneAfterTheOther() {
        // Benchstat's user measures all of one side, then all of the other: the walk between them is called a change.
        int benchstat = 0;
        int ours = 0;
        for (int trial = 0; trial < 60; trial++) {
            Path place = results.resolve("trial-" + trial);
            new SyntheticSession()
                    .clear()
                    .cell("A.x", 100, 0)
                    .blocks(20)
                    .seed(trial)
                    .noise(0.01, 0.01)
                    .write(place);
            ResultDirectory base = ResultDirectory.read(place.resolve("base"));
            ResultDirectory control = ResultDirectory.read(place.resolve("control"));
            List<ForkInfo> sequence = new ArrayList<>(base.info().forks());
            benchstat += mannWhitney(medians(sequence, 0, 10), medians(sequence, 10, 10)) < BENCHSTAT_LEVEL ? 1 : 0;
            ours += new AbStudy(Rule.DEFAULT, List.of(base, control), Map.of())
                    .rates(10)
                    .getFirst()
                    .called();
        }
        System.out.printf(
                Locale.ROOT,
                "no difference, simulated drift of 1 %% a fork: benchstat on runs one after the"
                        + " other calls %d of 60, ours on interleaved runs %d of 120%n",
                benchstat,
                ours);
        assertThat(benchstat).isGreaterThan(20);
        assertThat(ours).isLessThanOrEqualTo(2);
    }

    @Test
    void everyStudyThatIsKept() throws IOException {
        List<String> studies;
        try (Stream<Path> directories = Files.list(KEPT)) {
            studies = directories
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith("-slower3"))
                    .map(name -> name.substring(0, name.length() - "slower3".length()))
                    .sorted()
                    .toList();
        }
        assumeThat(studies).as("studies among the results that are kept").isNotEmpty();
        for (String name : studies) {
            List<ResultDirectory> plain = new ArrayList<>(List.of(side(name, "base")));
            for (int copy = 1; Files.exists(KEPT.resolve(name + "copy" + copy)); copy++) {
                plain.add(side(name, "copy" + copy));
            }
            Map<String, ResultDirectory> planted = new LinkedHashMap<>();
            planted.put("3 % slower", side(name, "slower3"));
            planted.put("1 % slower", side(name, "slower1"));
            AbStudy study = new AbStudy(Rule.DEFAULT, plain, planted);
            System.out.printf(Locale.ROOT, "%s%n%s", name, study.table(10, 20));
            int compared = 0;
            int called = 0;
            for (int blocks : new int[] {10, 20}) {
                List<AbStudy.Rates> rates = study.rates(blocks);
                int[] benchstat = benchstat(plain, blocks);
                System.out.printf(
                        Locale.ROOT,
                        "%d blocks, no difference, benchstat's method on the same forks: %d of %d"
                                + " called, %.1f %%%n",
                        blocks,
                        benchstat[0],
                        benchstat[1],
                        100.0 * benchstat[0] / benchstat[1]);
                compared += rates.getFirst().comparisons();
                called += rates.getFirst().called();
                assertThat(rates.getLast().count(Verdict.SAME))
                        .as("1 %% called the same")
                        .isZero();
                if (blocks == 20) {
                    AbStudy.Rates slower3 = rates.get(1);
                    assertThat(slower3.count(Verdict.SLOWER))
                            .as("3 %% called slower, of %d", slower3.comparisons())
                            .isGreaterThanOrEqualTo((int) Math.ceil(0.9 * slower3.comparisons()));
                }
            }
            assertThat(compared).as("comparisons without a difference").isGreaterThanOrEqualTo(200);
            assertThat(called).as("called, of %d", compared).isLessThanOrEqualTo(compared / 100);
        }
    }

    private static ResultDirectory side(String study, String side) {
        return ResultDirectory.read(KEPT.resolve(study + side));
    }
}
