/**
 * JMH benchmarks of the model, and the runner that owns their schedule.
 *
 * <p><b>One fork is one call of JMH.</b> {@link org.cowbench.bench.BenchRunner} asks JMH's own {@code Runner} for
 * exactly one fork of exactly one {@link org.cowbench.bench.Cell} (a benchmark with one value for each parameter), many
 * times, and joins what comes back into JMH's own result objects. That one decision gives everything else: the order is
 * ours (policies interleaved in seeded random blocks, so that drift cancels and forks can be paired), results can be
 * saved after any fork, a fork that dies costs that fork and nothing else, progress is known exactly, and the file
 * written at the end is still JMH's own JSON, by JMH's own writer.
 *
 * <p><b>A run that ended early goes on.</b> Until it is complete its directory holds its plan and what each fork delivered
 * ({@link org.cowbench.bench.UnfinishedRun}); one that goes on takes these in as it takes in forks of its own, so there is
 * one way from forks to a result.
 *
 * <p><b>The fork is the unit.</b> Policies are a parameter, so each is measured in its own JVM with its own profile;
 * no benchmark method ever sees two policies.
 *
 * <p><b>Time.</b> Scores are JMH's average time over thousands of operations. Distributions come from
 * {@link org.cowbench.bench.HistogramProfiler}: the clock takes about as long as a fault, so batches of faults are
 * timed and the histogram holds the means of batches. JMH's sampling mode is not used: above 20 samples a millisecond
 * its buffer distorts tail and mean.
 *
 * <p><b>A new benchmark is one class</b> with {@code @Benchmark} methods in this package: the catalogue, the full suite,
 * the list and the tests find it through JMH's generated list.
 */
package org.cowbench.bench;
