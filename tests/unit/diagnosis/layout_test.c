#include "../facts_of.h"

#include "diagnosis/layout.h"

#define T "[    1.000000] "
#define KERNEL(release) "[    0.000000] Linux version " release " x\n" T "List of all partitions:\n"
#define SDA T "0800 20971520 sda  driver: sd\n"
#define ROW(number, size, name) T "  " number " " size " " name "\n"
#define END T "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n"

#define PHOTON "6.1.10-11.ph5 (root@photon)"
#define UBUNTU "5.15.0-91-generic (buildd@a)"
#define DEBIAN "6.1.0-23-cloud-amd64 (debian-kernel@a)"
#define RHEL "5.14.0-362.el9.x86_64 (a@b)"
#define AMAZON "6.1.61-85.141.amzn2023.x86_64 (a@b)"
#define SUSE "5.14.21-150500.55.39-default (geeko@buildhost)"
#define OTHER "6.6.0 (a@b)"

/* `layout`: "name: N is the root", NULL when none fits. */
static void test_match(void **state)
{
	static const struct {
		const char *name, *text, *layout;
		unsigned root;
	} rows[] = {
		{ "Photon 1.0", KERNEL("4.4.8-esx (root@photon)") SDA ROW("0801", "20967424", "sda1") ROW("0802", "3055", "sda2"), "Photon OS 1.0 installer", 1 },
		{ "the same of an unknown guest", KERNEL(OTHER) SDA ROW("0801", "20967424", "sda1") ROW("0802", "3055", "sda2"), "Photon OS 1.0 installer", 1 },
		{ "Photon, BIOS", KERNEL(PHOTON) SDA ROW("0801", "4096", "sda1") ROW("0802", "20966383", "sda2"), "Photon OS with a BIOS boot partition", 2 },
		{ "Photon, EFI", KERNEL(PHOTON) SDA ROW("0801", "10240", "sda1") ROW("0802", "20960239", "sda2"), "Photon OS with an EFI system partition", 2 },
		{ "Photon's image", KERNEL(PHOTON) SDA ROW("0801", "4096", "sda1") ROW("0802", "10240", "sda2") ROW("0803", "20956143", "sda3"), "Photon OS image with BIOS boot and EFI system partitions", 3 },
		{ "Photon with one more partition", KERNEL(PHOTON) SDA ROW("0801", "4096", "sda1") ROW("0802", "10240", "sda2") ROW("0803", "131072", "sda3") ROW("0804", "20825071", "sda4"), NULL, 0 },
		{ "Ubuntu's cloud image", KERNEL(UBUNTU) SDA ROW("0801", "20856832", "sda1") ROW("080e", "4096", "sda14") ROW("080f", "108544", "sda15"), "Ubuntu cloud image", 1 },
		{ "with /boot", KERNEL(UBUNTU) SDA ROW("0801", "19000000", "sda1") ROW("080e", "4096", "sda14") ROW("080f", "108544", "sda15") ROW("103:00000", "1048576", "sda16"), "Ubuntu cloud image", 1 },
		{ "Debian's, by its kernel", KERNEL(DEBIAN) SDA ROW("0801", "20841455", "sda1") ROW("080e", "3072", "sda14") ROW("080f", "126976", "sda15"), "Debian cloud image", 1 },
		{ "RHEL's", KERNEL(RHEL) SDA ROW("0801", "1024", "sda1") ROW("0802", "204800", "sda2") ROW("0803", "614400", "sda3") ROW("0804", "20150272", "sda4"), "RHEL image builder", 4 },
		{ "Amazon Linux 2023", KERNEL(AMAZON) T "103:00000 8388608 nvme0n1  (driver?)\n" ROW("103:00001", "8376303", "nvme0n1p1") ROW("103:00002", "1024", "nvme0n1p127") ROW("103:00003", "10240", "nvme0n1p128"), "Amazon Linux 2023", 1 },
		{ "SUSE", KERNEL(SUSE) SDA ROW("0801", "8192", "sda1") ROW("0802", "18865152", "sda2") ROW("0803", "2097152", "sda3"), "SUSE with BIOS boot and swap", 2 },
		{ "/boot, swap, root", KERNEL(OTHER) SDA ROW("0801", "102400", "sda1") ROW("0802", "2097152", "sda2") ROW("0803", "18770944", "sda3"), "/boot, swap, root", 3 },
		{ "root and logical swap", KERNEL(OTHER) SDA ROW("0801", "19921920", "sda1") ROW("0802", "1", "sda2") ROW("0805", "1046528", "sda5"), "root, extended container, logical swap", 1 },
		{ "a root that is not the largest", KERNEL(OTHER) SDA ROW("0801", "102400", "sda1") ROW("0802", "10000000", "sda2") ROW("0803", "10868544", "sda3"), NULL, 0 },
		{ "one partition", KERNEL(OTHER) SDA ROW("0801", "20971520", "sda1"), NULL, 0 },
		{ "none", KERNEL(OTHER) SDA, NULL, 0 },
		{ "a hole in the numbers", KERNEL(PHOTON) SDA ROW("0801", "4096", "sda1") ROW("0803", "20966383", "sda3"), NULL, 0 },
		{ "too large for a BIOS boot partition", KERNEL(OTHER) SDA ROW("0801", "204800", "sda1") ROW("0802", "20766720", "sda2"), NULL, 0 },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		struct buf text = BUF_INIT(64 * KIB);
		buf_printf(&text, "%s" END, rows[i].text);
		const struct facts *facts = facts_of_log(&of, LOG_KERNEL, buf_slice(&text));
		const struct layout *layout = layout_match(facts, facts->devices[0].name);
		expect_text(rows[i].name, slice_of(layout ? layout->name : "(none)"), rows[i].layout ? rows[i].layout : "(none)");
		if (layout) {
			expect_number(rows[i].name, layout->root_partition, rows[i].root);
			expect_true(rows[i].name, layout_role(layout, layout->root_partition) == NULL);
		}
		facts_of_free(&of);
		buf_deinit(&text);
	}
}

/* Without the kernel's list there are names and no sizes. */
static void test_without_sizes(void **state)
{
	static const struct {
		const char *name, *text, *layout;
	} rows[] = {
		{ "names prove nothing", "[    0.000000] Linux version " UBUNTU " x\n" T " sda: sda1 sda14 sda15\n", "(none)" },
		{ "a mounted ESP proves its slot",
		  "[    0.000000] Linux version " UBUNTU " x\n" T " sda: sda1 sda14 sda15\n" T "FAT-fs (sda15): mounted filesystem x\n", "Ubuntu cloud image" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct facts_of of;
		const struct layout *layout = layout_match(facts_of(&of, rows[i].text), SLICE("sda"));
		expect_text(rows[i].name, slice_of(layout ? layout->name : "(none)"), rows[i].layout);
		facts_of_free(&of);
	}
}

static void test_role(void **state)
{
	static const struct layout layout = { "x", "x", 3, { { 1, 1, 2, "BIOS boot partition", false }, { 2, 1, 2, "swap", true } } };
	static const struct {
		const char *name;
		unsigned partition;
		const char *role;
	} rows[] = {
		{ "the first slot", 1, "BIOS boot partition" },
		{ "the second slot", 2, "swap" },
		{ "the root", 3, "(none)" },
		{ "no slot", 4, "(none)" },
		{ "the disk", 0, "(none)" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *role = layout_role(&layout, rows[i].partition);
		expect_text(rows[i].name, slice_of(role ? role : "(none)"), rows[i].role);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_without_sizes),
		cmocka_unit_test(test_role),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
