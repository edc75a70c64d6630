/*
 * Pages on their way to swap, and a swap device that is held: it takes what it is told to write, and writes none of it,
 * while reads are as fast as ever. The kernel counts a page's write for the cgroup that the page is charged to; so each
 * step that may allocate is in a cgroup of its own, as for pressure (reclaim.c), and these may write two bytes a second
 * (io.max, which takes no less), at which a page takes half an hour. What else writes to the disk, the blocks of direct
 * reads say, is in none of them.
 */
#define NO_HOLD UNAVAILABLE ": needs a guest of one CPU, and a kernel before v6.12 with CONFIG_BLK_DEV_THROTTLING: later ones" \
	" do not limit what goes to swap (io.max)"
#define HOLDS_NOTHING UNAVAILABLE ": a device that answers at once holds nothing"
#define NOT_WRITTEN "writeback does not end"

/* The device goes on; is stalled, whoever waits; or is held until somebody waits for it. */
enum { GOES_ON, STALLED, HELD };

static long group_controllers(const char *change)
{
	char path[192];

	name_copy(path, S->cgroup, sizeof(path));
	name_copy(path + length(path), "/cgroup.subtree_control", 64);
	return file_write(path, change);
}

/* Whether io.max limits what goes to swap: 6.12, 6.18, 7.2 and 7.3 let it pass. */
static int limits_swap(void)
{
	struct new_utsname *uts = (struct new_utsname *)S->buffer;
	const char *minor = uts->release;

	if (sys1(__NR_uname, uts) < 0)
		return 0;
	while (*minor && *minor++ != '.')
		;
	return number_at(uts->release) < 6 || (number_at(uts->release) == 6 && number_at(minor) < 12);
}

/* Whether the device can be held: the controller is there, and knows the limit. Two CPUs were not tried. */
static int can_hold(void)
{
	char path[192];

	if (S->can_hold)
		return S->can_hold > 0;
	S->can_hold = -1;
	if (!S->guest || S->swap != SWAP_DISK || !limits_swap() ||
	    starts(file_read("/sys/devices/system/cpu/online"), "0-") || !groups_start() || group_controllers("+io") < 0)
		return 0;
	name_copy(path, S->cgroup, sizeof(path));
	name_copy(path + length(path), "/home/io.max", 32);
	if (exists(path))
		S->can_hold = 1;
	group_controllers("-io");
	return S->can_hold > 0;
}

/* The script of so many steps will hold the device. */
static void hold_start(int steps)
{
	char path[256];

	group_controllers("+io");
	S->held_groups = steps < MAX_GROUPS ? steps : MAX_GROUPS;
	for (; S->groups < S->held_groups; S->groups++)
		sys2(__NR_mkdir, group_path(path, S->groups, ""), 0755);
}

static int limit_writes(const char *limit)
{
	char path[256], line[64];
	const char *device;
	u64 at;
	int group;

	name_copy(path, "/sys/block/", sizeof(path));
	name_copy(path + length(path), S->disk, sizeof(S->disk));
	name_copy(path + length(path), "/dev", 8);
	device = file_read(path);
	for (at = 0; at < 24 && device[at] && device[at] != '\n'; at++)
		line[at] = device[at];
	name_copy(line + at, limit, sizeof(line) - at);
	for (group = 0; group < S->held_groups; group++)
		if (file_write(group_path(path, group, "/io.max"), line) < 0)
			return 0;
	return 1;
}

static const char *hold(int how)
{
	if (S->held == GOES_ON && !limit_writes(" wbps=2"))
		return "io.max cannot be written";
	if (S->held != STALLED)
		S->held = how;
	return NULL;
}

/*
 * The device goes on, and ends what it was told to write. Where that finds a page on a list, it moves the page to the tail,
 * by way of a batch, unless a fault has cleared the mark for it (PG_readahead is PG_reclaim); and kernels drain such a batch
 * here and there. So the batches are drained, by definition.
 */
static const char *let_go(void)
{
	if (S->held == GOES_ON)
		return NULL;
	S->held = GOES_ON;
	if (!limit_writes(" wbps=max") || !wait_all_written())
		return NOT_WRITTEN;
	drain_all();
	return NULL;
}

/* Somebody waits for the device. */
static const char *await_device(void)
{
	return S->held == HELD ? let_go() : NULL;
}

static void hold_end(void)
{
	const char *error = let_go();

	if (error)
		fatal(error, 0);
	if (S->held_groups)
		group_controllers("-io");
	S->held_groups = 0;
}

static const char *refuse_hold(struct step *step)
{
	(void)step;
	return S->swap == SWAP_ZRAM ? HOLDS_NOTHING : can_hold() ? NULL : NO_HOLD;
}

static const char *run_stall(struct step *step)
{
	(void)step;
	return hold(STALLED);
}

static const char *run_resume(struct step *step)
{
	const char *error = let_go();

	(void)step;
	drain_all();
	return error;
}

static long ask_pageout(struct slot *slot, u64 page, u64 last)
{
	return sys3(__NR_madvise, address_of(slot, page), (last + 1 - page) * PAGE, MADV_PAGEOUT);
}

static void act_pageout(struct slot *slot)
{
	over_pages(slot, ask_pageout);
}

static const char *page_out(struct step *step)
{
	const char *error;
	u64 i, count = step->last + 1 - step->page;

	for (i = 0; i < count && !(S->before[i] & PTE_PRESENT); i++)
		;
	if (i == count)
		return NULL;
	if (step->grouped && !S->folio)
		step->group = group_of_frame(step->before & PTE_FRAME);
	error = call(step, "madvise: errno ");
	return error ? error : S->held != GOES_ON || wait_entries_written(S->before, count) ? NULL : NOT_WRITTEN;
}

/* Whether a range takes several calls. */
static int apart(const struct slot *slot, u64 page, u64 last)
{
	int calls = 0;

	for (; page <= last; page++) {
		calls += !bit(slot->absent, page);
		page = run_end(slot, page, last);
	}
	return calls > 1;
}

/*
 * More pages than LONG_PAGEOUT, or several calls, take so long that the device may end with the first before the last is
 * asked for, or not: whether they then wait in a batch cannot be told. So the batches are drained, by definition.
 */
static const char *run_pageout(struct step *step)
{
	const char *error = await_device();

	if (!error)
		error = page_out(step);
	if (step->last - step->page >= LONG_PAGEOUT || (S->folio && apart(step->slot, step->page, step->last)))
		drain_all();
	return error;
}

static const char *run_writeout(struct step *step)
{
	const char *error = hold(HELD);

	return error ? error : page_out(step);
}
