package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cowbench.arena.References;
import org.jspecify.annotations.Nullable;

/**
 * Draws random scripts that lean to what distinguishes policies: few processes, few pages, much pageout, read, write,
 * fork, splice and exit. The same seed gives the same scripts, as long as the language has the same operations.
 *
 * <p>Nearly every step can be done when it is reached, as far as that does not depend on the policy: processes live,
 * pipes are read only when something is in them. A few cannot, and must be refused alike by whoever runs them. Writes,
 * a device's too, carry values that no earlier write carried, or 0, which makes a zero-filled page. At its end a script looks at what it
 * left: every living process reads every page, so that no wrong content stays unseen.
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
     * @param area size of the area, of which the pages are drawn; with as many pages as that, all are used
     * @param folio size of the large folio that the area is, in KiB; 0 for base pages
     */
    public record Shape(int processes, int pages, int steps, int references, boolean pins, int area, int folio) {

        /**
         * An area whose pages are all used.
         *
         * @param processes most processes that live at once, 1 to 26
         * @param pages pages of the area
         * @param steps number of steps
         * @param references most references held at once; 0 for none
         * @param pins whether pins and device writes are among them, or pipes only
         */
        public Shape(int processes, int pages, int steps, int references, boolean pins) {
            this(processes, pages, steps, references, pins, pages, 0);
        }

        /**
         * Draws a shape of a script of one large folio: 2 to 4 processes, up to 20 steps and 2 references.
         *
         * @param random draws
         * @param folio size of the folio in KiB
         * @return the shape
         */
        public static Shape drawFolio(SplittableRandom random, int folio) {
            int pages = Script.pagesOf(folio);
            return new Shape(
                    random.nextInt(2, CROWD),
                    pages,
                    random.nextInt(5, 21),
                    random.nextInt(3),
                    random.nextBoolean(),
                    pages,
                    folio);
        }

        /**
         * Draws a shape to compare kernels by: 1 to 3 pages anywhere in an area of up to 256, up to 2 references, and in
         * two scripts of three up to 4 processes and 24 steps, in the third a crowd: 5 to 8, up to 2 pages and 32 steps.
         *
         * @param random draws
         * @return the shape
         */
        public static Shape draw(SplittableRandom random) {
            boolean crowd = random.nextInt(3) == 0;
            int pages = 1 + random.nextInt(crowd ? 2 : 3);
            return new Shape(
                    crowd ? random.nextInt(CROWD, 2 * CROWD - 1) : random.nextInt(1, CROWD),
                    pages,
                    random.nextInt(crowd ? 12 : 4, crowd ? 33 : 25),
                    random.nextInt(3),
                    random.nextBoolean(),
                    random.nextInt(pages, 257),
                    0);
        }
    }

    /** Every operation as often as it is drawn; those of pins, which not all scripts have, are the last. */
    private static final List<Op> DRAWN = drawn(Stream.of(Op.values()).filter(op -> !op.ofFolios()));
    /** Likewise of large folios. */
    private static final List<Op> OF_FOLIOS = drawn(Stream.of(Op.values()));
    /** From this number of processes on, scripts fork more often, so that a page has that many sharers. */
    private static final int CROWD = 5;
    /** One step in this many is drawn without a check that it can be done. */
    private static final int BLIND = 8;
    /** One value in this many is 0. */
    private static final int ZEROES = 8;

    private final SplittableRandom random;
    private final Shape shape;
    private final int[] pages;
    private final List<Op> operations;
    /** What can be done to which pages of a large folio; null for base pages. */
    private final @Nullable FolioPlan folio;

    private final List<String> living = new ArrayList<>(List.of("A"));
    private final List<String> free = new ArrayList<>();
    /** Processes and references that the script has named so far. */
    private final List<String> known = new ArrayList<>(List.of("A"));

    private final List<String> taken = new ArrayList<>();
    /** The kind of each reference, 0 while it is not held. */
    private final List<Integer> held = new ArrayList<>();

    private final List<Step> steps = new ArrayList<>();
    private long nextValue = 1;

    private RandomScripts(long seed, Shape shape) {
        random = new SplittableRandom(seed);
        this.shape = shape;
        operations = shape.folio() > 0 ? OF_FOLIOS : DRAWN;
        folio = shape.folio() > 0 ? new FolioPlan(random, shape.area()) : null;
        pages = folio != null
                ? folio.pages()
                : shape.pages() == shape.area()
                        ? IntStream.range(0, shape.pages()).toArray()
                        : random.ints(0, shape.area())
                                .distinct()
                                .limit(shape.pages())
                                .toArray();
        for (int i = 1; i < shape.processes(); i++) {
            free.add(String.valueOf((char) ('A' + i)));
        }
        for (int i = 0; i < shape.references(); i++) {
            held.add(0);
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
        if (draw.folio != null) {
            draw.add("A", Op.WRITE, "");
        }
        while (draw.steps.size() < shape.steps()) {
            draw.step();
        }
        draw.look();
        return Script.of("random-" + seed + ".litmus", shape.folio(), shape.area(), draw.steps);
    }

    /**
     * The same script on a device that does not write at once: half of its pageouts do not wait, and now and then the device
     * stalls, or goes on.
     *
     * @param script a script of base pages
     * @param seed the seed
     * @return a script of its name
     */
    public static Script holding(Script script, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Step> steps = new ArrayList<>();
        boolean stalled = false;
        for (Step step : script.steps()) {
            if (random.nextInt(stalled ? 4 : 12) == 0) {
                Op op = stalled ? Op.RESUME : Op.STALL;
                steps.add(new Step(0, step.process(), op, 0, "", 0, OptionalLong.empty()));
                stalled = !stalled;
            }
            steps.add(
                    step.op() == Op.PAGEOUT && random.nextBoolean()
                            ? new Step(0, step.process(), Op.WRITEOUT, step.page(), "", 0, OptionalLong.empty())
                            : step);
        }
        return script.with(steps);
    }

    private static List<Op> drawn(Stream<Op> ops) {
        return ops.sorted(Comparator.comparing(Op::ofPins))
                .flatMap(op -> Collections.nCopies(op.weight(), op).stream())
                .toList();
    }

    /** Every living process reads every page. */
    private void look() {
        for (String process : living) {
            for (int page : pages) {
                steps.add(new Step(0, process, Op.READ, page, "", 0, OptionalLong.empty()));
            }
        }
    }

    private void step() {
        int usual = shape.pins()
                ? operations.size()
                : (int) operations.stream().filter(op -> !op.ofPins()).count();
        int choice = random.nextInt(usual + (shape.processes() < CROWD ? 0 : 2));
        Op op = choice < usual ? operations.get(choice) : Op.FORK;
        if (random.nextInt(BLIND) == 0) {
            refused(op);
            return;
        }
        switch (op) {
            case FORK -> {
                // In a crowd several at a time, or writes would take a page's sharers away as fast as they come.
                boolean crowd = shape.processes() >= CROWD;
                for (boolean more = true; more && !free.isEmpty(); more = crowd && random.nextInt(4) > 0) {
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
            default -> {
                if (op.takesReference()) {
                    take(op);
                } else if (op.usesReference()) {
                    use(op);
                } else {
                    add(op, "");
                }
            }
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
        String target =
                op.namesProcess() ? any(known) : takes ? "X" + random.nextInt(held.size()) : uses ? any(taken) : "";
        int state = op.namesProcess() ? living.contains(target) ? 1 : 0 : takes || uses ? kind(target) : 0;
        if (!living.contains(process) || op.refusal(state) != null) {
            steps.add(drawn(process, op, target));
        }
    }

    private String any(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private int kind(String reference) {
        return held.get(Integer.parseInt(reference.substring(1)));
    }

    private void take(Op op) {
        int reference = held.indexOf(0);
        if (reference >= 0 && add(op, "X" + reference)) {
            held.set(reference, op.takes());
        }
    }

    private void use(Op op) {
        int reference = held.isEmpty() ? 0 : random.nextInt(held.size());
        int kind = held.isEmpty() ? 0 : held.get(reference);
        if (op.refusal(kind) != null) {
            return;
        }
        add(op, "X" + reference);
        if (op == Op.UNPIN || kind == References.KIND_GET) {
            held.set(reference, 0);
        }
    }

    private boolean add(Op op, String target) {
        return add(any(living), op, target);
    }

    /** Adds a step, unless it is one of a large folio that cannot be done. */
    private boolean add(String process, Op op, String target) {
        Step step = drawn(process, op, target);
        if (folio != null && !folio.accepts(step)) {
            return false;
        }
        steps.add(step);
        return true;
    }

    private Step drawn(String process, Op op, String target) {
        int page = op.namesPage() ? pages[random.nextInt(pages.length)] : 0;
        long value = op == Op.PROTECT
                ? random.nextInt(2)
                : !op.writesValue() || random.nextInt(ZEROES) == 0 ? 0 : nextValue++;
        if (op.takesReference() && !taken.contains(target)) {
            taken.add(target);
        }
        Step step = new Step(0, process, op, page, target, value, OptionalLong.empty());
        return folio == null ? step : folio.widened(step);
    }
}
