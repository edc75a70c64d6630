/*
 * What the probe's processes share. Apart from the area under test they write to one mapping alone, struct shared, which
 * is not private and stands at a fixed address: stacks, commands, buffers. A fork therefore leaves the probe with nothing
 * to copy on write, and no step allocates an anonymous page of the probe's own. That matters twice over: the faults
 * counted are those of the step alone, and the CPU's LRU batches, whose references decide some reuse rules, hold pages
 * under test only.
 */
#ifndef COWBENCH_SHARED_H
#define COWBENCH_SHARED_H

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
#include <linux/perf_event.h>
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
	/* the first six, MOST_COUNTED and MAX_ASKS stand in Java too: ProbeLimitsTest compares them */
	MAX_PROCESSES = 32, /* that live at once */
	MAX_PAGES = 1024,
	MAX_CHANNELS = 32,
	MAX_SCRIPT = 1024 * 1024,
	MAX_BENCH = 65536, /* pages */
	MAX_GROUPS = 256,
	MAX_CHARGES = 1024,
	MAX_FRAMES = 4096,
	MAX_FOLIO = 512, /* pages of the largest folio */
	LONG_PAGEOUT = 64, /* pages, as in Op of Java */
	MOST_COUNTED = 8, /* functions of the kernel whose calls by a program are counted */
	MOST_THREADS = 32, /* of a program, that are counted for them */
	MAX_ASKS = 16, /* kinds of requests of a load */
	COUNTERS = 5,
	STACK = 32 * 1024,
	TEXT = 64 * 1024,
};

/*
 * Of two pages of the area, in pages: each is alone in its VMA. Odd, so that an area of 64 pages has one at each place
 * modulo 64, and not every page of a small one at the same place of its table.
 */
enum { DISTANCE = 17 };

/* Aligned to the largest folio, and so is the twin, where pages go that are moved. */
#define AREA 0x100000000000UL
#define TWIN (AREA + (1UL << 30))
#define BENCH 0x180000000000UL
#define SHARED 0x200000000000UL
#define SECONDS 0x280000000000UL
#define DUMMY 0x300000000000UL
#define BALLAST (DUMMY + 16 * PAGE)
#define BAIT (DUMMY + (1UL << 30))
#define PINNED (DUMMY + (2UL << 30))

#define PTE_PRESENT (1UL << 63)
#define PTE_SWAPPED (1UL << 62)
#define PTE_FRAME ((1UL << 55) - 1)

#define KPF_SWAPCACHE (1UL << 13)
#define KPF_WRITEBACK (1UL << 8)
#define KPF_MMAP (1UL << 11)
#define KPF_ANON (1UL << 12)
#define KPF_HEAD (1UL << 15)
#define KPF_TAIL (1UL << 16)

/* The interface of the kernel's own tests, /sys/kernel/debug/gup_test: one long-term pin at a time, which may only read. */
struct test_pin {
	u64 address, size;
	u32 flags; /* 0: for reading, by GUP's slow path */
};

#define TEST_PIN_START _IOW('g', 7, struct test_pin)
#define TEST_PIN_STOP _IO('g', 8)
#define TEST_PIN_READ _IOW('g', 9, u64)

/* Begins the error of a step that this kernel has no way to do; the reports know it by its first word. */
#define UNAVAILABLE "unavailable"

/* The words of the results that the model has too: EntryState, FrameChange and Refusal of Java, whose test compares. */
enum { ENTRY_NONE, ENTRY_PRESENT, ENTRY_SWAPPED, ENTRY_MIXED };
static const char entry_states[][8] = { "none", "present", "swapped", "mixed" };

enum { FRAME_UNKNOWN, FRAME_SAME, FRAME_CHANGED, FRAME_MIXED };
static const char frame_changes[][8] = { "-", "same", "changed", "mixed" };

enum { REFUSED_GONE, REFUSED_EXISTS, REFUSED_BUSY, REFUSED_EMPTY, REFUSED_READONLY, REFUSED_SEGV, REFUSED_EFAULT };
static const char refusals[][9] = { "gone", "exists", "busy", "empty", "readonly", "segv", "efault" };

/* Where pages go that leave memory: SwapDevice of Java, whose test compares. */
enum { SWAP_DISK, SWAP_ZRAM, SWAP_NONE, SWAP_DEVICES };
static const char swap_devices[][5] = { "disk", "zram", "none" };

/* One litmus process. */
struct slot {
	u32 turn;         /* the process's futex: 1 while it has an operation to do */
	u32 done;
	void (*act)(struct slot *); /* the operation: what the process does itself, with result 0 unless it says otherwise */
	u32 on_second;    /* where there are two CPUs, its second thread does it */
	u32 alive;
	u32 ended;        /* it is no more, and has been waited for: with this status */
	int status;
	int pid;
	int pagemap;
	u64 page, last;   /* the operation's pages; but for those of folios it is one */
	/* a bit for each page of a folio: it lies in the twin area, children do not get it, this process did not get it */
	u64 moved[MAX_FOLIO / 64], kept[MAX_FOLIO / 64], absent[MAX_FOLIO / 64];
	u64 argument;
	int fd;
	long result;
	u64 value;
	u64 old;          /* what the page held when a write's store had just been made */
	u32 differ;       /* not all pages carried that value */
	long torn;        /* the first word that was not the page's value, or -1 */
	struct iovec iov;
	struct test_pin pin;
	int events[COUNTERS]; /* what counts its calls of a function; 0: not yet, below 0: nothing can */
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
	u64 page, pages; /* the pages that are pinned */
	u64 address; /* of the first of them, as it was registered */
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
	int coordinator;  /* its process */
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
	int can_hold;     /* whether the swap device can be held; 0: not known yet, below 0: it cannot */
	int held;         /* whether it is, see device.c */
	int held_groups;  /* the cgroups that it is held for; 0: the script does not hold it */
	char crowded[MAX_GROUPS]; /* by the step that charged it: holds several frames */
	char cgroup[128];
	struct slot slots[MAX_PROCESSES];
	struct channel channels[MAX_CHANNELS];
	int nr_channels;
	int nr_slots;
	u64 nr_pages;
	u64 folio;        /* pages of a folio, which the area is one of; 0: the script is of base pages, each alone in a VMA */
	u64 left;         /* pages of each measured folio that are mapped, from its first on */
	int folios_ready; /* the kernel is set up for folios; below 0: it cannot be */
	char why[96];
	const char *no_folio; /* why this script's steps are not done */
	const char *no_swap;  /* why those are not done that swap */
	int swap;         /* where pages go that leave memory */
	const char *no_zram; /* why a guest that should swap to zram does not */
	char disk[32];    /* what a guest swaps to */
	int rotates;      /* it did when it was swapped to, by which the kernel goes from then on */
	u32 asked;        /* the counters that the script asks for, a bit each */
	u32 kprobes;      /* the type of perf events on kprobes */
	s64 in_swap[COUNTERS]; /* what there was before the script */
	const char *uncounted[COUNTERS]; /* why there is no such number */
	char why_uncounted[COUNTERS][160];
	u8 named[MAX_PAGES]; /* the pages that the script names: no others are mapped, which in a large area takes time */
	u32 keep;         /* pipes are not closed at the end of the script: for a test that wants a page that is not freed */
	u64 fill;         /* words that a write fills: all, except for a test that wants torn pages */
	struct charge charges[MAX_CHARGES];
	int nr_charges;
	struct sight seen[MAX_FRAMES];
	int nr_seen;
	int last_seen;
	struct {
		char name[64];
		int threads;
		long events[MOST_THREADS]; /* one a thread */
	} app_calls[MOST_COUNTED]; /* functions whose calls by that program are counted */
	int app_counted;
	int app, app_socket; /* the program under load, 0 when it does not run, and the connection to it */
	u64 ask_size[MAX_ASKS];   /* of its requests, and where in each the key goes, or below 0 */
	long ask_key[MAX_ASKS];
	char line[4096];
	u64 line_length;
	char scratch[TEXT];
	u64 entry[8];
	u64 before[MAX_FOLIO], after[MAX_FOLIO]; /* the entries of a step's pages */
	u64 others[MAX_FOLIO]; /* entries or flags of frames that are looked at meanwhile */
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

#endif
