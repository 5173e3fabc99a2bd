/* The contract for programs: one document, `schema` vmpanic/1. */
#include <stdlib.h>

#include "report/json_document.h"
#include "report/json_tree.h"

struct report {
	struct json_document document;
	struct json_maker maker;
};

/* Of what could not be made whole for want of memory, nothing; what comes after is made all the same. */
static json_t *whole(struct report *report, json_t *tree)
{
	if (!json_maker_failed(&report->maker))
		return tree;
	json_maker_forgive(&report->maker);
	json_decref(tree);
	return NULL;
}

static struct report *json_open(const struct report_output *output, const struct report_options *options,
				struct error *err)
{
	struct report *report = calloc(1, sizeof(*report));
	if (!report || !json_maker_init(&report->maker, options, err)) {
		free(report);
		error_out_of_memory(err);
		return NULL;
	}
	json_document_begin(&report->document, output);
	json_document_member(&report->document, "redacted", json_boolean(options->redact));
	json_document_sources(&report->document);
	return report;
}

static bool json_source_begin(struct report *report, const struct report_source *source, struct error *err)
{
	json_maker_begin(&report->maker, source);
	json_t *path = json_maker_text(&report->maker, source->path);
	return json_document_source_begin(&report->document, whole(report, path), err);
}

static bool json_boot(struct report *report, const struct report_source *source, const struct diagnosis *diagnosis,
		      struct error *err)
{
	(void)source;
	json_t *boot = json_maker_boot(&report->maker, diagnosis);
	return json_document_boot(&report->document, whole(report, boot), err);
}

static bool json_source_end(struct report *report, const struct report_source *source, struct error *err)
{
	json_t *object = json_maker_source(&report->maker, source);
	return json_document_source_end(&report->document, whole(report, object), err);
}

static bool json_close(struct report *report, struct error *err)
{
	if (!report)
		return true;
	bool is_done = json_document_end(&report->document, err);
	json_document_deinit(&report->document);
	json_maker_deinit(&report->maker);
	free(report);
	return is_done;
}

const struct report_format report_json = {
	.name = "json",
	.open = json_open,
	.source_begin = json_source_begin,
	.boot = json_boot,
	.source_end = json_source_end,
	.close = json_close,
};
