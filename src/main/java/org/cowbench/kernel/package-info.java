/**
 * Real kernels: the same scripts that the model runs, in an emulated guest or on this machine.
 *
 * <p>A small C program, the probe ({@code src/main/native}), does the operations in real processes and tells what it
 * saw, a line of JSON a step. It is one program of parts, which {@code probe.c} includes; {@code operations.c} has a row
 * for each operation of the language, in the order of {@link org.cowbench.litmus.Op}.
 * {@link org.cowbench.kernel.ProbeBinary} compiles it on demand;
 * {@link org.cowbench.kernel.KernelImage} finds a bzImage and the modules of its disk in a Debian package or a build
 * tree; {@link org.cowbench.kernel.GuestSession} boots it.
 *
 * <h2>What makes a guest exact</h2>
 * One virtual CPU, software emulation and qemu's instruction-count clock. Results leave by port I/O from user space
 * (the debug console), so that no driver lies between a step and its line and a crash loses none; the first scripts
 * come in the initramfs and later ones by a UART that the probe reads itself, so one boot serves any number of scripts,
 * also those that are made up as answers come in (a shrinker's). An abandoned guest powers itself off.
 *
 * <h2>Two virtual CPUs</h2>
 * On one CPU each switch of processes flushes the TLB, and so hides a flush that is missing. With {@link org.cowbench.kernel.GuestOptions#cpus()} 2 each litmus process has a second thread, on CPU 1,
 * which does what accesses memory or fills LRU batches: reads, writes, references, pageout, and a fork that copies
 * because a page is pinned. CPU 0 does what only changes entries: any other fork, protect, discard, exit, reclaim.
 * So CPU 1's translations are still there, for it is idle between two steps and the kernel then keeps the page
 * tables that were last in use (lazy TLB); and what CPU 0 drains is drained on both, so that every reuse rule finds
 * the references that it finds on one CPU, and nothing more has to be left out of the comparison ({@link
 * org.cowbench.kernel.Exclusion}). At a write to a present page
 * CPU 0 looks before and after, with no switch between: if it still sees the old page, that is a {@linkplain
 * org.cowbench.kernel.Harm#STALE stale translation}. Such a guest goes by the host's clock, not by counted
 * instructions.
 *
 * <h2>What makes a step comparable</h2>
 * The probe has no C library and keeps all it writes in one shared mapping: it causes no fault and
 * puts no page into an LRU batch. {@code pageout} waits until the page's writeback has ended, and leaves it in the batch that the end of writeback
 * puts it in; {@code drain} drains that. {@code vm.page-cluster} is 0: a fault brings in one page. {@code reclaim}
 * works through memory cgroups, one for each allocating step, so it hits one frame however many processes map it.
 * {@code dio} reads a block that the device itself writes into the page; where a kernel would copy from its page
 * cache instead, nothing would be tested, so it is skipped.
 *
 * <h2>This machine</h2>
 * {@link org.cowbench.kernel.HostSession} runs the probe here, and {@link org.cowbench.kernel.HostFault} measures time,
 * as a JMH benchmark; for that the package uses {@code bench}'s recorder, and nothing else of it. What is
 * changed on this machine (a swap file, a sysctl) is undone by a {@link org.cowbench.kernel.Guardian} even when the JVM
 * is killed.
 *
 * <h2>What a kernel says of itself</h2>
 * After each step the probe reads what the kernel has logged (/dev/kmsg, every line at the level of a warning or worse,
 * whatever the console shows), so that a report has its script and step; {@link org.cowbench.kernel.LogFinding} knows
 * which lines say that something is wrong. What is logged late, when a script's processes have ended or work that was put
 * off is done, is reported after the last step or before the next script's first. A kernel that ends takes its script with
 * it and no other: it is booted again for the next. {@link org.cowbench.kernel.Harm} ranks what differs, and a kernel's own
 * word, a torn page or a wrong value counts when it is seen once. So does a page that is left, anonymous, unmapped and not in
 * the swap cache, when a script's processes, pipes and pins have gone: a reference that was leaked.
 *
 * <p>Errors are {@link org.cowbench.kernel.KernelException}s, whose kind is the exit status: a kernel that crashes or
 * hangs is a finding (1), not something that this machine lacks (3). An emulator that a signal ended, one that got no CPU, and a damaged image are not
 * the kernel's doing.
 */
package org.cowbench.kernel;
