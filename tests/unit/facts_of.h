/* Facts from text, and tables of what is expected of them. */
#ifndef TESTS_FACTS_OF_H
#define TESTS_FACTS_OF_H

#include "boot_of.h"

#include "facts/facts.h"

struct facts_of {
	struct boots boots;
	struct arena arena;
	struct facts facts;
};

/* Of the first boot of the text. The caller frees it with facts_of_free. */
static inline const struct facts *facts_of_log(struct facts_of *of, enum log_format format, struct slice text)
{
	boots_read(&of->boots, format, text);
	assert_int_not_equal(of->boots.count, 0);
	of->arena = ARENA_INIT;
	assert_true(facts_read(&of->facts, &of->boots.items[0], &of->arena, NULL));
	return &of->facts;
}

static inline const struct facts *facts_of(struct facts_of *of, const char *text)
{
	return facts_of_log(of, LOG_KERNEL, slice_of(text));
}

static inline void facts_of_free(struct facts_of *of)
{
	arena_deinit(&of->arena);
	boots_free(&of->boots);
}

/* A line each: "path=value", "path=-" for an absent fact and "path=?" for an unknown one. */
static inline void expect_facts(const char *row, const struct facts *facts, const char *expected)
{
	for (struct slice rest = slice_of(expected); rest.len;) {
		struct slice line = slice_until(rest, '\n'), path = slice_until(line, '=');
		struct buf got = BUF_INIT(64 * KIB);
		enum fact_id id = fact_by_path(path);
		rest = slice_skip(rest, line.len + 1);
		if (id == FACT_INVALID)
			fail_msg("%s: no fact %.*s", row, SLICE_ARG(path));
		const struct fact *fact = facts_get(facts, id);
		buf_printf(&got, "%.*s=%s", SLICE_ARG(path),
			   fact->state == FACT_ABSENT ? "-" : fact->state == FACT_UNKNOWN ? "?" : "");
		if (fact->state == FACT_KNOWN)
			buf_append(&got, fact->text);
		expect_slices(row, buf_slice(&got), line);
		buf_deinit(&got);
	}
}

struct facts_row {
	const char *name, *text, *facts;
};

static inline void expect_rows(const struct facts_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct facts_of of;
		expect_facts(rows[i].name, facts_of(&of, rows[i].text), rows[i].facts);
		facts_of_free(&of);
	}
}

#endif
