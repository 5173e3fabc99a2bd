#include "diagnosis/root_advice.h"

#include <stdlib.h>

#include "diagnosis/layout.h"

/* Smallest partition that may hold a root file system: BIOS boot, PReP and Microsoft reserved
 * partitions are at most 16 MiB. */
#define ROOT_MIN_KIB (16 * 1024)
/* /boot and swap are seldom larger. */
#define BOOT_MAX_KIB (2 * 1024 * 1024)
/* Best ahead of second by this much: the tool bets. */
#define LEAD_TO_BET 25

/* Weights of evidence: engineering judgement, calibrated with the tests of root_advice_test.c. */
enum weight {
	WEIGHT_IDENTIFIED = 100,   /* a file-system UUID seen at mount is the wanted one */
	WEIGHT_BOOT_IMAGE = 60,    /* GRUB read the kernel from /boot on this partition */
	WEIGHT_NEAR_PARTUUID = 50, /* the wanted PARTUUID differs by one or two digits */
	WEIGHT_ONLY = 40,
	WEIGHT_NUMBER = 25,        /* same partition number as root= */
	WEIGHT_SUFFIX = 25,        /* same MBR signature or partition suffix in its PARTUUID */
	WEIGHT_LAYOUT = 25,
	WEIGHT_BOOT_DISK = 20,     /* on the disk with the boot partitions */
	WEIGHT_LARGEST = 10,
	WEIGHT_UNPARTITIONED = -20,
	WEIGHT_SWAP_SIZED = -20,
	WEIGHT_BOOT_LIKE = -20,
	WEIGHT_IS_BOOT = -60,      /* GRUB read the kernel from the top of this partition */
};

struct chooser {
	struct diagnosis *diagnosis;
	const struct facts *facts;
	struct root_advice *advice;
	struct arena *arena;
	bool failed;
};

/* ---- which rows are no candidates, and why ---- */

static size_t partitions_of(const struct facts *facts, struct slice disk)
{
	size_t count = 0;
	for (size_t i = 0; i < facts->device_count; i++)
		count += facts->devices[i].partition && slice_equal(facts->devices[i].disk, disk);
	return count;
}

static const char *other_device(struct slice name)
{
	static const struct { const char *head, *note; } notes[] = {
		{ "ram", "RAM disk" }, { "sr", "CD-ROM drive" }, { "scd", "CD-ROM drive" }, { "loop", "loop device" },
		{ "fd", "floppy drive" }, { "zram", "compressed RAM" }, { "md", "md array" }, { "dm-", "device-mapper volume" },
	};
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		if (slice_starts(name, slice_of(notes[i].head)))
			return notes[i].note;
	return "not a disk";
}

/* The row that root= did reach: it was opened, and is no root. */
static bool was_tried(const struct chooser *chooser, const struct block_device *device)
{
	bool reached = facts_is(chooser->facts, FACT_ROOT_FAILURE, "no-filesystem") ||
		       facts_is(chooser->facts, FACT_ROOT_FAILURE, "mounted") ||
		       facts_number(chooser->facts, FACT_ROOT_ERROR, 6) != 6;
	return reached && slice_equal(facts_text(chooser->facts, FACT_ROOT_ROW), device->name);
}

static const char *role_note(const struct block_device *device)
{
	switch (device->role) {
	case ROLE_SWAP: return "swap";
	case ROLE_EXTENDED: return "extended container";
	case ROLE_LVM: return "LVM physical volume";
	case ROLE_MD: return "member of an md array";
	case ROLE_FILESYSTEM: return slice_is(device->fstype, "vfat") ? "EFI system partition (vfat)" : NULL;
	default: return NULL;
	}
}

/* A layout's small partitions carry its names; its root-sized ones stay candidates. */
static const char *slot_note(const struct chooser *chooser, const struct block_device *device)
{
	const struct layout *layout = layout_match(chooser->facts, device->disk);
	const char *role = layout ? layout_role(layout, device->partition) : NULL;
	bool never_root = role && (strcmp(role, "EFI system partition") == 0 || strcmp(role, "BIOS boot partition") == 0);
	return role && (never_root || (device->size_kib && device->size_kib < ROOT_MIN_KIB)) ? role : NULL;
}

static const char *exclusion(const struct chooser *chooser, const struct block_device *device)
{
	if (!device->is_usable)
		return other_device(device->name);
	if (!device->partition && partitions_of(chooser->facts, device->name))
		return "the whole disk";
	const char *note = role_note(device);
	if (note)
		return note;
	if (was_tried(chooser, device))
		return "root= named it: it holds no root";
	note = device->partition ? slot_note(chooser, device) : NULL;
	if (note)
		return note;
	if (device->size_kib && device->size_kib <= 8192)
		return "too small: BIOS boot or EFI system partition";
	return device->size_kib && device->size_kib < ROOT_MIN_KIB ? "too small for a root" : NULL;
}

/* ---- evidence ---- */

static void add_reason(struct chooser *chooser, struct root_candidate *candidate, int weight, struct slice reason)
{
	candidate->score += weight;
	if (!arena_grow(chooser->arena, &candidate->reasons, candidate->reason_count, &candidate->reason_capacity,
			sizeof reason)) {
		chooser->failed = true;
		return;
	}
	candidate->reasons[candidate->reason_count++] = reason;
}

static bool is_small_boot(const struct block_device *device)
{
	return device->partition && device->size_kib > 1 && device->size_kib < ROOT_MIN_KIB;
}

static bool is_boot_disk(const struct facts *facts, struct slice disk)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (is_small_boot(&facts->devices[i]) && slice_equal(facts->devices[i].disk, disk))
			return true;
	return false;
}

/* An identifier that means a row says nothing of the number on another disk. */
static void weigh_number(struct chooser *chooser, struct root_candidate *candidate)
{
	struct slice form = facts_text(chooser->facts, FACT_ROOT_FORM);
	if (slice_is(form, "partuuid") || slice_is(form, "uuid"))
		return;
	const struct fact *partition = facts_get(chooser->facts, FACT_ROOT_PARTITION);
	if (partition->state == FACT_KNOWN && partition->number > 0 &&
	    (unsigned)partition->number == candidate->device->partition)
		add_reason(chooser, candidate, WEIGHT_NUMBER,
			   arena_printf(chooser->arena, "the same partition number as root= (%u)", candidate->device->partition));
}

static unsigned differing_digits(struct slice a, struct slice b)
{
	unsigned count = 0;
	for (size_t i = 0; i < a.len; i++)
		count += !slice_equal_nocase((struct slice){ a.ptr + i, 1 }, (struct slice){ b.ptr + i, 1 });
	return count;
}

static void weigh_partuuid(struct chooser *chooser, struct root_candidate *candidate)
{
	struct slice wanted = facts_text(chooser->facts, FACT_ROOT_WANTED), have = candidate->device->partuuid;
	if (!slice_eat(&wanted, SLICE("PARTUUID=")) || !have.len || wanted.len != have.len)
		return;
	bool is_mbr = have.len == 11;
	unsigned differ = differing_digits(wanted, have);
	if (differ <= 2 && !is_mbr)
		add_reason(chooser, candidate, WEIGHT_NEAR_PARTUUID,
			   arena_printf(chooser->arena, "its PARTUUID differs from the wanted one in %u digit%s", differ,
					differ == 1 ? "" : "s"));
	else if (is_mbr && slice_equal_nocase(slice_skip(wanted, 8), slice_skip(have, 8)))
		add_reason(chooser, candidate, WEIGHT_SUFFIX, SLICE("the same partition number in its PARTUUID"));
	else if (is_mbr && slice_equal_nocase(slice_take(wanted, 8), slice_take(have, 8)))
		add_reason(chooser, candidate, WEIGHT_SUFFIX, SLICE("the same disk signature in its PARTUUID"));
}

static void weigh_layout(struct chooser *chooser, struct root_candidate *candidate)
{
	const struct block_device *device = candidate->device;
	const struct layout *layout = layout_match(chooser->facts, device->disk);
	if (layout && layout->root_partition == device->partition)
		add_reason(chooser, candidate, WEIGHT_LAYOUT,
			   arena_printf(chooser->arena, "the root of a known layout: %s", layout->name));
	if (device->partition && is_boot_disk(chooser->facts, device->disk))
		add_reason(chooser, candidate, WEIGHT_BOOT_DISK, SLICE("on the disk with the boot partition"));
	if (!device->partition)
		add_reason(chooser, candidate, WEIGHT_UNPARTITIONED, SLICE("a disk without partitions"));
}

/* Against the other candidates of the same disk. */
static void weigh_size(struct chooser *chooser, struct root_candidate *candidate)
{
	const struct block_device *device = candidate->device;
	uint64_t largest_other = 0;
	for (size_t i = 0; i < chooser->advice->candidate_count; i++) {
		const struct block_device *other = chooser->advice->candidates[i].device;
		if (other != device && slice_equal(other->disk, device->disk) && other->size_kib > largest_other)
			largest_other = other->size_kib;
	}
	if (!largest_other || !device->size_kib)
		return;
	if (device->size_kib / 4 >= largest_other)
		add_reason(chooser, candidate, WEIGHT_LARGEST, SLICE("by far the largest partition of its disk"));
	else if (device->size_kib <= BOOT_MAX_KIB && largest_other / 4 >= device->size_kib)
		add_reason(chooser, candidate, WEIGHT_BOOT_LIKE, SLICE("the size of /boot or of swap, beside a larger partition"));
}

/* BOOT_IMAGE=(hd0,gpt2)/vmlinuz: GRUB found the kernel at the top of partition 2, which is then
 * /boot; with /boot/vmlinuz the partition is the root. */
static void weigh_boot_image(struct chooser *chooser, struct root_candidate *candidate)
{
	struct slice image = facts_text(chooser->facts, FACT_BOOT_IMAGE), place;
	if (!slice_between(image, SLICE("("), SLICE(")"), &place))
		return;
	struct slice path = slice_skip(image, place.len + 2), number;
	uint64_t partition;
	if (!slice_after(place, SLICE(",gpt"), &number) && !slice_after(place, SLICE(",msdos"), &number))
		return;
	if (!slice_eat_decimal(&number, &partition) || partition != candidate->device->partition)
		return;
	if (slice_starts(path, SLICE("/boot/")))
		add_reason(chooser, candidate, WEIGHT_BOOT_IMAGE, SLICE("GRUB read /boot/vmlinuz from this partition"));
	else
		add_reason(chooser, candidate, WEIGHT_IS_BOOT, SLICE("GRUB read the kernel from its top: it is /boot"));
}

static void weigh_identity(struct chooser *chooser, struct root_candidate *candidate)
{
	struct slice wanted = facts_text(chooser->facts, FACT_ROOT_WANTED);
	if (slice_eat(&wanted, SLICE("UUID=")) && wanted.len && candidate->device->fsuuid.len &&
	    slice_equal_nocase(wanted, candidate->device->fsuuid))
		add_reason(chooser, candidate, WEIGHT_IDENTIFIED, SLICE("its file system has the wanted UUID"));
}

static bool rows_are_missing(const struct chooser *chooser)
{
	return facts_is(chooser->facts, FACT_PARTITIONS_WHOLE, "no");
}

static void weigh_all(struct chooser *chooser)
{
	struct root_advice *advice = chooser->advice;
	for (size_t i = 0; i < advice->candidate_count; i++) {
		struct root_candidate *candidate = &advice->candidates[i];
		if (advice->candidate_count == 1)
			add_reason(chooser, candidate, WEIGHT_ONLY,
				   rows_are_missing(chooser) ? SLICE("the only one in what is left of the list")
							     : SLICE("the only partition that can hold a root file system"));
		weigh_identity(chooser, candidate);
		weigh_number(chooser, candidate);
		weigh_partuuid(chooser, candidate);
		weigh_layout(chooser, candidate);
		weigh_size(chooser, candidate);
		weigh_boot_image(chooser, candidate);
	}
}

/* ---- the answer ---- */

/* PARTUUID= since 2.6.37 for GPT, since 3.8 for MBR; an unknown kernel is a newer one. */
static bool kernel_knows_partuuid(const struct facts *facts, struct slice partuuid)
{
	int64_t version = facts_number(facts, FACT_KERNEL_VERSION, 9999);
	return version >= (partuuid.len == 11 ? 3008 : 3000);
}

static void add_candidate(struct chooser *chooser, const struct block_device *device)
{
	struct root_advice *advice = chooser->advice;
	struct root_candidate *candidate = &advice->candidates[advice->candidate_count++];
	candidate->device = device;
	candidate->path = arena_printf(chooser->arena, "/dev/%.*s", SLICE_ARG(device->name));
	candidate->value = candidate->path;
	if (device->partuuid.len && kernel_knows_partuuid(chooser->facts, device->partuuid))
		candidate->value = arena_printf(chooser->arena, "PARTUUID=%.*s", SLICE_ARG(device->partuuid));
}

static bool list_rows(struct chooser *chooser)
{
	const struct facts *facts = chooser->facts;
	struct root_advice *advice = chooser->advice;
	advice->rows = arena_alloc(chooser->arena, facts->device_count * sizeof *advice->rows);
	advice->candidates = arena_alloc(chooser->arena, facts->device_count * sizeof *advice->candidates);
	if (!advice->rows || !advice->candidates)
		return false;
	for (size_t i = 0; i < facts->device_count; i++) {
		const char *note = exclusion(chooser, &facts->devices[i]);
		advice->rows[advice->row_count++] = (struct root_row){
			&facts->devices[i], slice_of(note ? note : ""), note == NULL };
		if (!note)
			add_candidate(chooser, &facts->devices[i]);
	}
	return true;
}

/* Stable for equal scores: the kernel's order. */
static void sort_candidates(struct root_advice *advice)
{
	for (size_t i = 1; i < advice->candidate_count; i++) {
		struct root_candidate moved = advice->candidates[i];
		size_t k = i;
		for (; k && advice->candidates[k - 1].score < moved.score; k--)
			advice->candidates[k] = advice->candidates[k - 1];
		advice->candidates[k] = moved;
	}
}

/* An old IDE disk keeps its partitions' numbers when it is called sda; with one disk it is that one. */
static bool is_renamed_ide(const struct chooser *chooser, const struct block_device *best)
{
	const struct fact *partition = facts_get(chooser->facts, FACT_ROOT_PARTITION);
	return slice_starts(facts_text(chooser->facts, FACT_ROOT_DISK), SLICE("hd")) &&
	       facts_number(chooser->facts, FACT_DISKS_COUNT, 0) == 1 && partition->state == FACT_KNOWN &&
	       (uint64_t)partition->number == best->partition;
}

/* The firmware boots from another disk than the best candidate's: evidence against evidence. */
static bool boot_disk_is_another(const struct chooser *chooser, const struct block_device *best)
{
	if (is_boot_disk(chooser->facts, best->disk))
		return false;
	for (size_t i = 0; i < chooser->advice->candidate_count; i++)
		if (is_boot_disk(chooser->facts, chooser->advice->candidates[i].device->disk))
			return true;
	return false;
}

/* Rows may be missing, or nothing but names is known: the tool does not bet. */
static bool may_bet(const struct chooser *chooser)
{
	const struct block_device *best = chooser->advice->candidates[0].device;
	const struct layout *layout = layout_match(chooser->facts, best->disk);
	bool in_layout = layout && layout->root_partition == best->partition;
	bool is_known = best->size_kib || in_layout || is_renamed_ide(chooser, best);
	if (!best->partition || (chooser->advice->candidate_count > 1 && !is_known))
		return false;
	if (rows_are_missing(chooser) || boot_disk_is_another(chooser, best))
		return false;
	return facts_is(chooser->facts, FACT_PARTITIONS_WHOLE, "yes") || chooser->advice->candidate_count == 1 ||
	       !(chooser->facts->boot->losses & (LOSS_THROTTLED | LOSS_CUT | LOSS_GAP | LOSS_DUMP_STOPPED));
}

/* Behind a small first partition, a logical one is where Debian's installer puts LVM. */
static bool may_be_volume(const struct chooser *chooser)
{
	const struct root_candidate *best = &chooser->advice->candidates[0];
	if (best->device->partition < 5 || best->device->partuuid.len == 36)
		return false;
	for (size_t i = 1; i < chooser->advice->candidate_count; i++) {
		const struct block_device *other = chooser->advice->candidates[i].device;
		if (other->partition == 1 && slice_equal(other->disk, best->device->disk) &&
		    other->size_kib <= BOOT_MAX_KIB)
			return true;
	}
	return false;
}

static enum rule_confidence confidence_of(const struct chooser *chooser)
{
	const struct root_advice *advice = chooser->advice;
	const struct root_candidate *best = &advice->candidates[0];
	int lead = advice->candidate_count > 1 ? best->score - advice->candidates[1].score : best->score;
	if (may_be_volume(chooser))
		return CONFIDENCE_POSSIBLE;
	if (best->score >= WEIGHT_IDENTIFIED || (advice->candidate_count == 1 && best->score > WEIGHT_ONLY))
		return facts_is(chooser->facts, FACT_PARTITIONS_WHOLE, "yes") ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	return lead >= 2 * LEAD_TO_BET || advice->candidate_count == 1 ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

static const char check_several[] =
	"Look which of them holds /etc and /sbin: at the GRUB shell (press c) `ls (hd0,1)/` and so on for each, or `lsblk -f` from a rescue image.";

static const char check_incomplete[] =
	"The log lost rows of the kernel's list, so the root may be one that is not here: look at the disks with `lsblk -f` from a rescue image.";

static void answer(struct chooser *chooser)
{
	struct root_advice *advice = chooser->advice;
	if (!advice->candidate_count) {
		advice->answer = ROOT_ANSWER_NONE;
		advice->check = SLICE("No partition in the kernel's list can hold a root file system.");
		return;
	}
	sort_candidates(advice);
	const struct root_candidate *best = &advice->candidates[0];
	bool leads = advice->candidate_count == 1 || best->score - advice->candidates[1].score >= LEAD_TO_BET;
	advice->answer = leads && may_bet(chooser) ? ROOT_ANSWER_ONE : ROOT_ANSWER_SEVERAL;
	if (advice->answer == ROOT_ANSWER_SEVERAL)
		advice->check = rows_are_missing(chooser) ? SLICE(check_incomplete) : SLICE(check_several);
	enum rule_confidence confidence = confidence_of(chooser);
	for (size_t i = 0; i < advice->candidate_count; i++)
		advice->candidates[i].confidence =
			i == 0 && advice->answer == ROOT_ANSWER_ONE ? confidence : CONFIDENCE_POSSIBLE;
}

/* Both drivers are in the kernel itself: its own list has disks, and it knows a file system
 * that roots are made of. */
static bool kernel_can_mount(const struct facts *facts)
{
	static const char *const types[] = { "ext4", "xfs", "btrfs", "ext3", "ext2" };
	struct slice known = facts_text(facts, FACT_FILESYSTEMS_KNOWN);
	if (!facts_is(facts, FACT_PARTITIONS_LISTED, "yes") || facts_number(facts, FACT_DISKS_COUNT, 0) < 1)
		return false;
	while (known.len) {
		struct slice word = slice_word(&known);
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (slice_is(word, types[i]))
				return true;
	}
	return false;
}

static bool is_logical_volume(const struct facts *facts)
{
	return facts_is(facts, FACT_ROOT_FORM, "mapper");
}

bool root_advice_make(struct diagnosis *diagnosis, enum rule_root mode, struct arena *arena, struct error *err)
{
	struct root_advice *advice = &diagnosis->root;
	struct chooser chooser = { diagnosis, diagnosis->facts, advice, arena, false };
	advice->wanted = facts_text(diagnosis->facts, FACT_ROOT_WANTED);
	if (!list_rows(&chooser))
		return error_out_of_memory(err);
	bool proposes = mode == ROOT_PROPOSE || (mode == ROOT_ONE_TIME && kernel_can_mount(diagnosis->facts));
	if (proposes && is_logical_volume(diagnosis->facts)) {
		advice->candidate_count = 0;
		proposes = mode == ROOT_PROPOSE;
	}
	if (!proposes) {
		advice->candidate_count = 0;
		return true;
	}
	advice->is_present = true;
	advice->is_one_time = mode == ROOT_ONE_TIME;
	weigh_all(&chooser);
	answer(&chooser);
	return !(chooser.failed || arena->failed) || error_out_of_memory(err);
}
