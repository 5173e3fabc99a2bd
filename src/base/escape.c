#include "base/escape.h"

struct utf8_range {
	unsigned char lead_first, lead_last, second_first, second_last, len;
};

/* RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. */
static const struct utf8_range ranges[] = {
	{ 0x00, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_char_len(struct slice text)
{
	if (!text.len)
		return 0;
	const unsigned char *p = (const unsigned char *)text.ptr;
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		const struct utf8_range *r = &ranges[i];
		if (p[0] < r->lead_first || p[0] > r->lead_last)
			continue;
		if (text.len < r->len || (r->len > 1 && (p[1] < r->second_first || p[1] > r->second_last)))
			return 0;
		for (size_t k = 2; k < r->len; k++)
			if ((p[k] & 0xc0) != 0x80)
				return 0;
		return r->len;
	}
	return 0;
}

static uint32_t decode(const char *ptr, size_t len)
{
	static const unsigned char lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = (unsigned char)ptr[0] & lead_mask[len];
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)ptr[i] & 0x3f);
	return code;
}

/* Characters that move the cursor, reorder text or hide: never sent to a terminal. */
static bool is_dangerous(uint32_t c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static bool is_plain(char c)
{
	return ((unsigned char)c >= 0x20 || c == '\t') && (unsigned char)c < 0x7f;
}

static size_t plain_run(struct slice text)
{
	size_t len = 0;
	while (len < text.len && is_plain(text.ptr[len]))
		len++;
	return len;
}

static size_t escape_one(struct buf *out, struct slice text)
{
	size_t len = utf8_char_len(text);
	uint32_t code = len ? decode(text.ptr, len) : 0;
	if (!len || (is_dangerous(code) && code < 0x80))
		buf_printf(out, "\\x%02x", (unsigned char)text.ptr[0]);
	else if (is_dangerous(code))
		buf_printf(out, "\\u{%x}", code);
	else
		buf_append(out, slice_take(text, len));
	return len ? len : 1;
}

void escape_terminal(struct buf *out, struct slice text)
{
	while (text.len) {
		size_t run = plain_run(text);
		buf_append(out, slice_take(text, run));
		text = slice_skip(text, run);
		if (text.len)
			text = slice_skip(text, escape_one(out, text));
	}
}

/* The reference for a character that HTML gives a meaning to, NULL for others. */
static const char *html_reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

void escape_html(struct buf *out, struct slice text)
{
	while (text.len) {
		size_t run = 0;
		while (run < text.len && is_plain(text.ptr[run]) && !html_reference(text.ptr[run]))
			run++;
		buf_append(out, slice_take(text, run));
		text = slice_skip(text, run);
		const char *reference = text.len ? html_reference(*text.ptr) : NULL;
		buf_text(out, reference);
		if (text.len)
			text = slice_skip(text, reference ? 1 : escape_one(out, text));
	}
}

void escape_utf8(struct buf *out, struct slice text)
{
	while (text.len) {
		size_t len = utf8_char_len(text);
		if (len && text.ptr[0])
			buf_append(out, slice_take(text, len));
		else
			buf_printf(out, "\\x%02x", (unsigned char)text.ptr[0]);
		text = slice_skip(text, len ? len : 1);
	}
}

bool escape_shell_is_plain(struct slice text)
{
	if (!text.len || text.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!char_is_digit(c) && !char_is_alpha(c) && !strchr("._/:=@,+-", c))
			return false;
		if (!c)
			return false;
	}
	return true;
}

size_t utf8_columns(struct slice text)
{
	size_t columns = 0;
	while (text.len) {
		size_t len = utf8_char_len(text);
		text = slice_skip(text, len ? len : 1);
		columns++;
	}
	return columns;
}
