/*
 * What a step did, seen from outside: the coordinator reads the acting process's entry (/proc/PID/pagemap) and faults
 * (/proc/PID/stat) before and after it, and what the kernel says of a frame (/proc/kpageflags).
 */
static u64 pte(struct slot *slot, u64 page)
{
	S->entry[0] = 0;
	sys4(__NR_pread64, slot->pagemap, &S->entry[0], 8, address_of(slot, page) / PAGE * 8);
	return S->entry[0];
}

/* Words of a file that has one for each page or frame; 0 where it ends. */
static void read_words(int file, u64 from, u64 count, u64 *words)
{
	long size = sys4(__NR_pread64, file, words, count * 8, from * 8);
	u64 i;

	for (i = size > 0 ? size / 8 : 0; i < count; i++)
		words[i] = 0;
}

/*
 * The entries of pages, by one read of those that lie one behind the other. Up to 6.1 a read walks on to the end of the
 * page table, whatever is asked for: one for each page of the largest folio took longer than all else of a step.
 */
static void ptes(struct slot *slot, u64 page, u64 last, u64 *entries)
{
	u64 count;

	for (; page <= last; page += count, entries += count) {
		count = run_end(slot, page, last) + 1 - page;
		read_words(slot->pagemap, address_of(slot, page) / PAGE, count, entries);
	}
}

/* Faults the process has taken so far. In /proc/PID/stat, minflt is the 8th word behind the name, majflt the 10th. */
static void faults(struct slot *slot, u64 *minor, u64 *major)
{
	char path[64];
	const char *text = file_read(join(path, "/proc/", slot->pid, "/stat"));
	const char *behind = text;

	while (*text)
		if (*text++ == ')')
			behind = text + 1;
	*minor = number_at(word_at(behind, 7));
	*major = number_at(word_at(behind, 9));
}

/*
 * Whether reads of untouched memory show the zero page. Some guests' hypervisors have the kernel do without, and then a
 * read brings in a page as a write does.
 */
static int has_zero_page(void)
{
	long fd = sys3(__NR_open, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC, 0);
	long at = sys6(__NR_mmap, 0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int same;

	if (fd < 0 || (at < 0 && at > -4096))
		fatal("cannot look at the probe's own memory", fd < 0 ? fd : at);
	*(volatile char *)at;
	*(volatile char *)(at + PAGE);
	S->entry[0] = S->entry[1] = 0;
	sys4(__NR_pread64, fd, &S->entry[0], 16, at / PAGE * 8);
	same = (S->entry[0] & PTE_FRAME) == (S->entry[1] & PTE_FRAME);
	sys2(__NR_munmap, at, 2 * PAGE);
	sys1(__NR_close, fd);
	return same;
}

static int state_of(u64 entry)
{
	return entry & PTE_PRESENT ? ENTRY_PRESENT : entry & PTE_SWAPPED ? ENTRY_SWAPPED : ENTRY_NONE;
}

static int change_of(u64 before, u64 after)
{
	return !(before & after & PTE_PRESENT) ? FRAME_UNKNOWN
		: (before & PTE_FRAME) == (after & PTE_FRAME) ? FRAME_SAME : FRAME_CHANGED;
}

static u64 frame_flags(u64 frame)
{
	S->entry[1] = 0;
	sys4(__NR_pread64, S->kpageflags, &S->entry[1], 8, frame * 8);
	return S->entry[1];
}

static void flags_of(u64 frame, u64 count, u64 *flags)
{
	read_words(S->kpageflags, frame, count, flags);
}

/*
 * The head of a frame's folio, which is the frame's own when it is no tail. Folios lie aligned to their size, so it is
 * where one of 2, 4, 8, ... pages with this frame in it would begin. Not all flags in between are read: for those of each
 * page some kernels look at all pages of its folio.
 */
static u64 head_of(u64 frame)
{
	u64 size;

	for (size = 1; size < MAX_FOLIO && frame_flags(frame & -size) & KPF_TAIL; size *= 2)
		;
	return frame & -size;
}

/* The pages of a folio, by its head: what lies behind a smaller one is no tail. */
static u64 pages_of(u64 head)
{
	u64 pages;

	for (pages = 1; pages < MAX_FOLIO && frame_flags(head + pages) & KPF_TAIL; pages *= 2)
		;
	return pages;
}

/* Flags that are the folio's: some kernels show them of its head alone. */
static u64 folio_flags(u64 frame)
{
	u64 flags = frame_flags(frame);

	return flags & KPF_TAIL ? frame_flags(head_of(frame)) : flags;
}

/* The page is unmapped while it is written: only its frame, known from before, tells when that has ended. */
static int wait_frame_written(u64 frame)
{
	int i;

	for (i = 0; i < 2000000; i++) {
		if (!(folio_flags(frame) & KPF_WRITEBACK))
			return 1;
		nap(1000);
	}
	return 0;
}

/* The same of frames one behind the other; of those of a folio one is enough. */
static int wait_run_written(u64 frame, u64 count)
{
	u64 i, behind = 0;

	if (count == 1)
		return wait_frame_written(frame);
	flags_of(frame, count, S->others);
	for (i = 0; i < count && !(S->others[i] & (KPF_WRITEBACK | KPF_HEAD | KPF_TAIL)); i++)
		;
	for (; i < count; i++) {
		if (frame + i < behind)
			continue;
		if (!wait_frame_written(frame + i))
			return 0;
		behind = head_of(frame + i);
		behind += pages_of(behind);
	}
	return 1;
}

/* The same of all pages that were present. */
static int wait_entries_written(const u64 *entries, u64 count)
{
	u64 i, run;

	for (i = 0; i < count; i += run) {
		u64 frame = entries[i] & PTE_FRAME;

		run = 1;
		if (!(entries[i] & PTE_PRESENT))
			continue;
		while (i + run < count && entries[i + run] & PTE_PRESENT && (entries[i + run] & PTE_FRAME) == frame + run)
			run++;
		if (!wait_run_written(frame, run))
			return 0;
	}
	return 1;
}

static int wait_all_written(void)
{
	int i;

	for (i = 0; i < 2000000; i++) {
		/* folds the per-CPU differences, which may hide a page or two */
		file_write("/proc/sys/vm/stat_refresh", "1");
		if (!field(file_read("/proc/vmstat"), "nr_writeback"))
			return 1;
		nap(1000);
	}
	return 0;
}

#define NO_SWAP UNAVAILABLE ": there is no swap"
#define OTHER_SWAP UNAVAILABLE ": the script is for another swap device than "

/* One of those that are swapped to. */
struct swap_area {
	char name[32];
	int file;     /* no device, but a file on one */
	s64 priority; /* where several are active, pages go to the highest first */
};

static const char *behind_word(const char *text)
{
	while (*text && *text != ' ' && *text != '\t')
		text++;
	while (*text == ' ' || *text == '\t')
		text++;
	return text;
}

/* The active swap devices by number, from 1: behind a heading a line each, "Filename Type Size Used Priority". */
static int swap_area(int number, struct swap_area *area)
{
	const char *line = file_read("/proc/swaps"), *name, *end;

	while (number && *line)
		number -= *line++ == '\n';
	if (!*line)
		return 0;
	for (name = end = line; *end && *end != ' ' && *end != '\t'; end++)
		if (*end == '/')
			name = end + 1;
	name_copy(area->name, name, (u64)(end - name) < sizeof(area->name) ? (u64)(end - name) + 1 : sizeof(area->name));
	end = behind_word(line);
	area->file = !starts(end, "partition");
	end = behind_word(behind_word(behind_word(end)));
	area->priority = *end == '-' ? -(s64)number_at(end + 1) : (s64)number_at(end);
	return 1;
}

/* Which kind of device this machine swaps to. */
static int active_swap(void)
{
	struct swap_area area;
	s64 highest = 0;
	int number, found = SWAP_NONE;

	for (number = 1; swap_area(number, &area); number++) {
		if (found != SWAP_NONE && area.priority <= highest)
			continue;
		highest = area.priority;
		found = starts(area.name, "zram") && !area.file ? SWAP_ZRAM : SWAP_DISK;
	}
	return found;
}

/* Why nothing swaps of a script that is for this device, or, below 0, for any; or NULL. */
static const char *lacks_swap(int wanted)
{
	static const char *const others[] = { OTHER_SWAP "this disk", OTHER_SWAP "this zram" };

	if (S->no_zram && wanted == SWAP_ZRAM)
		return S->no_zram;
	return S->swap == SWAP_NONE ? NO_SWAP : wanted >= 0 && wanted != S->swap ? others[S->swap] : NULL;
}

/*
 * Full, a swap device takes no page; and when all are more than half full, kernels drop from the swap cache what others
 * keep there (vm_swap_full). Both would be taken for what the kernel under test does.
 */
static void check_swap(void)
{
	struct sysinfo info;
	char message[160];
	char *at;

	sys1(__NR_sysinfo, &info);
	if (info.totalswap && info.freeswap * 2 >= info.totalswap)
		return;
	at = join(message, "swap is more than half full, ", info.freeswap / 1024, " KiB of ");
	at = join(at + length(at), "", info.totalswap / 1024, " KiB are free");
	/* as much again as is used more than the half, and some to work with */
	if (!S->guest)
		join(at + length(at), ": make room, or add --setup-swap ",
		     (info.totalswap - 2 * info.freeswap) / 1024 / 1024 + 256, "M");
	fatal(message, 0);
}

static void see(u64 entry, int step)
{
	/* those of a folio come again in the order in which they came first */
	int i = S->last_seen + 1;

	if (!(entry & PTE_PRESENT))
		return;
	if (i >= S->nr_seen || S->seen[i].frame != (entry & PTE_FRAME))
		for (i = 0; i < S->nr_seen && S->seen[i].frame != (entry & PTE_FRAME); i++)
			;
	if (i == MAX_FRAMES)
		return;
	S->last_seen = i;
	S->seen[i].frame = entry & PTE_FRAME;
	S->seen[i].step = step;
	if (i == S->nr_seen)
		S->nr_seen++;
}

static int is_left(u64 flags)
{
	return (flags & (KPF_ANON | KPF_MMAP | KPF_SWAPCACHE)) == KPF_ANON;
}

/* Reads the flags of frames that lie one behind the other and were first seen so, from a sight on; returns how many. */
static int look_at_seen(int from)
{
	int count = 1;

	while (count < MAX_FOLIO && from + count < S->nr_seen && S->seen[from + count].frame == S->seen[from].frame + count)
		count++;
	flags_of(S->seen[from].frame, count, S->others);
	return count;
}

/*
 * Tells of frames that nobody maps any more and that were not freed: when all processes, pipes and pins have gone, some
 * reference has been leaked. The kernel takes a page for anonymous until it frees it. One in the swap cache is kept for
 * reclaim, which is no leak. Only in a guest, where no other program's batches and pages are about.
 */
static void tell_unfreed(void)
{
	int i, tries, first = 0, behind = 0;

	for (i = 0; S->guest && i < S->nr_seen; i++) {
		if (i == behind) {
			first = i;
			behind += look_at_seen(i);
		}
		if (!is_left(S->others[i - first]))
			continue;
		/* what a kernel puts off, it does within a moment */
		for (tries = 0; tries < 20; tries++) {
			if (!is_left(frame_flags(S->seen[i].frame)))
				break;
			nap(10000);
			drain_all();
		}
		/* of a folio that is left its head tells */
		if (tries < 20 || frame_flags(S->seen[i].frame) & KPF_TAIL)
			continue;
		put("{\"probe\":\"unfreed\",\"last\":");
		put_number(S->seen[i].step);
		put("}");
		flush();
	}
}
