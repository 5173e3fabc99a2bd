#include "../facts_of.h"

#define T "[    1.000000] "
#define V "[    0.000000] Linux version 5.10.0\n"
#define PCI(address, ids, class) T "pci 0000:" address ": [" ids "] type 00 class 0x" class "\n"
#define PVSCSI PCI("03:00.0", "15ad:07c0", "010700")
#define IDE PCI("00:07.1", "8086:7111", "01018a")
#define NVME PCI("0b:00.0", "15ad:07f0", "010802")
#define LSI PCI("00:10.0", "1000:0030", "010000")
#define DISK T "scsi 0:0:0:0: Direct-Access     VMware   Virtual disk     2.0  PQ: 0 ANSI: 6\n"
#define CDROM T "scsi 2:0:0:0: CD-ROM            NECVMWar VMware SATA CD00 1.00 PQ: 0 ANSI: 5\n"

/* Each controller: its name, driver, and whether it is driven. */
static void test_controllers(void **state)
{
	static const struct {
		const char *name, *text, *controllers;
	} rows[] = {
		{ "pvscsi, driven", V PVSCSI T "VMware PVSCSI driver - version 1.0.7.0-k\n", "pvscsi:vmw_pvscsi+ " },
		{ "pvscsi, undriven", V PVSCSI, "pvscsi:vmw_pvscsi " },
		{ "its driver spoke by its module's name", V PVSCSI T "vmw_pvscsi: using 64bit dma\n", "pvscsi:vmw_pvscsi+ " },
		{ "any driver speaks of the address", V PVSCSI T "foo 0000:03:00.0: enabled\n", "pvscsi:vmw_pvscsi+ " },
		{ "the bus is no driver", V PVSCSI T "pci 0000:03:00.0: reg 0x10: [io  0x5000-0x5007]\n" T "pcieport 0000:03:00.0: x\n", "pvscsi:vmw_pvscsi " },
		{ "an address inside the text is no driver", V PVSCSI T "vgaarb: 0000:03:00.0: x y\n", "pvscsi:vmw_pvscsi+ " },
		{ "nvme", V NVME T "nvme nvme0: pci function 0000:0b:00.0\n", "nvme:nvme+ " },
		{ "lsilogic", V LSI T "Fusion MPT SPI Host driver 3.04.20\n", "lsilogic:mptspi+ " },
		{ "the base driver alone drives none", V LSI T "Fusion MPT base driver 3.04.20\n", "lsilogic:mptspi " },
		{ "ide", V IDE T "ata_piix 0000:00:07.1: version 2.13\n", "piix4-ide:ata_piix+ " },
		{ "sata", V PCI("02:01.0", "15ad:07e0", "010601") T "ahci 0000:02:01.0: AHCI 0001.0300 32 slots 30 ports 6 Gbps\n", "ahci:ahci+ " },
		{ "several", V IDE PVSCSI T "ata_piix 0000:00:07.1: version 2.13\n", "piix4-ide:ata_piix+ pvscsi:vmw_pvscsi " },
		{ "one we do not know", V PCI("04:00.0", "1234:5678", "010400"), "-:- " },
		{ "the same address again", V PVSCSI PVSCSI, "pvscsi:vmw_pvscsi " },
		{ "no storage", V PCI("00:0f.0", "15ad:0405", "030000"), "" },
		{ "said by a program", V "<30>" PVSCSI, "" },
		{ "broken", V T "pci 0000:03:00.0: [15ad]\n" T "pci \n" T "pci 0000:03:00.0: [15ad:07c0] class 0x\n" T "pci 0000:03:00.0: [15ad1:07c0] class 0x010700\n", "" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct buf out = BUF_INIT(4096);
		const struct facts *facts = facts_of(&of, rows[i].text);
		for (size_t k = 0; k < facts->controller_count; k++) {
			const struct controller *controller = &facts->controllers[k];
			buf_printf(&out, "%s:%s%s ", controller->name ? controller->name : "-",
				   controller->driver ? controller->driver : "-", controller->is_driven ? "+" : "");
		}
		expect_text(rows[i].name, buf_slice(&out), rows[i].controllers);
		buf_deinit(&out);
		facts_of_free(&of);
	}
}

static void test_facts(void **state)
{
	static const struct facts_row rows[] = {
		{ "no driver", V PVSCSI, "controllers.count=1\ncontrollers.undriven=pvscsi (15ad:07c0)\ncontrollers.without_disk=-\ndisks.scsi_found=0" },
		{ "one we do not know", V PCI("04:00.0", "1234:5678", "010400"), "controllers.undriven=PCI device (1234:5678)" },
		{ "a driver and no disk", V PVSCSI T "VMware PVSCSI driver - version 1.0.7.0-k\n", "controllers.undriven=-\ncontrollers.without_disk=pvscsi (15ad:07c0)\ndisks.scsi_found=0" },
		{ "a driver and a disk", V PVSCSI T "VMware PVSCSI driver - version 1.0.7.0-k\n" DISK T " sda: sda1\n", "controllers.undriven=-\ncontrollers.without_disk=-\ndisks.scsi_found=1" },
		{ "ide is on every board", V IDE PVSCSI, "controllers.undriven=pvscsi (15ad:07c0)" },
		{ "and counts when it is alone", V IDE, "controllers.undriven=piix4-ide (8086:7111)" },
		{ "disks and drives", V DISK DISK CDROM, "disks.scsi_found=2\ndisks.cdroms=1" },
		{ "none", V, "controllers.count=0\ndisks.cdroms=0\ndisks.scsi_found=0" },
		{ "late", "[    5.000000] a\n", "controllers.count=?\ndisks.cdroms=?\ndisks.scsi_found=?" },
		{ "late, and a controller", "[    0.900000] a\n" PVSCSI, "controllers.count=1\ncontrollers.undriven=pvscsi (15ad:07c0)" },
		{ "cut", V PVSCSI T "a", "controllers.count=1\ncontrollers.undriven=?" },
	};
	(void)state;
	expect_rows(rows, ROWS(rows));
}

static void test_bound(void **state)
{
	struct buf text = BUF_INIT(MIB);
	struct facts_of of;
	(void)state;
	buf_text(&text, V);
	for (unsigned i = 0; i < 4 * CONTROLLERS_MAX; i++)
		buf_printf(&text, T "pci 0000:%02x:00.0: [15ad:07c0] type 00 class 0x010700\n", i);
	assert_int_equal(facts_of_log(&of, LOG_KERNEL, buf_slice(&text))->controller_count, CONTROLLERS_MAX);
	facts_of_free(&of);
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controllers),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
