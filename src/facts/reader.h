/* Private to src/facts: what is shared by the files that read records into facts.
 *
 * Each file has a table of the heads of records that it reads. facts_read looks at each record
 * once, by its first byte, and calls the readers whose head it begins with. */
#ifndef FACTS_READER_H
#define FACTS_READER_H

#include "facts/facts.h"

struct facts_reader {
	struct facts *facts;
	const struct boot *boot;
	struct arena *arena;
	/* the partition list while it is read (partitions.c) */
	bool in_list;
	bool list_seen, list_ended;
	bool list_elided;            /* whoever copied it left rows out: "..." */
	uint64_t list_first_line, list_last_line;
	size_t list_drivers, list_blanks; /* records that hold nothing but a driver, or nothing */
	bool in_filesystems;         /* between "tried:" or "bdev filesystems:" and the next other record */
	size_t last_row;             /* the disk row that a bare " driver: sd" belongs to */
	/* the panic's header and call trace (panic.c) */
	bool panic_seen, panic_function_seen;
	unsigned records_since_panic;
	struct slice last_panic_function;
	uint64_t scsi_disks, cdroms;
	bool in_processes;           /* the OOM killer's table has begun (memory.c) */
	bool failed;
};

/* Reads one record; `text` is record->text. */
typedef void facts_take(struct facts_reader *reader, const struct kmsg_record *record);

struct facts_pattern {
	struct slice head;
	facts_take *take;
	bool any_sender; /* also text of user space and of a console; else only the kernel's own */
};

struct facts_patterns {
	const struct facts_pattern *items;
	size_t count;
};

#define FACTS_HEAD(literal, take) { { literal, sizeof(literal) - 1 }, take, false }
#define FACTS_HEAD_ANY(literal, take) { { literal, sizeof(literal) - 1 }, take, true }

extern const struct facts_patterns kernel_patterns, partition_patterns, filesystem_patterns, storage_patterns,
	init_patterns, panic_patterns, memory_patterns;

/* Looks at every record: state machines that no head can tell (the partition list, panic's trace). */
void partitions_take_any(struct facts_reader *reader, const struct kmsg_record *record);
void filesystems_take_any(struct facts_reader *reader, const struct kmsg_record *record);
void storage_take_any(struct facts_reader *reader, const struct kmsg_record *record);
void init_take_any(struct facts_reader *reader, const struct kmsg_record *record);
void panic_take_any(struct facts_reader *reader, const struct kmsg_record *record);

/* What follows from all records together; called in this order. */
void kernel_conclude(struct facts_reader *reader);
void vm_conclude(struct facts_reader *reader);
void partitions_conclude(struct facts_reader *reader);
void storage_conclude(struct facts_reader *reader);
void filesystems_conclude(struct facts_reader *reader);
void init_conclude(struct facts_reader *reader);
void root_conclude(struct facts_reader *reader);

void fact_set_text(struct facts_reader *reader, enum fact_id id, struct slice text, uint64_t line);
void fact_set_number(struct facts_reader *reader, enum fact_id id, int64_t number, uint64_t line);
void fact_set_flag(struct facts_reader *reader, enum fact_id id, bool yes, uint64_t line);
static inline bool fact_is_known(const struct facts_reader *reader, enum fact_id id)
{
	return reader->facts->values[id].state == FACT_KNOWN;
}
/* Adds a word to a blank-separated list fact, once. */
void fact_add_word(struct facts_reader *reader, enum fact_id id, struct slice word, uint64_t line);

/* The device of that name, added when it is new; NULL when memory is out or they are too many. */
struct block_device *device_add(struct facts_reader *reader, struct slice name, uint64_t line);
struct block_device *device_find(struct facts_reader *reader, struct slice name);

/* "sda3" is partition 3 of sda, "nvme0n1p2" 2 of nvme0n1; a whole disk is partition 0. */
void device_split(struct slice name, struct slice *ret_disk, unsigned *ret_partition);
/* Hard disks and their partitions: not ram, loop, sr, fd, mtd ... */
bool device_is_usable(struct slice name);

/* The value of `key=` on a command line (the last one, as the kernel takes it); false when it is not there. */
bool command_line_value(struct slice command_line, struct slice key, struct slice *ret);
bool command_line_has(struct slice command_line, struct slice word);

#endif
