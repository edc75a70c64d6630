package org.cowbench.check;

import static org.cowbench.arena.FolioRecord.LOCKED_ELSEWHERE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.References;
import org.cowbench.machine.Machine;

/** The moves of a world that are no process's; see the package's note. */
final class Adversary {
    private final World world;
    private final Machine machine;
    private final Scope scope;
    private final PageArena arena;
    private final Frames frames;
    private final PageTables tables;
    private final References references;
    /** Its passing references are numbered from here on, after those of scripts. */
    private final int firstReference;

    Adversary(World world) {
        this.world = world;
        machine = world.machine;
        scope = world.scope;
        arena = world.arena;
        frames = arena.frames();
        tables = arena.tables();
        references = arena.references();
        firstReference = scope.references();
    }

    /** Makes a move; 0, or {@link World#DISABLED}. */
    int perform(int code) {
        return switch (Moves.kind(code)) {
            case LOCK -> lock(folio(Moves.process(code), Moves.page(code)));
            case GET -> get(folio(Moves.process(code), Moves.page(code)));
            case MIGRATE -> migrate();
            case STALL -> stall();
            default -> fill();
        };
    }

    /** Lock and references are the folio's; those of others look at none of its pages. */
    private int folio(int process, int page) {
        int frame = machine.frameOf(process, page);
        return frame == NIL ? NIL : frames.folioOf(frame);
    }

    private int inForce() {
        int count = 0;
        for (int reference = firstReference; reference < scope.machineReferences(); reference++) {
            count += references.kind(reference) != 0 ? 1 : 0;
        }
        for (int frame = 1; frame < arena.spec().frames(); frame++) {
            count += frames.has(frame, LOCKED_ELSEWHERE) ? 1 : 0;
        }
        return count
                + (tables.cpu(0) != 0 ? 1 : 0)
                + (arena.control(Control.DEVICE_STALLED) != 0 ? 1 : 0)
                + (arena.control(Control.SWAP_PRESSURE) != 0 ? 1 : 0);
    }

    private boolean mayInterfere() {
        return inForce() < scope.environment();
    }

    private int lock(int frame) {
        if (frame == NIL || frame == ZERO_FRAME || !frames.has(frame, LOCKED_ELSEWHERE) && !mayInterfere()) {
            return World.DISABLED;
        }
        machine.adversaryLock(frame, !frames.has(frame, LOCKED_ELSEWHERE));
        return 0;
    }

    private int get(int frame) {
        if (frame == NIL || frame == ZERO_FRAME) {
            return World.DISABLED;
        }
        for (int reference = firstReference; reference < scope.machineReferences(); reference++) {
            if (references.kind(reference) != 0 && references.frame(reference) == frame) {
                machine.release(reference);
                return 0;
            }
        }
        if (!mayInterfere()) {
            return World.DISABLED;
        }
        int reference = firstReference;
        while (references.kind(reference) != 0) {
            reference++;
        }
        machine.adversaryGet(frame, reference);
        return 0;
    }

    private int migrate() {
        boolean away = tables.cpu(0) != 0;
        if (!away && !mayInterfere()) {
            return World.DISABLED;
        }
        for (int process = 0; process < scope.processes(); process++) {
            machine.task(process).runOn(away ? 0 : 1);
        }
        return 0;
    }

    private int stall() {
        boolean stalled = arena.control(Control.DEVICE_STALLED) != 0;
        if (!stalled && !mayInterfere()) {
            return World.DISABLED;
        }
        machine.adversaryStall(!stalled);
        return 0;
    }

    private int fill() {
        boolean full = arena.control(Control.SWAP_PRESSURE) != 0;
        if (!full && !mayInterfere()) {
            return World.DISABLED;
        }
        machine.adversaryFillSwap(!full);
        return 0;
    }

    /** The adversary lets go of a page that nobody can reach any more, as no move names it. */
    void leaveUnreachable() {
        for (int reference = firstReference; reference < scope.machineReferences(); reference++) {
            if (references.kind(reference) != 0 && !world.reachable(references.frame(reference))) {
                machine.release(reference);
            }
        }
        for (int frame = 1; frame < arena.spec().frames(); frame++) {
            if (frames.has(frame, LOCKED_ELSEWHERE) && !world.reachable(frame)) {
                machine.adversaryLock(frame, false);
            }
        }
    }
}
