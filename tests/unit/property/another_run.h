/* The same failure of another run, on another machine: what differs from boot to boot is changed -
 * times, addresses, offsets, CPUs and process ids. */
#ifndef PROPERTY_ANOTHER_RUN_H
#define PROPERTY_ANOTHER_RUN_H

#include "../situations_of.h"

/* Digits of an address or an offset; letters stay, so that it keeps its length and its look. */
static inline size_t put_other_hex(struct buf *out, struct slice text, size_t at, size_t len)
{
	for (size_t i = at; i < at + len; i++)
		buf_char(out, char_is_digit(text.ptr[i]) ? (char)('0' + (text.ptr[i] - '0' + 3) % 10) : text.ptr[i]);
	return at + len;
}

static inline size_t hex_len(struct slice text, size_t at)
{
	size_t len = 0;
	while (at + len < text.len && char_is_hex(text.ptr[at + len]))
		len++;
	return len;
}

/* `word` and the number behind it, raised by `more`; process 1 stays what it is. 0: not there. */
static inline size_t put_other_number(struct buf *out, struct slice text, size_t at, struct slice word, uint64_t more)
{
	struct slice rest = slice_skip(text, at), begin = rest;
	uint64_t number;
	if (!slice_eat(&rest, word) || !slice_eat_decimal(&rest, &number))
		return 0;
	buf_append(out, word);
	buf_printf(out, "%llu", (unsigned long long)(number == 1 && more > 1 ? number : number + more));
	return begin.len - rest.len;
}

static inline size_t put_other_time(struct buf *out, struct slice line, size_t at)
{
	struct slice rest = slice_skip(line, at + 1), padded = slice_trim_left(rest);
	uint64_t seconds;
	if (!slice_eat_decimal(&padded, &seconds) || !slice_starts(padded, SLICE(".")))
		return at;
	buf_printf(out, "[%5llu", (unsigned long long)seconds + 3);
	return line.len - padded.len;
}

static inline size_t put_other_part(struct buf *out, struct slice line, size_t at)
{
	static const struct { struct slice word; uint64_t more; } numbers[] = {
		{ { "PID: ", 5 }, 1000 }, { { "Pid: ", 5 }, 1000 }, { { "pid=", 4 }, 1000 }, { { "CPU: ", 5 }, 1 },
		{ { "CPU#", 4 }, 1 },     { { "cpu ", 4 }, 1 },
	};
	for (size_t i = 0; i < ROWS(numbers); i++) {
		size_t len = put_other_number(out, line, at, numbers[i].word, numbers[i].more);
		if (len)
			return at + len;
	}
	bool is_offset = slice_starts(slice_skip(line, at), SLICE("+0x")) || slice_starts(slice_skip(line, at), SLICE("/0x"));
	size_t prefix = is_offset ? 3 : 0, len = hex_len(line, at + prefix);
	bool is_address = len == 16 && slice_starts(slice_skip(line, at), SLICE("ffff"));
	if (is_offset)
		buf_append(out, slice_take(slice_skip(line, at), prefix));
	if (is_offset || is_address)
		return put_other_hex(out, line, at + prefix, len);
	buf_char(out, line.ptr[at]);
	return at + 1;
}

static inline void put_other_run(struct buf *out, struct slice log)
{
	while (log.len) {
		struct slice line = situation_next_line(&log);
		size_t bracket = slice_find_char(slice_take(line, 6), '['), at = 0;
		if (bracket != SLICE_NOT_FOUND) {
			buf_append(out, slice_take(line, bracket));
			at = put_other_time(out, line, bracket);
		}
		while (at < line.len)
			at = put_other_part(out, line, at);
		buf_char(out, '\n');
	}
}

#endif
