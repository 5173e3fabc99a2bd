/* Private to src/input: the decoders of the compression formats, one shape for all. The only
 * file that knows their libraries is codec.c.
 *
 * The libraries are used one by one because each can say what matters here: how much memory a
 * file may claim, whether its check sum holds, and every byte in front of a cut. */
#ifndef INPUT_CODEC_H
#define INPUT_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum codec_result {
	CODEC_MORE,       /* goes on with more input or more room */
	CODEC_ENDED,      /* a whole member of the file is out; what follows begins another */
	CODEC_DAMAGED,
	CODEC_TOO_LARGE,  /* would need more than DECODER_MEMORY_BYTES */
	CODEC_NO_MEMORY,
};

/* What a step takes and gives; both slices are moved on by what was used. */
struct codec_step {
	struct slice in;
	char *out;
	size_t room;
	bool is_last; /* no input follows `in` */
};

struct codec_state;

struct codec {
	const char *name;
	struct slice magic; /* the file's first bytes */
	struct codec_state *(*open)(void); /* NULL when memory is out */
	enum codec_result (*step)(struct codec_state *state, struct codec_step *step);
	void (*close)(struct codec_state *state);
};

/* By a file's first bytes; NULL for one that is not compressed. */
const struct codec *codec_find(struct slice head);

#endif
