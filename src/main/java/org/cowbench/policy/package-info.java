/**
 * The reuse policies: who may reuse an anonymous page on a write fault.
 *
 * <p>{@link org.cowbench.policy.ReusePolicy} is everything in which the eras of Linux differ: the write-protect fault, the
 * swap-in mapping, fork of present and of swap entries, unmapping by reclaim, read-only GUP references, mprotect; and for
 * large folios the write fault where page tables map one and where a PMD entry does, how much a swap fault maps, when a
 * folio is split, what a collapse asks. A hook for large folios whose era has none of its own is the base page's, by
 * which a chain of eras reads for them as it does for base pages. A policy decides; what it needs done (drain this CPU's
 * batches, try to free the swap cache, trylock) it asks of {@link org.cowbench.policy.KernelOps}, which package
 * {@code machine} implements. In it folio and
 * page are two things with two names, as the kernel has them since v5.16; what an era before that asked of a head page
 * is asked of the folio.
 *
 * <p>Each era is a class that extends the one before it and overrides what changed, so that reading down the chain
 * {@code MapCountPolicy (v5.7)}, {@code PageCountPolicy (v5.9)}, {@code SwapCacheAwarePolicy (v5.18)},
 * {@code AnonExclusivePolicy (v5.19)}, {@code WritableSwapInPolicy (v6.11)}, {@code OwnerTrackingPolicy (v6.15)},
 * {@code CachedSwapInPolicy (v7.0)}, {@code FewerDrainsPolicy (v7.3)} is reading the history; v5.8, whose change was taken back, is a side branch
 * ({@code ForcedCowPolicy}). The proposals of January 2022 differ from v5.9 in the
 * write-protect fault alone and extend it.
 *
 * <p><b>A new policy is one class and one line in {@link org.cowbench.policy.Policy}</b>: benchmarks, scripts, reports
 * and tests read that enum. Its decisions are restated as tables in {@code src/test/resources/decisions}, to which
 * {@code DecisionTableTest} holds the class, and {@code KnownCase.of} in package {@code check} names what it violates.
 * The class is stateless: one instance serves every machine. A rule to try out needs none of this:
 * {@link org.cowbench.policy.rule.RulePolicy} takes do_wp_page's test as text and compiles it, for base pages and, if it
 * says so, for those of large folios. Its place in the enum,
 * {@link org.cowbench.policy.Policy#RULE}, is outside {@link org.cowbench.policy.Policy#shipped()}: what is measured or
 * proven of it holds for that text alone, which {@code run.json} records with its verdict. Two policies may have the same
 * rule for base pages and differ for large folios (v6.11 and v6.15): {@link org.cowbench.policy.ReusePolicy#basePageRule}
 * says so, and what measures base pages measures one of them.
 *
 * <p>Rules are restated from the sources and mails that each class names. KSM, mlock and memory cgroups are
 * left out of them because the machine has none (see {@code machine/FIDELITY.md}).
 */
@NullMarked
package org.cowbench.policy;

import org.jspecify.annotations.NullMarked;
