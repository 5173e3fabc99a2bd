#include "input/archive.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "input/libarchive.h"

struct format {
	const char *name;
	int (*support)(struct archive *archive);
	size_t header_bytes;   /* at most so many are read for one header */
	bool needs_seek;
	bool outlives_damage;  /* the next member is found, whatever became of this one's data */
	bool has_end_mark;     /* its absence is a cut */
};

struct archive_reader {
	const struct format *format;
	struct archive *archive;
	struct archive_entry *entry;
	struct byte_source source;
	struct budget *budget;
	locale_t names; /* what libarchive turns names into; 0: what the program has */
	struct archive_counts counts;
	bool is_begun;
	bool is_over;   /* nothing more comes */
	bool has_failed;
	struct error failure;
	struct error damage; /* the first that was passed over */

	struct archive_member member;
	char number[32];     /* for a member without a name */
	bool is_in_member;   /* libarchive stands in its data */
	bool is_member_over;
	bool has_member_failed;
	struct error member_failure;
	struct slice data;   /* unpacked and not yet read */
	uint64_t data_at;    /* where in the member it stands: in front of it may be a hole */
	uint64_t member_at;

	uint64_t position;   /* in `source`, behind what was given to libarchive */
	size_t header_bytes; /* read since a header began */
	bool is_in_header;
	bool is_drained;     /* nothing is left to read */
	size_t head_len, block_size;
	char block[];
};

/* Formats. */

/* Without its bidding, which would end at a damaged first header. */
static int support_tar(struct archive *archive)
{
	return libarchive()->archive_read_set_format(archive, ARCHIVE_FORMAT_TAR);
}

static int support_zip(struct archive *archive)
{
	return libarchive()->archive_read_support_format_zip(archive);
}

static int support_7zip(struct archive *archive)
{
	return libarchive()->archive_read_support_format_7zip(archive);
}

static const struct format formats[] = {
	{ .name = "tar", .support = support_tar, .header_bytes = ARCHIVE_HEADER_BYTES, .has_end_mark = true },
	{ .name = "zip", .support = support_zip, .header_bytes = ARCHIVE_DIRECTORY_BYTES,
	  .outlives_damage = true },
	{ .name = "7z", .support = support_7zip, .header_bytes = ARCHIVE_DIRECTORY_BYTES,
	  .needs_seek = true },
};

const char *archive_name_of(struct slice head)
{
	static const struct {
		const char *name;
		size_t at;
		struct slice mark;
	} marks[] = {
		{ "tar", 257, { "ustar", 5 } },
		{ "zip", 0, { "PK\3\4", 4 } },
		{ "zip", 0, { "PK\5\6", 4 } }, /* an empty one */
		{ "7z", 0, { "7z\xbc\xaf\x27\x1c", 6 } },
		{ "rar", 0, { "Rar!\x1a\x07", 6 } },
	};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (slice_starts(slice_skip(head, marks[i].at), marks[i].mark))
			return marks[i].name;
	return NULL;
}

bool archive_refuse(const char *name, struct error *err)
{
	return error_set(err, "is a %s archive: unpack it, or give the log in it", name);
}

static const struct format *find_format(struct slice head)
{
	const char *name = archive_name_of(head);
	for (size_t i = 0; name && i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}

/* Failures. */

static void fail(struct archive_reader *reader, const char *how, const char *why)
{
	reader->is_over = reader->has_failed = true;
	error_set(&reader->failure, "%s: %s: %s", how, reader->format->name, why);
}

/* What libarchive has to say; some of it ends in a newline. */
static void explain(const struct archive_reader *reader, struct error *ret)
{
	const char *name = reader->format->name, *why = libarchive()->archive_error_string(reader->archive);
	if (!why)
		why = "its data are damaged";
	if (libarchive()->archive_errno(reader->archive) == ENOMEM)
		error_out_of_memory(ret);
	else if (reader->is_drained)
		error_set(ret, "is cut: %s: truncated input", name);
	else
		error_set(ret, "cannot be unpacked: %s: %.*s", name, (int)strcspn(why, "\n"), why);
}

static void give_up(struct archive_reader *reader)
{
	if (!reader->has_failed)
		explain(reader, &reader->failure);
	reader->is_over = reader->has_failed = true;
}

static void fail_member(struct archive_reader *reader)
{
	if (!reader->has_member_failed)
		explain(reader, &reader->member_failure);
	reader->has_member_failed = true;
}

/* What libarchive reads. Each returns a negative number once the archive has failed. */

static bool is_within_bounds(struct archive_reader *reader)
{
	if (reader->has_failed)
		return false;
	if (!budget_check(reader->budget))
		fail(reader, "is cut", reader->budget->excess);
	else if (reader->is_in_header && reader->header_bytes > reader->format->header_bytes)
		fail(reader, "is cut", "its directory or one of its headers is too large");
	return !reader->has_failed;
}

static la_ssize_t read_block(struct archive *archive, void *user, const void **ret)
{
	struct archive_reader *reader = user;
	size_t len = reader->head_len;
	(void)archive;
	if (!is_within_bounds(reader))
		return ARCHIVE_FATAL;
	if (!len && !byte_source_read(&reader->source, reader->block, reader->block_size, &len, &reader->failure)) {
		reader->is_over = reader->has_failed = true;
		return ARCHIVE_FATAL;
	}
	reader->head_len = 0;
	reader->is_drained = !len;
	reader->header_bytes += len;
	reader->position += len;
	*ret = reader->block;
	return (la_ssize_t)len;
}

static bool move_to(struct archive_reader *reader, uint64_t position)
{
	if (!is_within_bounds(reader))
		return false;
	if (!reader->source.seek(reader->source.user, position, &reader->failure)) {
		reader->is_over = reader->has_failed = true;
		return false;
	}
	reader->head_len = 0;
	reader->is_drained = false;
	reader->position = position;
	return true;
}

/* At most to the end: behind it a cut would go unseen. What is little is read, not passed over. */
static la_int64_t skip_bytes(struct archive *archive, void *user, la_int64_t request)
{
	struct archive_reader *reader = user;
	uint64_t left = reader->source.size > reader->position ? reader->source.size - reader->position : 0;
	uint64_t count = (uint64_t)request < left ? (uint64_t)request : left;
	(void)archive;
	if (reader->head_len || count < ARCHIVE_BLOCK_BYTES)
		return 0;
	return move_to(reader, reader->position + count) ? (la_int64_t)count : ARCHIVE_FATAL;
}

static la_int64_t seek_bytes(struct archive *archive, void *user, la_int64_t offset, int whence)
{
	struct archive_reader *reader = user;
	la_int64_t size = (la_int64_t)reader->source.size;
	la_int64_t from = whence == SEEK_END ? size : whence == SEEK_CUR ? (la_int64_t)reader->position : 0;
	(void)archive;
	if (offset < -from || offset > size - from)
		return ARCHIVE_FATAL;
	return move_to(reader, (uint64_t)(from + offset)) ? from + offset : ARCHIVE_FATAL;
}

/* Opening. */

/* Names come out as they are stored; where they are stored as UTF-16, or said to be UTF-8, as UTF-8.
 * For that libarchive asks for the locale, which is "C" in this program: there it would put '?'
 * in the place of what is not ASCII. */
static bool choose_names(struct archive_reader *reader)
{
	reader->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return reader->names || errno != ENOMEM;
}

static bool set_up(struct archive_reader *reader)
{
	reader->archive = libarchive()->archive_read_new();
	if (!reader->archive || !choose_names(reader))
		return false;
	reader->entry = libarchive()->archive_entry_new2(reader->archive);
	if (!reader->entry || reader->format->support(reader->archive) != ARCHIVE_OK ||
	    libarchive()->archive_read_set_callback_data(reader->archive, reader) != ARCHIVE_OK)
		return false;
	libarchive()->archive_read_set_read_callback(reader->archive, read_block);
	if (reader->source.seek) {
		libarchive()->archive_read_set_skip_callback(reader->archive, skip_bytes);
		libarchive()->archive_read_set_seek_callback(reader->archive, seek_bytes);
	}
	return true;
}

static struct archive_reader *allocate(const struct format *format, struct slice head)
{
	size_t block_size = head.len > ARCHIVE_BLOCK_BYTES ? head.len : ARCHIVE_BLOCK_BYTES;
	struct archive_reader *reader = malloc(sizeof(*reader) + block_size);
	if (!reader)
		return NULL;
	*reader = (struct archive_reader){ .format = format, .head_len = head.len, .block_size = block_size };
	memcpy(reader->block, head.ptr, head.len);
	return reader;
}

static bool check_kind(const struct byte_source *source, struct slice head, struct budget *budget, struct error *err)
{
	const struct format *format = find_format(head);
	if (!format)
		return archive_refuse(archive_name_of(head), err);
	if (!libarchive())
		return error_set(err, "is a %s archive, for which " LIBARCHIVE_SONAME " is missing", format->name);
	if (format->needs_seek && !source->seek)
		return error_set(err, "is a %s archive, which cannot be read as a stream: unpack it once",
				 format->name);
	return budget->depth < budget->depth_max ||
	       error_set(err, "is an archive in %u others: unpack it once", budget->depth);
}

struct archive_reader *archive_reader_new(struct byte_source source, struct slice head, struct budget *budget,
					  struct error *err)
{
	if (!check_kind(&source, head, budget, err))
		return NULL;
	struct archive_reader *reader = allocate(find_format(head), head);
	if (!reader) {
		error_out_of_memory(err);
		return NULL;
	}
	reader->source = source;
	reader->budget = budget;
	budget->depth++;
	if (set_up(reader))
		return reader;
	error_out_of_memory(err);
	archive_reader_free(reader);
	return NULL;
}

void archive_reader_free(struct archive_reader *reader)
{
	if (!reader)
		return;
	libarchive()->archive_entry_free(reader->entry);
	libarchive()->archive_read_free(reader->archive);
	if (reader->names)
		freelocale(reader->names);
	reader->budget->depth--;
	free(reader);
}

const char *archive_reader_name(const struct archive_reader *reader)
{
	return reader->format->name;
}

const struct archive_counts *archive_reader_counts(const struct archive_reader *reader)
{
	return &reader->counts;
}

/* The next member. */

static bool begin(struct archive_reader *reader)
{
	bool is_begun = reader->is_begun;
	reader->is_begun = true;
	return is_begun || libarchive()->archive_read_open1(reader->archive) == ARCHIVE_OK;
}

static int next_header(struct archive_reader *reader)
{
	bool is_in_member = reader->is_in_member;
	reader->is_in_member = false;
	if (is_in_member && libarchive()->archive_read_data_skip(reader->archive) == ARCHIVE_FATAL)
		return ARCHIVE_FATAL;
	reader->is_in_header = true;
	reader->header_bytes = 0;
	int result = ARCHIVE_FATAL;
	if (begin(reader))
		result = libarchive()->archive_read_next_header2(reader->archive, reader->entry);
	reader->is_in_header = false;
	return result;
}

/* What stands behind the end is read, too: the check sum of the compression around it. */
static void drain(struct archive_reader *reader)
{
	const void *block;
	while (read_block(reader->archive, reader, &block) > 0)
		;
}

static void end(struct archive_reader *reader)
{
	bool is_marked = libarchive()->archive_filter_bytes(reader->archive, 0) !=
			 libarchive()->archive_read_header_position(reader->archive);
	reader->is_over = true;
	if (!reader->source.seek)
		drain(reader);
	if (reader->has_failed)
		return;
	if (reader->format->has_end_mark && !is_marked)
		fail(reader, "is cut", "its end is missing");
	if (reader->counts.damaged) {
		reader->has_failed = true;
		reader->failure = reader->damage;
	}
}

/* libarchive says where to go on. */
static void pass_damage(struct archive_reader *reader)
{
	if (!reader->counts.damaged++)
		explain(reader, &reader->damage);
	if (libarchive()->archive_errno(reader->archive) == ENOMEM)
		give_up(reader);
	else
		is_within_bounds(reader);
}

static uint64_t *count_of(struct archive_reader *reader)
{
	struct archive_counts *counts = &reader->counts;
	if (libarchive()->archive_entry_hardlink(reader->entry))
		return &counts->hard_links;
	switch (libarchive()->archive_entry_filetype(reader->entry)) {
	case AE_IFREG:
		return &counts->files;
	case AE_IFDIR:
		return &counts->folders;
	case AE_IFLNK:
		return &counts->links;
	default:
		return &counts->others;
	}
}

static struct slice name_of(struct archive_reader *reader)
{
	const char *name = libarchive()->archive_entry_pathname(reader->entry);
	if (name && *name)
		return slice_of(name);
	snprintf(reader->number, sizeof(reader->number), "member-%" PRIu64, reader->counts.files);
	return slice_of(reader->number);
}

static void begin_member(struct archive_reader *reader)
{
	struct archive_entry *entry = reader->entry;
	la_int64_t size = libarchive()->archive_entry_size(entry);
	reader->member = (struct archive_member){
		.name = name_of(reader),
		.is_size_known = libarchive()->archive_entry_size_is_set(entry) && size >= 0,
		.is_encrypted = libarchive()->archive_entry_is_encrypted(entry),
	};
	if (reader->member.is_size_known)
		reader->member.size = (uint64_t)size;
	reader->is_member_over = reader->member.is_encrypted;
	reader->data = SLICE("");
	reader->data_at = reader->member_at = 0;
	reader->has_member_failed = reader->member.is_encrypted;
	reader->counts.encrypted += reader->member.is_encrypted;
	if (reader->member.is_encrypted)
		error_set(&reader->member_failure, "is encrypted: %s", reader->format->name);
}

/* NULL for what is passed over. */
static const struct archive_member *take(struct archive_reader *reader)
{
	uint64_t *count = count_of(reader);
	reader->is_in_member = true;
	++*count;
	if (!budget_add_member(reader->budget))
		fail(reader, "is cut", reader->budget->excess);
	if (reader->has_failed || count != &reader->counts.files)
		return NULL;
	begin_member(reader);
	return &reader->member;
}

static const struct archive_member *step(struct archive_reader *reader)
{
	switch (next_header(reader)) {
	case ARCHIVE_OK:
	case ARCHIVE_WARN:
		return take(reader);
	case ARCHIVE_EOF:
		end(reader);
		return NULL;
	case ARCHIVE_RETRY:
	case ARCHIVE_FAILED:
		pass_damage(reader);
		return NULL;
	default:
		give_up(reader);
		return NULL;
	}
}

bool archive_reader_next(struct archive_reader *reader, const struct archive_member **ret, struct error *err)
{
	locale_t before = reader->names ? uselocale(reader->names) : (locale_t)0;
	*ret = NULL;
	while (!*ret && !reader->is_over)
		*ret = step(reader);
	if (before)
		uselocale(before);
	if (*ret || !reader->has_failed)
		return true;
	*err = reader->failure;
	return false;
}

/* A member's bytes. */

static void next_data(struct archive_reader *reader)
{
	const void *bytes = NULL;
	size_t len = 0;
	la_int64_t at = 0;
	int result = libarchive()->archive_read_data_block(reader->archive, &bytes, &len, &at);
	if (result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF) {
		reader->data = (struct slice){ bytes, result == ARCHIVE_EOF ? 0 : len };
		reader->data_at = at > 0 ? (uint64_t)at : 0;
	}
	reader->is_member_over = result != ARCHIVE_OK;
	if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
		fail_member(reader);
	/* Whether the bytes of the file ran out, or memory, or only this member is damaged. */
	bool is_out_of_memory = libarchive()->archive_errno(reader->archive) == ENOMEM;
	if (result == ARCHIVE_FATAL && (!reader->format->outlives_damage || is_out_of_memory))
		give_up(reader);
}

/* What is at hand: the zeros of a hole, or data. */
static size_t copy_data(struct archive_reader *reader, char *bytes, size_t size)
{
	uint64_t hole = reader->data_at > reader->member_at ? reader->data_at - reader->member_at : 0;
	uint64_t left = hole ? hole : reader->data.len;
	size_t count = left < size ? (size_t)left : size;
	if (hole) {
		memset(bytes, 0, count);
	} else if (count) {
		memcpy(bytes, reader->data.ptr, count);
		reader->data = slice_skip(reader->data, count);
		reader->data_at += count;
	}
	reader->member_at += count;
	return count;
}

bool archive_reader_read(struct archive_reader *reader, char *bytes, size_t size, size_t *ret, struct error *err)
{
	*ret = reader->has_failed || !reader->is_in_member ? 0 : copy_data(reader, bytes, size);
	while (!*ret && !reader->has_failed && reader->is_in_member && !reader->is_member_over) {
		next_data(reader);
		*ret = copy_data(reader, bytes, size);
	}
	if (*ret && !budget_add_out(reader->budget, *ret))
		fail(reader, "is cut", reader->budget->excess);
	if (*ret || (!reader->has_failed && !reader->has_member_failed))
		return true;
	*err = reader->has_failed ? reader->failure : reader->member_failure;
	return false;
}

static bool read_member(void *user, char *bytes, size_t size, size_t *ret, struct error *err)
{
	return archive_reader_read(user, bytes, size, ret, err);
}

struct byte_source archive_reader_source(struct archive_reader *reader)
{
	return (struct byte_source){ .user = reader, .read = read_member };
}
