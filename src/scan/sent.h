/* Files that the guest sent through its log (vmxlog/xferlog.h): set aside in memory while that
 * log is read, and sources of their own when it has been. One that is no log gets a note. */
#ifndef SCAN_SENT_H
#define SCAN_SENT_H

#include "base/limits.h"
#include "scan/sources.h"
#include "input/input.h"
#include "vmxlog/xferlog.h"

struct session;

/* All zero is valid: nothing was sent. */
struct sent {
	struct session *session;
	const struct vmxlog_sink *next;  /* takes all that the log says */
	struct vmxlog_sink sink;
	struct xferlog xferlog;
	struct source sources[XFERLOGS_MAX]; /* their text is the session's */
	size_t source_count;
	bool failed;                     /* memory ran out */
};

/* The sink to read a vmware.log with: hands everything on to `next`, which is borrowed. */
const struct vmxlog_sink *sent_begin(struct sent *sent, struct session *session, const struct vmxlog_sink *next);
/* The log has been read. Puts its notes to the session; false when memory ran out. */
bool sent_end(struct sent *sent);
/* Opens one of the sources at its beginning; closed with input_close. */
bool sent_open(const struct source *source, struct input *ret, struct error *err);
void sent_deinit(struct sent *sent);

#endif
