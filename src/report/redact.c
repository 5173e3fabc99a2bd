#include "report/redact.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "report/redact_private.h"

/* Different values that have a number of their own; a run over many logs may hold more. */
#define VALUES_MAX 4096
#define LEARNED_MAX 256
/* Of a value, so much tells it from others. */
#define VALUE_MAX 255
#define NAME_MAX_BYTES (4 * KIB)
/* Shorter paths and names stand in too many words by chance. */
#define NAME_MIN 2

static const struct {
	const char *word, *one, *many;
} kinds[REDACT_KIND_COUNT] = {
	[REDACT_UUID] = { "uuid", "UUID", "UUIDs" },
	[REDACT_MAC] = { "mac", "MAC address", "MAC addresses" },
	[REDACT_IP] = { "ip", "IP address", "IP addresses" },
	[REDACT_HOST] = { "host", "host name", "host names" },
	[REDACT_USER] = { "user", "user name", "user names" },
	[REDACT_VM] = { "vm", "VM name", "VM names" },
	[REDACT_VOLUME] = { "volume", "volume", "volumes" },
	[REDACT_LOG] = { "log", "path of a log", "paths of logs" },
};

struct value {
	enum redact_kind kind;
	unsigned number;
	struct slice key;      /* in one spelling */
};

struct learned {
	enum redact_kind kind;
	struct slice name;
	bool is_anywhere;      /* so peculiar that it is looked for inside of words, too */
};

struct redactor {
	struct arena arena;
	struct value *values;
	size_t value_count, value_capacity;
	unsigned counts[REDACT_KIND_COUNT];
	struct learned learned[LEARNED_MAX];
	size_t learned_count;
	bool is_first_byte[256]; /* of a learned name, in either case */
};

struct redactor *redactor_new(struct error *err)
{
	struct redactor *redactor = calloc(1, sizeof *redactor);
	if (!redactor)
		error_out_of_memory(err);
	return redactor;
}

void redactor_free(struct redactor *redactor)
{
	if (!redactor)
		return;
	arena_deinit(&redactor->arena);
	free(redactor);
}

bool redactor_failed(const struct redactor *redactor)
{
	return redactor->arena.failed;
}

/* ---- numbers ---- */

/* One spelling for one value: of identifiers and addresses of hardware only the digits, of all
 * others lower case. */
static struct slice spell(enum redact_kind kind, struct slice value, char *out)
{
	bool only_digits = kind == REDACT_UUID || kind == REDACT_MAC;
	size_t len = 0;
	for (size_t i = 0; i < value.len && len < VALUE_MAX; i++) {
		if (only_digits && slice_starts(slice_skip(value, i), SLICE("\\x2d")))
			i += 3;
		else if (!only_digits || char_is_hex(value.ptr[i]))
			out[len++] = (char)tolower((unsigned char)value.ptr[i]);
	}
	return (struct slice){ out, len };
}

static unsigned add_value(struct redactor *redactor, enum redact_kind kind, struct slice key)
{
	if (redactor->value_count >= VALUES_MAX ||
	    !arena_grow(&redactor->arena, &redactor->values, redactor->value_count, &redactor->value_capacity,
			sizeof *redactor->values))
		return 0;
	redactor->values[redactor->value_count++] =
		(struct value){ kind, ++redactor->counts[kind], arena_copy(&redactor->arena, key) };
	return redactor->counts[kind];
}

/* 0 when there are too many. */
static unsigned number_of(struct redactor *redactor, enum redact_kind kind, struct slice value)
{
	char spelt[VALUE_MAX];
	struct slice key = spell(kind, value, spelt);
	for (size_t i = 0; i < redactor->value_count; i++)
		if (redactor->values[i].kind == kind && slice_equal(redactor->values[i].key, key))
			return redactor->values[i].number;
	return add_value(redactor, kind, key);
}

static void put_placeholder(struct redactor *redactor, enum redact_kind kind, struct slice value, struct buf *out)
{
	unsigned number = number_of(redactor, kind, value);
	if (number)
		buf_printf(out, "<%s-%u>", kinds[kind].word, number);
	else
		buf_printf(out, "<%s>", kinds[kind].word);
}

void redactor_print_counts(const struct redactor *redactor, struct buf *out)
{
	const char *separator = "";
	for (size_t i = 0; i < REDACT_KIND_COUNT; i++) {
		unsigned count = redactor->counts[i];
		if (!count)
			continue;
		buf_printf(out, "%s%u %s", separator, count, count == 1 ? kinds[i].one : kinds[i].many);
		separator = ", ";
	}
}

/* ---- learned names ---- */

/* They name nobody, and stand in every report. */
static bool names_nobody(struct slice name)
{
	static const char *const words[] = {
		"(none)", "-", "almalinux", "alpine", "amazon", "arch", "boot", "centos", "data", "debian", "disk", "fedora",
		"guest", "host", "kernel", "linux", "localhost", "log", "none", "opensuse", "oracle", "photon", "redhat",
		"rhel", "rocky", "root", "server", "sles", "suse", "swap", "system", "test", "ubuntu", "virtual disk", "vm",
		"vmware", NULL,
	};
	for (const char *const *word = words; *word; word++)
		if (slice_equal_nocase(name, slice_of(*word)))
			return true;
	return false;
}

static bool is_peculiar(struct slice name)
{
	bool has_other = false;
	for (size_t i = 0; i < name.len; i++)
		has_other |= !char_is_alpha(name.ptr[i]);
	return name.len >= 6 && has_other;
}

void redactor_learn(struct redactor *redactor, enum redact_kind kind, struct slice name)
{
	name = slice_trim(name);
	if (name.len < NAME_MIN || name.len > NAME_MAX_BYTES || names_nobody(name) ||
	    redactor->learned_count >= LEARNED_MAX)
		return;
	for (size_t i = 0; i < redactor->learned_count; i++)
		if (slice_equal_nocase(redactor->learned[i].name, name))
			return;
	struct slice copy = arena_copy(&redactor->arena, name);
	if (!copy.len)
		return;
	redactor->learned[redactor->learned_count++] = (struct learned){ kind, copy, is_peculiar(copy) };
	redactor->is_first_byte[tolower((unsigned char)copy.ptr[0])] = true;
	redactor->is_first_byte[toupper((unsigned char)copy.ptr[0])] = true;
}

static bool stands_alone(struct slice text, size_t at, size_t len)
{
	bool is_first = !at || !redact_is_word_char(text.ptr[at - 1]) || !redact_is_word_char(text.ptr[at]);
	size_t end = at + len;
	return is_first && (end == text.len || !redact_is_word_char(text.ptr[end]) ||
			    !redact_is_word_char(text.ptr[end - 1]));
}

/* The longest one that begins here: a host's whole name rather than its first part. */
static const struct learned *find_learned(const struct redactor *redactor, struct slice text, size_t at)
{
	const struct learned *best = NULL;
	if (!redactor->is_first_byte[(unsigned char)text.ptr[at]])
		return NULL;
	for (size_t i = 0; i < redactor->learned_count; i++) {
		const struct learned *learned = &redactor->learned[i];
		size_t len = learned->name.len;
		if (len <= text.len - at && (!best || len > best->name.len) &&
		    slice_equal_nocase(slice_take(slice_skip(text, at), len), learned->name) &&
		    (learned->is_anywhere || stands_alone(text, at, len)))
			best = learned;
	}
	return best;
}

void redact(struct redactor *redactor, struct slice text, struct buf *out)
{
	size_t done = 0;
	for (size_t at = 0; at < text.len;) {
		/* A value that was replaced is no part of a word any more. */
		struct slice rest = slice_skip(text, done);
		struct redact_match match = { 0 };
		const struct learned *learned = find_learned(redactor, rest, at - done);
		if (learned) {
			match = (struct redact_match){ learned->kind, 0, learned->name.len };
		} else if (!redact_find_shape(rest, at - done, &match)) {
			at++;
			continue;
		}
		size_t value_at = at + match.head_len;
		buf_append(out, (struct slice){ text.ptr + done, value_at - done });
		put_placeholder(redactor, match.kind, slice_take(slice_skip(text, value_at), match.value_len), out);
		at = done = value_at + match.value_len;
	}
	if (done < text.len)
		buf_append(out, slice_skip(text, done));
}

/* ---- what sources and boots call themselves ---- */

static struct slice base_name(struct slice path)
{
	size_t start = 0;
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] == '/' || path.ptr[i] == '\\')
			start = i + 1;
	return slice_skip(path, start);
}

/* vmware.log and vmware-3.log tell nothing; what leads to them does. */
static void learn_path(struct redactor *redactor, struct slice path)
{
	bool is_bare = base_name(path).len == path.len;
	if (!is_bare || !slice_starts(path, SLICE("vmware")))
		redactor_learn(redactor, REDACT_LOG, path);
}

void redactor_learn_source(struct redactor *redactor, const struct report_source *source)
{
	if (!redactor)
		return;
	learn_path(redactor, source->path);
	redactor_learn(redactor, REDACT_VM, source->vm_name);
}

/* "/vmfs/volumes/ds/web/web-000002.vmdk": the VM's name, as a rule. */
static void learn_disk(struct redactor *redactor, struct slice path)
{
	struct slice name = base_name(path);
	if (!slice_ends(name, SLICE(".vmdk")))
		return;
	name.len -= 5;
	size_t digits = 0;
	while (digits < name.len && char_is_digit(name.ptr[name.len - 1 - digits]))
		digits++;
	char separator = digits && digits < name.len ? name.ptr[name.len - 1 - digits] : ' ';
	if ((separator == '-' && digits == 6) || separator == '_')
		name.len -= digits + 1;
	redactor_learn(redactor, REDACT_VM, name);
}

static void learn_settings(struct redactor *redactor, const struct boot *boot)
{
	for (size_t i = 0; i < boot->setting_count; i++) {
		const struct boot_setting *setting = &boot->settings[i];
		if (slice_equal_nocase(setting->key, SLICE("displayName")))
			redactor_learn(redactor, REDACT_VM, setting->value);
		else if (setting->key.len > 9 && slice_equal_nocase(slice_skip(setting->key, setting->key.len - 9),
								     SLICE(".fileName")))
			learn_disk(redactor, setting->value);
	}
}

static void learn_host(struct redactor *redactor, struct slice name)
{
	redactor_learn(redactor, REDACT_HOST, name);
	redactor_learn(redactor, REDACT_HOST, slice_until(name, '.'));
}

/* ip=CLIENT:SERVER:GATEWAY:NETMASK:HOSTNAME:DEVICE:... and systemd.hostname= of a command line */
static void learn_command_line(struct redactor *redactor, struct slice line)
{
	for (struct slice word = slice_word(&line); word.len; word = slice_word(&line)) {
		if (slice_eat(&word, SLICE("systemd.hostname=")))
			learn_host(redactor, word);
		if (!slice_eat(&word, SLICE("ip=")))
			continue;
		for (int field = 0; field < 4; field++)
			word = slice_skip(word, slice_until(word, ':').len + 1);
		learn_host(redactor, slice_until(word, ':'));
	}
}

/* "web01 login:" of a console, "Hostname set to <web01>." of systemd */
static void learn_record(struct redactor *redactor, struct slice text)
{
	struct slice rest, name;
	if ((slice_contains(text, SLICE("ostname set to <")) || slice_contains(text, SLICE("et hostname to <"))) &&
	    slice_between(text, SLICE("<"), SLICE(">"), &name))
		learn_host(redactor, name);
	rest = slice_trim_right(text);
	if (slice_ends(rest, SLICE(" login:"))) {
		rest = slice_trim(slice_take(rest, rest.len - 7));
		name = slice_word(&rest);
		if (!rest.len)
			learn_host(redactor, name);
	}
	if (slice_after(text, SLICE("ommand line: "), &rest))
		learn_command_line(redactor, rest);
}

void redactor_learn_boot(struct redactor *redactor, const struct boot *boot)
{
	if (!redactor)
		return;
	learn_settings(redactor, boot);
	for (size_t i = 0; i < boot->record_count; i++)
		learn_record(redactor, boot->records[i].text);
}
