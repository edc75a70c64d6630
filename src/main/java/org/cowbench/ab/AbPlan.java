package org.cowbench.ab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * What a session is to do; written before the first fork and never changed.
 *
 * @param schema version of the plan's format, {@link #SCHEMA}
 * @param label name of the session; results are called {@code <label>-<side>}
 * @param sides what is compared; the first is the base
 * @param cells what is measured, as {@code run --bench} selects it: one benchmark with its parameters
 * @param blocks number of blocks, at most; in each, every side measures every cell twice
 * @param looks numbers of blocks after which the session is judged and may end, ascending, the last being {@code blocks};
 *     only the last where the number of blocks is fixed, and so in plans that name none
 * @param seed seed of the order
 * @param command command line, recorded with the results
 */
public record AbPlan(
        int schema,
        String label,
        List<Side> sides,
        List<String> cells,
        int blocks,
        List<Integer> looks,
        long seed,
        List<String> command) {

    /** Version of the plan's format. */
    public static final int SCHEMA = 2;

    /** The command of a side that measures time. */
    public static final String RUN = "run";

    /** Name of the side that everything is compared with. */
    public static final String BASE = "base";

    /** Name of the side that is compared. */
    public static final String HEAD = "head";

    /** Name of the base's second copy. */
    public static final String CONTROL = "control";

    /**
     * One side.
     *
     * @param name {@link #BASE}, {@link #HEAD}, {@link #CONTROL}, or that of a study
     * @param jar name of its jar in the session's directory
     * @param commit full id of its commit, empty when unknown
     * @param dirty whether its sources differ from the commit
     * @param verb the command its jar is given, such as {@code run}, with the side's own options
     */
    public record Side(String name, String jar, String commit, boolean dirty, List<String> verb) {}

    /**
     * One fork.
     *
     * @param order position in the schedule, from 0
     * @param block block it belongs to
     * @param cell what it measures
     * @param side who measures
     */
    public record Slot(int order, int block, String cell, Side side) {

        /**
         * What the side's jar is told besides its verb: what is measured, and of a program a block's requests, which are
         * alike on all sides.
         *
         * @return options
         */
        public List<String> options() {
            return !cell.isEmpty()
                    ? List.of("--bench", "^" + Pattern.quote(cell) + "$")
                    : isApp(side) ? List.of("--seed", Integer.toString(block + 1)) : List.of();
        }
    }

    /**
     * Checks the looks.
     *
     * @throws IllegalArgumentException if they do not ascend to the number of blocks
     */
    public AbPlan {
        looks = looks == null ? List.of(blocks) : List.copyOf(looks);
        if (looks.isEmpty()
                || looks.getLast() != blocks
                || looks.getFirst() < 1
                || !looks.equals(looks.stream().distinct().sorted().toList())) {
            throw new IllegalArgumentException("looks must ascend to " + blocks + " blocks, not " + looks);
        }
    }

    /**
     * Tells whether the session may end before its last block.
     *
     * @return true with more than one look
     */
    public boolean sequential() {
        return looks.size() > 1;
    }

    /**
     * Tells whether a session is to be judged before a fork.
     *
     * @param slot the fork
     * @return true for the first fork after the blocks of a look
     */
    boolean lookBefore(Slot slot) {
        return looks.contains(slot.block()) && slot.order() == slot.block() * 2 * sides.size() * cells.size();
    }

    /**
     * The order of all forks: blocks in turn, the cells of a block in random order, the sides of a cell in random order
     * and then mirrored.
     *
     * @return slots; the same plan gives the same slots
     */
    public List<Slot> slots() {
        Random random = new Random(seed);
        List<Slot> slots = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            List<String> order = new ArrayList<>(cells);
            Collections.shuffle(order, random);
            for (String cell : order) {
                List<Side> half = new ArrayList<>(sides);
                Collections.shuffle(half, random);
                List<Side> mirrored = new ArrayList<>(half);
                mirrored.addAll(half.reversed());
                for (Side side : mirrored) {
                    slots.add(new Slot(slots.size(), block, cell, side));
                }
            }
        }
        return slots;
    }

    /**
     * What tells this session from any other.
     *
     * @return its label and seed
     */
    String session() {
        return label + "/" + seed;
    }

    /**
     * The label of a side's result directory.
     *
     * @param side a side of this plan
     * @return {@code <label>-<side>}
     */
    public String resultLabel(Side side) {
        return resultLabel(label, side.name());
    }

    /**
     * The label of a side's result directory.
     *
     * @param label label of the session
     * @param side name of the side
     * @return {@code <label>-<side>}
     */
    public static String resultLabel(String label, String side) {
        return label + "-" + side;
    }

    /**
     * The command of a side that measures a program on a kernel.
     *
     * @param name of the program
     * @return its first words
     */
    public static List<String> app(String name) {
        return List.of("kernel", "app", name, "--no-plots");
    }

    private static boolean isApp(Side side) {
        return side.verb().size() > 1 && side.verb().subList(0, 2).equals(List.of("kernel", "app"));
    }

    /**
     * Tells whether forks are of a program on a kernel, which takes longer than {@code kernel bench}.
     *
     * @return whether they are
     */
    public boolean ofApp() {
        return isApp(sides.getFirst());
    }

    /**
     * Tells whether forks measure time, which everything else on the machine disturbs; guests count instructions.
     *
     * @return true for commits, false for kernels
     */
    public boolean timed() {
        return sides.getFirst().verb().getFirst().equals(RUN);
    }
}
