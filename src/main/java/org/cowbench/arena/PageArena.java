package org.cowbench.arena;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One machine's whole state in one {@link MemorySegment}: layout, offsets, accessors. See the package's note.
 *
 * <p>Accessors check nothing beyond the segment's own bounds. Not thread safe, except that page references, page flags
 * and the page lock are read-modify-written atomically.
 */
public final class PageArena implements AutoCloseable {
    /** The frame that a read of untouched memory maps; never freed, its references are not counted. */
    public static final int ZERO_FRAME = 0;
    /** No frame, no slot, end of a list. */
    public static final int NIL = -1;

    /** Batch of pages on their way to an LRU list; such a page does not carry the LRU flag yet. */
    public static final int BATCH_ADD = 0;
    /** Batch of pages to be moved to the tail of the inactive list, filled when writeback ends. */
    public static final int BATCH_ROTATE = 1;
    /** Number of batches a CPU has. */
    public static final int BATCHES = 2;

    /** Area bit: may not be written (mprotect). */
    public static final int VMA_READ_ONLY = 1;
    /** Area bit: has an anon_vma. */
    public static final int VMA_ANON = 2;

    /** A reference taken with FOLL_GET, held by a pipe. */
    public static final int KIND_GET = 1;
    /** A long-term pin that may write (FOLL_PIN with FOLL_WRITE). */
    public static final int KIND_PIN_RW = 2;
    /** A long-term pin that only reads (FOLL_PIN). */
    public static final int KIND_PIN_RO = 3;

    /** A passing reference of the adversary, as of a page cache look-up that lost a race; it belongs to no process. */
    public static final int KIND_SPECULATIVE = 4;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle ATOMIC_INT = INT.varHandle();
    private static final long HUGE = 2 << 20;

    private final ArenaSpec spec;
    private final Arena owner;
    private final MemorySegment memory;
    private final long state;
    private final long pages;
    private final long ptes;
    private final long vmas;
    private final long processes;
    private final long slots;
    private final long references;
    private final long batches;
    private final int batchBytes;
    private final long data;
    private final long device;
    private final int area;
    private final int frameBytes;

    private PageArena(ArenaSpec spec, ArenaLayout layout, MemorySegment memory, Arena owner) {
        this.spec = spec;
        this.owner = owner;
        this.memory = memory;
        state = layout.state;
        pages = layout.pages;
        ptes = layout.ptes;
        vmas = layout.vmas;
        processes = layout.processes;
        slots = layout.slots;
        references = layout.references;
        batches = layout.batches;
        batchBytes = layout.batchBytes;
        data = layout.data;
        device = layout.device;
        area = spec.pages();
        frameBytes = spec.frameBytes();
    }

    /**
     * A zeroed arena on the native heap, for tests and the checker.
     *
     * @param spec the shape
     * @return the arena
     */
    public static PageArena allocate(ArenaSpec spec) {
        ArenaLayout layout = new ArenaLayout(spec);
        Arena owner = Arena.ofShared();
        return new PageArena(spec, layout, owner.allocate(layout.end, 4096), owner);
    }

    /**
     * A zeroed arena in a mapping of its own with huge pages asked for or forbidden, for benchmarks.
     *
     * @param spec the shape
     * @param hugePages whether the mapping is to be backed by transparent huge pages
     * @return the arena, aligned to 2 MiB, not touched yet
     * @throws IllegalStateException if the kernel refuses the advice
     */
    public static PageArena map(ArenaSpec spec, boolean hugePages) {
        ArenaLayout layout = new ArenaLayout(spec);
        Arena owner = Arena.ofShared();
        long bytes = ArenaLayout.align(layout.end, HUGE);
        MemorySegment mapping = Libc.mmap(bytes + HUGE, owner);
        MemorySegment aligned = mapping.asSlice(ArenaLayout.align(mapping.address(), HUGE) - mapping.address(), bytes);
        int errno = Libc.madvise(aligned, hugePages ? Libc.MADV_HUGEPAGE : Libc.MADV_NOHUGEPAGE);
        if (errno != 0) {
            owner.close();
            throw new IllegalStateException("madvise for " + (hugePages ? "" : "no ") + "huge pages failed: errno "
                    + errno);
        }
        return new PageArena(spec, layout, aligned.asSlice(0, layout.end), owner);
    }

    /**
     * How much of this process's memory the kernel backs with transparent huge pages now.
     *
     * @return {@code AnonHugePages} of {@code /proc/self/smaps_rollup}, in KiB
     */
    public static long anonHugePagesKib() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps_rollup"))) {
                if (line.startsWith("AnonHugePages:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Frees the memory; every later access throws. */
    @Override
    public void close() {
        owner.close();
    }

    /**
     * The shape.
     *
     * @return the shape
     */
    public ArenaSpec spec() {
        return spec;
    }

    // ---- the state as a whole ----

    /**
     * Size of the state, counters excluded.
     *
     * @return bytes
     */
    public long stateBytes() {
        return memory.byteSize() - state;
    }

    /**
     * Size of the state without frame data and device.
     *
     * @return bytes
     */
    public long metadataBytes() {
        return data - state;
    }

    /**
     * Copies the first bytes of the state out: {@link #stateBytes()} for all of it, {@link #metadataBytes()} for the
     * metadata.
     *
     * @param to where to
     * @param offset offset in {@code to}
     * @param bytes how many
     */
    public void save(MemorySegment to, long offset, long bytes) {
        MemorySegment.copy(memory, state, to, offset, bytes);
    }

    /**
     * Copies the first bytes of the state back in.
     *
     * @param from where from
     * @param offset offset in {@code from}
     * @param bytes how many
     */
    public void restore(MemorySegment from, long offset, long bytes) {
        MemorySegment.copy(from, offset, memory, state, bytes);
    }

    /**
     * Compares two whole states.
     *
     * @param other an arena of the same shape
     * @return whether every byte of the state is equal
     */
    public boolean sameState(PageArena other) {
        return MemorySegment.mismatch(memory, state, memory.byteSize(), other.memory, other.state,
                other.memory.byteSize()) == -1;
    }

    /**
     * Sets everything to zero, counters included.
     */
    public void clear() {
        memory.fill((byte) 0);
    }

    // ---- counters and control words ----

    /**
     * Reads a counter.
     *
     * @param counter which
     * @return its value
     */
    public long counter(Counter counter) {
        return memory.get(LONG, (long) counter.ordinal() * Long.BYTES);
    }

    /**
     * Sets a counter.
     *
     * @param counter which
     * @param value its new value
     */
    public void counter(Counter counter, long value) {
        memory.set(LONG, (long) counter.ordinal() * Long.BYTES, value);
    }

    /**
     * Adds to a counter.
     *
     * @param counter which
     * @param delta how much
     */
    public void count(Counter counter, long delta) {
        long at = (long) counter.ordinal() * Long.BYTES;
        memory.set(LONG, at, memory.get(LONG, at) + delta);
    }

    /**
     * Reads a control word.
     *
     * @param word which
     * @return its value
     */
    public long control(Control word) {
        return memory.get(LONG, state + (long) word.ordinal() * Long.BYTES);
    }

    /**
     * Sets a control word.
     *
     * @param word which
     * @param value its new value
     */
    public void control(Control word, long value) {
        memory.set(LONG, state + (long) word.ordinal() * Long.BYTES, value);
    }

    // ---- page records ----

    private long page(int frame) {
        return pages + (long) frame * PageRecord.BYTES;
    }

    /**
     * Reads an int of a page record, plainly.
     *
     * @param frame the frame
     * @param field its offset, a constant of {@link PageRecord}
     * @return the value
     */
    public int page(int frame, int field) {
        return memory.get(INT, page(frame) + field);
    }

    /**
     * Sets an int of a page record, plainly.
     *
     * @param frame the frame
     * @param field its offset, a constant of {@link PageRecord}
     * @param value the new value
     */
    public void page(int frame, int field, int value) {
        memory.set(INT, page(frame) + field, value);
    }

    /**
     * When a frame's writeback ends.
     *
     * @param frame the frame
     * @return the value of {@link Control#CLOCK} at which it does
     */
    public long writebackDue(int frame) {
        return memory.get(LONG, page(frame) + PageRecord.WB_DUE);
    }

    /**
     * Sets when a frame's writeback ends.
     *
     * @param frame the frame
     * @param due the value of {@link Control#CLOCK} at which it does
     */
    public void writebackDue(int frame, long due) {
        memory.set(LONG, page(frame) + PageRecord.WB_DUE, due);
    }

    /**
     * Atomically adds to a frame's reference count.
     *
     * @param frame the frame
     * @param delta how much
     * @return the new count
     */
    public int addRef(int frame, int delta) {
        return (int) ATOMIC_INT.getAndAdd(memory, page(frame) + PageRecord.REF, delta) + delta;
    }

    /**
     * Atomically adds to a frame's map count.
     *
     * @param frame the frame
     * @param delta how much
     * @return the new count
     */
    public int addMap(int frame, int delta) {
        return (int) ATOMIC_INT.getAndAdd(memory, page(frame) + PageRecord.MAP, delta) + delta;
    }

    /**
     * Tells whether a frame carries any of some flags.
     *
     * @param frame the frame
     * @param flags bits of {@link PageRecord}
     * @return whether it carries one
     */
    public boolean has(int frame, int flags) {
        return (memory.get(INT, page(frame) + PageRecord.FLAGS) & flags) != 0;
    }

    /**
     * Atomically sets flags.
     *
     * @param frame the frame
     * @param flags bits of {@link PageRecord}
     * @return the flags before
     */
    public int setFlags(int frame, int flags) {
        return (int) ATOMIC_INT.getAndBitwiseOr(memory, page(frame) + PageRecord.FLAGS, flags);
    }

    /**
     * Atomically clears flags.
     *
     * @param frame the frame
     * @param flags bits of {@link PageRecord}
     * @return the flags before
     */
    public int clearFlags(int frame, int flags) {
        return (int) ATOMIC_INT.getAndBitwiseAnd(memory, page(frame) + PageRecord.FLAGS, ~flags);
    }

    /**
     * Tries to take the page lock.
     *
     * @param frame the frame
     * @return whether the lock was free and is now the caller's
     */
    public boolean tryLock(int frame) {
        return (setFlags(frame, PageRecord.LOCKED) & PageRecord.LOCKED) == 0;
    }

    /**
     * Releases the page lock.
     *
     * @param frame the frame
     */
    public void unlock(int frame) {
        clearFlags(frame, PageRecord.LOCKED);
    }

    // ---- page tables, areas, processes ----

    /**
     * Reads a page-table entry.
     *
     * @param process the process
     * @param page the page of its area
     * @return the entry, see {@link Pte}
     */
    public long pte(int process, int page) {
        return memory.get(LONG, ptes + ((long) process * area + page) * Long.BYTES);
    }

    /**
     * Sets a page-table entry.
     *
     * @param process the process
     * @param page the page of its area
     * @param pte the entry, see {@link Pte}
     */
    public void pte(int process, int page, long pte) {
        memory.set(LONG, ptes + ((long) process * area + page) * Long.BYTES, pte);
    }

    private long vma(int process, int page) {
        return vmas + ((long) process * area + page) * Integer.BYTES;
    }

    /**
     * Tells whether a page of an area may not be written (mprotect).
     *
     * @param process the process
     * @param page the page of its area
     * @return whether it is read-only
     */
    public boolean readOnly(int process, int page) {
        return (memory.get(INT, vma(process, page)) & VMA_READ_ONLY) != 0;
    }

    /**
     * Tells whether a page of an area has an anon_vma: it has had an anonymous page, in this process or, before fork,
     * in an ancestor.
     *
     * @param process the process
     * @param page the page of its area
     * @return whether it has
     */
    public boolean hasAnonVma(int process, int page) {
        return (memory.get(INT, vma(process, page)) & VMA_ANON) != 0;
    }

    /**
     * The properties of a page of an area.
     *
     * @param process the process
     * @param page the page of its area
     * @return {@code VMA_} bits
     */
    public int vmaBits(int process, int page) {
        return memory.get(INT, vma(process, page));
    }

    /**
     * Sets the properties of a page of an area.
     *
     * @param process the process
     * @param page the page of its area
     * @param bits {@code VMA_} bits
     */
    public void vmaBits(int process, int page, int bits) {
        memory.set(INT, vma(process, page), bits);
    }

    private long process(int process) {
        return processes + (long) process * ArenaLayout.PROCESS_BYTES;
    }

    /**
     * Tells whether a process exists.
     *
     * @param process the process
     * @return whether it exists
     */
    public boolean alive(int process) {
        return memory.get(INT, process(process)) != 0;
    }

    /**
     * Sets whether a process exists.
     *
     * @param process the process
     * @param alive whether it exists
     */
    public void alive(int process, boolean alive) {
        memory.set(INT, process(process), alive ? 1 : 0);
    }

    /**
     * Tells whether a process has ever pinned a page (MMF_HAS_PINNED).
     *
     * @param process the process
     * @return whether it has
     */
    public boolean hasPinned(int process) {
        return memory.get(INT, process(process) + 4) != 0;
    }

    /**
     * Sets whether a process has ever pinned a page.
     *
     * @param process the process
     * @param pinned whether it has
     */
    public void hasPinned(int process, boolean pinned) {
        memory.set(INT, process(process) + 4, pinned ? 1 : 0);
    }

    /**
     * Reads a process's swap readahead state, packed by its owner.
     *
     * @param process the process
     * @return the packed state, 0 at first
     */
    public long readahead(int process) {
        return memory.get(LONG, process(process) + 8);
    }

    /**
     * Sets a process's swap readahead state.
     *
     * @param process the process
     * @param packed the packed state
     */
    public void readahead(int process, long packed) {
        memory.set(LONG, process(process) + 8, packed);
    }

    // ---- swap slots ----

    private long slot(int slot) {
        return slots + (long) slot * ArenaLayout.SLOT_BYTES;
    }

    /**
     * Swap count of a slot: how many page-table entries name it.
     *
     * @param slot the slot
     * @return the count; the swap cache is not in it
     */
    public int swapCount(int slot) {
        return memory.get(INT, slot(slot));
    }

    /**
     * Sets the swap count of a slot.
     *
     * @param slot the slot
     * @param count the count
     */
    public void swapCount(int slot, int count) {
        memory.set(INT, slot(slot), count);
    }

    /**
     * The frame that is a slot's swap cache.
     *
     * @param slot the slot
     * @return the frame or {@link #NIL}
     */
    public int cached(int slot) {
        return memory.get(INT, slot(slot) + 4);
    }

    /**
     * Sets the frame that is a slot's swap cache.
     *
     * @param slot the slot
     * @param frame the frame or {@link #NIL}
     */
    public void cached(int slot, int frame) {
        memory.set(INT, slot(slot) + 4, frame);
    }

    /**
     * The next slot on the free list.
     *
     * @param slot the slot
     * @return the next or {@link #NIL}
     */
    public int nextSlot(int slot) {
        return memory.get(INT, slot(slot) + 8);
    }

    /**
     * Sets the next slot on the free list.
     *
     * @param slot the slot
     * @param next the next or {@link #NIL}
     */
    public void nextSlot(int slot, int next) {
        memory.set(INT, slot(slot) + 8, next);
    }

    // ---- references: pipes and pins ----

    private long reference(int reference) {
        return references + (long) reference * ArenaLayout.REFERENCE_BYTES;
    }

    /**
     * The kind of a reference.
     *
     * @param reference the reference
     * @return a {@code KIND_} constant, or 0 when it is not held
     */
    public int referenceKind(int reference) {
        return memory.get(INT, reference(reference));
    }

    /**
     * The frame a reference holds.
     *
     * @param reference the reference
     * @return the frame
     */
    public int referenceFrame(int reference) {
        return memory.get(INT, reference(reference) + 4);
    }

    /**
     * The process that took a reference.
     *
     * @param reference the reference
     * @return the process, or {@link #NIL} when it has gone
     */
    public int referenceOwner(int reference) {
        return memory.get(INT, reference(reference) + 8);
    }

    /**
     * Sets a reference.
     *
     * @param reference the reference
     * @param kind a {@code KIND_} constant, or 0 when it is not held
     * @param frame the frame
     * @param taker the process that took it
     */
    public void reference(int reference, int kind, int frame, int taker) {
        memory.set(INT, reference(reference), kind);
        memory.set(INT, reference(reference) + 4, frame);
        memory.set(INT, reference(reference) + 8, taker);
    }

    /**
     * What a kind of reference adds to the reference count.
     *
     * @param kind a {@code KIND_} constant
     * @return 1024 for a pin, else 1
     */
    public static int weight(int kind) {
        return kind == KIND_PIN_RW || kind == KIND_PIN_RO ? PageRecord.PIN_BIAS : 1;
    }

    // ---- LRU batches ----

    private long batch(int cpu, int which) {
        return batches + ((long) cpu * BATCHES + which) * batchBytes;
    }

    /**
     * Number of pages in a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @return the number
     */
    public int batchCount(int cpu, int which) {
        return memory.get(INT, batch(cpu, which));
    }

    /**
     * Sets the number of pages in a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @param count the number
     */
    public void batchCount(int cpu, int which, int count) {
        memory.set(INT, batch(cpu, which), count);
    }

    /**
     * A page of a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @param entry its position
     * @return the frame
     */
    public int batchEntry(int cpu, int which, int entry) {
        return memory.get(INT, batch(cpu, which) + (1L + entry) * Integer.BYTES);
    }

    /**
     * Sets a page of a batch.
     *
     * @param cpu the CPU
     * @param which a {@code BATCH_} constant
     * @param entry its position
     * @param frame the frame
     */
    public void batchEntry(int cpu, int which, int entry, int frame) {
        memory.set(INT, batch(cpu, which) + (1L + entry) * Integer.BYTES, frame);
    }

    // ---- data ----

    private long frame(int frame) {
        return data + (long) frame * frameBytes;
    }

    /**
     * The first word of a frame.
     *
     * @param frame the frame
     * @return the word
     */
    public long load(int frame) {
        return memory.get(LONG, frame(frame));
    }

    /**
     * Stores the first word of a frame.
     *
     * @param frame the frame
     * @param value the word
     */
    public void store(int frame, long value) {
        memory.set(LONG, frame(frame), value);
    }

    /**
     * Copies a frame.
     *
     * @param from the source frame
     * @param to the destination frame
     */
    public void copyFrame(int from, int to) {
        MemorySegment.copy(memory, frame(from), memory, frame(to), frameBytes);
    }

    /**
     * Zeroes a frame.
     *
     * @param frame the frame
     */
    public void zeroFrame(int frame) {
        memory.asSlice(frame(frame), frameBytes).fill((byte) 0);
    }

    /**
     * Writes a frame to the device.
     *
     * @param frame the frame
     * @param slot the slot
     */
    public void writeSlot(int frame, int slot) {
        MemorySegment.copy(memory, frame(frame), memory, device + (long) slot * frameBytes, frameBytes);
    }

    /**
     * Reads a frame from the device.
     *
     * @param slot the slot
     * @param frame the frame
     */
    public void readSlot(int slot, int frame) {
        MemorySegment.copy(memory, device + (long) slot * frameBytes, memory, frame(frame), frameBytes);
    }

    /**
     * The first word of a slot on the device.
     *
     * @param slot the slot
     * @return the word
     */
    public long loadSlot(int slot) {
        return memory.get(LONG, device + (long) slot * frameBytes);
    }

    /**
     * Stores the first word of a slot on the device; for renaming values, not a device operation.
     *
     * @param slot the slot
     * @param value the word
     */
    public void storeSlot(int slot, long value) {
        memory.set(LONG, device + (long) slot * frameBytes, value);
    }
}
