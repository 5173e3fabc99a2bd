#include "scan/judge_archive.h"

#include <inttypes.h>

#include "scan/held.h"
#include "scan/judge.h"

/* An archive on its way: what came of a VM's folder waits until all of it is there. */
struct unpacking {
	struct judge *judge;
	struct archive_reader *reader;
	struct budget *budget;
	struct held held;
};

static struct slice path_in(const struct unpacking *unpacking, struct arena *arena, struct slice place,
			    const char *joint, struct slice name)
{
	struct slice archive = unpacking->judge->session->source.path;
	return arena_printf(arena, "%.*s!/%.*s%s%.*s", SLICE_ARG(archive), SLICE_ARG(place), joint, SLICE_ARG(name));
}

static bool judge_one(struct unpacking *unpacking, const struct source *source, struct error *err)
{
	if (judge_source(unpacking->judge, source))
		return true;
	*err = unpacking->judge->err;
	return false;
}

static bool judge_member(struct unpacking *unpacking, const struct archive_member *member, struct error *err)
{
	struct arena arena = ARENA_INIT;
	const struct byte_source bytes = archive_reader_source(unpacking->reader);
	const struct source source = {
		.path = path_in(unpacking, &arena, SLICE(""), "", member->name), .member = &bytes,
		.budget = unpacking->budget,
	};
	bool is_judged = arena.failed ? error_out_of_memory(err) : judge_one(unpacking, &source, err);
	arena_deinit(&arena);
	return is_judged;
}

/* A log that is alone is known by its own path. */
static bool is_lone_log(const struct folder *folder)
{
	return folder->count == 1 && !sources_is_vmx_name(folder->files[0]->name);
}

static bool judge_lone_log(struct unpacking *unpacking, const struct folder *folder, struct slice path,
			   struct error *err)
{
	const struct source source = {
		.path = path, .folder = folder, .files = &folder->files[0]->name, .file_count = 1,
	};
	return judge_one(unpacking, &source, err);
}

static bool judge_sources(struct unpacking *unpacking, const struct sources *sources, struct error *err)
{
	bool is_judged = true;
	for (size_t i = 0; is_judged && i < sources->count; i++)
		is_judged = judge_one(unpacking, &sources->items[i], err);
	return is_judged;
}

/* Takes the folder over. */
static bool judge_folder(struct unpacking *unpacking, const struct folder *folder, struct slice path, struct error *err)
{
	struct sources sources = { .arena = ARENA_INIT, .folder = *folder };
	bool is_judged = is_lone_log(folder) ? judge_lone_log(unpacking, folder, path, err)
					     : sources_of_files(&sources, folder, path, err) &&
						       judge_sources(unpacking, &sources, err);
	sources_close(&sources);
	return is_judged;
}

/* What is held, which then is not held any more. */
static bool judge_held(struct unpacking *unpacking, struct error *err)
{
	struct held *held = &unpacking->held;
	struct arena arena = ARENA_INIT;
	struct slice name = is_lone_log(&held->folder) ? held->folder.files[0]->name : SLICE("");
	struct slice path = path_in(unpacking, &arena, held->place, name.len && held->place.len ? "/" : "", name);
	struct folder folder = held_take(held);
	bool is_judged = true;
	if (arena.failed)
		is_judged = error_out_of_memory(err);
	if (is_judged && folder.count)
		is_judged = judge_folder(unpacking, &folder, path, err);
	else
		folder_close(&folder);
	held_end(held);
	arena_deinit(&arena);
	return is_judged;
}

/* A file of a VM waits for the others of its folder, as long as none of another folder comes. */
static bool take_member(struct unpacking *unpacking, const struct archive_member *member, struct error *err)
{
	struct held *held = &unpacking->held;
	if (held_is_of_other(held, member) && !judge_held(unpacking, err))
		return false;
	if (!held_wants(held, member))
		return judge_member(unpacking, member, err);
	return held_add(held, unpacking->reader, member, err);
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

static bool take_members(struct unpacking *unpacking, struct error *err)
{
	const struct archive_member *member = NULL;
	bool is_read = true;
	do {
		is_read = archive_reader_next(unpacking->reader, &member, err);
		if (is_read && member && !member->is_encrypted)
			is_read = take_member(unpacking, member, err);
	} while (is_read && member && !*unpacking->budget->excess);
	return is_read;
}

/* What is held when no more can be read is judged all the same; the first error is the one that tells. */
static bool judge_members(struct unpacking *unpacking, struct error *err)
{
	struct error why;
	bool is_read = take_members(unpacking, err);
	bool is_judged = judge_held(unpacking, is_read ? err : &why);
	return is_read && is_judged && check_budget(unpacking->judge, unpacking->budget, err) &&
	       check_encrypted(unpacking->reader, err);
}

bool judge_archive(void *user, struct input *input, struct slice head, struct error *err)
{
	struct judge *judge = user;
	struct budget own = budget_of_archive();
	struct budget *budget = input->budget ? input->budget : &own;
	struct unpacking unpacking = { .judge = judge, .budget = budget };
	held_init(&unpacking.held, budget);
	unpacking.reader = archive_reader_new(input_carry_archive(input, budget), head, budget, err);
	bool is_judged = unpacking.reader && judge_members(&unpacking, err);
	archive_reader_free(unpacking.reader);
	return is_judged;
}
