/**
 * Two sides compared: what belongs together, what is said of it, and whether it may be believed. Values and types only:
 * what people read is made of them in {@code org.cowbench.report}, and nothing reads that back.
 *
 * <p><b>One way through.</b> {@link org.cowbench.compare.ComparisonBuilder} reads the forks of each side
 * ({@code Series}, {@code Histograms}), lets in what a {@link org.cowbench.compare.RowFilter} wants, matches
 * measurements by their key ({@code Matching}), lays their forks beside each other ({@code Pairing}, which makes one
 * {@code Draft} of each metric), tests each family ({@code Tested}), and judges ({@code Judge}). A
 * {@link org.cowbench.compare.Comparison} is judged once. What is made of it afterwards uses all judged rows, whether
 * they are shown or not: {@link org.cowbench.compare.Gate} (which passes only what was judged),
 * {@link org.cowbench.compare.VerdictCounts} and {@link org.cowbench.compare.GeometricMean};
 * {@link org.cowbench.compare.CompareView} only chooses and orders what is shown.
 *
 * <p><b>The unit of an interval</b> is the fork, of which the median of its iterations counts; iterations inside a
 * single fork are described ({@link org.cowbench.compare.Comparison.WithinFork}) and never judged. Forks of two runs of
 * one {@link org.cowbench.compare.Session}, or of one run, are paired by block of the schedule, so that drift cancels:
 * then the unit is the block. Where there are too few blocks for ranks to reach the level, it is the pair: a block's forks
 * of either side, in the order in which they ran. Separate runs are compared fork by fork, and whatever changed between them is part of
 * every difference of times. Counts do not drift; one that is the same in all forks of a side (two or more) is exact and is
 * compared as it is. {@link org.cowbench.stats} says which tests, and why ranks.
 *
 * <p><b>The machine is a stratum.</b> Where several machines executed blocks of a run
 * ({@link org.cowbench.result.Environment#SHARDS}), a pair is of one machine because a block is, and what machines differ by
 * is taken out before blocks are tested ({@link org.cowbench.stats.Strata}): the estimate is the mean of the machines', each
 * weighted by its blocks. With fewer than three blocks on a machine, machines are part of what varies. Two separate runs of
 * several machines are compared fork by fork like any other two: there the machines are part of what varies, too.
 *
 * <p><b>Families.</b> Scores are corrected by Holm, because a single called score is quoted by itself; percentiles and
 * metrics, of which there are many, by Benjamini and Hochberg. Paired and unpaired rows are families of their own. A
 * filter is fixed before the data are seen, so the correction is for what it lets in. Several heads are comparisons of
 * their own at the level divided by their number (Bonferroni among heads, Holm within): nothing of one depends on what
 * the others show.
 *
 * <p><b>Looks.</b> Where a session was judged while it grew (each time is a <i>look</i>), each planned look has its part of all errors
 * ({@link org.cowbench.stats.Rule#perLook}). The results name the looks, so whoever compares them later judges by the
 * same parts.
 *
 * <p><b>What is not believed.</b> Of a session whose control (a second copy of its base among the same blocks) is called
 * faster or slower, nothing is called. A row gives no number, and a {@link org.cowbench.compare.Remark.TooNoisy} says why, if
 * more than half of a side's forks were disturbed by other load; if more than a fifth of them are far off the side's median,
 * unless the row is decided and no fork of one side lies among the other's (as with a benchmark that has two modes, both of
 * them faster); if its interval has no bound; or if the interval is so wide that no number of blocks would decide. A run that
 * was interrupted, has failed forks or local changes, and facts by which the environments differ, are told as
 * {@link org.cowbench.compare.Warning} and {@link org.cowbench.compare.Comparison.Difference}. How often the judge errs is
 * measured by {@code ErrorRatesTest} on drawn data and by {@code UnpairedRatesTest} on this project's kept runs.
 */
@NullMarked
package org.cowbench.compare;

import org.jspecify.annotations.NullMarked;
