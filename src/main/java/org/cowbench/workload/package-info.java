/**
 * Which pages a process accesses, in which order. A stream is drawn or read before a measurement, so that the measured
 * loop reads an array and nothing else.
 *
 * <h2>Driving a stream</h2>
 * A driver maps {@link org.cowbench.workload.AccessStream#pages() pages()} pages and writes each once, so that every
 * page has a frame or a swap slot, then runs the codes over and over:
 * <pre>{@code
 * int code = codes[i];                      // AccessStream.toArray(), taken once
 * if (code >= 0) {                          // the only test, and none where hasChildren() is false
 *     access(PARENT, code >> 1, (code & 1) != 0);
 * } else if (code == AccessStream.FORK) {
 *     fork(PARENT, CHILD);
 * } else if (code == AccessStream.EXIT) {
 *     exit(CHILD);
 * } else {
 *     access(CHILD, AccessStream.page(code), AccessStream.isWrite(code));
 * }
 * }</pre>
 * A pass begins and ends without a child, so passes follow each other without a reset. A driver that works in batches
 * may stop at any code; a child alive then stays alive until the next batch.
 *
 * <h2>Streams</h2>
 * {@link org.cowbench.workload.Streams} names them. The synthetic ones are independent draws: they bound the effect of
 * locality from below (uniform) and give the usual skew (zipf), and nothing in them depends on what happened before. A
 * real program is different: a request walks from table to entry to key to value, reads before it writes, and returns
 * to a few dozen pages all the time. Only a recording has that, hence {@code REDIS}.
 * A new stream is one constant of the enum, and for a recording one trace file and its facts.
 *
 * <p>{@link org.cowbench.workload.SyntheticStreams#keyValue} is none of the enum's, because a request is no access: it draws
 * what memtier_benchmark asks of redis, and package {@code published} replays it for the published figures.
 *
 * <h2>The recording</h2>
 * {@code src/main/scripts/record-redis.sh} runs redis-server under valgrind's lackey, which prints every load and
 * store, and {@link org.cowbench.workload.TraceEncoder} reduces them while they come;
 * {@link org.cowbench.workload.TraceFormat} holds the file. Versions, commands, sizes and the date stand in
 * {@code redis.facts.txt} beside the trace, which the tests hold against it. The load phase is not recorded: a pass is
 * steady state from its first access, and a driver's own first write of every page takes the place of loading.
 *
 * <p>Kept: every data access of the process to memory it can write - heap, mappings, static data, stacks - by its kind.
 * Left out by the rule in {@link org.cowbench.workload.TraceEncoder}: repeats within a window of kept accesses. A
 * page's place in an exact LRU order is therefore off by at most that window, which is a small part of the footprint;
 * a model that evicts pages within so few accesses must not be driven by this trace.
 *
 * <p>What is lost, and matters to whom:
 * <ul>
 * <li>time: how long the process computes or waits between accesses, hence any rate, and overlap with writeback;</li>
 * <li>accesses that hit a page in recent use: the trace says nothing of hit cost, TLB or cache misses; its read share
 *     is that of kept accesses;</li>
 * <li>after a fork, a repeat that the window left out: the first write to a page in constant use comes up to a window
 *     of accesses late;</li>
 * <li>what the kernel reads and writes for the process in system calls, as the bytes that {@code read(2)} puts into a
 *     query buffer: lackey sees user mode only;</li>
 * <li>empty space between mappings: pages are numbered densely in address order, so neighbours within a mapping stay
 *     neighbours unless a page between them was never accessed, but mappings touch;</li>
 * <li>pages that the process loaded and never accessed again: the footprint is that of the recording;</li>
 * <li>processor dependence: lackey runs threads one at a time and slows the process by two orders of magnitude, so that
 *     timers fire more often a request than in life; the server's timer ran at its slowest (1 Hz) to make up for
 *     it.</li>
 * </ul>
 * {@code SNAPSHOT} adds saves to the recorded accesses. They are modelled, not recorded: a real child walks the key
 * space rather than the address space, and a real parent takes care to write less while a child lives.
 */
@NullMarked
package org.cowbench.workload;

import org.jspecify.annotations.NullMarked;
