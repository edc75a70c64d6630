/**
 * Policies measured in turn inside one fork.
 *
 * <p>Noise on a shared machine comes in bursts that last longer than a fork: two forks a second apart can differ by a
 * third although they run the same code. Inside one fork such a burst hits every policy alike, if they take turns of a
 * few milliseconds. {@link org.cowbench.bench.turns.Turns} is one JMH benchmark whose invocation is a
 * <em>rotation</em>: every policy has one turn, in an order that starts elsewhere each time. A rotation is a JMH
 * iteration, so that the ratio of two policies can be taken rotation by rotation. Of a stream, whose parts differ, a pass
 * is one: as many rotations as make it. (Iterations that were parts of a stream with a child and without one had two
 * medians to choose from, and their own median was the one or the other by chance.)
 *
 * <p><b>Profiles stay apart.</b> Code compiled for one policy must not have seen another: each policy is a
 * {@link org.cowbench.bench.turns.Lane} whose classes, the machine's and the arena's among them, come from a class
 * loader of its own ({@link org.cowbench.bench.turns.LaneLoader}). Only {@code Lane} and what the JDK and the libraries
 * have is shared.
 *
 * <p><b>Compiled before anything counts.</b> Compilation is in the foreground and takes longer than a turn, so a number
 * of turns is no warm-up: after a dozen, lanes had done a few thousand operations, and measured rotations read 20 to
 * 1000 times too high. The fork warms up by accesses, until rotations on end have compiled nothing; of a stream then by
 * passes, until one has: what is rare in it made the third pass of every policy half as dear again, in every fork.
 *
 * <p><b>What comes out</b> are ordinary results: {@link org.cowbench.bench.turns.LaneResult} carries each lane's time,
 * operations, histogram and counters of a rotation, and the host makes of them what JMH would have said of a fork of
 * that policy alone, in average time.
 */
@NullMarked
package org.cowbench.bench.turns;

import org.jspecify.annotations.NullMarked;
