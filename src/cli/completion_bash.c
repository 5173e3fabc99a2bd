/* Completion for bash: a function that needs no other. An empty answer lets readline complete
 * file names, which knows how to quote them. */
#include "cli/completion.h"
#include "cli/generate.h"

static const char begin[] =
	"# bash completion for vmpanic, made by `vmpanic --generate bash`.\n"
	"\n"
	"_vmpanic_words()\n"
	"{\n"
	"\tCOMPREPLY=($(compgen -W \"$1\" -- \"$cur\"))\n"
	"\tcompopt +o default 2> /dev/null\n"
	"}\n"
	"\n"
	"# Behind the commas of a list.\n"
	"_vmpanic_list()\n"
	"{\n"
	"\tlocal head=\n"
	"\t[[ $cur == *,* ]] && head=${cur%,*},\n"
	"\tCOMPREPLY=($(compgen -P \"$head\" -W \"$1\" -- \"${cur##*,}\"))\n"
	"\tcompopt -o nospace +o default 2> /dev/null\n"
	"}\n"
	"\n"
	"_vmpanic()\n"
	"{\n"
	"\tlocal IFS=$' \\t\\n'\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=diagnose options=\n"
	"\tCOMPREPLY=()\n"
	"\t# `--option=value` comes as three words.\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\tcur=\n"
	"\telif [[ $prev == = ]]; then\n"
	"\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tfi\n";

static void put_commands(struct buf *out)
{
	buf_text(out, "\tif ((COMP_CWORD > 1)); then\n\t\tcase ${COMP_WORDS[1]} in\n\t\t");
	for (enum command command = 0; command < COMMAND_COUNT; command++)
		buf_printf(out, "%s%s", command ? "|" : "", command_name(command));
	buf_text(out, ")\n\t\t\tcommand=${COMP_WORDS[1]}\n\t\t\t;;\n\t\tesac\n"
		      "\telif [[ $cur != -* ]]; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (enum command command = 0; command < COMMAND_COUNT; command++)
		buf_printf(out, "%s%s", command ? " " : "", command_name(command));
	buf_text(out, "' -- \"$cur\"))\n\t\treturn\n\tfi\n");
}

static void put_value(struct buf *out, const struct option_row *row)
{
	buf_text(out, "\t\t");
	if (row->letter)
		buf_printf(out, "-%c|", row->letter);
	buf_printf(out, "--%s)\n\t\t\t", row->name);
	switch (row->value) {
	case VALUE_ANYTHING:
		buf_text(out, "compopt +o default 2> /dev/null");
		break;
	case VALUE_FILE:
		break;
	case VALUE_DIRECTORY:
		buf_text(out, "compopt +o default -o dirnames 2> /dev/null");
		break;
	case VALUE_WORD:
		buf_printf(out, "_vmpanic_words '%s'", row->words);
		break;
	case VALUE_LIST:
		buf_printf(out, "_vmpanic_list '%s'", row->words);
		break;
	}
	buf_text(out, row->value == VALUE_FILE ? "return\n\t\t\t;;\n" : "\n\t\t\treturn\n\t\t\t;;\n");
}

/* A value that may be left out follows a '=' only. */
static void put_values(struct buf *out, enum command command)
{
	buf_text(out, "\t\tcase $prev in\n");
	for (size_t i = 0; completion_next(command, &i); i++)
		if (option_row(i)->argument && !option_row(i)->is_optional)
			put_value(out, option_row(i));
	buf_text(out, "\t\tesac\n\t\t[[ ${COMP_WORDS[COMP_CWORD]} == = || ${COMP_WORDS[COMP_CWORD-1]} == = ]] &&\n"
		      "\t\tcase $prev in\n");
	for (size_t i = 0; completion_next(command, &i); i++)
		if (option_row(i)->argument && option_row(i)->is_optional)
			put_value(out, option_row(i));
	buf_text(out, "\t\tesac\n");
}

static void put_options(struct buf *out, enum command command)
{
	buf_text(out, "\t\toptions='");
	for (size_t i = 0, count = 0; completion_next(command, &i); i++, count++)
		buf_printf(out, "%s--%s", count ? " " : "", option_row(i)->name);
	buf_text(out, "'\n");
	if (command_row(command)->actions)
		buf_printf(out, "\t\t[[ $cur != -* ]] && ((COMP_CWORD == 2)) && _vmpanic_words '%s'\n",
			   command_row(command)->actions);
}

void generate_bash(struct buf *out)
{
	buf_text(out, begin);
	put_commands(out);
	buf_text(out, "\tcase $command in\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		buf_printf(out, "\t%s)\n", command_name(command));
		put_values(out, command);
		put_options(out, command);
		buf_text(out, "\t\t;;\n");
	}
	buf_text(out, "\tesac\n\t[[ $cur == -* ]] && _vmpanic_words \"$options\"\n\treturn 0\n}\n\n"
		      "complete -o default -F _vmpanic vmpanic\n");
}
