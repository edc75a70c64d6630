/**
 * Statistics of fork-level data: intervals, ratios, tests, and the rule by which a difference is called.
 *
 * <p>The unit is the fork, never the iteration: iterations of one JVM share its code layout and its frames, so pooling
 * them makes intervals that are far too narrow. A fork gives one value (the median of its iterations), and every
 * interval here is over such values. Work is done on logarithms, because the noise of a time is multiplicative and
 * because ratios then compose; estimates and bounds come back as plain values, except in
 * {@link org.cowbench.stats.Effect}, which says so.
 *
 * <p><b>Paired first.</b> Forks of two sides that were interleaved in blocks are compared block by block:
 * {@link org.cowbench.stats.SignedRank} (exact, with the Hodges-Lehmann estimate) where there are enough blocks for
 * ranks to reach the level, Student's t where there are not. Ranks, because on a shared machine some forks are hit by a
 * neighbour: with a tenth of the forks disturbed the t test loses most of its power and the signed-rank test little of
 * it. Forks of two separate runs are compared by {@link org.cowbench.stats.Fieller}; drift between the runs is then
 * part of the difference, and reports must say so.
 *
 * <p><b>Strata.</b> Pairs of several machines are moved to their machines' mean before they are tested
 * ({@link org.cowbench.stats.Strata}): Student's t then has one degree of freedom fewer for each machine, and before ranks
 * are taken each machine's deviations are stretched by as much as taking off their own centre has shrunk them. Ranks taken
 * within strata, with their sums added, would be exact for the hypothesis that no machine has an effect; but the interval
 * that follows from them covers everything between machines whose effects differ, which is no estimate.
 *
 * <p><b>Three outcomes, one bound.</b> {@link org.cowbench.stats.Rule} calls a difference when it is significant after
 * correction for all rows and lies beyond a bound; sameness when it is shown to lie within the bound; and otherwise
 * says how many blocks would decide. Where data are looked at while they grow, each look has its part of all errors.
 *
 * <p>Only distributions come from commons-math3; its rank tests are not used (its Mann-Whitney test uses the normal
 * approximation however small the sample). Everything is checked against tables computed by R, which the test
 * resources hold together with the commands that made them.
 */
@NullMarked
package org.cowbench.stats;

import org.jspecify.annotations.NullMarked;
