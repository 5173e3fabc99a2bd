/* What a file is, by its content. */
#include "base/limits.h"
#include "vmxlog/dialect.h"
#include "vmxlog/frame.h"
#include "vmxlog/guest.h"
#include "vmxlog/json_cutter.h"
#include "vmxlog/reader.h"

/* Lines that only a kernel, or the programs of early user space, write: they tell a console
 * capture without time stamps from any other text. */
static const struct slice markers[] = {
	{ "Linux version ", 14 },
	{ "Kernel panic - not syncing", 26 },
	{ "Kernel command line: ", 21 },
	{ "Call Trace:", 11 },
	{ "BUG: ", 5 },
	{ "Oops: ", 6 },
	{ "RIP: ", 5 },
	{ "VFS: ", 5 },
	{ "WARNING: CPU: ", 14 },
	{ "INFO: task ", 11 },
	{ "INFO: rcu", 9 },
	{ "rcu: INFO: ", 11 },
	{ "general protection fault", 24 },
	{ "Unable to handle kernel ", 24 },
	{ "Internal error: Oops", 20 },
	{ "watchdog: BUG: soft lockup", 26 },
	{ "NMI watchdog: BUG: soft lockup", 30 },
	{ "=== KASAN", 9 },
	{ "ALERT!  ", 8 },
	{ "Gave up waiting for root ", 25 },
	{ "Entering emergency mode.", 24 },
	{ "dracut-initqueue", 16 },
	{ "reboot: ", 8 },
	{ "SysRq : ", 8 },
	{ "sysrq: ", 7 },
};

struct census {
	size_t lines, framed, of_vmx, kernel, marked;
	size_t told, told_kernel; /* lines of a dialect, and of them the kernel's */
	struct dialect_state dialect;
	struct buf plain;         /* a line without its escape sequences */
};

static bool is_marked(struct slice text)
{
	for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
		if (slice_starts(text, markers[i]))
			return true;
	return false;
}

/* Other programs of VMware write the same frame; only a VM's process has these threads. */
static bool is_vmx_thread(struct slice thread)
{
	return slice_is(thread, "vmx") || slice_starts(thread, SLICE("vcpu-"));
}

/* A program's words stand behind its name. */
static bool is_program_marked(struct slice text)
{
	struct slice words;
	return is_marked(text) || (slice_after(text, SLICE("]: "), &words) && is_marked(words));
}

static void count_told(struct census *census, const struct guest_line *line)
{
	bool is_kernel = line->sender == GUEST_KERNEL;
	census->told++;
	census->told_kernel += is_kernel;
	census->kernel += is_kernel;
	census->marked += !is_kernel && is_program_marked(line->text);
}

/* False for a line of no dialect. */
static bool count_dialect(struct census *census, struct slice line)
{
	struct guest_line told;
	enum dialect_answer answer = dialect_take(&census->dialect, guest_strip_colour(&census->plain, line), &told);
	if (answer == DIALECT_LINE)
		count_told(census, &told);
	census->kernel += answer == DIALECT_PART;
	return answer != DIALECT_OTHER;
}

static void count_line(struct census *census, struct slice line)
{
	struct vmxlog_frame frame;
	struct slice text = slice_trim_left(line);
	if (!text.len)
		return;
	census->lines++;
	if (vmxlog_frame_parse(line, false, &frame)) {
		census->framed++;
		census->of_vmx += is_vmx_thread(frame.thread) || slice_starts(frame.body, SLICE("Guest: "));
	} else if (count_dialect(census, line)) {
		return;
	} else if (guest_is_kernel(text) || guest_find_embedded(text) != SLICE_NOT_FOUND) {
		census->kernel++;
	} else if (is_marked(text)) {
		census->marked++;
	}
}

/* Bytes that no text holds. A console capture has a few (escape sequences, a torn byte). */
static size_t count_control(struct slice text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += (unsigned char)text.ptr[i] < 0x20 && !strchr("\t\n\r\f\b\033", text.ptr[i]);
	return count;
}

/* So many lines of a VM's process leave no doubt: the rest of the head need not be looked at. */
#define SETTLED_LINES 64

static bool is_settled(const struct census *census)
{
	return census->lines >= SETTLED_LINES && census->of_vmx * 2 >= census->lines;
}

static struct census take_census(struct slice head, bool is_whole)
{
	struct census census = { .plain = BUF_INIT(DETECT_BYTES) };
	dialect_init(&census.dialect);
	while (head.len && !is_settled(&census)) {
		size_t newline = slice_find_char(head, '\n');
		if (newline == SLICE_NOT_FOUND && !is_whole && census.lines)
			break;
		struct slice line = slice_take(head, newline);
		while (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		count_line(&census, line);
		head = slice_skip(head, newline == SLICE_NOT_FOUND ? head.len : newline + 1);
	}
	dialect_deinit(&census.dialect);
	buf_deinit(&census.plain);
	return census;
}

/* The objects of a document, or of lines of JSON, up to the first byte that is none of it. */
static struct census take_object_census(struct slice head)
{
	struct census census = { 0 };
	struct json_cutter cutter;
	enum json_cut cut;
	dialect_init(&census.dialect);
	json_cutter_init(&cutter);
	while ((cut = json_cutter_next(&cutter, &head)) == JSON_CUT_OBJECT) {
		struct guest_line line;
		struct slice object = cutter.is_overlong ? SLICE("") : buf_slice(&cutter.object);
		if (dialect_take_object(&census.dialect, object, &line) == DIALECT_LINE)
			count_told(&census, &line);
	}
	json_cutter_deinit(&cutter);
	dialect_deinit(&census.dialect);
	return census;
}

/* An array may stand around the objects. */
static bool begins_like_json(struct slice head)
{
	size_t at = 0;
	while (at < head.len && strchr(" \t\r\n[\x1e", head.ptr[at]) && head.ptr[at])
		at++;
	return at < head.len && head.ptr[at] == '{';
}

enum log_format vmxlog_detect(struct slice head, bool is_whole)
{
	if (!head.len)
		return is_whole ? LOG_EMPTY : LOG_UNKNOWN;
	struct census census = take_census(head, is_whole);
	if (!is_settled(&census) && count_control(head) * 10 > head.len)
		return LOG_UNKNOWN;
	if (census.of_vmx && census.framed * 10 >= census.lines)
		return LOG_VMWARE;
	if (census.kernel * 20 >= census.lines && census.kernel)
		return LOG_KERNEL;
	if (census.told_kernel && census.told * 2 >= census.lines)
		return LOG_KERNEL;
	if (!census.marked && begins_like_json(head))
		census = take_object_census(head);
	return census.marked || census.told_kernel ? LOG_KERNEL : LOG_UNKNOWN;
}
