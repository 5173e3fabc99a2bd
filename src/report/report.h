/* Diagnoses to bytes. One interface, one file for each format. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "base/error.h"
#include "diagnosis/diagnosis.h"

/* A source (one input) as reports show it; complete only when it has been read to its end. */
struct report_source {
	struct slice path;
	struct slice label;               /* "serial port 0": what it is beside its path; empty when that says it */
	struct source_parts parts;        /* when it was put together from files of the folder `path` */
	enum log_format format;
	bool is_complete;
	struct slice notes[16];
	size_t note_count;
	struct slice error;               /* empty when it was read */
	struct slice vm_name, vm_uuid;    /* empty when unknown */
	struct vmxlog_totals totals;
	unsigned boot_count;
};

struct report_options {
	bool color;
	unsigned width; /* columns; 100 unless the terminal is narrower */
	bool redact;    /* placeholders for names and identifiers: redact.h */
	const char *temporary; /* directory for what does not fit into memory */
};

/* Bytes out. False when they could not be written (the caller says why). */
struct report_output {
	void *user;
	bool (*write)(void *user, struct slice bytes);
};

struct report;

struct report_format {
	const char *name; /* "text", "json" */
	struct report *(*open)(const struct report_output *output, const struct report_options *options,
			       struct error *err);
	/* The order of calls: for each source source_begin, boot ..., source_end. What is known of
	 * the source only at its end is read in source_end. */
	bool (*source_begin)(struct report *report, const struct report_source *source, struct error *err);
	bool (*boot)(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		     struct error *err);
	bool (*source_end)(struct report *report, const struct report_source *source, struct error *err);
	/* Writes what is left and frees the report; `report` may be NULL. */
	bool (*close)(struct report *report, struct error *err);
};

extern const struct report_format report_text, report_json, report_ndjson;
/* By name; NULL when there is none. */
const struct report_format *report_format_find(struct slice name);

#endif
