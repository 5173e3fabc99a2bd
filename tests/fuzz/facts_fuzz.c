/* Any bytes as a guest's text, to the end: boots, facts, all built-in rules, diagnosis, and both
 * reports. What reaches a terminal holds nothing that moves it; what is JSON can be parsed. The trace
 * of a rule agrees with its finding, and a rule that is drafted from the text loads. */
#include <stdlib.h>

#include <jansson.h>

#include "base/escape.h"
#include "base/limits.h"
#include "facts/crash.h"
#include "report/report.h"
#include "rules/draft.h"
#include "rules/load.h"
#include "rules/trace.h"
#include "../unit/colour.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct judge {
	struct rule_engine *engine;
	struct report_source source;
	struct report *reports[2];
	struct buf outputs[2];
};

static const struct report_format *const formats[2] = { &report_text, &report_json };

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool is_evidence(void *user, struct slice text)
{
	struct judge *judge = user;
	return facts_wants(text) || rule_engine_wants(judge->engine, text);
}

static void check_trace(struct judge *judge, const struct facts *facts, const struct findings *findings,
			struct arena *arena)
{
	struct rule_trace *traces;
	struct error err;
	size_t matched = 0, count = rules_builtin().count;
	check(rule_engine_trace(judge->engine, facts, arena, &traces, &err));
	for (size_t i = 0; i < count; i++)
		matched += traces[i].outcome == OUTCOME_MATCHED;
	check(matched == findings->matched);
}

static void check_draft(const struct boot *boot, struct arena *arena)
{
	struct buf text = BUF_INIT(MIB);
	const struct rule *rule;
	struct error err;
	if (rule_draft(SLICE("local/draft"), boot, &text))
		check(rule_load(arena, buf_slice(&text), "draft", SLICE(""), &rule, &err));
	buf_deinit(&text);
}

static void take_boot(void *user, const struct boot *boot)
{
	struct judge *judge = user;
	struct arena arena = ARENA_INIT;
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis;
	struct error err;
	check(facts_read(&facts, boot, &arena, &err));
	check(rule_engine_run(judge->engine, &facts, &arena, &findings, &err));
	check(diagnosis_make(&diagnosis, &facts, &findings, &arena, &err));
	check_trace(judge, &facts, &findings, &arena);
	check_draft(boot, &arena);
	for (size_t i = 0; i < 2; i++)
		check(formats[i]->boot(judge->reports[i], &judge->source, &diagnosis, &err));
	arena_deinit(&arena);
}

static void read_all(struct judge *judge, enum log_format format, struct slice text)
{
	struct boot_sink sink = { judge, take_boot, is_evidence };
	struct error err;
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, &err);
	check(assembler != NULL);
	struct vmxlog_reader *reader = vmxlog_reader_new(format, boot_assembler_input(assembler), &err);
	check(reader && vmxlog_reader_feed(reader, text, &err));
	vmxlog_reader_finish(reader);
	judge->source.totals = vmxlog_reader_totals(reader);
	check(boot_assembler_finish(assembler, judge->source.totals.ends_without_newline, &err));
	judge->source.boot_count = boot_assembler_count(assembler);
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
}

static bool keep(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

static void open_reports(struct judge *judge, bool color)
{
	for (size_t i = 0; i < 2; i++) {
		struct report_output output = { &judge->outputs[i], keep };
		struct report_options options = { .color = color, .width = 100 };
		struct error err;
		judge->outputs[i] = BUF_INIT(64 * MIB);
		judge->reports[i] = formats[i]->open(&output, &options, &err);
		check(judge->reports[i] && formats[i]->source_begin(judge->reports[i], &judge->source, &err));
	}
}

static void close_reports(struct judge *judge)
{
	for (size_t i = 0; i < 2; i++) {
		struct error err;
		check(formats[i]->source_end(judge->reports[i], &judge->source, &err));
		check(formats[i]->close(judge->reports[i], &err));
		check(!judge->outputs[i].failed);
	}
}

/* Valid UTF-8 without a control character but newline; C1 begins with 0xc2 in UTF-8. */
static void check_text(struct slice text, bool color)
{
	while (text.len) {
		unsigned char first = (unsigned char)text.ptr[0];
		size_t len = color ? colour_len(text) : 0;
		if (!len) {
			len = utf8_char_len(text);
			check(len > 0 && (first >= 0x20 || first == '\n') && first != 0x7f);
			check(first != 0xc2 || (unsigned char)text.ptr[1] >= 0xa0);
		}
		text = slice_skip(text, len);
	}
}

static void check_json(struct slice text)
{
	json_error_t err;
	json_t *root = json_loadb(text.ptr, text.len, 0, &err);
	check(root != NULL);
	json_decref(root);
}

/* One engine for all inputs: building it takes longer than to judge one. */
static struct rule_engine *the_engine(void)
{
	static struct rule_engine *engine;
	struct error err;
	if (!engine)
		engine = rule_engine_new(rules_builtin(), &err);
	check(engine != NULL);
	return engine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct judge judge = { .engine = the_engine(), .source = { .path = SLICE("fuzz.log"), .is_complete = true } };
	bool color = size % 2;
	enum log_format format = vmxlog_detect(text, true);
	if (format != LOG_VMWARE)
		format = LOG_KERNEL;
	judge.source.format = format;
	open_reports(&judge, color);
	read_all(&judge, format, text);
	close_reports(&judge);
	check_text(buf_slice(&judge.outputs[0]), color);
	check_json(buf_slice(&judge.outputs[1]));
	buf_deinit(&judge.outputs[0]);
	buf_deinit(&judge.outputs[1]);
	return 0;
}
