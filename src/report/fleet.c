#include "report/fleet.h"

const struct fleet_format *fleet_format_find(struct slice name)
{
	static const struct fleet_format *const formats[] = {
		&fleet_text, &fleet_ndjson, &fleet_json, &fleet_csv, &fleet_html, &fleet_markdown,
		&fleet_prometheus,
	};
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (slice_is(name, formats[i]->name))
			return formats[i];
	return NULL;
}
