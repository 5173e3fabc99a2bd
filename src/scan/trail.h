/* A log that is followed: which file it is, how far it was looked through and judged.
 *
 * Nothing of its text is kept and no descriptor is held, so that thousands of logs can be followed. A
 * look at the file reads what came since the last one and says whether a judgement may change by it;
 * the judgement itself reads the log, or the whole of its VM's, again.
 *
 * A file is known by its device and inode. What it holds is known by two marks, a hash of its first
 * bytes and one of the last bytes that were looked at: a file that was written anew in place, or was copied
 * before it was cut short (logrotate's copytruncate), is told by them. */
#ifndef SCAN_TRAIL_H
#define SCAN_TRAIL_H

#include "base/error.h"
#include "input/folder.h"
#include "rules/engine.h"
#include "vmxlog/passed.h"

struct place;

/* Some bytes of a file, and what they are. */
struct mark {
	uint64_t end;  /* where they end, in bytes from its beginning */
	uint64_t hash;
	uint16_t len;  /* 0: there are none */
};

/* What was said of the boot that was the last of a log when it was judged. */
struct told {
	uint64_t line; /* where the boot begins; 0: nothing was said */
	uint64_t cause, fingerprint; /* hashes */
	uint8_t verdict;
	bool is_complete;
};

struct trail_state {
	struct mark head, tail;
	uint64_t judged;    /* a boot with text from there on is news; in bytes */
	bool is_accounted;  /* all before `judged` was judged since the watch began, or is of no account */
	struct told told;   /* of a boot that begins in this log */
};

enum trail_kind {
	TRAIL_UNKNOWN, /* empty, or too short to tell */
	TRAIL_VMWARE,
	TRAIL_KERNEL,
	TRAIL_PACKED,  /* compressed: judged as a whole whenever it changed */
	TRAIL_OTHER,   /* no log: not read any more */
};

/* When what came is to be judged. All times are milliseconds of one clock that never goes back. */
struct unit {
	struct unit *next;       /* of those that wait */
	struct place *place;
	struct trail *trail;     /* NULL: the VM's logs in that place, as one */
	bool is_waiting;
	bool was_moved;          /* when it was to be judged last, its files were not where they had been */
	int64_t first_ms, due_ms; /* when the first news of it came; when it is its turn */
	int64_t not_before_ms;   /* whatever comes: judging must not take all the time there is */
};

struct trail {
	struct trail *next;      /* in its row of a table */
	struct trail *next_gone, *next_touched; /* in these lists */
	uint64_t was_at;         /* when it is gone: hash of its folder's path */
	struct place *place;     /* where it was last seen; NULL: it is gone */
	char *name;
	uint64_t dev, ino, size; /* size when it was last looked at */
	int64_t mtime_ns;
	uint64_t looked;         /* looked through up to there: the end of a line */
	enum trail_kind kind;
	struct trail_state state;
	struct passed passed;    /* what of it need not be read to be judged again */
	uint64_t passed_behind;  /* as long as these logs stand before it: a hash of them */
	struct trail_state *before; /* what it was before it was cut short; NULL: it was not */
	uint64_t copy_dev, copy_ino; /* of the log that it is a copy of; ino 0: of none */
	struct unit unit;        /* when it is judged alone */
	bool is_young;           /* it is new, and may turn out to be the copy of another */
	bool is_vms;             /* it is judged with the others of its folder */
	bool is_live;            /* it has grown under its present name since the watch began */
	bool is_unreadable;      /* that was said */
	bool is_unbegun;         /* it was there when the watch began, and could not be read */
	bool is_touched;         /* in that list */
	bool is_back;            /* it was gone, and its file may be another one with the same number */
	bool is_seen;            /* in the listing at hand */
	int64_t grown_ms, gone_ms;
};

struct trail *trail_new(const struct folder_file *file, struct error *err);
void trail_free(struct trail *trail);

/* What a look brought. */
struct trail_news {
	bool is_news;       /* a judgement may change */
	bool is_complete;   /* and nothing more of it is to be expected */
	bool has_moved;     /* its name means another file now, or none: nothing was read */
	bool was_cut_short; /* the file is not the one that it was: it was looked through from its beginning */
};

struct trail_reader {
	struct rule_engine *engine;
	char *block;        /* INPUT_BLOCK_BYTES */
};

/* Takes a file for one whose text is known, up to its end. *ret_is_under_way: guest text was being written
 * to it a moment ago, and its last line is not taken for known. False when it cannot be read. */
bool trail_begin(struct trail *trail, int folder, const struct trail_reader *reader, bool *ret_is_under_way,
		 struct error *err);
/* Reads what came. False when the file cannot be read. */
bool trail_look(struct trail *trail, int folder, const struct trail_reader *reader, int64_t now_ms,
		struct trail_news *ret, struct error *err);

/* Whether the file has another size than before, without a look into it. */
bool trail_has_grown(struct trail *trail, int folder);

/* The text that a file begins with; short when there is not so much yet, or it cannot be read yet, as of a
 * compressed file that is being written. */
struct mark trail_head(const struct trail *trail, int folder, const struct trail_reader *reader);

enum trail_likeness { LIKENESS_NONE, LIKENESS_MAYBE, LIKENESS_COPY };
/* Whether a file, compressed or not, begins with all that is known of a log, or may do so when it has grown.
 * `head` is the file's trail_head. */
enum trail_likeness trail_compare(const struct trail *trail, int folder, const struct mark *head,
				  const struct trail_state *known, const struct trail_reader *reader);
/* How far the log may be read, in bytes: without a line that is being written, unless that rests. */
uint64_t trail_limit(const struct trail *trail, int64_t now_ms);

/* The guest fell silent, and a line of its log has come as far as it will. */
#define TRAIL_QUIET_MS 1000

#endif
