#include "../expect.h"

#include "base/limits.h"
#include "report/fleet.h"

/* All that a line has, each with `@` for a text of the guest. */
#define EVERY_MEMBER \
	"{\"schema\":\"vmpanic/1\",\"number\":1,\"started_at\":\"@\",\"dumped_at\":\"@\",\"verdict\":\"panic\"," \
	"\"complete\":false,\"incomplete_because\":\"@\",\"cause\":\"@\",\"confidence\":\"@\",\"title\":\"@\"," \
	"\"fingerprint\":\"@\",\"why\":\"@\",\"disproof\":\"@\",\"silence\":\"@\"," \
	"\"chain\":[{\"rule\":\"@\",\"title\":\"@\",\"line\":1},{\"rule\":\"@\",\"title\":null,\"line\":2}]," \
	"\"warnings\":[{\"rule\":\"@\",\"title\":\"@\",\"line\":3,\"file\":\"@\"}]," \
	"\"kernel\":{\"release\":\"@\",\"distribution\":\"@\",\"distribution_release\":\"@\"},\"command_line\":\"@\"," \
	"\"panic\":\"@\",\"root\":{\"wanted\":\"@\",\"answer\":\"several\",\"one_time\":false,\"check\":\"@\"," \
	"\"candidates\":[{\"device\":\"@\",\"value\":\"v@\",\"confidence\":\"@\",\"reasons\":[\"@\"]}]}," \
	"\"disks\":[{\"device\":\"@\",\"size_kib\":1024,\"partuuid\":\"@\",\"driver\":\"@\",\"role\":\"@\",\"note\":\"@\"}]," \
	"\"crash\":{\"title\":\"@\",\"function\":\"@\",\"module\":\"@\",\"comm\":\"@\",\"frames\":[\"@\"]," \
	"\"taint_meaning\":[\"@\"],\"decode\":\"@\"}," \
	"\"evidence\":[{\"line\":1,\"file\":\"@\",\"offset\":0,\"text\":\"@\"}]," \
	"\"fix\":[{\"id\":\"@\",\"risk\":\"@\",\"lasting\":true,\"text\":\"@\",\"commands\":[\"@\"]}]," \
	"\"vm_id\":\"@\",\"vm_name\":\"@\",\"source\":{\"path\":\"@\",\"label\":\"@\",\"files\":[\"@\"],\"notes\":[\"@\"]," \
	"\"error\":\"@\",\"recovered\":{\"boot\":2,\"text\":\"@\"},\"vm\":{\"name\":\"@\"},\"lines\":{\"total\":9}}}\n"

static bool append(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

static void check(bool is_done, const struct error *err)
{
	if (!is_done)
		fail_msg("%s", err->text);
}

/* The page of one scan that found these lines; the caller frees it. */
static struct buf page_of(struct slice lines)
{
	struct store_unit unit = { .path = SLICE("/logs") };
	struct store_changes changes;
	struct buf page = BUF_INIT(256 * MIB);
	struct report_output output = { &page, append };
	struct fleet_options options = { .made_at = SLICE("2025-03-02T06:00:05Z") };
	struct error err = { 0 };
	struct store *store = store_open(NULL, &err);
	check(store != NULL, &err);
	check(store_begin_scan(store, SLICE("2025-03-02T06:00:00Z"), SLICE("test"), &err), &err);
	check(store_begin_unit(store, &unit, &err), &err);
	check(!lines.len || store_add_lines(store, lines, &err), &err);
	check(store_end_unit(store, &unit, false, false, &err), &err);
	check(store_end_scan(store, SLICE("2025-03-02T06:00:05Z"), NULL, NULL, &changes, &err), &err);
	check(fleet_html.write(store, &output, &options, &err), &err);
	check(store_close(store, &err), &err);
	assert_false(page.failed);
	return page;
}

static size_t count_of(const struct buf *page, const char *words)
{
	struct slice rest = buf_slice(page);
	size_t count = 0;
	while (slice_after(rest, slice_of(words), &rest))
		count++;
	return count;
}

static void expect_count(const struct buf *page, const char *words, size_t expected)
{
	expect_number(words, (int64_t)count_of(page, words), (int64_t)expected);
}

static void expect_on(const struct buf *page, const char *words)
{
	expect_true(words, count_of(page, words) != 0);
}

static void test_empty_store(void **state)
{
	(void)state;
	struct buf page = page_of(SLICE(""));
	assert_true(slice_starts(buf_slice(&page), SLICE("<!DOCTYPE html>\n")));
	assert_true(slice_ends(buf_slice(&page), SLICE("</html>\n")));
	expect_on(&page, "<h1>No boot found</h1>");
	expect_count(&page, "<table", 0);
	expect_count(&page, "Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-", 1);
	expect_count(&page, "unsafe", 0);
	buf_deinit(&page);
}

static void test_nothing_known(void **state)
{
	(void)state;
	struct buf page = page_of(SLICE(
		"{\"number\":null,\"verdict\":\"panic\",\"vm_id\":\"a\",\"source\":null}\n"
		"{\"verdict\":\"hang\",\"title\":null,\"kernel\":null,\"root\":null,\"disks\":null,\"crash\":null,\"chain\":null,"
		"\"warnings\":null,\"evidence\":null,\"fix\":null,\"vm_id\":\"b\",\"vm_name\":null,\"source\":{\"path\":null,"
		"\"lines\":null,\"recovered\":null,\"notes\":null}}\n"));
	expect_on(&page, "<h1>2 of 2 VMs failed</h1>");
	expect_count(&page, "<tbody class=\"boot\"", 2);
	expect_on(&page, "2 boots left out");
	buf_deinit(&page);
}

static void test_of_another_type(void **state)
{
	(void)state;
	struct buf page = page_of(SLICE(
		"{\"verdict\":\"oops\",\"number\":-1,\"title\":[],\"complete\":\"no\",\"cause\":{},\"kernel\":7,\"root\":\"x\","
		"\"disks\":{},\"crash\":[1],\"chain\":[1,null,[]],\"warnings\":[null],\"evidence\":[null,{\"text\":5}],"
		"\"fix\":[1,null,{\"commands\":[1,null]}],\"vm_id\":3,\"vm_name\":[],\"source\":\"s\"}\n"));
	expect_count(&page, "<tbody class=\"boot\"", 1);
	expect_on(&page, "risk not known");
	buf_deinit(&page);
}

/* `line` with each @ made `text`, as often as `times`. */
static struct buf lines_with(const char *line, const char *text, unsigned times)
{
	struct buf lines = BUF_INIT(64 * MIB);
	for (unsigned i = 0; i < times; i++)
		for (const char *p = line; *p; p++)
			if (*p == '@')
				buf_text(&lines, text);
			else
				buf_char(&lines, *p);
	assert_false(lines.failed);
	return lines;
}

static void test_text_of_guests_is_text(void **state)
{
	(void)state;
	struct buf lines = lines_with(EVERY_MEMBER, "<i>\\\"'&\\u0007`", 1);
	struct buf page = page_of(buf_slice(&lines));
	expect_count(&page, "<i>", 0);
	expect_count(&page, "\a", 0);
	/* Each member above is there. */
	size_t shown = count_of(&page, "&lt;i&gt;&quot;&#39;&amp;\\x07");
	if (shown < 40)
		fail_msg("shown %zu times", shown);
	expect_count(&page, "<script>", 1);
	expect_count(&page, "</script>", 1);
	buf_deinit(&page);
	buf_deinit(&lines);
}

static void test_the_answer_is_marked(void **state)
{
	(void)state;
	struct buf page = page_of(SLICE(
		"{\"verdict\":\"panic\",\"vm_id\":\"a\",\"root\":{\"wanted\":\"/dev/sdc1\",\"answer\":\"one\",\"candidates\":["
		"{\"device\":\"/dev/sda2\",\"value\":\"PARTUUID=77\",\"confidence\":\"likely\"},{\"device\":\"/dev/sda1\"}]},"
		"\"disks\":[{\"device\":\"sda1\"},{\"device\":\"sda2\",\"size_kib\":8388608}]}\n"));
	expect_count(&page, "<b>the answer</b>", 1);
	expect_on(&page, "<tr class=answer><th scope=\"row\">sda2</th><td class=\"number\">8 GiB</td>");
	expect_on(&page, "root=PARTUUID=77");
	buf_deinit(&page);
	page = page_of(SLICE(
		"{\"verdict\":\"panic\",\"vm_id\":\"a\",\"root\":{\"answer\":\"none\",\"candidates\":[{\"device\":\"/dev/sda1\"}]},"
		"\"disks\":[{\"device\":\"sda1\"}]}\n"));
	expect_count(&page, "class=answer", 0);
	expect_count(&page, "<b>the answer</b>", 0);
	buf_deinit(&page);
}

static void test_sources_that_could_not_be_read(void **state)
{
	(void)state;
	struct buf page = page_of(SLICE(
		"{\"number\":1,\"verdict\":\"clean\",\"vm_id\":\"a\",\"source\":{\"path\":\"/cut.gz\",\"error\":\"is cut\"}}\n"
		"{\"number\":2,\"verdict\":\"clean\",\"vm_id\":\"a\",\"source\":{\"path\":\"/cut.gz\",\"error\":\"is cut\"}}\n"
		"{\"number\":null,\"verdict\":null,\"vm_id\":\"b\",\"source\":{\"path\":\"/no\",\"error\":\"permission denied\"}}\n"));
	expect_on(&page, "<h1>No failure found, but not all could be read</h1>");
	expect_count(&page, "<code>/cut.gz</code></th><td>", 1);
	expect_count(&page, "permission denied", 1);
	expect_count(&page, "Not all is here", 0);
	buf_deinit(&page);
}

static void test_all_is_well(void **state)
{
	(void)state;
	struct buf page = page_of(SLICE("{\"number\":1,\"verdict\":\"clean\",\"vm_id\":\"a\",\"source\":{\"path\":\"/a\"}}\n"
					"{\"number\":1,\"verdict\":\"silent\",\"vm_id\":\"b\",\"source\":{\"path\":\"/b\"}}\n"));
	expect_on(&page, "<h1>None of 2 VMs failed</h1>");
	expect_count(&page, "id=\"boots\"", 0);
	expect_on(&page, "Clean: 1 boot whose log shows no failure. Silent: 1 boot of which");
	buf_deinit(&page);
}

static void test_bounds_of_lists_are_said(void **state)
{
	(void)state;
	struct buf lines = BUF_INIT(MIB);
	buf_text(&lines, "{\"verdict\":\"panic\",\"vm_id\":\"a\",\"evidence\":[");
	for (unsigned i = 0; i < HTML_LIST_MAX + 3; i++)
		buf_printf(&lines, "%s{\"line\":%u,\"text\":\"evidence\"}", i ? "," : "", i + 1);
	buf_text(&lines, "],\"panic\":\"");
	buf_repeat(&lines, 'x', HTML_TEXT_BYTES + 77);
	buf_text(&lines, "\"}\n");
	struct buf page = page_of(buf_slice(&lines));
	expect_count(&page, "<code>evidence</code>", HTML_LIST_MAX);
	expect_on(&page, ">3 more are in --format ndjson<");
	expect_on(&page, "x [77 more bytes]");
	buf_deinit(&page);
	buf_deinit(&lines);
}

static void test_bounds_of_boots_are_said(void **state)
{
	(void)state;
	struct buf lines = lines_with("{\"verdict\":\"panic\",\"vm_id\":\"@\"}\n", "a", HTML_ROWS_MAX + 5);
	struct buf page = page_of(buf_slice(&lines));
	expect_count(&page, "<tbody class=\"boot\" ", HTML_ROWS_LISTED);
	expect_count(&page, "<tbody class=\"boot beyond\" ", HTML_ROWS_MAX - HTML_ROWS_LISTED);
	expect_count(&page, "<tr class=\"more\">", HTML_DETAILS_MAX);
	expect_on(&page, "Failed boots with a row: 20,000 of 20,005.");
	expect_on(&page, "Failed boots with details: 2,000 of 20,005.");
	buf_deinit(&page);
	buf_deinit(&lines);
}

static void test_details_end_before_the_page_is_too_large(void **state)
{
	(void)state;
	char text[HTML_TEXT_BYTES];
	memset(text, '<', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	struct buf lines = lines_with(EVERY_MEMBER, text, 60);
	struct buf page = page_of(buf_slice(&lines));
	size_t with_details = count_of(&page, "<tr class=\"more\">");
	assert_true(with_details > 10 && with_details < 60);
	expect_count(&page, "<tbody class=\"boot\"", 60);
	expect_on(&page, "Failed boots with details: ");
	buf_deinit(&page);
	buf_deinit(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_store),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_of_another_type),
		cmocka_unit_test(test_text_of_guests_is_text),
		cmocka_unit_test(test_the_answer_is_marked),
		cmocka_unit_test(test_sources_that_could_not_be_read),
		cmocka_unit_test(test_all_is_well),
		cmocka_unit_test(test_bounds_of_lists_are_said),
		cmocka_unit_test(test_bounds_of_boots_are_said),
		cmocka_unit_test(test_details_end_before_the_page_is_too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
