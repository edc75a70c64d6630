/**
 * Real programs under load in guests: what a kernel's decisions cost a program that people run.
 *
 * <p>An {@link org.cowbench.kernel.app.App} says what it is made of, how it starts and what is asked of it, and is all that
 * is known of a program: a new one is one class and a line in {@link org.cowbench.kernel.app.Apps}.
 * {@link org.cowbench.kernel.app.Program} takes it and the libraries it needs out of Debian's packages, which
 * {@code fetch-packages.sh} fetches into a cache, and the guest has them in its initramfs. The probe
 * ({@code src/main/native/app.c}) starts it in a memory cgroup of its own, plays the loads of a
 * {@link org.cowbench.kernel.app.Plan} and counts; {@link org.cowbench.kernel.app.AppBoot} is what came of one boot, and
 * {@link org.cowbench.kernel.app.AppBench} keeps boots in a result.
 *
 * <h2>The load</h2>
 * The probe is the client, and not the program's own load generator: redis-benchmark seeds its keys by the clock, and has
 * neither a mix nor Zipf's law. Here a load is made from a seed before the boot, so boots of the same number ask
 * the same of every kernel, and boots of another number are another sample. The client is outside the cgroup, locked in
 * memory, and its instructions are not counted. It reads replies of Redis's protocol and of memcached's text protocol, and
 * tells them apart by how they begin ({@code client.c}); what is sent are bytes, which the program's class makes.
 *
 * <h2>What is counted</h2>
 * Instructions are the run time of the program's process on its own clock (the sum that schedstat tells of each thread),
 * for under qemu's instruction clock a nanosecond is an instruction. They hold what the kernel does in its name: faults,
 * and reclaim, which is its own when its cgroup is full. They do not hold its children (a snapshot's), nor what interrupts
 * leave to kernel threads. A process that waits for the disk has no run time: a guest's disk has no speed
 * worth measuring, so what a swap-in costs beyond instructions is told by how many there are. Swap-ins and outs are counted for the whole guest, in which nothing else is short of
 * memory.
 *
 * <p>The limit is a share of what the program uses when it holds all keys, so it is the same share on kernels that account
 * memory differently. {@code vm.page-cluster} is 3, the kernel's default: a swap-in may bring in eight pages. (Scripts
 * have 0.) A snapshot's file goes to the guest's memory and is charged to the program: values that compress well keep it
 * small.
 */
@NullMarked
package org.cowbench.kernel.app;

import org.jspecify.annotations.NullMarked;
