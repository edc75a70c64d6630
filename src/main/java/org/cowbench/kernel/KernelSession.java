package org.cowbench.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;

/** A running kernel that is asked things, one after another. Not for concurrent use. */
public interface KernelSession extends AutoCloseable {

    /**
     * Runs scripts. A script that a kernel does not survive is told of too, and the kernel is started again for the next,
     * where it can be.
     *
     * @param scripts the scripts
     * @param each is told what became of each script, as soon as it has ended
     * @throws KernelException if the kernel could not do it, does not survive too many or cannot be started again; it
     *     knows the script and the steps done
     */
    void run(List<Script> scripts, Consumer<ScriptRun> each);

    /**
     * Runs one script.
     *
     * @param script the script
     * @return what became of it
     * @throws KernelException if the kernel could not do it
     */
    default ScriptRun ask(Script script) {
        List<ScriptRun> runs = new ArrayList<>();
        run(List.of(script), runs::add);
        return runs.getFirst();
    }

    /**
     * Runs one script, for which this session may wait less long than it does otherwise.
     *
     * @param script the script
     * @param silence how long the kernel may be silent, if a session can start it again after that
     * @return what became of it
     * @throws KernelException if the kernel could not do it
     */
    default ScriptRun ask(Script script, Duration silence) {
        return ask(script);
    }

    /**
     * Runs one script that the kernel survives.
     *
     * @param script the script
     * @return a result a step
     * @throws KernelException if the kernel could not do it or did not survive it
     */
    default List<StepResult> run(Script script) {
        ScriptRun run = ask(script);
        run.end().ifPresent(end -> {
            throw end;
        });
        return run.results();
    }

    /**
     * Starts the kernel again before the next question, if it can be: what it says only once in a boot it then says again.
     */
    default void restart() {}

    /**
     * Measures accesses.
     *
     * @param situation what is done to the pages first
     * @param pages number of pages, 1 to 65536
     * @return the measured passes
     * @throws KernelException if the kernel could not do it or did not survive it
     */
    GuestBench measure(Situation situation, int pages);

    /**
     * Runs a program in a boot of its own: as root, with a swap disk, {@code /proc}, {@code /sys}, debugfs where the kernel
     * has it, a {@code /tmp}, folios for those who ask for them, and khugepaged asleep.
     *
     * @param program a static executable
     * @param each is told each line that it prints, to whichever of its outputs
     * @return how it ended
     * @throws KernelException if the kernel could not do it or did not survive it
     */
    default ProgramEnd execute(byte[] program, Consumer<String> each) {
        throw new KernelException(
                KernelException.Kind.USAGE,
                "programs are run in guests only: on this machine start it yourself, as root");
    }

    /**
     * Runs a program under load in a boot of its own, see {@code app.c}.
     *
     * @param program its files, what it is asked among them, by path without a leading slash
     * @param requests what the probe is to do
     * @param each is told each of the probe's answers
     * @return what the kernel's log said against it meanwhile
     * @throws KernelException if the kernel could not do it or did not survive it
     */
    default List<LogFinding> serve(Map<String, byte[]> program, String requests, Consumer<JsonNode> each) {
        throw new KernelException(KernelException.Kind.USAGE, "programs are put under load in guests only");
    }

    /**
     * Measures large folios.
     *
     * @param kind the folios
     * @param situation what is done to them first; in {@link Situation#FORK_SHARED} fork and exit are timed
     * @param pages number of pages, 1 to 65536; whole folios of them are measured, at least one
     * @return the measured passes, or what the kernel lacks
     * @throws KernelException if the kernel did not survive it
     */
    GuestBench measure(FolioKind kind, Situation situation, int pages);

    /**
     * The kernel's release as it says itself; it is started if need be.
     *
     * @return as {@code uname -r} says it
     * @throws KernelException if it cannot be started
     */
    String release();

    /**
     * Whether the kernel's log can be read, see {@link LogFinding}; the kernel is started if need be.
     *
     * @return whether it can
     * @throws KernelException if it cannot be started
     */
    boolean readsLog();

    /**
     * What the kernel can do; it is started if need be.
     *
     * @return its capabilities
     * @throws KernelException if it cannot be started
     */
    Capabilities capabilities();

    /** Ends the kernel's run and removes what was made for it. */
    @Override
    void close();
}
