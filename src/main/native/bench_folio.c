/*
 * Measurements of large folios: the area of bench.c is one VMA of as many folios of one size as fill it. Written are the
 * pages that are left of each, S->left from its first on, each write timed; so a folio's cost is the sum of its writes',
 * whether one fault answers for all of them or each takes one.
 */
#define SPLIT_OUT UNAVAILABLE ": a folio was split as it was swapped out"

enum { ROUNDS = 5 };

static void bench_folio_writes(struct slot *slot)
{
	u64 i, from, timed = 0;

	for (i = 0; i < slot->page; i++) {
		if (i % S->folio >= S->left)
			continue;
		from = ticks();
		*bench_page(i) = i;
		S->ticks[timed++] = ticks() - from;
	}
}

/* Page-table entries take the place of PMD entries: as act_split(), of each folio. */
static void bench_split(struct slot *slot)
{
	u64 i;

	for (i = 0; i < slot->page && slot->result >= 0; i += S->folio) {
		slot->result = sys3(__NR_mprotect, bench_page(i), PAGE, PROT_READ);
		if (slot->result >= 0)
			slot->result = sys3(__NR_mprotect, bench_page(i), PAGE, PROT_READ | PROT_WRITE);
	}
}

static void bench_discard(struct slot *slot)
{
	u64 i;

	for (i = 0; i < slot->page && slot->result >= 0; i += S->folio)
		slot->result = sys3(__NR_madvise, bench_page(i + S->left), (S->folio - S->left) * PAGE, MADV_DONTNEED);
}

/* The parent's side of a fork. */
static void bench_fork(struct slot *slot)
{
	u64 from = ticks();

	act_fork(slot);
	slot->value = ticks() - from;
}

static void bench_exit(struct slot *slot)
{
	slot->value = ticks();
	act_exit(slot);
}

/* Fills the area anew, and looks whether it came in folios of the size; why not, or NULL. Notes the frames. */
static const char *bench_refill(struct slot *slot, u64 pages, int split)
{
	u64 i;

	bench_step(slot, bench_map, pages);
	bench_step(slot, bench_fill, pages);
	if (split)
		bench_step(slot, bench_split, pages);
	drain();
	read_frames(slot, S->frames, pages);
	for (i = 0; i < pages; i += S->folio) {
		u64 frame = S->frames[i] & PTE_FRAME;

		if (head_of(frame) != frame || pages_of(frame) != S->folio)
			return NO_MEMORY;
	}
	return NULL;
}

/*
 * Forks and exits of a child that touches nothing, by turns with the area empty and filled: what both have in common, a
 * process and the waking of one, is what the empty ones cost. Each fork is the first since the folios were made.
 */
static const char *bench_forks(struct slot *slot, u64 pages, int split)
{
	static const char accesses[4][12] = { "fork-empty", "exit-empty", "fork", "exit" };
	u32 times[4][ROUNDS];
	const char *why;
	int round, filled, i;

	for (round = 0; round < ROUNDS; round++) {
		for (filled = 0; filled < 2; filled++) {
			struct slot *child = new_slot("B");

			if (filled) {
				why = bench_refill(slot, pages, split);
				if (why)
					return why;
			} else {
				bench_step(slot, bench_map, pages);
			}
			nap(1000000);
			slot->argument = child - S->slots;
			let_act(slot, bench_fork, 0);
			if (slot->result < 0 || !child->pid)
				fatal("fork failed", slot->result);
			times[2 * filled][round] = slot->value;
			adopt(child);
			nap(1000000);
			let_act(child, bench_exit, 0);
			times[2 * filled + 1][round] = ticks() - child->value;
		}
	}
	for (i = 0; i < 4; i++) {
		for (round = 0; round < ROUNDS; round++)
			S->ticks[round] = times[i][round];
		put_ticks(accesses[i], ROUNDS);
		put_pass(accesses[i], pages, 0, 0, 0, 0);
	}
	return NULL;
}

/* What a request asks for; why the kernel cannot do it, or NULL. */
static const char *bench_steps(struct slot *slot, u64 pages, const struct tokens *request)
{
	s64 before[EVENTS], after[EVENTS];
	struct slot *sharer = NULL;
	int i, event, split = request->count > 4 && same(request->at[4], "split");
	const char *why = bench_refill(slot, pages, split);

	if (why)
		return why;
	for (i = 4 + split; i < request->count; i++) {
		const char *what = request->at[i];

		if (same(what, "pageout")) {
			if (S->no_swap)
				return S->no_swap;
			count_events(before);
			bench_pageout(slot, pages);
			count_events(after);
			for (event = 0; event < EVENTS; event++)
				if (same(events[event].member, "swpout_fallback") && after[event] != before[event])
					return SPLIT_OUT;
		} else if (same(what, "fork") && !sharer) {
			sharer = new_slot("B");
			if (fork_to(slot, sharer, 0) < 0)
				fatal("fork failed", slot->result);
		} else if (same(what, "exit") && sharer) {
			let_act(sharer, act_exit, 0);
		} else if (same(what, "discard-half") || same(what, "discard-rest")) {
			S->left = same(what, "discard-half") ? S->folio / 2 : 1;
			bench_step(slot, bench_discard, pages);
		} else if (same(what, "timed")) {
			bench_step(slot, bench_floor, ROUNDS);
			put_ticks("floor", ROUNDS);
			return bench_forks(slot, pages, split);
		} else {
			fatal("a step that cannot be measured after", 0);
		}
	}
	pages = pages / S->folio * S->left;
	bench_step(slot, bench_floor, pages);
	put_ticks("floor", pages);
	measure(slot, bench_folio_writes, "write", pages / S->left * S->folio, pages);
	return NULL;
}

/*
 * bench PAGES folio KIB [split] STEP...: writes of process A, as bench(), to folios of that size; discard-half and
 * discard-rest give back the end of each first; "timed" instead of steps times fork and exit. Where the kernel has no such
 * folios, or does not keep them whole, it says why.
 */
static void bench_folios(u64 pages, const struct tokens *request)
{
	u64 kib = number_at(request->at[3]);
	const char *why = folios_start(kib);
	struct slot *slot;

	if (!why) {
		if (pages % (kib * 1024 / PAGE))
			fatal("the number of pages is not one of whole folios", 0);
		slot = bench_begin(pages);
		S->folio = S->left = kib * 1024 / PAGE;
		/* unlike a script's, this area has room for the largest */
		if (kib < PMD_KIB)
			enable(PMD_KIB, "never");
		S->no_folio = NULL;
		why = bench_steps(slot, pages, request);
		enable(PMD_KIB, "madvise");
		folios_end();
		S->folio = 0;
	}
	if (why) {
		put("{\"probe\":\"lacking\",\"why\":");
		put_json(why);
		put("}");
		flush();
	}
	bench_end(request->at[1]);
}
