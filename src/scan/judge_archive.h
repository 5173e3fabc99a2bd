/* The members of an archive as sources, each judged like a file. */
#ifndef SCAN_JUDGE_ARCHIVE_H
#define SCAN_JUDGE_ARCHIVE_H

#include "base/slice.h"
#include "input/input.h"

/* For session->take_archive: `judge` is a struct judge, whose session is that of the archive. A member's
 * path is that of the archive, "!/" and its name inside. False when not all of it could be read. */
bool judge_archive(void *judge, struct input *input, struct slice head, struct error *err);

#endif
