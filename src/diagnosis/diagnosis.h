/* What happened, why, and what to type: the judgement of one boot. */
#ifndef DIAGNOSIS_DIAGNOSIS_H
#define DIAGNOSIS_DIAGNOSIS_H

#include "base/arena.h"
#include "base/error.h"
#include "facts/facts.h"
#include "grub/distribution.h"
#include "rules/engine.h"

struct timeline;
struct explanation;

enum verdict { VERDICT_SILENT, VERDICT_CLEAN, VERDICT_OOPS, VERDICT_HANG, VERDICT_RESET, VERDICT_PANIC };
const char *verdict_name(enum verdict verdict);
/* Not for a clean or a silent boot. */
bool verdict_is_failure(enum verdict verdict);

enum root_answer { ROOT_ANSWER_NONE, ROOT_ANSWER_ONE, ROOT_ANSWER_SEVERAL };
const char *root_answer_name(enum root_answer answer);

struct root_candidate {
	const struct block_device *device;
	struct slice path;     /* "/dev/sda1" */
	struct slice value;    /* what to write behind root=: "PARTUUID=611e..." or the path */
	int score;
	enum rule_confidence confidence;
	struct slice *reasons;
	size_t reason_count, reason_capacity;
};

/* Why a row of the list is not proposed, for the table of the report. */
struct root_row {
	const struct block_device *device;
	struct slice note;     /* "BIOS boot partition by its size"; empty when nothing is to be said */
	bool is_candidate;
};

struct root_advice {
	bool is_present;       /* false: root= is not the matter, nothing is proposed */
	bool is_one_time;      /* only a way in, not the lasting answer */
	struct slice wanted;
	enum root_answer answer;
	struct root_candidate *candidates; /* best first */
	size_t candidate_count;
	struct root_row *rows; /* the whole list with notes */
	size_t row_count;
	struct slice check;    /* of several: what decides; of none: why there is none */
};

struct repair_step {
	struct slice id;
	enum rule_risk risk;
	struct slice text;
	struct slice commands[8];
	size_t command_count;
	bool is_lasting;       /* "fix it for good", else "do this now" */
};

struct link {              /* of the chain: cause first, its consequences after */
	struct slice rule, title;
	uint64_t line;
};

struct evidence {
	uint64_t line, offset;
	struct slice text;
};

struct diagnosis {
	const struct boot *boot;
	const struct facts *facts;
	const struct findings *findings;
	enum verdict verdict;
	bool is_complete;
	struct slice incomplete_because; /* "the VMX throttled guest text at line 4120"; empty when complete */
	bool limit_reached;      /* the tool stopped short: exit status 2 */
	struct slice cause;      /* empty when none */
	enum rule_confidence confidence;
	struct slice title;
	struct slice why, disproof;
	struct slice fingerprint;
	struct link *chain;
	size_t chain_count;
	struct link *warnings;
	size_t warning_count;
	struct root_advice root;
	struct evidence *evidence;
	size_t evidence_count;
	struct repair_step *steps; /* safe before risky, now before lasting */
	size_t step_count;
	const struct distribution *distribution;
	struct slice silence;    /* of VERDICT_SILENT: why, and how to have the text next time */
	/* NULL unless somebody asked for them (timeline.h, explain.h); diagnosis_make does not make them. */
	const struct timeline *timeline;
	const struct explanation *explanation;
};

/* Judges one boot. Everything it points at lives in `arena` or in what it was given. */
bool diagnosis_make(struct diagnosis *diagnosis, const struct facts *facts, const struct findings *findings,
		    struct arena *arena, struct error *err);

#endif
