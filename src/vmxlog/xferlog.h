/* Files that the guest sent through its log with vmware-xferlogs: guest lines to files.
 *
 *	>Logfile Begins : /var/log/messages: ver - 1
 *	>base64 of 57 bytes
 *	>Logfile Ends
 *
 * Lines of other senders may stand in between. What is damaged or missing is a flag of the file;
 * what was decoded around it is handed out. */
#ifndef VMXLOG_XFERLOG_H
#define VMXLOG_XFERLOG_H

#include "base/buf.h"
#include "vmxlog/reader.h"

struct xferlog_file {
	struct slice path;      /* as the guest names it; may be empty */
	struct slice bytes;     /* decoded; the first XFERLOG_BYTES of it */
	uint64_t sent_bytes;    /* of all that was decoded */
	uint64_t line;          /* of its beginning, in the log */
	bool is_damaged;        /* a line is no base64, or the host dropped lines */
	bool is_cut;            /* its end did not come: the log ended, or another file began */
};

struct xferlog {
	void *user;
	void (*take)(void *user, const struct xferlog_file *file);
	size_t limit;           /* so many files are handed out */
	size_t file_count;      /* that have begun; those beyond `limit` were left out */
	bool any_headless;      /* data came in front of which no beginning stands */
	bool is_open;
	struct xferlog_file file; /* that is open; path and bytes only while it is handed out */
	struct buf path, bytes;
};

/* `take` borrows the file until it returns. */
void xferlog_init(struct xferlog *xferlog, size_t limit, void *user,
		  void (*take)(void *user, const struct xferlog_file *file));
/* Lines of other senders than GUEST_XFERLOG are passed over. */
void xferlog_take_line(struct xferlog *xferlog, const struct guest_line *line);
/* The host dropped guest text: of the file that is open, too. */
void xferlog_mark_dropped(struct xferlog *xferlog);
/* The log has ended. False when memory ran out at any time before: a file may lack bytes. */
bool xferlog_finish(struct xferlog *xferlog);
void xferlog_deinit(struct xferlog *xferlog);

#endif
