#include "input/decompress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "input/codec.h"

struct decoder {
	const struct codec *codec;
	struct codec_state *state;
	int fd;
	struct slice in;       /* read and not yet decoded */
	bool is_drained;       /* nothing is left to read */
	bool is_between;       /* a member has ended: the file may end here */
	bool is_stopped;       /* ended, or failed */
	bool has_failed;
	struct error failure;
	uint64_t in_bytes, out_bytes;
	size_t block_size;
	char block[];
};

bool decoder_knows(struct slice head)
{
	return codec_find(head) != NULL;
}

struct decoder *decoder_new(int fd, struct slice head, struct error *err)
{
	size_t block_size = head.len > INPUT_BLOCK_BYTES ? head.len : INPUT_BLOCK_BYTES;
	struct decoder *decoder = malloc(sizeof(*decoder) + block_size);
	if (!decoder) {
		error_out_of_memory(err);
		return NULL;
	}
	*decoder = (struct decoder){ .codec = codec_find(head), .fd = fd, .block_size = block_size };
	decoder->in = (struct slice){ decoder->block, head.len };
	memcpy(decoder->block, head.ptr, head.len);
	decoder->state = decoder->codec->open();
	if (decoder->state)
		return decoder;
	error_out_of_memory(err);
	free(decoder);
	return NULL;
}

const char *decoder_name(const struct decoder *decoder)
{
	return decoder->codec->name;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	decoder->codec->close(decoder->state);
	free(decoder);
}

static void stop(struct decoder *decoder, const char *how, const char *why)
{
	decoder->is_stopped = decoder->has_failed = true;
	error_set(&decoder->failure, "%s: %s: %s", how, decoder->codec->name, why);
}

static void fill(struct decoder *decoder)
{
	ssize_t count;
	do
		count = read(decoder->fd, decoder->block, decoder->block_size);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		stop(decoder, "cannot be read", strerror(errno));
	decoder->is_drained = count <= 0;
	decoder->in = (struct slice){ decoder->block, count > 0 ? (size_t)count : 0 };
}

/* Between two members: the end, or padding with zeros as tapes and block devices leave it. */
static void skip_padding(struct decoder *decoder)
{
	while (decoder->in.len && !*decoder->in.ptr)
		decoder->in = slice_skip(decoder->in, 1);
	if (decoder->is_drained && !decoder->in.len)
		decoder->is_stopped = true;
}

static void check_bounds(struct decoder *decoder)
{
	if (decoder->out_bytes > DECODER_FREE_BYTES &&
	    decoder->out_bytes / DECODER_RATIO_MAX >= decoder->in_bytes)
		stop(decoder, "is cut", "more than " DECODER_RATIO_TEXT " times its size came out of it");
	else if (decoder->out_bytes >= DECODER_OUT_BYTES)
		stop(decoder, "is cut", "more than " DECODER_OUT_TEXT " came out of it");
}

static void judge(struct decoder *decoder, enum codec_result result, bool has_moved)
{
	switch (result) {
	case CODEC_MORE:
		if (has_moved)
			decoder->is_between = false;
		else if (decoder->in.len)
			stop(decoder, "is damaged", "its data do not decode");
		else if (decoder->is_drained)
			stop(decoder, "is cut", "truncated input");
		break;
	case CODEC_ENDED:
		decoder->is_between = true;
		break;
	case CODEC_DAMAGED:
		stop(decoder, "is damaged", "its data do not decode");
		break;
	case CODEC_TOO_LARGE:
		stop(decoder, "is cut", "its window is too large to decode");
		break;
	case CODEC_NO_MEMORY:
		stop(decoder, "is cut", "out of memory");
		break;
	}
}

/* One step, at most so many bytes out. Returns how many. */
static size_t decode(struct decoder *decoder, char *bytes, size_t size)
{
	struct codec_step step = { decoder->in, bytes, size, decoder->is_drained };
	enum codec_result result = decoder->codec->step(decoder->state, &step);
	size_t used = decoder->in.len - step.in.len, made = size - step.room;
	decoder->in = step.in;
	decoder->in_bytes += used;
	decoder->out_bytes += made;
	judge(decoder, result, used || made);
	if (!decoder->is_stopped)
		check_bounds(decoder);
	return made;
}

bool decoder_read(struct decoder *decoder, char *bytes, size_t size, size_t *ret, struct error *err)
{
	*ret = 0;
	while (!*ret && !decoder->is_stopped) {
		if (!decoder->in.len && !decoder->is_drained)
			fill(decoder);
		if (decoder->is_between)
			skip_padding(decoder);
		if (!decoder->is_stopped && (decoder->in.len || decoder->is_drained))
			*ret = decode(decoder, bytes, size);
	}
	if (*ret || !decoder->has_failed)
		return true;
	*err = decoder->failure;
	return false;
}
