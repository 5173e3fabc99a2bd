/* Texts of rules with places for values: {{fact.path}}, {{capture}}, {{name|otherwise}}; and with
 * passages, {? ... ?}, that are left out when a value in them is not known. */
#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include <stdbool.h>

#include "base/slice.h"

/* A run of plain text, and the placeholder behind it when there is one. */
struct template_piece {
	struct slice plain;
	bool has_place;
	struct slice name;      /* without blanks around it */
	bool has_otherwise;
	struct slice otherwise; /* behind the '|'; may be empty */
};

/* Cuts the next piece off the front of *rest; false at its end. A "{{" that nothing closes is
 * plain text. */
bool template_next(struct slice *rest, struct template_piece *ret);

struct template_passage {
	struct slice text;
	bool is_optional;
};

/* Cuts the next passage off the front of *rest; false at its end. A "{?" that nothing closes is
 * plain text. */
bool template_next_passage(struct slice *rest, struct template_passage *ret);

#endif
