/**
 * How far back the memory lies that an operation of a benchmark touches: misses without hardware counters.
 *
 * <p>The classes that are measured are loaded once more, by {@link org.cowbench.bench.turns.LaneLoader}, and on the way
 * every access to the arena, and to the copy of its metadata, is made a call of
 * {@link org.cowbench.bench.misses.TracedMemory} ({@code Redirection}; an access that it does not know is an error). So what
 * is counted is what the measured code does, by its own bytecode, and the counts are exact: the same everywhere and each time.
 *
 * <p><b>What is counted.</b> Lines of 64 bytes and pages of 4 KiB lie in stacks, what was used last on top. An access misses a
 * capacity if more other lines, or pages, have been used since: it is what a fully associative cache (or TLB) of that size
 * with replacement of the least recently used would miss. A real one misses some more for its sets, and fewer for what it
 * prefetches: lines in a row, as those of a copy, come before they are asked for, lines at random do not. A <em>wait</em> is a
 * stretch from one atomic operation (or full fence) to the next in which any line is missed: the processor does not begin
 * one before all loads and stores in front of it are done, so misses of two stretches never overlap. In one stretch they may.
 *
 * <p><b>What is not.</b> The Java heap (the order of pages, counters, the histogram, some lines that are used at every
 * operation), code, and what a TLB miss itself reads.
 *
 * <p>Pages are counted of 4 KiB although the arena asks for huge ones: a guest's huge page is in a TLB as pieces of the size
 * of its host's pages, and the counts of a bare machine are a part of these.
 */
@NullMarked
package org.cowbench.bench.misses;

import org.jspecify.annotations.NullMarked;
