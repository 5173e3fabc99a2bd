/* The kernel's side of a failure, for those who want to follow it in the source: which functions
 * try what, in which order; and why the diagnosis is this one and no other. */
#ifndef DIAGNOSIS_EXPLAIN_H
#define DIAGNOSIS_EXPLAIN_H

#include "diagnosis/diagnosis.h"

/* Of one word of the cause vocabulary. */
struct kernel_path {
	const char *cause;
	const char *text;    /* a short paragraph */
	const char *source;  /* kernel files, and the versions whose code it describes */
};

/* NULL for what is no word of the vocabulary. */
const struct kernel_path *explain_cause(struct slice cause);

/* Something that the diagnosis could have named and did not. */
struct rejection {
	struct slice what;   /* "sda1", "rule root/late" */
	struct slice reason;
};

struct explanation {
	const struct kernel_path *path; /* NULL when the boot has no cause */
	struct rejection *rejections;   /* devices, then causes that matched, too */
	size_t rejection_count;
	struct slice asked;             /* how many rules there are and what became of them, in a sentence */
	struct slice not_judged;        /* rules whose facts the log does not tell, in a sentence; may be empty */
};

/* False only when memory is out. */
bool explanation_make(struct explanation *explanation, const struct diagnosis *diagnosis, struct arena *arena,
		      struct error *err);

#endif
