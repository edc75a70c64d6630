/**
 * The checker: every operation sequence over a small scope, on the same {@link org.cowbench.machine.Machine} that the
 * benchmarks measure, against a ghost memory that the machine never sees.
 *
 * <h2>Search</h2>
 * Breadth first, level by level, so the first violation found is a shortest one. A level's states are split between the
 * workers; the outcome does not depend on how many there are: of all moves that reach a new state the smallest (parent,
 * move) wins, and states are numbered in that order when the level is done. A state is kept as its parent and a move,
 * eight bytes, and made again by replaying its path; only its 64-bit fingerprint goes into the seen set, off heap.
 *
 * <p>A level is searched in slices. Meanwhile the seen set is only read; what a slice finds is gathered, with the
 * smallest origin of each, in a small set that all workers share, and taken over when the slice is done. So the seen set
 * needs eight bytes an entry and no atomics, and grows in place ({@link org.cowbench.check.SeenSet}): with three quarters
 * of it full a state takes 18.7 bytes, in practice 19 to 22, at every moment, as nothing is ever copied to a larger
 * table. The bound on the memory counts these; a slice and the workers take 2 MiB and a little more besides.
 *
 * <p>Between two slices the search is in a state that can be left: an interruption ends it there, and a {@link
 * org.cowbench.check.Checkpoint} is the list of what each slice added, 16 bytes a state, which reading again makes the
 * same search of, whatever the threads or the memory. It is bound to the scope, the policy and the commit.
 *
 * <p>What keeps the proof: how many states and transitions searches have, to the last one, is a golden file
 * ({@code SizesTest}; refreshed by {@code mvn -o test -Dtest=SizesTest -Dgolden.refresh=true}), since most faults that
 * change no verdict change these; faults planted in policies, machine and bookkeeping are found ({@code MutationTest});
 * and a model written on its own in TLA+ has the same states ({@code TlcComparisonTest}).
 *
 * <p>{@code check} says how many transitions a second it made; {@code check --policy v6.11 --refs 2} made 36,117,306 in 62
 * seconds of processor time on a machine whose cores others kept busy too.
 *
 * <h2>Canonical form</h2>
 * Two states are one when renaming processes, pages, frames, slots, references and values turns one into the other. The
 * order of LRU and free lists and second-chance marks are left out, as they never matter again (pressure here is always
 * on one page), and so are frames that nobody can reach any more. Processes and pages are ordered by what they hold;
 * among equals every order is tried and the smallest fingerprint taken.
 *
 * <p>Leaving out dead frames is an abstraction, not an equality: a dead page that waits in a batch or under writeback
 * keeps a place there, a frame and a slot, so that swap is past half sooner and a batch full sooner. States that differ
 * in that alone are one here, and only the first of them is continued. With slots in use, free frames and the fill of
 * batches in the fingerprint, the fixpoint scope of v5.9 grew from 85 thousand to 2.1 million states, and 32 thousand
 * moves in it found no frame (27 thousand in that of always-copy); no verdict of the fixpoint scope changed for any
 * policy. In the same way a pipe or pin whose owner has gone belongs to nobody in particular, and the device of one
 * such pin may change what another such reference shows, even if their owners were different processes.
 *
 * <h2>What is no move</h2>
 * Direct reads ({@code dio}). What processes, pipes and pins see after one is what they see after a store and a drain,
 * under every policy that keeps isolation ({@code RandomScriptsTest} compares them): GUP takes the same fault, and the
 * two differ in which of entry and page is dirty, of which reclaim asks for either. So nothing is shown by it that is
 * not shown without, and it would be one move more in every state. (A policy that breaks isolation does so by a store
 * already; what it shows later may then depend on which is dirty.) What a kernel may do wrong on that way alone, in GUP-fast,
 * is not in the model but in kernels, where {@code kernel conform} looks for it.
 *
 * <h2>Properties</h2>
 * See {@link org.cowbench.policy.Property}. They are judged after every move on what each process and each reference
 * <em>would</em> see, not only when a script happens to look, so the witness is the path and one look. After a
 * violation of secrecy or pin-coherence the reference is left alone from then on and the search goes on, so that each
 * property is judged over all states. A path ends only where no ghost can say any more what must be seen: broken
 * bookkeeping, and a process that sees what another process, or another's device, wrote.
 *
 * <p>Wrong memory is isolation's, whoever holds a pin, with two exceptions, which are pin-coherence's: a device's write
 * just made that its process does not see or somebody else does, and one that is lost later. Lost for the pin's sake is
 * what nothing but the content of a page in the swap cache told of: once the page or an entry of it is dirty, losing it
 * is losing a dirty page, as after any store.
 *
 * <h2>Environment</h2>
 * Moves that no script can make: somebody else holds the page lock, takes a passing reference, stalls the swap device,
 * fills swap; the processes migrate to another CPU. At most {@code Scope.environment()} are in force at once. They are
 * tried last, so that a witness that needs none is found first.
 *
 * <h2>Several scopes, one judgement</h2>
 * {@link org.cowbench.check.Checker} explores a scope to its fixpoint and wider ones to a depth, and merges: unsafe if
 * any says so, safe if any reached its fixpoint, else within the smallest bound. Safe names that scope and how far the
 * wider ones were tried: two references at once, and writeback that has not ended, occur in those alone. Scopes that
 * hold the one or the other and close are for the night: {@code check --policy P --refs 2} and {@code check --policy P
 * --env 1}; of v6.11 they have 2,091,859 and 11,928,121 states, and the same verdicts as the smallest scope.
 *
 * <p>A violation is told once for each property, decision of the last move and kind of witness; {@link
 * org.cowbench.check.KnownCase} gives it the name under which it is known. That no shorter path shows it is only
 * claimed where {@link org.cowbench.check.Violation#shortest()} holds: in a scope with an environment, a state may
 * first be reached with its help, and a script for the same be longer than need be.
 */
package org.cowbench.check;
