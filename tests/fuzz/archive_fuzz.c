/* Any bytes as an archive: read as a file, which can be read here and there, and as a stream; every
 * member is read or passed over, and what is compressed or an archive in it is looked into. All of it
 * ends, within its budget, what fails fails again, and no archive stays open.
 *
 * The first byte chooses a mark that is set over the bytes behind it, or none, and which members are
 * passed over. Input that is taken for a 7z archive is left out: of its claims libarchive allocates
 * what the fuzzer takes for a leak. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "input/archive.h"
#include "input/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static int open_file(struct slice bytes)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	check(fd >= 0);
	check(write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	check(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void read_input(struct input *input, struct budget *budget, unsigned char choice);

static void read_members(struct archive_reader *reader, struct budget *budget, unsigned char choice)
{
	const struct archive_member *member;
	struct error err = { 0 }, again = { 0 };
	uint64_t files = 0;
	while (archive_reader_next(reader, &member, &err) && member) {
		check(member->name.len > 0 && !member->name.ptr[member->name.len]);
		if (++files % 8 != choice % 8) {
			struct input input;
			input_open_member(&input, archive_reader_source(reader), budget);
			read_input(&input, budget, choice);
			input_close(&input);
		}
	}
	check(!member && archive_reader_counts(reader)->files >= files);
	check(archive_reader_next(reader, &member, &again) == !err.text[0] && !member);
	check(slice_equal(slice_of(err.text), slice_of(again.text)));
}

static void read_input(struct input *input, struct budget *budget, unsigned char choice)
{
	char block[4096];
	size_t len = 0;
	struct error err = { 0 };
	input->takes_archives = true;
	bool is_read = input_read(input, block, sizeof(block), &len, &err);
	if (is_read && input->archive && !slice_is(slice_of(input->archive), "7z")) {
		struct byte_source source = input_carry_archive(input, budget);
		if (choice & 8)
			source.seek = NULL;
		struct archive_reader *reader = archive_reader_new(source, (struct slice){ block, len }, budget, &err);
		if (reader)
			read_members(reader, budget, choice);
		archive_reader_free(reader);
		return;
	}
	while (is_read && len)
		is_read = input_read(input, block, sizeof(block), &len, &err);
	check(is_read || (err.text[0] && !input_read(input, block, sizeof(block), &len, &err)));
}

/* A header of tar counts only with its check sum, which no change hits by chance. */
static void set_check_sums(char *bytes, size_t len)
{
	for (; len >= 512; bytes += 512, len -= 512) {
		unsigned sum = 8 * ' ';
		if (memcmp(bytes + 257, "ustar", 5) != 0)
			continue;
		for (size_t i = 0; i < 512; i++)
			sum += i < 148 || i >= 156 ? (unsigned char)bytes[i] : 0;
		snprintf(bytes + 148, 8, "%06o", sum);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		size_t at;
		struct slice mark;
	} marks[] = {
		{ 0, { "", 0 } }, { 257, { "ustar\0" "00", 8 } }, { 257, { "ustar  ", 8 } }, { 0, { "PK\3\4", 4 } },
	};
	struct budget budget = budget_of_archive();
	if (!size)
		return 0;
	struct slice mark = marks[data[0] % 4].mark;
	size_t at = marks[data[0] % 4].at;
	char *bytes = malloc(size);
	check(bytes != NULL);
	memcpy(bytes, data + 1, size - 1);
	if (at + mark.len < size)
		memcpy(bytes + at, mark.ptr, mark.len);
	set_check_sums(bytes, size - 1);
	budget.free_bytes = 1 * MIB;
	struct input input = { .fd = open_file((struct slice){ bytes, size - 1 }) };
	read_input(&input, &budget, data[0] / 4);
	check(budget.depth == 0);
	check(budget.out_bytes <= budget.free_bytes + DECODER_RATIO_MAX * size + INPUT_BLOCK_BYTES);
	input_close(&input);
	free(bytes);
	return 0;
}
