/* Inside of the redactor: values that are known by their shape. */
#ifndef REPORT_REDACT_PRIVATE_H
#define REPORT_REDACT_PRIVATE_H

#include "report/redact.h"

struct redact_match {
	enum redact_kind kind;
	size_t head_len;     /* bytes in front of the value that stay: "/home/" */
	size_t value_len;
};

/* True when a value, or what leads to one, begins at byte `at` of the text. */
bool redact_find_shape(struct slice text, size_t at, struct redact_match *ret);

/* The bytes of letters and digits at the front. */
size_t redact_word_len(struct slice text);
static inline bool redact_is_word_char(char c)
{
	return char_is_alpha(c) || char_is_digit(c);
}

#endif
