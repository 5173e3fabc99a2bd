/* File systems: which the kernel has, which it tried, what is mounted where. */
#include "facts/reader.h"

/* ---- lists: "tried: ext3 ext2 ext4", since 4.9 one record each ---- */

static void add_words(struct facts_reader *reader, enum fact_id id, struct slice words, uint64_t line)
{
	for (struct slice word = slice_word(&words); word.len; word = slice_word(&words))
		fact_add_word(reader, id, word, line);
}

static void start_tried(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice rest;
	reader->in_filesystems = true;
	if (!slice_after(record->text, SLICE("tried: "), &rest))
		return;
	/* An empty list is knowledge, too: this kernel has no file system for a disk. */
	if (!fact_is_known(reader, FACT_FILESYSTEMS_TRIED))
		fact_set_text(reader, FACT_FILESYSTEMS_TRIED, SLICE(""), record->line);
	add_words(reader, FACT_FILESYSTEMS_TRIED, rest, record->line);
	add_words(reader, FACT_FILESYSTEMS_KNOWN, rest, record->line);
}

static void start_bdev_list(struct facts_reader *reader, const struct kmsg_record *record)
{
	(void)record;
	reader->in_filesystems = true;
}

static bool is_filesystem_word(struct slice word)
{
	if (!word.len || word.len > 16)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!char_is_alpha(word.ptr[i]) && !char_is_digit(word.ptr[i]) && word.ptr[i] != '_')
			return false;
	return true;
}

void filesystems_take_any(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (!reader->in_filesystems || slice_starts(record->text, SLICE("No filesystem could mount root")) ||
	    slice_starts(record->text, SLICE("List of all bdev filesystems")))
		return;
	struct slice rest = record->text, word = slice_word(&rest);
	if (!word.len)
		return;
	if (record->text.ptr[0] != ' ' || slice_trim(rest).len || !is_filesystem_word(word)) {
		reader->in_filesystems = !slice_starts(record->text, SLICE("Kernel panic"));
		return;
	}
	if (fact_is_known(reader, FACT_FILESYSTEMS_TRIED))
		fact_add_word(reader, FACT_FILESYSTEMS_TRIED, word, record->line);
	fact_add_word(reader, FACT_FILESYSTEMS_KNOWN, word, record->line);
}

/* ---- messages of file system drivers about a device ---- */

struct driver_head {
	struct slice head;
	const char *fstype;
};

static const struct driver_head drivers[] = {
	{ { "EXT4-fs ", 8 }, "ext4" }, { { "EXT3-fs ", 8 }, "ext3" }, { { "EXT2-fs ", 8 }, "ext2" },
	{ { "XFS ", 4 }, "xfs" },      { { "FAT-fs ", 7 }, "vfat" },  { { "BTRFS ", 6 }, "btrfs" },
};

struct slice facts_filesystem_of(struct slice text)
{
	slice_eat(&text, SLICE("Kernel panic - not syncing: "));
	for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++)
		if (slice_starts(text, drivers[i].head))
			return slice_of(drivers[i].fstype);
	return SLICE("");
}

static void note_mounted(struct facts_reader *reader, struct block_device *device, struct slice fstype,
			 struct slice uuid, uint64_t line)
{
	device->role = ROLE_FILESYSTEM;
	device->fstype = fstype;
	if (uuid.len == 36)
		device->fsuuid = uuid;
	fact_add_word(reader, FACT_MOUNTED_FILESYSTEMS, device->name, line);
}

/* `EXT4-fs (sda1): mounted filesystem 1b2c... r/w with ordered data mode`,
 * `XFS (sda3): Mounting V5 Filesystem 9a...` */
static void take_filesystem(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice name, rest;
	struct slice fstype = facts_filesystem_of(record->text);
	if (!slice_between(record->text, SLICE("("), SLICE("): "), &name) ||
	    !slice_after(record->text, SLICE("): "), &rest))
		return;
	slice_eat(&name, SLICE("device "));
	fact_add_word(reader, FACT_FILESYSTEMS_KNOWN, fstype, record->line);
	struct block_device *device = device_find(reader, name);
	if (!device || !device->is_usable)
		return;
	bool mounted = slice_eat(&rest, SLICE("mounted filesystem ")) || slice_eat(&rest, SLICE("Mounting V5 Filesystem ")) ||
		       slice_starts(rest, SLICE("Ending clean mount"));
	if (mounted)
		note_mounted(reader, device, fstype, slice_word(&rest), record->line);
}

/* `VFS: Mounted root (ext4 filesystem) readonly on device 8:1.` */
static void take_mounted_root(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice type, rest;
	uint64_t major, minor;
	if (!slice_between(record->text, SLICE("("), SLICE(" filesystem)"), &type))
		return;
	fact_set_text(reader, FACT_MOUNTED_ROOT_TYPE, type, record->line);
	if (!slice_after(record->text, SLICE("on device "), &rest))
		return;
	struct slice number = rest;
	if (!slice_eat_decimal(&rest, &major) || !slice_eat(&rest, SLICE(":")) || !slice_eat_decimal(&rest, &minor))
		return;
	fact_set_text(reader, FACT_MOUNTED_ROOT, slice_take(number, number.len - rest.len), record->line);
}

/* `Adding 999420k swap on /dev/sda3.` */
static void take_swap(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice path;
	if (!slice_after(record->text, SLICE(" swap on /dev/"), &path))
		return;
	path = slice_word(&path);
	while (path.len && path.ptr[path.len - 1] == '.')
		path.len--;
	struct block_device *device = device_find(reader, path);
	if (device)
		device->role = ROLE_SWAP;
}

static void take_devtmpfs(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice number = slice_skip(record->text, sizeof "devtmpfs: error mounting -" - 1);
	uint64_t value;
	if (slice_eat_decimal(&number, &value) && value < 4096)
		fact_set_number(reader, FACT_DEVTMPFS_ERROR, (int64_t)value, record->line);
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("No filesystem could mount root, tried: ", start_tried),
	FACTS_HEAD("List of all bdev filesystems:", start_bdev_list),
	FACTS_HEAD("EXT4-fs ", take_filesystem),
	FACTS_HEAD("EXT3-fs ", take_filesystem),
	FACTS_HEAD("EXT2-fs ", take_filesystem),
	FACTS_HEAD("XFS (", take_filesystem),
	FACTS_HEAD("FAT-fs (", take_filesystem),
	FACTS_HEAD("BTRFS ", take_filesystem),
	FACTS_HEAD("VFS: Mounted root (", take_mounted_root),
	FACTS_HEAD("Adding ", take_swap),
	FACTS_HEAD("devtmpfs: error mounting -", take_devtmpfs),
};
const struct facts_patterns filesystem_patterns = { patterns, sizeof patterns / sizeof *patterns };

/* resume= names swap space. */
void filesystems_conclude(struct facts_reader *reader)
{
	struct slice resume;
	const struct fact *line = &reader->facts->values[FACT_COMMAND_LINE];
	if (line->state != FACT_KNOWN || !command_line_value(line->text, SLICE("resume"), &resume))
		return;
	struct facts *facts = reader->facts;
	for (size_t i = 0; i < facts->device_count; i++) {
		struct block_device *device = &facts->devices[i];
		struct slice value = resume;
		bool by_name = slice_eat(&value, SLICE("/dev/")) && slice_equal(value, device->name);
		bool by_id = slice_eat(&value, SLICE("PARTUUID=")) && device->partuuid.len &&
			     slice_equal_nocase(value, device->partuuid);
		if (by_name || by_id)
			device->role = ROLE_SWAP;
	}
}
