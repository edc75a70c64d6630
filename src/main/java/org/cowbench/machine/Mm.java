package org.cowbench.machine;

import static org.cowbench.arena.PageArena.BATCHES;
import static org.cowbench.arena.PageArena.BATCH_ADD;
import static org.cowbench.arena.PageArena.BATCH_ROTATE;
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

import org.cowbench.arena.Control;
import org.cowbench.arena.Counter;
import org.cowbench.arena.PageArena;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.ReusePolicy;

/** Frames, LRU lists and batches, swap slots, swap cache and device: what policies and operations stand on. */
class Mm implements KernelOps {
    final PageArena arena;
    final ReusePolicy policy;
    final MachineOptions options;
    private final int processes;
    private final int slots;
    private final int references;
    private final int batchCapacity;

    Mm(PageArena arena, ReusePolicy policy, MachineOptions options) {
        this.arena = arena;
        this.policy = policy;
        this.options = options;
        processes = arena.spec().processes();
        slots = arena.spec().slots();
        references = arena.spec().references();
        batchCapacity = arena.spec().lruBatch();
    }

    /** Makes an empty machine with one process. */
    void reset() {
        arena.clear();
        int frames = arena.spec().frames();
        // The zero page is in use for ever; its records are not counted.
        arena.page(ZERO_FRAME, FLAGS, ALLOCATED);
        arena.page(ZERO_FRAME, REF, 1);
        for (int frame = 1; frame < frames; frame++) {
            arena.page(frame, NEXT, frame + 1 < frames ? frame + 1 : NIL);
        }
        arena.control(Control.FREE_HEAD, 1);
        arena.control(Control.FREE_COUNT, frames - 1);
        for (int slot = 0; slot < slots; slot++) {
            arena.cached(slot, NIL);
            arena.nextSlot(slot, slot + 1 < slots ? slot + 1 : NIL);
        }
        arena.control(Control.SLOT_HEAD, slots > 0 ? 0 : NIL);
        arena.control(Control.INACTIVE_HEAD, NIL);
        arena.control(Control.INACTIVE_TAIL, NIL);
        arena.control(Control.ACTIVE_HEAD, NIL);
        arena.control(Control.ACTIVE_TAIL, NIL);
        arena.control(Control.WRITEBACK_HEAD, NIL);
        arena.control(Control.WRITEBACK_TAIL, NIL);
        arena.alive(0, true);
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
        arena.control(Control.FREE_HEAD, arena.page(frame, NEXT));
        arena.control(Control.FREE_COUNT, free);
        arena.page(frame, REF, 1);
        arena.page(frame, FLAGS, ALLOCATED);
        arena.page(frame, INDEX, index);
        arena.count(Counter.FRAMES_ALLOCATED, 1);
        long used = arena.spec().frames() - 1 - free;
        if (used > arena.counter(Counter.PEAK_FRAMES)) {
            arena.counter(Counter.PEAK_FRAMES, used);
        }
        return frame;
    }

    private void free(int frame) {
        if (arena.has(frame, LRU)) {
            lruRemove(frame);
        }
        arena.page(frame, FLAGS, 0);
        arena.page(frame, NEXT, (int) arena.control(Control.FREE_HEAD));
        arena.control(Control.FREE_HEAD, frame);
        arena.control(Control.FREE_COUNT, arena.control(Control.FREE_COUNT) + 1);
    }

    void get(int frame, int references) {
        if (frame != ZERO_FRAME) {
            arena.addRef(frame, references);
        }
    }

    /** Drops references; the last one frees the frame. */
    void put(int frame, int references) {
        if (frame != ZERO_FRAME && arena.addRef(frame, -references) == 0) {
            free(frame);
        }
    }

    // ---- reverse map ----

    void addRmap(int frame, boolean exclusive) {
        arena.addMap(frame, 1);
        if (exclusive && policy.tracksExclusive()) {
            setExclusive(frame);
        }
    }

    void removeRmap(int frame) {
        arena.addMap(frame, -1);
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
        int count = arena.batchCount(cpu, which);
        arena.addRef(frame, 1);
        arena.batchEntry(cpu, which, count, frame);
        arena.batchCount(cpu, which, ++count);
        if (count == batchCapacity) {
            drain(cpu, which);
        }
    }

    private void drain(int cpu, int which) {
        int count = arena.batchCount(cpu, which);
        arena.batchCount(cpu, which, 0);
        for (int entry = 0; entry < count; entry++) {
            int frame = arena.batchEntry(cpu, which, entry);
            // So that equal states are equal bytes.
            arena.batchEntry(cpu, which, entry, 0);
            if (which == BATCH_ADD) {
                lruInsert(frame, false);
            } else if (arena.has(frame, LRU)) {
                lruRemove(frame);
                arena.clearFlags(frame, ACTIVE);
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
        boolean active = arena.has(frame, ACTIVE);
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
        arena.setFlags(frame, LRU);
    }

    private void link(int frame, int prev, int next, Control head, Control tail) {
        arena.page(frame, PREV, prev);
        arena.page(frame, NEXT, next);
        if (prev == NIL) {
            arena.control(head, frame);
        } else {
            arena.page(prev, NEXT, frame);
        }
        if (next == NIL) {
            arena.control(tail, frame);
        } else {
            arena.page(next, PREV, frame);
        }
    }

    void lruRemove(int frame) {
        boolean active = arena.has(frame, ACTIVE);
        int prev = arena.page(frame, PREV);
        int next = arena.page(frame, NEXT);
        if (prev == NIL) {
            arena.control(active ? Control.ACTIVE_HEAD : Control.INACTIVE_HEAD, next);
        } else {
            arena.page(prev, NEXT, next);
        }
        if (next == NIL) {
            arena.control(active ? Control.ACTIVE_TAIL : Control.INACTIVE_TAIL, prev);
        } else {
            arena.page(next, PREV, prev);
        }
        Control count = active ? Control.ACTIVE_COUNT : Control.INACTIVE_COUNT;
        arena.control(count, arena.control(count) - 1);
        arena.clearFlags(frame, LRU);
    }

    // ---- swap ----

    /** Takes a slot with count 0, or {@code NIL} when swap is full. */
    int allocSlot() {
        int slot = (int) arena.control(Control.SLOT_HEAD);
        if (slot != NIL) {
            arena.control(Control.SLOT_HEAD, arena.nextSlot(slot));
            arena.nextSlot(slot, NIL);
            arena.control(Control.SLOTS_USED, arena.control(Control.SLOTS_USED) + 1);
        }
        return slot;
    }

    private void freeSlotIfUnused(int slot) {
        if (arena.swapCount(slot) == 0 && arena.cached(slot) == NIL) {
            arena.nextSlot(slot, (int) arena.control(Control.SLOT_HEAD));
            arena.control(Control.SLOT_HEAD, slot);
            arena.control(Control.SLOTS_USED, arena.control(Control.SLOTS_USED) - 1);
        }
    }

    void swapDuplicate(int slot) {
        arena.swapCount(slot, arena.swapCount(slot) + 1);
    }

    @Override
    public void swapFree(int slot) {
        arena.swapCount(slot, arena.swapCount(slot) - 1);
        freeSlotIfUnused(slot);
    }

    void addToSwapCache(int frame, int slot) {
        arena.addRef(frame, 1);
        arena.page(frame, SLOT, slot);
        arena.cached(slot, frame);
        arena.setFlags(frame, SWAPCACHE);
    }

    /** Takes a frame out of the swap cache; its reference goes, its slot too when no entry names it. */
    void removeFromSwapCache(int frame) {
        int slot = arena.page(frame, SLOT);
        arena.clearFlags(frame, SWAPCACHE);
        arena.cached(slot, NIL);
        freeSlotIfUnused(slot);
        put(frame, 1);
    }

    /** free_swap_cache: after a mapping has gone, an unmapped page need not stay in the swap cache. */
    void freeSwapCache(int frame) {
        if (arena.has(frame, SWAPCACHE) && mapcount(frame) == 0 && arena.tryLock(frame)) {
            tryFreeSwap(frame);
            arena.unlock(frame);
        }
    }

    void startWriteback(int frame, int slot) {
        arena.writeSlot(frame, slot);
        if (policy.swapsOutZeroesAtOnce() && arena.load(frame) == 0) {
            return;
        }
        arena.count(Counter.SWAP_WRITES, 1);
        if (options.synchronousIo()) {
            return;
        }
        arena.setFlags(frame, WRITEBACK | RECLAIM);
        arena.page(frame, WB_NEXT, NIL);
        arena.writebackDue(frame, options.writeback() > 0 ? arena.control(Control.CLOCK) + options.writeback() : 0);
        int last = (int) arena.control(Control.WRITEBACK_TAIL);
        if (last == NIL) {
            arena.control(Control.WRITEBACK_HEAD, frame);
        } else {
            arena.page(last, WB_NEXT, frame);
        }
        arena.control(Control.WRITEBACK_TAIL, frame);
    }

    /** Ends the writeback that began first; a page on an LRU list then waits to be moved to the list's tail. */
    void endFirstWriteback() {
        int frame = (int) arena.control(Control.WRITEBACK_HEAD);
        int next = arena.page(frame, WB_NEXT);
        arena.control(Control.WRITEBACK_HEAD, next);
        if (next == NIL) {
            arena.control(Control.WRITEBACK_TAIL, NIL);
        }
        arena.writebackDue(frame, 0);
        int before = arena.clearFlags(frame, WRITEBACK | RECLAIM);
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
        return arena.page(frame, REF);
    }

    @Override
    public int mapcount(int frame) {
        return arena.page(frame, MAP);
    }

    @Override
    public boolean inSwapCache(int frame) {
        return arena.has(frame, SWAPCACHE);
    }

    @Override
    public int swapcount(int frame) {
        return arena.swapCount(arena.page(frame, SLOT));
    }

    @Override
    public boolean underWriteback(int frame) {
        return arena.has(frame, WRITEBACK);
    }

    @Override
    public boolean onLru(int frame) {
        return arena.has(frame, LRU);
    }

    @Override
    public boolean exclusive(int frame) {
        return arena.has(frame, ANON_EXCLUSIVE);
    }

    @Override
    public void setExclusive(int frame) {
        arena.setFlags(frame, ANON_EXCLUSIVE);
    }

    @Override
    public void clearExclusive(int frame) {
        arena.clearFlags(frame, ANON_EXCLUSIVE);
    }

    @Override
    public boolean maybePinned(int frame) {
        return refcount(frame) >= PIN_BIAS;
    }

    @Override
    public boolean hasPinned(int process) {
        return arena.hasPinned(process);
    }

    @Override
    public boolean tryLock(int frame) {
        return arena.tryLock(frame);
    }

    @Override
    public void unlock(int frame) {
        arena.unlock(frame);
    }

    @Override
    public boolean tryFreeSwap(int frame) {
        if (!arena.has(frame, SWAPCACHE) || arena.has(frame, WRITEBACK) || swapcount(frame) != 0) {
            return false;
        }
        deleteFromSwapCache(frame);
        return true;
    }

    @Override
    public void deleteFromSwapCache(int frame) {
        arena.setFlags(frame, DIRTY);
        removeFromSwapCache(frame);
    }

    @Override
    public boolean swapFull() {
        return arena.control(Control.SLOTS_USED) * 2 > slots || arena.control(Control.SWAP_PRESSURE) != 0;
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
        for (int reference = 0; reference < references; reference++) {
            int kind = arena.referenceKind(reference);
            // A passing reference looks at nothing.
            if (kind != 0 && kind != PageArena.KIND_SPECULATIVE && arena.referenceFrame(reference) == frame
                    && arena.referenceOwner(reference) != process) {
                return true;
            }
        }
        return false;
    }

    int processes() {
        return processes;
    }
}
