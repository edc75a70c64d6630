package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.cowbench.report.SyntheticSession;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Tag;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same forks through our rule and through the method benchstat documents (Mann-Whitney's U over one median a fork,
 * called at 5 %): what each says of no difference. On simulated sessions, and on every session of {@code ab --self} that
 * is kept under {@code results}; the rates are printed.
 */
class BenchstatRatesTest {
    private static final double BENCHSTAT_LEVEL = 0.05;

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

    /** How often benchstat's method would call a difference between base and control, stretch by stretch. */
    private static double[] benchstat(ResultDirectory base, ResultDirectory control, int blocks) {
        Map<String, List<ForkInfo>> a = byCell(base);
        Map<String, List<ForkInfo>> b = byCell(control);
        int called = 0;
        int all = 0;
        for (Map.Entry<String, List<ForkInfo>> cell : a.entrySet()) {
            int last = cell.getValue().stream().mapToInt(ForkInfo::block).max().orElse(-1);
            for (int from = 0; from + blocks <= last + 1; from += blocks) {
                called += mannWhitney(medians(cell.getValue(), from, blocks), medians(b.get(cell.getKey()), from, blocks))
                        < BENCHSTAT_LEVEL ? 1 : 0;
                all++;
            }
        }
        return new double[] {called, all};
    }

    private static Map<String, List<ForkInfo>> byCell(ResultDirectory result) {
        Map<String, List<ForkInfo>> cells = new LinkedHashMap<>();
        result.info().forks().stream().filter(fork -> fork.error() == null).forEach(fork ->
                cells.computeIfAbsent(Tag.of(fork.benchmark(), fork.params()), tag -> new ArrayList<>()).add(fork));
        return cells;
    }

    private static double[] medians(List<ForkInfo> forks, int from, int blocks) {
        return forks.stream().filter(fork -> fork.block() >= from && fork.block() < from + blocks)
                .mapToDouble(ForkInfo::median).toArray();
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
    void simulatedSessionsOneAfterTheOther() {
        // Benchstat's user measures all of one side, then all of the other: the walk between them is called a change.
        int benchstat = 0;
        int ours = 0;
        for (int trial = 0; trial < 60; trial++) {
            Path place = results.resolve("trial-" + trial);
            new SyntheticSession().clear().cell("A.x", 100, 0).blocks(20).seed(trial).noise(0.01, 0.01).write(place);
            ResultDirectory base = ResultDirectory.read(place.resolve("base"));
            ResultDirectory control = ResultDirectory.read(place.resolve("control"));
            List<ForkInfo> sequence = new ArrayList<>(base.info().forks());
            benchstat += mannWhitney(medians(sequence, 0, 10), medians(sequence, 10, 10)) < BENCHSTAT_LEVEL ? 1 : 0;
            ours += new AbStudy(Rule.DEFAULT, 10, 0, 1).rates(base, control, Map.of()).getFirst().called();
        }
        System.out.printf(Locale.ROOT, "no difference, simulated drift of 1 %% a fork: benchstat on runs one after the"
                + " other calls %d of 60, ours on interleaved runs %d of 120%n", benchstat, ours);
        assertThat(benchstat).isGreaterThan(20);
        assertThat(ours).isLessThanOrEqualTo(2);
    }

    @Test
    void everyStudyThatIsKept() throws IOException {
        Path kept = Path.of("results");
        List<Path> bases;
        try (Stream<Path> directories = Files.list(kept)) {
            bases = directories.filter(path -> path.getFileName().toString().endsWith("-base")
                            && Files.exists(sibling(path, "slower3")) && Files.exists(sibling(path, "control")))
                    .sorted().toList();
        }
        for (Path path : bases) {
            ResultDirectory base = ResultDirectory.read(path);
            ResultDirectory control = ResultDirectory.read(sibling(path, "control"));
            Map<String, ResultDirectory> planted = new TreeMap<>();
            planted.put("3 % slower", ResultDirectory.read(sibling(path, "slower3")));
            planted.put("1 % slower", ResultDirectory.read(sibling(path, "slower1")));
            AbStudy study = new AbStudy(Rule.DEFAULT, 20, 20, base.info().seed());
            List<AbStudy.Rates> rates = study.rates(base, control, planted);
            double[] benchstat = benchstat(base, control, 20);
            System.out.printf(Locale.ROOT, "%s%n%sbenchstat's method, the same interleaved forks: %.0f of %.0f called%n",
                    base.label(), study.table(rates), benchstat[0], benchstat[1]);
            AbStudy.Rates drawn = rates.get(1);
            assertThat(drawn.comparisons()).isGreaterThanOrEqualTo(200);
            assertThat(drawn.called()).isLessThanOrEqualTo(drawn.comparisons() / 100);
            rates.stream().filter(rate -> rate.name().startsWith("1 %"))
                    .forEach(rate -> assertThat(rate.same()).as("%s called the same", rate.name()).isZero());
            rates.stream().filter(rate -> rate.name().startsWith("3 %") && rate.name().endsWith("drawn"))
                    .forEach(rate -> assertThat(rate.slower()).as("%s called slower", rate.name())
                            .isGreaterThanOrEqualTo((int) Math.ceil(0.9 * rate.comparisons())));
        }
    }

    private static Path sibling(Path base, String side) {
        String name = base.getFileName().toString();
        return base.resolveSibling(name.substring(0, name.length() - "base".length()) + side);
    }
}
