/* When boots failed: counted in equal spans of time, however many there are, and drawn as bars. */
#ifndef REPORT_HTML_TIMELINE_H
#define REPORT_HTML_TIMELINE_H

#include "report/html.h"

/* Bars that fit on a phone. */
#define HTML_TIMELINE_BARS 64
/* Failed boots have one of four verdicts. */
#define HTML_TIMELINE_VERDICTS 4

struct html_bar {
	uint64_t counts[HTML_TIMELINE_VERDICTS];
};

struct html_timeline {
	size_t span;            /* of a bar: the narrowest that takes all so far */
	int64_t first;          /* the first bar's number; a bar's number tells its time */
	size_t count;           /* up to the last bar with a failure in it; 0: none yet */
	struct html_bar bars[HTML_TIMELINE_BARS];
	uint64_t timed, untimed; /* failed boots; untimed: without a stamp that tells the year */
};

/* The verdicts, the worst first; the words of the contract. */
extern const char *const html_timeline_verdicts[HTML_TIMELINE_VERDICTS];

/* A failed boot; `stamp` in ISO 8601, empty when not known. */
void html_timeline_take(struct html_timeline *timeline, struct slice verdict, struct slice stamp);
/* The drawing and the same as a table. */
void html_timeline_write(struct html *html, const struct html_timeline *timeline);

#endif
