/*
 * A litmus process, from its own side: it waits for an operation, does it and says so, and meanwhile takes no fault and
 * no page that is not the operation's.
 */
void litmus_process(long index) __attribute__((noreturn, used));
static void act_on_two(struct slot *slot);

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

static int bit(const u64 *bits, u64 page)
{
	return bits[page / 64] >> page % 64 & 1;
}

/* Where a page of the area lies: a base page alone in its VMA, the pages of a folio one behind the other. */
static u64 address_of(const struct slot *slot, u64 page)
{
	if (!S->folio)
		return AREA + page * DISTANCE * PAGE;
	return (bit(slot->moved, page) ? TWIN : AREA) + page * PAGE;
}

/* The last page, up to a given one, of those that lie one behind the other from a page on, with no hole between. */
static u64 run_end(const struct slot *slot, u64 page, u64 last)
{
	while (page < last && address_of(slot, page + 1) == address_of(slot, page) + PAGE &&
	       bit(slot->absent, page + 1) == bit(slot->absent, page))
		page++;
	return page;
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

/* The value that a page carries whose first word says nothing of it; word 2 tells a zero-filled page from one other. */
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

static long map_area(const struct slot *slot)
{
	u64 page;

	if (S->folio) {
		long at = sys6(__NR_mmap, AREA, S->nr_pages * PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		/* EINVAL: a kernel without huge pages, of whose steps none is done */
		sys3(__NR_madvise, at, S->nr_pages * PAGE, MADV_HUGEPAGE);
		return at < 0 ? at : 0;
	}
	for (page = 0; page < S->nr_pages; page++) {
		long at;

		if (!S->named[page])
			continue;
		at = sys6(__NR_mmap, address_of(slot, page), PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		if (at < 0)
			return at;
		/* EINVAL: a kernel without huge pages */
		sys3(__NR_madvise, at, PAGE, MADV_NOHUGEPAGE);
	}
	return 0;
}

/* Of an area of pages that no script has touched the first process maps what the script names; others are its copies. */
static void act_map(struct slot *slot)
{
	slot->result = map_area(slot);
}

static void act_fork(struct slot *slot)
{
	slot->result = spawn((long)slot->argument, CLONE_PARENT);
}

static void act_exit(struct slot *slot)
{
	(void)slot;
	for (;;)
		sys1(__NR_exit_group, 0);
}

static long bind_to(u64 cpu)
{
	u64 mask[16];

	memset(mask, 0, sizeof(mask));
	mask[cpu / 64 % 16] = 1UL << cpu % 64;
	return sys3(__NR_sched_setaffinity, 0, sizeof(mask), mask);
}

/*
 * Drains this CPU's LRU batches. MADV_COLD does so in every kernel from 5.4 on before it looks for pages, and here it
 * finds none: the mapping was never touched. (mlock drains only its own batch since 5.18, a munmap not always.)
 */
static long drain(void)
{
	return sys3(__NR_madvise, DUMMY, PAGE, MADV_COLD);
}

void litmus_process(long index)
{
	struct slot *slot = &S->slots[index];

	sys2(__NR_prctl, PR_SET_PDEATHSIG, 9); /* no probe, no litmus processes */
	if (sys0(__NR_getppid) != S->coordinator)
		sys1(__NR_exit_group, 1); /* it went before that */
	if (S->smp)
		bind_to(0);
	warm(index);
	if (slot->act)
		slot->act(slot);
	for (;;) {
		slot->turn = 0;
		slot->done = 1;
		S->event++;
		futex_wake(&S->event);
		wait_set(&slot->turn);
		slot->result = 0;
		if (S->smp)
			act_on_two(slot);
		else
			slot->act(slot);
	}
}
