/* The registry of facts: their names, how they are set and how they are asked. */
#include "facts/facts.h"
#include "facts/reader.h"

struct fact_info {
	struct slice path;
	const char *doc;
	enum fact_type type;
};

static const struct fact_info registry[FACT_COUNT] = {
#define FACT(identifier, path_text, type_word, doc_text) \
	[FACT_##identifier] = { { path_text, sizeof(path_text) - 1 }, doc_text, FACT_##type_word },
#include "facts/facts.def"
#undef FACT
};

const char *fact_path(enum fact_id id)
{
	return registry[id].path.ptr;
}

const char *fact_doc(enum fact_id id)
{
	return registry[id].doc;
}

enum fact_type fact_type(enum fact_id id)
{
	return registry[id].type;
}

enum fact_id fact_by_path(struct slice path)
{
	for (int id = 0; id < FACT_COUNT; id++)
		if (slice_equal(path, registry[id].path))
			return (enum fact_id)id;
	return FACT_INVALID;
}

bool facts_is(const struct facts *facts, enum fact_id id, const char *text)
{
	return facts->values[id].state == FACT_KNOWN && slice_is(facts->values[id].text, text);
}

struct slice facts_text(const struct facts *facts, enum fact_id id)
{
	return facts->values[id].state == FACT_KNOWN ? facts->values[id].text : SLICE("");
}

int64_t facts_number(const struct facts *facts, enum fact_id id, int64_t otherwise)
{
	return facts->values[id].state == FACT_KNOWN ? facts->values[id].number : otherwise;
}

const struct block_device *facts_device(const struct facts *facts, struct slice name)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (slice_equal(facts->devices[i].name, name))
			return &facts->devices[i];
	return NULL;
}

void fact_set_text(struct facts_reader *reader, enum fact_id id, struct slice text, uint64_t line)
{
	reader->facts->values[id] = (struct fact){ FACT_KNOWN, text, 0, line };
}

void fact_set_number(struct facts_reader *reader, enum fact_id id, int64_t number, uint64_t line)
{
	struct slice text = arena_printf(reader->arena, "%lld", (long long)number);
	reader->facts->values[id] = (struct fact){ FACT_KNOWN, text, number, line };
}

void fact_set_flag(struct facts_reader *reader, enum fact_id id, bool yes, uint64_t line)
{
	reader->facts->values[id] = (struct fact){ FACT_KNOWN, yes ? SLICE("yes") : SLICE("no"), yes, line };
}

static bool has_word(struct slice list, struct slice word)
{
	while (list.len)
		if (slice_equal(slice_word(&list), word))
			return true;
	return false;
}

void fact_add_word(struct facts_reader *reader, enum fact_id id, struct slice word, uint64_t line)
{
	struct slice list = facts_text(reader->facts, id);
	if (!word.len || list.len > 4096 || has_word(list, word))
		return;
	if (list.len)
		word = arena_printf(reader->arena, "%.*s %.*s", SLICE_ARG(list), SLICE_ARG(word));
	fact_set_text(reader, id, word, line);
}
