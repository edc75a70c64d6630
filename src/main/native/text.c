/* Words, numbers and small files: a kernel tells nearly everything as text, and scripts are text. */

static void nap(long microseconds)
{
	struct __kernel_timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };

	sys2(__NR_nanosleep, &time, NULL);
}

static void name_copy(char *to, const char *from, u64 size)
{
	u64 i;

	for (i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i];
	to[i] = 0;
}

static char *join(char *to, const char *a, u64 number, const char *b)
{
	char digits[24];
	int at = sizeof(digits);
	char *out = to;

	digits[--at] = 0;
	do {
		digits[--at] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (*a)
		*out++ = *a++;
	for (a = digits + at; *a;)
		*out++ = *a++;
	while (*b)
		*out++ = *b++;
	*out = 0;
	return to;
}

static long file_write(const char *path, const char *text)
{
	long fd = sys3(__NR_open, path, O_WRONLY | O_CLOEXEC, 0);
	long result;

	if (fd < 0)
		return fd;
	result = sys3(__NR_write, fd, text, length(text));
	sys1(__NR_close, fd);
	return result;
}

/* The whole of a small file, as a string in S->scratch. */
static const char *file_read(const char *path)
{
	long fd = sys3(__NR_open, path, O_RDONLY | O_CLOEXEC, 0);
	u64 at = 0;

	S->scratch[0] = 0;
	if (fd < 0)
		return S->scratch;
	for (;;) {
		long n = sys3(__NR_read, fd, S->scratch + at, TEXT - 1 - at);

		if (n <= 0)
			break;
		at += n;
	}
	S->scratch[at] = 0;
	sys1(__NR_close, fd);
	return S->scratch;
}

static u64 number_at(const char *text)
{
	u64 value = 0;

	while (*text >= '0' && *text <= '9')
		value = value * 10 + (*text++ - '0');
	return value;
}

/* The number behind a name at the beginning of a line; -1 when there is no such line. */
static s64 counter(const char *text, const char *name)
{
	u64 size = length(name);

	while (*text) {
		if (starts(text, name) && (text[size] == ' ' || text[size] == ':')) {
			text += size + 1;
			while (*text == ' ' || *text == '\t')
				text++;
			return number_at(text);
		}
		while (*text && *text++ != '\n')
			;
	}
	return -1;
}

static u64 field(const char *text, const char *name)
{
	s64 value = counter(text, name);

	return value < 0 ? 0 : value;
}

/* The word behind a number of others, all separated by single blanks. */
static const char *word_at(const char *text, int skip)
{
	while (skip--) {
		while (*text && *text != ' ')
			text++;
		while (*text == ' ')
			text++;
	}
	return text;
}

struct tokens {
	int count;
	char *at[8];
};

/* Splits a line in place; "->" and what follows it, and comments, are left out. Returns the start of the next line. */
static char *split(char *line, struct tokens *tokens)
{
	char *at = line;

	tokens->count = 0;
	while (*at && *at != '\n' && *at != '#') {
		if (*at == ' ' || *at == '\t' || *at == '\r') {
			*at++ = 0;
			continue;
		}
		if (at[0] == '-' && at[1] == '>')
			break;
		if (tokens->count < 8)
			tokens->at[tokens->count++] = at;
		while (*at && *at != ' ' && *at != '\t' && *at != '\r' && *at != '\n' && *at != '#')
			at++;
	}
	if (!*at)
		return at;
	if (*at == '\n') {
		*at = 0;
		return at + 1;
	}
	*at++ = 0;
	while (*at && *at != '\n')
		at++;
	return *at ? at + 1 : at;
}
