/* HTML, written piece by piece: memory stays small however long the page gets. Text of any origin
 * passes html_text or a place in html_fill, which escape it (base/escape.h); everything else is
 * markup that stands in our own sources. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/fleet_parts.h"

struct html {
	struct fleet_writer writer; /* whole lines of the page leave it */
	uint64_t sent;              /* bytes */
};

void html_init(struct html *html, const struct report_output *output, struct error *err);
/* Sends what is left, also of a page that could not be made whole; false then, or when it cannot be sent. */
bool html_finish(struct html *html, bool is_made);
/* Memory out, or nothing more can be written: what follows would be for nothing. */
bool html_failed(const struct html *html);
/* Bytes of the page so far. */
uint64_t html_len(const struct html *html);

/* Markup of ours. */
void html_raw(struct html *html, const char *markup);
/* The same with numbers and words of ours, never with text of another origin. */
__attribute__((format(printf, 2, 3)))
void html_printf(struct html *html, const char *format, ...);
/* Text, for the content of an element or inside the quotes of an attribute. Of a longer one than
 * HTML_TEXT_BYTES the front, and how much more there was. */
void html_text(struct html *html, struct slice text);
/* Markup of ours, in which each @ is the place of the next text: html_fill(html, "<b>@</b>", name). */
#define html_fill(html, markup, ...) html_fill_texts(html, markup, (const struct slice[]){ __VA_ARGS__ })
void html_fill_texts(struct html *html, const char *markup, const struct slice *texts);

/* "12,345" */
void html_count(struct html *html, uint64_t count);
/* "1 boot", "12,345 boots" */
void html_counted(struct html *html, uint64_t count, const char *noun);
/* A stamp with a year; one without a time zone counts as UTC. False for others. */
bool html_read_stamp(struct slice text, struct stamp *ret);
/* A <time> of such a stamp, "2025-02-18 22:04:17 UTC"; a stamp of another form as it is. */
void html_time(struct html *html, struct slice stamp);
/* Paragraphs of our own prose: a newline begins a paragraph, `words` are code. */
void html_prose(struct html *html, struct slice text);

#endif
