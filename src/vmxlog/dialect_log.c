/* The journal as journalctl prints it, and the files of syslog daemons. A line is
 *
 *	STAMP [HOST] kernel: text
 *	STAMP [HOST] program[PID]: text
 *
 * and the dialects differ in the stamp. journald and rsyslog write the PID of whoever is not the
 * kernel, so that `kernel:` without one is the kernel's own; programs without a PID are taken
 * only behind the host name that other lines have shown. */
#include "vmxlog/dialect_rows.h"

#define PRIORITY_MAX 9999

/* `<N>` of syslog's network form, which some configurations write to files. */
static void eat_priority(struct slice *s, struct guest_line *ret)
{
	struct slice rest = *s;
	uint64_t priority;
	if (!slice_eat(&rest, SLICE("<")) || !slice_eat_decimal(&rest, &priority) || priority > PRIORITY_MAX ||
	    !slice_eat(&rest, SLICE(">")))
		return;
	ret->priority = (int)priority;
	*s = rest;
}

/* `kernel: `; the blank is missing where the text is empty. */
static bool eat_kernel_tag(struct slice *s)
{
	return slice_eat(s, SLICE("kernel: ")) || (slice_is(*s, "kernel:") && slice_eat(s, SLICE("kernel:")));
}

/* The length of `program[PID]: `, 0 when there is none. */
static size_t program_tag_len(struct slice s)
{
	struct slice name = slice_take(s, slice_find_char(s, ' ')), rest;
	if (!slice_after(name, SLICE("["), &rest) || rest.len + 1 == name.len)
		return 0;
	uint64_t pid;
	if (!slice_eat_decimal(&rest, &pid) || !slice_is(rest, "]:"))
		return 0;
	return name.len + (name.len < s.len);
}

/* `My Program: `: where the host tells that this is a line of the log. */
static size_t loose_tag_len(struct slice s)
{
	size_t colon = slice_find(s, SLICE(": "));
	return colon == SLICE_NOT_FOUND ? 0 : colon + 2;
}

static void remember_host(struct dialect_state *state, struct slice host)
{
	state->is_hostless = !host.len;
	state->host_len = host.len < sizeof state->host ? host.len : 0;
	memcpy(state->host, host.ptr, state->host_len);
}

static bool is_host(const struct dialect_state *state, struct slice word)
{
	return word.len && slice_equal(word, (struct slice){ state->host, state->host_len });
}

/* The line is of the form: `words` are what the sender said, `text` is that with the program's
 * name before it. */
static enum dialect_answer accept(struct dialect_state *state, struct slice line, struct slice words,
				  struct slice text, struct guest_line *ret)
{
	ret->sender = words.len == text.len ? GUEST_KERNEL : GUEST_CONSOLE;
	ret->text = text;
	state->indent = line.len - words.len;
	return DIALECT_LINE;
}

/* What stands behind the stamp. `may_lack_host`: a program in the place of the host is one. */
static enum dialect_answer take_sender(struct dialect_state *state, struct slice line, struct slice rest,
				       bool may_lack_host, struct guest_line *ret)
{
	struct slice words = rest;
	if (eat_kernel_tag(&words)) {
		remember_host(state, SLICE(""));
		return accept(state, line, words, words, ret);
	}
	size_t tag_len = may_lack_host || state->is_hostless ? program_tag_len(rest) : 0;
	if (tag_len)
		return accept(state, line, slice_skip(rest, tag_len), rest, ret);
	struct slice host = slice_until(rest, ' ');
	words = rest = slice_skip(rest, host.len + 1);
	bool is_kernel = eat_kernel_tag(&words);
	tag_len = program_tag_len(rest);
	if (!is_kernel && !tag_len && is_host(state, host))
		tag_len = loose_tag_len(rest);
	if (!host.len || host.ptr[host.len - 1] == ':' || (!is_kernel && !tag_len))
		return DIALECT_OTHER;
	remember_host(state, host);
	return is_kernel ? accept(state, line, words, words, ret) :
			   accept(state, line, slice_skip(rest, tag_len), rest, ret);
}

/* `Nov 21 12:00:00 host kernel: text`: syslog, journalctl -o short, short-precise. */
enum dialect_answer dialect_syslog(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line;
	eat_priority(&rest, ret);
	if (!stamp_eat_month(&rest, &ret->host) || !slice_eat(&rest, SLICE(" ")))
		return DIALECT_OTHER;
	return take_sender(state, line, rest, true, ret);
}

/* `[meta sequenceId="1" text="a \" b"][...]`, or `-` for none. */
static void skip_structured_data(struct slice *s)
{
	slice_eat(s, SLICE("-"));
	while (slice_starts(*s, SLICE("["))) {
		bool is_quoted = false;
		size_t at = 1;
		for (; at < s->len && (is_quoted || s->ptr[at] != ']'); at++) {
			is_quoted ^= s->ptr[at] == '"';
			at += s->ptr[at] == '\\';
		}
		*s = slice_skip(*s, at + 1);
	}
}

/* RFC 5424: `<N>1 STAMP host kernel - - - text`; a program's name and PID are two fields. */
static enum dialect_answer take_5424(struct dialect_state *state, struct slice line, struct slice rest,
				     struct guest_line *ret)
{
	struct slice host = slice_word(&rest), name = slice_word(&rest), pid = slice_word(&rest);
	struct slice id = slice_word(&rest);
	if (!host.len || !name.len || !id.len)
		return DIALECT_OTHER;
	rest = slice_trim_left(rest);
	skip_structured_data(&rest);
	slice_eat(&rest, SLICE(" "));
	slice_eat(&rest, SLICE("\xEF\xBB\xBF"));
	if (slice_is(name, "kernel") && slice_is(pid, "-"))
		return accept(state, line, rest, rest, ret);
	buf_clear(&state->scratch);
	buf_append(&state->scratch, name);
	if (!slice_is(pid, "-"))
		buf_printf(&state->scratch, "[%.*s]", SLICE_ARG(pid));
	buf_text(&state->scratch, ": ");
	buf_append(&state->scratch, rest);
	ret->sender = GUEST_CONSOLE;
	ret->text = buf_slice(&state->scratch);
	return DIALECT_LINE;
}

/* `2026-11-21T12:00:00.123456+00:00 host kernel: text`: journalctl -o short-iso, rsyslog. */
enum dialect_answer dialect_iso(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line;
	eat_priority(&rest, ret);
	bool is_5424 = ret->priority >= 0 && slice_eat(&rest, SLICE("1 "));
	if (!stamp_eat_iso(&rest, &ret->host) || !slice_eat(&rest, SLICE(" ")))
		return DIALECT_OTHER;
	return is_5424 ? take_5424(state, line, rest, ret) : take_sender(state, line, rest, true, ret);
}

/* `Sat 2026-11-21 12:00:00 UTC host kernel: text`: journalctl -o short-full, with-unit. */
enum dialect_answer dialect_full(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line;
	if (!stamp_eat_weekday(&rest, &ret->host) || !slice_eat(&rest, SLICE(" ")))
		return DIALECT_OTHER;
	return take_sender(state, line, rest, true, ret);
}

/* `1795262401.500000 host kernel: text`: journalctl -o short-unix. */
enum dialect_answer dialect_unix(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line;
	uint64_t seconds, micros;
	if (!line.len || !char_is_digit(line.ptr[0]) || !slice_eat_decimal(&rest, &seconds) || seconds > UINT32_MAX ||
	    !slice_eat(&rest, SLICE(".")) || slice_until(rest, ' ').len != 6 || !slice_eat_decimal(&rest, &micros) ||
	    !slice_eat(&rest, SLICE(" ")))
		return DIALECT_OTHER;
	ret->host = stamp_from_unix_us(seconds * 1000000 + micros);
	return take_sender(state, line, rest, false, ret);
}

/* `[    1.234567] host kernel: text`: journalctl -o short-monotonic, short-delta. A program in
 * the place of the host may as well be plain kernel text: `[    1.234567] systemd[1]: text`. */
enum dialect_answer dialect_monotonic(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	struct slice rest = line;
	if (!dialect_eat_time(&rest, ret) || !slice_eat(&rest, SLICE(" ")))
		return DIALECT_OTHER;
	return take_sender(state, line, rest, false, ret);
}

static bool is_boot_id(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!char_is_hex(text.ptr[i]))
			return false;
	return text.len == DIALECT_BOOT_ID_BYTES;
}

/* `-- Boot ID --` since systemd 247, `-- Reboot --` before; `-- Journal begins at ... --`,
 * `-- Logs begin at ... --` and `-- No entries --` say nothing. */
bool dialect_is_journal_mark(struct dialect_state *state, struct slice line)
{
	struct slice what;
	if (!slice_starts(line, SLICE("-- ")) || !slice_between(line, SLICE("-- "), SLICE(" --"), &what))
		return false;
	bool is_boot = slice_eat(&what, SLICE("Boot ")) ? is_boot_id(what) : state->dialect && slice_is(what, "Reboot");
	bool is_mark = is_boot || slice_starts(what, SLICE("Journal begins at ")) ||
		       slice_starts(what, SLICE("Logs begin at ")) || slice_is(what, "No entries");
	state->boot_begins |= is_boot;
	state->indent = is_mark ? 0 : state->indent;
	return is_mark;
}
