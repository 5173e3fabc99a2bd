/* What --help says. */
#include "cli/option_table.h"

#include "base/limits.h"

/* Where the help of an option begins. */
#define HELP_COLUMN 26

static void help_program(struct buf *out)
{
	buf_text(out, "Usage: vmpanic PATH...\n       vmpanic COMMAND [OPTION...] ...\n"
		      "Say from the host why the Linux guest of a VMware virtual machine panicked or\n"
		      "did not boot, and what to type.\n\nCommands:\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++)
		buf_printf(out, "  %-10s %s\n", command_row(command)->name, command_row(command)->summary);
	buf_text(out, "\nA path without a command is diagnosed; - is standard input.\n"
		      "`vmpanic COMMAND --help` tells the options of each, --version the version.\n");
}

/* `-f, --format FORMAT`: behind the names of options that share the line. */
static void put_names(struct buf *line, const struct option_row *row)
{
	if (line->len)
		buf_text(line, ", ");
	else
		buf_text(line, row->letter ? "  " : "      ");
	if (row->letter)
		buf_printf(line, "-%c, ", row->letter);
	buf_printf(line, "--%s", row->name);
	if (row->argument)
		buf_printf(line, row->is_optional ? "[=%s]" : " %s", row->argument);
}

static void put_line(struct buf *out, struct buf *line, const char *help)
{
	buf_append(out, buf_slice(line));
	buf_repeat(out, ' ', line->len + 2 > HELP_COLUMN ? 2 : HELP_COLUMN - (int)line->len);
	buf_printf(out, "%s\n", help);
	out->failed |= line->failed;
	buf_clear(line);
}

static void help_options(enum command command, struct buf *out)
{
	struct buf line = BUF_INIT(KIB);
	for (size_t i = 0; option_row(i); i++) {
		const struct option_row *row = option_row(i);
		if (!(row->commands & IN(command)))
			continue;
		put_names(&line, row);
		if (row->help)
			put_line(out, &line, row->help);
	}
	buf_deinit(&line);
}

void options_help(enum command command, struct buf *out)
{
	const struct command_row *row = command_row(command);
	if (!row) {
		help_program(out);
		return;
	}
	buf_printf(out, "Usage: vmpanic %s %s\n%s\n", row->name, row->arguments, row->help);
	help_options(command, out);
	buf_printf(out, "\n%s", row->status);
}
