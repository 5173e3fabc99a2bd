/* The functions of the table of dialects. Each answers DIALECT_OTHER, and leaves the state as it
 * was, for a line that is not of its form; `ret` is a guest_line of unknown sender, priority and
 * time. A further dialect is one more of these and its row in dialect.c. */
#ifndef VMXLOG_DIALECT_ROWS_H
#define VMXLOG_DIALECT_ROWS_H

#include "vmxlog/dialect.h"

/* dialect_log.c: the journal and syslog */
enum dialect_answer dialect_syslog(struct dialect_state *state, struct slice line, struct guest_line *ret);
enum dialect_answer dialect_iso(struct dialect_state *state, struct slice line, struct guest_line *ret);
enum dialect_answer dialect_full(struct dialect_state *state, struct slice line, struct guest_line *ret);
enum dialect_answer dialect_unix(struct dialect_state *state, struct slice line, struct guest_line *ret);
enum dialect_answer dialect_monotonic(struct dialect_state *state, struct slice line, struct guest_line *ret);
/* `-- Boot 6f0c... --` and the like; they stand between lines of any of the journal's forms. */
bool dialect_is_journal_mark(struct dialect_state *state, struct slice line);

/* dialect_dmesg.c: util-linux dmesg, /dev/kmsg and netconsole, pstore */
enum dialect_answer dialect_dmesg(struct dialect_state *state, struct slice line, struct guest_line *ret);
enum dialect_answer dialect_kmsg(struct dialect_state *state, struct slice line, struct guest_line *ret);
enum dialect_answer dialect_pstore(struct dialect_state *state, struct slice line, struct guest_line *ret);
/* `[ secs.usecs]`, also with a delta behind it: `[ secs.usecs <  secs.usecs >]`. Sets the time. */
bool dialect_eat_time(struct slice *s, struct guest_line *ret);
/* `kern`, `info`: their numbers, -1 for a word that is none. */
int dialect_facility(struct slice word);
int dialect_level(struct slice word);

/* dialect_json.c: dmesg --json, journalctl -o json */
enum dialect_answer dialect_json(struct dialect_state *state, struct slice line, struct guest_line *ret);

#endif
