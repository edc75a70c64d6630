package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One machine's whole state in one {@link MemorySegment}, and the views of its parts. See the package's note.
 *
 * <p>Views check nothing beyond the segment's own bounds. Not thread safe, except that page references, page flags and
 * the page lock are read-modify-written atomically. Who uses a part often keeps its view.
 */
public final class PageArena implements AutoCloseable {
    /** The frame that a read of untouched memory maps; never freed, its references are not counted. */
    public static final int ZERO_FRAME = 0;
    /** No frame, no slot, end of a list. */
    public static final int NIL = -1;

    private static final long HUGE = 2 << 20;

    private final ArenaSpec spec;
    private final Arena owner;
    private final MemorySegment memory;
    private final long data;
    private final Frames frames;
    private final PageTables tables;
    private final SwapSlots slots;
    private final References references;
    private final Batches batches;
    private final FreeLists freeLists;

    private PageArena(ArenaSpec spec, ArenaLayout layout, MemorySegment memory, Arena owner) {
        this.spec = spec;
        this.owner = owner;
        this.memory = memory;
        data = layout.data;
        frames = new Frames(memory, layout, spec.frameBytes());
        tables = new PageTables(memory, layout, spec);
        slots = new SwapSlots(memory, layout, spec.frameBytes());
        references = new References(memory, layout);
        batches = new Batches(memory, layout);
        freeLists = new FreeLists(memory, layout);
    }

    /**
     * A zeroed arena on the native heap, for tests and the checker.
     *
     * @param spec the shape
     * @return the arena
     */
    @SuppressWarnings("MustBeClosedChecker") // Closed with the PageArena.
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
    @SuppressWarnings("MustBeClosedChecker") // Closed with the PageArena.
    public static PageArena map(ArenaSpec spec, boolean hugePages) {
        ArenaLayout layout = new ArenaLayout(spec);
        Arena owner = Arena.ofShared();
        long bytes = ArenaLayout.align(layout.end, HUGE);
        MemorySegment mapping = Libc.mmap(bytes + HUGE, owner);
        MemorySegment aligned = mapping.asSlice(ArenaLayout.align(mapping.address(), HUGE) - mapping.address(), bytes);
        int errno = Libc.madvise(aligned, hugePages ? Libc.MADV_HUGEPAGE : Libc.MADV_NOHUGEPAGE);
        if (errno != 0) {
            owner.close();
            throw new IllegalStateException(
                    "madvise for " + (hugePages ? "" : "no ") + "huge pages failed: errno " + errno);
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

    /**
     * Page frames.
     *
     * @return the view
     */
    public Frames frames() {
        return frames;
    }

    /**
     * Page tables, areas and processes.
     *
     * @return the view
     */
    public PageTables tables() {
        return tables;
    }

    /**
     * Swap slots and the device.
     *
     * @return the view
     */
    public SwapSlots slots() {
        return slots;
    }

    /**
     * Pipes and pins.
     *
     * @return the view
     */
    public References references() {
        return references;
    }

    /**
     * LRU batches.
     *
     * @return the view
     */
    public Batches batches() {
        return batches;
    }

    /**
     * Free lists of a machine with large folios; one without has none.
     *
     * @return the view
     */
    public FreeLists freeLists() {
        return freeLists;
    }

    // ---- the state as a whole ----

    /**
     * Size of the state.
     *
     * @return bytes
     */
    public long stateBytes() {
        return memory.byteSize();
    }

    /**
     * Size of the state without frame data and device.
     *
     * @return bytes
     */
    public long metadataBytes() {
        return data;
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
        MemorySegment.copy(memory, 0, to, offset, bytes);
    }

    /**
     * Copies the first bytes of the state back in.
     *
     * @param from where from
     * @param offset offset in {@code from}
     * @param bytes how many
     */
    public void restore(MemorySegment from, long offset, long bytes) {
        MemorySegment.copy(from, offset, memory, 0, bytes);
    }

    /**
     * Sets everything to zero.
     */
    public void clear() {
        memory.fill((byte) 0);
    }

    // ---- control words ----

    /**
     * Reads a control word.
     *
     * @param word which
     * @return its value
     */
    public long control(Control word) {
        return memory.get(LONG, word.at());
    }

    /**
     * Sets a control word.
     *
     * @param word which
     * @param value its new value
     */
    public void control(Control word, long value) {
        memory.set(LONG, word.at(), value);
    }
}
