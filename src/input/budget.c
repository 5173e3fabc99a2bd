#include "input/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/limits.h"

#define NS_PER_SECOND UINT64_C(1000000000)

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

struct budget budget_of_stream(void)
{
	return (struct budget){
		.free_bytes = DECODER_FREE_BYTES,
		.out_bytes_max = DECODER_OUT_BYTES,
		.in_bytes_max = UINT64_MAX,
	};
}

struct budget budget_of_archive(void)
{
	return (struct budget){
		.free_bytes = ARCHIVE_FREE_BYTES,
		.out_bytes_max = DECODER_OUT_BYTES,
		.members_max = ARCHIVE_MEMBERS_MAX,
		.work_ns_max = ARCHIVE_WORK_SECONDS * NS_PER_SECOND,
		.depth_max = ARCHIVE_DEPTH_MAX,
		.in_bytes_max = UINT64_MAX,
		.started_ns = now_ns(),
	};
}

/* Keeps the first excess. */
static bool exceed(struct budget *budget, uint64_t bound, const char *what)
{
	if (!budget->excess[0])
		snprintf(budget->excess, sizeof(budget->excess), "more than %" PRIu64 " %s", bound, what);
	return false;
}

bool budget_check(struct budget *budget)
{
	if (budget->work_ns_max && now_ns() - budget->started_ns > budget->work_ns_max)
		exceed(budget, budget->work_ns_max / NS_PER_SECOND, "seconds of work went into it");
	return !budget->excess[0];
}

/* Of a file that is read here and there, what is read again would let more come out. */
void budget_add_in(struct budget *budget, uint64_t bytes)
{
	budget->in_bytes += bytes;
	if (budget->in_bytes > budget->in_bytes_max)
		budget->in_bytes = budget->in_bytes_max;
}

bool budget_add_out(struct budget *budget, uint64_t bytes)
{
	budget->out_bytes += bytes;
	if (budget->out_bytes > budget->free_bytes && budget->out_bytes / DECODER_RATIO_MAX >= budget->in_bytes)
		return exceed(budget, DECODER_RATIO_MAX, "times its size came out of it");
	if (budget->out_bytes >= budget->out_bytes_max)
		return exceed(budget, budget->out_bytes_max / (KIB * MIB), "GiB came out of it");
	return budget_check(budget);
}

bool budget_add_member(struct budget *budget)
{
	if (++budget->members > budget->members_max)
		return exceed(budget, budget->members_max, "members are in it");
	return budget_check(budget);
}

void budget_pause(struct budget *budget)
{
	budget->paused_ns = now_ns();
}

void budget_resume(struct budget *budget)
{
	budget->started_ns += now_ns() - budget->paused_ns;
}
