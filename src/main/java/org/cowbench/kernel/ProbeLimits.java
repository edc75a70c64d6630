package org.cowbench.kernel;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;

/** What a script may ask of the probe: the sizes of its tables, as its {@code shared.h} has them. */
final class ProbeLimits {
    /** Most processes that live at once. */
    static final int PROCESSES = 32;
    /** Most pages of a script. */
    static final int PAGES = 1024;
    /** Most pipes and pins of a script. */
    static final int REFERENCES = 32;
    /** Most bytes of a script. */
    static final int BYTES = 1024 * 1024;
    /** Most pages of a measurement. */
    static final int BENCH_PAGES = 65_536;
    /** Most allocating steps of a script that uses reclaim, or holds the swap device: each runs in a cgroup of its own. */
    static final int RECLAIM_STEPS = 256;

    private ProbeLimits() {}

    /**
     * Checks a script.
     *
     * @param script the script
     * @throws KernelException if the probe cannot run it
     */
    static void check(Script script) {
        refuse(script, "pages", script.pages(), PAGES);
        refuse(script, "pipes and pins", script.references().size(), REFERENCES);
        refuse(script, "bytes", script.text().getBytes(StandardCharsets.UTF_8).length, BYTES);
        script.steps().stream()
                .map(Step::op)
                .filter(op -> op == Op.RECLAIM || op.holdsDevice())
                .findFirst()
                .ifPresent(op -> refuse(
                        script,
                        "steps with " + op.word() + " among them",
                        script.steps().size(),
                        RECLAIM_STEPS));
        Set<String> living = new HashSet<>(Set.of("A"));
        int most = 1;
        for (Step step : script.steps()) {
            if (step.op() == Op.EXIT) {
                living.remove(step.process());
            } else if (step.op() == Op.FORK && living.contains(step.process())) {
                living.add(step.target());
                most = Math.max(most, living.size());
            }
        }
        refuse(script, "processes at once", most, PROCESSES);
    }

    private static void refuse(Script script, String what, int count, int most) {
        if (count > most) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    script.file() + ": " + count + " " + what + "; a real kernel is asked for at most " + most);
        }
    }
}
