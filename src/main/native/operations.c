/*
 * The operations of the script language: one row of a table each, with what it does. All else that runs a script
 * (script.c) asks the row and knows no operation by name.
 */

/* Begins the error of a write on CPU 1 that CPU 0 does not see; the reports know it by these words. */
#define STALE "stale translation"

#define NO_PIN UNAVAILABLE ": needs io_uring"
#define NO_DIO UNAVAILABLE ": needs a device or a file that this kernel reads without its page cache"
#define NO_PINRO UNAVAILABLE ": needs CONFIG_GUP_TEST of v6.2 or newer and debugfs"
#define ONE_PINRO UNAVAILABLE ": CONFIG_GUP_TEST holds one pin at a time"

/* A step under way: what is asked for, and what has come of it. */
struct step {
	const struct operation *op;
	struct tokens *t;
	int number;
	int grouped;      /* the script presses on pages, so that what allocates does so in a cgroup of its own */
	int on_second;    /* where there are two CPUs, the thread on CPU 1 does it */
	struct slot *slot;
	struct channel *x;
	u64 page;
	int shows_page;   /* the entry and the faults are part of the result */
	u64 before, after;
	u64 minor, major; /* faults */
	int has_value, has_old;
	u64 value;
	long hole;        /* where the page was torn, or -1 */
	int group;        /* of the frame that is paged out, or -1 */
	const char *error;
	char message[128];
};

enum {
	ALLOCATES = 1,     /* may take a frame */
	ON_SECOND = 2,     /* looks at memory or puts pages into a batch: done on CPU 1 where there are two, see smp.c */
	COPIES_PINNED = 4, /* is ON_SECOND while a page is pinned */
	DRAINS = 8,        /* its call drains the batches of the CPU it runs on */
	SWAPS = 16,        /* needs room in swap */
	PRESSES = 32,      /* needs cgroups */
};

struct operation {
	char word[8];
	char operands[8];                            /* as Op of Java has them */
	u32 traits;
	int (*can)(void);                            /* whether this kernel can do it; NULL: every kernel can */
	void (*open)(struct channel *x);             /* what its reference needs before any process is there */
	const char *(*refuse)(struct step *step);    /* why it cannot be done at all, or NULL: the words are the model's */
	const char *(*run)(struct step *step);       /* the coordinator's part; the error, or NULL */
	void (*act)(struct slot *slot);              /* the process's part */
};

static int names_page(const struct operation *op)
{
	return op && op->operands[0] == 'G';
}

static int takes_reference(const struct operation *op)
{
	return op && same(op->operands, "G X");
}

static int uses_reference(const struct operation *op)
{
	return op && op->operands[0] == 'X';
}

static u64 number_of(struct step *step, int token)
{
	return step->t->count > token ? number_at(step->t->at[token]) : 0;
}

static void let_step_act(struct step *step)
{
	let_act(step->slot, step->op->act, step->on_second);
}

static const char *failed(struct step *step, const char *what, long result)
{
	return join(step->message, what, -result, "");
}

/* The process does it, by a call that fails with an error number. */
static const char *call(struct step *step, const char *what)
{
	let_step_act(step);
	return step->slot->result < 0 ? failed(step, what, step->slot->result) : NULL;
}

/* ------------------------------------------------------------------------------------------------- memory */

static void act_read(struct slot *slot)
{
	u64 *page = (u64 *)address_of(slot->page);

	if (access_load(page, &slot->value))
		slot->result = -EFAULT;
	else
		slot->torn = torn(page, 1, slot->value);
}

static const char *run_read(struct step *step)
{
	let_step_act(step);
	if (step->slot->result == -EFAULT)
		return refusals[REFUSED_SEGV];
	step->value = step->slot->value;
	step->has_value = 1;
	step->hole = step->slot->torn;
	return NULL;
}

static void act_write(struct slot *slot)
{
	u64 *page = (u64 *)address_of(slot->page);
	u64 i;

	if (access_store(page, slot->argument)) {
		slot->result = -EFAULT;
		return;
	}
	/*
	 * The fault, if there was one, has left the page writable to this process: looking at it takes no other.
	 * All words but the first still are what a copy, a swap-in or a reuse has made of the page.
	 */
	slot->old = value_behind(page);
	slot->torn = page[0] == word(slot->argument, 0) ? torn(page, 1, slot->old) : 0;
	for (i = 1; i < S->fill; i++)
		page[i] = word(slot->argument, i);
}

static const char *run_write(struct step *step)
{
	struct second *second = S->smp ? &T->of[step->slot - S->slots] : NULL;

	step->slot->argument = number_of(step, 3);
	if (second)
		second->looks = step->before & PTE_PRESENT ? 1 : 0;
	let_step_act(step);
	if (step->slot->result == -EFAULT)
		return refusals[REFUSED_SEGV];
	step->has_old = 1;
	step->hole = step->slot->torn;
	return second && second->stale ? join(step->message, STALE ": CPU 0 still sees ", second->seen, "") : NULL;
}

static void act_pageout(struct slot *slot)
{
	slot->result = sys3(__NR_madvise, address_of(slot->page), PAGE, MADV_PAGEOUT);
}

static const char *run_pageout(struct step *step)
{
	const char *error;

	if (!(step->before & PTE_PRESENT))
		return NULL;
	if (step->grouped)
		step->group = group_of_frame(step->before & PTE_FRAME);
	error = call(step, "madvise: errno ");
	if (error)
		return error;
	return wait_frame_written(step->before & PTE_FRAME) ? NULL : "writeback does not end";
}

static const char *run_drain(struct step *step)
{
	(void)step;
	/* every pageout has waited for its writeback */
	return drain_all() < 0 ? "MADV_COLD is missing" : NULL;
}

static void act_discard(struct slot *slot)
{
	slot->result = sys3(__NR_madvise, address_of(slot->page), PAGE, MADV_DONTNEED);
}

static const char *run_discard(struct step *step)
{
	return call(step, "madvise: errno ");
}

static void act_protect(struct slot *slot)
{
	slot->result = sys3(__NR_mprotect, address_of(slot->page), PAGE,
			    slot->argument ? PROT_READ | PROT_WRITE : PROT_READ);
}

static const char *run_protect(struct step *step)
{
	step->slot->argument = step->t->count > 3 && same(step->t->at[3], "rw");
	return call(step, "mprotect: errno ");
}

static int can_reclaim(void)
{
	return groups_start();
}

static const char *run_reclaim(struct step *step)
{
	return reclaim(step->slot, step->page, step->before);
}

/* ------------------------------------------------------------------------------------------------- processes */

static const char *refuse_fork(struct step *step)
{
	struct slot *child = step->t->count > 2 ? process(step->t->at[2]) : NULL;

	return child && child->alive ? refusals[REFUSED_EXISTS] : NULL;
}

static const char *run_fork(struct step *step)
{
	struct slot *child = step->t->count > 2 ? new_slot(step->t->at[2]) : NULL;

	if (!child)
		return "too many processes";
	if (fork_to(step->slot, child, step->on_second) < 0)
		return failed(step, "fork: errno ", step->slot->result);
	if (step->grouped)
		S->crowded[step->number] = crowds(step->slot, child);
	return NULL;
}

static const char *run_exit(struct step *step)
{
	let_step_act(step);
	return NULL;
}

/* ------------------------------------------------------------------------------------------------- references */

static const char *refuse_taking(struct step *step)
{
	return !step->x ? "too many references" : step->x->pinned || step->x->filled ? refusals[REFUSED_BUSY] : NULL;
}

static const char *refuse_empty(struct step *step)
{
	const struct channel *x = step->x;

	return x && (x->pinned || x->filled) ? NULL : x && x->missing ? x->missing : refusals[REFUSED_EMPTY];
}

static const char *refuse_unpin(struct step *step)
{
	const char *empty = refuse_empty(step);

	return empty ? empty : step->x->pinned ? NULL : refusals[REFUSED_EMPTY];
}

static const char *refuse_dma(struct step *step)
{
	const char *empty = refuse_empty(step);

	return empty ? empty : step->x->pinned && !step->x->test ? NULL : refusals[REFUSED_READONLY];
}

static void act_splice(struct slot *slot)
{
	slot->iov.iov_base = (void *)address_of(slot->page);
	slot->iov.iov_len = PAGE;
	slot->result = sys4(__NR_vmsplice, slot->fd, &slot->iov, 1, 2 /* SPLICE_F_NONBLOCK */);
}

static const char *run_splice(struct step *step)
{
	struct channel *x = step->x;

	if (!x->is_pipe)
		return "no pipe";
	step->slot->fd = x->write_end;
	let_step_act(step);
	x->missing = NULL;
	if (step->slot->result != (long)PAGE)
		return failed(step, "vmsplice: errno ", step->slot->result);
	x->filled = 1;
	return NULL;
}

/* What a device reads through a pin, or the page in a pipe, which is consumed. */
static const char *run_peek(struct step *step)
{
	struct channel *x = step->x;
	long n;

	if (x->pinned && x->test) {
		S->entry[3] = (u64)S->buffer;
		n = sys3(__NR_ioctl, S->gup_test, TEST_PIN_READ, &S->entry[3]);
		if (n < 0)
			return failed(step, "gup_test: errno ", n);
		n = PAGE;
	} else if (x->pinned) {
		n = ring_transfer(x, IORING_OP_WRITE_FIXED);
		if (n != (long)PAGE)
			return failed(step, "write_fixed: errno ", n < 0 ? n : -EIO);
		n = sys4(__NR_pread64, S->data_file, S->buffer, PAGE, 0);
	} else {
		n = sys3(__NR_read, x->read_end, S->buffer, PAGE);
		x->filled = 0;
	}
	if (n != (long)PAGE)
		return failed(step, "read: errno ", n < 0 ? n : -EIO);
	step->value = S->buffer[0];
	step->has_value = 1;
	step->hole = torn(S->buffer, 1, step->value);
	return NULL;
}

static int can_dio(void)
{
	return S->block >= 0;
}

static void act_dio(struct slot *slot)
{
	/* nothing here looks at the page: the access would set bits that the device's does not set */
	slot->result = sys4(__NR_pread64, S->block, address_of(slot->page), PAGE, 0);
}

static const char *run_dio(struct step *step)
{
	long n;

	if (!can_dio())
		return S->guest ? NO_DIO : NO_DIO "; TMPDIR may name a folder on a disk";
	n = put_block(number_of(step, 3));
	if (n != (long)PAGE)
		return failed(step, "direct write: errno ", n < 0 ? n : -EIO);
	let_step_act(step);
	n = step->slot->result; /* draining is an operation, too, with a result of its own */
	/*
	 * GUP's slow path activates a page that was accessed before, by way of a batch that holds a reference, but
	 * not in kernels that keep generations (LRU_GEN): so the batches are drained, by definition.
	 */
	drain_all();
	if (n == -EFAULT)
		return refusals[REFUSED_EFAULT];
	return n == (long)PAGE ? NULL : failed(step, "direct read: errno ", n < 0 ? n : -EIO);
}

static void act_pin(struct slot *slot)
{
	slot->iov.iov_base = (void *)address_of(slot->page);
	slot->iov.iov_len = PAGE;
	slot->result = sys4(__NR_io_uring_register, slot->fd, IORING_REGISTER_BUFFERS, &slot->iov, 1);
}

static const char *run_pin(struct step *step)
{
	struct channel *x = step->x;
	long result;

	if (x->ring < 0)
		return x->missing = NO_PIN;
	step->slot->fd = x->ring;
	let_step_act(step);
	result = step->slot->result;
	if (result < 0)
		return result == -EFAULT ? refusals[REFUSED_EFAULT] : failed(step, "pin: errno ", result);
	x->pinned = 1;
	x->missing = NULL;
	x->address = address_of(step->page);
	return NULL;
}

static int can_pinro(void)
{
	return S->gup_test >= 0;
}

static void act_pinro(struct slot *slot)
{
	slot->pin.address = address_of(slot->page);
	slot->pin.size = PAGE;
	slot->pin.flags = 0;
	slot->result = sys3(__NR_ioctl, S->gup_test, TEST_PIN_START, &slot->pin);
}

static const char *run_pinro(struct step *step)
{
	struct channel *x = step->x;
	const char *error;

	x->missing = !can_pinro() ? NO_PINRO : S->test_pinned ? ONE_PINRO : NULL;
	if (x->missing)
		return x->missing;
	error = call(step, "gup_test: errno ");
	if (!error)
		x->pinned = x->test = S->test_pinned = 1;
	return error;
}

static const char *run_dma(struct step *step)
{
	long n;

	fill_buffer(number_of(step, 3));
	sys4(__NR_pwrite64, S->data_file, S->buffer, PAGE, 0);
	n = ring_transfer(step->x, IORING_OP_READ_FIXED);
	return n == (long)PAGE ? NULL : failed(step, "read_fixed: errno ", n < 0 ? n : -EIO);
}

static const char *run_unpin(struct step *step)
{
	long n = unpin(step->x);

	return n < 0 ? failed(step, "unpin: errno ", n) : NULL;
}

/* ------------------------------------------------------------------------------------------------- table */

/* In the order of Op of Java, whose test compares words and operands. */
static const struct operation operations[] = {
	{ "write", "G V", ALLOCATES | ON_SECOND, .run = run_write, .act = act_write },
	{ "read", "G", ALLOCATES | ON_SECOND, .run = run_read, .act = act_read },
	{ "pageout", "G", ON_SECOND | DRAINS | SWAPS, .run = run_pageout, .act = act_pageout },
	{ "drain", "", 0, .run = run_drain },
	{ "fork", "Q", ALLOCATES | COPIES_PINNED, .refuse = refuse_fork, .run = run_fork, .act = act_fork },
	{ "exit", "", DRAINS, .run = run_exit, .act = act_exit },
	{ "discard", "G", DRAINS, .run = run_discard, .act = act_discard },
	{ "protect", "G ro|rw", 0, .run = run_protect, .act = act_protect },
	{ "reclaim", "G", SWAPS | PRESSES, .can = can_reclaim, .run = run_reclaim },
	{ "splice", "G X", ALLOCATES | ON_SECOND, .open = pipe_open, .refuse = refuse_taking, .run = run_splice,
	  .act = act_splice },
	{ "peek", "X", 0, .refuse = refuse_empty, .run = run_peek },
	{ "dio", "G V", ALLOCATES | ON_SECOND, .can = can_dio, .run = run_dio, .act = act_dio },
	{ "pin", "G X", ALLOCATES | ON_SECOND, .can = can_pin, .open = ring_open, .refuse = refuse_taking,
	  .run = run_pin, .act = act_pin },
	{ "pinro", "G X", ALLOCATES | ON_SECOND, .can = can_pinro, .refuse = refuse_taking, .run = run_pinro,
	  .act = act_pinro },
	{ "dma", "X V", 0, .refuse = refuse_dma, .run = run_dma },
	{ "unpin", "X", 0, .refuse = refuse_unpin, .run = run_unpin },
};

enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

/* The operation of a line; NULL when there is none of that name. */
static const struct operation *operation(const struct tokens *t)
{
	int i;

	for (i = 0; t->count > 1 && i < OPERATIONS; i++)
		if (same(operations[i].word, t->at[1]))
			return &operations[i];
	return NULL;
}

/* The pipe or pin that a line names, by what its operation takes; NULL when there is none, or there are too many. */
static struct channel *channel_of(const struct operation *op, const struct tokens *t)
{
	int at = takes_reference(op) ? 3 : uses_reference(op) ? 2 : t->count;

	return at < t->count ? channel(t->at[at]) : NULL;
}
