package org.cowbench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cowbench.litmus.Script;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;

/**
 * Answers of a kernel that was asked elsewhere. It knows the scripts that were run there and no other: of those it says
 * again what was seen, others it leaves out.
 */
final class RecordedSession implements KernelSession {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path file;
    private final Map<String, ScriptRun> runs = new LinkedHashMap<>();
    private final ProbeMessage.Start start;

    RecordedSession(Path file, List<Script> scripts, List<String> answers) {
        this.file = file;
        try (WorkFolder folder = new WorkFolder()) {
            // The probe's conversation, with what it said then.
            Path said = Files.write(folder.path().resolve("answers"), answers);
            Process process = new ProcessBuilder("cat", said.toString()).start();
            try (ProbeSession session = new ProbeSession(process, new Ended())) {
                start = session.awaitStart(PATIENCE);
                read(session, scripts);
            }
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.LACKS, "what " + file + " holds cannot be read: " + e.getMessage(), "", e);
        }
    }

    /** A script in which the kernel ended is one that it did not survive, as anywhere. */
    private void read(ProbeSession session, List<Script> scripts) {
        try {
            session.results(scripts, PATIENCE, run -> runs.put(run.script().text(), run));
        } catch (KernelException e) {
            Script script = e.script().filter(_ -> e.kind().finding()).orElseThrow(() -> e);
            runs.put(script.text(), new ScriptRun(script, e.done(), e.found(), Optional.of(e)));
        }
    }

    @Override
    public void run(List<Script> scripts, Consumer<ScriptRun> each) {
        scripts.stream()
                .map(script -> runs.get(script.text()))
                .filter(run -> run != null)
                .forEach(each);
    }

    @Override
    public GuestBench measure(Situation situation, int pages) {
        throw scriptsOnly();
    }

    @Override
    public GuestBench measure(FolioKind kind, Situation situation, int pages) {
        throw scriptsOnly();
    }

    private KernelException scriptsOnly() {
        return new KernelException(KernelException.Kind.USAGE, file + " holds scripts; nothing can be measured there");
    }

    @Override
    public String release() {
        return start.release();
    }

    @Override
    public boolean readsLog() {
        return start.log();
    }

    @Override
    public Capabilities capabilities() {
        return start.capabilities();
    }

    @Override
    public void close() {
        // What was made for it has gone when it had been read.
    }

    private final class Ended implements ProbeSession.Explainer {
        @Override
        public KernelException ended() {
            return new KernelException(
                    KernelException.Kind.KERNEL,
                    file + " ends before the scripts do: the kernel crashed, or run.sh was stopped");
        }

        @Override
        public KernelException silent(Duration silence, CpuTime cpu) {
            return ended();
        }

        @Override
        public KernelException fatal(String message, int errno) {
            return new KernelException(
                    KernelException.Kind.LACKS, file + ": " + message + (errno == 0 ? "" : " (errno " + errno + ")"));
        }
    }
}
