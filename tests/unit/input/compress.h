/* Compressed bytes, made by the libraries that undo it. */
#ifndef TESTS_INPUT_COMPRESS_H
#define TESTS_INPUT_COMPRESS_H

#include "../expect.h"

#include <bzlib.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/limits.h"

static inline size_t compress_gzip(struct slice text, char *out, size_t room)
{
	z_stream stream = { .next_in = (z_const Bytef *)text.ptr, .avail_in = (uInt)text.len,
			    .next_out = (Bytef *)out, .avail_out = (uInt)room };
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return room - stream.avail_out;
}

static inline size_t compress_xz(struct slice text, char *out, size_t room)
{
	size_t len = 0;
	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (const uint8_t *)text.ptr, text.len,
						 (uint8_t *)out, &len, room), LZMA_OK);
	return len;
}

/* With a check sum, as the program makes them. */
static inline size_t compress_zstd(struct slice text, char *out, size_t room)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	size_t len = ZSTD_compress2(context, out, room, text.ptr, text.len);
	ZSTD_freeCCtx(context);
	assert_false(ZSTD_isError(len));
	return len;
}

static inline size_t compress_bzip2(struct slice text, char *out, size_t room)
{
	unsigned len = (unsigned)room;
	assert_int_equal(BZ2_bzBuffToBuffCompress(out, &len, (char *)(uintptr_t)text.ptr, (unsigned)text.len, 1, 0, 0),
			 BZ_OK);
	return len;
}

struct compressor {
	const char *name;
	size_t (*compress)(struct slice text, char *out, size_t room);
	bool is_blockwise; /* nothing of a cut block comes out */
};

static const struct compressor compressors[] = {
	{ "gzip", compress_gzip, false },
	{ "xz", compress_xz, false },
	{ "zstd", compress_zstd, true },
	{ "bzip2", compress_bzip2, true },
};

/* A file without a name that holds `bytes`, open at its beginning. */
static inline int file_of(struct slice bytes)
{
	char name[] = "/tmp/vmpanic-test.XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Text that shrinks, but not out of all proportion. */
static inline struct slice make_text(size_t len)
{
	char *text = malloc(len);
	uint32_t seed = 1;
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = i % 64 == 63 ? '\n' : (char)('a' + (seed >> 28));
	}
	return (struct slice){ text, len };
}

#endif
