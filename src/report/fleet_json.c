/* One document of schema vmpanic/1, as `diagnose --format json` writes it of one log, and beside its
 * `sources` a member `scan`: totals and groups.
 *
 * Lines of one source stand behind each other; a source of the document is made of them. Its vm_id and
 * vm_name, by which groups name a VM, stand beside its `vm`, which holds what the log itself says. Whether
 * the lines were redacted is not known here, so that `redacted` is left out. */
#include <stdlib.h>

#include "base/escape.h"
#include "base/limits.h"
#include "report/fleet_parts.h"
#include "report/json_document.h"

struct collection {
	struct json_document document;
	struct buf scratch;
	json_t *source;      /* of the lines before, as it stands in each; NULL: none */
	json_int_t number;   /* of the boot before */
	struct error *err;
	bool is_short;       /* something is missing, and *err says why */
};

/* ---- trees ---- */

/* Absent knowledge is null. NULL when memory is out, which is then found where the tree is written. */
static json_t *text_of(struct collection *collection, struct slice text)
{
	if (!text.len)
		return json_null();
	buf_clear(&collection->scratch);
	escape_utf8(&collection->scratch, text);
	return collection->scratch.failed ? NULL : json_stringn(collection->scratch.ptr, collection->scratch.len);
}

static json_t *count_of(uint64_t count)
{
	return json_integer((json_int_t)count);
}

struct member {
	const char *key;
	json_t *value;
};

/* NULL, and nothing left behind, when one of them is NULL. */
static json_t *object_of(const struct member *members, size_t count)
{
	json_t *object = json_object();
	bool is_whole = object != NULL;
	for (size_t i = 0; i < count; i++)
		is_whole &= json_object_set_new(object, members[i].key, members[i].value) == 0;
	if (is_whole)
		return object;
	json_decref(object);
	return NULL;
}

#define OBJECT_OF(members) object_of(members, sizeof(members) / sizeof(*(members)))

static json_t *verdicts_of(const struct store_totals *totals)
{
	struct fleet_count counts[FLEET_VERDICTS];
	struct member members[FLEET_VERDICTS];
	fleet_verdicts(totals, counts);
	for (size_t i = 0; i < FLEET_VERDICTS; i++)
		members[i] = (struct member){ counts[i].word, count_of(counts[i].count) };
	return OBJECT_OF(members);
}

static json_t *totals_of(struct collection *collection, const struct store_totals *totals)
{
	const struct member members[] = {
		{ "vms", count_of(totals->vms) }, { "failed_vms", count_of(totals->failed_vms) },
		{ "sources", count_of(totals->sources) }, { "unread_sources", count_of(totals->unread_sources) },
		{ "boots", count_of(totals->boots) }, { "failed_boots", count_of(totals->failed_boots) },
		{ "incomplete_boots", count_of(totals->incomplete_boots) }, { "verdicts", verdicts_of(totals) },
		{ "first_at", text_of(collection, totals->first_at) }, { "last_at", text_of(collection, totals->last_at) },
	};
	return OBJECT_OF(members);
}

static json_t *group_of(struct collection *collection, const struct store_group *group)
{
	const struct member members[] = {
		{ "key", text_of(collection, group->key) }, { "name", text_of(collection, group->name) },
		{ "verdict", text_of(collection, group->verdict) }, { "title", text_of(collection, group->title) },
		{ "cause", text_of(collection, group->cause) },
		{ "fingerprint", text_of(collection, group->fingerprint) },
		{ "vms", count_of(group->vms) }, { "boots", count_of(group->boots) },
		{ "incomplete_boots", count_of(group->incomplete_boots) }, { "causes", count_of(group->causes) },
		{ "fingerprints", count_of(group->fingerprints) }, { "kernels", count_of(group->kernels) },
		{ "first_at", text_of(collection, group->first_at) }, { "last_at", text_of(collection, group->last_at) },
		{ "first_kernel", text_of(collection, group->first_kernel) },
		{ "vm_name", text_of(collection, group->vm_name) },
	};
	return OBJECT_OF(members);
}

static json_t *changes_of(struct collection *collection, const struct store_changes *changes)
{
	if (!changes)
		return json_null();
	const struct member members[] = {
		{ "since", text_of(collection, changes->since) }, { "new", count_of(changes->new_failures) },
		{ "gone", count_of(changes->gone_failures) }, { "back", count_of(changes->back_failures) },
	};
	return OBJECT_OF(members);
}

static json_t *changed_of(struct collection *collection, const struct store_changed *changed)
{
	static const char *const words[] = { [STORE_NEW] = "new", [STORE_GONE] = "gone", [STORE_BACK] = "back" };
	const struct member members[] = {
		{ "change", json_string(words[changed->change]) }, { "vm_name", text_of(collection, changed->vm_name) },
		{ "title", text_of(collection, changed->title) },
		{ "fingerprint", text_of(collection, changed->fingerprint) },
	};
	return OBJECT_OF(members);
}

/* ---- the scan ---- */

/* Whether to go on. What memory ran out for is missing in a document that is whole otherwise. */
static bool go_on(struct collection *collection, bool is_done)
{
	collection->is_short |= !is_done;
	return is_done || error_is_out_of_memory(collection->err);
}

static bool take_group(void *user, const struct store_group *group)
{
	struct collection *collection = user;
	json_t *item = group_of(collection, group);
	return go_on(collection, json_document_item(&collection->document, item, collection->err));
}

static bool take_change(void *user, const struct store_changed *changed)
{
	struct collection *collection = user;
	json_t *item = changed_of(collection, changed);
	return go_on(collection, json_document_item(&collection->document, item, collection->err));
}

static void put_groups(struct collection *collection, struct store *store, enum store_grouping grouping)
{
	static const char *const keys[] = {
		[STORE_BY_CAUSE] = "by_cause", [STORE_BY_FINGERPRINT] = "by_fingerprint", [STORE_BY_KERNEL] = "by_kernel",
		[STORE_BY_VM] = "by_vm",
	};
	json_document_open_array(&collection->document, keys[grouping]);
	go_on(collection, store_each_group(store, grouping, UINT64_MAX, take_group, collection, collection->err));
	json_document_close_array(&collection->document);
}

/* The failures that are new, gone or back, of a scan that remembers and is not the first. */
static void put_changes(struct collection *collection, struct store *store, const struct store_changes *changes)
{
	json_document_open_array(&collection->document, "changed");
	if (changes && !changes->is_first)
		go_on(collection, store_each_change(store, take_change, collection, collection->err));
	json_document_close_array(&collection->document);
}

static void put_scan(struct collection *collection, struct store *store, const struct fleet_options *options)
{
	struct json_document *document = &collection->document;
	struct store_totals totals;
	enum store_grouping groupings[2];
	size_t count = fleet_groupings(options, groupings);
	const struct member made_at = { "made_at", text_of(collection, options->made_at) };
	json_document_open(document, "scan");
	json_document_members(document, object_of(&made_at, 1));
	bool is_counted = store_totals(store, &totals, collection->err);
	json_document_members(document, is_counted ? totals_of(collection, &totals) : NULL);
	for (size_t i = 0; i < count; i++)
		put_groups(collection, store, groupings[i]);
	const struct member changes = { "changes", changes_of(collection, options->changes) };
	json_document_members(document, object_of(&changes, 1));
	put_changes(collection, store, options->changes);
	json_document_close(document);
}

/* ---- sources ---- */

static void end_source(struct collection *collection)
{
	json_t *source = collection->source;
	collection->source = NULL;
	if (source)
		go_on(collection, json_document_source_end(&collection->document, source, collection->err));
}

/* What json_copy does, which keeps to itself that memory ran out. */
static json_t *copy_of(json_t *object)
{
	json_t *copy = json_object();
	if (json_object_update(copy, object) == 0)
		return copy;
	json_decref(copy);
	return NULL;
}

/* A source with what names its VM. */
static json_t *source_of(const json_t *line)
{
	static const char *const names[] = { "vm_id", "vm_name" };
	json_t *source = copy_of(json_object_get(line, "source"));
	bool is_whole = source != NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		json_t *name = json_object_get(line, names[i]);
		is_whole &= json_object_set(source, names[i], name ? name : json_null()) == 0;
	}
	if (is_whole)
		return source;
	json_decref(source);
	return NULL;
}

/* The same log that was read twice stands twice: numbers of boots rise within a source. */
static bool is_of_source_before(const struct collection *collection, const json_t *source, const json_t *number)
{
	return collection->source && json_is_integer(number) && json_integer_value(number) > collection->number &&
	       json_equal(collection->source, source);
}

static bool begin_source(struct collection *collection, const json_t *line, const json_t *number)
{
	json_t *source = source_of(line);
	if (source && is_of_source_before(collection, source, number)) {
		json_decref(source);
		return true;
	}
	end_source(collection);
	if (!source)
		return error_out_of_memory(collection->err);
	json_t *path = json_object_get(source, "path");
	path = path ? json_incref(path) : json_null();
	bool is_begun = json_document_source_begin(&collection->document, path, collection->err);
	if (is_begun)
		collection->source = source;
	else
		json_decref(source);
	return is_begun;
}

/* The boot of a line: what is left when the members of its source are taken away. */
static json_t *boot_of(const json_t *line)
{
	static const char *const others[] = { "schema", "vm_id", "vm_name", "source" };
	json_t *boot = copy_of((json_t *)line);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		json_object_del(boot, others[i]);
	return boot;
}

static bool take_line(void *user, const json_t *line)
{
	struct collection *collection = user;
	const json_t *number = json_object_get(line, "number");
	if (!begin_source(collection, line, number))
		return go_on(collection, false);
	collection->number = json_is_integer(number) ? json_integer_value(number) : 0;
	return json_is_null(number) ||
	       go_on(collection, json_document_boot(&collection->document, boot_of(line), collection->err));
}

static void put_sources(struct collection *collection, struct store *store)
{
	json_document_sources(&collection->document);
	go_on(collection, fleet_each_line(store, STORE_ALL_LINES, take_line, collection, collection->err));
	end_source(collection);
}

static bool write_json(struct store *store, const struct report_output *output, const struct fleet_options *options,
		       struct error *err)
{
	struct error why = { 0 };
	struct collection collection = { .scratch = BUF_INIT(REPORT_BYTES), .err = &why };
	json_document_begin(&collection.document, output);
	put_scan(&collection, store, options);
	put_sources(&collection, store);
	go_on(&collection, json_document_end(&collection.document, &why));
	json_document_deinit(&collection.document);
	buf_deinit(&collection.scratch);
	return !collection.is_short || error_set(err, "%s", why.text);
}

const struct fleet_format fleet_json = { "json", write_json };
