/* Operations of scripts of folios: what takes one apart, leaves parts of it out of a fork, or puts one together. */

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

#define NO_COLLAPSE UNAVAILABLE ": needs MADV_COLLAPSE of v6.1 or newer"
#define CROWDED_FOLIO UNAVAILABLE ": other memory of the area is in the page's memory cgroup, and pressure on one is" \
	" pressure on all"

static void act_split(struct slot *slot)
{
	u64 at = address_of(slot, 0);

	if (bit(slot->absent, 0))
		return;
	slot->result = sys3(__NR_mprotect, at, PAGE, PROT_READ);
	if (slot->result >= 0)
		slot->result = sys3(__NR_mprotect, at, PAGE, PROT_READ | PROT_WRITE);
}

static const char *run_split(struct step *step)
{
	return call(step, "mprotect: errno ");
}

/* Children get these pages, or they do not. */
static long inherit(struct slot *slot, u64 page, u64 last, int advice)
{
	long result = sys3(__NR_madvise, address_of(slot, page), (last + 1 - page) * PAGE, advice);

	for (; result >= 0 && page <= last; page++) {
		slot->kept[page / 64] &= ~(1UL << page % 64);
		slot->kept[page / 64] |= (u64)(advice == MADV_DONTFORK) << page % 64;
	}
	return result;
}

static long ask_keep(struct slot *slot, u64 page, u64 last)
{
	return inherit(slot, page, last, MADV_DONTFORK);
}

static void act_keep(struct slot *slot)
{
	over_pages(slot, ask_keep);
}

static long ask_share(struct slot *slot, u64 page, u64 last)
{
	return inherit(slot, page, last, MADV_DOFORK);
}

static void act_share(struct slot *slot)
{
	over_pages(slot, ask_share);
}

static const char *run_keep(struct step *step)
{
	return call(step, "madvise: errno ");
}

/* Of nothing: a kernel that does not know the advice says so all the same. */
static int can_collapse(void)
{
	return sys3(__NR_madvise, DUMMY, 0, MADV_COLLAPSE) == 0;
}

static void act_collapse(struct slot *slot)
{
	slot->result = sys3(__NR_madvise, address_of(slot, 0), S->nr_pages * PAGE, MADV_COLLAPSE);
}

static const char *run_collapse(struct step *step)
{
	return can_collapse() ? call(step, "madvise: errno ") : NO_COLLAPSE;
}

static long move_pages(struct slot *slot, u64 page, u64 last)
{
	u64 size = (last + 1 - page) * PAGE;
	long result = sys5(__NR_mremap, address_of(slot, page), size, size, MREMAP_MAYMOVE | MREMAP_FIXED, TWIN + page * PAGE);

	for (; result >= 0 && page <= last; page++)
		slot->moved[page / 64] |= 1UL << page % 64;
	return result < 0 ? result : 0;
}

/*
 * What has not been moved yet. Kernels move a range of one VMA at a time; in one of several no PMD entry is left that
 * would have to stay whole.
 */
static long ask_move(struct slot *slot, u64 page, u64 last)
{
	long result;

	if (address_of(slot, page) >= TWIN)
		return 0;
	result = move_pages(slot, page, last);
	for (; result == -EFAULT && page < last; page++)
		result = move_pages(slot, page, page) < 0 ? -EINVAL : -EFAULT;
	return result == -EFAULT ? move_pages(slot, last, last) : result;
}

static void act_move(struct slot *slot)
{
	over_pages(slot, ask_move);
}

static const char *run_move(struct step *step)
{
	return call(step, "mremap: errno ");
}

/* ------------------------------------------------------------------------------------------------- pressure */

/*
 * Whether the area has more in a frame's cgroup than its folio: copies made by one step, pages of a folio that was split.
 * Of what is in swap nobody can tell whose it is.
 */
static int group_is_crowded(u64 frame)
{
	u64 head = head_of(frame), size = pages_of(head), group = charged_to(frame), page;
	int i;

	for (i = 0; i < S->nr_slots; i++) {
		if (!S->slots[i].alive)
			continue;
		ptes(&S->slots[i], 0, S->nr_pages - 1, S->others);
		for (page = 0; page < S->nr_pages; page++) {
			u64 entry = S->others[page], other = entry & PTE_FRAME;

			if (entry & PTE_SWAPPED)
				return 1;
			if (entry & PTE_PRESENT && other - head >= size && charged_to(other) == group)
				return 1;
		}
	}
	return 0;
}

static const char *reclaim_folios(struct step *step)
{
	const char *error = NULL;
	u64 page, entry;

	ptes(step->slot, step->page, step->last, S->after);
	for (page = step->page; page <= step->last && !error; page++) {
		entry = S->after[page - step->page];
		if (entry & PTE_SWAPPED) {
			/* with the folio of a page before it, or by a step before */
			error = page > step->page && S->before[page - step->page] & PTE_PRESENT ? NULL : CROWDED_FOLIO;
			continue;
		}
		error = entry & PTE_PRESENT && group_is_crowded(entry & PTE_FRAME) ? CROWDED_FOLIO
			: reclaim(step->slot, page, entry);
		if (entry & PTE_PRESENT)
			ptes(step->slot, page, step->last, S->after + (page - step->page));
	}
	return error;
}
