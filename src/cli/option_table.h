/* The one table of commands and options: the parser, every --help, the man page and the shell
 * completions are made from it. A new option is a row in option_table.c, and a field of struct
 * options for what it sets. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "cli/options.h"

#define IN(command) (1u << (command))
#define IN_ALL (IN(COMMAND_COUNT) - 1)

/* What completes the value of an option. */
enum option_value {
	VALUE_ANYTHING,
	VALUE_FILE,
	VALUE_DIRECTORY,
	VALUE_WORD,      /* one of `words` */
	VALUE_LIST,      /* some of `words`, with commas between */
};

struct option_row {
	const char *name;
	char letter;             /* 0: none */
	const char *argument;    /* what its value is called; NULL: it takes none */
	bool is_optional;        /* the value may be left out */
	enum option_value value;
	const char *words;       /* blank separated, of VALUE_WORD and VALUE_LIST */
	unsigned commands;       /* IN() for each that takes it */
	/* Either the bool of struct options that it sets, FLAG(field), or what takes its value. */
	size_t flag;
	bool (*set)(struct options *options, const char *value, struct error *err);
	/* For --help, so short that its line has at most 80 columns. NULL: it shares the line of
	 * the next row, whose help then tells of both. */
	const char *help;
	/* For the man page: whole sentences. NULL: `help` says it all. */
	const char *manual;
};

/* Never 0, where the command stands. */
#define FLAG(field) offsetof(struct options, field)

/* What a command is called with and what it does. */
struct command_row {
	const char *name;
	const char *arguments;
	const char *summary;   /* for the list of commands, a line */
	const char *help;      /* lines of at most 80 columns, each with its newline */
	const char *status;    /* the same */
	const char *actions;   /* blank separated: the words its first operand may be; NULL: a path */
	const char *manual;    /* for the man page, in place of `help`: paragraphs, a blank line between; NULL */
};

/* NULL past the last. */
const struct option_row *option_row(size_t index);
const struct command_row *command_row(enum command command);

#endif
