#include "cli/options.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/slice.h"
#include "cli/generate.h"
#include "cli/option_table.h"

/* Rows of one command; there are letters for no more. */
#define ROWS_MAX 64
/* What getopt_long returns for the first row: behind all letters. */
#define FIRST_VALUE 256

struct getopt_tables {
	struct option longs[ROWS_MAX + 1];
	char shorts[3 * ROWS_MAX + 2];
};

static bool takes(const struct option_row *row, enum command command)
{
	return row->commands & IN(command);
}

/* The leading ':' tells a missing value from an unknown option. */
static void fill_getopt_tables(enum command command, struct getopt_tables *ret)
{
	size_t longs = 0, shorts = 0;
	memset(ret, 0, sizeof(*ret));
	ret->shorts[shorts++] = ':';
	for (size_t i = 0; option_row(i); i++) {
		const struct option_row *row = option_row(i);
		if (!takes(row, command) || longs == ROWS_MAX)
			continue;
		int has_value = !row->argument ? no_argument : row->is_optional ? optional_argument : required_argument;
		ret->longs[longs++] = (struct option){ row->name, has_value, NULL, FIRST_VALUE + (int)i };
		if (row->letter)
			ret->shorts[shorts++] = row->letter;
		for (int colons = 0; row->letter && colons < has_value; colons++)
			ret->shorts[shorts++] = ':';
	}
}

/* A letter means one option in one command and may mean another in another. */
static const struct option_row *row_of(enum command command, int value)
{
	if (value >= FIRST_VALUE)
		return option_row((size_t)(value - FIRST_VALUE));
	for (size_t i = 0; value && option_row(i); i++)
		if (takes(option_row(i), command) && value == option_row(i)->letter)
			return option_row(i);
	return NULL;
}

static bool option_error(bool is_value_missing, enum command command, char **argv, struct error *err)
{
	const char *word = argv[optind - 1], *name = command_name(command);
	const struct option_row *row = row_of(command, optopt);
	bool is_long = strncmp(word, "--", 2) == 0;
	if (is_value_missing && row)
		return error_set(err, "option --%s needs a value; see vmpanic %s --help", row->name, name);
	if (!is_long && optopt && optopt < FIRST_VALUE)
		return error_set(err, "unknown option -%c; see vmpanic %s --help", optopt, name);
	return error_set(err, "unknown option %s; see vmpanic %s --help", word, name);
}

static bool set_option(struct options *options, const struct option_row *row, struct error *err)
{
	if (row->set)
		return row->set(options, optarg, err);
	*(bool *)((char *)options + row->flag) = true;
	return true;
}

static bool parse_words(struct options *options, int argc, char **argv, struct error *err)
{
	struct getopt_tables tables;
	fill_getopt_tables(options->command, &tables);
	options->boot_choice = options->command == COMMAND_DIAGNOSE ? BOOT_CHOICE_ALL : BOOT_CHOICE_LAST;
	/* 0, not 1: forgets what an earlier command line left behind. */
	optind = 0;
	opterr = 0;
	for (int value; (value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1;) {
		const struct option_row *row = value == ':' || value == '?' ? NULL : row_of(options->command, value);
		if (!row)
			return option_error(value == ':', options->command, argv, err);
		if (!set_option(options, row, err))
			return false;
	}
	options->operands = argv + optind;
	options->operand_count = (size_t)(argc - optind);
	return true;
}

/* Commands. */

static enum command command_of(const char *word)
{
	enum command command = 0;
	while (command < COMMAND_COUNT && strcmp(word, command_name(command)) != 0)
		command++;
	return command;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* Without a command the first word is a path or an option of diagnose. A plain word that is no
 * file was meant as a command. */
static bool looks_like_command(const char *word)
{
	return *word != '-' && !strpbrk(word, "./") && access(word, F_OK) != 0;
}

static bool parse_generate(struct options *options, const char *what, struct error *err)
{
	options->generate = what;
	return (what && generate_knows(what)) ||
	       error_set(err, "--generate needs one of man, bash, zsh, fish");
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
	*options = (struct options){ .command = COMMAND_NONE };
	const char *first = argc > 1 ? argv[1] : "";
	if (!*first)
		return error_set(err, "give a log to read, or a command; see vmpanic --help");
	options->wants_help = is_one_of(first, "--help", "-h") || strcmp(first, "help") == 0;
	options->wants_version = is_one_of(first, "--version", "-V");
	if (options->wants_help && strcmp(first, "help") == 0 && argc > 2)
		options->command = command_of(argv[2]);
	if (options->wants_help || options->wants_version)
		return true;
	if (strcmp(first, "--generate") == 0)
		return parse_generate(options, argc > 2 ? argv[2] : NULL, err);
	options->command = command_of(first);
	if (options->command != COMMAND_NONE)
		return parse_words(options, argc - 1, argv + 1, err);
	if (looks_like_command(first))
		return error_set(err, "%s is neither a command nor a file; see vmpanic --help", first);
	options->command = COMMAND_DIAGNOSE;
	if (!parse_words(options, argc, argv, err))
		return false;
	const char *operand = options->operand_count ? options->operands[0] : "";
	return command_of(operand) == COMMAND_NONE || !looks_like_command(operand) ||
	       error_set(err, "a command comes first: vmpanic %s [OPTION...] ...", operand);
}
