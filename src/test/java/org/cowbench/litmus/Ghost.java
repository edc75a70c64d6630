package org.cowbench.litmus;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What private memory must read as, told by CPU writes, direct reads, forks and discards alone. */
final class Ghost {
    private final Map<String, long[]> memory = new HashMap<>();

    Ghost(int pages) {
        memory.put("A", new long[pages]);
    }

    /** Follows a step that has been done; returns the value a read must have seen. */
    long follow(StepResult result) {
        Step step = result.operation();
        long[] own = memory.get(step.process());
        if (result.error() == null) {
            switch (step.op()) {
                case WRITE, DIO -> own[step.page()] = step.value();
                case DISCARD -> own[step.page()] = 0;
                case FORK -> memory.put(step.target(), Arrays.copyOf(own, own.length));
                case EXIT -> memory.remove(step.process());
                default -> {}
            }
        }
        return own == null ? 0 : own[step.page()];
    }

    /** Whether a script ever shows a process something its own memory cannot hold. */
    static boolean isolationBroken(Script script, org.cowbench.policy.ReusePolicy policy) {
        Ghost ghost = new Ghost(script.pages());
        return ModelRun.run(script, policy).stream().anyMatch(ghost::contradicts);
    }

    boolean contradicts(StepResult result) {
        long expected = follow(result);
        return result.operation().op() == Op.READ
                && result.error() == null
                && result.value().getAsLong() != expected;
    }
}
