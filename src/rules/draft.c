#include "rules/draft.h"

#include <inttypes.h>

#include "facts/facts.h"

/* Of the record that the rule is about, and of the lines of its test. */
#define TEXT_BYTES_MAX 240
#define TEST_RECORDS_MAX 40
#define NEEDLE_BYTES_MIN 4
#define TITLE_BYTES_MAX 80
#define LONG_HEX_DIGITS 8

/* The parts of a text: what stays as it is, and what another log will have otherwise. */
enum part_kind { PART_LITERAL, PART_NUMBER, PART_HEX, PART_DEVICE, PART_FUNCTION, PART_QUOTED };

static const struct {
	const char *name;  /* of the group, the first time; NULL: none */
	const char *regex;
} part_forms[] = {
	[PART_LITERAL] = { NULL, NULL },
	[PART_NUMBER] = { NULL, "\\d+" },
	[PART_HEX] = { NULL, "[0-9a-fA-F]+" },
	[PART_DEVICE] = { "device", "[\\w-]+" },
	[PART_FUNCTION] = { "function", "[\\w.]+" },
	[PART_QUOTED] = { "name", "[^\"]*" },
};

struct draft {
	struct buf regex, title;
	struct slice needle;      /* the longest literal */
	struct slice literal;     /* that is being read */
	bool is_named[PART_QUOTED + 1];
};

static bool is_word_char(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '.';
}

static size_t word_len(struct slice text)
{
	size_t len = 0;
	while (len < text.len && is_word_char(text.ptr[len]))
		len++;
	while (len && text.ptr[len - 1] == '.')
		len--;
	return len;
}

static bool all_of(struct slice word, bool (*is)(char c))
{
	for (size_t i = 0; i < word.len; i++)
		if (!is(word.ptr[i]))
			return false;
	return word.len != 0;
}

static bool has_digit(struct slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if (char_is_digit(word.ptr[i]))
			return true;
	return false;
}

/* Without a number only what is as short as "xvda": words such as "sdhci" begin like disks. */
static bool is_device(struct slice word)
{
	return facts_is_disk_name(word) && (has_digit(word) || word.len <= 4) &&
	       slice_find_char(word, '.') == SLICE_NOT_FOUND;
}

static enum part_kind kind_of(struct slice word, struct slice behind)
{
	if (slice_starts(behind, SLICE("+0x")))
		return PART_FUNCTION;
	if (word.len >= LONG_HEX_DIGITS && has_digit(word) && all_of(word, char_is_hex))
		return PART_HEX;
	if (all_of(word, char_is_digit))
		return PART_NUMBER;
	return is_device(word) ? PART_DEVICE : PART_LITERAL;
}

/* Parts. */

static void put_literal(struct draft *draft, struct slice text)
{
	if (!draft->literal.len)
		draft->literal.ptr = text.ptr;
	draft->literal.len += text.len;
	if (draft->literal.len > draft->needle.len)
		draft->needle = draft->literal;
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("\\^$.|?*+()[]{}", text.ptr[i]))
			buf_char(&draft->regex, '\\');
		buf_char(&draft->regex, text.ptr[i]);
		if (!strchr("{}", text.ptr[i])) /* a title holds places for values between them */
			buf_char(&draft->title, text.ptr[i]);
	}
}

static void put_part(struct draft *draft, enum part_kind kind)
{
	const char *name = draft->is_named[kind] ? NULL : part_forms[kind].name;
	draft->literal = SLICE("");
	draft->is_named[kind] = true;
	buf_printf(&draft->regex, name ? "(?<%s>%s)" : "%s%s", name ? name : "", part_forms[kind].regex);
	buf_printf(&draft->title, name ? "{{%s}}" : "%s", name ? name : "...");
}

/* The digits behind 0x. */
static size_t take_hex(struct draft *draft, struct slice text)
{
	size_t len = 2;
	while (len < text.len && char_is_hex(text.ptr[len]))
		len++;
	put_literal(draft, slice_take(text, 2));
	put_part(draft, PART_HEX);
	return len;
}

static size_t take_quoted(struct draft *draft, struct slice text)
{
	struct slice inner;
	if (!slice_between(text, SLICE("\""), SLICE("\""), &inner)) {
		put_literal(draft, slice_take(text, 1));
		return 1;
	}
	put_literal(draft, slice_take(text, 1));
	put_part(draft, PART_QUOTED);
	put_literal(draft, (struct slice){ inner.ptr + inner.len, 1 });
	return inner.len + 2;
}

/* Takes what the text begins with; its length. */
static size_t take_part(struct draft *draft, struct slice text)
{
	if (text.ptr[0] == '"')
		return take_quoted(draft, text);
	if (slice_starts(text, SLICE("0x")) && text.len > 2 && char_is_hex(text.ptr[2]))
		return take_hex(draft, text);
	size_t len = word_len(text);
	if (!len) {
		put_literal(draft, slice_take(text, 1));
		return 1;
	}
	struct slice word = slice_take(text, len);
	enum part_kind kind = kind_of(word, slice_skip(text, len));
	if (kind == PART_LITERAL)
		put_literal(draft, word);
	else
		put_part(draft, kind);
	return len;
}

static void read_text(struct draft *draft, struct slice text)
{
	buf_char(&draft->regex, '^');
	for (size_t at = 0; at < text.len;)
		at += take_part(draft, slice_skip(text, at));
}

/* The file. */

/* Between single quotes, in which a quote is written twice. */
static void put_quoted(struct buf *out, struct slice text)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_char(out, '\'');
		buf_char(out, text.ptr[i]);
	}
	buf_char(out, '\'');
}

static void put_record(struct buf *out, const struct kmsg_record *record, struct slice text)
{
	buf_text(out, "      ");
	if (record->flags & KMSG_HAS_LEVEL)
		buf_printf(out, "<%u>", record->facility * 8u + record->level);
	if (record->flags & KMSG_HAS_TIME)
		buf_printf(out, "[%5" PRIu64 ".%06" PRIu64 "] ", record->time_ns / 1000000000,
			   record->time_ns / 1000 % 1000000);
	buf_append(out, text);
	buf_char(out, '\n');
}

static bool is_writable(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || (unsigned char)text.ptr[i] > 0x7e)
			return false;
	return slice_trim(text).len != 0;
}

static void put_match(struct buf *out, const struct draft *draft)
{
	buf_text(out, "match:\n  all:\n    - line: ");
	put_quoted(out, buf_slice(&draft->regex));
	buf_text(out, "\n      needle: ");
	put_quoted(out, draft->needle);
	buf_char(out, '\n');
}

/* As much of the title as there is room for, and no half of a place. */
static struct slice title_of(const struct draft *draft)
{
	struct slice title = slice_take(slice_trim(buf_slice(&draft->title)), TITLE_BYTES_MAX);
	for (size_t at = slice_find(title, SLICE("{{")); at != SLICE_NOT_FOUND;) {
		struct slice behind = slice_skip(title, at);
		size_t end = slice_find(behind, SLICE("}}"));
		if (end == SLICE_NOT_FOUND)
			return slice_trim_right(slice_take(title, at));
		size_t next = slice_find(slice_skip(behind, end), SLICE("{{"));
		at = next == SLICE_NOT_FOUND ? next : at + end + next;
	}
	return title;
}

static void put_head(struct buf *out, struct slice id, const struct draft *draft, bool is_panic)
{
	buf_text(out, "schema: 1\nid: ");
	buf_append(out, id);
	buf_text(out, "\nrev: 1\nstatus: experimental\ntitle: ");
	put_quoted(out, title_of(draft));
	buf_printf(out, "\nseverity: %s\nconfidence: likely\n", is_panic ? "fatal" : "error");
	put_match(out, draft);
	if (is_panic)
		buf_text(out, "explains: [panic/unclassified]\n");
}

static void put_tests(struct buf *out, const struct draft *draft, const struct boot *boot,
		      const struct kmsg_record *record)
{
	size_t count = boot->record_count < TEST_RECORDS_MAX ? boot->record_count : TEST_RECORDS_MAX;
	/* YAML would take blanks at the beginning of the first line for indentation. */
	buf_text(out, "tests:\n  - name: as it was seen\n    log: |2\n");
	for (size_t i = 0; i < count; i++)
		if (kmsg_is_kernel(&boot->records[i]) && is_writable(boot->records[i].text))
			put_record(out, &boot->records[i], boot->records[i].text);
	buf_text(out, "    expect: match\n  - name: the same beginning, another end\n    log: |2\n");
	size_t before = (size_t)(draft->needle.ptr - record->text.ptr) + draft->needle.len / 2;
	struct slice miss = slice_trim_right(slice_take(record->text, before));
	put_record(out, record, miss.len ? miss : SLICE("another message"));
	buf_text(out, "    expect: no-match\n");
}

static const struct kmsg_record *first_record(const struct boot *boot)
{
	for (size_t i = 0; i < boot->record_count && i < TEST_RECORDS_MAX; i++)
		if (kmsg_is_kernel(&boot->records[i]) && is_writable(boot->records[i].text))
			return &boot->records[i];
	return NULL;
}

static void put_file(struct buf *out, struct slice id, const struct draft *draft, const struct boot *boot,
		     const struct kmsg_record *record)
{
	buf_text(out, "# A draft. Say what it means and what to do, name where the message is from, and give it a near\n"
		      "# miss from a real log; then: vmpanic rules test FILE; vmpanic rules lint FILE\n");
	put_head(out, id, draft, slice_starts(record->text, SLICE("Kernel panic - not syncing")));
	buf_text(out, "why: >\n  The kernel looked for ..., found ..., and that follows from the line above.\n"
		      "disproof: What one would see if this were wrong.\n"
		      "fix:\n  - id: first-step\n    risk: none\n    text: What to do.\n"
		      "references:\n  - 'file of the kernel, function (versions)'\n");
	put_tests(out, draft, boot, record);
}

bool rule_draft(struct slice id, const struct boot *boot, struct buf *out)
{
	const struct kmsg_record *record = first_record(boot);
	struct draft draft = { .regex = BUF_INIT(64 * 1024), .title = BUF_INIT(64 * 1024) };
	if (!record)
		return false;
	read_text(&draft, slice_take(slice_trim_right(record->text), TEXT_BYTES_MAX));
	bool is_enough = slice_trim(draft.needle).len >= NEEDLE_BYTES_MIN && title_of(&draft).len;
	if (is_enough)
		put_file(out, id, &draft, boot, record);
	out->failed |= draft.regex.failed || draft.title.failed;
	buf_deinit(&draft.regex);
	buf_deinit(&draft.title);
	return is_enough;
}
