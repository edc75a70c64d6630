package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;
import static org.cowbench.arena.ArenaLayout.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Page frames: their records, of folios and of pages, and their data. */
public final class Frames {
    private static final VarHandle ATOMIC_INT = INT.varHandle();

    private final MemorySegment memory;
    private final long records;
    private final long data;
    private final int bytes;

    Frames(MemorySegment memory, ArenaLayout layout, int bytes) {
        this.memory = memory;
        this.bytes = bytes;
        records = layout.pages;
        data = layout.data;
    }

    private long record(int frame) {
        return records + (long) frame * PageRecord.BYTES;
    }

    /**
     * Reads an int of a page record, plainly.
     *
     * @param frame the frame
     * @param field its offset, a constant of {@link FolioRecord} or {@link PageRecord}
     * @return the value
     */
    public int get(int frame, int field) {
        return memory.get(INT, record(frame) + field);
    }

    /**
     * Sets an int of a page record, plainly.
     *
     * @param frame the frame
     * @param field its offset, a constant of {@link FolioRecord} or {@link PageRecord}
     * @param value the new value
     */
    public void set(int frame, int field, int value) {
        memory.set(INT, record(frame) + field, value);
    }

    /**
     * page_folio: the folio that a page belongs to.
     *
     * @param page the page
     * @return the folio: the number of its first page
     */
    public int folioOf(int page) {
        int order = get(page, FolioRecord.ORDER);
        return order >= 0 ? page : page + order;
    }

    /**
     * Tells whether a page is of a large folio.
     *
     * @param page the page
     * @return whether it is
     */
    public boolean large(int page) {
        return get(page, FolioRecord.ORDER) != 0;
    }

    /**
     * folio_nr_pages.
     *
     * @param folio the folio
     * @return its number of pages
     */
    public int pages(int folio) {
        return 1 << get(folio, FolioRecord.ORDER);
    }

    // ---- folios ----

    /**
     * When a folio's writeback ends.
     *
     * @param folio the folio
     * @return the value of {@link Control#CLOCK} at which it does
     */
    public long writebackDue(int folio) {
        return memory.get(LONG, record(folio) + FolioRecord.WB_DUE);
    }

    /**
     * Sets when a folio's writeback ends.
     *
     * @param folio the folio
     * @param due the value of {@link Control#CLOCK} at which it does
     */
    public void writebackDue(int folio, long due) {
        memory.set(LONG, record(folio) + FolioRecord.WB_DUE, due);
    }

    /**
     * Atomically adds to a folio's reference count.
     *
     * @param folio the folio
     * @param delta how much
     * @return the new count
     */
    public int addRef(int folio, int delta) {
        return (int) ATOMIC_INT.getAndAdd(memory, record(folio) + FolioRecord.REF, delta) + delta;
    }

    /**
     * Tells whether a folio carries any of some flags.
     *
     * @param folio the folio
     * @param flags bits of {@link FolioRecord}
     * @return whether it carries one
     */
    public boolean has(int folio, int flags) {
        return (memory.get(INT, record(folio) + FolioRecord.FLAGS) & flags) != 0;
    }

    /**
     * Atomically sets flags.
     *
     * @param folio the folio
     * @param flags bits of {@link FolioRecord}
     * @return the flags before
     */
    public int setFlags(int folio, int flags) {
        return (int) ATOMIC_INT.getAndBitwiseOr(memory, record(folio) + FolioRecord.FLAGS, flags);
    }

    /**
     * Atomically clears flags.
     *
     * @param folio the folio
     * @param flags bits of {@link FolioRecord}
     * @return the flags before
     */
    public int clearFlags(int folio, int flags) {
        return (int) ATOMIC_INT.getAndBitwiseAnd(memory, record(folio) + FolioRecord.FLAGS, ~flags);
    }

    /**
     * Tries to take the folio lock.
     *
     * @param folio the folio
     * @return whether the lock was free and is now the caller's
     */
    public boolean tryLock(int folio) {
        return (setFlags(folio, FolioRecord.LOCKED) & FolioRecord.LOCKED) == 0;
    }

    /**
     * Releases the folio lock.
     *
     * @param folio the folio
     */
    public void unlock(int folio) {
        clearFlags(folio, FolioRecord.LOCKED);
    }

    // ---- pages ----

    /**
     * Atomically adds to a page's map count.
     *
     * @param page the page
     * @param delta how much
     * @return the new count
     */
    public int addMap(int page, int delta) {
        return (int) ATOMIC_INT.getAndAdd(memory, record(page) + PageRecord.MAP, delta) + delta;
    }

    /**
     * Tells whether a page carries the exclusive mark.
     *
     * @param page the page
     * @return whether it does
     */
    public boolean anonExclusive(int page) {
        return has(page, PageRecord.ANON_EXCLUSIVE);
    }

    /**
     * Atomically sets the exclusive mark of a page.
     *
     * @param page the page
     */
    public void setAnonExclusive(int page) {
        setFlags(page, PageRecord.ANON_EXCLUSIVE);
    }

    /**
     * Atomically clears the exclusive mark of a page.
     *
     * @param page the page
     */
    public void clearAnonExclusive(int page) {
        clearFlags(page, PageRecord.ANON_EXCLUSIVE);
    }

    // ---- data ----

    private long data(int frame) {
        return data + (long) frame * bytes;
    }

    /**
     * The first word of a frame.
     *
     * @param frame the frame
     * @return the word
     */
    public long load(int frame) {
        return memory.get(LONG, data(frame));
    }

    /**
     * Stores the first word of a frame.
     *
     * @param frame the frame
     * @param value the word
     */
    public void store(int frame, long value) {
        memory.set(LONG, data(frame), value);
    }

    /**
     * A word of a frame that need not be its first; nothing but benchmarks asks for it.
     *
     * @param frame the frame
     * @param offset where in it, in bytes, a multiple of 8
     * @return the word
     */
    public long load(int frame, int offset) {
        return memory.get(LONG, data(frame) + offset);
    }

    /**
     * Stores a word of a frame that is not its first; nothing but benchmarks knows of it.
     *
     * @param frame the frame
     * @param offset where in it, in bytes, a multiple of 8
     * @param value the word
     */
    public void store(int frame, int offset, long value) {
        memory.set(LONG, data(frame) + offset, value);
    }

    /**
     * Copies a frame.
     *
     * @param from the source frame
     * @param to the destination frame
     */
    public void copy(int from, int to) {
        MemorySegment.copy(memory, data(from), memory, data(to), bytes);
    }

    /**
     * Zeroes a frame.
     *
     * @param frame the frame
     */
    public void zero(int frame) {
        memory.asSlice(data(frame), bytes).fill((byte) 0);
    }
}
