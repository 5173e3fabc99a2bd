/* What scans found, in a SQLite database: a file that remembers, or a temporary one that keeps
 * memory bounded while the whole picture is put together. doc/database.md tells its tables to
 * who reads them with sqlite3.
 *
 * What goes in is lines of NDJSON (report/ndjson.h), each a boot, or a source without one; SQLite
 * cuts the columns that are searched and grouped by out of them. The program's own reports are
 * made from nothing else, so that a report of many merged files is the same as one of one scan.
 *
 * While a scan writes, a store may be called from several threads; its calls then wait for each other. The
 * picture is read by one. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct store;

/* `path` NULL: a temporary database, gone with the store (SQLite looks at $TMPDIR). Else a database of
 * ours, made if it is not there. Errors do not name it, those of a temporary one say that it is that. */
struct store *store_open(const char *path, struct error *err);
/* False when it could not be opened (`store` is NULL), or a call has failed: the error is about the database. */
bool store_is_well(const struct store *store);
/* Ends the transaction that is open. `store` may be NULL. */
bool store_close(struct store *store, struct error *err);

/* ---- writing: what a scan finds ----
 *
 * A unit is what is read and remembered as one: a log, an archive, a VM's folder with its logs and
 * settings. Its lines replace those that it had; all of a unit appears, or nothing of it. */

struct store_file {
	struct slice name;          /* in the unit; empty when the unit is the file */
	uint64_t device, inode, size;
	int64_t mtime_ns, ctime_ns;
	uint64_t head_hash, tail_hash; /* of its first and its last STORE_HASH_BYTES */
	struct slice passed;        /* what need not be read again when it has grown: vmxlog/passed.h */
};

struct store_unit {
	struct slice path;
	const struct store_file *files;
	size_t file_count;
};

#define STORE_HASH_BYTES 4096
uint64_t store_hash(struct slice bytes);

/* A scan begins. `judge` tells program and rules: what another one has judged is judged again. */
bool store_begin_scan(struct store *store, struct slice started_at, struct slice judge, struct error *err);

enum store_match {
	STORE_SAME,
	STORE_MOVED,     /* the same but for the device's number */
	STORE_GROWN,     /* files of it have grown, the others are the same */
	STORE_UNKNOWN,   /* not known, or changed */
};
/* What is known of a unit that was found. */
struct store_known {
	int64_t id;
	bool found_something;
};
/* Of its files the one that is worst, in this order. `ret_known` is set unless the unit is unknown. */
bool store_find(struct store *store, const struct store_unit *unit, enum store_match *ret,
		struct store_known *ret_known, struct error *err);
/* Its files as they were. False from `take` ends it. */
bool store_each_file(struct store *store, const struct store_unit *unit,
		     bool (*take)(void *user, const struct store_file *file), void *user, struct error *err);

/* The next unit in the scan's order: as it was known, or with new lines, each with its newline. What is as
 * it was known is not written again: which units a scan came across, and in which order, is remembered only
 * until the store is closed. `moved` is the unit when its files are to be known anew; else NULL. */
bool store_keep(struct store *store, const struct store_known *known, const struct store_unit *moved,
		struct error *err);
/* The lines of a unit that was kept, without their newlines. `take` must not call the store. */
bool store_each_line_of_unit(struct store *store, const struct store_known *known,
			     bool (*take)(void *user, struct slice line, struct error *err), void *user,
			     struct error *err);
bool store_begin_unit(struct store *store, const struct store_unit *unit, struct error *err);
bool store_add_lines(struct store *store, struct slice lines, struct error *err);
/* Of lines about the same boot only the last stays: the same VM, source and number, and the same beginning. Where
 * a log tells no time, all that is said of the boot has to be the same; of its source more may be known. */
bool store_drop_repeats(struct store *store, uint64_t *ret_count, struct error *err);
/* The same unit, whose files are read only now: their hashes are known when all of it has been read.
 * `is_trouble`: not all of it could be, and the next scan looks at it again. */
bool store_end_unit(struct store *store, const struct store_unit *unit, bool is_trouble, bool found_something,
		    struct error *err);

/* What the scan changed: different failures (of one VM, with one fingerprint). */
struct store_changes {
	bool is_first;               /* no scan of this database ended before */
	struct slice since;          /* when the last one ended */
	uint64_t new_failures, gone_failures, back_failures, gone_units;
};
/* The scan has ended. `is_gone` is asked for each unit that it did not come across: true removes it. Of what
 * was never there to be read, as a name with a mistake in it, only the scan that was given it tells. */
bool store_end_scan(struct store *store, struct slice ended_at, bool (*is_gone)(void *user, struct slice path),
		    void *user, struct store_changes *ret, struct error *err);

enum store_change { STORE_NEW, STORE_GONE, STORE_BACK };
struct store_changed {
	enum store_change change;
	struct slice vm_name, title, fingerprint;
};
/* Those of the last scan. */
bool store_each_change(struct store *store, bool (*take)(void *user, const struct store_changed *changed), void *user,
		       struct error *err);

/* ---- the picture, for reports ----
 *
 * The lines of the scan that the store has seen, in its order, or all lines of a database. */

/* A line that takes part in groups is one of a boot that failed. */
struct store_totals {
	uint64_t vms, failed_vms;
	uint64_t sources, unread_sources;      /* a source with an error */
	uint64_t boots, failed_boots, incomplete_boots;
	uint64_t panics, oopses, hangs, resets, cleans, silents;
	struct slice first_at, last_at;        /* of failed boots, ISO 8601; empty when no time is known */
};

/* Slices live until the next call of the store. */
bool store_totals(struct store *store, struct store_totals *ret, struct error *err);

enum store_grouping { STORE_BY_CAUSE, STORE_BY_FINGERPRINT, STORE_BY_KERNEL, STORE_BY_VM };

/* Boots that failed and have the same cause, fingerprint, kernel or VM. */
struct store_group {
	struct slice key;               /* the cause, fingerprint, release or VM's id; empty: not known */
	struct slice name;              /* for a person: the VM's name; else the key */
	struct slice verdict, title, cause, fingerprint; /* of its worst boot; of equals the latest */
	uint64_t vms, boots, incomplete_boots;
	uint64_t causes, fingerprints, kernels; /* different ones in it */
	struct slice first_at, last_at; /* ISO 8601; empty when not known */
	struct slice first_kernel;      /* of the earliest of its boots; empty when not known */
	struct slice vm_name;           /* of that boot: an example */
};

/* The worst first: by verdict, then by how many VMs it hit, then by boots. False from `take` ends it
 * without an error. */
bool store_each_group(struct store *store, enum store_grouping grouping, uint64_t limit,
		      bool (*take)(void *user, const struct store_group *group), void *user, struct error *err);

/* When each boot failed, in no order; `at` in ISO 8601, in another form, or empty. */
bool store_each_moment(struct store *store, bool (*take)(void *user, struct slice verdict, struct slice at), void *user,
		       struct error *err);

enum store_choice {
	STORE_ALL_LINES,     /* in the order of the scan */
	STORE_FAILED_BOOTS,  /* the worst verdict first, of equals the latest first */
	STORE_OTHER_BOOTS,   /* clean and silent ones, in the order of the scan */
	STORE_UNREAD_SOURCES,
	STORE_EVERYTHING,    /* also of earlier scans, what no later one came across; by path */
};

/* Each a JSON object without its newline. */
bool store_each_line(struct store *store, enum store_choice choice, uint64_t limit,
		     bool (*take)(void *user, struct slice line), void *user, struct error *err);

#endif
