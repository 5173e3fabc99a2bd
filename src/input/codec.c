#include "input/codec.h"

#include <bzlib.h>
#include <lzma.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/limits.h"

struct codec_state {
	union {
		z_stream gzip;
		lzma_stream xz;
		ZSTD_DStream *zstd;
		bz_stream bzip2;
	};
	bool is_open; /* of bzip2, which begins anew with each member */
};

static void advance(struct codec_step *step, size_t in_left, size_t room_left)
{
	step->in = slice_skip(step->in, step->in.len - in_left);
	step->out += step->room - room_left;
	step->room = room_left;
}

/* The libraries count in unsigned int; a step may do less than all. */
static unsigned bounded(size_t len)
{
	return len < UINT32_MAX ? (unsigned)len : UINT32_MAX;
}

/* gzip */

static struct codec_state *gzip_open(void)
{
	struct codec_state *state = calloc(1, sizeof(*state));
	/* 16: a gzip header and its check sum, not zlib's own. */
	if (state && inflateInit2(&state->gzip, 16 + MAX_WBITS) == Z_OK)
		return state;
	free(state);
	return NULL;
}

static enum codec_result gzip_step(struct codec_state *state, struct codec_step *step)
{
	z_stream *stream = &state->gzip;
	unsigned in = bounded(step->in.len), room = bounded(step->room);
	stream->next_in = (z_const Bytef *)step->in.ptr;
	stream->avail_in = in;
	stream->next_out = (Bytef *)step->out;
	stream->avail_out = room;
	int result = inflate(stream, Z_NO_FLUSH);
	advance(step, step->in.len - (in - stream->avail_in), step->room - (room - stream->avail_out));
	if (result == Z_STREAM_END)
		return inflateReset(stream) == Z_OK ? CODEC_ENDED : CODEC_DAMAGED;
	if (result == Z_MEM_ERROR)
		return CODEC_NO_MEMORY;
	return result == Z_OK || result == Z_BUF_ERROR ? CODEC_MORE : CODEC_DAMAGED;
}

static void gzip_close(struct codec_state *state)
{
	inflateEnd(&state->gzip);
	free(state);
}

/* xz */

static struct codec_state *xz_open(void)
{
	struct codec_state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->xz = (lzma_stream)LZMA_STREAM_INIT;
	if (lzma_stream_decoder(&state->xz, DECODER_MEMORY_BYTES, LZMA_CONCATENATED) == LZMA_OK)
		return state;
	free(state);
	return NULL;
}

static enum codec_result xz_step(struct codec_state *state, struct codec_step *step)
{
	lzma_stream *stream = &state->xz;
	stream->next_in = (const uint8_t *)step->in.ptr;
	stream->avail_in = step->in.len;
	stream->next_out = (uint8_t *)step->out;
	stream->avail_out = step->room;
	lzma_ret result = lzma_code(stream, step->is_last ? LZMA_FINISH : LZMA_RUN);
	advance(step, stream->avail_in, stream->avail_out);
	switch (result) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return CODEC_MORE;
	case LZMA_STREAM_END:
		return CODEC_ENDED;
	case LZMA_MEMLIMIT_ERROR:
		return CODEC_TOO_LARGE;
	case LZMA_MEM_ERROR:
		return CODEC_NO_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static void xz_close(struct codec_state *state)
{
	lzma_end(&state->xz);
	free(state);
}

/* zstd */

static struct codec_state *zstd_open(void)
{
	struct codec_state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->zstd = ZSTD_createDStream();
	if (state->zstd &&
	    !ZSTD_isError(ZSTD_DCtx_setParameter(state->zstd, ZSTD_d_windowLogMax, DECODER_ZSTD_WINDOW_LOG)))
		return state;
	ZSTD_freeDStream(state->zstd);
	free(state);
	return NULL;
}

static enum codec_result zstd_step(struct codec_state *state, struct codec_step *step)
{
	ZSTD_inBuffer in = { step->in.ptr, step->in.len, 0 };
	ZSTD_outBuffer out = { step->out, step->room, 0 };
	size_t result = ZSTD_decompressStream(state->zstd, &out, &in);
	advance(step, step->in.len - in.pos, step->room - out.pos);
	if (!ZSTD_isError(result))
		return result == 0 ? CODEC_ENDED : CODEC_MORE;
	/* Error codes by number are not part of the library's stable interface; names are. */
	struct slice name = slice_of(ZSTD_getErrorName(result));
	if (slice_contains(name, SLICE("requires too much memory")))
		return CODEC_TOO_LARGE;
	return slice_starts(name, SLICE("Allocation error")) ? CODEC_NO_MEMORY : CODEC_DAMAGED;
}

static void zstd_close(struct codec_state *state)
{
	ZSTD_freeDStream(state->zstd);
	free(state);
}

/* bzip2 */

static struct codec_state *bzip2_open(void)
{
	return calloc(1, sizeof(struct codec_state));
}

static void bzip2_end(struct codec_state *state)
{
	if (state->is_open)
		BZ2_bzDecompressEnd(&state->bzip2);
	state->is_open = false;
}

static enum codec_result bzip2_step(struct codec_state *state, struct codec_step *step)
{
	bz_stream *stream = &state->bzip2;
	if (!state->is_open) {
		*stream = (bz_stream){ 0 };
		if (BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK)
			return CODEC_NO_MEMORY;
		state->is_open = true;
	}
	unsigned in = bounded(step->in.len), room = bounded(step->room);
	/* The library does not write through this pointer, it only lacks the word. */
	stream->next_in = (char *)(uintptr_t)step->in.ptr;
	stream->avail_in = in;
	stream->next_out = step->out;
	stream->avail_out = room;
	int result = BZ2_bzDecompress(stream);
	advance(step, step->in.len - (in - stream->avail_in), step->room - (room - stream->avail_out));
	if (result == BZ_STREAM_END)
		bzip2_end(state);
	return result == BZ_STREAM_END ? CODEC_ENDED
	       : result == BZ_OK       ? CODEC_MORE
	       : result == BZ_MEM_ERROR ? CODEC_NO_MEMORY
					: CODEC_DAMAGED;
}

static void bzip2_close(struct codec_state *state)
{
	bzip2_end(state);
	free(state);
}

static const struct codec codecs[] = {
	{ "gzip", { "\x1f\x8b\x08", 3 }, gzip_open, gzip_step, gzip_close },
	{ "xz", { "\xfd" "7zXZ\0", 6 }, xz_open, xz_step, xz_close },
	{ "zstd", { "\x28\xb5\x2f\xfd", 4 }, zstd_open, zstd_step, zstd_close },
	{ "bzip2", { "BZh", 3 }, bzip2_open, bzip2_step, bzip2_close },
};

/* "BZh" may begin a text: a digit and the mark of a first block or of an empty file follow. */
static bool is_bzip2(struct slice head)
{
	struct slice mark = slice_skip(head, 4);
	return head.len > 4 && head.ptr[3] >= '1' && head.ptr[3] <= '9' &&
	       (slice_starts(mark, SLICE("1AY&SY")) || slice_starts(mark, SLICE("\x17\x72\x45\x38\x50\x90")));
}

const struct codec *codec_find(struct slice head)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(*codecs); i++)
		if (slice_starts(head, codecs[i].magic) && (codecs[i].open != bzip2_open || is_bzip2(head)))
			return &codecs[i];
	return NULL;
}
