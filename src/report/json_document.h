/* The JSON document of schema vmpanic/1 while it is written: what `diagnose --format json` and
 * `scan --format json` have in common.
 *
 * The outer braces and brackets are written by hand as sources and boots come, so that only one boot
 * is in memory; each boot is a jansson tree. What is known of a source only at its end stands behind
 * its boots: the order of members means nothing in JSON. */
#ifndef REPORT_JSON_DOCUMENT_H
#define REPORT_JSON_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "report/report.h"

struct json_document {
	struct report_output output;
	struct buf text;     /* the piece of the document that is being made */
	bool any_source, any_boot, any_member, any_item;
	bool failed;         /* memory ran out for it */
	bool is_short;       /* and a member of it is missing */
};

/* A tree that is given is taken; NULL stands for one that could not be made for want of memory.
 *
 * The order of calls: begin, its own members, sources, for each source source_begin, boot ... and
 * source_end, then end. What returns bool has written what there is. What memory ran out for - a member, a
 * boot, a source that has not begun - is left out, so that the document can still be ended: that is told at
 * once, or of a member at the end. */
void json_document_begin(struct json_document *document, const struct report_output *output);
void json_document_member(struct json_document *document, const char *key, json_t *value);
void json_document_sources(struct json_document *document);
bool json_document_source_begin(struct json_document *document, json_t *path, struct error *err);
bool json_document_boot(struct json_document *document, json_t *boot, struct error *err);
/* The source's members but its boots; its path, which was written, may be one of them. */
bool json_document_source_end(struct json_document *document, json_t *source, struct error *err);
bool json_document_end(struct json_document *document, struct error *err);
void json_document_deinit(struct json_document *document);

/* An object of our own among its members that is too large for a tree, between begin and sources:
 * its members, or an array of them that comes item by item. */
void json_document_open(struct json_document *document, const char *key);
void json_document_members(struct json_document *document, json_t *object);
void json_document_open_array(struct json_document *document, const char *key);
bool json_document_item(struct json_document *document, json_t *item, struct error *err);
void json_document_close_array(struct json_document *document);
void json_document_close(struct json_document *document);

#endif
