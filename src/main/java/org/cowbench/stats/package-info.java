/**
 * Statistics of fork-level data: intervals and ratios.
 *
 * <p>The unit is the fork, never the iteration: iterations of one JVM share its code layout and its frames, so pooling
 * them makes intervals that are far too narrow. A fork gives one value (the median of its iterations), and every
 * interval here is over such values. Work is done on logarithms, because the noise of a time is multiplicative and
 * because ratios then compose; estimates and bounds come back as plain values.
 *
 * <p>Only distributions come from commons-math3; its rank tests are not used (its Mann-Whitney test uses the normal
 * approximation however small the sample).
 */
package org.cowbench.stats;
