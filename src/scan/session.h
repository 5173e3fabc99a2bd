/* One source through the floors: bytes to lines to boots, and what is to be said of it. */
#ifndef SCAN_SESSION_H
#define SCAN_SESSION_H

#include "base/arena.h"
#include "scan/errand.h"
#include "scan/sent.h"
#include "scan/sources.h"
#include "kmsg/boot.h"
#include "report/report.h"

struct session {
	struct arena arena;           /* owns the text of `source` */
	const struct source *what;    /* what is to be read; borrowed */
	struct report_source source;  /* path from the start, the rest when it has been read */
	struct source_part *parts;    /* of source.parts, while they come */
	bool limit_reached;           /* a bound of limits.h cut the source short */
	bool is_other;                /* it was read and is no log, or empty */
	bool has_shrunk;              /* a file of it ended before the limit that the source has for it */
	bool is_archive;              /* it is one, and no log itself */
	/* Reads the archive that the source turned out to be; `head` was read of the input already. NULL: an
	 * archive is refused. */
	bool (*take_archive)(void *user, struct input *input, struct slice head, struct error *err);
	void *user;
	char *block;                  /* to read into, INPUT_BLOCK_BYTES; borrowed; NULL: it has one of its own */
	const struct errands *errands; /* whom others may help with a large file; NULL: nobody */
	_Atomic uint64_t *bytes;      /* counts what was read while it is; NULL: nobody asks */
	struct sent sent;             /* when it has been read: further sources that it held */
};

/* `what` is borrowed until session_deinit; a session that was begun stays where it is. */
void session_init_source(struct session *session, const struct source *what);
/* Reads the source to its end and hands its boots to the sink. False when it could not be read
 * as a whole; source.error then says why, and boots may have come all the same. */
bool session_read(struct session *session, const struct boot_sink *sink);
/* The source could not be done as a whole, and why; the first reason stays. Always false. */
bool session_fail(struct session *session, const struct error *err);
/* A boot of it is known to be short. */
void session_mark_incomplete(struct session *session);
/* One more line about the source as a whole. */
__attribute__((format(printf, 2, 3)))
void session_note(struct session *session, const char *format, ...);
void session_deinit(struct session *session);

#endif
