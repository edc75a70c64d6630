/* Pipes, pins and direct reads: what takes a reference to a page, and what a device does through one. */

static void pipe_open(struct channel *x)
{
	int ends[2];

	if (x->is_pipe || sys2(__NR_pipe2, ends, O_NONBLOCK) < 0)
		return;
	x->is_pipe = 1;
	x->read_end = ends[0];
	x->write_end = ends[1];
}

/* A part of a ring; no process gets a copy of it. */
static char *ring_map(struct channel *x, u64 size, u64 offset)
{
	long at = sys6(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, x->ring, offset);

	if (at < 0 && at > -4096)
		return NULL;
	sys3(__NR_madvise, at, (size + PAGE - 1) & -PAGE, MADV_DONTFORK);
	return (char *)at;
}

static void ring_open(struct channel *x)
{
	struct io_uring_params *p = &x->params;

	if (x->is_pin)
		return;
	x->is_pin = 1;
	memset(p, 0, sizeof(*p));
	x->ring = sys2(__NR_io_uring_setup, 4, p);
	if (x->ring < 0)
		return;
	x->sq_size = p->sq_off.array + p->sq_entries * 4;
	x->cq_size = p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe);
	x->entries_size = p->sq_entries * sizeof(struct io_uring_sqe);
	x->sq = ring_map(x, x->sq_size, IORING_OFF_SQ_RING);
	x->cq = ring_map(x, x->cq_size, IORING_OFF_CQ_RING);
	x->sqe = (struct io_uring_sqe *)ring_map(x, x->entries_size, IORING_OFF_SQES);
}

/* Drops a pin. */
static long unpin(struct channel *x)
{
	x->pinned = 0;
	if (!x->test)
		return sys4(__NR_io_uring_register, x->ring, IORING_UNREGISTER_BUFFERS, NULL, 0);
	x->test = 0;
	S->test_pinned = 0;
	return sys3(__NR_ioctl, S->gup_test, TEST_PIN_STOP, 0);
}

static void ring_close(struct channel *x)
{
	if (x->pinned)
		unpin(x);
	if (x->ring < 0)
		return;
	if (x->sq)
		sys2(__NR_munmap, x->sq, x->sq_size);
	if (x->cq)
		sys2(__NR_munmap, x->cq, x->cq_size);
	if (x->sqe)
		sys2(__NR_munmap, x->sqe, x->entries_size);
	sys1(__NR_close, x->ring);
}

/* The device moves a page from or to the data file: through the pin, whatever any page table says. */
static long ring_transfer(struct channel *x, u64 page, int opcode)
{
	struct io_uring_sqe *sqe = x->sqe;
	u32 *tail = (u32 *)(x->sq + x->params.sq_off.tail);
	u32 mask = *(u32 *)(x->sq + x->params.sq_off.ring_mask);
	u32 *array = (u32 *)(x->sq + x->params.sq_off.array);
	u32 *cq_head = (u32 *)(x->cq + x->params.cq_off.head);
	u32 *cq_tail = (u32 *)(x->cq + x->params.cq_off.tail);
	u32 cq_mask = *(u32 *)(x->cq + x->params.cq_off.ring_mask);
	struct io_uring_cqe *cqes = (struct io_uring_cqe *)(x->cq + x->params.cq_off.cqes);
	long result;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = opcode;
	sqe->fd = S->data_file;
	sqe->addr = x->address + page * PAGE;
	sqe->len = PAGE;
	sqe->buf_index = 0;
	array[*tail & mask] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	result = sys6(__NR_io_uring_enter, x->ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
	if (result < 0)
		return result;
	while (__atomic_load_n(cq_tail, __ATOMIC_ACQUIRE) == *cq_head) {
		result = sys6(__NR_io_uring_enter, x->ring, 0, 1, IORING_ENTER_GETEVENTS, 0, 0);
		if (result < 0 && result != -4)
			return result;
	}
	result = cqes[*cq_head & cq_mask].res;
	__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
	return result;
}

static void fill_buffer(u64 value)
{
	u64 i;

	for (i = 0; i < PAGE / 8; i++)
		S->buffer[i] = word(value, i);
}

/* Has the block hold a value. */
static long put_block(u64 value)
{
	fill_buffer(value);
	return sys4(__NR_pwrite64, S->block, S->buffer, PAGE, 0);
}

/*
 * Opens what direct reads are of, if the kernel lets the device write into the reader's page. Where it copies from its
 * page cache instead (tmpfs, and file systems that fall back to it), it takes no reference to the page, and nothing would
 * be tested: there it also serves what no device can, a read of one byte.
 */
static void block_open(const char *path, int create)
{
	S->block = sys3(__NR_open, path, O_RDWR | O_DIRECT | O_CLOEXEC | create, 0600);
	if (S->block < 0)
		return;
	if (put_block(0) == (long)PAGE && sys4(__NR_pread64, S->block, S->buffer, PAGE, 0) == (long)PAGE &&
	    sys4(__NR_pread64, S->block, S->buffer, 1, 0) == -EINVAL)
		return;
	sys1(__NR_close, S->block);
	S->block = -1;
}

static int can_pin(void)
{
	struct io_uring_params params;
	long ring;

	memset(&params, 0, sizeof(params));
	ring = sys2(__NR_io_uring_setup, 4, &params);
	if (ring < 0)
		return 0;
	sys1(__NR_close, ring);
	return 1;
}

/* Opens the test interface, if the kernel has one that knows long-term pins: v5.11 to v6.1 have it without. */
static int test_open(void)
{
	long fd;

	if (S->guest)
		sys5(__NR_mount, "debug", "/sys/kernel/debug", "debugfs", 0, NULL);
	fd = sys3(__NR_open, "/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC, 0);
	if (fd >= 0 && sys3(__NR_ioctl, fd, TEST_PIN_STOP, 0) < 0) {
		sys1(__NR_close, fd);
		fd = -1;
	}
	return fd;
}

static struct channel *channel(const char *name)
{
	int i;

	for (i = 0; i < S->nr_channels; i++)
		if (same(S->channels[i].name, name))
			return &S->channels[i];
	if (S->nr_channels == MAX_CHANNELS)
		return NULL;
	{
		struct channel *x = &S->channels[S->nr_channels++];

		memset(x, 0, sizeof(*x));
		name_copy(x->name, name, sizeof(x->name));
		x->read_end = x->write_end = x->ring = -1;
		return x;
	}
}
