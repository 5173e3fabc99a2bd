/* One entry of `dmesg --json` or of `journalctl -o json`: an object without objects in it. */

#include "base/escape.h"
#include "base/json.h"
#include "base/limits.h"
#include "vmxlog/dialect_rows.h"

#define FACILITY_DAEMON 3
#define NUMBER_MAX (UINT64_MAX / 1000)

/* The journal gives numbers as text; jq may have made numbers of them. */
static bool get_number(const json_t *entry, const char *key, uint64_t *ret)
{
	const json_t *value = json_object_get(entry, key);
	uint64_t number = UINT64_MAX;
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		number = (uint64_t)json_integer_value(value);
	else if (json_is_string(value))
		slice_to_decimal((struct slice){ json_string_value(value), json_string_length(value) }, &number);
	if (number > NUMBER_MAX)
		return false;
	*ret = number;
	return true;
}

static struct slice get_text(const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);
	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (!json_is_string(value))
		return SLICE("");
	return (struct slice){ json_string_value(value), json_string_length(value) };
}

/* A field is text, or an array of its bytes where it is not printable UTF-8, or an array of texts
 * where the entry has it several times (the first counts), or null where it is too long. */
static void append_field(struct buf *out, const json_t *entry, const char *key)
{
	const json_t *value = json_object_get(entry, key);
	if (json_is_integer(json_array_get(value, 0))) {
		for (size_t i = 0; i < json_array_size(value); i++)
			buf_char(out, (char)json_integer_value(json_array_get(value, i)));
		return;
	}
	buf_append(out, get_text(entry, key));
}

/* ---- dmesg --json ---- */

/* `"pri": 6`, and with -x `"fac": "kern", "pri": "info"`. */
static void read_dmesg_priority(const json_t *entry, struct guest_line *ret)
{
	uint64_t number;
	int facility = dialect_facility(get_text(entry, "fac")), level = dialect_level(get_text(entry, "pri"));
	if (level >= 0)
		ret->priority = (facility < 0 ? 0 : facility) * 8 + level;
	else if (get_number(entry, "pri", &number) && number <= UINT16_MAX)
		ret->priority = (int)number;
}

/* `dmesg --json --file F` of util-linux 2.38 ends no message where its record ends: the rest of
 * the file follows, prefixes and all. */
static void cut_followers(struct buf *text)
{
	struct slice rest = buf_slice(text), before = rest;
	while (slice_after(rest, SLICE("\n<"), &rest)) {
		uint64_t priority;
		struct slice head = rest;
		if (!slice_eat_decimal(&head, &priority) || !slice_starts(head, SLICE(">[")))
			continue;
		text->len = before.len - rest.len - 2;
		return;
	}
}

static enum dialect_answer take_dmesg(struct dialect_state *state, const json_t *entry, struct guest_line *ret)
{
	const json_t *time = json_object_get(entry, "time");
	double seconds = json_number_value(time);
	if (json_is_number(time) && seconds >= 0 && seconds <= UINT32_MAX) {
		ret->time_ns = (uint64_t)(seconds * 1e6 + 0.5) * 1000;
		ret->has_time = true;
	}
	read_dmesg_priority(entry, ret);
	struct slice caller = get_text(entry, "caller");
	if (caller.len)
		buf_printf(&state->scratch, "[%6.*s] ", SLICE_ARG(slice_take(caller, 16)));
	append_field(&state->scratch, entry, "msg");
	cut_followers(&state->scratch);
	ret->sender = GUEST_KERNEL;
	return DIALECT_LINE;
}

/* ---- the journal ---- */

/* The kernel's clock, where the entry came from the kernel; else when journald got the entry. */
static void read_journal_time(const json_t *entry, struct guest_line *ret)
{
	uint64_t time_us;
	if (get_number(entry, "_SOURCE_MONOTONIC_TIMESTAMP", &time_us) ||
	    get_number(entry, "__MONOTONIC_TIMESTAMP", &time_us)) {
		ret->time_ns = time_us * 1000;
		ret->has_time = true;
	}
	if (get_number(entry, "__REALTIME_TIMESTAMP", &time_us))
		ret->host = stamp_from_unix_us(time_us);
}

static void read_journal_priority(const json_t *entry, struct guest_line *ret)
{
	uint64_t level, facility;
	if (!get_number(entry, "PRIORITY", &level) || level > 7)
		return;
	if (!get_number(entry, "SYSLOG_FACILITY", &facility) || facility > UINT8_MAX)
		facility = ret->sender == GUEST_KERNEL ? 0 : FACILITY_DAEMON;
	ret->priority = (int)(facility * 8 + level);
}

/* Any program may call itself `kernel`; only journald writes _TRANSPORT. */
static bool is_kernel_entry(const json_t *entry)
{
	struct slice name = get_text(entry, "SYSLOG_IDENTIFIER"), transport = get_text(entry, "_TRANSPORT");
	return transport.len ? slice_is(transport, "kernel") && (!name.len || slice_is(name, "kernel")) :
			       slice_is(name, "kernel");
}

static void append_program(struct buf *out, const json_t *entry)
{
	struct slice name = get_text(entry, "SYSLOG_IDENTIFIER"), pid = get_text(entry, "_PID");
	if (!name.len)
		name = get_text(entry, "_COMM");
	if (!pid.len)
		pid = get_text(entry, "SYSLOG_PID");
	buf_append(out, name.len ? name : SLICE("unknown"));
	if (pid.len)
		buf_printf(out, "[%.*s]", SLICE_ARG(pid));
	buf_text(out, ": ");
}

static void note_boot_id(struct dialect_state *state, struct slice boot_id)
{
	if (boot_id.len != sizeof state->boot_id)
		return;
	struct slice last = { state->boot_id, state->boot_id_len };
	state->boot_begins |= last.len && !slice_equal(last, boot_id);
	memcpy(state->boot_id, boot_id.ptr, boot_id.len);
	state->boot_id_len = boot_id.len;
}

static enum dialect_answer take_journal(struct dialect_state *state, const json_t *entry, struct guest_line *ret)
{
	note_boot_id(state, get_text(entry, "_BOOT_ID"));
	ret->sender = is_kernel_entry(entry) ? GUEST_KERNEL : GUEST_CONSOLE;
	read_journal_time(entry, ret);
	read_journal_priority(entry, ret);
	if (ret->sender == GUEST_CONSOLE)
		append_program(&state->scratch, entry);
	size_t before = state->scratch.len;
	append_field(&state->scratch, entry, "MESSAGE");
	return state->scratch.len > before ? DIALECT_LINE : DIALECT_NOTHING;
}

/* ---- objects ---- */

/* dmesg hands on what bytes the kernel wrote, and a torn file has any: what JSON forbids is
 * replaced, so that the rest of the entry is not lost. */
static void append_clean(struct buf *out, struct slice text)
{
	while (text.len) {
		size_t len = utf8_char_len(text);
		if (len == 0 || (unsigned char)text.ptr[0] < 0x20)
			buf_char(out, len ? ' ' : '?');
		else
			buf_append(out, slice_take(text, len));
		text = slice_skip(text, len ? len : 1);
	}
}

static json_t *load(struct dialect_state *state, struct slice object)
{
	json_error_t error;
	bool is_out_of_memory;
	json_t *entry = json_read(object, JSON_ALLOW_NUL, &error, &is_out_of_memory);
	if (!entry && !is_out_of_memory && json_error_code(&error) == json_error_invalid_utf8) {
		buf_clear(&state->scratch);
		append_clean(&state->scratch, object);
		entry = json_read(buf_slice(&state->scratch), JSON_ALLOW_NUL, &error, &is_out_of_memory);
	}
	state->scratch.failed |= is_out_of_memory;
	return entry;
}

static enum dialect_answer take_entry(struct dialect_state *state, const json_t *entry, struct guest_line *ret)
{
	buf_clear(&state->scratch);
	enum dialect_answer answer = DIALECT_OTHER;
	if (json_object_get(entry, "msg") && (json_object_get(entry, "time") || json_object_get(entry, "pri")))
		answer = take_dmesg(state, entry, ret);
	else if (json_object_get(entry, "__REALTIME_TIMESTAMP") || json_object_get(entry, "_BOOT_ID") ||
		 (json_object_get(entry, "MESSAGE") && json_object_get(entry, "PRIORITY")))
		answer = take_journal(state, entry, ret);
	ret->text = buf_slice(&state->scratch);
	return answer;
}

/* A line that is one object; RS before it in json-seq, `data: ` in json-sse. */
enum dialect_answer dialect_json(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	slice_eat(&line, SLICE("\x1e"));
	slice_eat(&line, SLICE("data: "));
	line = slice_trim(line);
	if (!slice_starts(line, SLICE("{")) || !slice_ends(line, SLICE("}")))
		return DIALECT_OTHER;
	json_t *entry = load(state, line);
	enum dialect_answer answer = take_entry(state, entry, ret);
	json_decref(entry);
	return answer;
}
