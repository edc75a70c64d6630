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
	u32 looks;   /* CPU 0 is to look at what is written: the page was present before, so a look takes no fault */
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

/* The first thread has the second begin. */
static void act_start_second(struct slot *slot)
{
	struct second *second = &T->of[slot - S->slots];

	second->done = 0;
	slot->result = start_second(slot - S->slots);
	if (slot->result >= 0)
		wait_set(&second->done);
}

static void act_drain(struct slot *slot)
{
	slot->result = drain();
}

/* What the first thread does with an operation when there are two. */
static void act_on_two(struct slot *slot)
{
	struct second *second = &T->of[slot - S->slots];
	u64 *page = (u64 *)address_of(slot, slot->page);
	u32 looks = second->looks;

	second->looks = second->stale = 0;
	if (!slot->on_second) {
		slot->act(slot);
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
		slot->act(slot);
	}
}
