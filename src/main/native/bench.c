/*
 * Measurements: accesses to many pages one after the other, each timed. The area is one mapping; slot->page is its size in
 * pages.
 */
enum { WORDS = PAGE / 8 };

static volatile u64 *bench_page(u64 page)
{
	return (u64 *)BENCH + page * WORDS;
}

static void bench_map(struct slot *slot)
{
	long at = sys6(__NR_mmap, BENCH, slot->page * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (at < 0) {
		slot->result = at;
		return;
	}
	sys3(__NR_madvise, BENCH, slot->page * PAGE, S->folio ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	touch(S->ticks, S->ticks + MAX_BENCH);
}

static void bench_fill(struct slot *slot)
{
	u64 i, j;

	for (i = 0; i < slot->page; i++)
		for (j = 0; j < WORDS; j++)
			bench_page(i)[j] = word(i + 1, j);
}

static void bench_out(struct slot *slot)
{
	slot->result = sys3(__NR_madvise, BENCH, slot->page * PAGE, MADV_PAGEOUT);
}

static void bench_reads(struct slot *slot)
{
	u64 i, from;

	for (i = 0; i < slot->page; i++) {
		from = ticks();
		(void)*bench_page(i);
		S->ticks[i] = ticks() - from;
	}
}

static void bench_writes(struct slot *slot)
{
	u64 i, from;

	for (i = 0; i < slot->page; i++) {
		from = ticks();
		*bench_page(i) = i;
		S->ticks[i] = ticks() - from;
	}
}

static void bench_floor(struct slot *slot)
{
	u64 i, from;

	for (i = 0; i < slot->page; i++) {
		from = ticks();
		S->ticks[i] = ticks() - from;
	}
}

static void bench_step(struct slot *slot, void (*act)(struct slot *), u64 pages)
{
	slot->page = pages;
	let_act(slot, act, 0);
	if (!slot->alive)
		fatal("the measured process was killed", 0);
	if (slot->result < 0)
		fatal("a step of the measurement failed", slot->result);
}

static void read_frames(struct slot *slot, u64 *to, u64 pages)
{
	u64 done = 0;

	while (done < pages * 8) {
		long n = sys4(__NR_pread64, slot->pagemap, (char *)to + done, pages * 8 - done, BENCH / PAGE * 8 + done);

		if (n <= 0)
			fatal("/proc/PID/pagemap cannot be read", n);
		done += n;
	}
}

static void put_ticks(const char *access, u64 pages)
{
	u64 i, j;

	for (i = 0; i < pages; i += 256) {
		put("{\"probe\":\"ticks\",\"access\":\"");
		put(access);
		put("\",\"ticks\":[");
		for (j = i; j < pages && j < i + 256; j++) {
			if (j > i)
				put(",");
			put_number(S->ticks[j]);
		}
		put("]}");
		flush();
	}
}

static void put_pass(const char *access, u64 pages, u64 kept, u64 changed, u64 minor, u64 major)
{
	put("{\"probe\":\"pass\",\"access\":\"");
	put(access);
	put("\",\"pages\":");
	put_number(pages);
	put(",\"kept\":");
	put_number(kept);
	put(",\"changed\":");
	put_number(changed);
	put(",\"minor\":");
	put_number(minor);
	put(",\"major\":");
	put_number(major);
	put("}");
	flush();
}

/* One pass of accesses: ticks of each that is timed, faults of all, and how many pages kept the frame they were filled in. */
static void measure(struct slot *slot, void (*act)(struct slot *), const char *access, u64 pages, u64 timed)
{
	u64 minor, major, minor_after, major_after, i, kept = 0, changed = 0;
	u64 *now = (u64 *)S->text;

	nap(1000000);
	faults(slot, &minor, &major);
	bench_step(slot, act, pages);
	faults(slot, &minor_after, &major_after);
	put_ticks(access, timed);
	read_frames(slot, now, pages);
	for (i = 0; i < pages; i++) {
		if (!(now[i] & PTE_PRESENT))
			continue;
		if ((now[i] & PTE_FRAME) == (S->frames[i] & PTE_FRAME))
			kept++;
		else
			changed++;
	}
	put_pass(access, pages, kept, changed, minor_after - minor, major_after - major);
}

static void bench_pageout(struct slot *slot, u64 pages)
{
	u64 i, *now = (u64 *)S->text, left = 0;

	bench_step(slot, bench_out, pages);
	if (!wait_all_written())
		fatal("writeback does not end", 0);
	drain();
	read_frames(slot, now, pages);
	for (i = 0; i < pages; i++)
		left += now[i] & PTE_PRESENT ? 1 : 0;
	if (left) {
		char message[96];

		fatal(join(message, "MADV_PAGEOUT left ", left, " pages in memory: is the swap device full?"), 0);
	}
}

static void bench_end(const char *what)
{
	end_processes();
	tell_log("end");
	put("{\"probe\":\"end\",\"bench\":");
	put_json(what);
	put("}");
	flush();
}

static struct slot *bench_begin(u64 pages)
{
	if (!pages || pages > MAX_BENCH || pages * 8 > MAX_SCRIPT)
		fatal("the number of pages is out of range", 0);
	S->nr_slots = S->nr_channels = S->nr_charges = 0;
	memset(S->crowded, 0, sizeof(S->crowded));
	S->nr_pages = 0;
	return start_process();
}

/*
 * Measures a write to each page of process A after the steps of a request, words of the language: pageout of all pages,
 * fork of B, which never touches them, exit of B. A read is measured too; it is the last step.
 */
static void bench(u64 pages, const struct tokens *request)
{
	struct slot *slot, *sharer = NULL;
	int i, reads = 0;

	slot = bench_begin(pages);
	bench_step(slot, bench_map, pages);
	bench_step(slot, bench_fill, pages);
	drain();
	read_frames(slot, S->frames, pages);
	for (i = 2; i < request->count; i++) {
		const char *what = request->at[i];

		if (same(what, "pageout")) {
			bench_pageout(slot, pages);
		} else if (same(what, "fork") && !sharer) {
			sharer = new_slot("B");
			if (fork_to(slot, sharer, 0) < 0)
				fatal("fork failed", slot->result);
		} else if (same(what, "exit") && sharer) {
			let_act(sharer, act_exit, 0);
		} else if (same(what, "read") && i == request->count - 1) {
			reads = 1;
		} else {
			fatal("a step that cannot be measured after", 0);
		}
	}
	bench_step(slot, bench_floor, pages);
	put_ticks("floor", pages);
	if (reads)
		measure(slot, bench_reads, "read", pages, pages);
	measure(slot, bench_writes, "write", pages, pages);
	bench_end(request->at[1]);
}
