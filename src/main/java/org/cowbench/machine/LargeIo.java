package org.cowbench.machine;

import org.cowbench.arena.Control;

/** mm/page_io.c where there are large folios; and what they hold for nothing, looked at when an operation has ended. */
final class LargeIo extends PageIo {
    private final Mm mm;

    LargeIo(Mm mm) {
        super(mm);
        this.mm = mm;
    }

    /** While an operation takes a folio's mappings away one by one, what is held is not what is left of it. */
    @Override
    void tick(Task task) {
        super.tick(task);
        long held = mm.arena.control(Control.PAGES_HELD);
        if (held > 0) {
            task.counters().atLeast(Counter.BYTES_HELD, held * mm.arena.spec().frameBytes());
        }
    }
}
