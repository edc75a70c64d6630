/**
 * What several readers share of plain text: columns ({@link org.cowbench.report.text.TextTable}), how a change is written
 * ({@link org.cowbench.report.text.CompareNumbers}), phrases ({@link org.cowbench.report.text.Wording}), and for programs
 * KTAP ({@link org.cowbench.report.text.Ktap}) and JSON ({@link org.cowbench.report.text.JsonText}). What only one reader
 * says stands with that reader.
 */
@NullMarked
package org.cowbench.report.text;

import org.jspecify.annotations.NullMarked;
