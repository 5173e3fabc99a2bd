/* Each situation through the whole pipeline, and what is expected of it. */
#include "base/buf.h"
#include "base/escape.h"
#include "diagnosis/diagnosis.h"
#include "facts/crash.h"
#include "rules/engine.h"
#include "../situations_of.h"

/* One run of one situation in one framing. */
struct run {
	const struct situation *situation;
	const struct framing *framing;
	struct rule_engine *engine;
	struct arena arena;
	struct buf complaints;
	unsigned boots;
};

/* ---- what the program says ---- */

static void say(struct buf *out, struct slice text)
{
	buf_append(out, text);
	buf_char(out, '\n');
}

/* All of the judgement that is the program's own words: the evidence is the guest's. */
static struct buf words_of(const struct diagnosis *diagnosis)
{
	struct buf out = BUF_INIT(TEXT_BYTES);
	const struct root_advice *root = &diagnosis->root;
	say(&out, diagnosis->title);
	say(&out, diagnosis->why);
	say(&out, diagnosis->disproof);
	say(&out, diagnosis->silence);
	say(&out, root->check);
	for (size_t i = 0; i < root->candidate_count; i++)
		for (size_t k = 0; k < root->candidates[i].reason_count; k++)
			say(&out, root->candidates[i].reasons[k]);
	for (size_t i = 0; root->is_present && i < root->row_count; i++)
		say(&out, root->rows[i].note);
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		say(&out, diagnosis->steps[i].text);
		for (size_t k = 0; k < diagnosis->steps[i].command_count; k++)
			say(&out, diagnosis->steps[i].commands[k]);
	}
	return out;
}

static bool says(const struct diagnosis *diagnosis, struct slice text)
{
	struct buf words = words_of(diagnosis);
	bool found = slice_contains(buf_slice(&words), text);
	buf_deinit(&words);
	return found;
}

/* ---- expectations: each says what is instead, when it does not hold ---- */

static bool is_verdict(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	const char *name = verdict_name(diagnosis->verdict);
	buf_text(instead, name);
	return situation_has_word(value, slice_of(name));
}

static bool is_cause(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	buf_printf(instead, "%.*s (%s, %.*s)", SLICE_ARG(diagnosis->cause), rule_confidence_name(diagnosis->confidence),
		   SLICE_ARG(diagnosis->title));
	return situation_has_word(value, diagnosis->cause);
}

static int confidence_number(struct slice word)
{
	for (int i = CONFIDENCE_POSSIBLE; i <= CONFIDENCE_CERTAIN; i++)
		if (slice_is(word, rule_confidence_name((enum rule_confidence)i)))
			return i;
	fail_msg("no such confidence: %.*s", SLICE_ARG(word));
	return -1;
}

static bool is_within(enum rule_confidence confidence, struct slice value, struct buf *instead)
{
	buf_text(instead, rule_confidence_name(confidence));
	if (slice_eat(&value, SLICE("at-most ")))
		return (int)confidence <= confidence_number(value);
	slice_eat(&value, SLICE("at-least "));
	return (int)confidence >= confidence_number(value);
}

static bool is_confidence(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	return is_within(diagnosis->confidence, value, instead);
}

static bool is_candidate(const struct root_advice *root, struct slice path)
{
	for (size_t i = 0; i < root->candidate_count; i++)
		if (slice_equal(root->candidates[i].path, path))
			return true;
	return false;
}

static void show_root(const struct root_advice *root, struct buf *out)
{
	buf_text(out, root->is_present ? root_answer_name(root->answer) : "no advice");
	for (size_t i = 0; i < root->candidate_count; i++)
		buf_printf(out, " %.*s (%d, %s)", SLICE_ARG(root->candidates[i].path), root->candidates[i].score,
			   rule_confidence_name(root->candidates[i].confidence));
}

/* "several /dev/sda2 /dev/sda4" */
static bool is_answer(const struct root_advice *root, struct slice value)
{
	struct slice answer = slice_word(&value), first = slice_word(&value);
	if (slice_is(answer, "none"))
		return !root->is_present || !root->candidate_count;
	if (!root->is_present || !slice_is(answer, root_answer_name(root->answer)) || !root->candidate_count ||
	    !slice_equal(root->candidates[0].path, first))
		return false;
	for (struct slice next = slice_word(&value); next.len; next = slice_word(&value))
		if (!is_candidate(root, next))
			return false;
	return true;
}

static bool is_root(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	show_root(&diagnosis->root, instead);
	while (value.len) {
		struct slice answer = slice_until(value, '|');
		if (is_answer(&diagnosis->root, slice_trim(answer)))
			return true;
		value = slice_skip(value, answer.len + 1);
	}
	return false;
}

static bool is_bet(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	const struct root_advice *root = &diagnosis->root;
	return root->is_present && root->candidate_count && is_within(root->candidates[0].confidence, value, instead);
}

static bool is_value(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	const struct root_advice *root = &diagnosis->root;
	struct slice have = root->is_present && root->candidate_count ? root->candidates[0].value : SLICE("nothing");
	buf_append(instead, have);
	return slice_equal(have, value);
}

/* "root=/dev/sda1", and not "root=/dev/sda14". */
static bool names_root(struct slice command, struct slice device)
{
	struct slice rest = command;
	while (slice_after(rest, SLICE("root="), &rest))
		if (slice_starts(rest, device) && (rest.len == device.len || !char_is_digit(rest.ptr[device.len])))
			return true;
	return false;
}

static bool is_never(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	for (struct slice device = slice_word(&value); device.len; device = slice_word(&value)) {
		if (is_candidate(&diagnosis->root, device)) {
			buf_printf(instead, "%.*s is a candidate", SLICE_ARG(device));
			return false;
		}
		for (size_t i = 0; i < diagnosis->step_count; i++)
			for (size_t k = 0; k < diagnosis->steps[i].command_count; k++)
				if (names_root(diagnosis->steps[i].commands[k], device)) {
					buf_append(instead, diagnosis->steps[i].commands[k]);
					return false;
				}
	}
	return true;
}

static bool is_said(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	buf_printf(instead, "not in: %.*s", SLICE_ARG(diagnosis->title));
	return says(diagnosis, value);
}

static bool is_not_said(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	buf_text(instead, "said");
	return !says(diagnosis, value);
}

static bool is_warning(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	bool found = false;
	for (size_t i = 0; i < diagnosis->warning_count; i++) {
		buf_printf(instead, "%.*s ", SLICE_ARG(diagnosis->warnings[i].rule));
		found |= slice_equal(diagnosis->warnings[i].rule, value);
	}
	return slice_is(value, "none") ? !diagnosis->warning_count : found;
}

/* "sda driver sd kib 8388608" */
static bool is_device(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	const struct block_device *device = facts_device(diagnosis->facts, slice_word(&value));
	if (!device) {
		buf_text(instead, "not seen");
		return false;
	}
	buf_printf(instead, "disk %.*s partition %u driver %.*s kib %llu major %u minor %u", SLICE_ARG(device->disk),
		   device->partition, SLICE_ARG(device->driver), (unsigned long long)device->size_kib, device->major,
		   device->minor);
	while (value.len) {
		char pair[80];
		struct slice key = slice_word(&value), word = slice_word(&value);
		snprintf(pair, sizeof pair, "%.*s %.*s", SLICE_ARG(key), SLICE_ARG(word));
		struct slice rest;
		if (!slice_after(buf_slice(instead), slice_of(pair), &rest) || (rest.len && rest.ptr[0] != ' '))
			return false;
	}
	return true;
}

static bool is_complete(const struct diagnosis *diagnosis, struct slice value, struct buf *instead)
{
	buf_printf(instead, "%s %.*s", diagnosis->is_complete ? "yes" : "no",
		   SLICE_ARG(diagnosis->incomplete_because));
	return slice_is(value, diagnosis->is_complete ? "yes" : "no");
}

static const struct {
	const char *key;
	bool (*holds)(const struct diagnosis *diagnosis, struct slice value, struct buf *instead);
} checks[] = {
	{ "verdict", is_verdict }, { "cause", is_cause },     { "confidence", is_confidence }, { "root", is_root },
	{ "bet", is_bet },	   { "value", is_value },     { "never", is_never },	       { "says", is_said },
	{ "silent-on", is_not_said }, { "warning", is_warning }, { "device", is_device },     { "complete", is_complete },
};

static void check_one(struct run *run, const struct expectation *expected, const struct diagnosis *diagnosis)
{
	struct buf instead = BUF_INIT(1 << 16);
	for (size_t i = 0; i < ROWS(checks); i++) {
		if (!slice_is(expected->key, checks[i].key) || checks[i].holds(diagnosis, expected->value, &instead))
			continue;
		buf_printf(&run->complaints, "%.*s (%s), boot %u: expected %.*s: %.*s; it is: ",
			   SLICE_ARG(run->situation->id), run->framing->word, diagnosis->boot->number,
			   SLICE_ARG(expected->key), SLICE_ARG(expected->value));
		escape_terminal(&run->complaints, buf_slice(&instead));
		buf_char(&run->complaints, '\n');
	}
	buf_deinit(&instead);
}

static void expect_key(const struct situation *situation, struct slice key)
{
	for (size_t i = 0; i < ROWS(checks); i++)
		if (slice_is(key, checks[i].key))
			return;
	if (!slice_is(key, "vmx"))
		fail_msg("%s: what is \"%.*s\"?", situation->name, SLICE_ARG(key));
}

/* ---- the pipeline ---- */

static void take_boot(void *user, const struct boot *boot)
{
	struct run *run = user;
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis;
	struct error err;
	run->boots++;
	if (!facts_read(&facts, boot, &run->arena, &err) ||
	    !rule_engine_run(run->engine, &facts, &run->arena, &findings, &err) ||
	    !diagnosis_make(&diagnosis, &facts, &findings, &run->arena, &err)) {
		buf_printf(&run->complaints, "%.*s: %s\n", SLICE_ARG(run->situation->id), err.text);
		return;
	}
	for (size_t i = 0; i < run->situation->count; i++)
		if (run->situation->expected[i].boot == boot->number)
			check_one(run, &run->situation->expected[i], &diagnosis);
}

static bool is_evidence(void *user, struct slice text)
{
	struct run *run = user;
	return facts_wants(text) || rule_engine_wants(run->engine, text);
}

static bool read_log(struct run *run, struct slice log, struct error *err)
{
	const struct boot_sink sink = { run, take_boot, is_evidence };
	enum log_format format = vmxlog_detect(slice_take(log, DETECT_BYTES), log.len <= DETECT_BYTES);
	if (format != run->framing->format)
		return error_set(err, "is taken for another format");
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, err);
	struct vmxlog_reader *reader =
		assembler ? vmxlog_reader_new(format, boot_assembler_input(assembler), err) : NULL;
	bool is_done = reader && vmxlog_reader_feed(reader, log, err);
	if (reader)
		vmxlog_reader_finish(reader);
	is_done = is_done && boot_assembler_finish(assembler, false, err);
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
	return is_done;
}

static void run_framing(const struct situation *situation, const struct framing *framing, struct rule_engine *engine,
			struct buf *complaints)
{
	struct run run = { .situation = situation, .framing = framing, .engine = engine,
			   .complaints = BUF_INIT(TEXT_BYTES) };
	struct buf log = BUF_INIT(TEXT_BYTES);
	struct error err;
	situation_frame(situation, framing, &log);
	if (log.failed || !read_log(&run, buf_slice(&log), &err))
		buf_printf(&run.complaints, "%.*s (%s): %s\n", SLICE_ARG(situation->id), framing->word,
			   log.failed ? "out of memory" : err.text);
	else if (run.boots != situation->boots)
		buf_printf(&run.complaints, "%.*s (%s): expected %u boots; it is: %u\n", SLICE_ARG(situation->id),
			   framing->word, situation->boots, run.boots);
	buf_append(complaints, buf_slice(&run.complaints));
	buf_deinit(&run.complaints);
	buf_deinit(&log);
	arena_deinit(&run.arena);
}

/* cmocka's jump out of a test would leave the complaints behind: they are printed, then freed. */
static void run_situation(void **state)
{
	const struct situation *situation = *state;
	for (size_t i = 0; i < situation->count; i++)
		expect_key(situation, situation->expected[i].key);
	struct buf complaints = BUF_INIT(TEXT_BYTES);
	struct error err;
	struct rule_engine *engine = rule_engine_new(rules_builtin(), &err);
	assert_non_null(engine);
	for (size_t i = 0; i < ROWS(situation_framings); i++)
		if (situation_has_word(situation->framing, slice_of(situation_framings[i].name)))
			run_framing(situation, &situation_framings[i], engine, &complaints);
	rule_engine_free(engine);
	bool is_well = !complaints.len && !complaints.failed;
	fprintf(stderr, "%.*s", SLICE_ARG(buf_slice(&complaints)));
	buf_deinit(&complaints);
	assert_true(is_well);
}

/* An argument chooses: `situation_test 'T05*'`. */
int main(int argc, char **argv)
{
	static struct buf texts[FILES_MAX];
	static struct situation situations[SITUATIONS_MAX];
	static struct CMUnitTest tests[SITUATIONS_MAX];
	size_t count = situations_read(texts, situations);
	if (!count) {
		fprintf(stderr, "%s: no situation there\n", SITUATIONS);
		return 2;
	}
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ .name = situations[i].name, .test_func = run_situation,
						.initial_state = &situations[i] };
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	int failed = _cmocka_run_group_tests("situations", tests, count, NULL, NULL);
	for (size_t i = 0; i < FILES_MAX; i++)
		buf_deinit(&texts[i]);
	return failed;
}
