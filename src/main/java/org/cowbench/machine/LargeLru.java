package org.cowbench.machine;

import static org.cowbench.arena.Batches.BATCH_ADD;
import static org.cowbench.arena.Batches.BATCH_ROTATE;
import static org.cowbench.arena.FolioRecord.ACTIVE;

/** mm/swap.c where there are large folios: none waits in a batch, but one that comes by empties it. */
class LargeLru extends Lru {

    LargeLru(Mm mm) {
        super(mm);
    }

    @Override
    void add(Task task, int folio) {
        if (frames.large(folio)) {
            drain(task.cpu(), BATCH_ADD);
            insert(folio, false);
        } else {
            super.add(task, folio);
        }
    }

    @Override
    void rotate(Task task, int folio) {
        if (frames.large(folio)) {
            drain(task.cpu(), BATCH_ROTATE);
            remove(folio);
            frames.clearFlags(folio, ACTIVE);
            insert(folio, true);
        } else {
            super.rotate(task, folio);
        }
    }
}
