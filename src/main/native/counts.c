/*
 * What a step did that no entry shows: calls of functions of the kernel, which a perf event counts on a kprobe, of the
 * acting process alone, so that the coordinator's own are not among them; and what has been left in swap. Nothing is
 * counted unless the script asks ("count drains"). What this kernel cannot count is told with the reason, as a number
 * would be.
 */
#define NO_KPROBES UNAVAILABLE ": needs CONFIG_KPROBE_EVENTS and CONFIG_PERF_EVENTS"
#define NO_FUNCTION UNAVAILABLE ": this kernel has no function to count of that name, or the compiler has put it into" \
	" its callers: "
#define NO_EVENT UNAVAILABLE ": the kernel refuses the perf event, be root; errno "
#define NO_TWO_CPUS UNAVAILABLE ": calls are counted on one CPU only; run the script without --cpus 2"
#define NO_OTHERS UNAVAILABLE ": pages of other programs would be counted too; run the script in a guest"
#define NO_EARLIER UNAVAILABLE ": pages of earlier scripts have left swap meanwhile; run the script alone"
#define NO_SLOTS UNAVAILABLE ": up to v6.14 each CPU keeps free slots back (0ff67f990bd4), and none can be told from one" \
	" in use"

/* In the order of StepCounter of Java, whose test compares. Those of functions come first. */
static const struct {
	char word[12];
	char function[24];
} counters[] = {
	{ "copies", "wp_page_copy" },
	{ "drains", "lru_add_drain" },
	{ "tlb", "flush_tlb_mm_range" },
	{ "swapcache", "" },
	{ "slots", "" },
};

static int is_called(int i)
{
	return counters[i].function[0];
}

/* Which counters a line asks for, a bit each; 0: it is no such line. */
static u32 asked_counters(const struct tokens *t)
{
	u32 asked = 0;
	int i, n;

	if (t->count < 2 || !same(t->at[0], "count"))
		return 0;
	for (n = 1; n < t->count; n++) {
		for (i = 0; i < COUNTERS && !same(t->at[n], counters[i].word); i++)
			;
		if (i == COUNTERS)
			return 0;
		asked |= 1U << i;
	}
	return asked;
}

/* An event that counts a thread's calls of a function from now on; below 0: it cannot be had. */
static long event_open(const char *function, long thread)
{
	struct perf_event_attr event;

	memset(&event, 0, sizeof(event));
	event.size = sizeof(event);
	event.type = S->kprobes;
	event.kprobe_func = (u64)function;
	return sys5(__NR_perf_event_open, &event, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* The same, by the name that the compiler may have given the function instead. */
static long function_open(const char *function, long thread)
{
	static const char suffixes[][16] = { "", ".isra.0", ".constprop.0" };
	char name[64];
	long event = -ENOENT;
	u64 i;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && event < 0; i++) {
		name_copy(name, function, sizeof(name));
		name_copy(name + length(name), suffixes[i], sizeof(name) - length(name));
		event = event_open(name, thread);
	}
	return event;
}

/* Why calls cannot be counted at all, or NULL. */
static const char *no_kprobes(void)
{
	const char *type = file_read("/sys/bus/event_source/devices/kprobe/type");

	S->kprobes = number_at(type);
	return *type ? NULL : NO_KPROBES;
}

/* Whether this kernel keeps slots back that nobody uses: it has the function that gives one back. */
static int keeps_slots(void)
{
	long event;

	if (no_kprobes())
		return 1;
	event = function_open("free_swap_slot", 0);
	if (event >= 0)
		sys1(__NR_close, event);
	return event >= 0;
}

/* Pages in the swap cache. */
static s64 swap_cache_pages(void)
{
	/* folds the per-CPU differences */
	file_write("/proc/sys/vm/stat_refresh", "1");
	return field(file_read("/proc/meminfo"), "SwapCached") * 1024 / PAGE;
}

/* Slots in use of all swap devices. */
static s64 slots_used(void)
{
	const char *line = file_read("/proc/swaps");
	s64 used = 0;

	while (*line) {
		while (*line && *line++ != '\n')
			;
		used += number_at(behind_word(behind_word(behind_word(line))));
	}
	return used * 1024 / (s64)PAGE;
}

static s64 in_swap(int i)
{
	return same(counters[i].word, "slots") ? slots_used() : swap_cache_pages();
}

/* Before a script: what it asks for, and what there was before it. */
static void counters_start(u32 asked)
{
	int i;

	S->asked = asked;
	for (i = 0; i < COUNTERS; i++) {
		S->uncounted[i] = NULL;
		if (!(asked & 1U << i))
			continue;
		if (is_called(i))
			S->uncounted[i] = S->smp ? NO_TWO_CPUS : no_kprobes();
		else if (!S->guest)
			S->uncounted[i] = NO_OTHERS;
		else if (same(counters[i].word, "slots") && keeps_slots())
			S->uncounted[i] = NO_SLOTS;
		else
			S->in_swap[i] = in_swap(i);
	}
}

static s64 calls_of(const struct slot *slot, int i)
{
	S->entry[4] = 0;
	sys3(__NR_read, slot->events[i], &S->entry[4], 8);
	return S->entry[4];
}

static int counts_calls(const struct step *step, int i)
{
	return S->asked & 1U << i && is_called(i) && !S->uncounted[i] && step->op->traits & ACCESSES;
}

/* A process keeps what counts its calls: to set it up takes longer than a step. */
static void keep_event(struct slot *slot, int i)
{
	char *why = S->why_uncounted[i];
	long event;

	if (slot->events[i])
		return;
	event = slot->events[i] = function_open(counters[i].function, slot->pid);
	if (event >= 0)
		return;
	S->uncounted[i] = why;
	if (event != -ENOENT) {
		join(why, NO_EVENT, -event, "");
		return;
	}
	name_copy(why, NO_FUNCTION, sizeof(S->why_uncounted[i]));
	name_copy(why + length(why), counters[i].function, sizeof(counters[i].function));
}

static void count_begin(struct step *step)
{
	int i;

	for (i = 0; i < COUNTERS; i++) {
		if (counts_calls(step, i))
			keep_event(step->slot, i);
		if (counts_calls(step, i))
			step->counted[i] = calls_of(step->slot, i);
	}
}

static void count_end(struct step *step)
{
	int i;

	for (i = 0; i < COUNTERS; i++) {
		if (!(S->asked & 1U << i) || S->uncounted[i])
			continue;
		if (counts_calls(step, i))
			step->counted[i] = calls_of(step->slot, i) - step->counted[i];
		if (is_called(i))
			continue;
		step->counted[i] = in_swap(i) - S->in_swap[i];
		if (step->counted[i] < 0)
			S->uncounted[i] = NO_EARLIER;
	}
}

/* A number for each counter that the script asks for and that is of this step, or why there is none. */
static void put_counters(const struct step *step)
{
	int i;

	for (i = 0; i < COUNTERS; i++) {
		if (!(S->asked & 1U << i) || (is_called(i) && !(step->op->traits & ACCESSES)))
			continue;
		if (!S->uncounted[i]) {
			put_member(counters[i].word, step->counted[i]);
			continue;
		}
		put(",\"");
		put(counters[i].word);
		put("\":");
		put_json(S->uncounted[i]);
	}
}
