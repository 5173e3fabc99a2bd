/* The VM as its settings (DICT) describe it. */
#include "facts/reader.h"

static bool is_true(const struct boot_setting *setting)
{
	return setting && slice_equal_nocase(setting->value, SLICE("TRUE"));
}

/* `scsi0:0.present`, `nvme0:1.present`, `sata0:0.present`, `ide1:0.present`: the disk node in front of the dot. */
static bool is_disk_node(struct slice key, struct slice *ret_node)
{
	static const struct slice buses[] = { { "scsi", 4 }, { "nvme", 4 }, { "sata", 4 }, { "ide", 3 } };
	struct slice present = SLICE(".present");
	if (key.len < present.len || key.ptr[key.len - present.len] != '.')
		return false;
	struct slice node = slice_until(key, '.');
	if (!slice_equal_nocase(slice_skip(key, node.len), present) || slice_find_char(node, ':') == SLICE_NOT_FOUND)
		return false;
	for (size_t i = 0; i < sizeof buses / sizeof *buses; i++)
		if (slice_equal_nocase(slice_take(node, buses[i].len), buses[i])) {
			*ret_node = node;
			return true;
		}
	return false;
}

static bool is_cdrom(const struct facts_reader *reader, struct slice node)
{
	struct slice key = arena_printf(reader->arena, "%.*s.deviceType", SLICE_ARG(node));
	const struct boot_setting *type = boot_setting(reader->boot, key.ptr);
	return type && (slice_contains(type->value, SLICE("cdrom")) || slice_contains(type->value, SLICE("atapi")));
}

static void conclude_disks(struct facts_reader *reader)
{
	int64_t disks = 0;
	for (size_t i = 0; i < reader->boot->setting_count; i++) {
		const struct boot_setting *setting = &reader->boot->settings[i];
		struct slice node;
		/* Of a key that is set again, as after a reset by the user, only the last counts. */
		if (is_disk_node(setting->key, &node) && boot_setting(reader->boot, setting->key.ptr) == setting &&
		    is_true(setting) && !is_cdrom(reader, node))
			disks++;
	}
	if (reader->boot->setting_count)
		fact_set_number(reader, FACT_VM_DISKS, disks, 0);
}

/* `scsi0.virtualDev = "pvscsi"`, `nvme0.present = "TRUE"`. */
static void conclude_controllers(struct facts_reader *reader)
{
	for (size_t i = 0; i < reader->boot->setting_count; i++) {
		const struct boot_setting *setting = &reader->boot->settings[i];
		struct slice bus = slice_until(setting->key, '.'), rest = slice_skip(setting->key, bus.len);
		if (slice_find_char(bus, ':') != SLICE_NOT_FOUND)
			continue;
		if (slice_equal_nocase(slice_take(bus, 4), SLICE("scsi")) && slice_equal_nocase(rest, SLICE(".virtualDev")))
			fact_add_word(reader, FACT_VM_CONTROLLERS, setting->value, setting->line);
		else if (slice_equal_nocase(rest, SLICE(".present")) && is_true(setting) &&
			 (slice_equal_nocase(slice_take(bus, 4), SLICE("nvme")) ||
			  slice_equal_nocase(slice_take(bus, 4), SLICE("sata"))))
			fact_add_word(reader, FACT_VM_CONTROLLERS, slice_take(bus, 4), setting->line);
	}
}

void vm_conclude(struct facts_reader *reader)
{
	const struct boot *boot = reader->boot;
	const struct boot_setting *guest = boot_setting(boot, "guestOS"), *firmware = boot_setting(boot, "firmware");
	const struct boot_setting *memory = boot_setting(boot, "memSize");
	const struct boot_setting *no_log = boot_setting(boot, "isolation.tools.log.disable");
	uint64_t mib;
	if (guest)
		fact_set_text(reader, FACT_VM_GUEST_OS, guest->value, guest->line);
	if (boot->setting_count && !fact_is_known(reader, FACT_VM_FIRMWARE)) /* the kernel's own word goes first */
		fact_set_text(reader, FACT_VM_FIRMWARE,
			      firmware && slice_equal_nocase(firmware->value, SLICE("efi")) ? SLICE("efi") : SLICE("bios"),
			      firmware ? firmware->line : 0);
	if (memory && slice_to_decimal(memory->value, &mib) && mib < INT32_MAX)
		fact_set_number(reader, FACT_VM_MEMORY_MIB, (int64_t)mib, memory->line);
	if (boot->setting_count)
		fact_set_flag(reader, FACT_VM_GUEST_LOG_DISABLED, is_true(no_log), no_log ? no_log->line : 0);
	conclude_disks(reader);
	conclude_controllers(reader);
}
