/**
 * What accesses cost on real kernels: a table ({@link org.cowbench.report.kernel.KernelTable}), and a picture from kernel
 * to kernel ({@link org.cowbench.report.kernel.KernelTimeline}). Base pages first; then each kind of large folio for itself,
 * with its faults, and a SKIP with the reason of each kernel that lacks it.
 */
@NullMarked
package org.cowbench.report.kernel;

import org.jspecify.annotations.NullMarked;
