#include "diagnosis/layout.h"

#define MIB_KIB(mib) ((uint64_t)(mib) * 1024)
#define GIB_KIB(gib) (MIB_KIB(gib) * 1024)

/* Sizes in KiB as the kernel prints them. Photon: its installer's mk-setup-grub.sh and the disk
 * layouts of vmware/photon-os-installer; RHEL images: osbuild/images; the others are what their
 * installers and cloud images deploy. */
static const struct layout layouts[] = {
	{ "photon", "Photon OS 1.0 installer", 1, { { 2, 2000, 4096, "BIOS boot partition", false } } },
	{ "photon", "Photon OS image with BIOS boot and EFI system partitions", 3,
	  { { 1, 1000, 4096, "BIOS boot partition", false }, { 2, 8192, 16384, "EFI system partition", false } } },
	{ "photon", "Photon OS with a BIOS boot partition", 2, { { 1, 1000, 4096, "BIOS boot partition", false } } },
	{ "photon", "Photon OS with an EFI system partition", 2, { { 1, 8192, 16384, "EFI system partition", false } } },
	{ "ubuntu", "Ubuntu cloud image", 1,
	  { { 14, 1024, 8192, "BIOS boot partition", false }, { 15, MIB_KIB(64), MIB_KIB(600), "EFI system partition", false },
	    { 16, MIB_KIB(500), MIB_KIB(1100), "/boot", true } } },
	{ "debian", "Debian cloud image", 1,
	  { { 14, 1024, 8192, "BIOS boot partition", false }, { 15, MIB_KIB(64), MIB_KIB(600), "EFI system partition", false } } },
	{ "rhel", "RHEL image builder", 4,
	  { { 1, 1000, 2048, "BIOS boot partition", false }, { 2, MIB_KIB(90), MIB_KIB(600), "EFI system partition", false },
	    { 3, MIB_KIB(400), GIB_KIB(2), "/boot", false } } },
	{ "amzn", "Amazon Linux 2023", 1,
	  { { 127, 1000, 2048, "BIOS boot partition", false }, { 128, 8192, 16384, "EFI system partition", false } } },
	{ "amzn", "Amazon Linux 2", 1, { { 128, 1000, 2048, "BIOS boot partition", false } } },
	{ "sles", "SUSE with BIOS boot and swap", 2,
	  { { 1, 1000, 8192, "BIOS boot partition", false }, { 3, MIB_KIB(64), GIB_KIB(64), "swap", false } } },
	{ NULL, "/boot, swap, root", 3,
	  { { 1, MIB_KIB(16), GIB_KIB(2), "/boot", false }, { 2, MIB_KIB(16), GIB_KIB(64), "swap", false } } },
	{ NULL, "root, extended container, logical swap", 1,
	  { { 2, 1, 1, "extended container", false }, { 5, MIB_KIB(16), GIB_KIB(64), "swap", false } } },
	{ NULL, "BIOS boot partition, root", 2, { { 1, 1000, 8192, "BIOS boot partition", false } } },
};

static const struct layout_slot *slot_of(const struct layout *layout, unsigned partition)
{
	for (size_t i = 0; i < 4 && layout->slots[i].partition; i++)
		if (layout->slots[i].partition == partition)
			return &layout->slots[i];
	return NULL;
}

const char *layout_role(const struct layout *layout, unsigned partition)
{
	const struct layout_slot *slot = slot_of(layout, partition);
	return slot ? slot->role : NULL;
}

static const struct block_device *partition_of(const struct facts *facts, struct slice disk, unsigned partition)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (facts->devices[i].partition == partition && slice_equal(facts->devices[i].disk, disk))
			return &facts->devices[i];
	return NULL;
}

/* The kernel mounted it as vfat: that slot is proven whatever the sizes. */
static bool is_proven(const struct layout_slot *slot, const struct block_device *device)
{
	return device->role == ROLE_FILESYSTEM && slice_is(device->fstype, "vfat") &&
	       strcmp(slot->role, "EFI system partition") == 0;
}

/* A log without the kernel's list has names and no sizes: then one proven slot must do. */
static bool slot_fits(const struct layout_slot *slot, const struct block_device *device,
		      const struct block_device *root, bool *ret_proven)
{
	*ret_proven |= is_proven(slot, device);
	if (!device->size_kib || !root->size_kib)
		return !device->size_kib && !root->size_kib;
	return device->size_kib >= slot->min_kib && device->size_kib <= slot->max_kib &&
	       root->size_kib >= device->size_kib * 2;
}

/* Every partition of the disk has its slot, every slot its partition, and the root is the
 * largest: at least twice as large as anything beside it. */
static bool fits(const struct layout *layout, const struct facts *facts, struct slice disk)
{
	const struct block_device *root = partition_of(facts, disk, layout->root_partition);
	bool proven = root && root->size_kib;
	if (!root || root->role == ROLE_EXTENDED)
		return false;
	for (size_t i = 0; i < facts->device_count; i++) {
		const struct block_device *device = &facts->devices[i];
		if (!device->partition || device == root || !slice_equal(device->disk, disk))
			continue;
		const struct layout_slot *slot = slot_of(layout, device->partition);
		if (!slot || !slot_fits(slot, device, root, &proven))
			return false;
	}
	for (size_t i = 0; i < 4 && layout->slots[i].partition; i++)
		if (!layout->slots[i].optional && !partition_of(facts, disk, layout->slots[i].partition))
			return false;
	return proven;
}

const struct layout *layout_match(const struct facts *facts, struct slice disk)
{
	struct slice distribution = facts_text(facts, FACT_KERNEL_DISTRIBUTION);
	const struct layout *other = NULL;
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		const struct layout *layout = &layouts[i];
		if (!fits(layout, facts, disk))
			continue;
		if (layout->distribution && slice_is(distribution, layout->distribution))
			return layout;
		if (!other)
			other = layout;
	}
	return other;
}
