/*
 * Scripts: a step is looked at from outside before and after, and one line of JSON says what has come of it. What an
 * operation does stands in its row (operations.c).
 */
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

/* Why a step cannot be done at all, or NULL. The words are those of the model. */
static const char *refusal(struct step *step)
{
	if (!step->op)
		return "unknown operation";
	if (!step->slot || !step->slot->alive)
		return refusals[REFUSED_GONE];
	if (names_page(step->op) && step->page >= S->nr_pages)
		return "no such page";
	return step->op->refuse ? step->op->refuse(step) : NULL;
}

static int runs_on_second(const struct operation *op)
{
	int i;

	/* the copies of what is pinned go into a batch as well */
	for (i = 0; op->traits & COPIES_PINNED && i < S->nr_channels; i++)
		if (S->channels[i].pinned)
			return 1;
	return op->traits & ON_SECOND;
}

/* Before a step on two CPUs: what takes faults of its own, or else CPU 0 would drain and CPU 1 not. */
static void prepare_two(struct step *step)
{
	struct slot *slot = step->slot;
	struct second *second = &T->of[slot - S->slots];

	if (step->op->traits & DRAINS)
		drain_all();
	if (second->started || !step->on_second)
		return;
	let_act(slot, act_start_second, 0);
	if (slot->alive && slot->result < 0)
		fatal("a second thread cannot be started", slot->result);
	second->started = 1;
}

static void perform(struct step *step)
{
	struct slot *slot = step->slot;
	u64 minor, major;

	step->on_second = runs_on_second(step->op);
	if (S->smp)
		prepare_two(step);
	step->shows_page = names_page(step->op);
	if (step->shows_page)
		step->before = pte(slot, step->page);
	faults(slot, &minor, &major);
	slot->page = step->page;
	if (step->grouped && step->op->traits & ALLOCATES && !enter_group(slot, step->number))
		step->error = "cannot move the process to a cgroup";
	else
		step->error = step->op->run(step);
	if (S->child_died)
		reap();
	if (!slot->alive) {
		step->shows_page = step->has_value = step->has_old = 0;
		step->hole = -1;
		return;
	}
	faults(slot, &step->minor, &step->major);
	step->minor -= minor;
	step->major -= major;
	if (step->shows_page)
		step->after = pte(slot, step->page);
	see(step->before, step->number);
	see(step->after, step->number);
	if (step->group >= 0 && step->after & PTE_SWAPPED)
		remember_charge(step->after, step->group);
	if (step->op->traits & SWAPS && step->after & PTE_PRESENT)
		check_swap();
}

static void put_step(const char *file, const struct step *step)
{
	put("{\"file\":");
	put_json(file);
	put(",\"step\":");
	put_number(step->number);
	put(",\"op\":");
	put_op(step->t);
	if (step->shows_page) {
		int both = step->before & step->after & PTE_PRESENT ? 1 : 0;
		int same_frame = (step->before & PTE_FRAME) == (step->after & PTE_FRAME);

		put(",\"before\":\"");
		put(state_of(step->before));
		put("\",\"after\":\"");
		put(state_of(step->after));
		put("\",\"frame\":\"");
		put(frame_changes[!both ? FRAME_UNKNOWN : same_frame ? FRAME_SAME : FRAME_CHANGED]);
		put("\",\"minor\":");
		put_number(step->minor);
		put(",\"major\":");
		put_number(step->major);
	}
	if (step->has_value) {
		put(",\"value\":");
		put_number(step->value);
	}
	if (step->has_old) {
		put(",\"old\":");
		put_number(step->slot->old);
	}
	if (step->hole >= 0) {
		put(",\"torn\":");
		put_number(step->hole);
	}
	if (step->error) {
		put(",\"error\":");
		put_json(step->error);
	}
	put("}");
	flush();
}

static void run_step(const char *file, int number, struct tokens *t, int grouped)
{
	const struct operation *op = operation(t);
	char killed[96];
	struct step step = { .op = op, .t = t, .number = number, .grouped = grouped, .x = channel_of(op, t),
			     .slot = t->count ? process(t->at[0]) : NULL,
			     .page = t->count > 2 ? number_at(t->at[2]) : 0, .hole = -1, .group = -1 };

	step.error = refusal(&step);
	if (!step.error)
		perform(&step);
	if (casualty(killed))
		step.error = killed;
	put_step(file, &step);
}

/*
 * Runs the script in S->text. A first look at its text tells which pages, pipes and pins it will need: processes inherit
 * them.
 */
static void script(const char *name)
{
	struct tokens t;
	char *line, *next;
	const struct operation *op;
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
		op = operation(&t);
		if (!op)
			continue;
		if (t.count > 2 && names_page(op) && number_at(t.at[2]) < MAX_PAGES)
			S->named[number_at(t.at[2])] = 1;
		if (op->open && channel_of(op, &t))
			op->open(channel_of(op, &t));
		if (op->traits & PRESSES)
			grouped = groups_start();
		swaps |= op->traits & SWAPS;
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
		run_step(name, number++, &t, grouped);
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
