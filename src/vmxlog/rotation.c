#include "vmxlog/rotation.h"

#include <stdlib.h>

#include "vmxlog/frame.h"

/* Lines in which the header must stand; it is the first one of every log that was seen whole. */
#define HEADER_LINES 16
#define HALF_YEAR_MS (INT64_C(183) * 86400000)
/* Days without a year are counted in a leap year. */
#define YEAR_MS (INT64_C(366) * 86400000)

static struct slice next_line(struct slice *rest)
{
	struct slice line = slice_until(*rest, '\n');
	*rest = slice_skip(*rest, line.len + 1);
	while (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* ESXi's frame has one word more, the opID, which is part of the body here. A guest may send the
 * header's words, too. */
static void take_header(struct log_head *head, struct slice body)
{
	static const struct slice mark = { "Log for VMware ", 15 };
	if (head->process_len)
		return;
	if (!slice_starts(body, mark) && slice_ends(slice_word(&body), SLICE(":")))
		return;
	body = slice_trim_left(body);
	if (!slice_eat(&body, mark))
		return;
	body = slice_take(body, LOG_PROCESS_BYTES);
	memcpy(head->process, body.ptr, body.len);
	head->process_len = body.len;
}

struct log_head log_head_read(struct slice name, struct slice bytes, bool is_whole)
{
	struct log_head head = { .name = name, .format = vmxlog_detect(bytes, is_whole) };
	unsigned framed = 0;
	while (bytes.len && framed < HEADER_LINES) {
		struct vmxlog_frame frame;
		if (!vmxlog_frame_parse(next_line(&bytes), false, &frame))
			continue;
		if (!framed++)
			head.first = frame.stamp;
		take_header(&head, frame.body);
	}
	return head;
}

/* Stamps without a year may run over the turn of it: the late ones are then put a year back. */
static void unwrap(struct log_head *heads, size_t count)
{
	int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
	for (size_t i = 0; i < count; i++) {
		if (heads[i].first.kind != STAMP_NO_YEAR)
			continue;
		first_ms = heads[i].first.time_ms < first_ms ? heads[i].first.time_ms : first_ms;
		last_ms = heads[i].first.time_ms > last_ms ? heads[i].first.time_ms : last_ms;
	}
	if (last_ms <= first_ms || last_ms - first_ms <= HALF_YEAR_MS)
		return;
	for (size_t i = 0; i < count; i++)
		if (heads[i].first.kind == STAMP_NO_YEAR && heads[i].first.time_ms - first_ms > HALF_YEAR_MS)
			heads[i].first.time_ms -= YEAR_MS;
}

/* Products that wrote no year are older than those that do. */
static int age_of(uint8_t kind)
{
	return kind == STAMP_ABSOLUTE ? 2 : kind == STAMP_NO_YEAR ? 1 : 0;
}

static int compare_stamps(struct stamp a, struct stamp b)
{
	if (a.kind != b.kind)
		return age_of(a.kind) < age_of(b.kind) ? -1 : 1;
	return a.time_ms < b.time_ms ? -1 : a.time_ms > b.time_ms;
}

static int compare_names(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.ptr, b.ptr, shorter);
	return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

/* The one that is being written, or was written last, has no number. */
static bool is_current(const struct log_head *head)
{
	return slice_starts(head->name, SLICE("vmware.log"));
}

/* By their first stamps; the current one is the newest even when the host's clock was set back. */
static int compare_heads(const void *a, const void *b)
{
	const struct log_head *x = a, *y = b;
	if (is_current(x) != is_current(y))
		return is_current(x) ? 1 : -1;
	int order = compare_stamps(x->first, y->first);
	return order ? order : compare_names(x->name, y->name);
}

void log_heads_sort(struct log_head *heads, size_t count)
{
	unwrap(heads, count);
	if (count)
		qsort(heads, count, sizeof(*heads), compare_heads);
}

bool log_head_begins_run(const struct log_head *head, const struct log_head *before)
{
	struct slice process = { head->process, head->process_len };
	if (!before)
		return true;
	return process.len && !slice_equal(process, (struct slice){ before->process, before->process_len });
}
