#include "scan/judge_archive.h"

#include <inttypes.h>

#include "input/archive.h"
#include "scan/judge.h"

static bool judge_member(struct judge *judge, struct archive_reader *reader, const struct archive_member *member,
			 struct budget *budget, struct error *err)
{
	struct arena arena = ARENA_INIT;
	const struct byte_source bytes = archive_reader_source(reader);
	struct slice archive = judge->session->source.path;
	struct source source = {
		.path = arena_printf(&arena, "%.*s!/%.*s", SLICE_ARG(archive), SLICE_ARG(member->name)),
		.member = &bytes, .budget = budget,
	};
	bool is_judged = !arena.failed && judge_source(judge, &source);
	if (arena.failed)
		error_out_of_memory(err);
	else if (!is_judged)
		*err = judge->err;
	arena_deinit(&arena);
	return is_judged;
}

/* A bound was reached somewhere inside: the members behind it are not known. */
static bool check_budget(const struct judge *judge, const struct budget *budget, struct error *err)
{
	if (!*budget->excess)
		return true;
	judge->session->limit_reached = true;
	return error_set(err, "is cut: %s", budget->excess);
}

static bool check_encrypted(const struct archive_reader *reader, struct error *err)
{
	uint64_t count = archive_reader_counts(reader)->encrypted;
	return !count || error_set(err, "%" PRIu64 " of its files %s encrypted and %s not read", count,
				   count == 1 ? "is" : "are", count == 1 ? "was" : "were");
}

static bool judge_members(struct judge *judge, struct archive_reader *reader, struct budget *budget, struct error *err)
{
	const struct archive_member *member = NULL;
	bool is_read = true;
	do {
		is_read = archive_reader_next(reader, &member, err);
		if (is_read && member && !member->is_encrypted)
			is_read = judge_member(judge, reader, member, budget, err);
	} while (is_read && member && !*budget->excess);
	return is_read && check_budget(judge, budget, err) && check_encrypted(reader, err);
}

bool judge_archive(void *user, struct input *input, struct slice head, struct error *err)
{
	struct judge *judge = user;
	struct budget own = budget_of_archive();
	struct budget *budget = input->budget ? input->budget : &own;
	struct archive_reader *reader =
		archive_reader_new(input_carry_archive(input, budget), head, budget, err);
	bool is_judged = reader && judge_members(judge, reader, budget, err);
	archive_reader_free(reader);
	return is_judged;
}
