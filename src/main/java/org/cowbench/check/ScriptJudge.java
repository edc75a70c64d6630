package org.cowbench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Property;

/**
 * Holds what a script saw, on whatever ran it, against the same ghost that the checker has: what each process, pipe and
 * pin must see follows from the operations that were done, not from a rule.
 *
 * <p>Unlike the checker's {@link Judge} it knows only what steps have seen: reads, peeks, and what writes were made on. A
 * device's write that is lost is a violation of pin-coherence here until its process writes to the page, for nothing
 * shows whether page or entry became dirty in between.
 */
public final class ScriptJudge {
    /** Values are numbered by their first appearance; a ghost has room for this many. */
    public static final int VALUES = Ghost.VALUES - 1;

    private static final int UNKNOWN = -1;

    private final List<String> processes;
    private final List<String> names;
    private final List<Integer> pages;
    private final List<Long> values = new ArrayList<>(List.of(0L));
    private final Ghost ghost;
    /** By reference, a bit for each value that it may show. */
    private final long[] may;
    /** By reference, what took it; null while it is not held. */
    private final Op[] taken;
    /** By value, whether a process wrote it by itself, whether a device did, and whose; -1 for nobody's any more. */
    private final boolean[] stored = new boolean[VALUES];

    private final boolean[] sent = new boolean[VALUES];
    private final int[] owners = new int[VALUES];
    private final List<Breach> breaches = new ArrayList<>();

    /**
     * Something was seen that must not be.
     *
     * @param property what is violated
     * @param by whether memory, a pipe or a pin shows it
     * @param step the step that saw it
     * @param due what must be seen there; empty where several values may be
     * @param seen what was seen
     */
    public record Breach(Property property, Shown by, int step, OptionalLong due, long seen) {}

    /** Where it shows. */
    public enum Shown {
        /** In a process's memory. */
        MEMORY,
        /** In a pipe. */
        PIPE,
        /** Through a pin. */
        PIN;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private ScriptJudge(Script script) {
        processes = script.processes();
        names = script.references();
        pages = script.steps().stream()
                .filter(step -> step.op().namesPage())
                .map(Step::page)
                .distinct()
                .toList();
        ghost = new Ghost(processes.size(), Math.max(1, pages.size()), names.size());
        may = new long[names.size()];
        taken = new Op[names.size()];
    }

    /**
     * Judges a run.
     *
     * @param script a script of base pages that writes at most {@link #VALUES} values
     * @param results a result a step, perhaps not of all
     * @return what must not be, in the order of the steps; nothing after a violation of isolation, when nobody can say any
     *     more what must be seen
     */
    public static List<Breach> of(Script script, List<StepResult> results) {
        ScriptJudge judge = new ScriptJudge(script);
        for (StepResult result : results) {
            // What was not done changed nothing.
            if (result.error() == null && !judge.after(result)) {
                break;
            }
        }
        return judge.breaches;
    }

    /** Takes note of a step; false when nothing can be said of later ones. */
    private boolean after(StepResult result) {
        Step step = result.operation();
        int process = processes.indexOf(step.process());
        int page = pages.indexOf(step.page());
        int reference = names.indexOf(step.target());
        if (step.op().fillsPage()) {
            if (!look(result.step(), process, page, result.old())) {
                return false;
            }
            store(process, page, step.value());
            return true;
        }
        switch (step.op()) {
            case READ -> {
                return look(result.step(), process, page, result.value());
            }
            case DISCARD -> {
                ghost.memory(process, page, 0, false);
                ghost.detach(process, page);
            }
            case FORK -> ghost.fork(process, processes.indexOf(step.target()));
            case EXIT -> exit(process);
            case SPLICE, PIN, PINRO -> {
                ghost.take(reference, process, page, ghost.memory(process, page), step.op() != Op.SPLICE);
                may[reference] = 1L << ghost.memory(process, page);
                taken[reference] = step.op();
            }
            case DMA -> dma(reference, number(step.value()));
            case PEEK -> {
                peek(result.step(), reference, result.value());
                if (taken[reference] == Op.SPLICE) {
                    drop(reference);
                }
            }
            case UNPIN -> drop(reference);
            default -> {}
        }
        return true;
    }

    private void store(int process, int page, long value) {
        int number = number(value);
        ghost.memory(process, page, number, false);
        stored[number] |= number != 0;
        for (int reference = 0; reference < may.length; reference++) {
            if (taken[reference] != null && ghost.owner(reference) == process && ghost.page(reference) == page) {
                may[reference] |= 1L << number;
            }
        }
    }

    private void dma(int reference, int number) {
        int owner = ghost.owner(reference);
        sent[number] = true;
        owners[number] = owner;
        if (ghost.attached(reference)) {
            ghost.memory(owner, ghost.page(reference), number, true);
        }
        for (int other = 0; other < may.length; other++) {
            if (other == reference || taken[other] != null && owner != Ghost.NOBODY && ghost.owner(other) == owner) {
                may[other] |= 1L << number;
            }
        }
    }

    private void exit(int process) {
        for (int reference = 0; reference < may.length; reference++) {
            if (taken[reference] != null && ghost.owner(reference) == process) {
                ghost.orphan(reference);
            }
        }
        ghost.forget(process);
    }

    private void drop(int reference) {
        ghost.drop(reference);
        taken[reference] = null;
    }

    /** A process sees a page of its own; false when it saw what no device's write explains. */
    private boolean look(int step, int process, int page, OptionalLong seen) {
        int due = ghost.memory(process, page);
        if (seen.isEmpty() || seen.getAsLong() == values.get(due)) {
            return true;
        }
        int number = values.indexOf(seen.getAsLong());
        boolean missing = ghost.byDevice(process, page);
        // Zeroes may have been there before; where a device has written some, they are taken for its own.
        boolean foreign = number >= 0 && sent[number] && !stored[number] && owners[number] != process;
        breaches.add(new Breach(
                missing || foreign ? Property.PIN_COHERENCE : Property.ISOLATION,
                Shown.MEMORY,
                step,
                OptionalLong.of(values.get(due)),
                seen.getAsLong()));
        if (!missing || number == UNKNOWN) {
            return false;
        }
        ghost.memory(process, page, number, false);
        ghost.detach(process, page);
        return true;
    }

    private void peek(int step, int reference, OptionalLong seen) {
        if (seen.isEmpty() || ghost.tainted(reference)) {
            return;
        }
        Shown by = taken[reference] == Op.SPLICE ? Shown.PIPE : Shown.PIN;
        int number = values.indexOf(seen.getAsLong());
        if (number == UNKNOWN || (may[reference] & 1L << number) == 0) {
            ghost.taint(reference);
            breaches.add(new Breach(Property.SECRECY, by, step, OptionalLong.empty(), seen.getAsLong()));
        } else if (ghost.attached(reference) && number != ghost.memory(ghost.owner(reference), ghost.page(reference))) {
            breaches.add(new Breach(
                    Property.PIN_COHERENCE,
                    by,
                    step,
                    OptionalLong.of(values.get(ghost.memory(ghost.owner(reference), ghost.page(reference)))),
                    seen.getAsLong()));
            ghost.detach(reference);
        }
    }

    private int number(long value) {
        int number = values.indexOf(value);
        if (number == UNKNOWN) {
            number = values.size();
            if (number == VALUES) {
                throw new IllegalArgumentException("a script to be judged writes at most " + (VALUES - 1) + " values");
            }
            values.add(value);
        }
        return number;
    }
}
