/* The commands. Each is given its options and returns the exit status. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

/* 2 wins over 1. */
enum exit_status {
	EXIT_WELL = 0,
	EXIT_FOUND = 1,   /* a failed boot, a failed test: what was looked for */
	EXIT_TROUBLE = 2, /* not all could be done */
};

enum exit_status command_diagnose(const struct options *options);
enum exit_status command_scan(const struct options *options);
enum exit_status command_report(const struct options *options);
enum exit_status command_watch(const struct options *options);
enum exit_status command_dmesg(const struct options *options);
enum exit_status command_rules(const struct options *options);

static inline enum exit_status exit_worse(enum exit_status a, enum exit_status b)
{
	return a > b ? a : b;
}

#endif
