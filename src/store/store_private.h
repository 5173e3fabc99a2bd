/* Inside of the store: the connection and its statements. */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include <pthread.h>
#include <sqlite3.h>

#include "store/store.h"

enum statement {
	STATEMENT_BEGIN_SCAN, STATEMENT_END_SCAN, STATEMENT_LAST_SCAN,
	STATEMENT_FIND, STATEMENT_SEE, STATEMENT_PUT_UNIT, STATEMENT_SET_OUTCOME,
	STATEMENT_PUT_FILE, STATEMENT_MOVE_FILE,
	STATEMENT_DROP_FILES, STATEMENT_DROP_LINES, STATEMENT_DROP_UNIT, STATEMENT_PUT_LINE,
	STATEMENT_DROP_REPEATS,
	STATEMENT_UNSEEN, STATEMENT_NEW_FAILURES, STATEMENT_BACK_FAILURES, STATEMENT_GONE_FAILURES,
	STATEMENT_CHANGES, STATEMENT_EACH_CHANGE, STATEMENT_TOTALS, STATEMENT_FIRST_AT,
	STATEMENT_LAST_AT, STATEMENT_UNIT_LINES,
	STATEMENT_COUNT
};

struct store {
	sqlite3 *db;
	pthread_mutex_t lock;
	sqlite3_stmt *statements[STATEMENT_COUNT]; /* prepared when they are first needed */
	bool is_temporary, has_failed;
	bool in_transaction;
	unsigned puts;             /* in it */
	int64_t scan, position;    /* of the scan that is open */
	int64_t unit, ordinal;     /* that lines are added to */
	char *judge;
};

/* Always false: what SQLite says. */
bool store_fail(struct store *store, struct error *err);
/* Reset and without values; NULL and *err when it cannot be prepared. */
sqlite3_stmt *store_statement(struct store *store, enum statement which, struct error *err);
bool store_run(struct store *store, const char *sql, struct error *err);
/* A statement that gives no rows, then reset. */
bool store_step(struct store *store, sqlite3_stmt *statement, struct error *err);
/* Its next row. *ret_row is false at the end; the statement is then reset. */
bool store_next(struct store *store, sqlite3_stmt *statement, bool *ret_row, struct error *err);
bool store_begin(struct store *store, struct error *err);
bool store_commit(struct store *store, struct error *err);

/* Valid UTF-8 is TEXT, anything else, as a path may be, a BLOB; the memory is borrowed. */
void store_bind(sqlite3_stmt *statement, int index, struct slice text);
/* Until the statement is stepped or reset. */
struct slice store_column(sqlite3_stmt *statement, int index);

#endif
