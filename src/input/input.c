#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/slice.h"
#include "input/decompress.h"

bool input_open(struct input *input, const char *path, struct error *err)
{
	struct stat st;
	*input = (struct input){ .is_stdin = strcmp(path, "-") == 0 };
	input->fd = input->is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	if (fstat(input->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		input_close(input);
		return error_set(err, "is a directory: give the vmware.log in it");
	}
	return true;
}

/* Without O_NONBLOCK, opening a FIFO would wait for its writer. */
bool input_open_at(struct input *input, int folder, const char *name, struct error *err)
{
	struct stat st;
	*input = (struct input){
		.fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK),
	};
	if (input->fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	if (fstat(input->fd, &st) == 0 && S_ISREG(st.st_mode))
		return true;
	input_close(input);
	return error_set(err, "is not a regular file");
}

/* Bytes as they are stored. */

static bool read_raw(const struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	ssize_t count;
	do
		count = read(input->fd, bytes, size);
	while (count < 0 && errno == EINTR);
	*ret = count > 0 ? (size_t)count : 0;
	return count >= 0 || error_set(err, "cannot be read: %s", strerror(errno));
}

/* The first bytes. */

struct archive_mark {
	const char *name;
	size_t at;
	struct slice mark;
};

static bool refuse_archive(struct slice head, struct error *err)
{
	static const struct archive_mark marks[] = {
		{ "tar", 257, { "ustar", 5 } },
		{ "zip", 0, { "PK\3\4", 4 } },
		{ "7z", 0, { "7z\xbc\xaf\x27\x1c", 6 } },
		{ "rar", 0, { "Rar!\x1a\x07", 6 } },
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (slice_starts(slice_skip(head, marks[i].at), marks[i].mark))
			return error_set(err, "is a %s archive: unpack it, or give the log in it", marks[i].name);
	return true;
}

/* So many bytes that a head can be judged; a pipe may hand them over one by one. */
static bool read_head(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	size_t count = 1;
	for (*ret = 0; count && *ret < INPUT_HEAD_BYTES && *ret < size; *ret += count) {
		bool is_read = input->decoder ? decoder_read(input->decoder, bytes + *ret, size - *ret, &count, err)
					      : read_raw(input, bytes + *ret, size - *ret, &count, err);
		/* What has come is handed on; the failure comes again with the next read. */
		if (!is_read)
			return *ret != 0;
	}
	return true;
}

static bool begin_decoding(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	input->decoder = decoder_new(input->fd, (struct slice){ bytes, *ret }, err);
	if (!input->decoder || !read_head(input, bytes, size, ret, err))
		return false;
	input->is_refused = decoder_knows((struct slice){ bytes, *ret });
	return !input->is_refused || error_set(err, "is compressed twice: unpack it once");
}

static bool begin(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	input->is_begun = true;
	if (!read_head(input, bytes, size, ret, err))
		return false;
	if (decoder_knows((struct slice){ bytes, *ret }) && !begin_decoding(input, bytes, size, ret, err))
		return false;
	input->is_refused = !refuse_archive((struct slice){ bytes, *ret }, err);
	return !input->is_refused;
}

bool input_read(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	*ret = 0;
	if (!input->is_begun) {
		bool is_ours = begin(input, bytes, size, ret, err);
		if (!is_ours)
			*ret = 0;
		return is_ours;
	}
	if (input->decoder)
		return decoder_read(input->decoder, bytes, size, ret, err);
	return read_raw(input, bytes, size, ret, err);
}

bool input_read_full(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	size_t count = 1;
	for (*ret = 0; *ret < size && count; *ret += count)
		if (!input_read(input, bytes + *ret, size - *ret, &count, err))
			return false;
	return true;
}

void input_close(struct input *input)
{
	decoder_free(input->decoder);
	input->decoder = NULL;
	if (!input->is_stdin && input->fd >= 0)
		close(input->fd);
	input->fd = -1;
}
