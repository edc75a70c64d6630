package org.cowbench.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.cowbench.bench.turns.Turns;
import org.cowbench.bench.turns.TurnsProfiler;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.Profiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Executes forks through JMH's own {@code Runner}, one call a fork. */
public final class JmhLauncher implements ForkLauncher {
    /**
     * Flags of every fork. The first two are what JMH and the foreign memory API need on this JDK. The collector and
     * the fixed, touched heap keep the JVM's own work out of the measured time: the measured paths allocate nothing.
     * Compiling in the foreground makes the profile a method is compiled from the same in every fork; with background
     * compilation it depends on when the compiler thread ran, and cheap paths come out bimodal between forks. Objects
     * that begin at cache lines make a fault's cost independent of what was allocated before them: at 8 bytes, a jar whose
     * path had one letter more made a fault of 17 ns 5 % dearer in every fork. C2 does not inline a method whose own
     * compiled code is larger than InlineSmallCode (2,500 bytes), so what is inlined depends on which policy of a fork was
     * compiled first: a write without a fault took 5.8 ns in half of the forks and 11.6 in the others, under four policies
     * at once. With the bound out of reach it takes 5.8 in all.
     */
    public static final List<String> JVM_FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:-BackgroundCompilation",
            "-XX:InlineSmallCode=5000",
            "-XX:ObjectAlignmentInBytes=64",
            "-Xms256m",
            "-Xmx256m",
            "-XX:+AlwaysPreTouch",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true");

    /** Among the settings, which are system properties else; no property is called so. */
    private static final String TIMING = "timing";

    private static final int CHATTER_BYTES = 1 << 18;
    private static final long HANG_SECONDS = 120;

    private final @Nullable Timing timing;
    private final List<Class<? extends Profiler>> profilers;
    private final @Nullable OutputStream echo;
    private final Map<String, String> properties;

    /**
     * How long a fork measures, where a run wants other values than the benchmark's own annotations.
     *
     * @param warmups number of warm-up iterations
     * @param measurements number of measured iterations
     * @param millis length of one iteration
     */
    public record Timing(int warmups, int measurements, int millis) {

        /**
         * Reads what {@link #text()} writes.
         *
         * @param text three numbers with commas between
         * @return the timing
         * @throws IllegalArgumentException when it is something else
         */
        public static Timing of(String text) {
            String[] parts = text.split(",", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException(text);
            }
            return new Timing(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }

        /**
         * Writes it.
         *
         * @return three numbers with commas between
         */
        public String text() {
            return warmups + "," + measurements + "," + millis;
        }
    }

    /**
     * Creates a launcher.
     *
     * @param timing iterations, null for those of the benchmark's annotations
     * @param profilers profilers beside {@link HistogramProfiler}
     * @param echo where JMH's chatter is copied to while it happens, null for nowhere
     */
    public JmhLauncher(
            @Nullable Timing timing, List<Class<? extends Profiler>> profilers, @Nullable OutputStream echo) {
        this(timing, profilers, echo, Map.of());
    }

    /**
     * Creates a launcher whose forks are told something.
     *
     * @param timing iterations, null for those of the benchmark's annotations
     * @param profilers profilers beside {@link HistogramProfiler}
     * @param echo where JMH's chatter is copied to while it happens, null for nowhere
     * @param properties system properties of every fork
     */
    public JmhLauncher(
            @Nullable Timing timing,
            List<Class<? extends Profiler>> profilers,
            @Nullable OutputStream echo,
            Map<String, String> properties) {
        this.properties = Map.copyOf(properties);
        this.timing = timing;
        this.profilers = List.copyOf(profilers);
        this.echo = echo;
    }

    /**
     * Creates a launcher like one of another process.
     *
     * @param settings what it said of itself
     * @param echo where JMH's chatter is copied to while it happens, null for nowhere
     * @return the launcher
     */
    public static JmhLauncher of(Map<String, String> settings, @Nullable OutputStream echo) {
        Map<String, String> properties = new TreeMap<>(settings);
        String timing = properties.remove(TIMING);
        return new JmhLauncher(timing == null ? null : Timing.of(timing), List.of(), echo, properties);
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(properties);
        if (timing != null) {
            settings.put(TIMING, timing.text());
        }
        return settings;
    }

    @Override
    public Outcome launch(Cell cell) {
        ChainedOptionsBuilder options = options(cell.benchmark(), cell.params(), HistogramProfiler.class);
        if (timing != null) {
            options.warmupIterations(timing.warmups())
                    .warmupTime(TimeValue.milliseconds(timing.millis()))
                    .measurementIterations(timing.measurements())
                    .measurementTime(TimeValue.milliseconds(timing.millis()));
        }
        return execute(options, cell.tag());
    }

    @Override
    public List<Outcome> turns(List<Cell> cells) {
        ChainedOptionsBuilder options =
                options(Turns.class.getName() + ".rotation", Rotation.params(cells), TurnsProfiler.class);
        // Lanes are built side by side, and building is compiling; the JVM would give two CPUs one thread for it.
        options.jvmArgsPrepend("-XX:CICompilerCount=" + (Runtime.getRuntime().availableProcessors() + 1));
        if (timing == null) {
            options.measurementIterations(
                    MeasuredLane.iterations(cells.getFirst().benchmark()));
        } else {
            options.warmupIterations(timing.warmups()).measurementIterations(timing.measurements());
        }
        Outcome outcome = execute(options, cells.getFirst().tag());
        return outcome.result() == null
                ? Collections.nCopies(cells.size(), outcome)
                : Rotation.split(outcome.result(), cells).stream()
                        .map(result -> new Outcome(result, null, outcome.chatter()))
                        .toList();
    }

    /** Our own profiler is the first to start and so the last to stop: others do not see what it allocates. */
    private ChainedOptionsBuilder options(String benchmark, Map<String, String> params, Class<? extends Profiler> own) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark) + "$")
                .forks(1)
                .warmupForks(0)
                .jvmArgs(JVM_FLAGS.toArray(String[]::new))
                .shouldFailOnError(true)
                .timeout(TimeValue.seconds(HANG_SECONDS));
        params.forEach((name, value) -> options.param(name, value));
        options.addProfiler(own);
        profilers.forEach(options::addProfiler);
        options.jvmArgsAppend(properties.entrySet().stream()
                .map(property -> "-D" + property.getKey() + "=" + property.getValue())
                .sorted()
                .toArray(String[]::new));
        return options;
    }

    private Outcome execute(ChainedOptionsBuilder options, String what) {
        TailBuffer chatter = new TailBuffer(CHATTER_BYTES);
        TailBuffer forkErrors = new TailBuffer(CHATTER_BYTES);
        PrintStream originalOut = System.out;
        PrintStream originalErr = System.err;
        try (PrintStream print = new PrintStream(new Tee(chatter, echo), true, StandardCharsets.UTF_8);
                PrintStream errors = new PrintStream(new Tee(forkErrors, print), true, StandardCharsets.UTF_8)) {
            // JMH writes what a fork prints straight to the host's own streams, past the format it was given.
            System.setOut(print);
            System.setErr(errors);
            Collection<RunResult> results = new Runner(
                            options.build(), OutputFormatFactory.createFormatInstance(print, VerboseMode.NORMAL))
                    .run();
            if (results.size() != 1) {
                throw new IllegalStateException(what + " gave " + results.size() + " results");
            }
            return new Outcome(results.iterator().next(), null, chatter.toString());
        } catch (RunnerException e) {
            if (e.getCause() instanceof BenchmarkException failure) {
                return new Outcome(
                        null, reason(failure, chatter.toString(), forkErrors.toString()), chatter.toString());
            }
            throw new BenchException(oneLine(e), e);
        } finally {
            System.setOut(originalOut);
            System.setErr(originalErr);
        }
    }

    /** JMH's messages about its lock name a system property; the remedy for a user is another. */
    static String oneLine(RunnerException e) {
        String message =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^ERROR: ", "");
        if (message.contains("Unable to acquire")) {
            return "another program's JMH is measuring on this machine (its lock is held): wait for it, two would"
                    + " disturb each other [" + message + "]";
        }
        return message.contains("JMH lock")
                ? "JMH cannot write its lock, which may be another user's: name a directory of your own with TMPDIR ["
                        + message + "]"
                : "JMH cannot run: " + message;
    }

    private static String reason(BenchmarkException failure, String chatter, String forkErrors) {
        Throwable root = failure;
        for (Throwable next = root;
                next != null;
                next = root.getSuppressed().length > 0 ? root.getSuppressed()[0] : root.getCause()) {
            root = next;
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        if (message.startsWith("Forked VM failed")) {
            return message
                    + lastWords(chatter, forkErrors).map(words -> ": " + words).orElse("");
        }
        return root.getClass().getSimpleName() + ": " + message;
    }

    /**
     * Finds what a dead fork had to say: its last line on standard error, which JMH forwards once the fork is
     * connected, or else the first line JMH quotes of what the JVM itself printed.
     */
    static Optional<String> lastWords(String chatter, String forkErrors) {
        Optional<String> last =
                forkErrors.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b);
        if (last.isPresent()) {
            return last.map(String::strip);
        }
        for (String stream : List.of("stderr", "stdout")) {
            Optional<String> quoted = chatter.lines()
                    .dropWhile(line -> !line.startsWith("<" + stream + " last="))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("</" + stream))
                    .filter(line -> !line.isBlank())
                    .findFirst();
            if (quoted.isPresent()) {
                return quoted.map(String::strip);
            }
        }
        return Optional.empty();
    }

    /** Copies to a second stream when there is one; JMH closes what it prints to, the second stream stays open. */
    private static final class Tee extends OutputStream {
        private final OutputStream first;
        private final @Nullable OutputStream second;

        Tee(OutputStream first, @Nullable OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int b) throws IOException {
            first.write(b);
            if (second != null) {
                second.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            first.write(bytes, from, length);
            if (second != null) {
                second.write(bytes, from, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (second != null) {
                second.flush();
            }
        }
    }
}
