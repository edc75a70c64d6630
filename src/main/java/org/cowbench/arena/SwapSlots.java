package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;
import static org.cowbench.arena.ArenaLayout.LONG;

import java.lang.foreign.MemorySegment;

/** Swap slots: who names them, what caches them, which are free, and what the RAM-backed device holds. */
public final class SwapSlots {
    private static final long HEAD = Control.SLOT_HEAD.at();
    private static final long USED = Control.SLOTS_USED.at();
    /** Beside the count: the slot is known to hold zeroes only, and the device has nothing. */
    private static final int ZEROES = 1 << 30;

    private final MemorySegment memory;
    private final long slots;
    private final long data;
    private final long device;
    private final int bytes;

    SwapSlots(MemorySegment memory, ArenaLayout layout, int bytes) {
        this.memory = memory;
        this.bytes = bytes;
        slots = layout.slots;
        data = layout.data;
        device = layout.device;
    }

    private long slot(int slot) {
        return slots + (long) slot * ArenaLayout.SLOT_BYTES;
    }

    /**
     * Swap count of a slot: how many page-table entries name it.
     *
     * @param slot the slot
     * @return the count; the swap cache is not in it
     */
    public int count(int slot) {
        return memory.get(INT, slot(slot)) & ~ZEROES;
    }

    /**
     * Sets the swap count of a slot.
     *
     * @param slot the slot
     * @param count the count
     */
    public void count(int slot, int count) {
        memory.set(INT, slot(slot), memory.get(INT, slot(slot)) & ZEROES | count);
    }

    /**
     * Whether a zero-filled page went out to a slot without being written to the device (zeromap).
     *
     * @param slot the slot
     * @return what {@link #zeroes(int, boolean)} was last told of it
     */
    public boolean zeroes(int slot) {
        return (memory.get(INT, slot(slot)) & ZEROES) != 0;
    }

    /**
     * Notes whether a page went out to a slot without being written to the device, because it is zero-filled.
     *
     * @param slot the slot
     * @param zeroes whether it did
     */
    public void zeroes(int slot, boolean zeroes) {
        memory.set(INT, slot(slot), count(slot) | (zeroes ? ZEROES : 0));
    }

    /**
     * The frame that is a slot's swap cache.
     *
     * @param slot the slot
     * @return the frame or {@link PageArena#NIL}
     */
    public int cached(int slot) {
        return memory.get(INT, slot(slot) + 4);
    }

    /**
     * Sets the frame that is a slot's swap cache.
     *
     * @param slot the slot
     * @param frame the frame or {@link PageArena#NIL}
     */
    public void cached(int slot, int frame) {
        memory.set(INT, slot(slot) + 4, frame);
    }

    /**
     * The first slot of the free list.
     *
     * @return the slot or {@link PageArena#NIL}
     */
    public int head() {
        return (int) memory.get(LONG, HEAD);
    }

    /**
     * Sets the first slot of the free list.
     *
     * @param slot the slot or {@link PageArena#NIL}
     */
    public void head(int slot) {
        memory.set(LONG, HEAD, slot);
    }

    /**
     * How many slots are in use.
     *
     * @return the number
     */
    public long used() {
        return memory.get(LONG, USED);
    }

    /**
     * Notes that slots were taken, or freed.
     *
     * @param more how many are in use now that were not, below 0 where fewer are
     */
    public void use(int more) {
        memory.set(LONG, USED, used() + more);
    }

    /**
     * The next slot on the free list.
     *
     * @param slot the slot
     * @return the next or {@link PageArena#NIL}
     */
    public int next(int slot) {
        return memory.get(INT, slot(slot) + 8);
    }

    /**
     * Sets the next slot on the free list.
     *
     * @param slot the slot
     * @param next the next or {@link PageArena#NIL}
     */
    public void next(int slot, int next) {
        memory.set(INT, slot(slot) + 8, next);
    }

    /**
     * A word for who keeps runs of slots.
     *
     * @param slot the slot
     * @return its value
     */
    public int link(int slot) {
        return memory.get(INT, slot(slot) + 12);
    }

    /**
     * Sets the word for who keeps runs of slots.
     *
     * @param slot the slot
     * @param value its value
     */
    public void link(int slot, int value) {
        memory.set(INT, slot(slot) + 12, value);
    }

    private long data(int frame) {
        return data + (long) frame * bytes;
    }

    private long device(int slot) {
        return device + (long) slot * bytes;
    }

    /**
     * Writes a frame to the device.
     *
     * @param frame the frame
     * @param slot the slot
     */
    public void write(int frame, int slot) {
        MemorySegment.copy(memory, data(frame), memory, device(slot), bytes);
    }

    /**
     * Reads a frame from the device.
     *
     * @param slot the slot
     * @param frame the frame
     */
    public void read(int slot, int frame) {
        MemorySegment.copy(memory, device(slot), memory, data(frame), bytes);
    }

    /**
     * The first word of a slot on the device.
     *
     * @param slot the slot
     * @return the word
     */
    public long load(int slot) {
        return memory.get(LONG, device(slot));
    }

    /**
     * Stores the first word of a slot on the device; for renaming values, not a device operation.
     *
     * @param slot the slot
     * @param value the word
     */
    public void store(int slot, long value) {
        memory.set(LONG, device(slot), value);
    }
}
