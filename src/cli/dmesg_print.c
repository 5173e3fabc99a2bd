#include "base/limits.h"
#include "cli/dmesg.h"

/* Bytes that are sent at once. A record is at most a line, and escaped eight times that. */
#define SEND_BYTES (64 * KIB)
#define BYTES_MAX (1 * MIB)

static enum dmesg_time time_of(const struct options *options)
{
	static const enum dmesg_time times[] = {
		[TIME_CHOICE_NONE_GIVEN] = DMESG_TIME_SECONDS, [TIME_CHOICE_CTIME] = DMESG_TIME_CTIME,
		[TIME_CHOICE_RELTIME] = DMESG_TIME_RELTIME,    [TIME_CHOICE_DELTA] = DMESG_TIME_DELTA,
		[TIME_CHOICE_ISO] = DMESG_TIME_ISO,            [TIME_CHOICE_NOTIME] = DMESG_TIME_NONE,
	};
	if (options->human && options->time_choice == TIME_CHOICE_NONE_GIVEN)
		return DMESG_TIME_RELTIME;
	return times[options->time_choice];
}

void dmesg_printer_init(struct dmesg_printer *printer, const struct options *options, struct output *output)
{
	*printer = (struct dmesg_printer){
		.options = options,
		.output = output,
		.text.style = { .time = time_of(options), .shows_delta = options->show_delta, .raw = options->raw,
				.decode = options->decode, .color = output_wants_color(output, options->color) },
		.bytes = BUF_INIT(BYTES_MAX),
		.escaped = BUF_INIT(BYTES_MAX),
	};
}

void dmesg_printer_deinit(struct dmesg_printer *printer)
{
	buf_deinit(&printer->bytes);
	buf_deinit(&printer->escaped);
}

static bool send(struct dmesg_printer *printer, size_t enough, struct error *err)
{
	if (printer->bytes.failed)
		return error_out_of_memory(err);
	if (printer->bytes.len < enough)
		return true;
	output_write(printer->output, buf_slice(&printer->bytes));
	buf_clear(&printer->bytes);
	return true;
}

/* In front of a boot: its number and when it was. */
static void print_heading(struct dmesg_printer *printer, const struct boot *boot)
{
	struct stamp stamp = boot->dumped_at.kind != STAMP_NONE ? boot->dumped_at : boot->started_at;
	struct buf line = BUF_INIT(KIB);
	if (printer->options->json)
		return;
	buf_printf(&line, "boot %u", boot->number);
	if (stamp.kind != STAMP_NONE) {
		buf_char(&line, ' ');
		stamp_print(&line, stamp);
	}
	if (!boot->record_count)
		buf_text(&line, " no kernel text");
	dmesg_text_remark(&printer->text, &printer->bytes, buf_slice(&line));
	printer->bytes.failed |= line.failed;
	buf_deinit(&line);
}

/* What wall-clock times are worth. */
static void print_anchor(struct dmesg_printer *printer)
{
	enum dmesg_time time = printer->text.style.time;
	const struct kmsg_clock *clock = &printer->text.clock;
	struct buf line = BUF_INIT(KIB);
	bool is_shown = time == DMESG_TIME_CTIME || time == DMESG_TIME_ISO || time == DMESG_TIME_RELTIME;
	if (!is_shown || printer->options->json || !clock->is_of_dump || !clock->is_known)
		return;
	buf_text(&line, "wall-clock times are anchored on the dump of ");
	stamp_print(&line, clock->dump);
	buf_text(&line, " and drift with the guest's clock");
	dmesg_text_remark(&printer->text, &printer->bytes, buf_slice(&line));
	printer->bytes.failed |= line.failed;
	buf_deinit(&line);
}

static bool print_records(struct dmesg_printer *printer, const struct boot *boot, struct error *err)
{
	bool is_sent = true;
	for (size_t i = 0; is_sent && i < boot->record_count && !printer->output->is_gone; i++) {
		const struct kmsg_record *record = &boot->records[i];
		if (!dmesg_filter_keeps(&printer->filter, record))
			continue;
		if (printer->options->json)
			dmesg_json_record(printer, record, boot->number);
		else
			dmesg_text_record(&printer->text, &printer->bytes, record);
		is_sent = send(printer, SEND_BYTES, err);
	}
	return is_sent;
}

static void begin_document(struct dmesg_printer *printer)
{
	if (printer->options->json && !printer->is_begun)
		buf_text(&printer->bytes, "{\n   \"dmesg\": [");
	printer->is_begun = true;
}

bool dmesg_print_boot(struct dmesg_printer *printer, const struct boot *boot, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kmsg_clock clock;
	bool is_done = kmsg_clock_init(&clock, boot, &arena, err) &&
		       dmesg_filter_fits(printer->options, boot, &clock, err);
	if (is_done) {
		begin_document(printer);
		dmesg_text_begin(&printer->text, &clock);
		dmesg_filter_begin(&printer->filter, printer->options, &clock);
		if (printer->options->boot_choice == BOOT_CHOICE_ALL)
			print_heading(printer, boot);
		print_anchor(printer);
		is_done = print_records(printer, boot, err);
	}
	arena_deinit(&arena);
	return is_done;
}

bool dmesg_print_live(struct dmesg_printer *printer, const struct boot *boot, bool is_new, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kmsg_clock clock;
	bool is_done = kmsg_clock_init(&clock, boot, &arena, err);
	if (is_done && is_new) {
		dmesg_text_begin(&printer->text, &clock);
		dmesg_filter_begin(&printer->filter, printer->options, &clock);
		print_heading(printer, boot);
		print_anchor(printer);
	}
	if (is_done) {
		printer->text.clock = clock;
		printer->filter.clock = &clock;
		is_done = print_records(printer, boot, err) && send(printer, 1, err);
	}
	arena_deinit(&arena);
	return is_done;
}

bool dmesg_print_end(struct dmesg_printer *printer, struct error *err)
{
	if (printer->options->json && printer->is_begun)
		buf_text(&printer->bytes, printer->any_record ? "\n   ]\n}\n" : "]\n}\n");
	return send(printer, 1, err);
}
