// SPDX-License-Identifier: Apache-2.0
/*
 * The probe: runs litmus scripts in real processes and prints one JSON object a step.
 *
 *   probe [cgroup DIR] [cpu N] [data FILE]     on this machine: requests from standard input, results to standard
 *                                             output; direct reads are of FILE
 *
 * As process 1 of a guest it first mounts what it needs, loads /modules/0.ko, /modules/1.ko, ... and takes the first
 * disk it finds as swap, all but the last page, which direct reads are of. There requests come from the file /requests and then from the UART at port 0x2f8, and results
 * go to the debug console at port 0xe9, both by port I/O from user space: no driver lies in between, and what was
 * printed survives a crash.
 *
 * Requests, a line each:
 *   =NAME BYTES            a script of so many bytes follows
 *   bench PAGES STEP...    measures accesses after these steps, see bench()
 *   fill WORDS             for tests: from now on a write leaves a page torn, filled up to this word
 *   keep                   for tests: the next script's pipes stay open when it has ended
 *   smp                    from now on scripts run on two CPUs, see struct second
 *   file PATH TEXT         for tests: writes the text to a file, such as c to /proc/sysrq-trigger
 *   quit                   ends the run; a guest powers off
 *
 * One coordinator orders everything. Each litmus process is a real process that sleeps on a futex until the
 * coordinator hands it an operation, so that one step runs at a time. The coordinator reads the acting process's
 * PTE (/proc/PID/pagemap) and faults (/proc/PID/stat) before and after the step, from outside.
 *
 * What a litmus process writes, apart from the area under test, lies in one shared mapping (struct shared, at a
 * fixed address): stacks, commands, buffers. A fork therefore leaves the probe with nothing to copy on write, and no
 * step allocates an anonymous page of the probe's own. That matters twice over: the faults counted are those of the
 * step alone, and the CPU's LRU batches, whose references decide some reuse rules, hold pages under test only.
 */
#include "sys.h"

#include <asm/errno.h>
#include <asm/ioctl.h>
#include <asm/mman.h>
#include <asm/signal.h>
#include <linux/blkpg.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/sysinfo.h>
#include <linux/time.h>
#include <linux/uio.h>
#include <linux/utsname.h>
#include <linux/wait.h>

#ifndef MADV_COLD
#define MADV_COLD 20
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

enum {
	/* the first six stand in Java too: ProbeLimits, whose test compares them */
	MAX_PROCESSES = 32, /* that live at once */
	MAX_PAGES = 1024,
	MAX_CHANNELS = 32,
	MAX_SCRIPT = 1024 * 1024,
	MAX_BENCH = 65536, /* pages */
	MAX_GROUPS = 256,
	MAX_CHARGES = 1024,
	MAX_FRAMES = 1024,
	STACK = 32 * 1024,
	TEXT = 64 * 1024,
};

enum op { OP_NONE, OP_START, OP_MAP, OP_FILL, OP_OUT, OP_READS, OP_WRITES, OP_FLOOR, OP_READ, OP_WRITE, OP_PAGEOUT, OP_DISCARD, OP_PROTECT, OP_FORK, OP_EXIT, OP_SPLICE, OP_PIN,
	  OP_DRAIN, OP_PEEK, OP_DMA, OP_UNPIN, OP_PINRO, OP_RECLAIM, OP_DIO, OP_SECOND };

/*
 * Of two pages of the area, in pages: each is alone in its VMA. Odd, so that an area of 64 pages has one at each place
 * modulo 64, and not every page of a small one at the same place of its table.
 */
enum { DISTANCE = 17 };

#define AREA 0x100000000000UL
#define BENCH 0x180000000000UL
#define SHARED 0x200000000000UL
#define SECONDS 0x280000000000UL
#define DUMMY 0x300000000000UL
#define BALLAST (DUMMY + 16 * PAGE)

#define PTE_PRESENT (1UL << 63)
#define PTE_SWAPPED (1UL << 62)
#define PTE_FRAME ((1UL << 55) - 1)

#define KPF_SWAPCACHE (1UL << 13)
#define KPF_WRITEBACK (1UL << 8)
#define KPF_MMAP (1UL << 11)
#define KPF_ANON (1UL << 12)

/* The interface of the kernel's own tests, /sys/kernel/debug/gup_test: one long-term pin at a time, which may only read. */
struct test_pin {
	u64 address, size;
	u32 flags; /* 0: for reading, by GUP's slow path */
};

#define TEST_PIN_START _IOW('g', 7, struct test_pin)
#define TEST_PIN_STOP _IO('g', 8)
#define TEST_PIN_READ _IOW('g', 9, u64)

/* Begins the error of a write on CPU 1 that CPU 0 does not see; the reports know it by these words. */
#define STALE "stale translation"

/* Begins the error of a step that this kernel has no way to do; the reports know it by its first word. */
#define UNAVAILABLE "unavailable"
#define NO_RECLAIM UNAVAILABLE ": needs the memory controller of cgroups version 2"
#define CROWDED UNAVAILABLE ": the pages a fork copied are in one memory cgroup; pressure on one is pressure on all"
#define NO_PIN UNAVAILABLE ": needs io_uring"
#define NO_DIO UNAVAILABLE ": needs a device or a file that this kernel reads without its page cache"
#define NO_PINRO UNAVAILABLE ": needs CONFIG_GUP_TEST of v6.2 or newer and debugfs"
#define ONE_PINRO UNAVAILABLE ": CONFIG_GUP_TEST holds one pin at a time"

/* The words of the results that the model has too: EntryState, FrameChange and Refusal of Java, whose test compares. */
enum { ENTRY_NONE, ENTRY_PRESENT, ENTRY_SWAPPED };
static const char entry_states[][8] = { "none", "present", "swapped" };

enum { FRAME_UNKNOWN, FRAME_SAME, FRAME_CHANGED };
static const char frame_changes[][8] = { "-", "same", "changed" };

enum { REFUSED_GONE, REFUSED_EXISTS, REFUSED_BUSY, REFUSED_EMPTY, REFUSED_READONLY, REFUSED_SEGV, REFUSED_EFAULT };
static const char refusals[][9] = { "gone", "exists", "busy", "empty", "readonly", "segv", "efault" };

/* One litmus process. */
struct slot {
	u32 turn;         /* the process's futex: 1 while it has an operation to do */
	u32 done;
	enum op op;
	u32 alive;
	u32 ended;        /* it is no more, and has been waited for: with this status */
	int status;
	int pid;
	int pagemap;
	u64 page;
	u64 argument;
	int fd;
	long result;
	u64 value;
	u64 old;          /* what the page held when a write's store had just been made */
	long torn;        /* the first word that was not the page's value, or -1 */
	struct iovec iov;
	struct test_pin pin;
	char name[32];
};

/* A pipe or a pin, by the script's name for it. */
struct channel {
	char name[32];
	u32 is_pin, is_pipe; /* which of the two the script uses it for */
	u32 pinned, filled;  /* which of the two it is now */
	u32 test;            /* the pin is the test interface's, and only reads */
	const char *missing; /* why it could not be taken, when the kernel has no way to */
	int read_end, write_end;
	int ring;
	u32 entries_size, sq_size, cq_size;
	struct io_uring_params params;
	char *sq, *cq;
	struct io_uring_sqe *sqe;
	u64 address; /* of the pinned page, as it was registered */
};

/* Which cgroup a frame, or what it became in swap, was charged to. */
struct charge {
	u64 key;
	int group;
};

/* A frame that a step has seen in an entry. */
struct sight {
	u64 frame;
	int step; /* the last one that saw it */
};

struct shared {
	u32 event;        /* the coordinator's futex */
	u32 child_died;
	int data_file;    /* what a device reads from and writes to through a pin */
	int block;        /* what direct reads are of; below 0: there is nothing */
	int kpageflags;
	int log;          /* the kernel's, /dev/kmsg; below 0: it cannot be read */
	int gup_test;     /* the test interface; below 0 when the kernel has none */
	int test_pinned;  /* its one pin is held */
	int ports;        /* 1: I/O ports may be used */
	int guest;
	int smp;          /* scripts run on two CPUs */
	int groups;       /* cgroups made so far */
	int groups_ready;
	char crowded[MAX_GROUPS]; /* by the step that charged it: holds several frames */
	char cgroup[128];
	struct slot slots[MAX_PROCESSES];
	struct channel channels[MAX_CHANNELS];
	int nr_channels;
	int nr_slots;
	u64 nr_pages;
	u8 named[MAX_PAGES]; /* the pages that the script names: no others are mapped, which in a large area takes time */
	u32 keep;         /* pipes are not closed at the end of the script: for a test that wants a page that is not freed */
	u64 fill;         /* words that a write fills: all, except for a test that wants torn pages */
	struct charge charges[MAX_CHARGES];
	int nr_charges;
	struct sight seen[MAX_FRAMES];
	int nr_seen;
	char line[4096];
	u64 line_length;
	char scratch[TEXT];
	u64 entry[8];
	u64 buffer[PAGE / 8] __attribute__((aligned(PAGE)));
	char stacks[MAX_PROCESSES + 1][STACK] __attribute__((aligned(PAGE)));
	int batch;        /* requests from the initramfs, before those of the UART; -1 when they have been served */
	u64 input_length, input_at;
	char input[TEXT];
	char text[MAX_SCRIPT + PAGE] __attribute__((aligned(PAGE)));
	u64 frames[MAX_BENCH];
	u32 ticks[MAX_BENCH] __attribute__((aligned(PAGE)));
};

#define S ((struct shared *)SHARED)

extern const char __executable_start[], etext[];

static void run(long argc, char **argv) __attribute__((noreturn));
void litmus_process(long index) __attribute__((noreturn, used));
static void act_on_two(struct slot *slot);
static long bind_to(u64 cpu);
void coordinator(long argc, char **argv) __attribute__((noreturn, used));

/* The compiler may call these two by itself. */
void *memcpy(void *to, const void *from, unsigned long count) { return copy(to, from, count); }
void *memset(void *to, int byte, unsigned long count)
{
	void *start = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(byte) : "memory");
	return start;
}

/* ------------------------------------------------------------------------------------------------- output */

/* Looks at the UART, some ten minutes of them, after which nobody is taken to be there. */
#define ABANDONED 3000000000UL

enum { PORT_OUT = 0xe9, PORT_EXIT = 0xf4, PORT_UART = 0x2f8, UART_FIFO = 2, UART_STATUS = 5 };

static u8 port_read(u32 port)
{
	u8 byte;

	__asm__ volatile("inb %1, %0" : "=a"(byte) : "Nd"((unsigned short)port));
	return byte;
}

static void port_write(u32 port, const void *bytes, u64 count)
{
	__asm__ volatile("rep outsb" : "+S"(bytes), "+c"(count) : "d"((unsigned short)port) : "memory");
}

static void put(const char *text)
{
	while (*text && S->line_length < sizeof(S->line) - 2)
		S->line[S->line_length++] = *text++;
}

static void put_number(u64 value)
{
	char digits[24];
	int at = sizeof(digits);

	digits[--at] = 0;
	do {
		digits[--at] = '0' + value % 10;
		value /= 10;
	} while (value);
	put(digits + at);
}

static void put_json(const char *text)
{
	char one[2] = { 0, 0 };

	put("\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			put("\\");
		one[0] = (u8)*text < ' ' ? ' ' : *text;
		put(one);
	}
	put("\"");
}

static void flush(void)
{
	u64 done = 0;

	S->line[S->line_length++] = '\n';
	if (S->ports) {
		port_write(PORT_OUT, S->line, S->line_length);
	} else {
		while (done < S->line_length) {
			long n = sys3(__NR_write, 1, S->line + done, S->line_length - done);

			if (n <= 0)
				break;
			done += n;
		}
	}
	S->line_length = 0;
}

static void power_off(int status) __attribute__((noreturn));
static void power_off(int status)
{
	if (S->guest) {
		if (S->ports) {
			u8 code = status;

			port_write(PORT_EXIT, &code, 1);
		}
		sys4(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF, NULL);
		sys4(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, NULL);
	}
	for (;;)
		sys1(__NR_exit_group, status);
}

/* Ends the run: the machine cannot do what was asked. */
static void fatal(const char *what, long error) __attribute__((noreturn));
static void fatal(const char *what, long error)
{
	S->line_length = 0;
	if (S->guest && !S->ports) {
		/* the console is all there is */
		sys3(__NR_write, 1, "cowbench: ", 10);
		sys3(__NR_write, 1, what, length(what));
		sys3(__NR_write, 1, "\n", 1);
		power_off(3);
	}
	put("{\"probe\":\"fatal\",\"message\":");
	put_json(what);
	put(",\"errno\":");
	put_number(error < 0 ? -error : error);
	put("}");
	flush();
	power_off(3);
}

/* ------------------------------------------------------------------------------------------------- small tools */

static void nap(long microseconds)
{
	struct __kernel_timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };

	sys2(__NR_nanosleep, &time, NULL);
}

static void name_copy(char *to, const char *from, u64 size)
{
	u64 i;

	for (i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i];
	to[i] = 0;
}

static char *join(char *to, const char *a, u64 number, const char *b)
{
	char digits[24];
	int at = sizeof(digits);
	char *out = to;

	digits[--at] = 0;
	do {
		digits[--at] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (*a)
		*out++ = *a++;
	for (a = digits + at; *a;)
		*out++ = *a++;
	while (*b)
		*out++ = *b++;
	*out = 0;
	return to;
}

static long file_write(const char *path, const char *text)
{
	long fd = sys3(__NR_open, path, O_WRONLY | O_CLOEXEC, 0);
	long result;

	if (fd < 0)
		return fd;
	result = sys3(__NR_write, fd, text, length(text));
	sys1(__NR_close, fd);
	return result;
}

/* The whole of a small file, as a string in S->scratch. */
static const char *file_read(const char *path)
{
	long fd = sys3(__NR_open, path, O_RDONLY | O_CLOEXEC, 0);
	u64 at = 0;

	S->scratch[0] = 0;
	if (fd < 0)
		return S->scratch;
	for (;;) {
		long n = sys3(__NR_read, fd, S->scratch + at, TEXT - 1 - at);

		if (n <= 0)
			break;
		at += n;
	}
	S->scratch[at] = 0;
	sys1(__NR_close, fd);
	return S->scratch;
}

static u64 number_at(const char *text)
{
	u64 value = 0;

	while (*text >= '0' && *text <= '9')
		value = value * 10 + (*text++ - '0');
	return value;
}

static u64 field(const char *text, const char *name)
{
	u64 size = length(name);

	while (*text) {
		if (starts(text, name) && (text[size] == ' ' || text[size] == ':')) {
			text += size + 1;
			while (*text == ' ')
				text++;
			return number_at(text);
		}
		while (*text && *text++ != '\n')
			;
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------- futexes */

static void futex_wait(u32 *word, u32 value)
{
	sys4(__NR_futex, word, FUTEX_WAIT, value, NULL);
}

static void wait_set(u32 *word)
{
	while (!__atomic_load_n(word, __ATOMIC_ACQUIRE))
		futex_wait(word, 0);
}

static void futex_wake(u32 *word)
{
	sys3(__NR_futex, word, FUTEX_WAKE, 1);
}

/* ------------------------------------------------------------------------------------------------- signals */

struct kernel_sigaction {
	void (*handler)(int, void *, void *);
	unsigned long flags;
	void (*restorer)(void);
	u64 mask;
};

void signal_return(void);
long access_store(volatile u64 *address, u64 value);
long access_load(volatile u64 *address, u64 *value);
extern const char access_start[], access_end[], access_failed[];

__asm__(".text\n"
	"signal_return:\n"
	"	mov $15, %eax\n" /* rt_sigreturn */
	"	syscall\n"
	/* Both return 0, or 1 when the access faulted: the handler moves the instruction pointer there. */
	"access_start:\n"
	"access_store:\n"
	"	mov %rsi, (%rdi)\n"
	"	xor %eax, %eax\n"
	"	ret\n"
	"access_load:\n"
	"	mov (%rdi), %rax\n"
	"	mov %rax, (%rsi)\n"
	"	xor %eax, %eax\n"
	"	ret\n"
	"access_end:\n"
	"access_failed:\n"
	"	mov $1, %eax\n"
	"	ret\n");

static void on_segv(int signal, void *info, void *context)
{
	/* ucontext: flags 8, link 8, stack 24, then the registers, the 17th of which is RIP */
	u64 *rip = (u64 *)((char *)context + 40 + 16 * 8);

	(void)info;
	if (*rip >= (u64)access_start && *rip < (u64)access_end) {
		*rip = (u64)access_failed;
		return;
	}
	sys1(__NR_exit_group, 128 + signal);
}

static void on_child(int signal, void *info, void *context)
{
	(void)signal;
	(void)info;
	(void)context;
	S->child_died = 1;
	S->event++; /* a wait that has not begun yet must not begin */
}

static void handle(int signal, void (*handler)(int, void *, void *))
{
	struct kernel_sigaction action = {
		handler, 0x04000000 /* SA_RESTORER */ | 0x10000000 /* SA_RESTART */ | 4 /* SA_SIGINFO */,
		signal_return, 0
	};

	sys4(__NR_rt_sigaction, signal, &action, NULL, 8);
}

/* ------------------------------------------------------------------------------------------------- litmus processes */

static u64 address_of(u64 page)
{
	return AREA + page * DISTANCE * PAGE;
}

#define GOLDEN 0x9e3779b97f4a7c15UL

/*
 * The value fills the page, and no two words are equal. A page of value 0 is all zero, written or not: some kernels
 * treat such pages apart when they swap.
 */
static u64 word(u64 value, u64 index)
{
	return value ? value ^ index * GOLDEN : 0;
}

/* The first word of the page from one on that is not the value's; -1 when the page is whole. */
static long torn(const u64 *page, u64 from, u64 value)
{
	u64 i;

	for (i = from; i < PAGE / 8; i++)
		if (page[i] != word(value, i))
			return i;
	return -1;
}

/* The value that a page carries whose first word says nothing of it; word 2 tells a page of zeroes from one other. */
static u64 value_behind(const u64 *page)
{
	return page[1] || page[2] ? page[1] ^ GOLDEN : 0;
}

/* Has all pages mapped, for writing, without a change. */
static void touch(void *from, void *to)
{
	char *at;

	for (at = from; at < (char *)to; at += PAGE)
		__atomic_fetch_add(at, 0, __ATOMIC_RELAXED);
}

/*
 * Maps what the process will need: its text and the shared mapping's part it uses. All are file pages, so this puts
 * nothing into the batches of anonymous pages.
 */
static void warm(long index)
{
	const volatile char *text;

	for (text = __executable_start; text < etext; text += PAGE)
		(void)*text;
	touch(S, S->stacks);
	touch(S->stacks[index], S->stacks[index + 1]);
}

/* A process or thread that begins in a function, which does not return, with a number, on a stack of its own. */
static long clone_into(void (*entry)(long), long index, long flags, char *stack, int *pid)
{
	register long argument __asm__("r12") = index;
	register void (*begin)(long) __asm__("r13") = entry;
	long result;

	__asm__ volatile("syscall\n"
			 "	test %%rax, %%rax\n"
			 "	jnz 1f\n"
			 "	xor %%ebp, %%ebp\n"
			 "	mov %%r12, %%rdi\n"
			 "	call *%%r13\n"
			 "1:\n"
			 : "=a"(result)
			 : "a"(__NR_clone), "D"(flags), "S"(stack), "d"(pid), "r"(argument), "r"(begin)
			 : "rcx", "r8", "r10", "r11", "memory");
	return result;
}

/*
 * A fork onto a stack of the shared mapping; the new process is the coordinator's child, whoever calls. Its slot knows
 * its number before it runs, so that it cannot end unknown.
 */
static long spawn(long index, long flags)
{
	return clone_into(litmus_process, index, flags | CLONE_PARENT_SETTID | SIGCHLD, S->stacks[index] + STACK,
			  &S->slots[index].pid);
}

static long map_area(void)
{
	u64 page;

	for (page = 0; page < S->nr_pages; page++) {
		long at;

		if (!S->named[page])
			continue;
		at = sys6(__NR_mmap, address_of(page), PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (at < 0)
			return at;
		/* EINVAL: a kernel without huge pages */
		sys3(__NR_madvise, at, PAGE, MADV_NOHUGEPAGE);
	}
	return 0;
}

/* The area of a measurement is one mapping; slot->page is its size in pages. */
static void bench_act(struct slot *slot)
{
	volatile u64 *area = (u64 *)BENCH;
	u64 i, j, from, step = PAGE / 8;

	switch (slot->op) {
	case OP_MAP:
		slot->result = sys6(__NR_mmap, BENCH, slot->page * PAGE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		if (slot->result < 0)
			return;
		slot->result = 0;
		sys3(__NR_madvise, BENCH, slot->page * PAGE, MADV_NOHUGEPAGE);
		touch(S->ticks, S->ticks + MAX_BENCH);
		break;
	case OP_FILL:
		for (i = 0; i < slot->page; i++)
			for (j = 0; j < step; j++)
				area[i * step + j] = word(i + 1, j);
		break;
	case OP_OUT:
		slot->result = sys3(__NR_madvise, BENCH, slot->page * PAGE, MADV_PAGEOUT);
		break;
	case OP_READS:
		for (i = 0; i < slot->page; i++) {
			from = ticks();
			(void)area[i * step];
			S->ticks[i] = ticks() - from;
		}
		break;
	case OP_WRITES:
		for (i = 0; i < slot->page; i++) {
			from = ticks();
			area[i * step] = i;
			S->ticks[i] = ticks() - from;
		}
		break;
	case OP_FLOOR:
		for (i = 0; i < slot->page; i++) {
			from = ticks();
			S->ticks[i] = ticks() - from;
		}
		break;
	default:
		break;
	}
}

static void act(struct slot *slot)
{
	u64 *page = (u64 *)address_of(slot->page);
	u64 i;

	slot->result = 0;
	switch (slot->op) {
	case OP_READ:
		if (access_load(page, &slot->value)) {
			slot->result = -14;
			break;
		}
		slot->torn = torn(page, 1, slot->value);
		break;
	case OP_WRITE:
		if (access_store(page, slot->argument)) {
			slot->result = -14;
			break;
		}
		/*
		 * The fault, if there was one, has left the page writable to this process: looking at it takes no other.
		 * All words but the first still are what a copy, a swap-in or a reuse has made of the page.
		 */
		slot->old = value_behind(page);
		slot->torn = page[0] == word(slot->argument, 0) ? torn(page, 1, slot->old) : 0;
		for (i = 1; i < S->fill; i++)
			page[i] = word(slot->argument, i);
		break;
	case OP_PAGEOUT:
		slot->result = sys3(__NR_madvise, page, PAGE, MADV_PAGEOUT);
		break;
	case OP_DISCARD:
		slot->result = sys3(__NR_madvise, page, PAGE, MADV_DONTNEED);
		break;
	case OP_PROTECT:
		slot->result = sys3(__NR_mprotect, page, PAGE, slot->argument ? PROT_READ | PROT_WRITE : PROT_READ);
		break;
	case OP_FORK:
		slot->result = spawn((long)slot->argument, CLONE_PARENT);
		break;
	case OP_SPLICE:
		slot->iov.iov_base = page;
		slot->iov.iov_len = PAGE;
		slot->result = sys4(__NR_vmsplice, slot->fd, &slot->iov, 1, 2 /* SPLICE_F_NONBLOCK */);
		break;
	case OP_PIN:
		slot->iov.iov_base = page;
		slot->iov.iov_len = PAGE;
		slot->result = sys4(__NR_io_uring_register, slot->fd, IORING_REGISTER_BUFFERS, &slot->iov, 1);
		break;
	case OP_DIO:
		/* nothing here looks at the page: the access would set bits that the device's does not set */
		slot->result = sys4(__NR_pread64, S->block, page, PAGE, 0);
		break;
	case OP_PINRO:
		slot->pin.address = (u64)page;
		slot->pin.size = PAGE;
		slot->pin.flags = 0;
		slot->result = sys3(__NR_ioctl, S->gup_test, TEST_PIN_START, &slot->pin);
		break;
	case OP_EXIT:
		for (;;)
			sys1(__NR_exit_group, 0);
	default:
		bench_act(slot);
	}
}

void litmus_process(long index)
{
	struct slot *slot = &S->slots[index];

	sys2(__NR_prctl, PR_SET_PDEATHSIG, 9); /* no probe, no litmus processes */
	if (S->smp)
		bind_to(0);
	warm(index);
	if (slot->op == OP_START)
		slot->result = map_area();
	for (;;) {
		slot->turn = 0;
		slot->done = 1;
		S->event++;
		futex_wake(&S->event);
		wait_set(&slot->turn);
		if (S->smp)
			act_on_two(slot);
		else
			act(slot);
	}
}

/* ------------------------------------------------------------------------------------------------- second CPU */

/*
 * With two CPUs each litmus process has a second thread, on CPU 1; all else is on CPU 0. The thread on CPU 1 does
 * what looks at memory or puts pages into an LRU batch, as all would on a single CPU: reads, writes, references,
 * pageout, and a fork that copies because a page is pinned. The first thread does what only changes the process's
 * entries, while CPU 1 may hold translations of them: other forks, protect, discard, exit; the coordinator's reclaim
 * does so too. What CPU 0 would drain is drained on both. So what a reuse rule finds in batches is what it would
 * find on a single CPU.
 *
 * Between two steps CPU 1 is idle, for which the kernel does not leave the page tables in use (lazy TLB): a
 * translation that nobody has flushed is still there when the thread goes on, unless another process's has run
 * meanwhile. Therefore a child's second thread starts no sooner than its first access.
 *
 * The other way round, at a write: CPU 0 has looked at the page just before, has not changed page tables since, and
 * looks again.
 */
struct second {
	u32 turn;    /* the thread's futex: 1 while it has something to do */
	u32 done;    /* the first thread's */
	u32 started;
	u32 shown;   /* the page was present before the step: a look at it takes no fault */
	u32 stale;   /* CPU 0 did not see what CPU 1 had written, but this: */
	u64 seen;
};

struct seconds {
	struct second of[MAX_PROCESSES];
	int last; /* the process whose second thread ran last */
	char stacks[MAX_PROCESSES][STACK / 2] __attribute__((aligned(PAGE)));
};

#define T ((struct seconds *)SECONDS)

void second_thread(long index) __attribute__((noreturn, used));

/*
 * Drains this CPU's LRU batches. MADV_COLD does so in every kernel from 5.4 on before it looks for pages, and here it
 * finds none: the mapping was never touched. (mlock drains only its own batch since 5.18, a munmap not always.)
 */
static long drain(void)
{
	return sys3(__NR_madvise, DUMMY, PAGE, MADV_COLD);
}

static long bind_to(u64 cpu)
{
	u64 mask[16];

	memset(mask, 0, sizeof(mask));
	mask[cpu / 64 % 16] = 1UL << cpu % 64;
	return sys3(__NR_sched_setaffinity, 0, sizeof(mask), mask);
}

static void smp_start(void)
{
	long at = sys6(__NR_mmap, SECONDS, sizeof(struct seconds), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);

	if (at < 0)
		fatal("mmap failed", at);
	if (bind_to(1) < 0 || bind_to(0) < 0)
		fatal("it runs one CPU: --smp 2 needs a kernel with CONFIG_SMP and without nosmp or maxcpus=1", 0);
	S->smp = 1;
}

static void hand_over(struct second *second)
{
	second->done = 0;
	__atomic_store_n(&second->turn, 1, __ATOMIC_RELEASE);
	futex_wake(&second->turn);
	wait_set(&second->done);
}

static long start_second(long index)
{
	return clone_into(second_thread, index,
			  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM,
			  T->stacks[index] + STACK / 2, NULL);
}

static int on_second(int op)
{
	int i;

	/* the copies of what is pinned go into a batch as well */
	for (i = 0; op == OP_FORK && i < S->nr_channels; i++)
		if (S->channels[i].pinned)
			return 1;
	return op == OP_READ || op == OP_WRITE || op == OP_PAGEOUT || op == OP_SPLICE || op == OP_PIN || op == OP_PINRO ||
	       op == OP_DIO;
}

/* What the first thread does with an operation when there are two. */
static void act_on_two(struct slot *slot)
{
	struct second *second = &T->of[slot - S->slots];
	u64 *page = (u64 *)address_of(slot->page);
	int looks = slot->op == OP_WRITE && second->shown;

	slot->result = 0;
	second->stale = 0;
	if (slot->op == OP_SECOND) {
		slot->result = start_second(slot - S->slots);
		if (slot->result >= 0)
			wait_set(&second->done);
		return;
	}
	if (slot->op != OP_DRAIN && !on_second(slot->op)) {
		act(slot);
		return;
	}
	T->last = slot - S->slots;
	if (looks && access_load(page, &second->seen))
		looks = 0;
	hand_over(second);
	if (looks && slot->result == 0 && access_load(page, &second->seen) == 0)
		second->stale = second->seen != word(slot->argument, 0);
}

void second_thread(long index)
{
	struct second *second = &T->of[index];
	struct slot *slot = &S->slots[index];

	touch(T, T->stacks);
	touch(T->stacks[index], T->stacks[index] + STACK / 2);
	bind_to(1);
	for (;;) {
		second->turn = 0;
		__atomic_store_n(&second->done, 1, __ATOMIC_RELEASE);
		futex_wake(&second->done);
		wait_set(&second->turn);
		if (slot->op == OP_DRAIN)
			slot->result = drain();
		else
			act(slot);
	}
}

/* ------------------------------------------------------------------------------------------------- coordinator */

/* Takes note of all processes that have ended: one signal may tell of several. */
static void reap(void)
{
	int status, i;
	long pid;

	S->child_died = 0;
	while ((pid = sys4(__NR_wait4, -1, &status, WNOHANG, NULL)) > 0) {
		for (i = 0; i < S->nr_slots; i++) {
			struct slot *slot = &S->slots[i];

			if (slot->pid != pid || slot->ended)
				continue;
			slot->alive = 0;
			slot->ended = 1;
			slot->status = status;
			if (slot->pagemap >= 0)
				sys1(__NR_close, slot->pagemap);
			slot->pagemap = -1;
		}
	}
}

/* Until the process has done its operation, or is no more. */
static void wait_done(struct slot *slot)
{
	for (;;) {
		u32 event = __atomic_load_n(&S->event, __ATOMIC_ACQUIRE);

		if (S->child_died)
			reap();
		if (slot->done || slot->ended)
			return;
		futex_wait(&S->event, event);
	}
}

static void let_act(struct slot *slot)
{
	slot->done = 0;
	__atomic_store_n(&slot->turn, 1, __ATOMIC_RELEASE);
	futex_wake(&slot->turn);
	wait_done(slot);
}

/*
 * Drains the LRU batches of the CPUs in use: CPU 1's by the thread that ran there last, which leaves its translations
 * where they are.
 */
static long drain_all(void)
{
	struct slot *slot = S->smp ? &S->slots[T->last] : NULL;

	if (slot && slot->alive && T->of[T->last].started) {
		slot->op = OP_DRAIN;
		let_act(slot);
	} else if (slot) {
		bind_to(1);
		drain();
		bind_to(0);
	}
	return drain();
}

static u64 pte(struct slot *slot, u64 page)
{
	S->entry[0] = 0;
	sys4(__NR_pread64, slot->pagemap, &S->entry[0], 8, address_of(page) / PAGE * 8);
	return S->entry[0];
}

/* The word behind a number of others, all separated by single blanks. */
static const char *word_at(const char *text, int skip)
{
	while (skip--) {
		while (*text && *text != ' ')
			text++;
		while (*text == ' ')
			text++;
	}
	return text;
}

/* Faults the process has taken so far. In /proc/PID/stat, minflt is the 8th word behind the name, majflt the 10th. */
static void faults(struct slot *slot, u64 *minor, u64 *major)
{
	char path[64];
	const char *text = file_read(join(path, "/proc/", slot->pid, "/stat"));
	const char *behind = text;

	while (*text)
		if (*text++ == ')')
			behind = text + 1;
	*minor = number_at(word_at(behind, 7));
	*major = number_at(word_at(behind, 9));
}

static const char *state_of(u64 entry)
{
	return entry_states[entry & PTE_PRESENT ? ENTRY_PRESENT : entry & PTE_SWAPPED ? ENTRY_SWAPPED : ENTRY_NONE];
}

static u64 frame_flags(u64 frame)
{
	S->entry[1] = 0;
	sys4(__NR_pread64, S->kpageflags, &S->entry[1], 8, frame * 8);
	return S->entry[1];
}

/* The page is unmapped while it is written: only its frame, known from before, tells when that has ended. */
static int wait_frame_written(u64 frame)
{
	int i;

	for (i = 0; i < 2000000; i++) {
		if (!(frame_flags(frame) & KPF_WRITEBACK))
			return 1;
		nap(1000);
	}
	return 0;
}

static int wait_all_written(void)
{
	int i;

	for (i = 0; i < 2000000; i++) {
		/* folds the per-CPU differences, which may hide a page or two */
		file_write("/proc/sys/vm/stat_refresh", "1");
		if (!field(file_read("/proc/vmstat"), "nr_writeback"))
			return 1;
		nap(1000);
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------- reclaim */

/*
 * Pressure on one frame: every step that may allocate runs in a memory cgroup of its own, so a cgroup holds at most
 * one frame, and lowering memory.high of that cgroup reclaims this frame through the reverse map, however many
 * processes map it. Works from 5.10 to today; memory.reclaim came in 5.19. Only a fork can charge several frames, those
 * of pinned pages, which it copies at once: then such a cgroup is crowded, and pressure on it refused.
 */
static u64 inode_of(const char *path)
{
	u64 stat[18]; /* struct stat: st_ino is its second word */

	if (sys2(__NR_stat, path, stat) < 0)
		return 0;
	return stat[1];
}

static char *group_path(char *to, int group, const char *file)
{
	char prefix[160];

	name_copy(prefix, S->cgroup, sizeof(prefix));
	{
		u64 at = length(prefix);

		name_copy(prefix + at, "/step", sizeof(prefix) - at);
	}
	return join(to, prefix, group, file);
}

static int groups_start(void)
{
	if (S->groups_ready)
		return S->groups_ready > 0;
	S->groups_ready = -1;
	if (!S->cgroup[0])
		return 0;
	{
		char path[192];

		name_copy(path, S->cgroup, sizeof(path));
		name_copy(path + length(path), "/cgroup.subtree_control", 64);
		if (file_write(path, "+memory") < 0)
			return 0;
		name_copy(path, S->cgroup, sizeof(path));
		name_copy(path + length(path), "/home", 64);
		sys2(__NR_mkdir, path, 0755);
	}
	S->groups_ready = 1;
	return 1;
}

static int enter_group(struct slot *slot, int group)
{
	char path[256], pid[32];

	if (group >= MAX_GROUPS)
		return 0;
	while (S->groups <= group) {
		if (sys2(__NR_mkdir, group_path(path, S->groups, ""), 0755) < 0)
			return 0;
		S->groups++;
	}
	return file_write(group_path(path, group, "/cgroup.procs"), join(pid, "", slot->pid, "")) >= 0;
}

static int group_of_frame(u64 frame)
{
	char path[256];
	int group;
	long fd = sys3(__NR_open, "/proc/kpagecgroup", O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	S->entry[2] = 0;
	sys4(__NR_pread64, fd, &S->entry[2], 8, frame * 8);
	sys1(__NR_close, fd);
	for (group = 0; S->entry[2] && group < S->groups; group++)
		if (inode_of(group_path(path, group, "")) == S->entry[2])
			return group;
	return -1;
}

static int group_of_entry(u64 entry)
{
	int i;

	for (i = S->nr_charges - 1; i >= 0; i--)
		if (S->charges[i].key == entry)
			return S->charges[i].group;
	return -1;
}

static void remember_charge(u64 entry, int group)
{
	if (S->nr_charges < (int)(sizeof(S->charges) / sizeof(S->charges[0]))) {
		S->charges[S->nr_charges].key = entry;
		S->charges[S->nr_charges++].group = group;
	}
}

/*
 * A page found under writeback becomes active, and the kernel looks at a lone active page only when the cgroup's
 * counts, which lag behind, call the inactive list short. So give that list a page of the coordinator's to scan, and
 * let the timer that brings counts up to date (every 2 s, from 5.13 on) run.
 */
static void unstick(int group)
{
	char path[256];

	if (file_write(group_path(path, group, "/cgroup.procs"), "0") < 0)
		return;
	sys3(__NR_madvise, BALLAST, PAGE, MADV_DONTNEED);
	*(volatile u64 *)BALLAST = 1;
	/* a cgroup that hands out controllers may hold no process, unless it is the root */
	name_copy(path, S->cgroup, sizeof(path));
	name_copy(path + length(path), "/home/cgroup.procs", 32);
	file_write(path, "0");
	drain_all();
	nap(2100000);
}

/* Whether a fork has copied several pages at once. */
static int crowds(struct slot *parent, struct slot *child)
{
	u64 page;
	int copies = 0;

	for (page = 0; page < S->nr_pages; page++) {
		u64 theirs = pte(parent, page), own = pte(child, page);

		copies += theirs & own & PTE_PRESENT && (theirs & PTE_FRAME) != (own & PTE_FRAME);
	}
	return copies > 1;
}

static const char *reclaim(struct slot *slot, u64 page, u64 before)
{
	char path[256];
	u64 frame = before & PTE_PRESENT ? before & PTE_FRAME : 0;
	u64 now = before;
	int group, round;

	/* whatever there is to press on: the pressure below cannot but drain, so that it always does is the definition */
	drain_all();
	if (!(before & (PTE_PRESENT | PTE_SWAPPED)))
		return NULL;
	if (S->groups_ready <= 0)
		return NO_RECLAIM;
	if (frame && !(frame_flags(frame) & KPF_ANON))
		return NULL; /* the zero page */
	group = frame ? group_of_frame(frame) : group_of_entry(before);
	if (group < 0)
		return "reclaim: the page's cgroup is not known";
	if (S->crowded[group])
		return CROWDED;
	for (round = 0; round < (frame ? 16 : 4); round++) {
		drain_all();
		if (round >= 2)
			unstick(group);
		if (file_write(group_path(path, group, "/memory.high"), "0") < 0)
			return "reclaim: memory.high cannot be written";
		file_write(group_path(path, group, "/memory.high"), "max");
		if (frame ? !wait_frame_written(frame) : !wait_all_written())
			return "reclaim: writeback does not end";
		now = pte(slot, page);
		if (frame && !(now & PTE_PRESENT) && !(frame_flags(frame) & KPF_SWAPCACHE))
			break;
	}
	if (round > 2)
		sys3(__NR_madvise, BALLAST, PAGE, MADV_DONTNEED);
	if (now & PTE_SWAPPED)
		remember_charge(now, group);
	return NULL;
}

/* ------------------------------------------------------------------------------------------------- pipes and pins */

static long ring_open(struct channel *x)
{
	struct io_uring_params *p = &x->params;
	long at;

	memset(p, 0, sizeof(*p));
	x->ring = sys2(__NR_io_uring_setup, 4, p);
	if (x->ring < 0)
		return x->ring;
	x->sq_size = p->sq_off.array + p->sq_entries * 4;
	x->cq_size = p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe);
	x->entries_size = p->sq_entries * sizeof(struct io_uring_sqe);
	at = sys6(__NR_mmap, 0, x->sq_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, x->ring, IORING_OFF_SQ_RING);
	if (at < 0 && at > -4096)
		return at;
	x->sq = (char *)at;
	at = sys6(__NR_mmap, 0, x->cq_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, x->ring, IORING_OFF_CQ_RING);
	if (at < 0 && at > -4096)
		return at;
	x->cq = (char *)at;
	at = sys6(__NR_mmap, 0, x->entries_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, x->ring, IORING_OFF_SQES);
	if (at < 0 && at > -4096)
		return at;
	x->sqe = (struct io_uring_sqe *)at;
	sys3(__NR_madvise, x->sq, (x->sq_size + PAGE - 1) & -PAGE, MADV_DONTFORK);
	sys3(__NR_madvise, x->cq, (x->cq_size + PAGE - 1) & -PAGE, MADV_DONTFORK);
	sys3(__NR_madvise, x->sqe, (x->entries_size + PAGE - 1) & -PAGE, MADV_DONTFORK);
	return 0;
}

/* Drops a pin. */
static long unpin(struct channel *x)
{
	x->pinned = 0;
	if (!x->test)
		return sys4(__NR_io_uring_register, x->ring, IORING_UNREGISTER_BUFFERS, NULL, 0);
	x->test = 0;
	S->test_pinned = 0;
	return sys3(__NR_ioctl, S->gup_test, TEST_PIN_STOP, 0);
}

static void ring_close(struct channel *x)
{
	if (x->pinned)
		unpin(x);
	if (x->ring < 0)
		return;
	if (x->sq)
		sys2(__NR_munmap, x->sq, x->sq_size);
	if (x->cq)
		sys2(__NR_munmap, x->cq, x->cq_size);
	if (x->sqe)
		sys2(__NR_munmap, x->sqe, x->entries_size);
	sys1(__NR_close, x->ring);
}

/* The device moves the page from or to the data file: through the pin, whatever any page table says. */
static long ring_transfer(struct channel *x, int opcode)
{
	struct io_uring_sqe *sqe = x->sqe;
	u32 *tail = (u32 *)(x->sq + x->params.sq_off.tail);
	u32 mask = *(u32 *)(x->sq + x->params.sq_off.ring_mask);
	u32 *array = (u32 *)(x->sq + x->params.sq_off.array);
	u32 *cq_head = (u32 *)(x->cq + x->params.cq_off.head);
	u32 *cq_tail = (u32 *)(x->cq + x->params.cq_off.tail);
	u32 cq_mask = *(u32 *)(x->cq + x->params.cq_off.ring_mask);
	struct io_uring_cqe *cqes = (struct io_uring_cqe *)(x->cq + x->params.cq_off.cqes);
	long result;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = opcode;
	sqe->fd = S->data_file;
	sqe->addr = x->address;
	sqe->len = PAGE;
	sqe->buf_index = 0;
	array[*tail & mask] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	result = sys6(__NR_io_uring_enter, x->ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
	if (result < 0)
		return result;
	while (__atomic_load_n(cq_tail, __ATOMIC_ACQUIRE) == *cq_head) {
		result = sys6(__NR_io_uring_enter, x->ring, 0, 1, IORING_ENTER_GETEVENTS, 0, 0);
		if (result < 0 && result != -4)
			return result;
	}
	result = cqes[*cq_head & cq_mask].res;
	__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
	return result;
}

static void fill_buffer(u64 value)
{
	u64 i;

	for (i = 0; i < PAGE / 8; i++)
		S->buffer[i] = word(value, i);
}

/* ------------------------------------------------------------------------------------------------- direct reads */

/* Has the block hold a value. */
static long put_block(u64 value)
{
	fill_buffer(value);
	return sys4(__NR_pwrite64, S->block, S->buffer, PAGE, 0);
}

/*
 * Opens what direct reads are of, if the kernel lets the device write into the reader's page. Where it copies from its
 * page cache instead (tmpfs, and file systems that fall back to it), it takes no reference to the page, and nothing would
 * be tested: there it also serves what no device can, a read of one byte.
 */
static void block_open(const char *path, int create)
{
	S->block = sys3(__NR_open, path, O_RDWR | O_DIRECT | O_CLOEXEC | create, 0600);
	if (S->block < 0)
		return;
	if (put_block(0) == (long)PAGE && sys4(__NR_pread64, S->block, S->buffer, PAGE, 0) == (long)PAGE &&
	    sys4(__NR_pread64, S->block, S->buffer, 1, 0) == -EINVAL)
		return;
	sys1(__NR_close, S->block);
	S->block = -1;
}

static int has_pins(void)
{
	struct io_uring_params params;
	long ring;

	memset(&params, 0, sizeof(params));
	ring = sys2(__NR_io_uring_setup, 4, &params);
	if (ring < 0)
		return 0;
	sys1(__NR_close, ring);
	return 1;
}

/* Opens the test interface, if the kernel has one that knows long-term pins: v5.11 to v6.1 have it without. */
static int test_open(void)
{
	long fd;

	if (S->guest)
		sys5(__NR_mount, "debug", "/sys/kernel/debug", "debugfs", 0, NULL);
	fd = sys3(__NR_open, "/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC, 0);
	if (fd >= 0 && sys3(__NR_ioctl, fd, TEST_PIN_STOP, 0) < 0) {
		sys1(__NR_close, fd);
		fd = -1;
	}
	return fd;
}

static struct channel *channel(const char *name)
{
	int i;

	for (i = 0; i < S->nr_channels; i++)
		if (same(S->channels[i].name, name))
			return &S->channels[i];
	if (S->nr_channels == MAX_CHANNELS)
		return NULL;
	{
		struct channel *x = &S->channels[S->nr_channels++];

		memset(x, 0, sizeof(*x));
		name_copy(x->name, name, sizeof(x->name));
		x->read_end = x->write_end = x->ring = -1;
		return x;
	}
}

/* ------------------------------------------------------------------------------------------------- scripts */

struct tokens {
	int count;
	char *at[8];
};

/* Splits a line in place; "->" and what follows it, and comments, are left out. Returns the start of the next line. */
static char *split(char *line, struct tokens *tokens)
{
	char *at = line;

	tokens->count = 0;
	while (*at && *at != '\n' && *at != '#') {
		if (*at == ' ' || *at == '\t' || *at == '\r') {
			*at++ = 0;
			continue;
		}
		if (at[0] == '-' && at[1] == '>')
			break;
		if (tokens->count < 8)
			tokens->at[tokens->count++] = at;
		while (*at && *at != ' ' && *at != '\t' && *at != '\r' && *at != '\n' && *at != '#')
			at++;
	}
	if (!*at)
		return at;
	if (*at == '\n') {
		*at = 0;
		return at + 1;
	}
	*at++ = 0;
	while (*at && *at != '\n')
		at++;
	return *at ? at + 1 : at;
}

/* The living process of a name, else one of that name that has gone. */
static struct slot *process(const char *name)
{
	struct slot *gone = NULL;
	int i;

	for (i = 0; i < S->nr_slots; i++) {
		if (!same(S->slots[i].name, name))
			continue;
		if (S->slots[i].alive)
			return &S->slots[i];
		gone = &S->slots[i];
	}
	return gone;
}

static struct slot *new_slot(const char *name)
{
	struct slot *slot;
	int i;

	for (i = 0; i < S->nr_slots && S->slots[i].alive; i++)
		;
	if (i == MAX_PROCESSES)
		return NULL;
	if (i == S->nr_slots)
		S->nr_slots++;
	slot = &S->slots[i];
	memset(slot, 0, sizeof(*slot));
	if (S->smp)
		memset(&T->of[i], 0, sizeof(T->of[i]));
	name_copy(slot->name, name, sizeof(slot->name));
	slot->pagemap = -1;
	return slot;
}

/* Waits for a process that has just been forked. */
static void adopt(struct slot *slot)
{
	char path[64];

	wait_done(slot);
	if (slot->ended)
		return;
	slot->alive = 1;
	slot->pagemap = sys3(__NR_open, join(path, "/proc/", slot->pid, "/pagemap"), O_RDONLY | O_CLOEXEC, 0);
}

static long fork_to(struct slot *slot, struct slot *child)
{
	child->op = OP_FORK;
	slot->op = OP_FORK;
	slot->argument = child - S->slots;
	let_act(slot);
	if (child->pid)
		adopt(child);
	return slot->result < 0 ? slot->result : 0;
}

/* Starts the first process, A. */
static struct slot *start_process(void)
{
	struct slot *first = new_slot("A");
	long pid;

	first->op = OP_START;
	pid = spawn(0, 0);
	if (pid < 0)
		fatal("a litmus process cannot be started", pid);
	adopt(first);
	if (!first->alive)
		fatal("a litmus process was killed as it started", 0);
	if (first->result < 0)
		fatal("the litmus area cannot be mapped", first->result);
	drain_all();
	return first;
}

static void end_processes(void)
{
	int i;

	for (i = 0; i < S->nr_slots; i++) {
		struct slot *slot = &S->slots[i];

		if (slot->alive) {
			slot->op = OP_EXIT;
			let_act(slot);
		}
	}
	drain_all();
}

/* Says which process was killed, if one was and nobody has said it yet: only its own exit may end it. */
static const char *casualty(char *message)
{
	int i;

	if (S->child_died)
		reap();
	for (i = 0; i < S->nr_slots; i++) {
		struct slot *slot = &S->slots[i];
		int signal = slot->status & 0x7f;

		if (!slot->status)
			continue;
		/* a fault outside the area ends the process by its own handler, see on_segv() */
		if (!signal)
			signal = (slot->status >> 8) - 128;
		slot->status = 0;
		name_copy(message, slot->name, sizeof(slot->name));
		join(message + length(message), " was killed by signal ", signal, "");
		return message;
	}
	return NULL;
}

/*
 * Full, a swap device takes no page; and when all are more than half full, kernels drop from the swap cache what others
 * keep there (vm_swap_full). Both would be taken for what the kernel under test does.
 */
static void check_swap(void)
{
	struct sysinfo info;
	char message[160];
	char *at;

	sys1(__NR_sysinfo, &info);
	if (info.totalswap && info.freeswap * 2 >= info.totalswap)
		return;
	at = join(message, "swap is more than half full, ", info.freeswap / 1024, " KiB of ");
	at = join(at + length(at), "", info.totalswap / 1024, " KiB are free");
	/* as much again as is used more than the half, and some to work with */
	if (!S->guest)
		join(at + length(at), ": make room, or add --setup-swap ",
		     (info.totalswap - 2 * info.freeswap) / 1024 / 1024 + 256, "M");
	fatal(message, 0);
}

static void see(u64 entry, int step)
{
	int i;

	if (!(entry & PTE_PRESENT))
		return;
	for (i = 0; i < S->nr_seen && S->seen[i].frame != (entry & PTE_FRAME); i++)
		;
	if (i == MAX_FRAMES)
		return;
	S->seen[i].frame = entry & PTE_FRAME;
	S->seen[i].step = step;
	if (i == S->nr_seen)
		S->nr_seen++;
}

/*
 * Tells of frames that nobody maps any more and that were not freed: when all processes, pipes and pins have gone, some
 * reference has been leaked. The kernel takes a page for anonymous until it frees it. One in the swap cache is kept for
 * reclaim, which is no leak. Only in a guest, where no other program's batches and pages are about.
 */
static void tell_unfreed(void)
{
	int i, tries;

	for (i = 0; S->guest && i < S->nr_seen; i++) {
		/* what a kernel puts off, it does within a moment */
		for (tries = 0; tries < 20; tries++) {
			if ((frame_flags(S->seen[i].frame) & (KPF_ANON | KPF_MMAP | KPF_SWAPCACHE)) != KPF_ANON)
				break;
			nap(10000);
			drain_all();
		}
		if (tries < 20)
			continue;
		put("{\"probe\":\"unfreed\",\"last\":");
		put_number(S->seen[i].step);
		put("}");
		flush();
	}
}

static void put_op(struct tokens *t)
{
	char text[256];
	u64 at = 0;
	int i;

	for (i = 0; i < t->count && at + 2 < sizeof(text); i++) {
		if (i)
			text[at++] = ' ';
		name_copy(text + at, t->at[i], sizeof(text) - at);
		at += length(text + at);
	}
	text[at] = 0;
	put_json(text);
}

static int op_code(const char *name)
{
	static const struct { char name[12]; int op; } codes[] = {
		{ "read", OP_READ }, { "write", OP_WRITE }, { "pageout", OP_PAGEOUT }, { "drain", OP_DRAIN },
		{ "fork", OP_FORK }, { "exit", OP_EXIT }, { "discard", OP_DISCARD }, { "protect", OP_PROTECT },
		{ "splice", OP_SPLICE }, { "peek", OP_PEEK }, { "pin", OP_PIN }, { "pinro", OP_PINRO }, { "dma", OP_DMA },
		{ "unpin", OP_UNPIN }, { "reclaim", OP_RECLAIM }, { "dio", OP_DIO },
	};
	u64 i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (same(codes[i].name, name))
			return codes[i].op;
	return OP_NONE;
}

static int names_page(int op)
{
	return op == OP_READ || op == OP_WRITE || op == OP_PAGEOUT || op == OP_DISCARD || op == OP_PROTECT ||
	       op == OP_SPLICE || op == OP_PIN || op == OP_PINRO || op == OP_RECLAIM || op == OP_DIO;
}

/* Before a step on two CPUs: what takes faults of its own, or else CPU 0 would drain and CPU 1 not. */
static void prepare_two(struct slot *slot, int op, u64 page)
{
	struct second *second = &T->of[slot - S->slots];

	if (op == OP_DISCARD || op == OP_EXIT || op == OP_PAGEOUT)
		drain_all();
	second->shown = names_page(op) && pte(slot, page) & PTE_PRESENT;
	if (second->started || !on_second(op))
		return;
	second->done = 0;
	slot->op = OP_SECOND;
	let_act(slot);
	if (slot->alive && slot->result < 0)
		fatal("a second thread cannot be started", slot->result);
	second->started = 1;
}

static const char *call_failed(char *to, const char *what, long result)
{
	return join(to, what, -result, "");
}

/* What a device reads through a pin, or the page in a pipe, which is consumed. */
static const char *peek(struct channel *x, u64 *value, long *hole, char *message)
{
	long n;

	if (x->pinned && x->test) {
		S->entry[3] = (u64)S->buffer;
		n = sys3(__NR_ioctl, S->gup_test, TEST_PIN_READ, &S->entry[3]);
		if (n < 0)
			return call_failed(message, "gup_test: errno ", n);
		n = PAGE;
	} else if (x->pinned) {
		n = ring_transfer(x, IORING_OP_WRITE_FIXED);
		if (n != (long)PAGE)
			return call_failed(message, "write_fixed: errno ", n < 0 ? n : -5);
		n = sys4(__NR_pread64, S->data_file, S->buffer, PAGE, 0);
	} else {
		n = sys3(__NR_read, x->read_end, S->buffer, PAGE);
		x->filled = 0;
	}
	if (n != (long)PAGE)
		return call_failed(message, "read: errno ", n < 0 ? n : -5);
	*value = S->buffer[0];
	*hole = torn(S->buffer, 1, *value);
	return NULL;
}

/* Why a step cannot be done at all, or NULL. The words are those of the model. */
static const char *problem(int op, struct slot *slot, struct tokens *t, u64 page, struct channel *x)
{
	struct slot *child;
	const char *empty = x && (x->pinned || x->filled) ? NULL : x && x->missing ? x->missing : refusals[REFUSED_EMPTY];

	if (op == OP_NONE)
		return "unknown operation";
	if (!slot || !slot->alive)
		return refusals[REFUSED_GONE];
	if (names_page(op) && page >= S->nr_pages)
		return "no such page";
	switch (op) {
	case OP_FORK:
		child = t->count > 2 ? process(t->at[2]) : NULL;
		return child && child->alive ? refusals[REFUSED_EXISTS] : NULL;
	case OP_SPLICE:
	case OP_PIN:
	case OP_PINRO:
		return !x ? "too many references" : x->pinned || x->filled ? refusals[REFUSED_BUSY] : NULL;
	case OP_PEEK:
		return empty ? empty : NULL;
	case OP_DMA:
		return empty ? empty : x->pinned && !x->test ? NULL : refusals[REFUSED_READONLY];
	case OP_UNPIN:
		return empty ? empty : x->pinned ? NULL : refusals[REFUSED_EMPTY];
	default:
		return NULL;
	}
}

static void step(const char *file, int number, struct tokens *t, int grouped)
{
	char message[128], killed[96];
	const char *error = NULL;
	int op = t->count > 1 ? op_code(t->at[1]) : OP_NONE;
	struct slot *slot = t->count ? process(t->at[0]) : NULL;
	u64 page = t->count > 2 ? number_at(t->at[2]) : 0;
	u64 before = 0, after = 0, minor = 0, major = 0, minor_after = 0, major_after = 0, value = 0;
	int has_value = 0, has_old = 0, paged = names_page(op), group = -1;
	long hole = -1; /* where the page was torn */
	struct channel *x = NULL;

	if (op == OP_SPLICE || op == OP_PIN || op == OP_PINRO)
		x = t->count > 3 ? channel(t->at[3]) : NULL;
	else if (op == OP_PEEK || op == OP_DMA || op == OP_UNPIN)
		x = t->count > 2 ? channel(t->at[2]) : NULL;
	error = problem(op, slot, t, page, x);
	if (error) {
		paged = 0;
		goto out;
	}
	if (S->smp)
		prepare_two(slot, op, page);
	if (paged)
		before = pte(slot, page);
	faults(slot, &minor, &major);
	slot->op = op;
	slot->page = page;
	if (grouped && (op == OP_READ || op == OP_WRITE || op == OP_FORK || op == OP_SPLICE || op == OP_PIN ||
			op == OP_PINRO || op == OP_DIO) &&
	    !enter_group(slot, number)) {
		error = "cannot move the process to a cgroup";
		goto measured;
	}
	switch (op) {
	case OP_READ:
		let_act(slot);
		if (slot->result == -14) {
			error = refusals[REFUSED_SEGV];
			break;
		}
		value = slot->value;
		has_value = 1;
		hole = slot->torn;
		break;
	case OP_WRITE:
		slot->argument = t->count > 3 ? number_at(t->at[3]) : 0;
		let_act(slot);
		if (slot->result == -14) {
			error = refusals[REFUSED_SEGV];
			break;
		}
		has_old = 1;
		hole = slot->torn;
		if (S->smp && T->of[slot - S->slots].stale)
			error = join(message, STALE ": CPU 0 still sees ", T->of[slot - S->slots].seen, "");
		break;
	case OP_PAGEOUT:
		if (!(before & PTE_PRESENT))
			break;
		if (grouped)
			group = group_of_frame(before & PTE_FRAME);
		let_act(slot);
		if (slot->result < 0)
			error = call_failed(message, "madvise: errno ", slot->result);
		else if (!wait_frame_written(before & PTE_FRAME))
			error = "writeback does not end";
		break;
	case OP_DISCARD:
		let_act(slot);
		if (slot->result < 0)
			error = call_failed(message, "madvise: errno ", slot->result);
		break;
	case OP_PROTECT:
		slot->argument = t->count > 3 && same(t->at[3], "rw");
		let_act(slot);
		if (slot->result < 0)
			error = call_failed(message, "mprotect: errno ", slot->result);
		break;
	case OP_RECLAIM:
		error = reclaim(slot, page, before);
		break;
	case OP_DRAIN:
		/* every pageout has waited for its writeback */
		if (drain_all() < 0)
			error = "MADV_COLD is missing";
		break;
	case OP_FORK: {
		struct slot *child = t->count > 2 ? new_slot(t->at[2]) : NULL;

		if (!child) {
			error = "too many processes";
			break;
		}
		if (fork_to(slot, child) < 0)
			error = call_failed(message, "fork: errno ", slot->result);
		else if (grouped)
			S->crowded[number] = crowds(slot, child);
		break;
	}
	case OP_EXIT:
		let_act(slot);
		break;
	case OP_SPLICE:
		if (!x->is_pipe) {
			error = "no pipe";
			break;
		}
		slot->fd = x->write_end;
		let_act(slot);
		if (slot->result != (long)PAGE)
			error = call_failed(message, "vmsplice: errno ", slot->result);
		else
			x->filled = 1;
		x->missing = NULL;
		break;
	case OP_PIN:
		if (x->ring < 0) {
			error = x->missing = NO_PIN;
			break;
		}
		slot->fd = x->ring;
		let_act(slot);
		if (slot->result < 0) {
			error = slot->result == -14 ? refusals[REFUSED_EFAULT] : call_failed(message, "pin: errno ", slot->result);
			break;
		}
		x->pinned = 1;
		x->missing = NULL;
		x->address = address_of(page);
		break;
	case OP_PINRO:
		x->missing = S->gup_test < 0 ? NO_PINRO : S->test_pinned ? ONE_PINRO : NULL;
		if (x->missing) {
			error = x->missing;
			break;
		}
		let_act(slot);
		if (slot->result < 0) {
			error = call_failed(message, "gup_test: errno ", slot->result);
			break;
		}
		x->pinned = x->test = S->test_pinned = 1;
		break;
	case OP_DIO: {
		long n = S->block < 0 ? 0 : put_block(t->count > 3 ? number_at(t->at[3]) : 0);

		if (S->block < 0) {
			error = S->guest ? NO_DIO : NO_DIO "; TMPDIR may name a folder on a disk";
			break;
		}
		if (n != (long)PAGE) {
			error = call_failed(message, "direct write: errno ", n < 0 ? n : -5);
			break;
		}
		let_act(slot);
		n = slot->result; /* draining is an operation, too, with a result of its own */
		/*
		 * GUP's slow path activates a page that was accessed before, by way of a batch that holds a reference, but
		 * not in kernels that keep generations (LRU_GEN): so the batches are drained, by definition.
		 */
		drain_all();
		if (n == -14)
			error = refusals[REFUSED_EFAULT];
		else if (n != (long)PAGE)
			error = call_failed(message, "direct read: errno ", n < 0 ? n : -5);
		break;
	}
	case OP_DMA:
		{
			long n;

			fill_buffer(t->count > 3 ? number_at(t->at[3]) : 0);
			sys4(__NR_pwrite64, S->data_file, S->buffer, PAGE, 0);
			n = ring_transfer(x, IORING_OP_READ_FIXED);
			if (n != (long)PAGE)
				error = call_failed(message, "read_fixed: errno ", n < 0 ? n : -5);
		}
		break;
	case OP_PEEK:
		error = peek(x, &value, &hole, message);
		has_value = !error;
		break;
	case OP_UNPIN:
		{
			long n = unpin(x);

			if (n < 0)
				error = call_failed(message, "unpin: errno ", n);
		}
		break;
	default:
		break;
	}
measured:
	if (S->child_died)
		reap();
	if (slot->alive) {
		faults(slot, &minor_after, &major_after);
		if (paged)
			after = pte(slot, page);
		see(before, number);
		see(after, number);
		if (op == OP_PAGEOUT && after & PTE_SWAPPED && !(before & PTE_SWAPPED) && group >= 0)
			remember_charge(after, group);
		if ((op == OP_PAGEOUT || op == OP_RECLAIM) && after & PTE_PRESENT)
			check_swap();
	} else {
		paged = has_value = has_old = 0;
		hole = -1;
	}
out:
	if (casualty(killed))
		error = killed;
	put("{\"file\":");
	put_json(file);
	put(",\"step\":");
	put_number(number);
	put(",\"op\":");
	put_op(t);
	if (paged) {
		put(",\"before\":\"");
		put(state_of(before));
		put("\",\"after\":\"");
		put(state_of(after));
		put("\",\"frame\":\"");
		put(frame_changes[!(before & after & PTE_PRESENT)		    ? FRAME_UNKNOWN
				  : (before & PTE_FRAME) == (after & PTE_FRAME) ? FRAME_SAME
										: FRAME_CHANGED]);
		put("\",\"minor\":");
		put_number(minor_after - minor);
		put(",\"major\":");
		put_number(major_after - major);
	}
	if (has_value) {
		put(",\"value\":");
		put_number(value);
	}
	if (has_old) {
		put(",\"old\":");
		put_number(slot->old);
	}
	if (hole >= 0) {
		put(",\"torn\":");
		put_number(hole);
	}
	if (error) {
		put(",\"error\":");
		put_json(error);
	}
	put("}");
	flush();
}

/* ------------------------------------------------------------------------------------------------- kernel's log */

enum { WARNING_LEVEL = 4, LOG_BURST = 1000, LOG_TEXT = 400 };

/* In a guest everything since its boot is looked at, on this machine what comes from now on. */
static void log_open(void)
{
	S->log = sys3(__NR_open, "/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	if (S->log < 0 && S->guest) {
		sys2(__NR_mkdir, "/dev", 0755);
		sys3(__NR_mknod, "/dev/kmsg", S_IFCHR | 0600, 1 << 8 | 11);
		S->log = sys3(__NR_open, "/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	}
	if (S->log >= 0 && !S->guest)
		sys3(__NR_lseek, S->log, 0, SEEK_END);
}

/*
 * Tells what the kernel has logged since the last look, at the level of a warning or worse. A record is
 * PRIORITY,NUMBER,TIME,FLAGS;TEXT; what a program of this machine wrote, with a facility in its priority, is not the
 * kernel's.
 */
static void tell_log(const char *when)
{
	int i;

	for (i = 0; S->log >= 0 && i < LOG_BURST; i++) {
		long n = sys3(__NR_read, S->log, S->scratch, sizeof(S->scratch) - 1), at, end;
		u64 priority;

		if (n == -EPIPE) /* some were overwritten before they were read: goes on with the oldest */
			continue;
		if (n <= 0)
			break;
		S->scratch[n] = 0;
		priority = number_at(S->scratch);
		if (priority % 8 > WARNING_LEVEL || (priority / 8 && !S->guest))
			continue;
		for (at = 0; S->scratch[at] && S->scratch[at] != ';'; at++)
			;
		at += S->scratch[at] == ';';
		for (end = at; S->scratch[end] && S->scratch[end] != '\n' && end < at + LOG_TEXT; end++)
			;
		S->scratch[end] = 0;
		put("{\"probe\":\"log\",\"when\":\"");
		put(when);
		put("\",\"text\":");
		put_json(S->scratch + at);
		put("}");
		flush();
	}
}

/*
 * Runs the script in S->text. A first look at its text tells which pages, pipes and pins it will need: processes inherit
 * them.
 */
static void script(const char *name)
{
	struct tokens t;
	char *line, *next;
	u64 i;
	int number = 0, grouped = 0, swaps = 0;

	S->nr_slots = S->nr_channels = S->nr_charges = S->nr_seen = 0;
	memset(S->crowded, 0, sizeof(S->crowded));
	S->nr_pages = 1;
	memset(S->named, 0, sizeof(S->named));
	for (line = S->text; *line; line = next) {
		/* on a copy, because splitting cuts */
		for (i = 0; line[i] && line[i] != '\n' && i + 1 < TEXT; i++)
			S->scratch[i] = line[i];
		S->scratch[i] = 0;
		next = line + i + (line[i] == '\n');
		split(S->scratch, &t);
		if (t.count == 2 && same(t.at[0], "pages"))
			S->nr_pages = number_at(t.at[1]);
		if (t.count < 2)
			continue;
		if (t.count > 2 && names_page(op_code(t.at[1])) && number_at(t.at[2]) < MAX_PAGES)
			S->named[number_at(t.at[2])] = 1;
		switch (op_code(t.at[1])) {
		case OP_SPLICE: {
			struct channel *x = t.count > 3 ? channel(t.at[3]) : NULL;
			int ends[2];

			if (x && !x->is_pipe && sys2(__NR_pipe2, ends, O_NONBLOCK) == 0) {
				x->is_pipe = 1;
				x->read_end = ends[0];
				x->write_end = ends[1];
			}
			break;
		}
		case OP_PIN: {
			struct channel *x = t.count > 3 ? channel(t.at[3]) : NULL;

			if (x && !x->is_pin) {
				x->is_pin = 1;
				ring_open(x);
			}
			break;
		}
		case OP_RECLAIM:
			grouped = groups_start();
			swaps = 1;
			break;
		case OP_PAGEOUT:
			swaps = 1;
			break;
		default:
			break;
		}
	}
	if (S->nr_pages > MAX_PAGES)
		S->nr_pages = MAX_PAGES;
	if (swaps)
		check_swap();
	tell_log("before");
	start_process();
	for (line = S->text; *line; line = next) {
		next = split(line, &t);
		if (!t.count || same(t.at[0], "pages"))
			continue;
		step(name, number++, &t, grouped);
		tell_log("step");
	}
	for (i = 0; i < (u64)S->nr_channels; i++) {
		struct channel *x = &S->channels[i];

		if (x->is_pipe && !S->keep) {
			sys1(__NR_close, x->read_end);
			sys1(__NR_close, x->write_end);
		}
		ring_close(x);
	}
	S->keep = 0;
	end_processes();
	tell_unfreed();
	tell_log("end");
	put("{\"probe\":\"end\",\"file\":");
	put_json(name);
	put("}");
	flush();
}

/* ------------------------------------------------------------------------------------------------- measurements */

static void bench_step(struct slot *slot, enum op op, u64 pages)
{
	slot->op = op;
	slot->page = pages;
	let_act(slot);
	if (!slot->alive)
		fatal("the measured process was killed", 0);
	if (slot->result < 0)
		fatal("a step of the measurement failed", slot->result);
}

static void read_frames(struct slot *slot, u64 *to, u64 pages)
{
	u64 done = 0;

	while (done < pages * 8) {
		long n = sys4(__NR_pread64, slot->pagemap, (char *)to + done, pages * 8 - done, BENCH / PAGE * 8 + done);

		if (n <= 0)
			fatal("/proc/PID/pagemap cannot be read", n);
		done += n;
	}
}

static void put_ticks(const char *access, u64 pages)
{
	u64 i, j;

	for (i = 0; i < pages; i += 256) {
		put("{\"probe\":\"ticks\",\"access\":\"");
		put(access);
		put("\",\"ticks\":[");
		for (j = i; j < pages && j < i + 256; j++) {
			if (j > i)
				put(",");
			put_number(S->ticks[j]);
		}
		put("]}");
		flush();
	}
}

/* One pass of accesses: ticks of each, faults of all, and how many pages kept the frame they were filled in. */
static void measure(struct slot *slot, enum op op, const char *access, u64 pages)
{
	u64 minor, major, minor_after, major_after, i, kept = 0, changed = 0;
	u64 *now = (u64 *)S->text;

	nap(1000000);
	faults(slot, &minor, &major);
	bench_step(slot, op, pages);
	faults(slot, &minor_after, &major_after);
	put_ticks(access, pages);
	read_frames(slot, now, pages);
	for (i = 0; i < pages; i++) {
		if (!(now[i] & PTE_PRESENT))
			continue;
		if ((now[i] & PTE_FRAME) == (S->frames[i] & PTE_FRAME))
			kept++;
		else
			changed++;
	}
	put("{\"probe\":\"pass\",\"access\":\"");
	put(access);
	put("\",\"pages\":");
	put_number(pages);
	put(",\"kept\":");
	put_number(kept);
	put(",\"changed\":");
	put_number(changed);
	put(",\"minor\":");
	put_number(minor_after - minor);
	put(",\"major\":");
	put_number(major_after - major);
	put("}");
	flush();
}

static void bench_pageout(struct slot *slot, u64 pages)
{
	u64 i, *now = (u64 *)S->text, left = 0;

	bench_step(slot, OP_OUT, pages);
	if (!wait_all_written())
		fatal("writeback does not end", 0);
	drain();
	read_frames(slot, now, pages);
	for (i = 0; i < pages; i++)
		left += now[i] & PTE_PRESENT ? 1 : 0;
	if (left) {
		char message[96];

		fatal(join(message, "MADV_PAGEOUT left ", left, " pages in memory: is the swap device full?"), 0);
	}
}

/*
 * Measures a write to each page of process A after the steps of a request, words of the language: pageout of all pages,
 * fork of B, which never touches them, exit of B. A read is measured too; it is the last step.
 */
static void bench(u64 pages, const struct tokens *request)
{
	struct slot *slot, *sharer = NULL;
	int i, reads = 0;

	if (!pages || pages > MAX_BENCH || pages * 8 > MAX_SCRIPT)
		fatal("the number of pages is out of range", 0);
	S->nr_slots = S->nr_channels = S->nr_charges = 0;
	memset(S->crowded, 0, sizeof(S->crowded));
	S->nr_pages = 0;
	slot = start_process();
	bench_step(slot, OP_MAP, pages);
	bench_step(slot, OP_FILL, pages);
	drain();
	read_frames(slot, S->frames, pages);
	for (i = 2; i < request->count; i++) {
		const char *what = request->at[i];

		if (same(what, "pageout")) {
			bench_pageout(slot, pages);
		} else if (same(what, "fork") && !sharer) {
			sharer = new_slot("B");
			if (fork_to(slot, sharer) < 0)
				fatal("fork failed", slot->result);
		} else if (same(what, "exit") && sharer) {
			sharer->op = OP_EXIT;
			let_act(sharer);
		} else if (same(what, "read") && i == request->count - 1) {
			reads = 1;
		} else {
			fatal("a step that cannot be measured after", 0);
		}
	}
	bench_step(slot, OP_FLOOR, pages);
	put_ticks("floor", pages);
	if (reads)
		measure(slot, OP_READS, "read", pages);
	measure(slot, OP_WRITES, "write", pages);
	end_processes();
	tell_log("end");
	put("{\"probe\":\"end\",\"bench\":");
	put_json(request->at[1]);
	put("}");
	flush();
}

/* ------------------------------------------------------------------------------------------------- guest */

static void load_modules(void)
{
	char path[64];
	u64 i;

	for (i = 0;; i++) {
		long fd = sys3(__NR_open, join(path, "/modules/", i, ".ko"), O_RDONLY | O_CLOEXEC, 0);
		long result;

		if (fd < 0)
			return;
		result = sys3(__NR_finit_module, fd, "", 0);
		sys1(__NR_close, fd);
		if (result < 0 && result != -17)
			fatal(join(path, "/modules/", i, ".ko cannot be loaded"), result);
	}
}

/* The size in KiB of a disk of /proc/partitions ("major minor blocks name" lines behind a heading); makes its node. */
static u64 disk(const char *wanted, const char *node)
{
	const char *line = file_read("/proc/partitions");

	while (*line) {
		const char *at = line;

		while (*at == ' ')
			at++;
		if (*at >= '0' && *at <= '9') {
			u64 major = number_at(at), minor, blocks;

			at = word_at(at, 1);
			minor = number_at(at);
			at = word_at(at, 1);
			blocks = number_at(at);
			at = word_at(at, 1);
			if (starts(at, wanted) && at[length(wanted)] == '\n') {
				sys3(__NR_mknod, node, 0060600, major << 8 | (minor & 0xff) | (minor & ~0xffUL) << 12);
				return blocks;
			}
		}
		while (*line && *line++ != '\n')
			;
	}
	return 0;
}

/* The first of the disks the guest may have been given; NVMe's appears some time after its driver. */
static u64 find_disk(char *name)
{
	static const char names[][8] = { "vda", "nvme0n1", "sda" };
	int tries;
	u64 i, blocks;

	for (tries = 0; tries < 5000; tries++) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			blocks = disk(names[i], "/swap");
			if (blocks) {
				name_copy(name, names[i], 8);
				return blocks;
			}
		}
		nap(1000);
	}
	return 0;
}

/*
 * Makes the last page of the swap disk, which is not swapped to, a partition: what is swapped to may not be written by
 * others, but may by way of another device. Needs no table on the disk, nor a kernel that knows any.
 */
static void start_block(const char *name, u64 blocks)
{
	struct blkpg_partition *partition = (struct blkpg_partition *)S->buffer;
	struct blkpg_ioctl_arg *argument = (struct blkpg_ioctl_arg *)(partition + 1);
	char part[32];
	u64 size = length(name);
	long fd = sys3(__NR_open, "/swap", O_RDWR | O_CLOEXEC, 0);

	if (fd < 0)
		return;
	memset(S->buffer, 0, PAGE);
	partition->start = (blocks / 4 - 1) * PAGE;
	partition->length = PAGE;
	partition->pno = 1;
	argument->op = BLKPG_ADD_PARTITION;
	argument->datalen = sizeof(*partition);
	argument->data = partition;
	if (sys3(__NR_ioctl, fd, BLKPG, argument) == 0) {
		join(part, name, 1, "");
		if (name[size - 1] >= '0' && name[size - 1] <= '9') {
			name_copy(part, name, sizeof(part));
			join(part + size, "p", 1, "");
		}
		if (disk(part, "/block"))
			block_open("/block", 0);
	}
	sys1(__NR_close, fd);
}

static void start_swap(void)
{
	char name[32], path[96];
	u64 blocks = find_disk(name);
	u32 *header = (u32 *)((char *)S->buffer + 1024);
	long fd, result;

	if (!blocks)
		fatal("no disk for swap: build the kernel with CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_BLK, or"
		      " CONFIG_BLK_DEV_NVME, and where they are modules give them along (--modules)", 0);
	/* one readahead and allocation rule for all kernels: older ones take a virtio disk for a rotating one */
	name_copy(path, "/sys/block/", sizeof(path));
	name_copy(path + length(path), name, sizeof(path) - length(path));
	name_copy(path + length(path), "/queue/rotational", sizeof(path) - length(path));
	file_write(path, "0");
	memset(S->buffer, 0, PAGE);
	header[0] = 1;
	header[1] = blocks / 4 - 2; /* the last page swapped to: the one behind it is the block of direct reads */
	copy((char *)S->buffer + PAGE - 10, "SWAPSPACE2", 10);
	fd = sys3(__NR_open, "/swap", O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		fatal("the swap disk cannot be opened", fd);
	result = sys4(__NR_pwrite64, fd, S->buffer, PAGE, 0);
	if (result == (long)PAGE)
		result = sys1(__NR_fsync, fd);
	sys1(__NR_close, fd);
	if (result < 0)
		fatal("the swap disk cannot be written", result);
	start_block(name, blocks);
	result = sys2(__NR_swapon, "/swap", 0);
	if (result < 0)
		fatal("swapon failed: a kernel without CONFIG_SWAP?", result);
}

static void start_guest(void)
{
	long result;

	const u8 fifo = 7; /* on, and empty */

	S->guest = 1;
	if (sys3(__NR_ioperm, PORT_OUT, 1, 1) < 0 || sys3(__NR_ioperm, PORT_EXIT, 1, 1) < 0 ||
	    sys3(__NR_ioperm, PORT_UART, 8, 1) < 0)
		fatal("no I/O ports for user space: a kernel without CONFIG_X86_IOPL_IOPERM", 0);
	S->ports = 1;
	S->batch = sys3(__NR_open, "/requests", O_RDONLY | O_CLOEXEC, 0);
	port_write(PORT_UART + UART_FIFO, &fifo, 1);
	sys2(__NR_mkdir, "/proc", 0755);
	sys2(__NR_mkdir, "/sys", 0755);
	sys2(__NR_mkdir, "/cgroup", 0755);
	result = sys5(__NR_mount, "proc", "/proc", "proc", 0, NULL);
	if (result < 0)
		fatal("/proc cannot be mounted: a kernel without CONFIG_PROC_FS?", result);
	sys5(__NR_mount, "sys", "/sys", "sysfs", 0, NULL);
	if (sys5(__NR_mount, "cgroup", "/cgroup", "cgroup2", 0, NULL) == 0)
		name_copy(S->cgroup, "/cgroup", sizeof(S->cgroup));
	load_modules();
	start_swap();
	file_write("/proc/sys/vm/page-cluster", "0");
	file_write("/proc/sys/kernel/io_uring_disabled", "0");
}

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
		bench(number_at(t.at[1]), &t);
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

void coordinator(long argc, char **argv)
{
	struct new_utsname *uts = (struct new_utsname *)S->buffer;
	long n, bound = 0;

	S->block = -1;
	handle(11, on_segv);
	handle(7, on_segv);
	handle(17, on_child);
	if (sys0(__NR_getpid) == 1) {
		start_guest();
	} else {
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
	put(",\"reclaim\":");
	put(groups_start() ? "true" : "false");
	put(",\"pin\":");
	put(has_pins() ? "true" : "false");
	put(",\"log\":");
	put(S->log >= 0 ? "true" : "false");
	put(",\"dio\":");
	put(S->block >= 0 ? "true" : "false");
	put(",\"pinro\":");
	put(S->gup_test >= 0 ? "true" : "false");
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
