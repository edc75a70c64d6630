/*
 * The coordinator's side of the litmus processes: it orders everything. Each is a real process that sleeps on a futex
 * until it is handed an operation, so that one step runs at a time.
 */
/* Takes note of all processes that have ended: one signal may tell of several. */
static void reap(void)
{
	int status, i, n;
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
			for (n = 0; n < COUNTERS; n++)
				if (slot->events[n] > 0)
					sys1(__NR_close, slot->events[n]);
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

/* Has the process do something, on CPU 1 if there are two and it belongs there. */
static void let_act(struct slot *slot, void (*act)(struct slot *), int on_second)
{
	slot->act = act;
	slot->on_second = on_second;
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
		let_act(slot, act_drain, 1);
	} else if (slot) {
		bind_to(1);
		drain();
		bind_to(0);
	}
	return drain();
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

/* A fork; one that copies pages, as they are pinned, does it where pages are taken. */
static long fork_to(struct slot *slot, struct slot *child, int copies)
{
	int i;

	slot->argument = child - S->slots;
	for (i = 0; i < MAX_FOLIO / 64; i++) {
		child->moved[i] = slot->moved[i];
		child->absent[i] = slot->absent[i] | slot->kept[i];
	}
	let_act(slot, act_fork, copies);
	if (child->pid)
		adopt(child);
	return slot->result < 0 ? slot->result : 0;
}

/* Starts the first process, A. */
static struct slot *start_process(void)
{
	struct slot *first = new_slot("A");
	long pid;

	first->act = act_map;
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

		if (slot->alive)
			let_act(slot, act_exit, 0);
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
