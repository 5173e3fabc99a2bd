#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/slice.h"
#include "input/archive.h"
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
		return error_set(err, "is a folder, expected a file");
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

static bool read_held(void *user, char *bytes, size_t size, size_t *ret, struct error *err)
{
	struct input *input = user;
	struct slice rest = slice_take(slice_skip(input->held->bytes, input->held_at), size);
	*ret = rest.len;
	if (!rest.len && *input->held->why.text) {
		*err = input->held->why;
		return false;
	}
	if (rest.len)
		memcpy(bytes, rest.ptr, rest.len);
	input->held_at += rest.len;
	return true;
}

bool input_open_in(struct input *input, const struct folder *folder, const char *name, struct error *err)
{
	const struct folder_file *file = folder_find(folder, name);
	if (!file || !file->held)
		return input_open_at(input, folder->fd, name, err);
	*input = (struct input){ .fd = -1, .member = { .user = input, .read = read_held }, .held = file->held };
	return true;
}

void input_open_member(struct input *input, struct byte_source source, struct budget *budget)
{
	*input = (struct input){ .fd = -1, .member = source, .budget = budget };
}

/* Bytes as they are stored. */

static bool read_stored(void *user, char *bytes, size_t size, size_t *ret, struct error *err)
{
	struct input *input = user;
	struct byte_source source = input->member.read ? input->member : byte_source_of_fd(input->fd);
	bool is_outermost = input->budget && !input->member.read;
	if (is_outermost)
		budget_pause(input->budget);
	bool is_read = byte_source_read(&source, bytes, size, ret, err);
	input->stored_bytes += *ret;
	if (is_outermost) {
		budget_resume(input->budget);
		budget_add_in(input->budget, *ret);
	}
	return is_read;
}

/* The first bytes. */

/* So many bytes that a head can be judged; a pipe may hand them over one by one. */
static bool read_head(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	size_t count = 1;
	for (*ret = 0; count && *ret < INPUT_HEAD_BYTES && *ret < size; *ret += count) {
		bool is_read = input->decoder ? decoder_read(input->decoder, bytes + *ret, size - *ret, &count, err)
					      : read_stored(input, bytes + *ret, size - *ret, &count, err);
		/* What has come is handed on; the failure comes again with the next read. */
		if (!is_read)
			return *ret != 0;
	}
	return true;
}

static bool begin_decoding(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	struct byte_source source = { .user = input, .read = read_stored };
	input->decoder = decoder_new(source, (struct slice){ bytes, *ret }, input->budget, err);
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
	input->archive = archive_name_of((struct slice){ bytes, *ret });
	input->is_refused = input->archive && !input->takes_archives;
	return !input->is_refused || archive_refuse(input->archive, err);
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
	return read_stored(input, bytes, size, ret, err);
}

bool input_read_full(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	size_t count = 1;
	for (*ret = 0; *ret < size && count; *ret += count)
		if (!input_read(input, bytes + *ret, size - *ret, &count, err))
			return false;
	return true;
}

/* As an archive. */

static bool read_archive(void *user, char *bytes, size_t size, size_t *ret, struct error *err)
{
	return input_read(user, bytes, size, ret, err);
}

static bool seek_archive(void *user, uint64_t offset, struct error *err)
{
	struct input *input = user;
	return lseek(input->fd, (off_t)(input->start + offset), SEEK_SET) >= 0 ||
	       error_set(err, "cannot be read: %s", strerror(errno));
}

struct byte_source input_carry_archive(struct input *input, struct budget *budget)
{
	struct byte_source source = { .user = input, .read = read_archive };
	struct stat st;
	if (!input->member.read)
		budget_add_in(budget, input->stored_bytes);
	input->budget = budget;
	if (input->decoder)
		decoder_carry_archive(input->decoder, budget);
	if (input->decoder || input->member.read || fstat(input->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return source;
	off_t at = lseek(input->fd, 0, SEEK_CUR);
	if (at < (off_t)input->stored_bytes || st.st_size < at)
		return source;
	input->start = (uint64_t)at - input->stored_bytes;
	source.seek = seek_archive;
	source.size = (uint64_t)st.st_size - input->start;
	budget->in_bytes_max = source.size;
	return source;
}

bool input_measure(const struct input *input, uint64_t *ret_offset, uint64_t *ret_rest)
{
	struct stat st;
	off_t offset = input->fd >= 0 && !input->decoder ? lseek(input->fd, 0, SEEK_CUR) : -1;
	if (offset < 0 || fstat(input->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	*ret_offset = (uint64_t)offset;
	*ret_rest = st.st_size > offset ? (uint64_t)(st.st_size - offset) : 0;
	return true;
}

bool input_go_on(struct input *input, uint64_t offset, struct error *err)
{
	return lseek(input->fd, (off_t)offset, SEEK_SET) >= 0 || error_set(err, "cannot be read: %s", strerror(errno));
}

void input_close(struct input *input)
{
	decoder_free(input->decoder);
	input->decoder = NULL;
	if (!input->is_stdin && input->fd >= 0)
		close(input->fd);
	input->fd = -1;
}
