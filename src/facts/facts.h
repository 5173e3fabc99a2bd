/* What a boot's log says, as typed facts. Each is known, absent or unknown, and says which
 * line it came from. Absent means: the log is whole and it is not there. Unknown means: the
 * log cannot tell (it starts late, was cut, throttled ...).
 *
 * Facts borrow their text from the boot; both end together. */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include "base/arena.h"
#include "base/limits.h"
#include "kmsg/boot.h"

enum fact_id {
#define FACT(identifier, path, type, doc) FACT_##identifier,
#include "facts/facts.def"
#undef FACT
	FACT_COUNT,
	FACT_INVALID = -1
};

enum fact_type { FACT_TEXT, FACT_NUMBER, FACT_FLAG };
/* Zero is unknown: what nobody set is not known. */
enum fact_state { FACT_UNKNOWN, FACT_ABSENT, FACT_KNOWN };

struct fact {
	enum fact_state state;
	struct slice text;   /* TEXT; of a FLAG "yes" or "no"; of a NUMBER its decimal form */
	int64_t number;      /* NUMBER; of a FLAG 1 or 0 */
	uint64_t line;       /* where it was read, 0 when it follows from several lines */
};

/* Documentation of the registry. */
const char *fact_path(enum fact_id id);
const char *fact_doc(enum fact_id id);
enum fact_type fact_type(enum fact_id id);
enum fact_id fact_by_path(struct slice path); /* FACT_INVALID when there is none */

/* What a block device is, as far as the log proves it. */
enum device_role {
	ROLE_UNKNOWN,
	ROLE_SWAP,        /* activated as swap, or named by resume= */
	ROLE_EXTENDED,    /* container of logical partitions */
	ROLE_LVM,         /* physical volume */
	ROLE_MD,          /* member of an array */
	ROLE_FILESYSTEM,  /* mounted, or a file system driver spoke of it */
};

/* A row of the kernel's partition list, or a name of a ` sda: sda1 sda2` line. */
struct block_device {
	struct slice name;      /* "sda1", "nvme0n1p2", "cciss/c0d0p1" */
	struct slice disk;      /* "sda"; equal to name for a whole disk */
	unsigned partition;     /* 0 for a whole disk */
	unsigned major, minor;  /* 0,0 when not listed */
	uint64_t size_kib;      /* 0 when unknown */
	struct slice partuuid;  /* as printed; empty when none */
	struct slice driver;    /* "sd" of "driver: sd"; empty for (driver?) */
	enum device_role role;
	struct slice fstype;    /* of a mounted or recognised file system */
	struct slice fsuuid;    /* of a mount message of newer kernels */
	bool is_listed;         /* from the partition list (else from a scan line) */
	bool is_usable;         /* a hard disk or a partition of one: not ram, loop, sr, fd ... */
	uint64_t line;
};

/* A storage controller on the PCI bus. */
struct controller {
	struct slice address;      /* "0000:03:00.0" */
	unsigned vendor, device;
	const char *name;          /* "pvscsi", "lsilogic", "nvme"; NULL for one we do not know */
	const char *driver;        /* kernel module that drives it; NULL when not known */
	bool is_driven;            /* its driver spoke */
	uint64_t driven_line;      /* where it did so first; 0 when it did not */
	bool shows_disk;           /* a disk was found behind it, as far as the log tells */
	uint64_t line;
};

/* A crash report in the log: oops, BUG, warning, lockup, stall ... */
struct crash {
	struct slice kind;      /* a word of design: "oops-null-pointer"; empty when there is no crash */
	struct slice function;  /* where; empty when not known */
	struct slice place;     /* "foo+0x1a/0x40" of the function, for tools that have symbols; may be empty */
	struct slice module;    /* of that function; empty for the kernel itself */
	struct slice title;     /* "BUG: kernel NULL pointer dereference in foo" */
	struct slice comm;
	struct slice taint;
	struct slice frames[FRAMES_MAX]; /* function names of the call trace, top first */
	size_t frame_count;
	int64_t cpu, pid;       /* -1 when not known */
	bool is_fatal;          /* the panic followed from it */
	uint64_t line;
};

struct facts {
	const struct boot *boot;
	struct fact values[FACT_COUNT];
	struct block_device *devices; /* disks and partitions in the kernel's order */
	size_t device_count, device_capacity;
	struct controller controllers[CONTROLLERS_MAX];
	size_t controller_count;
	struct crash first_crash;  /* the first of the boot that is more than a note */
	struct crash fatal_crash;  /* the one that led to the panic; kind empty when none */
	struct arena *arena;
};

/* Reads a boot. `arena` holds what the facts derive. False only when memory is out. */
bool facts_read(struct facts *facts, const struct boot *boot, struct arena *arena, struct error *err);

static inline const struct fact *facts_get(const struct facts *facts, enum fact_id id)
{
	return &facts->values[id];
}

/* Known and equal to that text. */
bool facts_is(const struct facts *facts, enum fact_id id, const char *text);
/* The text when known, else the empty slice. */
struct slice facts_text(const struct facts *facts, enum fact_id id);
/* The number when known, else `otherwise`. */
int64_t facts_number(const struct facts *facts, enum fact_id id, int64_t otherwise);

const struct block_device *facts_device(const struct facts *facts, struct slice name);

/* By its looks: "sda1", "nvme0n1p2", and "md0", "dm-1", "loop0", which hold file systems, too. */
bool facts_is_disk_name(struct slice name);

/* The file system whose driver wrote this text or panicked with it ("EXT4-fs (sda1): ..."): "ext4";
 * empty when none did. */
struct slice facts_filesystem_of(struct slice text);

/* True for text that a fact is read from: such records of a huge boot are kept. */
bool facts_wants(struct slice text);

#endif
