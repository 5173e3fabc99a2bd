/* Kernel text in the forms that tools write it: dmesg and its options, the journal, syslog,
 * netconsole, pstore, JSON.
 *
 * Each form is a dialect: a row of a table with one function that tells a line of the form from
 * any other text and takes it apart. A line belongs to the dialect of the line before it, if it
 * fits; else to the first that knows it; else to none, and then it is plain kernel or console
 * text. So a file may hold several forms, one behind the other (sosreport, rdsosreport.txt).
 *
 * What a dialect makes of a line is a guest_line:
 *  - the kernel's lines are GUEST_KERNEL, with priority and time where the form has them;
 *  - a program's are GUEST_CONSOLE and read `systemd[1]: text`;
 *  - `host` is the wall clock of the line. A form that has the wall clock only (dmesg -T, the
 *    journal's short form) leaves the time since boot unset: the clock of a booting guest is set
 *    from the network and jumps, and a time made of it would split boots where none begins. */
#ifndef VMXLOG_DIALECT_H
#define VMXLOG_DIALECT_H

#include "base/buf.h"
#include "vmxlog/reader.h"

/* A host name has at most 253 characters. */
#define DIALECT_HOST_BYTES 256
/* _BOOT_ID of the journal is a 128-bit number in hex. */
#define DIALECT_BOOT_ID_BYTES 32

struct dialect;

/* All zero but for the buffer's limit (dialect_init) is the state before the first line. */
struct dialect_state {
	const struct dialect *dialect; /* of the last line that was of any */
	char host[DIALECT_HOST_BYTES]; /* the journal's; programs that do not tell their PID are known by it */
	size_t host_len;
	bool is_hostless;              /* journalctl --no-hostname */
	char boot_id[DIALECT_BOOT_ID_BYTES];
	size_t boot_id_len;
	bool boot_begins;              /* said so; goes with the next line */
	size_t indent;                 /* of the follow-ups of the last line; 0: none can come */
	bool follow_ups_are_data;      /* the dictionary of a record of /dev/kmsg, not words of it */
	enum guest_sender last_sender;
	struct slice dump;             /* DIALECT_PART: "Panic#1", of the line */
	uint64_t part;
	struct buf scratch;            /* text that does not stand in the line as it is */
};

enum dialect_answer {
	DIALECT_OTHER,   /* of no dialect */
	DIALECT_LINE,    /* *ret is filled in; its text may hold newlines */
	DIALECT_NOTHING, /* a line of the form that says nothing */
	DIALECT_PART,    /* pstore: a part of a dump begins, see state->dump and ->part */
};

void dialect_init(struct dialect_state *state);
void dialect_deinit(struct dialect_state *state);
/* Memory ran out at any time before is seen in state->scratch.failed. */
enum dialect_answer dialect_take(struct dialect_state *state, struct slice line, struct guest_line *ret);
/* The same of an object of JSON that was cut out of a document. */
enum dialect_answer dialect_take_object(struct dialect_state *state, struct slice object, struct guest_line *ret);
/* "syslog", "dmesg" ...; NULL before the first line that is of any. */
const char *dialect_name(const struct dialect_state *state);

#endif
