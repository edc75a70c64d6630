/* What a step is, and a row of the table of operations; what the functions that rows name have in common. */
/* A step under way: what is asked for, and what has come of it. */
struct step {
	const struct operation *op;
	struct tokens *t;
	int number;
	int grouped;      /* the script presses on pages, so that what allocates does so in a cgroup of its own */
	int on_second;    /* where there are two CPUs, the thread on CPU 1 does it */
	struct slot *slot;
	struct channel *x;
	u64 page, last;   /* the pages it names; but for those of folios it is one */
	int shows_page;   /* the entries and the faults are part of the result */
	u64 before, after; /* the first page's entry; all are in S->before and S->after */
	u64 minor, major; /* faults */
	int has_value, has_old;
	u64 value;
	long hole;        /* where the page was torn, or -1 */
	int group;        /* of the frame that is paged out, or -1 */
	u64 pinned;       /* which page of a pin of several a device is at */
	s64 events[EVENTS]; /* of folios, that happened meanwhile */
	s64 counted[COUNTERS];
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
	ACCESSES = 64,     /* is an access: its calls of functions can be counted */
	HOLDS = 128,       /* is about a swap device that is held, see device.c */
};

struct operation {
	char word[12];
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

/*
 * Asks the kernel for something of the process's pages: one call for those that lie one behind the other, so mostly one.
 * Nothing is asked of those that the process did not get from its parent: some calls stop at a hole, others go on.
 */
static void over_pages(struct slot *slot, long (*ask)(struct slot *slot, u64 page, u64 last))
{
	u64 page, end;

	for (page = slot->page; page <= slot->last && slot->result >= 0; page = end + 1) {
		end = run_end(slot, page, slot->last);
		if (!S->folio || !bit(slot->absent, page))
			slot->result = ask(slot, page, end);
	}
}
