#include "report/html.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"

/* Sent at the end of a line when it has grown so far. */
#define PIECE_BYTES (64 * KIB)

void html_init(struct html *html, const struct report_output *output, struct error *err)
{
	*html = (struct html){ 0 };
	fleet_writer_init(&html->writer, output, err);
}

bool html_failed(const struct html *html)
{
	return html->writer.is_broken || html->writer.text.failed;
}

uint64_t html_len(const struct html *html)
{
	return html->sent + html->writer.text.len;
}

bool html_finish(struct html *html, bool is_made)
{
	/* What is at hand is better than nothing; why it is not all is known already. */
	if (!is_made && !html_failed(html))
		fleet_flush(&html->writer);
	return fleet_writer_end(&html->writer, is_made);
}

static void append(struct html *html, struct slice markup)
{
	struct buf *text = &html->writer.text;
	buf_append(text, markup);
	if (html->writer.is_broken)
		buf_clear(text);
	if (text->len < PIECE_BYTES || text->ptr[text->len - 1] != '\n')
		return;
	html->sent += text->len;
	fleet_flush(&html->writer);
}

void html_raw(struct html *html, const char *markup)
{
	append(html, slice_of(markup));
}

void html_printf(struct html *html, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(text))
		html->writer.text.failed = true;
	else
		append(html, (struct slice){ text, (size_t)len });
}

/* Not in the middle of a character. */
static size_t cut_len(struct slice text)
{
	size_t len = HTML_TEXT_BYTES;
	while (len > HTML_TEXT_BYTES - 4 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return len;
}

void html_text(struct html *html, struct slice text)
{
	size_t len = text.len > HTML_TEXT_BYTES ? cut_len(text) : text.len;
	escape_html(&html->writer.text, slice_take(text, len));
	append(html, SLICE(""));
	if (len < text.len)
		html_printf(html, " [%zu more bytes]", text.len - len);
}

void html_fill_texts(struct html *html, const char *markup, const struct slice *texts)
{
	struct slice rest = slice_of(markup);
	for (size_t at; (at = slice_find_char(rest, '@')) != SLICE_NOT_FOUND; rest = slice_skip(rest, at + 1)) {
		append(html, slice_take(rest, at));
		html_text(html, *texts++);
	}
	append(html, rest);
}

void html_count(struct html *html, uint64_t count)
{
	if (count >= 1000) {
		html_count(html, count / 1000);
		html_printf(html, ",%03" PRIu64, count % 1000);
	} else {
		html_printf(html, "%" PRIu64, count);
	}
}

void html_counted(struct html *html, uint64_t count, const char *noun)
{
	html_count(html, count);
	html_printf(html, " %s%s", noun, count == 1 ? "" : "s");
}

bool html_read_stamp(struct slice text, struct stamp *ret)
{
	char absolute[64];
	struct slice rest = text;
	if (stamp_eat_iso(&rest, ret))
		return !rest.len;
	if (text.len + 1 >= sizeof(absolute))
		return false;
	memcpy(absolute, text.len ? text.ptr : "", text.len);
	absolute[text.len] = 'Z';
	rest = (struct slice){ absolute, text.len + 1 };
	bool is_local = stamp_eat_iso(&rest, ret) && !rest.len;
	ret->kind = STAMP_LOCAL;
	return is_local;
}

void html_time(struct html *html, struct slice stamp)
{
	struct stamp parsed;
	if (!html_read_stamp(stamp, &parsed)) {
		html_text(html, stamp);
		return;
	}
	struct stamp_date date = stamp_date(parsed);
	html_fill(html, "<time datetime=\"@\">", stamp);
	html_printf(html, "%04d-%02d-%02d <span>%02d:%02d:%02d", date.year, date.month, date.day, date.hour, date.minute,
		    date.second);
	int minutes = parsed.offset_minutes < 0 ? -parsed.offset_minutes : parsed.offset_minutes;
	if (minutes)
		html_printf(html, " %c%02d:%02d", parsed.offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
	else if (parsed.kind == STAMP_ABSOLUTE)
		html_raw(html, " UTC");
	html_raw(html, "</span></time>");
}

static void put_words(struct html *html, struct slice line)
{
	bool is_code = false;
	for (size_t at; (at = slice_find_char(line, '`')) != SLICE_NOT_FOUND; line = slice_skip(line, at + 1)) {
		html_text(html, slice_take(line, at));
		html_raw(html, is_code ? "</code>" : "<code>");
		is_code = !is_code;
	}
	html_text(html, line);
	html_raw(html, is_code ? "</code>" : "");
}

void html_prose(struct html *html, struct slice text)
{
	while (text.len) {
		struct slice line = slice_until(text, '\n');
		text = slice_skip(text, line.len + 1);
		if (!line.len)
			continue;
		html_raw(html, "<p>");
		put_words(html, line);
		html_raw(html, "</p>\n");
	}
}
