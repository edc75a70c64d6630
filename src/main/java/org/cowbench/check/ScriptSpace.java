package org.cowbench.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.litmus.StepResult;

/**
 * Every script of a scope up to some length, one of each symmetry class: processes and references are named by the order
 * of their appearance, and every value written is a new one. A script is its moves, each a number of {@link Moves}; behind
 * them it looks at all that is left ({@link #script}).
 *
 * <p>Left out is what no kernel, right or wrong, can tell from a shorter script: a move that finds nothing to do. By the
 * moves alone these are a read of a page that is mapped since the process touched it last, a store like the one
 * before it, a drain with nothing new in a batch, a discard of what was never touched, page-out of the same page twice in a
 * row, a fork before there is memory, and anything once all memory has been discarded again. What only a run can show, {@link #idle} tells from it.
 */
public final class ScriptSpace {
    private static final int NEVER = -1;

    private final Scope scope;
    private final int[] alphabet;

    /**
     * Takes a scope.
     *
     * @param scope whose moves are tried; those of the adversary cannot be
     */
    public ScriptSpace(Scope scope) {
        this.scope = scope;
        alphabet = Arrays.stream(Moves.of(scope))
                .filter(code -> Moves.kind(code).op() != null)
                .toArray();
    }

    /**
     * The scope.
     *
     * @return the scope
     */
    public Scope scope() {
        return scope;
    }

    /**
     * The moves that may follow.
     *
     * @param moves a script
     * @return each script with one more move
     */
    public List<int[]> extend(int[] moves) {
        Past past = new Past(moves);
        List<int[]> longer = new ArrayList<>();
        if (past.over()) {
            return longer;
        }
        for (int code : alphabet) {
            if (past.allows(code)) {
                int[] more = Arrays.copyOf(moves, moves.length + 1);
                more[moves.length] = code;
                longer.add(more);
            }
        }
        return longer;
    }

    /**
     * Whether a script must be run: its last move changes memory or an entry. What another last move does, a read or a
     * drain, is done by the look at the end, or shows in a longer script.
     *
     * @param moves a script
     * @return whether it must
     */
    public static boolean tells(int[] moves) {
        return switch (Moves.kind(moves[moves.length - 1])) {
            case READ, DRAIN, UNPIN, PEEK, SPLICE, PIN, PINRO -> false;
            default -> true;
        };
    }

    /**
     * Whether a script makes one of some moves.
     *
     * @param moves a script
     * @param some kinds of moves
     * @return whether it does
     */
    public static boolean has(int[] moves, Set<Move> some) {
        return Arrays.stream(moves).anyMatch(code -> some.contains(Moves.kind(code)));
    }

    /**
     * Whether a script's last move stores something, by which most harm is done.
     *
     * @param moves a script
     * @return whether it does
     */
    public static boolean stores(int[] moves) {
        Move last = Moves.kind(moves[moves.length - 1]);
        return last == Move.WRITE || last == Move.DMA;
    }

    /**
     * The script: the moves, then a look through every reference that is held, then every living process reads every page.
     *
     * @param moves the moves
     * @param name what to call it
     * @return the script
     */
    public Script script(int[] moves, String name) {
        Past past = new Past(new int[0]);
        List<Step> steps = new ArrayList<>();
        for (int code : moves) {
            steps.add(past.step(code));
            past.add(code);
        }
        String any = process(past.anyLiving());
        for (int reference = 0; reference < past.kinds.length; reference++) {
            if (past.kinds[reference] != null) {
                steps.add(step(any, Op.PEEK, 0, reference(reference), 0));
            }
        }
        for (int process = 0; process < scope.processes(); process++) {
            for (int page = 0; page < scope.pages() && past.alive[process]; page++) {
                steps.add(step(process(process), Op.READ, page, "", 0));
            }
        }
        return Script.of(name, 0, scope.pages(), steps);
    }

    /**
     * Whether a run shows that a move found nothing to do, so that no longer script need be tried: a read without a fault,
     * page-out where nothing was mapped, a discard or pressure where nothing was.
     *
     * @param moves the script
     * @param results what a kernel did
     * @return whether one of the moves was idle
     */
    public static boolean idle(int[] moves, List<StepResult> results) {
        for (int move = 0; move < Math.min(moves.length, results.size()); move++) {
            StepResult result = results.get(move);
            boolean idle = result.error() != null
                    || switch (Moves.kind(moves[move])) {
                        case READ -> result.before() == EntryState.PRESENT && result.minor() + result.major() == 0;
                        case PAGEOUT -> result.before() != EntryState.PRESENT;
                        case DISCARD, RECLAIM -> result.before() == EntryState.NONE;
                        default -> false;
                    };
            if (idle) {
                return true;
            }
        }
        return false;
    }

    private static Step step(String process, Op op, int page, String target, long value) {
        return new Step(0, process, op, page, target, value, OptionalLong.empty());
    }

    private static String process(int process) {
        return String.valueOf((char) ('A' + process));
    }

    private static String reference(int reference) {
        return "X" + reference;
    }

    /** What the moves of a script have left, as far as they alone say it. */
    private final class Past {
        private final boolean[] alive = new boolean[scope.processes()];
        private final Move[] kinds = new Move[scope.references()];
        /** By process and page: when it was touched last, when it was stored to last, and whether it is read-only. */
        private final int[] touched = new int[scope.processes() * scope.pages()];

        private final int[] stored = new int[touched.length];
        private final boolean[] readOnly = new boolean[touched.length];
        /** Whether it may have anything in its entry. */
        private final boolean[] has = new boolean[touched.length];
        /** The last move that may have unmapped a page of anybody, and the last that may have made a store matter again. */
        private int unmapped = NEVER;

        private int shared = NEVER;
        private boolean drained = true;
        private int count;
        private int last = NEVER;
        private long value = 1;

        Past(int[] moves) {
            alive[0] = true;
            Arrays.fill(touched, NEVER);
            Arrays.fill(stored, NEVER);
            for (int code : moves) {
                add(code);
            }
        }

        boolean allows(int code) {
            int process = Moves.process(code);
            int cell = process * scope.pages() + Moves.page(code);
            return switch (Moves.kind(code)) {
                case WRITE ->
                    alive[process]
                            && !readOnly[cell]
                            && (stored[cell] == NEVER || stored[cell] < Math.max(unmapped, shared));
                case READ -> alive[process] && touched[cell] <= unmapped;
                case PAGEOUT, RECLAIM -> alive[process] && anyMemory() && last != code;
                case DRAIN -> !drained;
                case FORK -> alive[process] && firstDead() != NEVER && anyMemory();
                case EXIT -> alive[process] && !alone(process);
                case DISCARD -> alive[process] && has[cell];
                case PROTECT -> alive[process] && has[cell] && last != code;
                case SPLICE, PIN, PINRO ->
                    alive[process] && firstFree() != NEVER && !(Moves.kind(code) == Move.PIN && readOnly[cell]);
                case DMA -> kinds[Moves.reference(code)] == Move.PIN && last != code;
                case PEEK -> kinds[Moves.reference(code)] == Move.SPLICE;
                case UNPIN -> kinds[Moves.reference(code)] == Move.PIN || kinds[Moves.reference(code)] == Move.PINRO;
                default -> false;
            };
        }

        void add(int code) {
            int process = Moves.process(code);
            int cell = process * scope.pages() + Moves.page(code);
            switch (Moves.kind(code)) {
                case WRITE -> {
                    touched[cell] = count;
                    has[cell] = true;
                    stored[cell] = count;
                    drained = false;
                    value++;
                }
                case READ -> {
                    touched[cell] = count;
                    has[cell] = true;
                    drained = false;
                }
                case PAGEOUT -> {
                    unmapped = count;
                    drained = false;
                }
                case RECLAIM -> {
                    unmapped = count;
                    drained = true;
                }
                case DRAIN -> drained = true;
                case FORK -> {
                    int child = firstDead();
                    alive[child] = true;
                    for (int page = 0; page < scope.pages(); page++) {
                        // What the child maps the parent may not know: its first read may find nothing to do.
                        touched[child * scope.pages() + page] = NEVER;
                        has[child * scope.pages() + page] = has[process * scope.pages() + page];
                        stored[child * scope.pages() + page] = NEVER;
                        readOnly[child * scope.pages() + page] = readOnly[process * scope.pages() + page];
                    }
                    shared = count;
                }
                case EXIT -> {
                    alive[process] = false;
                    drained = false;
                    for (int page = 0; page < scope.pages(); page++) {
                        touched[process * scope.pages() + page] = NEVER;
                        stored[process * scope.pages() + page] = NEVER;
                        readOnly[process * scope.pages() + page] = false;
                        has[process * scope.pages() + page] = false;
                    }
                }
                case DISCARD -> {
                    touched[cell] = NEVER;
                    has[cell] = false;
                    stored[cell] = NEVER;
                    drained = false;
                }
                case PROTECT -> {
                    readOnly[cell] ^= true;
                    shared = count;
                }
                case SPLICE, PIN, PINRO -> {
                    kinds[firstFree()] = Moves.kind(code);
                    touched[cell] = count;
                    has[cell] = true;
                    shared = count;
                    drained = false;
                }
                case DMA -> {
                    shared = count;
                    value++;
                }
                case PEEK, UNPIN -> {
                    kinds[Moves.reference(code)] = null;
                    drained = false;
                }
                default -> {}
            }
            last = code;
            count++;
        }

        Step step(int code) {
            Op op = Objects.requireNonNull(Moves.kind(code).op());
            int process = op.usesReference() || op == Op.DRAIN ? anyLiving() : Moves.process(code);
            int cell = Moves.process(code) * scope.pages() + Moves.page(code);
            String target = op.namesProcess()
                    ? process(firstDead())
                    : op.takesReference()
                            ? reference(firstFree())
                            : op.usesReference() ? reference(Moves.reference(code)) : "";
            return ScriptSpace.step(
                    process(process),
                    op,
                    Moves.page(code),
                    target,
                    op.writesValue() ? value : op == Op.PROTECT && readOnly[cell] ? 1 : 0);
        }

        /** Whether all that was is gone again: what follows has been tried from the start. */
        boolean over() {
            boolean gone = count > 0 && !anyMemory();
            for (Move kind : kinds) {
                gone &= kind == null;
            }
            return gone;
        }

        private boolean anyMemory() {
            boolean any = false;
            for (boolean it : has) {
                any |= it;
            }
            return any;
        }

        private int anyLiving() {
            int process = 0;
            while (!alive[process]) {
                process++;
            }
            return process;
        }

        private int firstDead() {
            for (int process = 0; process < alive.length; process++) {
                if (!alive[process]) {
                    return process;
                }
            }
            return NEVER;
        }

        private int firstFree() {
            for (int reference = 0; reference < kinds.length; reference++) {
                if (kinds[reference] == null) {
                    return reference;
                }
            }
            return NEVER;
        }

        private boolean alone(int process) {
            for (int other = 0; other < alive.length; other++) {
                if (other != process && alive[other]) {
                    return false;
                }
            }
            return true;
        }
    }
}
