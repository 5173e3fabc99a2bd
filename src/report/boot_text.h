/* One boot for a person: the text report's inside. */
#ifndef REPORT_BOOT_TEXT_H
#define REPORT_BOOT_TEXT_H

#include "diagnosis/diagnosis.h"
#include "report/page.h"

/* The first lines of a boot's text. */
struct boot_head {
	enum verdict verdict;
	bool is_complete;
	struct slice title;
	struct slice items; /* of the second line, each ended by a newline */
};

/* The first line without its title: `PANIC (incomplete log)  `. Returns the column at which
 * further lines of the title begin. */
unsigned boot_text_verdict(struct page *page, enum verdict verdict, bool is_complete);
/* What the verdict's line says when the diagnosis has no title. */
struct slice boot_text_title(const struct diagnosis *diagnosis);
/* When it happened: the moment of the dump, else of the start; of kind STAMP_NONE when unknown. */
struct stamp boot_text_stamp(const struct boot *boot);
/* Adds what the second line says of the diagnosis: the cause, the kernel. */
void boot_text_describe(struct buf *items, const struct diagnosis *diagnosis);
void boot_text_head(struct page *page, const struct boot_head *head);
/* All that stands below the head, a few lines for a clean boot. */
void boot_text_body(struct page *page, const struct diagnosis *diagnosis);

#endif
