#include "dialect_calls.h"
#include "dialect_forms.h"

#include <stdio.h>

#include "diagnosis/diagnosis.h"
#include "rules/engine.h"
#include "rules/loader.h"

/* ---- reading ---- */

static void read_blocks(struct boots *boots, struct slice text, size_t block_len)
{
	struct boot_sink sink = { boots, boots_take, NULL };
	*boots = (struct boots){ .arena = ARENA_INIT };
	struct boot_assembler *assembler = boot_assembler_new(LOG_KERNEL, &sink, NULL);
	struct vmxlog_reader *reader = vmxlog_reader_new(LOG_KERNEL, boot_assembler_input(assembler), NULL);
	for (struct slice rest = text; rest.len; rest = slice_skip(rest, block_len))
		assert_true(vmxlog_reader_feed(reader, slice_take(rest, block_len), NULL));
	vmxlog_reader_finish(reader);
	assert_true(boot_assembler_finish(assembler, vmxlog_reader_totals(reader).ends_without_newline, NULL));
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
}

static void check_record(const struct form *form, const struct kmsg_record *record, const struct entry *entry)
{
	struct buf words = BUF_INIT(4096);
	put_words(&words, entry);
	expect_slices(form->name, record->text, buf_slice(&words));
	buf_deinit(&words);
	expect_number(form->name, !!(record->flags & KMSG_HAS_TIME),
		      (form->knows & KNOWS_TIME) || (form->put == put_syslog && !entry->program));
	if (record->flags & KMSG_HAS_TIME)
		expect_number(form->name, (int64_t)record->time_ns, (int64_t)entry->time_us * 1000);
	if (form->knows & KNOWS_LEVEL)
		expect_number(form->name, record->facility * 8 + record->level, entry->priority);
	if (form->knows & (KNOWS_SENDER | KNOWS_LEVEL))
		expect_number(form->name, kmsg_is_kernel(record), !entry->program);
}

static void check_boot(const struct form *form, const struct boot *boot, const struct entry *entries, size_t count)
{
	expect_number(form->name, (int64_t)boot->record_count, (int64_t)count);
	expect_number(form->name, boot->losses, 0);
	for (size_t i = 0; i < count; i++)
		check_record(form, &boot->records[i], &entries[i]);
}

/* The first boot panics, the second gives up in its initramfs; or the other way round. */
static void check_form(const struct form *form, size_t block_len)
{
	struct buf text = BUF_INIT(MIB);
	struct boots boots;
	buf_text(&text, form->before);
	render(&text, form, vfs_panic, ROWS(vfs_panic), 0);
	buf_text(&text, form->between);
	buf_text(&text, form->boot);
	render(&text, form, dracut_failure, ROWS(dracut_failure), 1);
	buf_text(&text, form->after);
	struct slice head = slice_take(buf_slice(&text), DETECT_BYTES);
	expect_number(form->name, vmxlog_detect(head, text.len <= DETECT_BYTES), LOG_KERNEL);
	read_blocks(&boots, buf_slice(&text), block_len);
	expect_number(form->name, (int64_t)boots.count, 2);
	check_boot(form, &boots.items[0], vfs_panic, ROWS(vfs_panic));
	check_boot(form, &boots.items[1], dracut_failure, ROWS(dracut_failure));
	boots_free(&boots);
	buf_deinit(&text);
}

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(forms); i++)
		check_form(&forms[i], SIZE_MAX);
}

static void test_blocks(void **state)
{
	static const size_t lens[] = { 1, 2, 7, 64, 1000 };
	(void)state;
	for (size_t i = 0; i < ROWS(forms); i++)
		for (size_t k = 0; k < ROWS(lens); k++)
			check_form(&forms[i], lens[k]);
}

/* ---- what is made of it ---- */

struct verdicts {
	struct rule_engine *engine;
	struct arena arena;
	struct slice text; /* "panic root-device-missing FINGERPRINT /dev/sda1" */
};

static void judge(void *user, const struct boot *boot)
{
	struct verdicts *verdicts = user;
	struct arena *arena = &verdicts->arena;
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis;
	assert_true(facts_read(&facts, boot, arena, NULL));
	assert_true(rule_engine_run(verdicts->engine, &facts, arena, &findings, NULL));
	assert_true(diagnosis_make(&diagnosis, &facts, &findings, arena, NULL));
	struct slice root = diagnosis.root.candidate_count ? diagnosis.root.candidates[0].path : SLICE("");
	verdicts->text = arena_printf(arena, "%s %.*s %.*s %.*s", verdict_name(diagnosis.verdict),
				      SLICE_ARG(diagnosis.cause), SLICE_ARG(diagnosis.fingerprint), SLICE_ARG(root));
}

static void check_verdict(const struct form *form, struct rule_engine *engine, const struct entry *entries,
			  size_t count, char *verdict, size_t size)
{
	struct buf text = BUF_INIT(MIB);
	struct verdicts verdicts = { .engine = engine };
	struct boot_sink sink = { &verdicts, judge, NULL };
	buf_text(&text, form->before);
	render(&text, form, entries, count, 0);
	buf_text(&text, form->after);
	struct boot_assembler *assembler = boot_assembler_new(LOG_KERNEL, &sink, NULL);
	struct vmxlog_reader *reader = vmxlog_reader_new(LOG_KERNEL, boot_assembler_input(assembler), NULL);
	assert_true(vmxlog_reader_feed(reader, buf_slice(&text), NULL));
	vmxlog_reader_finish(reader);
	assert_true(boot_assembler_finish(assembler, false, NULL));
	if (!verdict[0])
		snprintf(verdict, size, "%.*s", SLICE_ARG(verdicts.text));
	expect_text(form->name, verdicts.text, verdict);
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
	arena_deinit(&verdicts.arena);
	buf_deinit(&text);
}

static void test_verdicts(void **state)
{
	char panic[200] = "", hang[200] = "";
	struct rule_engine *engine = rule_engine_new(rules_builtin(), NULL);
	(void)state;
	for (size_t i = 0; i < ROWS(forms); i++) {
		check_verdict(&forms[i], engine, vfs_panic, ROWS(vfs_panic), panic, sizeof panic);
		check_verdict(&forms[i], engine, dracut_failure, ROWS(dracut_failure), hang, sizeof hang);
	}
	rule_engine_free(engine);
	assert_non_null(strstr(panic, "panic root-device-missing "));
	assert_non_null(strstr(panic, " /dev/sda1"));
	assert_non_null(strstr(hang, "hang root-device-missing "));
}

/* ---- hostile ---- */

/* Every form, cut anywhere, and with any byte replaced: whatever comes, whole or byte by byte it
 * is the same. */
static void check_damaged(struct slice text)
{
	struct calls whole, bytes;
	read_calls(&whole, text, SIZE_MAX);
	read_calls(&bytes, text, 3);
	expect_slices("damaged", buf_slice(&bytes.text), buf_slice(&whole.text));
	buf_deinit(&whole.text);
	buf_deinit(&bytes.text);
	vmxlog_detect(slice_take(text, DETECT_BYTES), true);
}

static void test_damaged(void **state)
{
	static const char junk[] = "\0\n\"\\{}[]<>:;,-+ 9#\033\377";
	struct buf text = BUF_INIT(MIB);
	(void)state;
	for (size_t i = 0; i < ROWS(forms); i++) {
		buf_clear(&text);
		buf_text(&text, forms[i].before);
		render(&text, &forms[i], dracut_failure + 2, 4, 0);
		buf_text(&text, forms[i].after);
		for (size_t at = 0; at < text.len; at++) {
			char old = text.ptr[at];
			check_damaged(slice_take(buf_slice(&text), at));
			text.ptr[at] = junk[(at * 7 + i) % (sizeof junk - 1)];
			check_damaged(buf_slice(&text));
			text.ptr[at] = old;
		}
	}
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_damaged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
