package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.EMAP;
import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.PARTIALLY_MAPPED;
import static org.cowbench.arena.FolioRecord.PINS;
import static org.cowbench.arena.FolioRecord.SLOT;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;
import static org.cowbench.arena.PageRecord.MAP;

import org.cowbench.arena.SwapSlots;

/** Who is running where there are large folios: what policies ask of them. */
class LargeTask extends Task {
    private final Owners owners;
    private final LargeSwap largeSwap;
    private final SwapSlots slots;

    LargeTask(Mm mm, int process) {
        super(mm, process);
        owners = mm.owners;
        largeSwap = (LargeSwap) mm.swap;
        slots = mm.arena.slots();
    }

    @Override
    public int folioNrPages(int folio) {
        return frames.pages(folio);
    }

    @Override
    public int folioLargeMapcount(int folio) {
        return frames.large(folio) ? frames.get(folio, LMAP) : super.folioLargeMapcount(folio);
    }

    @Override
    public int folioEntireMapcount(int folio) {
        return frames.get(folio, EMAP);
    }

    @Override
    public boolean folioMaybeMappedShared(int folio) {
        return frames.large(folio) ? owners.maybeShared(folio) : super.folioMaybeMappedShared(folio);
    }

    @Override
    public int folioMmMapcount(int folio) {
        return frames.large(folio) ? owners.mappingsOf(folio, process) : super.folioMmMapcount(folio);
    }

    @Override
    public boolean folioPartiallyMapped(int folio) {
        return frames.has(folio, PARTIALLY_MAPPED);
    }

    @Override
    public boolean folioMaybeDmaPinned(int folio) {
        return frames.large(folio) ? frames.get(folio, PINS) > 0 : super.folioMaybeDmaPinned(folio);
    }

    @Override
    public int pageMapcount(int page) {
        return frames.get(page, MAP) + frames.get(frames.folioOf(page), EMAP);
    }

    @Override
    public int folioMapSwapcount(int folio) {
        boolean cached = frames.has(folio, SWAPCACHE);
        int slot = frames.get(folio, SLOT);
        int most = 0;
        for (int i = frames.pages(folio) - 1; i >= 0; i--) {
            most = Math.max(most, frames.get(folio + i, MAP) + (cached ? slots.count(slot + i) : 0));
        }
        return most + frames.get(folio, EMAP);
    }

    @Override
    public int folioSwapcount(int folio) {
        return folioTestSwapcache(folio) ? largeSwap.countAll(folio) : 0;
    }
}
