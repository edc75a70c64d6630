/**
 * Which pages a process accesses, in which order: streams drawn before a measurement, so that the measured loop reads
 * an array and nothing else.
 */
package org.cowbench.workload;
