/* Storage controllers on the PCI bus, and whether a driver spoke for each of them. */
#include "base/limits.h"
#include "facts/reader.h"

struct known_controller {
	unsigned vendor, device;
	const char *name, *driver;
	struct slice signs[3]; /* heads of records that only the driver writes */
};

#define SIGN(literal) { literal, sizeof(literal) - 1 }

/* VMware's virtual controllers (ids: open-vm-tools vm_device_version.h) and what is passed through. */
static const struct known_controller known[] = {
	{ 0x15ad, 0x07c0, "pvscsi", "vmw_pvscsi", { SIGN("VMware PVSCSI driver"), SIGN("vmw_pvscsi: ") } },
	{ 0x15ad, 0x07e0, "ahci", "ahci", { SIGN("ahci ") } },
	{ 0x15ad, 0x07f0, "nvme", "nvme", { SIGN("nvme nvme"), SIGN("nvme ") } },
	{ 0x1000, 0x0030, "lsilogic", "mptspi", { SIGN("Fusion MPT SPI Host driver"), SIGN("mptspi ") } },
	{ 0x1000, 0x0054, "lsisas1068", "mptsas", { SIGN("Fusion MPT SAS Host driver"), SIGN("mptsas ") } },
	{ 0x104b, 0x1040, "buslogic", "BusLogic", { SIGN("scsi: ***** BusLogic"), SIGN("scsi0 : BusLogic") } },
	{ 0x1000, 0x0060, "megasas", "megaraid_sas", { SIGN("megaraid_sas "), SIGN("megasas: ") } },
	{ 0x1000, 0x005b, "megasas-gen2", "megaraid_sas", { SIGN("megaraid_sas "), SIGN("megasas: ") } },
	{ 0x1000, 0x0012, "lsi53c895a", "sym53c8xx", { SIGN("sym0: "), SIGN("sym53c8xx ") } },
	{ 0x1022, 0x2020, "am53c974", "am53c974", { SIGN("am53c974 ") } },
	{ 0x1af4, 0x1001, "virtio-blk", "virtio_blk", { SIGN("virtio_blk ") } },
	{ 0x1af4, 0x1004, "virtio-scsi", "virtio_scsi", { SIGN("virtio_scsi "), SIGN("scsi host0: Virtio SCSI HBA") } },
	{ 0x8086, 0x7010, "piix3-ide", "ata_piix", { SIGN("ata_piix "), SIGN("PIIX3: IDE") } },
	{ 0x8086, 0x7111, "piix4-ide", "ata_piix", { SIGN("ata_piix "), SIGN("PIIX4: IDE") } },
	{ 0x8086, 0x2922, "ich9-ahci", "ahci", { SIGN("ahci ") } },
};

static const struct known_controller *look_up(unsigned vendor, unsigned device)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].vendor == vendor && known[i].device == device)
			return &known[i];
	return NULL;
}

/* PCI classes 0x0100 - 0x0108: mass storage. IDE (0x0101) is on every chipset and counts only when
 * nothing else is there. */
static bool is_mass_storage(uint64_t class_code)
{
	return (class_code >> 16) == 0x01;
}

static bool is_ide(const struct controller *controller)
{
	return controller->vendor == 0x8086 && (controller->device == 0x7010 || controller->device == 0x7111);
}

static struct controller *find_address(struct facts *facts, struct slice address)
{
	for (size_t i = 0; i < facts->controller_count; i++)
		if (slice_equal(facts->controllers[i].address, address))
			return &facts->controllers[i];
	return NULL;
}

/* `pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700 conventional PCI endpoint` */
static void take_pci(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct facts *facts = reader->facts;
	struct slice rest = slice_skip(record->text, 4), ids, class_text;
	uint64_t vendor, device, class_code;
	/* Of a hundred devices few are controllers. */
	if (!slice_after(rest, SLICE("class 0x"), &class_text) || !slice_eat_hex(&class_text, &class_code) ||
	    !is_mass_storage(class_code))
		return;
	struct slice address = slice_take(rest, slice_find(rest, SLICE(": ")));
	if (!slice_between(rest, SLICE(": ["), SLICE("]"), &ids) || !slice_eat_hex(&ids, &vendor) ||
	    !slice_eat(&ids, SLICE(":")) || !slice_eat_hex(&ids, &device) || vendor > 0xffff || device > 0xffff)
		return;
	if (facts->controller_count >= CONTROLLERS_MAX || find_address(facts, address))
		return;
	const struct known_controller *info = look_up((unsigned)vendor, (unsigned)device);
	facts->controllers[facts->controller_count++] = (struct controller){
		.address = address, .vendor = (unsigned)vendor, .device = (unsigned)device,
		.name = info ? info->name : NULL, .driver = info ? info->driver : NULL, .line = record->line,
	};
}

/* `scsi 0:0:0:0: Direct-Access     VMware   Virtual disk     2.0  PQ: 0 ANSI: 6` */
static void take_scsi(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (slice_contains(record->text, SLICE(": Direct-Access")))
		reader->scsi_disks++;
	else if (slice_contains(record->text, SLICE(": CD-ROM ")))
		reader->cdroms++;
}

/* Drivers that are signed by another head than their own name stand in the table above; any other
 * driver is known by its speaking of the address: `ahci 0000:02:01.0: AHCI 0001.0300 ...`. */
void storage_take_any(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct facts *facts = reader->facts;
	if (!facts->controller_count || !record->text.len)
		return;
	for (size_t i = 0; i < facts->controller_count; i++) {
		struct controller *controller = &facts->controllers[i];
		const struct known_controller *info = look_up(controller->vendor, controller->device);
		if (controller->is_driven)
			continue;
		for (size_t k = 0; info && k < 3 && info->signs[k].ptr; k++)
			controller->is_driven |= slice_starts(record->text, info->signs[k]);
		struct slice rest = record->text, word = slice_word(&rest);
		rest = slice_trim_left(rest);
		bool is_core = slice_is(word, "pci") || slice_is(word, "PCI") || slice_is(word, "pcieport") ||
			       slice_is(word, "pci_bus");
		controller->is_driven |= !is_core && slice_eat(&rest, controller->address) &&
					 slice_starts(rest, SLICE(": "));
		controller->driven_line = controller->is_driven ? record->line : 0;
	}
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("pci ", take_pci),
	FACTS_HEAD("scsi ", take_scsi),
};
const struct facts_patterns storage_patterns = { patterns, sizeof patterns / sizeof *patterns };

static struct slice controller_words(struct facts_reader *reader, const struct controller *controller)
{
	return arena_printf(reader->arena, "%s (%04x:%04x)", controller->name ? controller->name : "PCI device",
			    controller->vendor, controller->device);
}

/* The first controller that fits, IDE only when no other does. */
static const struct controller *pick(const struct facts *facts, bool driven)
{
	const struct controller *ide = NULL;
	for (size_t i = 0; i < facts->controller_count; i++) {
		const struct controller *controller = &facts->controllers[i];
		if (controller->is_driven != driven)
			continue;
		if (!is_ide(controller))
			return controller;
		ide = ide ? ide : controller;
	}
	return ide;
}

/* Disks that were found before the log begins, or while it was throttled, cannot be told from
 * disks that are not there. A controller comes before its driver, so a late start hides no driver. */
void storage_conclude(struct facts_reader *reader)
{
	struct facts *facts = reader->facts;
	bool from_start = reader->boot->record_count && !reader->boot->losses;
	const struct controller *undriven = pick(facts, false), *driven = pick(facts, true);
	if (facts->controller_count || from_start)
		fact_set_number(reader, FACT_CONTROLLERS_COUNT, (int64_t)facts->controller_count, 0);
	if (reader->scsi_disks || from_start)
		fact_set_number(reader, FACT_DISKS_SCSI_FOUND, (int64_t)reader->scsi_disks, 0);
	if (reader->cdroms || from_start)
		fact_set_number(reader, FACT_CDROM_COUNT, (int64_t)reader->cdroms, 0);
	bool hides = reader->boot->losses & ~(unsigned)(LOSS_RECORD_CUT | LOSS_LATE_START);
	if (undriven && !hides)
		fact_set_text(reader, FACT_CONTROLLER_UNDRIVEN, controller_words(reader, undriven), undriven->line);
	if (driven && fact_is_known(reader, FACT_DISKS_COUNT) && facts->values[FACT_DISKS_COUNT].number == 0)
		fact_set_text(reader, FACT_CONTROLLER_WITHOUT_DISK, controller_words(reader, driven), driven->line);
}
