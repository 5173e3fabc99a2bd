#include "sample.h"

#include <jansson.h>

#include "diagnosis/explain.h"
#include "diagnosis/timeline.h"

static json_t *parse(struct buf *out)
{
	json_error_t error;
	assert_int_equal(out->ptr[out->len - 2], '\n');
	json_t *document = json_loads(out->ptr, 0, &error);
	if (!document)
		fail_msg("%s at line %d: %s", error.text, error.line, out->ptr);
	buf_deinit(out);
	return document;
}

static json_t *report_of(const struct sample *sample)
{
	struct buf out;
	sample_report(&report_json, sample, 100, false, &out);
	return parse(&out);
}

static json_t *first_boot(json_t *document)
{
	json_t *source = json_array_get(json_object_get(document, "sources"), 0);
	return json_array_get(json_object_get(source, "boots"), 0);
}

static const char *text_at(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static void assert_null_at(json_t *object, const char *key)
{
	assert_true(json_is_null(json_object_get(object, key)));
}

static void test_document(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	json_t *document = report_of(&sample);
	json_t *source = json_array_get(json_object_get(document, "sources"), 0);
	assert_string_equal(text_at(document, "schema"), "vmpanic/1");
	assert_string_equal(text_at(source, "path"), "vmware.log");
	assert_string_equal(text_at(source, "format"), "vmware-log");
	assert_true(json_is_true(json_object_get(source, "complete")));
	assert_null_at(source, "error");
	assert_int_equal(json_array_size(json_object_get(source, "notes")), 0);
	assert_string_equal(text_at(json_object_get(source, "vm"), "name"), "photon-01");
	assert_null_at(json_object_get(source, "vm"), "uuid");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(source, "lines"), "total")), 4120);
	json_decref(document);
}

static void test_boot(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	json_t *document = report_of(&sample), *boot = first_boot(document);
	assert_int_equal(json_integer_value(json_object_get(boot, "number")), 1);
	assert_null_at(boot, "started_at");
	assert_string_equal(text_at(boot, "dumped_at"), "2016-08-30T16:02:43.217-07:00");
	assert_string_equal(text_at(boot, "verdict"), "panic");
	assert_true(json_is_true(json_object_get(boot, "complete")));
	assert_string_equal(text_at(boot, "cause"), "root-device-missing");
	assert_string_equal(text_at(boot, "confidence"), "certain");
	assert_string_equal(text_at(boot, "fingerprint"), "1f0a3c55");
	assert_string_equal(text_at(boot, "why"), "The list of partitions shows no sdc.");
	assert_string_equal(text_at(boot, "command_line"), "root=/dev/sdc1 ro");
	assert_string_equal(text_at(json_object_get(boot, "kernel"), "distribution"), "photon");
	assert_null_at(json_object_get(boot, "kernel"), "flavour");
	assert_null_at(boot, "crash");
	assert_int_equal(json_array_size(json_object_get(boot, "chain")), 2);
	assert_int_equal(json_array_size(json_object_get(boot, "disks")), 3);
	json_t *events = json_object_get(boot, "events");
	assert_int_equal(json_array_size(events), 1);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(events, 0), "line")), 4);
	json_decref(document);
}

static void test_root(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	json_t *document = report_of(&sample), *root = json_object_get(first_boot(document), "root");
	json_t *candidate = json_array_get(json_object_get(root, "candidates"), 0);
	assert_string_equal(text_at(root, "wanted"), "/dev/sdc1");
	assert_string_equal(text_at(root, "answer"), "one");
	assert_string_equal(text_at(candidate, "device"), "/dev/sda1");
	assert_string_equal(text_at(candidate, "partuuid"), PARTUUID);
	assert_int_equal(json_integer_value(json_object_get(candidate, "size_kib")), 8384512);
	assert_string_equal(text_at(candidate, "confidence"), "likely");
	assert_int_equal(json_array_size(json_object_get(candidate, "reasons")), 1);
	json_decref(document);
}

static void test_fix_and_evidence(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	json_t *document = report_of(&sample), *boot = first_boot(document);
	json_t *fix = json_array_get(json_object_get(boot, "fix"), 0);
	json_t *evidence = json_array_get(json_object_get(boot, "evidence"), 0);
	assert_string_equal(text_at(fix, "id"), "once");
	assert_string_equal(text_at(fix, "risk"), "none");
	assert_string_equal(json_string_value(json_array_get(json_object_get(fix, "commands"), 0)),
			    "root=PARTUUID=" PARTUUID);
	assert_int_equal(json_integer_value(json_object_get(evidence, "line")), 812);
	assert_int_equal(json_integer_value(json_object_get(evidence, "offset")), 70123);
	json_decref(document);
}

static void test_crash(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	sample_oops(&sample);
	json_t *document = report_of(&sample), *boot = first_boot(document), *crash = json_object_get(boot, "crash");
	assert_null_at(boot, "root");
	assert_string_equal(text_at(crash, "kind"), "oops-null-pointer");
	assert_string_equal(text_at(crash, "function"), "foo_probe");
	assert_int_equal(json_integer_value(json_object_get(crash, "cpu")), 1);
	assert_null_at(crash, "pid");
	assert_int_equal(json_array_size(json_object_get(crash, "frames")), 2);
	json_decref(document);
}

/* A loop of two, another failure, and a boot that came up. */
static void test_boots_of_a_loop(void **state)
{
	(void)state;
	struct sample samples[4];
	const struct diagnosis *diagnoses[4];
	struct buf out;
	for (unsigned i = 0; i < 4; i++) {
		sample_make(&samples[i]);
		samples[i].boot.number = i + 1;
		diagnoses[i] = &samples[i].diagnosis;
	}
	samples[1].diagnosis.fingerprint = SLICE("2e");
	samples[3].diagnosis.verdict = VERDICT_SILENT;
	samples[3].diagnosis.fingerprint = SLICE("");
	samples[3].boot.has_tools_text = true;
	samples[0].source.boot_count = 4;
	sample_report_boots(&report_json, &samples[0].source, diagnoses, 4, false, &out);
	json_t *document = parse(&out), *source = json_array_get(json_object_get(document, "sources"), 0);
	json_t *boots = json_object_get(source, "boots"), *recovered = json_object_get(source, "recovered");
	assert_null_at(json_array_get(boots, 0), "same_as");
	assert_null_at(json_array_get(boots, 1), "same_as");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(boots, 2), "same_as")), 1);
	assert_null_at(json_array_get(boots, 3), "same_as");
	assert_int_equal(json_integer_value(json_object_get(recovered, "boot")), 4);
	assert_null_at(recovered, "line");
	assert_true(json_is_false(json_object_get(document, "redacted")));
	json_decref(document);
}

static void test_details(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	json_t *document = report_of(&sample);
	assert_null_at(first_boot(document), "timeline");
	assert_null_at(first_boot(document), "explanation");
	assert_null_at(json_array_get(json_object_get(document, "sources"), 0), "recovered");
	json_decref(document);
	struct timeline_event event = { .kind = TIMELINE_PANIC, .text = SLICE("panic: x"), .line = 819, .has_time = true,
					.time_ns = 1125804000 };
	const struct timeline timeline = { .events = &event, .count = 1, .gap_count = 1, .gaps = {
		{ 12300, SLICE("a"), SLICE("b"), 3, 4 } } };
	struct rejection rejection = { SLICE("sda2"), SLICE("swap") };
	const struct explanation explanation = {
		.path = explain_cause(SLICE("root-late")), .rejections = &rejection, .rejection_count = 1,
	};
	sample.diagnosis.timeline = &timeline;
	sample.diagnosis.explanation = &explanation;
	document = report_of(&sample);
	json_t *boot = first_boot(document), *made = json_object_get(boot, "timeline");
	json_t *item = json_array_get(json_object_get(made, "events"), 0);
	assert_string_equal(text_at(item, "kind"), "panic");
	assert_true(json_real_value(json_object_get(item, "seconds")) == 1.125804);
	assert_null_at(item, "time");
	json_t *gap = json_array_get(json_object_get(made, "gaps"), 0);
	assert_true(json_real_value(json_object_get(gap, "seconds")) == 12.3);
	assert_string_equal(text_at(json_object_get(gap, "to"), "text"), "b");
	json_t *explained = json_object_get(boot, "explanation");
	assert_true(strlen(text_at(explained, "kernel")) > 100);
	assert_string_equal(text_at(json_array_get(json_object_get(explained, "rejected"), 0), "reason"), "swap");
	assert_null_at(explained, "left_open");
	json_decref(document);
}

static void test_nothing_known(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	memset(&sample.facts, 0, sizeof(sample.facts));
	sample.diagnosis.root = (struct root_advice){ 0 };
	sample.diagnosis.cause = (struct slice){ 0 };
	json_t *document = report_of(&sample), *boot = first_boot(document);
	static const char *const absent[] = { "kernel", "command_line", "panic", "root", "crash", "cause", "confidence" };
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		assert_null_at(boot, absent[i]);
	json_decref(document);
}

static void test_hostile_text(void **state)
{
	(void)state;
	struct sample sample;
	sample_make(&sample);
	sample.evidence[0].text = SLICE("\x1b[2J \xff\xfe \"quoted\\\" \0 \xed\xa0\x80 \xc3\xa4");
	sample.source.path = SLICE("a\"b\nc\x80.log");
	json_t *document = report_of(&sample);
	json_t *source = json_array_get(json_object_get(document, "sources"), 0);
	json_t *evidence = json_array_get(json_object_get(first_boot(document), "evidence"), 0);
	assert_string_equal(text_at(evidence, "text"),
			    "\x1b[2J \\xff\\xfe \"quoted\\\" \\x00 \\xed\\xa0\\x80 \xc3\xa4");
	assert_string_equal(text_at(source, "path"), "a\"b\nc\\x80.log");
	json_decref(document);
}

static void test_no_sources(void **state)
{
	(void)state;
	struct buf out;
	assert_true(report_json.close(sample_open(&report_json, &out, 100, false), NULL));
	buf_char(&out, '\0');
	json_t *document = parse(&out);
	assert_int_equal(json_array_size(json_object_get(document, "sources")), 0);
	json_decref(document);
}

static void test_several_sources(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	const struct diagnosis *const twice[] = { &sample.diagnosis, &sample.diagnosis };
	const struct report_source bad = { .path = SLICE("gone"), .error = SLICE("cannot be opened") };
	struct report *report = sample_open(&report_json, &out, 100, false);
	sample_put_source(&report_json, report, &sample.source, twice, 2);
	sample_put_source(&report_json, report, &bad, NULL, 0);
	assert_true(report_json.close(report, NULL));
	buf_char(&out, '\0');
	json_t *document = parse(&out), *sources = json_object_get(document, "sources");
	assert_int_equal(json_array_size(sources), 2);
	assert_int_equal(json_array_size(json_object_get(json_array_get(sources, 0), "boots")), 2);
	json_t *second = json_array_get(sources, 1);
	assert_int_equal(json_array_size(json_object_get(second, "boots")), 0);
	assert_string_equal(text_at(second, "error"), "cannot be opened");
	assert_null_at(second, "format");
	assert_true(json_is_false(json_object_get(second, "complete")));
	json_decref(document);
}

static bool write_nothing(void *user, struct slice bytes)
{
	(void)user, (void)bytes;
	return false;
}

static void test_output_fails(void **state)
{
	(void)state;
	struct report_output output = { NULL, write_nothing };
	struct report_options options = { .width = 100 };
	struct report_source source = { .path = SLICE("x") };
	struct error err = { 0 };
	struct report *report = report_json.open(&output, &options, &err);
	assert_non_null(report);
	assert_false(report_json.source_begin(report, &source, &err));
	assert_true(err.text[0]);
	assert_false(report_json.close(report, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_document),      cmocka_unit_test(test_boot),
		cmocka_unit_test(test_root),          cmocka_unit_test(test_fix_and_evidence),
		cmocka_unit_test(test_crash),         cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_hostile_text),  cmocka_unit_test(test_no_sources),
		cmocka_unit_test(test_several_sources), cmocka_unit_test(test_output_fails),
		cmocka_unit_test(test_boots_of_a_loop), cmocka_unit_test(test_details),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
