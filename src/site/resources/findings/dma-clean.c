/*
 * A device's write into anonymous memory that is lost: Linux 6.11 and newer, as far as 7.3.
 *
 * A read fault brings exclusive pages back from swap and maps them writable, but clean. io_uring pins them as
 * a fixed buffer: get_user_pages finds writable entries and marks nothing dirty. A file is read into the buffer,
 * which is given back, and io_uring marks nothing dirty. So reclaim finds clean pages, and drops them.
 *
 *	cc -O2 -o dma-clean dma-clean.c
 *	./dma-clean		LOST (status 1), kept (0), or what is lacking (3)
 *
 * Needs swap on a disk or partition (not zram or zswap), io_uring, and RLIMIT_MEMLOCK of 512 KiB or root.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#define NEED(what, done) do { if (!(done)) { perror("cannot be tried: " what); exit(3); } } while (0)

enum { PAGE = 4096, PAGES = 128, OLD = 1, NEW = 2, TRIES = 100 };
static unsigned char *memory;
static int pagemap;

/* How many of the pages an entry maps. */
static int present(void)
{
	uint64_t entries[PAGES];
	int i, count = 0;

	NEED("pagemap", pread(pagemap, entries, sizeof(entries), (uintptr_t)memory / PAGE * 8) == sizeof(entries));
	for (i = 0; i < PAGES; i++)
		count += entries[i] >> 63;
	return count;
}

/* To swap, all of it: what is in a CPU's batch, or being written, goes at a later try. */
static void pageout(void)
{
	int tries;

	for (tries = 0; present() && tries < TRIES; tries++) {
		NEED("MADV_PAGEOUT", madvise(memory, PAGES * PAGE, MADV_PAGEOUT) == 0);
		usleep(20000);
	}
	if (present()) {
		fputs("cannot be tried: pages stay in memory; is there swap?\n", stderr);
		exit(3);
	}
	usleep(200000);
}

static char *ring_part(int ring, size_t size, off_t offset)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);

	NEED("io_uring's rings", at != MAP_FAILED);
	return at;
}

/* The file's content goes to memory by way of a fixed buffer, not by way of the page table. */
static void device_write(int file)
{
	struct io_uring_params p = { 0 };
	struct iovec buffer = { memory, PAGES * PAGE };
	int ring = syscall(__NR_io_uring_setup, 4, &p);
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	char *sq, *cq;

	NEED("io_uring", ring >= 0);
	sq = ring_part(ring, p.sq_off.array + p.sq_entries * 4, IORING_OFF_SQ_RING);
	cq = ring_part(ring, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), IORING_OFF_CQ_RING);
	sqe = (struct io_uring_sqe *)ring_part(ring, p.sq_entries * sizeof(*sqe), IORING_OFF_SQES);
	NEED("a fixed buffer", syscall(__NR_io_uring_register, ring, IORING_REGISTER_BUFFERS, &buffer, 1) == 0);
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_READ_FIXED;
	sqe->fd = file;
	sqe->addr = (uintptr_t)memory;
	sqe->len = PAGES * PAGE;
	*(uint32_t *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	NEED("io_uring_enter", syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
	cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	NEED("a read of all pages", cqe->res == PAGES * PAGE);
	NEED("its end", syscall(__NR_io_uring_register, ring, IORING_UNREGISTER_BUFFERS, NULL, 0) == 0);
}

int main(void)
{
	static unsigned char content[PAGES * PAGE];
	int file = open("dma-clean.content", O_RDWR | O_CREAT | O_TRUNC, 0600), i, read_back = 0, lost = 0;

	memset(content, NEW, sizeof(content));
	unlink("dma-clean.content");
	NEED("a file in this folder", file >= 0 && pwrite(file, content, sizeof(content), 0) == sizeof(content));
	NEED("/proc/self/pagemap", (pagemap = open("/proc/self/pagemap", O_RDONLY)) >= 0);
	memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	NEED("memory", memory != MAP_FAILED);
	madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE); /* where there are huge pages */
	memset(memory, OLD, PAGES * PAGE);
	pageout();
	for (i = 0; i < PAGES; i++)
		read_back += ((volatile unsigned char *)memory)[i * PAGE] == OLD;
	device_write(file);
	for (i = 0; i < PAGES; i++)
		read_back += ((volatile unsigned char *)memory)[i * PAGE] == NEW;
	NEED("reads", read_back == 2 * PAGES);
	pageout();
	for (i = 0; i < PAGES; i++)
		lost += memory[i * PAGE] != NEW;
	printf("%s: %d of %d pages lost what the device wrote\n", lost ? "LOST" : "kept", lost, PAGES);
	return lost != 0;
}
