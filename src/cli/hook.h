/* The command of `watch --exec`: run once for each diagnosis, with its line of NDJSON on standard input
 * and what it is about in the environment. No shell is between, and nothing of the guest's is in its arguments.
 *
 * Some run at a time, others wait for their turn. Who reads the input slowly, or not at all, keeps
 * nobody waiting: it is a file. */
#ifndef CLI_HOOK_H
#define CLI_HOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"

struct hook_call;

struct hook_child {
	pid_t pid;              /* 0: none */
	int64_t deadline_ms;
	bool was_told;          /* to end */
	struct hook_call *call;
};

/* All zero but the first two is valid. */
struct hook {
	const char *program;    /* looked for in $PATH when it has no slash */
	int64_t limit_ms;       /* of one run */
	struct hook_child children[HOOK_RUNNING_MAX];
	struct hook_call *first, **last; /* that wait */
	size_t waiting_bytes, waiting_count;
	bool is_closed;
};

/* Whether there is such a program, so that a mistake is told before it is needed. */
bool hook_check(const char *program, struct error *err);
/* One that cannot be run, or waits in vain, is complained about. `line` is copied. */
void hook_add(struct hook *hook, struct slice line);
/* Looks who has ended, ends who takes too long, and starts who waits. */
void hook_step(struct hook *hook, int64_t now_ms);
/* -1: without end, or until a child ends. */
int hook_wait_ms(const struct hook *hook, int64_t now_ms);
bool hook_is_running(const struct hook *hook);
/* Nobody is started any more. Those who run are given a moment, HOOK_GRACE_MS, and are told to end then; a
 * second time, at once. */
void hook_close(struct hook *hook, int64_t now_ms);
void hook_deinit(struct hook *hook);

#endif
