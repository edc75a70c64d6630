package org.cowbench.report.compare;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.cowbench.compare.Session;
import org.cowbench.policy.Policy;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Tag;
import org.cowbench.result.TaggedHistogram;

/** A made-up interleaved session: base, head and control, measured in mirrored blocks on a drifting machine. */
public final class SyntheticSession {
    /** Where base, head and control stand in a mirrored block. */
    private static final int[][] ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    private static final Instant START = Instant.parse("2022-01-13T14:03:18Z");
    private static final int ITERATIONS = 5;
    private static final int BATCHES = 2000;
    private static final String[] SIDES = {"base", "head", "control"};

    /** A benchmark with one set of parameters. */
    public record Cell(String benchmark, Map<String, String> params, double nanos, double copies) {}

    private final List<Cell> cells = new ArrayList<>();
    private final double[] effects = {1, 1, 1};
    private final Map<String, String> headEnvironment = new TreeMap<>();
    private final List<List<String>> warnings = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private int blocks = 20;
    private double noise = 0.01;
    private double drift = 0.01;
    private long seed = 1;
    private boolean interleaved = true;
    private boolean control = true;
    private boolean histograms;
    private int failHeadFork = -1;
    private int disturbedSide;
    private int disturbedForks = -1;
    private double headCopies = 1;
    private int machines = 1;
    private double spread;
    private boolean told;
    private double unlike = 1;

    /** Starts with the cells that most tests use: one benchmark under two policies. */
    public SyntheticSession() {
        cell("WriteAfterRead.l2", 190, 1, "policy", "V5_9", "situation", "SWAPCACHE");
        cell("WriteAfterRead.l2", 70, 0, "policy", "V5_19", "situation", "SWAPCACHE");
    }

    /** Forgets all cells. */
    public SyntheticSession clear() {
        cells.clear();
        return this;
    }

    /** Adds a cell; params are names and values in turn. */
    public SyntheticSession cell(String benchmark, double nanos, double copies, String... params) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < params.length; i += 2) {
            map.put(params[i], params[i + 1]);
        }
        cells.add(new Cell(benchmark, map, nanos, copies));
        return this;
    }

    /** Sets the true ratio of the head. */
    public SyntheticSession head(double ratio) {
        effects[1] = ratio;
        return this;
    }

    /** Adds a warning to a side: 0 base, 1 head, 2 control. */
    public SyntheticSession warning(int side, String warning) {
        warnings.get(side).add(warning);
        return this;
    }

    /** Sets the true ratio of the control, which should be 1. */
    public SyntheticSession controlBias(double ratio) {
        effects[2] = ratio;
        return this;
    }

    /** Sets how many mirrored blocks there are. */
    public SyntheticSession blocks(int count) {
        blocks = count;
        return this;
    }

    /** Sets the deviations of a fork and of the drift between forks. */
    public SyntheticSession noise(double ofFork, double ofDrift) {
        noise = ofFork;
        drift = ofDrift;
        return this;
    }

    /** Sets the seed. */
    public SyntheticSession seed(long value) {
        seed = value;
        return this;
    }

    /** Makes base and head separate runs. */
    public SyntheticSession separate() {
        interleaved = false;
        control = false;
        return this;
    }

    /** Leaves out the control. */
    public SyntheticSession uncontrolled() {
        control = false;
        return this;
    }

    /** Adds histograms. */
    public SyntheticSession histograms() {
        histograms = true;
        return this;
    }

    /** Lets the n-th executed fork of every cell of the head fail. */
    public SyntheticSession failHeadFork(int n) {
        failHeadFork = n;
        return this;
    }

    /** Lets other load be seen around the first forks of every cell of the head, and listens to all others. */
    public SyntheticSession disturbHeadForks(int count) {
        return disturb(1, count);
    }

    /** Lets other load be seen around the first forks of every cell of the control, and listens to all others. */
    public SyntheticSession disturbControlForks(int count) {
        return disturb(2, count);
    }

    private SyntheticSession disturb(int side, int count) {
        disturbedSide = side;
        disturbedForks = count;
        return this;
    }

    /** Multiplies the head's copies. */
    public SyntheticSession headCopies(double factor) {
        headCopies = factor;
        return this;
    }

    /** Deals blocks to machines, on which the head's effect differs, and tells so or not. */
    public SyntheticSession machines(int count, double logSpread, boolean toldSo) {
        machines = count;
        spread = logSpread;
        told = toldSo;
        return this;
    }

    /** Makes the last machine slower by a factor, whatever is measured on it. */
    public SyntheticSession unlike(double factor) {
        unlike = factor;
        return this;
    }

    /** Sets a fact of the head's environment. */
    public SyntheticSession headEnvironment(String key, String value) {
        headEnvironment.put(key, value);
        return this;
    }

    private final class Side {
        final String label;
        final int index;
        final List<ForkInfo> forks = new ArrayList<>();
        final Map<Cell, List<double[]>> raw = new LinkedHashMap<>();
        final List<TaggedHistogram> lines = new ArrayList<>();

        Side(int index) {
            this.index = index;
            label = SIDES[index];
            cells.forEach(cell -> raw.put(cell, new ArrayList<>()));
        }
    }

    /**
     * Writes the result directories {@code base}, {@code head} and {@code control}.
     *
     * @param results directory of all results
     */
    public void write(Path results) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Side> sides = new ArrayList<>();
        for (int s = 0; s < (control ? 3 : 2); s++) {
            sides.add(new Side(s));
        }
        int order = 0;
        double level = 0;
        for (int block = 0; block < blocks; block++) {
            for (Cell cell : cells) {
                int[] permutation = ORDERS[random.nextInt(ORDERS.length)];
                for (int half = 0; half < 2; half++) {
                    for (int i = 0; i < 3; i++) {
                        int s = permutation[half == 0 ? i : 2 - i];
                        if (s < sides.size()) {
                            level += drift * gaussian(random);
                            fork(sides.get(s), cell, block, order++, level, random);
                        }
                    }
                }
            }
        }
        sides.forEach(side -> write(results, side));
    }

    private void fork(Side side, Cell cell, int block, int order, double level, SplittableRandom random) {
        Instant started = START.plusSeconds(3L * order);
        double fork = cell.nanos
                * effects[side.index]
                * (block % machines == machines - 1 ? unlike : 1)
                * StrictMath.exp(level
                        + noise * gaussian(random)
                        + (side.index == 1 ? spread * (block % machines - (machines - 1) / 2.0) : 0));
        double[] iterations = new double[ITERATIONS];
        Arrays.setAll(iterations, i -> fork * (1 + 0.004 * gaussian(random)));
        long before =
                side.forks.stream().filter(f -> f.params().equals(cell.params)).count();
        boolean fails = side.index == 1 && before == failHeadFork;
        if (fails) {
            side.forks.add(new ForkInfo(
                    order,
                    block,
                    cell.benchmark,
                    cell.params,
                    started.toString(),
                    2.5,
                    Double.NaN,
                    "",
                    "Forked VM failed with exit code 137"));
            return;
        }
        double[] sorted = iterations.clone();
        Arrays.sort(sorted);
        side.forks.add(new ForkInfo(
                order,
                block,
                cell.benchmark,
                cell.params,
                started.toString(),
                2.5,
                sorted[ITERATIONS / 2],
                "ns/op",
                null,
                disturbedForks < 0
                        ? null
                        : Map.of("others", side.index == disturbedSide && before < disturbedForks ? 90.0 : 1.0)));
        side.raw.get(cell).add(iterations);
        if (histograms) {
            Histogram histogram = new Histogram(1, 10_000_000_000_000L, 3);
            for (int i = 0; i < BATCHES; i++) {
                histogram.recordValue((long) (1000 * fork * (1 + 0.05 * Math.abs(gaussian(random)))));
            }
            side.lines.add(new TaggedHistogram(
                    Tag.of(cell.benchmark, Policy.displayed(cell.params)), started, 2.5, histogram));
        }
    }

    private void write(Path results, Side side) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("kernel.release", "6.12.9");
        environment.put("cpu.model", "Example 9000");
        environment.put("jdk", "Example 25");
        if (interleaved) {
            environment.put(Session.ID, "session-1");
            if (control) {
                environment.put(Session.CONTROL, "control");
            }
        }
        if (told) {
            environment.put(Environment.SHARDS, Integer.toString(machines));
        }
        if (side.index == 1) {
            environment.putAll(headEnvironment);
        }
        String commit = side.index == 1 ? "9f8e7d6c5b4a39281706" : "1a2b3c4d5e6f70819203";
        ResultWriter writer = ResultWriter.create(results, side.label);
        writer.writeJmh(out -> out.write(jmh(side).getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(new RunInfo(
                1,
                side.label,
                commit,
                false,
                List.of("ab"),
                seed,
                "custom",
                "2022-01-13T14:03:18Z",
                600,
                true,
                environment,
                side.forks,
                warnings.get(side.index)));
        if (histograms) {
            writer.writeHistograms(side.lines, START, "units: picoseconds per operation");
        }
        writer.finish();
    }

    private String jmh(Side side) {
        List<String> entries = new ArrayList<>();
        side.raw.forEach((cell, raw) -> {
            List<String> params = new ArrayList<>();
            cell.params.forEach((name, value) -> params.add("\"" + name + "\":\"" + value + "\""));
            double copies = cell.copies * (side.index == 1 ? headCopies : 1);
            double[][] counter = new double[raw.size()][ITERATIONS];
            Arrays.stream(counter).forEach(row -> Arrays.fill(row, copies));
            entries.add("{\"benchmark\":\"org.cowbench.bench." + cell.benchmark + "\",\"mode\":\"avgt\",\"forks\":"
                    + raw.size()
                    + ",\"params\":{" + String.join(",", params) + "},\"primaryMetric\":{\"scoreUnit\":\"ns/op\","
                    + "\"rawData\":" + Arrays.deepToString(raw.toArray()) + "},\"secondaryMetrics\":{\"copies\":"
                    + "{\"scoreUnit\":\"#/op\",\"rawData\":" + Arrays.deepToString(counter) + "}}}");
        });
        return "[" + String.join(",\n", entries) + "]\n";
    }

    private static double gaussian(SplittableRandom random) {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
