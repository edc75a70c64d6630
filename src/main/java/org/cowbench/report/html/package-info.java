/**
 * A page for the browser, whatever it shows: its elements ({@link org.cowbench.report.html.HtmlPage}), its looks
 * ({@code page.css}), and its files beside the pictures ({@link org.cowbench.report.html.PageFiles}).
 *
 * <p>A page shows title, notes and panels of each plot as parts that flow to the width of the screen or the paper, and
 * numbers in tables too, since a phone and paper have no pointer. Pages are well-formed XML, and tests read every number
 * of them back.
 */
@NullMarked
package org.cowbench.report.html;

import org.jspecify.annotations.NullMarked;
