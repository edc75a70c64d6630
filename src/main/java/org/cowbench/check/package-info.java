/**
 * The checker: every sequence of operations over a small scope, on the same {@link org.cowbench.machine.Machine} that
 * the benchmarks measure, against a ghost memory: the values that each process, pipe and pin must see, to which the
 * machine has no access. A move that a script can make is done by the row of {@link org.cowbench.litmus.Op} that does it in
 * a script. What the ghost remembers of the move is written here, independently of that row, because the machine is held
 * to it.
 *
 * <h2>Search</h2>
 * Breadth first, level by level, so the first violation found is a shortest one. The workers share the states of a
 * level (those as many moves from the start); the result does not depend on how many workers there are: where several
 * moves reach the same new state, the one kept is from the parent with the smallest number, and of that parent's the first
 * in the order of {@code Move}; states are numbered in that order at the end of the level. A state is stored as its parent
 * and a move, eight bytes, and made again by replaying its path. Only its 64-bit fingerprint goes into the seen set, off
 * heap.
 *
 * <p>A level is searched in slices. During a slice the seen set is only read. New states, each with its smallest
 * origin, go to a small set that all workers share, and are added to the seen set at the end of the slice. So the seen
 * set needs eight bytes an entry and no atomics, and grows in place ({@link org.cowbench.check.SeenSet}): nothing is
 * ever copied to a larger table. With three quarters of it full a state takes 18.7 bytes, in practice 19 to 22. The
 * bound on the memory counts these; a slice and the workers take a little over 2 MiB more.
 *
 * <p>The search can stop between two slices, and an interruption stops it there. A {@link
 * org.cowbench.check.Checkpoint} lists the states that each slice added, 16 bytes a state. A search that reads it goes
 * on as if it had never stopped, also with other threads or memory. A checkpoint belongs to one scope, policy and
 * commit.
 *
 * <p>{@code Explorer} searches, {@code States} are what it has found, {@code Findings} what is wrong with them. Each
 * worker has a {@code World}, which makes a move, with its {@code Adversary} and the {@code Judge} of what is seen then;
 * the {@code Narrator} makes the moves of a path once more, in the end, and writes them down as a script.
 *
 * <p>Three tests guard the search. The exact numbers of states and transitions are a golden file ({@code VerdictsTest},
 * refreshed by {@code mvn -o test -Dtest=VerdictsTest -Dgolden.refresh=true}): most faults that change no verdict change
 * these numbers. Faults planted in policies, machine and bookkeeping are found ({@code MutationTest}, of large folios
 * {@code LargePlantedTest}). An independent model in TLA+ has the same states ({@code TlcComparisonTest}).
 *
 * <p>{@code check} prints how many transitions a second it made. {@code check --policy v6.11 --refs 2} made 36,117,306
 * in 62 seconds of processor time, on a machine whose cores other programs used as well.
 *
 * <h2>Canonical form</h2>
 * Two states are one when renaming processes, pages, frames, slots, references and values turns one into the other. The
 * order of LRU and free lists and second-chance marks are left out, as they never matter again (pressure here is always
 * on one page), and so are frames that nobody can reach any more. Processes and pages are ordered by what they hold;
 * among equals every order is tried and the smallest fingerprint taken.
 *
 * <p>Leaving out dead frames is an abstraction, not an equality: a dead page that waits in a batch or under writeback
 * still takes up a place in the batch, a frame and a slot, so that swap is half full sooner and the batch is full sooner.
 * States that differ only in this are one state here, and the search goes on from the first of them alone. When slots in
 * use, free frames and the fill of batches were in the fingerprint, the fixpoint scope of v5.9 grew from 85 thousand to 2.1
 * million states, and 32 thousand moves in it ran out of frames (27 thousand in that of always-copy); no verdict of the
 * fixpoint scope changed for any policy. In the same way a pipe or pin whose owner has gone belongs to nobody in particular:
 * the device of one such pin may change what another such reference shows, even if their owners were different processes.
 *
 * <h2>What is no move</h2>
 * Direct reads ({@code dio}). What processes, pipes and pins see after one is what they see after a store and a drain,
 * under every policy that keeps isolation ({@code RandomScriptsTest} compares them): GUP takes the same fault, and the only
 * difference is whether the entry or the page is marked dirty, of which reclaim heeds both. So direct reads would show
 * nothing new and cost one more move in every state. (A policy that breaks isolation does so by a store already; what it
 * shows later may then depend on which is dirty.) A mistake that a kernel makes only in GUP-fast is outside the model;
 * {@code kernel conform} looks for it on kernels.
 *
 * <h2>Properties</h2>
 * See {@link org.cowbench.policy.Property}. They are judged after every move on what each process and each reference
 * <em>would</em> see, not only when a script happens to read it, so the counterexample is the path and one read or peek. After
 * a violation of secrecy or pin-coherence the reference is left alone from then on and the search goes on, so that each
 * property is judged over all states. A path ends only where the ghost memory can no longer say what must be seen:
 * after broken bookkeeping, and after a process saw what another process, or another's device, wrote.
 *
 * <p>A process that sees wrong memory is a violation of isolation, whoever holds a pin. There are two exceptions, which
 * are violations of pin-coherence. One is a device's write that its own process does not see, or that another process
 * sees, at once. The other is a device's write that is lost later, while neither the page nor an entry of it was dirty.
 * Once one is dirty, losing the write is losing a dirty page, as after any store: isolation again.
 *
 * <h2>Large folios</h2>
 * The area may be one large folio of four pages ({@code Scope.folio}). With fewer, no page could have a mark that two others
 * lack; more are not needed, since kernels' rules ask only whether there are several. One of 2 MiB, which a PMD entry may
 * map, is explored with four as well; its scripts have 512, of which the last stands for the last here, and ranges that end
 * with the last page do so in both. The canonical form does not rename the pages of a folio, because their places matter.
 *
 * <p>Not every range is a move: the search would not end. Accesses and references are of the first page and of the last
 * (pins of the last alone): the first is the head page, which some kernels treat differently; any other page is as good as
 * the last. MADV_PAGEOUT is of all, which may keep the folio whole, or of the second half, which may split it. MADV_DONTNEED is of
 * all, of the first page, or of the rest, so that any of them may be the last one mapped. MADV_DONTFORK is of the first
 * page, so that marks of pages differ and the first page's misleads; mprotect is of all. {@code split} and
 * {@code collapse} are moves where a PMD entry may map the folio. There is no {@code move}: no rule reads where a page
 * is. What no range here tells apart, such as what two pages in the middle hold, is not explored.
 *
 * <p>In the canonical form ({@code FolioFingerprint}) a page of a folio that nobody can reach has no content, and it does not
 * matter which of the two owner slots has which owner. The arena has free folios and runs of slots to spare: what happens
 * when there is none depends on what the canonical form leaves out.
 *
 * <p>Beside needless copies one more cost is counted: a copy after which nobody maps the page copied from while its folio
 * is kept by others, so that its memory is held for nothing. A page that a process itself has dropped is not the rule's
 * doing; it counts only in the greatest number of pages held at once.
 *
 * <h2>The adversary</h2>
 * Moves that no process makes: somebody else holds the page lock, takes a passing reference, stalls the swap device (a
 * script has {@code stall}, whose device reads a page only when it goes on), or fills swap; the processes migrate to another
 * CPU. Reports and {@code Scope} call the adversary the environment, as {@code --env} does; at most
 * {@code Scope.environment()} of its moves are in force at once. They are tried last, so that a counterexample without them
 * is found first.
 *
 * <h2>Scripts without a machine</h2>
 * {@link org.cowbench.check.ScriptJudge} holds what a script has seen, on whatever ran it, against the same ghost: it
 * judges real kernels. {@link org.cowbench.check.ScriptSpace} lists every script of a scope, one of each symmetry class,
 * without those that a shorter one stands for. It cannot see a kernel's states, so there are far more scripts than the
 * search has states, and they are shorter.
 *
 * <h2>Several scopes, one judgement</h2>
 * {@link org.cowbench.check.Checker} explores a scope to its fixpoint and wider ones to a depth, and merges: unsafe if
 * any says so, safe if any reached its fixpoint, else safe within the smallest bound. The report names the scope that
 * reached its fixpoint and how far the wider ones were searched: only these have two references at once, and writeback
 * that has not ended. Scopes that have either of these and do reach their fixpoint are for the night:
 * {@code check --policy P --refs 2} and {@code check --policy P --env 1}; of v6.11 they have 2,091,859 and 11,928,121 states,
 * and the same verdicts as the smallest scope.
 *
 * <p>A violation is reported once for each kind: the property, the decision of the last move, and what sees it (process,
 * pipe or pin); {@link org.cowbench.check.KnownCase} gives it the name under which it is known. That no shorter path shows it
 * is only claimed where {@link org.cowbench.check.Violation#shortest()} holds: in a scope with the adversary, a state may
 * first be reached with its help, and the script for the same violation is then longer than necessary.
 *
 * <p>{@link org.cowbench.check.Relative} compares two judgements of the same scopes, case by case. Of each kind only one
 * path is kept, so a case is confirmed by running that path's script under the other rule too. A second case of the same
 * kind, which only a longer path shows, can be missed.
 */
@NullMarked
package org.cowbench.check;

import org.jspecify.annotations.NullMarked;
