/**
 * A comparison as people and programs read it: one writer a format
 * ({@link org.cowbench.report.compare.CompareFormat}), plots and a page
 * ({@link org.cowbench.report.compare.HtmlComparison}).
 *
 * <p>It comes judged from {@link org.cowbench.compare}, whose reasons are types. Their sentences are made once, in
 * {@link org.cowbench.report.compare.CompareWording}, from which all formats and pages take them.
 */
@NullMarked
package org.cowbench.report.compare;

import org.jspecify.annotations.NullMarked;
