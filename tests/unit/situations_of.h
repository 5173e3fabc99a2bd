/* Situations: what a guest printed, and what the program must and must not say of it.
 *
 * The files of SITUATIONS (a folder) hold them one after another. A situation begins with
 * `= ID what it is`; lines `key: value` say what is expected; `log:` begins the guest's text, which
 * ends where the next situation begins. Lines that begin with # before the first situation are
 * comments. The keys:
 *
 *   framing: WORD...        vmware-log (as ESXi 8 and as Workstation 7, 12 and 17 write it), kernel-log (the
 *                           text as it is, a serial capture), raw (the text is a vmware.log). Default: the
 *                           first two.
 *   vmx: KEY = "VALUE"      a setting of the VM, shown in the DICT part of a vmware.log
 *   boots: N                boots in the log, 1 unless said
 *   boot: N                 what follows is said of boot N; before it, of boot 1
 *   verdict:, cause:        one of these words; cause: none
 *   confidence: at-least W  of the cause (or at-most)
 *   root: ANSWER DEVICE...  one DEVICE; several DEVICE... (the first is the first candidate, the others are
 *                           candidates); none. Alternatives stand between bars.
 *   bet: at-least W         confidence of the first candidate (or at-most)
 *   value: TEXT             what is to be written behind root=
 *   never: DEVICE...        devices that are no candidate and no root= of a command
 *   says:, silent-on: TEXT  stands, or does not stand, in the title, the why, the reasons or the steps
 *   warning: RULE           among the warnings; none: there is no warning
 *   device: NAME driver X   as the log shows it; also: kib, partition, disk, major, minor
 *   complete: yes or no     nothing of the boot is known to be missing */
#ifndef TESTS_SITUATIONS_OF_H
#define TESTS_SITUATIONS_OF_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "expect.h"

#include "vmxlog/reader.h"

#ifndef SITUATIONS
#define SITUATIONS "tests/situation"
#endif

#define FILES_MAX 64
#define SITUATIONS_MAX 512
#define EXPECTATIONS_MAX 64
#define TEXT_BYTES ((size_t)16 << 20)

struct expectation {
	struct slice key, value;
	unsigned boot;
};

struct situation {
	char name[160];
	struct slice id, framing, log;
	struct expectation expected[EXPECTATIONS_MAX];
	size_t count;
	unsigned boots;
};

struct framing {
	const char *name, *word;
	enum log_format format;
	const char *head, *guest, *rest; /* of the VMX's lines, of a guest line and of the empty line behind it */
};

static const struct framing situation_framings[] = {
	{ "vmware-log", "ESXi 8", LOG_VMWARE, "2024-05-10T11:08:15.604Z In(05) vmx - ",
	  "2024-05-10T11:08:19.607Z In(05) vcpu-0 - Guest: ", "2024-05-10T11:08:19.607Z In(05)+ vcpu-0 - " },
	{ "vmware-log", "Workstation 12", LOG_VMWARE, "2016-08-30T16:02:38.904-07:00| vmx| I125: ",
	  "2016-08-30T16:02:43.217-07:00| vcpu-0| I125: Guest: ", "2016-08-30T16:02:43.217-07:00| vcpu-0| I125+ " },
	{ "vmware-log", "Workstation 17", LOG_VMWARE, "2023-08-29T16:27:47.527Z In(05) vmx ",
	  "2023-08-29T16:27:52.118Z In(05) vcpu-0 Guest: ", "2023-08-29T16:27:52.118Z In(05)+ vcpu-0 " },
	{ "vmware-log", "Workstation 7", LOG_VMWARE, "Aug 27 00:32:59.546: vmx| ",
	  "Aug 27 00:33:04.802: vcpu-0| Guest: ", "Aug 27 00:33:04.802: vcpu-0| " },
	{ "kernel-log", "kernel log", LOG_KERNEL, NULL, NULL, NULL },
	{ "raw", "raw", LOG_VMWARE, NULL, NULL, NULL },
};

static inline bool situation_has_word(struct slice list, struct slice word)
{
	for (struct slice next = slice_word(&list); next.len; next = slice_word(&list))
		if (slice_equal(next, word.len ? word : SLICE("none")))
			return true;
	return false;
}

static inline struct slice situation_next_line(struct slice *rest)
{
	struct slice line = slice_until(*rest, '\n');
	*rest = slice_skip(*rest, line.len + 1);
	return line;
}

static inline void situation_frame_head(const struct situation *situation, const struct framing *framing,
					struct buf *out)
{
	bool is_esx = strcmp(framing->word, "ESXi 8") == 0;
	buf_printf(out, "%sLog for VMware %s build=1 option=Release\n", framing->head,
		   is_esx ? "ESX pid=21877 version=8.0.2" : "Workstation pid=21877 version=12.1.1");
	buf_printf(out, "%sDICT --- CONFIGURATION\n", framing->head);
	for (size_t i = 0; i < situation->count; i++)
		if (slice_is(situation->expected[i].key, "vmx"))
			buf_printf(out, "%sDICT %.*s\n", framing->head, SLICE_ARG(situation->expected[i].value));
	buf_printf(out, "%sDICT --- USER PREFERENCES\n", framing->head);
	buf_printf(out, "%sCPU reset: hard (mode Emulation)\n", framing->head);
}

/* Each record ends in a newline, so each is followed by an empty line. */
static inline void situation_frame(const struct situation *situation, const struct framing *framing, struct buf *out)
{
	if (!framing->head) {
		buf_append(out, situation->log);
		return;
	}
	situation_frame_head(situation, framing, out);
	for (struct slice rest = situation->log; rest.len;) {
		struct slice line = situation_next_line(&rest);
		buf_printf(out, "%s%.*s\n%s\n", framing->guest, SLICE_ARG(line), framing->rest);
	}
}

static inline void situation_read_expectation(struct situation *situation, struct slice line, unsigned *boot)
{
	struct slice key = slice_until(line, ':'), value = slice_trim(slice_skip(line, key.len + 1));
	uint64_t number = 0;
	slice_to_decimal(value, &number);
	if (slice_is(key, "framing"))
		situation->framing = value;
	else if (slice_is(key, "boots"))
		situation->boots = (unsigned)number;
	else if (slice_is(key, "boot"))
		*boot = (unsigned)number;
	else if (situation->count < EXPECTATIONS_MAX)
		situation->expected[situation->count++] = (struct expectation){ key, value, *boot };
	else
		fail_msg("%s: more than %d expectations", situation->name, EXPECTATIONS_MAX);
}

/* `rest` stands behind the first line; it is left at the next situation. */
static inline void situation_read(struct situation *situation, struct slice title, struct slice *rest)
{
	unsigned boot = 1;
	*situation = (struct situation){ .framing = SLICE("vmware-log kernel-log"), .boots = 1 };
	snprintf(situation->name, sizeof situation->name, "%.*s", SLICE_ARG(title));
	situation->id = slice_word(&title);
	for (struct slice line = situation_next_line(rest); !slice_is(line, "log:"); line = situation_next_line(rest)) {
		if (!rest->len)
			fail_msg("%s: has no log", situation->name);
		situation_read_expectation(situation, line, &boot);
	}
	situation->log.ptr = rest->ptr;
	while (rest->len && !slice_starts(*rest, SLICE("= ")))
		situation_next_line(rest);
	situation->log.len = (size_t)(rest->ptr - situation->log.ptr);
}

static inline size_t situations_read_text(struct slice text, struct situation *situations, size_t count)
{
	while (text.len) {
		struct slice line = situation_next_line(&text);
		if (!slice_eat(&line, SLICE("= ")))
			continue;
		if (count == SITUATIONS_MAX)
			fail_msg("more than %d situations", SITUATIONS_MAX);
		situation_read(&situations[count++], line, &text);
	}
	return count;
}

static inline void situations_read_file(const char *path, struct buf *text)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		fprintf(stderr, "%s: cannot be opened\n", path);
		exit(2);
	}
	char block[4096];
	for (size_t len; (len = fread(block, 1, sizeof block, file));)
		buf_append(text, (struct slice){ block, len });
	fclose(file);
}

static inline int situations_is_file(const struct dirent *entry)
{
	return slice_ends(slice_of(entry->d_name), SLICE(".situation"));
}

/* The texts stay: situations point into them. */
static inline size_t situations_read(struct buf *texts, struct situation *situations)
{
	struct dirent **entries = NULL;
	int files = scandir(SITUATIONS, &entries, situations_is_file, alphasort);
	size_t count = 0;
	for (int i = 0; i < files; i++) {
		char path[512];
		snprintf(path, sizeof path, "%s/%s", SITUATIONS, entries[i]->d_name);
		free(entries[i]);
		if (i >= FILES_MAX)
			continue;
		texts[i] = BUF_INIT(TEXT_BYTES);
		situations_read_file(path, &texts[i]);
		count = situations_read_text(buf_slice(&texts[i]), situations, count);
	}
	free(entries);
	return count;
}

#endif
