#include "fleet.h"

#include <jansson.h>

static json_t *report_as(struct slice lines, const struct fleet_options *options)
{
	struct buf out;
	json_error_t error;
	const char *text = fleet_test_report(&fleet_json, lines, options, &out);
	json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!document)
		fail_msg("%s at line %d: %s", error.text, error.line, text);
	buf_deinit(&out);
	return document;
}

static json_t *report(struct slice lines)
{
	const struct fleet_options options = fleet_test_options();
	return report_as(lines, &options);
}

static json_t *source_at(const json_t *document, size_t index)
{
	return json_array_get(json_object_get(document, "sources"), index);
}

static size_t boots_of(const json_t *document, size_t index)
{
	return json_array_size(json_object_get(source_at(document, index), "boots"));
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static json_int_t number_at(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static void test_lines_become_sources(void **state)
{
	(void)state;
	json_t *document = report(SLICE(
		FLEET_BOOT("1", FLEET_CLEAN, "a", "a.log") FLEET_BOOT("2", FLEET_CLEAN, "a", "a.log")
		FLEET_NO_BOOT("b", "b.log", "\"is damaged\"")
		FLEET_BOOT("1", FLEET_CLEAN, "c", "c.log") FLEET_BOOT("1", FLEET_CLEAN, "c", "c.log")
		FLEET_BOOT("2", FLEET_CLEAN, "d", "c.log")));
	assert_int_equal(json_array_size(json_object_get(document, "sources")), 5);
	assert_int_equal(boots_of(document, 0), 2);
	assert_int_equal(boots_of(document, 1), 0);
	assert_string_equal(text_at(source_at(document, 1), "error"), "is damaged");
	/* The same log twice, and one of another VM. */
	assert_int_equal(boots_of(document, 2), 1);
	assert_int_equal(boots_of(document, 3), 1);
	assert_int_equal(boots_of(document, 4), 1);
	json_decref(document);
}

static void test_members(void **state)
{
	(void)state;
	json_t *document = report(SLICE(FLEET_BOOT("1", FLEET_PANIC("root-late", "t") "\"added\":[1.5,null],", "vm-7", "a.log")));
	json_t *source = source_at(document, 0), *boot = json_array_get(json_object_get(source, "boots"), 0);
	assert_string_equal(text_at(document, "schema"), "vmpanic/1");
	assert_string_equal(text_at(source, "path"), "a.log");
	assert_string_equal(text_at(source, "vm_id"), "vm-7");
	assert_string_equal(text_at(source, "vm_name"), "vm-7");
	assert_int_equal(number_at(json_object_get(source, "lines"), "total"), 3);
	assert_string_equal(text_at(boot, "cause"), "root-late");
	assert_int_equal(json_array_size(json_object_get(boot, "added")), 2);
	static const char *const not_of_boot[] = { "schema", "vm_id", "vm_name", "source" };
	for (size_t i = 0; i < 4; i++)
		assert_null(json_object_get(boot, not_of_boot[i]));
	json_decref(document);
}

#define THREE_FAILURES \
	FLEET_BOOT("1", FLEET_PANIC("root-late", "t"), "a", "a.log") \
	FLEET_BOOT("1", FLEET_PANIC("root-late", "t"), "b", "b.log") \
	FLEET_BOOT("1", FLEET_PANIC("no-disk", "u"), "c", "c.log") FLEET_NO_BOOT("d", "d.log", "\"e\"")

static void test_totals_and_groups(void **state)
{
	(void)state;
	json_t *document = report(SLICE(THREE_FAILURES)), *scan = json_object_get(document, "scan");
	json_t *group = json_array_get(json_object_get(scan, "by_cause"), 0);
	assert_string_equal(text_at(scan, "made_at"), FLEET_MADE_AT);
	assert_int_equal(number_at(scan, "vms"), 3);
	assert_int_equal(number_at(scan, "failed_vms"), 3);
	assert_int_equal(number_at(scan, "unread_sources"), 1);
	assert_int_equal(number_at(json_object_get(scan, "verdicts"), "panic"), 3);
	assert_int_equal(json_array_size(json_object_get(scan, "by_cause")), 2);
	assert_int_equal(json_array_size(json_object_get(scan, "by_fingerprint")), 2);
	assert_null(json_object_get(scan, "by_vm"));
	assert_string_equal(text_at(group, "key"), "root-late");
	assert_int_equal(number_at(group, "vms"), 2);
	assert_true(json_is_null(json_object_get(group, "first_kernel")));
	assert_true(json_is_null(json_object_get(scan, "changes")));
	json_decref(document);
}

static void test_group_by(void **state)
{
	(void)state;
	struct fleet_options options = fleet_test_options();
	options.is_grouped = true;
	options.grouping = STORE_BY_VM;
	json_t *document = report_as(SLICE(THREE_FAILURES), &options), *scan = json_object_get(document, "scan");
	assert_int_equal(json_array_size(json_object_get(scan, "by_vm")), 3);
	assert_null(json_object_get(scan, "by_cause"));
	json_decref(document);
}

static void test_changes(void **state)
{
	(void)state;
	const struct store_changes changes = { .since = SLICE("2026-02-20T00:00:00Z"), .new_failures = 2, .gone_failures = 1 };
	struct fleet_options options = fleet_test_options();
	options.changes = &changes;
	json_t *document = report_as(SLICE(THREE_FAILURES), &options);
	json_t *told = json_object_get(json_object_get(document, "scan"), "changes");
	assert_string_equal(text_at(told, "since"), "2026-02-20T00:00:00Z");
	assert_int_equal(number_at(told, "new"), 2);
	assert_int_equal(number_at(told, "gone"), 1);
	json_decref(document);
}

/* What another program may have put into a line. */
static void test_hostile_lines(void **state)
{
	(void)state;
	json_t *document = report(SLICE(
		"{\"schema\":\"vmpanic/1\",\"number\":\"x\",\"verdict\":\"panic\",\"vm_id\":\"\",\"source\":{\"a\\\"b\\n\":1}}\n"
		"{\"number\":{},\"verdict\":\"oops\",\"vm_id\":\"v\",\"source\":{\"path\":[1,{\"k\":2}]},\"cause\":7}\n"
		"{\"number\":1,\"verdict\":\"hang\",\"vm_id\":\"\\u001b\\u202e\",\"title\":\"\\u001b\",\"source\":{\"path\":\"\\n\"}}\n"));
	assert_int_equal(json_array_size(json_object_get(document, "sources")), 3);
	assert_int_equal(number_at(source_at(document, 0), "a\"b\n"), 1);
	assert_true(json_is_null(json_object_get(source_at(document, 0), "vm_name")));
	assert_string_equal(text_at(source_at(document, 2), "vm_id"), "\x1b\xe2\x80\xae");
	json_decref(document);
}

static void test_nothing_found(void **state)
{
	(void)state;
	json_t *document = report(SLICE(""));
	assert_int_equal(json_array_size(json_object_get(document, "sources")), 0);
	assert_int_equal(number_at(json_object_get(document, "scan"), "vms"), 0);
	assert_true(json_is_null(json_object_get(json_object_get(document, "scan"), "first_at")));
	json_decref(document);
}

static void test_output_fails(void **state)
{
	(void)state;
	fleet_test_cannot_write(&fleet_json, SLICE(THREE_FAILURES));
	fleet_test_cannot_write(&fleet_json, SLICE(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_become_sources), cmocka_unit_test(test_members),
		cmocka_unit_test(test_totals_and_groups),    cmocka_unit_test(test_group_by),
		cmocka_unit_test(test_changes),              cmocka_unit_test(test_hostile_lines),
		cmocka_unit_test(test_nothing_found),        cmocka_unit_test(test_output_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
