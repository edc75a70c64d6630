/**
 * JMH benchmarks of the model, and the runner that owns their schedule.
 *
 * <p><b>One JVM fork is one call of JMH.</b> (A fork here is JMH's: a JVM of its own. The system call is fork(2).)
 * {@link org.cowbench.bench.BenchRunner} asks JMH's own {@code Runner} for exactly one fork, many times, and joins what
 * comes back into JMH's own result objects. That one decision gives everything else: the order is ours (seeded random
 * blocks, so that drift cancels and forks can be paired), the time is ours (a run ends when its {@link
 * org.cowbench.bench.Effort} is spent, and what is left goes to what is known least), results can be saved after any
 * fork, a fork that dies costs that fork and nothing else, progress is known, and the file written at the end is still
 * JMH's own JSON, by JMH's own writer.
 *
 * <p><b>Policies take turns inside a fork</b>: on a shared host noise lasts longer than a fork, and two forks a second
 * apart can differ by a third although they run the same code (see {@link org.cowbench.bench.turns}). Each policy's
 * classes are loaded, profiled and compiled apart, and what comes out reads as if each had had the fork for itself.
 * Working sets that must not fit into a cache are smaller then, because the other policies' pages pass through the cache
 * between two turns. {@code run --separate} gives each a fork of its own, back to back. Policies that are one class are
 * measured once.
 *
 * <p><b>The fork is the unit</b> of every interval, of ratios too: turns of one fork are no independent evidence.
 *
 * <p><b>Time.</b> Scores are JMH's average time over thousands of operations. Distributions come from
 * {@link org.cowbench.bench.HistogramProfiler}: the clock takes about as long as a fault, so batches of faults are
 * timed and the histogram holds the means of batches. JMH's sampling mode is not used: above 20 samples a millisecond
 * its buffer distorts tail and mean.
 *
 * <p><b>What a time consists of.</b> Each row counts its copies, reuses and faults. Where the kernel lets a process
 * count hardware events ({@code PerfEvents}), instructions and misses stand beside them: of operations that run between
 * turns for the counting alone, so that no turn pays for reading counters; of primitives, of whole iterations.
 * {@link org.cowbench.bench.Faults} and {@link org.cowbench.bench.Processes} have the other rows of {@code kernel bench}: the
 * read fault, the read and the write as one operation, the write swap-in, fork(2) and exit a page. The primitives that
 * their sums are made of are those of {@link org.cowbench.bench.WriteAfterRead}, and {@code swapCount}; none stands for the
 * calls themselves, nor for the loops over a process's pages, which are a compare and an add a page.
 *
 * <p>Where it does not, {@link org.cowbench.bench.misses} counts by what the classes themselves access, and never times.
 *
 * <p><b>Scaling</b> ({@link org.cowbench.bench.Scaling}) asks whether a fault gets dearer with memory or with processes,
 * for no other reason than that caches end. It has a suite of its own, no policy, and so no turns: several machines of
 * 4.4 GiB would not fit. A machine that takes at most 1.1 times the data of its frames has a small device and no copy of its
 * metadata to go back to, so each pass itself restores the state it begins with: by fork(2) and exit, or by going round.
 *
 * <p><b>Large folios</b> ({@link org.cowbench.bench.Folios}, {@link org.cowbench.bench.LargeChurn}) are rows of their own
 * in a suite of its own, so that base pages keep their rows and the full suite its time. Their parameter {@code folio} is a
 * {@link org.cowbench.result.FolioKind}. One operation is a folio, so that "one fault for the folio or one a page" is read
 * off the counter of faults; a rotation's warm-up counts pages ({@code TakesTurns.accesses}). No two policies count as one
 * there: v6.15 is v6.11 for base pages only. A policy whose kernels have no folios of a size has no cell for it
 * ({@code Cell.exists}); a table says which those are. The model's exit looks at every entry of a page table, also under a
 * PMD entry: {@code exit} of such a folio is dearer in it, against its fork, than in a kernel.
 *
 * <p><b>What pages are like before they are measured</b> is a {@link org.cowbench.result.Situation}, which {@code Prepared}
 * goes through on a machine; the kernels' lanes go through the same steps.
 *
 * <p><b>A new benchmark is one class</b> with {@code @Benchmark} methods in this package: the catalogue, the full
 * suite, the list and the tests find it through JMH's generated list. It shares forks when the state of its methods
 * implements {@code TakesTurns}.
 */
@NullMarked
package org.cowbench.bench;

import org.jspecify.annotations.NullMarked;
