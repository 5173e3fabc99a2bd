#include "fleet.h"

#include <stdio.h>

#define NUMBERED(i) "{\"schema\":\"vmpanic/1\",\"number\":1,\"verdict\":\"panic\",\"vm_id\":\"%d\",\"vm_name\":\"vm\"," \
	"\"cause\":\"c%d\",\"title\":\"t\",\"fingerprint\":\"f%d\",\"source\":{\"path\":\"p\",\"error\":%s}}\n", i, i, i

static const char *report(struct slice lines, struct buf *out)
{
	const struct fleet_options options = fleet_test_options();
	return fleet_test_report(&fleet_markdown, lines, &options, out);
}

static void test_a_failure(void **state)
{
	(void)state;
	struct buf out;
	const char *text = report(SLICE(FLEET_BOOT("3", FLEET_PANIC("root-late", "root=/dev/sdc1 came late")
		"\"confidence\":\"likely\",\"why\":\"It was slow.\\nVery.\",\"kernel\":{\"release\":\"6.1.0\"},\"panic\":\"VFS: no\","
		"\"fix\":[{\"risk\":\"none\",\"lasting\":false,\"text\":\"Type `ls`.\\n\\nLook.\",\"commands\":[\"ls\",\"lsblk\"]},"
		"{\"risk\":\"writes-boot\",\"lasting\":true,\"text\":\"Edit.\",\"commands\":[]}],", "web-01", "/ds/web/vmware.log")), &out);
	fleet_test_assert_has(text, "# vmpanic: 1 of 1 VM failed\n");
	fleet_test_assert_has(text, "| Boots | 1, 1 panic |\n");
	fleet_test_assert_has(text, "| panic | root-late | 1 | 1 | `2026-02-20T10:00:00.000Z` |");
	fleet_test_assert_has(text, "\n### 1. `root=/dev/sdc1` came late\n");
	fleet_test_assert_has(text, "- VM `web-01`, log `/ds/web/vmware.log`, boot 3, `2026-02-20T10:00:00.000Z`\n");
	fleet_test_assert_has(text, "- panic, cause root-late (likely), kernel `6.1.0`\n- panic: VFS: no\n\nIt was slow.\nVery.\n");
	fleet_test_assert_has(text, "\n1. **Now, no risk:** Type `ls`.\n\n   Look.\n   ```\n   ls\n   lsblk\n   ```\n"
				    "2. **For good, writes-boot:** Edit.\n");
	fleet_test_assert_lacks(text, "Further");
	buf_deinit(&out);
}

static void test_hostile_text(void **state)
{
	(void)state;
	struct buf out;
	const char *text = report(SLICE(FLEET_BOOT("1", FLEET_PANIC("<img>", "# [x](javascript:y) | <script> `z @all\\n## no")
		"\"why\":\"<b>\\n# head\\n    code\\n- list\\n***\\n[a]: http://b\",\"panic\":\"![x](http://e.com/)\","
		"\"fix\":[{\"risk\":\"<i>\",\"text\":\"| a |\\n|---|\",\"commands\":[\"echo ```\\n```` out\",\"```\"]}],",
		"www.e.com|x", "a@e.com") FLEET_NO_BOOT("v", "<p>", "\"<e>\\n# f\"")), &out);
	static const char *const wanted[] = {
		"### 1. `#` `[x](javascript:y)` \\| `<script>` `` `z `` `@all\\x0a##` no\n", "\n`<b>`\n`#` head\ncode\n`-` list\n`***`\n`[a]`: `http://b`\n",
		"- VM `www.e.com`\\|`x`, log `a@e.com`, boot 1", "cause `<img>`", "- panic: `![x](http://e.com/)`\n",
		"1. **Now, `<i>`:** \\| a \\|\n   \\|`---`\\|\n   `````\n   echo ```\n   ```` out\n   ```\n   `````\n",
		"- `<p>`: `<e>\\x0a#` f\n",
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		fleet_test_assert_has(text, wanted[i]);
	buf_deinit(&out);
}

/* A boot loop is told once, and what is beyond the limits is counted. */
static void test_bounds(void **state)
{
	(void)state;
	struct buf lines = BUF_INIT(4 * MIB), out;
	for (int i = 0; i < TICKET_BOOTS_MAX + TICKET_GROUPS_MAX + 3; i++)
		buf_printf(&lines, NUMBERED(i), i < TICKET_SOURCES_MAX + 4 ? "\"e\"" : "null");
	const char *text = report(buf_slice(&lines), &out);
	char wanted[128];
	snprintf(wanted, sizeof(wanted), "\n### %d. t\n", TICKET_BOOTS_MAX);
	fleet_test_assert_has(text, wanted);
	snprintf(wanted, sizeof(wanted), "\n### %d. t\n", TICKET_BOOTS_MAX + 1);
	fleet_test_assert_lacks(text, wanted);
	snprintf(wanted, sizeof(wanted), "\nFurther failed boots, of these failures or of others: %d; ", TICKET_GROUPS_MAX + 3);
	fleet_test_assert_has(text, wanted);
	snprintf(wanted, sizeof(wanted), "\nFurther groups: %d; ", TICKET_BOOTS_MAX + 3);
	fleet_test_assert_has(text, wanted);
	snprintf(wanted, sizeof(wanted), "- p: e\n\nFurther logs: 4; ");
	fleet_test_assert_has(text, wanted);
	buf_deinit(&out);
	buf_deinit(&lines);
}

/* A source stands in the line of each of its boots. */
static void test_unread(void **state)
{
	(void)state;
	struct buf out;
	const char *text = report(SLICE(
		"{\"schema\":\"vmpanic/1\",\"number\":1,\"verdict\":\"panic\",\"vm_id\":\"v\",\"source\":{\"path\":\"p\",\"error\":\"e\"}}\n"
		"{\"schema\":\"vmpanic/1\",\"number\":2,\"verdict\":\"panic\",\"vm_id\":\"v\",\"source\":{\"path\":\"p\",\"error\":\"e\"}}\n"
		FLEET_NO_BOOT("w", "q", "\"f\"")), &out);
	fleet_test_assert_has(text, "## Not read to the end\n\n- p: e\n- q: f\n");
	buf_deinit(&out);
}

static void test_a_boot_loop(void **state)
{
	(void)state;
	struct buf out;
	const char *text = report(SLICE(
		FLEET_BOOT("1", FLEET_PANIC("a", "first"), "v", "p") FLEET_BOOT("2", FLEET_PANIC("a", "again"), "v", "p")
		FLEET_BOOT("3", FLEET_PANIC("b", "other"), "v", "p")), &out);
	fleet_test_assert_has(text, "### 1. first\n");
	fleet_test_assert_has(text, "### 2. other\n");
	fleet_test_assert_lacks(text, "### 3.");
	fleet_test_assert_has(text, "Further failed boots, of these failures or of others: 1; ");
	buf_deinit(&out);
}

static void test_long_text(void **state)
{
	(void)state;
	struct buf lines = BUF_INIT(MIB), out;
	buf_text(&lines, "{\"schema\":\"vmpanic/1\",\"number\":1,\"verdict\":\"panic\",\"vm_id\":\"v\",\"vm_name\":\"x");
	for (int i = 0; i < 500; i++)
		buf_text(&lines, "\xc3\xbc");
	buf_text(&lines, "\",\"source\":{\"path\":\"p\"}}\n");
	const char *text = report(buf_slice(&lines), &out);
	char wanted[64];
	snprintf(wanted, sizeof(wanted), "\xc3\xbc (and %d bytes more), log p, boot 1", 1001 - TICKET_TEXT_BYTES + 1);
	fleet_test_assert_has(text, wanted);
	buf_deinit(&out);
	buf_deinit(&lines);
}

static void test_nothing_failed(void **state)
{
	(void)state;
	struct buf out;
	const char *text = report(SLICE(FLEET_BOOT("1", FLEET_CLEAN, "a", "a.log")), &out);
	fleet_test_assert_has(text, "# vmpanic: 0 of 1 VM failed\n");
	fleet_test_assert_lacks(text, "## ");
	buf_deinit(&out);
}

static void test_output_fails(void **state)
{
	(void)state;
	fleet_test_cannot_write(&fleet_markdown, SLICE(FLEET_BOOT("1", FLEET_PANIC("a", "t"), "a", "a.log")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_failure),   cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_bounds),      cmocka_unit_test(test_a_boot_loop),
		cmocka_unit_test(test_long_text),   cmocka_unit_test(test_nothing_failed),
		cmocka_unit_test(test_output_fails), cmocka_unit_test(test_unread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
