/**
 * What accesses cost on real kernels: a table ({@link org.cowbench.report.kernel.KernelTable}), and a picture from kernel
 * to kernel ({@link org.cowbench.report.kernel.KernelTimeline}).
 */
package org.cowbench.report.kernel;
