package org.cowbench.arena;

import static org.cowbench.arena.ArenaLayout.INT;
import static org.cowbench.arena.ArenaLayout.LONG;

import java.lang.foreign.MemorySegment;

/** Page tables with the areas they are of, and the processes that have them. */
public final class PageTables {
    /** Area bit: may not be written (mprotect). */
    public static final int VMA_READ_ONLY = 1;
    /** Area bit: has an anon_vma. */
    public static final int VMA_ANON = 2;
    /** Area bit: fork does not give it to the child (MADV_DONTFORK). */
    public static final int VMA_DONTFORK = 4;
    /** Area bit: there is none, the process may not touch the page. */
    public static final int VMA_ABSENT = 8;
    /** Area bit: moved by mremap, so that it is no neighbour of those that were not. */
    public static final int VMA_MOVED = 16;

    private final MemorySegment memory;
    private final long ptes;
    private final long pmds;
    private final long vmas;
    private final long processes;
    private final int area;
    private final boolean pmd;
    private final int order;
    private final int inTable;

    PageTables(MemorySegment memory, ArenaLayout layout, ArenaSpec spec) {
        this.memory = memory;
        area = spec.pages();
        pmd = spec.pmd();
        order = spec.order();
        inTable = (1 << spec.order()) - 1;
        ptes = layout.ptes;
        pmds = layout.pmds;
        vmas = layout.vmas;
        processes = layout.processes;
    }

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

    private long pmdAt(int process, int page) {
        return pmds + ((long) process * (area >> order) + (page >> order)) * Long.BYTES;
    }

    /**
     * Reads a PMD entry.
     *
     * @param process the process
     * @param page any page that it is of
     * @return {@link Pte#NONE}, {@link Pte#TABLE}, or a present entry that maps a folio whole; in an area whose folios
     *     no PMD entry can map {@link Pte#TABLE}
     */
    public long pmd(int process, int page) {
        return pmd ? memory.get(LONG, pmdAt(process, page)) : Pte.TABLE;
    }

    /**
     * Sets a PMD entry, where there are any.
     *
     * @param process the process
     * @param page any page that it is of
     * @param entry the entry
     */
    public void pmd(int process, int page, long entry) {
        if (pmd) {
            memory.set(LONG, pmdAt(process, page), entry);
        }
    }

    /**
     * The entry by which a page is mapped, whether a page table's or, as if it were that, a PMD entry's.
     *
     * @param process the process
     * @param page the page of its area
     * @return the entry, see {@link Pte}
     */
    public long entry(int process, int page) {
        if (pmd) {
            long whole = memory.get(LONG, pmdAt(process, page));
            if (Pte.isPresent(whole)) {
                return Pte.advance(whole, page & inTable);
            }
        }
        return pte(process, page);
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
     * The CPU that a process runs on.
     *
     * @param process the process
     * @return the CPU
     */
    public int cpu(int process) {
        return memory.get(INT, process(process) + 16);
    }

    /**
     * Sets the CPU that a process runs on.
     *
     * @param process the process
     * @param cpu the CPU
     */
    public void cpu(int process, int cpu) {
        memory.set(INT, process(process) + 16, cpu);
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
}
