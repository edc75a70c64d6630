package org.cowbench.ab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.compare.Session;
import org.cowbench.noise.Noise;
import org.cowbench.noise.NoiseMeter;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.Rule;

/**
 * A session on disk: its plan, the forks that are done, and in the end one result directory a side.
 *
 * <p>It can be killed at any moment: what counts is moved to its place whole, the plan is the first thing of a session
 * to be there and the last to go, and a process holds a lock on it for as long as the session is open.
 */
public final class AbSession implements AutoCloseable {
    /** Ends the name of a session's directory. */
    public static final String SUFFIX = ".ab";

    private static final String PLAN = "plan.json";
    private static final String FORKS = "forks";
    private static final String NOTES = "notes.json";
    /** Holds the number of blocks after which a look ended the session. */
    private static final String STOPPED = "stopped.json";
    /** Results of the blocks so far, for as long as they are looked at. */
    private static final String SO_FAR = "so-far";

    private static final String LOCK = "lock";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path results;
    private final Path directory;
    private final AbPlan plan;
    private final FileChannel lock;
    private final AbJoin join;

    private AbSession(Path results, AbPlan plan) throws IOException {
        this.results = results;
        this.directory = directory(results, plan.label());
        this.plan = plan;
        this.join = new AbJoin(directory.resolve(FORKS), plan);
        this.lock = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean mine;
        try {
            mine = lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            mine = false;
        }
        if (!mine) {
            lock.close();
            throw new AbException(directory + " is being measured by another call; wait for it");
        }
    }

    /** Follows a session; called from the thread that runs it. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A fork is about to start.
         *
         * @param slot the fork
         * @param done forks that are done
         * @param total forks planned, at most
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
     * Tells whether a new session may have a label.
     *
     * @param results directory of all results
     * @param sides names of its sides
     * @return what has that name already, in one line with the remedy; empty when nothing has
     */
    public static Optional<String> taken(Path results, String label, List<String> sides) {
        Path begun = directory(results, label);
        if (Files.exists(begun.resolve(PLAN))) {
            return Optional.of(begun + " is a session that was begun; go on with --resume " + label + ", or remove it");
        }
        // With a lock and without a plan it is what a killed call left before it had measured anything.
        if (Files.exists(begun) && !Files.exists(begun.resolve(LOCK))) {
            return Optional.of(begun + " exists already; choose another --label or remove it");
        }
        return sides.stream()
                .map(side -> AbPlan.resultLabel(label, side))
                .flatMap(name -> Stream.of(name, name + ResultDirectory.PARTIAL_SUFFIX))
                .map(results::resolve)
                .filter(Files::exists)
                .map(path -> path + " exists already; choose another --label or remove it")
                .findFirst();
    }

    /**
     * Starts a session.
     *
     * @param results directory of all results
     * @param plan what it is to do
     * @param jars what the plan's jars are copied from, by the names it gives them
     * @return the session, nothing of it done
     * @throws AbException when its label is {@linkplain #taken taken} or nothing can be written
     */
    public static AbSession create(Path results, AbPlan plan, Map<String, Path> jars) {
        Path directory = directory(results, plan.label());
        try {
            Files.createDirectories(directory.resolve(FORKS));
            AbSession session = new AbSession(results, plan);
            try {
                session.begin(jars);
                return session;
            } catch (IOException | RuntimeException e) {
                session.close();
                if (!Files.exists(directory.resolve(PLAN))) {
                    delete(directory);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new AbException(
                    "cannot write " + directory + ": " + e.getMessage() + "; choose another place with --results DIR",
                    e);
        }
    }

    private void begin(Map<String, Path> jars) throws IOException {
        Optional<String> taken = taken(
                results,
                plan.label(),
                plan.sides().stream().map(AbPlan.Side::name).toList());
        if (taken.isPresent()) {
            throw new AbException(taken.get());
        }
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            Files.copy(jar.getValue(), directory.resolve(jar.getKey()), StandardCopyOption.REPLACE_EXISTING);
        }
        write(directory.resolve(PLAN), plan);
    }

    /**
     * Opens a session that was begun.
     *
     * @param results directory of all results
     * @param label its label
     * @return the session
     * @throws ResultException when there is none or its plan cannot be read
     * @throws AbException when another process has it open
     */
    public static AbSession open(Path results, String label) {
        Path file = directory(results, label).resolve(PLAN);
        if (!Files.exists(file)) {
            Path base = results.resolve(AbPlan.resultLabel(label, AbPlan.BASE));
            throw new ResultException("no session '" + label + "' to resume: " + file + " does not exist"
                    + (Files.exists(base) ? "; it may have ended, for there is " + base : ""));
        }
        try {
            AbPlan plan = MAPPER.readValue(Files.readAllBytes(file), AbPlan.class);
            if (plan.schema() < 1 || plan.schema() > AbPlan.SCHEMA) {
                throw new ResultException(
                        file + " has schema " + plan.schema() + ", this cowbench reads " + AbPlan.SCHEMA);
            }
            return new AbSession(results, plan);
        } catch (IOException e) {
            throw new ResultException(file + " is no whole plan; remove " + file.getParent() + " and begin again", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        return (int) plan.slots().stream()
                .filter(slot -> Files.exists(join.at(slot).resolve(AbJoin.NOISE)))
                .count();
    }

    /**
     * Adds what a reader of its numbers should know to the warnings of every side.
     *
     * @param lines one line each; those that are noted already are not noted again
     * @throws AbException when they cannot be stored
     */
    public void note(List<String> lines) {
        try {
            Set<String> notes = notes();
            if (notes.addAll(lines)) {
                write(directory.resolve(NOTES), notes);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * Executes what is left.
     *
     * @param runner executes forks
     * @param listener told before each
     * @param stop asked before each fork; once true the session stops with what it has
     * @return true when every fork is done, or a look found every score decided
     * @throws AbException when forks cannot be executed or stored; what is done is kept
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean run(ForkRunner runner, Listener listener, BooleanSupplier stop) throws InterruptedException {
        List<AbPlan.Slot> slots = plan.slots();
        List<AbPlan.Slot> left = slots.stream()
                .filter(slot -> !Files.exists(join.at(slot).resolve(AbJoin.NOISE)))
                .toList();
        // A call that was killed when all was joined may have removed forks already.
        if (left.isEmpty()
                || Files.exists(directory.resolve(STOPPED))
                || plan.sides().stream().map(this::target).allMatch(Files::exists)) {
            return true;
        }
        NoiseMeter meter = new NoiseMeter();
        double seconds = 0;
        for (int i = 0; i < left.size(); i++) {
            if (stop.getAsBoolean()) {
                return false;
            }
            AbPlan.Slot slot = left.get(i);
            if (plan.lookBefore(slot) && stopsAfter(slot.block())) {
                return true;
            }
            double secondsLeft = i == 0 ? Double.NaN : seconds / i * (left.size() - i);
            listener.starting(slot, slots.size() - left.size() + i, slots.size(), secondsLeft);
            try {
                // What a killed call left of this fork.
                delete(join.at(slot));
                delete(directory.resolve(FORKS).resolve(AbJoin.name(slot) + ResultDirectory.PARTIAL_SUFFIX));
                long start = System.nanoTime();
                meter.start();
                runner.run(slot, directory.resolve(FORKS), AbJoin.name(slot));
                Noise noise = meter.stop();
                if (stop.getAsBoolean()) {
                    return false; // The fork did not fail, it was interrupted.
                }
                seconds += (System.nanoTime() - start) / 1e9;
                write(join.at(slot).resolve(AbJoin.NOISE), noise.numbers());
            } catch (IOException e) {
                throw cannotWrite(e);
            }
        }
        return true;
    }

    /** Looks at the blocks so far, as the report will: stops when more of them could change no score's verdict. */
    private boolean stopsAfter(int blocks) {
        Path soFar = directory.resolve(SO_FAR);
        try {
            delete(soFar);
            Map<String, ResultDirectory> sides = new LinkedHashMap<>();
            for (AbPlan.Side side : plan.sides()) {
                sides.put(side.name(), ResultDirectory.read(join.join(side, soFar, blocks, notes())));
            }
            boolean decided = ComparisonBuilder.compare(
                            Objects.requireNonNull(sides.get(AbPlan.BASE)),
                            Objects.requireNonNull(sides.get(AbPlan.HEAD)),
                            Rule.DEFAULT,
                            CompareOptions.NONE)
                    .decided();
            delete(soFar);
            if (decided) {
                write(directory.resolve(STOPPED), blocks);
            }
            return decided;
        } catch (ResultException e) {
            return false; // Such as no fork of a side that succeeded; the report will say it.
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private int blocks() throws IOException {
        Path stopped = directory.resolve(STOPPED);
        return Files.exists(stopped) ? MAPPER.readValue(Files.readAllBytes(stopped), Integer.class) : plan.blocks();
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
                written.add(
                        Files.exists(target(side)) ? mine(target(side)) : join.join(side, results, blocks(), notes()));
            }
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                for (Path file : all) {
                    if (!file.endsWith(PLAN)) {
                        delete(file);
                    }
                }
            }
            delete(directory);
        } catch (IOException | ResultException e) {
            throw new AbException("cannot join the forks of " + directory + ": " + e.getMessage(), e);
        }
        return written;
    }

    private Path mine(Path result) {
        if (!plan.session()
                .equals(ResultDirectory.read(result).info().environment().get(Session.ID))) {
            throw new AbException(
                    result + " was not there when the session began and is not its; move it away, then: --resume "
                            + plan.label());
        }
        return result;
    }

    private Path target(AbPlan.Side side) {
        return results.resolve(plan.resultLabel(side));
    }

    private Set<String> notes() throws IOException {
        Path file = directory.resolve(NOTES);
        return Files.exists(file)
                ? new LinkedHashSet<>(List.of(MAPPER.readValue(Files.readAllBytes(file), String[].class)))
                : new LinkedHashSet<>();
    }

    private static void write(Path file, Object json) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName());
        Files.write(temporary, MAPPER.writeValueAsBytes(json));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private AbException cannotWrite(IOException e) {
        return new AbException("cannot write below " + directory + ": " + e.getMessage(), e);
    }

    static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
