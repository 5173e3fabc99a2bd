#include "pack.h"

static const struct packed bundle[] = {
	{ .name = "vm/", .kind = 'd' },
	{ .name = "vm/vmware-0.log", .text = { "one\n", 4 } },
	{ .name = "vm/link.log", .text = { "vmware-0.log", 12 }, .kind = 'l' },
	{ .name = "vm/vmware.log", .text = { "two\n", 4 } },
	{ .name = "vm/empty.log", .text = { "", 0 } },
};
#define MEMBERS "vm/vmware-0.log=one\n\nvm/vmware.log=two\n\nvm/empty.log=\n"
#define BUNDLE "{\n" MEMBERS ".}"

static void test_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(packers); i++) {
		struct slice bytes = pack((int)i, bundle, ROWS(bundle));
		expect_told_as(packers[i].name, bytes, false, BUNDLE);
		drop(bytes);
	}
}

/* zip does not know a link from a file there. */
static void test_stream(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(packers); i++) {
		struct slice bytes = pack((int)i, bundle, ROWS(bundle));
		expect_told_as(packers[i].name, bytes, true,
			       i == SEVEN ? "{\n!is a 7z archive, which cannot be read as a stream: unpack it once}"
			       : i >= ZIP_STORED ? "{\nvm/vmware-0.log=one\n\nvm/link.log=vmware-0.log\n"
						   "vm/vmware.log=two\n\nvm/empty.log=\n.}"
						 : BUNDLE);
		drop(bytes);
	}
}

static void test_compressed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++) {
		struct slice tar = pack(GNUTAR, bundle, ROWS(bundle)), file = squeeze((int)i, tar);
		expect_told(compressors[i].name, file, BUNDLE);
		drop(file);
		drop(tar);
	}
}

/* A zip holds a tar, which holds a .tgz, which holds a compressed log. */
static void test_nested(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(compressors); i++) {
		struct slice log = squeeze((int)i, SLICE("one\n")), inner = pack_one(PAX, "vmware-1.log.gz", log);
		struct slice tgz = squeeze(0, inner), tar = pack_one(USTAR, "inner.tgz", tgz);
		struct slice zip = pack_one(ZIP, "outer.tar", tar);
		expect_told(compressors[i].name, zip,
			    "{\nouter.tar={\ninner.tgz={\nvmware-1.log.gz=one\n\n.}\n.}\n.}");
		drop(zip);
		drop(tar);
		drop(tgz);
		drop(inner);
		drop(log);
	}
	struct slice seven = pack_one(SEVEN, "a.log", SLICE("one\n")), tar = pack_one(USTAR, "a.7z", seven);
	expect_told("7z in tar", tar, "{\na.7z={\n!is a 7z archive, which cannot be read as a stream: unpack it once}\n.}");
	drop(tar);
	drop(seven);
}

static void test_too_deep(void **state)
{
	struct slice file = pack_one(USTAR, "a.log", SLICE("one\n"));
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct slice outer = pack_one(USTAR, "a.tar", file);
		drop(file);
		file = outer;
	}
	expect_told("five", file,
		    "{\na.tar={\na.tar={\na.tar={\na.tar={\n!is an archive in 4 others: unpack it once}\n.}\n.}\n.}\n.}");
	drop(file);
}

static void test_empty(void **state)
{
	static const struct packed nothing[] = { { .name = "vm/", .kind = 'd' } };
	static const struct slice no_zip = BYTES("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
	(void)state;
	for (size_t i = 0; i < ROWS(packers); i++) {
		struct slice bytes = pack((int)i, nothing, 1);
		expect_told_as(packers[i].name, bytes, false, "{\n.}");
		drop(bytes);
	}
	expect_told("zip without a member", no_zip, "{\n.}");
	struct slice seven = pack(SEVEN, NULL, 0);
	expect_told_as("7z without a member", seven, false, "{\n.}");
	drop(seven);
}

static void test_refused(void **state)
{
	static const struct slice rar = BYTES("Rar!\x1a\x07\1\0");
	(void)state;
	expect_told("rar", rar, "{\n!is a rar archive: unpack it, or give the log in it}");
}

/* What is no file is counted. */
static void test_counts(void **state)
{
	static const struct packed members[] = {
		{ .name = "folder/", .kind = 'd' },
		{ .name = "a.log", .text = { "one\n", 4 } },
		{ .name = "b.log", .text = { "a.log", 5 }, .kind = 'h' },
		{ .name = "c.log", .text = { "a.log", 5 }, .kind = 'l' },
		{ .name = "d.log", .kind = 'f' },
		{ .name = "e.log", .text = { "two\n", 4 } },
	};
	struct slice tar = pack(GNUTAR, members, ROWS(members));
	struct budget budget = budget_of_archive();
	struct error err;
	const struct archive_member *member;
	int fd = file_of(tar);
	(void)state;
	struct archive_reader *reader = archive_reader_new(byte_source_of_fd(fd), tar, &budget, &err);
	assert_non_null(reader);
	expect_text("name", slice_of(archive_reader_name(reader)), "tar");
	assert_true(archive_reader_next(reader, &member, &err));
	expect_text("first", member->name, "a.log");
	assert_true(member->is_size_known && member->size == 4 && !member->is_encrypted);
	assert_true(archive_reader_next(reader, &member, &err));
	expect_text("second", member->name, "e.log");
	assert_true(archive_reader_next(reader, &member, &err));
	assert_null(member);
	const struct archive_counts *counts = archive_reader_counts(reader);
	expect_number("files", (int64_t)counts->files, 2);
	expect_number("folders", (int64_t)counts->folders, 1);
	expect_number("links", (int64_t)counts->links, 1);
	expect_number("hard links", (int64_t)counts->hard_links, 1);
	expect_number("others", (int64_t)counts->others, 1);
	expect_number("members", (int64_t)budget.members, 6);
	expect_number("depth", budget.depth, 1);
	archive_reader_free(reader);
	expect_number("depth", budget.depth, 0);
	close(fd);
	drop(tar);
}

/* Names are bytes; what a format stores as UTF-16 is UTF-8 here, whatever the locale. */
static void test_names(void **state)
{
	static char long_name[3001];
	const struct {
		const char *name;
		bool is_utf8;
		bool is_long;
	} rows[] = {
		{ "../../etc/passwd", true, false },
		{ "/vmfs/volumes/a/vmware.log", true, false },
		{ "line\nbreak\x1b[2J", true, false },
		{ "d\xc3\xa9j\xc3\xa0 \xe2\x82\xac.log", true, false },
		{ "\xff\xfe raw", false, false },
		{ long_name, true, true },
	};
	(void)state;
	memset(long_name, 'n', sizeof(long_name) - 1);
	for (size_t k = 100; k < sizeof(long_name) - 1; k += 100)
		long_name[k] = '/';
	for (size_t i = 0; i < ROWS(packers); i++)
		for (size_t k = 0; k < ROWS(rows); k++) {
			char expected[4096];
			if ((rows[k].is_long && i == USTAR) || (!rows[k].is_utf8 && i == SEVEN))
				continue;
			/* The writer, too, asks for the locale. */
			locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
			locale_t before = rows[k].is_utf8 ? uselocale(utf8) : (locale_t)0;
			struct slice bytes = pack_one((int)i, rows[k].name, SLICE("one"));
			if (before)
				uselocale(before);
			freelocale(utf8);
			snprintf(expected, sizeof(expected), "{\n%s=one\n.}", rows[k].name);
			expect_told_as(packers[i].name, bytes, false, expected);
			drop(bytes);
		}
}

static void test_sparse(void **state)
{
	static const struct packed members[] = {
		{ .name = "core", .text = { "data", 4 }, .sparse_at = 200 * KIB, .sparse_size = 500 * KIB },
		{ .name = "a.log", .text = { "one\n", 4 } },
	};
	struct slice tar = pack(PAX, members, 2);
	struct buf out = BUF_INIT(1 * MIB), expected = BUF_INIT(1 * MIB);
	struct budget budget = budget_of_archive();
	(void)state;
	assert_true(tar.len < 20 * KIB);
	tell(&out, tar, false, &budget);
	buf_text(&expected, "{\ncore=");
	buf_repeat(&expected, '\0', 200 * KIB);
	buf_text(&expected, "data");
	buf_repeat(&expected, '\0', 300 * KIB - 4);
	buf_text(&expected, "\na.log=one\n\n.}");
	expect_true("holes are zeros", slice_equal(buf_slice(&out), buf_slice(&expected)));
	buf_deinit(&out);
	buf_deinit(&expected);
	drop(tar);
}

/* A zip file that was written to a pipe tells sizes behind the data. */
static void test_unknown_size(void **state)
{
	static const struct packed members[] = {
		{ .name = "a.log", .text = { "one\n", 4 }, .has_no_size = true },
		{ .name = "b.log", .text = { "two\n", 4 }, .has_no_size = true },
	};
	struct slice zip = pack(ZIP, members, 2);
	struct budget budget = budget_of_archive();
	struct error err;
	const struct archive_member *member;
	(void)state;
	expect_told("zip", zip, "{\na.log=one\n\nb.log=two\n\n.}");
	int fd = file_of(SLICE(""));
	struct archive_reader *reader = archive_reader_new(byte_source_of_fd(fd), zip, &budget, &err);
	assert_true(archive_reader_next(reader, &member, &err));
	assert_false(member->is_size_known);
	/* Passed over without being read. */
	assert_true(archive_reader_next(reader, &member, &err));
	expect_text("second", member->name, "b.log");
	archive_reader_free(reader);
	close(fd);
	drop(zip);
}

static void test_encrypted(void **state)
{
	struct slice zip = pack_with(&packers[ZIP], "zip:encryption=traditional", bundle, ROWS(bundle));
	(void)state;
	expect_told_as("zip", zip, false, "{\nvm/vmware-0.log=!is encrypted: zip\n"
					  "vm/vmware.log=!is encrypted: zip\nvm/empty.log=\n.}");
	drop(zip);
}

/* Of a plain file a large member that nobody reads is not read. */
static void test_passing_over(void **state)
{
	struct slice text = make_text(2 * MIB);
	const struct packed members[] = {
		{ .name = "disk.vmdk", .text = text },
		{ .name = "a.log", .text = { "one\n", 4 } },
	};
	static const int formats[] = { USTAR, ZIP_STORED, ZIP };
	(void)state;
	for (size_t i = 0; i < ROWS(formats); i++) {
		struct slice bytes = pack(formats[i], members, 2);
		struct budget budget = budget_of_archive();
		struct input input = { .fd = file_of(bytes), .takes_archives = true };
		struct error err;
		const struct archive_member *member;
		char block[4096];
		size_t len;
		assert_true(input_read(&input, block, sizeof(block), &len, &err));
		struct archive_reader *reader = archive_reader_new(input_carry_archive(&input, &budget),
								   (struct slice){ block, len }, &budget, &err);
		assert_true(archive_reader_next(reader, &member, &err));
		assert_true(archive_reader_next(reader, &member, &err));
		expect_text(packers[formats[i]].name, member->name, "a.log");
		assert_true(archive_reader_read(reader, block, sizeof(block), &len, &err));
		expect_slices("the one behind it", (struct slice){ block, len }, SLICE("one\n"));
		expect_true("not all was read", budget.in_bytes < 512 * KIB);
		archive_reader_free(reader);
		input_close(&input);
		drop(bytes);
	}
	drop(text);
}

/* A descriptor need not stand at the beginning of its file. */
static void test_offset(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(packers); i++) {
		struct slice bytes = pack((int)i, bundle, ROWS(bundle));
		struct buf file = BUF_INIT(PACK_ROOM), out = BUF_INIT(PACK_ROOM);
		struct budget budget = budget_of_archive();
		buf_repeat(&file, 'x', 1000);
		buf_append(&file, bytes);
		struct input input = { .fd = file_of(buf_slice(&file)) };
		assert_int_equal(lseek(input.fd, 1000, SEEK_SET), 1000);
		tell_input(&out, &input, &budget);
		expect_text(packers[i].name, buf_slice(&out), BUNDLE);
		input_close(&input);
		buf_deinit(&file);
		buf_deinit(&out);
		drop(bytes);
	}
}

/* Wherever it is cut: what comes is the beginning, and the end is not taken for one. */
static void expect_cut(const char *row, struct slice bytes, size_t cut, bool as_pipe, struct slice whole)
{
	struct buf out = BUF_INIT(PACK_ROOM);
	struct budget budget = budget_of_archive();
	tell(&out, slice_take(bytes, cut), as_pipe, &budget);
	size_t mark = slice_find_char(buf_slice(&out), '!');
	expect_true(row, mark != SLICE_NOT_FOUND);
	struct slice before = slice_take(buf_slice(&out), mark);
	/* A name whose data are cut off stands alone. */
	expect_slices(row, before, slice_take(whole, before.len));
	expect_true(row, slice_contains(buf_slice(&out), SLICE("!is cut: ")));
	buf_deinit(&out);
}

static void test_cut(void **state)
{
	struct slice text = make_text(6 * KIB);
	const struct packed members[] = {
		{ .name = "a.log", .text = text }, { .name = "b.log", .text = { "one\n", 4 } },
		{ .name = "c.log", .text = text }, { .name = "d.log", .text = { "two\n", 4 } },
	};
	static const int formats[] = { USTAR, GNUTAR, PAX, ZIP_STORED, ZIP };
	(void)state;
	for (size_t i = 0; i < ROWS(formats); i++) {
		struct slice bytes = pack(formats[i], members, ROWS(members)), tgz = squeeze(0, bytes);
		struct buf whole = BUF_INIT(PACK_ROOM);
		struct budget budget = budget_of_archive();
		tell(&whole, bytes, false, &budget);
		/* A tar file's end is two blocks of zeros, a zip file's in front of its directory. */
		size_t end = formats[i] >= ZIP_STORED ? slice_find(bytes, SLICE("PK\1\2")) : bytes.len - 1024;
		for (size_t cut = 600; cut <= end; cut += cut + 97 > end && cut < end ? end - cut : 97) {
			expect_cut(packers[formats[i]].name, bytes, cut, false, buf_slice(&whole));
			expect_cut(packers[formats[i]].name, bytes, cut, true, buf_slice(&whole));
		}
		for (size_t cut = 600; cut < tgz.len; cut += 97)
			expect_cut("compressed", tgz, cut, false, buf_slice(&whole));
		expect_cut("only the check sum is cut", tgz, tgz.len - 1, false, buf_slice(&whole));
		buf_deinit(&whole);
		drop(tgz);
		drop(bytes);
	}
	drop(text);
}

/* One byte changed at a time: whatever comes of it, it comes to an end. */
static void test_flipped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(packers); i++) {
		struct slice bytes = pack((int)i, bundle, ROWS(bundle));
		char *file = (char *)(uintptr_t)bytes.ptr;
		for (size_t at = 0; at < bytes.len; at += i < ZIP_STORED ? 13 : 1) {
			struct buf out = BUF_INIT(PACK_ROOM);
			struct budget budget = budget_of_archive();
			file[at] ^= 0x55;
			tell(&out, bytes, false, &budget);
			expect_true(packers[i].name, out.len > 0 && budget.depth == 0);
			file[at] ^= 0x55;
			buf_deinit(&out);
		}
		drop(bytes);
	}
}

static char *place_of(struct slice bytes, struct slice what)
{
	size_t at = slice_find(bytes, what);
	assert_true(at != SLICE_NOT_FOUND);
	return (char *)(uintptr_t)bytes.ptr + at;
}

/* The others come, and at the end it is said. */
static void test_damaged_header(void **state)
{
	(void)state;
	struct slice tar = pack(GNUTAR, bundle, ROWS(bundle));
	*place_of(tar, SLICE("vm/vmware-0.log")) = 'X';
	expect_told("tar", tar, "{\nvm/vmware.log=two\n\nvm/empty.log=\n!cannot be unpacked: tar: Damaged tar archive}");
	*place_of(tar, SLICE("vm/")) = 'X';
	expect_told("and its first", tar,
		    "{\nvm/vmware.log=two\n\nvm/empty.log=\n!cannot be unpacked: tar: Damaged tar archive}");
	drop(tar);
}

static void test_damaged_member(void **state)
{
	struct slice text = make_text(2 * KIB);
	const struct packed members[] = {
		{ .name = "a.log", .text = { "one\n", 4 } },
		{ .name = "b.log", .text = text },
		{ .name = "c.log", .text = { "two\n", 4 } },
	};
	struct slice stored = pack(ZIP_STORED, members, 3), zip = pack(ZIP, members, 3);
	struct buf out = BUF_INIT(PACK_ROOM);
	(void)state;
	/* A changed byte of a stored member is found by its check sum, behind the data. */
	*place_of(stored, SLICE("one\n")) = 'X';
	struct budget budget = budget_of_archive();
	tell(&out, stored, false, &budget);
	expect_true("stored", slice_starts(buf_slice(&out), SLICE("{\na.log=Xne\n!cannot be unpacked: zip: ZIP bad CRC")));
	expect_true("behind", slice_ends(buf_slice(&out), SLICE("\nc.log=two\n\n.}")));
	drop(stored);
	/* The data of a packed one end where they do not decode. */
	memset(place_of(zip, SLICE("b.log")) + 40, 0xff, 500);
	tell(&out, zip, false, &budget);
	expect_true("in front", slice_starts(buf_slice(&out), SLICE("{\na.log=one\n\nb.log=")));
	expect_true("behind", slice_ends(buf_slice(&out), SLICE("\nc.log=two\n\n.}")));
	expect_true("said", slice_contains(buf_slice(&out), SLICE("!cannot be unpacked: zip: ZIP ")));
	buf_deinit(&out);
	drop(zip);
	drop(text);
}

/* A tar file has no check sum of its data: that of the compression around it is looked at. */
static void test_check_sum(void **state)
{
	struct slice tar = pack(GNUTAR, bundle, ROWS(bundle)), tgz = squeeze(0, tar);
	(void)state;
	((char *)(uintptr_t)tgz.ptr)[tgz.len - 6] ^= 1;
	expect_told("gzip", tgz, "{\n" MEMBERS "!is damaged: gzip: its data do not decode}");
	drop(tgz);
	drop(tar);
}

/* ---- budgets ---- */

static void expect_excess(const char *row, struct slice bytes, struct budget budget, const char *excess)
{
	struct buf out = BUF_INIT(256 * MIB);
	tell(&out, bytes, false, &budget);
	expect_text(row, slice_of(budget.excess), excess);
	expect_true(row, slice_contains(buf_slice(&out), slice_of(excess)));
	expect_true(row, budget.depth == 0);
	buf_deinit(&out);
}

/* Zeros, also packed twice: each archive alone is within bounds. */
static void test_bomb(void **state)
{
	static const char *const more = "more than 200 times its size came out of it";
	struct slice zeros = { calloc(1, 3 * MIB), 3 * MIB };
	struct slice zip = pack_one(ZIP, "zeros", zeros);
	const struct packed zips[] = {
		{ .name = "a.zip", .text = zip }, { .name = "b.zip", .text = zip }, { .name = "c.zip", .text = zip },
	};
	struct slice outer = pack(ZIP, zips, 3), seven = pack_one(SEVEN, "zeros", zeros);
	struct slice tar = pack_one(USTAR, "zeros", zeros), tgz = squeeze(0, tar), in_tar = pack_one(USTAR, "a.tgz", tgz);
	struct budget budget = budget_of_archive();
	(void)state;
	budget.free_bytes = 1 * MIB;
	expect_excess("zip", zip, budget, more);
	expect_excess("zip in zip", outer, budget, more);
	expect_excess("7z", seven, budget, more);
	expect_excess("tar.gz", tgz, budget, more);
	expect_excess("tar.gz in tar", in_tar, budget, more);
	/* What is free is free. */
	expect_excess("zip", zip, budget_of_archive(), "");
	expect_excess("tar.gz in tar", in_tar, budget_of_archive(), "");
	drop(in_tar);
	drop(tgz);
	drop(tar);
	drop(seven);
	drop(outer);
	drop(zip);
	drop(zeros);
}

static void test_bounds(void **state)
{
	struct slice tar = pack(GNUTAR, bundle, ROWS(bundle));
	struct budget members = budget_of_archive(), work = members, out = members;
	(void)state;
	members.members_max = 4;
	expect_excess("members", tar, members, "more than 4 members are in it");
	members.members_max = 5;
	expect_excess("members", tar, members, "");
	work.work_ns_max = 1;
	expect_excess("work", tar, work, "more than 0 seconds of work went into it");
	out.out_bytes_max = 6;
	expect_excess("bytes", tar, out, "more than 0 GiB came out of it");
	drop(tar);
}

/* A member that is a bomb by itself is cut by itself. */
static void test_bomb_member(void **state)
{
	struct slice zeros = { calloc(1, 3 * MIB), 3 * MIB }, gz = squeeze(0, zeros);
	const struct packed members[] = {
		{ .name = "a.gz", .text = gz }, { .name = "b.log", .text = { "one\n", 4 } },
	};
	struct slice tar = pack(USTAR, members, 2);
	struct buf out = BUF_INIT(8 * MIB);
	struct budget budget = budget_of_archive();
	(void)state;
	tell(&out, tar, false, &budget);
	expect_true("cut", slice_ends(buf_slice(&out), SLICE("!is cut: gzip: more than 200 times its size came out of it\n"
							     "b.log=one\n\n.}")));
	buf_deinit(&out);
	drop(tar);
	drop(gz);
	drop(zeros);
}

/* A header of tar by hand. Returns what stands behind it. */
static char *put_header(char *at, const char *name, char type, size_t size)
{
	unsigned sum = 0;
	memset(at, 0, 512);
	snprintf(at, 100, "%s", name);
	snprintf(at + 100, 8, "0000600");
	snprintf(at + 124, 12, "%011zo", size);
	memcpy(at + 257, "ustar\00000", 8);
	memset(at + 148, ' ', 8);
	at[156] = type;
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)at[i];
	snprintf(at + 148, 8, "%06o", sum);
	return at + 512;
}

/* A name in zip that is said to be UTF-8 and is not cannot be had from libarchive. */
static void test_name_without_sense(void **state)
{
	(void)state;
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = uselocale(utf8);
	struct slice zip = pack_one(ZIP, "d\xc3\xa9j\xc3\xa0.log", SLICE("one"));
	uselocale(before);
	freelocale(utf8);
	*place_of(zip, SLICE("\xc3\xa9j")) = '\xff';
	expect_told("zip", zip, "{\nmember-1=one\n.}");
	drop(zip);
}

/* libarchive would hold the map of a sparse file, however many rows it has. */
static void test_large_header(void **state)
{
	static const char attributes[] = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n27 GNU.sparse.realsize=4\n";
	size_t map_len = 8 * MIB, len = 2048 + map_len;
	char *tar = calloc(1, len), *map = put_header(tar, "pax", 'x', sizeof(attributes) - 1);
	(void)state;
	memcpy(map, attributes, sizeof(attributes) - 1);
	map = put_header(map + 512, "a.log", '0', map_len);
	int count_len = snprintf(map, 16, "%zu\n", map_len / 4);
	for (size_t i = (size_t)count_len; i + 1 < map_len; i += 2)
		memcpy(map + i, "0\n", 2);
	expect_told("sparse map", (struct slice){ tar, len },
		    "{\n!is cut: tar: its directory or one of its headers is too large}");
	free(tar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_too_deep),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_name_without_sense),
		cmocka_unit_test(test_sparse),
		cmocka_unit_test(test_unknown_size),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_passing_over),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_damaged_header),
		cmocka_unit_test(test_damaged_member),
		cmocka_unit_test(test_check_sum),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_bomb_member),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_large_header),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
