/* A diagnosis built by hand, and a report of it in memory. */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "report/report.h"

#define PARTUUID "611e2d9a-a3da-4ac7-9eb9-8d09cb151a93"

struct sample {
	struct boot boot;
	struct facts facts;
	struct findings findings;
	struct distribution distribution;
	struct block_device devices[3];
	struct root_row rows[3];
	struct slice reasons[1];
	struct root_candidate candidates[1];
	struct link chain[2], warnings[1];
	struct evidence evidence[2];
	struct repair_step steps[2];
	struct host_event events[2];
	struct diagnosis diagnosis;
	struct report_source source;
};

static inline void sample_fact(struct sample *sample, enum fact_id id, struct slice text)
{
	sample->facts.values[id] = (struct fact){ FACT_KNOWN, text, 0, 1 };
}

static inline void sample_boot(struct sample *sample)
{
	struct slice stamp = SLICE("2016-08-30T16:02:43.217-07:00");
	sample->boot = (struct boot){ .number = 1, .format = LOG_VMWARE };
	assert_true(stamp_eat_iso(&stamp, &sample->boot.dumped_at));
	sample->events[0] = (struct host_event){ .kind = HOST_DISK_OPENED, .text = SLICE("DISK: OPEN"), .line = 3 };
	sample->events[1] = (struct host_event){ .kind = HOST_BOOT, .text = SLICE("CPU reset"), .line = 4 };
	sample->boot.events = sample->events;
	sample->boot.event_count = 2;
	sample_fact(sample, FACT_KERNEL_RELEASE, SLICE("4.4.8-esx"));
	sample_fact(sample, FACT_KERNEL_DISTRIBUTION, SLICE("photon"));
	sample_fact(sample, FACT_COMMAND_LINE, SLICE("root=/dev/sdc1 ro"));
	sample_fact(sample, FACT_PANIC_TEXT, SLICE("VFS: Unable to mount root fs on unknown-block(0,0)"));
	sample->distribution = (struct distribution){ .id = "photon", .name = "Photon OS" };
}

static inline void sample_root(struct sample *sample)
{
	struct block_device *d = sample->devices;
	d[0] = (struct block_device){ .name = SLICE("ram0"), .disk = SLICE("ram0"), .size_kib = 4096 };
	d[1] = (struct block_device){ .name = SLICE("sda"), .disk = SLICE("sda"), .size_kib = 8388608,
				      .driver = SLICE("sd") };
	d[2] = (struct block_device){ .name = SLICE("sda1"), .disk = SLICE("sda"), .partition = 1,
				      .size_kib = 8384512, .partuuid = SLICE(PARTUUID) };
	for (size_t i = 0; i < 3; i++)
		sample->rows[i] = (struct root_row){ .device = &d[i], .is_candidate = i == 2 };
	sample->reasons[0] = SLICE("the only partition");
	sample->candidates[0] = (struct root_candidate){ &d[2], SLICE("/dev/sda1"), SLICE("PARTUUID=" PARTUUID), 9,
							 CONFIDENCE_LIKELY, sample->reasons, 1, 1 };
	sample->diagnosis.root = (struct root_advice){
		.is_present = true, .wanted = SLICE("/dev/sdc1"), .answer = ROOT_ANSWER_ONE,
		.candidates = sample->candidates, .candidate_count = 1, .rows = sample->rows, .row_count = 3,
	};
}

static inline void sample_lists(struct sample *sample)
{
	struct diagnosis *diagnosis = &sample->diagnosis;
	sample->chain[0] = (struct link){ SLICE("root/device-missing"), SLICE("root= names no disk"), 812 };
	sample->chain[1] = (struct link){ SLICE("panic/vfs"), SLICE("no root file system"), 819 };
	sample->warnings[0] = (struct link){ SLICE("kernel/warning"), SLICE("a warning"), 90 };
	sample->evidence[0] = (struct evidence){ 812, 70123, SLICE("VFS: Cannot open root device \"sdc1\"") };
	sample->evidence[1] = (struct evidence){ 1819, 80000, SLICE("Kernel panic - not syncing: VFS") };
	sample->steps[0] = (struct repair_step){ .id = SLICE("once"), .risk = RISK_NONE, .text = SLICE("Press e in GRUB."),
						 .commands = { SLICE("root=PARTUUID=" PARTUUID) }, .command_count = 1 };
	sample->steps[1] = (struct repair_step){ .id = SLICE("for-good"), .risk = RISK_WRITES_BOOT,
						 .text = SLICE("Edit grub.cfg."), .is_lasting = true };
	diagnosis->chain = sample->chain;
	diagnosis->chain_count = 2;
	diagnosis->warnings = sample->warnings;
	diagnosis->warning_count = 1;
	diagnosis->evidence = sample->evidence;
	diagnosis->evidence_count = 2;
	diagnosis->steps = sample->steps;
	diagnosis->step_count = 2;
}

/* A root= panic with everything that a report can show of one. */
static inline void sample_make(struct sample *sample)
{
	memset(sample, 0, sizeof(*sample));
	sample->diagnosis = (struct diagnosis){
		.boot = &sample->boot, .facts = &sample->facts, .findings = &sample->findings,
		.distribution = &sample->distribution, .verdict = VERDICT_PANIC, .is_complete = true,
		.cause = SLICE("root-device-missing"), .confidence = CONFIDENCE_CERTAIN,
		.title = SLICE("root=/dev/sdc1 names a disk that this VM does not have"),
		.why = SLICE("The list of partitions shows no sdc.\n"), .disproof = SLICE("A list that shows it."),
		.fingerprint = SLICE("1f0a3c55"),
	};
	sample_boot(sample);
	sample_root(sample);
	sample_lists(sample);
	sample->source = (struct report_source){ .path = SLICE("vmware.log"), .format = LOG_VMWARE, .is_complete = true,
						 .vm_name = SLICE("photon-01"), .boot_count = 1,
						 .totals = { .lines = 4120, .guest_lines = 512 } };
}

static inline void sample_oops(struct sample *sample)
{
	sample->diagnosis.root = (struct root_advice){ 0 };
	sample->facts.first_crash = (struct crash){
		.kind = SLICE("oops-null-pointer"), .function = SLICE("foo_probe"), .module = SLICE("foo"),
		.title = SLICE("BUG: kernel NULL pointer dereference in foo_probe"), .comm = SLICE("modprobe"),
		.frames = { SLICE("foo_probe"), SLICE("do_one_initcall") }, .frame_count = 2, .cpu = 1, .pid = -1,
	};
}

/* Reports. */

static inline bool sample_write(void *user, struct slice bytes)
{
	buf_append(user, bytes);
	return true;
}

static inline struct report *sample_open(const struct report_format *format, struct buf *out, unsigned width,
					 bool color)
{
	struct report_output output = { out, sample_write };
	struct report_options options = { .color = color, .width = width };
	*out = BUF_INIT(REPORT_BYTES);
	struct report *report = format->open(&output, &options, NULL);
	assert_non_null(report);
	return report;
}

static inline void sample_put_source(const struct report_format *format, struct report *report,
				     const struct report_source *source, const struct diagnosis *const *diagnoses,
				     size_t count)
{
	assert_true(format->source_begin(report, source, NULL));
	for (size_t i = 0; i < count; i++)
		assert_true(format->boot(report, source, diagnoses[i], NULL));
	assert_true(format->source_end(report, source, NULL));
}

/* One source of several boots, with the NUL. */
static inline struct slice sample_report_boots(const struct report_format *format, const struct report_source *source,
					       const struct diagnosis *const *diagnoses, size_t count, bool redact,
					       struct buf *out)
{
	struct report_output output = { out, sample_write };
	struct report_options options = { .width = 100, .redact = redact };
	*out = BUF_INIT(REPORT_BYTES);
	struct report *report = format->open(&output, &options, NULL);
	assert_non_null(report);
	sample_put_source(format, report, source, diagnoses, count);
	assert_true(format->close(report, NULL));
	buf_char(out, '\0');
	assert_false(out->failed);
	return slice_of(out->ptr);
}

/* One source with one boot; a NUL stands behind the report. */
static inline void sample_report(const struct report_format *format, const struct sample *sample, unsigned width,
				 bool color, struct buf *out)
{
	const struct diagnosis *diagnosis = &sample->diagnosis;
	struct report *report = sample_open(format, out, width, color);
	sample_put_source(format, report, &sample->source, &diagnosis, 1);
	assert_true(format->close(report, NULL));
	buf_char(out, '\0');
	assert_false(out->failed);
}

#endif
