#include "vmxlog/xferlog.h"

#include "base/limits.h"

/* What the sender makes of a full line: 57 bytes. */
#define FULL_LINE_CHARS 76

void xferlog_init(struct xferlog *xferlog, size_t limit, void *user,
		  void (*take)(void *user, const struct xferlog_file *file))
{
	*xferlog = (struct xferlog){
		.user = user, .take = take, .limit = limit,
		.path = BUF_INIT(LINE_MAX_BYTES), .bytes = BUF_INIT(XFERLOG_BYTES),
	};
}

void xferlog_deinit(struct xferlog *xferlog)
{
	buf_deinit(&xferlog->path);
	buf_deinit(&xferlog->bytes);
}

/* ---- base64 ---- */

/* -1 for a character that is none of it. */
static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (char_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters to one, two or three bytes; 0 when they are no base64. */
static size_t decode_four(const char *four, char *bytes)
{
	size_t len = four[3] != '=' ? 3 : four[2] != '=' ? 2 : 1;
	uint32_t word = 0;
	for (size_t i = 0; i < 4; i++) {
		int value = i <= len ? sextet(four[i]) : 0;
		if (value < 0)
			return 0;
		word = word << 6 | (uint32_t)value;
	}
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(word >> (16 - 8 * i) & 0xff);
	return len;
}

/* What is beyond XFERLOG_BYTES is counted and not kept. */
static void keep(struct xferlog *xferlog, struct slice bytes)
{
	xferlog->file.sent_bytes += bytes.len;
	if (xferlog->file_count <= xferlog->limit)
		buf_append(&xferlog->bytes, slice_take(bytes, XFERLOG_BYTES - xferlog->bytes.len));
}

static void take_data(struct xferlog *xferlog, struct slice text)
{
	xferlog->file.is_damaged |= text.len % 4 != 0;
	while (text.len >= 4) {
		char bytes[3];
		size_t len = decode_four(text.ptr, bytes);
		text = slice_skip(text, 4);
		keep(xferlog, (struct slice){ bytes, len });
		/* Padding ends the line, as damage does. */
		if (len < 3) {
			xferlog->file.is_damaged |= !len || text.len;
			return;
		}
	}
}

/* Whether a line is one of a file of which no beginning was seen, and not some program's text. */
static bool is_full_line(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (sextet(text.ptr[i]) < 0)
			return false;
	return text.len == FULL_LINE_CHARS;
}

/* ---- files ---- */

static void end_file(struct xferlog *xferlog, bool is_cut)
{
	if (!xferlog->is_open)
		return;
	xferlog->is_open = false;
	xferlog->file.is_cut = is_cut;
	xferlog->file.path = buf_slice(&xferlog->path);
	xferlog->file.bytes = buf_slice(&xferlog->bytes);
	if (xferlog->file_count <= xferlog->limit)
		xferlog->take(xferlog->user, &xferlog->file);
	buf_clear(&xferlog->bytes);
}

/* Where ": ver - 1" stands; a path may hold such text as well, so it is the last one. */
static size_t find_version(struct slice text)
{
	const struct slice mark = SLICE(": ver - ");
	for (size_t at = text.len; at-- > 0;)
		if (slice_starts(slice_skip(text, at), mark))
			return at;
	return text.len;
}

/* `: /var/log/messages: ver - 1`: what stands behind "Logfile Begins ". */
static void begin_file(struct xferlog *xferlog, struct slice text, uint64_t line)
{
	end_file(xferlog, true);
	xferlog->is_open = true;
	xferlog->file_count++;
	xferlog->file = (struct xferlog_file){ .line = line };
	text = slice_trim_left(text);
	slice_eat(&text, SLICE(":"));
	buf_clear(&xferlog->path);
	buf_append(&xferlog->path, slice_trim(slice_take(text, find_version(text))));
}

void xferlog_take_line(struct xferlog *xferlog, const struct guest_line *line)
{
	struct slice text = slice_trim_right(line->text);
	if (line->sender != GUEST_XFERLOG)
		return;
	xferlog->file.is_damaged |= line->is_cut;
	if (!slice_eat(&text, SLICE(">")))
		xferlog->file.is_damaged = true;
	else if (slice_eat(&text, SLICE("Logfile Begins ")))
		begin_file(xferlog, text, line->line);
	else if (slice_is(text, "Logfile Ends"))
		end_file(xferlog, false);
	else if (xferlog->is_open)
		take_data(xferlog, text);
	else
		xferlog->any_headless |= is_full_line(text);
}

void xferlog_mark_dropped(struct xferlog *xferlog)
{
	xferlog->file.is_damaged = true;
}

bool xferlog_finish(struct xferlog *xferlog)
{
	end_file(xferlog, true);
	return !xferlog->path.failed && !xferlog->bytes.failed;
}
