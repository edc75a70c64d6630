package org.cowbench.machine;

import static org.cowbench.arena.Batches.BATCHES;
import static org.cowbench.arena.Batches.BATCH_ADD;
import static org.cowbench.arena.Batches.BATCH_ROTATE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageRecord.ACTIVE;
import static org.cowbench.arena.PageRecord.ALLOCATED;
import static org.cowbench.arena.PageRecord.ANON_EXCLUSIVE;
import static org.cowbench.arena.PageRecord.DIRTY;
import static org.cowbench.arena.PageRecord.FLAGS;
import static org.cowbench.arena.PageRecord.INDEX;
import static org.cowbench.arena.PageRecord.LOCKED;
import static org.cowbench.arena.PageRecord.LRU;
import static org.cowbench.arena.PageRecord.MAP;
import static org.cowbench.arena.PageRecord.NEXT;
import static org.cowbench.arena.PageRecord.PIN_BIAS;
import static org.cowbench.arena.PageRecord.PREV;
import static org.cowbench.arena.PageRecord.RECLAIM;
import static org.cowbench.arena.PageRecord.REF;
import static org.cowbench.arena.PageRecord.SLOT;
import static org.cowbench.arena.PageRecord.SWAPCACHE;
import static org.cowbench.arena.PageRecord.WB_NEXT;
import static org.cowbench.arena.PageRecord.WRITEBACK;

import org.cowbench.arena.Batches;
import org.cowbench.arena.Control;
import org.cowbench.arena.Counter;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.ReusePolicy;

/** Frames, LRU lists and batches, swap slots, swap cache and device: what policies and operations stand on. */
class Mm implements KernelOps {
    final PageArena arena;
    final ReusePolicy policy;
    final MachineOptions options;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final References references;
    private final Batches batches;
    private final int processes;
    private final int slotCount;
    private final int referenceCount;
    private final int batchCapacity;

    Mm(PageArena arena, ReusePolicy policy, MachineOptions options) {
        this.arena = arena;
        this.policy = policy;
        this.options = options;
        processes = arena.spec().processes();
        frames = arena.frames();
        tables = arena.tables();
        slots = arena.slots();
        references = arena.references();
        batches = arena.batches();
        slotCount = arena.spec().slots();
        referenceCount = arena.spec().references();
        batchCapacity = arena.spec().lruBatch();
    }

    /** Makes an empty machine with one process. */
    void reset() {
        arena.clear();
        int frameCount = arena.spec().frames();
        // The zero page is in use for ever; its records are not counted.
        frames.set(ZERO_FRAME, FLAGS, ALLOCATED);
        frames.set(ZERO_FRAME, REF, 1);
        for (int frame = 1; frame < frameCount; frame++) {
            frames.set(frame, NEXT, frame + 1 < frameCount ? frame + 1 : NIL);
        }
        arena.control(Control.FREE_HEAD, 1);
        arena.control(Control.FREE_COUNT, frameCount - 1);
        for (int slot = 0; slot < slotCount; slot++) {
            slots.cached(slot, NIL);
            slots.next(slot, slot + 1 < slotCount ? slot + 1 : NIL);
        }
        arena.control(Control.SLOT_HEAD, slotCount > 0 ? 0 : NIL);
        arena.control(Control.INACTIVE_HEAD, NIL);
        arena.control(Control.INACTIVE_TAIL, NIL);
        arena.control(Control.ACTIVE_HEAD, NIL);
        arena.control(Control.ACTIVE_TAIL, NIL);
        arena.control(Control.WRITEBACK_HEAD, NIL);
        arena.control(Control.WRITEBACK_TAIL, NIL);
        tables.alive(0, true);
    }

    // ---- frames ----

    int freeFrames() {
        return (int) arena.control(Control.FREE_COUNT);
    }

    /** Takes a frame with one reference and no mapping; there must be one. */
    int alloc(int index) {
        int frame = (int) arena.control(Control.FREE_HEAD);
        if (frame == NIL) {
            throw new IllegalStateException("no free frame: a caller did not make memory free first");
        }
        long free = arena.control(Control.FREE_COUNT) - 1;
        arena.control(Control.FREE_HEAD, frames.get(frame, NEXT));
        arena.control(Control.FREE_COUNT, free);
        frames.set(frame, REF, 1);
        frames.set(frame, FLAGS, ALLOCATED);
        frames.set(frame, INDEX, index);
        arena.count(Counter.FRAMES_ALLOCATED, 1);
        long used = arena.spec().frames() - 1 - free;
        if (used > arena.counter(Counter.PEAK_FRAMES)) {
            arena.counter(Counter.PEAK_FRAMES, used);
        }
        return frame;
    }

    private void free(int frame) {
        if (frames.has(frame, LRU)) {
            lruRemove(frame);
        }
        frames.set(frame, FLAGS, 0);
        frames.set(frame, NEXT, (int) arena.control(Control.FREE_HEAD));
        arena.control(Control.FREE_HEAD, frame);
        arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) + 1);
    }

    void get(int frame, int count) {
        if (frame != ZERO_FRAME) {
            frames.addRef(frame, count);
        }
    }

    /** Drops references; the last one frees the frame. */
    void put(int frame, int count) {
        if (frame != ZERO_FRAME && frames.addRef(frame, -count) == 0) {
            free(frame);
        }
    }

    // ---- reverse map ----

    void addRmap(int frame, boolean exclusive) {
        frames.addMap(frame, 1);
        if (exclusive && policy.tracksExclusive()) {
            setExclusive(frame);
        }
    }

    void removeRmap(int frame) {
        frames.addMap(frame, -1);
    }

    // ---- LRU ----

    int cpu() {
        return (int) arena.control(Control.CPU);
    }

    /** lru_cache_add: the page joins this CPU's batch, which holds a reference until it is drained. */
    void lruAdd(int frame) {
        batch(BATCH_ADD, frame);
    }

    private void batch(int which, int frame) {
        int cpu = cpu();
        int count = batches.count(cpu, which);
        frames.addRef(frame, 1);
        batches.entry(cpu, which, count, frame);
        batches.count(cpu, which, ++count);
        if (count == batchCapacity) {
            drain(cpu, which);
        }
    }

    private void drain(int cpu, int which) {
        int count = batches.count(cpu, which);
        batches.count(cpu, which, 0);
        for (int entry = 0; entry < count; entry++) {
            int frame = batches.entry(cpu, which, entry);
            // So that equal states are equal bytes.
            batches.entry(cpu, which, entry, 0);
            if (which == BATCH_ADD) {
                lruInsert(frame, false);
            } else if (frames.has(frame, LRU)) {
                lruRemove(frame);
                frames.clearFlags(frame, ACTIVE);
                lruInsert(frame, true);
            }
            put(frame, 1);
        }
    }

    void drainCpu(int cpu) {
        for (int which = 0; which < BATCHES; which++) {
            drain(cpu, which);
        }
    }

    void drainAllCpus() {
        for (int cpu = 0; cpu < arena.spec().cpus(); cpu++) {
            drainCpu(cpu);
        }
    }

    @Override
    public void lruAddDrain() {
        arena.count(Counter.LRU_DRAINS, 1);
        drainCpu(cpu());
    }

    /** Puts a page on the list its ACTIVE flag names. */
    void lruInsert(int frame, boolean atTail) {
        boolean active = frames.has(frame, ACTIVE);
        Control head = active ? Control.ACTIVE_HEAD : Control.INACTIVE_HEAD;
        Control tail = active ? Control.ACTIVE_TAIL : Control.INACTIVE_TAIL;
        if (atTail) {
            int last = (int) arena.control(tail);
            link(frame, last, NIL, head, tail);
        } else {
            int first = (int) arena.control(head);
            link(frame, NIL, first, head, tail);
        }
        Control count = active ? Control.ACTIVE_COUNT : Control.INACTIVE_COUNT;
        arena.control(count, arena.control(count) + 1);
        frames.setFlags(frame, LRU);
    }

    private void link(int frame, int prev, int next, Control head, Control tail) {
        frames.set(frame, PREV, prev);
        frames.set(frame, NEXT, next);
        if (prev == NIL) {
            arena.control(head, frame);
        } else {
            frames.set(prev, NEXT, frame);
        }
        if (next == NIL) {
            arena.control(tail, frame);
        } else {
            frames.set(next, PREV, frame);
        }
    }

    void lruRemove(int frame) {
        boolean active = frames.has(frame, ACTIVE);
        int prev = frames.get(frame, PREV);
        int next = frames.get(frame, NEXT);
        if (prev == NIL) {
            arena.control(active ? Control.ACTIVE_HEAD : Control.INACTIVE_HEAD, next);
        } else {
            frames.set(prev, NEXT, next);
        }
        if (next == NIL) {
            arena.control(active ? Control.ACTIVE_TAIL : Control.INACTIVE_TAIL, prev);
        } else {
            frames.set(next, PREV, prev);
        }
        Control count = active ? Control.ACTIVE_COUNT : Control.INACTIVE_COUNT;
        arena.control(count, arena.control(count) - 1);
        frames.clearFlags(frame, LRU);
    }

    // ---- swap ----

    /** Takes a slot with count 0, or {@code NIL} when swap is full. */
    int allocSlot() {
        int slot = (int) arena.control(Control.SLOT_HEAD);
        if (slot != NIL) {
            arena.control(Control.SLOT_HEAD, slots.next(slot));
            slots.next(slot, NIL);
            arena.control(Control.SLOTS_USED, arena.control(Control.SLOTS_USED) + 1);
        }
        return slot;
    }

    private void freeSlotIfUnused(int slot) {
        if (slots.count(slot) == 0 && slots.cached(slot) == NIL) {
            slots.next(slot, (int) arena.control(Control.SLOT_HEAD));
            arena.control(Control.SLOT_HEAD, slot);
            arena.control(Control.SLOTS_USED, arena.control(Control.SLOTS_USED) - 1);
        }
    }

    void swapDuplicate(int slot) {
        slots.count(slot, slots.count(slot) + 1);
    }

    @Override
    public void swapFree(int slot) {
        slots.count(slot, slots.count(slot) - 1);
        freeSlotIfUnused(slot);
    }

    void addToSwapCache(int frame, int slot) {
        frames.addRef(frame, 1);
        frames.set(frame, SLOT, slot);
        slots.cached(slot, frame);
        frames.setFlags(frame, SWAPCACHE);
    }

    /** Takes a frame out of the swap cache; its reference goes, its slot too when no entry names it. */
    void removeFromSwapCache(int frame) {
        int slot = frames.get(frame, SLOT);
        frames.clearFlags(frame, SWAPCACHE);
        slots.cached(slot, NIL);
        freeSlotIfUnused(slot);
        put(frame, 1);
    }

    /** free_swap_cache: after a mapping has gone, an unmapped page need not stay in the swap cache. */
    void freeSwapCache(int frame) {
        if (frames.has(frame, SWAPCACHE) && mapcount(frame) == 0 && frames.tryLock(frame)) {
            tryFreeSwap(frame);
            frames.unlock(frame);
        }
    }

    void startWriteback(int frame, int slot) {
        slots.write(frame, slot);
        if (policy.swapsOutZeroesAtOnce() && frames.load(frame) == 0) {
            return;
        }
        arena.count(Counter.SWAP_WRITES, 1);
        if (options.synchronousIo()) {
            return;
        }
        frames.setFlags(frame, WRITEBACK | RECLAIM);
        frames.set(frame, WB_NEXT, NIL);
        frames.writebackDue(frame, options.writeback() > 0 ? arena.control(Control.CLOCK) + options.writeback() : 0);
        int last = (int) arena.control(Control.WRITEBACK_TAIL);
        if (last == NIL) {
            arena.control(Control.WRITEBACK_HEAD, frame);
        } else {
            frames.set(last, WB_NEXT, frame);
        }
        arena.control(Control.WRITEBACK_TAIL, frame);
    }

    /** Ends the writeback that began first; a page on an LRU list then waits to be moved to the list's tail. */
    void endFirstWriteback() {
        int frame = (int) arena.control(Control.WRITEBACK_HEAD);
        int next = frames.get(frame, WB_NEXT);
        arena.control(Control.WRITEBACK_HEAD, next);
        if (next == NIL) {
            arena.control(Control.WRITEBACK_TAIL, NIL);
        }
        frames.writebackDue(frame, 0);
        int before = frames.clearFlags(frame, WRITEBACK | RECLAIM);
        if ((before & (RECLAIM | LRU | DIRTY | LOCKED)) == (RECLAIM | LRU)) {
            batch(BATCH_ROTATE, frame);
        }
    }

    /** Whether pages are under writeback and the device goes on, so that it will end. */
    boolean writebackGoesOn() {
        return arena.control(Control.WRITEBACK_HEAD) != NIL && arena.control(Control.DEVICE_STALLED) == 0;
    }

    void endAllWriteback() {
        while (writebackGoesOn()) {
            endFirstWriteback();
        }
    }

    // ---- KernelOps ----

    @Override
    public int refcount(int frame) {
        return frames.get(frame, REF);
    }

    @Override
    public int mapcount(int frame) {
        return frames.get(frame, MAP);
    }

    @Override
    public boolean inSwapCache(int frame) {
        return frames.has(frame, SWAPCACHE);
    }

    @Override
    public int swapcount(int frame) {
        return slots.count(frames.get(frame, SLOT));
    }

    @Override
    public boolean underWriteback(int frame) {
        return frames.has(frame, WRITEBACK);
    }

    @Override
    public boolean onLru(int frame) {
        return frames.has(frame, LRU);
    }

    @Override
    public boolean exclusive(int frame) {
        return frames.has(frame, ANON_EXCLUSIVE);
    }

    @Override
    public void setExclusive(int frame) {
        frames.setFlags(frame, ANON_EXCLUSIVE);
    }

    @Override
    public void clearExclusive(int frame) {
        frames.clearFlags(frame, ANON_EXCLUSIVE);
    }

    @Override
    public boolean maybePinned(int frame) {
        return refcount(frame) >= PIN_BIAS;
    }

    @Override
    public boolean hasPinned(int process) {
        return tables.hasPinned(process);
    }

    @Override
    public boolean tryLock(int frame) {
        return frames.tryLock(frame);
    }

    @Override
    public void unlock(int frame) {
        frames.unlock(frame);
    }

    @Override
    public boolean tryFreeSwap(int frame) {
        if (!frames.has(frame, SWAPCACHE) || frames.has(frame, WRITEBACK) || swapcount(frame) != 0) {
            return false;
        }
        deleteFromSwapCache(frame);
        return true;
    }

    @Override
    public void deleteFromSwapCache(int frame) {
        frames.setFlags(frame, DIRTY);
        removeFromSwapCache(frame);
    }

    @Override
    public boolean swapFull() {
        return arena.control(Control.SLOTS_USED) * 2 > slotCount || arena.control(Control.SWAP_PRESSURE) != 0;
    }

    @Override
    public boolean stableWrites() {
        return options.stableWrites();
    }

    @Override
    public boolean synchronousIo() {
        return options.synchronousIo();
    }

    @Override
    public boolean seenByOthers(int process, int frame) {
        int users = mapcount(frame) + (inSwapCache(frame) ? swapcount(frame) : 0);
        if (users > 1 || underWriteback(frame) && stableWrites()) {
            return true;
        }
        for (int reference = 0; reference < referenceCount; reference++) {
            int kind = references.kind(reference);
            // A passing reference looks at nothing.
            if (kind != 0 && kind != References.KIND_SPECULATIVE && references.frame(reference) == frame
                    && references.owner(reference) != process) {
                return true;
            }
        }
        return false;
    }

    int processes() {
        return processes;
    }
}
