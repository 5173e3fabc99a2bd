/* One boot for a person: the text report's inside. */
#ifndef REPORT_BOOT_TEXT_H
#define REPORT_BOOT_TEXT_H

#include "diagnosis/diagnosis.h"
#include "report/page.h"

/* The boot's first line without its title: `PANIC (incomplete log)  `. Returns the column at
 * which further lines of the title begin. */
unsigned boot_text_verdict(struct page *page, enum verdict verdict, bool is_complete);
/* What the verdict's line says when the diagnosis has no title. */
struct slice boot_text_title(const struct diagnosis *diagnosis);
/* When it happened: the moment of the dump, else of the start; of kind STAMP_NONE when unknown. */
struct stamp boot_text_stamp(const struct boot *boot);
/* The whole report of a boot: a few lines for a clean one. */
void boot_text_write(struct page *page, const struct diagnosis *diagnosis);

#endif
