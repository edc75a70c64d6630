package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.DIRTY;
import static org.cowbench.arena.FolioRecord.PINS;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.References.KIND_GET;
import static org.cowbench.arena.References.KIND_PIN_RO;
import static org.cowbench.arena.References.KIND_PIN_RW;

import org.cowbench.arena.Frames;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.ReusePolicy.GupNeed;

/** mm/gup.c: references that outlive the operation that takes them, and what is done through them. */
final class Gup {
    private final ReusePolicy policy;
    private final Frames frames;
    private final PageTables tables;
    private final References references;
    private final Lru lru;
    private final PageIo io;
    private final Reclaim reclaim;
    private final Faults faults;

    Gup(Mm mm) {
        policy = mm.policy;
        frames = mm.arena.frames();
        tables = mm.arena.tables();
        references = mm.arena.references();
        lru = mm.lru;
        io = mm.io;
        reclaim = mm.reclaim;
        faults = mm.faults;
    }

    /** Takes a reference of a kind. */
    int take(Task task, int page, int reference, int kind) {
        int process = task.process;
        int outcome = kind == KIND_PIN_RW ? gupWrite(task, page) : gupRead(task, page, kind == KIND_PIN_RO);
        if (Outcome.failed(outcome)) {
            return outcome;
        }
        int frame = Pte.frame(faults.entry(process, page));
        hold(frame, kind, 1);
        references.set(reference, kind, frame, process);
        if (kind != KIND_GET) {
            tables.hasPinned(process, true);
        }
        io.tick(task);
        return outcome;
    }

    private int gupWrite(Task task, int page) {
        int process = task.process;
        if (tables.readOnly(process, page)) {
            return Outcome.SEGV;
        }
        long pte = faults.entry(process, page);
        if (!Pte.isWritable(pte)) {
            return faults.fault(task, page, true);
        }
        if (policy.pinMarksDirty()) {
            faults.touch(process, page, pte, Pte.DIRTY);
        }
        return 0;
    }

    private int gupRead(Task task, int page, boolean pin) {
        int process = task.process;
        int outcome = 0;
        if (!Pte.isPresent(faults.entry(process, page))) {
            outcome = faults.fault(task, page, false);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
        }
        long pte = faults.entry(process, page);
        if (Pte.isWritable(pte)) {
            return outcome;
        }
        int frame = Pte.frame(pte);
        GupNeed need = policy.onGupRead(task, faults.marked(process, page, frame), frame == ZERO_FRAME, pin);
        if (need == GupNeed.NOTHING) {
            return outcome;
        }
        if (!reclaim.ensureFree(task)) {
            return Outcome.NO_MEMORY;
        }
        return outcome | faults.protectionFault(task, page, faults.entry(process, page), need == GupNeed.UNSHARE);
    }

    void peek(Task task, int reference) {
        task.saw(frames.load(references.frame(reference)));
        if (references.kind(reference) == KIND_GET) {
            release(reference);
        }
        io.tick(task);
    }

    int directRead(Task task, int page, long word) {
        int process = task.process;
        int outcome = 0;
        if (!Pte.isWritable(faults.entry(process, page))) {
            outcome = tables.readOnly(process, page) ? Outcome.SEGV : faults.fault(task, page, true);
        }
        if (!Outcome.failed(outcome)) {
            int frame = Pte.frame(faults.entry(process, page));
            frames.setFlags(frames.folioOf(frame), DIRTY);
            frames.store(frame, word);
        }
        lru.addDrain(task);
        io.tick(task);
        return outcome;
    }

    void release(int reference) {
        int kind = references.kind(reference);
        int frame = references.frame(reference);
        references.set(reference, 0, 0, 0);
        hold(frame, kind, -1);
    }

    /** try_grab_folio, and with -1 gup_put_folio: a large folio counts its pins apart, one each. */
    void hold(int page, int kind, int count) {
        int folio = frames.folioOf(page);
        int weight = References.weight(kind);
        if (weight > 1 && frames.large(folio)) {
            frames.set(folio, PINS, frames.get(folio, PINS) + count);
            weight = 1;
        }
        if (count > 0) {
            lru.get(folio, weight);
        } else {
            lru.put(folio, weight);
        }
    }
}
