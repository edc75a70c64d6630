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
 * @param folio 0 where every page is an area of its own; else the area is one large folio of {@value #FOLIO_PAGES} pages,
 *     which stands for one of so many KiB: {@value #MTHP}, or {@value #THP}, and then a PMD entry may map it whole
 */
public record Scope(
        int processes,
        int pages,
        int references,
        int environment,
        int depth,
        Set<Move> moves,
        boolean symmetry,
        int folio) {
    /** Pages of a large folio here, whatever it stands for: no rule depends on more than that there are several. */
    public static final int FOLIO_PAGES = 4;
    /** Size of a folio that page-table entries alone map, in KiB. */
    public static final int MTHP = 16;
    /** Size of a folio that a PMD entry maps, in KiB. */
    public static final int THP = 2048;

    /** More than any path in a small scope can be long. */
    public static final int UNBOUNDED = 250;

    private static final int SPLINTERS = 8;
    /** The moves with which a folio's states are few enough for a fixpoint. */
    private static final Set<Move> FOLIO_FIXPOINT =
            EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.FORK, Move.EXIT, Move.SPLIT);

    /** Checks the ranges. */
    public Scope {
        if (folio != 0 && folio != MTHP && folio != THP) {
            throw new IllegalArgumentException(
                    "no folio of " + folio + " KiB is explored: " + MTHP + " (four pages), or " + THP
                            + " (four pages that a PMD entry maps); no rule tells other sizes from these");
        }
        if (folio > 0 && pages != FOLIO_PAGES) {
            throw new IllegalArgumentException("a folio has " + FOLIO_PAGES + " pages here, not " + pages);
        }
        if (processes < 1
                || processes > 4
                || pages < 1
                || pages > 3 && folio == 0
                || references < 0
                || references > 3
                || environment < 0
                || environment > 2
                || depth < 1
                || depth > UNBOUNDED
                || moves.isEmpty()) {
            throw new IllegalArgumentException("not a scope: processes " + processes + " (1 to 4), pages " + pages
                    + " (1 to 3), references " + references + " (0 to 3), environment " + environment
                    + " (0 to 2), depth " + depth + " (1 to " + UNBOUNDED + ")");
        }
        moves = Set.copyOf(moves);
    }

    /**
     * A scope of base pages.
     *
     * @param processes most processes that live at once, 1 to 4
     * @param pages pages of the area, 1 to 3
     * @param references most pipes and pins held at once, 0 to 3
     * @param environment most moves of the adversary in force at once, 0 to 2
     * @param depth most moves in a path
     * @param moves which kinds of move are made
     * @param symmetry whether states that differ only by renaming processes or pages are one
     */
    public Scope(
            int processes, int pages, int references, int environment, int depth, Set<Move> moves, boolean symmetry) {
        this(processes, pages, references, environment, depth, moves, symmetry, 0);
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
     * The scopes that {@code check --folio} explores when nothing else is said.
     *
     * @param folio size of the folio in KiB, {@value #MTHP} or {@value #THP}
     * @return two processes without references to the fixpoint; the same with one reference, and three processes, which
     *     is one more than a folio has owner slots, to a depth
     */
    public static List<Scope> folios(int folio) {
        Set<Move> all = EnumSet.allOf(Move.class);
        return List.of(
                folio(folio, 2, 0, UNBOUNDED, FOLIO_FIXPOINT), folio(folio, 2, 1, 6, all), folio(folio, 3, 1, 5, all));
    }

    /**
     * A scope of one large folio.
     *
     * @param folio its size in KiB, {@value #MTHP} or {@value #THP}
     * @param processes most processes that live at once, 1 to 4
     * @param references most pipes and pins held at once, 0 to 3
     * @param depth most moves in a path
     * @param moves which kinds of move are made
     * @return the scope
     */
    public static Scope folio(int folio, int processes, int references, int depth, Set<Move> moves) {
        return new Scope(processes, FOLIO_PAGES, references, 0, depth, moves, true, folio);
    }

    /**
     * Whether a PMD entry may map the folio.
     *
     * @return whether it may
     */
    public boolean pmd() {
        return folio == THP;
    }

    /**
     * The scope in a few words.
     *
     * @return such as {@code 3 processes x 1 page, 2 references, environment 1}, and the moves if not all are made
     */
    public String title() {
        List<Move> possible =
                Arrays.stream(Move.values()).filter(move -> move.isOf(this)).toList();
        return count(processes, "process", "es") + " x "
                + (folio > 0 ? "a folio of " + folio + " KiB" : count(pages, "page", "s")) + ", "
                + count(references, "reference", "s") + (environment == 0 ? "" : ", environment " + environment)
                + (moves.containsAll(possible)
                        ? ""
                        : possible.stream()
                                .filter(moves::contains)
                                .map(Move::word)
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
        boolean written =
                moves.contains(Move.WRITE) || references > 0 && moves.contains(Move.PIN) && moves.contains(Move.DMA);
        String lacks =
                switch (property) {
                    case ISOLATION -> others ? "" : "there is no second process";
                    case SECRECY ->
                        !others
                                ? "there is no second process"
                                : pinned || references > 0 && moves.contains(Move.SPLICE)
                                        ? ""
                                        : "no reference is taken";
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
        if (folio > 0) {
            return folioArena(lruBatch, frames);
        }
        int slots = 2 * (cells + machineReferences()) + 2;
        return new ArenaSpec(frames, slots, processes, pages, 2, machineReferences(), lruBatch, Long.BYTES);
    }

    /**
     * Whole folios never run out, as what then happened would depend on what states leave out: one a process and a
     * reference, one in flight, and those of which a base page somewhere keeps the rest from being free.
     */
    private ArenaSpec folioArena(int lruBatch, int single) {
        int folios = processes + machineReferences() + 2 + SPLINTERS;
        int frames = folios * FOLIO_PAGES + single + FOLIO_PAGES;
        int slots = 2 * (folios * FOLIO_PAGES + processes * pages + machineReferences());
        return new ArenaSpec(
                frames,
                (slots / FOLIO_PAGES + 1) * FOLIO_PAGES,
                processes,
                pages,
                2,
                machineReferences(),
                lruBatch,
                Long.BYTES,
                Integer.numberOfTrailingZeros(FOLIO_PAGES),
                pmd());
    }
}
