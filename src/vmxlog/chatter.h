/* The filter in front of the reader: most lines of most logs are host chatter that says nothing
 * about the guest. They are told by a look at a few bytes and never parsed.
 *
 * The filter is exact: a line that it passes over is framed like the lines before it and begins
 * with nothing that the reader acts on. What it is not sure of, the reader parses. */
#ifndef VMXLOG_CHATTER_H
#define VMXLOG_CHATTER_H

#include "vmxlog/frame.h"

#define CHATTER_PLACES 256
#define CHATTER_HEADS_MAX 64
#define CHATTER_STAMP_BYTES 32
#define CHATTER_THREAD_BYTES 16
#define CHATTER_MARK_BYTES 16

/* The learned geometry once more, as ranges of bytes that are compared many at a time: a byte is
 * in its range when it is at most `span` above `low`. What a range cannot say is left to the
 * exact look at the line. */
struct chatter_shape {
	size_t stamp_len; /* up to the thread; 0: there is no quick look at these lines */
	size_t mark_len;  /* from the thread's end up to the message */
	char thread_end[CHATTER_THREAD_BYTES]; /* the byte behind a thread's name, repeated */
	uint8_t stamp_low[CHATTER_STAMP_BYTES], stamp_span[CHATTER_STAMP_BYTES];
	uint8_t mark_low[CHATTER_MARK_BYTES], mark_span[CHATTER_MARK_BYTES];
};

/* What the heads of one place have in common: eight bytes, or fewer where `mask` says so, as far
 * behind their beginning as can be. */
struct chatter_place {
	uint64_t common, mask;
	uint32_t at;
	uint32_t first_head; /* plus 1; 0: none */
};

struct chatter_head {
	struct slice text;
	uint32_t next;       /* of the same place, plus 1; 0: none */
};

struct chatter {
	bool is_ready;               /* a framed line was seen; its geometry follows */
	enum vmxlog_family family;
	unsigned fraction_len;       /* ".217" is 4; 0 without milliseconds */
	unsigned date_len;           /* "2016-08-30T" is 11, "Aug 27 " is 7 */
	unsigned tail_len;           /* behind the fraction, up to the level or the thread */
	char date[12], tail[16];
	struct chatter_shape shape;
	struct chatter_place places[CHATTER_PLACES]; /* by the hash of the heads' first four bytes */
	struct chatter_head heads[CHATTER_HEADS_MAX];
	size_t head_count;
	bool has_too_many_heads;
};

void chatter_init(struct chatter *chatter);
/* Adds the head of a message that the reader acts on; borrowed, at least four bytes. With too many
 * of them nothing is noise any more. */
void chatter_add_head(struct chatter *chatter, struct slice head);
/* Takes the geometry of a line that vmxlog_frame_parse has accepted. */
void chatter_learn(struct chatter *chatter, struct slice line, const struct vmxlog_frame *frame);
/* True when the line can be passed over. */
bool chatter_is_noise(const struct chatter *chatter, struct slice line);
/* Counts the lines in front that can be passed over. The first of them begins at `start` of
 * `text`, and `ends` are the places of the next newlines. *ret_body is the message of the line at
 * which that ends when its frame is the learned one; else it is empty. */
size_t chatter_skip(const struct chatter *chatter, struct slice text, size_t start, const size_t *ends, size_t count,
		    struct slice *ret_body);

/* Lines that follow each other, all of which can be passed over. */
struct chatter_run {
	size_t from, len;   /* in the block, newlines included */
	uint64_t lines;
};

/* The longer runs of a block, at most `max`. What stands in front of the first newline is left aside:
 * it may be a part of a line. */
size_t chatter_find_runs(const struct chatter *chatter, struct slice block, struct chatter_run *runs, size_t max);
/* True when both have learned the same: what is noise to one is noise to the other. */
bool chatter_agrees(const struct chatter *a, const struct chatter *b);

#endif
