/* What the probe says, and how it ends: by I/O port in a guest, so that a crash loses nothing; else by its output. */

/* Looks at the UART, some ten minutes of them, after which nobody is taken to be there. */
#define ABANDONED 3000000000UL

enum { PORT_OUT = 0xe9, PORT_EXIT = 0xf4, PORT_UART = 0x2f8, UART_FIFO = 2, UART_STATUS = 5 };

static u8 port_read(u32 port)
{
	u8 byte;

	__asm__ volatile("inb %1, %0" : "=a"(byte) : "Nd"((unsigned short)port));
	return byte;
}

static void port_write(u32 port, const void *bytes, u64 count)
{
	__asm__ volatile("rep outsb" : "+S"(bytes), "+c"(count) : "d"((unsigned short)port) : "memory");
}

static void put(const char *text)
{
	while (*text && S->line_length < sizeof(S->line) - 2)
		S->line[S->line_length++] = *text++;
}

static void put_number(u64 value)
{
	char digits[24];
	int at = sizeof(digits);

	digits[--at] = 0;
	do {
		digits[--at] = '0' + value % 10;
		value /= 10;
	} while (value);
	put(digits + at);
}

static void put_member(const char *name, u64 value)
{
	put(",\"");
	put(name);
	put("\":");
	put_number(value);
}

static void put_json(const char *text)
{
	char one[2] = { 0, 0 };

	put("\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			put("\\");
		one[0] = (u8)*text < ' ' ? ' ' : *text;
		put(one);
	}
	put("\"");
}

static void flush(void)
{
	u64 done = 0;

	S->line[S->line_length++] = '\n';
	if (S->ports) {
		port_write(PORT_OUT, S->line, S->line_length);
	} else {
		while (done < S->line_length) {
			long n = sys3(__NR_write, 1, S->line + done, S->line_length - done);

			if (n <= 0)
				break;
			done += n;
		}
	}
	S->line_length = 0;
}

static void power_off(int status) __attribute__((noreturn));
static void power_off(int status)
{
	if (S->guest) {
		if (S->ports) {
			u8 code = status;

			port_write(PORT_EXIT, &code, 1);
		}
		sys4(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF, NULL);
		sys4(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, NULL);
	}
	for (;;)
		sys1(__NR_exit_group, status);
}

/* Ends the run: the machine cannot do what was asked. */
static void fatal(const char *what, long error) __attribute__((noreturn));
static void fatal(const char *what, long error)
{
	S->line_length = 0;
	if (S->guest && !S->ports) {
		/* the console is all there is */
		sys3(__NR_write, 1, "cowbench: ", 10);
		sys3(__NR_write, 1, what, length(what));
		sys3(__NR_write, 1, "\n", 1);
		power_off(3);
	}
	put("{\"probe\":\"fatal\",\"message\":");
	put_json(what);
	put(",\"errno\":");
	put_number(error < 0 ? -error : error);
	put("}");
	flush();
	power_off(3);
}
