/* The command line: what was asked for. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "cli/time_bound.h"
#include "scan/scan.h"

enum command {
	COMMAND_DIAGNOSE,
	COMMAND_SCAN,
	COMMAND_REPORT,
	COMMAND_WATCH,
	COMMAND_DMESG,
	COMMAND_RULES,
	COMMAND_COUNT,
	COMMAND_NONE = COMMAND_COUNT,
};

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Which boots of a log: diagnose takes all if not told otherwise, dmesg the last. */
enum boot_choice { BOOT_CHOICE_LAST, BOOT_CHOICE_ALL, BOOT_CHOICE_NUMBER };

/* How `dmesg` shows times. */
enum time_choice {
	TIME_CHOICE_NONE_GIVEN, /* seconds since boot */
	TIME_CHOICE_CTIME,
	TIME_CHOICE_RELTIME,
	TIME_CHOICE_DELTA,
	TIME_CHOICE_ISO,
	TIME_CHOICE_NOTIME,
};

/* As they were given: words of the command line. */
struct pattern_list {
	const char *items[SCAN_PATTERNS_MAX];
	size_t count;
};

struct options {
	enum command command;
	bool wants_help, wants_version;
	const char *generate;        /* "man", "bash" ...; NULL: nothing of that kind */
	const char *format;          /* NULL: text */
	const char *output;          /* NULL: standard output */
	const char *rules;           /* directory of further rules, or NULL */
	enum color_choice color;
	enum boot_choice boot_choice;
	unsigned boot_number;        /* of BOOT_CHOICE_NUMBER */
	bool causes;
	bool all_runs;               /* of a VM's folder: the older ones, too */
	bool timeline, explain, redact;
	struct time_bound since;
	/* dmesg */
	unsigned levels, facilities; /* a bit for each that was asked for; 0: all */
	struct time_bound until;
	enum time_choice time_choice;
	bool kernel, userspace, show_delta, raw, decode, human, json, follow;
	/* scan and report */
	const char *database;        /* NULL: none */
	const char *names_from;      /* NULL: none */
	unsigned threads;            /* 0: as many as there are cores */
	struct scan_shard shard;
	enum store_grouping grouping;
	bool is_grouped;             /* grouping was given */
	bool is_one_file_system;
	struct pattern_list includes, excludes;
	/* watch */
	const char *exec;            /* program; NULL: none */
	unsigned exec_timeout_ms, interval_ms; /* 0: not given */
	bool poll, present, all;
	char **operands;
	size_t operand_count;
};

/* `argv` is permuted as getopt_long does; operands point into it. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
/* What --help says; COMMAND_NONE: of the program. Fits a screen of 24 lines. */
void options_help(enum command command, struct buf *out);
const char *command_name(enum command command);

#endif
