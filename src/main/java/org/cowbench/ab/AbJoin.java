package org.cowbench.ab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cowbench.compare.Session;
import org.cowbench.noise.Disturbances;
import org.cowbench.noise.Noise;
import org.cowbench.result.Environment;
import org.cowbench.result.FewForks;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.cowbench.stats.Forks;

/** Joins the forks of a session, each a result directory of its own, into one result directory a side. */
final class AbJoin {
    /** File beside a fork's result: what disturbed it. */
    static final String NOISE = "noise.json";
    /** Ends the names of facts that a run states when it has ended. */
    private static final String END = ".end";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path forks;
    private final AbPlan plan;

    /**
     * Prepares to join.
     *
     * @param forks directory of the forks
     * @param plan the session's plan
     */
    AbJoin(Path forks, AbPlan plan) {
        this.forks = forks;
        this.plan = plan;
    }

    /**
     * Joins the forks of one side.
     *
     * @param where directory of results to put it into
     * @param blocks how many blocks of the session count
     * @param notes warnings of every side
     * @return the result directory
     * @throws IOException if something cannot be read or written
     */
    Path join(AbPlan.Side side, Path where, int blocks, Set<String> notes) throws IOException {
        List<AbPlan.Slot> slots =
                plan.slots().stream().filter(slot -> slot.block() < blocks).toList();
        List<ForkInfo> infos = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<TaggedHistogram> histograms = new ArrayList<>();
        Set<String> warnings = new LinkedHashSet<>(notes);
        Set<String> ofEveryFork = null;
        SortedMap<String, String> environment = new TreeMap<>();
        Disturbances disturbances = new Disturbances();
        double shortest = shortestCalibration(slots);
        Map<String, String> logs = new TreeMap<>();
        String started = "";
        double seconds = 0;
        for (AbPlan.Slot slot : slots) {
            if (!slot.side().equals(side)) {
                continue;
            }
            ResultDirectory fork = ResultDirectory.read(at(slot));
            RunInfo info = fork.info();
            started = started.isEmpty() ? info.started() : started;
            seconds += info.seconds();
            for (Map.Entry<String, String> fact : info.environment().entrySet()) {
                // What is of the end is that of the last fork, everything else that of the first.
                String before = fact.getKey().endsWith(END)
                        ? environment.put(fact.getKey(), fact.getValue())
                        : environment.putIfAbsent(fact.getKey(), fact.getValue());
                if (before != null && !before.equals(fact.getValue()) && !Environment.fleeting(fact.getKey())) {
                    warnings.add(fact.getKey() + " changed during the session: " + before + " -> " + fact.getValue());
                }
            }
            if (ofEveryFork == null) {
                ofEveryFork = new LinkedHashSet<>(info.warnings());
            }
            ofEveryFork.retainAll(info.warnings());
            Noise noise = noise(slot).against(shortest);
            disturbances.add(noise);
            infos.addAll(infos(slot, fork, noise));
            files.add(at(slot).resolve(ResultDirectory.JMH_FILE));
            logs.putAll(logs(slot));
            fork.eachHistogram(histograms::add);
        }
        // A fork is few, but a session has as many as its blocks.
        Objects.requireNonNull(ofEveryFork).stream()
                .filter(warning -> !FewForks.isSaid(warning))
                .forEach(warnings::add);
        disturbances.warning().filter(warning -> plan.timed()).ifPresent(warnings::add);
        environment.put(Session.ID, plan.session());
        plan.sides().stream()
                .filter(other -> other.name().equals(AbPlan.CONTROL))
                .findFirst()
                .ifPresent(control -> environment.put(Session.CONTROL, plan.resultLabel(control)));
        if (plan.sequential()) {
            environment.put(
                    Session.LOOKS, plan.looks().stream().map(String::valueOf).collect(Collectors.joining(",")));
            environment.put(Session.LOOK, String.valueOf(plan.looks().indexOf(blocks) + 1));
        }
        AbSession.delete(where.resolve(plan.resultLabel(side) + ResultDirectory.PARTIAL_SUFFIX));
        ResultWriter writer = ResultWriter.create(where, plan.resultLabel(side));
        for (Map.Entry<String, String> log : logs.entrySet()) {
            writer.writeText(log.getKey(), log.getValue());
        }
        byte[] jmh = AbMerge.jmh(files);
        writer.writeJmh(out -> out.write(jmh));
        if (!histograms.isEmpty()) {
            writer.writeHistograms(histograms, histograms.getFirst().start(), TaggedHistogram.COMMENT);
        }
        writer.writeRunInfo(new RunInfo(
                RunInfo.SCHEMA,
                plan.resultLabel(side),
                side.commit(),
                side.dirty(),
                plan.command(),
                plan.seed(),
                "ab",
                started,
                seconds,
                true,
                environment,
                infos,
                List.copyOf(warnings)));
        return writer.finish();
    }

    /** The forks of a result directory with one fork, at their places in the session. */
    private static List<ForkInfo> infos(AbPlan.Slot slot, ResultDirectory result, Noise noise) {
        RunInfo info = result.info();
        List<ForkInfo> infos = new ArrayList<>();
        for (ForkInfo fork : info.forks()) {
            infos.add(new ForkInfo(
                    slot.order(),
                    slot.block(),
                    fork.benchmark(),
                    fork.params(),
                    fork.started(),
                    fork.seconds(),
                    fork.median(),
                    fork.unit(),
                    fork.error(),
                    noise.numbers()));
        }
        if (info.forks().isEmpty()) {
            for (Measurement measurement : result.measurements()) {
                infos.add(new ForkInfo(
                        slot.order(),
                        slot.block(),
                        measurement.benchmark(),
                        measurement.params(),
                        info.started(),
                        info.seconds(),
                        Forks.median(measurement.raw()[0]),
                        measurement.unit(),
                        null,
                        noise.numbers()));
            }
        }
        return infos;
    }

    /** What a failed fork printed, by a name that holds its place. */
    private Map<String, String> logs(AbPlan.Slot slot) throws IOException {
        Map<String, String> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(at(slot), "*.log")) {
            for (Path file : files) {
                logs.put(name(slot) + ".log", new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return logs;
    }

    /** Each call measured its forks against the best it had seen; here all are judged by the same. */
    private double shortestCalibration(List<AbPlan.Slot> slots) throws IOException {
        double shortest = Double.POSITIVE_INFINITY;
        for (AbPlan.Slot slot : slots) {
            shortest = Math.min(shortest, noise(slot).calibration());
        }
        return shortest;
    }

    private Noise noise(AbPlan.Slot slot) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        MAPPER.readTree(Files.readAllBytes(at(slot).resolve(NOISE)))
                .properties()
                .forEach(entry -> numbers.put(entry.getKey(), entry.getValue().asDouble()));
        return Noise.of(numbers);
    }

    /** Where the result of a fork is. */
    Path at(AbPlan.Slot slot) {
        return forks.resolve(name(slot));
    }

    /** What the result of a fork is called. */
    static String name(AbPlan.Slot slot) {
        return "fork-" + slot.order();
    }
}
