/**
 * What people read: the text table at the end of a run, and plots; and what the checker found, as text, KTAP and JSON
 * ({@link org.cowbench.report.CheckText}, {@link org.cowbench.report.CheckKtap},
 * {@link org.cowbench.report.CheckJson}).
 *
 * <p>{@link org.cowbench.report.RunView} arranges a result once (blocks of policies in their fixed order, cost with
 * interval, ratio paired by block, counters per operation); tables and plots only show it, so they cannot disagree.
 * Without a policy a block is a primitive; what {@link org.cowbench.result.KnownBenchmark} calls churn is that, and any
 * other is a cost of an operation. A new benchmark therefore appears here by itself, and a new policy by its line in the
 * enum.
 *
 * <p>A plot is one class implementing {@link org.cowbench.report.Plot} and one line in
 * {@link org.cowbench.report.Plots}; it says which panels it has and paints them with
 * {@link org.cowbench.report.chart}, which knows nothing of this package. A policy has the same colour, dash and marker
 * in every plot, taken from its place in the enum. Every mark says its numbers under the pointer.
 *
 * <p>A page ({@code HtmlRun}, {@code HtmlComparison}, {@code HtmlTrend}) shows title, notes and panels of each plot as
 * parts that flow to the width of the screen or the paper; scores, percentiles and counters stand in tables too, since
 * a phone and paper have no pointer. Pages are well-formed XML, and tests read every number of them back.
 *
 * <p>A comparison comes judged from {@link org.cowbench.compare}, whose reasons are types. Their sentences are made once,
 * in {@link org.cowbench.report.CompareWording}, from which all formats and pages take them.
 *
 * <p>The estimator is stated in every output: a fork's value is the median of its iterations, a cost is the geometric
 * mean of fork values with a 95 % Student t interval on logarithms, and a ratio is the geometric mean of the ratios of
 * forks of one block. With one fork there is no interval, and the output calls itself a look, which is no claim. All
 * output is ASCII (or UTF-8 in SVG, pages, Markdown, CSV and benchstat's format) and the same in every locale.
 */
package org.cowbench.report;
