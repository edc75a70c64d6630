/*
 * The client of a program under load: bytes are sent, and replies read as far as they must be, of Redis's protocol and of
 * memcached's text protocol.
 */
/* Sends all of it; 0 if the program does not take it. */
static int app_send(const char *bytes, u64 count)
{
	while (count) {
		long n = sys3(__NR_write, S->app_socket, bytes, count);

		if (n <= 0)
			return 0;
		bytes += n;
		count -= n;
	}
	return 1;
}

/* What replies said that are no errors and no values. */
struct app_replies {
	u64 errors, missing;
	char error[160];
};

enum reply_line {
	REPLY_ENDS,   /* with this line */
	REPLY_VALUE,  /* as many bytes and a line's end follow, then the reply ends */
	REPLY_VALUES, /* the same, but another line follows */
	REPLY_MISSES, /* ends: there is no such key */
	REPLY_ERROR,
};

/*
 * What a line means, by its beginning: Redis's protocol begins lines with a sign, memcached's with a word. No protocol has
 * to be named, for none begins as the other does.
 */
static enum reply_line reply_line(const char *line, int valued, u64 *bytes, const char **error)
{
	*error = line + 1;
	switch (line[0]) {
	case '+':
	case ':':
		return REPLY_ENDS;
	case '$':
		*bytes = number_at(line + 1);
		return line[1] == '-' ? REPLY_MISSES : REPLY_VALUE;
	case '-':
		return REPLY_ERROR;
	}
	*error = line;
	if (starts(line, "VALUE ")) {
		/* key, flags, bytes */
		*bytes = number_at(word_at(line, 3));
		return REPLY_VALUES;
	}
	if (starts(line, "END"))
		return valued ? REPLY_ENDS : REPLY_MISSES;
	return starts(line, "STORED") ? REPLY_ENDS : REPLY_ERROR;
}

/*
 * Reads so many replies, none of them an array. The text of the last value, as much as there is room for, is in S->scratch.
 * 0 if the program does not answer.
 */
static int app_read(u64 wanted, struct app_replies *replies)
{
	char head[160], *buffer = (char *)S->frames;
	enum reply_line kind = REPLY_ENDS;
	u64 size = 0, skip = 0, kept = 0;
	int valued = 0;

	while (wanted) {
		long n = sys3(__NR_read, S->app_socket, buffer, sizeof(S->frames)), i = 0;

		if (n <= 0)
			return 0;
		while (i < n && wanted) {
			const char *error;

			if (skip) {
				u64 part = skip < (u64)(n - i) ? skip : (u64)(n - i);

				if (wanted == 1 && kept + part < TEXT) {
					copy(S->scratch + kept, buffer + i, part);
					kept += part;
				}
				skip -= part;
				i += part;
				if (!skip && kind == REPLY_VALUE)
					wanted--;
				continue;
			}
			if (buffer[i++] != '\n') {
				if (size + 1 < sizeof(head) && buffer[i - 1] != '\r')
					head[size++] = buffer[i - 1];
				continue;
			}
			head[size] = 0;
			size = 0;
			kind = reply_line(head, valued, &skip, &error);
			valued = kind == REPLY_VALUES;
			if (kind == REPLY_VALUE || kind == REPLY_VALUES) {
				skip += 2;
				continue;
			}
			replies->missing += kind == REPLY_MISSES;
			if (kind == REPLY_ERROR && !replies->errors++)
				name_copy(replies->error, error, sizeof(replies->error));
			wanted--;
		}
	}
	S->scratch[kept] = 0;
	return 1;
}
