/**
 * What a kernel does with the state in an {@link org.cowbench.arena.PageArena}: faults, fork, exit, reclaim, swap
 * cache, references, LRU batches.
 *
 * <p>{@link org.cowbench.machine.Machine} offers the operations; each runs to its end and returns an
 * {@link org.cowbench.machine.Outcome}. Behind it most classes are named after the file of Linux that does their part:
 * {@code Faults} (mm/memory.c), {@code Fork} (kernel/fork.c), {@code Gup} (mm/gup.c), {@code Reclaim} (mm/vmscan.c),
 * {@code Rmap} (mm/rmap.c), {@code Swap} (mm/swapfile.c and mm/swap_state.c), {@code PageIo} (mm/page_io.c), {@code Lru}
 * (mm/swap.c) and {@code PageAlloc} (mm/page_alloc.c); {@code Mm} holds them. {@code Validator} proves the bookkeeping of any state between operations.
 *
 * <p>Who does an operation is a {@link org.cowbench.machine.Task}: its process, the CPU whose batches are meant, what
 * it saw and what it counted. It is also the {@link org.cowbench.policy.KernelOps} that policies see, and there folio
 * and page have names of their own. Below it both are frame numbers, and that of a folio is its first page's.
 *
 * <p>Where the eras differ the machine asks the policy; it never tests which one it has. What a machine does about
 * time, such as when writeback ends, is in {@link org.cowbench.machine.MachineOptions}.
 *
 * <p>The reverse map is the page's index and the page tables: a page is only ever mapped at its own index (there is no
 * mremap that renames one), so its mappings are found by looking at that index in every process, as walking an anon_vma
 * does.
 *
 * <p><b>Large folios.</b> A machine whose arena has an order is made of other classes where it matters: {@code Mm}
 * takes {@code LargeFaults} for {@code Faults} and so on, each a subclass that answers for a page of a large folio and
 * leaves base pages to what it extends. So a machine of base pages runs the code, and touches the memory, that it did
 * before there were any. Beside them are {@code Buddy} (free blocks), {@code Owners} (who maps a folio), {@code Huge}
 * (mm/huge_memory.c: PMD entries, splits), {@code LargeSwapIn}, {@code Madvise}, {@code Collapse} (mm/khugepaged.c) and
 * {@code Vmas}: neighbours of equal bits are one area there, as a folio must lie in one. References, lock, LRU, swap
 * cache, dirty and writeback are the folio's, in its first page's record; map count, exclusive mark and index are each
 * page's. A folio is never in an LRU batch.
 *
 * <p>Memory is made free before a fault is handled, never inside it (there is no direct reclaim); so no operation has to
 * start again because reclaim took its page.
 *
 * <p>Nothing on a fault path allocates Java objects. Every known departure from Linux is in {@code FIDELITY.md} beside
 * this file.
 */
@NullMarked
package org.cowbench.machine;

import org.jspecify.annotations.NullMarked;
