package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Draws random scripts that lean to what distinguishes policies: few processes, few pages, much pageout, read, write,
 * fork, splice and exit. The same seed gives the same scripts.
 *
 * <p>Nearly every step can be done when it is reached, as far as that does not depend on the policy: processes live,
 * pipes are read only when something is in them. A few cannot, and must be refused alike by whoever runs them. Writes
 * carry values that no earlier write carried, or 0, which makes a page of zeroes.
 */
public final class RandomScripts {

    /**
     * What scripts are drawn from.
     *
     * @param processes most processes that live at once, 1 to 26
     * @param pages pages of the area
     * @param steps number of steps
     * @param references most references held at once; 0 for none
     * @param pins whether pins and device writes are among them, or pipes only
     */
    public record Shape(int processes, int pages, int steps, int references, boolean pins) {}

    private static final Op[] COMMON = {Op.WRITE, Op.WRITE, Op.WRITE, Op.READ, Op.READ, Op.READ, Op.PAGEOUT,
        Op.PAGEOUT, Op.DRAIN, Op.FORK, Op.EXIT, Op.DISCARD, Op.PROTECT, Op.RECLAIM, Op.SPLICE, Op.PEEK};
    private static final Op[] PINS = {Op.PIN, Op.PINRO, Op.DMA, Op.UNPIN};
    /** One step in so many is drawn without a look at whether it can be done. */
    private static final int BLIND = 8;
    /** One value in so many is 0. */
    private static final int ZEROES = 8;

    private final SplittableRandom random;
    private final Shape shape;
    private final List<String> living = new ArrayList<>(List.of("A"));
    private final List<String> free = new ArrayList<>();
    /** Processes and references that the script has named so far. */
    private final List<String> known = new ArrayList<>(List.of("A"));
    private final List<String> taken = new ArrayList<>();
    private final List<Op> held = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private long nextValue = 1;

    private RandomScripts(long seed, Shape shape) {
        random = new SplittableRandom(seed);
        this.shape = shape;
        for (int i = 1; i < shape.processes(); i++) {
            free.add(String.valueOf((char) ('A' + i)));
        }
        for (int i = 0; i < shape.references(); i++) {
            held.add(null);
        }
    }

    /**
     * Draws one script.
     *
     * @param seed the seed
     * @param shape what to draw from
     * @return the script, named after the seed
     */
    public static Script draw(long seed, Shape shape) {
        RandomScripts draw = new RandomScripts(seed, shape);
        while (draw.steps.size() < shape.steps()) {
            draw.step();
        }
        return new Script("random-" + seed + ".litmus", shape.pages(), draw.steps, List.of());
    }

    private void step() {
        int choices = COMMON.length + (shape.pins() ? PINS.length : 0);
        int choice = random.nextInt(choices);
        Op op = choice < COMMON.length ? COMMON[choice] : PINS[choice - COMMON.length];
        if (random.nextInt(BLIND) == 0) {
            refused(op);
            return;
        }
        switch (op) {
            case FORK -> {
                if (!free.isEmpty()) {
                    String child = free.removeFirst();
                    add(op, child);
                    living.add(child);
                    if (!known.contains(child)) {
                        known.add(child);
                    }
                }
            }
            case EXIT -> {
                // One process stays, so that every later step has somebody to do it.
                if (living.size() > 1) {
                    add(op, "");
                    String gone = steps.getLast().process();
                    living.remove(gone);
                    free.add(gone);
                }
            }
            case SPLICE, PIN, PINRO -> take(op);
            case PEEK, DMA, UNPIN -> use(op);
            default -> add(op, "");
        }
    }

    /** Adds the step if it cannot be done: nobody is there to do it, or its operand is in the wrong state. */
    private void refused(Op op) {
        String process = any(known);
        boolean takes = op.takesReference();
        boolean uses = op.usesReference();
        if (takes && held.isEmpty() || uses && taken.isEmpty()) {
            return;
        }
        String target = op == Op.FORK ? any(known) : takes ? "X" + random.nextInt(held.size()) : uses ? any(taken) : "";
        if (!living.contains(process) || op == Op.FORK && living.contains(target) || takes && kind(target) != null
                || uses && !fits(op, kind(target))) {
            add(process, op, target);
        }
    }

    private String any(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private Op kind(String reference) {
        return held.get(Integer.parseInt(reference.substring(1)));
    }

    private static boolean fits(Op op, Op kind) {
        return switch (op) {
            case PEEK -> kind != null;
            case DMA -> kind == Op.PIN;
            default -> kind == Op.PIN || kind == Op.PINRO;
        };
    }

    private void take(Op op) {
        int reference = held.indexOf(null);
        if (reference >= 0) {
            add(op, "X" + reference);
            held.set(reference, op);
        }
    }

    private void use(Op op) {
        int reference = held.isEmpty() ? 0 : random.nextInt(held.size());
        Op kind = held.isEmpty() ? null : held.get(reference);
        if (!fits(op, kind)) {
            return;
        }
        add(op, "X" + reference);
        if (op == Op.UNPIN || kind == Op.SPLICE) {
            held.set(reference, null);
        }
    }

    private void add(Op op, String target) {
        add(any(living), op, target);
    }

    private void add(String process, Op op, String target) {
        int page = op.namesPage() ? random.nextInt(shape.pages()) : 0;
        long value = switch (op) {
            case PROTECT -> random.nextInt(2);
            case WRITE, DMA -> random.nextInt(ZEROES) == 0 ? 0 : nextValue++;
            default -> 0;
        };
        if (op.takesReference() && !taken.contains(target)) {
            taken.add(target);
        }
        steps.add(new Step(0, process, op, page, target, value, OptionalLong.empty()));
    }
}
