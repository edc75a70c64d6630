package org.cowbench.machine;

import static org.cowbench.arena.FolioRecord.LOCKED_ELSEWHERE;
import static org.cowbench.arena.PageArena.NIL;
import static org.cowbench.arena.PageArena.ZERO_FRAME;
import static org.cowbench.arena.References.KIND_GET;
import static org.cowbench.arena.References.KIND_PIN_RO;
import static org.cowbench.arena.References.KIND_PIN_RW;

import org.cowbench.arena.Control;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.References;
import org.cowbench.arena.SwapSlots;
import org.cowbench.policy.ReusePolicy;

/**
 * A modelled kernel: the operations processes do, under one policy, on one arena.
 *
 * <p>An operation runs to its end, on the CPU of who does it ({@link Task}), and returns an {@link Outcome}. Processes,
 * pages and references are numbered from 0; process 0 exists after {@link #reset()}. Not thread safe.
 */
public final class Machine {
    private final PageArena arena;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final References references;
    private final Mm mm;
    private final Task[] tasks;
    private final Faults faults;
    private final Fork fork;
    private final Gup gup;
    private final Lru lru;
    private final Madvise madvise;
    private final Reclaim reclaim;
    private final PageIo io;
    private final Validator validator;

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
        tasks = mm.tasks;
        faults = mm.faults;
        fork = mm.fork;
        gup = mm.gup;
        lru = mm.lru;
        madvise = mm.madvise;
        reclaim = mm.reclaim;
        io = mm.io;
        validator = Validator.of(arena, mm.policy.tracksOwners());
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
     * Who runs when a process does.
     *
     * @param process the process, whether it exists or not
     * @return its task
     */
    public Task task(int process) {
        return tasks[process];
    }

    /**
     * What all tasks together counted.
     *
     * @param counter which
     * @return the sum; of {@link Counter#PEAK_FRAMES} and {@link Counter#BYTES_HELD} the greatest
     */
    public long counter(Counter counter) {
        long all = 0;
        for (Task task : tasks) {
            long one = task.counters().get(counter);
            all = counter.isPeak() ? Math.max(all, one) : all + one;
        }
        return all;
    }

    /** Counts from 0 again. */
    public void clearCounters() {
        for (Task task : tasks) {
            task.counters().clear();
        }
    }

    // ---- access ----

    /**
     * Loads a page's first word; see {@link Task#value()}.
     *
     * @param process the process
     * @param page the page
     * @return the outcome
     */
    public int read(int process, int page) {
        return faults.read(tasks[process], page);
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
        return faults.write(tasks[process], page, word);
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
        return fork.fork(tasks[parent], child);
    }

    /**
     * The end of a process; references it took live on.
     *
     * @param process the process
     */
    public void exit(int process) {
        fork.exit(tasks[process]);
    }

    /**
     * MADV_DONTNEED.
     *
     * @param process the process
     * @param page the page
     */
    public void discard(int process, int page) {
        discard(process, page, page);
    }

    /**
     * MADV_DONTNEED of a range.
     *
     * @param process the process
     * @param first its first page
     * @param last its last page
     */
    public void discard(int process, int first, int last) {
        madvise.discard(tasks[process], first, last);
    }

    /**
     * mprotect.
     *
     * @param process the process
     * @param page the page
     * @param writable whether the page may be written from now on
     */
    public void protect(int process, int page, boolean writable) {
        protect(process, page, page, writable);
    }

    /**
     * mprotect of a range.
     *
     * @param process the process
     * @param first its first page
     * @param last its last page
     * @param writable whether it may be written from now on
     */
    public void protect(int process, int first, int last, boolean writable) {
        faults.protect(tasks[process], first, last, writable);
    }

    /**
     * MADV_DONTFORK or MADV_DOFORK of a range of a machine with large folios: a child has no memory there, and touching
     * it is {@link Outcome#SEGV}.
     *
     * @param process the process
     * @param first its first page
     * @param last its last page
     * @param kept whether fork leaves the range out from now on
     */
    public void dontFork(int process, int first, int last, boolean kept) {
        madvise.dontFork(tasks[process], first, last, kept);
    }

    /**
     * MADV_COLLAPSE of what one page table maps.
     *
     * @param process the process
     * @param first any page of it
     * @return the outcome: {@link Outcome#INVALID} where the kernel has no such advice or no PMD entry can map the folio,
     *     the area is not one there, or nothing is writable and has to be; {@link Outcome#BUSY} where others hold it
     */
    public int collapse(int process, int first) {
        return madvise.collapse(tasks[process], first);
    }

    /**
     * mremap of a range of a machine with large folios to a place of its own, which is aligned as it was; a page keeps
     * its number.
     *
     * @param process the process
     * @param first its first page
     * @param last its last page
     */
    public void move(int process, int first, int last) {
        madvise.move(tasks[process], first, last);
    }

    /**
     * Whether a range takes more than one system call: pages of it were moved, or the process did not get some.
     *
     * @param process the process
     * @param first its first page
     * @param last its last page
     * @return whether it does
     */
    public boolean apart(int process, int first, int last) {
        return first < last && madvise.apart(process, first, last);
    }

    // ---- reclaim ----

    /**
     * MADV_PAGEOUT: skips a page that is not present, is mapped more than once, or is not on an LRU list.
     *
     * @param process the process
     * @param page the page
     */
    public void pageout(int process, int page) {
        pageout(process, page, page);
    }

    /**
     * MADV_PAGEOUT of a range.
     *
     * @param process the process
     * @param first its first page
     * @param last its last page
     */
    public void pageout(int process, int first, int last) {
        io.await(tasks[process]);
        madvise.pageout(tasks[process], first, last);
    }

    /**
     * MADV_PAGEOUT of a base page; its writeback goes on until a pageout, a drain, pressure or the end of a stall.
     *
     * @param process the process
     * @param page the page
     */
    public void writeout(int process, int page) {
        io.hold();
        madvise.pageout(tasks[process], page, page);
    }

    /**
     * The swap device stalls, whoever waits for it, or goes on: writeback ends, batches are drained. Reads are answered.
     *
     * @param process the process on whose CPU writeback ends
     * @param stalled whether it stalls
     */
    public void stall(int process, boolean stalled) {
        io.stall(tasks[process], stalled);
    }

    /**
     * Memory pressure on a page, shared or not, until it has left the swap cache, if it can. Pressure ends writeback
     * and drains the LRU batches before it looks for the page, so it does that also where there is none: untouched, the
     * zero page, or out already, as a real kernel does.
     *
     * @param process the process
     * @param page the page
     */
    public void reclaim(int process, int page) {
        Task task = tasks[process];
        reclaim.settle(task);
        int frame = frameOf(process, page);
        if (frame != NIL && frame != ZERO_FRAME) {
            reclaim.press(task, frame);
        }
        io.tick(task);
    }

    /**
     * All writeback ends, unless the device is stalled, then a CPU's LRU batches are drained.
     *
     * @param process the process on that CPU
     */
    public void drain(int process) {
        io.endAll(tasks[process]);
        lru.addDrain(tasks[process]);
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
        return gup.take(tasks[process], page, reference, KIND_GET);
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
        return gup.take(tasks[process], page, reference, KIND_PIN_RW);
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
        return gup.take(tasks[process], page, reference, KIND_PIN_RO);
    }

    /**
     * Reads through a reference; see {@link Task#value()}. A pipe's reference is consumed, a pin stays.
     *
     * @param process the process that reads
     * @param reference a held reference
     */
    public void peek(int process, int reference) {
        gup.peek(tasks[process], reference);
    }

    /**
     * A process has the device write through a pin.
     *
     * @param process the process
     * @param reference a held pin that may write
     * @param word the page's new first word
     */
    public void dma(int process, int reference, long word) {
        frames.store(references.frame(reference), word);
        io.tick(tasks[process]);
    }

    /**
     * A direct (O_DIRECT) read of a file into a page: GUP for writing, which marks the page dirty, not the entry. Then this
     * CPU's LRU batches are drained, by definition, also where the page may not be written.
     *
     * @param process the process
     * @param page the page
     * @param word the first word of what the file holds
     * @return the outcome; {@link Outcome#SEGV} when the page may not be written
     */
    public int directRead(int process, int page, long word) {
        return gup.directRead(tasks[process], page, word);
    }

    /**
     * Drops a reference.
     *
     * @param reference a held reference
     */
    public void release(int reference) {
        gup.release(reference);
    }

    // ---- moves of the adversary, and what it looks at ----

    /**
     * The frame in which a page's content is, whether mapped or waiting in the swap cache.
     *
     * @param process the process
     * @param page the page
     * @return the frame, the zero page's among them, or {@link PageArena#NIL}
     */
    public int frameOf(int process, int page) {
        long pte = tables.entry(process, page);
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
     * @param page a page in use whose folio's lock is free, or held by somebody else
     * @param held whether it is held from now on
     */
    public void adversaryLock(int page, boolean held) {
        int folio = frames.folioOf(page);
        if (held) {
            frames.tryLock(folio);
            frames.setFlags(folio, LOCKED_ELSEWHERE);
        } else {
            frames.clearFlags(folio, LOCKED_ELSEWHERE);
            frames.unlock(folio);
        }
    }

    /**
     * Somebody else takes a passing reference; {@link #release} drops it.
     *
     * @param frame a frame in use
     * @param reference a reference that is not held
     */
    public void adversaryGet(int frame, int reference) {
        gup.hold(frame, References.KIND_SPECULATIVE, 1);
        references.set(reference, References.KIND_SPECULATIVE, frame, NIL);
    }

    /**
     * The swap device stops writing, or goes on: as {@link #stall}, but what it has been told it has read.
     *
     * @param stalled whether it has stopped
     */
    public void adversaryStall(boolean stalled) {
        arena.control(Control.DEVICE_STALLED, stalled ? 1 : 0);
        io.tick(tasks[0]);
    }

    /**
     * Others fill swap past half, or leave it.
     *
     * @param full whether they have filled it
     */
    public void adversaryFillSwap(boolean full) {
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
