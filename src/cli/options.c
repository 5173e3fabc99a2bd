#include "cli/options.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/slice.h"
#include "report/report.h"

/* What a command is called with and what it does, as --help says it. */
struct command_row {
	const char *name, *arguments, *summary, *help, *status;
};

static const struct command_row commands[COMMAND_COUNT] = {
	[COMMAND_DIAGNOSE] = {
		"diagnose", "[OPTION...] PATH...", "say why a Linux guest did not boot or died, and what to type",
		"Say why the Linux guest of each log did not boot or died, and what to type.\n"
		"PATH is a vmware.log, or kernel text such as a serial console's; - is standard\n"
		"input. `vmpanic PATH` is short for this command.\n",
		"Exit status: 0 no boot failed; 1 a boot failed, or a finding at warning level\n"
		"or above; 2 not all of it could be done.\n",
	},
	[COMMAND_DMESG] = {
		"dmesg", "[OPTION...] PATH", "print the guest's kernel log, rebuilt from the host's",
		"Print the guest's kernel log as dmesg in the guest would have, rebuilt from the\n"
		"log on the host: of the last boot with kernel text, if not told otherwise.\n"
		"Control characters are shown as \\xNN. PATH may be - for standard input.\n",
		"Exit status: 0 done; 2 could not.\n",
	},
	[COMMAND_RULES] = {
		"rules", "[OPTION...] ACTION", "list, show, test and check the rules",
		"  list              one line for each rule; with --causes the words for causes\n"
		"  show ID           all of one rule\n"
		"  test [FILE...]    run the tests inside the rules\n"
		"  lint [FILE...]    check style and sense of the rules\n"
		"FILE is a rule file, FAMILY/SLUG.yaml, or a directory of such. Without it, test\n"
		"and lint take --rules DIR or the directory `rules`.\n",
		"Exit status: 0 all well; 1 a test failed or a rule could be better; 2 a rule\n"
		"cannot be loaded, or it could not be done.\n",
	},
};

const char *command_name(enum command command)
{
	return command < COMMAND_COUNT ? commands[command].name : NULL;
}

/* Options. */

static bool set_format(struct options *options, const char *value, struct error *err)
{
	options->format = value;
	return report_format_find(slice_of(value)) ||
	       error_set(err, "--format %s is not known, expected text or json", value);
}

static bool set_output(struct options *options, const char *value, struct error *err)
{
	options->output = strcmp(value, "-") == 0 ? NULL : value;
	return *value || error_set(err, "--output needs a file name");
}

static bool set_rules(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->rules = value;
	return true;
}

static bool set_color(struct options *options, const char *value, struct error *err)
{
	static const char *const words[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never",
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (value && strcmp(value, words[i]) != 0)
			continue;
		options->color = value ? (enum color_choice)i : COLOR_ALWAYS;
		return true;
	}
	return error_set(err, "--color %s is not known, expected auto, always or never", value);
}

static bool set_boot(struct options *options, const char *value, struct error *err)
{
	uint64_t number = 0;
	options->boot_choice = strcmp(value, "last") == 0 ? BOOT_CHOICE_LAST
			       : strcmp(value, "all") == 0 ? BOOT_CHOICE_ALL
							   : BOOT_CHOICE_NUMBER;
	if (options->boot_choice != BOOT_CHOICE_NUMBER)
		return true;
	if (!slice_to_decimal(slice_of(value), &number) || !number || number > 1000000)
		return error_set(err, "--boot %s is not known, expected a number from 1, last or all", value);
	options->boot_number = (unsigned)number;
	return true;
}

static bool set_raw(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	return options->raw = true;
}

static bool set_causes(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	return options->causes = true;
}

static bool set_help(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	return options->wants_help = true;
}

static bool set_version(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	return options->wants_version = true;
}

#define IN(command) (1u << (command))
#define IN_ALL (IN(COMMAND_COUNT) - 1)

struct option_row {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* what its value is called; NULL: it takes none */
	bool is_optional;     /* the value may be left out */
	unsigned commands;    /* a bit for each that takes it */
	bool (*set)(struct options *options, const char *value, struct error *err);
	const char *help;
};

static const struct option_row table[] = {
	{ "format", 'f', "FORMAT", false, IN(COMMAND_DIAGNOSE), set_format, "text (default) or json" },
	{ "output", 'o', "FILE", false, IN(COMMAND_DIAGNOSE), set_output, "write FILE, whole or not at all" },
	{ "boot", 'b', "N", false, IN(COMMAND_DMESG), set_boot, "the boot of that number, last (default) or all" },
	{ "raw", 'r', NULL, false, IN(COMMAND_DMESG), set_raw, "with the level before each record: <6>[ ...]" },
	{ "rules", 0, "DIR", false, IN(COMMAND_DIAGNOSE) | IN(COMMAND_RULES), set_rules,
	  "use the rules of DIR too; the same id replaces" },
	{ "causes", 0, NULL, false, IN(COMMAND_RULES), set_causes, "of list: the words for causes" },
	{ "color", 0, "WHEN", true, IN(COMMAND_DIAGNOSE) | IN(COMMAND_RULES), set_color,
	  "auto (default), always or never" },
	{ "help", 'h', NULL, false, IN_ALL, set_help, "this text" },
	{ "version", 0, NULL, false, IN_ALL, set_version, "which version this is" },
};

#define TABLE_COUNT (sizeof(table) / sizeof(*table))
/* What getopt_long returns for the first row. */
#define FIRST_VALUE 256

struct getopt_tables {
	struct option longs[TABLE_COUNT + 1];
	char shorts[3 * TABLE_COUNT + 2];
};

/* The leading ':' tells a missing value from an unknown option. */
static void fill_getopt_tables(enum command command, struct getopt_tables *ret)
{
	size_t longs = 0, shorts = 0;
	memset(ret, 0, sizeof(*ret));
	ret->shorts[shorts++] = ':';
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		const struct option_row *row = &table[i];
		if (!(row->commands & IN(command)))
			continue;
		int has_value = !row->argument ? no_argument : row->is_optional ? optional_argument : required_argument;
		ret->longs[longs++] = (struct option){ row->name, has_value, NULL, FIRST_VALUE + (int)i };
		if (row->letter)
			ret->shorts[shorts++] = row->letter;
		if (row->letter && row->argument)
			ret->shorts[shorts++] = ':';
	}
}

static const struct option_row *row_of(int value)
{
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (value == FIRST_VALUE + (int)i || (table[i].letter && value == table[i].letter))
			return &table[i];
	return NULL;
}

static bool option_error(bool is_value_missing, enum command command, char **argv, struct error *err)
{
	const char *word = argv[optind - 1], *name = commands[command].name;
	bool is_long = strncmp(word, "--", 2) == 0;
	if (is_value_missing && row_of(optopt))
		return error_set(err, "option --%s needs a value; see vmpanic %s --help", row_of(optopt)->name, name);
	if (!is_long && optopt && optopt < FIRST_VALUE)
		return error_set(err, "unknown option -%c; see vmpanic %s --help", optopt, name);
	return error_set(err, "unknown option %s; see vmpanic %s --help", word, name);
}

static bool parse_words(struct options *options, int argc, char **argv, struct error *err)
{
	struct getopt_tables tables;
	fill_getopt_tables(options->command, &tables);
	/* 0, not 1: forgets what an earlier command line left behind. */
	optind = 0;
	opterr = 0;
	for (int value; (value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1;) {
		const struct option_row *row = row_of(value);
		if (value == ':' || value == '?' || !row)
			return option_error(value == ':', options->command, argv, err);
		if (!row->set(options, optarg, err))
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
	while (command < COMMAND_COUNT && strcmp(word, commands[command].name) != 0)
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

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
	*options = (struct options){ .command = COMMAND_NONE };
	const char *first = argc > 1 ? argv[1] : "";
	if (!*first)
		return error_set(err, "give a log to read, or a command; see vmpanic --help");
	options->wants_help = is_one_of(first, "--help", "-h") || strcmp(first, "help") == 0;
	options->wants_version = is_one_of(first, "--version", "-V");
	if (options->wants_help || options->wants_version)
		return true;
	options->command = command_of(first);
	if (options->command != COMMAND_NONE)
		return parse_words(options, argc - 1, argv + 1, err);
	if (looks_like_command(first))
		return error_set(err, "%s is neither a command nor a file; see vmpanic --help", first);
	options->command = COMMAND_DIAGNOSE;
	return parse_words(options, argc, argv, err);
}

/* Help. */

static void help_program(struct buf *out)
{
	buf_text(out, "Usage: vmpanic PATH...\n       vmpanic COMMAND [OPTION...] ...\n"
		      "Say from the host why the Linux guest of a VMware virtual machine panicked or\n"
		      "did not boot, and what to type.\n\nCommands:\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		buf_printf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	buf_text(out, "\nA path without a command is diagnosed; - is standard input.\n"
		      "`vmpanic COMMAND --help` tells the options of each, --version the version.\n");
}

static void help_option(struct buf *out, const struct option_row *row)
{
	char letter[] = { '-', row->letter, ',', ' ', 0 };
	struct buf name = BUF_INIT(128);
	buf_printf(&name, "--%s", row->name);
	if (row->argument)
		buf_printf(&name, row->is_optional ? "[=%s]" : " %s", row->argument);
	buf_printf(out, "  %s%-18.*s  %s\n", row->letter ? letter : "    ", SLICE_ARG(buf_slice(&name)), row->help);
	buf_deinit(&name);
}

void options_help(enum command command, struct buf *out)
{
	if (command == COMMAND_NONE) {
		help_program(out);
		return;
	}
	const struct command_row *row = &commands[command];
	buf_printf(out, "Usage: vmpanic %s %s\n%s\n", row->name, row->arguments, row->help);
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (table[i].commands & IN(command))
			help_option(out, &table[i]);
	buf_printf(out, "\n%s", row->status);
}
