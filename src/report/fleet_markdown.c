/* A summary for a ticket or a chat: totals, groups, and the failures with what to do, the worst first. It
 * is to fit into a comment: limits.h says how much of it is told, and what is left out is counted. */
#include <inttypes.h>

#include "base/escape.h"
#include "base/limits.h"
#include "report/fleet_parts.h"

#define STEP_INDENT 3

struct ticket {
	struct fleet_writer writer;
	struct store_totals totals;
	json_t *shown;               /* an object whose keys are the fingerprints of failures that were told */
	uint64_t failures;           /* different ones */
	uint64_t told, left_out;     /* of the list that is being written */
};

static void put(struct ticket *ticket, const char *ours)
{
	buf_text(&ticket->writer.text, ours);
}

static void put_count(struct ticket *ticket, const char *before, uint64_t count, const char *behind)
{
	buf_printf(&ticket->writer.text, "%s%" PRIu64 "%s", before, count, behind);
}

/* Of what is no prose so much as a ticket needs. */
static struct slice cut(struct slice text)
{
	struct slice ret = slice_take(text, TICKET_TEXT_BYTES);
	while (ret.len < text.len && ret.len && ((unsigned char)text.ptr[ret.len] & 0xc0) == 0x80)
		ret.len--;
	return ret;
}

/* Text of any origin on the line; nothing when it is empty. */
static void put_text(struct ticket *ticket, const char *before, struct slice text, const char *behind)
{
	struct slice shown = cut(text);
	if (!text.len)
		return;
	put(ticket, before);
	escape_markdown(&ticket->writer.text, shown);
	if (shown.len < text.len)
		put_count(ticket, " (and ", text.len - shown.len, " bytes more)");
	put(ticket, behind);
}

/* Prose of any origin; lines behind the first are indented. */
static void put_lines(struct ticket *ticket, struct slice text, int indent)
{
	for (bool is_first = true; text.len; is_first = false) {
		struct slice line = slice_until(text, '\n');
		buf_repeat(&ticket->writer.text, ' ', is_first || !slice_trim(line).len ? 0 : indent);
		escape_markdown(&ticket->writer.text, line);
		put(ticket, "\n");
		text = slice_skip(text, line.len + 1);
	}
}

/* Whether there is room for one more in the list; else it is counted. */
static bool has_room(struct ticket *ticket, uint64_t limit)
{
	bool has = ticket->told < limit;
	ticket->told += has;
	ticket->left_out += !has;
	return has;
}

/* `what` with what is in front of the count, `where` all of them are. */
static void put_left_out(struct ticket *ticket, const char *what, const char *where)
{
	if (ticket->left_out)
		put_count(ticket, what, ticket->left_out, where);
	ticket->told = ticket->left_out = 0;
}

/* ---- the head ---- */

static void put_verdicts(struct ticket *ticket)
{
	struct fleet_count counts[FLEET_VERDICTS];
	fleet_verdicts(&ticket->totals, counts);
	put_count(ticket, "| Boots | ", ticket->totals.boots, "");
	for (size_t i = 0; i < FLEET_VERDICTS; i++)
		if (counts[i].count)
			buf_printf(&ticket->writer.text, ", %" PRIu64 " %s", counts[i].count, counts[i].word);
	if (ticket->totals.incomplete_boots)
		put_count(ticket, "; the text of ", ticket->totals.incomplete_boots, " is incomplete");
	put(ticket, " |\n");
}

static void put_head(struct ticket *ticket, struct slice made_at)
{
	const struct store_totals *totals = &ticket->totals;
	put_count(ticket, "# vmpanic: ", totals->failed_vms, " of ");
	put_count(ticket, "", totals->vms, totals->vms == 1 ? " VM failed\n\n" : " VMs failed\n\n");
	put_count(ticket, "| | |\n|---|---|\n| VMs | ", totals->vms, ", ");
	put_count(ticket, "", totals->failed_vms, " failed |\n");
	put_verdicts(ticket);
	put_count(ticket, "| Logs | ", totals->sources, "");
	if (totals->unread_sources)
		put_count(ticket, ", ", totals->unread_sources, " not read to the end");
	put(ticket, " |\n");
	put_text(ticket, "| First failure | ", totals->first_at, " |\n");
	put_text(ticket, "| Last failure | ", totals->last_at, " |\n");
	put_text(ticket, "| Report made | ", made_at, " |\n");
}

/* ---- groups ---- */

static const struct {
	const char *heading, *column, *unknown;
} grouping_words[] = {
	[STORE_BY_CAUSE] = { "By cause", "Cause", "no cause known" },
	[STORE_BY_FINGERPRINT] = { "By failure", "Failure", "no fingerprint" },
	[STORE_BY_KERNEL] = { "By kernel", "Kernel", "kernel not known" },
	[STORE_BY_VM] = { "By VM", "VM", "VM not known" },
};

struct table {
	struct ticket *ticket;
	enum store_grouping grouping;
};

static bool take_group(void *user, const struct store_group *group)
{
	const struct table *table = user;
	struct ticket *ticket = table->ticket;
	if (!has_room(ticket, TICKET_GROUPS_MAX))
		return true;
	put_text(ticket, "| ", group->verdict, " | ");
	put_text(ticket, "", group->name.len ? group->name : slice_of(grouping_words[table->grouping].unknown), "");
	put_count(ticket, " | ", group->vms, " | ");
	put_count(ticket, "", group->boots, "");
	if (group->incomplete_boots)
		put_count(ticket, ", ", group->incomplete_boots, " incomplete");
	put(ticket, " | ");
	put_text(ticket, "", group->first_at, "");
	put(ticket, " | ");
	put_text(ticket, "", group->last_at, "");
	put(ticket, " | ");
	put_text(ticket, "", group->title, "");
	put_text(ticket, " (VM ", group->vm_name, ")");
	put(ticket, " |\n");
	return fleet_flush(&ticket->writer);
}

static bool put_groups(struct ticket *ticket, struct store *store, enum store_grouping grouping)
{
	struct table table = { ticket, grouping };
	buf_printf(&ticket->writer.text, "\n## %s\n\n| Verdict | %s | VMs | Boots | First | Last | For example |\n",
		   grouping_words[grouping].heading, grouping_words[grouping].column);
	put(ticket, "|---|---|--:|--:|---|---|---|\n");
	bool is_read = store_each_group(store, grouping, UINT64_MAX, take_group, &table, ticket->writer.err);
	put_left_out(ticket, "\nFurther groups: ", "; `--format json` has all.\n");
	return is_read;
}

static bool put_all_groups(struct ticket *ticket, struct store *store, const struct fleet_options *options)
{
	enum store_grouping groupings[2];
	size_t count = ticket->totals.failed_boots ? fleet_groupings(options, groupings) : 0;
	bool is_put = true;
	for (size_t i = 0; is_put && i < count; i++)
		is_put = put_groups(ticket, store, groupings[i]);
	return is_put;
}

/* ---- failures ---- */

static void put_place(struct ticket *ticket, const json_t *boot)
{
	struct slice dumped_at = fleet_text_at(boot, "dumped_at");
	put_text(ticket, "- VM ", fleet_text_at(boot, "vm_name"), "");
	put_text(ticket, ", log ", fleet_text_at(boot, "source.path"), "");
	put_text(ticket, " (", fleet_text_at(boot, "source.label"), ")");
	put_count(ticket, ", boot ", (uint64_t)json_integer_value(fleet_at(boot, "number")), "");
	put_text(ticket, ", ", dumped_at.len ? dumped_at : fleet_text_at(boot, "started_at"), "");
	put(ticket, "\n");
}

static void put_judgement(struct ticket *ticket, const json_t *boot)
{
	put_text(ticket, "- ", fleet_text_at(boot, "verdict"), "");
	put_text(ticket, ", cause ", fleet_text_at(boot, "cause"), "");
	put_text(ticket, " (", fleet_text_at(boot, "confidence"), ")");
	put_text(ticket, ", kernel ", fleet_text_at(boot, "kernel.release"), "");
	put(ticket, json_is_false(fleet_at(boot, "complete")) ? "; the log is incomplete\n" : "\n");
	put_text(ticket, "- panic: ", fleet_text_at(boot, "panic"), "\n");
}

/* Joined, for one block. */
static void put_commands(struct ticket *ticket, const json_t *commands)
{
	struct buf joined = BUF_INIT(REPORT_BYTES);
	for (size_t i = 0; i < json_array_size(commands); i++) {
		const json_t *command = json_array_get(commands, i);
		buf_append(&joined, (struct slice){ json_string_value(command), json_string_length(command) });
		buf_char(&joined, '\n');
	}
	if (joined.len)
		escape_markdown_block(&ticket->writer.text, buf_slice(&joined), STEP_INDENT);
	ticket->writer.text.failed |= joined.failed;
	buf_deinit(&joined);
}

static void put_step(struct ticket *ticket, const json_t *step, size_t number)
{
	struct slice risk = fleet_text_at(step, "risk");
	buf_printf(&ticket->writer.text, "%zu. **", number);
	put(ticket, json_is_true(fleet_at(step, "lasting")) ? "For good, " : "Now, ");
	put_text(ticket, "", slice_is(risk, "none") ? SLICE("no risk") : risk, "");
	put(ticket, ":** ");
	put_lines(ticket, fleet_text_at(step, "text"), STEP_INDENT);
	put_commands(ticket, fleet_at(step, "commands"));
}

static void put_steps(struct ticket *ticket, const json_t *steps)
{
	size_t count = json_array_size(steps);
	put(ticket, count ? "\n" : "");
	for (size_t i = 0; i < count && i < TICKET_STEPS_MAX; i++)
		put_step(ticket, json_array_get(steps, i), i + 1);
	if (count > TICKET_STEPS_MAX)
		put_count(ticket, "\nOf ", count, " steps these are the first; `vmpanic` on the log has all.\n");
}

/* A boot loop is one failure. */
static bool was_told(struct ticket *ticket, const json_t *boot)
{
	const char *fingerprint = json_string_value(fleet_at(boot, "fingerprint"));
	if (!fingerprint || json_object_get(ticket->shown, fingerprint))
		return fingerprint != NULL;
	if (json_object_set_new(ticket->shown, fingerprint, json_true()) != 0)
		ticket->writer.text.failed = true;
	return false;
}

static bool take_boot(void *user, const json_t *boot)
{
	struct ticket *ticket = user;
	if (was_told(ticket, boot))
		return true;
	put_count(ticket, "\n### ", ++ticket->told, ". ");
	put_text(ticket, "", fleet_text_at(boot, "title"), "");
	put(ticket, "\n\n");
	put_place(ticket, boot);
	put_judgement(ticket, boot);
	put(ticket, "\n");
	put_lines(ticket, fleet_text_at(boot, "why"), 0);
	put_steps(ticket, fleet_at(boot, "fix"));
	/* Lines behind the last one that is told are not read. */
	return fleet_flush(&ticket->writer) && ticket->told < TICKET_BOOTS_MAX && ticket->told < ticket->failures;
}

/* Boots without a fingerprint are told one by one. */
static bool count_failure(void *user, const struct store_group *group)
{
	struct ticket *ticket = user;
	ticket->failures += group->key.len ? 1 : group->boots;
	return true;
}

/* The worst and latest boot of each. */
static bool put_failures(struct ticket *ticket, struct store *store)
{
	if (!ticket->totals.failed_boots)
		return true;
	put(ticket, "\n## The worst failures\n");
	ticket->shown = json_object();
	bool is_read = store_each_group(store, STORE_BY_FINGERPRINT, UINT64_MAX, count_failure, ticket,
					ticket->writer.err) &&
		       fleet_each_line(store, STORE_FAILED_BOOTS, take_boot, ticket, ticket->writer.err);
	json_decref(ticket->shown);
	ticket->left_out = ticket->totals.failed_boots - ticket->told;
	put_left_out(ticket, "\nFurther failed boots, of these failures or of others: ", "; `--format csv` has all.\n");
	return is_read;
}

/* ---- what could not be read ---- */

static bool take_unread(void *user, const json_t *line)
{
	struct ticket *ticket = user;
	/* It stands in each of its boots. */
	if (json_integer_value(fleet_at(line, "number")) > 1 || !has_room(ticket, TICKET_SOURCES_MAX))
		return true;
	put_text(ticket, "- ", fleet_text_at(line, "source.path"), "");
	put_text(ticket, " (", fleet_text_at(line, "source.label"), ")");
	put_text(ticket, ": ", fleet_text_at(line, "source.error"), "");
	put(ticket, "\n");
	return fleet_flush(&ticket->writer);
}

static bool put_unread(struct ticket *ticket, struct store *store)
{
	if (!ticket->totals.unread_sources)
		return true;
	put(ticket, "\n## Not read to the end\n\n");
	bool is_read = fleet_each_line(store, STORE_UNREAD_SOURCES, take_unread, ticket, ticket->writer.err);
	put_left_out(ticket, "\nFurther logs: ", "; `--format csv` has all.\n");
	return is_read;
}

static bool write_markdown(struct store *store, const struct report_output *output,
			   const struct fleet_options *options, struct error *err)
{
	struct ticket ticket = { 0 };
	fleet_writer_init(&ticket.writer, output, err);
	bool is_made = store_totals(store, &ticket.totals, err);
	if (is_made)
		put_head(&ticket, options->made_at);
	return fleet_writer_end(&ticket.writer, is_made && put_all_groups(&ticket, store, options) &&
						put_failures(&ticket, store) && put_unread(&ticket, store));
}

const struct fleet_format fleet_markdown = { "markdown", write_markdown };
