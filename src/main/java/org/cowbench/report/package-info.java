/**
 * What people read, by reader. No class is here itself; the arrows between the packages point one
 * way and a test holds them:
 * <ul>
 *   <li>{@link org.cowbench.report.chart}: charts, which know nothing of cowbench
 *   <li>{@link org.cowbench.report.text}: tables, numbers and phrases that several readers share
 *   <li>{@link org.cowbench.report.html}: a page for the browser, and its files
 *   <li>{@link org.cowbench.report.check}: what the checker found
 *   <li>{@link org.cowbench.report.litmus}: what scripts saw, from model and kernel alike
 *   <li>{@link org.cowbench.report.kernel}: what accesses cost on real kernels
 *   <li>{@link org.cowbench.report.run}: a run, and benchmarks over many runs
 *   <li>{@link org.cowbench.report.published}: published results beside the model's
 *   <li>{@link org.cowbench.report.compare}: a comparison, in every format
 *   <li>{@link org.cowbench.report.review}: a patch reviewed, in every format
 * </ul>
 *
 * <p>The estimator is stated in every output: a fork's value is the median of its iterations, a cost is the geometric
 * mean of fork values with a 95 % Student t interval on logarithms, and a ratio is the geometric mean of the ratios of
 * forks of one block. With one fork there is no interval, and the output calls itself a look, which is no claim. All
 * output is ASCII (or UTF-8 in SVG, pages, Markdown, CSV and benchstat's format) and the same in every locale.
 */
@NullMarked
package org.cowbench.report;

import org.jspecify.annotations.NullMarked;
