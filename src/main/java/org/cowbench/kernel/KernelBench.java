package org.cowbench.kernel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.result.FolioKind;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Situation;
import org.cowbench.result.Tag;
import org.cowbench.result.TaggedHistogram;

/**
 * Measures kernels in guests and keeps what it measured in a result directory like any other.
 *
 * <p>The unit is guest instructions per page, the floor of two time stamps taken off; of large folios, per folio. A boot is
 * a fork: its value is the median over the pages or folios, because a clock that jumps over idle times and a timer's
 * interrupt put a few far off. Folios come last, for base pages shall find the kernel as it was before there were any.
 */
public final class KernelBench {
    /** Most pages of a measurement. */
    public static final int MOST_PAGES = ProbeLimits.BENCH_PAGES;
    /** The unit of all figures. */
    public static final String UNIT = BootFigure.UNIT;

    private static final String HISTOGRAM_COMMENT =
            "units: thousandths of a guest instruction per page, or per folio; one value each; one line a boot";
    private static final int SCALE = 1000;
    private static final int DIGITS = 3;

    /**
     * One boot of a kernel.
     *
     * @param pages pages of each measurement
     * @param benches what was measured, by situation
     * @param folios what was measured of large folios
     * @param start when it began
     * @param seconds how long it took
     */
    public record Boot(
            int pages,
            Map<Situation, GuestBench> benches,
            Map<FolioKind, Map<Situation, GuestBench>> folios,
            Instant start,
            double seconds) {

        private GuestBench measured(Situation situation) {
            return Objects.requireNonNull(benches.get(situation));
        }

        /**
         * A figure's pass.
         *
         * @param figure the figure
         * @return the pass
         */
        public GuestBench.Pass pass(KernelFigure figure) {
            return figure.of(measured(figure.situation()));
        }

        /**
         * A figure: the median over the pages.
         *
         * @param figure the figure
         * @return instructions per page, without the floor
         */
        public double median(KernelFigure figure) {
            return sample(this, figure).median();
        }

        /**
         * What each measurement is called in messages.
         *
         * @param each is told of each name and measurement, in the order they were made
         */
        public void forEach(BiConsumer<String, GuestBench> each) {
            benches.forEach((situation, bench) -> each.accept(KernelFigure.name(situation), bench));
            folios.forEach((kind, ofKind) ->
                    ofKind.forEach((situation, bench) -> each.accept(FolioFigure.name(situation) + " " + kind, bench)));
        }

        private Optional<GuestBench> bench(FolioKind kind, FolioFigure figure) {
            return Optional.ofNullable(folios.getOrDefault(kind, Map.of()).get(figure.situation()));
        }
    }

    /**
     * What a boot says of a benchmark.
     *
     * @param values instructions, one a page or folio, without the floor
     * @param counts what happened, of each page or folio
     */
    private record Sample(double[] values, Map<KnownMetric, Double> counts) {
        double median() {
            return Math.max(0, GuestBench.medianOf(values));
        }
    }

    /** A benchmark of the result: boots that have it, and how to take it from one. */
    private record Figure(KnownBenchmark benchmark, Map<String, String> params, Function<Boot, Sample> sample) {
        String tag() {
            return Tag.of(benchmark.id(), params);
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
            benches.put(
                    situation, sound(session, KernelFigure.name(situation), session.measure(situation, pages), pages));
        }
        Map<FolioKind, Map<Situation, GuestBench>> folios = new EnumMap<>(FolioKind.class);
        for (FolioKind kind : FolioKind.values()) {
            Map<Situation, GuestBench> ofKind = folios.computeIfAbsent(kind, each -> new EnumMap<>(Situation.class));
            for (Situation situation : FolioFigure.situations(kind)) {
                ofKind.put(
                        situation,
                        sound(
                                session,
                                FolioFigure.name(situation) + " " + kind,
                                session.measure(kind, situation, pages),
                                pages));
            }
        }
        return new Boot(pages, benches, folios, start, (System.nanoTime() - nanos) / 1e9);
    }

    private static GuestBench sound(KernelSession session, String name, GuestBench bench, int pages) {
        bench.spoilt().ifPresent(why -> {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    session.release() + ": " + name + " of " + pages + " pages is no figure of a fault in memory: "
                            + why + "; take fewer --pages");
        });
        return bench;
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
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        Map<String, String> environment = new TreeMap<>(info.environment());
        boots.forEach((kernel, ofKernel) -> {
            List<Figure> figures = figures(named ? Map.of(Tag.KERNEL_PARAM, kernel) : Map.of(), ofKernel);
            figures.forEach(figure -> json.add(entry(figure, ofKernel).json()));
            for (int boot = 0; boot < ofKernel.size(); boot++) {
                for (Figure figure : figures) {
                    Boot one = ofKernel.get(boot);
                    Sample sample = figure.sample().apply(one);
                    histograms.add(new TaggedHistogram(figure.tag(), one.start(), one.seconds(), histogram(sample)));
                    forks.add(new ForkInfo(
                            forks.size(),
                            boot,
                            figure.benchmark().id(),
                            figure.params(),
                            one.start().toString(),
                            one.seconds(),
                            sample.median(),
                            UNIT,
                            null));
                }
            }
            for (FolioKind kind : FolioKind.values()) {
                String lacks = lacks(kind, ofKernel);
                if (!lacks.isEmpty()) {
                    environment.put(kind.lacksFact() + (named ? "." + kernel : ""), lacks);
                }
            }
        });
        writer.writeJmh(json);
        writer.writeHistograms(histograms, Instant.parse(info.started()), HISTOGRAM_COMMENT);
        writer.writeRunInfo(info.in(environment).at(info.seconds(), info.complete(), forks));
    }

    /** Why a kernel has no figure of a kind, or not all of them; empty where it has. */
    private static String lacks(FolioKind kind, List<Boot> boots) {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        int figures = 0;
        for (FolioFigure figure : FolioFigure.values()) {
            if (figure.kinds().contains(kind)) {
                figures++;
                boots.stream()
                        .flatMap(boot -> boot.bench(kind, figure).flatMap(GuestBench::lacking).stream())
                        .findFirst()
                        .ifPresent(why -> names.computeIfAbsent(why, each -> new LinkedHashSet<>())
                                .add(figure.benchmark().method()));
            }
        }
        int all = figures;
        return names.entrySet().stream()
                .map(each ->
                        (each.getValue().size() == all ? "" : String.join(", ", each.getValue()) + " ") + each.getKey())
                .collect(Collectors.joining("; "));
    }

    private static List<Figure> figures(Map<String, String> params, List<Boot> boots) {
        List<Figure> figures = new ArrayList<>();
        for (KernelFigure figure : KernelFigure.values()) {
            figures.add(new Figure(figure.benchmark(), params, boot -> sample(boot, figure)));
        }
        for (FolioKind kind : FolioKind.values()) {
            Map<String, String> own = new TreeMap<>(params);
            own.put(FolioKind.PARAM, kind.name());
            for (FolioFigure figure : FolioFigure.values()) {
                if (boots.stream().allMatch(boot -> boot.bench(kind, figure)
                        .filter(bench -> bench.lacking().isEmpty())
                        .isPresent())) {
                    figures.add(new Figure(figure.benchmark(), own, boot -> sample(boot, kind, figure)));
                }
            }
        }
        return figures;
    }

    private static Sample sample(Boot boot, KernelFigure figure) {
        GuestBench.Pass pass = boot.pass(figure);
        double floor = boot.measured(figure.situation()).floor();
        return new Sample(
                Arrays.stream(pass.ticks()).mapToDouble(ticks -> ticks - floor).toArray(),
                counts(pass, pass.ticks().length));
    }

    private static Sample sample(Boot boot, FolioKind kind, FolioFigure figure) {
        GuestBench bench = boot.bench(kind, figure).orElseThrow();
        return new Sample(
                figure.values(bench, kind, boot.pages()),
                figure.accesses() ? counts(figure.of(bench), FolioFigure.folios(kind, boot.pages())) : Map.of());
    }

    private static Map<KnownMetric, Double> counts(GuestBench.Pass pass, double units) {
        Map<KnownMetric, Double> counts = new LinkedHashMap<>();
        counts.put(KnownMetric.COPIES, pass.changed() / units);
        counts.put(KnownMetric.REUSES, pass.kept() / units);
        counts.put(KnownMetric.MINOR_FAULTS, pass.minor() / units);
        counts.put(KnownMetric.MAJOR_FAULTS, pass.major() / units);
        return counts;
    }

    /** The distribution over the pages or folios, in thousandths of an instruction. */
    private static Histogram histogram(Sample sample) {
        Histogram histogram = new Histogram(DIGITS);
        for (double value : sample.values()) {
            histogram.recordValue(Math.max(0, Math.round(value * SCALE)));
        }
        return histogram;
    }

    private static BootFigure entry(Figure figure, List<Boot> boots) {
        List<Sample> samples = boots.stream().map(figure.sample()).toList();
        Map<KnownMetric, double[]> counts = new LinkedHashMap<>();
        samples.getFirst()
                .counts()
                .keySet()
                .forEach(known -> counts.put(
                        known,
                        samples.stream()
                                .mapToDouble(sample -> sample.counts().get(known))
                                .toArray()));
        counts.put(
                KnownMetric.MEAN,
                samples.stream()
                        .mapToDouble(sample ->
                                Arrays.stream(sample.values()).average().orElse(Double.NaN))
                        .toArray());
        return new BootFigure(
                figure.benchmark(),
                figure.params(),
                samples.getFirst().values().length,
                samples.stream().mapToDouble(Sample::median).toArray(),
                counts,
                Map.of());
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
        facts.put(
                "guest.swap",
                options.swapMiB() + " MiB" + (options.device() == SwapDevice.DISK ? "" : " on " + options.device()));
        facts.put("guest.clock", "icount shift=0,sleep=off: a tick is an instruction");
        facts.put("guest.emulator", emulatorVersion(options.qemu()));
        return facts;
    }

    private static String emulatorVersion(String qemu) {
        try {
            Process process = new ProcessBuilder(qemu, "--version")
                    .redirectErrorStream(true)
                    .start();
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
