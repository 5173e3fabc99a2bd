/* What a scan found, given as lines, in one of the formats. */
#ifndef TESTS_REPORT_FLEET_H
#define TESTS_REPORT_FLEET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "report/fleet.h"

#define FLEET_MADE_AT "2026-02-21T18:13:03Z"

static inline bool fleet_test_write(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

static inline struct store *fleet_test_store(struct slice lines)
{
	const struct store_unit unit = { .path = SLICE("unit") };
	struct store *store = store_open(NULL, NULL);
	assert_non_null(store);
	assert_true(store_begin_scan(store, SLICE(FLEET_MADE_AT), SLICE("judge"), NULL));
	assert_true(store_begin_unit(store, &unit, NULL));
	assert_true(store_add_lines(store, lines, NULL));
	assert_true(store_end_unit(store, &unit, false, false, NULL));
	return store;
}

/* With a NUL behind it; the caller frees *out. */
static inline const char *fleet_test_report(const struct fleet_format *format, struct slice lines,
					    const struct fleet_options *options, struct buf *out)
{
	struct error err = { 0 };
	struct store *store = fleet_test_store(lines);
	const struct report_output output = { out, fleet_test_write };
	*out = BUF_INIT(64 * MIB);
	if (!format->write(store, &output, options, &err))
		fail_msg("%s", err.text);
	assert_true(store_close(store, NULL));
	buf_char(out, '\0');
	assert_false(out->failed);
	return out->ptr;
}

static inline struct fleet_options fleet_test_options(void)
{
	return (struct fleet_options){ .made_at = SLICE(FLEET_MADE_AT) };
}

static inline bool fleet_test_refuse(void *user, struct slice bytes)
{
	(void)user, (void)bytes;
	return false;
}

/* A full disk is said, once. */
static inline void fleet_test_cannot_write(const struct fleet_format *format, struct slice lines)
{
	struct error err = { 0 };
	const struct fleet_options options = fleet_test_options();
	const struct report_output output = { NULL, fleet_test_refuse };
	struct store *store = fleet_test_store(lines);
	assert_false(format->write(store, &output, &options, &err));
	assert_string_equal(err.text, "the report could not be written");
	store_close(store, NULL);
}

static inline void fleet_test_assert_has(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("lacks \"%s\":\n%s", wanted, text);
}

static inline void fleet_test_assert_lacks(const char *text, const char *unwanted)
{
	if (strstr(text, unwanted))
		fail_msg("has \"%s\":\n%s", unwanted, text);
}

#define FLEET_SOURCE(path) \
	"\"source\":{\"path\":\"" path "\",\"format\":\"vmware-log\",\"complete\":true,\"notes\":[],\"error\":null," \
	"\"recovered\":null,\"vm\":{\"name\":null,\"uuid\":null},\"lines\":{\"total\":3,\"guest\":2,\"unframed\":0}}"
/* Members of a boot as JSON, with a comma behind each. */
#define FLEET_BOOT(number, members, vm, path) \
	"{\"schema\":\"vmpanic/1\",\"number\":" number "," members "\"vm_id\":\"" vm "\",\"vm_name\":\"" vm "\"," \
	FLEET_SOURCE(path) "}\n"
#define FLEET_PANIC(cause, title) \
	"\"verdict\":\"panic\",\"complete\":true,\"cause\":\"" cause "\",\"title\":\"" title "\",\"fingerprint\":\"" cause \
	"-1\",\"dumped_at\":\"2026-02-20T10:00:00.000Z\","
#define FLEET_CLEAN "\"verdict\":\"clean\",\"complete\":true,"
#define FLEET_NO_BOOT(vm, path, error) \
	"{\"schema\":\"vmpanic/1\",\"number\":null,\"verdict\":null,\"vm_id\":\"" vm "\",\"vm_name\":\"" vm "\"," \
	"\"source\":{\"path\":\"" path "\",\"complete\":false,\"error\":" error "}}\n"

#endif
