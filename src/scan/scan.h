/* Many logs: found below what was named, read by several threads, and handed out in an order that does
 * not depend on how many.
 *
 * One thread walks and lines the units up (finder.h), several read them (worker.h), and the caller's
 * own takes what came of them in their order, to write it and to remember it. */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "input/glob.h"
#include "report/report.h"
#include "rules/rule.h"
#include "store/store.h"

/* A share of all units: the index-th of count, from 1. All zero: everything. */
struct scan_shard {
	unsigned index, count;
};

struct scan_options {
	unsigned threads;
	struct rule_set rules;
	struct report_options report;
	char *const *paths;          /* files, folders, .vmx files; "-" is standard input */
	size_t path_count;
	const char *names_from;      /* a file of further ones, each with a NUL behind it; NULL: none */
	const struct glob *includes, *excludes; /* of files below folders: input/walk.h */
	size_t include_count, exclude_count;
	bool is_one_file_system;
	struct scan_shard shard;
	struct store *store;         /* what is found goes into it, too; NULL: nowhere */
	bool remembers;              /* the store is of earlier scans: what is unchanged is not read again */
};

/* For who shows progress: each may be read at any time. */
struct scan_counts {
	_Atomic uint64_t files;         /* looked at */
	_Atomic uint64_t bytes;         /* read, as plain text */
	_Atomic uint64_t kept;          /* units that the store knew as they are */
	_Atomic uint64_t others;        /* files that are no logs */
	_Atomic uint64_t failed_boots;
	/* Of the walk. */
	_Atomic uint64_t links, specials, vanished, other_file_systems;
	_Atomic uint64_t troubles;
};

/* All is called by the caller's thread. */
struct scan_sink {
	void *user;
	/* Lines of NDJSON, each with its newline; NULL: they are not wanted. */
	bool (*lines)(void *user, struct slice lines, struct error *err);
	/* What could not be done. */
	void (*trouble)(void *user, struct slice path, const char *why);
	/* Some ten times a second. */
	void (*tick)(void *user, const struct scan_counts *counts);
};

struct scan_result {
	bool found_something;   /* a boot failed, or a finding at warning level or above */
	bool any_trouble;       /* not all could be done */
};

/* False when the scan could not go on, and why. `counts` is zero before. */
bool scan_run(const struct scan_options *options, const struct scan_sink *sink, struct scan_counts *counts,
	      struct scan_result *ret, struct error *err);

#endif
