/* Sources through all floors: read, judged boot by boot, and reported. */
#ifndef SCAN_JUDGE_H
#define SCAN_JUDGE_H

#include "diagnosis/diagnosis.h"
#include "scan/session.h"

struct judgement {
	struct facts facts;
	struct findings findings;
	struct diagnosis diagnosis; /* points at the two above: a judgement stays where it was made */
};

/* What it points at lives in `arena` or in the boot. */
bool judge_boot(struct rule_engine *engine, const struct boot *boot, struct arena *arena, struct judgement *ret,
		struct error *err);
/* For a boot_sink: whether a fact or a rule asks for the text. */
bool judge_is_evidence(struct rule_engine *engine, struct slice text);

struct judge {
	struct rule_engine *engine;
	const struct report_format *format;
	struct report *report;
	void *user;
	/* Which boots are reported; NULL: all. */
	bool (*wants)(void *user, const struct boot *boot);
	/* Adds to a diagnosis what was asked for beside it; NULL: nothing. */
	bool (*details)(void *user, struct diagnosis *diagnosis, struct arena *arena, struct error *err);
	/* The source has been read and is not yet reported: for more to be said of it. NULL: there is none. */
	void (*source_read)(void *user, struct session *session);
	/* Not all of a source could be done, and why. */
	void (*trouble)(void *user, struct slice path, const char *why);
	bool passes_over_others;   /* what is no log is passed over; else it is trouble */
	bool takes_archives;       /* their members are sources of their own; else they are refused */
	bool counts_all_boots;     /* more than BOOTS_MAX of them are told as such */
	const struct errands *errands; /* for struct session */
	char *block;               /* the same; a source inside of another one has its own */
	_Atomic uint64_t *bytes;   /* that were read, for who shows progress; NULL: nobody */

	/* What came of all sources so far. */
	bool found_something;      /* judgement_found_something of any boot */
	bool any_trouble;
	bool any_shrunk;           /* session.has_shrunk of any source */
	uint64_t failed_boots, other_files;

	/* Inside. */
	struct session *session;   /* that is being read */
	bool has_begun;            /* it is being reported */
	bool has_failed;           /* memory or the output failed: nothing more of the source is reported */
	struct error err;          /* why */
	struct error told;         /* of the last source what could not be done; empty text: all was */
};

/* Reads a source, and what the guest sent through it, to its end and reports it. False when the report
 * could not be written; judge->err says why. */
bool judge_source(struct judge *judge, const struct source *what);

#endif
