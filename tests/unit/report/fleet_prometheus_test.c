#include "fleet.h"

#include <stdlib.h>

#define SERIES_MAX 4096

/* ---- a reader of the text format, as strict as the collector ---- */

struct series {
	char *name;         /* with its labels, as they stand there */
	double value;
};

struct metrics {
	struct series items[SERIES_MAX];
	size_t count;
};

static bool is_name(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || c == '_';
}

static void eat_name(struct slice *text)
{
	assert_true(text->len && !char_is_digit(text->ptr[0]));
	while (text->len && is_name(text->ptr[0]))
		*text = slice_skip(*text, 1);
}

/* name="value", in which \\, \" and \n are the only escapes. */
static void eat_label(struct slice *text)
{
	eat_name(text);
	assert_true(slice_eat(text, SLICE("=\"")));
	while (text->len && text->ptr[0] != '"') {
		if (slice_eat(text, SLICE("\\")))
			assert_true(text->len && strchr("\\\"n", text->ptr[0]));
		*text = slice_skip(*text, 1);
	}
	assert_true(slice_eat(text, SLICE("\"")));
}

/* The metric that was announced last must be that of the line. */
static void read_series(struct metrics *metrics, struct slice line, struct slice announced)
{
	struct slice rest = line;
	char *end;
	eat_name(&rest);
	assert_true(slice_equal(slice_take(line, line.len - rest.len), announced));
	if (slice_eat(&rest, SLICE("{"))) {
		do
			eat_label(&rest);
		while (slice_eat(&rest, SLICE(",")));
		assert_true(slice_eat(&rest, SLICE("}")));
	}
	assert_true(metrics->count < SERIES_MAX);
	struct series *series = &metrics->items[metrics->count];
	series->name = strndup(line.ptr, line.len - rest.len);
	assert_true(slice_eat(&rest, SLICE(" ")));
	series->value = strtod(rest.ptr, &end);
	assert_int_equal(end - rest.ptr, rest.len);
	for (size_t i = 0; i < metrics->count; i++)
		assert_string_not_equal(metrics->items[i].name, series->name);
	metrics->count++;
}

static void read_metrics(struct metrics *metrics, struct slice text)
{
	struct slice announced = { 0 };
	metrics->count = 0;
	assert_true(slice_ends(text, SLICE("\n")));
	while (text.len) {
		struct slice line = slice_until(text, '\n'), rest = line;
		text = slice_skip(text, line.len + 1);
		if (slice_eat(&rest, SLICE("# HELP "))) {
			announced = slice_word(&rest);
			assert_true(slice_starts(announced, SLICE("vmpanic_")) && slice_trim(rest).len);
			/* Its type stands behind it. */
			line = rest = slice_until(text, '\n');
			text = slice_skip(text, line.len + 1);
			assert_true(slice_eat(&rest, SLICE("# TYPE ")) && slice_equal(slice_word(&rest), announced));
			assert_true(slice_is(slice_trim(rest), "gauge"));
		} else {
			read_series(metrics, line, announced);
		}
	}
}

static struct metrics *report(struct slice lines)
{
	struct buf out;
	const struct fleet_options options = fleet_test_options();
	struct metrics *metrics = calloc(1, sizeof(*metrics));
	const char *text = fleet_test_report(&fleet_prometheus, lines, &options, &out);
	read_metrics(metrics, slice_of(text));
	buf_deinit(&out);
	return metrics;
}

static const struct series *find(const struct metrics *metrics, const char *name)
{
	for (size_t i = 0; i < metrics->count; i++)
		if (strcmp(metrics->items[i].name, name) == 0)
			return &metrics->items[i];
	return NULL;
}

static void assert_metric(const struct metrics *metrics, const char *name, double value)
{
	const struct series *series = find(metrics, name);
	if (!series)
		fail_msg("there is no %s", name);
	else if (series->value != value)
		fail_msg("%s is %g, expected %g", name, series->value, value);
}

static void free_metrics(struct metrics *metrics)
{
	for (size_t i = 0; i < metrics->count; i++)
		free(metrics->items[i].name);
	free(metrics);
}

/* ---- tests ---- */

static void test_counts(void **state)
{
	(void)state;
	struct metrics *metrics = report(SLICE(
		FLEET_BOOT("1", FLEET_PANIC("root-late", "t"), "a", "a.log") FLEET_BOOT("2", FLEET_PANIC("root-late", "t"), "a", "a.log")
		FLEET_BOOT("1", FLEET_PANIC("no-disk", "t"), "b", "b.log") FLEET_BOOT("1", FLEET_CLEAN, "c", "c.log")
		FLEET_BOOT("2", "\"verdict\":\"hang\",\"complete\":false,", "c", "c.log") FLEET_NO_BOOT("d", "d.log", "\"e\"")));
	assert_metric(metrics, "vmpanic_scan_timestamp_seconds", 1771697583);
	assert_metric(metrics, "vmpanic_last_failure_timestamp_seconds", 1771581600);
	assert_metric(metrics, "vmpanic_vms", 3);
	assert_metric(metrics, "vmpanic_failed_vms", 3);
	assert_metric(metrics, "vmpanic_sources", 4);
	assert_metric(metrics, "vmpanic_unread_sources", 1);
	assert_metric(metrics, "vmpanic_incomplete_boots", 1);
	assert_metric(metrics, "vmpanic_boots{verdict=\"panic\"}", 3);
	assert_metric(metrics, "vmpanic_boots{verdict=\"hang\"}", 1);
	assert_metric(metrics, "vmpanic_boots{verdict=\"oops\"}", 0);
	assert_metric(metrics, "vmpanic_failed_boots{cause=\"root-late\"}", 2);
	assert_metric(metrics, "vmpanic_failed_boots{cause=\"\"}", 1);
	assert_metric(metrics, "vmpanic_cause_failed_vms{cause=\"root-late\"}", 1);
	assert_metric(metrics, "vmpanic_vm_failed_boots{vm_id=\"a\",vm_name=\"a\",cause=\"root-late\"}", 2);
	assert_metric(metrics, "vmpanic_vm_failed_boots{vm_id=\"c\",vm_name=\"c\",cause=\"\"}", 1);
	assert_metric(metrics, "vmpanic_unlisted_failed_vms", 0);
	free_metrics(metrics);
}

static void test_nothing_found(void **state)
{
	(void)state;
	struct metrics *metrics = report(SLICE(""));
	assert_metric(metrics, "vmpanic_vms", 0);
	assert_null(find(metrics, "vmpanic_last_failure_timestamp_seconds"));
	free_metrics(metrics);
}

/* Of a stamp without a year no moment is known. */
static void test_no_moment(void **state)
{
	(void)state;
	struct metrics *metrics = report(SLICE(
		FLEET_BOOT("1", "\"verdict\":\"panic\",\"dumped_at\":\"May 14 10:26:36.043\",", "a", "a.log")));
	assert_metric(metrics, "vmpanic_failed_vms", 1);
	assert_null(find(metrics, "vmpanic_last_failure_timestamp_seconds"));
	free_metrics(metrics);
}

/* One VM of a hostile name must not make the collector refuse the file; what is shown alike stays two. */
static void test_hostile_names(void **state)
{
	(void)state;
	struct metrics *metrics = report(SLICE(
		FLEET_BOOT("1", FLEET_PANIC("x", "t"), "a\\\"} 1\\nvmpanic_vms 99\\n#", "a.log")
		FLEET_BOOT("1", FLEET_PANIC("x", "t"), "\\u001b", "b.log") FLEET_BOOT("1", FLEET_PANIC("x", "t"), "\\\\x1b", "c.log")
		FLEET_BOOT("1", FLEET_PANIC("x", "t"), "\\\\\\\\", "d.log") FLEET_BOOT("1", FLEET_PANIC("x", "t"), "", "e.log")));
	assert_metric(metrics, "vmpanic_failed_vms", 5);
	assert_metric(metrics, "vmpanic_vm_failed_boots{vm_id=\"\\\\x1b\",vm_name=\"\\\\x1b\",cause=\"x\"}", 1);
	assert_metric(metrics, "vmpanic_vm_failed_boots{vm_id=\"\\\\x5cx1b\",vm_name=\"\\\\x5cx1b\",cause=\"x\"}", 1);
	free_metrics(metrics);
}

static void test_bound(void **state)
{
	(void)state;
	struct buf lines = BUF_INIT(4 * MIB);
	for (int i = 0; i < METRIC_VMS_MAX + 7; i++)
		buf_printf(&lines, "{\"schema\":\"vmpanic/1\",\"number\":1,\"verdict\":\"panic\",\"vm_id\":\"%d\",\"vm_name\":\"%d\","
			   "\"source\":{\"path\":\"%d\"}}\n", i, i, i);
	struct metrics *metrics = report(buf_slice(&lines));
	size_t listed = 0;
	for (size_t i = 0; i < metrics->count; i++)
		listed += strncmp(metrics->items[i].name, "vmpanic_vm_failed_boots{", 24) == 0;
	assert_int_equal(listed, METRIC_VMS_MAX);
	assert_metric(metrics, "vmpanic_listed_vms_limit", METRIC_VMS_MAX);
	assert_metric(metrics, "vmpanic_unlisted_failed_vms", 7);
	free_metrics(metrics);
	buf_deinit(&lines);
}

static void test_output_fails(void **state)
{
	(void)state;
	fleet_test_cannot_write(&fleet_prometheus, SLICE(FLEET_BOOT("1", FLEET_CLEAN, "a", "a.log")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),        cmocka_unit_test(test_nothing_found),
		cmocka_unit_test(test_no_moment),     cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_bound),         cmocka_unit_test(test_output_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
