/* What the kernel has logged: the one who knows first that something is wrong with it. */
enum { WARNING_LEVEL = 4, LOG_BURST = 1000, LOG_TEXT = 400 };

/* In a guest everything since its boot is looked at, on this machine what comes from now on. */
static void log_open(void)
{
	S->log = sys3(__NR_open, "/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	if (S->log < 0 && S->guest) {
		sys2(__NR_mkdir, "/dev", 0755);
		sys3(__NR_mknod, "/dev/kmsg", S_IFCHR | 0600, 1 << 8 | 11);
		S->log = sys3(__NR_open, "/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	}
	if (S->log >= 0 && !S->guest)
		sys3(__NR_lseek, S->log, 0, SEEK_END);
}

/*
 * Tells what the kernel has logged since the last look, at the level of a warning or worse. A record is
 * PRIORITY,NUMBER,TIME,FLAGS;TEXT; what a program of this machine wrote, with a facility in its priority, is not the
 * kernel's.
 */
static void tell_log(const char *when)
{
	int i;

	for (i = 0; S->log >= 0 && i < LOG_BURST; i++) {
		long n = sys3(__NR_read, S->log, S->scratch, sizeof(S->scratch) - 1), at, end;
		u64 priority;

		if (n == -EPIPE) /* some were overwritten before they were read: goes on with the oldest */
			continue;
		if (n <= 0)
			break;
		S->scratch[n] = 0;
		priority = number_at(S->scratch);
		if (priority % 8 > WARNING_LEVEL || (priority / 8 && !S->guest))
			continue;
		for (at = 0; S->scratch[at] && S->scratch[at] != ';'; at++)
			;
		at += S->scratch[at] == ';';
		for (end = at; S->scratch[end] && S->scratch[end] != '\n' && end < at + LOG_TEXT; end++)
			;
		S->scratch[end] = 0;
		put("{\"probe\":\"log\",\"when\":\"");
		put(when);
		put("\",\"text\":");
		put_json(S->scratch + at);
		put("}");
		flush();
	}
}
