#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/limits.h"

#define WIDTH_MAX 100
#define WIDTH_MIN 40

/* A temporary file is made for its owner only; what is left in its place is as any new file. */
static void widen_mode(int fd)
{
	mode_t mask = umask(0);
	umask(mask);
	if (fchmod(fd, 0666 & ~mask) != 0)
		return;
}

static void forget_names(struct output *output)
{
	free(output->temporary);
	free(output->target);
	output->temporary = output->target = NULL;
}

static bool open_temporary(struct output *output, const char *path, struct error *err)
{
	/* Through a link to what it names: the link stays. */
	output->target = realpath(path, NULL);
	if (!output->target)
		output->target = strdup(path);
	if (!output->target || asprintf(&output->temporary, "%s.XXXXXX", output->target) < 0) {
		output->temporary = NULL;
		forget_names(output);
		return error_out_of_memory(err);
	}
	output->fd = mkostemp(output->temporary, O_CLOEXEC);
	if (output->fd < 0) {
		error_set(err, "cannot be written: %s", strerror(errno));
		forget_names(output);
		return false;
	}
	widen_mode(output->fd);
	return true;
}

bool output_open(struct output *output, const char *path, struct error *err)
{
	struct stat st;
	*output = (struct output){ .fd = STDOUT_FILENO };
	if (!path)
		return true;
	/* A device or a pipe is written to, not replaced. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return output->fd >= 0 || error_set(err, "cannot be written: %s", strerror(errno));
	}
	return open_temporary(output, path, err);
}

bool output_write(void *user, struct slice bytes)
{
	struct output *output = user;
	while (bytes.len && !output->is_gone && !*output->trouble.text) {
		ssize_t count = write(output->fd, bytes.ptr, bytes.len);
		if (count >= 0)
			bytes = slice_skip(bytes, (size_t)count);
		else if (errno == EPIPE)
			output->is_gone = true;
		else if (errno != EINTR)
			error_set(&output->trouble, "cannot be written: %s", strerror(errno));
	}
	return !*output->trouble.text;
}

static bool close_fd(struct output *output)
{
	int fd = output->fd;
	output->fd = -1;
	if (fd < 0 || fd == STDOUT_FILENO || close(fd) == 0 || errno == EINTR)
		return true;
	return error_set(&output->trouble, "cannot be written: %s", strerror(errno));
}

bool output_close(struct output *output, bool keep, struct error *err)
{
	close_fd(output);
	bool is_good = !*output->trouble.text;
	if (!is_good)
		*err = output->trouble;
	if (output->temporary && keep && is_good && rename(output->temporary, output->target) != 0)
		is_good = error_set(err, "cannot be written: %s", strerror(errno));
	if (output->temporary && (!keep || !is_good))
		unlink(output->temporary);
	forget_names(output);
	return is_good;
}

bool output_is_terminal(const struct output *output)
{
	return isatty(output->fd);
}

bool output_wants_color(const struct output *output, enum color_choice choice)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	return !(no_color && *no_color) && term && strcmp(term, "dumb") != 0 && output_is_terminal(output);
}

unsigned output_width(const struct output *output)
{
	struct winsize size;
	uint64_t columns = 0;
	const char *setting = getenv("COLUMNS");
	if (ioctl(output->fd, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	else if (setting && !slice_to_decimal(slice_of(setting), &columns))
		columns = 0;
	if (!columns || columns > WIDTH_MAX)
		return WIDTH_MAX;
	return columns < WIDTH_MIN ? WIDTH_MIN : (unsigned)columns;
}

const char *output_temporary_directory(void)
{
	const char *directory = getenv("TMPDIR");
	return directory && *directory ? directory : "/tmp";
}

static void put_complaint(const char *subject, const char *text, struct slice excerpt)
{
	struct buf lines = BUF_INIT(64 * KIB);
	buf_text(&lines, "vmpanic: ");
	if (subject) {
		escape_terminal(&lines, slice_of(subject));
		buf_text(&lines, ": ");
	}
	escape_terminal(&lines, slice_of(text));
	buf_char(&lines, '\n');
	while (excerpt.len) {
		struct slice line = slice_until(excerpt, '\n');
		excerpt = slice_skip(excerpt, line.len + 1);
		escape_terminal(&lines, line);
		buf_char(&lines, '\n');
	}
	if (lines.failed)
		fputs("vmpanic: out of memory\n", stderr);
	else
		fwrite(lines.ptr, 1, lines.len, stderr);
	buf_deinit(&lines);
}

void complain(const char *subject, const char *text)
{
	put_complaint(subject, text, SLICE(""));
}

void complain_error(const char *subject, const struct error *err)
{
	put_complaint(subject, err->text, slice_of(err->excerpt));
}
