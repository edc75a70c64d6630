package org.cowbench.report.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.cowbench.policy.Policy;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Tag;
import org.cowbench.result.TaggedHistogram;

/** A made-up run of plausible size, the same on every machine: what plots and tables are tested with. */
public final class SyntheticRun {

    static final List<String> SITUATIONS =
            List.of("SWAPCACHE", "BATCHED", "HIDDEN_SHARER", "FORK_SHARED", "PINNED", "PRIVATE");

    private static final Instant START = Instant.parse("2022-01-13T14:03:18Z");

    private static final Set<Policy> OLD = Set.of(Policy.V5_7, Policy.V5_8);
    private static final Set<Policy> EXCLUSIVE =
            Set.of(Policy.V5_19, Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3, Policy.ORACLE);

    private final List<Measurement> measurements = new ArrayList<>();
    private final List<ForkInfo> forkInfos = new ArrayList<>();
    private final Map<String, Histogram> histograms = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(20220113);
    private final int forks;
    private final int samples;
    private double spread = 0.02;
    private boolean events;
    private final Map<String, String> facts = new TreeMap<>();

    private SyntheticRun(int forks, int samples) {
        this.forks = forks;
        this.samples = samples;
    }

    /** All policies, situations, streams and primitives. */
    static RunView full() {
        return run(5, 20_000, Policy.shipped(), SITUATIONS, List.of("UNIFORM", "ZIPF", "REDIS"))
                .view("full");
    }

    /** Four policies in two situations: small enough for files under version control. */
    static RunView small(int forks) {
        return run(
                        forks,
                        3_000,
                        List.of(Policy.V5_9, Policy.V5_19, Policy.ALWAYS_COPY, Policy.ORACLE),
                        List.of("SWAPCACHE", "FORK_SHARED"),
                        List.of("ZIPF"))
                .view(forks == 1 ? "quick" : "full");
    }

    private static SyntheticRun run(
            int forks, int samples, List<Policy> policies, List<String> situations, List<String> streams) {
        SyntheticRun run = new SyntheticRun(forks, samples);
        for (String method : List.of("l2", "dram")) {
            for (String situation : situations) {
                for (Policy policy : policies) {
                    run.fault(method, situation, policy);
                }
            }
        }
        for (String stream : streams) {
            for (Policy policy : policies) {
                run.churn(stream, policy);
            }
        }
        run.primitive("copyWarm", 51);
        run.primitive("copyCold", 404);
        run.primitive("allocFree", 18.4);
        run.primitive("refGetPut", 10.6);
        run.primitive("lockUnlock", 11.2);
        run.primitive("swapCacheLookup", 4.1);
        run.primitive("empty", 0.6);
        return run;
    }

    /** All policies in one situation, the forks a hundred times apart. */
    static RunView wild() {
        SyntheticRun run = new SyntheticRun(3, 1_000);
        run.spread = 3;
        for (Policy policy : Policy.shipped()) {
            run.fault("dram", "SWAPCACHE", policy);
        }
        return run.view("full");
    }

    /**
     * Writes a run of three policies as a result directory, as a measured run would be.
     *
     * @param results directory of all results
     * @param label name of the directory
     * @return the result directory
     */
    public static Path write(Path results, String label) {
        SyntheticRun run = run(
                3,
                1_000,
                List.of(Policy.V5_9, Policy.V5_19, Policy.ORACLE),
                List.of("SWAPCACHE", "PRIVATE"),
                List.of("ZIPF"));
        ResultWriter writer = ResultWriter.create(results, label);
        writer.writeJmh(out -> out.write(run.jmhJson().getBytes(StandardCharsets.UTF_8)));
        writer.writeRunInfo(run.info("full"));
        List<TaggedHistogram> lines = new ArrayList<>();
        run.histograms.forEach((tag, histogram) -> lines.add(new TaggedHistogram(tag, START, 4.2, histogram)));
        writer.writeHistograms(lines, START, "units: picoseconds per operation");
        return writer.finish();
    }

    private String jmhJson() {
        List<String> runs = new ArrayList<>();
        for (Measurement m : measurements) {
            List<String> params = new ArrayList<>();
            m.params().forEach((name, value) -> params.add("\"" + name + "\":\"" + value + "\""));
            List<String> secondary = new ArrayList<>();
            m.secondary().forEach((name, metric) -> secondary.add("\"" + name + "\":" + json(metric)));
            runs.add("{\"benchmark\":\"org.cowbench.bench." + m.benchmark() + "\",\"mode\":\"avgt\",\"forks\":"
                    + m.forks()
                    + ",\"params\":{" + String.join(",", params) + "},\"primaryMetric\":"
                    + json(new Metric(m.unit(), m.raw())) + ",\"secondaryMetrics\":{" + String.join(",", secondary)
                    + "}}");
        }
        return "[" + String.join(",\n", runs) + "]\n";
    }

    private static String json(Metric metric) {
        return "{\"scoreUnit\":\"" + metric.unit() + "\",\"rawData\":" + Arrays.deepToString(metric.raw()) + "}";
    }

    private RunView view(String suite) {
        return RunView.of(info(suite), measurements, histograms);
    }

    RunInfo info(String suite) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("kernel.release", "6.12.9-cloud-amd64");
        environment.put("cpu.model", "Example 9000 (R) 2.6 GHz");
        environment.put("cpu.online", "0-1");
        environment.put("cpu.governor", "performance");
        environment.put("cpu.hypervisor", "yes");
        environment.put("thp.enabled", "madvise");
        environment.put("swap", "none");
        environment.put("jdk", "Temurin-25.0.3+9 OpenJDK 64-Bit Server VM 25.0.3+9-LTS");
        environment.putAll(facts);
        return new RunInfo(
                1,
                "20220113-140318-53a05ad9f21d",
                "53a05ad9f21d1b1c4d9d7b8f3c8c0a1b2c3d4e5f",
                false,
                List.of("run", "--suite", suite),
                42,
                suite,
                "2022-01-13T14:03:18Z",
                1234.5,
                true,
                environment,
                forkInfos,
                List.of());
    }

    static boolean copies(Policy policy, String situation) {
        if (policy == Policy.ALWAYS_COPY) {
            return true;
        }
        if (policy == Policy.ALWAYS_REUSE) {
            return false;
        }
        return switch (situation) {
            case "SWAPCACHE" -> policy == Policy.V5_9;
            case "BATCHED" -> policy == Policy.V5_9 || policy == Policy.WILCOX || policy == Policy.LINUS;
            case "HIDDEN_SHARER" -> policy != Policy.WILCOX;
            case "FORK_SHARED" -> true;
            case "PINNED" -> !OLD.contains(policy) && !EXCLUSIVE.contains(policy);
            default -> false;
        };
    }

    private void fault(String method, String situation, Policy policy) {
        boolean copies = copies(policy, situation);
        double base = method.equals("l2") ? 1 : 1.6;
        double cost = copies ? 190 * base + (method.equals("dram") ? 420 : 0) : 70 * base;
        cost += EXCLUSIVE.contains(policy) && !copies ? -25 : 0;
        cost += situation.equals("BATCHED") ? 31 : 0;
        Map<String, String> params = new LinkedHashMap<>();
        params.put("policy", policy.name());
        params.put("situation", situation);
        fault("WriteAfterRead." + method, params, cost, copies);
    }

    private void fault(String benchmark, Map<String, String> params, double cost, boolean copies) {
        Map<String, Metric> secondary = new LinkedHashMap<>();
        secondary.put("copies", constant(copies ? 1 : 0));
        secondary.put("reuses", constant(copies ? 0 : 1));
        secondary.put("bytesCopied", constant(copies ? 4096 : 0));
        secondary.put("batch", constant(16));
        if (events) {
            secondary.put("instructions", constant(281.5));
            secondary.put("cacheMisses", constant(0.25));
        }
        add(benchmark, params, cost, secondary);
        Histogram histogram = new Histogram(3_600_000_000_000L, 3);
        for (int i = 0; i < samples; i++) {
            double value = cost * 1000 * StrictMath.exp(0.04 * gaussian());
            if (random.nextInt(200) == 0) {
                value += 60_000 * StrictMath.exp(gaussian());
            }
            histogram.recordValue((long) value);
        }
        histograms.put(Tag.of(benchmark, Policy.displayed(params)), histogram);
    }

    /** The rows without a situation: accesses to swapped pages, fork and exit. */
    static RunView alone() {
        SyntheticRun run = new SyntheticRun(3, 1_000);
        run.events = true;
        for (String benchmark : List.of(
                "Faults.swapInRead",
                "Faults.readThenWrite",
                "Faults.writeSwapIn",
                "Processes.forkPresent",
                "Processes.forkSwapped",
                "Processes.exitPresent",
                "Processes.exitSwapped")) {
            for (Policy policy : List.of(Policy.V5_9, Policy.V5_18, Policy.V6_11)) {
                run.fault(
                        benchmark,
                        Map.of("policy", policy.name()),
                        20 + 7 * policy.ordinal(),
                        benchmark.equals("Faults.readThenWrite") && policy == Policy.V5_9);
            }
        }
        return run.view("full");
    }

    /** A fault by frames and processes, on a processor whose caches have sizes. */
    static RunView scaling() {
        SyntheticRun run = new SyntheticRun(3, 1);
        run.facts.put("cpu.cache.l1d", "48K");
        run.facts.put("cpu.cache.l2", "2048K");
        run.facts.put("cpu.cache.l3", "32M");
        Map<String, Integer> bytes = new LinkedHashMap<>();
        bytes.put("Scaling.reuse", 140);
        bytes.put("Scaling.swapIn", 4300);
        bytes.forEach((benchmark, each) -> {
            for (int frames = 4096; frames <= 1 << 20; frames *= 4) {
                for (int processes = 1; processes <= 64; processes *= 4) {
                    Map<String, String> params = new LinkedHashMap<>();
                    params.put("frames", "" + frames);
                    params.put("processes", "" + processes);
                    double cost = 0.3 * each * (frames < (32 << 20) / each ? 1 : 2);
                    run.add(
                            benchmark,
                            params,
                            cost,
                            Map.of(
                                    "workingSet", run.constant((double) each * frames),
                                    "machineMemory", run.constant(4428.0 * frames)));
                }
            }
        });
        return run.view("scaling");
    }

    private void churn(String stream, Policy policy) {
        double locality =
                switch (stream) {
                    case "UNIFORM" -> 0.2;
                    case "ZIPF" -> 0.06;
                    default -> 0.011;
                };
        double copies = copies(policy, "SWAPCACHE") ? locality * 0.5 : copies(policy, "BATCHED") ? locality * 0.1 : 0;
        Map<String, String> params = new LinkedHashMap<>();
        params.put("policy", policy.name());
        params.put("stream", stream);
        Map<String, Metric> secondary = new LinkedHashMap<>();
        secondary.put("copies", constant(copies));
        secondary.put("reuses", constant(locality * 0.5 - copies));
        secondary.put("framesAllocated", constant(locality + copies));
        secondary.put("bytesCopied", constant(copies * 4096));
        secondary.put("swapReads", constant(locality));
        secondary.put("swapWrites", constant(locality * 0.6 + copies * 0.3));
        secondary.put("needlessCopies", constant(copies * 0.97));
        secondary.put("peakFrames", constant(13107 + Math.rint(copies * 200)));
        add("Churn.run", params, 12 + locality * 900 + copies * 300, secondary);
    }

    private void primitive(String method, double cost) {
        add("Primitives." + method, Map.of(), cost, Map.of());
    }

    private void add(String benchmark, Map<String, String> params, double cost, Map<String, Metric> secondary) {
        double[][] raw = new double[forks][5];
        for (int fork = 0; fork < forks; fork++) {
            double level = cost * StrictMath.exp(spread * gaussian());
            for (int i = 0; i < raw[fork].length; i++) {
                raw[fork][i] = level * StrictMath.exp(0.01 * gaussian());
            }
            double[] sorted = raw[fork].clone();
            Arrays.sort(sorted);
            forkInfos.add(new ForkInfo(
                    forkInfos.size(), fork, benchmark, params, "2022-01-13T14:03:18Z", 4.2, sorted[2], "ns/op", null));
        }
        measurements.add(new Measurement(benchmark, "avgt", params, forks, "ns/op", raw, secondary));
    }

    private Metric constant(double value) {
        double[][] raw = new double[forks][5];
        for (double[] row : raw) {
            Arrays.fill(row, value);
        }
        return new Metric("#/op", raw);
    }

    /** Box and Muller's transform with strict arithmetic: the same numbers everywhere. */
    private double gaussian() {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()))
                * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
