package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Draws random scripts that lean to what distinguishes policies: few processes, few pages, much pageout, read, write,
 * fork, splice and exit. The same seed gives the same scripts.
 *
 * <p>Every step can be done when it is reached, as far as that does not depend on the policy: processes live, pipes are
 * read only when something is in them. Writes carry values that no earlier write carried.
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

    private final SplittableRandom random;
    private final Shape shape;
    private final List<String> living = new ArrayList<>(List.of("A"));
    private final List<String> free = new ArrayList<>();
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
        switch (op) {
            case FORK -> {
                if (!free.isEmpty()) {
                    String child = free.removeFirst();
                    add(op, child, 0);
                    living.add(child);
                }
            }
            case EXIT -> {
                // One process stays, so that every later step has somebody to do it.
                if (living.size() > 1) {
                    add(op, "", 0);
                    String gone = steps.getLast().process();
                    living.remove(gone);
                    free.add(gone);
                }
            }
            case SPLICE, PIN, PINRO -> take(op);
            case PEEK, DMA, UNPIN -> use(op);
            case PROTECT -> add(op, "", random.nextInt(2));
            case WRITE -> add(op, "", nextValue++);
            default -> add(op, "", 0);
        }
    }

    private void take(Op op) {
        int reference = held.indexOf(null);
        if (reference >= 0) {
            add(op, "X" + reference, 0);
            held.set(reference, op);
        }
    }

    private void use(Op op) {
        int reference = held.isEmpty() ? 0 : random.nextInt(held.size());
        Op kind = held.isEmpty() ? null : held.get(reference);
        boolean fits = switch (op) {
            case PEEK -> kind != null;
            case DMA -> kind == Op.PIN;
            default -> kind == Op.PIN || kind == Op.PINRO;
        };
        if (!fits) {
            return;
        }
        add(op, "X" + reference, op == Op.DMA ? nextValue++ : 0);
        if (op == Op.UNPIN || kind == Op.SPLICE) {
            held.set(reference, null);
        }
    }

    private void add(Op op, String target, long value) {
        String process = living.get(random.nextInt(living.size()));
        int page = op.namesPage() ? random.nextInt(shape.pages()) : 0;
        steps.add(new Step(0, process, op, page, target, value, OptionalLong.empty()));
    }
}
