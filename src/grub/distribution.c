#include "grub/distribution.h"

#include "base/escape.h"

/* Pieces that several rows share. Values in templates are shell-plain, so nothing needs quotes;
 * `|` is no plain character, so it can part the halves of a sed expression. */
#define GRUBBY_ROOT "grubby --update-kernel=ALL --args=root={{root}}"
#define GRUBBY_WORD "grubby --update-kernel=ALL --args={{word}}"
#define GRUBBY_SHOW "grubby --info=ALL"
#define DEFAULT_GRUB "/etc/default/grub"
#define DEFAULT_GRUB_WORD "sed -i.bak 's|^GRUB_CMDLINE_LINUX=\"|&{{word}} |' " DEFAULT_GRUB
#define DEFAULT_GRUB_SHOW "grep -n root= " DEFAULT_GRUB
#define MKCONFIG(FILE) "grub2-mkconfig -o " FILE
#define WRITTEN_BY_TOOL(TOOL) \
	TOOL " writes root= by itself, for the file system that is mounted at /. " \
	"A root= in GRUB_CMDLINE_LINUX of " DEFAULT_GRUB " comes later on the line and wins: take it out there."
#define OVERWRITTEN(FILE) "Never edit " FILE " by hand: the next kernel update writes it anew."
#define LEGACY_NEVER "Never change `root (hd0,0)` for this: that is GRUB's own root, not the kernel's root=."
#define DRACUT(OPTIONS, FILE) "dracut -f " OPTIONS FILE " {{kernel}}"
#define RED_HAT_IMAGE "/boot/initramfs-{{kernel}}.img"
#define RED_HAT_RESCUE \
	"Choose the entry of an older kernel. After a change of controller choose the one with `rescue` in its name: " \
	"its initramfs holds every driver, not only those of the old hardware."
#define DRACUT_DRIVER "Write `add_drivers+=\" {{driver}} \"` to a file in /etc/dracut.conf.d, so that later " \
	"kernels have it too."
#define DRACUT_DRIVER_COMMANDS(FILE) \
	{ "echo 'add_drivers+=\" {{driver}} \"' > /etc/dracut.conf.d/vmware-storage.conf", DRACUT("", FILE) }

/* ---- Photon OS -------------------------------------------------------------------------- */

#define PHOTON_FILE "/boot/grub2/grub.cfg"
#define PHOTON_IMAGE "/boot/initrd.img-{{kernel}}"
/* The blank run in front takes an indented line too. */
#define PHOTON_SET_ROOT "s|^\\([[:blank:]]*\\)set rootpartition=.*|\\1set rootpartition={{root}}|"
/* The call of the function that Photon 1.0 once had. */
#define PHOTON_CALL_ROOT "s|^\\([[:blank:]]*\\)set_rootpartition *$|\\1set rootpartition={{root}}|"
#define PHOTON_COMMON \
	.id = "photon", .name = "Photon OS", .style = BOOT_GRUB_PHOTON, .file = PHOTON_FILE, \
	.linux_word = "linux", .initrd_word = "initrd", .initramfs_file = PHOTON_IMAGE, \
	.older_kernel = "Photon has one entry for the newest kernel: press c, type `ls /boot/` (`ls /` where /boot " \
			"is a partition of its own) to see which vmlinuz and initrd.img files there are, press " \
			"Esc, press e, and write an older pair of names into the `linux` and `initrd` lines.", \
	.old_line = "set rootpartition={{old}}", .new_line = "set rootpartition={{root}}", \
	.word_commands = { "sed -i.bak '/^[[:blank:]]*linux /s|$| {{word}}|' " PHOTON_FILE }, \
	.initramfs_commands = { DRACUT("", PHOTON_IMAGE) }, \
	.add_driver_commands = DRACUT_DRIVER_COMMANDS(PHOTON_IMAGE), \
	.kernel_commands = { "tdnf update" }, .kdump_commands = { "tdnf install kexec-tools" }, \
	.verify_command = "grep -n -e rootpartition -e root= " PHOTON_FILE " /boot/photon.cfg", \
	.never = "Never run grub2-mkconfig here: it replaces the hand-written file, whose header says so."
#define PHOTON_TEXT \
	"The file holds the root device once, behind `set rootpartition=` (/boot/grub is a link to grub2, so " \
	"/boot/grub/grub.cfg is the same file). "

/* ---- Red Hat and the distributions built from it ----------------------------------------- */

#define TWO_ROOTS "When two root= words remain on a line, the last one counts. "
#define GRUBBY_TEXT "`" GRUBBY_ROOT "` does it in the entry of every installed kernel. " TWO_ROOTS
#define LEGACY_TEXT \
	GRUBBY_TEXT "With a working initramfs root=UUID= is better, as it survives a change of letters: " \
	"`blkid` shows the UUID."

/* rhboot/grubby grubby.8 and test/; RHEL 5 and 6 boot with GRUB legacy and /boot/grub/grub.conf. */
#define RED_HAT_LEGACY(ID, NAME) \
	.id = ID, .name = NAME, .style = BOOT_GRUB_LEGACY, .file = "/boot/grub/grub.conf", \
	.efi_config = "/boot/efi/EFI/redhat/grub.conf", .linux_word = "kernel", .initrd_word = "initrd", \
	.older_kernel = "Choose the entry of an older kernel.", \
	.old_line = "root={{old}}", .new_line = "root={{root}}", \
	.permanent_text = LEGACY_TEXT, .permanent_commands = { GRUBBY_ROOT }, .word_commands = { GRUBBY_WORD }, \
	.kernel_commands = { "yum update kernel" }, .verify_command = GRUBBY_SHOW, .never = LEGACY_NEVER
#define RED_HAT_5(ID, NAME) { \
	RED_HAT_LEGACY(ID, NAME), .release_first = 5, .release_last = 5, \
	.initramfs_file = "/boot/initrd-{{kernel}}.img", \
	.initramfs_commands = { "mkinitrd -f /boot/initrd-{{kernel}}.img {{kernel}}" }, \
	.add_driver = "Write `alias scsi_hostadapter {{driver}}` to /etc/modprobe.conf, so that later kernels have " \
		"it too.", \
	.add_driver_commands = { "mkinitrd -f --with={{driver}} /boot/initrd-{{kernel}}.img {{kernel}}" }, \
	.kdump_commands = { "yum install kexec-tools", "chkconfig kdump on" } }
#define RED_HAT_6(ID, NAME) { \
	RED_HAT_LEGACY(ID, NAME), .release_first = 6, .release_last = 6, \
	.initramfs_file = RED_HAT_IMAGE, .initramfs_commands = { DRACUT("", RED_HAT_IMAGE) }, \
	.add_driver = DRACUT_DRIVER, .add_driver_commands = DRACUT_DRIVER_COMMANDS(RED_HAT_IMAGE), \
	.kdump_commands = { "yum install kexec-tools", "chkconfig kdump on" } }

#define RED_HAT_DRACUT \
	.initrd_word = "initrd", .initramfs_file = RED_HAT_IMAGE, .older_kernel = RED_HAT_RESCUE, \
	.permanent_commands = { GRUBBY_ROOT }, .word_commands = { GRUBBY_WORD }, .verify_command = GRUBBY_SHOW, \
	.initramfs_commands = { DRACUT("--no-hostonly ", RED_HAT_IMAGE) }, \
	.add_driver = DRACUT_DRIVER, .add_driver_commands = DRACUT_DRIVER_COMMANDS(RED_HAT_IMAGE)

/* rhboot/grubby grubby.8; rhboot/grub2 util/grub.d/10_linux.in (linux16, initrd16). */
#define RED_HAT_7(ID, NAME, EFI) { \
	.id = ID, .name = NAME, .style = BOOT_GRUB_MKCONFIG, .release_first = 7, .release_last = 7, \
	.file = "/boot/grub2/grub.cfg", .efi_config = "/boot/efi/EFI/" EFI "/grub.cfg", \
	.linux_word = "linux16", .linux_word_efi = "linuxefi", RED_HAT_DRACUT, \
	.old_line = "root={{old}}", .new_line = "root={{root}}", .permanent_text = GRUBBY_TEXT, \
	.kernel_commands = { "yum update kernel" }, \
	.kdump_commands = { "yum install kexec-tools", GRUBBY_WORD, "systemctl enable kdump" }, \
	.note = "A root= in GRUB_CMDLINE_LINUX of " DEFAULT_GRUB " comes back with the next grub2-mkconfig: change " \
		"it there too." }

/* rhboot/grubby grubby-bls; RHEL 8: `options $kernelopts` in the entries, kernelopts= in grubenv. */
#define RED_HAT_8(ID, NAME, EFI) { \
	.id = ID, .name = NAME, .style = BOOT_GRUB_BLS, .release_first = 8, .release_last = 8, \
	.file = "/boot/loader/entries/*.conf", .config = "/boot/grub2/grub.cfg", \
	.efi_config = "/boot/efi/EFI/" EFI "/grub.cfg", .linux_word = "linux", RED_HAT_DRACUT, \
	.old_line = "root={{old}}", .new_line = "root={{root}}", \
	.permanent_text = GRUBBY_TEXT "It writes to the entries in /boot/loader/entries and to kernelopts in the " \
		"GRUB environment.", \
	.kernel_commands = { "dnf update kernel" }, \
	.kdump_commands = { "dnf install kexec-tools", GRUBBY_WORD, "systemctl enable kdump" }, \
	.note = "grub2-mkconfig resets kernelopts from " DEFAULT_GRUB ": a root= in GRUB_CMDLINE_LINUX there must " \
		"change too." }

/* rhboot/grubby grubby-bls; Red Hat release notes of 9.3 (--update-bls-cmdline): the file on
 * the ESP is a stub since 9 and Fedora 34. */
#define RED_HAT_9(ID, NAME, EFI, FIRST, LAST) { \
	.id = ID, .name = NAME, .style = BOOT_GRUB_BLS, .release_first = FIRST, .release_last = LAST, \
	.file = "/boot/loader/entries/*.conf", .config = "/boot/grub2/grub.cfg", .linux_word = "linux", \
	RED_HAT_DRACUT, \
	.old_line = "root={{old}}", .new_line = "root={{root}}", \
	.permanent_text = GRUBBY_TEXT "Kernels installed later take root= from /etc/kernel/cmdline, where that " \
		"file exists.", \
	.kernel_commands = { "dnf update kernel" }, \
	.kdump_commands = { "dnf install kexec-tools", "kdumpctl reset-crashkernel --kernel=ALL", \
		"systemctl enable kdump" }, \
	.never = "Never write the output of grub2-mkconfig to /boot/efi/EFI/" EFI "/grub.cfg: that file only " \
		 "points to /boot/grub2/grub.cfg." }

#define RED_HAT_FAMILY(ID, NAME, EFI) \
	RED_HAT_5(ID, NAME), RED_HAT_6(ID, NAME), RED_HAT_7(ID, NAME, EFI), RED_HAT_8(ID, NAME, EFI), \
	RED_HAT_9(ID, NAME, EFI, 9, 10)

/* ---- Debian, Ubuntu ---------------------------------------------------------------------- */

#define DEBIAN_ROOT \
	"update-grub writes root=UUID= for the file system that is mounted at /, because its UUID survives a " \
	"change of letters. It falls back to root=/dev/... only for a kernel without an initramfs, so rebuild that " \
	"first. A root= in GRUB_CMDLINE_LINUX of " DEFAULT_GRUB " or of a file in /etc/default/grub.d comes later " \
	"on the line and wins: take it out there, and any GRUB_DISABLE_LINUX_UUID=true with it."
#define DEBIAN_COMMON \
	.style = BOOT_GRUB_DEBIAN, .file = DEFAULT_GRUB, .config = "/boot/grub/grub.cfg", \
	.linux_word = "linux", .initrd_word = "initrd", .initramfs_file = "/boot/initrd.img-{{kernel}}", \
	.permanent_text = DEBIAN_ROOT, \
	.permanent_commands = { "grep -rn -e root= -e DISABLE_LINUX " DEFAULT_GRUB " /etc/default/grub.d", \
				"update-initramfs -u -k all", "update-grub" }, \
	.word_commands = { DEFAULT_GRUB_WORD, "update-grub" }, \
	.initramfs_commands = { "update-initramfs -c -k {{kernel}}", "update-grub" }, \
	.add_driver = "A line `{{driver}}` in /etc/initramfs-tools/modules puts it into the initramfs of every " \
		"kernel.", \
	.add_driver_commands = { "echo {{driver}} >> /etc/initramfs-tools/modules", "update-initramfs -u -k all" }, \
	.kernel_commands = { "apt-get update", "apt-get dist-upgrade" }, \
	.verify_command = "grep -n root= /boot/grub/grub.cfg", .never = OVERWRITTEN("/boot/grub/grub.cfg")

/* ---- SUSE --------------------------------------------------------------------------------- */

/* openSUSE/perl-bootloader; SLES 11 administration guide: GRUB legacy, INITRD_MODULES. */
#define SUSE_11(ID, NAME) { \
	.id = ID, .name = NAME, .style = BOOT_GRUB_LEGACY, .release_first = 11, .release_last = 11, \
	.file = "/boot/grub/menu.lst", .linux_word = "kernel", .initrd_word = "initrd", \
	.initramfs_file = "/boot/initrd-{{kernel}}", \
	.older_kernel = "Choose the entry of an older kernel, or the one named Failsafe.", \
	.old_line = "root={{old}}", .new_line = "root={{root}}", \
	.permanent_text = "Change it on the `kernel` line of every entry. ", \
	.permanent_commands = { "sed -i.bak '/^[[:blank:]]*kernel /s| root=[^ ]*| root={{root}}|' " \
		"/boot/grub/menu.lst" }, \
	.word_commands = { "sed -i.bak '/^[[:blank:]]*kernel /s|$| {{word}}|' /boot/grub/menu.lst" }, \
	.initramfs_commands = { "mkinitrd -k vmlinuz-{{kernel}} -i initrd-{{kernel}}" }, \
	.add_driver = "INITRD_MODULES in /etc/sysconfig/kernel names the drivers of every initramfs.", \
	.add_driver_commands = { "sed -i.bak 's|^INITRD_MODULES=\"|&{{driver}} |' /etc/sysconfig/kernel", \
		"mkinitrd" }, \
	.kernel_commands = { "zypper update kernel-default" }, \
	.kdump_commands = { "zypper install kdump kexec-tools", "chkconfig boot.kdump on" }, \
	.verify_command = "grep -n root= /boot/grub/menu.lst", .never = LEGACY_NEVER }

/* rhboot/grub2 util/grub.d/10_linux.in, as SUSE ships it; SLES 12 and 15 administration guides. */
#define SUSE_12(ID, NAME, EFI, LAST) { \
	.id = ID, .name = NAME, .style = BOOT_GRUB_MKCONFIG, .release_first = 12, .release_last = LAST, \
	.file = DEFAULT_GRUB, .config = "/boot/grub2/grub.cfg", .linux_word = "linux", .linux_word_efi = "linuxefi", \
	.initrd_word = "initrd", .initramfs_file = "/boot/initrd-{{kernel}}", \
	.older_kernel = "Choose an older kernel under `Advanced options`, or an earlier state of the system under " \
			"`Start bootloader from a read-only snapshot`.", \
	.permanent_text = WRITTEN_BY_TOOL("grub2-mkconfig"), \
	.permanent_commands = { DEFAULT_GRUB_SHOW, MKCONFIG("/boot/grub2/grub.cfg") }, \
	.word_commands = { DEFAULT_GRUB_WORD, MKCONFIG("/boot/grub2/grub.cfg") }, \
	.initramfs_commands = { DRACUT("--no-hostonly ", "/boot/initrd-{{kernel}}") }, \
	.add_driver = DRACUT_DRIVER, .add_driver_commands = DRACUT_DRIVER_COMMANDS("/boot/initrd-{{kernel}}"), \
	.kernel_commands = { "zypper update kernel-default" }, \
	.kdump_commands = { "zypper install kdump", "systemctl enable kdump" }, \
	.verify_command = "grep -n root= /boot/grub2/grub.cfg", \
	.never = "Never write to /boot/efi/EFI/" EFI "/grub.cfg: that file only points to /boot/grub2/grub.cfg." }

static const struct distribution table[] = {
	/* vmware/photon, branch 1.0, installer/mk-setup-grub.sh: PARTUUID since May 2016; from August
	 * 2015 to then a function makes a letter out of GRUB's own disk number. linux-esx.spec: no
	 * initramfs. */
	{ PHOTON_COMMON, .release_first = 1, .release_last = 1,
	  .permanent_text = PHOTON_TEXT,
	  .permanent_commands = { "sed -i.bak -e '" PHOTON_CALL_ROOT "' -e '" PHOTON_SET_ROOT "' " PHOTON_FILE },
	  .add_driver = DRACUT_DRIVER " linux-esx of Photon 1 has no initramfs: there boot the generic kernel (`tdnf "
		"install linux`).",
	  .note = "Installers from August 2015 to May 2016 wrote a function set_rootpartition instead, which makes a "
		  "letter out of GRUB's own disk number (hd2,gpt1 becomes /dev/sdc1): the usual way such a name "
		  "arises on Photon 1.0. The line that calls `set_rootpartition` becomes `set "
		  "rootpartition={{root}}` then." },
	/* vmware/photon, branches 2.0 and 3.0, installer/mk-setup-grub.sh; linux-esx.spec of 2.0. */
	{ PHOTON_COMMON, .release_first = 2, .release_last = 3,
	  .permanent_text = PHOTON_TEXT "A root= in /boot/photon.cfg or /boot/systemd.cfg comes later on the line "
		"and wins: take it out.",
	  .permanent_commands = { "sed -i.bak '" PHOTON_SET_ROOT "' " PHOTON_FILE },
	  .add_driver = DRACUT_DRIVER " linux-esx of Photon 2 has no initramfs: there boot the generic kernel (`tdnf "
		"install linux`)." },
	/* vmware/photon-os-installer photon_installer/mk-setup-grub.sh. */
	{ PHOTON_COMMON, .release_first = 4, .release_last = 5,
	  .permanent_text = PHOTON_TEXT "A root= in /boot/photon.cfg, /boot/systemd.cfg or /boot/user.cfg comes "
			    "later on the line and wins: take it out.",
	  .permanent_commands = { "sed -i.bak '" PHOTON_SET_ROOT "' " PHOTON_FILE }, .add_driver = DRACUT_DRIVER },

	RED_HAT_FAMILY("rhel", "Red Hat Enterprise Linux", "redhat"),
	RED_HAT_FAMILY("centos", "CentOS", "centos"),
	/* These two begin with release 8. */
	RED_HAT_8("rocky", "Rocky Linux", "rocky"), RED_HAT_9("rocky", "Rocky Linux", "rocky", 9, 10),
	RED_HAT_8("almalinux", "AlmaLinux", "almalinux"), RED_HAT_9("almalinux", "AlmaLinux", "almalinux", 9, 10),
	/* Oracle keeps Red Hat's folder name on the ESP. */
	RED_HAT_FAMILY("ol", "Oracle Linux", "redhat"),

	/* rhboot/grub2 and rhboot/grubby: entries in /boot/loader since Fedora 30. */
	{ .id = "fedora", .name = "Fedora", .style = BOOT_GRUB_MKCONFIG, .release_first = 18, .release_last = 29,
	  .file = "/boot/grub2/grub.cfg", .efi_config = "/boot/efi/EFI/fedora/grub.cfg", .linux_word = "linux16",
	  .linux_word_efi = "linuxefi", RED_HAT_DRACUT, .old_line = "root={{old}}", .new_line = "root={{root}}",
	  .permanent_text = GRUBBY_TEXT, .kernel_commands = { "dnf update kernel" },
	  .kdump_commands = { "dnf install kexec-tools", GRUBBY_WORD, "systemctl enable kdump" } },
	RED_HAT_9("fedora", "Fedora", "fedora", 30, 99),

	/* Debian grub2 package, util/grub.d/10_linux.in and debian/default/grub; initramfs-tools. */
	{ DEBIAN_COMMON, .id = "debian", .name = "Debian",
	  .older_kernel = "Choose an older kernel under `Advanced options for Debian GNU/Linux`.",
	  .kdump_commands = { "apt-get install kdump-tools", "kdump-config show" } },
	/* The same, and Ubuntu's livecd-rootfs: 40-force-partuuid.cfg in cloud images. */
	{ DEBIAN_COMMON, .id = "ubuntu", .name = "Ubuntu",
	  .older_kernel = "Choose an older kernel under `Advanced options for Ubuntu`.",
	  .kdump_commands = { "apt-get install linux-crashdump", "kdump-config show" },
	  .note = "A cloud image sets GRUB_FORCE_PARTUUID= in /etc/default/grub.d/40-force-partuuid.cfg and first "
		  "boots without its initramfs: one panic over root= and then a good boot is by design there. On a "
		  "copied disk write the new PARTUUID there or leave the value empty, then run update-grub." },

	SUSE_11("sles", "SUSE Linux Enterprise Server"), SUSE_12("sles", "SUSE Linux Enterprise Server", "sles", 15),
	SUSE_11("opensuse-leap", "openSUSE"),
	/* Leap 42 came between 13 and 15 and boots like both. */
	SUSE_12("opensuse-leap", "openSUSE Leap", "opensuse", 42),

	/* Amazon Linux 2 user guide; its grub2 is Red Hat's, without grubby's BLS mode. */
	{ .id = "amzn", .name = "Amazon Linux 2", .style = BOOT_GRUB_MKCONFIG, .release_first = 2, .release_last = 2,
	  .file = DEFAULT_GRUB, .config = "/boot/grub2/grub.cfg", .efi_config = "/boot/efi/EFI/amzn/grub.cfg",
	  .linux_word = "linux", .initrd_word = "initrd", .initramfs_file = RED_HAT_IMAGE,
	  .older_kernel = "Choose the entry of an older kernel.", .permanent_text = WRITTEN_BY_TOOL("grub2-mkconfig"),
	  .permanent_commands = { DEFAULT_GRUB_SHOW, MKCONFIG("/boot/grub2/grub.cfg") },
	  .word_commands = { GRUBBY_WORD },
	  .initramfs_commands = { DRACUT("--no-hostonly ", RED_HAT_IMAGE) }, .add_driver = DRACUT_DRIVER,
	  .add_driver_commands = DRACUT_DRIVER_COMMANDS(RED_HAT_IMAGE), .kernel_commands = { "yum update kernel" },
	  .kdump_commands = { "yum install kexec-tools", GRUBBY_WORD, "systemctl enable kdump" },
	  .verify_command = "grep -n root= /boot/grub2/grub.cfg", .never = OVERWRITTEN("/boot/grub2/grub.cfg") },
	/* Amazon Linux 2023 user guide: BLS entries and grubby. */
	RED_HAT_9("amzn", "Amazon Linux 2023", "amzn", 2023, 2023),

	/* Alpine: syslinux package's update-extlinux.conf; mkinitfs features. */
	{ .id = "alpine", .name = "Alpine Linux", .style = BOOT_EXTLINUX, .file = "/etc/update-extlinux.conf",
	  .config = "/boot/extlinux.conf", .efi_config = "/boot/grub/grub.cfg", .linux_word = "APPEND",
	  .linux_word_efi = "linux", .initrd_word = "INITRD",
	  .older_kernel = "Choose the entry of another kernel; Alpine keeps one of each flavour.",
	  .old_line = "root={{old}}", .new_line = "root={{root}}",
	  .permanent_text = "update-extlinux copies it into /boot/extlinux.conf. Under EFI run `grub-mkconfig -o "
			    "/boot/grub/grub.cfg` instead.",
	  .permanent_commands = { "sed -i.bak 's|^root=.*|root={{root}}|' /etc/update-extlinux.conf",
		"update-extlinux" },
	  .word_commands = { "sed -i.bak 's|^default_kernel_opts=\"|&{{word}} |' /etc/update-extlinux.conf",
		"update-extlinux" },
	  .initramfs_commands = { "mkinitfs {{kernel}}" },
	  .add_driver = "`features=` in /etc/mkinitfs/mkinitfs.conf names the driver groups: it needs scsi for "
		"{{driver}}, or nvme for NVMe.",
	  .add_driver_commands = { "grep -n features= /etc/mkinitfs/mkinitfs.conf", "mkinitfs {{kernel}}" },
	  .kernel_commands = { "apk update", "apk upgrade" }, .verify_command = "grep -n root= /boot/extlinux.conf",
	  .never = OVERWRITTEN("/boot/extlinux.conf") },

	/* Arch: grub package (10_linux), mkinitcpio. */
	{ .id = "arch", .name = "Arch Linux", .style = BOOT_GRUB_MKCONFIG, .file = DEFAULT_GRUB,
	  .config = "/boot/grub/grub.cfg", .linux_word = "linux", .initrd_word = "initrd",
	  .older_kernel = "Choose the fallback initramfs or another kernel under `Advanced options for Arch Linux`.",
	  .permanent_text = WRITTEN_BY_TOOL("grub-mkconfig") " With systemd-boot change `options` in "
		"/boot/loader/entries/*.conf instead.",
	  .permanent_commands = { DEFAULT_GRUB_SHOW, "grub-mkconfig -o /boot/grub/grub.cfg" },
	  .word_commands = { DEFAULT_GRUB_WORD, "grub-mkconfig -o /boot/grub/grub.cfg" },
	  .initramfs_commands = { "mkinitcpio -P" },
	  .add_driver = "MODULES=() in /etc/mkinitcpio.conf names the drivers of every initramfs.",
	  .add_driver_commands = { "sed -i.bak 's|^MODULES=(|&{{driver}} |' /etc/mkinitcpio.conf", "mkinitcpio -P" },
	  .kernel_commands = { "pacman -Syu" }, .verify_command = "grep -n root= /boot/grub/grub.cfg",
	  .never = OVERWRITTEN("/boot/grub/grub.cfg") },

	/* Unknown: what holds for GRUB 2 everywhere (GNU GRUB manual, "Simple configuration"). */
	{ .id = "", .name = "this distribution", .style = BOOT_UNKNOWN, .linux_word = "linux", .initrd_word = "initrd",
	  .file = "the boot loader's configuration",
	  .older_kernel = "Choose the entry of an older kernel, often under `Advanced options`.",
	  .old_line = "root={{old}}", .new_line = "root={{root}}",
	  .permanent_text = "The log does not tell the distribution. With " DEFAULT_GRUB " in the guest, take root= "
			    "out of it and run update-grub or grub2-mkconfig; with /boot/loader/entries use grubby; "
			    "else edit /boot/grub2/grub.cfg or /boot/grub/grub.cfg itself.",
	  .permanent_commands = { "grep -rn root= /boot/grub /boot/grub2 /boot/loader/entries " DEFAULT_GRUB },
	  .add_driver = "dracut: `dracut -f --add-drivers {{driver}}`; initramfs-tools: a line `{{driver}}` in "
			"/etc/initramfs-tools/modules, then `update-initramfs -u -k all`.",
	  .verify_command = "grep -rn root= /boot/grub /boot/grub2 /boot/loader/entries" },
};

#define TABLE_COUNT (sizeof table / sizeof *table)

const struct distribution *distribution_table(size_t *count)
{
	*count = TABLE_COUNT;
	return table;
}

/* Rows of one distribution stand from old to new. */
const struct distribution *distribution_find(struct slice id, unsigned release)
{
	const struct distribution *found = NULL;
	for (size_t i = 0; i < TABLE_COUNT - 1; i++) {
		const struct distribution *row = &table[i];
		if (!slice_is(id, row->id))
			continue;
		if (!found || !release || row->release_first <= release)
			found = row;
	}
	return found ? found : &table[TABLE_COUNT - 1];
}

static const struct slice *value_named(const struct distribution_values *values, struct slice name)
{
	const struct {
		const char *name;
		const struct slice *value;
	} names[] = {
		{ "root", &values->root },     { "old", &values->old },       { "device", &values->device },
		{ "kernel", &values->kernel }, { "driver", &values->driver }, { "word", &values->word },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is(name, names[i].name))
			return names[i].value;
	return NULL;
}

bool distribution_fill(const char *template, const struct distribution_values *values, struct buf *out)
{
	struct slice rest = slice_of(template);
	for (;;) {
		size_t open = slice_find(rest, SLICE("{{"));
		if (open == SLICE_NOT_FOUND)
			break;
		buf_append(out, slice_take(rest, open));
		rest = slice_skip(rest, open + 2);
		size_t close = slice_find(rest, SLICE("}}"));
		if (close == SLICE_NOT_FOUND)
			return false;
		const struct slice *value = value_named(values, slice_take(rest, close));
		if (!value || !escape_shell_is_plain(*value))
			return false;
		buf_append(out, *value);
		rest = slice_skip(rest, close + 2);
	}
	buf_append(out, rest);
	return true;
}
