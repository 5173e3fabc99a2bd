#include "input/name_list.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"

bool name_list_open(struct name_list *list, const char *path, struct error *err)
{
	struct error why;
	*list = (struct name_list){ .name = BUF_INIT(NAME_LIST_NAME_BYTES + 1) };
	if (!input_open(&list->input, path, &why))
		return error_set(err, "no names can be read from it: it %s", why.text);
	list->block = malloc(INPUT_BLOCK_BYTES);
	/* From the start, so that a name that does not fit is one that is too long. */
	buf_repeat(&list->name, '\0', NAME_LIST_NAME_BYTES + 1);
	if (list->block && !list->name.failed)
		return true;
	name_list_close(list);
	return error_out_of_memory(err);
}

void name_list_close(struct name_list *list)
{
	input_close(&list->input);
	buf_deinit(&list->name);
	free(list->block);
	list->block = NULL;
}

/* What is in the block of the name that is being read; *is_whole when that is its end. */
static struct slice take_piece(struct name_list *list, bool *ret_is_whole)
{
	struct slice rest = { list->block + list->at, list->len - list->at }, piece = slice_until(rest, '\0');
	*ret_is_whole = piece.len < rest.len;
	list->at += piece.len + *ret_is_whole;
	return piece;
}

/* Reads on up to the next NUL, or the end. What is too long is left out of list->name, which has failed then. */
static bool read_name(struct name_list *list, bool *ret_is_there, struct error *err)
{
	bool is_whole = false;
	*ret_is_there = false;
	while (!is_whole) {
		if (list->at == list->len) {
			list->at = 0;
			if (!input_read(&list->input, list->block, INPUT_BLOCK_BYTES, &list->len, err))
				return false;
			if (!list->len)
				break;
		}
		buf_append(&list->name, take_piece(list, &is_whole));
		*ret_is_there = true;
	}
	buf_char(&list->name, '\0');
	list->is_ended = is_whole;
	return true;
}

/* What `ls` or `find` without -print0 writes. */
static bool is_lines(const struct name_list *list)
{
	return list->number == 1 && !list->is_ended && slice_find_char(buf_slice(&list->name), '\n') != SLICE_NOT_FOUND;
}

bool name_list_next(struct name_list *list, enum name_list_news *ret_news, struct slice *ret, struct error *err)
{
	bool is_there;
	*ret_news = NAME_LIST_ENDED;
	*ret = SLICE("");
	buf_clear(&list->name);
	list->name.failed = false;
	if (!read_name(list, &is_there, err))
		return false;
	if (!is_there)
		return true;
	list->number++;
	*ret_news = NAME_LIST_REFUSED;
	if (list->name.failed) {
		error_set(err, "name %" PRIu64 " is longer than %d bytes; names end in NUL, as find -print0 writes them",
			  list->number, NAME_LIST_NAME_BYTES);
	} else if (list->name.len == 1) {
		error_set(err, "name %" PRIu64 ": invalid zero-length file name", list->number);
	} else if (is_lines(list)) {
		error_set(err, "holds lines and no NUL; names end in NUL, as find -print0 writes them");
	} else {
		*ret_news = NAME_LIST_NAME;
		*ret = slice_take(buf_slice(&list->name), list->name.len - 1);
	}
	return true;
}
