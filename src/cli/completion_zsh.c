/* Completion for zsh. */
#include "cli/completion.h"
#include "cli/generate.h"

/* Between brackets of an option's description, inside single quotes. */
static void put_brief(struct buf *out, struct slice brief)
{
	for (size_t i = 0; i < brief.len; i++) {
		if (brief.ptr[i] == '[' || brief.ptr[i] == ']' || brief.ptr[i] == '\\')
			buf_char(out, '\\');
		completion_quote(out, (struct slice){ brief.ptr + i, 1 });
	}
}

static void put_names(struct buf *out, const struct option_row *row)
{
	const char *short_end = !row->argument ? "" : row->is_optional ? "-" : "+";
	const char *long_end = !row->argument ? "" : row->is_optional ? "=-" : "=";
	if (row->letter)
		buf_printf(out, "'(-%c --%s)'{-%c%s,--%s%s}'", row->letter, row->name, row->letter, short_end, row->name,
			   long_end);
	else
		buf_printf(out, "'--%s%s", row->name, long_end);
}

static void put_value(struct buf *out, const struct option_row *row)
{
	if (!row->argument)
		return;
	buf_printf(out, "%s%s:", row->is_optional ? "::" : ":", row->argument);
	switch (row->value) {
	case VALUE_ANYTHING:
		buf_char(out, ' ');
		break;
	case VALUE_FILE:
		buf_text(out, "_files");
		break;
	case VALUE_DIRECTORY:
		buf_text(out, "_files -/");
		break;
	case VALUE_WORD:
		buf_printf(out, "(%s)", row->words);
		break;
	case VALUE_LIST:
		buf_printf(out, "_values -s , %s %s", row->argument, row->words);
		break;
	}
}

static void put_command(struct buf *out, enum command command)
{
	const char *actions = command_row(command)->actions;
	buf_printf(out, "\t%s)\n\t\t_arguments -s -S \\\n", command_name(command));
	for (size_t i = 0; completion_next(command, &i); i++) {
		buf_text(out, "\t\t\t");
		put_names(out, option_row(i));
		buf_char(out, '[');
		put_brief(out, completion_brief(i));
		buf_char(out, ']');
		put_value(out, option_row(i));
		buf_text(out, "' \\\n");
	}
	if (actions)
		buf_printf(out, "\t\t\t'1:action:(%s)' \\\n", actions);
	buf_text(out, "\t\t\t'*:file:_files'\n\t\t;;\n");
}

void generate_zsh(struct buf *out)
{
	buf_text(out, "#compdef vmpanic\n# zsh completion for vmpanic, made by `vmpanic --generate zsh`.\n\n"
		      "_vmpanic() {\n\tlocal -a commands\n\tcommands=(\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		buf_printf(out, "\t\t'%s:", command_name(command));
		completion_quote(out, slice_of(command_row(command)->summary));
		buf_text(out, "'\n");
	}
	buf_text(out, "\t)\n\tlocal command=diagnose\n"
		      "\tif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
		      "\t\t_alternative 'commands:command:(('\"${(j: :)${(@q)commands}}\"'))' 'files:log:_files'\n"
		      "\t\treturn\n\tfi\n"
		      "\tif (( CURRENT > 2 )) && [[ -n ${(M)commands:#$words[2]:*} ]]; then\n"
		      "\t\tcommand=$words[2]\n\t\tshift words\n\t\t(( CURRENT-- ))\n\tfi\n\tcase $command in\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++)
		put_command(out, command);
	buf_text(out, "\tesac\n}\n\n_vmpanic \"$@\"\n");
}
