/* What scans found, in a SQLite database: a file that remembers, or a temporary one that keeps
 * memory bounded while the whole picture is put together. doc/database.md tells its tables to
 * who reads them with sqlite3.
 *
 * What goes in is lines of NDJSON (report/ndjson.h), each a boot, or a source without one; SQLite
 * cuts the columns that are searched and grouped by out of them. The program's own reports are
 * made from nothing else, so that a report of many merged files is the same as one of one scan.
 *
 * A store may be called from several threads; its calls then wait for each other. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct store;

/* `path` NULL: a temporary database in `directory`, gone with the store. Else a database of ours,
 * made if it is not there. */
struct store *store_open(const char *path, const char *directory, struct error *err);
/* Ends the transaction that is open. `store` may be NULL. */
bool store_close(struct store *store, struct error *err);

/* ---- the picture, for reports ----
 *
 * The lines of the last scan, in its order, or all lines of merged files. */

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

enum store_choice {
	STORE_ALL_LINES,     /* in the order of the scan */
	STORE_FAILED_BOOTS,  /* the worst verdict first, of equals the latest first */
	STORE_OTHER_BOOTS,   /* clean and silent ones, in the order of the scan */
	STORE_UNREAD_SOURCES,
};

/* Each a JSON object without its newline. */
bool store_each_line(struct store *store, enum store_choice choice, uint64_t limit,
		     bool (*take)(void *user, struct slice line), void *user, struct error *err);

#endif
