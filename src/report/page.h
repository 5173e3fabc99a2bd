/* Lines for a person: escaping, colour, wrapping and cutting in one place, so that no text of a
 * guest can reach a terminal by another way. Columns are counted from 0. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"

enum style {
	STYLE_PLAIN,
	STYLE_HEADING,
	STYLE_PANIC,
	STYLE_FAILURE,
	STYLE_GOOD,
	STYLE_ANSWER,
	STYLE_CAUTION,
	STYLE_DANGER,
	STYLE_COMMAND,
	STYLE_DIM,
};

struct redactor;

struct page {
	struct buf out;
	struct buf scratch;    /* escaped text on its way out */
	struct buf redacted;
	struct redactor *redactor; /* borrowed; NULL: nothing is redacted */
	unsigned column;       /* of the line that is being written */
	unsigned width;
	bool color;
};

void page_init(struct page *page, unsigned width, bool color);
void page_deinit(struct page *page);
bool page_failed(const struct page *page);

/* Text of any origin, escaped, on the current line. */
void page_put(struct page *page, enum style style, struct slice text);
/* The same, at most so many columns of it. */
void page_put_within(struct page *page, enum style style, unsigned columns, struct slice text);
/* The same from a format of ours. */
__attribute__((format(printf, 3, 4)))
void page_printf(struct page *page, enum style style, const char *format, ...);
/* Blanks up to a column, at least one between two words. */
void page_column(struct page *page, unsigned column);
/* Ends the line; blanks at its end are dropped. */
void page_newline(struct page *page);

/* From the current column on, in words; further lines begin at `indent`. A newline in the text
 * begins a new line. A word longer than a line is broken. Ends without a newline. */
void page_wrap(struct page *page, enum style style, unsigned indent, struct slice text);
/* At most so many lines of it, "..." when that is not all; what fits on the line keeps its blanks. */
void page_wrap_lines(struct page *page, enum style style, unsigned indent, unsigned lines, struct slice text);
/* Items, one a line of `text`, with commas between: none of them is broken that fits on a line. */
void page_items(struct page *page, enum style style, unsigned indent, struct slice text);
/* What fits on the rest of the line, "..." when that is not all, and a newline. */
void page_cut(struct page *page, enum style style, struct slice text);
/* Whole, however long: what is to be copied. Each line of it begins at `indent`; ends with a newline. */
void page_verbatim(struct page *page, enum style style, unsigned indent, struct slice text);

#endif
