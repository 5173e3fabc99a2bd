#include "input/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct error *err, const char *what)
{
	return error_set(err, "cannot be %s: %s", what, strerror(errno));
}

bool tail_open(struct tail *tail, const char *path, struct error *err)
{
	struct stat st;
	bool is_stdin = strcmp(path, "-") == 0;
	*tail = (struct tail){ .path = path, .fd = STDIN_FILENO };
	if (!is_stdin)
		tail->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (tail->fd < 0)
		return fail(err, "opened");
	if (fstat(tail->fd, &st) != 0 || S_ISDIR(st.st_mode)) {
		tail_close(tail);
		return error_set(err, "is a directory, expected a log");
	}
	/* Standard input has no name under which it could be replaced. */
	tail->is_file = S_ISREG(st.st_mode) && !is_stdin;
	return true;
}

void tail_close(struct tail *tail)
{
	if (tail->fd > STDIN_FILENO)
		close(tail->fd);
	tail->fd = -1;
}

static bool begin_again(struct tail *tail, enum tail_news news, enum tail_news *ret, struct error *err)
{
	tail->offset = 0;
	*ret = news;
	return lseek(tail->fd, 0, SEEK_SET) == 0 || fail(err, "read again");
}

/* A log is rotated by a new name for the old file and a new file with the old name. Between the
 * two there is none, and one that cannot be opened may be so later. */
static bool look_for_another(struct tail *tail, const struct stat *st, enum tail_news *ret, struct error *err)
{
	struct stat named;
	*ret = TAIL_QUIET;
	if (stat(tail->path, &named) != 0 || (named.st_dev == st->st_dev && named.st_ino == st->st_ino))
		return true;
	int fd = open(tail->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return true;
	close(tail->fd);
	tail->fd = fd;
	return begin_again(tail, TAIL_REPLACED, ret, err);
}

/* At the end of a file: why there is nothing more. */
static bool look_around(struct tail *tail, enum tail_news *ret, struct error *err)
{
	struct stat st;
	if (fstat(tail->fd, &st) != 0)
		return fail(err, "looked at");
	if ((uint64_t)st.st_size < tail->offset)
		return begin_again(tail, TAIL_TRUNCATED, ret, err);
	return look_for_another(tail, &st, ret, err);
}

static bool has_news(const struct tail *tail)
{
	struct pollfd look = { .fd = tail->fd, .events = POLLIN };
	return tail->is_file || poll(&look, 1, 0) > 0;
}

bool tail_read(struct tail *tail, char *bytes, size_t size, size_t *ret_len, enum tail_news *ret, struct error *err)
{
	*ret_len = 0;
	*ret = TAIL_QUIET;
	if (!has_news(tail))
		return true;
	ssize_t count = read(tail->fd, bytes, size);
	if (count < 0)
		return errno == EINTR || errno == EAGAIN || fail(err, "read");
	if (!count && tail->is_file)
		return look_around(tail, ret, err);
	*ret = count ? TAIL_BYTES : TAIL_ENDED;
	*ret_len = (size_t)count;
	tail->offset += (size_t)count;
	return true;
}
