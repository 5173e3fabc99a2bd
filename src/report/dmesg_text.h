/* Kernel records as dmesg(1) prints them: its time formats, its columns, its colours. */
#ifndef REPORT_DMESG_TEXT_H
#define REPORT_DMESG_TEXT_H

#include "base/buf.h"
#include "kmsg/clock.h"

enum dmesg_time {
	DMESG_TIME_SECONDS, /* [   12.345678] since boot */
	DMESG_TIME_CTIME,   /* [Sat Feb 21 18:13:03 2026] */
	DMESG_TIME_RELTIME, /* [Feb21 18:13] where a minute begins, else [  +0.000123] */
	DMESG_TIME_DELTA,   /* [<    0.000123>] since the record before */
	DMESG_TIME_ISO,     /* 2026-02-21T18:13:03,929123+00:00 */
	DMESG_TIME_NONE,
};

struct dmesg_style {
	enum dmesg_time time;
	bool shows_delta; /* beside the time */
	bool raw;         /* <6> before the record */
	bool decode;      /* "kern  :info  : " before it */
	bool color;
};

/* One log on its way out. */
struct dmesg_text {
	struct dmesg_style style;
	struct kmsg_clock clock; /* of the boot that is being printed */
	bool has_time;           /* a record with a time was printed */
	uint64_t last_ns;        /* its time */
	int64_t minute;          /* the one in which [Feb21 18:13] was printed last */
};

/* Forgets what was printed before: a boot begins. What `clock` points at is borrowed. */
void dmesg_text_begin(struct dmesg_text *text, const struct kmsg_clock *clock);
/* One line for the record, escaped for a terminal. */
void dmesg_text_record(struct dmesg_text *text, struct buf *out, const struct kmsg_record *record);
/* A line that is none of the log's: "# ...". */
void dmesg_text_remark(const struct dmesg_text *text, struct buf *out, struct slice remark);

/* A record's wall-clock time as ctime or iso without brackets; nothing when it is not known. */
void dmesg_text_wall(const struct kmsg_clock *clock, enum dmesg_time time, struct buf *out,
		     const struct kmsg_record *record);

#endif
