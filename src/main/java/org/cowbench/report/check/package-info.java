/**
 * What the checker found, as text, KTAP and JSON ({@link org.cowbench.report.check.CheckText},
 * {@link org.cowbench.report.check.CheckKtap}, {@link org.cowbench.report.check.CheckJson}), each of the same
 * {@link org.cowbench.report.check.CheckFindings}. Where a base was asked for, they judge what is added to it.
 */
@NullMarked
package org.cowbench.report.check;

import org.jspecify.annotations.NullMarked;
