#include "cli/command.h"

#include "cli/dmesg.h"
#include "cli/pager.h"
#include "scan/session.h"
#include "scan/sources.h"

/* What cannot be had together. */
static bool check_options(const struct options *options, struct error *err)
{
	bool has_times = options->time_choice != TIME_CHOICE_NONE_GIVEN || options->show_delta;
	bool has_deltas = options->time_choice == TIME_CHOICE_RELTIME || options->time_choice == TIME_CHOICE_DELTA ||
			  options->show_delta;
	const struct {
		bool is_given;
		const char *text;
	} pairs[] = {
		{ options->kernel && options->userspace, "--kernel and --userspace exclude one another" },
		{ options->raw && has_times, "--raw prints times as the kernel sends them: leave the time format out" },
		{ options->raw && (options->decode || options->json || options->human),
		  "--raw excludes --decode, --json and --human" },
		{ options->json && (options->human || options->follow), "--json excludes --human and --follow" },
		{ options->json && has_deltas, "--json tells times in seconds, ctime or iso" },
		{ options->follow && options->boot_choice == BOOT_CHOICE_NUMBER,
		  "--follow prints the last boot or all, not one by its number" },
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (pairs[i].is_given)
			return error_set(err, "%s; see vmpanic dmesg --help", pairs[i].text);
	return options->operand_count == 1 ||
	       error_set(err, "dmesg takes one log, or - for standard input; see vmpanic dmesg --help");
}

/* The log itself, or else the first log with text that the guest sent through it. False when it
 * could not be done; *ret_found: a boot was there to be printed. */
static bool print_source(struct dmesg_printer *printer, const struct source *what, bool *ret_found)
{
	struct session session;
	struct dmesg_chooser chooser = { .printer = printer };
	/* Records of a huge boot are let go without regard to what a diagnosis would need. */
	const struct boot_sink sink = { &chooser, dmesg_chooser_take, NULL };
	session_init_source(&session, what);
	bool is_read = session_read(&session, &sink);
	bool is_printed = dmesg_chooser_end(&chooser);
	if (!is_read)
		complain(what->path.ptr, session.source.error.ptr);
	else if (!is_printed)
		complain(what->path.ptr, chooser.err.text);
	dmesg_chooser_explain(&chooser, what->path.ptr);
	*ret_found = chooser.has_boot;
	bool is_done = is_read && is_printed && !session.limit_reached;
	for (size_t i = 0; is_done && !*ret_found && i < session.sent.source_count; i++)
		is_done = print_source(printer, &session.sent.sources[i], ret_found);
	dmesg_chooser_deinit(&chooser);
	session_deinit(&session);
	return is_done;
}

/* Of a VM's folder the first that holds text: its logs, or else the file of a serial port. */
static bool print_sources(struct dmesg_printer *printer, const struct sources *sources, const char *operand)
{
	bool is_done = true, is_found = false;
	for (size_t i = 0; is_done && !is_found && i < sources->count; i++)
		is_done = print_source(printer, &sources->items[i], &is_found);
	if (is_done && !is_found)
		complain(operand, printer->options->boot_choice == BOOT_CHOICE_NUMBER
					  ? "has no boot of that number with kernel text"
					  : "holds no kernel text of the guest");
	return is_done && is_found;
}

static bool print_operand(struct dmesg_printer *printer, const char *operand)
{
	struct sources sources;
	struct error err = { 0 };
	bool is_found = sources_find(&sources, operand, false, &err);
	bool is_done = is_found && print_sources(printer, &sources, operand);
	if (!is_found)
		complain(operand, err.text);
	sources_close(&sources);
	return is_done;
}

static bool print_or_follow(struct dmesg_printer *printer, const struct options *options)
{
	struct error err = { 0 };
	bool is_done;
	if (options->follow) {
		is_done = dmesg_follow(printer, options->operands[0], &err);
		if (!is_done)
			complain(options->operands[0], err.text);
	} else {
		is_done = print_operand(printer, options->operands[0]);
	}
	if (dmesg_print_end(printer, &err))
		return is_done;
	if (is_done) /* else it has been said */
		complain(NULL, err.text);
	return false;
}

enum exit_status command_dmesg(const struct options *options)
{
	struct output output;
	struct pager pager = { 0 };
	struct dmesg_printer printer;
	struct error err = { 0 };
	if (!check_options(options, &err)) {
		complain(NULL, err.text);
		return EXIT_TROUBLE;
	}
	output_open(&output, NULL, &err);
	dmesg_printer_init(&printer, options, &output);
	if (options->human && !options->follow)
		pager_begin(&pager, &output);
	bool is_done = print_or_follow(&printer, options);
	pager_end(&pager, &output);
	if (!output_close(&output, true, &err)) {
		complain("standard output", err.text);
		is_done = false;
	}
	dmesg_printer_deinit(&printer);
	return is_done ? EXIT_WELL : EXIT_TROUBLE;
}
