/* Members of a JSON object as reports read them: null, absent and of another type are all "not known". */
#ifndef REPORT_JSON_READ_H
#define REPORT_JSON_READ_H

#include <jansson.h>

#include "base/slice.h"

/* Empty when not known; lives as long as the object. */
static inline struct slice json_read_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return (struct slice){ json_string_value(value), json_string_length(value) };
}

/* 0 when not known, or negative. */
static inline uint64_t json_read_count(const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));
	return value > 0 ? (uint64_t)value : 0;
}

static inline bool json_read_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

#endif
