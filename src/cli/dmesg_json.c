/* The document of dmesg --json: {"dmesg": [{"pri": 6, "time": 0.000000, "msg": "..."}, ...]}.
 * Braces are written by hand as records come, so that none of them is held. */
#include <inttypes.h>

#include "base/escape.h"
#include "base/limits.h"
#include "cli/dmesg.h"
#include "kmsg/names.h"
#include "report/json_write.h"

#define INDENT "      "

static void put_text(struct dmesg_printer *printer, const char *key, struct slice text)
{
	struct buf *out = &printer->bytes;
	buf_clear(&printer->escaped);
	escape_utf8(&printer->escaped, text);
	json_t *value = json_stringn_nocheck(printer->escaped.len ? printer->escaped.ptr : "", printer->escaped.len);
	buf_printf(out, "\"%s\": ", key);
	json_write(out, value);
	out->failed |= printer->escaped.failed;
	json_decref(value);
}

/* With --decode in words. */
static void put_priority(struct dmesg_printer *printer, const struct kmsg_record *record)
{
	struct buf *out = &printer->bytes;
	const char *facility = kmsg_facility_name(record->facility), *level = kmsg_level_name(record->level);
	if (!(record->flags & KMSG_HAS_LEVEL)) {
		buf_text(out, "\"pri\": null");
		return;
	}
	if (!printer->options->decode || !facility || !level) {
		buf_printf(out, "\"pri\": %u", record->facility * 8u + record->level);
		return;
	}
	put_text(printer, "fac", slice_of(facility));
	buf_text(out, ", ");
	put_text(printer, "pri", slice_of(level));
}

static void put_time(struct dmesg_printer *printer, const struct kmsg_record *record)
{
	enum dmesg_time time = printer->text.style.time;
	struct buf wall = BUF_INIT(KIB);
	if (time == DMESG_TIME_NONE)
		return;
	if (time == DMESG_TIME_CTIME || time == DMESG_TIME_ISO)
		dmesg_text_wall(&printer->text.clock, time, &wall, record);
	buf_text(&printer->bytes, ", ");
	if (wall.len)
		put_text(printer, "time", buf_slice(&wall));
	else if (time == DMESG_TIME_SECONDS && (record->flags & KMSG_HAS_TIME))
		buf_printf(&printer->bytes, "\"time\": %" PRIu64 ".%06" PRIu64, record->time_ns / 1000000000,
			   record->time_ns / 1000 % 1000000);
	else
		buf_text(&printer->bytes, "\"time\": null");
	printer->bytes.failed |= wall.failed;
	buf_deinit(&wall);
}

void dmesg_json_record(struct dmesg_printer *printer, const struct kmsg_record *record, unsigned boot_number)
{
	struct buf *out = &printer->bytes;
	buf_text(out, printer->any_record ? ",\n" INDENT "{" : "\n" INDENT "{");
	printer->any_record = true;
	if (printer->options->boot_choice == BOOT_CHOICE_ALL)
		buf_printf(out, "\"boot\": %u, ", boot_number);
	put_priority(printer, record);
	put_time(printer, record);
	buf_text(out, ", ");
	if (record->caller.len) {
		put_text(printer, "caller", record->caller);
		buf_text(out, ", ");
	}
	put_text(printer, "msg", record->text);
	buf_char(out, '}');
}
