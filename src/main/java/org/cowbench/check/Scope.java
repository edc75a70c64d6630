package org.cowbench.check;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.policy.Property;

/**
 * What is explored.
 *
 * @param processes most processes that live at once, 1 to 4
 * @param pages pages of the area, 1 to 3
 * @param references most pipes and pins held at once, 0 to 3
 * @param environment most moves of the adversary in force at once, 0 to 2
 * @param depth most moves in a path
 * @param moves which kinds of move are made
 * @param symmetry whether states that differ only by renaming processes or pages are one
 */
public record Scope(int processes, int pages, int references, int environment, int depth, Set<Move> moves,
        boolean symmetry) {

    /** More than any path in a small scope can be long. */
    public static final int UNBOUNDED = 250;

    /** Checks the ranges. */
    public Scope {
        if (processes < 1 || processes > 4 || pages < 1 || pages > 3 || references < 0 || references > 3
                || environment < 0 || environment > 2 || depth < 1 || depth > UNBOUNDED || moves.isEmpty()) {
            throw new IllegalArgumentException("not a scope: processes " + processes + " (1 to 4), pages " + pages
                    + " (1 to 3), references " + references + " (0 to 3), environment " + environment
                    + " (0 to 2), depth " + depth + " (1 to " + UNBOUNDED + ")");
        }
        moves = Set.copyOf(moves);
    }

    /**
     * The scope that is small enough for a fixpoint, without the adversary; expected verdicts are declared for it.
     *
     * @return two processes, one page, one reference
     */
    public static Scope fixpoint() {
        return new Scope(2, 1, 1, 0, UNBOUNDED, EnumSet.allOf(Move.class), true);
    }

    /**
     * The scopes that {@code check} explores when nothing is said: one to its fixpoint, then two wider ones with two
     * references and the adversary's moves, as deep as a couple of minutes for all policies allow.
     *
     * @return the fixpoint scope; three processes with one page; two processes with two pages
     */
    public static List<Scope> standard() {
        Set<Move> all = EnumSet.allOf(Move.class);
        return List.of(fixpoint(), new Scope(3, 1, 2, 1, 7, all, true), new Scope(2, 2, 2, 1, 6, all, true));
    }

    /**
     * The scope in a few words.
     *
     * @return such as {@code 3 processes x 1 page, 2 references, environment 1}, and the moves if not all are made
     */
    public String title() {
        List<Move> possible = Arrays.stream(Move.values()).filter(move -> move.op() != null || environment > 0).toList();
        return count(processes, "process", "es") + " x " + count(pages, "page", "s") + ", "
                + count(references, "reference", "s") + (environment == 0 ? "" : ", environment " + environment)
                + (moves.containsAll(possible) ? "" : possible.stream().filter(moves::contains).map(Move::word)
                        .collect(Collectors.joining(", ", " (moves: ", ")")));
    }

    /**
     * Why no path of this scope can violate a property, so that not to find one says nothing.
     *
     * @return a few words, such as {@code no pin is taken}; empty where there is something to judge
     */
    String missing(Property property) {
        boolean others = processes > 1 && moves.contains(Move.FORK);
        boolean pinned = references > 0 && (moves.contains(Move.PIN) || moves.contains(Move.PINRO));
        boolean written = moves.contains(Move.WRITE)
                || references > 0 && moves.contains(Move.PIN) && moves.contains(Move.DMA);
        String lacks = switch (property) {
            case ISOLATION -> others ? "" : "there is no second process";
            case SECRECY -> !others ? "there is no second process"
                    : pinned || references > 0 && moves.contains(Move.SPLICE) ? "" : "no reference is taken";
            case PIN_COHERENCE -> pinned ? "" : "no pin is taken";
            case BOOKKEEPING -> "";
        };
        return lacks.isEmpty() && !written && property != Property.BOOKKEEPING ? "nothing is written" : lacks;
    }

    private static String count(int count, String what, String plural) {
        return count + " " + what + (count == 1 ? "" : plural);
    }

    /** References of the machine: the scope's own, then one a passing reference of the adversary. */
    int machineReferences() {
        return references + environment;
    }

    ArenaSpec arena(int lruBatch) {
        int cells = processes * pages;
        // A frame an entry, a reference, a copy in flight; the rest wait in batches after their last user has gone.
        int frames = 1 + cells + machineReferences() + 1 + lruBatch;
        int slots = 2 * (cells + machineReferences()) + 2;
        return new ArenaSpec(frames, slots, processes, pages, 2, machineReferences(), lruBatch, Long.BYTES);
    }
}
