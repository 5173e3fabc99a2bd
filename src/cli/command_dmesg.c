#include "cli/command.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"
#include "cli/output.h"
#include "cli/session.h"

/* A boot holds at most some 6 MiB of text; escaped, a byte may become four. */
#define DMESG_BYTES (64 * MIB)

struct printer {
	const struct options *options;
	struct output *output;
	struct buf text;      /* of the boot that is to be printed */
	bool has_boot;
	uint64_t let_go_count; /* of its records */
	bool has_failed;
};

static bool is_wanted(const struct printer *printer, const struct boot *boot)
{
	switch (printer->options->boot_choice) {
	case BOOT_CHOICE_LAST:
		return boot->record_count != 0;
	case BOOT_CHOICE_NUMBER:
		return boot->record_count != 0 && boot->number == printer->options->boot_number;
	case BOOT_CHOICE_ALL:
		break;
	}
	return true;
}

static void put_header(struct buf *out, const struct boot *boot)
{
	struct stamp stamp = boot->dumped_at.kind != STAMP_NONE ? boot->dumped_at : boot->started_at;
	buf_printf(out, "# boot %u", boot->number);
	if (stamp.kind != STAMP_NONE) {
		buf_char(out, ' ');
		stamp_print(out, stamp);
	}
	buf_printf(out, boot->record_count ? "\n" : " no kernel text\n");
}

static void put_record(struct buf *out, const struct kmsg_record *record, bool is_raw)
{
	if (is_raw && (record->flags & KMSG_HAS_LEVEL))
		buf_printf(out, "<%u>", record->facility * 8u + record->level);
	if (record->flags & KMSG_HAS_TIME)
		buf_printf(out, "[%5" PRIu64 ".%06" PRIu64 "]", record->time_ns / 1000000000,
			   record->time_ns / 1000 % 1000000);
	if (record->caller.len)
		buf_printf(out, "[%*s%.*s]", record->caller.len < 6 ? 6 - (int)record->caller.len : 0, "",
			   SLICE_ARG(record->caller));
	if ((record->flags & KMSG_HAS_TIME) || record->caller.len)
		buf_char(out, ' ');
	escape_terminal(out, record->text);
	buf_char(out, '\n');
}

static void send_text(struct printer *printer)
{
	if (!printer->text.failed)
		printer->has_failed |= !output_write(printer->output, buf_slice(&printer->text));
	buf_clear(&printer->text);
}

/* Of several boots only the last is known to be the last when all have come. */
static void take_boot(void *user, const struct boot *boot)
{
	struct printer *printer = user;
	if (!is_wanted(printer, boot) || printer->has_failed)
		return;
	printer->has_boot = true;
	printer->let_go_count = boot->let_go_count;
	buf_clear(&printer->text);
	if (printer->options->boot_choice == BOOT_CHOICE_ALL)
		put_header(&printer->text, boot);
	for (size_t i = 0; i < boot->record_count; i++)
		put_record(&printer->text, &boot->records[i], printer->options->raw);
	if (printer->options->boot_choice != BOOT_CHOICE_LAST)
		send_text(printer);
}

static bool explain_missing(const struct printer *printer, const char *path)
{
	char text[96];
	snprintf(text, sizeof(text), "%" PRIu64 " records in the middle were left out", printer->let_go_count);
	if (printer->let_go_count)
		complain(path, text);
	if (printer->has_boot)
		return true;
	complain(path, printer->options->boot_choice == BOOT_CHOICE_NUMBER ? "has no boot of that number with kernel text"
									   : "holds no kernel text of the guest");
	return false;
}

static bool print_path(struct printer *printer, const char *path)
{
	struct session session;
	/* Records of a huge boot are let go without regard to what a diagnosis would need. */
	const struct boot_sink sink = { printer, take_boot, NULL };
	session_init(&session, path);
	bool is_done = session_read(&session, &sink);
	send_text(printer);
	if (!is_done)
		complain(path, session.source.error.ptr);
	else
		is_done = explain_missing(printer, path);
	if (session.limit_reached)
		is_done = false;
	if (printer->text.failed) {
		complain(path, printer->text.len > DMESG_BYTES / 2 ? "is too large to print" : "out of memory");
		is_done = false;
	}
	session_deinit(&session);
	return is_done;
}

enum exit_status command_dmesg(const struct options *options)
{
	struct output output;
	struct error err;
	if (options->operand_count != 1) {
		complain(NULL, "dmesg takes one log, or - for standard input; see vmpanic dmesg --help");
		return EXIT_TROUBLE;
	}
	struct printer printer = { .options = options, .output = &output, .text = BUF_INIT(DMESG_BYTES) };
	output_open(&output, NULL, &err);
	bool is_done = print_path(&printer, options->operands[0]);
	if (!output_close(&output, true, &err)) {
		complain("standard output", err.text);
		is_done = false;
	}
	buf_deinit(&printer.text);
	return is_done ? EXIT_WELL : EXIT_TROUBLE;
}
