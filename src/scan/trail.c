#include "scan/trail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"
#include "input/decompress.h"
#include "input/input.h"
#include "kmsg/record.h"
#include "scan/judge.h"
#include "vmxlog/reader.h"

/* Long enough that no two logs have the same, by their stamps. */
#define MARK_BYTES 512
/* Behind the last guest line of a dump that is being written. */
#define END_BYTES (4 * KIB)

struct trail *trail_new(const struct folder_file *file, struct error *err)
{
	struct trail *trail = calloc(1, sizeof(*trail));
	char *name = strdup(file->name.ptr);
	if (!trail || !name) {
		free(trail);
		free(name);
		error_out_of_memory(err);
		return NULL;
	}
	trail->name = name;
	trail->dev = file->dev;
	trail->ino = file->ino;
	trail->unit.trail = trail;
	return trail;
}

void trail_free(struct trail *trail)
{
	passed_deinit(&trail->passed);
	free(trail->name);
	free(trail->before);
	free(trail);
}

/* ---- marks ---- */

static bool read_at(int fd, char *bytes, size_t size, uint64_t at, size_t *ret, struct error *err)
{
	for (*ret = 0; *ret < size;) {
		ssize_t count = pread(fd, bytes + *ret, size - *ret, (off_t)(at + *ret));
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_set(err, "cannot be read: %s", strerror(errno));
		if (!count)
			break;
		*ret += (size_t)count;
	}
	return true;
}

static bool mark_take(int fd, uint64_t end, struct mark *ret, struct error *err)
{
	char bytes[MARK_BYTES];
	size_t size = end < MARK_BYTES ? (size_t)end : MARK_BYTES, len;
	if (!read_at(fd, bytes, size, end - size, &len, err))
		return false;
	*ret = (struct mark){ end, hash_slice(HASH_START, (struct slice){ bytes, len }), (uint16_t)len };
	return true;
}

static bool mark_is_there(int fd, const struct mark *mark)
{
	struct mark now;
	return !mark->len || (mark_take(fd, mark->end, &now, NULL) && now.len == mark->len && now.hash == mark->hash);
}

static bool take_marks(struct trail *trail, int fd, uint64_t end, struct error *err)
{
	struct trail_state *state = &trail->state;
	uint64_t head = end < MARK_BYTES ? end : MARK_BYTES;
	return (state->head.end == head || mark_take(fd, head, &state->head, err)) &&
	       mark_take(fd, end, &state->tail, err);
}

/* ---- news ---- */

struct notice {
	const struct trail *trail;
	struct rule_engine *engine;
	struct trail_news *news;
	uint64_t last_line;   /* with news, in what was read */
};

/* Behind these a panicking kernel says nothing more: the offset of its text is the last line that it leaves in
 * its buffer, the other two are the last ones on a console. */
static bool ends_dump(struct slice text)
{
	return slice_starts(text, SLICE("Kernel Offset: ")) || slice_starts(text, SLICE("---[ end Kernel panic")) ||
	       slice_starts(text, SLICE("Rebooting in "));
}

/* In a vmware.log the kernel speaks only when it fails. On a console it always does: there what no fact and
 * no rule asks for changes no judgement, but that text of a boot is missing. */
static void notice_guest(void *user, const struct guest_line *line)
{
	struct notice *notice = user;
	const struct told *told = &notice->trail->state.told;
	struct kmsg_record record = { .text = line->text };
	if (line->sender != GUEST_KERNEL && line->sender != GUEST_CONSOLE)
		return;
	kmsg_parse(line->text, &record);
	if (notice->trail->kind == TRAIL_KERNEL && !(told->line && !told->is_complete) &&
	    !ends_dump(record.text) && !judge_is_evidence(notice->engine, record.text))
		return;
	notice->news->is_news = true;
	notice->news->is_complete |= ends_dump(record.text);
	notice->last_line = line->line;
}

static void notice_event(void *user, const struct host_event *event)
{
	const struct notice *notice = user;
	notice->news->is_news |= event->kind != HOST_DISK_OPENED;
	notice->news->is_complete |= event->kind == HOST_BOOT && notice->last_line;
}

static void notice_setting(void *user, const struct vm_setting *setting)
{
	(void)user, (void)setting;
}

/* Of so many bytes that they hold the beginning of a line. */
static struct vmxlog_reader *notice_begin(const struct notice *notice, const struct vmxlog_sink *sink,
					  struct error *err)
{
	return vmxlog_reader_new(notice->trail->kind == TRAIL_VMWARE ? LOG_VMWARE : LOG_KERNEL, sink, err);
}

static bool feed_news(struct trail *trail, int fd, const struct trail_reader *how, struct vmxlog_reader *reader,
		      struct error *err)
{
	uint64_t at = trail->looked;
	size_t len = 1;
	while (at < trail->size && len) {
		uint64_t left = trail->size - at;
		size_t size = left < INPUT_BLOCK_BYTES ? (size_t)left : INPUT_BLOCK_BYTES;
		struct slice block = { how->block, 0 };
		if (!read_at(fd, how->block, size, at, &len, err))
			return false;
		block.len = len;
		if (!vmxlog_reader_feed(reader, block, err))
			return false;
		at += len;
		const char *end = memrchr(block.ptr, '\n', block.len);
		/* A line without end is not read again and again. */
		if (end || at - trail->looked > LINE_MAX_BYTES)
			trail->looked = at - (end ? (uint64_t)(block.ptr + block.len - end - 1) : 0);
	}
	return true;
}

static bool take_news(struct trail *trail, int fd, const struct trail_reader *how, struct trail_news *news,
		      struct error *err)
{
	struct notice notice = { .trail = trail, .engine = how->engine, .news = news };
	const struct vmxlog_sink sink = { &notice, notice_guest, notice_event, notice_setting };
	struct vmxlog_reader *reader = notice_begin(&notice, &sink, err);
	if (!reader)
		return false;
	bool is_read = feed_news(trail, fd, how, reader, err);
	vmxlog_reader_finish(reader);
	vmxlog_reader_free(reader);
	return is_read;
}

/* ---- what it is ---- */

static bool detect(struct trail *trail, int fd, const struct trail_reader *how, struct error *err)
{
	size_t len;
	if (trail->kind != TRAIL_UNKNOWN || !trail->size)
		return true;
	if (!read_at(fd, how->block, DETECT_BYTES, 0, &len, err))
		return false;
	struct slice head = { how->block, len };
	enum log_format format = vmxlog_detect(head, len < DETECT_BYTES);
	if (decoder_knows(head))
		trail->kind = TRAIL_PACKED;
	else if (format == LOG_VMWARE || format == LOG_KERNEL)
		trail->kind = format == LOG_VMWARE ? TRAIL_VMWARE : TRAIL_KERNEL;
	else if (len == DETECT_BYTES)
		trail->kind = TRAIL_OTHER;
	return true;
}

static bool open_file(const struct trail *trail, int folder, struct input *ret, struct stat *ret_st, struct error *err)
{
	if (!input_open_at(ret, folder, trail->name, err))
		return false;
	if (fstat(ret->fd, ret_st) == 0)
		return true;
	error_set(err, "cannot be looked at: %s", strerror(errno));
	input_close(ret);
	return false;
}

static void remember_size(struct trail *trail, const struct stat *st)
{
	trail->size = (uint64_t)st->st_size;
	trail->mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec;
}

/* ---- beginning ---- */

static bool was_just_written(const struct stat *st)
{
	int64_t age_s = (int64_t)time(NULL) - st->st_mtim.tv_sec;
	return age_s >= -1 && age_s <= TRAIL_QUIET_MS / 1000;
}

/* Whether guest text is the last that the log holds. If so, the last line is still to be judged. */
static bool ends_in_news(struct trail *trail, int fd, const struct trail_reader *how, struct error *err)
{
	struct trail_news news = { 0 };
	struct notice notice = { .trail = trail, .engine = how->engine, .news = &news };
	const struct vmxlog_sink sink = { &notice, notice_guest, notice_event, notice_setting };
	uint64_t at = trail->size < END_BYTES ? 0 : trail->size - END_BYTES;
	size_t len;
	if (!read_at(fd, how->block, END_BYTES, at, &len, err))
		return false;
	struct slice end = { how->block, len };
	if (at)
		end = slice_skip(end, slice_until(end, '\n').len + 1);
	struct vmxlog_reader *reader = notice_begin(&notice, &sink, err);
	bool is_read = reader && vmxlog_reader_feed(reader, end, err);
	if (is_read)
		vmxlog_reader_finish(reader);
	bool is_last = is_read && end.len && notice.last_line == vmxlog_reader_totals(reader).lines;
	vmxlog_reader_free(reader);
	return is_last;
}

/* What is a line's front now is looked at again when the rest has come. */
static bool find_line(struct trail *trail, int fd, const struct trail_reader *how, struct error *err)
{
	size_t size = trail->size < END_BYTES ? (size_t)trail->size : END_BYTES, len;
	if (!read_at(fd, how->block, size, trail->size - size, &len, err))
		return false;
	const char *end = len ? memrchr(how->block, '\n', len) : NULL;
	trail->looked = end ? trail->size - (uint64_t)(how->block + len - end - 1) : trail->size - len;
	return true;
}

static bool begin(struct trail *trail, int fd, const struct stat *st, const struct trail_reader *how,
		  bool *ret_is_under_way, struct error *err)
{
	*ret_is_under_way = false;
	remember_size(trail, st);
	if (was_just_written(st)) {
		if (!detect(trail, fd, how, err))
			return false;
		*ret_is_under_way = (trail->kind == TRAIL_VMWARE || trail->kind == TRAIL_KERNEL) &&
				    ends_in_news(trail, fd, how, err);
	}
	if (!find_line(trail, fd, how, err))
		return false;
	trail->state.judged = trail->looked - (*ret_is_under_way && trail->looked == trail->size);
	trail->state.is_accounted = *ret_is_under_way;
	return take_marks(trail, fd, trail->size, err);
}

bool trail_begin(struct trail *trail, int folder, const struct trail_reader *reader, bool *ret_is_under_way,
		 struct error *err)
{
	struct input input;
	struct stat st;
	if (!open_file(trail, folder, &input, &st, err))
		return false;
	bool is_begun = begin(trail, input.fd, &st, reader, ret_is_under_way, err);
	input_close(&input);
	return is_begun;
}

/* ---- looking ---- */

/* A copy of what it held may still come to light. */
static bool forget_text(struct trail *trail, struct error *err)
{
	if (!trail->before)
		trail->before = malloc(sizeof(*trail->before));
	if (!trail->before)
		return error_out_of_memory(err);
	*trail->before = trail->state;
	trail->state = (struct trail_state){ .is_accounted = true };
	trail->looked = 0;
	trail->kind = TRAIL_UNKNOWN;
	passed_deinit(&trail->passed);
	return true;
}

/* Of a compressed file the bytes are not those of its text. */
static bool is_another(const struct trail *trail, int fd, const struct stat *st, uint64_t size_before)
{
	uint64_t size = (uint64_t)st->st_size;
	if (trail->kind == TRAIL_PACKED)
		return size < size_before;
	return size < trail->state.tail.end || !mark_is_there(fd, &trail->state.tail);
}

static bool look(struct trail *trail, int fd, const struct stat *st, const struct trail_reader *how,
		 struct trail_news *ret, struct error *err)
{
	uint64_t before = trail->size;
	if (trail->kind == TRAIL_OTHER && (uint64_t)st->st_size >= trail->state.tail.end)
		return true;
	remember_size(trail, st);
	if (!detect(trail, fd, how, err))
		return false;
	ret->was_cut_short = is_another(trail, fd, st, before);
	if (ret->was_cut_short && (!forget_text(trail, err) || !detect(trail, fd, how, err)))
		return false;
	if (trail->kind == TRAIL_PACKED) {
		ret->is_news = trail->size != trail->looked || ret->was_cut_short;
		trail->looked = trail->size;
	} else if (trail->kind == TRAIL_VMWARE || trail->kind == TRAIL_KERNEL) {
		return take_news(trail, fd, how, ret, err) && take_marks(trail, fd, trail->size, err);
	}
	return trail->kind == TRAIL_PACKED || take_marks(trail, fd, trail->size, err);
}

bool trail_look(struct trail *trail, int folder, const struct trail_reader *reader, int64_t now_ms,
		struct trail_news *ret, struct error *err)
{
	struct input input;
	struct stat st;
	*ret = (struct trail_news){ 0 };
	if (!open_file(trail, folder, &input, &st, err)) {
		ret->has_moved = fstatat(folder, trail->name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
		return ret->has_moved;
	}
	ret->has_moved = st.st_dev != trail->dev || st.st_ino != trail->ino;
	if (!ret->has_moved && (uint64_t)st.st_size != trail->size)
		trail->grown_ms = now_ms;
	bool is_read = ret->has_moved || look(trail, input.fd, &st, reader, ret, err);
	input_close(&input);
	return is_read;
}

uint64_t trail_limit(const struct trail *trail, int64_t now_ms)
{
	if (trail->kind == TRAIL_PACKED)
		return UINT64_MAX;
	return now_ms - trail->grown_ms >= TRAIL_QUIET_MS ? trail->size : trail->looked;
}

bool trail_has_grown(struct trail *trail, int folder)
{
	uint64_t before = trail->size;
	struct stat st;
	if (fstatat(folder, trail->name, &st, AT_SYMLINK_NOFOLLOW) != 0 || st.st_ino != trail->ino)
		return false;
	remember_size(trail, &st);
	return trail->size != before;
}

/* ---- copies ---- */

/* The bytes in front of `end`, out of a plain or compressed file that is read forward. */
static bool read_marked(struct input *input, uint64_t end, size_t wanted, const struct trail_reader *how, char *bytes,
			size_t *ret)
{
	uint64_t at = 0, from = end - wanted;
	size_t len = 1;
	for (*ret = 0; at < end && len;) {
		size_t size = end - at < INPUT_BLOCK_BYTES ? (size_t)(end - at) : INPUT_BLOCK_BYTES;
		if (!input_read(input, how->block, size < INPUT_HEAD_BYTES ? INPUT_HEAD_BYTES : size, &len, NULL))
			return false;
		size_t skip = at < from ? (from - at < len ? (size_t)(from - at) : len) : 0;
		size_t take = len - skip < wanted - *ret ? len - skip : wanted - *ret;
		memcpy(bytes + *ret, how->block + skip, take);
		*ret += take;
		at += len;
	}
	return true;
}

static struct mark mark_of_text(const struct trail *trail, int folder, uint64_t end, size_t wanted,
				const struct trail_reader *how)
{
	char bytes[MARK_BYTES] = { 0 };
	struct input input;
	size_t len = 0;
	bool is_read = input_open_at(&input, folder, trail->name, NULL);
	if (is_read) {
		is_read = read_marked(&input, end, wanted, how, bytes, &len);
		input_close(&input);
	}
	if (!is_read)
		len = 0;
	return (struct mark){ end, hash_slice(HASH_START, (struct slice){ bytes, len }), (uint16_t)len };
}

struct mark trail_head(const struct trail *trail, int folder, const struct trail_reader *reader)
{
	return mark_of_text(trail, folder, MARK_BYTES, MARK_BYTES, reader);
}

enum trail_likeness trail_compare(const struct trail *trail, int folder, const struct mark *head,
				  const struct trail_state *known, const struct trail_reader *reader)
{
	/* What is too short could be anything's beginning. */
	if (known->head.len < MARK_BYTES)
		return LIKENESS_NONE;
	if (head->len < MARK_BYTES)
		return LIKENESS_MAYBE;
	if (head->hash != known->head.hash)
		return LIKENESS_NONE;
	struct mark tail = mark_of_text(trail, folder, known->tail.end, known->tail.len, reader);
	if (tail.len < known->tail.len)
		return LIKENESS_MAYBE;
	return tail.hash == known->tail.hash ? LIKENESS_COPY : LIKENESS_NONE;
}
