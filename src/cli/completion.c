#include "cli/completion.h"

/* A row without help shares the line of the row behind it. */
static bool shares_help(size_t index)
{
	const struct option_row *row = option_row(index);
	return !row->help || (index && !option_row(index - 1)->help);
}

struct slice completion_brief(size_t index)
{
	const struct option_row *row = option_row(index);
	if (row->help && !(shares_help(index) && row->manual))
		return slice_of(row->help);
	struct slice manual = slice_of(row->manual);
	size_t end = slice_find(manual, SLICE(". "));
	if (end != SLICE_NOT_FOUND)
		manual = slice_take(manual, end);
	else if (slice_ends(manual, SLICE(".")))
		manual.len--;
	end = slice_find_char(manual, ':');
	return end == SLICE_NOT_FOUND ? manual : slice_take(manual, end);
}

const struct option_row *completion_next(enum command command, size_t *index)
{
	const struct option_row *row = option_row(*index);
	while (row && !(row->commands & IN(command)))
		row = option_row(++*index);
	return row;
}

void completion_quote(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_text(out, "'\\''");
		else
			buf_char(out, text.ptr[i]);
	}
}
