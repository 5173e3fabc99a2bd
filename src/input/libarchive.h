/* libarchive, which is loaded when the first archive is met: with an XML parser and the tables of ICU behind it,
 * loading it takes longer than reading an ordinary log. */
#ifndef INPUT_LIBARCHIVE_H
#define INPUT_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

/* Of libarchive 3, since 2011; of Debian's package libarchive13. */
#define LIBARCHIVE_SONAME "libarchive.so.13"

/* What is used of it. */
#define LIBARCHIVE_FUNCTIONS(F)                                                                                 \
	F(archive_read_new) F(archive_read_free) F(archive_read_open1) F(archive_read_set_format)                 \
	F(archive_read_support_format_zip) F(archive_read_support_format_7zip)                                    \
	F(archive_read_set_callback_data) F(archive_read_set_read_callback) F(archive_read_set_skip_callback)     \
	F(archive_read_set_seek_callback) F(archive_read_next_header2) F(archive_read_header_position)            \
	F(archive_read_data_block) F(archive_read_data_skip) F(archive_filter_bytes) F(archive_errno)             \
	F(archive_error_string) F(archive_entry_new2) F(archive_entry_free) F(archive_entry_pathname)             \
	F(archive_entry_hardlink) F(archive_entry_filetype) F(archive_entry_size) F(archive_entry_size_is_set)    \
	F(archive_entry_is_encrypted)

struct libarchive {
#define LIBARCHIVE_MEMBER(name) __typeof__(name) *name;
	LIBARCHIVE_FUNCTIONS(LIBARCHIVE_MEMBER)
#undef LIBARCHIVE_MEMBER
};

/* NULL when it cannot be loaded. In any thread. */
const struct libarchive *libarchive(void);

#endif
