package org.cowbench.ab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.cowbench.noise.Noise;
import org.cowbench.noise.NoiseMeter;
import org.cowbench.report.ComparisonBuilder;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.TaggedHistogram;
import org.cowbench.stats.Forks;

/** A session on disk: its plan, the forks that are done, and in the end one result directory a side. */
public final class AbSession {
    /** Ends the name of a session's directory. */
    public static final String SUFFIX = ".ab";

    private static final String PLAN = "plan.json";
    private static final String FORKS = "forks";
    private static final String NOISE = "noise.json";
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path results;
    private final Path directory;
    private final AbPlan plan;

    private AbSession(Path results, AbPlan plan) {
        this.results = results;
        this.directory = directory(results, plan.label());
        this.plan = plan;
    }

    /** Follows a session; called from the thread that runs it. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A fork is about to start.
         *
         * @param slot the fork
         * @param done forks that are done
         * @param total forks planned
         * @param secondsLeft estimate of the time the rest will take; NaN before the first fork has ended
         */
        void starting(AbPlan.Slot slot, int done, int total, double secondsLeft);
    }

    /**
     * The directory of a session.
     *
     * @param results directory of all results
     * @param label label of the session
     * @return {@code results/<label>.ab}
     */
    public static Path directory(Path results, String label) {
        return results.resolve(label + SUFFIX);
    }

    /**
     * Starts a session.
     *
     * @param results directory of all results
     * @param plan what it is to do
     * @return the session, nothing of it done
     * @throws AbException when a result of that label exists or nothing can be written
     */
    public static AbSession create(Path results, AbPlan plan) {
        AbSession session = new AbSession(results, plan);
        for (AbPlan.Side side : plan.sides()) {
            if (Files.exists(results.resolve(plan.resultLabel(side)))) {
                throw new AbException(results.resolve(plan.resultLabel(side))
                        + " exists already; choose another --label or remove it");
            }
        }
        try {
            Files.createDirectories(session.directory.resolve(FORKS));
            Path temporary = session.directory.resolve("." + PLAN);
            Files.write(temporary, MAPPER.writeValueAsBytes(plan));
            Files.move(temporary, session.directory.resolve(PLAN), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AbException("cannot write " + session.directory + ": " + e.getMessage()
                    + "; choose another place with --results DIR", e);
        }
        return session;
    }

    /**
     * Opens a session that was begun.
     *
     * @param results directory of all results
     * @param label its label
     * @return the session
     * @throws AbException when there is none or its plan cannot be read
     */
    public static AbSession open(Path results, String label) {
        Path file = directory(results, label).resolve(PLAN);
        if (!Files.exists(file)) {
            throw new AbException("no session '" + label + "' to resume: " + file + " does not exist");
        }
        try {
            AbPlan plan = MAPPER.readValue(Files.readAllBytes(file), AbPlan.class);
            if (plan.schema() != AbPlan.SCHEMA) {
                throw new AbException(file + " has schema " + plan.schema() + ", this cowbench reads " + AbPlan.SCHEMA);
            }
            return new AbSession(results, plan);
        } catch (IOException e) {
            throw new AbException(file + " is no whole plan; remove " + file.getParent() + " and begin again", e);
        }
    }

    /**
     * What the session does.
     *
     * @return its plan
     */
    public AbPlan plan() {
        return plan;
    }

    /**
     * Where it is on disk until it is finished.
     *
     * @return its directory
     */
    public Path directory() {
        return directory;
    }

    /**
     * Counts the forks that are done.
     *
     * @return their number
     */
    public int done() {
        return (int) plan.slots().stream().filter(slot -> Files.exists(fork(slot).resolve(NOISE))).count();
    }

    /**
     * Executes what is left.
     *
     * @param runner executes forks
     * @param listener told before each
     * @param stop asked before each fork; once true the session stops with what it has
     * @return true when every fork is done
     * @throws AbException when forks cannot be executed or stored; what is done is kept
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean run(ForkRunner runner, Listener listener, BooleanSupplier stop) throws InterruptedException {
        List<AbPlan.Slot> slots = plan.slots();
        List<AbPlan.Slot> left = slots.stream().filter(slot -> !Files.exists(fork(slot).resolve(NOISE))).toList();
        if (left.isEmpty()) {
            return true;
        }
        NoiseMeter meter = new NoiseMeter();
        double seconds = 0;
        for (int i = 0; i < left.size(); i++) {
            if (stop.getAsBoolean()) {
                return false;
            }
            AbPlan.Slot slot = left.get(i);
            double secondsLeft = i == 0 ? Double.NaN : seconds / i * (left.size() - i);
            listener.starting(slot, slots.size() - left.size() + i, slots.size(), secondsLeft);
            try {
                // What a killed call left of this fork.
                delete(fork(slot));
                delete(directory.resolve(FORKS).resolve(name(slot) + ResultDirectory.PARTIAL_SUFFIX));
                long start = System.nanoTime();
                meter.start();
                runner.run(slot, directory.resolve(FORKS), name(slot));
                Noise noise = meter.stop();
                if (stop.getAsBoolean()) {
                    return false; // The fork did not fail, it was interrupted.
                }
                seconds += (System.nanoTime() - start) / 1e9;
                Files.write(fork(slot).resolve(NOISE), MAPPER.writeValueAsBytes(noise.numbers()));
            } catch (IOException e) {
                throw new AbException("cannot write below " + directory + ": " + e.getMessage(), e);
            }
        }
        return true;
    }

    /**
     * Joins the forks into one result directory a side and removes the session's own.
     *
     * @return result directories in the order of the plan's sides
     * @throws AbException when a fork's result cannot be read or nothing can be written; the session is kept
     */
    public List<Path> finish() {
        List<Path> written = new ArrayList<>();
        try {
            for (AbPlan.Side side : plan.sides()) {
                // A call that was killed while joining has left some sides whole.
                Path target = results.resolve(plan.resultLabel(side));
                written.add(Files.exists(target) ? target : join(side));
            }
            delete(directory);
        } catch (IOException | ResultException e) {
            throw new AbException("cannot join the forks of " + directory + ": " + e.getMessage(), e);
        }
        return written;
    }

    private Path join(AbPlan.Side side) throws IOException {
        List<ForkInfo> forks = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<TaggedHistogram> histograms = new ArrayList<>();
        Set<String> warnings = new LinkedHashSet<>();
        SortedMap<String, String> environment = new TreeMap<>();
        Map<String, Integer> disturbances = new TreeMap<>();
        Map<String, String> logs = new TreeMap<>();
        String started = "";
        double seconds = 0;
        for (AbPlan.Slot slot : plan.slots()) {
            if (!slot.side().equals(side)) {
                continue;
            }
            ResultDirectory fork = ResultDirectory.read(fork(slot));
            RunInfo info = fork.info();
            started = started.isEmpty() ? info.started() : started;
            seconds += info.seconds();
            for (Map.Entry<String, String> fact : info.environment().entrySet()) {
                String before = environment.putIfAbsent(fact.getKey(), fact.getValue());
                if (before != null && !before.equals(fact.getValue()) && !Environment.fleeting(fact.getKey())) {
                    warnings.add(fact.getKey() + " changed during the session: " + before + " -> " + fact.getValue());
                }
            }
            Noise noise = noise(slot);
            noise.disturbances().forEach(what -> disturbances.merge(what, 1, Integer::sum));
            forks.addAll(infos(slot, fork, noise));
            files.add(fork(slot).resolve(ResultDirectory.JMH_FILE));
            logs.putAll(logs(slot));
            fork.eachHistogram(histograms::add);
        }
        int count = files.size();
        disturbances.forEach((what, number) ->
                warnings.add(number + " of " + count + " forks disturbed: " + what));
        environment.put(ComparisonBuilder.SESSION, plan.label() + "/" + plan.seed());
        plan.sides().stream().filter(other -> other.name().equals(AbPlan.CONTROL)).findFirst().ifPresent(control ->
                environment.put(ComparisonBuilder.CONTROL, plan.resultLabel(control)));
        Path partial = results.resolve(plan.resultLabel(side) + ResultDirectory.PARTIAL_SUFFIX);
        delete(partial);
        ResultWriter writer = ResultWriter.create(results, plan.resultLabel(side));
        for (Map.Entry<String, String> log : logs.entrySet()) {
            writer.writeText(log.getKey(), log.getValue());
        }
        byte[] jmh = AbMerge.jmh(files);
        writer.writeJmh(out -> out.write(jmh));
        if (!histograms.isEmpty()) {
            writer.writeHistograms(histograms, histograms.getFirst().start(),
                    "units: picoseconds per operation; each value is the mean of a batch of operations; one line a fork");
        }
        writer.writeRunInfo(new RunInfo(RunInfo.SCHEMA, plan.resultLabel(side), side.commit(), side.dirty(),
                plan.command(), plan.seed(), "ab", started, seconds, true, environment, forks,
                List.copyOf(warnings)));
        return writer.finish();
    }

    /** The forks of a result directory with one fork, at their places in the session. */
    private static List<ForkInfo> infos(AbPlan.Slot slot, ResultDirectory result, Noise noise) {
        RunInfo info = result.info();
        List<ForkInfo> infos = new ArrayList<>();
        for (ForkInfo fork : info.forks()) {
            infos.add(new ForkInfo(slot.order(), slot.block(), fork.benchmark(), fork.params(), fork.started(),
                    fork.seconds(), fork.median(), fork.unit(), fork.error(), noise.numbers()));
        }
        if (info.forks().isEmpty()) {
            for (Measurement measurement : result.measurements()) {
                infos.add(new ForkInfo(slot.order(), slot.block(), measurement.benchmark(), measurement.params(),
                        info.started(), info.seconds(), Forks.median(measurement.raw()[0]), measurement.unit(), null,
                        noise.numbers()));
            }
        }
        return infos;
    }

    /** What a failed fork printed, by a name that holds its place. */
    private Map<String, String> logs(AbPlan.Slot slot) throws IOException {
        Map<String, String> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(fork(slot), "*.log")) {
            for (Path file : files) {
                logs.put(name(slot) + ".log", new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return logs;
    }

    private Noise noise(AbPlan.Slot slot) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        MAPPER.readTree(Files.readAllBytes(fork(slot).resolve(NOISE))).properties()
                .forEach(entry -> numbers.put(entry.getKey(), entry.getValue().asDouble()));
        return Noise.of(numbers);
    }

    private Path fork(AbPlan.Slot slot) {
        return directory.resolve(FORKS).resolve(name(slot));
    }

    private static String name(AbPlan.Slot slot) {
        return "fork-" + slot.order();
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
