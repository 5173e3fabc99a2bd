/* Lines of kernel text - a console, dmesg, the journal, pstore - to guest lines. */
#ifndef VMXLOG_CONSOLE_H
#define VMXLOG_CONSOLE_H

#include "vmxlog/dialect.h"
#include "vmxlog/json_cutter.h"
#include "vmxlog/parts.h"

struct console {
	const struct vmxlog_sink *sink;
	uint64_t line_count;       /* guest lines handed out */
	struct dialect_state dialect;
	struct dump_parts parts;   /* lines that wait until their dump is complete */
	bool dump_begins;          /* goes with the next line */
	struct buf plain;          /* a line without its escape sequences */
};

/* `sink` is borrowed. */
void console_init(struct console *console, const struct vmxlog_sink *sink);
void console_deinit(struct console *console);
void console_take_line(struct console *console, const struct source_line *line);
/* An object of a JSON document. False when it is no entry of a kernel log or of a journal. */
bool console_take_object(struct console *console, const struct source_line *object);
/* Hands out what is held. */
void console_finish(struct console *console);
/* Memory ran out at any time before. */
bool console_failed(const struct console *console);

#endif
