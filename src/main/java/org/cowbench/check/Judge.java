package org.cowbench.check;

import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.References.KIND_GET;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.machine.Machine;
import org.cowbench.policy.Property;

/** Holds what would be seen in a world against its ghost; see the package's note on properties. */
final class Judge {
    /** Bit of a judgement: no ghost can say any more what must be seen, so that the path ends here. */
    static final int BROKEN = 1 << Property.values().length;

    /**
     * Where a violation shows: at a process's page, or at a reference.
     *
     * @param process whose page it is
     * @param page the page
     * @param reference the reference, or {@link org.cowbench.arena.PageArena#NIL} where it is a page
     * @param expected what must be seen there
     */
    record Witness(int process, int page, int reference, int expected) {}

    private final World world;
    private final Machine machine;
    private final Scope scope;
    private final Ghost ghost;
    private final Frames frames;
    private final PageTables tables;
    private final References references;
    private final int[][] witnesses = new int[Property.values().length][4];

    Judge(World world) {
        this.world = world;
        machine = world.machine;
        scope = world.scope;
        ghost = world.ghost;
        frames = world.arena.frames();
        tables = world.arena.tables();
        references = world.arena.references();
    }

    static int bit(Property property) {
        return 1 << property.ordinal();
    }

    /**
     * The second half of {@link World#move}: compares what would be seen with the ghost; what can be repaired there
     * is, so that it is reported once.
     *
     * @param code the move just made
     * @return bits of violated properties and {@link #BROKEN}
     */
    int after(int code) {
        int violated = 0;
        for (int process = 0; process < scope.processes(); process++) {
            for (int page = 0; page < scope.pages() && tables.alive(process); page++) {
                int seen = world.seen(process, page);
                if (seen != ghost.memory(process, page)) {
                    violated |= wrongMemory(code, process, page, seen);
                }
            }
        }
        for (int reference = 0; reference < scope.references(); reference++) {
            if (references.kind(reference) != 0) {
                violated |= judgeReference(code, reference, world.shown(reference));
            }
        }
        forgetRecorded();
        return violated;
    }

    /**
     * A process sees wrong memory. Pin-coherence is violated where a device's write does not reach its own process,
     * reaches another, or is lost; everything else violates isolation. Where a device's write is missing, the process
     * goes on with the value that it sees, and so does the path. Otherwise nothing says what must be seen from here on:
     * the path ends.
     */
    private int wrongMemory(int code, int process, int page, int seen) {
        boolean missing = Moves.kind(code) == Move.DMA
                ? ghost.attached(Moves.reference(code), process, page)
                : Moves.kind(code) != Move.WRITE && ghost.byDevice(process, page);
        Property property = missing || Moves.kind(code) == Move.DMA ? Property.PIN_COHERENCE : Property.ISOLATION;
        int bits = violated(property, process, page, NIL, ghost.memory(process, page));
        if (!missing) {
            return bits | BROKEN;
        }
        ghost.memory(process, page, seen, false);
        ghost.detach(process, page);
        return bits;
    }

    private int judgeReference(int code, int reference, int shown) {
        int violated = 0;
        int owner = ghost.owner(reference);
        if (shown != ghost.shown(reference)) {
            if (!ghost.tainted(reference) && !mayShow(code, reference)) {
                violated = violated(Property.SECRECY, NIL, 0, reference, ghost.shown(reference));
                ghost.taint(reference);
            }
            ghost.shown(reference, shown);
        }
        if (ghost.attached(reference)) {
            int page = ghost.page(reference);
            int expected = ghost.memory(owner, page);
            // Where memory itself is wrong, it is not the pin that parted from it.
            if (shown != expected && world.seen(owner, page) == expected) {
                violated |= violated(Property.PIN_COHERENCE, NIL, 0, reference, expected);
                ghost.detach(reference);
            }
        }
        return violated;
    }

    /** Whether the move just made may have changed what a reference shows: its owner's writes, and its own device's. */
    private boolean mayShow(int code, int reference) {
        int owner = ghost.owner(reference);
        return switch (Moves.kind(code)) {
            case WRITE -> Moves.process(code) == owner;
            case DMA -> Moves.reference(code) == reference || ghost.owner(Moves.reference(code)) == owner;
            default -> false;
        };
    }

    private int violated(Property property, int process, int page, int reference, int expected) {
        int[] witness = witnesses[property.ordinal()];
        witness[0] = process;
        witness[1] = page;
        witness[2] = reference;
        witness[3] = expected;
        return bit(property);
    }

    /**
     * Once a page or an entry of it is dirty, or the device has it, what a device wrote is memory like any other: if it
     * is lost then, it is not for want of a mark that the pin should have made.
     */
    private void forgetRecorded() {
        for (int process = 0; process < scope.processes(); process++) {
            for (int page = 0; page < scope.pages(); page++) {
                if (ghost.byDevice(process, page) && recorded(machine.frameOf(process, page), page)) {
                    ghost.memory(process, page, ghost.memory(process, page), false);
                }
            }
        }
    }

    private boolean recorded(int frame, int page) {
        int folio = frame == NIL ? NIL : frames.folioOf(frame);
        boolean dirty = frame == NIL || !frames.has(folio, SWAPCACHE) || frames.has(folio, DIRTY);
        for (int process = 0; process < scope.processes(); process++) {
            long pte = tables.entry(process, page);
            dirty |= Pte.isPresent(pte) && Pte.frame(pte) == frame && (pte & Pte.DIRTY) != 0;
        }
        return dirty;
    }

    /** Whether the violation of a property that was found last shows through a pin. */
    boolean shownByPin(Property property) {
        int reference = witnesses[property.ordinal()][2];
        return property != Property.BOOKKEEPING && reference != NIL && references.kind(reference) != KIND_GET;
    }

    /** Where the violation of a property that was found last shows. */
    Witness witness(Property property) {
        int[] witness = witnesses[property.ordinal()];
        return new Witness(witness[0], witness[1], witness[2], witness[3]);
    }
}
