/* A program of others', a test of the kernel's own: what it prints becomes lines of the probe's. */
static void payload_process(long out) __attribute__((noreturn));
static void payload_process(long out)
{
	static char *const arguments[] = { "/payload", NULL };
	static char *const environment[] = { "TMPDIR=/tmp", NULL };

	sys2(__NR_dup2, out, 1);
	sys2(__NR_dup2, out, 2);
	sys3(__NR_execve, arguments[0], arguments, environment);
	sys1(__NR_exit_group, 127);
	__builtin_unreachable();
}

static void tell_payload(const char *line)
{
	put("{\"probe\":\"said\",\"text\":");
	put_json(line);
	put("}");
	flush();
	tell_log("step");
}

/*
 * Runs /payload, as root, with a /tmp, the swap disk, folios switched on for those who ask, and khugepaged asleep. It may
 * change the settings; no script runs in this boot any more.
 */
static void payload(void)
{
	char line[1024];
	int ends[2], pid, status = 0;
	u64 at = 0;
	long n, i;

	sys2(__NR_mkdir, "/tmp", 0777);
	prepare_folios();
	file_write(HUGE "use_zero_page", "1");
	n = sys2(__NR_pipe2, ends, O_CLOEXEC);
	if (n < 0)
		fatal("no pipe for the program that was given along", n);
	n = clone_into(payload_process, ends[1], SIGCHLD | CLONE_PARENT_SETTID, S->stacks[0] + STACK, &pid);
	if (n < 0)
		fatal("the program that was given along cannot be started", n);
	sys1(__NR_close, ends[1]);
	while ((n = sys3(__NR_read, ends[0], S->text, MAX_SCRIPT)) > 0) {
		for (i = 0; i < n; i++) {
			if (S->text[i] != '\n') {
				if (at + 1 < sizeof(line))
					line[at++] = S->text[i];
				continue;
			}
			line[at] = 0;
			at = 0;
			tell_payload(line);
		}
	}
	sys1(__NR_close, ends[0]);
	if (at) {
		line[at] = 0;
		tell_payload(line);
	}
	sys4(__NR_wait4, pid, &status, 0, NULL);
	tell_log("end");
	put("{\"probe\":\"ended\",\"status\":");
	put_number(status);
	put("}");
	flush();
}
