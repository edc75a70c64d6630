/**
 * Published numbers beside the model's: as a table ({@link org.cowbench.report.published.PublishedTable}) and as JSON
 * ({@link org.cowbench.report.published.PublishedJson}). What is said of a publication in words is {@code
 * PublishedWording}'s, so that both say the same. What prices have a part in is called modelled in each.
 */
@NullMarked
package org.cowbench.report.published;

import org.jspecify.annotations.NullMarked;
