/*
 * The operations of the script language: one row of a table each, with what it does; those of the swap device (pageout,
 * writeout, stall, resume) do it in device.c, those that only scripts of folios have in large.c. All else that runs a
 * script (script.c) asks the row and knows no operation by name.
 */
/* Begins the error of a write on CPU 1 that CPU 0 does not see; the reports know it by these words. */
#define STALE "stale translation"

#define NO_PIN UNAVAILABLE ": needs io_uring"
#define NO_DIO UNAVAILABLE ": needs a device or a file that this kernel reads without its page cache"
#define NO_PINRO UNAVAILABLE ": needs CONFIG_GUP_TEST of v6.2 or newer and debugfs"
#define ONE_PINRO UNAVAILABLE ": CONFIG_GUP_TEST holds one pin at a time"
#define MOVED_APART UNAVAILABLE ": the pages were moved apart, and a pin is of one range"

/* ------------------------------------------------------------------------------------------------- memory */

static void act_read(struct slot *slot)
{
	u64 page, value;
	long hole;

	slot->torn = -1;
	slot->differ = 0;
	for (page = slot->page; page <= slot->last; page++) {
		u64 *at = (u64 *)address_of(slot, page);

		if (access_load(at, &value)) {
			slot->result = -EFAULT;
			return;
		}
		hole = torn(at, 1, value);
		if (slot->torn < 0)
			slot->torn = hole;
		if (page == slot->page)
			slot->value = value;
		slot->differ |= value != slot->value;
	}
}

static const char *run_read(struct step *step)
{
	let_step_act(step);
	if (step->slot->result == -EFAULT)
		return refusals[REFUSED_SEGV];
	step->value = step->slot->value;
	step->has_value = !step->slot->differ;
	step->hole = step->slot->torn;
	return NULL;
}

static void write_page(struct slot *slot, u64 *page, u64 *old, long *hole)
{
	u64 i;

	if (access_store(page, slot->argument)) {
		slot->result = -EFAULT;
		return;
	}
	/*
	 * The fault, if there was one, has left the page writable to this process: looking at it takes no other.
	 * All words but the first still are what a copy, a swap-in or a reuse has made of the page.
	 */
	*old = value_behind(page);
	*hole = page[0] == word(slot->argument, 0) ? torn(page, 1, *old) : 0;
	for (i = 1; i < S->fill; i++)
		page[i] = word(slot->argument, i);
}

static void act_write(struct slot *slot)
{
	u64 page, old;
	long hole;

	slot->torn = -1;
	slot->differ = 0;
	for (page = slot->page; page <= slot->last; page++) {
		write_page(slot, (u64 *)address_of(slot, page), &old, &hole);
		if (slot->result < 0)
			return;
		if (slot->torn < 0)
			slot->torn = hole;
		if (page == slot->page)
			slot->old = old;
		slot->differ |= old != slot->old;
	}
}

static const char *run_write(struct step *step)
{
	struct second *second = S->smp ? &T->of[step->slot - S->slots] : NULL;

	step->slot->argument = number_of(step, 3);
	if (second)
		second->looks = step->before & PTE_PRESENT && step->page == step->last;
	let_step_act(step);
	if (step->slot->result == -EFAULT)
		return refusals[REFUSED_SEGV];
	step->has_old = !step->slot->differ;
	step->hole = step->slot->torn;
	return second && second->stale ? join(step->message, STALE ": CPU 0 still sees ", second->seen, "") : NULL;
}

static const char *run_drain(struct step *step)
{
	const char *error = await_device();

	(void)step;
	/* every other pageout has waited for its writeback */
	if (!error && drain_all() < 0)
		error = "MADV_COLD is missing";
	return error;
}

static long ask_discard(struct slot *slot, u64 page, u64 last)
{
	return sys3(__NR_madvise, address_of(slot, page), (last + 1 - page) * PAGE, MADV_DONTNEED);
}

static void act_discard(struct slot *slot)
{
	over_pages(slot, ask_discard);
}

static const char *run_discard(struct step *step)
{
	return call(step, "madvise: errno ");
}

static long ask_protect(struct slot *slot, u64 page, u64 last)
{
	return sys3(__NR_mprotect, address_of(slot, page), (last + 1 - page) * PAGE,
		    slot->argument ? PROT_READ | PROT_WRITE : PROT_READ);
}

static void act_protect(struct slot *slot)
{
	over_pages(slot, ask_protect);
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
	const char *error = await_device();

	return error ? error : S->folio ? reclaim_folios(step) : reclaim(step->slot, step->page, step->before);
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
	slot->iov.iov_base = (void *)address_of(slot, slot->page);
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
	if (step->slot->result == -EFAULT)
		return refusals[REFUSED_EFAULT];
	if (step->slot->result != (long)PAGE)
		return failed(step, "vmsplice: errno ", step->slot->result);
	x->filled = 1;
	x->page = step->page;
	x->pages = 1;
	return NULL;
}

/* What a device reads through a pin, or the page in a pipe, which is consumed. */
static const char *run_peek(struct step *step)
{
	struct channel *x = step->x;
	long n;

	if (x->pinned && x->test) {
		S->entry[3] = x->pages > 1 ? PINNED : (u64)S->buffer;
		n = sys3(__NR_ioctl, S->gup_test, TEST_PIN_READ, &S->entry[3]);
		if (n < 0)
			return failed(step, "gup_test: errno ", n);
		if (x->pages > 1)
			copy(S->buffer, (void *)(PINNED + step->pinned * PAGE), PAGE);
		n = PAGE;
	} else if (x->pinned) {
		n = ring_transfer(x, step->pinned, IORING_OP_WRITE_FIXED);
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
	slot->result = sys4(__NR_pread64, S->block, address_of(slot, slot->page), PAGE, 0);
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

/* A pin is of addresses one behind the other. */
static const char *torn_apart(const struct step *step)
{
	return run_end(step->slot, step->page, step->last) == step->last ? NULL : MOVED_APART;
}

static void pin_taken(struct step *step)
{
	struct channel *x = step->x;

	x->pinned = 1;
	x->missing = NULL;
	x->page = step->page;
	x->pages = step->last + 1 - step->page;
	x->address = address_of(step->slot, step->page);
}

static void act_pin(struct slot *slot)
{
	slot->iov.iov_base = (void *)address_of(slot, slot->page);
	slot->iov.iov_len = (slot->last + 1 - slot->page) * PAGE;
	slot->result = sys4(__NR_io_uring_register, slot->fd, IORING_REGISTER_BUFFERS, &slot->iov, 1);
}

static const char *run_pin(struct step *step)
{
	struct channel *x = step->x;
	long result;

	x->missing = x->ring < 0 ? NO_PIN : torn_apart(step);
	if (x->missing)
		return x->missing;
	step->slot->fd = x->ring;
	let_step_act(step);
	result = step->slot->result;
	if (result < 0)
		return result == -EFAULT ? refusals[REFUSED_EFAULT] : failed(step, "pin: errno ", result);
	pin_taken(step);
	return NULL;
}

static int can_pinro(void)
{
	return S->gup_test >= 0;
}

static void act_pinro(struct slot *slot)
{
	slot->pin.address = address_of(slot, slot->page);
	slot->pin.size = (slot->last + 1 - slot->page) * PAGE;
	slot->pin.flags = 0;
	slot->result = sys3(__NR_ioctl, S->gup_test, TEST_PIN_START, &slot->pin);
}

static const char *run_pinro(struct step *step)
{
	struct channel *x = step->x;
	const char *error;

	x->missing = !can_pinro() ? NO_PINRO : S->test_pinned ? ONE_PINRO : torn_apart(step);
	if (x->missing)
		return x->missing;
	error = call(step, "gup_test: errno ");
	if (error)
		return step->slot->result == -EFAULT ? refusals[REFUSED_EFAULT] : error;
	pin_taken(step);
	x->test = S->test_pinned = 1;
	return NULL;
}

static const char *run_dma(struct step *step)
{
	long n;

	fill_buffer(number_of(step, 3));
	sys4(__NR_pwrite64, S->data_file, S->buffer, PAGE, 0);
	n = ring_transfer(step->x, step->pinned, IORING_OP_READ_FIXED);
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
	{ "write", "G V", ALLOCATES | ON_SECOND | ACCESSES, .run = run_write, .act = act_write },
	{ "read", "G", ALLOCATES | ON_SECOND | ACCESSES, .run = run_read, .act = act_read },
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
	{ "writeout", "G", ON_SECOND | DRAINS | SWAPS | HOLDS, .can = can_hold, .refuse = refuse_hold,
	  .run = run_writeout, .act = act_pageout },
	{ "stall", "", SWAPS | HOLDS, .can = can_hold, .refuse = refuse_hold, .run = run_stall },
	{ "resume", "", SWAPS | HOLDS, .can = can_hold, .refuse = refuse_hold, .run = run_resume },
	{ "split", "", 0, .run = run_split, .act = act_split },
	{ "keep", "G", 0, .run = run_keep, .act = act_keep },
	{ "share", "G", 0, .run = run_keep, .act = act_share },
	{ "collapse", "", ALLOCATES | DRAINS, .can = can_collapse, .run = run_collapse, .act = act_collapse },
	{ "move", "G", 0, .run = run_move, .act = act_move },
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

/*
 * The pipe or pin that a line names, by what its operation takes; NULL when there is none, or there are too many. Of one
 * that holds several pages, "X.9" is page 9.
 */
static struct channel *channel_of(const struct operation *op, const struct tokens *t)
{
	int at = takes_reference(op) ? 3 : uses_reference(op) ? 2 : t->count;
	char name[32];
	u64 i;

	if (at >= t->count)
		return NULL;
	name_copy(name, t->at[at], sizeof(name));
	for (i = 0; S->folio && name[i]; i++)
		if (name[i] == '.')
			name[i] = 0;
	return channel(name);
}
