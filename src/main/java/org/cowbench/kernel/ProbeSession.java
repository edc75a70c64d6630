package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.result.Situation;

/**
 * The conversation with a running probe, wherever it runs. Requests go out ahead of their answers; a probe that says
 * nothing for a time is taken for hung.
 */
final class ProbeSession implements AutoCloseable {

    /** Turns the end of a conversation into the reason, as far as the process that carried it tells. */
    interface Explainer {

        /**
         * The probe's side has ended, before it said so.
         *
         * @return the exception to throw
         */
        KernelException ended();

        /**
         * The probe has said nothing for too long.
         *
         * @param silence how long
         * @param cpu what its process had of the CPUs meanwhile
         * @return the exception to throw
         */
        KernelException silent(Duration silence, CpuTime cpu);

        /**
         * The probe has said nothing for a moment: something that it would wait for in vain.
         *
         * @return the exception to throw; empty where it may only be slow
         */
        default Optional<KernelException> stuck() {
            return Optional.empty();
        }

        /**
         * The probe gave up.
         *
         * @param message why
         * @param errno of the failed call, 0 when there is none
         * @return the exception to throw
         */
        KernelException fatal(String message, int errno);
    }

    private static final String END = "";
    private static final int LONGEST_LINE = 1 << 16;
    /** After so long without a word it is worth a look what the process does. */
    private static final Duration SHORT_SILENCE = Duration.ofSeconds(1);

    private final Process process;
    private final Explainer explainer;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final OutputStream requests;
    private final LogReader log = new LogReader();
    private volatile boolean overlong;
    private boolean done;

    /**
     * Takes over the process's streams.
     *
     * @param process carries the probe
     * @param explainer tells why a conversation ended
     */
    ProbeSession(Process process, Explainer explainer) {
        this.process = process;
        this.explainer = explainer;
        requests = process.getOutputStream();
        Thread.ofVirtual().name("probe-output").start(this::readLines);
    }

    private void readLines() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.length() > LONGEST_LINE) {
                    overlong = true;
                    break;
                }
                if (!line.isEmpty()) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            // The stream closes when the process is destroyed; what follows is the same as an end.
        }
        lines.add(END);
    }

    /**
     * Waits for the probe's first line.
     *
     * @param boot longest time that may take
     * @return what it says of its kernel
     */
    ProbeMessage.Start awaitStart(Duration boot) {
        ProbeMessage message = next(boot);
        if (message instanceof ProbeMessage.Start start) {
            return start;
        }
        throw unexpected(message);
    }

    /**
     * The text of requests for scripts, which number them from 0.
     *
     * @param scripts the scripts
     * @return the requests
     */
    static String requestText(List<Script> scripts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < scripts.size(); i++) {
            String script = scripts.get(i).text();
            text.append('=')
                    .append(i)
                    .append(' ')
                    .append(script.getBytes(StandardCharsets.UTF_8).length)
                    .append('\n')
                    .append(script);
        }
        return text.toString();
    }

    /**
     * Sends requests, on a thread of its own: the probe answers while it is still being asked.
     *
     * @param text the requests
     */
    void send(String text) {
        Thread.ofVirtual().name("probe-requests").start(() -> write(text));
    }

    /**
     * Sends a short request before this returns, so that what is sent later comes later.
     *
     * @param text the request
     */
    void write(String text) {
        try {
            synchronized (requests) {
                requests.write(text.getBytes(StandardCharsets.UTF_8));
                requests.flush();
            }
        } catch (IOException e) {
            // The process has gone; whoever waits for the answer learns it.
        }
    }

    /**
     * Collects the answers to {@link #requestText(List)}.
     *
     * @param scripts the same scripts
     * @param silence longest silence
     * @param each is told what became of each script
     * @throws KernelException when they end early; it knows what there is of the last script's
     */
    void results(List<Script> scripts, Duration silence, Consumer<ScriptRun> each) {
        for (Script script : scripts) {
            List<StepResult> results = new ArrayList<>();
            try {
                ProbeMessage message = next(silence, 0);
                for (; message instanceof ProbeMessage.StepDone step; message = next(silence, results.size())) {
                    results.add(result(script, results.size(), step));
                }
                if (!(message instanceof ProbeMessage.End)
                        || results.size() != script.steps().size()) {
                    throw unexpected(message);
                }
            } catch (KernelException e) {
                throw e.during(script, results, log.take());
            }
            each.accept(new ScriptRun(script, results, log.take(), Optional.empty()));
        }
    }

    /** The next message that is not of the kernel's log or of a page that it did not free: these go to {@link #log}. */
    private ProbeMessage next(Duration silence, int steps) {
        ProbeMessage message = next(silence);
        for (; ; message = next(silence)) {
            switch (message) {
                case ProbeMessage.Log line -> log.add(line, steps);
                case ProbeMessage.Unfreed page -> log.add(page);
                default -> {
                    return message;
                }
            }
        }
    }

    /**
     * Collects the answer to a measurement.
     *
     * @param situation what was asked
     * @param silence longest silence
     * @return the measurement
     */
    GuestBench measurement(Situation situation, Duration silence) {
        List<long[]> ticks = new ArrayList<>();
        List<GuestBench.Pass> passes = new ArrayList<>();
        double floor = Double.NaN;
        String access = "";
        Optional<String> lacking = Optional.empty();
        ProbeMessage message = next(silence, 0);
        for (; !(message instanceof ProbeMessage.End); message = next(silence, 0)) {
            switch (message) {
                case ProbeMessage.Ticks some -> {
                    if (!some.access().equals(access) && access.equals("floor")) {
                        floor = GuestBench.medianOf(join(ticks));
                        ticks.clear();
                    }
                    access = some.access();
                    ticks.add(some.ticks());
                }
                case ProbeMessage.Pass pass -> {
                    passes.add(new GuestBench.Pass(
                            pass.access(), join(ticks), pass.kept(), pass.changed(), pass.minor(), pass.major()));
                    ticks.clear();
                }
                case ProbeMessage.Lacking lack -> lacking = Optional.of(lack.why());
                default -> throw unexpected(message);
            }
        }
        return new GuestBench(situation, floor, List.copyOf(passes), log.take(), lacking);
    }

    /**
     * Hands on what a program prints.
     *
     * @param each is told each line
     * @param silence longest time without one
     * @return how it ended
     */
    ProgramEnd program(Consumer<String> each, Duration silence) {
        ProbeMessage message = next(silence, 0);
        for (; message instanceof ProbeMessage.Said(String line); message = next(silence, 0)) {
            each.accept(line);
        }
        if (message instanceof ProbeMessage.Ended(int status)) {
            return new ProgramEnd(status, log.take());
        }
        throw unexpected(message);
    }

    /**
     * Hands on what the probe says of a program under load.
     *
     * @param each is told each line
     * @param silence longest time without one
     * @return what the kernel's log said against it
     */
    List<LogFinding> app(Consumer<JsonNode> each, Duration silence) {
        ProbeMessage message = next(silence, 0);
        for (; message instanceof ProbeMessage.App(JsonNode json); message = next(silence, 0)) {
            each.accept(json);
        }
        if (message instanceof ProbeMessage.Done) {
            return log.take();
        }
        throw unexpected(message);
    }

    private static StepResult result(Script script, int expected, ProbeMessage.StepDone step) {
        try {
            if (step.step() != expected) {
                throw new ProbeMessage.ProbeFormatException(
                        "step " + expected + " of " + script.file() + " came back as " + step.json(), null);
            }
            return step.result(script);
        } catch (ProbeMessage.ProbeFormatException e) {
            throw new KernelException(KernelException.Kind.KERNEL, String.valueOf(e.getMessage()), "", e);
        }
    }

    private static long[] join(List<long[]> parts) {
        return parts.stream().flatMapToLong(java.util.Arrays::stream).toArray();
    }

    /** The next message; never a fatal one and never the end. */
    private ProbeMessage next(Duration silence) {
        try {
            long first = Math.min(SHORT_SILENCE.toMillis(), silence.toMillis() / 2);
            String line = lines.poll(first, TimeUnit.MILLISECONDS);
            if (line == null) {
                Optional<KernelException> stuck = explainer.stuck();
                if (stuck.isPresent()) {
                    throw stuck.get();
                }
                CpuTime before = CpuTime.of(tasks());
                line = lines.poll(silence.toMillis() - first, TimeUnit.MILLISECONDS);
                if (line == null) {
                    throw explainer.silent(silence, CpuTime.of(tasks()).since(before));
                }
            }
            if (line.equals(END)) {
                lines.add(END);
                throw overlong
                        ? new KernelException(
                                KernelException.Kind.KERNEL,
                                "the probe printed a line without an end; the guest is out of control")
                        : explainer.ended();
            }
            ProbeMessage message = ProbeMessage.parse(line);
            if (message instanceof ProbeMessage.Fatal(String why, int errno)) {
                throw explainer.fatal(why, errno);
            }
            return message;
        } catch (ProbeMessage.ProbeFormatException e) {
            throw new KernelException(KernelException.Kind.KERNEL, String.valueOf(e.getMessage()), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelException(KernelException.Kind.LACKS, "interrupted");
        }
    }

    private Path tasks() {
        return Path.of("/proc", String.valueOf(process.pid()), "task");
    }

    private static KernelException unexpected(ProbeMessage message) {
        return new KernelException(KernelException.Kind.KERNEL, "the probe answered out of turn: " + message);
    }

    /**
     * Asks the probe to end and waits a moment for it.
     *
     * @param wait longest time
     */
    void quit(Duration wait) {
        if (done || !process.isAlive()) {
            return;
        }
        done = true;
        send("quit\n");
        try {
            if (!process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the process if it still runs, and waits for its end. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
