/* A record of the kernel's log, wherever it was read from: vmware.log, a console, later a
 * memory image. Everything downstream works on this type. */
#ifndef KMSG_RECORD_H
#define KMSG_RECORD_H

#include "base/slice.h"
#include "base/stamp.h"

enum kmsg_flag {
	KMSG_HAS_TIME = 1 << 0,
	KMSG_HAS_LEVEL = 1 << 1,
	KMSG_CONSOLE = 1 << 2,  /* not the kernel's: text of a console between its records */
	KMSG_CUT = 1 << 3,      /* the source ended inside the record */
	KMSG_INNER = 1 << 4,    /* a further line of the record before */
};

struct kmsg_record {
	uint64_t time_ns;     /* since boot; 0 without KMSG_HAS_TIME */
	struct slice text;    /* without prefix; may be empty, may hold any byte */
	struct slice caller;  /* "T1", "C0"; empty without CONFIG_PRINTK_CALLER */
	uint64_t line;        /* in the source, counted from 1 */
	uint64_t offset;      /* of that line, in bytes of the decompressed source */
	struct stamp host;    /* host time of the dump; STAMP_NONE elsewhere */
	uint16_t facility;    /* 0 is the kernel; systemd and others write with 1, 3 ... */
	uint8_t level;        /* 0 emergency ... 7 debug; 255 unknown */
	uint8_t flags;        /* enum kmsg_flag */
	uint16_t pass;        /* which dump of the boot it came with, from 0 */
};

#define KMSG_LEVEL_UNKNOWN 255

/* True for a record that the kernel itself wrote: not user text of another facility, not
 * console text. Panic rules trust only these. */
static inline bool kmsg_is_kernel(const struct kmsg_record *record)
{
	return !(record->flags & KMSG_CONSOLE) && record->facility == 0;
}

/* `<N>[secs.usecs][caller] text`, any part of the prefix missing (printk_time off, a console
 * without levels). Sets time_ns, text, caller, facility, level and the two HAS flags, and
 * leaves the rest of *record alone. True when at least one part of the prefix was there. */
bool kmsg_parse(struct slice line, struct kmsg_record *record);


#endif
