#include "report/group.h"

#include <inttypes.h>

#include "base/limits.h"
#include "report/boot_text.h"
#include "report/history.h"

#define SHORT_BYTES (64 * KIB)
#define META_COLUMN 7

void groups_init(struct groups *groups)
{
	*groups = (struct groups){ .explained = BUF_INIT(SHORT_BYTES), .key = BUF_INIT(REPORT_BYTES) };
	for (size_t i = 0; i < GROUPS_MAX; i++) {
		struct group *group = &groups->items[i];
		group->title = group->items = group->lines = group->silence = BUF_INIT(SHORT_BYTES);
		group->key = group->body = BUF_INIT(REPORT_BYTES);
	}
}

void groups_deinit(struct groups *groups)
{
	for (size_t i = 0; i < GROUPS_MAX; i++) {
		struct group *group = &groups->items[i];
		struct buf *bufs[] = { &group->key, &group->title, &group->items, &group->lines, &group->body,
				       &group->silence };
		for (size_t k = 0; k < sizeof bufs / sizeof *bufs; k++)
			buf_deinit(bufs[k]);
	}
	buf_deinit(&groups->explained);
	buf_deinit(&groups->key);
}

void groups_clear(struct groups *groups)
{
	groups->count = 0;
	buf_clear(&groups->explained);
}

bool groups_failed(const struct groups *groups)
{
	bool failed = groups->explained.failed || groups->key.failed;
	for (size_t i = 0; i < GROUPS_MAX; i++) {
		const struct group *group = &groups->items[i];
		failed |= group->key.failed || group->title.failed || group->items.failed || group->lines.failed ||
			  group->body.failed || group->silence.failed;
	}
	return failed;
}

static void set(struct buf *buf, struct slice text)
{
	buf_clear(buf);
	buf_append(buf, slice_take(text, buf->limit / 2));
}

/* ---- which boots are alike ---- */

/* Failures by their fingerprint and title, all others when they would read the same. */
static struct slice make_key(struct groups *groups, const struct diagnosis *diagnosis, struct slice body)
{
	struct buf *key = &groups->key;
	buf_clear(key);
	buf_printf(key, "%s %s\n", verdict_name(diagnosis->verdict), diagnosis->is_complete ? "whole" : "short");
	buf_append(key, slice_take(boot_text_title(diagnosis), SHORT_BYTES));
	buf_char(key, '\n');
	if (verdict_is_failure(diagnosis->verdict)) {
		buf_append(key, diagnosis->fingerprint);
		return buf_slice(key);
	}
	boot_text_describe(key, diagnosis);
	buf_append(key, slice_take(diagnosis->silence, SHORT_BYTES));
	buf_append(key, slice_take(body, SHORT_BYTES));
	return buf_slice(key);
}

static struct group *find(struct groups *groups, struct slice key)
{
	for (size_t i = 0; i < groups->count; i++)
		if (slice_equal(buf_slice(&groups->items[i].key), key))
			return &groups->items[i];
	return NULL;
}

bool groups_are_full_for(struct groups *groups, const struct diagnosis *diagnosis, struct slice body)
{
	return groups->count == GROUPS_MAX && !find(groups, make_key(groups, diagnosis, body));
}

/* ---- one more boot ---- */

static struct group *begin(struct groups *groups, struct slice key)
{
	struct group *group = &groups->items[groups->count++];
	group->count = 0;
	group->range_count = 0;
	group->has_more_ranges = false;
	group->first_stamp = (struct stamp){ 0 };
	set(&group->key, key);
	return group;
}

static void add_number(struct group *group, unsigned number)
{
	struct boot_range *range = group->range_count ? &group->ranges[group->range_count - 1] : NULL;
	if (range && !group->has_more_ranges && number == range->last + 1)
		range->last = number;
	else if (group->range_count < GROUP_RANGES_MAX)
		group->ranges[group->range_count++] = (struct boot_range){ number, number };
	else
		group->has_more_ranges = true;
	group->count++;
	group->last = number;
}

void groups_take(struct groups *groups, const struct diagnosis *diagnosis, struct slice body)
{
	const struct boot *boot = diagnosis->boot;
	struct slice key = make_key(groups, diagnosis, body);
	struct group *group = find(groups, key);
	if (!group)
		group = begin(groups, key);
	add_number(group, boot->number);
	group->verdict = diagnosis->verdict;
	group->is_complete = diagnosis->is_complete;
	group->last_stamp = boot_text_stamp(boot);
	if (group->count == 1)
		group->first_stamp = group->last_stamp;
	set(&group->title, boot_text_title(diagnosis));
	set(&group->silence, diagnosis->silence);
	set(&group->body, body);
	buf_clear(&group->items);
	boot_text_describe(&group->items, diagnosis);
	buf_clear(&group->lines);
	if (group->last_stamp.kind == STAMP_NONE && boot->first_line && !boot->parts.count)
		buf_printf(&group->lines, "lines %" PRIu64 "-%" PRIu64 "\n", boot->first_line, boot->last_line);
}

/* ---- as text ---- */

static void put_numbers(struct buf *out, const struct group *group)
{
	for (size_t i = 0; i < group->range_count; i++) {
		const struct boot_range *range = &group->ranges[i];
		buf_printf(out, "%s%u", i ? ", " : "", range->first);
		if (range->last > range->first)
			buf_printf(out, "-%u", range->last);
	}
	if (group->has_more_ranges)
		buf_text(out, " ...");
}

/* The only boot of a source needs no number. */
static void put_place(struct buf *items, const struct group *group, unsigned boot_count)
{
	if (boot_count > 1)
		buf_printf(items, "boot %u of %u\n", group->last, boot_count);
	else if (!boot_count)
		buf_printf(items, "boot %u\n", group->last);
	/* Of several boots the next line tells the time. */
	if (group->count == 1 && group->last_stamp.kind != STAMP_NONE) {
		stamp_print(items, group->last_stamp);
		buf_char(items, '\n');
	}
	buf_append(items, buf_slice(&group->lines));
}

static void write_fold(struct page *page, const struct group *group)
{
	struct buf items = BUF_INIT(SHORT_BYTES);
	if (group->count < 2)
		return;
	buf_printf(&items, "%u boots ", group->count);
	buf_text(&items, verdict_is_failure(group->verdict) ? "failed in this same way: " : "like this: ");
	put_numbers(&items, group);
	if (group->first_stamp.kind != STAMP_NONE && group->last_stamp.kind != STAMP_NONE) {
		buf_text(&items, "\nfirst ");
		stamp_print(&items, group->first_stamp);
		buf_text(&items, "\nlast ");
		stamp_print(&items, group->last_stamp);
	}
	page_column(page, META_COLUMN);
	page_items(page, STYLE_HEADING, META_COLUMN, buf_slice(&items));
	page_newline(page);
	page->out.failed |= items.failed;
	buf_deinit(&items);
}

static void write_silent(struct groups *groups, const struct group *group, struct page *page, unsigned boot_count)
{
	struct buf numbers = BUF_INIT(SHORT_BYTES);
	struct slice silence = buf_slice(&group->silence);
	unsigned indent = boot_text_verdict(page, VERDICT_SILENT, group->is_complete);
	put_numbers(&numbers, group);
	buf_text(&numbers, ": ");
	if (boot_count != 1)
		page_put(page, STYLE_PLAIN, group->count > 1 ? SLICE("boots ") : SLICE("boot "));
	if (boot_count != 1)
		page_put(page, STYLE_PLAIN, buf_slice(&numbers));
	page_wrap(page, STYLE_PLAIN, indent, buf_slice(&group->title));
	page_newline(page);
	page->out.failed |= numbers.failed;
	buf_deinit(&numbers);
	if (!silence.len || slice_equal(silence, buf_slice(&groups->explained)))
		return;
	page_newline(page);
	page_column(page, 2);
	page_wrap(page, STYLE_PLAIN, 2, silence);
	page_newline(page);
	set(&groups->explained, silence);
}

static void write_story(const struct group *group, struct page *page, unsigned boot_count)
{
	struct buf items = BUF_INIT(2 * SHORT_BYTES);
	buf_append(&items, buf_slice(&group->items));
	put_place(&items, group, boot_count);
	const struct boot_head head = { group->verdict, group->is_complete, buf_slice(&group->title),
					buf_slice(&items) };
	boot_text_head(page, &head);
	write_fold(page, group);
	page->out.failed |= items.failed;
	buf_deinit(&items);
}

void groups_write_first(struct groups *groups, struct page *page, unsigned boot_count)
{
	size_t first = 0;
	for (size_t i = 1; i < groups->count; i++)
		if (groups->items[i].last < groups->items[first].last)
			first = i;
	struct group done = groups->items[first];
	if (done.verdict == VERDICT_SILENT)
		write_silent(groups, &done, page, boot_count);
	else
		write_story(&done, page, boot_count);
	buf_append(&page->out, buf_slice(&done.body));
	/* Its buffers wait behind the others for the next group. */
	groups->items[first] = groups->items[--groups->count];
	groups->items[groups->count] = done;
}
