/**
 * Numbers that kernel engineers have published about reuse and copy, and the same done in the model: what
 * {@code run --suite published} shows.
 *
 * <h2>Design</h2>
 * <ul>
 *   <li>{@link org.cowbench.published.Publication}: a row a published result. It names two policies, does the same to a
 *       machine of each, and has one {@link org.cowbench.published.Effect}, a number that the publication has too. A new
 *       row is one constant, and its words in {@code PublishedWording}.
 *   <li>{@link org.cowbench.published.Account}: what a machine did, by {@link org.cowbench.published.Price}: faults, pages
 *       read and written, copies, pages zeroed, drains, flushes, entries of fork(2). It is filled from the machine's own
 *       counters, which are exact: the same in every run, on every computer.
 *   <li>{@link org.cowbench.published.Profile}: nanoseconds for one of each, every one with its source. A file that people
 *       edit; three come along.
 *   <li>{@link org.cowbench.published.PublishedResult}: the rows at three scales, beside what committed results of real
 *       kernels say.
 * </ul>
 *
 * <p><b>Two kinds of rows.</b> Where the publication counts (copies, faults, drains) so does the row: no price has a
 * part in it. Where it is a rate or a time, the account is priced. Prices are added: one thing is done after the other, and nothing
 * overlaps. A rate of this kind is <em>modelled</em> and is called so wherever it is shown; it is no measurement, and
 * never stands beside a measured figure in one column. What {@code --label} keeps of it is a file of its own, which
 * {@code compare} and {@code plot} do not know. A price never comes from the
 * publication that it is to explain.
 *
 * <p><b>Scale.</b> Each row is done three times, twice as large each time, and says which part of the published size the
 * largest is. What a row says of a machine that is thousands of times as large rests on its effect not moving with the
 * size, so the three stand side by side; a test holds them within a band.
 *
 * <p><b>Nothing is fitted.</b> Sizes, shares and mixes are the publication's where it has them, else a sentence says what
 * was taken. Where model and publication differ the row says why, by its own counts.
 */
@NullMarked
package org.cowbench.published;

import org.jspecify.annotations.NullMarked;
