#include "rules/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/limits.h"

/* Groups a pattern may have, the whole match included. A fixed number lets one scratch serve
 * every regex. */
#define GROUPS_MAX 32

struct regex {
	pcre2_code *code;
	const unsigned char *names; /* PCRE2's table: two bytes of group number, then the name */
	uint32_t name_count, name_size;
};

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static bool read_groups(struct regex *regex, struct error *err)
{
	uint32_t groups = 0;
	pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &regex->name_count);
	pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &regex->name_size);
	pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &regex->names);
	if (groups >= GROUPS_MAX)
		return error_set(err, "%u groups in a regex, expected at most %d", groups, GROUPS_MAX - 1);
	return true;
}

static bool compile(struct regex *regex, const char *pattern, size_t *error_at, struct error *err)
{
	const uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
	int code = 0;
	PCRE2_SIZE at = 0;
	regex->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &at, NULL);
	if (error_at)
		*error_at = at;
	if (regex->code)
		return read_groups(regex, err);
	if (code == PCRE2_ERROR_HEAP_FAILED)
		return error_out_of_memory(err);
	char words[128];
	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof words) < 0)
		return error_set(err, "PCRE2 error %d", code);
	return error_set(err, "%s", words);
}

struct regex *regex_new(const char *pattern, size_t *error_at, struct error *err)
{
	if (error_at)
		*error_at = 0;
	struct regex *regex = calloc(1, sizeof *regex);
	if (!regex) {
		error_out_of_memory(err);
		return NULL;
	}
	if (!compile(regex, pattern, error_at, err)) {
		regex_free(regex);
		return NULL;
	}
	return regex;
}

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	free(regex);
}

size_t regex_name_count(const struct regex *regex)
{
	return regex->name_count;
}

struct slice regex_name(const struct regex *regex, size_t index)
{
	return slice_of((const char *)regex->names + index * regex->name_size + 2);
}

struct regex_scratch *regex_scratch_new(struct error *err)
{
	struct regex_scratch *scratch = calloc(1, sizeof *scratch);
	if (scratch) {
		scratch->data = pcre2_match_data_create(GROUPS_MAX, NULL);
		scratch->context = pcre2_match_context_create(NULL);
	}
	if (!scratch || !scratch->data || !scratch->context) {
		regex_scratch_free(scratch);
		error_out_of_memory(err);
		return NULL;
	}
	pcre2_set_match_limit(scratch->context, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(scratch->context, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(scratch->context, REGEX_HEAP_KIB);
	return scratch;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	free(scratch);
}

enum regex_outcome regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text)
{
	/* PCRE2 wants a pointer even for no bytes. */
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.len ? text.ptr : "");
	int result = pcre2_match(regex->code, subject, text.len, 0, 0, scratch->data, scratch->context);
	if (result == PCRE2_ERROR_NOMATCH)
		return REGEX_NO_MATCH;
	if (result == PCRE2_ERROR_NOMEMORY)
		return REGEX_NO_MEMORY;
	/* Whatever else PCRE2 reports leaves the question open. */
	return result < 0 ? REGEX_LIMIT : REGEX_MATCH;
}

bool regex_group(const struct regex *regex, const struct regex_scratch *scratch, size_t index, struct slice text,
		 struct slice *ret)
{
	const unsigned char *entry = regex->names + index * regex->name_size;
	size_t group = (size_t)entry[0] << 8 | entry[1];
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(scratch->data);
	PCRE2_SIZE start = places[2 * group], end = places[2 * group + 1];
	/* \K in a lookahead can set a start behind the end. */
	if (start == PCRE2_UNSET || end == PCRE2_UNSET || start > end || end > text.len)
		return false;
	*ret = (struct slice){ text.ptr + start, end - start };
	return true;
}
