#include "input/byte_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool read_fd(void *user, char *bytes, size_t size, size_t *ret, struct error *err)
{
	ssize_t count;
	do
		count = read((int)(intptr_t)user, bytes, size);
	while (count < 0 && errno == EINTR);
	*ret = count > 0 ? (size_t)count : 0;
	return count >= 0 || error_set(err, "cannot be read: %s", strerror(errno));
}

struct byte_source byte_source_of_fd(int fd)
{
	return (struct byte_source){ .user = (void *)(intptr_t)fd, .read = read_fd };
}
