/**
 * What a kernel does with the state in an {@link org.cowbench.arena.PageArena}: faults, fork, exit, reclaim, swap cache,
 * references, LRU batches.
 *
 * <p>{@link org.cowbench.machine.Machine} offers the operations; each runs to its end and returns an
 * {@link org.cowbench.machine.Outcome}. Behind it most classes are named after the file of Linux that does their part:
 * {@code Faults} (mm/memory.c), {@code Fork} (kernel/fork.c), {@code Gup} (mm/gup.c), {@code Reclaim} (mm/vmscan.c),
 * {@code Rmap} (mm/rmap.c), {@code Swap} (mm/swapfile.c and mm/swap_state.c), {@code PageIo} (mm/page_io.c), {@code Lru}
 * (mm/swap.c) and {@code PageAlloc} (mm/page_alloc.c); {@code Mm} holds them. {@code Validator} proves the bookkeeping of any state between operations.
 *
 * <p>Who does an operation is a {@link org.cowbench.machine.Task}: its process, the CPU whose batches are meant, what
 * it saw and what it counted. It is also the {@link org.cowbench.policy.KernelOps} that policies see, and there folio
 * and page have names of their own. Below it both are a frame's number, as every folio is of one page.
 *
 * <p>Where the eras differ the machine asks the policy; it never tests which one it has. What a machine does about
 * time, such as when writeback ends, is in {@link org.cowbench.machine.MachineOptions}.
 *
 * <p>The reverse map is the page's index and the page tables: a page is only ever mapped at its own index (there is no
 * mremap), so its mappings are found by looking at that index in every process, as walking an anon_vma does.
 *
 * <p>Memory is made free before a fault is handled, never inside it (there is no direct reclaim); so no operation has to
 * start again because reclaim took its page.
 *
 * <p>Nothing on a fault path allocates Java objects. Every known departure from Linux is in {@code FIDELITY.md} beside
 * this file.
 */
package org.cowbench.machine;
