#include "report/json_tree.h"

#include <inttypes.h>

#include "base/escape.h"
#include "base/limits.h"
#include "diagnosis/explain.h"
#include "diagnosis/timeline.h"
#include "facts/taint.h"
#include "report/words.h"

#define DECODE_BYTES (4 * KIB)

bool json_maker_init(struct json_maker *maker, const struct report_options *options, struct error *err)
{
	*maker = (struct json_maker){ .escaped = BUF_INIT(REPORT_BYTES), .redacted = BUF_INIT(REPORT_BYTES) };
	history_init(&maker->history);
	return !options->redact || (maker->redactor = redactor_new(err));
}

void json_maker_deinit(struct json_maker *maker)
{
	buf_deinit(&maker->escaped);
	buf_deinit(&maker->redacted);
	history_deinit(&maker->history);
	redactor_free(maker->redactor);
}

void json_maker_begin(struct json_maker *maker, const struct report_source *source)
{
	history_clear(&maker->history);
	redactor_learn_source(maker->redactor, source);
}

bool json_maker_failed(const struct json_maker *maker)
{
	return maker->failed || maker->history.failed || maker->history.evidence.failed;
}

void json_maker_forgive(struct json_maker *maker)
{
	maker->failed = maker->escaped.failed = maker->redacted.failed = false;
	maker->history.failed = maker->history.evidence.failed = false;
}

/* Trees. jansson takes NULL for a value as a failure to store it, so each maker may return
 * NULL and only these two functions need to look. It need not check for UTF-8: keys and words are
 * ours, and what a log says has been escaped. */

static void put(struct json_maker *maker, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, value) != 0)
		maker->failed = true;
}

static void append(struct json_maker *maker, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		maker->failed = true;
}

json_t *json_maker_text(struct json_maker *maker, struct slice text)
{
	if (maker->redactor) {
		buf_clear(&maker->redacted);
		redact(maker->redactor, text, &maker->redacted);
		maker->failed |= maker->redacted.failed || redactor_failed(maker->redactor);
		text = buf_slice(&maker->redacted);
	}
	buf_clear(&maker->escaped);
	escape_utf8(&maker->escaped, text);
	if (maker->escaped.failed)
		return NULL;
	return json_stringn_nocheck(maker->escaped.len ? maker->escaped.ptr : "", maker->escaped.len);
}

static json_t *word_of(const char *word)
{
	return word ? json_string_nocheck(word) : json_null();
}

/* Absent knowledge is null. A text from a rule file may end in a newline. */
static void put_text(struct json_maker *maker, json_t *object, const char *key, struct slice text)
{
	while (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	put(maker, object, key, text.len ? json_maker_text(maker, text) : json_null());
}

static void put_word(struct json_maker *maker, json_t *object, const char *key, const char *word)
{
	put(maker, object, key, word_of(word));
}

static void put_flag(struct json_maker *maker, json_t *object, const char *key, bool flag)
{
	put(maker, object, key, json_boolean(flag));
}

static void put_count(struct json_maker *maker, json_t *object, const char *key, uint64_t count)
{
	put(maker, object, key, json_integer((json_int_t)count));
}

/* A number for which `unknown` stands for not knowing. */
static void put_number(struct json_maker *maker, json_t *object, const char *key, int64_t number, int64_t unknown)
{
	put(maker, object, key, number == unknown ? json_null() : json_integer(number));
}

/* A line in its own file, which is named where a source has several. */
static void put_line(struct json_maker *maker, json_t *object, const struct source_parts *parts, uint64_t line)
{
	struct source_place place = source_place(parts, line, 0);
	put_number(maker, object, "line", (int64_t)place.line, 0);
	if (place.file.len)
		put(maker, object, "file", json_maker_text(maker, place.file));
}

static void put_stamp(struct json_maker *maker, json_t *object, const char *key, struct stamp stamp)
{
	struct buf printed = BUF_INIT(64);
	if (stamp.kind != STAMP_NONE)
		stamp_print(&printed, stamp);
	put_text(maker, object, key, buf_slice(&printed));
	maker->failed |= printed.failed;
	buf_deinit(&printed);
}

static json_t *texts_of(struct json_maker *maker, const struct slice *texts, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		append(maker, array, json_maker_text(maker, texts[i]));
	return array;
}

static json_t *kernel_of(struct json_maker *maker, const struct facts *facts)
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
		put_text(maker, kernel, fields[i].key, facts_text(facts, fields[i].fact));
		known += facts_text(facts, fields[i].fact).len != 0;
	}
	int64_t version = facts_number(facts, FACT_KERNEL_VERSION, 0);
	put(maker, kernel, "version",
	    version ? json_sprintf("%" PRId64 ".%" PRId64, version / 1000, version % 1000) : json_null());
	if (known || version)
		return kernel;
	json_decref(kernel);
	return json_null();
}

static json_t *taint_of(struct json_maker *maker, struct slice letters)
{
	json_t *list = json_array();
	for (size_t i = 0; i < letters.len; i++)
		if (taint_meaning(letters.ptr[i]))
			append(maker, list, json_string(taint_meaning(letters.ptr[i])));
	return list;
}

/* For who has the kernel's debug symbols; a module's are in its own file. */
static json_t *decode_of(struct json_maker *maker, const struct crash *crash)
{
	struct buf command = BUF_INIT(DECODE_BYTES);
	bool is_known = crash_decode_command(crash, &command);
	json_t *text = is_known ? json_maker_text(maker, buf_slice(&command)) : json_null();
	maker->failed |= command.failed;
	buf_deinit(&command);
	return text;
}

static json_t *crash_of(struct json_maker *maker, const struct crash *crash, const struct source_parts *parts)
{
	if (!crash)
		return json_null();
	json_t *object = json_object();
	put_text(maker, object, "kind", crash->kind);
	put_text(maker, object, "function", crash->function);
	put_text(maker, object, "module", crash->module);
	put_text(maker, object, "title", crash->title);
	put_text(maker, object, "comm", crash->comm);
	put_number(maker, object, "cpu", crash->cpu, -1);
	put_number(maker, object, "pid", crash->pid, -1);
	put_text(maker, object, "taint", crash->taint);
	put(maker, object, "taint_meaning", taint_of(maker, crash->taint));
	put(maker, object, "decode", decode_of(maker, crash));
	put_flag(maker, object, "fatal", crash->is_fatal);
	put_line(maker, object, parts, crash->line);
	put(maker, object, "frames", texts_of(maker, crash->frames, crash->frame_count));
	return object;
}

static json_t *candidate_of(struct json_maker *maker, const struct root_candidate *candidate)
{
	const struct block_device *device = candidate->device;
	json_t *object = json_object();
	put_text(maker, object, "device", candidate->path);
	put_text(maker, object, "partuuid", device ? device->partuuid : (struct slice){ 0 });
	put_number(maker, object, "size_kib", device ? (int64_t)device->size_kib : 0, 0);
	put_text(maker, object, "value", candidate->value);
	put_word(maker, object, "confidence", rule_confidence_name(candidate->confidence));
	put(maker, object, "reasons", texts_of(maker, candidate->reasons, candidate->reason_count));
	return object;
}

static json_t *root_of(struct json_maker *maker, const struct root_advice *root)
{
	if (!root->is_present)
		return json_null();
	json_t *object = json_object(), *candidates = json_array();
	for (size_t i = 0; i < root->candidate_count; i++)
		append(maker, candidates, candidate_of(maker, &root->candidates[i]));
	put_text(maker, object, "wanted", root->wanted);
	put_word(maker, object, "answer", root_answer_name(root->answer));
	put_flag(maker, object, "one_time", root->is_one_time);
	put_text(maker, object, "check", root->check);
	put(maker, object, "candidates", candidates);
	return object;
}

static json_t *disk_of(struct json_maker *maker, const struct block_device *device, struct slice note)
{
	json_t *object = json_object();
	put_text(maker, object, "device", device->name);
	put_number(maker, object, "size_kib", (int64_t)device->size_kib, 0);
	put_text(maker, object, "partuuid", device->partuuid);
	put_text(maker, object, "driver", device->driver);
	put_word(maker, object, "role", device_role_name(device->role));
	put_text(maker, object, "note", note);
	return object;
}

/* The rows with their notes where root= is the matter, else what the log shows of disks. */
static json_t *disks_of(struct json_maker *maker, const struct diagnosis *diagnosis)
{
	const struct root_advice *root = &diagnosis->root;
	const struct facts *facts = diagnosis->facts;
	json_t *disks = json_array();
	for (size_t i = 0; i < root->row_count; i++)
		append(maker, disks, disk_of(maker, root->rows[i].device, root->rows[i].note));
	for (size_t i = 0; !root->row_count && i < facts->device_count; i++)
		append(maker, disks, disk_of(maker, &facts->devices[i], (struct slice){ 0 }));
	return disks;
}

static json_t *links_of(struct json_maker *maker, const struct link *links, size_t count,
			const struct source_parts *parts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *object = json_object();
		put_text(maker, object, "rule", links[i].rule);
		put_text(maker, object, "title", links[i].title);
		put_line(maker, object, parts, links[i].line);
		append(maker, array, object);
	}
	return array;
}

static json_t *evidence_of(struct json_maker *maker, const struct diagnosis *diagnosis)
{
	json_t *array = json_array();
	for (size_t i = 0; i < diagnosis->evidence_count; i++) {
		const struct evidence *evidence = &diagnosis->evidence[i];
		const struct source_parts *parts = &diagnosis->boot->parts;
		json_t *object = json_object();
		put_line(maker, object, parts, evidence->line);
		put_count(maker, object, "offset", source_place(parts, evidence->line, evidence->offset).offset);
		put(maker, object, "text", json_maker_text(maker, evidence->text));
		append(maker, array, object);
	}
	return array;
}

static json_t *fix_of(struct json_maker *maker, const struct diagnosis *diagnosis)
{
	json_t *array = json_array();
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		const struct repair_step *step = &diagnosis->steps[i];
		json_t *object = json_object();
		put_text(maker, object, "id", step->id);
		put_word(maker, object, "risk", rule_risk_name(step->risk));
		put_flag(maker, object, "lasting", step->is_lasting);
		put_text(maker, object, "text", step->text);
		put(maker, object, "commands", texts_of(maker, step->commands, step->command_count));
		append(maker, array, object);
	}
	return array;
}

static json_t *losses_of(struct json_maker *maker, unsigned losses)
{
	json_t *array = json_array();
	for (unsigned bit = 1; bit && bit <= losses; bit <<= 1)
		if ((losses & bit) && boot_loss_name(bit))
			append(maker, array, json_string(boot_loss_name(bit)));
	return array;
}

/* Disks are opened a hundred times in an ordinary log and tell nothing of a boot. */
static json_t *events_of(struct json_maker *maker, const struct boot *boot)
{
	json_t *array = json_array();
	for (size_t i = 0; i < boot->event_count; i++) {
		const struct host_event *event = &boot->events[i];
		if (event->kind == HOST_DISK_OPENED)
			continue;
		json_t *object = json_object();
		put_word(maker, object, "kind", host_event_name(event->kind));
		put_line(maker, object, &boot->parts, event->line);
		put(maker, object, "text", json_maker_text(maker, event->text));
		put_stamp(maker, object, "time", event->host);
		append(maker, array, object);
	}
	return array;
}

static json_t *rules_of(struct json_maker *maker, const struct findings *findings)
{
	json_t *object = json_object();
	put_count(maker, object, "matched", findings->matched);
	put_count(maker, object, "absorbed", findings->absorbed);
	put_count(maker, object, "not_evaluated", findings->not_evaluated);
	put_count(maker, object, "limit_hits", findings->limit_hits);
	put_count(maker, object, "clean", findings->clean);
	return object;
}

static json_t *gaps_of(struct json_maker *maker, const struct timeline *timeline, const struct source_parts *parts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < timeline->gap_count; i++) {
		const struct timeline_gap *gap = &timeline->gaps[i];
		json_t *object = json_object(), *from = json_object(), *to = json_object();
		put(maker, object, "seconds", json_real((double)gap->length_ms / 1000));
		put_line(maker, from, parts, gap->from_line);
		put_text(maker, from, "text", gap->from);
		put_line(maker, to, parts, gap->to_line);
		put_text(maker, to, "text", gap->to);
		put(maker, object, "from", from);
		put(maker, object, "to", to);
		append(maker, array, object);
	}
	return array;
}

static json_t *timeline_of(struct json_maker *maker, const struct timeline *timeline, const struct source_parts *parts)
{
	if (!timeline)
		return json_null();
	json_t *object = json_object(), *events = json_array();
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_event *event = &timeline->events[i];
		json_t *item = json_object();
		put_word(maker, item, "kind", timeline_kind_name(event->kind));
		put_text(maker, item, "text", event->text);
		put_line(maker, item, parts, event->line);
		put(maker, item, "seconds", event->has_time ? json_real((double)event->time_ns / 1e9) : json_null());
		put_stamp(maker, item, "time", event->host);
		put_flag(maker, item, "estimated", event->is_estimated);
		append(maker, events, item);
	}
	put(maker, object, "events", events);
	put(maker, object, "gaps", gaps_of(maker, timeline, parts));
	put_flag(maker, object, "broken", timeline->is_broken);
	return object;
}

static json_t *explanation_of(struct json_maker *maker, const struct explanation *explanation)
{
	if (!explanation)
		return json_null();
	json_t *object = json_object(), *rejections = json_array();
	for (size_t i = 0; i < explanation->rejection_count; i++) {
		json_t *item = json_object();
		put_text(maker, item, "what", explanation->rejections[i].what);
		put_text(maker, item, "reason", explanation->rejections[i].reason);
		append(maker, rejections, item);
	}
	put_word(maker, object, "kernel", explanation->path ? explanation->path->text : NULL);
	put_word(maker, object, "source", explanation->path ? explanation->path->source : NULL);
	put(maker, object, "rejected", rejections);
	put_text(maker, object, "left_open", explanation->not_judged);
	return object;
}

static void put_judgement(struct json_maker *maker, json_t *object, const struct diagnosis *diagnosis)
{
	put_word(maker, object, "verdict", verdict_name(diagnosis->verdict));
	put_flag(maker, object, "complete", diagnosis->is_complete);
	put_text(maker, object, "incomplete_because", diagnosis->incomplete_because);
	put(maker, object, "losses", losses_of(maker, diagnosis->boot->losses));
	put_text(maker, object, "cause", diagnosis->cause);
	put_word(maker, object, "confidence", diagnosis->cause.len ? rule_confidence_name(diagnosis->confidence) : NULL);
	put_text(maker, object, "title", diagnosis->title);
	put_text(maker, object, "fingerprint", diagnosis->fingerprint);
	put_text(maker, object, "why", diagnosis->why);
	put_text(maker, object, "disproof", diagnosis->disproof);
	put_text(maker, object, "silence", diagnosis->silence);
	const struct source_parts *parts = &diagnosis->boot->parts;
	put(maker, object, "chain", links_of(maker, diagnosis->chain, diagnosis->chain_count, parts));
	put(maker, object, "warnings", links_of(maker, diagnosis->warnings, diagnosis->warning_count, parts));
}

json_t *json_maker_boot(struct json_maker *maker, const struct diagnosis *diagnosis)
{
	const struct boot *boot = diagnosis->boot;
	redactor_learn_boot(maker->redactor, boot);
	/* The first boot that failed in this way, 0 for none before. */
	unsigned same_as = history_take(&maker->history, diagnosis);
	json_t *object = json_object();
	put_count(maker, object, "number", boot->number);
	put_stamp(maker, object, "started_at", boot->started_at);
	put_stamp(maker, object, "dumped_at", boot->dumped_at);
	put_judgement(maker, object, diagnosis);
	put_number(maker, object, "same_as", same_as, 0);
	put(maker, object, "kernel", kernel_of(maker, diagnosis->facts));
	put_text(maker, object, "command_line", facts_text(diagnosis->facts, FACT_COMMAND_LINE));
	put_text(maker, object, "panic", facts_text(diagnosis->facts, FACT_PANIC_TEXT));
	put(maker, object, "root", root_of(maker, &diagnosis->root));
	put(maker, object, "disks", disks_of(maker, diagnosis));
	put(maker, object, "crash", crash_of(maker, diagnosis_crash(diagnosis), &boot->parts));
	put(maker, object, "evidence", evidence_of(maker, diagnosis));
	put(maker, object, "fix", fix_of(maker, diagnosis));
	put(maker, object, "events", events_of(maker, boot));
	put(maker, object, "rules", rules_of(maker, diagnosis->findings));
	put(maker, object, "timeline", timeline_of(maker, diagnosis->timeline, &boot->parts));
	put(maker, object, "explanation", explanation_of(maker, diagnosis->explanation));
	return object;
}

static json_t *parts_of(struct json_maker *maker, const struct source_parts *parts)
{
	json_t *array = json_array();
	for (size_t i = 0; i < parts->count; i++)
		append(maker, array, json_maker_text(maker, parts->items[i].path));
	return array;
}

/* The last boot, when it came up after failures. */
static json_t *recovery_of(struct json_maker *maker, const struct report_source *source)
{
	const struct history *history = &maker->history;
	if (!history->has_recovered || history->last_number != source->boot_count)
		return json_null();
	json_t *object = json_object();
	put_count(maker, object, "boot", history->last_number);
	put_line(maker, object, &source->parts, history->evidence_line);
	put_text(maker, object, "text", buf_slice(&history->evidence));
	maker->failed |= history->evidence.failed;
	return object;
}

json_t *json_maker_source(struct json_maker *maker, const struct report_source *source)
{
	redactor_learn_source(maker->redactor, source);
	json_t *object = json_object(), *vm = json_object(), *lines = json_object();
	put(maker, object, "path", json_maker_text(maker, source->path));
	put_text(maker, vm, "name", source->vm_name);
	put_text(maker, vm, "uuid", source->vm_uuid);
	put_count(maker, lines, "total", source->totals.lines);
	put_count(maker, lines, "guest", source->totals.guest_lines);
	put_count(maker, lines, "unframed", source->totals.unframed_lines);
	/* Of a VM's folder. */
	if (source->label.len)
		put_text(maker, object, "label", source->label);
	if (source->parts.count)
		put(maker, object, "files", parts_of(maker, &source->parts));
	put_word(maker, object, "format", log_format_name(source->format));
	put_flag(maker, object, "complete", source->is_complete);
	put(maker, object, "notes", texts_of(maker, source->notes, source->note_count));
	put_text(maker, object, "error", source->error);
	put(maker, object, "recovered", recovery_of(maker, source));
	put(maker, object, "vm", vm);
	put(maker, object, "lines", lines);
	return object;
}
