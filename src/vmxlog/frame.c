#include "vmxlog/frame.h"

/* Longest thread name: the old writer cuts it so that time and name fit 64 bytes. */
#define THREAD_MAX 64

/* What is looked for stands within a few bytes: a call of memchr would cost more than this loop. */
static size_t find_near(struct slice s, char c)
{
	for (size_t at = 0; at < s.len; at++)
		if (s.ptr[at] == c)
			return at;
	return SLICE_NOT_FOUND;
}

static bool eat_thread_bar(struct slice *rest, struct slice *ret_thread)
{
	struct slice head = slice_take(*rest, THREAD_MAX + 1);
	size_t bar = find_near(head, '|');
	if (bar == SLICE_NOT_FOUND || bar == 0)
		return false;
	*ret_thread = slice_take(*rest, bar);
	*rest = slice_skip(*rest, bar + 1);
	slice_eat(rest, SLICE(" "));
	return true;
}

/* `I125: ` or `I125+ `; the blank may be lost at the end of a line. */
static bool eat_level_number(struct slice *rest, struct vmxlog_frame *frame)
{
	const char *p = rest->ptr;
	if (rest->len < 5 || p[0] < 'A' || p[0] > 'Z' || !char_is_digit(p[1]) || !char_is_digit(p[2]) ||
	    !char_is_digit(p[3]) || (p[4] != ':' && p[4] != '+') || (rest->len > 5 && p[5] != ' '))
		return false;
	frame->level = slice_take(*rest, 4);
	frame->continuation = p[4] == '+';
	*rest = slice_skip(*rest, rest->len > 5 ? 6 : 5);
	return true;
}

/* `[+0.000]`, the bracketed delta of Workstation 15.5.6. */
static void eat_delta(struct slice *rest)
{
	if (rest->len < 3 || rest->ptr[0] != '[' || (rest->ptr[1] != '+' && rest->ptr[1] != '-'))
		return;
	size_t end = slice_find_char(slice_take(*rest, 24), ']');
	if (end != SLICE_NOT_FOUND)
		*rest = slice_skip(*rest, end + 1);
}

static bool parse_f2(struct slice rest, struct vmxlog_frame *frame)
{
	eat_delta(&rest);
	if (!slice_eat(&rest, SLICE("| ")) || !eat_thread_bar(&rest, &frame->thread))
		return false;
	frame->family = eat_level_number(&rest, frame) ? VMXLOG_F2 : VMXLOG_F2A;
	frame->body = rest;
	return true;
}

/* ` In(05)` or ` In(05)+`. */
static bool eat_level_word(struct slice *rest, struct vmxlog_frame *frame)
{
	struct slice s = *rest;
	if (s.len < 5 || s.ptr[0] != ' ' || s.ptr[1] < 'A' || s.ptr[1] > 'Z' || s.ptr[2] < 'a' || s.ptr[2] > 'z' ||
	    s.ptr[3] != '(')
		return false;
	size_t close = find_near(slice_take(s, 8), ')');
	if (close == SLICE_NOT_FOUND)
		return false;
	frame->level = (struct slice){ s.ptr + 1, close };
	s = slice_skip(s, close + 1);
	frame->continuation = slice_eat(&s, SLICE("+"));
	if (!slice_eat(&s, SLICE(" ")))
		return false;
	*rest = s;
	return true;
}

static bool parse_f3(struct slice rest, bool esxi, struct vmxlog_frame *frame)
{
	if (!eat_level_word(&rest, frame))
		return false;
	frame->thread = slice_take(slice_take(rest, THREAD_MAX), find_near(slice_take(rest, THREAD_MAX), ' '));
	rest = slice_skip(rest, frame->thread.len);
	slice_eat(&rest, SLICE(" "));
	if (esxi) {
		rest = slice_skip(rest, find_near(rest, ' '));
		slice_eat(&rest, SLICE(" "));
	}
	frame->family = esxi ? VMXLOG_F3E : VMXLOG_F3H;
	frame->body = rest;
	return frame->thread.len > 0;
}

static bool parse_f01(struct slice rest, struct vmxlog_frame *frame)
{
	struct slice line = rest;
	if (!stamp_eat_month(&rest, &frame->stamp))
		return false;
	bool has_ms = slice_find_char(slice_take(line, line.len - rest.len), '.') != SLICE_NOT_FOUND;
	if (!slice_eat(&rest, SLICE(": ")) || !eat_thread_bar(&rest, &frame->thread))
		return false;
	frame->family = has_ms ? VMXLOG_F1 : VMXLOG_F0;
	frame->body = rest;
	return true;
}

/* All that the frame says stands before its last blank, and would be the same before any other body: not
 * where the line ends before the word that ESXi writes behind the thread, or where a level could begin. */
static bool can_be_kept(struct slice line, bool esxi, const struct vmxlog_frame *frame)
{
	size_t len = line.len - frame->body.len;
	const char *behind_thread = frame->thread.ptr + frame->thread.len;
	return frame->family >= VMXLOG_F2 && len <= VMXLOG_MEMO_BYTES && line.ptr[len - 1] == ' ' &&
	       frame->body.ptr > behind_thread + esxi;
}

static void keep_frame(struct vmxlog_frame_memo *memo, struct slice line, bool esxi, const struct vmxlog_frame *frame)
{
	if (!can_be_kept(line, esxi, frame))
		return;
	memo->len = line.len - frame->body.len;
	memcpy(memo->text, line.ptr, memo->len);
	memo->esxi = esxi;
	memo->thread_at = (size_t)(frame->thread.ptr - line.ptr);
	memo->level_at = (size_t)(frame->level.ptr - line.ptr);
	memo->frame = *frame;
}

static bool recall_frame(const struct vmxlog_frame_memo *memo, struct slice line, bool esxi, struct vmxlog_frame *ret)
{
	if (!memo->len || memo->esxi != esxi || !slice_starts(line, (struct slice){ memo->text, memo->len }))
		return false;
	*ret = memo->frame;
	ret->thread.ptr = line.ptr + memo->thread_at;
	ret->level.ptr = line.ptr + memo->level_at;
	ret->body = slice_skip(line, memo->len);
	return true;
}

bool vmxlog_frame_parse(struct slice line, bool esxi, struct vmxlog_frame *ret)
{
	struct slice rest = line;
	bool framed = false;
	*ret = (struct vmxlog_frame){ .family = VMXLOG_NO_FRAME };
	if (line.len && char_is_digit(line.ptr[0]))
		framed = stamp_eat_iso(&rest, &ret->stamp) &&
			 (rest.len && rest.ptr[0] == ' ' ? parse_f3(rest, esxi, ret) : parse_f2(rest, ret));
	else if (line.len && line.ptr[0] >= 'A' && line.ptr[0] <= 'S')
		framed = parse_f01(rest, ret);
	if (!framed)
		*ret = (struct vmxlog_frame){ .body = line };
	return framed;
}

bool vmxlog_frame_parse_next(struct vmxlog_frame_memo memos[2], struct slice line, bool esxi, struct vmxlog_frame *ret)
{
	if (recall_frame(&memos[0], line, esxi, ret) || recall_frame(&memos[1], line, esxi, ret))
		return true;
	if (!vmxlog_frame_parse(line, esxi, ret))
		return false;
	keep_frame(&memos[ret->continuation], line, esxi, ret);
	return true;
}
