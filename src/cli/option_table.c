#include "cli/option_table.h"

#include <stdlib.h>
#include <string.h>

#include "kmsg/names.h"
#include "report/fleet_parts.h"
#include "report/report.h"

/* Commands. */

static const struct command_row commands[COMMAND_COUNT] = {
	[COMMAND_DIAGNOSE] = {
		.name = "diagnose",
		.arguments = "[OPTION...] PATH...",
		.summary = "say why a Linux guest did not boot or died, and what to type",
		.help = "Say why the Linux guest of each log did not boot or died, and what to type.\n"
			"PATH is a vmware.log, kernel text such as a serial console's, - for standard\n"
			"input, or a VM's folder or .vmx. `vmpanic PATH` is short for this command.\n",
		.manual = "Says why the Linux guest of each log did not boot or died, and what to type. PATH is a "
			  "vmware.log, or kernel text such as a serial console's, plain or compressed with gzip, xz, "
			  "zstd or bzip2; - is standard input. `vmpanic PATH` is short for this command.\n\n"
			  "PATH may also be a VM's folder or its .vmx. Then the logs of the VM's newest run are read "
			  "as one, also where the host went on in a new file, and places are told by file and line. "
			  "What the log does not say of the VM is taken from the .vmx. The file that a serial port "
			  "writes to is read, too, when it is in the folder. Links are not followed.",
		.status = "Exit status: 0 no boot failed; 1 a boot failed, or a finding at warning level\n"
			  "or above; 2 not all of it could be done.\n",
	},
	[COMMAND_SCAN] = {
		.name = "scan",
		.arguments = "[OPTION...] PATH...",
		.summary = "find every log below a folder and say which VMs failed, of what",
		.help = "Read every log below each PATH, also inside archives, and say which VMs failed,\n"
			"of what, and how many of the same. Logs are known by what they hold.\n",
		.status = "Exit status: 0 no boot failed; 1 a boot failed, or a finding at warning level\n"
			  "or above; 2 not all of it could be done.\n",
		.manual = "Reads every log below each PATH and says which VMs failed, of what, and how many of the same. "
			  "Logs are known by what they hold: vmware.log and what it was rotated to, serial logs, kernel text, "
			  "plain or compressed with gzip, xz, zstd or bzip2, and inside of tar, zip and 7z archives such as "
			  "vm-support bundles, which are not unpacked to disk. Everything else is passed over. Links are not "
			  "followed, and FIFOs and devices not opened, but where PATH itself names one; - is standard input.\n\n"
			  "The logs of a VM's folder are one time line, and the .vmx beside them names the VM. The output "
			  "does not depend on the number of threads.\n\n"
			  "With --db the scan remembers: files whose device, inode, size and times are as they were are not "
			  "read again, and the summary says which failures are new, gone or back.",
	},
	[COMMAND_REPORT] = {
		.name = "report",
		.arguments = "[OPTION...] FILE...",
		.summary = "merge what scans wrote into one report",
		.help = "Merge what scans wrote with --format ndjson, or remember in a database of --db,\n"
			"into one report. - is standard input.\n",
		.status = "Exit status: 0 no boot failed; 1 a boot failed; 2 a file could not be read, or\n"
			  "what it tells of could not.\n",
		.manual = "Merges what scans wrote with --format ndjson, or keep in a database of --db, into one report, as "
			  "if one scan had found it: a fleet is scanned where its logs are. - is standard input. A database "
			  "is reported on as its last scan of each part left it.",
	},
	[COMMAND_WATCH] = {
		.name = "watch",
		.arguments = "[OPTION...] PATH...",
		.summary = "follow growing logs and say at once when a guest fails",
		.help = "Follow the logs below each PATH - a log, a VM's folder, a datastore - and print\n"
			"a diagnosis when a guest has failed and its dump is complete or rests a second.\n"
			"What the logs hold at the start is not reported, unless with --present.\n",
		.status = "Exit status: 0 ended by a signal; 2 could not.\n",
		.manual = "Follows the logs below each PATH until a signal ends it, and prints a diagnosis as soon as a guest "
			  "has failed. PATH is a log, a VM's folder, its .vmx, or a tree such as a datastore; logs and folders that "
			  "appear later are followed, too. The logs of a VM's folder are one time line, through every "
			  "rotation.\n\n"
			  "A dump has no end mark: the log is judged when the guest has written what comes last, or "
			  "nothing for a second, or has written for ten. Its whole text is read again then, so that "
			  "the diagnosis is that of diagnose and scan; of a VM that fails all the time, or a very large log, only so "
			  "often that it takes a tenth of the time. A boot is told again when its verdict, cause or "
			  "fingerprint changed, or when a dump that was incomplete has become complete.\n\n"
			  "What the logs hold at the start is not reported, but for a dump that is being written at that "
			  "moment. Logs that appear later are reported on from their beginning, unless they are the copies, plain or "
			  "compressed, of logs that are known. A log that is cut short, written anew, renamed, replaced or "
			  "removed is said on standard error in one line, and so is one that cannot be read.\n\n"
			  "The kernel tells what changes on local file systems. On others, such as NFS, VMFS and FUSE, and where it "
			  "watches no more folders, all logs are looked at every two seconds, or as --interval says; only "
			  "what changed is read.",
	},
	[COMMAND_DMESG] = {
		.name = "dmesg",
		.arguments = "[OPTION...] PATH",
		.summary = "print the guest's kernel log, rebuilt from the host's",
		.help = "Print the guest's kernel log as dmesg would have, control characters as \\xNN.\n"
			"PATH is a log, - for standard input, or a VM's folder or .vmx.\n",
		.status = "Exit status: 0 done; 2 could not.\n",
		.manual = "Prints the guest's kernel log as dmesg in the guest would have, rebuilt from the "
			  "log on the host: several dumps of one boot are one log, and text of a console between "
			  "the records is printed as it is. Options are those of dmesg(1) where it has such. "
			  "Control characters of the guest are shown as \\xNN. PATH is as for diagnose; of a VM's folder "
			  "the newest run is printed, or else what its serial port wrote.\n\n"
			  "A record has no wall-clock time of its own: --ctime, --reltime, --time-format iso and the "
			  "moments of --since and --until are reckoned from the dump. The host stamped its last line; "
			  "that moment less the time of the last record is when the guest booted. The further a "
			  "record lies before the dump, the more the guest's clock may have drifted or stood still "
			  "(a suspended VM). A log without the host's stamps, as a serial console's, has no "
			  "wall-clock times.",
	},
	[COMMAND_RULES] = {
		.name = "rules",
		.arguments = "[OPTION...] ACTION",
		.summary = "list, show, test and check the rules",
		.help = "  list              one line for each rule; with --causes the words for causes\n"
			"  show ID           all of one rule\n"
			"  test [FILE...]    run the tests inside the rules\n"
			"  lint [FILE...]    check style and sense of the rules\n"
			"  new ID [LOG]      a draft of a rule, from the lines that it is to match\n"
			"  explain LOG [ID...]  which rules nearly match a log, and why they do not\n"
			"  doc [FILE...]     a Markdown page a rule and an index, in --output DIR\n"
			"FILE is a rule file, FAMILY/SLUG.yaml, or a folder of families, or of one.\n"
			"Without it, test, lint and doc take --rules DIR or the directory `rules`.\n",
		.status = "Exit status: 0 all well; 1 a test failed or a rule could be better; 2 a rule\n"
			  "cannot be loaded, or it could not be done.\n",
		.actions = "list show test lint new explain doc",
		.manual = "list prints one line for each rule, or with --causes the words for causes. show ID "
			  "prints all of one rule. test [FILE...] runs the tests inside the rules. lint [FILE...] "
			  "checks their style and sense. new ID [LOG] prints a draft of a rule whose line is the first "
			  "of LOG (or of standard input); all lines become its test. explain LOG names the rules that match each boot of the log, "
			  "and those that nearly do: all the text that they ask for seems to be there, and yet a "
			  "condition does not hold. + is a condition that holds, - one that does not, ? one that the log cannot tell. "
			  "With IDs, all conditions of those rules are shown. doc [FILE...] writes a Markdown page for "
			  "each rule below --output DIR, and an index with the kernels that the tests are of.\n\n"
			  "FILE is a rule file, FAMILY/SLUG.yaml, or a folder of families or of one. Without it, test and lint "
			  "take --rules DIR or the directory `rules`.",
	},
};

const struct command_row *command_row(enum command command)
{
	return command < COMMAND_COUNT ? &commands[command] : NULL;
}

const char *command_name(enum command command)
{
	return command < COMMAND_COUNT ? commands[command].name : NULL;
}

/* Values. */

/* The place of a word in a table of `count`; `count` when it is not there. */
static size_t word_index(const char *const *words, size_t count, const char *word)
{
	size_t i = 0;
	while (i < count && strcmp(words[i], word) != 0)
		i++;
	return i;
}

static bool set_format(struct options *options, const char *value, struct error *err)
{
	options->format = value;
	return report_format_find(slice_of(value)) ||
	       error_set(err, "--format %s is not known, expected text, json or ndjson", value);
}

static bool set_fleet_format(struct options *options, const char *value, struct error *err)
{
	options->format = value;
	return fleet_format_find(slice_of(value)) ||
	       error_set(err, "--format %s is not known, expected text, ndjson, json, csv, html, markdown or prometheus",
			 value);
}

static bool set_grouping(struct options *options, const char *value, struct error *err)
{
	enum store_grouping grouping = STORE_BY_CAUSE;
	while (fleet_grouping_name(grouping) && strcmp(fleet_grouping_name(grouping), value) != 0)
		grouping++;
	options->grouping = grouping;
	options->is_grouped = true;
	return fleet_grouping_name(grouping) ||
	       error_set(err, "--group-by %s is not known, expected cause, fingerprint, kernel or vm", value);
}

static bool set_threads(struct options *options, const char *value, struct error *err)
{
	uint64_t number = 0;
	if (!slice_to_decimal(slice_of(value), &number) || !number || number > SCAN_THREADS_MAX)
		return error_set(err, "--threads %s is not known, expected a number from 1 to %d", value, SCAN_THREADS_MAX);
	options->threads = (unsigned)number;
	return true;
}

/* "2/8": the second of eight. */
static bool set_shard(struct options *options, const char *value, struct error *err)
{
	struct slice rest = slice_of(value);
	uint64_t index = 0, count = 0;
	bool is_pair = slice_eat_decimal(&rest, &index) && slice_eat(&rest, SLICE("/")) &&
		       slice_eat_decimal(&rest, &count) && !rest.len;
	if (!is_pair || !index || index > count || count > 1000000)
		return error_set(err, "--shard %s is not known, expected I/N with I from 1 to N", value);
	options->shard = (struct scan_shard){ (unsigned)index, (unsigned)count };
	return true;
}

/* "0.5"; from a tenth of a second to a day. */
static bool set_seconds(unsigned *ret_ms, const char *name, const char *value, struct error *err)
{
	char *end;
	double seconds = strtod(value, &end);
	if (end == value || *end || !(seconds >= 0.1 && seconds <= 86400))
		return error_set(err, "%s %s is not known, expected seconds from 0.1 to 86400", name, value);
	*ret_ms = (unsigned)(seconds * 1000);
	return true;
}

static bool set_interval(struct options *options, const char *value, struct error *err)
{
	return set_seconds(&options->interval_ms, "--interval", value, err);
}

static bool set_exec_timeout(struct options *options, const char *value, struct error *err)
{
	return set_seconds(&options->exec_timeout_ms, "--exec-timeout", value, err);
}

static bool set_exec(struct options *options, const char *value, struct error *err)
{
	options->exec = value;
	return *value || error_set(err, "--exec needs a program");
}

static bool set_database(struct options *options, const char *value, struct error *err)
{
	options->database = value;
	return *value || error_set(err, "--db needs a file name");
}

static bool set_names_from(struct options *options, const char *value, struct error *err)
{
	options->names_from = value;
	return *value || error_set(err, "--files0-from needs a file name");
}

static bool add_pattern(struct pattern_list *list, const char *name, const char *value, struct error *err)
{
	if (list->count == SCAN_PATTERNS_MAX)
		return error_set(err, "%s may be given %d times", name, SCAN_PATTERNS_MAX);
	list->items[list->count++] = value;
	return true;
}

static bool add_include(struct options *options, const char *value, struct error *err)
{
	return add_pattern(&options->includes, "--include", value, err);
}

static bool add_exclude(struct options *options, const char *value, struct error *err)
{
	return add_pattern(&options->excludes, "--exclude", value, err);
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
	size_t count = sizeof(words) / sizeof(*words);
	size_t found = value ? word_index(words, count, value) : COLOR_ALWAYS;
	options->color = (enum color_choice)found;
	return found < count || error_set(err, "--color %s is not known, expected auto, always or never", value);
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

/* `err`, `err+` for it and all that is worse, `+err` for it and all that is less. */
static bool add_level(struct slice word, unsigned *levels)
{
	bool and_less = slice_eat(&word, SLICE("+"));
	bool and_worse = slice_ends(word, SLICE("+"));
	unsigned level;
	if (and_worse)
		word.len--;
	if (!kmsg_level_find(word, &level))
		return false;
	*levels |= 1u << level;
	if (and_worse)
		*levels |= (1u << level) - 1;
	if (and_less)
		*levels |= ((1u << KMSG_LEVEL_COUNT) - 1) & ~((1u << level) - 1);
	return true;
}

static bool add_facility(struct slice word, unsigned *facilities)
{
	unsigned facility;
	if (!kmsg_facility_find(word, &facility))
		return false;
	*facilities |= 1u << facility;
	return true;
}

/* Words with commas between. */
static bool add_list(const char *value, unsigned *bits, bool (*add)(struct slice word, unsigned *bits),
		     struct slice *ret_unknown)
{
	struct slice rest = slice_of(value);
	do {
		*ret_unknown = slice_until(rest, ',');
		if (!add(*ret_unknown, bits))
			return false;
		rest = slice_skip(rest, ret_unknown->len);
	} while (slice_eat(&rest, SLICE(",")));
	return true;
}

static bool set_level(struct options *options, const char *value, struct error *err)
{
	struct slice unknown;
	return add_list(value, &options->levels, add_level, &unknown) ||
	       error_set(err, "--level %.*s is not known, expected emerg, alert, crit, err, warn, notice, info or debug",
			 SLICE_ARG(unknown));
}

static bool set_facility(struct options *options, const char *value, struct error *err)
{
	struct slice unknown;
	return add_list(value, &options->facilities, add_facility, &unknown) ||
	       error_set(err, "--facility %.*s is not known, expected kern, user, mail, daemon, auth, syslog, lpr, news, "
			 "uucp, cron, authpriv, ftp or local0 to local7", SLICE_ARG(unknown));
}

/* A boot has no time since boot. */
static bool set_boot_since(struct options *options, const char *value, struct error *err)
{
	return (time_bound_parse(value, &options->since, err) && options->since.kind != TIME_BOUND_BOOT) ||
	       error_set(err, "--since %s is not a moment, expected YYYY-MM-DDTHH:MM:SS", value);
}

static bool set_since(struct options *options, const char *value, struct error *err)
{
	return time_bound_parse(value, &options->since, err);
}

static bool set_until(struct options *options, const char *value, struct error *err)
{
	return time_bound_parse(value, &options->until, err);
}

static bool set_time_format(struct options *options, const char *value, struct error *err)
{
	static const char *const words[] = {
		[TIME_CHOICE_NONE_GIVEN] = "", [TIME_CHOICE_CTIME] = "ctime", [TIME_CHOICE_RELTIME] = "reltime",
		[TIME_CHOICE_DELTA] = "delta", [TIME_CHOICE_ISO] = "iso", [TIME_CHOICE_NOTIME] = "notime",
	};
	size_t count = sizeof(words) / sizeof(*words), found = word_index(words, count, value);
	options->time_choice = (enum time_choice)found;
	return (*value && found < count) ||
	       error_set(err, "--time-format %s is not known, expected ctime, reltime, delta, iso or notime", value);
}

static bool set_ctime(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->time_choice = TIME_CHOICE_CTIME;
	return true;
}

static bool set_reltime(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->time_choice = TIME_CHOICE_RELTIME;
	return true;
}

static bool set_notime(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->time_choice = TIME_CHOICE_NOTIME;
	return true;
}

/* Options. */

#define DIAGNOSE IN(COMMAND_DIAGNOSE)
#define SCAN IN(COMMAND_SCAN)
#define REPORT IN(COMMAND_REPORT)
#define WATCH IN(COMMAND_WATCH)
#define DMESG IN(COMMAND_DMESG)
#define RULES IN(COMMAND_RULES)

#define FLEET_FORMATS "text ndjson json csv html markdown prometheus"
#define LEVELS "emerg alert crit err warn notice info debug"
#define FACILITIES "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp"

static const struct option_row table[] = {
	{ .name = "format", .letter = 'f', .argument = "FORMAT", .value = VALUE_WORD, .words = "text json ndjson",
	  .commands = DIAGNOSE, .set = set_format, .help = "text (default), json or ndjson",
	  .manual = "How to write the report: text (default), for a person, or json, one document for programs, "
		    "whose schema is vmpanic/1, or ndjson, a line of JSON for each boot." },
	{ .name = "output", .letter = 'o', .argument = "FILE", .value = VALUE_FILE, .commands = DIAGNOSE,
	  .set = set_output, .help = "write FILE, whole or not at all",
	  .manual = "Write the report to FILE, which appears whole or not at all; - is standard output." },
	{ .name = "all-runs", .letter = 'a', .commands = DIAGNOSE, .flag = FLAG(all_runs),
	  .help = "of a VM's folder, not only the newest run",
	  .manual = "Of a VM's folder, report on each run of the VM whose logs are still there, the oldest first, not "
		    "only on the newest one." },
	{ .name = "boot", .letter = 'b', .argument = "N", .value = VALUE_WORD, .words = "last all",
	  .commands = DIAGNOSE, .set = set_boot, .help = "which boot: its number, last or all (default)",
	  .manual = "Report on the boot of that number in each log, from 1, on the last one, or on all (default). Only "
		    "boots that are reported on count for the exit status." },
	{ .name = "since", .letter = 'S', .argument = "TIME", .commands = DIAGNOSE, .set = set_boot_since,
	  .help = "boots that began at or after 2026-02-21T18:13:03Z",
	  .manual = "Report on boots that began at TIME or later. Without an offset TIME is read on the clock that "
		    "the log shows, and the time of day or its seconds may be left out. Boots whose host time is not "
		    "known, as in a console's log, are reported on all the same." },
	{ .name = "timeline", .letter = 't', .commands = DIAGNOSE, .flag = FLAG(timeline),
	  .help = "what happened when, and the longest gaps",
	  .manual = "Add a time line of each boot: start, drivers, disks, root, init, crash, panic and reset with the "
		    "guest's seconds and the host's clock, and the longest gaps between two lines." },
	{ .name = "explain", .letter = 'e', .commands = DIAGNOSE, .flag = FLAG(explain),
	  .help = "what the kernel did, and why it is nothing else",
	  .manual = "Add the kernel's side of the cause: which functions try what, in which order, and where that "
		    "stands in its source; and why other devices and causes were not named." },
	{ .name = "redact", .letter = 'R', .commands = DIAGNOSE, .flag = FLAG(redact),
	  .help = "placeholders for names, addresses and UUIDs",
	  .manual = "For a ticket: write placeholders such as <uuid-1> or <host-2> for UUIDs (in commands, too), IP and MAC "
		    "addresses, host and user names, the VM's name and the paths of logs. The same value has the same "
		    "placeholder throughout the report. Names of other things, such as volume groups, stay: read it "
		    "before you send it." },

	{ .name = "format", .letter = 'f', .argument = "FORMAT", .value = VALUE_WORD, .words = FLEET_FORMATS,
	  .commands = SCAN | REPORT, .set = set_fleet_format,
	  .help = "text, ndjson, json, csv, html, markdown, prometheus",
	  .manual = "text (default) is a summary for a person. ndjson is a line of JSON for each boot, written as the "
		    "scan goes on; json one document of schema vmpanic/1, as of diagnose, with totals and groups in `scan`; "
		    "html a page that needs no network.\n\n"
		    "csv is a table (RFC 4180) with a row for each boot and for each log without one. Control characters "
		    "are shown as \\xNN. What a spreadsheet would take for a formula, a cell that begins with = + - @ or a "
		    "TAB, has an apostrophe before it.\n\n"
		    "markdown is a summary for a ticket or a chat: totals, groups, and the worst failures with their first "
		    "steps, as many as fit into a comment; the others are counted. prometheus is metrics for the textfile "
		    "collector of the node exporter: write them with --output, so that it sees a whole file." },
	{ .name = "output", .letter = 'o', .argument = "FILE", .value = VALUE_FILE, .commands = SCAN | REPORT,
	  .set = set_output, .help = "write FILE, whole or not at all",
	  .manual = "Write to FILE, which appears whole or not at all; - is standard output." },
	{ .name = "group-by", .letter = 'g', .argument = "WHAT", .value = VALUE_WORD, .words = "cause fingerprint kernel vm",
	  .commands = SCAN | REPORT, .set = set_grouping, .help = "cause, fingerprint, kernel or vm",
	  .manual = "Group the failures of the summary by cause, fingerprint (the same failure has the same one in "
		    "every VM), kernel or vm. Without it, by cause and by fingerprint." },
	{ .name = "db", .letter = 'd', .argument = "FILE", .value = VALUE_FILE, .commands = SCAN, .set = set_database,
	  .help = "remember in FILE, and read only what changed",
	  .manual = "Remember what was read and found in FILE, an SQLite database that is made if it is not there, and "
		    "read only what changed since. Other rules, or another version of the program, judge all again." },
	{ .name = "threads", .letter = 'j', .argument = "N", .commands = SCAN, .set = set_threads,
	  .help = "read with N threads (default: one for each core)" },
	{ .name = "include", .argument = "GLOB", .commands = SCAN, .set = add_include,
	  .manual = "Below folders, read only files that match GLOB, or one of several --include, and of a VM the .vmx "
		    "and what its serial ports write. A GLOB without a "
		    "slash is matched with the name, one with a slash with the path below PATH; ** stands for any "
		    "number of folders." },
	{ .name = "exclude", .argument = "GLOB", .commands = SCAN, .set = add_exclude,
	  .help = "only files that match, none that match",
	  .manual = "Below folders, pass over files and folders that match GLOB, even if an --include does, too." },
	{ .name = "one-file-system", .letter = 'x', .commands = SCAN, .flag = FLAG(is_one_file_system),
	  .help = "do not enter folders on other file systems" },
	{ .name = "files0-from", .letter = '0', .argument = "FILE", .value = VALUE_FILE, .commands = SCAN,
	  .set = set_names_from, .help = "read what FILE names, a NUL behind each; - is stdin",
	  .manual = "Read what FILE names, too, as `find -print0` writes it, with a NUL behind each; - is standard "
		    "input." },
	{ .name = "shard", .letter = 'S', .argument = "I/N", .commands = SCAN, .set = set_shard,
	  .help = "the I-th of N shares: the same one every time",
	  .manual = "Read only the I-th of N shares of what is found. Which share a log is in follows from its path "
		    "alone, and the logs of a VM's folder stay together." },

	{ .name = "format", .letter = 'f', .argument = "FORMAT", .value = VALUE_WORD, .words = "text json ndjson",
	  .commands = WATCH, .set = set_format, .help = "text (default); json or ndjson: a line a boot",
	  .manual = "How to write a diagnosis: text (default), for a person, or json or ndjson, which both are a line of "
		    "JSON for each boot, as `vmpanic scan --format ndjson` writes it." },
	{ .name = "exec", .letter = 'e', .argument = "PROGRAM", .value = VALUE_FILE, .commands = WATCH, .set = set_exec,
	  .help = "run PROGRAM with the JSON on its standard input",
	  .manual = "For each diagnosis run PROGRAM, a path or a name in $PATH, without a shell and without arguments: what "
		    "needs some is a script. Its standard input is the line of JSON, and the environment has "
		    "VMPANIC_PATH, VMPANIC_VM, VMPANIC_VERDICT, VMPANIC_CAUSE, VMPANIC_TITLE and VMPANIC_FINGERPRINT, "
		    "control characters in them as \\xNN. Four run at a time, the others wait for their turn. One that "
		    "fails is told on standard error, and the watch goes on." },
	{ .name = "exec-timeout", .argument = "SECONDS", .commands = WATCH, .set = set_exec_timeout,
	  .help = "end a PROGRAM that takes longer (default: 60)" },
	{ .name = "all", .letter = 'a', .commands = WATCH, .flag = FLAG(all),
	  .help = "boots that did not fail, too" },
	{ .name = "present", .letter = 'p', .commands = WATCH, .flag = FLAG(present),
	  .help = "also what the logs hold at the start" },
	{ .name = "poll", .letter = 'P', .commands = WATCH, .flag = FLAG(poll),
	  .help = "do not ask the kernel what changes",
	  .manual = "Do not ask the kernel what changes: look at all logs every so often, also on local file systems." },
	{ .name = "interval", .letter = 'n', .argument = "SECONDS", .commands = WATCH, .set = set_interval,
	  .help = "how often to look where it cannot tell (default: 2)",
	  .manual = "How often to look at logs where the kernel does not tell of changes, or with --poll; 2 if not given." },

	{ .name = "boot", .letter = 'b', .argument = "N", .value = VALUE_WORD, .words = "last all",
	  .commands = DMESG, .set = set_boot, .help = "which boot: its number, last (default) or all",
	  .manual = "Print the boot of that number in the log, from 1; last (default) is the last one with kernel "
		    "text; with all, a line beginning with `# boot` stands before each." },
	{ .name = "level", .letter = 'l', .argument = "LIST", .value = VALUE_LIST, .words = LEVELS,
	  .commands = DMESG, .set = set_level, .help = "err,warn ...; err+ is err and worse, +err err and less",
	  .manual = "Print only records of these levels: emerg, alert, crit, err, warn, notice, info, debug, with "
		    "commas between. err+ is err and all that is worse, +err is err and all that is less. A "
		    "console's log has no levels, and nothing can be chosen by them there." },
	{ .name = "facility", .letter = 'f', .argument = "LIST", .value = VALUE_LIST, .words = FACILITIES,
	  .commands = DMESG, .set = set_facility, .help = "kern,user,mail,daemon,auth,syslog ...",
	  .manual = "Print only records of these facilities: kern, user, mail, daemon, auth, syslog, lpr, news, uucp, "
		    "cron, authpriv, ftp, local0 to local7, with commas between." },
	{ .name = "kernel", .letter = 'k', .commands = DMESG, .flag = FLAG(kernel),
	  .manual = "Print only what the kernel said." },
	{ .name = "userspace", .letter = 'u', .commands = DMESG, .flag = FLAG(userspace),
	  .help = "what the kernel said; what programs said",
	  .manual = "Print only what programs said, by records of other facilities or on the console." },
	{ .name = "since", .letter = 'S', .argument = "TIME", .commands = DMESG, .set = set_since,
	  .manual = "Print records from TIME on: seconds since boot with a plus before them, as +12.5, or a moment, as "
		    "2026-02-21T18:13:03.929Z. Without an offset it is read on the clock that the log shows, and "
		    "the time of day or its seconds may be left out. For old logs that have no year: `May 14 "
		    "10:26:36`." },
	{ .name = "until", .letter = 'U', .argument = "TIME", .commands = DMESG, .set = set_until,
	  .help = "+12.5 since boot, or 2026-02-21T18:13:03Z",
	  .manual = "Print records up to TIME, which is given as for --since." },
	{ .name = "ctime", .letter = 'T', .commands = DMESG, .set = set_ctime,
	  .help = "wall clock, anchored on the dump; the guest's drifts",
	  .manual = "Show wall-clock times, anchored on the dump; they drift with the guest's clock." },
	{ .name = "time-format", .argument = "FORMAT", .value = VALUE_WORD, .words = "ctime reltime delta iso notime",
	  .commands = DMESG, .set = set_time_format, .help = "ctime, reltime, delta, iso or notime",
	  .manual = "Show times in that format. ctime, reltime and notime are the options of these names; delta is "
		    "the time since the record before, iso is YYYY-MM-DDTHH:MM:SS,UUUUUU with the offset of "
		    "the host's clock." },
	{ .name = "reltime", .letter = 'e', .commands = DMESG, .set = set_reltime,
	  .help = "times relative to the record before",
	  .manual = "Show the time since the record before, and the wall clock where a minute begins; in a log "
		    "without the host's stamps, seconds since boot stand there." },
	{ .name = "show-delta", .letter = 'd', .commands = DMESG, .flag = FLAG(show_delta),
	  .manual = "Show the time since the record before too; with --notime only that." },
	{ .name = "notime", .letter = 't', .commands = DMESG, .set = set_notime,
	  .help = "the time since the last record too; no times",
	  .manual = "Show no times." },
	{ .name = "decode", .letter = 'x', .commands = DMESG, .flag = FLAG(decode),
	  .help = "facility and level in words before each record" },
	{ .name = "raw", .letter = 'r', .commands = DMESG, .flag = FLAG(raw),
	  .help = "with the level before each record: <6>[ ...]",
	  .manual = "Print facility and level as the kernel sends them, <6>, before each record." },
	{ .name = "json", .letter = 'J', .commands = DMESG, .flag = FLAG(json),
	  .help = "a document like that of dmesg --json",
	  .manual = "Print a JSON document as dmesg(1) does: an object whose `dmesg` is an array with an object for "
		    "each record, of `pri`, `time`, `caller` and `msg`. With --decode, `fac` and `pri` are words. "
		    "With --boot all, each has its `boot`." },
	{ .name = "human", .letter = 'H', .commands = DMESG, .flag = FLAG(human),
	  .help = "colour, relative times and a pager",
	  .manual = "Show relative times and, on a terminal, colours and a pager." },
	{ .name = "follow", .letter = 'w', .commands = DMESG, .flag = FLAG(follow),
	  .help = "print what comes, too, until Ctrl-C",
	  .manual = "After the boot, print what is written to the log from now on, until Ctrl-C. A log that is "
		    "cut short or replaced by a new one is read from its beginning." },

	{ .name = "rules", .argument = "DIR", .value = VALUE_DIRECTORY, .commands = DIAGNOSE | SCAN | WATCH | RULES,
	  .set = set_rules, .help = "use the rules of DIR too; the same id replaces",
	  .manual = "Use the rules of DIR, in files FAMILY/SLUG.yaml, beside the program's own; one of the same id "
		    "replaces it." },
	{ .name = "output", .letter = 'o', .argument = "DIR", .value = VALUE_DIRECTORY, .commands = RULES,
	  .set = set_output, .help = "of doc: where to write" },
	{ .name = "causes", .commands = RULES, .flag = FLAG(causes), .help = "of list: the words for causes" },
	{ .name = "color", .letter = 'L', .argument = "WHEN", .is_optional = true, .value = VALUE_WORD,
	  .words = "auto always never", .commands = IN_ALL, .set = set_color,
	  .help = "auto (default), always or never",
	  .manual = "Colour the text: auto (default) on a terminal and unless NO_COLOR is set, always or never. "
		    "Without WHEN, always." },
	{ .name = "help", .letter = 'h', .commands = IN_ALL, .flag = FLAG(wants_help), .help = "this text",
	  .manual = "Print a summary of the command and its options." },
	{ .name = "version", .letter = 'V', .commands = IN_ALL, .flag = FLAG(wants_version),
	  .help = "which version this is" },
};

const struct option_row *option_row(size_t index)
{
	return index < sizeof(table) / sizeof(*table) ? &table[index] : NULL;
}
