/* The contract for programs: one document, `schema` vmpanic/1.
 *
 * The outer braces and arrays are written by hand as sources and boots come, so that only one
 * boot is in memory; each boot is a jansson tree. What is known of a source only at its end
 * stands behind its boots: the order of members means nothing in JSON. */
#include "report/report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/limits.h"
#include "diagnosis/explain.h"
#include "diagnosis/timeline.h"
#include "facts/taint.h"
#include "report/history.h"
#include "report/redact.h"
#include "report/words.h"

#define BOOT_INDENT 8
#define DECODE_BYTES (4 * KIB)
#define SOURCE_INDENT 6
/* Microseconds of a year are 14 digits; with 16 or more, 0.1 would not look like it. */
#define DUMP_FLAGS (JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

struct report {
	struct report_output output;
	struct buf text;     /* the piece of the document that is being made */
	struct buf escaped;  /* one string on its way into the tree */
	struct buf redacted; /* the same before */
	struct redactor *redactor; /* NULL: nothing is redacted */
	struct history history;
	bool failed;         /* memory ran out while a tree was built; sticky */
	bool any_source, any_boot;
};

/* Trees. jansson takes NULL for a value as a failure to store it, so each maker may return
 * NULL and only these two functions need to look. It need not check for UTF-8: keys and words are
 * ours, and what a log says has been escaped. */

static void put(struct report *report, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, value) != 0)
		report->failed = true;
}

static void append(struct report *report, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		report->failed = true;
}

static json_t *text_of(struct report *report, struct slice text)
{
	if (report->redactor) {
		buf_clear(&report->redacted);
		redact(report->redactor, text, &report->redacted);
		report->failed |= report->redacted.failed || redactor_failed(report->redactor);
		text = buf_slice(&report->redacted);
	}
	buf_clear(&report->escaped);
	escape_utf8(&report->escaped, text);
	if (report->escaped.failed)
		return NULL;
	return json_stringn_nocheck(report->escaped.len ? report->escaped.ptr : "", report->escaped.len);
}

static json_t *word_of(const char *word)
{
	return word ? json_string_nocheck(word) : json_null();
}

/* Absent knowledge is null. A text from a rule file may end in a newline. */
static void put_text(struct report *report, json_t *object, const char *key, struct slice text)
{
	while (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	put(report, object, key, text.len ? text_of(report, text) : json_null());
}

static void put_word(struct report *report, json_t *object, const char *key, const char *word)
{
	put(report, object, key, word_of(word));
}

static void put_flag(struct report *report, json_t *object, const char *key, bool flag)
{
	put(report, object, key, json_boolean(flag));
}

static void put_count(struct report *report, json_t *object, const char *key, uint64_t count)
{
	put(report, object, key, json_integer((json_int_t)count));
}

/* A number for which `unknown` stands for not knowing. */
static void put_number(struct report *report, json_t *object, const char *key, int64_t number, int64_t unknown)
{
	put(report, object, key, number == unknown ? json_null() : json_integer(number));
}

/* A line in its own file, which is named where a source has several. */
static void put_line(struct report *report, json_t *object, const struct source_parts *parts, uint64_t line)
{
	struct source_place place = source_place(parts, line, 0);
	put_number(report, object, "line", (int64_t)place.line, 0);
	if (place.file.len)
		put(report, object, "file", text_of(report, place.file));
}

static void put_stamp(struct report *report, json_t *object, const char *key, struct stamp stamp)
{
	struct buf printed = BUF_INIT(64);
	if (stamp.kind != STAMP_NONE)
		stamp_print(&printed, stamp);
	put_text(report, object, key, buf_slice(&printed));
	report->failed |= printed.failed;
	buf_deinit(&printed);
}

static json_t *texts_of(struct report *report, const struct slice *texts, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		append(report, array, text_of(report, texts[i]));
	return array;
}

static json_t *kernel_of(struct report *report, const struct facts *facts)
{
	static const struct {
		const char *key;
		enum fact_id fact;
	} fields[] = {
		{ "release", FACT_KERNEL_RELEASE },
		{ "distribution", FACT_KERNEL_DISTRIBUTION },
		{ "distribution_release", FACT_KERNEL_DISTRIBUTION_RELEASE },
		{ "distribution_basis", FACT_KERNEL_DISTRIBUTION_BASIS },
		{ "flavour", FACT_KERNEL_FLAVOUR },
		{ "taint", FACT_TAINT },
	};
	json_t *kernel = json_object();
	size_t known = 0;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		put_text(report, kernel, fields[i].key, facts_text(facts, fields[i].fact));
		known += facts_text(facts, fields[i].fact).len != 0;
	}
	int64_t version = facts_number(facts, FACT_KERNEL_VERSION, 0);
	put(report, kernel, "version",
	    version ? json_sprintf("%" PRId64 ".%" PRId64, version / 1000, version % 1000) : json_null());
	if (known || version)
		return kernel;
	json_decref(kernel);
	return json_null();
}

static json_t *taint_of(struct report *report, struct slice letters)
{
	json_t *list = json_array();
	for (size_t i = 0; i < letters.len; i++)
		if (taint_meaning(letters.ptr[i]))
			append(report, list, json_string(taint_meaning(letters.ptr[i])));
	return list;
}

/* For who has the kernel's debug symbols; a module's are in its own file. */
static json_t *decode_of(struct report *report, const struct crash *crash)
{
	struct buf command = BUF_INIT(DECODE_BYTES);
	bool is_known = crash_decode_command(crash, &command);
	json_t *text = is_known ? text_of(report, buf_slice(&command)) : json_null();
	report->failed |= command.failed;
	buf_deinit(&command);
	return text;
}

static json_t *crash_of(struct report *report, const struct crash *crash, const struct source_parts *parts)
{
	if (!crash)
		return json_null();
	json_t *object = json_object();
	put_text(report, object, "kind", crash->kind);
	put_text(report, object, "function", crash->function);
	put_text(report, object, "module", crash->module);
	put_text(report, object, "title", crash->title);
	put_text(report, object, "comm", crash->comm);
	put_number(report, object, "cpu", crash->cpu, -1);
	put_number(report, object, "pid", crash->pid, -1);
	put_text(report, object, "taint", crash->taint);
	put(report, object, "taint_meaning", taint_of(report, crash->taint));
	put(report, object, "decode", decode_of(report, crash));
	put_flag(report, object, "fatal", crash->is_fatal);
	put_line(report, object, parts, crash->line);
	put(report, object, "frames", texts_of(report, crash->frames, crash->frame_count));
	return object;
}

static json_t *candidate_of(struct report *report, const struct root_candidate *candidate)
{
	const struct block_device *device = candidate->device;
	json_t *object = json_object();
	put_text(report, object, "device", candidate->path);
	put_text(report, object, "partuuid", device ? device->partuuid : (struct slice){ 0 });
	put_number(report, object, "size_kib", device ? (int64_t)device->size_kib : 0, 0);
	put_text(report, object, "value", candidate->value);
	put_word(report, object, "confidence", rule_confidence_name(candidate->confidence));
	put(report, object, "reasons", texts_of(report, candidate->reasons, candidate->reason_count));
	return object;
}

static json_t *root_of(struct report *report, const struct root_advice *root)
{
	if (!root->is_present)
		return json_null();
	json_t *object = json_object(), *candidates = json_array();
	for (size_t i = 0; i < root->candidate_count; i++)
		append(report, candidates, candidate_of(report, &root->candidates[i]));
	put_text(report, object, "wanted", root->wanted);
	put_word(report, object, "answer", root_answer_name(root->answer));
	put_flag(report, object, "one_time", root->is_one_time);
	put_text(report, object, "check", root->check);
	put(report, object, "candidates", candidates);
	return object;
}

static json_t *disk_of(struct report *report, const struct block_device *device, struct slice note)
{
	json_t *object = json_object();
	put_text(report, object, "device", device->name);
	put_number(report, object, "size_kib", (int64_t)device->size_kib, 0);
	put_text(report, object, "partuuid", device->partuuid);
	put_text(report, object, "driver", device->driver);
	put_word(report, object, "role", device_role_name(device->role));
	put_text(report, object, "note", note);
	return object;
}

/* The rows with their notes where root= is the matter, else what the log shows of disks. */
static json_t *disks_of(struct report *report, const struct diagnosis *diagnosis)
{
	const struct root_advice *root = &diagnosis->root;
	const struct facts *facts = diagnosis->facts;
	json_t *disks = json_array();
	for (size_t i = 0; i < root->row_count; i++)
		append(report, disks, disk_of(report, root->rows[i].device, root->rows[i].note));
	for (size_t i = 0; !root->row_count && i < facts->device_count; i++)
		append(report, disks, disk_of(report, &facts->devices[i], (struct slice){ 0 }));
	return disks;
}

static json_t *links_of(struct report *report, const struct link *links, size_t count,
			const struct source_parts *parts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *object = json_object();
		put_text(report, object, "rule", links[i].rule);
		put_text(report, object, "title", links[i].title);
		put_line(report, object, parts, links[i].line);
		append(report, array, object);
	}
	return array;
}

static json_t *evidence_of(struct report *report, const struct diagnosis *diagnosis)
{
	json_t *array = json_array();
	for (size_t i = 0; i < diagnosis->evidence_count; i++) {
		const struct evidence *evidence = &diagnosis->evidence[i];
		const struct source_parts *parts = &diagnosis->boot->parts;
		json_t *object = json_object();
		put_line(report, object, parts, evidence->line);
		put_count(report, object, "offset", source_place(parts, evidence->line, evidence->offset).offset);
		put(report, object, "text", text_of(report, evidence->text));
		append(report, array, object);
	}
	return array;
}

static json_t *fix_of(struct report *report, const struct diagnosis *diagnosis)
{
	json_t *array = json_array();
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		const struct repair_step *step = &diagnosis->steps[i];
		json_t *object = json_object();
		put_text(report, object, "id", step->id);
		put_word(report, object, "risk", rule_risk_name(step->risk));
		put_flag(report, object, "lasting", step->is_lasting);
		put_text(report, object, "text", step->text);
		put(report, object, "commands", texts_of(report, step->commands, step->command_count));
		append(report, array, object);
	}
	return array;
}

static json_t *losses_of(struct report *report, unsigned losses)
{
	json_t *array = json_array();
	for (unsigned bit = 1; bit && bit <= losses; bit <<= 1)
		if ((losses & bit) && boot_loss_name(bit))
			append(report, array, json_string(boot_loss_name(bit)));
	return array;
}

/* Disks are opened a hundred times in an ordinary log and tell nothing of a boot. */
static json_t *events_of(struct report *report, const struct boot *boot)
{
	json_t *array = json_array();
	for (size_t i = 0; i < boot->event_count; i++) {
		const struct host_event *event = &boot->events[i];
		if (event->kind == HOST_DISK_OPENED)
			continue;
		json_t *object = json_object();
		put_word(report, object, "kind", host_event_name(event->kind));
		put_line(report, object, &boot->parts, event->line);
		put(report, object, "text", text_of(report, event->text));
		put_stamp(report, object, "time", event->host);
		append(report, array, object);
	}
	return array;
}

static json_t *rules_of(struct report *report, const struct findings *findings)
{
	json_t *object = json_object();
	put_count(report, object, "matched", findings->matched);
	put_count(report, object, "absorbed", findings->absorbed);
	put_count(report, object, "not_evaluated", findings->not_evaluated);
	put_count(report, object, "limit_hits", findings->limit_hits);
	put_count(report, object, "clean", findings->clean);
	return object;
}

static json_t *gaps_of(struct report *report, const struct timeline *timeline, const struct source_parts *parts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < timeline->gap_count; i++) {
		const struct timeline_gap *gap = &timeline->gaps[i];
		json_t *object = json_object(), *from = json_object(), *to = json_object();
		put(report, object, "seconds", json_real((double)gap->length_ms / 1000));
		put_line(report, from, parts, gap->from_line);
		put_text(report, from, "text", gap->from);
		put_line(report, to, parts, gap->to_line);
		put_text(report, to, "text", gap->to);
		put(report, object, "from", from);
		put(report, object, "to", to);
		append(report, array, object);
	}
	return array;
}

static json_t *timeline_of(struct report *report, const struct timeline *timeline, const struct source_parts *parts)
{
	if (!timeline)
		return json_null();
	json_t *object = json_object(), *events = json_array();
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_event *event = &timeline->events[i];
		json_t *item = json_object();
		put_word(report, item, "kind", timeline_kind_name(event->kind));
		put_text(report, item, "text", event->text);
		put_line(report, item, parts, event->line);
		put(report, item, "seconds", event->has_time ? json_real((double)event->time_ns / 1e9) : json_null());
		put_stamp(report, item, "time", event->host);
		put_flag(report, item, "estimated", event->is_estimated);
		append(report, events, item);
	}
	put(report, object, "events", events);
	put(report, object, "gaps", gaps_of(report, timeline, parts));
	put_flag(report, object, "broken", timeline->is_broken);
	return object;
}

static json_t *explanation_of(struct report *report, const struct explanation *explanation)
{
	if (!explanation)
		return json_null();
	json_t *object = json_object(), *rejections = json_array();
	for (size_t i = 0; i < explanation->rejection_count; i++) {
		json_t *item = json_object();
		put_text(report, item, "what", explanation->rejections[i].what);
		put_text(report, item, "reason", explanation->rejections[i].reason);
		append(report, rejections, item);
	}
	put_word(report, object, "kernel", explanation->path ? explanation->path->text : NULL);
	put_word(report, object, "source", explanation->path ? explanation->path->source : NULL);
	put(report, object, "rejected", rejections);
	put_text(report, object, "left_open", explanation->not_judged);
	return object;
}

static void put_judgement(struct report *report, json_t *object, const struct diagnosis *diagnosis)
{
	put_word(report, object, "verdict", verdict_name(diagnosis->verdict));
	put_flag(report, object, "complete", diagnosis->is_complete);
	put_text(report, object, "incomplete_because", diagnosis->incomplete_because);
	put(report, object, "losses", losses_of(report, diagnosis->boot->losses));
	put_text(report, object, "cause", diagnosis->cause);
	put_word(report, object, "confidence", diagnosis->cause.len ? rule_confidence_name(diagnosis->confidence) : NULL);
	put_text(report, object, "title", diagnosis->title);
	put_text(report, object, "fingerprint", diagnosis->fingerprint);
	put_text(report, object, "why", diagnosis->why);
	put_text(report, object, "disproof", diagnosis->disproof);
	put_text(report, object, "silence", diagnosis->silence);
	const struct source_parts *parts = &diagnosis->boot->parts;
	put(report, object, "chain", links_of(report, diagnosis->chain, diagnosis->chain_count, parts));
	put(report, object, "warnings", links_of(report, diagnosis->warnings, diagnosis->warning_count, parts));
}

/* `same_as`: the number of the first boot that failed in this way, 0 for none before. */
static json_t *boot_of(struct report *report, const struct diagnosis *diagnosis, unsigned same_as)
{
	const struct boot *boot = diagnosis->boot;
	json_t *object = json_object();
	put_count(report, object, "number", boot->number);
	put_stamp(report, object, "started_at", boot->started_at);
	put_stamp(report, object, "dumped_at", boot->dumped_at);
	put_judgement(report, object, diagnosis);
	put_number(report, object, "same_as", same_as, 0);
	put(report, object, "kernel", kernel_of(report, diagnosis->facts));
	put_text(report, object, "command_line", facts_text(diagnosis->facts, FACT_COMMAND_LINE));
	put_text(report, object, "panic", facts_text(diagnosis->facts, FACT_PANIC_TEXT));
	put(report, object, "root", root_of(report, &diagnosis->root));
	put(report, object, "disks", disks_of(report, diagnosis));
	put(report, object, "crash", crash_of(report, diagnosis_crash(diagnosis), &boot->parts));
	put(report, object, "evidence", evidence_of(report, diagnosis));
	put(report, object, "fix", fix_of(report, diagnosis));
	put(report, object, "events", events_of(report, boot));
	put(report, object, "rules", rules_of(report, diagnosis->findings));
	put(report, object, "timeline", timeline_of(report, diagnosis->timeline, &boot->parts));
	put(report, object, "explanation", explanation_of(report, diagnosis->explanation));
	return object;
}

static json_t *parts_of(struct report *report, const struct source_parts *parts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < parts->count; i++)
		append(report, array, text_of(report, parts->items[i].path));
	return array;
}

/* The last boot, when it came up after failures. */
static json_t *recovery_of(struct report *report, const struct report_source *source)
{
	const struct history *history = &report->history;
	if (!history->has_recovered || history->last_number != source->boot_count)
		return json_null();
	json_t *object = json_object();
	put_count(report, object, "boot", history->last_number);
	put_line(report, object, &source->parts, history->evidence_line);
	put_text(report, object, "text", buf_slice(&history->evidence));
	report->failed |= history->evidence.failed;
	return object;
}

/* What is known of a source when it has been read: everything but its path and its boots. */
static json_t *source_of(struct report *report, const struct report_source *source)
{
	json_t *object = json_object(), *vm = json_object(), *lines = json_object();
	put_text(report, vm, "name", source->vm_name);
	put_text(report, vm, "uuid", source->vm_uuid);
	put_count(report, lines, "total", source->totals.lines);
	put_count(report, lines, "guest", source->totals.guest_lines);
	put_count(report, lines, "unframed", source->totals.unframed_lines);
	/* Of a VM's folder. */
	if (source->label.len)
		put_text(report, object, "label", source->label);
	if (source->parts.count)
		put(report, object, "files", parts_of(report, &source->parts));
	put_word(report, object, "format", log_format_name(source->format));
	put_flag(report, object, "complete", source->is_complete);
	put(report, object, "notes", texts_of(report, source->notes, source->note_count));
	put_text(report, object, "error", source->error);
	put(report, object, "recovered", recovery_of(report, source));
	put(report, object, "vm", vm);
	put(report, object, "lines", lines);
	return object;
}

/* The document. */

static bool report_flush(struct report *report, struct error *err)
{
	if (report->failed || report->text.failed)
		return error_out_of_memory(err);
	bool is_written = report->output.write(report->output.user, buf_slice(&report->text));
	buf_clear(&report->text);
	return is_written || error_set(err, "the report could not be written");
}

struct indenter {
	struct buf *out;
	int indent;
};

/* A newline in what jansson writes is layout: inside strings it is escaped. */
static int write_indented(const char *bytes, size_t len, void *user)
{
	const struct indenter *indenter = user;
	struct slice rest = { bytes, len };
	for (size_t at; (at = slice_find_char(rest, '\n')) != SLICE_NOT_FOUND; rest = slice_skip(rest, at + 1)) {
		buf_append(indenter->out, slice_take(rest, at + 1));
		buf_repeat(indenter->out, ' ', indenter->indent);
	}
	buf_append(indenter->out, rest);
	return indenter->out->failed ? -1 : 0;
}

static void write_value(struct report *report, const json_t *value, int indent)
{
	struct indenter indenter = { &report->text, indent };
	if (!value || json_dump_callback(value, write_indented, &indenter, DUMP_FLAGS) != 0)
		report->failed = true;
}

/* The members of an object without its braces. */
static void write_members(struct report *report, json_t *object, int indent)
{
	const char *key;
	json_t *value;
	bool is_first = true;
	json_object_foreach(object, key, value) {
		buf_text(&report->text, is_first ? "" : ",\n");
		buf_repeat(&report->text, ' ', indent);
		buf_printf(&report->text, "\"%s\": ", key);
		write_value(report, value, indent);
		is_first = false;
	}
	report->failed |= object == NULL;
}

static struct report *json_open(const struct report_output *output, const struct report_options *options,
				struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report || (options->redact && !(report->redactor = redactor_new(err)))) {
		free(report);
		error_out_of_memory(err);
		return NULL;
	}
	report->output = *output;
	history_init(&report->history);
	report->text = BUF_INIT(REPORT_BYTES);
	report->escaped = report->redacted = BUF_INIT(REPORT_BYTES);
	buf_text(&report->text, "{\n  \"schema\": \"vmpanic/1\",\n");
	buf_printf(&report->text, "  \"redacted\": %s,\n  \"sources\": [", options->redact ? "true" : "false");
	return report;
}

static bool has_failed(const struct report *report)
{
	return report->failed || report->text.failed || report->history.failed || report->history.evidence.failed;
}

/* A source or boot for which memory ran out is left out, so that the document can still be ended. */
static bool take_back(struct report *report, size_t len, struct error *err)
{
	report->text.len = len;
	report->failed = report->text.failed = report->escaped.failed = report->redacted.failed = false;
	report->history.failed = report->history.evidence.failed = false;
	return error_out_of_memory(err);
}

static bool json_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	size_t before = report->text.len;
	if (has_failed(report)) /* the document could not be begun */
		return error_out_of_memory(err);
	buf_text(&report->text, report->any_source ? ",\n    {\n" : "\n    {\n");
	report->any_boot = false;
	history_clear(&report->history);
	redactor_learn_source(report->redactor, source);
	buf_text(&report->text, "      \"path\": ");
	json_t *path = text_of(report, source->path);
	write_value(report, path, 0);
	json_decref(path);
	buf_text(&report->text, ",\n      \"boots\": [");
	if (has_failed(report))
		return take_back(report, before, err);
	report->any_source = true;
	return report_flush(report, err);
}

static bool json_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct error *err)
{
	(void)source;
	redactor_learn_boot(report->redactor, diagnosis->boot);
	size_t before = report->text.len;
	buf_text(&report->text, report->any_boot ? ",\n        " : "\n        ");
	json_t *boot = boot_of(report, diagnosis, history_take(&report->history, diagnosis));
	write_value(report, boot, BOOT_INDENT);
	json_decref(boot);
	if (has_failed(report))
		return take_back(report, before, err);
	report->any_boot = true;
	return report_flush(report, err);
}

static bool json_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	buf_text(&report->text, report->any_boot ? "\n      ],\n" : "],\n");
	size_t before = report->text.len;
	redactor_learn_source(report->redactor, source);
	json_t *object = source_of(report, source);
	write_members(report, object, SOURCE_INDENT);
	json_decref(object);
	bool is_whole = !has_failed(report) || take_back(report, before, err);
	if (!is_whole)
		buf_text(&report->text, "      \"complete\": false,\n      \"error\": \"out of memory\"");
	buf_text(&report->text, "\n    }");
	return report_flush(report, err) && is_whole;
}

static bool json_close(struct report *report, struct error *err)
{
	if (!report)
		return true;
	buf_text(&report->text, report->any_source ? "\n  ]\n}\n" : "]\n}\n");
	bool is_done = report_flush(report, err);
	buf_deinit(&report->text);
	buf_deinit(&report->escaped);
	buf_deinit(&report->redacted);
	history_deinit(&report->history);
	redactor_free(report->redactor);
	free(report);
	return is_done;
}

const struct report_format report_json = {
	.name = "json",
	.open = json_open,
	.source_begin = json_source_begin,
	.boot = json_boot,
	.source_end = json_source_end,
	.close = json_close,
};
