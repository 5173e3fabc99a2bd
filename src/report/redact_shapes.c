#include "report/redact_private.h"

#define DOMAIN_MAX 253

/* ---- small readers: each eats its part off the front of *s, or nothing ---- */

static size_t count_hex(struct slice s)
{
	size_t count = 0;
	while (count < s.len && char_is_hex(s.ptr[count]))
		count++;
	return count;
}

static bool eat_hex(struct slice *s, size_t count)
{
	if (count_hex(slice_take(*s, count)) != count)
		return false;
	*s = slice_skip(*s, count);
	return true;
}

/* The dash, or what systemd writes for one in the name of a unit. */
static bool eat_dash(struct slice *s)
{
	return slice_eat(s, SLICE("-")) || slice_eat(s, SLICE("\\x2d"));
}

static char char_before(struct slice text, size_t at)
{
	return at ? text.ptr[at - 1] : ' ';
}

static char char_first(struct slice s)
{
	return s.len ? s.ptr[0] : ' ';
}

size_t redact_word_len(struct slice text)
{
	size_t len = 0;
	while (len < text.len && redact_is_word_char(text.ptr[len]))
		len++;
	return len;
}

/* Every shape: the length of its value at the front of `rest`, or 0; `before` is the byte in front. */

/* ---- identifiers ---- */

/* 8-4-4-4-12, and 8-8-4-12 of VMFS volumes, wherever they stand. */
static size_t match_uuid(struct slice rest, char before)
{
	static const unsigned char forms[][5] = { { 8, 4, 4, 4, 12 }, { 8, 8, 4, 12, 0 } };
	(void)before;
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		struct slice s = rest;
		size_t i = 0;
		while (i < 5 && forms[f][i] && (!i || eat_dash(&s)) && eat_hex(&s, forms[f][i]))
			i++;
		if (i == 5 || !forms[f][i])
			return rest.len - s.len;
	}
	return 0;
}

/* uuid.bios = "56 4d 8f 1c 22 33 44 55-66 77 88 99 aa bb cc dd" */
static size_t match_vmx_uuid(struct slice rest, char before)
{
	struct slice s = rest;
	for (size_t i = 0; i < 16; i++)
		if ((i && !slice_eat(&s, i == 8 ? SLICE("-") : SLICE(" "))) || !eat_hex(&s, 2))
			return 0;
	return redact_is_word_char(before) || char_is_hex(char_first(s)) ? 0 : rest.len - s.len;
}

/* /etc/machine-id, and UUIDs without dashes */
static size_t match_machine_id(struct slice rest, char before)
{
	return !redact_is_word_char(before) && redact_word_len(rest) == 32 && count_hex(rest) == 32 ? 32 : 0;
}

/* 4e7d4f2c-01: the number of the partition stays. */
static size_t match_signature(struct slice rest, char before)
{
	struct slice s = rest;
	if (redact_is_word_char(before) || before == '-' || !eat_hex(&s, 8) || !eat_dash(&s) || !eat_hex(&s, 2) ||
	    redact_is_word_char(char_first(s)) || char_first(s) == '-')
		return 0;
	return 8;
}

static size_t match_mac(struct slice rest, char before)
{
	struct slice s = rest;
	char separator = rest.len > 2 ? rest.ptr[2] : ' ';
	if (redact_is_word_char(before) || before == separator || (separator != ':' && separator != '-'))
		return 0;
	for (size_t i = 0; i < 6; i++)
		if ((i && !slice_eat(&s, (struct slice){ &separator, 1 })) || !eat_hex(&s, 2))
			return 0;
	return redact_is_word_char(char_first(s)) || char_first(s) == separator ? 0 : rest.len - s.len;
}

/* ---- addresses ---- */

static bool tells_nothing(const uint64_t *numbers)
{
	return numbers[0] == 0 || numbers[0] == 127 || numbers[0] == 255;
}

/* A driver's version has four numbers, too: "1.0.7.0-k". */
static size_t match_ipv4(struct slice rest, char before)
{
	struct slice s = rest;
	uint64_t numbers[4];
	if (redact_is_word_char(before) || before == '.')
		return 0;
	for (size_t i = 0; i < 4; i++) {
		size_t len = s.len;
		if ((i && !slice_eat(&s, SLICE("."))) || !slice_eat_decimal(&s, &numbers[i]) || numbers[i] > 255 ||
		    len - s.len > 4)
			return 0;
	}
	bool goes_on = redact_is_word_char(char_first(s)) || slice_starts(s, SLICE("-k")) ||
		       (char_first(s) == '.' && char_is_digit(char_first(slice_skip(s, 1))));
	return goes_on || tells_nothing(numbers) ? 0 : rest.len - s.len;
}

/* Eight groups, or fewer of them around one "::", with a digit somewhere. PCI and SCSI addresses and
 * clocks have neither, names of C++ no digit. */
static size_t match_ipv6(struct slice rest, char before)
{
	struct slice s = rest;
	size_t groups = 0, gaps = 0;
	bool has_digit = false;
	if (redact_is_word_char(before) || before == '.')
		return 0;
	for (;;) {
		size_t digits = count_hex(s);
		if (digits > 4)
			return 0;
		groups += digits != 0;
		for (size_t i = 0; i < digits; i++)
			has_digit |= char_is_digit(s.ptr[i]);
		s = slice_skip(s, digits);
		char next = char_first(slice_skip(s, 1));
		if (char_first(s) != ':' || s.len == 1 || (digits && next != ':' && !char_is_hex(next)))
			break;
		s = slice_skip(s, 1);
		gaps += char_first(s) == ':';
	}
	bool is_address = gaps == 1 ? groups >= 2 && groups <= 7 : !gaps && groups == 8;
	bool goes_on = redact_is_word_char(char_first(s)) || char_first(s) == '.';
	return is_address && has_digit && !goes_on ? rest.len - s.len : 0;
}

/* ---- names ---- */

static bool is_one_of(struct slice word, const char *const *words)
{
	for (; *words; words++)
		if (slice_equal_nocase(word, slice_of(*words)))
			return true;
	return false;
}

/* What ends the name of somebody's network; not all there are: many are the ends of file names, too. */
static bool is_top_domain(struct slice word)
{
	static const char *const words[] = {
		"local", "lan", "internal", "corp", "intra", "intranet", "localdomain", "com", "net", "org", "edu", "gov",
		"mil", "info", "biz", "io", "de", "uk", "fr", "it", "es", "nl", "ch", "at", "eu", "us", "jp", "cn", "br",
		"ru", "ca", "au", "se", "no", "dk", "fi", "cz", "kr", "tw", "be", "pt", "gr", "tr", "mx", "ar", "za", "nz",
		"ie", "il", "sg", "hk", "hu", "ro", NULL,
	};
	return is_one_of(word, words);
}

static bool is_public_name(struct slice name)
{
	static const char *const names[] = {
		"localhost.localdomain", "rc.local", "kernel.org", "www.kernel.org", "lists.debian.org", "kb.vmware.com",
		"docs.vmware.com", "knowledge.broadcom.com", NULL,
	};
	return is_one_of(name, names);
}

static bool is_label_char(char c)
{
	return redact_is_word_char(c) || c == '-';
}

static size_t match_domain(struct slice rest, char before)
{
	size_t len = 0, label = 0;
	if (is_label_char(before) || before == '.' || before == '_' || !redact_is_word_char(char_first(rest)))
		return 0;
	while (len < rest.len && len < DOMAIN_MAX && (is_label_char(rest.ptr[len]) || rest.ptr[len] == '.')) {
		if (rest.ptr[len] == '.' && len + 1 < rest.len && is_label_char(rest.ptr[len + 1]))
			label = len + 1;
		else if (rest.ptr[len] == '.')
			break;
		len++;
	}
	struct slice name = slice_take(rest, len);
	bool is_name = label && is_top_domain(slice_skip(name, label)) && !is_public_name(name);
	return is_name && char_first(slice_skip(rest, len)) != '_' ? len : 0;
}

/* (root@photon) of "Linux version" */
static size_t match_builder(struct slice rest, char before)
{
	size_t len = 0, at = 0;
	if (before != '(')
		return 0;
	for (; len < rest.len && (is_label_char(rest.ptr[len]) || strchr("@._", rest.ptr[len])) && rest.ptr[len]; len++)
		at = rest.ptr[len] == '@' ? len : at;
	return at && at + 1 < len && char_first(slice_skip(rest, len)) == ')' ? len : 0;
}

/* ---- what leads to a name ---- */

struct leader {
	struct slice head;
	const char *ends;        /* what ends the name behind it */
	enum redact_kind kind;
};

#define LEADER(literal, ends, kind) { { literal, sizeof(literal) - 1 }, ends, kind }
#define NAME_ENDS "/\\\"'`:;,)]> \t\r\n"

/* A user's name on Windows may hold blanks. */
static const struct leader leaders[] = {
	LEADER("/home/", NAME_ENDS, REDACT_USER),
	LEADER("\\Users\\", "\\\"'\r\n", REDACT_USER),
	LEADER("/Users/", NAME_ENDS, REDACT_USER),
	LEADER("/vmfs/volumes/", NAME_ENDS, REDACT_VOLUME),
	LEADER("UUID=", "", REDACT_UUID),
	LEADER("by-uuid/", "", REDACT_UUID),
};

/* Of a short UUID, as vfat (ABCD-1234) and ntfs have: digits and dashes, eight or more. The
 * others have a shape of their own. */
static size_t short_uuid_len(struct slice s)
{
	size_t len = 0;
	if (match_uuid(s, ' ') || match_signature(s, ' '))
		return 0;
	while (len < s.len && (char_is_hex(s.ptr[len]) || s.ptr[len] == '-'))
		len++;
	return len >= 8 && !redact_is_word_char(char_first(slice_skip(s, len))) ? len : 0;
}

static size_t name_len(struct slice s, const char *ends)
{
	size_t len = 0;
	while (len < s.len && s.ptr[len] && !strchr(ends, s.ptr[len]))
		len++;
	return len;
}

static bool starts_nocase(struct slice text, struct slice head)
{
	return text.len >= head.len && slice_equal_nocase(slice_take(text, head.len), head);
}

/* `<user-1>`: the name was replaced before. */
static bool is_placeholder(struct slice s)
{
	if (!slice_eat(&s, SLICE("<")))
		return false;
	while (s.len && char_is_alpha(s.ptr[0]))
		s = slice_skip(s, 1);
	slice_eat(&s, SLICE("-"));
	while (s.len && char_is_digit(s.ptr[0]))
		s = slice_skip(s, 1);
	return slice_starts(s, SLICE(">"));
}

static bool match_leader(struct slice rest, struct redact_match *ret)
{
	for (size_t i = 0; i < sizeof leaders / sizeof *leaders; i++) {
		const struct leader *leader = &leaders[i];
		if (!starts_nocase(rest, leader->head))
			continue;
		struct slice name = slice_skip(rest, leader->head.len);
		size_t len = *leader->ends ? name_len(name, leader->ends) : short_uuid_len(name);
		*ret = (struct redact_match){ leader->kind, leader->head.len, len };
		return len != 0 && !is_placeholder(name);
	}
	return false;
}

bool redact_find_shape(struct slice text, size_t at, struct redact_match *ret)
{
	static const struct {
		size_t (*match)(struct slice rest, char before);
		enum redact_kind kind;
	} shapes[] = {
		{ match_uuid, REDACT_UUID },       { match_vmx_uuid, REDACT_UUID },  { match_machine_id, REDACT_UUID },
		{ match_signature, REDACT_UUID },  { match_mac, REDACT_MAC },        { match_ipv4, REDACT_IP },
		{ match_ipv6, REDACT_IP },         { match_builder, REDACT_USER },   { match_domain, REDACT_HOST },
	};
	struct slice rest = slice_skip(text, at);
	char before = char_before(text, at);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		size_t len = shapes[i].match(rest, before);
		*ret = (struct redact_match){ shapes[i].kind, 0, len };
		if (len)
			return true;
	}
	return match_leader(rest, ret);
}
