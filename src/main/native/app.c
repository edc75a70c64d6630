/*
 * A real program under load. It runs in a memory cgroup of its own, and the probe, outside that cgroup, is its only
 * client: what the program's process costs is its own, and the load is the same byte for byte on every kernel.
 *
 * Files of the guest: /app/arguments, what is started, an argument a line; /app/ask0, /app/ask1, ..., requests as bytes,
 * each with at most one run of '#', where a key's digits go; /app/load-NAME, the requests of a load: of each four bytes,
 * the high four bits say which of these, the rest is the key.
 */
#define GROUP "/cgroup/app"
#define KEY_DIGITS 12

enum { ASK = 32 * 1024, MAX_BATCH = 512 * 1024, MOST_TRIES = 60000 };

/* In S->text: what the requests of a load say, and behind them a batch of requests. */
static char *ask_text(int number)
{
	return S->text + number * ASK;
}

static char *batch_text(void)
{
	return S->text + MAX_ASKS * ASK;
}

/* The last line that the program has printed. */
static const char *last_words(void)
{
	const char *text = file_read("/app/log"), *last = text;

	for (; *text; text++)
		if (text[0] == '\n' && text[1] && text[1] != '\n')
			last = text + 1;
	return last;
}

/* Says that the program has ended before its work was done; from now on nothing is asked of it. */
static void app_ended(int status)
{
	s64 killed = counter(file_read(GROUP "/memory.events"), "oom_kill");

	S->app = 0;
	put("{\"probe\":\"app\",\"ended\":");
	put_number(status);
	put(",\"killed\":");
	put_number(killed > 0 ? killed : 0);
	put(",\"said\":");
	put_json(last_words());
	put("}");
	flush();
}

/* Whether the program has ended, which is then said. */
static int app_gone(void)
{
	int status = 0;

	if (sys4(__NR_wait4, S->app, &status, WNOHANG, NULL) != S->app)
		return 0;
	app_ended(status);
	return 1;
}

/* What does not come back: the program's end, for which there is a moment. */
static void app_lost(void)
{
	int tries;

	for (tries = 0; S->app && tries < 10000 && !app_gone(); tries++)
		nap(1000);
	if (S->app)
		fatal("the program closed its connection and lives on", 0);
}

static void app_process(long ignored) __attribute__((noreturn));
static void app_process(long ignored)
{
	static char *const environment[] = { "PATH=/usr/bin:/bin", "HOME=/", NULL };
	char **arguments = (char **)(S->text + MAX_SCRIPT / 2);
	char *at = S->text;
	long log = sys3(__NR_open, "/app/log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int count = 0;

	(void)ignored;
	sys2(__NR_dup2, log, 1);
	sys2(__NR_dup2, log, 2);
	sys1(__NR_chdir, "/app");
	file_write(GROUP "/cgroup.procs", "0");
	while (*at && count < 64) {
		arguments[count++] = at;
		while (*at && *at != '\n')
			at++;
		if (*at)
			*at++ = 0;
	}
	arguments[count] = NULL;
	sys3(__NR_execve, arguments[0], arguments, environment);
	sys1(__NR_exit_group, 127);
	__builtin_unreachable();
}

/* A connection to the program's Unix socket; waits until it listens. */
static void app_connect(const char *path)
{
	struct {
		unsigned short family;
		char path[108];
	} address = { 1 /* AF_UNIX */, "" };
	int tries;

	name_copy(address.path, path, sizeof(address.path));
	S->app_socket = sys3(__NR_socket, 1, 1 | O_CLOEXEC, 0);
	if (S->app_socket < 0)
		fatal("no Unix sockets, which programs are asked through: build the kernel with CONFIG_NET and CONFIG_UNIX"
		      " (build-kernel.sh --enable NET --enable UNIX)", S->app_socket);
	for (tries = 0; tries < MOST_TRIES; tries++) {
		if (sys3(__NR_connect, S->app_socket, &address, sizeof(address)) == 0)
			return;
		if (app_gone())
			return;
		nap(1000);
	}
	fatal("the program does not listen", 0);
}

static void app_start(const char *path)
{
	long n, fd;

	sys2(__NR_mkdir, "/tmp", 01777);
	sys3(__NR_mknod, "/dev/null", 0020666, 1 << 8 | 3);
	sys3(__NR_mknod, "/dev/urandom", 0020666, 1 << 8 | 9);
	if (!groups_start() || sys2(__NR_mkdir, GROUP, 0755) < 0)
		fatal("no memory controller of cgroups version 2, by which a program's memory is limited: build the kernel with"
		      " CONFIG_MEMCG, and do not switch it off on its command line", 0);
	fd = sys3(__NR_open, "/app/arguments", O_RDONLY | O_CLOEXEC, 0);
	n = sys3(__NR_read, fd, S->text, MAX_SCRIPT / 2 - 1);
	if (n <= 0)
		fatal("the program's arguments cannot be read", n);
	S->text[n] = 0;
	sys1(__NR_close, fd);
	n = clone_into(app_process, 0, SIGCHLD | CLONE_PARENT_SETTID, S->stacks[0] + STACK, &S->app);
	if (n < 0)
		fatal("the program cannot be started", n);
	app_connect(path);
}

/* What is counted of the program, as of now. */
struct app_count {
	u64 instructions, minor, major, in, out, reused;
};

static void app_count(struct app_count *count)
{
	struct __kernel_timespec time = { 0, 0 };
	char path[48];
	const char *text;

	/* the process's own clock, to the nanosecond: what schedstat says of all of its threads together */
	sys2(__NR_clock_gettime, (int)(~(u32)S->app << 3 | 2), &time);
	count->instructions = time.tv_sec * 1000000000UL + time.tv_nsec;
	text = file_read(join(path, "/proc/", S->app, "/stat"));
	while (*text && *text != ')')
		text++;
	count->minor = number_at(word_at(text, 8));
	count->major = number_at(word_at(text, 10));
	text = file_read("/proc/vmstat");
	count->in = field(text, "pswpin");
	count->out = field(text, "pswpout");
	count->reused = field(text, "pgreuse");
}

/* The program's threads as of now; how many of them there are room for. */
static int app_threads(long *threads)
{
	struct {
		u64 inode, offset;
		unsigned short size;
		u8 type;
		char name[];
	} *entry;
	char path[48], *all = (char *)S->frames;
	long fd = sys3(__NR_open, join(path, "/proc/", S->app, "/task"), O_RDONLY | O_CLOEXEC, 0), n, at;
	int count = 0;

	while ((n = sys3(__NR_getdents64, fd, all, sizeof(S->frames))) > 0)
		for (at = 0; at < n; at += entry->size) {
			entry = (void *)(all + at);
			if (number_at(entry->name) && count < MOST_THREADS)
				threads[count++] = number_at(entry->name);
		}
	sys1(__NR_close, fd);
	return count;
}

/*
 * Has the program's threads counted for calls of a function of the kernel from now on, or says why that cannot be. Each
 * counted call takes a trap, which the program's instructions then have too.
 */
static void app_count_calls(const char *function)
{
	const char *why = no_kprobes();
	long event = why ? -ENOENT : -ESRCH, threads[MOST_THREADS];
	int count = why ? 0 : app_threads(threads), i;

	if (S->app_counted == MOST_COUNTED || length(function) >= sizeof(S->app_calls[0].name))
		fatal("too many functions to count, or too long a name", 0);
	S->app_calls[S->app_counted].threads = 0;
	for (i = 0; i < count; i++) {
		event = function_open(function, threads[i]);
		if (event < 0)
			break;
		S->app_calls[S->app_counted].events[S->app_calls[S->app_counted].threads++] = event;
	}
	if (event >= 0) {
		name_copy(S->app_calls[S->app_counted++].name, function, sizeof(S->app_calls[0].name));
		return;
	}
	put("{\"probe\":\"app\",\"uncounted\":");
	put_json(function);
	put(",\"why\":");
	put_json(why ? why : event == -ENOENT ? "this kernel has no function to count of that name, or the compiler has put"
						" it into its callers"
					      : "the kernel refuses the perf event");
	put("}");
	flush();
}

static u64 app_calls(int number)
{
	u64 calls = 0;
	int i;

	for (i = 0; i < S->app_calls[number].threads; i++) {
		S->entry[4] = 0;
		sys3(__NR_read, S->app_calls[number].events[i], &S->entry[4], 8);
		calls += S->entry[4];
	}
	return calls;
}

static void app_put(const char *name, u64 value)
{
	put(",\"");
	put(name);
	put("\":");
	put_number(value);
}

/* Reads what a request says and finds where its key goes; the key's place, or -1. */
static long ask_read(int number)
{
	char path[48], *text = ask_text(number);
	long fd = sys3(__NR_open, join(path, "/app/ask", number, ""), O_RDONLY | O_CLOEXEC, 0);
	long n = fd < 0 ? fd : sys3(__NR_read, fd, text, ASK - 1), at;

	if (n < 0) {
		S->ask_size[number] = 0;
		return -1;
	}
	sys1(__NR_close, fd);
	S->ask_size[number] = n;
	for (at = 0; at < n; at++)
		if (text[at] == '#')
			return at;
	return -1;
}

/* Plays a load, so many requests at once, and says what the program did meanwhile. */
static void app_load(const char *name, u64 batch)
{
	struct app_count before, after;
	struct app_replies replies = { 0, 0, "" };
	char path[64];
	u64 requests = 0, i, size, calls[MOST_COUNTED];
	s64 most;
	long fd, n;
	int number;

	for (number = 0; number < MAX_ASKS; number++)
		S->ask_key[number] = ask_read(number);
	name_copy(path, "/app/load-", sizeof(path));
	name_copy(path + length(path), name, sizeof(path) - length(path));
	fd = sys3(__NR_open, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		fatal("a load cannot be read", fd);
	/* from here on the most memory that was resident is that of this load */
	file_write(join(path, "/proc/", S->app, "/clear_refs"), "5");
	for (number = 0; number < S->app_counted; number++)
		calls[number] = app_calls(number);
	app_count(&before);
	if (batch < 1 || batch > MAX_BENCH)
		fatal("a batch has not so many requests", 0);
	while ((n = sys3(__NR_read, fd, S->ticks, batch * 4)) > 0) {
		char *out = batch_text();

		for (i = 0, size = 0; i < (u64)n / 4; i++) {
			u32 request = S->ticks[i], key = request & 0xfffffff;
			u64 length = S->ask_size[request >> 28];
			long at = S->ask_key[request >> 28];
			int digit;

			if (size + length > MAX_BATCH)
				fatal("a batch is too long: fewer requests at once", 0);
			copy(out + size, ask_text(request >> 28), length);
			for (digit = KEY_DIGITS - 1; at >= 0 && digit >= 0; digit--, key /= 10)
				out[size + at + digit] = '0' + key % 10;
			size += length;
		}
		if (!app_send(out, size) || !app_read(n / 4, &replies)) {
			sys1(__NR_close, fd);
			app_lost();
			return;
		}
		requests += n / 4;
	}
	sys1(__NR_close, fd);
	app_count(&after);
	for (number = 0; number < S->app_counted; number++)
		calls[number] = app_calls(number) - calls[number];
	most = counter(file_read(join(path, "/proc/", S->app, "/status")), "VmHWM");
	put("{\"probe\":\"app\",\"load\":");
	put_json(name);
	app_put("requests", requests);
	app_put("instructions", after.instructions - before.instructions);
	app_put("minor", after.minor - before.minor);
	app_put("major", after.major - before.major);
	app_put("in", after.in - before.in);
	app_put("out", after.out - before.out);
	if (counter(file_read("/proc/vmstat"), "pgreuse") >= 0)
		app_put("reused", after.reused - before.reused);
	if (most >= 0)
		app_put("peak", most * 1024);
	put(",\"calls\":{");
	for (number = 0; number < S->app_counted; number++) {
		put(number ? "," : "");
		put_json(S->app_calls[number].name);
		put(":");
		put_number(calls[number]);
	}
	put("}");
	app_put("missing", replies.missing);
	app_put("errors", replies.errors);
	put(",\"error\":");
	put_json(replies.error);
	put("}");
	flush();
	tell_log("step");
}

/* Sends a command that is one line, and reads its reply. */
static int app_command(const struct tokens *t, int from, struct app_replies *replies)
{
	int i;

	for (i = from; i < t->count; i++)
		if ((i > from && !app_send(" ", 1)) || !app_send(t->at[i], length(t->at[i])))
			break;
	if (i == t->count && app_send("\r\n", 2) && app_read(1, replies))
		return 1;
	app_lost();
	return 0;
}

/* Limits the program to so many hundredths of what it uses now. */
static void app_limit(u64 percent)
{
	char text[32];
	u64 used = number_at(file_read(GROUP "/memory.current")), most = used / 100 * percent / PAGE * PAGE;

	if (!used || file_write(GROUP "/memory.max", join(text, "", most, "")) < 0)
		fatal("the program's memory cannot be limited", 0);
	put("{\"probe\":\"app\",\"limit\":");
	put_number(most);
	app_put("used", used);
	put("}");
	flush();
}

/*
 * Requests:
 *   app start SOCKET                     starts the program and connects to it
 *   app count FUNCTION                   calls of a kernel function by the program, told of each load
 *   app limit PERCENT                    of the memory that it uses now
 *   app load NAME BATCH                  plays a load, so many requests at once
 *   app do WORD...                       a command, whose reply must not be an error, and what it cost
 *   app tell NAME WORD...                a number that a command's reply has behind this name
 *   app demand NAME VALUE WORD...        ends the run unless that is so
 *   app until NAME VALUE WORD...         asks again and again until that is so
 * Where the program has ended, nothing is done.
 */
static void app(const struct tokens *t)
{
	struct app_replies replies = { 0, 0, "" };
	const char *what = t->at[1];

	if (same(what, "start") && t->count == 3) {
		app_start(t->at[2]);
		return;
	}
	if (!S->app)
		return;
	if (same(what, "count") && t->count == 3) {
		app_count_calls(t->at[2]);
	} else if (same(what, "limit") && t->count == 3) {
		app_limit(number_at(t->at[2]));
	} else if (same(what, "load") && t->count == 4) {
		app_load(t->at[2], number_at(t->at[3]));
	} else if (same(what, "do") && t->count > 2) {
		struct app_count before, after;

		app_count(&before);
		if (!app_command(t, 2, &replies))
			return;
		if (replies.errors)
			fatal(replies.error, 0);
		app_count(&after);
		put("{\"probe\":\"app\",\"did\":");
		put_json(t->at[2]);
		app_put("instructions", after.instructions - before.instructions);
		put("}");
		flush();
	} else if (same(what, "tell") && t->count > 3) {
		s64 value;

		if (!app_command(t, 3, &replies))
			return;
		value = counter(S->scratch, t->at[2]);
		if (replies.errors || value < 0)
			fatal("the program does not tell what it is asked", 0);
		put("{\"probe\":\"app\",\"tell\":");
		put_json(t->at[2]);
		app_put("value", value);
		put("}");
		flush();
	} else if (same(what, "until") && t->count > 4) {
		u64 wanted = number_at(t->at[3]);
		int tries;

		for (tries = 0; tries < MOST_TRIES; tries++) {
			if (!app_command(t, 4, &replies) || counter(S->scratch, t->at[2]) == (s64)wanted)
				return;
			nap(10000);
		}
		fatal("the program does not come to an end with what it was told to do", 0);
	} else if (same(what, "demand") && t->count > 4) {
		if (app_command(t, 4, &replies) && counter(S->scratch, t->at[2]) != (s64)number_at(t->at[3]))
			fatal("the program could not do what it was told to do; --percent and --memory leave it more room", 0);
	} else {
		fatal("unknown request", 0);
	}
}
