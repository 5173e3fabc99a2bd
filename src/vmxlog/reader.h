/* Bytes of a log, in blocks of any size, to guest lines, host events and settings.
 *
 * Reads vmware.log in all its families, and kernel text in all its forms (a serial console
 * capture, dmesg, the journal, syslog, pstore; see dialect.h). The result does not depend on how
 * the bytes are cut into blocks. What a slice in a sink call points at is borrowed until the call
 * returns. */
#ifndef VMXLOG_READER_H
#define VMXLOG_READER_H

#include "base/error.h"
#include "base/slice.h"
#include "base/stamp.h"
#include "vmxlog/chatter.h"
#include "vmxlog/passed.h"

enum log_format {
	LOG_UNKNOWN,  /* none of ours */
	LOG_EMPTY,
	LOG_VMWARE,   /* vmware.log */
	LOG_KERNEL,   /* kernel text: a serial console, dmesg, the journal ... */
};

/* What a file is, by its content: its first bytes, up to DETECT_BYTES. `is_whole` says that
 * there are no more. */
enum log_format vmxlog_detect(struct slice head, bool is_whole);

/* Who wrote a line of guest text. Everything but GUEST_KERNEL is told apart so that no other
 * program's words are taken for the kernel's. */
enum guest_sender {
	GUEST_KERNEL,   /* <N>[ts] text, or [ts] text */
	GUEST_FIRMWARE, /* EFI: "About to do EFI boot: ..." */
	GUEST_TOOLS,    /* VMware Tools and guest drivers: toolbox, vmwgfx, Mesa, PVSCSI ... */
	GUEST_XFERLOG,  /* payload of vmware-xferlogs: ">Logfile Begins", ">base64..." */
	GUEST_OTHER,
	GUEST_CONSOLE,  /* a console's line without a kernel time stamp; a program's line of the journal */
};

/* What the source itself says of a line. Elsewhere boots and dumps are told by the kernel's clock. */
enum guest_begins {
	GUEST_BEGINS_NOTHING,
	GUEST_BEGINS_DUMP, /* the line is the first of a dump (pstore), of the same boot or of another */
	GUEST_BEGINS_BOOT, /* the line is the first of a boot (the journal) */
};

struct guest_line {
	struct slice text;         /* without frame, "Guest: " and line end */
	uint64_t line;             /* physical line in the source, counted from 1 */
	uint64_t offset;           /* of that line's first byte in the (decompressed) source */
	struct stamp host;         /* when the host wrote it; of kernel text, the wall clock that it shows */
	enum guest_sender sender;
	bool is_cut;               /* the source ended inside this line, or it was over LINE_MAX_BYTES */
	bool is_inner;             /* a further line of the record before */
	/* What a form of kernel text says beside the text (dialect.h). */
	enum guest_begins begins;
	int priority;              /* facility * 8 + level; -1: not known, or in the text as `<N>` */
	bool has_time;
	uint64_t time_ns;          /* since boot, with has_time; else it may be in the text as `[ts]` */
};

#define GUEST_LINE_INIT ((struct guest_line){ .priority = -1 })

/* What the host says about the VM, in the order of the log. */
enum host_event_kind {
	HOST_BOOT,             /* CPU reset on vcpu-0: a boot begins */
	HOST_TRIPLE_FAULT,
	HOST_GUEST_RESET,      /* the guest asked for it (chipset, Tools) */
	HOST_GUEST_POWER_OFF,
	HOST_OPERATOR_RESET,
	HOST_OPERATOR_POWER_OFF,
	HOST_CPU_DISABLED,     /* CLI and HLT: a halted guest */
	HOST_HEARTBEAT_LOST,   /* VMware Tools fell silent: a sign of a hang */
	HOST_THROTTLED,        /* guest text was dropped from here on */
	HOST_RESUMED,          /* from suspend or a snapshot: no boot text is to be expected */
	HOST_SUSPENDED,
	HOST_VMX_PANIC,        /* the host process failed, not the guest */
	HOST_FIRMWARE_FAILED,  /* no operating system found, EFI exception */
	HOST_DISK_OPENED,
	HOST_DISK_ERROR,
	HOST_POWERED_OFF,      /* VMX exit */
	HOST_OTHER_OS_CRASH,   /* WinBSOD, DarwinPanic */
	HOST_EVENT_COUNT
};

struct host_event {
	enum host_event_kind kind;
	struct slice text; /* the message, without frame */
	uint64_t line, offset;
	struct stamp host;
};

/* The word of an event in reports and rules ("triple-fault"); the table ends with NULL. */
const char *host_event_name(enum host_event_kind kind);
extern const char *const host_event_names[];

/* One setting of DICT (sections that describe this VM only) or of ConfigDB; the value without
 * quotes. Keys are case-insensitive. What the header says comes the same way: header.product,
 * header.version. */
struct vm_setting {
	struct slice key, value;
	uint64_t line;
};

struct vmxlog_sink {
	void *user;
	void (*guest)(void *user, const struct guest_line *line);
	void (*event)(void *user, const struct host_event *event);
	void (*setting)(void *user, const struct vm_setting *setting);
};

struct vmxlog_totals {
	uint64_t lines, guest_lines, bytes;
	uint64_t unframed_lines; /* without a frame, and taken for guest text because they stand behind it */
	/* Nor with a prompt that waits for an answer. Of JSON: ends inside an entry or a document, or
	 * has a torn one. */
	bool ends_without_newline;
	bool any_overlong; /* a line was over LINE_MAX_BYTES, or an object over JSON_OBJECT_BYTES */
};

struct vmxlog_reader;

/* `sink` is borrowed until vmxlog_reader_free. */
struct vmxlog_reader *vmxlog_reader_new(enum log_format format, const struct vmxlog_sink *sink, struct error *err);
bool vmxlog_reader_feed(struct vmxlog_reader *reader, struct slice block, struct error *err);
/* What another thread found out about a block before it was fed: lines that the reader passes over when it
 * comes to them. */
#define VMXLOG_RUNS_MAX 2048
struct vmxlog_hints {
	struct needles words;
	struct chatter_run runs[VMXLOG_RUNS_MAX];
	size_t run_count;
};
/* Prepares for vmxlog_find_hints. */
void vmxlog_reader_begin_hints(const struct vmxlog_reader *reader, struct vmxlog_hints *hints);
/* In any thread. */
void vmxlog_find_hints(struct vmxlog_hints *hints, struct slice block);
/* The same result as vmxlog_reader_feed. */
bool vmxlog_reader_feed_hinted(struct vmxlog_reader *reader, struct slice block, const struct vmxlog_hints *hints,
			       struct error *err);
/* What follows is a file of its own, for who wants to know what of it is passed over. `passed` is borrowed
 * until the next file begins, or the reader is freed. NULL: nobody. */
void vmxlog_reader_begin_file(struct vmxlog_reader *reader, struct passed *passed);
/* Steps over a run that a reader of the same text passed over, as if it had been fed. False when this one
 * cannot: then it is to be fed. */
bool vmxlog_reader_pass(struct vmxlog_reader *reader, const struct passed_run *run);
/* The filter that passes over host chatter without parsing it is on; off, every line is parsed.
 * The result is the same: this is for the test that shows it. */
void vmxlog_reader_set_filter(struct vmxlog_reader *reader, bool on);
/* Hands out the last whole line, which waits for what may follow it: of a log that is being written
 * nothing may for long. What follows all the same is an inner line. */
void vmxlog_reader_flush(struct vmxlog_reader *reader);
/* Ends the last line. Call once, after the last feed. */
void vmxlog_reader_finish(struct vmxlog_reader *reader);
struct vmxlog_totals vmxlog_reader_totals(const struct vmxlog_reader *reader);
void vmxlog_reader_free(struct vmxlog_reader *reader);

#endif
