/* Completion for fish. */
#include "cli/completion.h"
#include "cli/generate.h"

static const char begin[] =
	"# fish completion for vmpanic, made by `vmpanic --generate fish`.\n"
	"\n"
	"function __vmpanic_is --description 'is this the command that is typed?'\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l command diagnose\n"
	"\tif contains -- \"$words[2]\" $__vmpanic_commands\n"
	"\t\tset command $words[2]\n"
	"\tend\n"
	"\ttest $command = $argv[1]\n"
	"end\n"
	"\n"
	"function __vmpanic_list --description 'words behind the commas of a list'\n"
	"\tset -l word (string replace -r -- '^--?[^=]*=' '' (commandline -ct))\n"
	"\tset -l head (string replace -r -- '[^,]*$' '' $word)\n"
	"\tprintf '%s\\n' $head$argv\n"
	"end\n"
	"\n";

/* In single quotes fish knows \' and \\. */
static void put_quoted(struct buf *out, struct slice text)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, text.ptr[i]);
	}
	buf_char(out, '\'');
}

static void put_value(struct buf *out, const struct option_row *row)
{
	switch (row->value) {
	case VALUE_ANYTHING:
		buf_text(out, " -x");
		break;
	case VALUE_FILE:
		buf_text(out, " -r");
		break;
	case VALUE_DIRECTORY:
		buf_text(out, " -x -a '(__fish_complete_directories)'");
		break;
	case VALUE_WORD:
		buf_printf(out, " -x -a '%s'", row->words);
		break;
	case VALUE_LIST:
		buf_printf(out, " -x -a '(__vmpanic_list %s)'", row->words);
		break;
	}
}

static void put_option(struct buf *out, enum command command, size_t index)
{
	const struct option_row *row = option_row(index);
	buf_printf(out, "complete -c vmpanic -n '__vmpanic_is %s'", command_name(command));
	if (row->letter)
		buf_printf(out, " -s %c", row->letter);
	buf_printf(out, " -l %s", row->name);
	if (row->argument)
		put_value(out, row);
	buf_text(out, " -d ");
	put_quoted(out, completion_brief(index));
	buf_char(out, '\n');
}

static void put_command(struct buf *out, enum command command)
{
	const struct command_row *row = command_row(command);
	buf_printf(out, "\ncomplete -c vmpanic -n 'test (count (commandline -opc)) -eq 1' -a %s -d ", row->name);
	put_quoted(out, slice_of(row->summary));
	buf_char(out, '\n');
	if (row->actions)
		buf_printf(out, "complete -c vmpanic -n '__vmpanic_is %s; and test (count (commandline -opc)) -eq 2' -f -a '%s'\n",
			   row->name, row->actions);
	for (size_t i = 0; completion_next(command, &i); i++)
		put_option(out, command, i);
}

void generate_fish(struct buf *out)
{
	buf_text(out, begin);
	buf_text(out, "set -g __vmpanic_commands");
	for (enum command command = 0; command < COMMAND_COUNT; command++)
		buf_printf(out, " %s", command_name(command));
	buf_char(out, '\n');
	for (enum command command = 0; command < COMMAND_COUNT; command++)
		put_command(out, command);
}
