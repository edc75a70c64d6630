package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;

/** A running kernel that is asked things, one after another. Not for concurrent use. */
public interface KernelSession extends AutoCloseable {

    /**
     * Runs scripts.
     *
     * @param scripts the scripts
     * @param each is told each script's results, one a step, as soon as it has ended
     * @throws KernelException if the kernel could not do it or did not survive it; it knows the script and the steps done
     */
    void run(List<Script> scripts, BiConsumer<Script, List<StepResult>> each);

    /**
     * Runs one script.
     *
     * @param script the script
     * @return a result a step
     * @throws KernelException if the kernel could not do it or did not survive it
     */
    default List<StepResult> run(Script script) {
        List<StepResult> results = new ArrayList<>();
        run(List.of(script), (ignored, steps) -> results.addAll(steps));
        return results;
    }

    /**
     * Measures accesses.
     *
     * @param kind what is done to the pages first
     * @param pages number of pages, 1 to 65536
     * @return the measured passes
     * @throws KernelException if the kernel could not do it or did not survive it
     */
    GuestBench measure(BenchKind kind, int pages);

    /**
     * The kernel's release as it says itself; it is started if need be.
     *
     * @return as {@code uname -r} says it
     * @throws KernelException if it cannot be started
     */
    String release();

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
