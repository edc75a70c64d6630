package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cowbench.check.Move;
import org.cowbench.check.Scope;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;

/** The scopes of a {@linkplain KernelCheck check of a kernel}: what scripts of one page are made of. */
final class CheckScopes {
    /** What the titles of scopes with a pin end in. */
    static final String PIN = "a pin";

    private static final Set<Move> MEMORY =
            EnumSet.of(Move.WRITE, Move.READ, Move.PAGEOUT, Move.DRAIN, Move.DISCARD, Move.RECLAIM);
    private static final Set<Move> SHARING = EnumSet.of(Move.FORK, Move.EXIT);
    private static final Set<Move> PIPES = EnumSet.of(Move.SPLICE, Move.PEEK);
    private static final Set<Move> PINS = EnumSet.of(Move.PIN, Move.PINRO, Move.DMA, Move.UNPIN);

    private final Set<Move> can;
    private final int length;
    private final @Nullable Shard shard;
    private final List<Frontier> frontiers = new ArrayList<>();

    private CheckScopes(Set<Move> can, int length, @Nullable Shard shard) {
        this.can = can;
        this.length = length;
        this.shard = shard;
    }

    /**
     * The scopes that a kernel can do.
     *
     * @param can the moves that it can do
     * @param length longest script
     * @param shard the share of the scripts that is run, null for all
     * @return each at its beginning
     */
    static List<Frontier> of(Set<Move> can, int length, @Nullable Shard shard) {
        CheckScopes scopes = new CheckScopes(can, length, shard);
        scopes.begin();
        return scopes.frontiers;
    }

    private void begin() {
        boolean pins = can.contains(Move.PIN) || can.contains(Move.PINRO);
        Set<Move> taking = EnumSet.of(Move.PIN, Move.PINRO);
        if (pins) {
            add("1 process, " + PIN, 1, 1, List.of(), List.of(MEMORY, PINS));
        }
        add("2 processes", 2, 0, List.of(EnumSet.of(Move.FORK)), List.of(MEMORY, SHARING));
        add(
                "2 processes, a pipe",
                2,
                1,
                List.of(EnumSet.of(Move.FORK), EnumSet.of(Move.SPLICE)),
                List.of(MEMORY, SHARING, PIPES));
        if (pins) {
            add("2 processes, " + PIN, 2, 1, List.of(EnumSet.of(Move.FORK), taking), List.of(MEMORY, SHARING, PINS));
        }
    }

    private void add(String title, int processes, int references, List<Set<Move>> needs, List<Set<Move>> some) {
        Set<Move> moves = EnumSet.noneOf(Move.class);
        some.forEach(moves::addAll);
        moves.retainAll(can);
        frontiers.add(new Frontier(
                frontiers.size() + 1,
                title,
                new Scope(processes, 1, references, 0, Scope.UNBOUNDED, moves, true),
                needs,
                length,
                shard));
    }
}
