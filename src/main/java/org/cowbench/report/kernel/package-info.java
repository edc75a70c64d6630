/**
 * What accesses cost on real kernels: a table ({@link org.cowbench.report.kernel.KernelTable}), and a picture from kernel
 * to kernel ({@link org.cowbench.report.kernel.KernelTimelinePlot}). Base pages first; then each kind of large folio for itself,
 * with its faults, and a SKIP with the reason of each kernel that lacks it. What programs cost has tables and a picture of
 * its own ({@link org.cowbench.report.kernel.AppTable}, {@link org.cowbench.report.kernel.AppPlot}). A result of a program is
 * of one kernel, so they show several results side by side, on a page that is no run's.
 */
@NullMarked
package org.cowbench.report.kernel;

import org.jspecify.annotations.NullMarked;
