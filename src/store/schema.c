#include "store/schema.h"

/* What the program finds in a line is cut out of it by SQLite, once, when it is put in; the line itself
 * stands last, where it is not in the way of those who read the other columns. A boot that failed has a
 * rank above 0. Times of old logs have no year: they are shown and not compared. */
const char *const store_schema =
	"CREATE TABLE scan ("
	" id INTEGER PRIMARY KEY,"
	" started_at TEXT NOT NULL,"
	" ended_at TEXT);"

	"CREATE TABLE unit ("
	" id INTEGER PRIMARY KEY,"
	" path NOT NULL UNIQUE,"
	" judge TEXT NOT NULL,"
	" trouble INTEGER NOT NULL,"
	" found INTEGER NOT NULL,"
	" scan INTEGER NOT NULL REFERENCES scan(id));"

	"CREATE TABLE file ("
	" unit INTEGER NOT NULL REFERENCES unit(id),"
	" name NOT NULL,"
	" device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,"
	" mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,"
	" head_hash INTEGER NOT NULL, tail_hash INTEGER NOT NULL, passed TEXT NOT NULL,"
	" PRIMARY KEY (unit, name)) WITHOUT ROWID;"

	"CREATE TABLE line ("
	" unit INTEGER NOT NULL REFERENCES unit(id),"
	" ordinal INTEGER NOT NULL,"
	" vm TEXT AS (json ->> '$.vm_id') STORED,"
	" vm_name TEXT AS (json ->> '$.vm_name') STORED,"
	" path TEXT AS (json ->> '$.source.path') STORED,"
	" label TEXT AS (json ->> '$.source.label') STORED,"
	" error TEXT AS (json ->> '$.source.error') STORED,"
	" number INTEGER AS (json ->> '$.number') STORED,"
	" verdict TEXT AS (json ->> '$.verdict') STORED,"
	" rank INTEGER AS (CASE json ->> '$.verdict' WHEN 'panic' THEN 4 WHEN 'reset' THEN 3 WHEN 'hang' THEN 2"
	"  WHEN 'oops' THEN 1 ELSE 0 END) STORED,"
	" complete INTEGER AS (json ->> '$.complete') STORED,"
	" cause TEXT AS (json ->> '$.cause') STORED,"
	" title TEXT AS (json ->> '$.title') STORED,"
	" fingerprint TEXT AS (json ->> '$.fingerprint') STORED,"
	" kernel TEXT AS (json ->> '$.kernel.release') STORED,"
	" at TEXT AS (coalesce(json ->> '$.dumped_at', json ->> '$.started_at')) STORED,"
	" day REAL AS (CASE WHEN coalesce(json ->> '$.dumped_at', json ->> '$.started_at') GLOB '[0-9][0-9][0-9][0-9]-*'"
	"  THEN julianday(coalesce(json ->> '$.dumped_at', json ->> '$.started_at')) END) STORED,"
	" json TEXT NOT NULL,"
	" PRIMARY KEY (unit, ordinal));"
	"CREATE INDEX line_by_cause ON line(cause, day) WHERE rank > 0;"
	"CREATE INDEX line_by_fingerprint ON line(fingerprint, day) WHERE rank > 0;"
	"CREATE INDEX line_by_kernel ON line(kernel, day) WHERE rank > 0;"
	"CREATE INDEX line_by_vm ON line(vm, day) WHERE rank > 0;"

	"CREATE TABLE failure ("
	" vm TEXT NOT NULL,"
	" fingerprint TEXT NOT NULL,"
	" vm_name TEXT, title TEXT,"
	" first_scan INTEGER NOT NULL REFERENCES scan(id),"
	" back_scan INTEGER REFERENCES scan(id),"
	" gone_scan INTEGER REFERENCES scan(id),"
	" PRIMARY KEY (vm, fingerprint)) WITHOUT ROWID;"

	"CREATE VIEW boot AS"
	" SELECT vm, vm_name, path, label, number, verdict, rank > 0 AS failed, complete, cause, title, fingerprint,"
	"  kernel, at, json FROM line WHERE verdict IS NOT NULL;"
	"CREATE VIEW unread AS SELECT path, error FROM line WHERE error IS NOT NULL;";

/* The units that the scan came across, in its order. Kept out of the file, a scan of what is unchanged has
 * next to nothing to write. Nobody rolls it back. */
const char *const store_schema_of_scan =
	"PRAGMA temp.journal_mode = OFF;"
	"CREATE TEMP TABLE seen (position INTEGER PRIMARY KEY, unit INTEGER NOT NULL UNIQUE);";
