/* A page for a browser: one file, no network, readable without its script.
 *
 * It is written as the store hands out its lines, from the headline down; nothing is kept but the
 * bars of the time line. Logs are hostile: their text passes html_text or html_fill only, and the
 * Content-Security-Policy lets nothing run but the one script that the build has hashed. */
#include "report/fleet.h"

#include <inttypes.h>

#include "base/hash.h"
#include "base/limits.h"
#include "report/html.h"
#include "report/html_assets.h"
#include "report/html_boot.h"
#include "report/html_timeline.h"

#define STAMP_TEXT 64

struct fleet_page {
	struct html html;
	struct store *store;
	const struct fleet_options *options;
	struct store_totals totals;       /* its stamps stand in the next two */
	char first_at[STAMP_TEXT], last_at[STAMP_TEXT];
	struct html_timeline timeline;
	uint64_t rows, details;           /* of failed boots, written so far */
	uint64_t unread;                  /* sources that could not be read, written so far */
	uint64_t unread_hash;             /* of the last of them */
	enum store_grouping grouping;     /* of the table that is being written */
	uint64_t listed;                  /* of groups or changes: taken so far for that table or list */
};

/* Lines. */

struct line_taker {
	struct fleet_page *page;
	void (*take)(struct fleet_page *page, const json_t *line);
	uint64_t left;
};

static bool take_line(void *user, const json_t *line)
{
	struct line_taker *taker = user;
	taker->take(taker->page, line);
	return --taker->left && !html_failed(&taker->page->html);
}

/* Of that choice the first `limit` lines. */
static bool each_line(struct fleet_page *page, enum store_choice choice, uint64_t limit,
		      void (*take)(struct fleet_page *page, const json_t *line), struct error *err)
{
	struct line_taker taker = { page, take, limit };
	return fleet_each_line(page->store, choice, take_line, &taker, err);
}

/* A class is never taken from a line: the page has colours for these. */
static struct slice verdict_class(struct slice verdict)
{
	static const struct slice known[] = {
		{ "panic", 5 }, { "reset", 5 }, { "hang", 4 }, { "oops", 4 }, { "clean", 5 }, { "silent", 6 },
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_equal(verdict, known[i]))
			return known[i];
	return SLICE("unknown");
}

static void put_badge(struct html *html, struct slice verdict)
{
	html_fill(html, "<span class=\"badge @\">@</span>", verdict_class(verdict),
		  verdict.len ? verdict : SLICE("unknown"));
}

static struct slice vm_of(const json_t *line)
{
	struct slice name = fleet_text_at(line, "vm_name"), id = fleet_text_at(line, "vm_id");
	return name.len ? name : id.len ? id : fleet_text_at(line, "source.path");
}

static struct slice or_dash(struct slice text)
{
	return text.len ? text : SLICE("\342\200\223");
}

/* What a bound left out, with the way to the rest. */
static void say_bound(struct html *html, const char *what, uint64_t shown, uint64_t all)
{
	if (shown >= all)
		return;
	html_printf(html, "<p class=\"bound\"><b>Not all is here.</b> %s: ", what);
	html_count(html, shown);
	html_raw(html, " of ");
	html_count(html, all);
	html_raw(html, ". The rest is in <code>vmpanic scan --format ndjson</code>.</p>\n");
}

/* The head. */

static void put_headline(struct html *html, const struct store_totals *totals)
{
	if (totals->failed_vms) {
		html_count(html, totals->failed_vms);
		html_raw(html, " of ");
		html_counted(html, totals->vms, "VM");
		html_raw(html, " failed");
	} else if (totals->unread_sources) {
		html_raw(html, "No failure found, but not all could be read");
	} else if (!totals->boots) {
		html_raw(html, "No boot found");
	} else {
		html_raw(html, "None of ");
		html_counted(html, totals->vms, "VM");
		html_raw(html, " failed");
	}
}

static void write_head(struct fleet_page *page)
{
	struct html *html = &page->html;
	html_raw(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
	html_raw(html, html_css_sha256);
	html_raw(html, "'; script-src 'sha256-");
	html_raw(html, html_js_sha256);
	html_raw(html, "'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	put_headline(html, &page->totals);
	html_raw(html, " - vmpanic</title>\n<style>");
	html_raw(html, html_css);
	html_raw(html, "</style>\n<script>");
	html_raw(html, html_js);
	html_raw(html, "</script>\n</head>\n");
}

static void put_lead(struct html *html, const struct store_totals *totals)
{
	html_raw(html, "<p class=\"lead\">");
	if (totals->failed_boots) {
		html_raw(html, "<b>");
		html_count(html, totals->failed_boots);
		html_raw(html, "</b> of ");
		html_counted(html, totals->boots, "boot");
		html_raw(html, " failed");
		if (totals->first_at.len) {
			html_raw(html, ", the first at ");
			html_time(html, totals->first_at);
			html_raw(html, ", the last at ");
			html_time(html, totals->last_at);
		}
		html_raw(html, ". ");
	} else {
		html_counted(html, totals->boots, "boot");
		html_raw(html, " in ");
		html_counted(html, totals->sources, "log");
		html_raw(html, ". ");
	}
	if (totals->incomplete_boots) {
		html_raw(html, "Of ");
		html_counted(html, totals->incomplete_boots, "boot");
		html_raw(html, " the log is incomplete: cut, throttled, or begun late.");
	}
	html_raw(html, "</p>\n");
}

static void put_tile(struct html *html, const char *name, const char *meaning, uint64_t count)
{
	html_printf(html, "<div class=\"tile %s%s\"><dt>%s <span>%s</span></dt><dd>", name, count ? "" : " zero", name, meaning);
	html_count(html, count);
	html_raw(html, "</dd></div>\n");
}

static void put_tiles(struct html *html, const struct store_totals *totals)
{
	html_raw(html, "<dl class=\"tiles\">\n");
	put_tile(html, "panic", "the kernel gave up", totals->panics);
	put_tile(html, "reset", "without a panic", totals->resets);
	put_tile(html, "hang", "stood still", totals->hangs);
	put_tile(html, "oops", "survived a crash", totals->oopses);
	put_tile(html, "clean", "no failure", totals->cleans);
	put_tile(html, "silent", "no kernel text", totals->silents);
	put_tile(html, "unread", "logs not read", totals->unread_sources);
	html_raw(html, "</dl>\n");
}

static void put_nav_item(struct html *html, const char *id, const char *name, uint64_t count)
{
	html_printf(html, "<li><a href=\"#%s\">%s <span>", id, name);
	html_count(html, count);
	html_raw(html, "</span></a></li>\n");
}

static void write_top(struct fleet_page *page)
{
	struct html *html = &page->html;
	const struct store_totals *totals = &page->totals;
	html_raw(html, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n"
		 "<p class=\"brand\"><b>vmpanic</b> <span>Why Linux guests did not boot, or died</span></p>\n"
		 "<nav aria-label=\"Sections\"><ul>\n");
	if (totals->unread_sources)
		put_nav_item(html, "unread", "Not read", totals->unread_sources);
	if (totals->failed_boots)
		put_nav_item(html, "failed", "Failed boots", totals->failed_boots);
	if (totals->boots > totals->failed_boots)
		put_nav_item(html, "other", "Other boots", totals->boots - totals->failed_boots);
	html_raw(html, "</ul></nav>\n</header>\n<main id=\"main\">\n<h1>");
	put_headline(html, totals);
	html_raw(html, "</h1>\n");
	put_lead(html, totals);
	put_tiles(html, totals);
}

/* Groups. */

struct grouping {
	const char *id;       /* of the rows' attribute data-..., and of the heading */
	const char *heading;
	const char *column;
	const char *unknown;
};

static const struct grouping groupings[] = {
	[STORE_BY_CAUSE] = { "cause", "Causes, the worst first", "Cause", "no cause known" },
	[STORE_BY_FINGERPRINT] = { "fingerprint", "The same failure", "Failure", "no fingerprint" },
	[STORE_BY_KERNEL] = { "kernel", "By kernel", "Kernel", "kernel not known" },
	[STORE_BY_VM] = { "vm", "By VM", "VM", "VM not known" },
};

static void put_others(struct html *html, uint64_t count, const char *noun)
{
	if (count < 2)
		return;
	html_raw(html, "; ");
	html_counted(html, count, noun);
	html_raw(html, " in all");
}

/* What its boots have in common, and below it what happened to the worst of them. */
static void put_group_name(struct html *html, const struct store_group *group, struct slice name,
			   enum store_grouping grouping)
{
	bool is_failure = grouping == STORE_BY_FINGERPRINT;
	html_fill(html, is_failure ? "<b>@</b><div class=\"quiet\"><code>@</code>" : "<b>@</b><div class=\"quiet\">@",
		  is_failure ? group->title : name, is_failure ? name : group->title);
	if (grouping == STORE_BY_VM || grouping == STORE_BY_KERNEL)
		put_others(html, group->causes, "cause");
	else if (grouping == STORE_BY_CAUSE)
		put_others(html, group->kernels, "kernel");
	html_raw(html, "</div>");
}

static void put_first_seen(struct html *html, const struct store_group *group, enum store_grouping grouping)
{
	if (group->first_at.len)
		html_time(html, group->first_at);
	else
		html_raw(html, "not known when");
	html_raw(html, "<div class=\"quiet\">");
	if (group->vm_name.len && grouping != STORE_BY_VM)
		html_fill(html, "on @ ", group->vm_name);
	if (group->first_kernel.len && grouping != STORE_BY_KERNEL)
		html_fill(html, "with kernel @", group->first_kernel);
	html_raw(html, "</div>");
}

static bool take_group(void *user, const struct store_group *group)
{
	struct fleet_page *page = user;
	struct html *html = &page->html;
	struct slice name = group->name.len ? group->name : slice_of(groupings[page->grouping].unknown);
	if (page->listed++ >= HTML_GROUPS_MAX)
		return true;
	html_raw(html, "<tr><td>");
	put_badge(html, group->verdict);
	html_raw(html, "</td><td class=\"number\" data-label=\"VMs\">");
	html_count(html, group->vms);
	html_raw(html, "</td><td class=\"number\" data-label=\"Boots\">");
	html_count(html, group->boots);
	html_raw(html, "</td><th scope=\"row\" class=\"what\">");
	put_group_name(html, group, name, page->grouping);
	html_raw(html, "</th><td class=\"seen\" data-label=\"First seen\">");
	put_first_seen(html, group, page->grouping);
	html_raw(html, "</td><td class=\"seen\" data-label=\"Last seen\">");
	if (group->last_at.len)
		html_time(html, group->last_at);
	html_fill(html, "</td><td class=\"do\"><button type=\"button\" class=\"show js-only\" data-by=\"@\" data-key=\"@\" data-name=\"@\">"
		  "Show<span class=\"hidden\"> boots of @</span></button></td></tr>\n",
		  slice_of(groupings[page->grouping].id), group->key, name, name);
	return !html_failed(html);
}

static bool write_group_table(struct fleet_page *page, enum store_grouping by, struct error *err)
{
	struct html *html = &page->html;
	page->grouping = by;
	page->listed = 0;
	html_printf(html, "<div class=\"scroll\"><table class=\"plain groups\" aria-label=\"%s\"><thead><tr>"
		    "<th scope=\"col\">Worst</th>", groupings[by].heading);
	html_printf(html, "<th scope=\"col\" class=\"number\">VMs</th><th scope=\"col\" class=\"number\">Boots</th>"
		    "<th scope=\"col\">%s</th>", groupings[by].column);
	html_raw(html, "<th scope=\"col\">First seen</th><th scope=\"col\">Last seen</th>"
		 "<th scope=\"col\"><span class=\"hidden\">Show its boots</span></th></tr></thead>\n<tbody>\n");
	bool is_done = store_each_group(page->store, by, UINT64_MAX, take_group, page, err);
	html_raw(html, "</tbody></table></div>\n");
	say_bound(html, "Groups", page->listed < HTML_GROUPS_MAX ? page->listed : HTML_GROUPS_MAX, page->listed);
	return is_done;
}

/* The grouping that was asked for stands open, the others are folded. */
static bool write_groups(struct fleet_page *page, struct error *err)
{
	struct html *html = &page->html;
	enum store_grouping open = page->options->is_grouped ? page->options->grouping : STORE_BY_CAUSE;
	html_printf(html, "<section aria-labelledby=\"groups\">\n<h2 id=\"groups\">%s</h2>\n", groupings[open].heading);
	if (!write_group_table(page, open, err))
		return false;
	for (size_t by = 0; by < sizeof(groupings) / sizeof(*groupings); by++) {
		if (by == open)
			continue;
		html_printf(html, "<details class=\"fold\"><summary>%s</summary>\n", groupings[by].heading);
		if (!write_group_table(page, (enum store_grouping)by, err))
			return false;
		html_raw(html, "</details>\n");
	}
	html_raw(html, "</section>\n");
	return true;
}

/* What the scan changed. */

static bool take_change(void *user, const struct store_changed *changed)
{
	static const char *const words[] = { [STORE_NEW] = "new", [STORE_GONE] = "gone", [STORE_BACK] = "back" };
	struct fleet_page *page = user;
	if (page->listed++ < HTML_GROUPS_MAX)
		html_fill(&page->html, "<li><span class=\"place\">@</span> <span><b>@</b> @</span></li>\n",
			  slice_of(words[changed->change]), changed->vm_name, changed->title);
	return !html_failed(&page->html);
}

static bool write_changes(struct fleet_page *page, struct error *err)
{
	struct html *html = &page->html;
	const struct store_changes *changes = page->options->changes;
	if (!changes || changes->is_first)
		return true;
	html_raw(html, "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">Since the scan of ");
	html_time(html, changes->since);
	html_raw(html, "</h2>\n<p>Failures: ");
	html_count(html, changes->new_failures);
	html_raw(html, " new, ");
	html_count(html, changes->gone_failures);
	html_raw(html, " gone, ");
	html_count(html, changes->back_failures);
	html_raw(html, " back.</p>\n<ul class=\"lines changes\">\n");
	page->listed = 0;
	bool is_done = store_each_change(page->store, take_change, page, err);
	html_raw(html, "</ul>\n");
	say_bound(html, "Changes", page->listed < HTML_GROUPS_MAX ? page->listed : HTML_GROUPS_MAX, page->listed);
	html_raw(html, "</section>\n");
	return is_done;
}

/* The time line. */

static bool take_moment(void *user, struct slice verdict, struct slice at)
{
	html_timeline_take(user, verdict, at);
	return true;
}

static bool write_timeline(struct fleet_page *page, struct error *err)
{
	if (!store_each_moment(page->store, take_moment, &page->timeline, err))
		return false;
	html_raw(&page->html, "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Since when</h2>\n");
	html_timeline_write(&page->html, &page->timeline);
	html_raw(&page->html, "</section>\n");
	return true;
}

/* What could not be read. */

static void take_unread(struct fleet_page *page, const json_t *line)
{
	struct html *html = &page->html;
	const json_t *source = json_object_get(line, "source"), *notes = json_object_get(source, "notes");
	struct slice path = fleet_text_at(source, "path"), label = fleet_text_at(source, "label");
	/* One of which some boots were read has a line for each. */
	uint64_t hash = hash_slice(hash_char(hash_slice(HASH_START, path), '\0'), label);
	if (hash == page->unread_hash)
		return;
	page->unread_hash = hash;
	page->unread++;
	html_fill(html, "<tr><th scope=\"row\" class=\"what\"><code>@</code>", or_dash(path));
	if (label.len)
		html_fill(html, " (@)", label);
	html_fill(html, "</th><td>@</td><td>@", or_dash(vm_of(line)), or_dash(fleet_text_at(source, "error")));
	for (size_t i = 0; i < json_array_size(notes) && i < HTML_LIST_MAX; i++) {
		const json_t *note = json_array_get(notes, i);
		html_fill(html, "<div class=\"quiet\">@</div>",
			  (struct slice){ json_string_value(note), json_string_length(note) });
	}
	html_raw(html, "</td></tr>\n");
}

static bool write_unread(struct fleet_page *page, struct error *err)
{
	struct html *html = &page->html;
	uint64_t count = page->totals.unread_sources;
	if (!count)
		return true;
	html_raw(html, "<section aria-labelledby=\"unread\">\n<h2 id=\"unread\">Could not be read</h2>\n"
		 "<p>What stands in these, or behind the place where reading stopped, is not known.</p>\n"
		 "<div class=\"scroll\"><table class=\"plain\"><thead><tr><th scope=\"col\">Log</th>"
		 "<th scope=\"col\">VM</th><th scope=\"col\">Why not</th></tr></thead>\n<tbody>\n");
	bool is_done = each_line(page, STORE_UNREAD_SOURCES, HTML_UNREAD_MAX, take_unread, err);
	html_raw(html, "</tbody></table></div>\n");
	say_bound(html, "Logs that could not be read", page->unread, count);
	html_raw(html, "</section>\n");
	return is_done;
}

/* Boots that failed. */

static void put_stamp_cell(struct html *html, struct slice stamp)
{
	struct stamp parsed;
	html_raw(html, "<td class=\"when\"");
	if (html_read_stamp(stamp, &parsed))
		html_printf(html, " data-key=\"%" PRId64 "\"", parsed.time_ms);
	html_raw(html, ">");
	html_time(html, or_dash(stamp));
	html_raw(html, "</td>");
}

static void put_cause_cell(struct html *html, const json_t *boot)
{
	struct slice cause = fleet_text_at(boot, "cause"), confidence = fleet_text_at(boot, "confidence");
	html_fill(html, "<td class=\"cause\">@", or_dash(cause));
	if (confidence.len)
		html_fill(html, " <span class=\"quiet\">@</span>", confidence);
	html_raw(html, "</td>");
}

static void put_what_cell(struct html *html, const json_t *boot)
{
	html_fill(html, "<td class=\"what\">@", or_dash(fleet_text_at(boot, "title")));
	if (json_is_false(json_object_get(boot, "complete")))
		html_raw(html, " <span class=\"badge incomplete\">incomplete</span>");
	html_raw(html, "</td>");
}

static void put_row(struct fleet_page *page, const json_t *boot, bool has_details)
{
	struct html *html = &page->html;
	struct slice kernel = fleet_text_at(boot, "kernel.release");
	html_raw(html, "<tr class=\"row find\"><td class=\"opener\"></td><td>");
	put_badge(html, fleet_text_at(boot, "verdict"));
	html_fill(html, "</td><th scope=\"row\" class=\"vm\">@ <span class=\"quiet\">", or_dash(vm_of(boot)));
	if (fleet_number_at(boot, "number"))
		html_printf(html, "boot %" PRIu64, fleet_number_at(boot, "number"));
	html_raw(html, "</span></th>");
	put_what_cell(html, boot);
	put_cause_cell(html, boot);
	html_fill(html, "<td class=\"kernel\">@</td>", or_dash(kernel));
	put_stamp_cell(html, html_boot_stamp(boot));
	html_raw(html, "</tr>\n");
	if (!has_details)
		return;
	html_fill(html, "<tr class=\"more\"><td colspan=\"7\"><details><summary><span class=\"hidden\">Details of @</span></summary>\n",
		  vm_of(boot));
	html_boot_details(html, boot);
	html_raw(html, "</details></td></tr>\n");
}

/* Its attributes are what the buttons of the groups ask for. */
static void take_failed(struct fleet_page *page, const json_t *boot)
{
	struct html *html = &page->html;
	bool has_details = page->details < HTML_DETAILS_MAX && html_len(html) < HTML_DETAILS_BYTES;
	html_raw(html, page->rows < HTML_ROWS_LISTED ? "<tbody class=\"boot\"" : "<tbody class=\"boot beyond\"");
	html_fill(html, " data-verdict=\"@\" data-cause=\"@\" data-fingerprint=\"@\" data-kernel=\"@\" "
		  "data-vm=\"@\">\n", fleet_text_at(boot, "verdict"), fleet_text_at(boot, "cause"),
		  fleet_text_at(boot, "fingerprint"), fleet_text_at(boot, "kernel.release"),
		  fleet_text_at(boot, "vm_id"));
	put_row(page, boot, has_details);
	html_raw(html, "</tbody>\n");
	page->rows++;
	page->details += has_details;
}

static void put_choice(struct html *html, const char *verdict, uint64_t count)
{
	if (!count)
		return;
	html_printf(html, "<label class=\"choice\"><input type=\"checkbox\" name=\"verdict\" value=\"%s\" checked> %s <span>",
		    verdict, verdict);
	html_count(html, count);
	html_raw(html, "</span></label>\n");
}

static void write_tools(struct html *html, const struct store_totals *totals)
{
	html_raw(html, "<div class=\"tools js-only\" role=\"search\">\n<label class=\"field\">Filter "
		 "<input type=\"search\" id=\"filter\" placeholder=\"VM, message, cause, kernel, path\" autocomplete=\"off\" "
		 "spellcheck=\"false\"></label>\n<fieldset><legend class=\"hidden\">Verdicts</legend>\n");
	put_choice(html, "panic", totals->panics);
	put_choice(html, "reset", totals->resets);
	put_choice(html, "hang", totals->hangs);
	put_choice(html, "oops", totals->oopses);
	html_raw(html, "</fieldset>\n<button type=\"button\" id=\"group\" class=\"chip\" hidden></button>\n"
		 "</div>\n");
}

static void put_column(struct html *html, const char *name, const char *heading)
{
	html_printf(html, "<th scope=\"col\" data-sort=\"%s\">%s</th>", name, heading);
}

static bool write_failed(struct fleet_page *page, struct error *err)
{
	struct html *html = &page->html;
	uint64_t all = page->totals.failed_boots;
	html_raw(html, "<section aria-labelledby=\"failed\">\n<h2 id=\"failed\">Failed boots</h2>\n");
	write_tools(html, &page->totals);
	html_raw(html, "<div class=\"over\"><p id=\"count\" role=\"status\">");
	html_counted(html, all, "boot");
	html_raw(html, ", the worst first</p>\n"
		 "<button type=\"button\" id=\"open-all\" class=\"js-only\">Open all</button>\n"
		 "<button type=\"button\" id=\"close-all\" class=\"js-only\">Close all</button></div>\n"
		 "<table class=\"boots\" id=\"boots\" aria-labelledby=\"failed\"");
	html_printf(html, " data-step=\"%d\"><thead><tr><td class=\"opener\"></td>", HTML_ROWS_LISTED);
	put_column(html, "verdict", "Verdict");
	put_column(html, "vm", "VM");
	put_column(html, "what", "What happened");
	put_column(html, "cause", "Cause");
	put_column(html, "kernel", "Kernel");
	put_column(html, "when", "When");
	html_raw(html, "</tr></thead>\n");
	bool is_done = each_line(page, STORE_FAILED_BOOTS, HTML_ROWS_MAX, take_failed, err);
	html_raw(html, "</table>\n<button type=\"button\" id=\"further\" class=\"js-only\" hidden>List more</button>\n");
	say_bound(html, "Failed boots with a row", page->rows, all);
	say_bound(html, "Failed boots with details", page->details, all);
	html_raw(html, "</section>\n");
	return is_done;
}

/* Boots that did not fail. */

static void take_other(struct fleet_page *page, const json_t *boot)
{
	struct html *html = &page->html;
	html_raw(html, "<tr><td>");
	put_badge(html, fleet_text_at(boot, "verdict"));
	html_fill(html, "</td><th scope=\"row\" class=\"vm\">@ <span class=\"quiet\">", or_dash(vm_of(boot)));
	html_printf(html, "boot %" PRIu64 "</span></th>", fleet_number_at(boot, "number"));
	html_fill(html, "<td class=\"kernel\">@</td>", or_dash(fleet_text_at(boot, "kernel.release")));
	put_stamp_cell(html, fleet_text_at(boot, "started_at"));
	html_fill(html, "<td class=\"what\"><code>@</code>", or_dash(fleet_text_at(boot, "source.path")));
	size_t warnings = json_array_size(json_object_get(boot, "warnings"));
	if (warnings) {
		html_raw(html, " <span class=\"badge incomplete\">");
		html_counted(html, warnings, "warning");
		html_raw(html, "</span>");
	}
	html_raw(html, "</td></tr>\n");
}

static bool write_other(struct fleet_page *page, struct error *err)
{
	struct html *html = &page->html;
	uint64_t count = page->totals.boots - page->totals.failed_boots;
	if (!count)
		return true;
	html_raw(html, "<section aria-labelledby=\"other\">\n<h2 id=\"other\">Other boots</h2>\n<p>Clean: ");
	html_counted(html, page->totals.cleans, "boot");
	html_raw(html, " whose log shows no failure. Silent: ");
	html_counted(html, page->totals.silents, "boot");
	html_raw(html, " of which no kernel text reached the host, so that nothing can be said.</p>\n"
		 "<details class=\"fold\"><summary>List them</summary>\n"
		 "<div class=\"scroll\"><table class=\"plain\" aria-labelledby=\"other\"><thead><tr>"
		 "<th scope=\"col\">Verdict</th><th scope=\"col\">VM</th><th scope=\"col\">Kernel</th>"
		 "<th scope=\"col\">Started</th><th scope=\"col\">Log</th></tr></thead>\n<tbody>\n");
	bool is_done = each_line(page, STORE_OTHER_BOOTS, HTML_OTHER_MAX, take_other, err);
	html_raw(html, "</tbody></table></div>\n");
	say_bound(html, "Boots listed", count < HTML_OTHER_MAX ? count : HTML_OTHER_MAX, count);
	html_raw(html, "</details>\n</section>\n");
	return is_done;
}

/* The end. */

static void write_end(struct fleet_page *page, bool is_made)
{
	struct html *html = &page->html;
	html_raw(html, "</main>\n<footer>\n<p>");
	html_counted(html, page->totals.sources, "log");
	html_raw(html, " read by vmpanic " VMPANIC_VERSION);
	if (page->options->made_at.len) {
		html_raw(html, ", page made at ");
		html_time(html, page->options->made_at);
	}
	html_raw(html, ".</p>\n");
	if (!is_made)
		html_raw(html, "<p class=\"bound\"><b>Not all is here.</b> This page could not be made to its end.</p>\n");
	html_raw(html, "<p>The page is one file and opens no connection. What a guest wrote is shown as text only; "
		 "characters that do not print are shown as <code>\\xNN</code> or <code>\\u{NNNN}</code>. "
		 "Read a command before you run it. Printing prints what the filter leaves.</p>\n</footer>\n</body>\n</html>\n");
}

static struct slice keep_stamp(char *to, struct slice stamp)
{
	stamp = slice_take(stamp, STAMP_TEXT);
	if (stamp.len)
		memcpy(to, stamp.ptr, stamp.len);
	return (struct slice){ to, stamp.len };
}

static bool write_page(struct fleet_page *page, struct error *err)
{
	struct store_totals *totals = &page->totals;
	if (!store_totals(page->store, totals, err))
		return false;
	totals->first_at = keep_stamp(page->first_at, totals->first_at);
	totals->last_at = keep_stamp(page->last_at, totals->last_at);
	write_head(page);
	write_top(page);
	bool is_done = !totals->failed_boots || write_groups(page, err);
	is_done = is_done && write_changes(page, err);
	is_done = is_done && (!totals->failed_boots || write_timeline(page, err));
	is_done = is_done && write_unread(page, err);
	is_done = is_done && (!totals->failed_boots || write_failed(page, err));
	is_done = is_done && write_other(page, err);
	write_end(page, is_done);
	return is_done;
}

static bool write_html(struct store *store, const struct report_output *output, const struct fleet_options *options,
		       struct error *err)
{
	struct fleet_page page = { .store = store, .options = options };
	html_init(&page.html, output, err);
	return html_finish(&page.html, write_page(&page, err));
}

const struct fleet_format fleet_html = { .name = "html", .write = write_html };
