#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool input_open(struct input *input, const char *path, struct error *err)
{
	struct stat st;
	input->is_stdin = strcmp(path, "-") == 0;
	input->fd = input->is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->fd < 0)
		return error_set(err, "cannot be opened: %s", strerror(errno));
	if (fstat(input->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		input_close(input);
		return error_set(err, "is a directory: give the vmware.log in it");
	}
	return true;
}

bool input_read(struct input *input, char *bytes, size_t size, size_t *ret, struct error *err)
{
	ssize_t count;
	do
		count = read(input->fd, bytes, size);
	while (count < 0 && errno == EINTR);
	*ret = count > 0 ? (size_t)count : 0;
	return count >= 0 || error_set(err, "cannot be read: %s", strerror(errno));
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
	if (!input->is_stdin && input->fd >= 0)
		close(input->fd);
	input->fd = -1;
}
