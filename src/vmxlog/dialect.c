#include "vmxlog/dialect.h"

#include "base/limits.h"
#include "vmxlog/dialect_rows.h"

struct dialect {
	const char *name;
	const char *begin; /* first bytes of its lines, as pairs of first and last: most need no second look */
	enum dialect_answer (*parse)(struct dialect_state *state, struct slice line, struct guest_line *ret);
};

/* No two know the same line, but that a stamp of ISO 8601 with a comma is dmesg's. */
static const struct dialect dialects[] = {
	{ "dmesg", "[[azAZ09", dialect_dmesg },
	{ "short-monotonic", "[[", dialect_monotonic },
	{ "syslog", "<<AZ", dialect_syslog },
	{ "short-iso", "<<09", dialect_iso },
	{ "short-full", "azAZ", dialect_full },
	{ "short-unix", "09", dialect_unix },
	{ "kmsg", "09", dialect_kmsg },
	{ "pstore", "AZ", dialect_pstore },
	{ "json", "{{dd\x1e\x1e", dialect_json },
};

void dialect_init(struct dialect_state *state)
{
	*state = (struct dialect_state){ .scratch = BUF_INIT(JSON_OBJECT_BYTES) };
}

void dialect_deinit(struct dialect_state *state)
{
	buf_deinit(&state->scratch);
}

const char *dialect_name(const struct dialect_state *state)
{
	return state->dialect ? state->dialect->name : NULL;
}

/* The words of a record that has several lines stand under one another: the follow-ups are
 * indented by what stands before the words of the first. */
static bool is_follow_up(const struct dialect_state *state, struct slice line)
{
	if (!state->indent || line.len < state->indent)
		return false;
	for (size_t i = 0; i < state->indent; i++)
		if (line.ptr[i] != ' ')
			return false;
	return true;
}

static enum dialect_answer take_follow_up(const struct dialect_state *state, struct slice line,
					  struct guest_line *ret)
{
	ret->text = slice_skip(line, state->indent);
	ret->sender = state->last_sender;
	ret->is_inner = true;
	return state->follow_ups_are_data || !slice_trim(ret->text).len ? DIALECT_NOTHING : DIALECT_LINE;
}

static bool may_begin(const struct dialect *dialect, struct slice line)
{
	for (const char *range = dialect->begin; *range && line.len; range += 2)
		if (line.ptr[0] >= range[0] && line.ptr[0] <= range[1])
			return true;
	return false;
}

/* A host name that was learned from lines of another form proves nothing here. */
static enum dialect_answer adopt(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	size_t host_len = state->host_len;
	bool is_hostless = state->is_hostless;
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
		if (!may_begin(&dialects[i], line))
			continue;
		state->host_len = 0;
		state->is_hostless = false;
		enum dialect_answer answer = dialects[i].parse(state, line, ret);
		if (answer == DIALECT_OTHER)
			continue;
		state->dialect = &dialects[i];
		return answer;
	}
	state->host_len = host_len;
	state->is_hostless = is_hostless;
	return DIALECT_OTHER;
}

static void note_line(struct dialect_state *state, struct guest_line *ret)
{
	state->last_sender = ret->sender;
	if (state->boot_begins && !ret->is_inner)
		ret->begins = GUEST_BEGINS_BOOT;
	state->boot_begins &= ret->is_inner;
}

enum dialect_answer dialect_take(struct dialect_state *state, struct slice line, struct guest_line *ret)
{
	*ret = GUEST_LINE_INIT;
	if (dialect_is_journal_mark(state, line))
		return DIALECT_NOTHING;
	if (is_follow_up(state, line))
		return take_follow_up(state, line, ret);
	state->indent = 0;
	state->follow_ups_are_data = false;
	enum dialect_answer answer = DIALECT_OTHER;
	if (state->dialect)
		answer = state->dialect->parse(state, line, ret);
	if (answer == DIALECT_OTHER)
		answer = adopt(state, line, ret);
	if (answer == DIALECT_LINE)
		note_line(state, ret);
	return answer;
}

enum dialect_answer dialect_take_object(struct dialect_state *state, struct slice object, struct guest_line *ret)
{
	*ret = GUEST_LINE_INIT;
	enum dialect_answer answer = dialect_json(state, object, ret);
	if (answer == DIALECT_LINE)
		note_line(state, ret);
	return answer;
}
