package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.EMAP;
import static org.cowbench.arena.FolioRecord.LMAP;
import static org.cowbench.arena.FolioRecord.MAYBE_SHARED;
import static org.cowbench.arena.FolioRecord.ORDER;
import static org.cowbench.arena.FolioRecord.OWNER0;
import static org.cowbench.arena.FolioRecord.OWNER1;
import static org.cowbench.arena.FolioRecord.PAGES_MAPPED;
import static org.cowbench.arena.FolioRecord.SWAPCACHE;

import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;

/**
 * How often a large folio is mapped, and by whom (include/linux/rmap.h, CONFIG_MM_ID): two slots with a process and the
 * number of its mappings each, and a bit that says that the slots do not prove all mappings to be one process's. A
 * third process is counted in none. What the bit denies is true; what it says may not be any more.
 */
final class Owners {
    private static final int MM_SHIFT = 16;
    private static final int COUNT = (1 << MM_SHIFT) - 1;

    private final PageArena arena;
    private final Frames frames;
    private final boolean tracks;

    Owners(PageArena arena, boolean tracks) {
        this.arena = arena;
        this.tracks = tracks;
        frames = arena.frames();
    }

    /** The process of an owner slot's word, -1 when it is free. */
    static int process(int owner) {
        return (owner >> MM_SHIFT) - 1;
    }

    /** The mappings that an owner slot's word counts. */
    static int mappings(int owner) {
        return owner & COUNT;
    }

    private static int owner(int process, int mappings) {
        return mappings == 0 ? 0 : process + 1 << MM_SHIFT | mappings;
    }

    /** The slot of a process, or that which is to be taken where process is -1; 0 if there is none. */
    private int slot(int folio, int process) {
        return process(frames.get(folio, OWNER0)) == process
                ? OWNER0
                : process(frames.get(folio, OWNER1)) == process ? OWNER1 : 0;
    }

    /** The mappings that are counted for a process, 0 where it has no slot. */
    int mappingsOf(int folio, int process) {
        int slot = slot(folio, process);
        return slot == 0 ? 0 : mappings(frames.get(folio, slot));
    }

    /** folio_add_large_mapcount. */
    void map(int folio, int process, int count) {
        int all = frames.get(folio, LMAP) + count;
        frames.set(folio, LMAP, all);
        if (!tracks) {
            return;
        }
        int slot = slot(folio, process);
        if (slot != 0) {
            frames.set(folio, slot, frames.get(folio, slot) + count);
            return;
        }
        slot = slot(folio, -1);
        if (slot != 0) {
            frames.set(folio, slot, owner(process, count));
            if (all != count) {
                // Others map it, though their slots may have gone.
                frames.setFlags(folio, MAYBE_SHARED);
            }
        }
    }

    /** folio_sub_large_mapcount. */
    void unmap(int folio, int process, int count) {
        int all = frames.get(folio, LMAP) - count;
        frames.set(folio, LMAP, all);
        if (!tracks) {
            return;
        }
        int slot = slot(folio, process);
        if (slot != 0) {
            // Of a process that once was in no slot it counts less than there are.
            int left = Math.max(mappings(frames.get(folio, slot)) - count, 0);
            frames.set(folio, slot, owner(process, left));
            if (left > 0) {
                return;
            }
        }
        if (mappings(frames.get(folio, OWNER0)) == all || mappings(frames.get(folio, OWNER1)) == all) {
            frames.clearFlags(folio, MAYBE_SHARED);
        }
    }

    /** Forgets who maps a folio that is about to be one no more. */
    void clear(int folio) {
        frames.set(folio, LMAP, 0);
        frames.set(folio, EMAP, 0);
        frames.set(folio, OWNER0, 0);
        frames.set(folio, OWNER1, 0);
    }

    /** Pages of a large folio that hold memory for nothing: nobody maps them, and the folio is kept by others' mappings. */
    int held(int folio) {
        return frames.get(folio, EMAP) > 0 || frames.get(folio, LMAP) == 0 || frames.has(folio, SWAPCACHE)
                ? 0
                : (1 << frames.get(folio, ORDER)) - frames.get(folio + 1, PAGES_MAPPED);
    }

    /** Counts them in, or with -1 out before something changes. */
    void hold(int folio, int sign) {
        arena.control(Control.PAGES_HELD, arena.control(Control.PAGES_HELD) + (long) sign * held(folio));
    }

    /** Whether some pages of a folio are mapped and some are not. */
    boolean partly(int folio) {
        return frames.get(folio, EMAP) == 0
                && frames.get(folio, LMAP) > 0
                && frames.get(folio + 1, PAGES_MAPPED) < 1 << frames.get(folio, ORDER);
    }

    /** folio_maybe_mapped_shared of a large folio. */
    boolean maybeShared(int folio) {
        return frames.get(folio, LMAP) > 1 && frames.has(folio, FolioRecord.MAYBE_SHARED);
    }
}
