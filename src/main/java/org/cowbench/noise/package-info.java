/**
 * What disturbs a measurement: looked for before it, measured around every fork.
 *
 * <p>{@link org.cowbench.noise.Doctor} reads what the machine is set to and says what would make numbers lie, each with
 * its remedy; it changes nothing. {@link org.cowbench.noise.NoiseMeter} brackets a fork: it takes the kernel's own
 * accounts before and after (time stolen by the hypervisor, CPU time of everybody else, pressure stalls, swapping,
 * thermal throttling) and between forks times a fixed piece of work that has nothing to do with what is measured. When
 * that work takes longer, the machine has changed and not the benchmark.
 *
 * <p>Nothing here decides about numbers. A disturbed fork is named and counted, never dropped: dropping what looks bad
 * is how a measurement is bent. The statistics that follow stand some disturbed forks, and refuse when there are many.
 *
 * <p>{@link org.cowbench.noise.MeasurementLock} keeps two runs apart, whoever started them and wherever their temporary
 * files go.
 *
 * <p>Everything is read from files below a root, so that tests put a made-up machine there. What a kernel or a
 * container does not offer is NaN, never zero.
 */
@NullMarked
package org.cowbench.noise;

import org.jspecify.annotations.NullMarked;
