#include "scan/sent.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scan/session.h"

/* Of a guest's path, which may be long, so that a note has room for what it says of it. */
#define PATH_SHOWN_MAX 128
#define PLACE_BYTES 1024

/* Bytes in memory behind a descriptor, for the decoders read from one. */

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.len) {
		ssize_t count = write(fd, bytes.ptr, bytes.len);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes = slice_skip(bytes, (size_t)count);
	}
	return true;
}

/* -1, and why in errno, when it cannot be kept. */
static int keep(struct slice bytes)
{
	int fd = memfd_create("sent", MFD_CLOEXEC);
	if (fd < 0 || write_all(fd, bytes))
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

bool sent_open(const struct source *source, struct input *ret, struct error *err)
{
	*ret = (struct input){ .fd = fcntl(source->sent_fd, F_DUPFD_CLOEXEC, 0) };
	if (ret->fd >= 0 && lseek(ret->fd, 0, SEEK_SET) == 0)
		return true;
	error_set(err, "cannot be opened: %s", strerror(errno));
	input_close(ret);
	return false;
}

/* What it is, also behind compression. One that cannot be decoded may be a log: it becomes a source,
 * whose reading tells why it cannot. */
static bool is_log(struct sent *sent, const struct source *source)
{
	struct input input;
	struct error ignored;
	size_t len = 0;
	bool is_ours = true;
	char *head = malloc(DETECT_BYTES);
	if (!head)
		sent->failed = true;
	else if (sent_open(source, &input, &ignored)) {
		bool is_read = input_read_full(&input, head, DETECT_BYTES, &len, &ignored);
		enum log_format format = vmxlog_detect((struct slice){ head, len }, len < DETECT_BYTES);
		is_ours = format == LOG_VMWARE || format == LOG_KERNEL || (!is_read && !len && !input.is_refused);
		input_close(&input);
	}
	free(head);
	return is_ours;
}

/* What is said of a file. */

static struct slice shown_path(struct sent *sent, struct slice path)
{
	struct arena *arena = &sent->session->arena;
	if (!path.len)
		return SLICE("a file without a name");
	if (path.len <= PATH_SHOWN_MAX)
		return arena_copy(arena, path);
	return arena_printf(arena, "...%.*s", SLICE_ARG(slice_skip(path, path.len - PATH_SHOWN_MAX)));
}

static void note_file(struct sent *sent, struct slice path, const struct xferlog_file *file, const char *what)
{
	char size[32];
	if (file->sent_bytes < KIB)
		snprintf(size, sizeof(size), "%" PRIu64 " bytes", file->sent_bytes);
	else
		snprintf(size, sizeof(size), "%" PRIu64 " KiB", (file->sent_bytes + KIB / 2) / KIB);
	session_note(sent->session, "the guest sent %.*s (%s%s%s): %s", SLICE_ARG(path), size,
		     file->is_damaged ? ", damaged" : "", file->is_cut ? ", its end is missing" : "", what);
}

static void add_note(struct sent *sent, struct source *source, struct slice text)
{
	if (source->note_count < SOURCE_NOTES_MAX)
		source->notes[source->note_count++] = text;
	sent->failed |= sent->session->arena.failed;
}

static void describe(struct sent *sent, struct source *source, const struct xferlog_file *file)
{
	struct arena *arena = &sent->session->arena;
	struct buf place = BUF_INIT(PLACE_BYTES);
	bool is_over = file->sent_bytes > file->bytes.len;
	source_place_print(&place, &sent->session->source.parts, file->line);
	add_note(sent, source, arena_printf(arena, "the guest sent it through its log, from %.*s on",
					    SLICE_ARG(buf_slice(&place))));
	if (is_over)
		add_note(sent, source, arena_printf(arena, "only its first %zu MiB were read", XFERLOG_BYTES / MIB));
	if (file->is_damaged)
		add_note(sent, source, SLICE("lines of it are damaged or missing in the log: what they held is left out"));
	if (file->is_cut)
		add_note(sent, source, SLICE("its end is missing in the log"));
	source->is_short = is_over;
	source->is_cut = is_over || file->is_damaged || file->is_cut;
	sent->failed |= place.failed;
	buf_deinit(&place);
}

static void take_file(void *user, const struct xferlog_file *file)
{
	struct sent *sent = user;
	struct session *session = sent->session;
	struct slice path = shown_path(sent, file->path);
	struct source *source = &sent->sources[sent->source_count];
	*source = (struct source){
		.path = session->what->path, .label = path, .is_sent = true, .sent_fd = keep(file->bytes),
		.settings = session->what->settings, .setting_count = session->what->setting_count,
	};
	if (source->sent_fd < 0) {
		note_file(sent, path, file, strerror(errno));
		session_mark_incomplete(session);
		session->limit_reached = true;
	} else if (is_log(sent, source)) {
		describe(sent, source, file);
		sent->source_count++;
	} else {
		note_file(sent, path, file, "not a log");
		close(source->sent_fd);
	}
}

/* Between the reader and who puts boots together. */

static void pass_guest(void *user, const struct guest_line *line)
{
	struct sent *sent = user;
	xferlog_take_line(&sent->xferlog, line);
	sent->next->guest(sent->next->user, line);
}

static void pass_event(void *user, const struct host_event *event)
{
	struct sent *sent = user;
	if (event->kind == HOST_THROTTLED)
		xferlog_mark_dropped(&sent->xferlog);
	sent->next->event(sent->next->user, event);
}

static void pass_setting(void *user, const struct vm_setting *setting)
{
	const struct sent *sent = user;
	sent->next->setting(sent->next->user, setting);
}

const struct vmxlog_sink *sent_begin(struct sent *sent, struct session *session, const struct vmxlog_sink *next)
{
	sent->session = session;
	sent->next = next;
	sent->sink = (struct vmxlog_sink){ sent, pass_guest, pass_event, pass_setting };
	/* What a sent log holds of sent files is not looked into: it could go on without end. */
	xferlog_init(&sent->xferlog, session->what->is_sent ? 0 : XFERLOGS_MAX, sent, take_file);
	return &sent->sink;
}

bool sent_end(struct sent *sent)
{
	struct xferlog *xferlog = &sent->xferlog;
	sent->failed |= !xferlog_finish(xferlog);
	if (xferlog->file_count > xferlog->limit) {
		size_t count = xferlog->file_count - xferlog->limit;
		session_note(sent->session, "%zu more file%s that the guest sent through its log %s left out", count,
			     count == 1 ? "" : "s", count == 1 ? "was" : "were");
		session_mark_incomplete(sent->session);
		sent->session->limit_reached = true;
	}
	if (xferlog->any_headless)
		session_note(sent->session, "a file that the guest sent lacks its beginning in the log: left out");
	xferlog_deinit(xferlog);
	/* One of them may lack bytes, and nothing would say so. */
	if (sent->failed)
		sent_deinit(sent);
	return !sent->failed;
}

void sent_deinit(struct sent *sent)
{
	for (size_t i = 0; i < sent->source_count; i++)
		close(sent->sources[i].sent_fd);
	xferlog_deinit(&sent->xferlog);
	sent->source_count = 0;
}
