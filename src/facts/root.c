/* root=: what was asked for, held against what was there. */
#include "facts/reader.h"

/* ---- what the messages say ---- */

struct root_message {
	struct slice quoted;   /* the name in quotes; ptr NULL when there was no such line */
	uint64_t line;
	bool cannot_open, no_filesystem, waiting, panicked, nfs;
};

/* `VFS: Cannot open root device "sdc1" or unknown-block(0,0): error -6` */
static void read_cannot_open(struct facts_reader *reader, const struct kmsg_record *record,
			     struct root_message *message)
{
	struct slice text = record->text, rest;
	message->cannot_open = true;
	message->line = record->line;
	if (slice_between(text, SLICE("\""), SLICE("\" or "), &rest))
		message->quoted = rest;
	if (slice_between(text, SLICE("unknown-block("), SLICE(")"), &rest))
		fact_set_text(reader, FACT_ROOT_BLOCK, rest, record->line);
	uint64_t number;
	if (slice_after(text, SLICE(": error -"), &rest) && slice_eat_decimal(&rest, &number) && number < 4096)
		fact_set_number(reader, FACT_ROOT_ERROR, (int64_t)number, record->line);
}

static void read_panic(struct facts_reader *reader, const struct kmsg_record *record, struct root_message *message)
{
	struct slice rest;
	message->panicked = true;
	if (!fact_is_known(reader, FACT_ROOT_BLOCK) &&
	    slice_between(record->text, SLICE("unknown-block("), SLICE(")"), &rest))
		fact_set_text(reader, FACT_ROOT_BLOCK, rest, record->line);
	/* Since 6.7 the panic of the other path names the device, too. */
	if (!message->quoted.ptr && slice_between(record->text, SLICE("root fs on \""), SLICE("\" or "), &rest)) {
		message->quoted = rest;
		message->line = record->line;
	}
}

static void read_message(struct facts_reader *reader, const struct kmsg_record *record, struct root_message *message)
{
	struct slice text = record->text, rest;
	if (slice_starts(text, SLICE("VFS: Cannot open root device ")))
		read_cannot_open(reader, record, message);
	else if (slice_starts(text, SLICE("No filesystem could mount root")))
		message->no_filesystem = true;
	else if (slice_starts(text, SLICE("Kernel panic - not syncing: VFS: Unable to mount root fs on")))
		read_panic(reader, record, message);
	else if (slice_starts(text, SLICE("VFS: Unable to mount root fs via ")))
		message->nfs = true;
	else if (slice_starts(text, SLICE("Waiting for root device ")) &&
		 slice_between(text, SLICE("root device "), SLICE("..."), &rest)) {
		message->waiting = true;
		message->quoted = message->quoted.ptr ? message->quoted : rest;
		message->line = record->line;
	}
}

static struct root_message read_messages(struct facts_reader *reader)
{
	struct root_message message = { 0 };
	for (size_t i = 0; i < reader->boot->record_count; i++) {
		const struct kmsg_record *record = &reader->boot->records[i];
		char first = record->text.len ? record->text.ptr[0] : '\0';
		if ((first == 'V' || first == 'N' || first == 'K' || first == 'W') && kmsg_is_kernel(record))
			read_message(reader, record, &message);
	}
	return message;
}

static void conclude_failure(struct facts_reader *reader, const struct root_message *message)
{
	const char *word = NULL;
	if (message->nfs)
		word = "nfs";
	else if (message->cannot_open)
		word = "cannot-open";
	else if (message->no_filesystem || message->panicked)
		word = "no-filesystem";
	else if (fact_is_known(reader, FACT_MOUNTED_ROOT) || fact_is_known(reader, FACT_MOUNTED_ROOT_TYPE))
		word = "mounted";
	else if (message->waiting)
		word = "waiting";
	if (word)
		fact_set_text(reader, FACT_ROOT_FAILURE, slice_of(word), message->line);
}

/* ---- the form of root= ---- */

struct form_head {
	struct slice head;
	const char *form;
};

#define FORM(literal, form) { { literal, sizeof(literal) - 1 }, form }

static const struct form_head forms[] = {
	FORM("PARTUUID=", "partuuid"), FORM("PARTLABEL=", "partlabel"), FORM("UUID=", "uuid"), FORM("LABEL=", "label"),
	FORM("/dev/nfs", "nfs"),       FORM("/dev/cifs", "nfs"),        FORM("/dev/ram", "ram"),
	FORM("/dev/disk/", "path"),    FORM("/dev/mapper/", "mapper"),  FORM("/dev/dm-", "mapper"),
	FORM("/dev/md", "mapper"),     FORM("nfs:", "nfs"),
};

static bool all_hex(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!char_is_hex(value.ptr[i]))
			return false;
	return value.len > 0;
}

static bool is_major_minor(struct slice value)
{
	uint64_t number;
	return slice_eat_decimal(&value, &number) && slice_eat(&value, SLICE(":")) &&
	       slice_eat_decimal(&value, &number) &&
	       (!value.len || value.ptr[0] == ':');
}

/* `/dev/VG/LV`: a slash inside the name, of anything but the old array controllers. */
static bool is_volume(struct slice name)
{
	return slice_find_char(name, '/') != SLICE_NOT_FOUND && !slice_starts(name, SLICE("cciss/")) &&
	       !slice_starts(name, SLICE("ida/")) && !slice_starts(name, SLICE("rd/"));
}

static const char *form_of(struct slice value)
{
	struct slice name = value;
	if (!value.len)
		return "missing";
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (slice_starts(value, forms[i].head))
			return forms[i].form;
	if (slice_eat(&name, SLICE("/dev/")))
		return is_volume(name) ? "mapper" : "device";
	if (is_major_minor(value) || all_hex(value))
		return "number";
	bool plain = slice_find_char(value, '=') == SLICE_NOT_FOUND && slice_find_char(value, ':') == SLICE_NOT_FOUND &&
		     slice_find_char(value, '/') == SLICE_NOT_FOUND;
	return plain ? "bare" : "other";
}

/* Up to 6.4 the kernel prints the name without "/dev/", and "(null)" for none. */
static struct slice wanted_of_message(struct facts_reader *reader, struct slice quoted)
{
	if (slice_is(quoted, "(null)"))
		return SLICE("");
	if (!quoted.len || slice_starts(quoted, SLICE("/dev/")) || slice_find_char(quoted, '=') != SLICE_NOT_FOUND ||
	    is_major_minor(quoted) || all_hex(quoted))
		return quoted;
	return arena_printf(reader->arena, "/dev/%.*s", SLICE_ARG(quoted));
}

static void conclude_wanted(struct facts_reader *reader, const struct root_message *message)
{
	const struct fact *parameter = &reader->facts->values[FACT_ROOT_PARAMETER];
	bool has_line = fact_is_known(reader, FACT_COMMAND_LINE);
	struct slice wanted;
	if (parameter->state == FACT_KNOWN)
		wanted = parameter->text;
	else if (message->quoted.ptr)
		wanted = wanted_of_message(reader, message->quoted);
	else if (has_line && !reader->boot->losses)
		wanted = SLICE("");
	else
		return;
	if (wanted.len)
		fact_set_text(reader, FACT_ROOT_WANTED, wanted,
			      parameter->state == FACT_KNOWN ? parameter->line : message->line);
	fact_set_text(reader, FACT_ROOT_FORM, slice_of(form_of(wanted)), 0);
}

/* ---- root= against the devices ---- */

/* sd disks have majors 8, 65 - 71 and 128 - 135, 16 numbers each. */
static struct slice sd_name(struct facts_reader *reader, unsigned major, unsigned minor)
{
	unsigned block = major == 8 ? 0
			 : major >= 65 && major <= 71 ? major - 64
			 : major >= 128 && major <= 135 ? major - 120
							: 99;
	if (block == 99 || minor > 255)
		return SLICE("");
	unsigned disk = block * 16 + minor / 16, partition = minor % 16;
	char letters[3] = { 0 };
	if (disk < 26) {
		letters[0] = (char)('a' + disk);
	} else {
		letters[0] = (char)('a' + disk / 26 - 1);
		letters[1] = (char)('a' + disk % 26);
	}
	return partition ? arena_printf(reader->arena, "sd%s%u", letters, partition)
			 : arena_printf(reader->arena, "sd%s", letters);
}

static bool numbers_of(struct slice wanted, unsigned *ret_major, unsigned *ret_minor)
{
	uint64_t major, minor, both;
	struct slice rest = wanted;
	if (slice_eat_decimal(&rest, &major) && slice_eat(&rest, SLICE(":")) && slice_eat_decimal(&rest, &minor)) {
		*ret_major = (unsigned)(major & 0xfff);
		*ret_minor = (unsigned)(minor & 0xfffff);
		return true;
	}
	rest = wanted;
	if (!slice_eat_hex(&rest, &both) || rest.len)
		return false;
	/* new_decode_dev(): minor in bits 0-7 and 20-31, major in 8-19. */
	*ret_major = (unsigned)(both >> 8 & 0xfff);
	*ret_minor = (unsigned)((both & 0xff) | (both >> 12 & 0xfff00));
	return true;
}

static struct block_device *find_number(struct facts *facts, unsigned major, unsigned minor)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (facts->devices[i].major == major && facts->devices[i].minor == minor && facts->devices[i].is_listed)
			return &facts->devices[i];
	return NULL;
}

static struct block_device *find_partition(struct facts *facts, struct slice disk, int64_t partition)
{
	for (size_t i = 0; i < facts->device_count && partition > 0; i++)
		if (facts->devices[i].partition == partition && slice_equal(facts->devices[i].disk, disk))
			return &facts->devices[i];
	return NULL;
}

/* More than any table has. */
#define PARTNROFF_MAX 65535

/* `PARTUUID=611e...` or `PARTUUID=611e.../PARTNROFF=1`, so many partitions further; the kernel takes
 * nothing else behind the slash. */
static struct block_device *find_partuuid(struct facts *facts, struct slice wanted)
{
	int64_t offset = 0;
	slice_eat(&wanted, SLICE("PARTUUID="));
	struct slice uuid = slice_until(wanted, '/'), rest = slice_skip(wanted, uuid.len);
	if (rest.len && (!slice_eat(&rest, SLICE("/PARTNROFF=")) || !slice_to_signed(rest, &offset) ||
			 offset < -PARTNROFF_MAX || offset > PARTNROFF_MAX))
		return NULL;
	for (size_t i = 0; i < facts->device_count && uuid.len; i++) {
		struct block_device *device = &facts->devices[i];
		if (device->partuuid.len && slice_equal_nocase(device->partuuid, uuid))
			return offset ? find_partition(facts, device->disk, device->partition + offset) : device;
	}
	return NULL;
}

static struct block_device *find_fsuuid(struct facts *facts, struct slice wanted)
{
	slice_eat(&wanted, SLICE("UUID="));
	for (size_t i = 0; i < facts->device_count && wanted.len; i++)
		if (facts->devices[i].fsuuid.len && slice_equal_nocase(facts->devices[i].fsuuid, wanted))
			return &facts->devices[i];
	return NULL;
}

static void conclude_disk(struct facts_reader *reader, struct slice name)
{
	struct facts *facts = reader->facts;
	struct slice disk;
	unsigned partition;
	device_split(name, &disk, &partition);
	/* "sda5" of a list that holds sda; "nvme0n1" is a disk although it ends in a digit. */
	fact_set_text(reader, FACT_ROOT_DISK, disk, 0);
	fact_set_number(reader, FACT_ROOT_PARTITION, partition, 0);
	if (!fact_is_known(reader, FACT_DISKS_COUNT))
		return;
	int64_t partitions = 0;
	for (size_t i = 0; i < facts->device_count; i++)
		partitions += facts->devices[i].partition && slice_equal(facts->devices[i].disk, disk);
	fact_set_flag(reader, FACT_ROOT_DISK_LISTED, device_find(reader, disk) != NULL, 0);
	fact_set_number(reader, FACT_ROOT_DISK_PARTITIONS, partitions, 0);
}

/* BIOS boot and ESP partitions of installers are at most this large; a root file system never is. */
#define TINY_KIB (16 * 1024)
#define BIOS_BOOT_KIB (8 * 1024)

static const char *role_of(const struct facts *facts, const struct block_device *device)
{
	bool has_partitions = false;
	for (size_t i = 0; i < facts->device_count; i++)
		has_partitions |= facts->devices[i].partition && slice_equal(facts->devices[i].disk, device->name);
	if (!device->partition)
		return has_partitions ? "whole-disk" : "unknown";
	switch (device->role) {
	case ROLE_SWAP: return "swap";
	case ROLE_EXTENDED: return "extended";
	case ROLE_FILESYSTEM: return slice_is(device->fstype, "vfat") ? "esp" : "file-system";
	default: break;
	}
	if (device->size_kib && device->size_kib <= BIOS_BOOT_KIB)
		return "bios-boot";
	return device->size_kib && device->size_kib < TINY_KIB ? "tiny" : "unknown";
}

static int64_t count_other_candidates(const struct facts *facts, const struct block_device *row)
{
	int64_t count = 0;
	for (size_t i = 0; i < facts->device_count; i++) {
		const struct block_device *device = &facts->devices[i];
		count += device != row && device->partition && device->is_usable && device->role != ROLE_EXTENDED &&
			 device->role != ROLE_SWAP && (!device->size_kib || device->size_kib >= TINY_KIB);
	}
	return count;
}

static void conclude_row(struct facts_reader *reader, const struct block_device *device)
{
	bool rows_known = fact_is_known(reader, FACT_DISKS_COUNT);
	if (device || rows_known)
		fact_set_flag(reader, FACT_ROOT_ROW_LISTED, device != NULL, device ? device->line : 0);
	if (rows_known)
		fact_set_number(reader, FACT_ROOT_OTHER_CANDIDATES, count_other_candidates(reader->facts, device), 0);
	if (!device)
		return;
	fact_set_text(reader, FACT_ROOT_ROW, device->name, device->line);
	if (!fact_is_known(reader, FACT_ROOT_PARTITION))
		fact_set_number(reader, FACT_ROOT_PARTITION, device->partition, device->line);
	if (device->size_kib)
		fact_set_number(reader, FACT_ROOT_ROW_KIB, (int64_t)device->size_kib, device->line);
	fact_set_text(reader, FACT_ROOT_ROW_ROLE, slice_of(role_of(reader->facts, device)), device->line);
}

/* The row of the device that the kernel did mount says more than any name. */
static const struct block_device *mounted_row(struct facts_reader *reader)
{
	unsigned major, minor;
	struct slice number = facts_text(reader->facts, FACT_MOUNTED_ROOT);
	if (!number.len || !numbers_of(number, &major, &minor))
		return NULL;
	struct block_device *row = find_number(reader->facts, major, minor);
	if (!row)
		row = device_find(reader, sd_name(reader, major, minor));
	if (row) {
		row->role = ROLE_FILESYSTEM;
		row->fstype = facts_text(reader->facts, FACT_MOUNTED_ROOT_TYPE);
	}
	return row;
}

static void conclude_devices(struct facts_reader *reader)
{
	struct facts *facts = reader->facts;
	struct slice wanted = facts_text(facts, FACT_ROOT_WANTED);
	const struct block_device *mounted = mounted_row(reader);
	unsigned major = 0, minor = 0;
	if (facts_is(facts, FACT_ROOT_FORM, "device") || facts_is(facts, FACT_ROOT_FORM, "bare")) {
		slice_eat(&wanted, SLICE("/dev/"));
		conclude_disk(reader, wanted);
		conclude_row(reader, mounted ? mounted : device_find(reader, wanted));
	} else if (facts_is(facts, FACT_ROOT_FORM, "number") && numbers_of(wanted, &major, &minor)) {
		struct slice name = sd_name(reader, major, minor);
		if (name.len)
			conclude_disk(reader, name);
		conclude_row(reader, mounted ? mounted : find_number(facts, major, minor));
	} else if (facts_is(facts, FACT_ROOT_FORM, "partuuid")) {
		conclude_row(reader, mounted ? mounted : find_partuuid(facts, wanted));
	} else if (facts_is(facts, FACT_ROOT_FORM, "uuid")) {
		const struct block_device *row = mounted ? mounted : find_fsuuid(facts, wanted);
		if (row)
			conclude_row(reader, row);
	} else if (mounted) {
		conclude_row(reader, mounted);
	}
}

void root_conclude(struct facts_reader *reader)
{
	struct root_message message = read_messages(reader);
	conclude_failure(reader, &message);
	conclude_wanted(reader, &message);
	conclude_devices(reader);
}
