#include "sample.h"

#include <stdio.h>

#include "base/escape.h"

static struct slice line_of(struct slice text, size_t number)
{
	while (number--)
		text = slice_skip(text, slice_until(text, '\n').len + 1);
	return slice_until(text, '\n');
}

static struct slice report_of(const struct sample *sample, unsigned width, struct buf *out)
{
	sample_report(&report_text, sample, width, false, out);
	return slice_of(out->ptr);
}

static void assert_holds(struct slice text, const char *part)
{
	if (!slice_contains(text, slice_of(part)))
		fail_msg("no \"%s\" in:\n%.*s", part, SLICE_ARG(text));
}

static void assert_lacks(struct slice text, const char *part)
{
	if (slice_contains(text, slice_of(part)))
		fail_msg("\"%s\" in:\n%.*s", part, SLICE_ARG(text));
}

static void test_first_lines(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	struct slice text = report_of(&sample, 120, &out);
	assert_true(slice_is(line_of(text, 0), "PANIC  root=/dev/sdc1 names a disk that this VM does not have"));
	assert_true(slice_is(line_of(text, 1), "       cause root-device-missing (certain), "
					       "kernel 4.4.8-esx (probably Photon OS), 2016-08-30T16:02:43.217-07:00"));
	buf_deinit(&out);
}

static void test_incomplete_is_said_first(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample.diagnosis.is_complete = false;
	sample.diagnosis.incomplete_because = SLICE("text was throttled at line 4120");
	struct slice text = report_of(&sample, 100, &out);
	assert_holds(line_of(text, 0), "PANIC (incomplete log)  root=");
	assert_holds(text, "\nIncomplete\n  text was throttled at line 4120\n");
	buf_deinit(&out);
}

static void test_root_sections(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	struct slice text = report_of(&sample, 100, &out);
	assert_holds(text, "  Wanted   /dev/sdc1\n");
	assert_holds(text, "  Found       sda     8 GiB  driver sd\n");
	assert_holds(text, "           => sda1    8 GiB  " PARTUUID "\n");
	assert_lacks(text, "ram0");
	assert_holds(text, "RAM and loop disks left out: 1\n");
	assert_holds(text, "  Answer   root=PARTUUID=" PARTUUID " /dev/sda1 (likely)\n");
	assert_holds(text, "\nWhy\n  The list of partitions shows no sdc.\n");
	assert_holds(text, "\nDo this now\n  1. [no risk] Press e in GRUB.\n         root=PARTUUID=" PARTUUID "\n");
	assert_holds(text, "\nFix it for good\n  1. [writes-boot] Edit grub.cfg.\n");
	assert_holds(text, "\n  line  812  VFS: Cannot open root device \"sdc1\"\n  line 1819  Kernel panic");
	assert_holds(text, "\nAlso seen\n  line 90  a warning\n");
	assert_holds(text, "\nWhat would prove this wrong\n  A list that shows it.\n");
	buf_deinit(&out);
}

static void test_several_answers(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample.diagnosis.root.answer = ROOT_ANSWER_SEVERAL;
	sample.diagnosis.root.check = SLICE("blkid in a rescue system tells which");
	struct slice text = report_of(&sample, 100, &out);
	assert_lacks(text, "=>");
	assert_holds(text, "            ? sda1 ");
	assert_holds(text, "  Either   root=PARTUUID=");
	assert_holds(text, "  Check    blkid in a rescue system tells which\n");
	buf_deinit(&out);
}

static void test_crash(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample_oops(&sample);
	struct slice text = report_of(&sample, 100, &out);
	assert_lacks(text, "Wanted");
	assert_holds(text, "  Crash    BUG: kernel NULL pointer dereference in foo_probe\n");
	assert_holds(text, "  Where    foo_probe() of module foo, process modprobe, CPU 1\n");
	assert_holds(text, "  Trace    foo_probe <- do_one_initcall\n");
	buf_deinit(&out);
}

static const struct slice hostile = {
	"a\x1b[31mb\rc\x08" "d\xe2\x80\xae" "e\xff" "f\xc2\x9bg\x7fh\xe2\x80\xa8" "i", 27
};

static void make_hostile(struct sample *sample)
{
	sample->diagnosis.title = sample->diagnosis.why = sample->diagnosis.disproof = hostile;
	sample->diagnosis.cause = sample->diagnosis.fingerprint = sample->diagnosis.root.wanted = hostile;
	sample->diagnosis.root.check = sample->diagnosis.incomplete_because = hostile;
	sample->diagnosis.is_complete = false;
	sample->candidates[0].path = sample->candidates[0].value = sample->reasons[0] = hostile;
	sample->devices[1].name = sample->devices[1].driver = sample->devices[2].partuuid = hostile;
	sample->rows[1].note = sample->chain[0].title = sample->warnings[0].title = hostile;
	sample->evidence[0].text = sample->steps[0].text = sample->steps[0].commands[0] = hostile;
	sample->source.path = sample->source.vm_name = sample->source.notes[0] = hostile;
	sample->source.note_count = 1;
	sample_fact(sample, FACT_KERNEL_RELEASE, hostile);
	sample_fact(sample, FACT_KERNEL_DISTRIBUTION_RELEASE, hostile);
	sample_fact(sample, FACT_PANIC_TEXT, hostile);
	sample->facts.first_crash = (struct crash){
		.kind = hostile, .function = hostile, .place = hostile, .module = hostile, .title = hostile,
		.comm = hostile, .taint = hostile, .frames = { hostile }, .frame_count = 1, .is_fatal = true, .line = 1,
	};
}

static void assert_harmless(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		size_t len = utf8_char_len(slice_skip(text, i));
		assert_int_not_equal(len, 0);
		assert_true(text.ptr[i] == '\n' || (unsigned char)text.ptr[i] >= 0x20);
		i += len - 1;
	}
	assert_lacks(text, "\x7f");
	assert_lacks(text, "\xc2\x9b");
	assert_lacks(text, "\xe2\x80\xae");
	assert_lacks(text, "\xe2\x80\xa8");
}

static void test_hostile_text(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	make_hostile(&sample);
	assert_harmless(report_of(&sample, 100, &out));
	buf_deinit(&out);
	sample.diagnosis.verdict = VERDICT_SILENT;
	sample.diagnosis.silence = hostile;
	assert_harmless(report_of(&sample, 60, &out));
	buf_deinit(&out);
}

/* Lines that are to be copied whole, and rows of the table, are as long as they are. */
static void test_width(void **state)
{
	(void)state;
	static char long_word[301];
	memset(long_word, 'x', sizeof(long_word) - 1);
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample.diagnosis.title = sample.evidence[0].text = slice_of(long_word);
	sample.diagnosis.why = SLICE("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc \xc3\xa4\xc3\xb6\xc3\xbc "
				     "words that go on and on, so that more than one line is needed for all of them, "
				     "whatever the width of the terminal is.");
	sample.steps[0].text = sample.warnings[0].title = sample.reasons[0] = sample.diagnosis.why;
	for (unsigned width = 48; width <= 100; width++) {
		for (struct slice rest = report_of(&sample, width, &out); rest.len;) {
			struct slice line = slice_until(rest, '\n');
			rest = slice_skip(rest, line.len + 1);
			if (utf8_columns(line) > width && !slice_contains(line, SLICE(PARTUUID)))
				fail_msg("%zu columns of %u: %.*s", utf8_columns(line), width, SLICE_ARG(line));
			assert_false(slice_ends(line, SLICE(" ")));
		}
		buf_deinit(&out);
	}
}

/* Without its SGR sequences a coloured report is the plain one. */
static void test_color_adds_nothing_else(void **state)
{
	(void)state;
	struct sample sample;
	struct buf plain, colored, stripped = BUF_INIT(MIB);
	sample_make(&sample);
	sample_report(&report_text, &sample, 80, false, &plain);
	sample_report(&report_text, &sample, 80, true, &colored);
	assert_true(colored.len > plain.len);
	for (size_t i = 0; i < colored.len; i++) {
		if (colored.ptr[i] == '\x1b')
			while (colored.ptr[i] != 'm')
				i++;
		else
			buf_char(&stripped, colored.ptr[i]);
	}
	assert_string_equal(stripped.ptr, plain.ptr);
	buf_deinit(&plain);
	buf_deinit(&colored);
	buf_deinit(&stripped);
}

#define BOOTS 7

/* One boot for each letter: P and Q panics that differ, S silent, C clean; a capital U as the next
 * letter lets its user space run. */
static struct slice report_boots(const char *letters, struct sample *samples, struct buf *out)
{
	const struct diagnosis *diagnoses[BOOTS];
	unsigned count = 0;
	for (const char *letter = letters; *letter; letter++) {
		struct sample *sample = &samples[count];
		if (*letter == 'U') {
			samples[count - 1].boot.has_tools_text = true;
			continue;
		}
		sample_make(sample);
		sample->boot.number = ++count;
		sample->boot.first_line = 100 * count;
		diagnoses[count - 1] = &sample->diagnosis;
		sample->boot.dumped_at.time_ms += 60000 * (int64_t)count;
		if (*letter == 'S' || *letter == 'C') {
			sample->diagnosis.verdict = *letter == 'S' ? VERDICT_SILENT : VERDICT_CLEAN;
			sample->diagnosis.title = SLICE("no failure");
			sample->diagnosis.fingerprint = sample->diagnosis.cause = SLICE("");
			sample->diagnosis.silence = *letter == 'S' ? SLICE("The guest sends none.") : SLICE("");
		} else if (*letter == 'Q') {
			sample->diagnosis.title = SLICE("another failure");
			sample->diagnosis.fingerprint = SLICE("2e");
		}
	}
	samples[0].source.boot_count = count;
	return sample_report_boots(&report_text, &samples[0].source, diagnoses, count, false, out);
}

static size_t count_of(struct slice text, const char *part)
{
	size_t count = 0;
	while (slice_after(text, slice_of(part), &text))
		count++;
	return count;
}

static void test_loop_is_told_once(void **state)
{
	(void)state;
	struct sample samples[BOOTS];
	struct buf out;
	struct slice text = report_boots("PSPSSPP", samples, &out);
	assert_true(slice_is(line_of(text, 0), "vmware.log"));
	assert_int_equal(count_of(text, "PANIC  root=/dev/sdc1"), 1);
	assert_holds(text, "kernel 4.4.8-esx (probably Photon OS), boot 7 of 7\n");
	assert_holds(text, "       4 boots failed in this same way: 1, 3, 6-7, first 2016-08-30T16:03:43.217-07:00,\n"
			   "       last 2016-08-30T16:09:43.217-07:00\n");
	assert_holds(text, "\nSILENT  boots 2, 4-5: no failure\n\n  The guest sends none.\n");
	assert_holds(text, "; 7 boots: 4 panic, 3 silent\n");
	assert_lacks(text, "shows no failure:");
	buf_deinit(&out);
}

static void test_failures_that_take_turns(void **state)
{
	(void)state;
	struct sample samples[BOOTS];
	struct buf out;
	struct slice text = report_boots("PQPQPQ", samples, &out);
	assert_int_equal(count_of(text, "PANIC  "), 2);
	assert_holds(text, "3 boots failed in this same way: 1, 3, 5,");
	assert_holds(text, "3 boots failed in this same way: 2, 4, 6,");
	assert_true(slice_find(text, SLICE("root=/dev/sdc1 names")) < slice_find(text, SLICE("another failure")));
	buf_deinit(&out);
}

static void test_recovery_is_said_first(void **state)
{
	(void)state;
	struct sample samples[BOOTS];
	struct buf out;
	struct slice text = report_boots("PPSU", samples, &out);
	assert_holds(line_of(text, 2), "The last boot (3 of 3) shows no failure: repaired since, or not yet failed. ");
	assert_holds(text, "(from line 300 on).\n\nPANIC  ");
	buf_deinit(&out);
	text = report_boots("PSUS", samples, &out);
	assert_lacks(text, "shows no failure:");
	buf_deinit(&out);
	text = report_boots("SUP", samples, &out);
	assert_lacks(text, "shows no failure:");
	buf_deinit(&out);
	text = report_boots("CUSU", samples, &out);
	assert_lacks(text, "shows no failure:");
	buf_deinit(&out);
}

/* More different failures than are held back: each is told, in the order of the boots. */
static void test_many_failures(void **state)
{
	(void)state;
	enum { MANY = 40 };
	static struct sample samples[MANY];
	static char titles[MANY][16];
	const struct diagnosis *diagnoses[MANY];
	struct buf out;
	for (unsigned i = 0; i < MANY; i++) {
		sample_make(&samples[i]);
		samples[i].boot.number = i + 1;
		snprintf(titles[i], sizeof(titles[i]), "failure %02u", i);
		samples[i].diagnosis.title = samples[i].diagnosis.fingerprint = slice_of(titles[i]);
		diagnoses[i] = &samples[i].diagnosis;
	}
	samples[0].source.boot_count = MANY;
	struct slice text = sample_report_boots(&report_text, &samples[0].source, diagnoses, MANY, false, &out);
	for (unsigned i = 0; i < MANY; i++)
		assert_true(slice_after(text, slice_of(titles[i]), &text));
	buf_deinit(&out);
}

static void test_some_boots_of_a_source(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	const struct diagnosis *diagnosis = &sample.diagnosis;
	sample.boot.number = 3;
	sample.source.boot_count = 5;
	struct slice text = sample_report_boots(&report_text, &sample.source, &diagnosis, 1, false, &out);
	assert_holds(text, ", boot 3 of 5,\n       2016-08-30T16:02:43.217-07:00\n");
	assert_holds(text, "; 5 boots, 1 of them here: 1 panic\n");
	buf_deinit(&out);
	text = sample_report_boots(&report_text, &sample.source, NULL, 0, false, &out);
	assert_true(slice_is(line_of(text, 0), "vmware.log: none of its boots was asked for"));
	buf_deinit(&out);
}

/* What the row "Panic" and the link before have said. */
static void test_chain_does_not_repeat(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	assert_holds(report_of(&sample, 100, &out), "\nCause and consequences\n");
	buf_deinit(&out);
	sample.chain[1].line = sample.chain[0].line;
	assert_holds(report_of(&sample, 100, &out), "\nCause and consequences\n");
	buf_deinit(&out);
	sample.chain[1].title = SLICE("The kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)");
	assert_lacks(report_of(&sample, 100, &out), "Cause and consequences");
	buf_deinit(&out);
}

static void test_trace_ends_where_the_stack_does(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample_oops(&sample);
	struct crash *crash = &sample.facts.first_crash;
	crash->frames[2] = SLICE("ret_from_fork");
	crash->frames[3] = SLICE("dump_stack_lvl");
	crash->frame_count = 4;
	assert_holds(report_of(&sample, 100, &out), "  Trace    foo_probe <- do_one_initcall <- ret_from_fork\n");
	buf_deinit(&out);
}

/* The lines of a partition scan come disks first. */
static void test_partitions_stand_below_their_disk(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample.devices[0] = (struct block_device){ .name = SLICE("sdb"), .disk = SLICE("sdb") };
	struct root_row row = sample.rows[0];
	sample.rows[0] = sample.rows[1];
	sample.rows[1] = row;
	struct slice text = report_of(&sample, 100, &out);
	assert_true(slice_find(text, SLICE("=> sda1")) < slice_find(text, SLICE("    sdb")));
	buf_deinit(&out);
}

static void test_long_evidence_is_wrapped(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample.evidence[0].text = SLICE("Command line: console=tty0 console=ttyS0,115200 ignore_loglevel loglevel=8 "
					"printk.time=1 root=/dev/sdc1 ro");
	struct slice text = report_of(&sample, 80, &out);
	assert_holds(text, "\n             loglevel=8 printk.time=1 root=/dev/sdc1 ro\n");
	buf_deinit(&out);
}

static void test_several_sources(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	const struct diagnosis *diagnosis = &sample.diagnosis;
	const struct report_source bad = { .path = SLICE("gone.log"), .error = SLICE("cannot be opened") };
	const struct report_source quiet = { .path = SLICE("-"), .is_complete = true };
	struct report *report = sample_open(&report_text, &out, 100, false);
	sample_put_source(&report_text, report, &bad, NULL, 0);
	sample_put_source(&report_text, report, &sample.source, &diagnosis, 1);
	sample_put_source(&report_text, report, &quiet, NULL, 0);
	assert_true(report_text.close(report, NULL));
	struct slice text = buf_slice(&out);
	assert_true(slice_is(line_of(text, 0), "gone.log: cannot be opened"));
	assert_holds(text, "\n\nvmware.log\n\nPANIC  ");
	assert_holds(text, "\n\nstandard input: no boot in this log\n");
	buf_deinit(&out);
}

static void test_clean_is_short(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	sample.diagnosis.verdict = VERDICT_CLEAN;
	sample.diagnosis.title = sample.diagnosis.cause = (struct slice){ 0 };
	struct slice text = report_of(&sample, 100, &out);
	assert_true(slice_is(line_of(text, 0), "CLEAN  the kernel's log shows no failure"));
	assert_lacks(text, "Evidence");
	assert_holds(text, "\nAlso seen\n");
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_lines),     cmocka_unit_test(test_incomplete_is_said_first),
		cmocka_unit_test(test_root_sections),   cmocka_unit_test(test_several_answers),
		cmocka_unit_test(test_crash),           cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_width),           cmocka_unit_test(test_color_adds_nothing_else),
		cmocka_unit_test(test_several_sources),
		cmocka_unit_test(test_loop_is_told_once), cmocka_unit_test(test_failures_that_take_turns),
		cmocka_unit_test(test_recovery_is_said_first), cmocka_unit_test(test_many_failures),
		cmocka_unit_test(test_some_boots_of_a_source), cmocka_unit_test(test_chain_does_not_repeat),
		cmocka_unit_test(test_trace_ends_where_the_stack_does),
		cmocka_unit_test(test_partitions_stand_below_their_disk),
		cmocka_unit_test(test_long_evidence_is_wrapped),
		cmocka_unit_test(test_clean_is_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
