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
 * On one CPU each switch of processes flushes the TLB, and so hides a flush that is missing. With
 * {@link org.cowbench.kernel.GuestOptions#cpus()} 2 each litmus process has a second thread, on CPU 1, which does what
 * accesses memory or fills LRU batches: reads, writes, references, pageout, and a fork that copies because a page is pinned.
 * CPU 0 does what only changes entries: any other fork, protect, discard, exit, reclaim. CPU 1 keeps its translations: it is
 * idle between two steps, and an idle CPU keeps the page tables that it used last (lazy TLB). A drain on CPU 0 drains both,
 * so that every reuse rule finds the references that it finds on one CPU, and nothing more has to be left out of the
 * comparison ({@link org.cowbench.kernel.Exclusion}). At a write to a present page
 * CPU 0 looks before and after, with no switch between: if it still sees the old page, that is a {@linkplain
 * org.cowbench.kernel.Harm#STALE stale translation}. Such a guest goes by the host's clock, not by counted
 * instructions.
 *
 * <h2>What makes a step comparable</h2>
 * The probe has no C library and keeps all it writes in one shared mapping: it causes no fault and puts no page into an LRU
 * batch. {@code pageout} waits until the page's writeback has ended, and leaves the page in the batch that the end of
 * writeback puts it in; {@code drain} drains that. {@code writeout} and {@code stall} do not wait: they hold the disk
 * ({@code device.c}). {@code vm.page-cluster} is 0: a fault brings in one page. {@code reclaim} works through memory cgroups,
 * one for each allocating step, so it hits one frame however many processes map it. {@code dio} has the device itself write
 * a block into the page; where a kernel would copy from its page cache instead, nothing would be tested, so it is skipped.
 *
 * <h2>Folios</h2>
 * A script that begins {@code folio KIB} has one VMA of that size, aligned to it, advised MADV_HUGEPAGE, so that the first
 * write brings in one folio. The probe looks at folios from outside as it does at pages ({@code folio.c}); what it must
 * know for that:
 * <ul>
 * <li>One size is enabled at a time: 2 MiB in {@code transparent_hugepage/enabled}, always there, because no smaller area
 * has room for one; a smaller size in {@code hugepages-KkB/enabled}, for its script alone. A kernel takes the largest that
 * fits, and only where every entry of the range is none.
 * <li>{@code hugepages-8kB} is there too and gives anonymous memory base pages; the language has no such size.
 * <li>A guest boots with {@code transparent_hugepage=never}, and scripts of base pages find it so: what is set is set by
 * the first script of folios of a boot.
 * <li>By default a read of untouched memory maps the huge zero page, which is no folio of the process: {@code use_zero_page}
 * is set to 0. Then a read brings in a folio of 2 MiB as a write does; where folios are smaller it maps the zero page.
 * <li>khugepaged collapses what a script has split, within a guest's ten seconds, also with {@code khugepaged/defrag} 0. It
 * scans as soon as the first process appears that may interest it, whatever {@code scan_sleep_millisecs} says, and sleeps
 * for that long afterwards: so the sleep is set to 46 days, and the first process is the probe itself, with a bait, before
 * any script. {@code pages_to_scan} 1 limits that one scan.
 * <li>A zero-filled folio is split when memory is short: {@code shrink_underused} is set to 0 (v6.12 and newer).
 * <li>Swap takes a whole folio only on a block device, up to v6.13 (7277433096f6) only on one that does not rotate, which
 * a virtio disk does unless {@code queue/rotational} says 0 before swapon; any zswap splits folios. On other devices
 * {@code pageout} and {@code reclaim} are skipped, because the folio would be split and base pages compared.
 * {@code vm.page-cluster} does not matter to folios.
 * <li>A guest has 640 MiB, with which no folio was ever lacking; where one is, the kernel counts it (thp_fault_fallback) and
 * the step is skipped.
 * <li>A page's folio is found from its frame in /proc/kpageflags: back to the head, then forward over the tails, only to
 * places at which a folio of the size can begin. THP there (bit 22) is set for every large folio of anonymous memory, so it
 * does not tell their sizes.
 * <li>Up to 6.1 a read of pagemap walks on to the end of the page table, and 5.10 may look at all pages of a folio for the
 * flags of one: 512 pages read one by one are 131,328 entries walked, which took most of a run. So what is of several pages
 * is read at once.
 * <li>Whether a PMD entry maps the folio, neither pagemap nor kpageflags says; AnonHugePages of the VMA in smaps does: it is 0
 * for smaller folios and for those that a page table maps.
 * <li>Up to 6.1 the flags dirty, writeback and LRU of a tail are not the folio's: the head is asked.
 * <li>pagemap's bit 56 (exclusive) is not looked at: it is not PageAnonExclusive, and under a PMD entry it is that of the
 * head for all pages, except in 6.12. Nor is kpagecount, an average where CONFIG_NO_PAGE_MAPCOUNT is set. Whether a page is
 * exclusive shows at its next write.
 * <li>The exclusive mark of a swap entry cannot be seen either: writes after swap-in show it.
 * <li>What happens to folios is counted by the kernel, exactly on one CPU: those of 2 MiB in /proc/vmstat, others in
 * {@code hugepages-KkB/stats}. thp_swpin counts nothing and thp_deferred_split_page only 2 MiB; neither is compared.
 * <li>Writeback is waited for, as for base pages, frame by frame: it may have been of a folio or of its parts.
 * <li>A fork takes two or three faults of its own, which are not the area's; faults are compared of accesses only.
 * <li>{@code split} is mprotect to read-only and back of one page: the VMAs merge again, the PMD entry is gone.
 * <li>{@code reclaim} puts pressure on a memory cgroup, which may hold what one step copied of several pages, or the parts of
 * a folio that was split; then it is skipped. What is in swap belongs to no such cgroup any more, so that pressure is skipped
 * too.
 * <li>io_uring may keep one reference for all pages of a folio that it pins, so reference counts are not compared.
 * </ul>
 *
 * <h2>Swap devices</h2>
 * A guest swaps to its disk, to zram, or nowhere: one of these for a whole boot, which the kernel's command line tells the
 * probe behind {@code --}. {@link org.cowbench.kernel.GuestSession} boots anew where a script names another. The disk is
 * always there, for direct reads. zram comes as a module with all that it needs; up to v6.11 its compressor is not among the
 * module's dependencies and is added, and where the kernel's default compressor is missing the probe tries others. A kernel
 * without zram swaps nowhere in such a boot, and {@link org.cowbench.kernel.Exclusion#DEVICE} leaves out the steps that
 * would; asked for by {@code --swap} it is an error. On this machine, and where a pack was run, a script that names no device
 * is compared with a model that has the machine's ({@link org.cowbench.kernel.Capabilities}).
 *
 * <h2>Counters</h2>
 * What a script asks for by {@code count} the probe counts by perf events on kprobes ({@code counts.c}), one for each process
 * and function, so that calls of the coordinator and of kernel threads are left out. They are set up at a process's first
 * access and kept, because setting one up takes longer than a step. vmstat has no such counts (nr_tlb_* needs
 * CONFIG_DEBUG_TLBFLUSH, which Debian leaves off). What is in swap is not known by process: it is compared with what was there
 * before the script. Where a number cannot be had, the line has the reason in its place.
 *
 * <h2>Programs that are not the probe</h2>
 * {@link org.cowbench.kernel.KernelSession#execute} gives a guest a static program along, in the initramfs beside the probe,
 * which starts it and hands on what it prints, a line of JSON a line ({@code payload.c}): boot, swap disk, settings of
 * folios, the kernel's log and what is said of a crash are then those of scripts. The kernel's own selftest of copy-on-write
 * runs so. It has the boot for itself, because it changes the settings.
 *
 * <p>{@link org.cowbench.kernel.KernelSession#serve} gives it a program with its libraries and data, which the probe puts
 * under load ({@code app.c}); package {@link org.cowbench.kernel.app} knows which. {@link org.cowbench.kernel.BootFigure} is
 * what all measurements in guests become in a result.
 *
 * <h2>What folios cost</h2>
 * {@code kernel bench} measures them after all base pages of a boot, for from the first on the kernel is set up for them
 * ({@link org.cowbench.kernel.FolioFigure}, {@code bench_folio.c}):
 * <ul>
 * <li>The area is one VMA of as many folios as {@code --pages} has room for, at least one; it has room for folios of 2 MiB,
 * which a script's has not, so these are switched off while smaller ones are measured.
 * <li>Each folio is looked at in /proc/kpageflags after it was filled. Where one is of another size, or was split as it was
 * swapped out, the kernel has no such figure, with the reason, and zero is never printed for it.
 * <li>Each write is timed as those of base pages are, its floor taken off; a folio's cost is the sum of its pages'.
 * <li>Fork and exit are timed as a whole, by turns with an empty area, whose median is taken off; what is left is divided
 * by the number of folios. Five rounds a boot, each with new folios. A timer tick in one of these rounds is spread over the
 * folios: small figures scatter by some instructions.
 * </ul>
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
 * <h2>A kernel of one's own</h2>
 * {@link org.cowbench.kernel.KernelBuild} runs {@code build-kernel.sh} and keeps no knowledge of it: the script is used by
 * itself too, says what is wrong, and undoes what it did to its build tree when it is told to end.
 *
 * <h2>Without a model of the rule</h2>
 * {@link org.cowbench.kernel.Identification} says which known policy a kernel follows: {@link
 * org.cowbench.kernel.AimedScripts} tell each pair apart, and each pair by three scripts, so that a kernel of another rule
 * does not fit one by chance. {@link org.cowbench.kernel.KernelDiff} holds one kernel against another as {@link
 * org.cowbench.kernel.Conformance} does against the model; only the first difference of a script counts, and a
 * counter only where nothing else differs. {@link
 * org.cowbench.kernel.KernelCheck} needs neither a second kernel nor a model: the checker's ghost memory says what processes,
 * pipes and pins must see ({@link org.cowbench.check.ScriptJudge}); it knows operations and no rule. So the package uses
 * {@code check} for that and for its moves. The ghost is here and not in the probe: the probe's lines say all that a step has
 * seen, and the same ghost, with the same tests, serves checker and kernels. {@link org.cowbench.kernel.CrossCheck} compares
 * what two such checks found: it runs each script of one side on the other, because it is chance which scripts a search
 * comes to in its time.
 *
 * <p>Errors are {@link org.cowbench.kernel.KernelException}s, whose kind is the exit status: a kernel that crashes or
 * hangs is a finding (1), not something that this machine lacks (3). An emulator that a signal ended, one that got no CPU,
 * and a damaged image are not the kernel's doing.
 *
 * <p>{@link org.cowbench.kernel.ScriptPack} takes the probe and scripts to where there is no Java. What {@code run.sh} prints
 * there holds the requests as well as the answers, so that {@link org.cowbench.kernel.RecordedKernel} needs no other file, and
 * results cannot be taken for those of another pack. It is read by the same {@code ProbeSession} as a probe that runs.
 */
@NullMarked
package org.cowbench.kernel;

import org.jspecify.annotations.NullMarked;
