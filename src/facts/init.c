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

/* ---- what the programs of early user space say, to the console or into the kernel's log ---- */

/* One that builds the initramfs. */
static void built_by(struct facts_reader *reader, const struct kmsg_record *record, struct slice builder)
{
	fact_set_flag(reader, FACT_INITRD_RAN, true, record->line);
	if (!fact_is_known(reader, FACT_INITRD_BUILDER))
		fact_set_text(reader, FACT_INITRD_BUILDER, builder, record->line);
}

static void take_initramfs_tools(struct facts_reader *reader, const struct kmsg_record *record)
{
	built_by(reader, record, SLICE("initramfs-tools"));
}

static void take_dracut(struct facts_reader *reader, const struct kmsg_record *record)
{
	built_by(reader, record, SLICE("dracut"));
}

static void take_mkinitcpio(struct facts_reader *reader, const struct kmsg_record *record)
{
	built_by(reader, record, SLICE("mkinitcpio"));
}

static void take_alpine(struct facts_reader *reader, const struct kmsg_record *record)
{
	built_by(reader, record, SLICE("alpine"));
}

static void take_suse(struct facts_reader *reader, const struct kmsg_record *record)
{
	built_by(reader, record, SLICE("suse"));
}

/* The real root's user space speaks. */
static void take_user_space(struct facts_reader *reader, const struct kmsg_record *record)
{
	fact_set_flag(reader, FACT_USERSPACE_RAN, true, record->line);
}

/* dracut's initramfs has a journald of its own. */
static void take_journald(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (!slice_is(facts_text(reader->facts, FACT_INITRD_BUILDER), "dracut"))
		take_user_space(reader, record);
}

void init_take_any(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (slice_ends(slice_trim_right(record->text), SLICE(" login:")))
		take_user_space(reader, record);
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
	FACTS_HEAD_ANY("Loading, please wait...", take_initramfs_tools),
	FACTS_HEAD_ANY("Begin: Loading essential drivers", take_initramfs_tools),
	FACTS_HEAD_ANY("Begin: Running /scripts/", take_initramfs_tools),
	FACTS_HEAD_ANY("Begin: Mounting root file system", take_initramfs_tools),
	FACTS_HEAD_ANY("(initramfs)", take_initramfs_tools),
	FACTS_HEAD_ANY("Gave up waiting for root ", take_initramfs_tools),
	FACTS_HEAD_ANY("dracut", take_dracut),
	FACTS_HEAD_ANY("systemd[1]: Running in initial RAM disk", take_dracut),
	FACTS_HEAD_ANY("systemd[1]: Running in initrd", take_dracut),
	FACTS_HEAD_ANY(":: running early hook", take_mkinitcpio),
	FACTS_HEAD_ANY(":: running hook", take_mkinitcpio),
	FACTS_HEAD_ANY("initramfs emergency recovery shell launched", take_alpine),
	FACTS_HEAD_ANY("Alpine Init ", take_alpine),
	FACTS_HEAD_ANY("Waiting for device /dev/", take_suse),
	FACTS_HEAD_ANY("systemd[1]: Switching root", take_user_space),
	FACTS_HEAD_ANY("systemd[1]: Reached target graphical.target", take_user_space),
	FACTS_HEAD_ANY("systemd[1]: Reached target multi-user.target", take_user_space),
	FACTS_HEAD_ANY("systemd[1]: Startup finished", take_user_space),
	FACTS_HEAD_ANY("systemd-journald[", take_journald),
};
const struct facts_patterns init_patterns = { patterns, sizeof patterns / sizeof *patterns };

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
