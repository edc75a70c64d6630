/**
 * What several readers share of plain text: columns ({@link org.cowbench.report.text.TextTable}), how a change is written
 * ({@link org.cowbench.report.text.CompareNumbers}), and phrases ({@link org.cowbench.report.text.Wording}). What only
 * one reader says stands with that reader.
 */
@NullMarked
package org.cowbench.report.text;

import org.jspecify.annotations.NullMarked;
