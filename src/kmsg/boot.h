/* One boot of a guest: its kernel log, put together from all dumps of it, what the host saw,
 * and what is known to be missing. */
#ifndef KMSG_BOOT_H
#define KMSG_BOOT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "kmsg/record.h"
#include "vmxlog/reader.h"

/* Ways in which a boot's text can be short. Facts that were not seen are unknown, not absent,
 * when one of these is set. */
enum boot_loss {
	LOSS_THROTTLED = 1 << 0,    /* the VMX dropped guest text */
	LOSS_CUT = 1 << 1,          /* the source ends inside a record or inside a dump */
	LOSS_LATE_START = 1 << 2,   /* the first record is not the beginning of the kernel's log */
	LOSS_DUMP_STOPPED = 1 << 3, /* a dump without the oops or panic it was made for; of another form of the
				     * log: the kernel cannot mount its root, and the panic that follows is not there */
	LOSS_GAP = 1 << 4,          /* records are missing in between */
	LOSS_LET_GO = 1 << 5,       /* we dropped records to stay within limits.h */
	LOSS_RECORD_CUT = 1 << 6,   /* a record was longer than the dumper or a line can carry */
};

struct boot_setting {
	struct slice key, value;
	uint64_t line;
};

/* One of the files that a source was put together from. Lines and offsets of records and events
 * count through all of them. */
struct source_part {
	struct slice path;
	uint64_t first_line, first_offset; /* in the source */
};

struct source_parts {
	const struct source_part *items;   /* in the order of their lines */
	size_t count;                      /* 0: the source is one file, which needs no name */
};

/* The same place in its own file; `file` is empty when the source is one file. */
struct source_place {
	struct slice file;
	uint64_t line, offset;
};

struct boot {
	unsigned number;                  /* in its source, from 1 */
	const struct kmsg_record *records; /* in the kernel's order, merged over passes */
	size_t record_count;
	const struct host_event *events;   /* of this boot, the HOST_BOOT that began it first */
	size_t event_count;
	const struct boot_setting *settings; /* of the VM, as known when the boot ended */
	size_t setting_count;
	struct stamp started_at, dumped_at;
	unsigned losses;                  /* enum boot_loss */
	uint64_t let_go_count;            /* records dropped (LOSS_LET_GO) */
	unsigned pass_count;
	enum log_format format;
	bool is_last;                     /* nothing follows in the source */
	bool started_by_host;             /* a CPU reset was seen */
	uint64_t first_line, last_line;
	struct slice firmware_boot;       /* the last "About to do EFI boot: X" */
	struct source_parts parts;        /* of its source */
	bool has_tools_text;              /* VMware Tools or vmwgfx spoke: user space ran */
};

/* The last setting of that key (any case), NULL when there is none. */
const struct boot_setting *boot_setting(const struct boot *boot, const char *key);
/* The first event of that kind, or NULL. */
const struct host_event *boot_event(const struct boot *boot, enum host_event_kind kind);
/* One word for each loss, for reports: "throttled". NULL for a bit that is none. */
const char *boot_loss_name(unsigned bit);

/* Where a line of the source stands; `line` is counted from 1. */
struct source_place source_place(const struct source_parts *parts, uint64_t line, uint64_t offset);
/* "line 812", or "vmware-3.log line 812". */
void source_place_print(struct buf *out, const struct source_parts *parts, uint64_t line);

/* Guest lines and host events in, boots out. A boot is handed out as soon as the next one
 * begins; it is borrowed until the call returns. */
struct boot_sink {
	void *user;
	void (*boot)(void *user, const struct boot *boot);
	/* Which records of a huge boot to keep between its head and its tail. NULL: none. */
	bool (*is_evidence)(void *user, struct slice text);
};

struct boot_assembler;

struct boot_assembler *boot_assembler_new(enum log_format format, const struct boot_sink *sink, struct error *err);
/* The sink to hand to vmxlog_reader_new; valid as long as the assembler. */
const struct vmxlog_sink *boot_assembler_input(struct boot_assembler *assembler);
/* Hands out the last boot. `source_is_cut`: the source ends without a newline. False when
 * memory ran out at any time before. */
bool boot_assembler_finish(struct boot_assembler *assembler, bool source_is_cut, struct error *err);
/* The boots of the source. */
unsigned boot_assembler_count(const struct boot_assembler *assembler);
/* What the whole source says beyond its boots: product, resumed, logging switched off. */
struct boot boot_assembler_source(struct boot_assembler *assembler);
void boot_assembler_free(struct boot_assembler *assembler);

#endif
