/*
 * What the probe needs of an operating system, without a C library: x86-64 system calls, strings, and the linker's
 * idea of where the program's own text lies.
 *
 * A library is left out on purpose. libc keeps private writable state (errno, stdio, TLS, the rseq area the kernel
 * writes on every preemption). After a fork each write there is one more copy-on-write fault: it would be counted
 * with the acting process's faults and, worse, put a page into the very LRU batch whose references are observed.
 */
#ifndef COWBENCH_SYS_H
#define COWBENCH_SYS_H

#include <asm/unistd_64.h>
#include <linux/types.h>

#ifndef __x86_64__
#error "the probe is written for x86-64"
/* The compiler may call these two by itself. */
void *memcpy(void *to, const void *from, unsigned long count) { return copy(to, from, count); }
void *memset(void *to, int byte, unsigned long count)
{
	void *start = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(byte) : "memory");
	return start;
}

#endif

typedef __u8 u8;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;

#define PAGE 4096UL
#define NULL ((void *)0)

static inline long sys6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#define sys(number, a, b, c, d, e, f) \
	sys6((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define sys0(n) sys(n, 0, 0, 0, 0, 0, 0)
#define sys1(n, a) sys(n, a, 0, 0, 0, 0, 0)
#define sys2(n, a, b) sys(n, a, b, 0, 0, 0, 0)
#define sys3(n, a, b, c) sys(n, a, b, c, 0, 0, 0)
#define sys4(n, a, b, c, d) sys(n, a, b, c, d, 0, 0)
#define sys5(n, a, b, c, d, e) sys(n, a, b, c, d, e, 0)

/* The instruction counter of an emulated guest; a time stamp anywhere else. */
static inline u64 ticks(void)
{
	u32 low, high;

	__asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (u64)high << 32 | low;
}

static inline void *copy(void *to, const void *from, u64 count)
{
	void *start = to;

	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
	return start;
}

static inline u64 length(const char *text)
{
	u64 count = 0;

	while (text[count])
		count++;
	return count;
}

static inline int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static inline int starts(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return 0;
	return 1;
}

/* The compiler may call these two by itself. */
void *memcpy(void *to, const void *from, unsigned long count) { return copy(to, from, count); }
void *memset(void *to, int byte, unsigned long count)
{
	void *start = to;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(byte) : "memory");
	return start;
}

#endif
