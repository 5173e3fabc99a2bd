#include "base/escape.h"

struct utf8_range {
	unsigned char lead_first, lead_last, second_first, second_last, len;
};

/* RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. */
static const struct utf8_range ranges[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_char_len(struct slice text)
{
	if (!text.len)
		return 0;
	const unsigned char *p = (const unsigned char *)text.ptr;
	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		const struct utf8_range *r = &ranges[i];
		if (p[0] < r->lead_first || p[0] > r->lead_last)
			continue;
		if (text.len < r->len || p[1] < r->second_first || p[1] > r->second_last)
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

static size_t ascii_run(struct slice text)
{
	size_t len = 0;
	while (len < text.len && (signed char)text.ptr[len] > 0)
		len++;
	return len;
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
		size_t run = ascii_run(text);
		buf_append(out, slice_take(text, run));
		text = slice_skip(text, run);
		if (!text.len)
			break;
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

/* What has been made of `shown`, which is freed, goes no further than its failure does. */
static void shown_end(struct buf *out, struct buf *shown)
{
	out->failed |= shown->failed;
	buf_deinit(shown);
}

/* ---- CSV ---- */

static bool begins_formula(struct slice text)
{
	static const char *const marks[] = {
		"=", "+", "-", "@", "\t", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (slice_starts(text, slice_of(marks[i])))
			return true;
	return false;
}

void escape_csv(struct buf *out, struct slice text)
{
	struct buf shown = BUF_INIT(out->limit);
	bool at_start = true;
	escape_terminal(&shown, text);
	buf_char(out, '"');
	for (struct slice rest = buf_slice(&shown); rest.len; rest = slice_skip(rest, 1)) {
		char c = rest.ptr[0];
		if (at_start && begins_formula(rest))
			buf_char(out, '\'');
		if (c == '"')
			buf_char(out, '"');
		buf_char(out, c);
		/* Who takes ; for the separator may take a quote and blanks for its beginning. */
		at_start = c == ';' || c == '\t' || (at_start && (c == '"' || c == ' '));
	}
	buf_char(out, '"');
	shown_end(out, &shown);
}

/* ---- Markdown ---- */

static size_t longest_run(struct slice text, char c)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < text.len; i++) {
		run = text.ptr[i] == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void put_code_span(struct buf *out, struct slice text)
{
	int fence = (int)longest_run(text, '`') + 1;
	bool is_padded = text.ptr[0] == '`' || text.ptr[text.len - 1] == '`';
	buf_repeat(out, '`', fence);
	buf_repeat(out, ' ', is_padded);
	buf_append(out, text);
	buf_repeat(out, ' ', is_padded);
	buf_repeat(out, '`', fence);
}

/* A bar ends the cell of a table even inside a code span, and how it is escaped there is not how it is
 * escaped outside of tables: it stands between two spans. */
static void put_code(struct buf *out, struct slice text)
{
	for (;;) {
		struct slice piece = slice_until(text, '|');
		if (piece.len)
			put_code_span(out, piece);
		if (piece.len == text.len)
			return;
		buf_text(out, "\\|");
		text = slice_skip(text, piece.len + 1);
	}
}

static size_t count_openers(struct slice text)
{
	size_t count = 0;
	while (count < text.len && strchr("('\"", text.ptr[count]) && text.ptr[count])
		count++;
	return count;
}

/* A bracket that was opened inside the word is part of it. */
static size_t count_closers(struct slice text)
{
	const char *closers = slice_contains(text, SLICE("(")) ? ".,;:!?'\"" : ".,;:!?'\")";
	size_t count = 0;
	while (count < text.len && strchr(closers, text.ptr[text.len - 1 - count]) && text.ptr[text.len - 1 - count])
		count++;
	return count;
}

/* Letters of any alphabet, with hyphens and apostrophes between. */
static bool is_letters(struct slice word)
{
	for (size_t i = 0; i < word.len; i++) {
		bool is_joint = (word.ptr[i] == '-' || word.ptr[i] == '\'') && i && i + 1 < word.len &&
				word.ptr[i - 1] != '-';
		if (!char_is_alpha(word.ptr[i]) && !((unsigned char)word.ptr[i] & 0x80) && !is_joint)
			return false;
	}
	return true;
}

/* 12 and 6.1; more dots make an address. */
static bool is_number(struct slice word)
{
	uint64_t number;
	return slice_eat_decimal(&word, &number) && (!word.len || (slice_eat(&word, SLICE(".")) &&
								   slice_eat_decimal(&word, &number) && !word.len));
}

/* A word, its punctuation taken off. At the beginning of a line "1." and "1)" would begin a list. */
static bool is_plain_word(struct slice word, struct slice closers, bool is_first)
{
	bool is_mark = is_first && closers.len && (closers.ptr[0] == '.' || closers.ptr[0] == ')');
	return is_letters(word) || (is_number(word) && !is_mark);
}

/* At the beginning of a line they might be a mark, too. */
static bool is_dash(struct slice text, bool is_first)
{
	return !is_first && (slice_is(text, "-") || slice_is(text, "..."));
}

/* With its punctuation; `is_quoted`: between backticks, which are dropped. */
static void put_word(struct buf *out, struct slice text, bool is_quoted, bool is_first)
{
	struct buf shown = BUF_INIT(out->limit);
	size_t openers = count_openers(text);
	size_t closers = count_closers(slice_skip(text, openers));
	struct slice word = slice_take(slice_skip(text, openers), text.len - openers - closers);
	struct slice end = slice_skip(text, openers + word.len);
	if (is_quoted)
		word = slice_take(slice_skip(word, 1), word.len - 2);
	escape_terminal(&shown, word.len ? word : text);
	buf_append(out, slice_take(text, word.len ? openers : 0));
	if (is_dash(text, is_first) ||
	    (!is_quoted && word.len && shown.len == word.len && is_plain_word(word, end, is_first)))
		buf_append(out, buf_slice(&shown));
	else
		put_code(out, buf_slice(&shown));
	buf_append(out, slice_take(end, word.len ? end.len : 0));
	shown_end(out, &shown);
}

static size_t word_len(struct slice text)
{
	size_t len = 0;
	while (len < text.len && !char_is_blank(text.ptr[len]))
		len++;
	return len;
}

/* The length of what stands between two backticks with its punctuation, 0 when none stands here. */
static size_t quoted_len(struct slice text)
{
	size_t openers = count_openers(text);
	struct slice rest = slice_skip(text, openers);
	if (!slice_eat(&rest, SLICE("`")))
		return 0;
	struct slice inside = slice_until(rest, '`'), behind = slice_skip(rest, inside.len + 1);
	struct slice end = slice_take(behind, word_len(behind));
	if (!inside.len || inside.len == rest.len || count_closers(end) != end.len)
		return 0;
	return openers + 1 + inside.len + 1 + end.len;
}

void escape_markdown(struct buf *out, struct slice text)
{
	bool is_first = true;
	while ((text = slice_trim_left(text)).len) {
		size_t quoted = quoted_len(text), len = quoted ? quoted : word_len(text);
		buf_repeat(out, ' ', !is_first);
		put_word(out, slice_take(text, len), quoted != 0, is_first);
		text = slice_skip(text, len);
		is_first = false;
	}
}

void escape_markdown_block(struct buf *out, struct slice text, int indent)
{
	size_t longest = longest_run(text, '`');
	int fence = longest < 3 ? 3 : (int)longest + 1;
	buf_repeat(out, ' ', indent);
	buf_repeat(out, '`', fence);
	buf_char(out, '\n');
	while (text.len) {
		struct slice line = slice_until(text, '\n');
		buf_repeat(out, ' ', indent);
		escape_terminal(out, line);
		buf_char(out, '\n');
		text = slice_skip(text, line.len + 1);
	}
	buf_repeat(out, ' ', indent);
	buf_repeat(out, '`', fence);
	buf_char(out, '\n');
}

/* ---- Prometheus ---- */

void escape_label(struct buf *out, struct slice text)
{
	struct buf shown = BUF_INIT(out->limit);
	while (text.len) {
		struct slice piece = slice_until(text, '\\');
		escape_terminal(&shown, piece);
		if (piece.len < text.len)
			buf_text(&shown, "\\x5c");
		text = slice_skip(text, piece.len + 1);
	}
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.ptr[i] == '\\' || shown.ptr[i] == '"')
			buf_char(out, '\\');
		buf_char(out, shown.ptr[i]);
	}
	shown_end(out, &shown);
}
