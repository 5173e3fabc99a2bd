/* What the completions of all shells have in common. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/option_table.h"

/* One line about the option at `index` of the table: its help, or, when it shares that with
 * another option, the first sentence of its manual. Without newlines or colons at its end. */
struct slice completion_brief(size_t index);
/* The next option of a command at or behind *index; NULL at the end. */
const struct option_row *completion_next(enum command command, size_t *index);
/* Inside the single quotes of a shell that has no escapes there. */
void completion_quote(struct buf *out, struct slice text);

#endif
