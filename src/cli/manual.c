/* The man page, in man(7): what the tables say, and what only a page has room for. */
#include "base/limits.h"
#include "cli/generate.h"
#include "cli/option_table.h"

/* Of the last change to what the page says. */
#define PAGE_DATE "2026-11-21"
/* Lines of the source; readers wrap them as they like. */
#define SOURCE_COLUMNS 78

static const char description[] =
	"vmpanic runs on the host side of a VMware virtual machine. It reads what the host holds of a Linux "
	"guest - `vmware.log`, or a serial port's log - rebuilds the guest's kernel log, says why the guest did not "
	"boot or why it died, and says what to type to boot it again and what to change so that it stays fixed.\n\n"
	"The kernels of Photon OS send their log to `vmware.log` when they oops or panic. Of other kernels a serial "
	"port that writes to a file tells the same; a report that finds no kernel text says what to set up.\n\n"
	"A first word that is a path is diagnosed. A path may be - for standard input.";

/* A name and what is said of it. */
struct entry {
	const char *name, *text;
};

static const struct entry environment[] = {
	{ "NO_COLOR", "When set and not empty, nothing is coloured unless --color says so." },
	{ "TERM", "When unset or `dumb`, the same." },
	{ "COLUMNS", "Width of a report where it does not go to a terminal; at most 100 columns are used." },
	{ "PAGER", "What `vmpanic dmesg --human` shows its text with on a terminal, in place of `less`." },
	{ "LESS", "Options of `less`; FRX if unset." },
};

static const struct entry files[] = {
	{ "vmware.log", "The log of the running or the last run of a VM, beside its .vmx file. Older ones are "
			"`vmware-0.log`, `vmware-1.log` and so on." },
	{ "FAMILY/SLUG.yaml", "A rule, in a directory that --rules names. The program's own are built in. How rules are "
			      "written stands in `rules.md` of the installed documentation." },
};

static const struct entry examples[] = {
	{ "vmpanic vmware.log", "Why did this guest not boot, and what is to be typed?" },
	{ "ssh root@esx cat /vmfs/volumes/ds1/web01/vmware.log | vmpanic -", "The same from another machine." },
	{ "vmpanic --format json vmware.log | jq -r '.sources[].boots[] | [.number, .verdict, .cause] | @tsv'",
	  "Number, verdict and cause of each boot, for another program." },
	{ "vmpanic dmesg -T --level err+ vmware.log", "Errors and what is worse, with the time of day." },
	{ "vmpanic dmesg --since +0.5 --until +2 vmware.log", "A second and a half of the guest's life." },
	{ "vmpanic dmesg --human --follow vmware.log", "Watch a VM that is about to crash." },
	{ "vmpanic rules show root/device-missing", "What a rule looks for, and why it follows." },
};

/* Text. */

static void put_char(struct buf *out, char c)
{
	if (c == '\\')
		buf_text(out, "\\e");
	else if (c == '-')
		buf_text(out, "\\-");
	else
		buf_char(out, c);
}

/* What is in backticks is bold. At the beginning of a line a dot or a quote would be a request. */
static void put_word(struct buf *out, struct slice word, bool begins_line, bool *is_bold)
{
	if (begins_line && (word.ptr[0] == '.' || word.ptr[0] == '\''))
		buf_text(out, "\\&");
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] != '`') {
			put_char(out, word.ptr[i]);
			continue;
		}
		*is_bold = !*is_bold;
		buf_text(out, *is_bold ? "\\fB" : "\\fR");
	}
}

/* What it takes in the source. */
static size_t columns_of(struct slice word)
{
	size_t columns = word.len;
	for (size_t i = 0; i < word.len; i++)
		columns += word.ptr[i] == '`' ? 2 : word.ptr[i] == '-' || word.ptr[i] == '\\';
	return columns;
}

/* Lines of any length, wrapped; each sentence begins one of its own. */
static void put_text(struct buf *out, struct slice text)
{
	size_t column = 0;
	bool is_bold = false;
	for (struct slice word; text.len;) {
		size_t len = 0;
		while (len < text.len && text.ptr[len] != ' ' && text.ptr[len] != '\n')
			len++;
		word = slice_take(text, len);
		text = slice_skip(text, len + 1);
		if (!len)
			continue;
		size_t columns = columns_of(word);
		bool fits = column && column + 1 + columns <= SOURCE_COLUMNS;
		if (column)
			buf_char(out, fits ? ' ' : '\n');
		put_word(out, word, !fits, &is_bold);
		bool ends_sentence = slice_ends(word, SLICE(".")) && !slice_ends(word, SLICE(".."));
		column = ends_sentence ? SOURCE_COLUMNS : fits ? column + 1 + columns : columns;
	}
	if (column)
		buf_char(out, '\n');
}

/* Paragraphs with an empty line between; `request` begins each but the first. */
static void put_paragraphs(struct buf *out, const char *text, const char *request)
{
	struct slice rest = slice_of(text);
	for (bool is_first = true; rest.len; is_first = false) {
		size_t end = slice_find(rest, SLICE("\n\n"));
		if (!is_first)
			buf_printf(out, "%s\n", request);
		put_text(out, slice_take(rest, end));
		rest = slice_skip(rest, end == SLICE_NOT_FOUND ? rest.len : end + 2);
	}
}

static void put_bold(struct buf *out, const char *text)
{
	buf_text(out, "\\fB");
	for (; *text; text++)
		put_char(out, *text);
	buf_text(out, "\\fR");
}

static void put_entries(struct buf *out, const char *title, const struct entry *entries, size_t count)
{
	buf_printf(out, ".SH %s\n", title);
	for (size_t i = 0; i < count; i++) {
		buf_text(out, ".TP\n");
		put_bold(out, entries[i].name);
		buf_char(out, '\n');
		put_text(out, slice_of(entries[i].text));
	}
}

/* Sections. */

/* `[OPTION...] PATH...`: what is in capitals is to be replaced. */
static void put_arguments(struct buf *out, const char *arguments)
{
	bool is_italic = false;
	for (; *arguments; arguments++) {
		bool is_capital = *arguments >= 'A' && *arguments <= 'Z';
		if (is_capital != is_italic)
			buf_text(out, is_capital ? "\\fI" : "\\fR");
		is_italic = is_capital;
		put_char(out, *arguments);
	}
	if (is_italic)
		buf_text(out, "\\fR");
}

static void put_synopsis(struct buf *out)
{
	buf_text(out, ".SH SYNOPSIS\n\\fBvmpanic\\fR \\fIPATH\\fR...\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		buf_printf(out, ".br\n\\fBvmpanic %s\\fR ", command_name(command));
		put_arguments(out, command_row(command)->arguments);
		buf_char(out, '\n');
	}
	buf_text(out, ".br\n\\fBvmpanic\\fR \\fB\\-\\-help\\fR | \\fB\\-\\-version\\fR\n");
}

static void put_commands(struct buf *out)
{
	buf_text(out, ".SH COMMANDS\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		const struct command_row *row = command_row(command);
		buf_printf(out, ".TP\n\\fB%s\\fR ", row->name);
		put_arguments(out, row->arguments);
		buf_char(out, '\n');
		put_paragraphs(out, row->manual ? row->manual : row->help, ".IP");
	}
}

static void put_option(struct buf *out, const struct option_row *row)
{
	buf_text(out, ".TP\n");
	if (row->letter)
		buf_printf(out, "\\fB\\-%c\\fR, ", row->letter);
	buf_text(out, "\\fB\\-\\-");
	for (const char *c = row->name; *c; c++)
		put_char(out, *c);
	buf_text(out, "\\fR");
	if (row->argument)
		buf_printf(out, row->is_optional ? "[=\\fI%s\\fR]" : " \\fI%s\\fR", row->argument);
	buf_char(out, '\n');
}

/* A help is a phrase in small letters. */
static void put_option_text(struct buf *out, const struct option_row *row)
{
	if (row->manual) {
		put_paragraphs(out, row->manual, ".IP");
		return;
	}
	struct buf sentence = BUF_INIT(KIB);
	buf_printf(&sentence, "%s.", row->help);
	if (!sentence.failed && sentence.ptr[0] >= 'a' && sentence.ptr[0] <= 'z')
		sentence.ptr[0] = (char)(sentence.ptr[0] - 'a' + 'A');
	put_text(out, buf_slice(&sentence));
	out->failed |= sentence.failed;
	buf_deinit(&sentence);
}

static void put_options(struct buf *out)
{
	buf_text(out, ".SH OPTIONS\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		buf_printf(out, ".SS Options of %s\n", command_name(command));
		for (size_t i = 0; option_row(i); i++) {
			if (!(option_row(i)->commands & IN(command)))
				continue;
			put_option(out, option_row(i));
			put_option_text(out, option_row(i));
		}
	}
}

/* The table's lines begin with the words under which they stand here. */
static void put_statuses(struct buf *out)
{
	buf_text(out, ".SH \"EXIT STATUS\"\n");
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		struct slice status = slice_of(command_row(command)->status);
		slice_eat(&status, SLICE("Exit status: "));
		buf_printf(out, ".TP\n\\fB%s\\fR\n", command_name(command));
		put_text(out, status);
	}
	buf_text(out, ".PP\n");
	put_text(out, SLICE("2 wins over 1. A reader that closes the pipe early is no error."));
}

static void put_examples(struct buf *out)
{
	buf_text(out, ".SH EXAMPLES\n");
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		buf_text(out, i ? ".PP\n" : "");
		put_text(out, slice_of(examples[i].text));
		buf_text(out, ".PP\n.nf\n.RS 4\n");
		for (const char *c = examples[i].name; *c; c++)
			put_char(out, *c);
		buf_text(out, "\n.RE\n.fi\n");
	}
}

static void put_limits(struct buf *out)
{
	struct buf text = BUF_INIT(4 * KIB);
	buf_printf(&text,
		   "Of a boot that fills more than %zu MiB the first %zu MiB, the last %zu MiB and what a diagnosis needs "
		   "are kept; what was left out is counted and told. A line is read up to %zu KiB. %u boots of one log "
		   "are read. Where a limit cuts something short, a report says so and the status is 2.\n\n",
		   (BOOT_HEAD_BYTES + BOOT_TAIL_BYTES) / MIB, BOOT_HEAD_BYTES / MIB, BOOT_TAIL_BYTES / MIB,
		   LINE_MAX_BYTES / KIB, BOOTS_MAX);
	buf_text(&text, "A dump holds what the guest's kernel sent before it stopped: its last lines may be missing, and a "
			"host that limits a log's speed or size drops more. A report calls such a log incomplete, and "
			"takes nothing for absent that it could not have seen. What a guest writes is not to be trusted: "
			"whoever is root there can write anything into the log.");
	buf_text(out, ".SH LIMITS\n");
	buf_char(&text, '\0');
	out->failed |= text.failed;
	if (!text.failed)
		put_paragraphs(out, text.ptr, ".PP");
	buf_deinit(&text);
}

void generate_man(struct buf *out)
{
	buf_text(out, ".\\\" Made by `vmpanic --generate man`.\n.TH VMPANIC 1 " PAGE_DATE " \"vmpanic " VMPANIC_VERSION
		      "\" \"User Commands\"\n.SH NAME\n"
		      "vmpanic \\- say why a Linux guest of VMware panicked or did not boot\n");
	put_synopsis(out);
	buf_text(out, ".SH DESCRIPTION\n");
	put_paragraphs(out, description, ".PP");
	put_commands(out);
	put_options(out);
	put_statuses(out);
	put_entries(out, "ENVIRONMENT", environment, sizeof(environment) / sizeof(*environment));
	put_entries(out, "FILES", files, sizeof(files) / sizeof(*files));
	put_examples(out);
	put_limits(out);
	buf_text(out, ".SH NOTES\n");
	put_text(out, SLICE("`vmpanic --generate` `man`, `bash`, `zsh` or `fish` writes this page or the completions of that "
			    "shell to standard output."));
	buf_text(out, ".SH \"SEE ALSO\"\n.BR dmesg (1),\n.BR journalctl (1)\n");
}
