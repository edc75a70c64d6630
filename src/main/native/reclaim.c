/*
 * Pressure on one frame: every step that may allocate runs in a memory cgroup of its own, so a cgroup holds at most
 * one frame, and lowering memory.high of that cgroup reclaims this frame through the reverse map, however many
 * processes map it. Works from 5.10 to today; memory.reclaim came in 5.19. Only a fork can charge several frames, those
 * of pinned pages, which it copies at once: then such a cgroup is crowded, and pressure on it refused.
 */
#define NO_RECLAIM UNAVAILABLE ": needs the memory controller of cgroups version 2"
#define CROWDED UNAVAILABLE ": the pages a fork copied are in one memory cgroup; pressure on one is pressure on all"

static u64 inode_of(const char *path)
{
	u64 stat[18]; /* struct stat: st_ino is its second word */

	if (sys2(__NR_stat, path, stat) < 0)
		return 0;
	return stat[1];
}

static char *group_path(char *to, int group, const char *file)
{
	char prefix[160];

	name_copy(prefix, S->cgroup, sizeof(prefix));
	{
		u64 at = length(prefix);

		name_copy(prefix + at, "/step", sizeof(prefix) - at);
	}
	return join(to, prefix, group, file);
}

static int groups_start(void)
{
	if (S->groups_ready)
		return S->groups_ready > 0;
	S->groups_ready = -1;
	if (!S->cgroup[0])
		return 0;
	{
		char path[192];

		name_copy(path, S->cgroup, sizeof(path));
		name_copy(path + length(path), "/cgroup.subtree_control", 64);
		if (file_write(path, "+memory") < 0)
			return 0;
		name_copy(path, S->cgroup, sizeof(path));
		name_copy(path + length(path), "/home", 64);
		sys2(__NR_mkdir, path, 0755);
	}
	S->groups_ready = 1;
	return 1;
}

static int enter_group(struct slot *slot, int group)
{
	char path[256], pid[32];

	if (group >= MAX_GROUPS)
		return 0;
	while (S->groups <= group) {
		if (sys2(__NR_mkdir, group_path(path, S->groups, ""), 0755) < 0)
			return 0;
		S->groups++;
	}
	return file_write(group_path(path, group, "/cgroup.procs"), join(pid, "", slot->pid, "")) >= 0;
}

/* The cgroup that a frame is charged to, by its inode; 0 when that is not known. A folio's is known of its head. */
static u64 charged_to(u64 frame)
{
	u64 head = frame_flags(frame) & KPF_TAIL ? head_of(frame) : frame;
	long fd = sys3(__NR_open, "/proc/kpagecgroup", O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return 0;
	S->entry[2] = 0;
	sys4(__NR_pread64, fd, &S->entry[2], 8, head * 8);
	sys1(__NR_close, fd);
	return S->entry[2];
}

static int group_of_frame(u64 frame)
{
	char path[256];
	u64 inode = charged_to(frame);
	int group;

	for (group = 0; inode && group < S->groups; group++)
		if (inode_of(group_path(path, group, "")) == inode)
			return group;
	return -1;
}

static int group_of_entry(u64 entry)
{
	int i;

	for (i = S->nr_charges - 1; i >= 0; i--)
		if (S->charges[i].key == entry)
			return S->charges[i].group;
	return -1;
}

static void remember_charge(u64 entry, int group)
{
	if (S->nr_charges < (int)(sizeof(S->charges) / sizeof(S->charges[0]))) {
		S->charges[S->nr_charges].key = entry;
		S->charges[S->nr_charges++].group = group;
	}
}

/*
 * A page found under writeback becomes active, and the kernel looks at a lone active page only when the cgroup's
 * counts, which lag behind, call the inactive list short. So give that list a page of the coordinator's to scan, and
 * let the timer that brings counts up to date (every 2 s, from 5.13 on) run. A page that GUP brought in, and no CPU has
 * touched, is active from the start, and that list is short once there is no page of the coordinator's on it: so each
 * second time there is none.
 */
static void unstick(int group, int with_ballast)
{
	char path[256];

	sys3(__NR_madvise, BALLAST, PAGE, MADV_DONTNEED);
	if (!with_ballast) {
		drain_all();
		nap(2100000);
		return;
	}
	if (file_write(group_path(path, group, "/cgroup.procs"), "0") < 0)
		return;
	*(volatile u64 *)BALLAST = 1;
	/* a cgroup that hands out controllers may hold no process, unless it is the root */
	name_copy(path, S->cgroup, sizeof(path));
	name_copy(path + length(path), "/home/cgroup.procs", 32);
	file_write(path, "0");
	drain_all();
	nap(2100000);
}

/* Whether a fork has copied several pages at once. */
static int crowds(struct slot *parent, struct slot *child)
{
	u64 page, last, i;
	int copies = 0;

	/* the step is a fork, which names no pages: both are free */
	for (page = 0; page < S->nr_pages; page = last + 1) {
		last = page + MAX_FOLIO < S->nr_pages ? page + MAX_FOLIO - 1 : S->nr_pages - 1;
		ptes(parent, page, last, S->before);
		ptes(child, page, last, S->after);
		for (i = 0; i <= last - page; i++)
			copies += change_of(S->before[i], S->after[i]) == FRAME_CHANGED;
	}
	return copies > 1;
}

/* Waits until a frame has been written, or all have; a device that is held would be waited for in vain. */
static int wait_unless_held(u64 frame)
{
	return S->held || (frame ? wait_frame_written(frame) : wait_all_written());
}

static const char *reclaim(struct slot *slot, u64 page, u64 before)
{
	char path[256];
	u64 frame = before & PTE_PRESENT ? before & PTE_FRAME : 0;
	u64 now = before;
	int group, round;

	/* whatever there is to press on: the pressure below cannot but drain, so that it always does is the definition */
	drain_all();
	if (!(before & (PTE_PRESENT | PTE_SWAPPED)))
		return NULL;
	if (S->groups_ready <= 0)
		return NO_RECLAIM;
	if (frame && !(frame_flags(frame) & KPF_ANON))
		return NULL; /* the zero page */
	group = frame ? group_of_frame(frame) : group_of_entry(before);
	if (group < 0)
		return "reclaim: the page's cgroup is not known";
	if (S->crowded[group])
		return CROWDED;
	/* a held device keeps what is in the swap cache there, and would keep the coordinator's page, see unstick() */
	for (round = 0; round < (frame ? 16 : S->held ? 2 : 4); round++) {
		drain_all();
		if (round >= 2)
			unstick(group, round % 2 == 0);
		if (file_write(group_path(path, group, "/memory.high"), "0") < 0)
			return "reclaim: memory.high cannot be written";
		file_write(group_path(path, group, "/memory.high"), "max");
		if (!wait_unless_held(frame))
			return "reclaim: writeback does not end";
		now = pte(slot, page);
		if (frame && !(now & PTE_PRESENT) && !(frame_flags(frame) & KPF_SWAPCACHE))
			break;
		if (S->held && frame && folio_flags(frame) & KPF_WRITEBACK)
			break;
	}
	if (round > 2)
		sys3(__NR_madvise, BALLAST, PAGE, MADV_DONTNEED);
	if (now & PTE_SWAPPED)
		remember_charge(now, group);
	return NULL;
}
