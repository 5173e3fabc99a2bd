/* Private to the dmesg command: which records it prints, and how. */
#ifndef CLI_DMESG_H
#define CLI_DMESG_H

#include "cli/options.h"
#include "cli/output.h"
#include "kmsg/boot.h"
#include "report/dmesg_text.h"

/* Chooses records, one after the other. */
struct dmesg_filter {
	const struct options *options;
	const struct kmsg_clock *clock;
	struct kmsg_record timed; /* the last one that tells a time: text without one is of its moment */
	bool has_timed;
	bool kept_last;           /* further lines of a record go with it */
};

void dmesg_filter_begin(struct dmesg_filter *filter, const struct options *options, const struct kmsg_clock *clock);
bool dmesg_filter_keeps(struct dmesg_filter *filter, const struct kmsg_record *record);
/* False, and why, when the boot's records do not tell what the options choose by. */
bool dmesg_filter_fits(const struct options *options, const struct boot *boot, const struct kmsg_clock *clock,
		       struct error *err);

/* The document that is being written. */
struct dmesg_printer {
	const struct options *options;
	struct output *output;
	struct dmesg_text text;
	struct dmesg_filter filter;
	struct buf bytes;     /* on their way out */
	struct buf escaped;   /* a text on its way into JSON */
	bool is_begun, any_record; /* of the JSON document */
};

void dmesg_printer_init(struct dmesg_printer *printer, const struct options *options, struct output *output);
void dmesg_printer_deinit(struct dmesg_printer *printer);
/* False, and why, when the boot cannot be printed as it was asked for. A failed write is the
 * output's to tell. */
bool dmesg_print_boot(struct dmesg_printer *printer, const struct boot *boot, struct error *err);
/* Records that came later and are sent at once: of a boot that is new, behind a heading, or of the
 * one that was printed last. */
bool dmesg_print_live(struct dmesg_printer *printer, const struct boot *boot, bool is_new, struct error *err);
/* Ends the document and sends what is left. */
bool dmesg_print_end(struct dmesg_printer *printer, struct error *err);

/* An object for the record, behind the comma that stands between two. */
void dmesg_json_record(struct dmesg_printer *printer, const struct kmsg_record *record, unsigned boot_number);

/* Picks, of the boots of a log, those that were asked for. */
struct dmesg_chooser {
	struct dmesg_printer *printer;
	struct arena arena;      /* owns the records of `kept` */
	struct boot kept;        /* the last boot with text so far: the last of all is known at the end */
	bool has_kept, has_boot, has_failed;
	uint64_t let_go_count;   /* records that were left out of what was printed */
	struct error err;
};

/* For a boot_sink. */
void dmesg_chooser_take(void *chooser, const struct boot *boot);
/* Prints what was kept. False when a boot could not be printed; err says why. */
bool dmesg_chooser_end(struct dmesg_chooser *chooser);
/* Says on standard error how many records of it were left out, if any were. */
void dmesg_chooser_explain(const struct dmesg_chooser *chooser, const char *path);
void dmesg_chooser_deinit(struct dmesg_chooser *chooser);

/* Prints the boot that was asked for, then what comes, until SIGINT or SIGTERM, the end of a
 * pipe, or until nobody reads the output. */
bool dmesg_follow(struct dmesg_printer *printer, const char *path, struct error *err);

#endif
