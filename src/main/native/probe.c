// SPDX-License-Identifier: Apache-2.0
/*
 * The probe: runs litmus scripts in real processes and prints one JSON object a step.
 *
 *   probe [cgroup DIR] [cpu N] [data FILE]     on this machine: requests from standard input, results to standard
 *                                             output; direct reads are of FILE
 *
 * As process 1 of a guest, where the kernel's command line ends in "-- swap DEVICE", it first mounts what it needs, loads
 * /modules/0.ko, /modules/1.ko, ... and swaps to the first disk it finds, all but the last page, which direct reads are
 * of; to zram, if DEVICE is that; or to nothing. There requests come from the file /requests
 * and then from the UART at port 0x2f8, and results go to the debug console at port 0xe9, both by port I/O from user
 * space: no driver lies in between, and what was printed survives a crash.
 *
 * Requests, a line each:
 *   =NAME BYTES            a script of so many bytes follows
 *   bench PAGES STEP...    measures accesses after these steps, see bench() and bench_folios()
 *   fill WORDS             for tests: from now on a write leaves a page torn, filled up to this word
 *   keep                   for tests: the next script's pipes stay open when it has ended
 *   smp                    from now on scripts run on two CPUs, see struct second
 *   file PATH TEXT         for tests: writes the text to a file, such as c to /proc/sysrq-trigger
 *   payload                runs the program that the guest was given along, see payload()
 *   app WORD...            runs a program under load, see app()
 *   settle SECONDS         waits, for what a kernel puts off
 *   quit                   ends the run; a guest powers off
 *
 * One program of parts: each is included below, after what it builds on, and says itself what it is for.
 */
#include "shared.h"
#include "output.c"
#include "text.c"
#include "process.c"
#include "smp.c"
#include "coordinator.c"
#include "pages.c"
#include "reclaim.c"
#include "references.c"
#include "folio.c"
#include "step.c"
#include "device.c"
#include "large.c"
#include "operations.c"
#include "log.c"
#include "counts.c"
#include "script.c"
#include "bench.c"
#include "bench_folio.c"
#include "guest.c"
#include "payload.c"
#include "client.c"
#include "app.c"

/* ------------------------------------------------------------------------------------------------- requests */

/* The next byte of input; -1 at its end. */
static int next_byte(void)
{
	if (S->guest && S->batch < 0) {
		u64 i;

		for (i = 0; !(port_read(PORT_UART + UART_STATUS) & 1); i++)
			if (i == ABANDONED)
				power_off(0);
		return port_read(PORT_UART);
	}
	if (S->input_at == S->input_length) {
		long n = sys3(__NR_read, S->guest ? S->batch : 0, S->input, sizeof(S->input));

		if (n <= 0 && S->guest) {
			sys1(__NR_close, S->batch);
			S->batch = -1;
			return next_byte();
		}
		if (n <= 0)
			return -1;
		S->input_at = 0;
		S->input_length = n;
	}
	return (u8)S->input[S->input_at++];
}

/* Serves one request; 0 when there are no more. */
static int serve(void)
{
	char line[512];
	struct tokens t;
	u64 i = 0, size;
	int byte;

	while ((byte = next_byte()) >= 0 && byte != '\n')
		if (i + 1 < sizeof(line))
			line[i++] = byte;
	line[i] = 0;
	if (byte < 0)
		return 0;
	if (starts(line, "file ") && i + 1 < sizeof(line)) {
		line[i] = '\n'; /* without one the log keeps a message back for what may continue it */
		line[i + 1] = 0;
		for (i = 5; line[i] != '\n' && line[i] != ' '; i++)
			;
		line[i] = 0;
		file_write(line + 5, line + i + 1);
		return 1;
	}
	split(line, &t);
	if (t.count == 2 && t.at[0][0] == '=') {
		size = number_at(t.at[1]);
		if (size > MAX_SCRIPT)
			fatal("the script is too long", 0);
		for (i = 0; i < size; i++)
			S->text[i] = next_byte();
		S->text[size] = 0;
		script(t.at[0] + 1);
		return 1;
	}
	if (t.count > 1 && same(t.at[0], "bench")) {
		if (t.count > 3 && same(t.at[2], "folio"))
			bench_folios(number_at(t.at[1]), &t);
		else
			bench(number_at(t.at[1]), &t);
		return 1;
	}
	if (t.count == 1 && same(t.at[0], "payload")) {
		payload();
		return 1;
	}
	if (t.count > 2 && same(t.at[0], "app")) {
		app(&t);
		return 1;
	}
	if (t.count == 2 && same(t.at[0], "settle")) {
		nap(number_at(t.at[1]) * 1000000);
		return 1;
	}
	if (t.count == 2 && same(t.at[0], "fill")) {
		S->fill = number_at(t.at[1]);
		if (S->fill > PAGE / 8)
			fatal("a page has not so many words", 0);
		return 1;
	}
	if (t.count == 1 && same(t.at[0], "smp")) {
		smp_start();
		return 1;
	}
	if (t.count == 1 && same(t.at[0], "keep")) {
		S->keep = 1;
		return 1;
	}
	if (t.count == 1 && same(t.at[0], "quit"))
		return 0;
	fatal("unknown request", 0);
}

void coordinator(long argc, char **argv) __attribute__((noreturn, used));
void coordinator(long argc, char **argv)
{
	struct new_utsname *uts = (struct new_utsname *)S->buffer;
	long n, bound = 0, first;
	int device, i;

	S->block = -1;
	S->coordinator = sys0(__NR_getpid);
	handle(11, on_segv);
	handle(7, on_segv);
	handle(17, on_child);
	if (S->coordinator == 1) {
		for (n = 1, device = 0; n + 1 < argc; n += 2)
			for (i = 0; same(argv[n], "swap") && i < SWAP_DEVICES; i++)
				if (same(argv[n + 1], swap_devices[i]))
					device = i;
		start_guest(device);
	} else {
		S->swap = active_swap();
		for (n = 1; n + 1 < argc; n += 2) {
			if (same(argv[n], "cgroup"))
				name_copy(S->cgroup, argv[n + 1], sizeof(S->cgroup));
			else if (same(argv[n], "cpu"))
				bound = bind_to(number_at(argv[n + 1]));
			else if (same(argv[n], "data"))
				block_open(argv[n + 1], O_CREAT);
			else
				fatal("usage: probe [cgroup DIR] [cpu N] [data FILE]", 0);
		}
		if (bound < 0)
			fatal("the probe cannot be bound to its CPU", 0);
	}
	n = sys6(__NR_mmap, DUMMY, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (n >= 0)
		n = sys6(__NR_mmap, BALLAST, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (n < 0)
		fatal("mmap failed", n);
	S->fill = PAGE / 8;
	S->gup_test = test_open();
	S->kpageflags = sys3(__NR_open, "/proc/kpageflags", O_RDONLY | O_CLOEXEC, 0);
	if (S->kpageflags < 0)
		fatal("/proc/kpageflags cannot be read: needs root and CONFIG_PROC_PAGE_MONITOR", S->kpageflags);
	S->data_file = sys2(__NR_memfd_create, "cowbench", 0);
	/* a small kernel may have no memfd; a guest's root is its own */
	if (S->data_file < 0 && S->guest)
		S->data_file = sys3(__NR_open, "/data", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (S->data_file < 0)
		fatal("memfd_create failed", S->data_file);
	/* its page exists from now on, so that no step allocates it */
	sys4(__NR_pwrite64, S->data_file, S->buffer, PAGE, 0);

	log_open();
	sys1(__NR_uname, uts);
	put("{\"probe\":\"start\",\"release\":");
	put_json(uts->release);
	put(",\"version\":");
	put_json(uts->version);
	for (n = 0; n < OPERATIONS; n++) {
		if (!operations[n].can)
			continue;
		put(",\"");
		put(operations[n].word);
		put(operations[n].can() ? "\":true" : "\":false");
	}
	put(",\"folios\":[");
	for (n = LEAST_KIB, first = 1; n <= PMD_KIB; n *= 2) {
		if (!has_folios(n))
			continue;
		put(first ? "" : ",");
		put_number(n);
		first = 0;
	}
	put("],\"swap\":\"");
	put(swap_devices[S->swap]);
	put("\"");
	if (S->no_zram) {
		put(",\"nozram\":");
		put_json(S->no_zram + sizeof(UNAVAILABLE ": ") - 1);
	}
	put(",\"largeswap\":");
	put(why_no_swap() ? "false" : "true");
	put(",\"zeropage\":");
	put(has_zero_page() ? "true" : "false");
	put(",\"log\":");
	put(S->log >= 0 ? "true" : "false");
	put("}");
	flush();
	tell_log("boot");
	warm(MAX_PROCESSES);
	while (serve())
		;
	put("{\"probe\":\"done\"}");
	flush();
	power_off(0);
}

static void run(long argc, char **argv) __attribute__((noreturn));
static void run(long argc, char **argv)
{
	long at = sys6(__NR_mmap, SHARED, sizeof(struct shared), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	char *page;

	if (at < 0 && at > -4096)
		for (;;)
			sys1(__NR_exit_group, 3);
	/*
	 * All of it comes into being here, charged to nobody's step: a process that first touched its stack in a step's
	 * cgroup would leave it there for the rest of the boot, for later pressure on that cgroup to swap out.
	 */
	for (page = (char *)SHARED; page < (char *)(S + 1); page += PAGE)
		*(volatile char *)page = 0;
	/* Other pressure, on this machine, does not get at it either, where this may be locked. */
	sys2(__NR_mlock, SHARED, sizeof(struct shared));
	/* from here on the coordinator too runs on shared memory, so that forks leave it nothing to copy */
	__asm__ volatile("mov %0, %%rsp\n"
			 "	xor %%ebp, %%ebp\n"
			 "	call coordinator\n"
			 :
			 : "r"(S->stacks[MAX_PROCESSES] + STACK), "D"(argc), "S"(argv)
			 : "memory");
	__builtin_unreachable();
}

__attribute__((used)) static void entry(long *stack)
{
	run(stack[0], (char **)(stack + 1));
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call entry\n");
