#include "input/decompress.h"

#include <stdlib.h>

#include "base/limits.h"
#include "input/codec.h"

struct decoder {
	const struct codec *codec;
	struct codec_state *state;
	struct byte_source source;
	struct slice in;       /* read and not yet decoded */
	bool is_drained;       /* nothing is left to read */
	bool is_between;       /* a member has ended: the file may end here */
	bool is_stopped;       /* ended, or failed */
	bool has_failed;
	struct error failure;
	struct budget own;
	bool is_carrier;       /* of an archive: `own` does not count */
	struct budget *shared; /* may be NULL */
	size_t block_size;
	char block[];
};

bool decoder_knows(struct slice head)
{
	return codec_find(head) != NULL;
}

struct decoder *decoder_new(struct byte_source source, struct slice head, struct budget *budget, struct error *err)
{
	size_t block_size = head.len > INPUT_BLOCK_BYTES ? head.len : INPUT_BLOCK_BYTES;
	struct decoder *decoder = malloc(sizeof(*decoder) + block_size);
	if (!decoder) {
		error_out_of_memory(err);
		return NULL;
	}
	*decoder = (struct decoder){
		.codec = codec_find(head),
		.source = source,
		.own = budget_of_stream(),
		.shared = budget,
		.block_size = block_size,
	};
	decoder->in = (struct slice){ decoder->block, head.len };
	memcpy(decoder->block, head.ptr, head.len);
	decoder->state = decoder->codec->open();
	if (decoder->state)
		return decoder;
	error_out_of_memory(err);
	free(decoder);
	return NULL;
}

void decoder_carry_archive(struct decoder *decoder, struct budget *budget)
{
	decoder->is_carrier = true;
	decoder->shared = budget;
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
	size_t count = 0;
	if (!byte_source_read(&decoder->source, decoder->block, decoder->block_size, &count, &decoder->failure))
		decoder->is_stopped = decoder->has_failed = true;
	decoder->is_drained = !count;
	decoder->in = (struct slice){ decoder->block, count };
}

/* Between two members: the end, or padding with zeros as tapes and block devices leave it. */
static void skip_padding(struct decoder *decoder)
{
	while (decoder->in.len && !*decoder->in.ptr)
		decoder->in = slice_skip(decoder->in, 1);
	if (decoder->is_drained && !decoder->in.len)
		decoder->is_stopped = true;
}

static void spend(struct decoder *decoder, size_t in_bytes, size_t out_bytes)
{
	budget_add_in(&decoder->own, in_bytes);
	if (!budget_add_out(&decoder->own, out_bytes) && !decoder->is_carrier)
		stop(decoder, "is cut", decoder->own.excess);
	else if (decoder->shared && !budget_add_out(decoder->shared, out_bytes))
		stop(decoder, "is cut", decoder->shared->excess);
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
	judge(decoder, result, used || made);
	if (!decoder->is_stopped)
		spend(decoder, used, made);
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
