/* Properties: what must hold of any log, shown over every sample and every situation.
 *
 * Random choices come from a fixed seed. What does not hold is listed by name, all of it, before
 * the test fails. */
#include "base/limits.h"
#include "facts/crash.h"
#include "report/report.h"
#include "rules/engine.h"
#include "../colour.h"
#include "../situations_of.h"
#include "another_run.h"

#define SAMPLES "samples"
#define BOOTS_SEEN 16
#define INPUTS_MAX (2 * SITUATIONS_MAX)
#define COMPLAINTS_BYTES ((size_t)64 << 10)
#define GAP_LINES_MAX 40
#define OTHER_BOOTS_BEFORE 2

/* What must not change, of one boot. */
struct judgement {
	enum verdict verdict;
	enum rule_confidence confidence;
	enum root_answer answer;
	char cause[64], fingerprint[96], device[64];
};

struct judged {
	struct judgement boots[BOOTS_SEEN];
	size_t count;
};

/* The bytes of a log. */
struct input {
	char name[96];
	enum log_format format;
	struct buf bytes;
};

struct world {
	struct rule_engine *engine;
	struct buf texts[FILES_MAX], sample_texts[FILES_MAX];
	struct situation situations[SITUATIONS_MAX];
	size_t situation_count, sample_count;
	struct input inputs[INPUTS_MAX];
	size_t input_count;
	uint64_t random;
	struct buf complaints;
};

enum property { PROPERTY_ANSWER, PROPERTY_FRAMES };

/* What a property does not hold of, by the beginning of its name, and why. */
static const struct exception {
	enum property property;
	const char *name;
} exceptions[] = {
	/* It dies of two failures one behind the other: cut in front of the second, the first is the answer. */
	{ PROPERTY_ANSWER, "M13 " },
	/* The rule that knows the want of memory waits for the panic line; without it another rule of the
	 * same cause speaks, which proposes a way in. */
	{ PROPERTY_ANSWER, "T14 " },
	/* The lines that call the table too large for the disk are in the gap. What is left is a whole list
	 * without the partition, and one candidate. */
	{ PROPERTY_ANSWER, "T29 " },
	/* Several boots or dumps in one file: their text in one piece is another log. */
	{ PROPERTY_FRAMES, "esxi8-boot-loop-repaired.log" },
	{ PROPERTY_FRAMES, "ws17-null-pointer-two-dumps.log" },
};

static bool is_exception(enum property property, const char *name)
{
	for (size_t i = 0; i < ROWS(exceptions); i++)
		if (exceptions[i].property == property &&
		    strncmp(name, exceptions[i].name, strlen(exceptions[i].name)) == 0)
			return true;
	return false;
}

static size_t random_below(struct world *world, size_t bound)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return (size_t)(world->random % bound);
}

/* ---- the pipeline ---- */

/* How the bytes are cut into blocks, if not all of one size. */
enum { BLOCKS_WHOLE = 0, BLOCKS_RANDOM = -1 };

struct run {
	struct world *world;
	struct judged judged;
	const struct report_format *format; /* NULL: no report */
	struct report *report;
	struct report_source source;
	struct buf output;
};

static void keep_text(char *place, size_t size, struct slice text)
{
	snprintf(place, size, "%.*s", SLICE_ARG(text));
}

static void keep_judgement(struct judged *judged, const struct diagnosis *diagnosis)
{
	if (judged->count >= BOOTS_SEEN)
		return;
	struct judgement *kept = &judged->boots[judged->count++];
	const struct root_advice *root = &diagnosis->root;
	kept->verdict = diagnosis->verdict;
	kept->confidence = diagnosis->confidence;
	kept->answer = root->is_present ? root->answer : ROOT_ANSWER_NONE;
	keep_text(kept->cause, sizeof kept->cause, diagnosis->cause);
	keep_text(kept->fingerprint, sizeof kept->fingerprint, diagnosis->fingerprint);
	if (root->is_present && root->candidate_count)
		keep_text(kept->device, sizeof kept->device, root->candidates[0].path);
}

static void take_boot(void *user, const struct boot *boot)
{
	struct run *run = user;
	struct arena arena = ARENA_INIT;
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis;
	assert_true(facts_read(&facts, boot, &arena, NULL));
	assert_true(rule_engine_run(run->world->engine, &facts, &arena, &findings, NULL));
	assert_true(diagnosis_make(&diagnosis, &facts, &findings, &arena, NULL));
	keep_judgement(&run->judged, &diagnosis);
	if (run->report)
		assert_true(run->format->boot(run->report, &run->source, &diagnosis, NULL));
	arena_deinit(&arena);
}

static bool is_evidence(void *user, struct slice text)
{
	struct run *run = user;
	return facts_wants(text) || rule_engine_wants(run->world->engine, text);
}

static void feed(struct world *world, struct vmxlog_reader *reader, struct slice log, int blocks)
{
	while (log.len) {
		size_t size = blocks > 0 ? (size_t)blocks : log.len;
		if (blocks == BLOCKS_RANDOM)
			size = 1 + random_below(world, 200);
		assert_true(vmxlog_reader_feed(reader, slice_take(log, size), NULL));
		log = slice_skip(log, size);
	}
}

static void read_log(struct run *run, enum log_format format, struct slice log, int blocks)
{
	const struct boot_sink sink = { run, take_boot, is_evidence };
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, NULL);
	assert_non_null(assembler);
	struct vmxlog_reader *reader = vmxlog_reader_new(format, boot_assembler_input(assembler), NULL);
	assert_non_null(reader);
	feed(run->world, reader, log, blocks);
	vmxlog_reader_finish(reader);
	run->source.totals = vmxlog_reader_totals(reader);
	assert_true(boot_assembler_finish(assembler, run->source.totals.ends_without_newline, NULL));
	run->source.boot_count = boot_assembler_count(assembler);
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
}

static struct judged judge(struct world *world, enum log_format format, struct slice log)
{
	struct run run = { .world = world };
	read_log(&run, format, log, BLOCKS_WHOLE);
	return run.judged;
}

static bool keep_output(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

/* The caller frees it. */
static struct buf report_on(struct world *world, const struct report_format *format, bool color,
			    const struct input *input, struct slice log, int blocks)
{
	struct run run = { .world = world, .format = format, .output = BUF_INIT(TEXT_BYTES),
			   .source = { .path = SLICE("a.log"), .format = input->format, .is_complete = true } };
	const struct report_output output = { &run.output, keep_output };
	const struct report_options options = { .color = color, .width = 100 };
	run.report = format->open(&output, &options, NULL);
	assert_non_null(run.report);
	assert_true(format->source_begin(run.report, &run.source, NULL));
	read_log(&run, input->format, log, blocks);
	assert_true(format->source_end(run.report, &run.source, NULL));
	assert_true(format->close(run.report, NULL));
	assert_false(run.output.failed);
	return run.output;
}

/* ---- complaints ---- */

static void show_judgement(struct buf *out, const struct judgement *judgement)
{
	buf_printf(out, "%s %s (%s), %s %s, %s", verdict_name(judgement->verdict), judgement->cause,
		   rule_confidence_name(judgement->confidence), root_answer_name(judgement->answer),
		   judgement->device, judgement->fingerprint);
}

static void complain(struct world *world, const char *name, const char *what, const struct judgement *was,
		     const struct judgement *is)
{
	struct buf *out = &world->complaints;
	buf_printf(out, "%s: %s", name, what);
	if (was && is) {
		buf_text(out, "\n\twas ");
		show_judgement(out, was);
		buf_text(out, "\n\tis  ");
		show_judgement(out, is);
	}
	buf_char(out, '\n');
}

static void expect_no_complaints(struct world *world)
{
	struct buf *complaints = &world->complaints;
	bool is_well = !complaints->len && !complaints->failed;
	fprintf(stderr, "%.*s", SLICE_ARG(buf_slice(complaints)));
	buf_clear(complaints);
	assert_true(is_well);
}

static bool is_same_failure(const struct judgement *a, const struct judgement *b)
{
	return a->verdict == b->verdict && strcmp(a->cause, b->cause) == 0 &&
	       strcmp(a->fingerprint, b->fingerprint) == 0;
}

static bool is_same_root(const struct judgement *a, const struct judgement *b)
{
	return a->answer == b->answer && strcmp(a->device, b->device) == 0;
}

/* Also the candidates, and how sure all is. */
static bool is_same(const struct judgement *a, const struct judgement *b)
{
	return is_same_failure(a, b) && is_same_root(a, b) && a->confidence == b->confidence;
}

/* ---- logs made of a situation ---- */

static const struct framing *framing_of(const char *word)
{
	for (size_t i = 0; i < ROWS(situation_framings); i++)
		if (strcmp(situation_framings[i].word, word) == 0)
			return &situation_framings[i];
	fail_msg("no such framing: %s", word);
	return NULL;
}

static bool may_be_framed(const struct situation *situation, const char *name)
{
	return situation_has_word(situation->framing, slice_of(name));
}

/* Time goes on between the dumps and the boots of a log. */
struct clock {
	unsigned seconds;
};

static void log_line(struct buf *out, const struct clock *clock, const char *head, struct slice text)
{
	buf_printf(out, "2024-05-10T12:%02u:%02u.607Z In(05)%s%.*s\n", clock->seconds / 60 % 60, clock->seconds % 60,
		   head, SLICE_ARG(text));
}

static void log_reset(struct buf *out, struct clock *clock)
{
	clock->seconds += 20;
	log_line(out, clock, " vcpu-0 - ", SLICE("CPU reset: hard (mode Emulation)"));
}

static void log_text(struct buf *out, struct clock *clock, struct slice text)
{
	clock->seconds += 7;
	while (text.len) {
		log_line(out, clock, " vcpu-0 - Guest: ", situation_next_line(&text));
		log_line(out, clock, "+ vcpu-0 - ", SLICE(""));
	}
}

/* The VM's settings, and one boot that sends its text so many times. */
static struct judged judge_dumps(struct world *world, const struct situation *situation, unsigned dumps)
{
	struct clock clock = { 0 };
	struct buf log = BUF_INIT(TEXT_BYTES);
	situation_frame_head(situation, framing_of("ESXi 8"), &log);
	log_reset(&log, &clock);
	for (unsigned i = 0; i < dumps; i++)
		log_text(&log, &clock, situation->log);
	assert_false(log.failed);
	struct judged judged = judge(world, LOG_VMWARE, buf_slice(&log));
	buf_deinit(&log);
	return judged;
}

/* ---- properties ---- */

static void expect_blocks(struct world *world, const struct input *input, struct slice whole, int blocks)
{
	struct buf other = report_on(world, &report_json, false, input, buf_slice(&input->bytes), blocks);
	if (!slice_equal(whole, buf_slice(&other)))
		complain(world, input->name, blocks > 0 ? "another report of single bytes" :
			 "another report of blocks by chance", NULL, NULL);
	buf_deinit(&other);
}

static void test_block_sizes_do_not_matter(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->input_count; i++) {
		const struct input *input = &world->inputs[i];
		struct buf whole =
			report_on(world, &report_json, false, input, buf_slice(&input->bytes), BLOCKS_WHOLE);
		expect_blocks(world, input, buf_slice(&whole), 1);
		expect_blocks(world, input, buf_slice(&whole), BLOCKS_RANDOM);
		buf_deinit(&whole);
	}
	expect_no_complaints(world);
}

static void test_dumps_say_the_same_again(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->situation_count; i++) {
		const struct situation *situation = &world->situations[i];
		struct judged one = judge_dumps(world, situation, 1);
		for (unsigned dumps = 2; may_be_framed(situation, "vmware-log") && dumps <= 3; dumps++) {
			struct judged more = judge_dumps(world, situation, dumps);
			if (more.count != one.count)
				complain(world, situation->name, "another number of boots", NULL, NULL);
			for (size_t k = 0; k < one.count && k < more.count; k++)
				if (!is_same_failure(&one.boots[k], &more.boots[k]) ||
				    !is_same_root(&one.boots[k], &more.boots[k]))
					complain(world, situation->name, "the dumps say something else",
						 &one.boots[k], &more.boots[k]);
		}
	}
	expect_no_complaints(world);
}

/* A silent boot and a failing one, the situation's boots, and the two the other way round. */
static struct judged judge_among_others(struct world *world, const struct situation *situation,
					const struct situation *other)
{
	struct clock clock = { 0 };
	struct buf log = BUF_INIT(TEXT_BYTES);
	situation_frame_head(situation, framing_of("ESXi 8"), &log);
	log_reset(&log, &clock);
	log_reset(&log, &clock);
	log_text(&log, &clock, other->log);
	log_reset(&log, &clock);
	log_text(&log, &clock, situation->log);
	log_reset(&log, &clock);
	log_text(&log, &clock, other->log);
	log_reset(&log, &clock);
	assert_false(log.failed);
	struct judged judged = judge(world, LOG_VMWARE, buf_slice(&log));
	buf_deinit(&log);
	return judged;
}

static void expect_unchanged(struct world *world, const struct situation *situation, const struct situation *other)
{
	struct judged alone = judge_dumps(world, situation, 1), among = judge_among_others(world, situation, other);
	if (among.count != alone.count + 2 * OTHER_BOOTS_BEFORE)
		complain(world, situation->name, "another number of boots among others", NULL, NULL);
	for (size_t k = 0; k < alone.count && k + OTHER_BOOTS_BEFORE < among.count; k++)
		if (!is_same(&alone.boots[k], &among.boots[k + OTHER_BOOTS_BEFORE]))
			complain(world, situation->name, "other boots change it", &alone.boots[k],
				 &among.boots[k + OTHER_BOOTS_BEFORE]);
}

static void test_other_boots_do_not_matter(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->situation_count; i++) {
		const struct situation *situation = &world->situations[i];
		const struct situation *other = &world->situations[(i + 7) % world->situation_count];
		if (may_be_framed(situation, "vmware-log") && may_be_framed(other, "vmware-log"))
			expect_unchanged(world, situation, other);
	}
	expect_no_complaints(world);
}

/* Being less sure is right, and so is a boot without an answer; another answer is not. */
static void expect_no_other_answer(struct world *world, const char *name, const struct judged *whole,
				   const struct judged *part, const char *what, size_t line)
{
	char text[80];
	if (is_exception(PROPERTY_ANSWER, name))
		return;
	snprintf(text, sizeof text, "%s line %zu", what, line);
	for (size_t k = 0; k < part->count; k++) {
		const struct judgement *is = &part->boots[k];
		bool same_cause = false, same_root = false;
		for (size_t i = 0; i < whole->count; i++) {
			same_cause |= strcmp(whole->boots[i].cause, is->cause) == 0;
			same_root |= is_same_root(&whole->boots[i], is);
		}
		if ((is->cause[0] && is->confidence == CONFIDENCE_CERTAIN && !same_cause) ||
		    (is->answer == ROOT_ANSWER_ONE && !same_root))
			complain(world, name, text, &whole->boots[k < whole->count ? k : 0], is);
	}
}

static void test_a_cut_gives_no_other_answer(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->input_count; i++) {
		const struct input *input = &world->inputs[i];
		struct slice log = buf_slice(&input->bytes), rest = log;
		struct judged whole = judge(world, input->format, log);
		for (size_t line = 1; rest.len; line++) {
			struct judged part = judge(world, input->format, slice_take(log, log.len - rest.len));
			expect_no_other_answer(world, input->name, &whole, &part, "cut at", line);
			situation_next_line(&rest);
		}
	}
	expect_no_complaints(world);
}

static struct judged judge_with_gap(struct world *world, const struct input *input, struct slice rest)
{
	struct slice log = buf_slice(&input->bytes);
	struct buf with_gap = BUF_INIT(TEXT_BYTES);
	buf_append(&with_gap, slice_take(log, log.len - rest.len));
	for (size_t lines = 1 + random_below(world, GAP_LINES_MAX); lines > 0; lines--)
		situation_next_line(&rest);
	buf_text(&with_gap, "2024-05-10T11:08:19.607Z In(05)+ vcpu-0 - <<< Guest Log Throttled >>>\n");
	buf_append(&with_gap, rest);
	assert_false(with_gap.failed);
	struct judged judged = judge(world, input->format, buf_slice(&with_gap));
	buf_deinit(&with_gap);
	return judged;
}

static void test_a_gap_gives_no_other_answer(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->input_count; i++) {
		const struct input *input = &world->inputs[i];
		struct slice rest = buf_slice(&input->bytes);
		struct judged whole = judge(world, input->format, rest);
		/* The first line stays: it tells which product's frame to look for. */
		situation_next_line(&rest);
		for (size_t line = 2; input->format == LOG_VMWARE && rest.len; line++) {
			struct judged part = judge_with_gap(world, input, rest);
			expect_no_other_answer(world, input->name, &whole, &part, "gap at", line);
			situation_next_line(&rest);
		}
	}
	expect_no_complaints(world);
}

static struct judged judge_framed(struct world *world, const struct situation *situation,
				  const struct framing *framing)
{
	struct buf log = BUF_INIT(TEXT_BYTES);
	situation_frame(situation, framing, &log);
	assert_false(log.failed);
	struct judged judged = judge(world, framing->format, buf_slice(&log));
	buf_deinit(&log);
	return judged;
}

static void expect_frame(struct world *world, const struct situation *situation, const struct framing *framing,
			 const struct judged *first)
{
	struct judged other = judge_framed(world, situation, framing);
	if (other.count != first->count)
		complain(world, situation->name, "another number of boots in another frame", NULL, NULL);
	for (size_t k = 0; k < first->count && k < other.count; k++)
		if (!is_same_failure(&first->boots[k], &other.boots[k]))
			complain(world, situation->name, framing->word, &first->boots[k], &other.boots[k]);
}

static void test_frames_do_not_matter(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->situation_count; i++) {
		const struct situation *situation = &world->situations[i];
		if (!may_be_framed(situation, "vmware-log") || is_exception(PROPERTY_FRAMES, situation->name))
			continue;
		struct judged first = judge_framed(world, situation, framing_of("ESXi 8"));
		for (size_t k = 0; k < ROWS(situation_framings); k++)
			if (may_be_framed(situation, situation_framings[k].name))
				expect_frame(world, situation, &situation_framings[k], &first);
	}
	expect_no_complaints(world);
}

static void test_another_run_has_the_same_fingerprint(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < world->situation_count; i++) {
		struct situation other = world->situations[i];
		struct buf log = BUF_INIT(TEXT_BYTES);
		if (!may_be_framed(&other, "vmware-log"))
			continue;
		struct judged first = judge_framed(world, &other, framing_of("ESXi 8"));
		put_other_run(&log, other.log);
		assert_false(log.failed || slice_equal(buf_slice(&log), other.log));
		other.log = buf_slice(&log);
		expect_frame(world, &other, framing_of("Workstation 17"), &first);
		buf_deinit(&log);
	}
	expect_no_complaints(world);
}

/* ---- hostile bytes ---- */

/* Each does something to a terminal, or would if it were sent: controls, sequences, C1 as a byte
 * and as a character, text that runs the other way, lines of Unicode, torn characters. */
static const struct slice hostile[] = {
	BYTES("\033[2J"), BYTES("\033]0;x\a"), BYTES("\033[31m"), BYTES("\r"), BYTES("\b"), BYTES("\v"), BYTES("\f"),
	BYTES("\0"), BYTES("\a"), BYTES("\177"), BYTES("\x9b" "2J"), BYTES("\xc2\x9b" "2J"), BYTES("\xc2\x85"),
	BYTES("\xe2\x80\xae"), BYTES("\xe2\x81\xa6"), BYTES("\xe2\x80\xa8"), BYTES("\xe2\x80\xa9"), BYTES("\xe2\x80"),
	BYTES("\xff"), BYTES("\xc0\x9b"), BYTES("\xed\xa0\x80"), BYTES("\xf4\x90\x80\x80"), BYTES("\016"),
};

static void sprinkle(struct world *world, struct slice log, struct buf *out)
{
	while (log.len) {
		size_t len = 1 + random_below(world, 90);
		buf_append(out, slice_take(log, len));
		buf_append(out, hostile[random_below(world, ROWS(hostile))]);
		log = slice_skip(log, len);
	}
	assert_false(out->failed);
}

/* A character that may reach a terminal: its length, 0 when it may not. */
static size_t harmless_len(struct slice text)
{
	unsigned char first = (unsigned char)text.ptr[0];
	size_t len = utf8_char_len(text);
	if ((first < 0x20 && first != '\n' && first != '\t') || first == 0x7f)
		return 0;
	if (len == 2 && first == 0xc2 && (unsigned char)text.ptr[1] < 0xa0)
		return 0;
	for (size_t i = 0; len == 3 && i < ROWS(hostile); i++)
		if (slice_equal(slice_take(text, len), hostile[i]))
			return 0;
	return len;
}

static bool is_harmless(struct slice text, bool color)
{
	while (text.len) {
		size_t len = color ? colour_len(text) : 0;
		if (!len)
			len = harmless_len(text);
		if (!len)
			return false;
		text = slice_skip(text, len);
	}
	return true;
}

static void test_nothing_hostile_reaches_the_terminal(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < 2 * world->input_count; i++) {
		const struct input *input = &world->inputs[i / 2];
		bool color = i % 2;
		struct buf log = BUF_INIT(TEXT_BYTES);
		sprinkle(world, buf_slice(&input->bytes), &log);
		struct buf text = report_on(world, &report_text, color, input, buf_slice(&log), BLOCKS_WHOLE);
		if (!text.len || !is_harmless(buf_slice(&text), color))
			complain(world, input->name, "a byte that moves the terminal", NULL, NULL);
		buf_deinit(&text);
		buf_deinit(&log);
	}
	expect_no_complaints(world);
}

/* ---- what all this is shown over ---- */

static struct input *add_input(struct world *world, const char *name, const char *form, enum log_format format)
{
	assert_true(world->input_count < INPUTS_MAX);
	struct input *input = &world->inputs[world->input_count++];
	*input = (struct input){ .format = format, .bytes = BUF_INIT(TEXT_BYTES) };
	snprintf(input->name, sizeof input->name, "%.60s (%s)", name, form);
	return input;
}

static void add_forms(struct world *world, const struct situation *situation)
{
	static const char *const forms[] = { "ESXi 8", "kernel log", "raw" };
	for (size_t i = 0; i < ROWS(forms); i++) {
		const struct framing *framing = framing_of(forms[i]);
		if (!may_be_framed(situation, framing->name))
			continue;
		struct input *input = add_input(world, situation->name, forms[i], framing->format);
		situation_frame(situation, framing, &input->bytes);
	}
}

/* The kernel text and the settings of a sample, to be put into other frames. */
struct extract {
	struct buf *text, *settings;
	bool is_kernel; /* the last line was */
};

static void take_guest(void *user, const struct guest_line *line)
{
	struct extract *extract = user;
	extract->is_kernel = line->sender == GUEST_KERNEL || (line->is_inner && extract->is_kernel);
	if (extract->is_kernel && line->text.len)
		buf_printf(extract->text, "%.*s\n", SLICE_ARG(line->text));
}

static void take_event(void *user, const struct host_event *event)
{
	(void)user;
	(void)event;
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	struct extract *extract = user;
	if (!slice_starts(setting->key, SLICE("header.")))
		buf_printf(extract->settings, "%.*s = \"%.*s\"\n", SLICE_ARG(setting->key), SLICE_ARG(setting->value));
}

/* Each sample is an input; the dumps of those that are a vmware.log are situations, too. */
static void add_dumps(struct world *world, const char *name, struct slice log)
{
	struct buf *text = &world->sample_texts[world->sample_count++];
	struct buf *settings = &world->sample_texts[world->sample_count++];
	struct situation *situation = &world->situations[world->situation_count++];
	struct extract extract = { text, settings, false };
	const struct vmxlog_sink sink = { &extract, take_guest, take_event, take_setting };
	*text = *settings = BUF_INIT(TEXT_BYTES);
	*situation = (struct situation){ .framing = SLICE("vmware-log kernel-log") };
	snprintf(situation->name, sizeof situation->name, "%.150s", name);
	struct vmxlog_reader *reader = vmxlog_reader_new(LOG_VMWARE, &sink, NULL);
	assert_non_null(reader);
	assert_true(vmxlog_reader_feed(reader, log, NULL));
	vmxlog_reader_finish(reader);
	vmxlog_reader_free(reader);
	situation->log = buf_slice(text);
	for (struct slice rest = buf_slice(settings); rest.len && situation->count < EXPECTATIONS_MAX;)
		situation->expected[situation->count++] =
			(struct expectation){ SLICE("vmx"), situation_next_line(&rest), 1 };
}

static int is_log_file(const struct dirent *entry)
{
	return slice_ends(slice_of(entry->d_name), SLICE(".log"));
}

static void add_samples(struct world *world)
{
	struct dirent **entries = NULL;
	int files = scandir(SAMPLES, &entries, is_log_file, alphasort);
	assert_true(files > 0 && files < FILES_MAX / 2);
	for (int i = 0; i < files; i++) {
		char path[512];
		snprintf(path, sizeof path, "%s/%s", SAMPLES, entries[i]->d_name);
		struct input *input = add_input(world, entries[i]->d_name, "sample", LOG_UNKNOWN);
		situations_read_file(path, &input->bytes);
		struct slice log = buf_slice(&input->bytes);
		input->format = vmxlog_detect(slice_take(log, DETECT_BYTES), log.len <= DETECT_BYTES);
		if (input->format == LOG_VMWARE)
			add_dumps(world, entries[i]->d_name, log);
		free(entries[i]);
	}
	free(entries);
}

static int make_world(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	*state = world;
	world->random = UINT64_C(0x9e3779b97f4a7c15);
	world->complaints = BUF_INIT(COMPLAINTS_BYTES);
	world->engine = rule_engine_new(rules_builtin(), NULL);
	world->situation_count = situations_read(world->texts, world->situations);
	for (size_t i = 0; i < world->situation_count; i++)
		add_forms(world, &world->situations[i]);
	add_samples(world);
	return world->engine ? 0 : -1;
}

static int end_world(void **state)
{
	struct world *world = *state;
	rule_engine_free(world->engine);
	buf_deinit(&world->complaints);
	for (size_t i = 0; i < world->input_count; i++)
		buf_deinit(&world->inputs[i].bytes);
	for (size_t i = 0; i < FILES_MAX; i++) {
		buf_deinit(&world->texts[i]);
		buf_deinit(&world->sample_texts[i]);
	}
	free(world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block_sizes_do_not_matter),
		cmocka_unit_test(test_dumps_say_the_same_again),
		cmocka_unit_test(test_other_boots_do_not_matter),
		cmocka_unit_test(test_a_cut_gives_no_other_answer),
		cmocka_unit_test(test_a_gap_gives_no_other_answer),
		cmocka_unit_test(test_frames_do_not_matter),
		cmocka_unit_test(test_another_run_has_the_same_fingerprint),
		cmocka_unit_test(test_nothing_hostile_reaches_the_terminal),
	};
	return cmocka_run_group_tests_name("properties", tests, make_world, end_world);
}
