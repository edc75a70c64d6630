/*
 * Bit 56 of /proc/PID/pagemap ("exclusively mapped") under a PMD entry: of each page, or of the first for all 512?
 *
 *	cc -O2 -o pagemap-56 pagemap-56.c && ./pagemap-56	status 1: of the first; 0: of each; 3: cannot be tried
 *
 * A child shares a huge page with its parent, which then copies page 0 alone. Page 0 is the child's alone from then on,
 * the other 511 are mapped twice. Be root: /proc/kpagecount says so.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEED(what, done) do { if (!(done)) { perror("cannot be tried: " what); exit(3); } } while (0)

enum { PAGE = 4096, PAGES = 512, HUGE = PAGE * PAGES };

static uint64_t word(const char *file, uint64_t at)
{
	uint64_t value;
	int fd = open(file, O_RDONLY);

	NEED("pagemap or kpagecount", fd >= 0 && pread(fd, &value, 8, at * 8) == 8);
	close(fd);
	return value;
}

static int look(const volatile char *memory)
{
	int i, wrong = 0;

	for (i = 0; i < PAGES; i++) {
		uint64_t entry = word("/proc/self/pagemap", (uintptr_t)memory / PAGE + i);
		uint64_t maps = word("/proc/kpagecount", entry & ((1ULL << 55) - 1));

		if (i < 2)
			printf("child, page %d: bit 56 is %d, mapped %d times\n", i, (int)(entry >> 56 & 1), (int)maps);
		wrong += (entry >> 56 & 1) != (maps == 1);
	}
	printf("%s: bit 56 is wrong of %d of %d pages\n", wrong ? "OF THE FIRST" : "of each", wrong, PAGES);
	return wrong != 0;
}

int main(void)
{
	char *area = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *memory = (char *)(((uintptr_t)area + HUGE - 1) & -(uintptr_t)HUGE);
	int status, go[2];
	char byte;

	NEED("memory", area != MAP_FAILED && pipe(go) == 0);
	NEED("MADV_HUGEPAGE", madvise((char *)memory, HUGE, MADV_HUGEPAGE) == 0);
	memory[0] = 1;
	if (fork() == 0) {
		NEED("a pipe", read(go[0], &byte, 1) == 1);
		exit(look(memory));
	}
	memory[0] = 2;
	NEED("a pipe", write(go[1], "x", 1) == 1);
	wait(&status);
	return WEXITSTATUS(status);
}
