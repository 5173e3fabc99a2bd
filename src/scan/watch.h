/* Follows the logs below what was named and hands out a diagnosis as soon as there is one.
 *
 * A dump has no end mark: a log is judged when the guest has been quiet for a second, or has said what
 * comes last. It is judged as a scan would: its whole text is read again, of a VM's folder that of its logs
 * one behind the other, so that what is told is what `vmpanic scan` would say at that moment. A boot
 * is told when it has failed, and again when its verdict, cause or fingerprint changed, or when it has
 * become complete.
 *
 * Who runs it waits for watch_fd or watch_wait_ms and calls watch_step:
 *
 *	poll on watch_fd(watch) for at most watch_wait_ms(watch)
 *	watch_step(watch, err)
 *
 * Folders below what was named are entered as input/walk.h does, never through a link. */
#ifndef SCAN_WATCH_H
#define SCAN_WATCH_H

#include "report/report.h"
#include "rules/rule.h"

struct watch_options {
	struct rule_set rules;
	struct report_options report;
	bool wants_text, wants_lines;  /* what is handed out: reports as of diagnose, lines of NDJSON */
	char *const *paths;            /* logs, VMs' folders, .vmx files, trees */
	size_t path_count;
	unsigned interval_ms;          /* of looks at what the kernel does not tell of */
	bool polls;                    /* the kernel is not asked at all */
	bool tells_all;                /* boots that did not fail, too */
	bool tells_present;            /* also of what the logs hold at the start */
};

/* What became known at once, of one log or of one run of a VM. */
struct watch_told {
	struct slice text;             /* for a person */
	const struct slice *lines;     /* one for each boot, each with its newline */
	size_t line_count;
};

struct watch_sink {
	void *user;
	/* False ends the watch. */
	bool (*tell)(void *user, const struct watch_told *told, struct error *err);
	/* What happened to a log or a folder; `what` reads on from the path. */
	void (*say)(void *user, struct slice path, const char *what);
};

struct watch_counts {
	size_t logs, folders;  /* files that are followed: some of them may turn out to be no logs */
};

struct watch;

/* Looks at all that was named. `options` and `sink` are borrowed. NULL when it cannot begin; the error
 * names what it is about. */
struct watch *watch_new(const struct watch_options *options, const struct watch_sink *sink, struct error *err);
void watch_free(struct watch *watch);
struct watch_counts watch_counts(const struct watch *watch);
/* -1: there is nothing to wait for but time. */
int watch_fd(const struct watch *watch);
/* -1: without end. */
int watch_wait_ms(const struct watch *watch);
/* Does what is to be done now. False when it cannot go on. */
bool watch_step(struct watch *watch, struct error *err);

#endif
