/* JSON text cut into objects that hold no further object: the entries of a log, whether they
 * stand one on a line (journalctl -o json, jq -c), over many (json-pretty), or in the array of a
 * document (dmesg --json). Works on bytes; where lines end means nothing, but that a string
 * holds no line end: there the text is torn, and what is open is given up. */
#ifndef VMXLOG_JSON_CUTTER_H
#define VMXLOG_JSON_CUTTER_H

#include "base/buf.h"

struct json_cutter {
	struct buf object;      /* the last object, or the front of the one that is open */
	uint64_t line, offset;  /* of its '{'; lines are counted from 1 */
	uint64_t lines, bytes;  /* line ends and bytes seen so far */
	size_t depth;           /* of objects and arrays */
	bool is_open, in_string, is_escaped;
	bool ends_in_line;      /* the last byte was no line end */
	bool is_overlong;       /* the object was longer than the buffer's limit, and is not in it */
	bool any_object;        /* one was cut out */
	bool is_torn;           /* an object was given up; sticky */
};

enum json_cut {
	JSON_CUT_MORE,    /* the block is used up */
	JSON_CUT_OBJECT,  /* cutter->object holds one */
	JSON_CUT_FOREIGN, /* the next byte is none of JSON: nothing of it was taken */
};

void json_cutter_init(struct json_cutter *cutter);
void json_cutter_deinit(struct json_cutter *cutter);
/* Takes bytes off the front of *block up to the end of an object. */
enum json_cut json_cutter_next(struct json_cutter *cutter, struct slice *block);

#endif
