#include "store/store_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/escape.h"
#include "base/hash.h"
#include "base/limits.h"
#include "store/schema.h"

/* Another process may be writing its last lines. */
#define BUSY_MS 5000

/* What the scan came across. */
#define OF_SCAN " FROM seen CROSS JOIN line ON line.unit = seen.unit"

static const char *const texts[STATEMENT_COUNT] = {
	[STATEMENT_BEGIN_SCAN] = "INSERT INTO scan (started_at) VALUES (?1)",
	[STATEMENT_END_SCAN] = "UPDATE scan SET ended_at = ?2 WHERE id = ?1",
	[STATEMENT_LAST_SCAN] = "SELECT ended_at FROM scan WHERE id < ?1 AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1",
	[STATEMENT_FIND] = "SELECT id, found, name, device, inode, size, mtime_ns, ctime_ns, head_hash, tail_hash, passed"
			   " FROM unit JOIN file ON file.unit = unit.id WHERE path = ?1 AND judge = ?2 AND trouble = 0",
	[STATEMENT_SEE] = "INSERT OR REPLACE INTO seen (position, unit) VALUES (?1, ?2)",
	[STATEMENT_PUT_UNIT] = "INSERT INTO unit (path, judge, trouble, found, scan) VALUES (?1, ?2, 1, 0, ?3)"
			       " ON CONFLICT (path) DO UPDATE SET judge = excluded.judge, trouble = excluded.trouble,"
			       " found = excluded.found, scan = excluded.scan RETURNING id",
	[STATEMENT_SET_OUTCOME] = "UPDATE unit SET trouble = ?2, found = ?3 WHERE id = ?1",
	[STATEMENT_PUT_FILE] = "INSERT INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[STATEMENT_MOVE_FILE] = "UPDATE file SET device = ?3 WHERE unit = ?1 AND name = ?2",
	[STATEMENT_DROP_FILES] = "DELETE FROM file WHERE unit = ?1",
	[STATEMENT_DROP_LINES] = "DELETE FROM line WHERE unit = ?1",
	[STATEMENT_DROP_UNIT] = "DELETE FROM unit WHERE id = ?1",
	[STATEMENT_PUT_LINE] = "INSERT INTO line (unit, ordinal, json) VALUES (?1, ?2, ?3)",
	[STATEMENT_DROP_REPEATS] =
		"DELETE FROM line WHERE rowid NOT IN (SELECT max(rowid) FROM line GROUP BY vm, path, label, number,"
		" coalesce(json ->> '$.started_at', json_remove(json, '$.source')))",
	/* What was never there to be read has no file and no boot. */
	[STATEMENT_UNSEEN] =
		"SELECT id, path, NOT EXISTS (SELECT 1 FROM file WHERE unit = unit.id)"
		" AND NOT EXISTS (SELECT 1 FROM line WHERE unit = unit.id AND verdict NOT NULL)"
		" FROM unit WHERE id > ?1 AND id NOT IN (SELECT unit FROM seen) ORDER BY id LIMIT 1",
	[STATEMENT_NEW_FAILURES] =
		"INSERT INTO failure (vm, fingerprint, vm_name, title, first_scan)"
		" SELECT vm, fingerprint, max(vm_name), max(title), ?1 FROM line"
		" WHERE rank > 0 AND vm NOT NULL AND fingerprint NOT NULL"
		" GROUP BY vm, fingerprint ON CONFLICT DO NOTHING",
	[STATEMENT_BACK_FAILURES] =
		"UPDATE failure SET gone_scan = NULL, back_scan = ?1 WHERE gone_scan NOT NULL AND EXISTS (SELECT 1 FROM line"
		" WHERE line.rank > 0 AND line.vm = failure.vm AND line.fingerprint = failure.fingerprint)",
	[STATEMENT_GONE_FAILURES] =
		"UPDATE failure SET gone_scan = ?1 WHERE gone_scan IS NULL AND NOT EXISTS (SELECT 1 FROM line"
		" WHERE line.rank > 0 AND line.vm = failure.vm AND line.fingerprint = failure.fingerprint)",
	[STATEMENT_CHANGES] = "SELECT count(*) FILTER (WHERE first_scan = ?1), count(*) FILTER (WHERE gone_scan = ?1),"
			      " count(*) FILTER (WHERE back_scan = ?1 AND gone_scan IS NULL) FROM failure",
	[STATEMENT_EACH_CHANGE] =
		"SELECT CASE WHEN gone_scan = ?1 THEN 1 WHEN first_scan = ?1 THEN 0 ELSE 2 END AS change,"
		" vm_name, title, fingerprint FROM failure WHERE first_scan = ?1 OR gone_scan = ?1 OR back_scan = ?1"
		" ORDER BY change, vm_name, title, fingerprint",
	[STATEMENT_TOTALS] =
		"SELECT count(DISTINCT CASE WHEN verdict NOT NULL OR error IS NULL THEN vm END),"
		" count(DISTINCT CASE WHEN rank > 0 THEN vm END),"
		" count(DISTINCT line.path || char(0) || coalesce(label, '')),"
		" count(DISTINCT CASE WHEN error NOT NULL THEN line.path || char(0) || coalesce(label, '') END),"
		" count(verdict), count(*) FILTER (WHERE rank > 0), count(*) FILTER (WHERE complete = 0),"
		" count(*) FILTER (WHERE verdict = 'panic'), count(*) FILTER (WHERE verdict = 'oops'),"
		" count(*) FILTER (WHERE verdict = 'hang'), count(*) FILTER (WHERE verdict = 'reset'),"
		" count(*) FILTER (WHERE verdict = 'clean'), count(*) FILTER (WHERE verdict = 'silent')" OF_SCAN,
	[STATEMENT_FIRST_AT] = "SELECT at" OF_SCAN " WHERE rank > 0 AND day NOT NULL ORDER BY day, at LIMIT 1",
	[STATEMENT_LAST_AT] = "SELECT at" OF_SCAN " WHERE rank > 0 AND day NOT NULL ORDER BY day DESC, at DESC LIMIT 1",
	[STATEMENT_UNIT_LINES] = "SELECT json FROM line WHERE unit = ?1 ORDER BY ordinal",
};

/* ---- statements ---- */

/* What one can do something about, in words that say where; the rest as SQLite calls it. */
static bool describe(sqlite3 *db, const char *what, struct error *err)
{
	switch (sqlite3_errcode(db)) {
	case SQLITE_NOMEM:
		return error_out_of_memory(err);
	case SQLITE_BUSY:
		return error_set(err, "%sis in use by another scan", what);
	case SQLITE_NOTADB:
		return error_set(err, "%sis no database of scan --db", what);
	case SQLITE_READONLY:
		return error_set(err, "%scannot be written: the file or its folder is read-only", what);
	case SQLITE_FULL:
		return error_set(err, "%scannot be written: %s", what, strerror(ENOSPC));
	case SQLITE_CANTOPEN:
		/* SQLite tries twice, and what it then says of the reason is that of the second time. */
		return error_set(err, "%scannot be opened or made: its folder is missing, or access is denied", what);
	default:
		return error_set(err, "%scannot be used: %s", what, sqlite3_errmsg(db));
	}
}

bool store_fail(struct store *store, struct error *err)
{
	store->has_failed = true;
	return describe(store->db, store->is_temporary ? "the temporary database " : "", err);
}

sqlite3_stmt *store_statement(struct store *store, enum statement which, struct error *err)
{
	sqlite3_stmt **statement = &store->statements[which];
	if (!*statement &&
	    sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK) {
		store_fail(store, err);
		return NULL;
	}
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
	return *statement;
}

bool store_run(struct store *store, const char *sql, struct error *err)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, err);
}

bool store_step(struct store *store, sqlite3_stmt *statement, struct error *err)
{
	bool row = true, is_done = true;
	while (is_done && row)
		is_done = store_next(store, statement, &row, err);
	return is_done;
}

bool store_next(struct store *store, sqlite3_stmt *statement, bool *ret_row, struct error *err)
{
	int result = sqlite3_step(statement);
	*ret_row = result == SQLITE_ROW;
	if (*ret_row)
		return true;
	bool is_done = result == SQLITE_DONE || store_fail(store, err);
	sqlite3_reset(statement);
	return is_done;
}

/* An open transaction survives until there is something worth its price. */
bool store_begin(struct store *store, struct error *err)
{
	if (store->in_transaction)
		return true;
	store->in_transaction = store_run(store, "BEGIN IMMEDIATE", err);
	store->puts = 0;
	return store->in_transaction;
}

bool store_commit(struct store *store, struct error *err)
{
	if (!store->in_transaction)
		return true;
	store->in_transaction = false;
	return store_run(store, "COMMIT", err);
}

static bool is_utf8(struct slice text)
{
	for (size_t len; text.len; text = slice_skip(text, len))
		if (!(len = utf8_char_len(text)) || !*text.ptr)
			return false;
	return true;
}

void store_bind(sqlite3_stmt *statement, int index, struct slice text)
{
	const char *bytes = text.len ? text.ptr : "";
	if (is_utf8(text))
		sqlite3_bind_text64(statement, index, bytes, text.len, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_blob64(statement, index, bytes, text.len, SQLITE_STATIC);
}

struct slice store_column(sqlite3_stmt *statement, int index)
{
	const char *bytes = sqlite3_column_blob(statement, index);
	return (struct slice){ bytes, bytes ? (size_t)sqlite3_column_bytes(statement, index) : 0 };
}

uint64_t store_hash(struct slice bytes)
{
	return hash_slice(HASH_START, bytes);
}

/* ---- opening ---- */

static bool read_pragma(struct store *store, const char *sql, int64_t *ret, struct error *err)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return store_fail(store, err);
	bool row = sqlite3_step(statement) == SQLITE_ROW;
	*ret = row ? sqlite3_column_int64(statement, 0) : 0;
	bool is_read = row || store_fail(store, err);
	sqlite3_finalize(statement);
	return is_read;
}

static bool make_schema(struct store *store, struct error *err)
{
	char pragmas[96];
	snprintf(pragmas, sizeof(pragmas), "PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION_ID,
		 STORE_SCHEMA_VERSION);
	return store_begin(store, err) && store_run(store, store_schema, err) && store_run(store, pragmas, err) &&
	       store_commit(store, err);
}

/* An empty database gets our tables; one that is another program's is left as it is. */
static bool check_schema(struct store *store, struct error *err)
{
	int64_t id, version, tables;
	if (!read_pragma(store, "PRAGMA application_id", &id, err) ||
	    !read_pragma(store, "PRAGMA user_version", &version, err) ||
	    !read_pragma(store, "SELECT count(*) FROM sqlite_master", &tables, err))
		return false;
	if (!id && !tables)
		return make_schema(store, err);
	if (id != STORE_APPLICATION_ID)
		return error_set(err, "is a database of another program");
	return version == STORE_SCHEMA_VERSION ||
	       error_set(err, "has schema %d, expected %d: it was written by another version of vmpanic", (int)version,
			 STORE_SCHEMA_VERSION);
}

/* What is temporary need not survive anything; what remembers survives the end of its program. */
static bool configure(struct store *store, struct error *err)
{
	sqlite3_busy_timeout(store->db, BUSY_MS);
	char sql[96];
	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%zu", STORE_CACHE_BYTES / KIB);
	if (!store_run(store, sql, err) || !store_run(store, store_schema_of_scan, err))
		return false;
	return !store->is_temporary ||
	       store_run(store, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", err);
}

/* SQLite takes a device, or a pipe, for a file. */
static bool check_kind(const char *path, struct error *err)
{
	struct stat st;
	if (!path || stat(path, &st) != 0 || S_ISREG(st.st_mode))
		return true;
	return error_set(err, "is %s, expected a database of scan --db, or a new name",
			 S_ISDIR(st.st_mode) ? "a folder" : "no regular file");
}

struct store *store_open(const char *path, struct error *err)
{
	if (!check_kind(path, err))
		return NULL;
	struct store *store = calloc(1, sizeof(*store));
	if (!store) {
		error_out_of_memory(err);
		return NULL;
	}
	pthread_mutex_init(&store->lock, NULL);
	store->is_temporary = !path;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	bool is_open = sqlite3_open_v2(path ? path : "", &store->db, flags, NULL) == SQLITE_OK;
	if (!is_open && store->db)
		store_fail(store, err);
	else if (!is_open)
		error_out_of_memory(err);
	if (is_open && configure(store, err) && check_schema(store, err))
		return store;
	store_close(store, NULL);
	return NULL;
}

bool store_is_well(const struct store *store)
{
	return store && !store->has_failed;
}

bool store_close(struct store *store, struct error *err)
{
	if (!store)
		return true;
	bool is_whole = store_commit(store, err);
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	pthread_mutex_destroy(&store->lock);
	free(store->judge);
	free(store);
	return is_whole;
}
