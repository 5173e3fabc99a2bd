/* Which of a VM's logs follow each other. Their names do not say it: hosted products number the
 * newest old log 0, ESXi gives it the highest number. The first stamp in each does.
 *
 * A log that begins with the header of a VMX process begins a run of the VM. ESXi goes on in a
 * new file whenever one has grown to log.rotateSize: such a file has no header, or the header of
 * the same process. */
#ifndef VMXLOG_ROTATION_H
#define VMXLOG_ROTATION_H

#include "vmxlog/reader.h"

/* Of a process: "ESX pid=81861 version=6.5.0 build=build-5969303". */
#define LOG_PROCESS_BYTES 160

struct log_head {
	struct slice name;   /* of the file; borrowed */
	enum log_format format;
	struct stamp first;  /* of its first framed line */
	char process[LOG_PROCESS_BYTES];
	size_t process_len;  /* 0: no header */
};

/* Reads a file's first bytes, up to DETECT_BYTES; `is_whole` says that there are no more. */
struct log_head log_head_read(struct slice name, struct slice bytes, bool is_whole);
/* The oldest first. */
void log_heads_sort(struct log_head *heads, size_t count);
/* True when a run begins with `head`; `before` is the log before it, NULL for the oldest. */
bool log_head_begins_run(const struct log_head *head, const struct log_head *before);

#endif
