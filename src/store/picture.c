/* What reports read of the store: the last scan as a whole. */
#include <stdio.h>
#include <stdlib.h>

#include "store/store_private.h"

static uint64_t count_of(sqlite3_stmt *row, int index)
{
	return (uint64_t)sqlite3_column_int64(row, index);
}

/* A statement of its own, so that `take` may ask the store for something else. */
static sqlite3_stmt *prepare(struct store *store, const char *sql, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		store_fail(store, err);
	return statement;
}

/* ---- totals ---- */

static bool read_totals(struct store *store, struct store_totals *ret, struct error *err)
{
	uint64_t *const counts[] = {
		&ret->vms, &ret->failed_vms, &ret->sources, &ret->unread_sources, &ret->boots, &ret->failed_boots,
		&ret->incomplete_boots, &ret->panics, &ret->oopses, &ret->hangs, &ret->resets, &ret->cleans,
		&ret->silents,
	};
	sqlite3_stmt *totals = store_statement(store, STATEMENT_TOTALS, err);
	bool row;
	if (!totals)
		return false;
	if (!store_next(store, totals, &row, err))
		return false;
	for (int i = 0; i < (int)(sizeof(counts) / sizeof(*counts)); i++)
		*counts[i] = count_of(totals, i);
	return store_step(store, totals, err);
}

/* When the first boot failed, or the last one. */
static bool read_bound(struct store *store, enum statement which, struct slice *ret, struct error *err)
{
	sqlite3_stmt *bound = store_statement(store, which, err);
	bool row;
	if (!bound)
		return false;
	if (!store_next(store, bound, &row, err))
		return false;
	*ret = row ? store_column(bound, 0) : SLICE("");
	return true;
}

bool store_totals(struct store *store, struct store_totals *ret, struct error *err)
{
	*ret = (struct store_totals){ 0 };
	pthread_mutex_lock(&store->lock);
	bool is_read = read_totals(store, ret, err) && read_bound(store, STATEMENT_FIRST_AT, &ret->first_at, err) &&
		       read_bound(store, STATEMENT_LAST_AT, &ret->last_at, err);
	pthread_mutex_unlock(&store->lock);
	return is_read;
}

/* ---- groups ---- */

/* SQLite takes the other columns of a row from where max() or min() found its value. Of boots of the same
 * moment all that is shown decides, so that it does not matter in which order files were merged. `nth` is
 * the place in time, from the earliest; without a moment, before all others. A rank weighs more. */
static const char group_sql[] =
	"WITH failed AS (SELECT coalesce(%s, '') AS key, verdict, rank, complete, title, cause, fingerprint, kernel, vm,"
	"  vm_name, at, day, row_number() OVER (ORDER BY day, at, vm_name, kernel, title, cause, fingerprint) AS nth"
	"  FROM seen CROSS JOIN line ON line.unit = seen.unit WHERE rank > 0),"
	" worst AS (SELECT key, verdict, title, cause, fingerprint, vm_name, rank, max((rank << 48) + nth),"
	"  count(DISTINCT vm) AS vms, count(*) AS boots, count(*) FILTER (WHERE complete = 0) AS incomplete,"
	"  count(DISTINCT cause) AS causes, count(DISTINCT fingerprint) AS fingerprints, count(DISTINCT kernel) AS kernels"
	"  FROM failed GROUP BY key),"
	" first AS (SELECT key, at, kernel, vm_name, min(((day IS NULL) << 48) + nth) FROM failed GROUP BY key),"
	" last AS (SELECT key, at, max(nth) FROM failed GROUP BY key)"
	"SELECT key, worst.vm_name, verdict, title, cause, fingerprint, vms, boots, incomplete, causes, fingerprints,"
	" kernels, first.at, last.at, first.kernel, first.vm_name"
	" FROM worst JOIN first USING (key) JOIN last USING (key)"
	" ORDER BY rank DESC, vms DESC, boots DESC, key LIMIT ?1";

static sqlite3_stmt *prepare_groups(struct store *store, enum store_grouping grouping, struct error *err)
{
	static const char *const columns[] = {
		[STORE_BY_CAUSE] = "cause", [STORE_BY_FINGERPRINT] = "fingerprint", [STORE_BY_KERNEL] = "kernel",
		[STORE_BY_VM] = "vm",
	};
	char *sql;
	if (asprintf(&sql, group_sql, columns[grouping]) < 0) {
		error_out_of_memory(err);
		return NULL;
	}
	sqlite3_stmt *groups = prepare(store, sql, err);
	free(sql);
	return groups;
}

static struct store_group read_group(sqlite3_stmt *row, enum store_grouping grouping)
{
	struct store_group group = {
		.key = store_column(row, 0), .verdict = store_column(row, 2), .title = store_column(row, 3),
		.cause = store_column(row, 4), .fingerprint = store_column(row, 5), .vms = count_of(row, 6),
		.boots = count_of(row, 7), .incomplete_boots = count_of(row, 8), .causes = count_of(row, 9),
		.fingerprints = count_of(row, 10), .kernels = count_of(row, 11), .first_at = store_column(row, 12),
		.last_at = store_column(row, 13), .first_kernel = store_column(row, 14),
		.vm_name = store_column(row, 15),
	};
	group.name = grouping == STORE_BY_VM ? store_column(row, 1) : group.key;
	return group;
}

static int64_t limit_of(uint64_t limit)
{
	return limit > INT64_MAX ? -1 : (int64_t)limit;
}

bool store_each_group(struct store *store, enum store_grouping grouping, uint64_t limit,
		      bool (*take)(void *user, const struct store_group *group), void *user, struct error *err)
{
	sqlite3_stmt *groups = prepare_groups(store, grouping, err);
	bool row = true, is_read = groups != NULL;
	if (!groups)
		return false;
	sqlite3_bind_int64(groups, 1, limit_of(limit));
	while (is_read && row) {
		is_read = store_next(store, groups, &row, err);
		struct store_group group = { 0 };
		if (is_read && row)
			group = read_group(groups, grouping);
		row = is_read && row && take(user, &group);
	}
	sqlite3_finalize(groups);
	return is_read;
}

/* ---- lines ---- */

#define LINES "SELECT json FROM seen CROSS JOIN line ON line.unit = seen.unit "
#define IN_ORDER " ORDER BY seen.position, line.ordinal LIMIT ?1"

bool store_each_line(struct store *store, enum store_choice choice, uint64_t limit,
		     bool (*take)(void *user, struct slice line), void *user, struct error *err)
{
	static const char *const texts[] = {
		[STORE_ALL_LINES] = LINES IN_ORDER,
		[STORE_FAILED_BOOTS] = LINES "WHERE rank > 0 ORDER BY rank DESC, day DESC, vm, seen.position, line.ordinal LIMIT ?1",
		[STORE_OTHER_BOOTS] = LINES "WHERE rank = 0 AND verdict NOT NULL" IN_ORDER,
		[STORE_UNREAD_SOURCES] = LINES "WHERE error NOT NULL" IN_ORDER,
		[STORE_EVERYTHING] = "SELECT json FROM line JOIN unit ON unit.id = line.unit"
				     " ORDER BY unit.path, line.ordinal LIMIT ?1",
	};
	sqlite3_stmt *lines = prepare(store, texts[choice], err);
	bool row = true, is_read = lines != NULL;
	if (!lines)
		return false;
	sqlite3_bind_int64(lines, 1, limit_of(limit));
	while (is_read && row) {
		is_read = store_next(store, lines, &row, err);
		row = is_read && row && take(user, store_column(lines, 0));
	}
	sqlite3_finalize(lines);
	return is_read;
}

bool store_each_moment(struct store *store, bool (*take)(void *user, struct slice verdict, struct slice at), void *user,
		       struct error *err)
{
	sqlite3_stmt *moments = prepare(store, "SELECT verdict, at FROM seen CROSS JOIN line ON line.unit = seen.unit"
					" WHERE rank > 0", err);
	bool row = true, is_read = moments != NULL;
	while (is_read && row) {
		is_read = store_next(store, moments, &row, err);
		row = is_read && row && take(user, store_column(moments, 0), store_column(moments, 1));
	}
	sqlite3_finalize(moments);
	return is_read;
}

/* ---- what the last scan changed ---- */

bool store_each_change(struct store *store, bool (*take)(void *user, const struct store_changed *changed), void *user,
		       struct error *err)
{
	sqlite3_stmt *changes = store_statement(store, STATEMENT_EACH_CHANGE, err);
	bool row = true, is_read = changes != NULL;
	if (!changes)
		return false;
	sqlite3_bind_int64(changes, 1, store->scan);
	while (is_read && row) {
		is_read = store_next(store, changes, &row, err);
		if (!is_read || !row)
			break;
		struct store_changed changed = {
			(enum store_change)sqlite3_column_int(changes, 0), store_column(changes, 1),
			store_column(changes, 2), store_column(changes, 3),
		};
		row = take(user, &changed);
	}
	sqlite3_reset(changes);
	return is_read;
}
