/* Lines of a source, in the file that they stand in. */
#include <inttypes.h>

#include "kmsg/boot.h"

struct source_place source_place(const struct source_parts *parts, uint64_t line, uint64_t offset)
{
	size_t at = parts->count;
	while (at && parts->items[at - 1].first_line > line)
		at--;
	if (!at)
		return (struct source_place){ .line = line, .offset = offset };
	const struct source_part *part = &parts->items[at - 1];
	return (struct source_place){ part->path, line - part->first_line + 1, offset - part->first_offset };
}

void source_place_print(struct buf *out, const struct source_parts *parts, uint64_t line)
{
	struct source_place place = source_place(parts, line, 0);
	buf_append(out, place.file);
	buf_printf(out, "%sline %" PRIu64, place.file.len ? " " : "", place.line);
}
