/*
 * Folios: a script that begins "folio KIB" has one area of that size, in one VMA, and the kernel gives it a folio of this
 * size and no other. What that takes of the kernel's settings is made here, and what is seen of a folio is looked at from
 * outside, as in pages.c.
 *
 * khugepaged, which would make folios of what a script has taken apart, sleeps for good once it has looked at a process,
 * and not before: so it is given one to look at, the coordinator's own bait, before the first script.
 */
#define HUGE "/sys/kernel/mm/transparent_hugepage/"

#define NO_HUGE UNAVAILABLE ": needs CONFIG_TRANSPARENT_HUGEPAGE"
#define NO_SETTINGS UNAVAILABLE ": the settings in " HUGE " cannot be changed: be root, where /sys can be written"
#define NO_SWAP_FILE UNAVAILABLE ": whole folios go to a block device only, and some swap is a file: swapoff it, and" \
	" swapon a partition"
#define NO_ROTATING UNAVAILABLE ": a swap device rotates, and before v6.14 such a one takes no whole folio: write 0 to its" \
	" /sys/block/*/queue/rotational, then swapoff and swapon it"
#define NO_ZSWAP UNAVAILABLE ": zswap takes folios apart, also after it was turned off: boot with zswap.enabled=0"
#define NO_MEMORY UNAVAILABLE ": no folio was free, and the kernel took a base page: free memory, write 1 to" \
	" /proc/sys/vm/compact_memory, run it again"

enum { PMD_KIB = MAX_FOLIO * PAGE / 1024, LEAST_KIB = 16, QUIET = 100000 /* microseconds */, SMAPS_READ = 512 };

static int exists(const char *path)
{
	return sys2(__NR_access, path, 0) == 0;
}

/* Whether a kernel has folios of a size, for memory that asks for them. The largest is older than the others' settings. */
static int has_folios(u64 kib)
{
	char path[128];

	return exists(kib == PMD_KIB ? HUGE "enabled" : join(path, HUGE "hugepages-", kib, "kB/enabled"));
}

static long enable(u64 kib, const char *when)
{
	char path[128];

	return file_write(join(path, HUGE "hugepages-", kib, "kB/enabled"), when);
}

/*
 * Once a boot: the largest size for who asks for it, all others for nobody; a read brings in no huge zero page, nor
 * is one split because it is mostly zero; khugepaged looks at the bait and sleeps.
 */
static int prepare_folios(void)
{
	u64 kib;
	long at;

	for (kib = LEAST_KIB / 2; kib < PMD_KIB; kib *= 2)
		enable(kib, "never");
	enable(PMD_KIB, "madvise");
	file_write(HUGE "use_zero_page", "0");
	file_write(HUGE "shrink_underused", "0");
	file_write(HUGE "khugepaged/pages_to_scan", "1");
	if (file_write(HUGE "khugepaged/scan_sleep_millisecs", "4000000000") < 0 ||
	    file_write(HUGE "enabled", "madvise") < 0)
		return 0;
	at = sys6(__NR_mmap, BAIT, MAX_FOLIO * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (at < 0)
		return 0;
	sys3(__NR_madvise, BAIT, MAX_FOLIO * PAGE, MADV_DONTFORK);
	sys3(__NR_madvise, BAIT, MAX_FOLIO * PAGE, MADV_HUGEPAGE);
	*(volatile u64 *)BAIT = 1;
	/* what a read-only pin of a whole folio shows: its pages are there from now on, in no step's batch */
	if (S->gup_test >= 0)
		sys6(__NR_mmap, PINNED, MAX_FOLIO * PAGE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
	drain_all();
	nap(QUIET);
	return 1;
}

/* Whether a disk rotates, or the one that a partition is of. */
static int rotates(const char *name)
{
	char path[128];
	u64 size;

	name_copy(path, "/sys/class/block/", sizeof(path));
	name_copy(path + length(path), name, 32);
	size = length(path);
	name_copy(path + size, "/queue/rotational", 32);
	if (!exists(path))
		name_copy(path + size, "/../queue/rotational", 32);
	return file_read(path)[0] != '0';
}

/*
 * Why swap takes no whole folio, or NULL when it does. Up to v6.13 only a device that does not rotate does, later any
 * (7277433096f6); that the same is asked of all keeps results comparable.
 */
static const char *why_no_swap(void)
{
	struct swap_area area;
	int number;

	if (S->swap == SWAP_NONE)
		return NO_SWAP;
	if (file_read("/sys/module/zswap/parameters/enabled")[0] == 'Y')
		return NO_ZSWAP;
	if (S->guest)
		return S->rotates ? NO_ROTATING : NULL;
	for (number = 1; swap_area(number, &area); number++) {
		if (area.file)
			return NO_SWAP_FILE;
		if (rotates(area.name))
			return NO_ROTATING;
	}
	return NULL;
}

/* Before a script of folios: why it cannot be run, or NULL. */
static const char *folios_start(u64 kib)
{
	static const char no_size[] = UNAVAILABLE ": this kernel has no folios of ";
	static const char since[] = " KiB: less than 2048 is of v6.8 and newer";

	if (!exists(HUGE "enabled"))
		return NO_HUGE;
	if (kib < LEAST_KIB || kib > PMD_KIB || kib & (kib - 1) || !has_folios(kib))
		return join(S->why, no_size, kib, since);
	if (!S->folios_ready)
		S->folios_ready = prepare_folios() ? 1 : -1;
	if (S->folios_ready < 0 || (kib < PMD_KIB && enable(kib, "madvise") < 0))
		return NO_SETTINGS;
	S->no_swap = why_no_swap();
	return NULL;
}

static void folios_end(void)
{
	if (S->folio && !S->no_folio && S->folio < MAX_FOLIO)
		enable(S->folio * PAGE / 1024, "never");
}

/* ------------------------------------------------------------------------------------------------- what is seen */

/* What the kernel counts: the largest folios in vmstat, others each in a file of its size. */
static const struct {
	char member[16]; /* in a step's line; "" for what is only looked at here */
	char vmstat[24];
	char file[24];
} events[] = {
	{ "split_pmd", "thp_split_pmd", "" },
	{ "split_page", "thp_split_page", "split" },
	{ "swpout", "thp_swpout", "swpout" },
	{ "swpout_fallback", "thp_swpout_fallback", "swpout_fallback" },
	{ "", "thp_fault_fallback", "anon_fault_fallback" },
};

enum { EVENTS = sizeof(events) / sizeof(events[0]), FALLBACK = EVENTS - 1 };

/* In one pass: it is read twice a step. */
static void count_in_vmstat(s64 *counts)
{
	const char *line = file_read("/proc/vmstat");
	int i;

	for (i = 0; i < EVENTS; i++)
		counts[i] = -1;
	while (*line) {
		for (i = 0; starts(line, "thp_") && i < EVENTS; i++)
			if (starts(line, events[i].vmstat) && line[length(events[i].vmstat)] == ' ')
				counts[i] = number_at(behind_word(line));
		while (*line && *line++ != '\n')
			;
	}
}

/* How often each has happened; -1: this kernel does not count it. */
static void count_events(s64 *counts)
{
	char directory[128], path[160];
	int i;

	count_in_vmstat(counts);
	if (S->folio == MAX_FOLIO)
		return;
	join(directory, HUGE "hugepages-", S->folio * PAGE / 1024, "kB/stats/");
	for (i = 0; i < EVENTS; i++) {
		if (!events[i].file[0])
			continue;
		name_copy(path, directory, sizeof(path));
		name_copy(path + length(path), events[i].file, 32);
		counts[i] = exists(path) ? (s64)number_at(file_read(path)) : -1;
	}
}

static u64 hexadecimal(const char **text)
{
	u64 value = 0;

	for (;; (*text)++) {
		u64 digit = **text >= '0' && **text <= '9' ? **text - '0' : **text >= 'a' && **text <= 'f' ? **text - 'a' + 10
			: 16;

		if (digit == 16)
			return value;
		value = value * 16 + digit;
	}
}

/*
 * Whether a PMD entry maps the page: /proc/PID/smaps counts, VMA by VMA, the memory that such entries map. A short read
 * brings no more VMAs than it has room for, so that those behind the page's are not counted.
 */
static int mapped_by_pmd(struct slot *slot, u64 page)
{
	char path[64], line[128];
	u64 address = address_of(slot, page), at = 0;
	long fd = sys3(__NR_open, join(path, "/proc/", slot->pid, "/smaps"), O_RDONLY | O_CLOEXEC, 0), n = 0, i = 0;
	int inside = 0, found = -1;

	while (fd >= 0 && found < 0) {
		const char *text = line;
		u64 from;

		if (i == n) {
			n = sys3(__NR_read, fd, S->scratch, SMAPS_READ);
			i = 0;
			if (n <= 0)
				break;
		}
		if (S->scratch[i] != '\n') {
			if (at + 1 < sizeof(line))
				line[at++] = S->scratch[i];
			i++;
			continue;
		}
		i++;
		line[at] = 0;
		at = 0;
		if (starts(line, "AnonHugePages:")) {
			if (inside)
				found = number_at(behind_word(line)) > 0;
			continue;
		}
		from = hexadecimal(&text);
		if (*text++ == '-')
			inside = from <= address && address < hexadecimal(&text);
	}
	if (fd >= 0)
		sys1(__NR_close, fd);
	return found > 0;
}

/* A folio, as one process has its page. */
struct sighting {
	const char *kind;
	int order, cached;
};

/* Whether the process has all pages of a folio one behind the other, of which the first would be this one. */
static int has_all(struct slot *slot, u64 first, u64 head, u64 pages)
{
	u64 i;

	ptes(slot, first, first + pages - 1, S->others);
	for (i = 0; i < pages && S->others[i] & PTE_PRESENT && (S->others[i] & PTE_FRAME) == head + i; i++)
		;
	return i == pages;
}

static struct sighting sighting_of(struct slot *slot, u64 page, u64 entry)
{
	struct sighting seen = { "-", 0, 0 };
	u64 frame = entry & PTE_FRAME, head, pages, flags;

	if (!(entry & PTE_PRESENT))
		return seen;
	head = head_of(frame);
	flags = frame_flags(head);
	seen.kind = "base";
	seen.cached = flags & KPF_SWAPCACHE ? 1 : 0;
	if (!(flags & KPF_HEAD))
		return seen;
	pages = pages_of(head);
	while (1UL << seen.order < pages)
		seen.order++;
	seen.kind = "part";
	if (page >= frame - head && page - (frame - head) + pages <= S->nr_pages &&
	    has_all(slot, page - (frame - head), head, pages))
		seen.kind = pages == MAX_FOLIO && mapped_by_pmd(slot, page) ? "pmd" : "whole";
	return seen;
}
