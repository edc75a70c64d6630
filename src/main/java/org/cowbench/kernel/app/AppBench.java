package org.cowbench.kernel.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.cowbench.kernel.BootFigure;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.LogFinding;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Tag;

/**
 * Keeps what programs cost in a result directory like any other. A boot is a fork; boots of the same number have the same
 * requests on every kernel.
 */
public final class AppBench {
    /** Fact of a result in whose boots the kernel's log said something that counts: how often. */
    static final String LOG = "log.findings";

    private static final int MIB = 1 << 20;
    private static final int PAGE = 4096;
    private static final int INSTRUCTIONS_A_MICROSECOND = 1000;
    /** What a guest needs beside the program: its kernel, and the files in its memory. */
    private static final int OTHERS_MIB = 192;

    private static final int LEAST_SWAP_MIB = 256;

    private AppBench() {}

    /**
     * The guest for a program.
     *
     * @param app the program
     * @param size how much is asked of it
     * @param environment the environment variables
     * @param memory MiB, or 0 for as much as the program needs while it is not limited, and a snapshot's copies
     * @return how guests are run
     */
    public static GuestOptions options(App app, App.Size size, Map<String, String> environment, int memory) {
        int needs = (int) Math.min(Integer.MAX_VALUE / 4, app.memory(size) / MIB + 1);
        return GuestOptions.bench(environment, 1)
                .withSize(memory > 0 ? memory : OTHERS_MIB + 2 * needs, Math.max(LEAST_SWAP_MIB, 2 * needs));
    }

    /**
     * What was asked of a program, for the environment of a result.
     *
     * @param app the program
     * @param size how much was asked of it
     * @param program its files
     * @return facts by dotted name
     */
    public static Map<String, String> environment(App app, App.Size size, Program program) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("app.name", app.name());
        facts.put(
                "app.command",
                app.arguments().stream()
                        .map(word -> word.isEmpty() ? "''" : word)
                        .collect(Collectors.joining(" ")));
        facts.put("app.packages", program.versions());
        facts.put("app.keys", size.keys() + " of " + size.bytes() + " bytes");
        facts.put("app.requests", size.requests() + " a load, " + size.pipeline() + " at once");
        facts.put("app.limit", size.percent() + " % of the memory it uses when it holds all keys");
        facts.put("app.readahead", "vm.page-cluster 3");
        return facts;
    }

    /**
     * Saves what was measured so far.
     *
     * @param app the program
     * @param writer the result directory
     * @param info what is known about the run; label, command and the like
     * @param boots boots by kernel; when {@code named}, each measurement has a parameter {@code kernel}
     * @param named whether measurements name their kernel; without it two kernels' results can be compared
     */
    public static void save(
            App app, ResultWriter writer, RunInfo info, Map<String, List<AppBoot>> boots, boolean named) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        List<ForkInfo> forks = new ArrayList<>();
        boots.forEach((kernel, ofKernel) -> figures(app, named ? Map.of(Tag.KERNEL_PARAM, kernel) : Map.of(), ofKernel)
                .forEach(figure -> {
                    json.add(figure.json());
                    for (int boot = 0; boot < ofKernel.size(); boot++) {
                        AppBoot one = ofKernel.get(boot);
                        forks.add(new ForkInfo(
                                forks.size(),
                                boot,
                                figure.benchmark().id(),
                                figure.params(),
                                one.start().toString(),
                                one.seconds(),
                                figure.scores()[boot],
                                BootFigure.UNIT,
                                null));
                    }
                }));
        long said = boots.values().stream()
                .flatMap(List::stream)
                .flatMap(boot -> boot.log().stream())
                .filter(LogFinding::counts)
                .count();
        Map<String, String> environment = new TreeMap<>(info.environment());
        if (said > 0) {
            environment.put(LOG, Long.toString(said));
        }
        writer.writeJmh(json);
        writer.writeRunInfo(info.in(environment).at(info.seconds(), info.complete(), forks));
    }

    private static List<BootFigure> figures(App app, Map<String, String> kernel, List<AppBoot> boots) {
        Map<String, String> params = new TreeMap<>(kernel);
        params.put(Tag.APP_PARAM, app.name());
        List<BootFigure> figures = new ArrayList<>();
        for (String load : boots.getFirst().loads().keySet()) {
            Map<String, String> own = new TreeMap<>(params);
            own.put(Tag.LOAD_PARAM, load);
            List<AppBoot.Load> loads =
                    boots.stream().map(boot -> boot.loads().get(load)).toList();
            Map<KnownMetric, double[]> counts = new LinkedHashMap<>();
            counts.put(KnownMetric.SWAP_READS, each(loads, AppBoot.Load::in));
            counts.put(KnownMetric.SWAP_WRITES, each(loads, AppBoot.Load::out));
            counts.put(KnownMetric.MINOR_FAULTS, each(loads, AppBoot.Load::minor));
            counts.put(KnownMetric.MAJOR_FAULTS, each(loads, AppBoot.Load::major));
            where(loads, AppBoot.Load::reused, values -> counts.put(KnownMetric.REUSES, values), true);
            where(loads, AppBoot.Load::peak, values -> counts.put(KnownMetric.PEAK_FRAMES, values), false);
            figures.add(new BootFigure(
                    KnownBenchmark.GUEST_APP_REQUEST,
                    own,
                    (int) loads.getFirst().requests(),
                    each(loads, AppBoot.Load::instructions),
                    counts,
                    calls(loads)));
        }
        if (boots.stream().allMatch(boot -> boot.told().containsKey(AppBoot.FORK))) {
            figures.add(new BootFigure(
                    KnownBenchmark.GUEST_APP_FORK,
                    params,
                    1,
                    boots.stream()
                            .mapToDouble(
                                    boot -> Objects.requireNonNull(boot.told().get(AppBoot.FORK))
                                            * (double) INSTRUCTIONS_A_MICROSECOND)
                            .toArray(),
                    Map.of(),
                    Map.of()));
        }
        return figures;
    }

    /** Of each request, of functions that every boot could count. */
    private static Map<String, double[]> calls(List<AppBoot.Load> loads) {
        Map<String, double[]> calls = new LinkedHashMap<>();
        loads.getFirst().calls().keySet().stream()
                .filter(name -> loads.stream().allMatch(load -> load.calls().containsKey(name)))
                .forEach(name -> calls.put(
                        name,
                        each(loads, load -> Objects.requireNonNull(load.calls().get(name)))));
        return calls;
    }

    /** Of each request. */
    private static double[] each(List<AppBoot.Load> loads, ToDoubleFunction<AppBoot.Load> count) {
        return loads.stream()
                .mapToDouble(load -> count.applyAsDouble(load) / load.requests())
                .toArray();
    }

    private static void where(
            List<AppBoot.Load> loads,
            Function<AppBoot.Load, OptionalLong> count,
            Consumer<double[]> known,
            boolean eachRequest) {
        if (loads.stream().allMatch(load -> count.apply(load).isPresent())) {
            ToDoubleFunction<AppBoot.Load> value = load -> count.apply(load).getAsLong();
            known.accept(
                    eachRequest
                            ? each(loads, value)
                            : loads.stream()
                                    .mapToDouble(load -> value.applyAsDouble(load) / PAGE)
                                    .toArray());
        }
    }
}
