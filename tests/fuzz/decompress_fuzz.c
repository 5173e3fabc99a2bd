/* Any bytes as a compressed file: decoded in blocks of two sizes. Both end, what fails fails again,
 * the bounds hold, and two readings that succeed are the same.
 *
 * The first byte chooses the magic that is set in front of the rest, or none. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "input/decompress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	uint64_t hash, bytes;
	bool is_done;
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void add(struct reading *reading, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		reading->hash = (reading->hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
	reading->bytes += len;
}

static int open_file(struct slice head, struct slice rest)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	check(fd >= 0);
	check(write(fd, head.ptr, head.len) == (ssize_t)head.len);
	check(write(fd, rest.ptr, rest.len) == (ssize_t)rest.len);
	check(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static struct reading read_all(struct decoder *decoder, size_t block, uint64_t limit)
{
	struct reading reading = { 0 };
	struct error err = { 0 };
	size_t len = 0;
	char *bytes = malloc(block);
	check(bytes != NULL);
	while ((reading.is_done = decoder_read(decoder, bytes, block, &len, &err)) && len) {
		check(len <= block);
		add(&reading, bytes, len);
		check(reading.bytes <= limit + block);
	}
	if (!reading.is_done)
		check(err.text[0] && !decoder_read(decoder, bytes, block, &len, &err) && !len);
	else
		check(decoder_read(decoder, bytes, block, &len, &err) && !len);
	free(bytes);
	return reading;
}

static bool decode(int fd, size_t block, uint64_t limit, struct reading *ret)
{
	char head[INPUT_HEAD_BYTES];
	struct error err;
	check(lseek(fd, 0, SEEK_SET) == 0);
	ssize_t len = read(fd, head, sizeof head);
	check(len >= 0);
	struct slice start = { head, (size_t)len };
	if (!decoder_knows(start))
		return false;
	struct decoder *decoder = decoder_new(byte_source_of_fd(fd), start, NULL, &err);
	check(decoder && decoder_name(decoder));
	*ret = read_all(decoder, block, limit);
	decoder_free(decoder);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slice magics[] = {
		{ "", 0 }, { "\x1f\x8b\x08", 3 }, { "\xfd" "7zXZ\0", 6 }, { "\x28\xb5\x2f\xfd", 4 }, { "BZh9", 4 },
	};
	struct reading large, small;
	if (!size)
		return 0;
	struct slice head = magics[data[0] % (sizeof magics / sizeof *magics)];
	struct slice rest = { (const char *)data + 1, size - 1 };
	uint64_t limit = DECODER_FREE_BYTES + DECODER_RATIO_MAX * (uint64_t)(size + head.len);
	int fd = open_file(head, rest);
	if (decode(fd, INPUT_BLOCK_BYTES, limit, &large) && decode(fd, 1021, limit, &small) && large.is_done &&
	    small.is_done)
		check(large.hash == small.hash && large.bytes == small.bytes);
	close(fd);
	return 0;
}
