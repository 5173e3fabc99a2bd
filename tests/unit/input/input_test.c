#include "compress.h"

#include <sys/stat.h>

#include "input/input.h"

#define ROOM (4 * MIB)

/* All that an open descriptor gives, `step` bytes at a time. */
struct reading {
	char *bytes;
	size_t len;
	bool is_done;
	struct error err;
};

static struct reading read_all(int fd, size_t step)
{
	struct reading all = { .bytes = malloc(ROOM) };
	struct input input = { .fd = fd };
	size_t count = 1;
	while (count) {
		assert_true(all.len + step <= ROOM);
		all.is_done = input_read(&input, all.bytes + all.len, step, &count, &all.err);
		all.len += count;
	}
	input_close(&input);
	return all;
}

static void expect_reading(const char *row, struct slice file, struct slice text, const char *error)
{
	static const size_t steps[] = { INPUT_HEAD_BYTES, 4096, INPUT_BLOCK_BYTES };
	for (size_t i = 0; i < ROWS(steps); i++) {
		struct reading all = read_all(file_of(file), steps[i]);
		expect_slices(row, (struct slice){ all.bytes, all.len }, text);
		expect_text(row, slice_of(all.is_done ? "" : all.err.text), error);
		free(all.bytes);
	}
}

static void test_plain(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
	} rows[] = {
		{ "empty", BYTES("") },
		{ "a byte", BYTES("a") },
		{ "text", BYTES("one\ntwo\n") },
		{ "the beginning of a magic", BYTES("\x1f\x8b") },
		{ "a text that begins like bzip2", BYTES("BZh9 is how bzip2 begins\n") },
		{ "a text about zip", BYTES("PK is how zip begins\n") },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_reading(rows[i].name, rows[i].bytes, rows[i].bytes, "");
	struct slice text = make_text(700 * KIB);
	expect_reading("several blocks", text, text, "");
	free((char *)(uintptr_t)text.ptr);
}

static void test_compressed(void **state)
{
	static const size_t sizes[] = { 0, 1, 300, 64 * KIB, 700 * KIB };
	char *file = malloc(ROOM);
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++)
		for (size_t k = 0; k < ROWS(sizes); k++) {
			struct slice text = make_text(sizes[k]);
			size_t len = compressors[i].compress(text, file, ROOM);
			expect_reading(compressors[i].name, (struct slice){ file, len }, text, "");
			free((char *)(uintptr_t)text.ptr);
		}
	free(file);
}

/* `cat a.gz b.gz` is one file of both. */
static void test_members(void **state)
{
	char *file = malloc(ROOM);
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++) {
		size_t len = compressors[i].compress(SLICE("one\n"), file, ROOM);
		len += compressors[i].compress(SLICE("two\n"), file + len, ROOM - len);
		expect_reading(compressors[i].name, (struct slice){ file, len }, SLICE("one\ntwo\n"), "");
		memset(file + len, 0, 1024);
		expect_reading(compressors[i].name, (struct slice){ file, len + 1024 }, SLICE("one\ntwo\n"), "");
	}
	free(file);
}

/* Wherever a file is cut, what came out is the beginning of the text, and the end is not taken
 * for one. */
static void test_cut(void **state)
{
	struct slice text = make_text(100 * KIB);
	char *file = malloc(ROOM);
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++) {
		const struct compressor *compressor = &compressors[i];
		size_t len = compressor->compress(text, file, ROOM);
		/* Any less may be anything. */
		for (size_t cut = 16; cut < len; cut += cut < 64 || cut + 64 > len ? 1 : len / 50) {
			struct reading all = read_all(file_of((struct slice){ file, cut }), INPUT_BLOCK_BYTES);
			char expected[64];
			snprintf(expected, sizeof(expected), "is cut: %s: truncated input", compressor->name);
			assert_false(all.is_done);
			expect_text(compressor->name, slice_of(all.err.text), expected);
			struct slice got = { all.bytes, all.len };
			expect_slices(compressor->name, got, slice_take(text, got.len));
			if (!compressor->is_blockwise)
				expect_true("the text up to the cut came out",
					    got.len + text.len / 16 >= cut * text.len / len);
			free(all.bytes);
		}
	}
	free(file);
	free((char *)(uintptr_t)text.ptr);
}

/* A changed byte is found by the check sum, if not before. */
static void test_damaged(void **state)
{
	struct slice text = make_text(20 * KIB);
	char *file = malloc(ROOM);
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++) {
		size_t len = compressors[i].compress(text, file, ROOM);
		for (size_t at = len / 8; at < len; at += len / 8) {
			file[at] ^= 0x10;
			struct reading all = read_all(file_of((struct slice){ file, len }), 4096);
			expect_true(compressors[i].name, !all.is_done);
			free(all.bytes);
			file[at] ^= 0x10;
		}
		memcpy(file + len, "behind the end", 14);
		struct reading all = read_all(file_of((struct slice){ file, len + 14 }), 4096);
		expect_slices(compressors[i].name, (struct slice){ all.bytes, all.len }, text);
		expect_true(compressors[i].name, !all.is_done && strstr(all.err.text, "is damaged: "));
		free(all.bytes);
	}
	free(file);
	free((char *)(uintptr_t)text.ptr);
}

static void test_bomb(void **state)
{
	static const size_t zeros_len = 64 * MIB;
	char *zeros = calloc(1, zeros_len), *file = malloc(ROOM);
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++) {
		size_t len = compressors[i].compress((struct slice){ zeros, zeros_len }, file, ROOM);
		char *bytes = malloc(INPUT_BLOCK_BYTES);
		struct input input = { .fd = file_of((struct slice){ file, len }) };
		struct error err = { 0 };
		size_t total = 0, count = 1;
		while (input_read(&input, bytes, INPUT_BLOCK_BYTES, &count, &err) && count)
			total += count;
		expect_true(compressors[i].name, strstr(err.text, "more than 200 times its size came out of it"));
		expect_true(compressors[i].name, total >= DECODER_FREE_BYTES &&
							 total <= DECODER_FREE_BYTES + 200 * len + INPUT_BLOCK_BYTES);
		expect_true("it fails again", !input_read(&input, bytes, INPUT_BLOCK_BYTES, &count, &err) && !count);
		input_close(&input);
		free(bytes);
	}
	free(zeros);
	free(file);
}

/* `xz --lzma2=dict=1GiB` of a few bytes. */
static size_t compress_with_window(struct slice text, char *out, size_t room)
{
	lzma_options_lzma options;
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options }, { LZMA_VLI_UNKNOWN, NULL } };
	size_t len = 0;
	assert_false(lzma_lzma_preset(&options, 0));
	options.dict_size = UINT32_C(1) << 30;
	assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL, (const uint8_t *)text.ptr, text.len,
						   (uint8_t *)out, &len, room), LZMA_OK);
	return len;
}

/* The headers are enough to refuse a file that claims too much memory. */
static void test_window(void **state)
{
	char *xz = malloc(ROOM);
	(void)state;
	expect_reading("xz", (struct slice){ xz, compress_with_window(SLICE("one\n"), xz, ROOM) }, SLICE(""),
		       "is cut: xz: its window is too large to decode");
	free(xz);
	/* A frame header with a window of 2 GiB, and a raw block of four bytes. */
	static const struct slice zstd = BYTES("\x28\xb5\x2f\xfd\x00\xa8\x21\x00\x00one\n");
	expect_reading("zstd", zstd, SLICE(""), "is cut: zstd: its window is too large to decode");
}

static void test_refused(void **state)
{
	char tar[1024] = "vmware.log", file[4096], twice[4096];
	(void)state;
	memcpy(tar + 257, "ustar", 5);
	size_t len = compress_gzip((struct slice){ tar, sizeof(tar) }, file, sizeof(file));
	size_t twice_len = compress_gzip((struct slice){ file, len }, twice, sizeof(twice));
	const struct {
		const char *name;
		struct slice bytes;
		const char *error;
	} rows[] = {
		{ "tar", { tar, sizeof(tar) }, "is a tar archive: unpack it, or give the log in it" },
		{ "tar.gz", { file, len }, "is a tar archive: unpack it, or give the log in it" },
		{ "zip", BYTES("PK\3\4\x14"), "is a zip archive: unpack it, or give the log in it" },
		{ "7z", BYTES("7z\xbc\xaf\x27\x1c\0\4"), "is a 7z archive: unpack it, or give the log in it" },
		{ "gzip in gzip", { twice, twice_len }, "is compressed twice: unpack it once" },
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_reading(rows[i].name, rows[i].bytes, SLICE(""), rows[i].error);
}

/* A pipe hands over what its writer wrote, a byte at a time if need be. */
static void test_pipe(void **state)
{
	char file[4096];
	int ends[2];
	(void)state;
	size_t len = compress_gzip(SLICE("one\ntwo\n"), file, sizeof(file));
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		for (size_t i = 0; i < len; i++)
			if (write(ends[1], file + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	struct reading all = read_all(ends[0], 4096);
	expect_slices("pipe", (struct slice){ all.bytes, all.len }, SLICE("one\ntwo\n"));
	assert_true(all.is_done);
	free(all.bytes);
}

/* A descriptor that cannot be read: of a folder, and one that is closed. */
static void test_read_error(void **state)
{
	char bytes[INPUT_HEAD_BYTES], file[4096];
	size_t count, len = compress_gzip(SLICE("one\ntwo\nthree\nfour\n"), file, sizeof(file));
	struct error err = { 0 };
	(void)state;
	struct input input = { .fd = open("/", O_RDONLY | O_CLOEXEC) };
	assert_false(input_read(&input, bytes, sizeof(bytes), &count, &err));
	expect_text("folder", slice_of(err.text), "cannot be read: Is a directory");
	input_close(&input);

	/* In the middle: the first read is good, then the file becomes unreadable. */
	input = (struct input){ .fd = file_of((struct slice){ file, len / 2 }) };
	assert_true(input_read(&input, bytes, sizeof(bytes), &count, &err) || !count);
	int other = open("/", O_RDONLY | O_CLOEXEC);
	assert_int_equal(dup2(other, input.fd), input.fd);
	close(other);
	assert_false(input_read(&input, bytes, sizeof(bytes), &count, &err));
	assert_int_equal(count, 0);
	input_close(&input);
}

static void test_open(void **state)
{
	struct input input;
	struct error err = { 0 };
	(void)state;
	assert_false(input_open(&input, "/", &err));
	expect_text("folder", slice_of(err.text), "is a folder, expected a file");
	assert_false(input_open(&input, "/no such file", &err));
	expect_text("absent", slice_of(err.text), "cannot be opened: No such file or directory");
}

/* In a folder: only regular files, and no links. */
static void test_open_at(void **state)
{
	char path[] = "/tmp/vmpanic-test.XXXXXX";
	struct input input;
	struct error err = { 0 };
	(void)state;
	assert_non_null(mkdtemp(path));
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(openat(folder, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(symlinkat("file", folder, "link"), 0);
	assert_int_equal(mkfifoat(folder, "fifo", 0600), 0);
	assert_int_equal(mkdirat(folder, "folder", 0700), 0);
	assert_true(input_open_at(&input, folder, "file", &err));
	input_close(&input);
	assert_false(input_open_at(&input, folder, "link", &err));
	assert_false(input_open_at(&input, folder, "fifo", &err));
	expect_text("fifo", slice_of(err.text), "is not a regular file");
	assert_false(input_open_at(&input, folder, "folder", &err));
	assert_false(input_open_at(&input, folder, "absent", &err));
	unlinkat(folder, "file", 0);
	unlinkat(folder, "link", 0);
	unlinkat(folder, "fifo", 0);
	unlinkat(folder, "folder", AT_REMOVEDIR);
	close(folder);
	rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_read_error),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_open_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
