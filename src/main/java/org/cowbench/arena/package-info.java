/**
 * The state of a modelled kernel: one contiguous off-heap {@link java.lang.foreign.MemorySegment}.
 *
 * <p>Nothing here decides anything. The package gives the layout and typed views of its parts
 * ({@link org.cowbench.arena.Frames}, {@link org.cowbench.arena.PageTables}, {@link org.cowbench.arena.SwapSlots},
 * {@link org.cowbench.arena.References}, {@link org.cowbench.arena.Batches},
 * {@link org.cowbench.arena.FreeLists}); what is done with the state is the
 * business of package {@code machine}, and who may reuse a page that of package {@code policy}.
 *
 * <pre>
 *   0            control    free list, LRU lists, swap slot list, clock, adversary
 *                pages      one 64-byte record a frame, as struct page and folio (PageRecord, FolioRecord)
 *                ptes       processes x pages, one long each (Pte)
 *                pmds       processes x page tables, one long each (Pte), where PMD entries may map folios
 *                vmas       processes x pages, one int each: VMA_ bits. Of base pages every one is an area of its own,
 *                           with large folios neighbours of equal bits are one
 *                processes  one 32-byte record each: alive, has pinned, swap readahead, CPU
 *                slots      one 16-byte record a swap slot: count, cached frame, list link
 *                references one 16-byte record each: frame, kind, owner (pipes and pins)
 *                batches    cpus x BATCHES, one count and lruBatch frame numbers each
 *                heads      of the lists of free blocks and runs of slots, where there are large folios (FreeLists)
 *   dataOffset   frames     frameBytes each
 *                device     frameBytes a slot: the RAM-backed swap device
 * </pre>
 *
 * <p>So a snapshot is one copy, equality is one compare, a state of the checker is bytes, and a benchmark resets by
 * copying the metadata (everything before {@code dataOffset}) back. The size of a frame is a parameter: 4096 for
 * benchmarks, 8 for the checker; the same code runs in both.
 *
 * <p>A machine without large folios ({@code order} 0) has every byte where it was before there were any, and its access
 * path loads no more of them: what belongs to large folios lies in what the records of frames and slots left unused, or
 * in parts that are empty there.
 *
 * <p>Access modes: page references, the page lock and page flags are read-modify-written with full atomics, because a
 * kernel does and their cost is part of what is measured. Everything else is plain: one thread drives a machine.
 *
 * <p>{@link org.cowbench.arena.Libc} is the only class of the project that touches
 * {@link java.lang.foreign.Linker}; it sits here because a mapping's huge-page setting is the arena's.
 */
@NullMarked
package org.cowbench.arena;

import org.jspecify.annotations.NullMarked;
