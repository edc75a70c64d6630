/**
 * What the checker found, as text, KTAP and JSON ({@link org.cowbench.report.check.CheckText},
 * {@link org.cowbench.report.check.CheckKtap}, {@link org.cowbench.report.check.CheckJson}), each under the same
 * {@link org.cowbench.report.check.CheckHead}.
 */
package org.cowbench.report.check;
