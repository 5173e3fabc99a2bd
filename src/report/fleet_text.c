/* A summary for a person: how many VMs, how many failed, of what, the worst first. */
#include <inttypes.h>

#include "report/fleet_parts.h"
#include "report/page.h"

/* Groups that are shown; how many more there are is said. */
#define GROUPS_SHOWN 50
#define CHANGES_SHOWN 50
#define TEXT_COLUMN 2
#define LABEL_COLUMN 10

struct summary {
	struct store *store;
	const struct fleet_options *options;
	struct page page;
	enum store_grouping grouping;
	size_t shown;
	uint64_t left_out;
	bool any_mixed;        /* a group holds different failures */
};

/* "1 VM", "27 VMs". */
static void put_count(struct page *page, enum style style, uint64_t count, const char *what)
{
	page_printf(page, style, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

/* ---- the head ---- */

static void put_label(struct page *page, const char *label)
{
	page_put(page, STYLE_HEADING, slice_of(label));
	page_column(page, LABEL_COLUMN);
}

static void put_vms(struct page *page, const struct store_totals *totals)
{
	put_label(page, "VMs");
	page_printf(page, STYLE_PLAIN, "%" PRIu64 ", ", totals->vms);
	page_printf(page, totals->failed_vms ? STYLE_PANIC : STYLE_GOOD, "%" PRIu64 " failed", totals->failed_vms);
	page_newline(page);
}

static void put_verdicts(struct page *page, const struct store_totals *totals)
{
	struct fleet_count verdicts[FLEET_VERDICTS];
	fleet_verdicts(totals, verdicts);
	put_label(page, "Boots");
	page_printf(page, STYLE_PLAIN, "%" PRIu64, totals->boots);
	for (size_t i = 0; i < FLEET_VERDICTS; i++)
		if (verdicts[i].count)
			page_printf(page, STYLE_PLAIN, ", %" PRIu64 " %s", verdicts[i].count, verdicts[i].word);
	if (totals->incomplete_boots)
		page_printf(page, STYLE_CAUTION, "; the text of %" PRIu64 " is incomplete", totals->incomplete_boots);
	page_newline(page);
}

static void put_sources(struct page *page, const struct store_totals *totals)
{
	put_label(page, "Logs");
	page_printf(page, STYLE_PLAIN, "%" PRIu64, totals->sources);
	if (totals->unread_sources)
		page_printf(page, STYLE_CAUTION, ", %" PRIu64 " not read to the end", totals->unread_sources);
	page_newline(page);
	if (!totals->first_at.len)
		return;
	put_label(page, "Failed");
	page_put(page, STYLE_PLAIN, totals->first_at);
	page_put(page, STYLE_PLAIN, SLICE(" to "));
	page_put(page, STYLE_PLAIN, totals->last_at);
	page_newline(page);
}

/* ---- groups ---- */

static void put_place(struct page *page, const struct store_group *group)
{
	page_column(page, TEXT_COLUMN);
	page_put(page, STYLE_DIM, SLICE("first "));
	page_put(page, STYLE_DIM, group->first_at.len ? group->first_at : SLICE("at an unknown time"));
	page_put(page, STYLE_DIM, SLICE(", VM "));
	page_put(page, STYLE_DIM, group->vm_name);
	if (group->first_kernel.len) {
		page_put(page, STYLE_DIM, SLICE(", kernel "));
		page_put(page, STYLE_DIM, group->first_kernel);
	}
	if (group->kernels > 1)
		page_printf(page, STYLE_DIM, " (%" PRIu64 " kernels)", group->kernels);
	if (group->boots > 1 && group->last_at.len) {
		page_put(page, STYLE_DIM, SLICE("; last "));
		page_put(page, STYLE_DIM, group->last_at);
	}
	page_newline(page);
}

static void put_key(struct page *page, enum store_grouping grouping, const struct store_group *group)
{
	static const char *const unknown[] = {
		[STORE_BY_CAUSE] = "no cause known", [STORE_BY_FINGERPRINT] = "no fingerprint",
		[STORE_BY_KERNEL] = "kernel not known", [STORE_BY_VM] = "VM not known",
	};
	page_put(page, STYLE_PANIC, group->verdict);
	page_put(page, STYLE_PLAIN, SLICE("  "));
	page_put(page, STYLE_HEADING, group->name.len ? group->name : slice_of(unknown[grouping]));
}

static void put_sizes(struct page *page, enum store_grouping grouping, const struct store_group *group)
{
	page_put(page, STYLE_PLAIN, SLICE(": "));
	if (grouping != STORE_BY_VM) {
		put_count(page, STYLE_PLAIN, group->vms, "VM");
		page_put(page, STYLE_PLAIN, SLICE(", "));
	}
	put_count(page, STYLE_PLAIN, group->boots, "boot");
	if (grouping != STORE_BY_FINGERPRINT && group->fingerprints > 1)
		page_printf(page, STYLE_PLAIN, ", %" PRIu64 " different failures", group->fingerprints);
	if (group->incomplete_boots)
		page_printf(page, STYLE_CAUTION, ", %" PRIu64 " incomplete", group->incomplete_boots);
	page_newline(page);
}

static bool take_group(void *user, const struct store_group *group)
{
	struct summary *summary = user;
	struct page *page = &summary->page;
	summary->any_mixed |= group->fingerprints > 1;
	if (summary->shown++ >= GROUPS_SHOWN) {
		summary->left_out++;
		return true;
	}
	put_key(page, summary->grouping, group);
	put_sizes(page, summary->grouping, group);
	page_column(page, TEXT_COLUMN);
	page_wrap(page, STYLE_PLAIN, TEXT_COLUMN, group->title);
	page_newline(page);
	put_place(page, group);
	return true;
}

static void put_heading(struct page *page, const char *heading)
{
	page_newline(page);
	page_put(page, STYLE_HEADING, slice_of(heading));
	page_newline(page);
}

static void put_left_out(struct summary *summary, const char *what)
{
	if (summary->left_out)
		page_printf(&summary->page, STYLE_CAUTION, "... and %" PRIu64 " more %s", summary->left_out, what);
	if (summary->left_out)
		page_newline(&summary->page);
	summary->shown = 0;
	summary->left_out = 0;
}

static bool put_groups(struct summary *summary, enum store_grouping grouping, struct error *err)
{
	static const char *const headings[] = {
		[STORE_BY_CAUSE] = "By cause", [STORE_BY_FINGERPRINT] = "By failure", [STORE_BY_KERNEL] = "By kernel",
		[STORE_BY_VM] = "By VM",
	};
	summary->grouping = grouping;
	put_heading(&summary->page, headings[grouping]);
	bool is_read = store_each_group(summary->store, grouping, UINT64_MAX, take_group, summary, err);
	put_left_out(summary, "groups; --format csv has all boots");
	return is_read;
}

/* ---- what else is to be said ---- */

static bool take_change(void *user, const struct store_changed *changed)
{
	static const char *const words[] = { [STORE_NEW] = "new", [STORE_GONE] = "gone", [STORE_BACK] = "back" };
	struct summary *summary = user;
	struct page *page = &summary->page;
	if (summary->shown++ >= CHANGES_SHOWN) {
		summary->left_out++;
		return true;
	}
	page_column(page, TEXT_COLUMN);
	page_put(page, changed->change == STORE_GONE ? STYLE_GOOD : STYLE_PANIC, slice_of(words[changed->change]));
	page_column(page, TEXT_COLUMN + 5);
	page_put(page, STYLE_HEADING, changed->vm_name);
	page_put(page, STYLE_PLAIN, SLICE(": "));
	page_wrap(page, STYLE_PLAIN, TEXT_COLUMN + 5, changed->title);
	page_newline(page);
	return true;
}

static bool put_changes(struct summary *summary, struct error *err)
{
	const struct store_changes *changes = summary->options->changes;
	struct page *page = &summary->page;
	if (!changes || changes->is_first)
		return true;
	page_newline(page);
	page_put(page, STYLE_HEADING, SLICE("Since the scan of "));
	page_put(page, STYLE_HEADING, changes->since);
	page_printf(page, STYLE_PLAIN, ": %" PRIu64 " new, %" PRIu64 " gone, %" PRIu64 " back", changes->new_failures,
		    changes->gone_failures, changes->back_failures);
	page_newline(page);
	bool is_read = store_each_change(summary->store, take_change, summary, err);
	put_left_out(summary, "changes");
	return is_read;
}

static bool put_totals(struct summary *summary, struct store_totals *totals, struct error *err)
{
	if (!store_totals(summary->store, totals, err))
		return false;
	put_vms(&summary->page, totals);
	put_verdicts(&summary->page, totals);
	put_sources(&summary->page, totals);
	return true;
}

static bool put_all_groups(struct summary *summary, const struct store_totals *totals, struct error *err)
{
	enum store_grouping groupings[2];
	size_t count = totals->failed_boots ? fleet_groupings(summary->options, groupings) : 0;
	bool is_put = true;
	/* Where each group of the first kind is one failure, the second would be the same once more. */
	for (size_t i = 0; is_put && i < count && (!i || summary->any_mixed); i++)
		is_put = put_groups(summary, groupings[i], err);
	return is_put;
}

static bool put_all(struct summary *summary, struct error *err)
{
	struct store_totals totals;
	return put_totals(summary, &totals, err) && put_all_groups(summary, &totals, err) && put_changes(summary, err);
}

static bool write_text(struct store *store, const struct report_output *output, const struct fleet_options *options,
		       struct error *err)
{
	struct summary summary = { .store = store, .options = options };
	page_init(&summary.page, options->report.width, options->report.color);
	bool is_made = put_all(&summary, err);
	if (is_made && page_failed(&summary.page))
		is_made = error_out_of_memory(err);
	if (is_made && !output->write(output->user, buf_slice(&summary.page.out)))
		is_made = error_set(err, "the report could not be written");
	page_deinit(&summary.page);
	return is_made;
}

const struct fleet_format fleet_text = { "text", write_text };
