package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cowbench.check.Move;
import org.cowbench.check.Scope;
import org.cowbench.check.ScriptSpace;
import org.cowbench.litmus.Script;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;

/** A scope's scripts of one length, and which of them are to be run: how far {@link KernelCheck} has come in it. */
final class Frontier {
    /** A length that has more scripts is not begun: they would not fit into memory, nor into a day. */
    private static final int MOST = 3_000_000;
    /** Scripts a share from which on they are dealt: so many that shares have about as much to do. */
    private static final int ENOUGH = 64;

    private final ScriptSpace space;
    private final int number;
    private final String title;
    private final List<Set<Move>> needs;
    private final int longest;
    private final @Nullable Shard shard;
    /** Length of the scripts that are dealt; what is longer belongs to the share that has its beginning. */
    private final int dealt;

    private List<int[]> live = List.of(new int[0]);
    private List<int[]> next = List.of();
    private List<int[]> queue = List.of();
    private final Set<int[]> dead = Collections.newSetFromMap(new IdentityHashMap<>());
    private int length;
    private int done;
    private boolean full;

    /**
     * Begins with the shortest scripts.
     *
     * @param number of the scope
     * @param title the scope, for people
     * @param scope the scope
     * @param needs sets of moves of each of which a script has one: others are of another, smaller scope
     * @param longest length of the longest scripts
     * @param shard the share of them, null for all
     */
    Frontier(int number, String title, Scope scope, List<Set<Move>> needs, int longest, @Nullable Shard shard) {
        this.number = number;
        this.shard = shard;
        this.title = title;
        this.needs = needs;
        this.longest = longest;
        space = new ScriptSpace(scope);
        dealt = shard == null ? 0 : dealt(space, longest, (long) ENOUGH * shard.of());
        lengthen();
    }

    /**
     * The first length that has enough scripts. What kernels do does not count: it may differ from machine to machine, and
     * then shares that went by it would disagree on whose a script is.
     */
    private static int dealt(ScriptSpace space, int longest, long enough) {
        List<int[]> all = List.of(new int[0]);
        int moves = 0;
        while (all.size() < enough && moves < longest && !all.isEmpty()) {
            List<int[]> longer = new ArrayList<>();
            for (int[] each : all) {
                if (longer.size() < enough) {
                    longer.addAll(space.extend(each));
                }
            }
            all = longer;
            moves++;
        }
        return moves;
    }

    /** Whether a script is the share's, by what it and it alone is: the same on every machine, whatever was seen there. */
    boolean has(int[] moves) {
        if (shard == null) {
            return true;
        }
        int hash = Arrays.hashCode(moves.length > dealt ? Arrays.copyOf(moves, dealt) : moves);
        // The last move alone must not decide, as it would with as many shares as the factor of that hash.
        hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
        return shard.has((hash ^ (hash >>> 16)) & Integer.MAX_VALUE);
    }

    /** The scripts of the next length, the more telling ones first. */
    private void lengthen() {
        next = new ArrayList<>();
        for (int[] moves : live) {
            if (!dead.contains(moves)) {
                next.addAll(space.extend(moves));
            }
            if (next.size() > MOST) {
                full = true;
                next = List.of();
                break;
            }
        }
        dead.clear();
        if (shard != null && length + 1 == dealt) {
            next = next.stream().filter(this::has).toList();
        }
        queue = next.stream()
                .filter(moves ->
                        ScriptSpace.tells(moves) && needs.stream().allMatch(some -> ScriptSpace.has(moves, some)))
                .sorted(Comparator.comparingInt(Frontier::rank))
                .toList();
        done = 0;
    }

    /** Most harm shows after a store; pressure costs a guest many times what other steps do. */
    private static int rank(int[] moves) {
        return (ScriptSpace.stores(moves) ? 0 : 2) + (ScriptSpace.has(moves, EnumSet.of(Move.RECLAIM)) ? 1 : 0);
    }

    /** How many scripts are as telling as the next one, and not run yet. */
    int ahead() {
        int rank = done < queue.size() ? rank(queue.get(done)) : 0;
        return (int) queue.subList(done, queue.size()).stream()
                .takeWhile(moves -> rank(moves) == rank)
                .count();
    }

    /** Whether there is nothing more to run. */
    boolean over() {
        return full || length >= longest || next.isEmpty();
    }

    /** The next scripts to run, as moves. */
    List<int[]> following(int most) {
        return queue.subList(done, Math.min(done + most, queue.size()));
    }

    /** How many of the first scripts of a length count. */
    private int own(int count) {
        return (int) queue.subList(0, count).stream().filter(this::has).count();
    }

    /** So many of them have been run. */
    void ran(int count) {
        done += count;
    }

    /** Moves as a script to run. */
    Script script(int[] moves, String file) {
        return space.script(moves, file);
    }

    /** Makes a script that was run no longer. */
    void end(int[] moves) {
        dead.add(moves);
    }

    /** Goes on with longer scripts when all of this length were run. */
    void lengthenIfDone() {
        if (done < queue.size()) {
            return;
        }
        live = next;
        length++;
        if (length < longest) {
            lengthen();
        } else {
            next = List.of();
            queue = List.of();
            done = 0;
        }
    }

    /** A script's place among all of all scopes, by what it alone is: texts are ordered as scripts are run, the shorter first. */
    String place(int[] moves) {
        StringBuilder place =
                new StringBuilder().append(String.format(Locale.ROOT, "%02d-%d%d-", moves.length, number, rank(moves)));
        for (int code : moves) {
            place.append(String.format(Locale.ROOT, "%03x", code));
        }
        return place.toString();
    }

    /** How far it is, for people. */
    String words() {
        return title + ", length " + (length + 1) + ": " + done + " of " + queue.size();
    }

    KernelCheck.Reach reach() {
        return new KernelCheck.Reach(title, length, own(queue.size()), own(done));
    }
}
