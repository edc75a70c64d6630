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
	if (S->no_folio)
		return S->no_folio;
	if (!step->slot || !step->slot->alive)
		return refusals[REFUSED_GONE];
	if (S->no_swap && step->op->traits & SWAPS)
		return S->no_swap;
	if (names_page(step->op) && (step->page > step->last || step->last >= S->nr_pages))
		return "no such page";
	if (step->pinned && (!step->x || step->pinned >= step->x->pages))
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

/* The entries of a step's pages, as the acting process has them. */
static u64 look(struct step *step, u64 *entries)
{
	ptes(step->slot, step->page, step->last, entries);
	return entries[0];
}

/* Takes note of a step's frames, of those that stay where they are once. */
static void see_all(const struct step *step)
{
	u64 i;

	for (i = 0; i <= step->last - step->page; i++) {
		see(S->before[i], step->number);
		if (!i || change_of(S->before[i], S->after[i]) != FRAME_SAME)
			see(S->after[i], step->number);
	}
}

static void run_counted(struct step *step)
{
	if (S->asked)
		count_begin(step);
	step->error = step->op->run(step);
	if (S->asked)
		count_end(step);
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
		step->before = look(step, S->before);
	faults(slot, &minor, &major);
	slot->page = step->page;
	slot->last = step->last;
	if (step->grouped && step->op->traits & ALLOCATES && !enter_group(slot, step->number))
		step->error = "cannot move the process to a cgroup";
	else
		run_counted(step);
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
	if (!step->shows_page)
		return;
	step->after = look(step, S->after);
	see_all(step);
	if (step->group >= 0 && step->after & PTE_SWAPPED)
		remember_charge(step->after, step->group);
	if (step->op->traits & SWAPS && step->after & PTE_PRESENT)
		check_swap();
}

/* A step of a script of folios: what happened to any of them meanwhile is part of what is seen. */
static void perform_on_folios(struct step *step)
{
	s64 before[EVENTS], after[EVENTS];
	int i;

	count_events(before);
	perform(step);
	count_events(after);
	for (i = 0; i < EVENTS; i++)
		step->events[i] = before[i] < 0 || after[i] < 0 ? -1 : after[i] - before[i];
	if (!step->error && step->events[FALLBACK] > 0)
		step->error = NO_MEMORY;
}

/* What all entries have in common, or MIXED. */
static void put_entries(const struct step *step)
{
	u64 i, count = step->last + 1 - step->page;
	int before = state_of(S->before[0]), after = state_of(S->after[0]), frame = change_of(S->before[0], S->after[0]);

	for (i = 1; i < count; i++) {
		before = before == state_of(S->before[i]) ? before : ENTRY_MIXED;
		after = after == state_of(S->after[i]) ? after : ENTRY_MIXED;
		frame = frame == change_of(S->before[i], S->after[i]) ? frame : FRAME_MIXED;
	}
	put(",\"before\":\"");
	put(entry_states[before]);
	put("\",\"after\":\"");
	put(entry_states[after]);
	put("\",\"frame\":\"");
	put(frame_changes[frame]);
	put("\"");
	put_member("minor", step->minor);
	put_member("major", step->major);
}

static void put_folio(const struct step *step)
{
	int i;

	if (step->shows_page) {
		struct sighting seen = sighting_of(step->slot, step->page, step->after);

		put(",\"folio\":\"");
		put(seen.kind);
		put("\"");
		put_member("order", seen.order);
		if (step->after & PTE_PRESENT)
			put(seen.cached ? ",\"cached\":true" : ",\"cached\":false");
	}
	for (i = 0; i < FALLBACK; i++)
		if (step->events[i] >= 0)
			put_member(events[i].member, step->events[i]);
}

static void put_step(const char *file, const struct step *step)
{
	put("{\"file\":");
	put_json(file);
	put_member("step", step->number);
	put(",\"op\":");
	put_op(step->t);
	if (step->shows_page)
		put_entries(step);
	if (S->folio)
		put_folio(step);
	if (S->asked && !step->error)
		put_counters(step);
	if (step->has_value)
		put_member("value", step->value);
	if (step->has_old)
		put_member("old", step->slot->old);
	if (step->hole >= 0)
		put_member("torn", step->hole);
	if (step->error) {
		put(",\"error\":");
		put_json(step->error);
	}
	put("}");
	flush();
}

/* Which pages a line names: one, "all", or "FIRST-LAST". */
static void read_pages(struct step *step, const char *word)
{
	const char *end = word;

	if (S->folio && same(word, "all")) {
		step->last = S->nr_pages - 1;
		return;
	}
	while (*end >= '0' && *end <= '9')
		end++;
	step->page = number_at(word);
	step->last = S->folio && *end == '-' ? number_at(end + 1) : step->page;
}

/* Which page of a pin of several a line names, counted from its first: "X.9" is page 9 of the area. */
static void read_pinned(struct step *step, const char *word)
{
	while (*word && *word != '.')
		word++;
	if (*word && step->x && step->x->pages)
		step->pinned = number_at(word + 1) - step->x->page;
}

static void run_step(const char *file, int number, struct tokens *t, int grouped)
{
	const struct operation *op = operation(t);
	char killed[96];
	struct step step = { .op = op, .t = t, .number = number, .grouped = grouped, .x = channel_of(op, t),
			     .slot = t->count ? process(t->at[0]) : NULL,
			     .hole = -1, .group = -1 };

	if (names_page(op) && t->count > 2)
		read_pages(&step, t->at[2]);
	if (S->folio && uses_reference(op) && t->count > 2)
		read_pinned(&step, t->at[2]);
	step.error = refusal(&step);
	if (!step.error && S->folio)
		perform_on_folios(&step);
	else if (!step.error)
		perform(&step);
	if (casualty(killed))
		step.error = killed;
	put_step(file, &step);
}

/* The swap device that a line says the script is for, or -1; a process may be called so, too. */
static int named_swap(const struct tokens *t)
{
	int device;

	if (t->count != 2 || !same(t->at[0], "swap"))
		return -1;
	for (device = SWAP_DEVICES - 1; device >= 0 && !same(t->at[1], swap_devices[device]); device--)
		;
	return device;
}

/* The script is of folios of this size. */
static void folio_header(u64 kib)
{
	S->no_folio = folios_start(kib);
	S->folio = S->nr_pages = S->no_folio ? LEAST_KIB * 1024 / PAGE : kib * 1024 / PAGE;
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
	int number = 0, steps = 0, grouped = 0, swaps = 0, holds = 0, device = -1;
	u32 asked = 0;

	S->nr_slots = S->nr_channels = S->nr_charges = S->nr_seen = 0;
	memset(S->crowded, 0, sizeof(S->crowded));
	S->nr_pages = 1;
	S->folio = 0;
	S->no_folio = S->no_swap = NULL;
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
		if (t.count == 2 && same(t.at[0], "folio")) {
			folio_header(number_at(t.at[1]));
			continue;
		}
		if (named_swap(&t) >= 0)
			device = named_swap(&t);
		asked |= asked_counters(&t);
		op = operation(&t);
		if (!op)
			continue;
		if (t.count > 2 && names_page(op) && number_at(t.at[2]) < MAX_PAGES)
			S->named[number_at(t.at[2])] = 1;
		if (op->open && channel_of(op, &t))
			op->open(channel_of(op, &t));
		if (op->traits & (PRESSES | HOLDS))
			grouped = groups_start();
		swaps |= op->traits & SWAPS;
		holds |= op->traits & HOLDS;
		steps++;
	}
	if (holds && can_hold())
		hold_start(steps);
	if (S->nr_pages > MAX_PAGES)
		S->nr_pages = MAX_PAGES;
	if (lacks_swap(device))
		S->no_swap = lacks_swap(device);
	else if (swaps)
		check_swap();
	tell_log("before");
	start_process();
	counters_start(asked);
	for (line = S->text; *line; line = next) {
		next = split(line, &t);
		if (!t.count || same(t.at[0], "pages") || same(t.at[0], "folio") || named_swap(&t) >= 0 ||
		    asked_counters(&t))
			continue;
		run_step(name, number++, &t, grouped);
		tell_log("step");
	}
	hold_end();
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
	folios_end();
	tell_unfreed();
	tell_log("end");
	put("{\"probe\":\"end\",\"file\":");
	put_json(name);
	put("}");
	flush();
}
