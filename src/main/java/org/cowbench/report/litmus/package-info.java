/**
 * What scripts saw, from model and kernel alike: one script step by step
 * ({@link org.cowbench.report.litmus.LitmusTable}), many scripts one a line
 * ({@link org.cowbench.report.litmus.LitmusSummary}) or as KTAP ({@link org.cowbench.report.litmus.ScriptKtap}), and what
 * their words and marks mean ({@link org.cowbench.report.litmus.LitmusLegend}). {@link org.cowbench.report.litmus.CowReport}
 * has the kernel's own selftest beside the model.
 */
@NullMarked
package org.cowbench.report.litmus;

import org.jspecify.annotations.NullMarked;
