#include "../facts_of.h"

struct row {
	const char *name;
	const char *settings[10];
	const char *facts;
};

static void check(const struct row *row)
{
	struct buf log = BUF_INIT(64 * KIB);
	struct facts_of of;
	log_host(&log, 1, "vmx", "DICT --- CONFIGURATION a.vmx");
	for (size_t i = 0; i < ROWS(row->settings) && row->settings[i]; i++) {
		struct buf line = BUF_INIT(512);
		buf_printf(&line, "DICT %s", row->settings[i]);
		buf_char(&line, '\0');
		log_host(&log, 1, "vmx", line.ptr);
		buf_deinit(&line);
	}
	log_host(&log, 2, "vcpu-0", "CPU reset: hard");
	expect_facts(row->name, facts_of_log(&of, LOG_VMWARE, buf_slice(&log)), row->facts);
	facts_of_free(&of);
	buf_deinit(&log);
}

static void test_settings(void **state)
{
	static const struct row rows[] = {
		{ "no settings", { NULL }, "vm.guest_os=?\nvm.firmware=?\nvm.disks=?\nvm.controllers=?\nvm.memory_mib=?\nvm.guest_log_disabled=?" },
		{ "one that says nothing", { "a = \"b\"" }, "vm.guest_os=-\nvm.firmware=bios\nvm.disks=0\nvm.controllers=-\nvm.memory_mib=-\nvm.guest_log_disabled=no" },
		{ "plain", { "guestOS = \"vmware-photon-64\"", "firmware = \"efi\"", "memSize = \"2048\"" }, "vm.guest_os=vmware-photon-64\nvm.firmware=efi\nvm.memory_mib=2048" },
		{ "any case", { "guestos = \"x\"", "FIRMWARE = \"EFI\"", "memsize = \"512\"" }, "vm.guest_os=x\nvm.firmware=efi\nvm.memory_mib=512" },
		{ "the last one counts", { "guestOS = \"x\"", "guestOS = \"y\"" }, "vm.guest_os=y" },
		{ "bios", { "firmware = \"bios\"" }, "vm.firmware=bios" },
		{ "memory that is no number", { "memSize = \"2g\"" }, "vm.memory_mib=-" },
		{ "memory over all bounds", { "memSize = \"99999999999999999999\"" }, "vm.memory_mib=-" },
		{ "guest text is off", { "isolation.tools.log.disable = \"true\"" }, "vm.guest_log_disabled=yes" },
		{ "guest text is on", { "isolation.tools.log.disable = \"FALSE\"" }, "vm.guest_log_disabled=no" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i]);
}

static void test_disks(void **state)
{
	static const struct row rows[] = {
		{ "one", { "scsi0.present = \"TRUE\"", "scsi0.virtualDev = \"pvscsi\"", "scsi0:0.present = \"TRUE\"", "scsi0:0.fileName = \"a.vmdk\"" }, "vm.disks=1\nvm.controllers=pvscsi" },
		{ "of every bus", { "scsi0:0.present = \"TRUE\"", "sata0:1.present = \"TRUE\"", "nvme0:0.present = \"TRUE\"", "ide1:0.present = \"TRUE\"" }, "vm.disks=4\nvm.controllers=-" },
		{ "not present", { "scsi0:0.present = \"FALSE\"" }, "vm.disks=0" },
		{ "a CD drive", { "sata0:0.present = \"TRUE\"", "sata0:0.deviceType = \"cdrom-image\"", "ide1:0.present = \"TRUE\"", "ide1:0.deviceType = \"atapi-cdrom\"", "scsi0:0.present = \"true\"" }, "vm.disks=1" },
		{ "what is no disk", { "ethernet0.present = \"TRUE\"", "usb.present = \"TRUE\"", "scsi0:0.redo = \"\"", "usb:0.present = \"TRUE\"" }, "vm.disks=0" },
		{ "controllers", { "scsi0.virtualDev = \"lsilogic\"", "scsi1.virtualDev = \"pvscsi\"", "scsi2.virtualDev = \"pvscsi\"", "nvme0.present = \"TRUE\"", "sata0.present = \"FALSE\"" }, "vm.controllers=lsilogic pvscsi nvme" },
		{ "old logs have no quotes", { "scsi0.virtualDev = lsilogic ", "scsi0:0.present = TRUE " }, "vm.disks=1\nvm.controllers=lsilogic" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_disks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
