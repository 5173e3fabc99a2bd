#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"
#include "report/redact.h"

/* SGR sequences stand here, and in dmesg_text.c those that dmesg(1) uses. */
static const char *const style_sgr[] = {
	[STYLE_PLAIN] = NULL,      [STYLE_HEADING] = "1",    [STYLE_PANIC] = "1;31",   [STYLE_FAILURE] = "1;33",
	[STYLE_GOOD] = "1;32",     [STYLE_ANSWER] = "1;32",  [STYLE_CAUTION] = "33",   [STYLE_DANGER] = "1;31",
	[STYLE_COMMAND] = "36",    [STYLE_DIM] = "2",
};

void page_init(struct page *page, unsigned width, bool color)
{
	*page = (struct page){ .out = BUF_INIT(REPORT_BYTES), .scratch = BUF_INIT(REPORT_BYTES),
			       .redacted = BUF_INIT(REPORT_BYTES), .width = width < 40 ? 40 : width, .color = color };
}

void page_deinit(struct page *page)
{
	buf_deinit(&page->out);
	buf_deinit(&page->scratch);
	buf_deinit(&page->redacted);
}

bool page_failed(const struct page *page)
{
	return page->out.failed || page->scratch.failed || page->redacted.failed ||
	       (page->redactor && redactor_failed(page->redactor));
}

static struct slice redacted(struct page *page, struct slice text)
{
	if (!page->redactor)
		return text;
	buf_clear(&page->redacted);
	redact(page->redactor, text, &page->redacted);
	return buf_slice(&page->redacted);
}

/* Escaped, and tabs as blanks, so that a column is a column. */
static struct slice escaped(struct page *page, struct slice text)
{
	text = redacted(page, text);
	buf_clear(&page->scratch);
	escape_terminal(&page->scratch, text);
	for (size_t i = 0; i < page->scratch.len; i++)
		if (page->scratch.ptr[i] == '\t')
			page->scratch.ptr[i] = ' ';
	return buf_slice(&page->scratch);
}

/* Takes text that is escaped already. A style ends where its piece of a line ends: pagers
 * forget styles between lines. */
static void emit(struct page *page, enum style style, struct slice text)
{
	const char *sgr = page->color ? style_sgr[style] : NULL;
	if (!text.len)
		return;
	if (sgr)
		buf_printf(&page->out, "\033[%sm", sgr);
	buf_append(&page->out, text);
	if (sgr)
		buf_text(&page->out, "\033[0m");
	page->column += (unsigned)utf8_columns(text);
}

void page_put(struct page *page, enum style style, struct slice text)
{
	emit(page, style, escaped(page, text));
}

/* The bytes of the first `columns` characters. */
static struct slice take_columns(struct slice text, size_t columns)
{
	size_t len = 0;
	while (columns-- && len < text.len) {
		size_t step = utf8_char_len(slice_skip(text, len));
		len += step ? step : 1;
	}
	return slice_take(text, len);
}

void page_put_within(struct page *page, enum style style, unsigned columns, struct slice text)
{
	struct slice whole = escaped(page, text);
	bool fits = utf8_columns(whole) <= columns;
	emit(page, style, fits ? whole : take_columns(whole, columns - 3));
	if (!fits)
		emit(page, style, SLICE("..."));
}

void page_printf(struct page *page, enum style style, const char *format, ...)
{
	char line[256];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	page_put(page, style, slice_of(line));
}

void page_column(struct page *page, unsigned column)
{
	bool is_apart = !page->column || (page->out.len && page->out.ptr[page->out.len - 1] == ' ');
	unsigned first = page->column + (is_apart ? 0 : 1);
	if (column < first)
		column = first;
	buf_repeat(&page->out, ' ', (int)(column - page->column));
	page->column = column;
}

void page_newline(struct page *page)
{
	while (page->out.len && page->out.ptr[page->out.len - 1] == ' ')
		page->out.len--;
	buf_char(&page->out, '\n');
	page->column = 0;
}

/* The words of *text that fit into `room` columns, at least a piece of one. Only when nothing
 * else stands on the line is a word broken; else the line is left as it is. */
static struct slice take_line(struct slice *text, size_t room, bool may_break)
{
	struct slice fits = take_columns(*text, room);
	size_t len = fits.len;
	if (fits.len < text->len && text->ptr[fits.len] != ' ') {
		while (len && fits.ptr[len - 1] != ' ')
			len--;
		if (!len && may_break)
			len = fits.len;
	}
	struct slice line = slice_trim_right(slice_take(*text, len));
	*text = slice_trim_left(slice_skip(*text, len));
	return line;
}

/* Takes text that is escaped already. */
static void wrap_paragraph(struct page *page, enum style style, unsigned indent, struct slice text)
{
	struct slice rest = slice_trim(text);
	bool may_break = page->column <= indent;
	while (rest.len) {
		/* The last word of a line that is full already goes to the next one. */
		size_t room = page->width > page->column ? page->width - page->column : 0;
		emit(page, style, take_line(&rest, room, may_break));
		may_break = true;
		if (rest.len) {
			page_newline(page);
			page_column(page, indent);
		}
	}
}

void page_wrap(struct page *page, enum style style, unsigned indent, struct slice text)
{
	if (indent + 20 > page->width)
		indent = page->width - 20;
	for (bool is_first = true; text.len; is_first = false) {
		struct slice paragraph = slice_until(text, '\n');
		text = slice_skip(text, paragraph.len + 1);
		if (!is_first) {
			page_newline(page);
			page_column(page, indent);
		}
		wrap_paragraph(page, style, indent, escaped(page, paragraph));
	}
}

void page_wrap_lines(struct page *page, enum style style, unsigned indent, unsigned lines, struct slice text)
{
	struct slice whole = escaped(page, text);
	size_t room = page->width > indent + 20 ? page->width - indent : 20;
	if (page->column + utf8_columns(whole) <= page->width) {
		emit(page, style, whole);
		return;
	}
	/* Words that do not fit leave a part of each line empty. */
	size_t columns = lines * (room - room / 10);
	if (utf8_columns(whole) > columns) {
		page->scratch.len = take_columns(whole, columns).len;
		buf_text(&page->scratch, "...");
		whole = buf_slice(&page->scratch);
	}
	wrap_paragraph(page, style, indent, whole);
}

void page_items(struct page *page, enum style style, unsigned indent, struct slice text)
{
	while (text.len) {
		struct slice item = slice_until(text, '\n');
		text = slice_skip(text, item.len + 1);
		size_t columns = utf8_columns(escaped(page, item)) + (text.len ? 1 : 0);
		if (page->column > indent && page->column + 1 + columns > page->width) {
			page_newline(page);
			page_column(page, indent);
		} else if (page->column > indent) {
			emit(page, STYLE_PLAIN, SLICE(" "));
		}
		page_wrap(page, style, indent, item);
		if (text.len)
			emit(page, style, SLICE(","));
	}
}

void page_cut(struct page *page, enum style style, struct slice text)
{
	page_put_within(page, style, page->width > page->column + 3 ? page->width - page->column : 3, text);
	page_newline(page);
}

void page_verbatim(struct page *page, enum style style, unsigned indent, struct slice text)
{
	while (text.len) {
		struct slice line = slice_until(text, '\n');
		text = slice_skip(text, line.len + 1);
		page_column(page, indent);
		page_put(page, style, line);
		page_newline(page);
	}
}
