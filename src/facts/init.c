/* The initramfs and the first program: passed, unpacked, run, died. */
#include "facts/reader.h"

static void passed(struct facts_reader *reader, const struct kmsg_record *record)
{
	fact_set_flag(reader, FACT_INITRD_PASSED, true, record->line);
}

static void unpacked(struct facts_reader *reader, const struct kmsg_record *record)
{
	passed(reader, record);
	if (!fact_is_known(reader, FACT_INITRD_UNPACKED))
		fact_set_text(reader, FACT_INITRD_UNPACKED, SLICE("yes"), record->line);
}

static void unpack_failed(struct facts_reader *reader, struct slice reason, uint64_t line)
{
	fact_set_flag(reader, FACT_INITRD_PASSED, true, line);
	fact_set_text(reader, FACT_INITRD_UNPACKED, SLICE("failed"), line);
	fact_set_text(reader, FACT_INITRD_ERROR, reason, line);
}

/* `Initramfs unpacking failed: junk within compressed archive` */
static void take_unpack_error(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice reason = slice_skip(record->text, sizeof "Initramfs unpacking failed: " - 1);
	/* lz4 of Ubuntu 19.10 - 20.10 says this about padding and goes on. */
	if (!slice_starts(reason, SLICE("Decoding failed")))
		unpack_failed(reader, reason, record->line);
}

/* `rootfs image is not initramfs (no cpio magic); looks like an initrd`: the same where the ram disk
 * driver is built in */
static void take_not_initramfs(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice reason;
	if (slice_between(record->text, SLICE("("), SLICE(")"), &reason))
		unpack_failed(reader, reason, record->line);
}

/* `Run /init as init process` (since 4.19) */
static void take_run(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice rest = slice_skip(record->text, 4), program = slice_word(&rest);
	if (!slice_starts(rest, SLICE(" as init process")))
		return;
	fact_set_text(reader, FACT_INIT_STARTED, program, record->line);
	struct slice command_line = facts_text(reader->facts, FACT_COMMAND_LINE), rdinit = SLICE("/init");
	command_line_value(command_line, SLICE("rdinit"), &rdinit);
	if (slice_equal(program, rdinit))
		fact_set_flag(reader, FACT_INITRD_RAN, true, record->line);
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("RAMDISK: [mem", passed),
	FACTS_HEAD("RAMDISK: ", passed),
	FACTS_HEAD("Freeing initrd memory", unpacked),
	FACTS_HEAD("Unpacking initramfs...", unpacked),
	FACTS_HEAD("Trying to unpack rootfs image as initramfs", unpacked),
	FACTS_HEAD("Initramfs unpacking failed: ", take_unpack_error),
	FACTS_HEAD("rootfs image is not initramfs", take_not_initramfs),
	FACTS_HEAD("Run /", take_run),
};
const struct facts_patterns init_patterns = { patterns, sizeof patterns / sizeof *patterns };

/* ---- what the programs of early user space say, to the console or into the kernel's log ---- */

struct sign {
	struct slice text;
	const char *builder;     /* of the initramfs; NULL: says nothing about it */
	bool real_root;          /* the real root's user space speaks */
};

#define BUILDER(literal, builder) { { literal, sizeof(literal) - 1 }, builder, false }
#define REAL_ROOT(literal) { { literal, sizeof(literal) - 1 }, NULL, true }

static const struct sign signs[] = {
	BUILDER("Loading, please wait...", "initramfs-tools"),
	BUILDER("Begin: Loading essential drivers", "initramfs-tools"),
	BUILDER("Begin: Running /scripts/", "initramfs-tools"),
	BUILDER("Begin: Mounting root file system", "initramfs-tools"),
	BUILDER("(initramfs)", "initramfs-tools"),
	BUILDER("Gave up waiting for root ", "initramfs-tools"),
	BUILDER("dracut", "dracut"),
	BUILDER("systemd[1]: Running in initial RAM disk", "dracut"),
	BUILDER("systemd[1]: Running in initrd", "dracut"),
	BUILDER(":: running early hook", "mkinitcpio"),
	BUILDER(":: running hook", "mkinitcpio"),
	BUILDER("initramfs emergency recovery shell launched", "alpine"),
	BUILDER("Alpine Init ", "alpine"),
	BUILDER("Waiting for device /dev/", "suse"),
	REAL_ROOT("systemd[1]: Switching root"),
	REAL_ROOT("systemd[1]: Reached target graphical.target"),
	REAL_ROOT("systemd[1]: Reached target multi-user.target"),
	REAL_ROOT("systemd[1]: Startup finished"),
	REAL_ROOT("systemd-journald["),
};

static bool has_login_prompt(struct slice text)
{
	return slice_ends(slice_trim_right(text), SLICE(" login:"));
}

static void take_sign(struct facts_reader *reader, const struct sign *sign, uint64_t line)
{
	if (sign->builder) {
		fact_set_flag(reader, FACT_INITRD_RAN, true, line);
		if (!fact_is_known(reader, FACT_INITRD_BUILDER))
			fact_set_text(reader, FACT_INITRD_BUILDER, slice_of(sign->builder), line);
	} else if (!slice_starts(sign->text, SLICE("systemd-journald")) ||
		   !slice_is(facts_text(reader->facts, FACT_INITRD_BUILDER), "dracut")) {
		/* dracut's initramfs has a journald of its own. */
		fact_set_flag(reader, FACT_USERSPACE_RAN, true, line);
	}
}

void init_take_any(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice text = record->text;
	if (!text.len)
		return;
	if (has_login_prompt(text))
		fact_set_flag(reader, FACT_USERSPACE_RAN, true, record->line);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (signs[i].text.ptr[0] == text.ptr[0] && slice_starts(text, signs[i].text))
			take_sign(reader, &signs[i], record->line);
}

/* ---- exitcode= of "Attempted to kill init!": a wait status ---- */

static const char *signal_name(int64_t number)
{
	switch (number) {
	case 4: return "SIGILL";
	case 6: return "SIGABRT";
	case 7: return "SIGBUS";
	case 8: return "SIGFPE";
	case 9: return "SIGKILL";
	case 11: return "SIGSEGV";
	case 15: return "SIGTERM";
	default: return NULL;
	}
}

static struct slice exit_meaning(struct facts_reader *reader, int64_t code)
{
	int64_t number = code & 0x7f;
	if (!number)
		return arena_printf(reader->arena, "exit status %d", (int)(code >> 8 & 0xff));
	const char *name = signal_name(number);
	if (name)
		return arena_printf(reader->arena, "signal %d (%s)", (int)number, name);
	return arena_printf(reader->arena, "signal %d", (int)number);
}

void init_conclude(struct facts_reader *reader)
{
	const struct fact *panic = &reader->facts->values[FACT_PANIC_TEXT];
	struct slice rest;
	uint64_t code;
	if (panic->state == FACT_KNOWN && slice_starts(panic->text, SLICE("Attempted to kill init!")) &&
	    slice_after(panic->text, SLICE("exitcode=0x"), &rest) && slice_eat_hex(&rest, &code) && code <= 0xffff) {
		fact_set_number(reader, FACT_INIT_EXIT_CODE, (int64_t)code, panic->line);
		fact_set_text(reader, FACT_INIT_EXIT_MEANING, exit_meaning(reader, (int64_t)code), panic->line);
	}
	if (reader->boot->has_tools_text)
		fact_set_flag(reader, FACT_USERSPACE_RAN, true, 0);
	if (!reader->boot->record_count || reader->boot->losses)
		return;
	/* The whole log is here: what it does not say did not happen. */
	if (!fact_is_known(reader, FACT_INITRD_PASSED))
		fact_set_flag(reader, FACT_INITRD_PASSED, false, 0);
	if (!fact_is_known(reader, FACT_INITRD_UNPACKED))
		fact_set_text(reader, FACT_INITRD_UNPACKED, SLICE("no"), 0);
	if (!fact_is_known(reader, FACT_INITRD_RAN) && facts_number(reader->facts, FACT_KERNEL_VERSION, 0) >= 4019)
		fact_set_flag(reader, FACT_INITRD_RAN, false, 0);
}
