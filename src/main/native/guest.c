/* The probe as process 1 of a guest: it brings what it needs into being. */
#define NO_ZRAM UNAVAILABLE ": no zram to swap to: needs CONFIG_ZRAM, and where it is a module, that along (--modules)"
#define NO_COMPRESSOR UNAVAILABLE ": zram takes none of lzo-rle, lz4, lzo, zstd: needs one, and where it is a module," \
	" that along (--modules)"

static void load_modules(void)
{
	char path[64];
	u64 i;

	for (i = 0;; i++) {
		long fd = sys3(__NR_open, join(path, "/modules/", i, ".ko"), O_RDONLY | O_CLOEXEC, 0);
		long result;

		if (fd < 0)
			return;
		result = sys3(__NR_finit_module, fd, "", 0);
		sys1(__NR_close, fd);
		if (result < 0 && result != -17)
			fatal(join(path, "/modules/", i, ".ko cannot be loaded"), result);
	}
}

/* The size in KiB of a disk of /proc/partitions ("major minor blocks name" lines behind a heading); makes its node. */
static u64 disk(const char *wanted, const char *node)
{
	const char *line = file_read("/proc/partitions");

	while (*line) {
		const char *at = line;

		while (*at == ' ')
			at++;
		if (*at >= '0' && *at <= '9') {
			u64 major = number_at(at), minor, blocks;

			at = word_at(at, 1);
			minor = number_at(at);
			at = word_at(at, 1);
			blocks = number_at(at);
			at = word_at(at, 1);
			if (starts(at, wanted) && at[length(wanted)] == '\n') {
				sys3(__NR_mknod, node, 0060600, major << 8 | (minor & 0xff) | (minor & ~0xffUL) << 12);
				return blocks;
			}
		}
		while (*line && *line++ != '\n')
			;
	}
	return 0;
}

/* The first of the disks the guest may have been given; NVMe's appears some time after its driver. */
static u64 find_disk(char *name)
{
	static const char names[][8] = { "vda", "nvme0n1", "sda" };
	int tries;
	u64 i, blocks;

	for (tries = 0; tries < 5000; tries++) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			blocks = disk(names[i], "/swap");
			if (blocks) {
				name_copy(name, names[i], 8);
				return blocks;
			}
		}
		nap(1000);
	}
	return 0;
}

/*
 * Makes the last page of the swap disk, which is not swapped to, a partition: what is swapped to may not be written by
 * others, but may by way of another device. Needs no table on the disk, nor a kernel that knows any.
 */
static void start_block(const char *name, u64 blocks)
{
	struct blkpg_partition *partition = (struct blkpg_partition *)S->buffer;
	struct blkpg_ioctl_arg *argument = (struct blkpg_ioctl_arg *)(partition + 1);
	char part[32];
	u64 size = length(name);
	long fd = sys3(__NR_open, "/swap", O_RDWR | O_CLOEXEC, 0);

	if (fd < 0)
		return;
	memset(S->buffer, 0, PAGE);
	partition->start = (blocks / 4 - 1) * PAGE;
	partition->length = PAGE;
	partition->pno = 1;
	argument->op = BLKPG_ADD_PARTITION;
	argument->datalen = sizeof(*partition);
	argument->data = partition;
	if (sys3(__NR_ioctl, fd, BLKPG, argument) == 0) {
		join(part, name, 1, "");
		if (name[size - 1] >= '0' && name[size - 1] <= '9') {
			name_copy(part, name, sizeof(part));
			join(part + size, "p", 1, "");
		}
		if (disk(part, "/block"))
			block_open("/block", 0);
	}
	sys1(__NR_close, fd);
}

/* One readahead and allocation rule for all kernels: older ones take a virtio disk for a rotating one. */
static void stop_rotation(const char *name)
{
	char path[96];
	int tries;

	name_copy(path, "/sys/block/", sizeof(path));
	name_copy(path + length(path), name, sizeof(path) - length(path));
	name_copy(path + length(path), "/queue/rotational", sizeof(path) - length(path));
	file_write(path, "0");
	/* once in some boots of 7.2 it had not taken: whole folios would then not be swapped */
	for (tries = 0; tries < 1000 && rotates(name); tries++) {
		nap(1000);
		file_write(path, "0");
	}
}

/* Swaps to /swap, up to its page of this number. */
static void swap_on(u64 last)
{
	u32 *header = (u32 *)((char *)S->buffer + 1024);
	long fd, result;

	memset(S->buffer, 0, PAGE);
	header[0] = 1;
	header[1] = last;
	copy((char *)S->buffer + PAGE - 10, "SWAPSPACE2", 10);
	fd = sys3(__NR_open, "/swap", O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		fatal("the swap device cannot be opened", fd);
	result = sys4(__NR_pwrite64, fd, S->buffer, PAGE, 0);
	if (result == (long)PAGE)
		result = sys1(__NR_fsync, fd);
	sys1(__NR_close, fd);
	if (result < 0)
		fatal("the swap device cannot be written", result);
	S->rotates = rotates(S->disk);
	result = sys2(__NR_swapon, "/swap", 0);
	if (result < 0)
		fatal("no swap, as swapon failed: build the kernel with CONFIG_SWAP, or give 'kernel' commands --swap none",
		      result);
}

/*
 * Swaps to compressed memory of so many KiB. Where the compressor that the kernel would take is not there, another does;
 * what is swapped does not tell them apart.
 */
static void start_zram(u64 blocks)
{
	static const char others[][8] = { "lzo-rle", "lz4", "lzo", "zstd" };
	char size[32];
	u64 i;

	if (!exists("/sys/block/zram0/disksize")) {
		S->no_zram = NO_ZRAM;
		return;
	}
	join(size, "", blocks, "K");
	for (i = 0; file_write("/sys/block/zram0/disksize", size) < 0; i++) {
		if (i == sizeof(others) / sizeof(others[0])) {
			S->no_zram = NO_COMPRESSOR;
			return;
		}
		file_write("/sys/block/zram0/comp_algorithm", others[i]);
	}
	sys1(__NR_unlink, "/swap");
	blocks = disk("zram0", "/swap");
	if (!blocks)
		fatal("zram0 is no disk", 0);
	name_copy(S->disk, "zram0", sizeof(S->disk));
	swap_on(blocks / 4 - 1);
	S->swap = SWAP_ZRAM;
}

/* The disk is there whatever is swapped to: its last page is the block of direct reads. */
static void start_swap(int wanted)
{
	char name[32];
	u64 blocks = find_disk(name);

	if (!blocks)
		fatal("no disk for swap: build the kernel with CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_BLK, or"
		      " CONFIG_BLK_DEV_NVME, and where they are modules give them along (--modules)", 0);
	name_copy(S->disk, name, sizeof(S->disk));
	stop_rotation(name);
	start_block(name, blocks);
	S->swap = SWAP_NONE;
	if (wanted == SWAP_ZRAM)
		start_zram(blocks);
	if (wanted == SWAP_DISK) {
		swap_on(blocks / 4 - 2); /* the page behind the last is the block's */
		S->swap = SWAP_DISK;
	}
}

static void start_guest(int swap)
{
	long result;

	const u8 fifo = 7; /* on, and empty */

	S->guest = 1;
	if (sys3(__NR_ioperm, PORT_OUT, 1, 1) < 0 || sys3(__NR_ioperm, PORT_EXIT, 1, 1) < 0 ||
	    sys3(__NR_ioperm, PORT_UART, 8, 1) < 0)
		fatal("no I/O ports for user space: a kernel without CONFIG_X86_IOPL_IOPERM", 0);
	S->ports = 1;
	S->batch = sys3(__NR_open, "/requests", O_RDONLY | O_CLOEXEC, 0);
	port_write(PORT_UART + UART_FIFO, &fifo, 1);
	sys2(__NR_mkdir, "/proc", 0755);
	sys2(__NR_mkdir, "/sys", 0755);
	sys2(__NR_mkdir, "/cgroup", 0755);
	result = sys5(__NR_mount, "proc", "/proc", "proc", 0, NULL);
	if (result < 0)
		fatal("/proc cannot be mounted: a kernel without CONFIG_PROC_FS?", result);
	sys5(__NR_mount, "sys", "/sys", "sysfs", 0, NULL);
	if (sys5(__NR_mount, "cgroup", "/cgroup", "cgroup2", 0, NULL) == 0)
		name_copy(S->cgroup, "/cgroup", sizeof(S->cgroup));
	load_modules();
	start_swap(swap);
	file_write("/proc/sys/vm/page-cluster", "0");
	file_write("/proc/sys/kernel/io_uring_disabled", "0");
}
