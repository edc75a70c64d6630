/**
 * Result directories: what a run leaves behind and how it is read back.
 *
 * <p>A directory {@code results/<label>/} holds three files. {@code jmh.json} is JMH's own format, written by JMH's own
 * writer, so that every other JMH tool reads it. {@code run.json} is {@link org.cowbench.result.RunInfo}: what JMH's
 * format has no place for (commit, seed, schedule, environment, failed forks). {@code histograms.hlog} is an
 * HdrHistogram log, format 1.3, with one line per fork, tagged by benchmark and parameters
 * ({@link org.cowbench.result.Tag}); its values are picoseconds per operation, each the mean of a batch of operations,
 * because one operation is not much longer than the clock's step.
 *
 * <p><b>Never half a file, never half a directory.</b> While a run lasts it owns {@code <label>.partial/}. Every file in
 * it is replaced by writing a temporary file, forcing it to the disk and renaming it, so a reader and a killed run
 * see either the previous state or the next one, never a mixture. When the run ends, or is interrupted, the directory
 * is renamed to {@code <label>/}. A {@code .partial} directory left by a killed run is read as any other; its
 * {@code run.json} says {@code "complete" : false}. Until it says true, files named {@code plan.json} and {@code *.done}
 * lie beside it, with which {@code run --resume} goes on.
 *
 * <p><b>What several machines did.</b> A command deals units, and unit k of its list, from 0, is of share (k mod N) + 1
 * ({@link org.cowbench.result.Shard}). Units are policies of a check, scripts of a comparison with kernels, boots of a
 * program, blocks of a run. Every share makes all random draws of the whole, so that a unit is the same whoever does it. A
 * unit is never split, so whatever is compared with each other is of one machine. A part records all that results depend on
 * and nothing else: version, commit, options that count, digests of kernels and scripts. Parts make a whole if these are
 * equal, none is missing and none is there twice ({@link org.cowbench.result.Parts}). A part is a file, or a result
 * directory, written when all of it was done: a killed share leaves none, and is done again. The whole is what one machine
 * would have made, and is read like it; facts in which the machines differ carry the share's number
 * ({@link org.cowbench.result.SharedFacts}), and the number of machines stays known to whoever judges.
 *
 * <p><b>What is the same.</b> {@link org.cowbench.result.MeasurementKey} is all that JMH tells of what was measured; a
 * name that people read is made of all that is shown together ({@link org.cowbench.result.BenchmarkNames}) and
 * identifies nothing. A key that a file holds twice becomes one measurement when it is read, and the file's notes say
 * which way.
 *
 * <p><b>What names mean.</b> A result spells names of metrics and benchmarks. {@link org.cowbench.result.KnownMetric} has
 * this project's metrics, with unit, words, and whether more is a cost; {@link org.cowbench.result.KnownBenchmark} has
 * what a file does not tell of its benchmarks, {@link org.cowbench.result.Situation} what was done to the pages first, and {@link
 * org.cowbench.result.FolioKind} which large folios they are in.
 * Who writes or reads one names the constant. Names that are not there are read and compared like any other.
 *
 * <p>This package knows nothing of the model, nothing of its policies and nothing of JMH's classes: it must read the
 * oldest directory, a bare JMH JSON of another project, and a run of a kernel, on a machine that can measure none of
 * them. What is missing is absent (an empty map, an empty list), never made up.
 */
@NullMarked
package org.cowbench.result;

import org.jspecify.annotations.NullMarked;
