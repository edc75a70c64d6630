package org.cowbench.machine;

import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.PageRecord.DIRTY;
import static org.cowbench.arena.PageRecord.LOCKED_ELSEWHERE;
import static org.cowbench.arena.PageTables.VMA_ANON;
import static org.cowbench.arena.PageTables.VMA_READ_ONLY;
import static org.cowbench.arena.References.KIND_GET;
import static org.cowbench.arena.References.KIND_PIN_RO;
import static org.cowbench.arena.References.KIND_PIN_RW;

import org.cowbench.arena.Control;
import org.cowbench.arena.Counter;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.ReusePolicy.Decision;
import org.cowbench.policy.ReusePolicy.GupNeed;

/**
 * A modelled kernel: the operations processes do, under one policy, on one arena.
 *
 * <p>An operation runs to its end, on the current CPU, and returns an {@link Outcome}. Processes, pages and references
 * are numbered from 0; process 0 exists after {@link #reset()}. Not thread safe.
 */
public final class Machine {
    private final PageArena arena;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final References references;
    private final ReusePolicy policy;
    private final MachineOptions options;
    private final Mm mm;
    private final Reclaim reclaim;
    private final SwapReadahead readahead;
    private final Validator validator;
    private final int pages;
    private long value;

    /**
     * Sets a machine up on an arena and resets it.
     *
     * @param arena the arena; its previous state is lost
     * @param policy the rules
     * @param options swap device and reclaim
     */
    public Machine(PageArena arena, ReusePolicy policy, MachineOptions options) {
        this(new Mm(arena, policy, options));
    }

    /** For tests that plant faults in the bookkeeping. */
    Machine(Mm mm) {
        this.mm = mm;
        arena = mm.arena;
        frames = arena.frames();
        tables = arena.tables();
        slots = arena.slots();
        references = arena.references();
        policy = mm.policy;
        options = mm.options;
        validator = new Validator(arena);
        reclaim = new Reclaim(mm);
        readahead = new SwapReadahead(mm);
        pages = arena.spec().pages();
        reset();
    }

    /** Starts over: empty memory, process 0, CPU 0, counters zero. */
    public void reset() {
        mm.reset();
    }

    /**
     * The state.
     *
     * @return the arena
     */
    public PageArena arena() {
        return arena;
    }

    /**
     * What policies see of this machine.
     *
     * @return the kernel's operations
     */
    public KernelOps kernel() {
        return mm;
    }

    /**
     * What the last read or peek saw.
     *
     * @return the page's first word
     */
    public long value() {
        return value;
    }

    /**
     * Moves to another CPU: operations fill and drain its batches from now on.
     *
     * @param cpu the CPU
     */
    public void runOn(int cpu) {
        arena.control(Control.CPU, cpu);
    }

    // ---- access ----

    /**
     * Loads a page's first word; see {@link #value()}.
     *
     * @param process the process
     * @param page the page
     * @return the outcome
     */
    public int read(int process, int page) {
        long pte = tables.pte(process, page);
        int outcome = 0;
        if (!Pte.isPresent(pte)) {
            outcome = fault(process, page, false);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
            pte = tables.pte(process, page);
        }
        touch(process, page, pte, Pte.ACCESSED);
        value = frames.load(Pte.frame(pte));
        tick();
        return outcome;
    }

    /**
     * Stores a page's first word.
     *
     * @param process the process
     * @param page the page
     * @param word the word
     * @return the outcome
     */
    public int write(int process, int page, long word) {
        long pte = tables.pte(process, page);
        int outcome = 0;
        if (!Pte.isWritable(pte)) {
            if (tables.readOnly(process, page)) {
                return Outcome.SEGV;
            }
            outcome = fault(process, page, true);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
            pte = tables.pte(process, page);
        }
        touch(process, page, pte, Pte.ACCESSED | Pte.DIRTY);
        frames.store(Pte.frame(pte), word);
        tick();
        return outcome;
    }

    private void touch(int process, int page, long pte, long bits) {
        if ((pte & bits) != bits) {
            tables.pte(process, page, pte | bits);
        }
    }

    /** Lets time pass where time ends writeback. */
    private void tick() {
        if (!mm.writebackGoesOn() || options.writeback() == MachineOptions.EXPLICIT) {
            return;
        }
        long now = arena.control(Control.CLOCK) + 1;
        if (options.writeback() > 0) {
            arena.control(Control.CLOCK, now);
        }
        while (mm.writebackGoesOn() && frames.writebackDue((int) arena.control(Control.WRITEBACK_HEAD)) <= now) {
            mm.endFirstWriteback();
        }
    }

    /** handle_mm_fault: the entry does not allow the access. */
    private int fault(int process, int page, boolean write) {
        if (!reclaim.ensureFree()) {
            return Outcome.NO_MEMORY;
        }
        long pte = tables.pte(process, page);
        int outcome;
        if (Pte.isPresent(pte)) {
            outcome = write && !Pte.isWritable(pte) ? Outcome.MINOR | protectionFault(process, page, pte, false) : 0;
        } else if (Pte.isSwap(pte)) {
            outcome = swapFault(process, page, pte, write);
        } else {
            outcome = Outcome.MINOR | untouchedFault(process, page, write);
        }
        if (!Outcome.failed(outcome)) {
            arena.count((outcome & Outcome.MAJOR) != 0 ? Counter.MAJOR_FAULTS : Counter.MINOR_FAULTS, 1);
        }
        return outcome;
    }

    /** do_anonymous_page. */
    private int untouchedFault(int process, int page, boolean write) {
        if (!write) {
            tables.pte(process, page, Pte.present(ZERO_FRAME, Pte.ACCESSED));
            return Outcome.ZERO_PAGE;
        }
        zeroFilled(process, page, true);
        return Outcome.ZERO_FILL;
    }

    private void zeroFilled(int process, int page, boolean mayWrite) {
        int frame = mm.alloc(page);
        frames.zero(frame);
        mapNew(process, page, frame, mayWrite);
    }

    /** Maps a new page of one process alone; it takes over the allocation's reference. */
    private void mapNew(int process, int page, int frame, boolean mayWrite) {
        boolean writable = mayWrite && !tables.readOnly(process, page);
        tables.vmaBits(process, page, tables.vmaBits(process, page) | VMA_ANON);
        mm.addRmap(frame, true);
        mm.lruAdd(frame);
        tables.pte(process, page,
                Pte.present(frame, Pte.ACCESSED | (mayWrite ? Pte.DIRTY : 0) | (writable ? Pte.WRITABLE : 0)));
    }

    /** do_wp_page: a write to, or with {@code unshare} the unsharing of, a present page that is not writable. */
    private int protectionFault(int process, int page, long pte, boolean unshare) {
        int frame = Pte.frame(pte);
        if (frame == ZERO_FRAME) {
            zeroFilled(process, page, !unshare);
            return Outcome.ZERO_FILL;
        }
        Decision decision = policy.onWriteFault(mm, process, frame);
        if (decision == Decision.REUSE) {
            if (!unshare) {
                long writable = tables.readOnly(process, page) ? 0 : Pte.WRITABLE;
                tables.pte(process, page, pte | Pte.ACCESSED | Pte.DIRTY | writable);
            }
            arena.count(Counter.WP_REUSES, 1);
            return Outcome.WP_REUSE;
        }
        if (decision == Decision.COPY) {
            copy(process, page, frame, !unshare);
            return Outcome.WP_COPY;
        }
        return Outcome.WAIT;
    }

    /** wp_page_copy. */
    private void copy(int process, int page, int old, boolean mayWrite) {
        arena.count(Counter.WP_COPIES, 1);
        arena.count(Counter.BYTES_COPIED, arena.spec().frameBytes());
        if (options.audit() && !mm.seenByOthers(process, old)) {
            arena.count(Counter.NEEDLESS_COPIES, 1);
        }
        mm.get(old, 1);
        int frame = mm.alloc(page);
        frames.copy(old, frame);
        mapNew(process, page, frame, mayWrite);
        mm.removeRmap(old);
        if (policy.copyFreesSwapCache()) {
            mm.freeSwapCache(old);
        }
        // The fault's own reference and the mapping's.
        mm.put(old, 2);
    }

    /** do_swap_page. */
    private int swapFault(int process, int page, long pte, boolean write) {
        int slot = Pte.slot(pte);
        int frame = slots.cached(slot);
        int bits = (write ? ReusePolicy.FAULT_WRITE : 0)
                | ((pte & Pte.EXCLUSIVE) != 0 ? ReusePolicy.FAULT_ENTRY_EXCLUSIVE : 0)
                | (tables.readOnly(process, page) ? 0 : ReusePolicy.FAULT_VM_WRITE);
        int outcome;
        if (frame != NIL) {
            if (!mm.tryLock(frame)) {
                return Outcome.WAIT;
            }
            mm.get(frame, 1);
            readahead.hit(process, page, frame);
            arena.count(Counter.SWAP_CACHE_HITS, 1);
            outcome = Outcome.MINOR | Outcome.SWAPIN_CACHE;
        } else {
            frame = mm.alloc(page);
            mm.tryLock(frame);
            if (options.synchronousIo() && policy.bypassesSwapCache() && slots.count(slot) == 1) {
                bits |= ReusePolicy.FAULT_FRESH;
                readahead.read(slot, frame);
                mm.lruAdd(frame);
            } else {
                mm.addToSwapCache(frame, slot);
                mm.lruAdd(frame);
                readahead.read(slot, frame);
                readahead.around(process, page);
            }
            outcome = Outcome.MAJOR | Outcome.SWAPIN_DEVICE;
        }
        int mapped = policy.onSwapIn(mm, process, frame, slot, bits);
        boolean writable = (mapped & ReusePolicy.MAP_WRITABLE) != 0;
        long present = Pte.present(frame, Pte.ACCESSED | (writable ? Pte.WRITABLE : 0)
                | (writable && write ? Pte.DIRTY : 0));
        tables.pte(process, page, present);
        mm.addRmap(frame, (mapped & ReusePolicy.MAP_EXCLUSIVE) != 0);
        policy.onSwapInMapped(mm, frame, slot, bits, mapped);
        mm.unlock(frame);
        if (writable) {
            return outcome | Outcome.MAPPED_WRITABLE;
        }
        return write ? outcome | protectionFault(process, page, present, false) : outcome;
    }

    // ---- processes ----

    /**
     * fork: the child gets the parent's area.
     *
     * @param parent the parent
     * @param child a process that does not exist
     * @return the outcome
     */
    public int fork(int parent, int child) {
        for (int page = 0; page < pages; page++) {
            if (Pte.isPresent(tables.pte(parent, page)) && !reclaim.ensureFree()) {
                zapAll(child);
                return Outcome.NO_MEMORY;
            }
            tables.vmaBits(child, page, tables.vmaBits(parent, page));
            if (!tables.hasAnonVma(parent, page)) {
                // Nothing but the zero page can be there, and fork does not copy what a fault can fill in.
                continue;
            }
            // Read only now: making memory free may have unmapped the page.
            long pte = tables.pte(parent, page);
            if (Pte.isSwap(pte)) {
                forkSwapped(parent, child, page, pte);
            } else if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
                forkPresent(parent, child, page, pte);
            } else {
                tables.pte(child, page, pte);
            }
        }
        tables.readahead(child, tables.readahead(parent));
        tables.alive(child, true);
        tick();
        return 0;
    }

    private void forkSwapped(int parent, int child, int page, long pte) {
        mm.swapDuplicate(Pte.slot(pte));
        tables.pte(child, page, pte & ~Pte.EXCLUSIVE);
        if (!policy.forkKeepsEntryExclusive()) {
            tables.pte(parent, page, pte & ~Pte.EXCLUSIVE);
        }
    }

    /** copy_present_pte. */
    private void forkPresent(int parent, int child, int page, long pte) {
        int frame = Pte.frame(pte);
        if (policy.forkCopies(mm, parent, frame)) {
            int copy = mm.alloc(page);
            frames.copy(frame, copy);
            arena.count(Counter.BYTES_COPIED, arena.spec().frameBytes());
            mapNew(child, page, copy, true);
            return;
        }
        mm.get(frame, 1);
        mm.addRmap(frame, false);
        tables.pte(parent, page, pte & ~Pte.WRITABLE);
        tables.pte(child, page, pte & ~(Pte.WRITABLE | Pte.ACCESSED));
    }

    /**
     * The end of a process. References it took live on.
     *
     * @param process the process
     */
    public void exit(int process) {
        mm.lruAddDrain();
        zapAll(process);
        tables.alive(process, false);
        tables.hasPinned(process, false);
        tables.readahead(process, 0);
        for (int reference = 0; reference < arena.spec().references(); reference++) {
            int kind = references.kind(reference);
            if (kind != 0 && references.owner(reference) == process) {
                references.set(reference, kind, references.frame(reference), NIL);
            }
        }
        tick();
    }

    private void zapAll(int process) {
        for (int page = 0; page < pages; page++) {
            zap(process, page);
            tables.vmaBits(process, page, 0);
        }
    }

    private void zap(int process, int page) {
        long pte = tables.pte(process, page);
        tables.pte(process, page, Pte.NONE);
        if (Pte.isSwap(pte)) {
            zapSwapped(Pte.slot(pte));
        } else if (Pte.isPresent(pte) && Pte.frame(pte) != ZERO_FRAME) {
            int frame = Pte.frame(pte);
            mm.removeRmap(frame);
            mm.freeSwapCache(frame);
            mm.put(frame, 1);
        }
    }

    /** free_swap_and_cache. */
    private void zapSwapped(int slot) {
        int frame = slots.cached(slot);
        mm.swapFree(slot);
        if (frame != NIL && slots.count(slot) == 0 && (mm.mapcount(frame) == 0 || mm.swapFull())
                && mm.tryLock(frame)) {
            mm.get(frame, 1);
            mm.tryFreeSwap(frame);
            mm.unlock(frame);
            mm.put(frame, 1);
        }
    }

    /**
     * MADV_DONTNEED.
     *
     * @param process the process
     * @param page the page
     */
    public void discard(int process, int page) {
        mm.lruAddDrain();
        zap(process, page);
        tick();
    }

    /**
     * mprotect.
     *
     * @param process the process
     * @param page the page
     * @param writable whether the page may be written from now on
     */
    public void protect(int process, int page, boolean writable) {
        if (tables.readOnly(process, page) != writable) {
            return;
        }
        tables.vmaBits(process, page, tables.vmaBits(process, page) ^ VMA_READ_ONLY);
        long pte = tables.pte(process, page);
        if (!Pte.isPresent(pte) || Pte.frame(pte) == ZERO_FRAME) {
            return;
        }
        if (!writable) {
            tables.pte(process, page, pte & ~Pte.WRITABLE);
        } else if (policy.protectMakesWritable(mm, Pte.frame(pte), (pte & Pte.DIRTY) != 0)) {
            tables.pte(process, page, pte | Pte.WRITABLE);
        }
        tick();
    }

    // ---- reclaim ----

    /**
     * MADV_PAGEOUT: skips a page that is not present, is mapped more than once, or is not on an LRU list.
     *
     * @param process the process
     * @param page the page
     */
    public void pageout(int process, int page) {
        long pte = tables.pte(process, page);
        if (Pte.isPresent(pte)) {
            // madvise_pageout drains before it looks at any page, the zero page too.
            mm.lruAddDrain();
            if (Pte.frame(pte) != ZERO_FRAME) {
                reclaim.pageout(Pte.frame(pte));
            }
        }
        tick();
    }

    /**
     * Memory pressure on a page, shared or not, until it has left the swap cache, if it can. Pressure ends writeback and
     * drains the LRU batches before it looks for the page, so it does that also where there is none: untouched, the zero
     * page, or out already. A real kernel does it whatever it then finds, and cannot be kept from it.
     *
     * @param process the process
     * @param page the page
     */
    public void reclaim(int process, int page) {
        reclaim.settle();
        int frame = frameOf(process, page);
        if (frame != NIL && frame != ZERO_FRAME) {
            reclaim.press(frame);
        }
        tick();
    }

    /** All writeback ends, unless the device is stalled. */
    public void endWriteback() {
        mm.endAllWriteback();
    }

    /** All writeback ends, unless the device is stalled, then this CPU's LRU batches are drained. */
    public void drain() {
        mm.endAllWriteback();
        mm.lruAddDrain();
    }

    // ---- references ----

    /**
     * vmsplice of a page into a pipe: a FOLL_GET reference that reads.
     *
     * @param process the process
     * @param page the page
     * @param reference a reference that is not held
     * @return the outcome
     */
    public int splice(int process, int page, int reference) {
        return gup(process, page, reference, KIND_GET);
    }

    /**
     * A long-term pin that may write, as io_uring takes on a fixed buffer: FOLL_PIN with FOLL_WRITE.
     *
     * @param process the process
     * @param page the page
     * @param reference a reference that is not held
     * @return the outcome; {@link Outcome#SEGV} when the page may not be written
     */
    public int pin(int process, int page, int reference) {
        return gup(process, page, reference, KIND_PIN_RW);
    }

    /**
     * A long-term pin that only reads: FOLL_PIN.
     *
     * @param process the process
     * @param page the page
     * @param reference a reference that is not held
     * @return the outcome
     */
    public int pinReadOnly(int process, int page, int reference) {
        return gup(process, page, reference, KIND_PIN_RO);
    }

    private int gup(int process, int page, int reference, int kind) {
        int outcome = kind == KIND_PIN_RW ? gupWrite(process, page) : gupRead(process, page, kind == KIND_PIN_RO);
        if (Outcome.failed(outcome)) {
            return outcome;
        }
        int frame = Pte.frame(tables.pte(process, page));
        mm.get(frame, References.weight(kind));
        references.set(reference, kind, frame, process);
        if (kind != KIND_GET) {
            tables.hasPinned(process, true);
        }
        tick();
        return outcome;
    }

    private int gupWrite(int process, int page) {
        if (tables.readOnly(process, page)) {
            return Outcome.SEGV;
        }
        long pte = tables.pte(process, page);
        if (!Pte.isWritable(pte)) {
            return fault(process, page, true);
        }
        if (policy.pinMarksDirty()) {
            touch(process, page, pte, Pte.DIRTY);
        }
        return 0;
    }

    private int gupRead(int process, int page, boolean pin) {
        int outcome = 0;
        if (!Pte.isPresent(tables.pte(process, page))) {
            outcome = fault(process, page, false);
            if (Outcome.failed(outcome)) {
                return outcome;
            }
        }
        long pte = tables.pte(process, page);
        if (Pte.isWritable(pte)) {
            return outcome;
        }
        int frame = Pte.frame(pte);
        GupNeed need = policy.onGupRead(mm, frame, frame == ZERO_FRAME, pin);
        if (need == GupNeed.NOTHING) {
            return outcome;
        }
        if (!reclaim.ensureFree()) {
            return Outcome.NO_MEMORY;
        }
        return outcome | protectionFault(process, page, tables.pte(process, page), need == GupNeed.UNSHARE);
    }

    /**
     * Reads through a reference; see {@link #value()}. A pipe's reference is consumed, a pin stays.
     *
     * @param reference a held reference
     */
    public void peek(int reference) {
        value = frames.load(references.frame(reference));
        if (references.kind(reference) == KIND_GET) {
            release(reference);
        }
        tick();
    }

    /**
     * The device writes through a pin.
     *
     * @param reference a held pin that may write
     * @param word the page's new first word
     */
    public void dma(int reference, long word) {
        frames.store(references.frame(reference), word);
        tick();
    }

    /**
     * A direct (O_DIRECT) read of a file into a page: the kernel takes the page by GUP for writing, whose fast path asks
     * nobody where the entry is writable, marks the page dirty (not the entry), lets the device write and drops its
     * reference before the call returns. Then this CPU's LRU batches are drained, also where the page may not be written:
     * GUP's slow path activates a page that was accessed before, by way of a batch that holds a reference, unless the
     * kernel keeps generations (LRU_GEN); so it is done with by definition.
     *
     * @param process the process
     * @param page the page
     * @param word the first word of what the file holds
     * @return the outcome; {@link Outcome#SEGV} when the page may not be written
     */
    public int directRead(int process, int page, long word) {
        int outcome = 0;
        if (!Pte.isWritable(tables.pte(process, page))) {
            outcome = tables.readOnly(process, page) ? Outcome.SEGV : fault(process, page, true);
        }
        if (!Outcome.failed(outcome)) {
            int frame = Pte.frame(tables.pte(process, page));
            frames.setFlags(frame, DIRTY);
            frames.store(frame, word);
        }
        mm.lruAddDrain();
        tick();
        return outcome;
    }

    /**
     * Drops a reference.
     *
     * @param reference a held reference
     */
    public void release(int reference) {
        int kind = references.kind(reference);
        int frame = references.frame(reference);
        references.set(reference, 0, 0, 0);
        mm.put(frame, References.weight(kind));
    }

    // ---- moves of the environment ----

    /**
     * The frame in which a page's content is, whether mapped or waiting in the swap cache.
     *
     * @param process the process
     * @param page the page
     * @return the frame, the zero page's among them, or {@link PageArena#NIL}
     */
    public int frameOf(int process, int page) {
        long pte = tables.pte(process, page);
        return Pte.isPresent(pte) ? Pte.frame(pte) : Pte.isSwap(pte) ? slots.cached(Pte.slot(pte)) : NIL;
    }

    /**
     * What a process would read, without its reading it.
     *
     * @param process the process
     * @param page the page
     * @return the first word of the page, or of its slot on the device; 0 for memory never touched
     */
    public long content(int process, int page) {
        int frame = frameOf(process, page);
        if (frame != NIL) {
            return frames.load(frame);
        }
        long pte = tables.pte(process, page);
        return Pte.isSwap(pte) ? slots.load(Pte.slot(pte)) : 0;
    }

    /**
     * Somebody else takes or releases the page lock.
     *
     * @param frame a frame in use whose lock is free, or held by somebody else
     * @param held whether it is held from now on
     */
    public void environmentLock(int frame, boolean held) {
        if (held) {
            mm.tryLock(frame);
            frames.setFlags(frame, LOCKED_ELSEWHERE);
        } else {
            frames.clearFlags(frame, LOCKED_ELSEWHERE);
            mm.unlock(frame);
        }
    }

    /**
     * Somebody else takes a passing reference; {@link #release} drops it.
     *
     * @param frame a frame in use
     * @param reference a reference that is not held
     */
    public void environmentGet(int frame, int reference) {
        mm.get(frame, References.weight(References.KIND_SPECULATIVE));
        references.set(reference, References.KIND_SPECULATIVE, frame, NIL);
    }

    /**
     * The swap device stops writing, or goes on: until then no writeback ends, whoever waits for it. Reads are answered.
     *
     * @param stalled whether it has stopped
     */
    public void environmentStall(boolean stalled) {
        arena.control(Control.DEVICE_STALLED, stalled ? 1 : 0);
        tick();
    }

    /**
     * Others fill swap past half, or leave it.
     *
     * @param full whether they have filled it
     */
    public void environmentFillSwap(boolean full) {
        arena.control(Control.SWAP_PRESSURE, full ? 1 : 0);
    }

    /**
     * Proves the bookkeeping of the present state; see {@link Validator}.
     *
     * @throws IllegalStateException if it does not add up; the message names the frame or slot and both figures
     */
    public void validate() {
        validator.validate();
    }
}
