package org.cowbench.check;

import static org.cowbench.arena.Batches.BATCHES;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.cowbench.arena.Batches;
import org.cowbench.arena.Control;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageRecord;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;

/**
 * A state's canonical form as 64 bits; see the package's note for what is renamed and what is left out. Two different
 * states share one with probability 2^-64.
 */
class Fingerprint implements LongSupplier {
    static final int FLAGS = FolioRecord.LOCKED
            | FolioRecord.LRU
            | FolioRecord.SWAPCACHE
            | FolioRecord.WRITEBACK
            | FolioRecord.DIRTY
            | PageRecord.ANON_EXCLUSIVE
            | FolioRecord.RECLAIM;
    private static final long PTE_BITS = Pte.PRESENT | Pte.WRITABLE | Pte.DIRTY | Pte.SWAP | Pte.EXCLUSIVE;

    private final World world;
    private final PageArena arena;
    final Frames records;
    final PageTables tables;
    final SwapSlots swap;
    final References taken;
    private final Batches batches;
    private final Ghost ghost;
    private final int processes;
    private final int pages;
    final int references;
    private final int allReferences;
    private final int cpus;

    private final int[] processOrder;
    private final int[] pageOrder;
    final int[] processRank;
    private final int[] pageRank;
    private final long[] processKey;
    final long[] pageKey;
    private final int[] frameName;
    private final int[] frames;
    private final int[] slotName;
    private final int[] slots;
    private final int[] valueName = new int[Ghost.VALUES];
    private final int[] batched;
    private final int[] referenceOrder;
    private int frameCount;
    private int slotCount;
    private int valueCount;
    private long hash;

    Fingerprint(World world) {
        this.world = world;
        arena = world.arena;
        records = arena.frames();
        tables = arena.tables();
        swap = arena.slots();
        taken = arena.references();
        batches = arena.batches();
        ghost = world.ghost;
        processes = world.scope.processes();
        pages = world.scope.pages();
        references = world.scope.references();
        allReferences = world.scope.machineReferences();
        cpus = arena.spec().cpus();
        processOrder = new int[processes];
        processRank = new int[processes];
        processKey = new long[processes];
        pageOrder = new int[pages];
        pageRank = new int[pages];
        pageKey = new long[pages];
        frameName = new int[arena.spec().frames()];
        frames = new int[arena.spec().frames()];
        slotName = new int[arena.spec().slots()];
        slots = new int[arena.spec().slots()];
        batched = new int[arena.spec().frames()];
        referenceOrder = new int[allReferences];
    }

    /** The form that suits what a world explores. */
    static Fingerprint of(World world) {
        return world.scope.folio() > 0 ? new FolioFingerprint(world) : new Fingerprint(world);
    }

    /** The fingerprint of the world's present state; never 0. */
    @Override
    public long getAsLong() {
        countBatches();
        for (int i = 0; i < processes; i++) {
            processOrder[i] = i;
        }
        for (int i = 0; i < pages; i++) {
            pageOrder[i] = i;
        }
        long best;
        if (world.scope.symmetry()) {
            keys();
            sort(processOrder, processKey);
            sort(pageOrder, pageKey);
            best = smallest(0, 0, Long.MAX_VALUE);
        } else {
            best = ordered();
        }
        return best == 0 ? 1 : best;
    }

    /** How often each frame is in this CPU's and in other CPUs' batches. */
    private void countBatches() {
        Arrays.fill(batched, 0);
        int here = tables.cpu(0);
        for (int cpu = 0; cpu < cpus; cpu++) {
            for (int which = 0; which < BATCHES; which++) {
                int shift = (cpu == here ? 0 : 2 * BATCHES) + 2 * which;
                for (int entry = batches.count(cpu, which) - 1; entry >= 0; entry--) {
                    batched[batches.entry(cpu, which, entry)] += 1 << shift;
                }
            }
        }
    }

    /** What each process and each page holds, whoever and wherever it is. */
    void keys() {
        Arrays.fill(pageKey, 0);
        for (int process = 0; process < processes; process++) {
            long key = 0;
            if (tables.alive(process)) {
                key = tables.hasPinned(process) ? 3 : 1;
                for (int page = 0; page < pages; page++) {
                    long cell = cell(process, page);
                    key += mix(cell);
                    pageKey[page] += mix(cell + 7);
                }
            }
            processKey[process] = key;
        }
        for (int reference = 0; reference < references; reference++) {
            int kind = taken.kind(reference);
            int owner = ghost.owner(reference);
            if (kind != 0 && owner != Ghost.NOBODY && !loose(reference)) {
                long state = (long) kind << 4 | ghost.state(reference);
                processKey[owner] += mix(state + 101);
                pageKey[ghost.page(reference)] += mix(state + 211);
            }
        }
    }

    /** The folio of a frame. */
    int folio(int frame) {
        return frame;
    }

    /** The entry that maps a page, as if it were a page table's. */
    long entry(int process, int page) {
        return tables.pte(process, page);
    }

    private long cell(int process, int page) {
        long pte = entry(process, page);
        long cell = (pte & PTE_BITS) << 8 | tables.vmaBits(process, page);
        int frame = world.machine.frameOf(process, page);
        if (frame > ZERO_FRAME) {
            cell |= (long) (records.get(frame, FolioRecord.FLAGS) & FLAGS) << 16
                    | (long) records.get(frame, FolioRecord.REF) << 32
                    | (long) records.get(frame, PageRecord.MAP) << 48;
        } else if (frame == ZERO_FRAME) {
            cell |= 1L << 60;
        }
        return cell;
    }

    private static void sort(int[] order, long[] key) {
        for (int i = 1; i < order.length; i++) {
            for (int j = i; j > 0 && key[order[j]] > key[order[j - 1]]; j--) {
                int swap = order[j];
                order[j] = order[j - 1];
                order[j - 1] = swap;
            }
        }
    }

    /** Tries every order of equals: first of processes from {@code p} on, then of pages from {@code g} on. */
    private long smallest(int p, int g, long best) {
        if (p < processes - 1) {
            long found = best;
            for (int other = p;
                    other < processes && processKey[processOrder[other]] == processKey[processOrder[p]];
                    other++) {
                // The dead are all alike.
                if (other > p && !tables.alive(processOrder[p])) {
                    break;
                }
                swap(processOrder, p, other);
                found = Math.min(found, smallest(p + 1, g, found));
                swap(processOrder, p, other);
            }
            return found;
        }
        if (g < pages - 1) {
            long found = best;
            for (int other = g; other < pages && pageKey[pageOrder[other]] == pageKey[pageOrder[g]]; other++) {
                swap(pageOrder, g, other);
                found = Math.min(found, smallest(p, g + 1, found));
                swap(pageOrder, g, other);
            }
            return found;
        }
        return Math.min(best, ordered());
    }

    private static void swap(int[] order, int a, int b) {
        int value = order[a];
        order[a] = order[b];
        order[b] = value;
    }

    /** The fingerprint under the present order of processes and pages. */
    private long ordered() {
        hash = 0x9E3779B97F4A7C15L;
        frameCount = 0;
        slotCount = 0;
        valueCount = 0;
        Arrays.fill(frameName, -1);
        Arrays.fill(slotName, -1);
        Arrays.fill(valueName, -1);
        for (int i = 0; i < processes; i++) {
            processRank[processOrder[i]] = i;
        }
        for (int i = 0; i < pages; i++) {
            pageRank[pageOrder[i]] = i;
        }
        for (int process : processOrder) {
            addProcess(process);
            for (int i = 0; i < pages && tables.alive(process); i++) {
                addCell(process, pageOrder[i]);
            }
        }
        addReferences();
        for (int i = 0; i < slotCount; i++) {
            addSlot(slots[i]);
        }
        // A frame's slot is new when no entry names it.
        for (int i = 0; i < frameCount; i++) {
            addFrame(frames[i]);
        }
        add(arena.control(Control.DEVICE_STALLED)
                | arena.control(Control.SWAP_PRESSURE) << 1
                | (tables.cpu(0) != 0 ? 4 : 0));
        return mix(hash);
    }

    void addProcess(int process) {
        add((tables.alive(process) ? 1 : 0) | (tables.hasPinned(process) ? 2 : 0));
    }

    private void addCell(int process, int page) {
        long pte = entry(process, page);
        add((pte & PTE_BITS) << 8 | (ghost.byDevice(process, page) ? 1 << 7 : 0) | tables.vmaBits(process, page));
        if (Pte.isPresent(pte)) {
            add(frame(Pte.frame(pte)));
        } else if (Pte.isSwap(pte)) {
            add(slot(Pte.slot(pte)));
        }
        addValue(ghost.memory(process, page));
    }

    /** References in an order that does not depend on their numbers, as far as what they hold tells them apart. */
    private void addReferences() {
        int held = 0;
        for (int reference = 0; reference < allReferences; reference++) {
            if (taken.kind(reference) != 0) {
                int at = held++;
                long key = key(reference);
                while (at > 0 && key(referenceOrder[at - 1]) > key) {
                    referenceOrder[at] = referenceOrder[at - 1];
                    at--;
                }
                referenceOrder[at] = reference;
            }
        }
        add(held);
        for (int i = 0; i < held; i++) {
            int reference = referenceOrder[i];
            add(key(reference));
            if (loose(reference)) {
                continue;
            }
            add(frame(taken.frame(reference)));
        }
    }

    /** Holds a page that no process can reach: what it shows never changes again but by its own device. */
    private boolean loose(int reference) {
        int frame = taken.frame(reference);
        return frame != ZERO_FRAME && !world.reachable(frame) && !(reference < references && ghost.attached(reference));
    }

    private long key(int reference) {
        long kind = taken.kind(reference);
        if (loose(reference)) {
            return kind << 32;
        }
        int folio = folio(taken.frame(reference));
        kind |= (long) (taken.frame(reference) - folio) << 4;
        long known = frameName[folio] & 0xff;
        if (reference >= references) {
            return kind << 24 | known << 16;
        }
        int owner = ghost.owner(reference);
        // A pipe's page matters only while its owner may go on writing through it, which pins alone track.
        long page = ghost.attached(reference) ? pageRank[ghost.page(reference)] + 1 : 0;
        return kind << 24
                | known << 16
                | page << 12
                | (owner == Ghost.NOBODY ? 15 : processRank[owner]) << 4
                | ghost.state(reference);
    }

    private int frame(int page) {
        int frame = folio(page);
        if (frame == ZERO_FRAME) {
            return 99;
        }
        if (frameName[frame] < 0) {
            frameName[frame] = frameCount;
            frames[frameCount++] = frame;
        }
        return frameName[frame];
    }

    private int slot(int slot) {
        if (slotName[slot] < 0) {
            slotName[slot] = slotCount;
            slots[slotCount++] = slot;
        }
        return slotName[slot];
    }

    void addSlot(int slot) {
        int cached = swap.cached(slot);
        add(swap.count(slot) << 8 | (cached == NIL ? 98 : frame(cached)));
        addValue((int) swap.load(slot));
    }

    void addFrame(int frame) {
        int flags = records.get(frame, FolioRecord.FLAGS) & FLAGS;
        add((long) flags << 40
                | (long) records.get(frame, PageRecord.MAP) << 32
                | (long) batched[frame] << 16
                | records.get(frame, FolioRecord.REF));
        addValue((int) records.load(frame));
        if ((flags & FolioRecord.SWAPCACHE) != 0) {
            addSlotOf(records.get(frame, FolioRecord.SLOT));
        }
    }

    /** The slot of a page in the swap cache. */
    final void addSlotOf(int slot) {
        boolean known = slotName[slot] >= 0;
        add(known ? slotName[slot] : 97);
        if (!known) {
            addSlot(slot);
        }
    }

    final void addValue(int value) {
        if (value == 0 || value == World.OBSOLETE) {
            add(value);
            return;
        }
        if (valueName[value] >= 0) {
            add(100 + valueName[value]);
            return;
        }
        valueName[value] = valueCount++;
        add(200);
    }

    final void add(long word) {
        hash = Long.rotateLeft((hash ^ word) * 0xBF58476D1CE4E5B9L, 29) + 0x94D049BB133111EBL;
    }

    private static long mix(long word) {
        long mixed = (word ^ word >>> 32) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }
}
