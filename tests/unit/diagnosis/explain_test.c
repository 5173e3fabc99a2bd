#include "../expect.h"

#include "diagnosis/explain.h"

static void test_every_cause_has_its_path(void **state)
{
	(void)state;
	for (const char *const *word = rule_cause_words(); *word; word++) {
		const struct kernel_path *path = explain_cause(slice_of(*word));
		if (!path)
			fail_msg("%s has no paragraph", *word);
		expect_text(*word, slice_of(path->cause), *word);
		expect_true(*word, strlen(path->text) > 150 && strlen(path->text) < 800);
		expect_true(*word, slice_ends(slice_of(path->text), SLICE(".")));
		/* A paragraph names a file of the kernel and a version. */
		expect_true(*word, slice_contains(slice_of(path->source), SLICE("/")) && strpbrk(path->source, "0123456789"));
		expect_true(*word, !slice_contains(slice_of(path->text), SLICE("  ")));
	}
	assert_null(explain_cause(SLICE("")));
	assert_null(explain_cause(SLICE("root-device")));
}

/* Two candidates, one of them proposed, and two rules that matched beside the cause's. */
struct sample {
	struct facts facts;
	struct boot boot;
	struct block_device devices[3];
	struct root_row rows[3];
	struct slice reason;
	struct root_candidate candidates[2];
	struct rule rules[4];
	struct finding items[4];
	struct findings findings;
	struct link chain;
	struct diagnosis diagnosis;
	struct arena arena;
};

static void make_rules(struct sample *sample)
{
	static const char *const ids[] = { "root/a", "root/b", "panic/c", "init/d" };
	for (size_t i = 0; i < 4; i++) {
		sample->rules[i] = (struct rule){ .id = ids[i], .cause = "root-late", .severity = SEVERITY_FATAL,
						  .confidence = CONFIDENCE_LIKELY };
		sample->items[i] = (struct finding){ .rule = &sample->rules[i], .outcome = OUTCOME_MATCHED,
						     .missing_fact = FACT_INVALID };
	}
	sample->rules[1].confidence = CONFIDENCE_POSSIBLE;
	sample->items[2].absorbed_by = &sample->items[0];
	sample->items[3].outcome = OUTCOME_NOT_EVALUATED;
	sample->items[3].missing_fact = FACT_ROOT_ERROR;
	sample->findings = (struct findings){
		.items = sample->items, .count = 4, .matched = 3, .absorbed = 1, .not_evaluated = 1, .clean = 6,
	};
}

static void make_root(struct sample *sample)
{
	static const char *const names[] = { "ram0", "sda1", "sda2" };
	for (size_t i = 0; i < 3; i++) {
		sample->devices[i] = (struct block_device){ .name = slice_of(names[i]) };
		sample->rows[i] = (struct root_row){ .device = &sample->devices[i] };
	}
	sample->rows[0].note = SLICE("RAM disk");
	sample->rows[1].note = SLICE("swap");
	sample->reason = SLICE("the largest");
	sample->candidates[0] = (struct root_candidate){ .path = SLICE("/dev/sda2"), .score = 65 };
	sample->candidates[1] = (struct root_candidate){ .path = SLICE("/dev/sdb1"), .score = 10,
							 .reasons = &sample->reason, .reason_count = 1 };
	sample->diagnosis.root = (struct root_advice){
		.is_present = true, .answer = ROOT_ANSWER_ONE, .candidates = sample->candidates, .candidate_count = 2,
		.rows = sample->rows, .row_count = 3,
	};
}

static void make(struct sample *sample)
{
	memset(sample, 0, sizeof *sample);
	make_rules(sample);
	sample->chain = (struct link){ SLICE("root/a"), SLICE("title"), 1 };
	sample->diagnosis = (struct diagnosis){
		.boot = &sample->boot, .facts = &sample->facts, .findings = &sample->findings, .cause = SLICE("root-late"),
		.chain = &sample->chain, .chain_count = 1,
	};
	make_root(sample);
}

static void expect_rejection(const struct explanation *explanation, size_t i, const char *what, const char *reason)
{
	expect_true("there are so many", i < explanation->rejection_count);
	expect_text(what, explanation->rejections[i].what, what);
	expect_text(what, explanation->rejections[i].reason, reason);
}

static void test_rejections(void **state)
{
	(void)state;
	struct sample sample;
	struct explanation explanation;
	make(&sample);
	assert_true(explanation_make(&explanation, &sample.diagnosis, &sample.arena, NULL));
	expect_text("path", slice_of(explanation.path->cause), "root-late");
	assert_int_equal(explanation.rejection_count, 4);
	expect_rejection(&explanation, 0, "sda1", "swap");
	expect_rejection(&explanation, 1, "/dev/sdb1", "possible, with 10 points against 65 of /dev/sda2: the largest");
	expect_rejection(&explanation, 2, "root-late (rule root/b)", "it is less sure (possible, not likely)");
	expect_rejection(&explanation, 3, "root-late (rule panic/c)", "it follows from what rule root/a found");
	expect_text("asked", explanation.asked, "Of 10 rules 3 match, 1 of them as a consequence.");
	expect_text("open", explanation.not_judged,
		    "1 rule could not be judged, because this log does not tell root.error.");
	arena_deinit(&sample.arena);
}

/* Where nothing is chosen, every candidate says what speaks for it. */
static void test_several_answers(void **state)
{
	(void)state;
	struct sample sample;
	struct explanation explanation;
	make(&sample);
	sample.diagnosis.root.answer = ROOT_ANSWER_SEVERAL;
	assert_true(explanation_make(&explanation, &sample.diagnosis, &sample.arena, NULL));
	expect_rejection(&explanation, 1, "/dev/sda2",
			 "possible, with 65 points, which is not enough to choose it: nothing speaks for or against it");
	expect_rejection(&explanation, 2, "/dev/sdb1",
			 "possible, with 10 points, which is not enough to choose it: the largest");
	arena_deinit(&sample.arena);
}

static void test_without_cause(void **state)
{
	(void)state;
	struct sample sample;
	struct explanation explanation;
	make(&sample);
	sample.diagnosis.cause = SLICE("");
	sample.diagnosis.chain_count = 0;
	sample.diagnosis.root = (struct root_advice){ 0 };
	sample.findings.count = 0;
	assert_true(explanation_make(&explanation, &sample.diagnosis, &sample.arena, NULL));
	assert_null(explanation.path);
	assert_int_equal(explanation.rejection_count, 0);
	assert_int_equal(explanation.not_judged.len, 0);
	arena_deinit(&sample.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cause_has_its_path),
		cmocka_unit_test(test_rejections),
		cmocka_unit_test(test_several_answers),
		cmocka_unit_test(test_without_cause),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
