#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/generate.h"
#include "cli/output.h"

static enum exit_status print(const struct buf *text)
{
	struct output output;
	struct error err;
	output_open(&output, NULL, &err);
	if (text->failed)
		error_out_of_memory(&output.trouble);
	output_write(&output, buf_slice(text));
	if (output_close(&output, true, &err))
		return EXIT_WELL;
	complain("standard output", err.text);
	return EXIT_TROUBLE;
}

static enum exit_status about(const struct options *options)
{
	struct buf text = BUF_INIT(256 * KIB);
	if (options->generate)
		generate(options->generate, &text);
	else if (options->wants_version)
		buf_text(&text, "vmpanic " VMPANIC_VERSION "\n");
	else
		options_help(options->command, &text);
	enum exit_status status = print(&text);
	buf_deinit(&text);
	return status;
}

/* A descriptor that is closed would be given to the next file, and what is meant for a person would be
 * written into it. Reading and writing fail as they would have. */
static void fill_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;
}

int main(int argc, char **argv)
{
	static enum exit_status (*const commands[COMMAND_COUNT])(const struct options *) = {
		[COMMAND_DIAGNOSE] = command_diagnose,
		[COMMAND_SCAN] = command_scan,
		[COMMAND_REPORT] = command_report,
		[COMMAND_WATCH] = command_watch,
		[COMMAND_DMESG] = command_dmesg,
		[COMMAND_RULES] = command_rules,
	};
	struct options options;
	struct error err;
	fill_descriptors();
	/* A reader that goes away is an error of write(2), and there no error at all. */
	signal(SIGPIPE, SIG_IGN);
	if (!options_parse(&options, argc, argv, &err)) {
		complain(NULL, err.text);
		return EXIT_TROUBLE;
	}
	if (options.wants_help || options.wants_version || options.generate)
		return (int)about(&options);
	return (int)commands[options.command](&options);
}
