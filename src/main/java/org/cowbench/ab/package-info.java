/**
 * Two builds measured in one sitting, so that they can be compared: the {@code ab} command.
 *
 * <p><b>Why.</b> A machine drifts, and the drift between two runs is as large as the effects people argue about. Here
 * the forks of all sides stand in the same blocks. In a block each side runs twice, in a random order and then in the
 * mirrored one (A B C C B A), so that a drift which is linear over the block cancels for every pair of sides and its
 * direction is drawn anew each time.
 *
 * <p><b>A side is a program.</b> {@link org.cowbench.ab.AbBuild} builds each commit in a worktree of its own and keeps
 * the jar. A fork is executed by that jar's own {@code run} (or, for kernels, by {@code kernel bench} on that image),
 * and leaves an ordinary result directory with one fork in it: the contract between two commits is the command line
 * and the result format, both fixed, and no class of one is ever loaded into the other.
 *
 * <p><b>The control</b> is a second copy of the base among the same blocks. Nothing distinguishes it, so when it is
 * called faster or slower than the base, the session is biased and says so.
 *
 * <p><b>Sequential for kernels.</b> A plan may name several numbers of blocks after which all rows are judged: interim
 * analyses, here called looks. The session ends at the first look that decides every score. Looks are fixed before the
 * first fork, and each has an equal part of the level and of the intervals' errors ({@link
 * org.cowbench.stats.Rule#perLook}), so that all together err no more than one would. The results name the looks, so
 * that a later comparison judges by the same parts. The estimate of a session that stopped early is a little too large:
 * chance helped to stop it.
 *
 * <p><b>Resumable.</b> {@link org.cowbench.ab.AbSession} owns a directory {@code results/<label>.ab}: the plan, the
 * jars, and one result directory a finished fork. Whatever ends a session, a signal, a kill or a full disk, the next
 * call goes on where it stopped, after it has ended what the last one left running; the plan, and with it the order and
 * the looks, cannot change. When all forks are there, {@link org.cowbench.ab.AbMerge} joins them into one ordinary
 * result directory a side, and the session's own directory goes. Nothing is decided by a file that may be half written.
 */
@NullMarked
package org.cowbench.ab;

import org.jspecify.annotations.NullMarked;
