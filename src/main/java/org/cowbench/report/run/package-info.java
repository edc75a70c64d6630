/**
 * A run as people read it: the text table at its end, plots and a page; and benchmarks over many runs.
 *
 * <p>{@link org.cowbench.report.run.RunView} arranges a result once (blocks of policies in their fixed order, cost with
 * interval, ratio paired by block, counters per operation); tables and plots only show it, so they cannot disagree.
 * Without a policy a block is a primitive; what {@link org.cowbench.result.KnownBenchmark} calls churn is that, and any
 * other is a cost of an operation. A new benchmark therefore appears here by itself, and a new policy by its line in the
 * enum. Costs of large folios are counted per folio, with their faults, and sizes that a policy's kernels lack are named.
 *
 * <p>Safety is shown relative to a kernel ({@link org.cowbench.check.Relative}): every kernel violates something, and a
 * column in which all do says nothing. The absolute verdict stands in the page's table of verdicts.
 *
 * <p>A plot is one class that implements {@code Plot} and one line in {@link org.cowbench.report.run.Plots}; it says
 * which panels it has and paints them with {@link org.cowbench.report.chart}. A policy has the same colour, dash and
 * marker in every plot, taken from its place in the enum. Every mark says its numbers under the pointer.
 */
@NullMarked
package org.cowbench.report.run;

import org.jspecify.annotations.NullMarked;
