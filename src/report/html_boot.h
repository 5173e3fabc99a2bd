/* What a page tells of one boot that failed, from its line of NDJSON. */
#ifndef REPORT_HTML_BOOT_H
#define REPORT_HTML_BOOT_H

#include <jansson.h>

#include "report/html.h"

/* When it ended, else when it began; empty when not known. */
struct slice html_boot_stamp(const json_t *boot);

/* Disks, evidence, causes, repair, source. Any member may be null. */
void html_boot_details(struct html *html, const json_t *boot);

#endif
