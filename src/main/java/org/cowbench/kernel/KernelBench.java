package org.cowbench.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;
import org.cowbench.result.Tag;
import org.cowbench.result.TaggedHistogram;

/**
 * Measures kernels in guests and keeps what it measured in a result directory like any other.
 *
 * <p>The unit is guest instructions per page, the floor of two time stamps taken off. A boot is a fork: its value is the
 * median over the pages, because a clock that jumps over idle times and a timer's interrupt put a few pages far off.
 */
public final class KernelBench {
    /** Most pages of a measurement. */
    public static final int MOST_PAGES = ProbeLimits.BENCH_PAGES;
    /** The unit of all figures. */
    public static final String UNIT = KnownMetric.MEAN.unit().text();

    private static final String PACKAGE = KernelBench.class.getPackageName() + ".";
    private static final String HISTOGRAM_COMMENT =
            "units: thousandths of a guest instruction per page; one value a page; one line a boot";
    private static final int SCALE = 1000;
    private static final int DIGITS = 3;

    /**
     * One boot of a kernel.
     *
     * @param benches what was measured, by situation
     * @param start when it began
     * @param seconds how long it took
     */
    public record Boot(Map<Situation, GuestBench> benches, Instant start, double seconds) {

        /**
         * A figure's pass.
         *
         * @param figure the figure
         * @return the pass
         */
        public GuestBench.Pass pass(KernelFigure figure) {
            return figure.of(benches.get(figure.situation()));
        }

        /**
         * A figure: the median over the pages.
         *
         * @param figure the figure
         * @return instructions per page, without the floor
         */
        public double median(KernelFigure figure) {
            return Math.max(0, pass(figure).median() - benches.get(figure.situation()).floor());
        }
    }

    private KernelBench() {}

    /**
     * Measures every situation once in a kernel that has just booted.
     *
     * @param session the kernel
     * @param pages number of pages of each measurement, at most {@link #MOST_PAGES}
     * @return what was measured
     * @throws KernelException if the kernel could not do it or did not survive it, or if pages left memory meanwhile: a
     *     figure would then be that of the swap device
     */
    public static Boot measure(KernelSession session, int pages) {
        Instant start = Instant.now();
        long nanos = System.nanoTime();
        Map<Situation, GuestBench> benches = new EnumMap<>(Situation.class);
        for (Situation situation : KernelFigure.SITUATIONS) {
            GuestBench bench = session.measure(situation, pages);
            bench.spoilt().ifPresent(why -> {
                throw new KernelException(KernelException.Kind.LACKS, session.release() + ": " + KernelFigure.name(situation) + " of " + pages
                        + " pages is no figure of a fault in memory: " + why + "; take fewer --pages");
            });
            benches.put(situation, bench);
        }
        return new Boot(benches, start, (System.nanoTime() - nanos) / 1e9);
    }

    /**
     * Saves what was measured so far.
     *
     * @param writer the result directory
     * @param info what is known about the run; label, command and the like
     * @param boots boots by kernel; when {@code named}, each measurement has a parameter {@code kernel}
     * @param named whether measurements name their kernel; without it two kernels' results can be compared
     */
    public static void save(ResultWriter writer, RunInfo info, Map<String, List<Boot>> boots, boolean named) {
        List<TaggedHistogram> histograms = new ArrayList<>();
        List<ForkInfo> forks = new ArrayList<>();
        ArrayNode json = new ObjectMapper().createArrayNode();
        boots.forEach((kernel, ofKernel) -> {
            Map<String, String> params = named ? Map.of(Tag.KERNEL_PARAM, kernel) : Map.of();
            for (KernelFigure figure : KernelFigure.values()) {
                json.add(entry(figure, params, ofKernel));
            }
            for (int boot = 0; boot < ofKernel.size(); boot++) {
                for (KernelFigure figure : KernelFigure.values()) {
                    Boot one = ofKernel.get(boot);
                    String name = figure.benchmark().id();
                    histograms.add(new TaggedHistogram(Tag.of(name, params), one.start(), one.seconds(), histogram(one, figure)));
                    forks.add(new ForkInfo(forks.size(), boot, name, params, one.start().toString(), one.seconds(),
                            one.median(figure), UNIT, null));
                }
            }
        });
        writer.writeJmh(out -> out.write(new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(json)));
        writer.writeHistograms(histograms, Instant.parse(info.started()), HISTOGRAM_COMMENT);
        writer.writeRunInfo(info.at(info.seconds(), info.complete(), forks));
    }

    /**
     * The distribution over the pages.
     *
     * @param boot a boot
     * @param figure a figure
     * @return values in thousandths of an instruction, without the floor
     */
    static Histogram histogram(Boot boot, KernelFigure figure) {
        Histogram histogram = new Histogram(DIGITS);
        double floor = boot.benches().get(figure.situation()).floor();
        for (long ticks : boot.pass(figure).ticks()) {
            histogram.recordValue(Math.max(0, Math.round((ticks - floor) * SCALE)));
        }
        return histogram;
    }

    /** One benchmark in JMH's format. */
    private static ObjectNode entry(KernelFigure figure, Map<String, String> params, List<Boot> boots) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("jmhVersion", "none: measured in a guest").put("benchmark", PACKAGE + figure.benchmark().id()).put("mode", "avgt")
                .put("threads", 1).put("forks", boots.size()).put("jdkVersion", System.getProperty("java.version"))
                .put("warmupIterations", 0).put("warmupTime", "none").put("warmupBatchSize", 1)
                .put("measurementIterations", 1).put("measurementTime", "single pass")
                .put("measurementBatchSize", boots.getFirst().pass(figure).ticks().length);
        if (!params.isEmpty()) {
            ObjectNode names = json.putObject("params");
            params.forEach(names::put);
        }
        json.set("primaryMetric", metric(boots, UNIT, boot -> boot.median(figure)));
        ObjectNode secondary = json.putObject("secondaryMetrics");
        Map<KnownMetric, ToDoubleFunction<GuestBench.Pass>> counts = new LinkedHashMap<>();
        counts.put(KnownMetric.COPIES, pass -> pass.changed() / (double) pass.ticks().length);
        counts.put(KnownMetric.REUSES, pass -> pass.kept() / (double) pass.ticks().length);
        counts.put(KnownMetric.MINOR_FAULTS, pass -> pass.minor() / (double) pass.ticks().length);
        counts.put(KnownMetric.MAJOR_FAULTS, pass -> pass.major() / (double) pass.ticks().length);
        counts.forEach((known, count) -> secondary.set(known.id(),
                metric(boots, known.unit().text(), boot -> count.applyAsDouble(boot.pass(figure)))));
        secondary.set(KnownMetric.MEAN.id(), metric(boots, UNIT, boot -> boot.pass(figure).mean() - boot.benches().get(figure.situation()).floor()));
        return json;
    }

    private static ObjectNode metric(List<Boot> boots, String unit, ToDoubleFunction<Boot> value) {
        double[] values = boots.stream().mapToDouble(value).toArray();
        ObjectNode metric = new ObjectMapper().createObjectNode();
        metric.put("score", Arrays.stream(values).average().orElse(Double.NaN));
        // JMH's word for what it does not compute; intervals are the stats package's business.
        metric.put("scoreError", "NaN");
        metric.putArray("scoreConfidence").add("NaN").add("NaN");
        metric.putObject("scorePercentiles").put("0.0", Arrays.stream(values).min().orElse(Double.NaN))
                .put("50.0", GuestBench.medianOf(values)).put("100.0", Arrays.stream(values).max().orElse(Double.NaN));
        metric.put("scoreUnit", unit);
        ArrayNode raw = metric.putArray("rawData");
        for (double each : values) {
            raw.addArray().add(each);
        }
        return metric;
    }

    /**
     * What tells a kernel from all others, for the environment of a result.
     *
     * @param name its label
     * @param kernel the kernel
     * @param several whether the result holds several kernels, so that each fact ends in the kernel's label
     * @return facts by dotted name
     */
    public static Map<String, String> environment(String name, KernelImage kernel, boolean several) {
        String end = several ? "." + name : "";
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("guest.kernel" + end, kernel.release());
        facts.put("guest.build" + end, kernel.build());
        facts.put("guest.image" + end, Path.of(kernel.source()).getFileName().toString());
        facts.put("guest.sha256" + end, kernel.sha256());
        facts.put("guest.disk" + end, kernel.disk());
        facts.put("guest.policy" + end, KernelEra.policyOf(kernel.release()).id());
        if (!several) {
            facts.put("guest.name", name);
        }
        return facts;
    }

    /**
     * What is fixed in a guest and influences its figures, for the environment of a result.
     *
     * @param options how the guests were run
     * @return facts by dotted name
     */
    public static Map<String, String> environment(GuestOptions options) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("guest.cpu", options.cpu());
        facts.put("guest.append", options.append());
        facts.put("guest.cmdline", options.commandLine());
        facts.put("guest.memory", options.memoryMiB() + " MiB");
        facts.put("guest.swap", options.swapMiB() + " MiB");
        facts.put("guest.clock", "icount shift=0,sleep=off: a tick is an instruction");
        facts.put("guest.emulator", emulatorVersion(options.qemu()));
        return facts;
    }

    private static String emulatorVersion(String qemu) {
        try {
            Process process = new ProcessBuilder(qemu, "--version").redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor();
            return text.lines().findFirst().orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
