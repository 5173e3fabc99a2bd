#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

/* The first one, and from one to the next: nobody reads faster. */
#define FIRST_MS 300
#define STEP_MS 200

static bool is_terminal(void)
{
	const char *term = getenv("TERM");
	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void progress_begin(struct progress *progress, bool is_wanted)
{
	*progress = (struct progress){ .is_shown = is_wanted && is_terminal() };
	clock_gettime(CLOCK_MONOTONIC, &progress->begun);
	progress->shown = progress->begun;
}

static int64_t ms_since(const struct timespec *then)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * INT64_C(1000) + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static void put_bytes(uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes / KIB;
	size_t unit = 0;
	while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(*units)) {
		value /= 1024;
		unit++;
	}
	fprintf(stderr, "%.1f %s", value, units[unit]);
}

static void put_counts(const struct progress *progress, const struct scan_counts *counts)
{
	int64_t ms = ms_since(&progress->begun);
	fprintf(stderr, "%" PRIu64 " files, ", counts->files);
	put_bytes(counts->bytes);
	if (ms > 0) {
		fputs(", ", stderr);
		put_bytes(counts->bytes * 1000 / (uint64_t)ms);
		fputs("/s", stderr);
	}
	fprintf(stderr, ", %" PRIu64 " failed boots", counts->failed_boots);
}

void progress_show(struct progress *progress, const struct scan_counts *counts)
{
	if (!progress->is_shown || ms_since(&progress->begun) < FIRST_MS || ms_since(&progress->shown) < STEP_MS)
		return;
	clock_gettime(CLOCK_MONOTONIC, &progress->shown);
	fputs("\r\033[K", stderr);
	put_counts(progress, counts);
	fflush(stderr);
	progress->is_on_line = true;
}

void progress_clear(struct progress *progress)
{
	if (!progress->is_on_line)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->is_on_line = false;
}

static void put_passed_over(uint64_t count, const char *what)
{
	if (count)
		fprintf(stderr, ", %" PRIu64 " %s", count, what);
}

void progress_end(struct progress *progress, const struct scan_counts *counts)
{
	progress_clear(progress);
	if (!progress->is_shown)
		return;
	put_counts(progress, counts);
	put_passed_over(counts->kept, "unchanged");
	put_passed_over(counts->others, "no logs");
	put_passed_over(counts->links, "links");
	put_passed_over(counts->specials, "FIFOs, sockets and devices");
	put_passed_over(counts->other_file_systems, "on other file systems");
	put_passed_over(counts->vanished, "vanished");
	put_passed_over(counts->troubles, "not read");
	fputc('\n', stderr);
}
