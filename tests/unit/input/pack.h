/* Archives in memory, made by libarchive's writer; and what a reader says of one, as a text. */
#ifndef TESTS_INPUT_PACK_H
#define TESTS_INPUT_PACK_H

#include "compress.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdio.h>

#include "base/limits.h"
#include "input/archive.h"
#include "input/input.h"

#define PACK_ROOM (4 * MIB)

struct packed {
	const char *name;
	struct slice text;
	char kind;          /* 0: a file; 'd' folder, 'l' link, 'h' hard link, 'f' FIFO */
	bool has_no_size;   /* the writer is not told */
	int64_t sparse_at;  /* not 0: `text` stands here, with a hole in front of it and one behind it */
	int64_t sparse_size;
};

struct packer {
	const char *name;
	int (*format)(struct archive *archive);
	const char *options;
	bool needs_seek;
};

static const struct packer packers[] = {
	{ "ustar", archive_write_set_format_ustar, NULL, false },
	{ "gnutar", archive_write_set_format_gnutar, NULL, false },
	{ "pax", archive_write_set_format_pax, NULL, false },
	{ "zip stored", archive_write_set_format_zip, "zip:compression=store", false },
	{ "zip", archive_write_set_format_zip, "zip:compression=deflate", false },
	{ "7z", archive_write_set_format_7zip, NULL, true },
};
enum { USTAR, GNUTAR, PAX, ZIP_STORED, ZIP, SEVEN };

static inline void pack_entry(struct archive *archive, const struct packed *member)
{
	struct archive_entry *entry = archive_entry_new();
	size_t len = member->kind ? 0 : member->text.len;
	archive_entry_set_pathname(entry, member->name);
	archive_entry_set_mtime(entry, 1600000000, 0);
	archive_entry_set_mode(entry, (member->kind == 'd' ? AE_IFDIR : member->kind == 'l' ? AE_IFLNK
				       : member->kind == 'f' ? AE_IFIFO : AE_IFREG) | 0600);
	if (member->kind == 'l')
		archive_entry_set_symlink(entry, member->text.ptr);
	if (member->kind == 'h')
		archive_entry_set_hardlink(entry, member->text.ptr);
	if (!member->has_no_size)
		archive_entry_set_size(entry, member->sparse_at ? member->sparse_size : (int64_t)len);
	if (member->sparse_at)
		archive_entry_sparse_add_entry(entry, member->sparse_at, (int64_t)len);
	/* It warns of a name that is no UTF-8. */
	assert_true(archive_write_header(archive, entry) >= ARCHIVE_WARN);
	char *zeros = member->sparse_at ? calloc(1, (size_t)member->sparse_size) : NULL;
	if (zeros) {
		memcpy(zeros + member->sparse_at, member->text.ptr, len);
		assert_int_equal(archive_write_data(archive, zeros, (size_t)member->sparse_size), member->sparse_size);
	} else if (len) {
		assert_int_equal(archive_write_data(archive, member->text.ptr, len), len);
	}
	free(zeros);
	archive_entry_free(entry);
}

/* The caller frees its bytes. */
static inline struct slice pack_with(const struct packer *packer, const char *more_options,
				     const struct packed *members, size_t count)
{
	char *bytes = malloc(PACK_ROOM);
	size_t len = 0;
	struct archive *archive = archive_write_new();
	assert_int_equal(packer->format(archive), ARCHIVE_OK);
	if (packer->options)
		assert_int_equal(archive_write_set_options(archive, packer->options), ARCHIVE_OK);
	if (more_options) {
		assert_int_equal(archive_write_set_options(archive, more_options), ARCHIVE_OK);
		assert_int_equal(archive_write_set_passphrase(archive, "secret"), ARCHIVE_OK);
	}
	archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(archive_write_open_memory(archive, bytes, PACK_ROOM, &len), ARCHIVE_OK);
	for (size_t i = 0; i < count; i++)
		pack_entry(archive, &members[i]);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	return (struct slice){ bytes, len };
}

static inline struct slice pack(int packer, const struct packed *members, size_t count)
{
	return pack_with(&packers[packer], NULL, members, count);
}

static inline struct slice pack_one(int packer, const char *name, struct slice text)
{
	return pack(packer, &(struct packed){ .name = name, .text = text }, 1);
}

static inline struct slice squeeze(int compressor, struct slice bytes)
{
	char *out = malloc(PACK_ROOM);
	return (struct slice){ out, compressors[compressor].compress(bytes, out, PACK_ROOM) };
}

static inline void drop(struct slice bytes)
{
	free((char *)(uintptr_t)bytes.ptr);
}

/* The same bytes, which cannot be read here and there. */
static inline int pipe_of(struct slice bytes, pid_t *ret)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	*ret = fork();
	if (*ret == 0) {
		close(ends[0]);
		_exit(write(ends[1], bytes.ptr, bytes.len) == (ssize_t)bytes.len ? 0 : 1);
	}
	close(ends[1]);
	return ends[0];
}

/* ---- what a reader says ----
 *
 * A line for each member: NAME=TEXT, or NAME={ ... } of an archive inside; !ERROR where something
 * fails, and a full stop at an end without a failure. */

static inline void tell_input(struct buf *out, struct input *input, struct budget *budget);

static inline void tell_members(struct buf *out, struct archive_reader *reader, struct budget *budget)
{
	const struct archive_member *member;
	struct error err = { 0 };
	while (archive_reader_next(reader, &member, &err) && member) {
		struct input input;
		buf_printf(out, "%.*s=", SLICE_ARG(member->name));
		input_open_member(&input, archive_reader_source(reader), budget);
		tell_input(out, &input, budget);
		input_close(&input);
		buf_char(out, '\n');
	}
	if (err.text[0])
		buf_printf(out, "!%s", err.text);
	else
		buf_char(out, '.');
}

static inline void tell_input(struct buf *out, struct input *input, struct budget *budget)
{
	char block[4096];
	size_t len = 0;
	struct error err = { 0 };
	input->takes_archives = true;
	bool is_read = input_read(input, block, sizeof(block), &len, &err);
	if (is_read && input->archive) {
		struct byte_source source = input_carry_archive(input, budget);
		struct archive_reader *reader = archive_reader_new(source, (struct slice){ block, len }, budget, &err);
		buf_text(out, "{\n");
		if (reader)
			tell_members(out, reader, budget);
		else
			buf_printf(out, "!%s", err.text);
		buf_text(out, "}");
		archive_reader_free(reader);
		return;
	}
	for (; is_read && len; is_read = input_read(input, block, sizeof(block), &len, &err))
		buf_append(out, (struct slice){ block, len });
	if (!is_read)
		buf_printf(out, "!%s", err.text);
}

static inline void tell(struct buf *out, struct slice bytes, bool as_pipe, struct budget *budget)
{
	pid_t child = 0;
	struct input input = { .fd = as_pipe ? pipe_of(bytes, &child) : file_of(bytes) };
	buf_clear(out);
	tell_input(out, &input, budget);
	input_close(&input);
}

static inline void expect_told_as(const char *row, struct slice bytes, bool as_pipe, const char *expected)
{
	struct buf out = BUF_INIT(64 * MIB);
	struct budget budget = budget_of_archive();
	tell(&out, bytes, as_pipe, &budget);
	expect_text(row, buf_slice(&out), expected);
	buf_deinit(&out);
}

/* From a file, and from a pipe. */
static inline void expect_told(const char *row, struct slice bytes, const char *expected)
{
	expect_told_as(row, bytes, false, expected);
	expect_told_as(row, bytes, true, expected);
}

#endif
