/* Boots and sources as trees of jansson: what the JSON document and the lines of NDJSON have in
 * common. The shapes are those of the contract, schema vmpanic/1 (doc/vmpanic-1.schema.json). */
#ifndef REPORT_JSON_TREE_H
#define REPORT_JSON_TREE_H

#include <jansson.h>

#include "report/history.h"
#include "report/redact.h"
#include "report/report.h"

struct json_maker {
	struct buf escaped;        /* one string on its way into the tree */
	struct buf redacted;       /* the same before */
	struct redactor *redactor; /* NULL: nothing is redacted */
	struct history history;    /* of the source whose boots are being made */
	bool failed;               /* memory ran out while a tree was built; sticky */
};

bool json_maker_init(struct json_maker *maker, const struct report_options *options, struct error *err);
void json_maker_deinit(struct json_maker *maker);
/* Another source begins. */
void json_maker_begin(struct json_maker *maker, const struct report_source *source);
/* Memory ran out in anything since the last json_maker_forgive: trees made since are not whole. */
bool json_maker_failed(const struct json_maker *maker);
void json_maker_forgive(struct json_maker *maker);

/* The caller owns what these return; NULL when memory is out. A boot is taken into the history. */
json_t *json_maker_text(struct json_maker *maker, struct slice text);
json_t *json_maker_boot(struct json_maker *maker, const struct diagnosis *diagnosis);
/* What is known of a source when it has been read: everything but its boots. */
json_t *json_maker_source(struct json_maker *maker, const struct report_source *source);

#endif
