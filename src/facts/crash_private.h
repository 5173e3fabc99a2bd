/* Inside of the crash reader: header table, stack traces, and the choice of a function. */
#ifndef FACTS_CRASH_PRIVATE_H
#define FACTS_CRASH_PRIVATE_H

#include "base/limits.h"
#include "facts/crash.h"

enum crash_kind {
	CRASH_NONE,
	CRASH_NULL_POINTER,
	CRASH_PAGE_FAULT,
	CRASH_PROTECTION,
	CRASH_BUG,
	CRASH_DIVIDE,
	CRASH_OPCODE,
	CRASH_DOUBLE_FAULT,
	CRASH_STACK_OVERFLOW,
	CRASH_STACK_CORRUPTION,
	CRASH_LIST_CORRUPTION,
	CRASH_SOFT_LOCKUP,
	CRASH_HARD_LOCKUP,
	CRASH_RCU_STALL,
	CRASH_HUNG_TASK,
	CRASH_MEMORY_ERROR,
	CRASH_BAD_PAGE,
	CRASH_WARNING,
	CRASH_LOCKDEP,
	CRASH_ATOMIC,
	CRASH_LEAK,
	CRASH_KIND_COUNT
};

#define CRASH_BIT(kind) (1u << (kind))
/* A fault or a BUG: what ends in a die() of the kernel. */
#define CRASH_DEATHS                                                                                           \
	(CRASH_BIT(CRASH_NULL_POINTER) | CRASH_BIT(CRASH_PAGE_FAULT) | CRASH_BIT(CRASH_PROTECTION) |           \
	 CRASH_BIT(CRASH_BUG) | CRASH_BIT(CRASH_DIVIDE) | CRASH_BIT(CRASH_OPCODE) |                            \
	 CRASH_BIT(CRASH_DOUBLE_FAULT) | CRASH_BIT(CRASH_STACK_OVERFLOW) | CRASH_BIT(CRASH_LIST_CORRUPTION))
#define CRASH_ANY (~0u)

/* How the function of a report is found. */
enum crash_place {
	PLACE_FAULT,  /* the instruction pointer, else the first frame that is no helper */
	PLACE_HEADER, /* named in the header; a helper there leads on to the frames */
	PLACE_WORK,   /* a CPU that is stuck: what its work began with, not where it was caught */
	PLACE_SLEEP,  /* as PLACE_FAULT, and the header names the task */
	PLACE_HINT,   /* a line behind the header names it: who wanted or held the lock, who called */
};

enum crash_flag {
	HEADER_NOTE = 1 << 0,    /* the kernel goes on as if nothing had happened */
	HEADER_TAIL = 1 << 1,    /* a second header of the report before, when there is one */
	HEADER_REFINES = 1 << 2, /* says more than the WARNING or BUG that it stands next to */
	HEADER_NAMED = 1 << 3,   /* the title is the header's own text up to " in " */
};

struct crash_header {
	struct slice prefix;      /* the text begins so ... */
	struct slice needle;      /* ... and holds this behind it (may be empty) */
	enum crash_kind kind;
	enum crash_place place;
	unsigned flags;           /* enum crash_flag */
	struct slice title;       /* of HEADER_NAMED: what the header has in front of its name */
};

/* A panic text, and which crash it follows from. */
struct crash_panic {
	struct slice needle;          /* behind "Kernel panic - not syncing: " */
	unsigned kinds;               /* CRASH_BIT of what it may follow from */
	const struct crash_header *own; /* what it is by itself when none of those is there; or NULL */
};

extern const char *const crash_words[CRASH_KIND_COUNT];

/* The header that the text begins with (behind "watchdog: " and the like), NULL when it is none. */
const struct crash_header *crash_header_find(struct slice text);
/* NULL for a panic that follows from no crash report. */
const struct crash_panic *crash_panic_find(struct slice panic_text);

struct crash_symbol {
	struct slice name;   /* without ".isra.0" and the like */
	struct slice place;  /* "func.isra.0+0x12/0x34", as it stands; empty when no offset does */
	struct slice module;
};

struct crash_frame {
	struct crash_symbol symbol;
	bool is_pointer;  /* the instruction pointer, not a return address */
	bool is_guess;    /* "? func": found on the stack, perhaps left over */
	bool is_first;    /* a new stack begins */
};

/* More than is handed out: what overflowed a stack stands far below the top. */
#define TRACE_FRAMES 256

struct crash_trace {
	struct crash_frame frames[TRACE_FRAMES];
	size_t count;
	bool is_sure;  /* a frame is there that is no guess; guesses behind it are left out */
};

/* One report: from its header to the next. */
struct crash_site {
	const struct boot *boot;
	const struct crash_header *header; /* NULL: no report */
	size_t index;                      /* of the header's record */
};

/* Reads the stack of a report. */
void crash_trace_read(const struct crash_site *site, struct crash_trace *trace);
/* The function that the report is about; empty when no name is in it. */
struct crash_symbol crash_trace_choose(const struct crash_site *site, const struct crash_trace *trace);
/* The first "name+0x..." of a text. */
bool crash_symbol_in(struct slice text, struct crash_symbol *ret);
/* True for a line of a stack trace or of the registers that a report is read from. */
bool crash_is_body(struct slice text);
/* Steps to the report's next record, over text of other tasks and CPUs. False at its end. */
bool crash_site_next(const struct crash_site *site, size_t *index);

/* Functions that say nothing about a crash although it is caught in them: reporters, traps, checks,
 * copies, locks, ways to sleep. */
bool crash_is_helper(struct slice name);
/* Where the kernel hands over to the code that does the work. */
bool crash_is_dispatcher(struct slice name);
/* One name for the many ways to wait for all CPUs or to enter a system call. */
struct slice crash_name_plain(struct slice name, struct arena *arena);

#endif
