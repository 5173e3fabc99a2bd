/* What a scan puts into the store. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "store/store_private.h"

static bool locked(struct store *store, bool result)
{
	pthread_mutex_unlock(&store->lock);
	return result;
}

/* ---- beginning ---- */

static bool begin_scan(struct store *store, struct slice started_at, struct error *err)
{
	sqlite3_stmt *insert = store_begin(store, err) ? store_statement(store, STATEMENT_BEGIN_SCAN, err) : NULL;
	if (!insert)
		return false;
	store_bind(insert, 1, started_at);
	if (!store_step(store, insert, err))
		return false;
	store->scan = sqlite3_last_insert_rowid(store->db);
	return true;
}

bool store_begin_scan(struct store *store, struct slice started_at, struct slice judge, struct error *err)
{
	pthread_mutex_lock(&store->lock);
	free(store->judge);
	store->judge = strndup(judge.ptr, judge.len);
	store->position = 0;
	bool is_begun = store->judge ? store_run(store, "DELETE FROM seen", err) && begin_scan(store, started_at, err)
				     : error_out_of_memory(err);
	return locked(store, is_begun);
}

/* ---- what is known ---- */

static const struct store_file *file_of(const struct store_unit *unit, struct slice name)
{
	for (size_t i = 0; i < unit->file_count; i++)
		if (slice_equal(unit->files[i].name, name))
			return &unit->files[i];
	return NULL;
}

static struct store_file file_in(sqlite3_stmt *row)
{
	return (struct store_file){
		.name = store_column(row, 2), .device = (uint64_t)sqlite3_column_int64(row, 3),
		.inode = (uint64_t)sqlite3_column_int64(row, 4), .size = (uint64_t)sqlite3_column_int64(row, 5),
		.mtime_ns = sqlite3_column_int64(row, 6), .ctime_ns = sqlite3_column_int64(row, 7),
		.head_hash = (uint64_t)sqlite3_column_int64(row, 8),
		.tail_hash = (uint64_t)sqlite3_column_int64(row, 9), .passed = store_column(row, 10),
	};
}

static bool each_file(struct store *store, const struct store_unit *unit, struct store_known *ret_known,
		      bool (*take)(void *user, const struct store_file *file), void *user, struct error *err)
{
	sqlite3_stmt *files = store_statement(store, STATEMENT_FIND, err);
	bool row = true, goes_on = true, is_read = true;
	if (!files)
		return false;
	store_bind(files, 1, unit->path);
	store_bind(files, 2, slice_of(store->judge));
	while (goes_on && (is_read = store_next(store, files, &row, err)) && row) {
		const struct store_file file = file_in(files);
		*ret_known = (struct store_known){ sqlite3_column_int64(files, 0), sqlite3_column_int64(files, 1) };
		goes_on = take(user, &file);
	}
	sqlite3_reset(files);
	return is_read;
}

bool store_each_file(struct store *store, const struct store_unit *unit,
		     bool (*take)(void *user, const struct store_file *file), void *user, struct error *err)
{
	struct store_known known;
	pthread_mutex_lock(&store->lock);
	return locked(store, each_file(store, unit, &known, take, user, err));
}

static enum store_match match_file(const struct store_file *was, const struct store_file *is)
{
	bool is_it = is && is->inode == was->inode, is_there = is_it && is->device == was->device;
	bool is_same = is_it && is->size == was->size && is->mtime_ns == was->mtime_ns && is->ctime_ns == was->ctime_ns;
	if (is_same)
		return is_there ? STORE_SAME : STORE_MOVED;
	return is_there && is->size > was->size ? STORE_GROWN : STORE_UNKNOWN;
}

/* The files of a unit as they were against those as they are. */
struct comparison {
	const struct store_unit *unit;
	enum store_match worst;
	size_t count;
};

static bool compare(void *user, const struct store_file *was)
{
	struct comparison *comparison = user;
	enum store_match match = match_file(was, file_of(comparison->unit, was->name));
	if (match > comparison->worst)
		comparison->worst = match;
	comparison->count++;
	return match != STORE_UNKNOWN;
}

bool store_find(struct store *store, const struct store_unit *unit, enum store_match *ret,
		struct store_known *ret_known, struct error *err)
{
	struct comparison comparison = { .unit = unit };
	pthread_mutex_lock(&store->lock);
	bool is_done = each_file(store, unit, ret_known, compare, &comparison, err);
	*ret = comparison.count == unit->file_count && comparison.count ? comparison.worst : STORE_UNKNOWN;
	return locked(store, is_done);
}

/* ---- units ---- */

static bool step_with_id(struct store *store, enum statement which, int64_t id, struct error *err)
{
	sqlite3_stmt *statement = store_statement(store, which, err);
	if (!statement)
		return false;
	sqlite3_bind_int64(statement, 1, id);
	return store_step(store, statement, err);
}

static bool put_file(struct store *store, const struct store_file *file, struct error *err)
{
	sqlite3_stmt *put = store_statement(store, STATEMENT_PUT_FILE, err);
	if (!put)
		return false;
	const int64_t numbers[] = { (int64_t)file->device, (int64_t)file->inode, (int64_t)file->size, file->mtime_ns,
				    file->ctime_ns, (int64_t)file->head_hash, (int64_t)file->tail_hash };
	sqlite3_bind_int64(put, 1, store->unit);
	store_bind(put, 2, file->name);
	for (int i = 0; i < (int)(sizeof(numbers) / sizeof(*numbers)); i++)
		sqlite3_bind_int64(put, 3 + i, numbers[i]);
	store_bind(put, 10, file->passed);
	return store_step(store, put, err);
}

static bool put_files(struct store *store, const struct store_unit *unit, struct error *err)
{
	bool is_put = step_with_id(store, STATEMENT_DROP_FILES, store->unit, err);
	for (size_t i = 0; is_put && i < unit->file_count; i++)
		is_put = put_file(store, &unit->files[i], err);
	return is_put;
}

/* Few transactions are fast ones; what a killed scan loses is the last. */
static bool end_unit(struct store *store, struct error *err)
{
	store->puts++;
	return store->is_temporary || store->puts < STORE_TRANSACTION_PUTS || store_commit(store, err);
}

/* The scan has come across a unit. */
static bool see_unit(struct store *store, int64_t id, struct error *err)
{
	sqlite3_stmt *see = store_begin(store, err) ? store_statement(store, STATEMENT_SEE, err) : NULL;
	if (!see)
		return false;
	store->unit = id;
	store->ordinal = 0;
	sqlite3_bind_int64(see, 1, store->position++);
	sqlite3_bind_int64(see, 2, id);
	return store_step(store, see, err);
}

/* To a device of another number. */
static bool move_files(struct store *store, const struct store_unit *unit, struct error *err)
{
	bool is_moved = true;
	for (size_t i = 0; is_moved && i < unit->file_count; i++) {
		sqlite3_stmt *move = store_statement(store, STATEMENT_MOVE_FILE, err);
		if (!move)
			return false;
		sqlite3_bind_int64(move, 1, store->unit);
		store_bind(move, 2, unit->files[i].name);
		sqlite3_bind_int64(move, 3, (int64_t)unit->files[i].device);
		is_moved = store_step(store, move, err);
	}
	return is_moved;
}

bool store_keep(struct store *store, const struct store_known *known, const struct store_unit *moved,
		struct error *err)
{
	pthread_mutex_lock(&store->lock);
	return locked(store, see_unit(store, known->id, err) &&
			     (!moved || (move_files(store, moved, err) && end_unit(store, err))));
}

static bool read_lines(struct store *store, int64_t id, bool (*take)(void *user, struct slice line, struct error *err),
		       void *user, struct error *err)
{
	sqlite3_stmt *lines = store_statement(store, STATEMENT_UNIT_LINES, err);
	bool row = true, is_read = lines != NULL;
	if (!lines)
		return false;
	sqlite3_bind_int64(lines, 1, id);
	while (is_read && row) {
		is_read = store_next(store, lines, &row, err);
		if (is_read && row)
			is_read = take(user, store_column(lines, 0), err);
	}
	sqlite3_reset(lines);
	return is_read;
}

bool store_each_line_of_unit(struct store *store, const struct store_known *known,
			     bool (*take)(void *user, struct slice line, struct error *err), void *user,
			     struct error *err)
{
	pthread_mutex_lock(&store->lock);
	return locked(store, read_lines(store, known->id, take, user, err));
}

static bool put_unit(struct store *store, const struct store_unit *unit, struct error *err)
{
	sqlite3_stmt *put = store_begin(store, err) ? store_statement(store, STATEMENT_PUT_UNIT, err) : NULL;
	bool row;
	if (!put)
		return false;
	store_bind(put, 1, unit->path);
	store_bind(put, 2, slice_of(store->judge));
	sqlite3_bind_int64(put, 3, store->scan);
	if (!store_next(store, put, &row, err))
		return false;
	int64_t id = row ? sqlite3_column_int64(put, 0) : 0;
	return store_step(store, put, err) && see_unit(store, id, err);
}

bool store_begin_unit(struct store *store, const struct store_unit *unit, struct error *err)
{
	pthread_mutex_lock(&store->lock);
	return locked(store, put_unit(store, unit, err) &&
			     step_with_id(store, STATEMENT_DROP_LINES, store->unit, err));
}

static bool put_line(struct store *store, struct slice line, struct error *err)
{
	sqlite3_stmt *put = store_statement(store, STATEMENT_PUT_LINE, err);
	if (!put)
		return false;
	sqlite3_bind_int64(put, 1, store->unit);
	sqlite3_bind_int64(put, 2, store->ordinal++);
	sqlite3_bind_text64(put, 3, line.ptr, line.len, SQLITE_STATIC, SQLITE_UTF8);
	store->puts++;
	return store_step(store, put, err);
}

bool store_add_lines(struct store *store, struct slice lines, struct error *err)
{
	bool is_done = true;
	pthread_mutex_lock(&store->lock);
	while (is_done && lines.len) {
		struct slice line = slice_until(lines, '\n');
		lines = slice_skip(lines, line.len + 1);
		is_done = put_line(store, line, err);
	}
	return locked(store, is_done);
}

bool store_drop_repeats(struct store *store, uint64_t *ret_count, struct error *err)
{
	pthread_mutex_lock(&store->lock);
	sqlite3_stmt *drop = store_statement(store, STATEMENT_DROP_REPEATS, err);
	bool is_done = drop && store_step(store, drop, err);
	*ret_count = is_done ? (uint64_t)sqlite3_changes64(store->db) : 0;
	return locked(store, is_done);
}

/* Until then it counts as one with trouble. */
static bool set_outcome(struct store *store, bool is_trouble, bool found_something, struct error *err)
{
	sqlite3_stmt *set = store_statement(store, STATEMENT_SET_OUTCOME, err);
	if (!set)
		return false;
	sqlite3_bind_int64(set, 1, store->unit);
	sqlite3_bind_int64(set, 2, is_trouble);
	sqlite3_bind_int64(set, 3, found_something);
	return store_step(store, set, err);
}

bool store_end_unit(struct store *store, const struct store_unit *unit, bool is_trouble, bool found_something,
		    struct error *err)
{
	pthread_mutex_lock(&store->lock);
	return locked(store, put_files(store, unit, err) && set_outcome(store, is_trouble, found_something, err) &&
			     end_unit(store, err));
}

/* ---- ending ---- */

static bool drop_unit(struct store *store, int64_t id, struct error *err)
{
	return step_with_id(store, STATEMENT_DROP_FILES, id, err) &&
	       step_with_id(store, STATEMENT_DROP_LINES, id, err) &&
	       step_with_id(store, STATEMENT_DROP_UNIT, id, err);
}

/* One unit that the scan did not come across, behind `*id`; *id is 0 when there is none. */
static bool judge_unseen(struct store *store, int64_t *id, bool (*is_gone)(void *user, struct slice path),
			 void *user, uint64_t *gone_units, struct error *err)
{
	sqlite3_stmt *unseen = store_statement(store, STATEMENT_UNSEEN, err);
	bool row;
	if (!unseen)
		return false;
	sqlite3_bind_int64(unseen, 1, *id);
	*id = 0;
	if (!store_next(store, unseen, &row, err))
		return false;
	if (!row)
		return true;
	*id = sqlite3_column_int64(unseen, 0);
	bool was_never_there = sqlite3_column_int(unseen, 2);
	bool gone = was_never_there || is_gone(user, store_column(unseen, 1));
	sqlite3_reset(unseen);
	*gone_units += gone;
	return !gone || drop_unit(store, *id, err);
}

static bool read_since(struct store *store, struct store_changes *ret, struct error *err)
{
	sqlite3_stmt *last = store_statement(store, STATEMENT_LAST_SCAN, err);
	bool row;
	if (!last)
		return false;
	sqlite3_bind_int64(last, 1, store->scan);
	if (!store_next(store, last, &row, err))
		return false;
	ret->is_first = !row;
	ret->since = row ? store_column(last, 0) : SLICE("");
	return true;
}

static bool compare_failures(struct store *store, struct store_changes *ret, struct error *err)
{
	bool row;
	if (!step_with_id(store, STATEMENT_NEW_FAILURES, store->scan, err) ||
	    !step_with_id(store, STATEMENT_BACK_FAILURES, store->scan, err) ||
	    !step_with_id(store, STATEMENT_GONE_FAILURES, store->scan, err))
		return false;
	sqlite3_stmt *counts = store_statement(store, STATEMENT_CHANGES, err);
	if (!counts)
		return false;
	sqlite3_bind_int64(counts, 1, store->scan);
	if (!store_next(store, counts, &row, err) || !row)
		return false;
	ret->new_failures = (uint64_t)sqlite3_column_int64(counts, 0);
	ret->gone_failures = (uint64_t)sqlite3_column_int64(counts, 1);
	ret->back_failures = (uint64_t)sqlite3_column_int64(counts, 2);
	return store_step(store, counts, err);
}

static bool end_scan(struct store *store, struct slice ended_at, bool (*is_gone)(void *user, struct slice path),
		     void *user, struct store_changes *ret, struct error *err)
{
	int64_t id = 0;
	*ret = (struct store_changes){ 0 };
	if (!store_begin(store, err))
		return false;
	do
		if (!judge_unseen(store, &id, is_gone, user, &ret->gone_units, err))
			return false;
	while (id);
	sqlite3_stmt *end = compare_failures(store, ret, err) ? store_statement(store, STATEMENT_END_SCAN, err) : NULL;
	if (!end)
		return false;
	sqlite3_bind_int64(end, 1, store->scan);
	store_bind(end, 2, ended_at);
	return store_step(store, end, err) && store_commit(store, err) && read_since(store, ret, err);
}

bool store_end_scan(struct store *store, struct slice ended_at, bool (*is_gone)(void *user, struct slice path),
		    void *user, struct store_changes *ret, struct error *err)
{
	pthread_mutex_lock(&store->lock);
	return locked(store, end_scan(store, ended_at, is_gone, user, ret, err));
}
