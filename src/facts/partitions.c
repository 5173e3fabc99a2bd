/* Disks and partitions: the kernel's own list of them, and the lines of the partition scan. */
#include "base/limits.h"
#include "facts/reader.h"

struct block_device *device_find(struct facts_reader *reader, struct slice name)
{
	struct facts *facts = reader->facts;
	for (size_t i = 0; i < facts->device_count; i++)
		if (slice_equal(facts->devices[i].name, name))
			return &facts->devices[i];
	return NULL;
}

struct disk_head {
	struct slice head;
	bool letter_follows; /* sda; else a digit: nvme0n1 */
};

/* Hard disks by the names that their drivers give: not ram0, loop0, sr0, fd0, md0, dm-0, mtdblock0 ... */
bool device_is_usable(struct slice name)
{
	static const struct disk_head heads[] = {
		{ { "sd", 2 }, true },    { { "hd", 2 }, true },      { { "vd", 2 }, true },     { { "xvd", 3 }, true },
		{ { "nvme", 4 }, false }, { { "mmcblk", 6 }, false }, { { "cciss/c", 7 }, false }, { { "cciss!c", 7 }, false },
		{ { "ida/c", 5 }, false }, { { "pmem", 4 }, false },
	};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		if (!slice_starts(name, heads[i].head) || name.len == heads[i].head.len)
			continue;
		char next = name.ptr[heads[i].head.len];
		if (heads[i].letter_follows ? next >= 'a' && next <= 'z' : char_is_digit(next))
			return true;
	}
	return false;
}

bool facts_is_disk_name(struct slice name)
{
	return device_is_usable(name) ||
	       ((slice_eat(&name, SLICE("md")) || slice_eat(&name, SLICE("dm-")) || slice_eat(&name, SLICE("loop"))) &&
		name.len && char_is_digit(name.ptr[0]));
}

/* Digits at the end are the partition number, behind a `p` where the disk's name ends in a
 * digit (nvme0n1p2, mmcblk0p1, cciss/c0d0p1). nvme0n1 and mmcblk0 are whole disks. */
void device_split(struct slice name, struct slice *ret_disk, unsigned *ret_partition)
{
	size_t end = name.len;
	while (end && char_is_digit(name.ptr[end - 1]))
		end--;
	*ret_disk = name;
	*ret_partition = 0;
	uint64_t number;
	if (end == 0 || end == name.len || !slice_to_decimal(slice_skip(name, end), &number) || number > 65535)
		return;
	bool has_p = end >= 2 && name.ptr[end - 1] == 'p' && char_is_digit(name.ptr[end - 2]);
	bool digit_named = slice_starts(name, SLICE("nvme")) || slice_starts(name, SLICE("mmcblk")) ||
			   slice_starts(name, SLICE("cciss")) || slice_starts(name, SLICE("ida/")) ||
			   slice_starts(name, SLICE("pmem")) || !device_is_usable(name);
	if (has_p)
		*ret_disk = slice_take(name, end - 1);
	else if (!digit_named)
		*ret_disk = slice_take(name, end);
	else
		return;
	*ret_partition = (unsigned)number;
}

struct block_device *device_add(struct facts_reader *reader, struct slice name, uint64_t line)
{
	struct facts *facts = reader->facts;
	struct block_device *device = device_find(reader, name);
	if (device)
		return device;
	if (facts->device_count >= PARTITIONS_MAX ||
	    !arena_grow(reader->arena, &facts->devices, facts->device_count, &facts->device_capacity, sizeof *device))
		return NULL;
	device = &facts->devices[facts->device_count++];
	*device = (struct block_device){ .name = name, .line = line, .is_usable = device_is_usable(name) };
	device_split(name, &device->disk, &device->partition);
	return device;
}

/* ---- the list: block/genhd.c printk_all_partitions(), since 6.5 block/early-lookup.c ---- */

static void start_list(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (!reader->list_seen)
		reader->list_first_line = record->line;
	reader->in_list = reader->list_seen = true;
	reader->last_row = SIZE_MAX;
}

/* `0801` or `103:00001`: hexadecimal major and minor. */
static bool eat_number(struct slice *s, unsigned *ret_major, unsigned *ret_minor)
{
	struct slice rest = *s;
	struct slice word = slice_word(&rest);
	uint64_t major, minor;
	if (word.len == 4) {
		struct slice high = slice_take(word, 2), low = slice_skip(word, 2);
		if (!slice_eat_hex(&high, &major) || high.len || !slice_eat_hex(&low, &minor) || low.len)
			return false;
	} else {
		if (!slice_eat_hex(&word, &major) || !slice_eat(&word, SLICE(":")) || !slice_eat_hex(&word, &minor) ||
		    word.len || major > 0xfff)
			return false;
	}
	*ret_major = (unsigned)major;
	*ret_minor = (unsigned)minor;
	*s = rest;
	return true;
}

static bool is_partuuid(struct slice word)
{
	if (word.len != 36 && word.len != 11)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!char_is_hex(word.ptr[i]) && word.ptr[i] != '-')
			return false;
	return word.ptr[8] == '-';
}

/* ` driver: sd` or ` (driver?)`, behind a row or as a record of its own. */
static bool take_driver(struct slice text, struct block_device *device)
{
	text = slice_trim(text);
	if (slice_eat(&text, SLICE("driver: "))) {
		if (device)
			device->driver = slice_trim(text);
		return true;
	}
	return slice_is(text, "(driver?)");
}

static bool is_name_char(char c, const char *marks)
{
	return char_is_alpha(c) || char_is_digit(c) || (c && strchr(marks, c));
}

/* What a driver may call a disk; anything else was not printed by the kernel. */
static bool is_device_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_char(name.ptr[i], "/!-_"))
			return false;
	return name.len && char_is_alpha(name.ptr[0]);
}

static bool take_row(struct facts_reader *reader, struct slice text, uint64_t line)
{
	unsigned major, minor;
	uint64_t size_kib;
	struct slice rest = slice_trim(text);
	if (!eat_number(&rest, &major, &minor))
		return false;
	struct slice size = slice_word(&rest), name = slice_word(&rest);
	if (!slice_to_decimal(size, &size_kib) || !is_device_name(name))
		return false;
	struct block_device *device = device_add(reader, name, line);
	if (!device)
		return true;
	device->major = major;
	device->minor = minor;
	device->size_kib = size_kib;
	device->is_listed = true;
	device->line = line;
	struct slice before = rest, word = slice_word(&rest);
	if (is_partuuid(word))
		device->partuuid = word;
	else
		rest = before;
	take_driver(rest, device);
	reader->last_row = (size_t)(device - reader->facts->devices);
	return true;
}

static bool ends_list(struct slice text)
{
	return slice_starts(text, SLICE("List of all bdev filesystems:")) ||
	       slice_starts(text, SLICE("No filesystem could mount root")) ||
	       slice_starts(text, SLICE("DEBUG_BLOCK_EXT_DEVT")) || slice_starts(text, SLICE("Kernel panic"));
}

/* Other CPUs' records may stand between the rows: what is no row is passed over. */
void partitions_take_any(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (!reader->in_list)
		return;
	if (ends_list(record->text)) {
		reader->in_list = false;
		reader->list_ended = true;
		reader->list_last_line = record->line;
		return;
	}
	bool has_row = reader->last_row < reader->facts->device_count;
	if (!record->text.len)
		reader->list_blanks++;
	else if (slice_is(slice_trim(record->text), "..."))
		reader->list_elided = true;
	else if (take_driver(record->text, has_row ? &reader->facts->devices[reader->last_row] : NULL))
		reader->list_drivers++;
	else
		take_row(reader, record->text, record->line);
}

/* Since 4.9 each disk row is followed by a record with its driver and each partition row by an
 * empty one: where their numbers differ, records of the list are missing. */
static bool lacks_records(const struct facts_reader *reader)
{
	size_t disks = 0, partitions = 0;
	for (size_t i = 0; i < reader->facts->device_count; i++) {
		const struct block_device *device = &reader->facts->devices[i];
		disks += device->is_listed && !device->partition;
		partitions += device->is_listed && device->partition;
	}
	return (reader->list_drivers && reader->list_drivers != disks) ||
	       (reader->list_blanks && reader->list_blanks != partitions);
}

/* ---- the partition scan: ` sda: sda1 sda2 < sda5 >`, ` nvme0n1: p1 p2` ---- */

/* Free text may look alike (" foo: bar"): only the names of disk drivers count. */
static bool is_disk_name(struct slice name)
{
	if (name.len > 31 || !device_is_usable(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_char(name.ptr[i], "/!"))
			return false;
	return true;
}

/* The name of a partition in the scan line of `disk`: "sda1", or "p1" for disks that end in a digit. */
static struct slice scan_partition(struct facts_reader *reader, struct slice disk, struct slice word)
{
	struct slice rest = word;
	uint64_t number;
	if (slice_eat(&rest, disk) && slice_to_decimal(rest, &number))
		return word;
	rest = word;
	if (slice_eat(&rest, SLICE("p")) && slice_to_decimal(rest, &number))
		return arena_printf(reader->arena, "%.*sp%.*s", SLICE_ARG(disk), SLICE_ARG(rest));
	return SLICE("");
}

static void mark_extended(struct facts_reader *reader, struct slice name)
{
	struct block_device *device = device_find(reader, name);
	if (device)
		device->role = ROLE_EXTENDED;
}

static void take_scan(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice text = slice_skip(record->text, 1), disk = slice_until(text, ':'), rest, last = SLICE("");
	if (disk.len == text.len || !is_disk_name(disk))
		return;
	rest = slice_skip(text, disk.len + 1);
	if (rest.len && rest.ptr[0] != ' ')
		return;
	if (!device_add(reader, disk, record->line))
		return;
	for (;;) {
		struct slice word = slice_word(&rest);
		if (!word.len)
			break;
		if (slice_is(word, "<")) {
			mark_extended(reader, last);
			continue;
		}
		struct slice name = scan_partition(reader, disk, word);
		if (name.len && device_add(reader, name, record->line))
			last = name;
	}
}

/* `sd 0:0:0:0: [sda] 196608 512-byte logical blocks: (101 MB/96.0 MiB)`; 2.6.18 `SCSI device sda: N 512-byte hdwr` */
static void take_disk_size(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice name, rest;
	if (!slice_between(record->text, SLICE("["), SLICE("] "), &name) &&
	    !slice_between(record->text, SLICE("SCSI device "), SLICE(": "), &name))
		return;
	if (!slice_after(record->text, name, &rest) || !is_disk_name(name))
		return;
	struct block_device *device = device_add(reader, name, record->line);
	uint64_t blocks, bytes;
	rest = slice_trim_left(slice_skip(rest, 1));
	if (!device || !slice_eat_decimal(&rest, &blocks) || !slice_eat(&rest, SLICE(" ")) ||
	    !slice_eat_decimal(&rest, &bytes) || !slice_starts(rest, SLICE("-byte")) || bytes < 512 || bytes > 65536)
		return;
	device->size_kib = blocks > UINT64_MAX / bytes ? 0 : blocks * bytes / 1024;
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("Please append a correct \"root=\"", start_list),
	FACTS_HEAD("List of all partitions:", start_list),
	FACTS_HEAD("sd ", take_disk_size),
	FACTS_HEAD("SCSI device ", take_disk_size),
	FACTS_HEAD(" ", take_scan),
};
const struct facts_patterns partition_patterns = { patterns, sizeof patterns / sizeof *patterns };

/* ---- what follows ---- */

/* The kernel gives the container of logical partitions a size of 1 KiB. */
static void mark_containers(struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		struct block_device *device = &facts->devices[i];
		if (device->partition && device->is_listed && device->size_kib == 1)
			device->role = ROLE_EXTENDED;
	}
}

static size_t count_partitions_of(const struct facts *facts, struct slice disk)
{
	size_t count = 0;
	for (size_t i = 0; i < facts->device_count; i++)
		count += facts->devices[i].partition && slice_equal(facts->devices[i].disk, disk);
	return count;
}

/* A marker follows the list; or nothing does, and the log is known to be no shorter than it was:
 * a copy by hand may put the panic in front. */
static bool list_reached_its_end(const struct facts_reader *reader)
{
	return reader->list_ended || !(reader->boot->losses & ~(unsigned)(LOSS_LATE_START | LOSS_RECORD_CUT));
}

/* Without the list, only a whole log proves that there was no disk. */
static bool counts_are_known(const struct facts_reader *reader, int64_t disks)
{
	return disks || (reader->list_seen && list_reached_its_end(reader)) ||
	       (reader->boot->record_count && reader->boot->losses == 0);
}

/* The VMX drops guest text behind its throttling mark; between the list's lines, rows are gone. */
static bool was_throttled_inside(const struct facts_reader *reader)
{
	for (size_t i = 0; i < reader->boot->event_count; i++) {
		const struct host_event *event = &reader->boot->events[i];
		if (event->kind == HOST_THROTTLED && event->line > reader->list_first_line &&
		    event->line < reader->list_last_line)
			return true;
	}
	return false;
}

void partitions_conclude(struct facts_reader *reader)
{
	struct facts *facts = reader->facts;
	int64_t disks = 0, partitions = 0, blank = 0;
	mark_containers(facts);
	for (size_t i = 0; i < facts->device_count; i++) {
		const struct block_device *device = &facts->devices[i];
		if (!device->is_usable)
			continue;
		disks += device->partition == 0;
		partitions += device->partition != 0;
		blank += device->partition == 0 && !count_partitions_of(facts, device->name);
	}
	if (reader->list_seen)
		fact_set_flag(reader, FACT_PARTITIONS_LISTED, true, reader->list_first_line);
	bool is_whole = list_reached_its_end(reader) && !was_throttled_inside(reader) && !lacks_records(reader);
	/* Rows that a copy leaves out may have been of no interest: then it is not known. */
	if (reader->list_seen && !(is_whole && reader->list_elided))
		fact_set_flag(reader, FACT_PARTITIONS_WHOLE, is_whole, 0);
	if (!counts_are_known(reader, disks))
		return;
	fact_set_number(reader, FACT_DISKS_COUNT, disks, 0);
	fact_set_number(reader, FACT_PARTITIONS_COUNT, partitions, 0);
	fact_set_number(reader, FACT_DISKS_BLANK, blank, 0);
}
