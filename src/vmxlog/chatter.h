/* The filter in front of the reader: most lines of most logs are host chatter that says nothing
 * about the guest. They are told by a look at a few bytes and never parsed.
 *
 * The filter is exact: a line that it passes over is framed like the lines before it and begins
 * with nothing that the reader acts on. What it is not sure of, the reader parses. */
#ifndef VMXLOG_CHATTER_H
#define VMXLOG_CHATTER_H

#include "vmxlog/frame.h"

#define CHATTER_HEAD_BITS 1024
#define CHATTER_HEADS_MAX 64

struct chatter {
	bool is_ready;               /* a framed line was seen; its geometry follows */
	enum vmxlog_family family;
	bool esxi;
	unsigned fraction_len;       /* ".217" is 4; 0 without milliseconds */
	unsigned date_len;           /* "2016-08-30T" is 11, "Aug 27 " is 7 */
	unsigned tail_len;           /* behind the fraction, up to the level or the thread */
	char date[12], tail[16];
	uint64_t places[CHATTER_HEAD_BITS / 64]; /* hashed first four bytes of the heads */
	struct slice heads[CHATTER_HEADS_MAX];   /* of all that matters; borrowed, static */
	size_t head_count;
};

void chatter_init(struct chatter *chatter);
/* Adds the head of a message that the reader acts on; static, at least four bytes. With too many
 * of them nothing is noise any more. */
void chatter_add_head(struct chatter *chatter, struct slice head);
/* Takes the geometry of a line that vmxlog_frame_parse has accepted. */
void chatter_learn(struct chatter *chatter, struct slice line, const struct vmxlog_frame *frame);
/* True when the line can be passed over. */
bool chatter_is_noise(const struct chatter *chatter, struct slice line);

#endif
