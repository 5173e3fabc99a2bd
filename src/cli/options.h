/* The command line. One table of options serves the parser and every --help. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

enum command { COMMAND_DIAGNOSE, COMMAND_DMESG, COMMAND_RULES, COMMAND_COUNT, COMMAND_NONE = COMMAND_COUNT };

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Which boots `dmesg` prints. */
enum boot_choice { BOOT_CHOICE_LAST, BOOT_CHOICE_ALL, BOOT_CHOICE_NUMBER };

struct options {
	enum command command;
	bool wants_help, wants_version;
	const char *format;          /* NULL: text */
	const char *output;          /* NULL: standard output */
	const char *rules;           /* directory of further rules, or NULL */
	enum color_choice color;
	enum boot_choice boot_choice;
	unsigned boot_number;        /* of BOOT_CHOICE_NUMBER */
	bool raw, causes;
	char **operands;
	size_t operand_count;
};

/* `argv` is permuted as getopt_long does; operands point into it. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
/* What --help says; COMMAND_NONE: of the program. Fits a screen of 24 lines. */
void options_help(enum command command, struct buf *out);
const char *command_name(enum command command);

#endif
