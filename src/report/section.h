/* What the sections of a boot's text share: headings, paragraphs, and places in a source. */
#ifndef REPORT_SECTION_H
#define REPORT_SECTION_H

#include "diagnosis/diagnosis.h"
#include "report/page.h"

/* Column of everything below a heading. */
#define SECTION_COLUMN 2

/* An empty line and the heading. */
void section_heading(struct page *page, const char *title);
/* Heading and text; nothing for an empty text. */
void section_paragraph(struct page *page, const char *title, enum style style, struct slice text);

/* Widths of the places in front of a list's lines. */
struct place_widths {
	int file, line;
};

#define PLACE_WIDTHS_INIT ((struct place_widths){ 0, 1 })
void section_measure_place(struct place_widths *widths, const struct diagnosis *diagnosis, uint64_t line);
/* "line  812  ", or "vmware-3.log line  812  ", from the current column on; blanks for line 0. */
void section_put_place(struct page *page, const struct diagnosis *diagnosis, uint64_t line, struct place_widths widths);

/* Writes nothing when the diagnosis has none. */
void section_timeline(struct page *page, const struct diagnosis *diagnosis);
void section_explanation(struct page *page, const struct diagnosis *diagnosis);

#endif
