/* A list of file names with a NUL behind each, as `find -print0` writes it: the source of
 * --files0-from. It is read as it comes; however many names it holds, one is held. */
#ifndef INPUT_NAME_LIST_H
#define INPUT_NAME_LIST_H

#include "base/buf.h"
#include "input/input.h"

struct name_list {
	struct input input;
	char *block;
	size_t at, len;   /* what was taken of the block; what was read into it */
	struct buf name;
	uint64_t number;  /* of the name that came last, from 1 */
	bool is_ended;    /* that one, by a NUL */
};

enum name_list_news {
	NAME_LIST_NAME,
	/* One that can name no file: empty, over NAME_LIST_NAME_BYTES, or lines without any NUL; *err says which. */
	NAME_LIST_REFUSED,
	NAME_LIST_ENDED,
};

/* "-" is standard input. Errors do not name the list, and name_list_close() is needed only after success. */
bool name_list_open(struct name_list *list, const char *path, struct error *err);
/* The next one; *ret is borrowed until the next call, and a NUL stands behind it. The last name needs none
 * in the list. False when reading failed: nothing more will come. */
bool name_list_next(struct name_list *list, enum name_list_news *ret_news, struct slice *ret, struct error *err);
void name_list_close(struct name_list *list);

#endif
