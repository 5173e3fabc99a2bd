/* The headers of crash reports, 2.6.18 to 6.12, x86 and arm64, and the panics that follow. */
#include "facts/crash_private.h"

const char *const crash_words[CRASH_KIND_COUNT] = {
	[CRASH_NONE] = "",
	[CRASH_NULL_POINTER] = "oops-null-pointer",
	[CRASH_PAGE_FAULT] = "oops-page-fault",
	[CRASH_PROTECTION] = "general-protection-fault",
	[CRASH_BUG] = "kernel-bug",
	[CRASH_DIVIDE] = "divide-error",
	[CRASH_OPCODE] = "invalid-opcode",
	[CRASH_DOUBLE_FAULT] = "double-fault",
	[CRASH_STACK_OVERFLOW] = "stack-overflow",
	[CRASH_STACK_CORRUPTION] = "stack-corruption",
	[CRASH_LIST_CORRUPTION] = "list-corruption",
	[CRASH_SOFT_LOCKUP] = "soft-lockup",
	[CRASH_HARD_LOCKUP] = "hard-lockup",
	[CRASH_RCU_STALL] = "rcu-stall",
	[CRASH_HUNG_TASK] = "hung-task",
	[CRASH_MEMORY_ERROR] = "memory-error",
	[CRASH_BAD_PAGE] = "bad-page-state",
	[CRASH_WARNING] = "warning",
	[CRASH_LOCKDEP] = "lockdep",
	[CRASH_ATOMIC] = "scheduling-while-atomic",
	[CRASH_LEAK] = "memory-leak",
};

#define S(text) { text, sizeof(text) - 1 }
#define HEAD(prefix_, needle_, kind_, place_, flags_, title_)                                                  \
	{ .prefix = S(prefix_), .needle = S(needle_), .kind = CRASH_##kind_, .place = PLACE_##place_,          \
	  .flags = (flags_), .title = S(title_) }
#define END { .kind = CRASH_NONE }

#define NULL_TITLE "BUG: kernel NULL pointer dereference"
#define FAULT_TITLE "BUG: unable to handle page fault"
#define STALL_TITLE "INFO: rcu detected stall"
#define SOFT_TITLE "BUG: soft lockup"
#define HARD_TITLE "hard lockup"
#define DEADLOCK_TITLE "possible deadlock"
#define LIST_TITLE "BUG: corrupted list"
#define USER_TITLE "BUG: kernel access to user memory"

/* One table for each first letter, so that an ordinary record is told by its first bytes.
 * Within a table the first match counts. */
static const struct crash_header headers_B[] = {
	HEAD("BUG: kernel NULL pointer dereference", "", NULL_POINTER, FAULT, 0, NULL_TITLE),
	HEAD("BUG: unable to handle kernel NULL pointer", "", NULL_POINTER, FAULT, 0, NULL_TITLE),
	HEAD("BUG: unable to handle kernel", "", PAGE_FAULT, FAULT, 0, FAULT_TITLE),
	HEAD("BUG: unable to handle page fault", "", PAGE_FAULT, FAULT, 0, FAULT_TITLE),
	HEAD("BUG: soft lockup", "", SOFT_LOCKUP, WORK, 0, SOFT_TITLE),
	HEAD("BUG: workqueue lockup", "", HUNG_TASK, WORK, HEADER_NOTE, "BUG: workqueue lockup"),
	HEAD("BUG: spinlock lockup", "", SOFT_LOCKUP, FAULT, 0, "BUG: spinlock lockup suspected"),
	HEAD("BUG: rwlock lockup", "", SOFT_LOCKUP, FAULT, 0, "BUG: rwlock lockup suspected"),
	HEAD("BUG: KASAN: ", "", MEMORY_ERROR, HEADER, HEADER_NAMED, "BUG: "),
	HEAD("BUG: KFENCE: ", "", MEMORY_ERROR, HEADER, HEADER_NAMED, "BUG: "),
	HEAD("BUG: KMSAN: ", "", MEMORY_ERROR, HEADER, HEADER_NAMED | HEADER_NOTE, "BUG: "),
	HEAD("BUG: KCSAN: ", "", MEMORY_ERROR, HEADER, HEADER_NAMED | HEADER_NOTE, "BUG: "),
	HEAD("BUG: memory leak", "", LEAK, FAULT, HEADER_NOTE, "memory leak"),
	HEAD("BUG: Bad page state", "", BAD_PAGE, FAULT, 0, "BUG: Bad page state"),
	HEAD("BUG: Bad page map", "", BAD_PAGE, FAULT, 0, "BUG: Bad page map"),
	HEAD("BUG: Bad rss-counter state", "", BAD_PAGE, FAULT, 0, "BUG: Bad rss-counter state"),
	HEAD("BUG: non-zero ", "on freeing mm", BAD_PAGE, FAULT, HEADER_NOTE, "BUG: page tables left at exit"),
	HEAD("BUG: scheduling while atomic", "", ATOMIC, FAULT, HEADER_NOTE, "BUG: scheduling while atomic"),
	HEAD("BUG: sleeping function called", "", ATOMIC, FAULT, HEADER_NOTE,
	     "BUG: sleeping function called from invalid context"),
	HEAD("BUG: using ", " in preemptible", WARNING, HINT, HEADER_NOTE | HEADER_NAMED, ""),
	HEAD("BUG: workqueue leaked", "", WARNING, HINT, HEADER_NOTE, "BUG: workqueue leaked lock or atomic"),
	HEAD("BUG: warning at ", "", WARNING, FAULT, HEADER_NOTE, "WARNING"),
	HEAD("BUG: bad unlock balance", "", LOCKDEP, FAULT, HEADER_NOTE, "BUG: bad unlock balance"),
	HEAD("BUG: held lock freed", "", LOCKDEP, FAULT, HEADER_NOTE, "BUG: held lock freed"),
	HEAD("BUG: MAX_LOCK", "", LOCKDEP, FAULT, HEADER_NOTE, "BUG: lockdep limit reached"),
	HEAD("BUG: spinlock bad magic", "", MEMORY_ERROR, FAULT, 0, "BUG: spinlock bad magic"),
	HEAD("BUG: rwlock bad magic", "", MEMORY_ERROR, FAULT, 0, "BUG: rwlock bad magic"),
	HEAD("BUG: spinlock recursion", "", LOCKDEP, FAULT, 0, "BUG: spinlock recursion"),
	HEAD("BUG: spinlock ", "", LOCKDEP, FAULT, HEADER_NOTE, "BUG: spinlock misused"),
	HEAD("BUG: rwlock ", "", LOCKDEP, FAULT, HEADER_NOTE, "BUG: rwlock misused"),
	HEAD("BUG: Dentry ", "still in use", WARNING, FAULT, HEADER_NOTE, "BUG: Dentry still in use"),
	HEAD("BUG: ", "stack guard page was hit", STACK_OVERFLOW, WORK, 0, "BUG: stack guard page was hit"),
	HEAD("BUG ", "ainted): ", MEMORY_ERROR, FAULT, 0, "BUG: slab object damaged"),
	HEAD("Bad mode in ", " handler detected", PAGE_FAULT, FAULT, 0, "bad mode"),
	HEAD("Bad page state in process", "", BAD_PAGE, FAULT, 0, "BUG: Bad page state"),
	END,
};

static const struct crash_header headers_I[] = {
	HEAD("INFO: task ", " can't die for more than ", HUNG_TASK, SLEEP, 0, "INFO: task can't die"),
	HEAD("INFO: task ", " blocked ", HUNG_TASK, SLEEP, 0, "INFO: task hung"),
	HEAD("INFO: task ", "", HUNG_TASK, SLEEP, 0, "INFO: task hung"),
	HEAD("INFO: rcu", " stall", RCU_STALL, WORK, 0, STALL_TITLE),
	HEAD("INFO: trying to register non-static key", "", LOCKDEP, FAULT, HEADER_NOTE,
	     "INFO: trying to register non-static key"),
	HEAD("INFO: possible ", "detected", LOCKDEP, HINT, HEADER_NOTE, DEADLOCK_TITLE),
	HEAD("INFO: inconsistent lock state", "", LOCKDEP, HINT, HEADER_NOTE, "inconsistent lock state"),
	HEAD("INFO: suspicious RCU usage", "", WARNING, FAULT, HEADER_NOTE, "WARNING: suspicious RCU usage"),
	HEAD("Insufficient stack space to handle exception", "", STACK_OVERFLOW, WORK, 0, "kernel stack overflow"),
	HEAD("Internal error: Oops - BUG", "", BUG, FAULT, HEADER_TAIL, "kernel BUG"),
	HEAD("Internal error: ", "BRK handler", BUG, FAULT, HEADER_TAIL, "kernel BUG"),
	HEAD("Internal error: ", "undefined instruction", OPCODE, FAULT, HEADER_TAIL, "invalid opcode"),
	HEAD("Internal error: ", "Undefined instruction", OPCODE, FAULT, HEADER_TAIL, "invalid opcode"),
	HEAD("Internal error: ", "", PAGE_FAULT, FAULT, HEADER_TAIL, FAULT_TITLE),
	END,
};

static const struct crash_header headers_K[] = {
	HEAD("Kernel BUG at ", "", BUG, FAULT, HEADER_TAIL, "kernel BUG"),
	HEAD("KCSAN: ", "", MEMORY_ERROR, HEADER, HEADER_NAMED | HEADER_NOTE, ""),
	END,
};

static const struct crash_header headers_N[] = {
	HEAD("NMI Watchdog detected LOCKUP", "", HARD_LOCKUP, FAULT, 0, HARD_TITLE),
	END,
};

static const struct crash_header headers_P[] = {
	HEAD("PANIC: double fault", "", DOUBLE_FAULT, FAULT, 0, "PANIC: double fault"),
	END,
};

static const struct crash_header headers_U[] = {
	HEAD("Unable to handle kernel NULL pointer", "", NULL_POINTER, FAULT, 0, NULL_TITLE),
	HEAD("Unable to handle kernel access to user memory", "", PAGE_FAULT, FAULT, 0, USER_TITLE),
	HEAD("Unable to handle kernel", "", PAGE_FAULT, FAULT, 0, FAULT_TITLE),
	HEAD("UBSAN: ", "", MEMORY_ERROR, FAULT, HEADER_NAMED | HEADER_NOTE, ""),
	END,
};

static const struct crash_header headers_W[] = {
	HEAD("WARNING: CPU: ", "", WARNING, HEADER, HEADER_NOTE, "WARNING"),
	HEAD("WARNING: at ", "", WARNING, HEADER, HEADER_NOTE, "WARNING"),
	HEAD("WARNING: possible ", "detected", LOCKDEP, HINT, HEADER_NOTE, DEADLOCK_TITLE),
	HEAD("WARNING: ", "lock inversion", LOCKDEP, HINT, HEADER_NOTE, DEADLOCK_TITLE),
	HEAD("WARNING: ", " lock order detected", LOCKDEP, HINT, HEADER_NOTE, DEADLOCK_TITLE),
	HEAD("WARNING: inconsistent lock state", "", LOCKDEP, HINT, HEADER_NOTE, "inconsistent lock state"),
	HEAD("WARNING: suspicious RCU usage", "", WARNING, FAULT, HEADER_NOTE, "WARNING: suspicious RCU usage"),
	HEAD("WARNING: bad unlock balance", "", WARNING, FAULT, HEADER_NOTE, "WARNING: bad unlock balance"),
	HEAD("WARNING: Nested lock was not taken", "", WARNING, HINT, HEADER_NOTE,
	     "WARNING: nested lock was not taken"),
	HEAD("WARNING: ", "still has locks held", WARNING, HINT, HEADER_NOTE, "WARNING: still has locks held"),
	HEAD("WARNING: lock held when returning to user space", "", WARNING, HINT, HEADER_NOTE,
	     "WARNING: lock held when returning to user space"),
	HEAD("WARNING: held lock freed", "", WARNING, FAULT, HEADER_NOTE, "WARNING: held lock freed"),
	HEAD("WARNING: kernel stack ", " has bad ", WARNING, HEADER, HEADER_NOTE,
	     "WARNING: kernel stack has bad value"),
	HEAD("WARNING: ", ", CPU#", WARNING, HEADER, HEADER_NOTE, "WARNING"),
	HEAD("Watchdog detected hard LOCKUP", "", HARD_LOCKUP, FAULT, 0, HARD_TITLE),
	END,
};

static const struct crash_header headers_a[] = {
	HEAD("alignment check: 0000 [", "", PROTECTION, FAULT, HEADER_TAIL, "alignment check"),
	END,
};

static const struct crash_header headers_b[] = {
	HEAD("bounds: 0000 [", "", OPCODE, FAULT, HEADER_TAIL, "bounds"),
	END,
};

static const struct crash_header headers_c[] = {
	HEAD("control protection fault: ", "", PROTECTION, FAULT, HEADER_TAIL, "control protection fault"),
	END,
};

static const struct crash_header headers_d[] = {
	HEAD("divide error: ", "", DIVIDE, FAULT, 0, "divide error"),
	HEAD("double fault: ", "", DOUBLE_FAULT, FAULT, HEADER_TAIL, "PANIC: double fault"),
	END,
};

static const struct crash_header headers_g[] = {
	HEAD("general protection fault: ", " [", PROTECTION, FAULT, HEADER_TAIL, "general protection fault"),
	HEAD("general protection fault, ", "", PROTECTION, FAULT, HEADER_TAIL, "general protection fault"),
	HEAD("general protection ", "address 0x", PROTECTION, FAULT, HEADER_TAIL, "general protection fault"),
	END,
};

static const struct crash_header headers_i[] = {
	HEAD("invalid opcode: ", "", OPCODE, FAULT, HEADER_TAIL, "invalid opcode"),
	HEAD("int3: ", "", OPCODE, FAULT, HEADER_TAIL, "int3"),
	HEAD("invalid TSS: ", "", PROTECTION, FAULT, HEADER_TAIL, "invalid TSS"),
	END,
};

static const struct crash_header headers_k[] = {
	HEAD("kernel BUG at ", "", BUG, FAULT, HEADER_TAIL, "kernel BUG"),
	HEAD("kernel stack overflow (", "", STACK_OVERFLOW, WORK, HEADER_TAIL, "kernel stack overflow"),
	END,
};

static const struct crash_header headers_l[] = {
	HEAD("list_add corruption", "", LIST_CORRUPTION, FAULT, HEADER_REFINES, LIST_TITLE),
	HEAD("list_del corruption", "", LIST_CORRUPTION, FAULT, HEADER_REFINES, LIST_TITLE),
	HEAD("list_add double add", "", LIST_CORRUPTION, FAULT, HEADER_REFINES, LIST_TITLE),
	END,
};

static const struct crash_header headers_o[] = {
	HEAD("overflow: 0000 [", "", OPCODE, FAULT, HEADER_TAIL, "overflow"),
	END,
};

static const struct crash_header headers_s[] = {
	HEAD("stack segment: ", " [", PROTECTION, FAULT, HEADER_TAIL, "stack segment fault"),
	HEAD("segment-related general protection fault", "", PROTECTION, FAULT, HEADER_TAIL,
	     "general protection fault"),
	HEAD("segment not present: ", "", PROTECTION, FAULT, HEADER_TAIL, "segment not present"),
	HEAD("stack guard page: ", "", STACK_OVERFLOW, WORK, HEADER_TAIL, "BUG: stack guard page was hit"),
	HEAD("simd exception: ", "", OPCODE, FAULT, HEADER_TAIL, "simd exception"),
	END,
};

static const struct crash_header headers_u[] = {
	HEAD("unreferenced object 0x", "", LEAK, FAULT, HEADER_NOTE | HEADER_TAIL, "memory leak"),
	END,
};

/* "Oops: 0002 [#1] SMP" without the header before it (a log that begins late). */
static const struct crash_header plain_oops = HEAD("Oops", "", PAGE_FAULT, FAULT, HEADER_TAIL, FAULT_TITLE);

static const struct crash_header *headers_of(char first)
{
	switch (first) {
	case 'B': return headers_B;
	case 'I': return headers_I;
	case 'K': return headers_K;
	case 'N': return headers_N;
	case 'P': return headers_P;
	case 'U': return headers_U;
	case 'W': return headers_W;
	case 'a': return headers_a;
	case 'b': return headers_b;
	case 'c': return headers_c;
	case 'd': return headers_d;
	case 'g': return headers_g;
	case 'i': return headers_i;
	case 'k': return headers_k;
	case 'l': return headers_l;
	case 'o': return headers_o;
	case 's': return headers_s;
	case 'u': return headers_u;
	default: return NULL;
	}
}

static const struct crash_header *header_lookup(struct slice text)
{
	const struct crash_header *header = text.len > 4 ? headers_of(text.ptr[0]) : NULL;

	for (; header && header->kind; header++) {
		/* The tables share first letters with many ordinary records, few second ones. */
		if (header->prefix.ptr[2] != text.ptr[2] || !slice_starts(text, header->prefix))
			continue;
		if (header->needle.len && !slice_contains(slice_skip(text, header->prefix.len), header->needle))
			continue;
		return header;
	}
	return NULL;
}

/* "Oops: general protection fault, ..." since 6.9; before it "Oops: 0000 [#1]", and [1] at first. */
static const struct crash_header *oops_lookup(struct slice text)
{
	const struct crash_header *header;

	while (slice_eat(&text, SLICE("Oops: ")))
		continue;
	header = header_lookup(text);
	if (header)
		return header;
	return text.len && (char_is_hex(text.ptr[0]) || text.ptr[0] == '[' || slice_starts(text, SLICE("Oops ["))) ?
		&plain_oops : NULL;
}

/* "CPU3: Watchdog detected hard LOCKUP on cpu 3" of the newest kernels. */
static const struct crash_header *cpu_lookup(struct slice text)
{
	uint64_t cpu;

	if (!slice_eat(&text, SLICE("CPU")) || !slice_eat_decimal(&text, &cpu) || !slice_eat(&text, SLICE(": ")))
		return NULL;
	return header_lookup(text);
}

const struct crash_header *crash_header_find(struct slice text)
{
	static const struct slice names[] = {
		S("watchdog: "), S("NMI watchdog: "), S("rcu: "), S("traps: "), S("[ "), S("slub: "),
		S("kmemleak: "),
	};
	const struct crash_header *header = header_lookup(text);

	if (header || text.len < 5)
		return header;
	switch (text.ptr[0]) {
	case 'O':
		return slice_starts(text, SLICE("Oops")) ? oops_lookup(text) : NULL;
	case 'C':
		return cpu_lookup(text);
	case 'w': case 'N': case 'r': case 't': case '[': case 's': case 'k':
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (slice_eat(&text, names[i]))
				return header_lookup(text);
	}
	return NULL;
}

static const struct crash_header own_soft = HEAD("", "", SOFT_LOCKUP, WORK, 0, SOFT_TITLE);
static const struct crash_header own_hard = HEAD("", "", HARD_LOCKUP, FAULT, 0, HARD_TITLE);
static const struct crash_header own_stall = HEAD("", "", RCU_STALL, WORK, 0, STALL_TITLE);
static const struct crash_header own_hung = HEAD("", "", HUNG_TASK, SLEEP, 0, "hung task");
static const struct crash_header own_smash =
	HEAD("", "", STACK_CORRUPTION, HEADER, 0, "kernel stack is corrupted");
static const struct crash_header own_end = HEAD("", "", STACK_CORRUPTION, WORK, 0, "corrupted stack end");
static const struct crash_header own_overflow = HEAD("", "", STACK_OVERFLOW, WORK, 0, "kernel stack overflow");
static const struct crash_header own_atomic =
	HEAD("", "", ATOMIC, FAULT, HEADER_NOTE, "BUG: scheduling while atomic");

static const struct crash_panic panics[] = {
	{ S("Fatal exception"), CRASH_DEATHS, NULL },
	{ S("Aiee, killing interrupt handler"), CRASH_DEATHS, NULL },
	{ S("Attempted to kill the idle task"), CRASH_DEATHS, NULL },
	{ S("Attempted to kill init"), CRASH_DEATHS, NULL },
	{ S("Oopsed too often"), CRASH_DEATHS, NULL },
	{ S("Oops failed to kill thread"), CRASH_DEATHS, NULL },
	{ S("Machine halted"), CRASH_BIT(CRASH_DOUBLE_FAULT), NULL },
	{ S("bad mode"), CRASH_DEATHS, NULL },
	{ S("scheduling while atomic"), CRASH_BIT(CRASH_ATOMIC), &own_atomic },
	{ S("panic_on_warn set"), CRASH_ANY, NULL },
	{ S("system warned too often"), CRASH_BIT(CRASH_WARNING), NULL },
	{ S("panic_on_taint set"), CRASH_ANY, NULL },
	{ S("softlockup: hung tasks"), CRASH_BIT(CRASH_SOFT_LOCKUP), &own_soft },
	{ S("hard LOCKUP"), CRASH_BIT(CRASH_HARD_LOCKUP), &own_hard },
	{ S("Hard LOCKUP"), CRASH_BIT(CRASH_HARD_LOCKUP), &own_hard },
	{ S("nmi watchdog"), CRASH_BIT(CRASH_HARD_LOCKUP), &own_hard },
	{ S("RCU Stall"), CRASH_BIT(CRASH_RCU_STALL), &own_stall },
	{ S("hung_task: blocked tasks"), CRASH_BIT(CRASH_HUNG_TASK), &own_hung },
	{ S("stack-protector"), 0, &own_smash },
	{ S("corrupted stack end"), 0, &own_end },
	{ S("stack overflow"), CRASH_BIT(CRASH_STACK_OVERFLOW) | CRASH_BIT(CRASH_DOUBLE_FAULT), &own_overflow },
	{ S("stack guard"), CRASH_BIT(CRASH_STACK_OVERFLOW) | CRASH_BIT(CRASH_DOUBLE_FAULT), &own_overflow },
};

const struct crash_panic *crash_panic_find(struct slice panic_text)
{
	for (size_t i = 0; i < sizeof(panics) / sizeof(panics[0]); i++)
		if (slice_contains(panic_text, panics[i].needle))
			return &panics[i];
	return NULL;
}
