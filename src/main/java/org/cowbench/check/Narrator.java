package org.cowbench.check;

import static org.cowbench.arena.FolioRecord.LOCKED_ELSEWHERE;
import static org.cowbench.arena.PageArena.NIL;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.arena.Control;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.Pte;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.policy.Property;
import org.jspecify.annotations.Nullable;

/** Tells a path of a search: makes its moves again and writes them down as a script. */
final class Narrator {
    private final String policy;
    private final World world;
    private final List<Step> steps = new ArrayList<>();
    private final List<StepOutcome> did = new ArrayList<>();
    private final List<Violation.EnvironmentMove> environment = new ArrayList<>();

    /**
     * Prepares to tell one path.
     *
     * @param policy whose script it is, for its name
     * @param world where to make the moves
     */
    Narrator(String policy, World world) {
        this.policy = policy;
        this.world = world;
    }

    /** Tells a violation, as far as its path goes without an exception. */
    Violation tell(Findings.Kind kind, int depth, int[] path) {
        Property property = kind.property();
        String message = "";
        try {
            replay(path);
            if (property == Property.BOOKKEEPING) {
                world.machine.validate();
            } else {
                look(world.judge.witness(property));
            }
        } catch (RuntimeException e) {
            message = String.valueOf(e.getMessage());
            if (did.size() < steps.size()) {
                did.add(StepOutcome.Plain.FAILS);
            }
        }
        return new Violation(
                world.scope,
                property,
                kind.cause(),
                kind.pin(),
                script(property.id()),
                did,
                environment,
                depth,
                message);
    }

    /** Tells a path that ends in what costs and harms nobody. */
    Script tell(int[] path, String name) {
        replay(path);
        return script(name);
    }

    private Script script(String name) {
        return Script.of(policy + "-" + name + ".litmus", world.scope.folio(), world.scope.pages(), steps);
    }

    private void replay(int[] path) {
        world.reset();
        for (int code : path) {
            Step step = step(code);
            if (step == null) {
                environment.add(new Violation.EnvironmentMove(steps.size(), environmentText(code)));
                world.move(code);
            } else {
                steps.add(step);
                did.add(make(code));
            }
        }
    }

    /** The step of a script that a move is in the present state, before it is made; null for the adversary's. */
    private @Nullable Step step(int code) {
        Op op = Moves.kind(code).op();
        if (op == null) {
            return null;
        }
        int process = world.actor(op, code);
        int page = Moves.page(code);
        int target = world.target(op, code);
        String named = op.namesProcess()
                ? process(target)
                : op.takesReference() || op.usesReference() ? reference(target) : "";
        int last = op.namesPage() ? Moves.last(code) : page;
        return new Step(
                0,
                process(process),
                op,
                named(page),
                named(last),
                named,
                Step.FIRST,
                world.value(op, process, last),
                OptionalLong.empty());
    }

    /** The number of a page in a script, whose folio may have more pages between the first two and the last. */
    private int named(int page) {
        return world.scope.pmd() && page == Scope.FOLIO_PAGES - 1 ? Scope.THP / Script.PAGE_KIB - 1 : page;
    }

    /** What a move of the adversary does in the present state. */
    private String environmentText(int code) {
        PageArena arena = world.arena;
        int frame = world.machine.frameOf(Moves.process(code), Moves.page(code));
        String page = process(Moves.process(code)) + "'s page " + named(Moves.page(code));
        return switch (Moves.kind(code)) {
            case LOCK ->
                arena.frames().has(arena.frames().folioOf(frame), LOCKED_ELSEWHERE)
                        ? "the lock of " + page + " is released"
                        : "somebody else takes the lock of " + page;
            case GET -> "somebody else takes or drops a passing reference to " + page;
            case MIGRATE -> "the processes migrate to the other CPU";
            case STALL ->
                arena.control(Control.DEVICE_STALLED) != 0 ? "the swap device goes on" : "the swap device stalls";
            default -> arena.control(Control.SWAP_PRESSURE) != 0 ? "others leave swap" : "others fill swap past half";
        };
    }

    /** Makes a move and tells what it did. */
    private StepOutcome make(int code) {
        Move move = Moves.kind(code);
        int process = Moves.process(code);
        int page = Moves.page(code);
        boolean present = Pte.isPresent(world.arena.tables().entry(process, page));
        world.move(code);
        return switch (move) {
            case WRITE -> new StepOutcome.Access(world.lastOutcome(), false, OptionalInt.empty());
            case READ -> new StepOutcome.Access(world.lastOutcome(), false, OptionalInt.of(world.seen(process, page)));
            case SPLICE, PIN, PINRO -> new StepOutcome.Access(world.lastOutcome(), true, OptionalInt.empty());
            case PAGEOUT, RECLAIM ->
                !present && move == Move.PAGEOUT ? StepOutcome.Reclaimed.NO_PAGE : whereabouts(process, page);
            default -> StepOutcome.Plain.NOTHING;
        };
    }

    private StepOutcome whereabouts(int process, int page) {
        long pte = world.arena.tables().entry(process, page);
        return Pte.isPresent(pte)
                ? StepOutcome.Reclaimed.MAPPED
                : !Pte.isSwap(pte)
                        ? StepOutcome.Reclaimed.NO_PAGE
                        : world.machine.frameOf(process, page) != NIL
                                ? StepOutcome.Reclaimed.SWAP_CACHE
                                : StepOutcome.Reclaimed.DEVICE;
    }

    /** The step that shows a violation, what it sees, and what it must see. */
    private void look(Judge.Witness at) {
        OptionalLong expected = OptionalLong.of(at.expected());
        boolean page = at.reference() == NIL;
        steps.add(
                page
                        ? new Step(0, process(at.process()), Op.READ, named(at.page()), "", 0, expected)
                        : new Step(0, process(world.anyLiving()), Op.PEEK, 0, reference(at.reference()), 0, expected));
        int sees = page ? world.seen(at.process(), at.page()) : world.shown(at.reference());
        did.add(new StepOutcome.Look(
                sees == World.OBSOLETE ? OptionalInt.empty() : OptionalInt.of(sees), at.expected()));
    }

    private static String process(int number) {
        return String.valueOf((char) ('A' + number));
    }

    private static String reference(int number) {
        return String.valueOf((char) ('X' + number));
    }
}
