#include "report/html_boot.h"

#include <inttypes.h>

#include "base/limits.h"
#include "report/fleet_parts.h"
#include "report/words.h"

struct slice html_boot_stamp(const json_t *boot)
{
	struct slice dumped_at = fleet_text_at(boot, "dumped_at");
	return dumped_at.len ? dumped_at : fleet_text_at(boot, "started_at");
}

/* How many of a list are shown; json_array_size is 0 for what is no list. */
static size_t shown_of(const json_t *list)
{
	return json_array_size(list) < HTML_LIST_MAX ? json_array_size(list) : HTML_LIST_MAX;
}

/* What a list's bound left out, in an element of that name. */
static void put_left_out(struct html *html, const json_t *list, const char *element)
{
	if (json_array_size(list) > HTML_LIST_MAX)
		html_printf(html, "<%s class=\"quiet\">%zu more are in --format ndjson</%s>\n", element,
			    json_array_size(list) - HTML_LIST_MAX, element);
}

static struct slice item_text(const json_t *list, size_t i)
{
	const json_t *item = json_array_get(list, i);
	return (struct slice){ json_string_value(item), json_string_length(item) };
}

static void put_row(struct html *html, const char *name, struct slice value)
{
	if (value.len)
		html_fill(html, "<div><dt>@</dt><dd>@</dd></div>\n", slice_of(name), value);
}

static void put_code_row(struct html *html, const char *name, struct slice value)
{
	if (value.len)
		html_fill(html, "<div><dt>@</dt><dd><code>@</code></dd></div>\n", slice_of(name), value);
}

static void put_texts(struct html *html, const json_t *list, const char *separator)
{
	for (size_t i = 0; i < shown_of(list); i++) {
		html_raw(html, i ? separator : "");
		html_text(html, item_text(list, i));
	}
	if (json_array_size(list) > HTML_LIST_MAX)
		html_printf(html, "%s%zu more", separator, json_array_size(list) - HTML_LIST_MAX);
}

static void put_list_row(struct html *html, const char *name, const json_t *list, const char *separator)
{
	if (!json_array_size(list))
		return;
	html_printf(html, "<div><dt>%s</dt><dd>", name);
	put_texts(html, list, separator);
	html_raw(html, "</dd></div>\n");
}

/* What the log says. */

static void put_crash_place(struct html *html, const json_t *crash)
{
	struct slice function = fleet_text_at(crash, "function"), module = fleet_text_at(crash, "module");
	struct slice comm = fleet_text_at(crash, "comm");
	if (!function.len && !module.len && !comm.len)
		return;
	html_raw(html, "<div><dt>Where</dt><dd>");
	if (function.len)
		html_fill(html, "<code>@()</code> ", function);
	if (module.len)
		html_fill(html, "module <code>@</code> ", module);
	if (comm.len)
		html_fill(html, "in process <code>@</code>", comm);
	html_raw(html, "</dd></div>\n");
}

static void put_crash(struct html *html, const json_t *crash)
{
	if (!json_is_object(crash))
		return;
	put_row(html, "Crash", fleet_text_at(crash, "title"));
	put_crash_place(html, crash);
	put_list_row(html, "Trace", json_object_get(crash, "frames"), " \342\206\220 ");
	put_list_row(html, "Taint", json_object_get(crash, "taint_meaning"), ", ");
	put_code_row(html, "Symbols", fleet_text_at(crash, "decode"));
}

static void put_kernel(struct html *html, const json_t *kernel)
{
	struct slice release = fleet_text_at(kernel, "release"), name = fleet_text_at(kernel, "distribution");
	struct slice version = fleet_text_at(kernel, "distribution_release");
	if (!release.len && !name.len)
		return;
	html_fill(html, "<div><dt>Kernel</dt><dd>@@@", release, release.len && name.len ? SLICE(", ") : SLICE(""), name);
	if (version.len)
		html_fill(html, " @", version);
	html_raw(html, "</dd></div>\n");
}

static void put_candidate(struct html *html, const json_t *candidate)
{
	struct slice device = fleet_text_at(candidate, "device"), value = fleet_text_at(candidate, "value");
	struct slice confidence = fleet_text_at(candidate, "confidence");
	html_fill(html, "<code class=\"answer\">root=@</code>", value.len ? value : device);
	if (value.len && device.len && !slice_equal(value, device))
		html_fill(html, " <code>@</code>", device);
	if (confidence.len)
		html_fill(html, " (@)", confidence);
	const json_t *reasons = json_object_get(candidate, "reasons");
	if (!json_array_size(reasons))
		return;
	html_raw(html, "<ul class=\"reasons\"><li>");
	put_texts(html, reasons, "</li><li>");
	html_raw(html, "</li></ul>");
}

/* Candidates are an answer only where the diagnosis would name them: none of `none`, the first of `one`. */
static size_t answer_count(const json_t *root)
{
	struct slice answer = fleet_text_at(root, "answer");
	size_t count = shown_of(json_object_get(root, "candidates"));
	return slice_is(answer, "several") ? count : slice_is(answer, "one") && count ? 1 : 0;
}

static void put_root(struct html *html, const json_t *root)
{
	if (!json_is_object(root))
		return;
	size_t count = answer_count(root);
	const char *name = count > 1 ? "Either" : json_is_true(json_object_get(root, "one_time")) ? "Way in" : "Answer";
	struct slice wanted = fleet_text_at(root, "wanted");
	if (wanted.len)
		put_code_row(html, "Wanted", wanted);
	else
		put_row(html, "Wanted", SLICE("nothing: no root= was given"));
	for (size_t i = 0; i < count; i++) {
		html_printf(html, "<div><dt>%s</dt><dd>", i ? "or" : name);
		put_candidate(html, json_array_get(json_object_get(root, "candidates"), i));
		html_raw(html, "</dd></div>\n");
	}
	put_row(html, count ? "Check" : "Answer", fleet_text_at(root, "check"));
}

static void put_facts(struct html *html, const json_t *boot)
{
	html_raw(html, "<dl class=\"facts find\">\n");
	put_row(html, "Panic", fleet_text_at(boot, "panic"));
	put_crash(html, json_object_get(boot, "crash"));
	put_root(html, json_object_get(boot, "root"));
	put_kernel(html, json_object_get(boot, "kernel"));
	put_code_row(html, "Command line", fleet_text_at(boot, "command_line"));
	html_raw(html, "</dl>\n");
}

/* The partition table. */

static bool is_answer(const json_t *root, struct slice device)
{
	for (size_t i = 0; i < answer_count(root); i++) {
		struct slice path = fleet_text_at(json_array_get(json_object_get(root, "candidates"), i), "device");
		slice_eat(&path, SLICE("/dev/"));
		if (device.len && slice_equal(path, device))
			return true;
	}
	return false;
}

static void put_disk(struct html *html, const json_t *disk, const json_t *root)
{
	char size[32];
	struct slice device = fleet_text_at(disk, "device"), driver = fleet_text_at(disk, "driver");
	struct slice note = fleet_text_at(disk, "note");
	bool is_marked = is_answer(root, device);
	size_print(size, sizeof(size), fleet_number_at(disk, "size_kib"));
	html_fill(html, "<tr@><th scope=\"row\">@</th><td class=\"number\">@</td><td><code>@</code></td><td>",
		  is_marked ? SLICE(" class=answer") : SLICE(""), device, slice_of(size), fleet_text_at(disk, "partuuid"));
	if (is_marked)
		html_raw(html, answer_count(root) > 1 ? "<b>a candidate</b> " : "<b>the answer</b> ");
	html_text(html, note.len ? note : fleet_text_at(disk, "role"));
	if (driver.len)
		html_fill(html, " <span class=\"quiet\">driver @</span>", driver);
	html_raw(html, "</td></tr>\n");
}

static void put_disks(struct html *html, const json_t *boot)
{
	const json_t *disks = json_object_get(boot, "disks"), *root = json_object_get(boot, "root");
	if (!json_array_size(disks))
		return;
	html_raw(html, "<h3>Disks and partitions</h3>\n<div class=\"scroll\"><table class=\"plain disks\"><thead><tr>"
		 "<th scope=\"col\">Device</th><th scope=\"col\" class=\"number\">Size</th>"
		 "<th scope=\"col\">PARTUUID</th><th scope=\"col\">What it is</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < shown_of(disks); i++)
		put_disk(html, json_array_get(disks, i), root);
	html_raw(html, "</tbody></table></div>\n");
	put_left_out(html, disks, "p");
}

/* Lines of the log. */

/* "line 812", "vmware-1.log line 812". */
static void put_place(struct html *html, const json_t *item)
{
	struct slice file = fleet_text_at(item, "file");
	uint64_t line = fleet_number_at(item, "line");
	html_raw(html, "<span class=\"place\">");
	if (file.len)
		html_fill(html, "@ ", file);
	if (line)
		html_printf(html, "line %" PRIu64, line);
	html_raw(html, "</span> ");
}

static void put_evidence(struct html *html, const json_t *boot)
{
	const json_t *evidence = json_object_get(boot, "evidence");
	if (!json_array_size(evidence))
		return;
	html_raw(html, "<h3>Evidence</h3>\n<ol class=\"lines find\">\n");
	for (size_t i = 0; i < shown_of(evidence); i++) {
		const json_t *item = json_array_get(evidence, i);
		html_raw(html, "<li>");
		put_place(html, item);
		html_fill(html, "<code>@</code></li>\n", fleet_text_at(item, "text"));
	}
	put_left_out(html, evidence, "li");
	html_raw(html, "</ol>\n");
}

/* A chain of one link says what the title says. */
static void put_links(struct html *html, const char *heading, const json_t *links, size_t least)
{
	if (json_array_size(links) < least)
		return;
	html_printf(html, "<h3>%s</h3>\n<ol class=\"lines\">\n", heading);
	for (size_t i = 0; i < shown_of(links); i++) {
		const json_t *link = json_array_get(links, i);
		struct slice title = fleet_text_at(link, "title");
		html_raw(html, "<li>");
		put_place(html, link);
		html_fill(html, "@</li>\n", title.len ? title : fleet_text_at(link, "rule"));
	}
	put_left_out(html, links, "li");
	html_raw(html, "</ol>\n");
}

/* What to do. */

static void put_section(struct html *html, const char *heading, struct slice prose)
{
	if (!prose.len)
		return;
	html_printf(html, "<h3>%s</h3>\n", heading);
	html_prose(html, prose);
}

/* A newline in a command is one that is typed. */
static void put_command(struct html *html, struct slice command)
{
	html_raw(html, "<pre><code>");
	while (command.len) {
		struct slice line = slice_until(command, '\n');
		html_text(html, line);
		command = slice_skip(command, line.len + 1);
		html_raw(html, command.len ? "\n" : "");
	}
	html_raw(html, "</code></pre>\n");
}

static void put_step(struct html *html, const json_t *step)
{
	struct slice risk = fleet_text_at(step, "risk");
	const json_t *commands = json_object_get(step, "commands");
	html_fill(html, "<li><span class=\"risk @\">@</span>\n", risk.len ? risk : SLICE("unknown"),
		  slice_is(risk, "none") ? SLICE("no risk") : risk.len ? risk : SLICE("risk not known"));
	html_prose(html, fleet_text_at(step, "text"));
	for (size_t i = 0; i < shown_of(commands); i++)
		put_command(html, item_text(commands, i));
	put_left_out(html, commands, "p");
	html_raw(html, "</li>\n");
}

static void put_steps(struct html *html, const char *heading, const json_t *steps, bool is_lasting)
{
	bool any = false;
	for (size_t i = 0; i < shown_of(steps); i++) {
		const json_t *step = json_array_get(steps, i);
		if (json_is_true(json_object_get(step, "lasting")) != is_lasting)
			continue;
		if (!any)
			html_printf(html, "<h3>%s</h3>\n<ol class=\"steps\">\n", heading);
		any = true;
		put_step(html, step);
	}
	html_raw(html, any ? "</ol>\n" : "");
}

/* Where it comes from. */

static void put_recovery(struct html *html, const json_t *boot)
{
	const json_t *recovered = fleet_at(boot, "source.recovered");
	if (!json_is_object(recovered))
		return;
	html_printf(html, "<div><dt>Since then</dt><dd>Boot %" PRIu64 " of this log shows no failure: repaired since, or not "
		    "yet failed. ", fleet_number_at(recovered, "boot"));
	html_text(html, fleet_text_at(recovered, "text"));
	html_raw(html, "</dd></div>\n");
}

static void put_moment(struct html *html, const char *name, struct slice stamp)
{
	if (!stamp.len)
		return;
	html_printf(html, "<div><dt>%s</dt><dd>", name);
	html_time(html, stamp);
	html_raw(html, "</dd></div>\n");
}

static void put_lines_count(struct html *html, const json_t *lines)
{
	if (!json_is_object(lines))
		return;
	html_raw(html, "<div><dt>Lines</dt><dd>");
	html_count(html, fleet_number_at(lines, "total"));
	html_raw(html, ", of the guest ");
	html_count(html, fleet_number_at(lines, "guest"));
	html_raw(html, "</dd></div>\n");
}

static void put_incomplete(struct html *html, const json_t *boot)
{
	struct slice reason = fleet_text_at(boot, "incomplete_because");
	if (json_is_false(json_object_get(boot, "complete")))
		put_row(html, "Incomplete", reason.len ? reason : SLICE("a part of this boot's text is missing"));
}

static void put_source(struct html *html, const json_t *boot)
{
	const json_t *source = json_object_get(boot, "source");
	html_raw(html, "<dl class=\"facts source find\">\n");
	put_incomplete(html, boot);
	put_recovery(html, boot);
	put_code_row(html, "Log", fleet_text_at(source, "path"));
	put_row(html, "Part", fleet_text_at(source, "label"));
	put_list_row(html, "Files", json_object_get(source, "files"), ", ");
	put_row(html, "Reading stopped", fleet_text_at(source, "error"));
	put_list_row(html, "Notes", json_object_get(source, "notes"), "; ");
	put_lines_count(html, json_object_get(source, "lines"));
	put_moment(html, "Started", fleet_text_at(boot, "started_at"));
	put_moment(html, "Dumped", fleet_text_at(boot, "dumped_at"));
	put_code_row(html, "VM", fleet_text_at(boot, "vm_id"));
	put_code_row(html, "Fingerprint", fleet_text_at(boot, "fingerprint"));
	html_raw(html, "</dl>\n");
}

void html_boot_details(struct html *html, const json_t *boot)
{
	const json_t *fix = json_object_get(boot, "fix");
	html_raw(html, "<div class=\"columns\"><div class=\"said\">\n");
	put_facts(html, boot);
	put_disks(html, boot);
	put_evidence(html, boot);
	put_links(html, "Cause and consequences", json_object_get(boot, "chain"), 2);
	put_links(html, "Also seen", json_object_get(boot, "warnings"), 1);
	html_raw(html, "</div><div class=\"todo\">\n");
	put_section(html, "Why", fleet_text_at(boot, "why"));
	put_steps(html, "Do this now", fix, false);
	put_steps(html, "Fix it for good", fix, true);
	put_section(html, "What would prove this wrong", fleet_text_at(boot, "disproof"));
	put_section(html, "To see more", fleet_text_at(boot, "silence"));
	html_raw(html, "</div></div>\n");
	put_source(html, boot);
}
