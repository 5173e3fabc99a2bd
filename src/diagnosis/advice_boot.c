/* Advice on what is typed at the boot loader's menu, and into the guest's boot files. */
#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"
#include "diagnosis/advice.h"

/* So many candidates are named in a sentence; the report's table has them all. */
#define CANDIDATES_SHOWN 5

static enum boot_style style_of(const struct advice *a)
{
	return a->distribution->style;
}

/* ---- The menu ---------------------------------------------------------------------------- */

static void say_delay(struct advice *a)
{
	advice_say(a, "If the menu passes too fast, power the VM off and set `bios.bootDelay = \"5000\"` "
		   "(milliseconds) in its .vmx (vSphere Client: VM Options, Boot Options, Boot Delay).");
}

static void say_open_menu(struct advice *a)
{
	if (a->menu_is_told) {
		advice_say(a, "Get the boot menu as above.");
		return;
	}
	a->menu_is_told = true;
	const char *key = "press Esc once (EFI firmware) or hold Shift (BIOS) to get the GRUB menu";
	if (style_of(a) == BOOT_GRUB_PHOTON)
		key = "wait for the Photon splash: it is the GRUB menu and stays for 5 seconds";
	else if (style_of(a) == BOOT_GRUB_LEGACY || style_of(a) == BOOT_EXTLINUX)
		key = "press an arrow key while the boot loader counts down, to get its menu";
	else if (advice_is_efi(a))
		key = "press Esc once to get the GRUB menu";
	else if (facts_is(a->facts, FACT_VM_FIRMWARE, "bios"))
		key = "hold Shift to get the GRUB menu";
	advice_say(a, "Open the VM's console, reset the VM and %s.", key);
	say_delay(a);
}

/* The words that begin the kernel's line, each in backquotes. */
static const char *linux_word(struct advice *a)
{
	const struct distribution *d = a->distribution;
	if (!d->linux_word_efi || facts_is(a->facts, FACT_VM_FIRMWARE, "bios"))
		return arena_printf(a->arena, "`%s`", d->linux_word).ptr;
	if (advice_is_efi(a))
		return arena_printf(a->arena, "`%s`", d->linux_word_efi).ptr;
	return arena_printf(a->arena, "`%s` (`%s` under EFI)", d->linux_word, d->linux_word_efi).ptr;
}

static bool is_extlinux(const struct advice *a)
{
	return style_of(a) == BOOT_EXTLINUX && !advice_is_efi(a);
}

/* Ends before the change itself: "and" or a full stop follows. */
static void say_open_line(struct advice *a)
{
	if (is_extlinux(a))
		advice_say(a, "Highlight the entry and press Tab: its line opens.");
	else if (style_of(a) == BOOT_GRUB_LEGACY)
		advice_say(a, "Highlight the entry, press e, go to the line that begins with `kernel` and press e "
			   "again. Leave the line `root (hd...)` alone: it is GRUB's own root.");
	else
		advice_say(a, "Highlight the entry, press e and go to the line that begins with %s.", linux_word(a));
}

static const char *boot_keys(const struct advice *a)
{
	if (style_of(a) == BOOT_GRUB_LEGACY)
		return "Enter and then b";
	return is_extlinux(a) ? "Enter" : "Ctrl-x or F10";
}

static void say_boot(struct advice *a)
{
	advice_say(a, "Boot with %s; the change holds for this boot only.", boot_keys(a));
}

static void say_menu_change(struct advice *a, struct slice change)
{
	say_open_menu(a);
	say_open_line(a);
	advice_say(a, "%.*s", SLICE_ARG(change));
	say_boot(a);
}

/* ---- root= ------------------------------------------------------------------------------- */

/* "(/dev/sda1, 8.0 GiB)" */
static const char *candidate_words(struct advice *a, const struct root_candidate *candidate)
{
	bool has_size = candidate->device && candidate->device->size_kib;
	const char *size = has_size ? advice_size(a, candidate->device->size_kib) : "size not known";
	return arena_printf(a->arena, "(%.*s, %s)", SLICE_ARG(candidate->path), size).ptr;
}

/* How GRUB calls that partition: "(hd0,gpt2)", in GRUB legacy "(hd0,1)". Its disk number is
 * the firmware's, which is certain only when there is one disk. */
static const char *grub_name(struct advice *a, const struct block_device *device)
{
	const char *disk = facts_number(a->facts, FACT_DISKS_COUNT, 0) == 1 ? "hd0" : "hdN";
	if (!device || !device->partition)
		return arena_printf(a->arena, "(%s)", disk).ptr;
	if (style_of(a) == BOOT_GRUB_LEGACY)
		return arena_printf(a->arena, "(%s,%u)", disk, device->partition - 1).ptr;
	const char *table = device->partuuid.len == 36 ? "gpt" : device->partuuid.len ? "msdos" : "";
	return arena_printf(a->arena, "(%s,%s%u)", disk, table, device->partition).ptr;
}

static void say_root_change(struct advice *a, struct slice value, const char *place)
{
	struct slice old = a->values.old;
	if (facts_is(a->facts, FACT_ROOT_FORM, "missing"))
		advice_say(a, "Add `root=%.*s` %s at its end, with a blank before it.", SLICE_ARG(value),
			   place);
	else if (style_of(a) == BOOT_GRUB_PHOTON && old.len)
		advice_say(a, "Change `root=$rootpartition` (it stands for `root=%.*s`) to `root=%.*s` %s.",
			   SLICE_ARG(old), SLICE_ARG(value), place);
	else if (old.len)
		advice_say(a, "Change `root=%.*s` to `root=%.*s` %s.", SLICE_ARG(old), SLICE_ARG(value),
			   place);
	else
		advice_say(a, "Change the word that begins with `root=` to `root=%.*s` %s.", SLICE_ARG(value),
			   place);
	if (style_of(a) == BOOT_EXTLINUX)
		advice_say(a, "With several root= on the line the last one counts.");
}

static void say_check(struct advice *a)
{
	struct slice check = slice_trim(a->diagnosis->root.check);
	if (check.len)
		advice_say(a, "%.*s%s", SLICE_ARG(check), strchr(".!?", check.ptr[check.len - 1]) ? "" : ".");
}

static void say_candidates(struct advice *a)
{
	const struct root_advice *root = &a->diagnosis->root;
	if (root->candidate_count == 1)
		advice_say(a, "One partition may hold the root file system, and the log does not prove that it does:");
	else
		advice_say(a, "%zu partitions may hold the root file system and the log does not decide between them:",
			   root->candidate_count);
	for (size_t i = 0; i < root->candidate_count && i < CANDIDATES_SHOWN; i++) {
		const struct root_candidate *candidate = &root->candidates[i];
		bool is_last = i + 1 == root->candidate_count || i + 1 == CANDIDATES_SHOWN;
		advice_say(a, "%zu. `root=%.*s` %s, in GRUB %s%s", i + 1, SLICE_ARG(candidate->value),
			   candidate_words(a, candidate), grub_name(a, candidate->device), is_last ? "." : ";");
	}
	if (root->candidate_count > CANDIDATES_SHOWN)
		advice_say(a, "The rest stands in the table.");
}

/* Which partition holds the tree, asked of the boot loader itself: it needs no rescue media. */
static void say_look(struct advice *a)
{
	if (is_extlinux(a)) {
		advice_say(a, "Extlinux cannot look into them: try the first, then the next; a wrong one writes "
			   "nothing as long as `ro` is on the line.");
		return;
	}
	if (style_of(a) == BOOT_GRUB_LEGACY) {
		advice_say(a, "In the menu press c and type `find /sbin/init`: GRUB names the partitions that hold "
			   "it, counting disks and partitions from 0. Press Esc to get back.");
		return;
	}
	advice_say(a, "In the menu press c and type `ls`: GRUB lists its partitions, with disks in the firmware's "
		   "order. Type `ls (hd0,1)/`, and the same for each name of the list: the root file system shows "
		   "etc/ and sbin/. Press Esc to get back.");
}

static void root_now_one(struct advice *a)
{
	const struct root_candidate *candidate = &a->diagnosis->root.candidates[0];
	say_open_menu(a);
	say_open_line(a);
	say_root_change(a, candidate->value, candidate_words(a, candidate));
	advice_command(a, "root={{root}}");
	say_boot(a);
	if (a->diagnosis->root.is_one_time)
		advice_say(a, "This is a way in, once: root= in the boot loader's file is not wrong, its initramfs "
			   "is what is missing.");
}

static void root_now_several(struct advice *a)
{
	const struct root_advice *root = &a->diagnosis->root;
	say_candidates(a);
	/* A check at the GRUB shell is worded below, for this boot loader. */
	if (!slice_contains(root->check, SLICE("(hd")))
		say_check(a);
	say_open_menu(a);
	say_look(a);
	say_open_line(a);
	say_root_change(a, root->candidates[0].value, "or to the one that you found");
	say_boot(a);
}

static void root_now_none(struct advice *a)
{
	advice_say(a, "No root= can be named from this log.");
	say_check(a);
	if (facts_number(a->facts, FACT_DISKS_COUNT, -1) == 0)
		return;
	say_open_menu(a);
	say_look(a);
}

void advice_grub_root_now(struct advice *a)
{
	const struct root_advice *root = &a->diagnosis->root;
	if (!root->is_present)
		return;
	if (!root->candidate_count || root->answer == ROOT_ANSWER_NONE)
		root_now_none(a);
	else if (root->answer == ROOT_ANSWER_ONE)
		root_now_one(a);
	else
		root_now_several(a);
}

/* "change `root=/dev/sdc1` to `root=PARTUUID=...`"; what stands before {{old}} when the old
 * value is not to be shown. */
static void say_line_change(struct advice *a, struct slice new_line)
{
	const struct distribution *d = a->distribution;
	struct slice old = a->values.old.len ? advice_fill(a, d->old_line) : SLICE("");
	if (old.len)
		advice_say(a, "In %s change `%.*s` to `%.*s`.", d->file, SLICE_ARG(old), SLICE_ARG(new_line));
	else
		advice_say(a, "In %s change what begins with `%.*s` to `%.*s`.", d->file,
			   SLICE_ARG(slice_until(slice_of(d->old_line), '{')), SLICE_ARG(new_line));
}

static void say_new_line(struct advice *a)
{
	struct slice line = advice_fill(a, a->distribution->new_line);
	if (line.len)
		say_line_change(a, line);
}

void advice_grub_root_lasting(struct advice *a)
{
	const struct root_advice *root = &a->diagnosis->root;
	const struct distribution *d = a->distribution;
	if (!root->is_present || root->is_one_time || !root->candidate_count || root->answer == ROOT_ANSWER_NONE)
		return;
	bool is_one = root->answer == ROOT_ANSWER_ONE;
	advice_say(a, "Make it last once the guest is up.");
	if (!is_one) {
		a->values.root = SLICE("VALUE");
		advice_say(a, "VALUE here stands for what has booted; `cat /proc/cmdline` shows it.");
	}
	say_new_line(a);
	advice_say_template(a, d->permanent_text);
	advice_say_template(a, d->note);
	advice_say_template(a, d->never);
	/* VALUE is for a person to replace: no command may be run with it as it stands. */
	if (is_one)
		ADVICE_COMMANDS(a, d->permanent_commands);
}

/* ---- Other words of the kernel's line ----------------------------------------------------- */

static void say_add_word(struct advice *a, const char *word)
{
	say_menu_change(a, arena_printf(a->arena, "Add `%s` at its end, with a blank before it.", word));
}

void advice_grub_rootwait_now(struct advice *a)
{
	say_add_word(a, "rootwait");
	advice_say(a, "The kernel then waits for the disk instead of giving up. If it waits for good, the name is "
		   "wrong: reset the VM.");
}

void advice_grub_rootwait_lasting(struct advice *a)
{
	a->values.word = SLICE("rootwait");
	advice_say(a, "Add `rootwait` to the kernel command line for good, once a boot with it has worked.");
	if (!a->distribution->word_commands[0])
		advice_say(a, "It belongs on the line that begins with %s.", linux_word(a));
	ADVICE_COMMANDS(a, a->distribution->word_commands);
}

/* "`rootfstype=xfs`", or the name alone when its value is not to be shown. */
static struct slice word_shown(struct advice *a, const char *name, enum fact_id id)
{
	struct slice value = advice_plain_fact(a, id);
	return value.len ? arena_printf(a->arena, "`%s=%.*s`", name, SLICE_ARG(value)) :
			   arena_printf(a->arena, "the word that begins with `%s=`", name);
}

static bool is_known(const struct advice *a, enum fact_id id)
{
	return facts_get(a->facts, id)->state == FACT_KNOWN;
}

void advice_grub_drop_word_now(struct advice *a)
{
	bool drop_type = is_known(a, FACT_ROOT_FSTYPE) && !advice_cause_is(a, "root-fs-bad-options");
	bool drop_flags = is_known(a, FACT_ROOT_FLAGS) && !advice_cause_is(a, "root-fs-wrong-type");
	if (!drop_type && !drop_flags)
		drop_type = drop_flags = true;
	struct slice type = word_shown(a, "rootfstype", FACT_ROOT_FSTYPE);
	struct slice flags = word_shown(a, "rootflags", FACT_ROOT_FLAGS);
	const char *and = drop_type && drop_flags ? " and " : "";
	say_menu_change(a, arena_printf(a->arena, "Delete %.*s%s%.*s.", drop_type ? (int)type.len : 0, type.ptr, and,
					drop_flags ? (int)flags.len : 0, flags.ptr));
	if (drop_flags && slice_contains(facts_text(a->facts, FACT_ROOT_FLAGS), SLICE("subvol")))
		advice_say(a, "Keep its subvol= part: a btrfs root is found by it.");
	advice_say(a, "If the guest then boots, take the word out of %s too.", a->distribution->file);
}

/* The word that helps with a cause, when the rule names none. */
static const char *word_for_cause(const struct advice *a)
{
	if (advice_cause_is(a, "root-read-only-device"))
		return slice_is(advice_root_fstype(a), "xfs") ? "ro rootflags=norecovery" : "ro rootflags=noload";
	if (advice_cause_is(a, "initramfs-gave-up") || advice_cause_is(a, "root-uuid-unknown"))
		return "rd.shell rd.debug log_buf_len=4M";
	if (advice_cause_is(a, "early-userspace-failed"))
		return "systemd.unit=emergency.target systemd.log_target=kmsg";
	return "loglevel=7";
}

void advice_grub_add_word_now(struct advice *a)
{
	bool is_given = escape_shell_is_plain(a->given);
	const char *word = is_given ? a->given.ptr : word_for_cause(a);
	say_menu_change(a, arena_printf(a->arena, "Add `%.*s` at its end, with a blank before it, and delete "
					"`quiet` and `rhgb`.",
					is_given ? (int)a->given.len : (int)strlen(word), word));
}

/* A wrong init= is taken out; where none was given, a shell takes its place. */
void advice_grub_init_now(struct advice *a)
{
	bool is_ram = is_known(a, FACT_RDINIT_PARAMETER) && !is_known(a, FACT_INIT_PARAMETER);
	bool is_wrong = is_ram || advice_cause_is(a, "init-requested-failed");
	if (is_wrong) {
		struct slice word = is_ram ? word_shown(a, "rdinit", FACT_RDINIT_PARAMETER) :
					     word_shown(a, "init", FACT_INIT_PARAMETER);
		say_menu_change(a, arena_printf(a->arena, "Delete %.*s: the kernel then looks for %s by itself.",
						SLICE_ARG(word),
						is_ram ? "/init" : "/sbin/init"));
		return;
	}
	say_add_word(a, "rw init=/bin/sh");
	advice_say(a, "The last init= on the line counts, so this gives a root shell with no services. Look there at "
		   "what init needs: `ls -lL /sbin/init`, `ldd /sbin/init`, `df /`. Leave with `exec /sbin/init`, or "
		   "`sync` and a reset of the VM.");
}

void advice_grub_previous_kernel(struct advice *a)
{
	say_open_menu(a);
	advice_say(a, "%s", a->distribution->older_kernel);
	a->older_kernel_is_told = true;
	if (a->values.kernel.len)
		advice_say(a, "The kernel that failed is %.*s.", SLICE_ARG(a->values.kernel));
}

/* ---- initramfs ---------------------------------------------------------------------------- */

void advice_restore_initramfs(struct advice *a)
{
	const struct distribution *d = a->distribution;
	struct slice file = advice_fill(a, d->initramfs_file);
	say_open_menu(a);
	if (is_extlinux(a))
		advice_say(a, "Highlight the entry and press Tab: `initrd=` must name a file.");
	else
		advice_say(a, "Highlight the entry, press e and look for the line that begins with `%s`%s.",
			   d->initrd_word,
			   !strcmp(d->linux_word, "linux16") ? " (`initrd16`, `initrdefi`)" : "");
	if (file.len && !is_extlinux(a))
		advice_say(a, "If there is none, add below the kernel's line%s `%s %.*s` (without /boot where the "
			   "kernel's line has none) and boot with %s.", style_of(a) == BOOT_GRUB_LEGACY
			   ? " (o opens one)" : "", d->initrd_word,
			   SLICE_ARG(file), boot_keys(a));
	advice_say(a, "If it is there, its file is missing, cut short or damaged%s",
		   a->older_kernel_is_told ? ": take an older kernel." : ".");
	if (!a->older_kernel_is_told)
		advice_say(a, "%s", d->older_kernel);
	a->older_kernel_is_told = true;
}

static void say_where(struct advice *a)
{
	advice_say(a, "Run this in the guest, booted with an older kernel, or from rescue media in a chroot of its "
		   "root file system.");
}

void advice_rebuild_initramfs(struct advice *a)
{
	const struct distribution *d = a->distribution;
	struct slice file = advice_fill(a, d->initramfs_file);
	advice_say(a, "Rebuild %s%.*s. A full /boot is the usual reason for one that is missing or cut short: make "
		   "room first.",
		   file.len ? "" : "the initramfs", SLICE_ARG(file));
	say_where(a);
	if (!d->initramfs_commands[0]) {
		advice_say(a, "`dracut -f --kver RELEASE`, `update-initramfs -c -k RELEASE`, `mkinitcpio -P` or "
			   "`mkinitfs RELEASE`, whichever the guest has.");
		return;
	}
	advice_command(a, "df -h /boot");
	if (d->style == BOOT_GRUB_DEBIAN && facts_is(a->facts, FACT_INITRD_BUILDER, "dracut"))
		advice_command(a, "dracut -f /boot/initrd.img-{{kernel}} {{kernel}}");
	else
		ADVICE_COMMANDS(a, d->initramfs_commands);
	if (d->style == BOOT_GRUB_DEBIAN)
		advice_say_template(a, d->note);
}

void advice_add_storage_driver(struct advice *a)
{
	const struct controller *controller = advice_controller(a, false);
	if (!controller || !controller->driver)
		return;
	a->values.driver = slice_of(controller->driver);
	advice_say(a, "No driver spoke for the VM's %s controller (PCI %04x:%04x): put `%s` into the initramfs.",
		   controller->name ? controller->name : "storage", controller->vendor, controller->device,
		   controller->driver);
	say_where(a);
	advice_say_template(a, a->distribution->add_driver);
	ADVICE_COMMANDS(a, a->distribution->add_driver_commands);
}

/* ---- Kernel, crashes, fstab, the last look ------------------------------------------------- */

void advice_update_kernel(struct advice *a)
{
	if (a->values.kernel.len)
		advice_say(a, "Install a newer kernel than %.*s.", SLICE_ARG(a->values.kernel));
	else
		advice_say(a, "Install a newer kernel.");
	advice_say(a, "Keep the old one in the menu until the new one has booted.");
	ADVICE_COMMANDS(a, a->distribution->kernel_commands);
}

/* Letters, digits, `_` and `-`: a module's name goes into a file name and a command. */
static bool is_module_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!char_is_alpha(c) && !char_is_digit(c) && c != '_' && c != '-')
			return false;
	}
	return name.len && name.len < 64 && name.ptr[0] != '-';
}

/* Without these a guest on VMware has no disk or no root file system. */
static bool is_needed_to_boot(struct slice module)
{
	static const char *const needed[] = {
		"vmw_pvscsi", "mptspi", "mptsas", "mptscsih", "mptbase", "nvme", "nvme_core", "ahci", "libahci",
		"libata", "ata_piix", "sd_mod", "scsi_mod", "dm_mod", "md_mod", "ext3", "ext4", "jbd2", "xfs",
		"btrfs", NULL,
	};
	for (size_t i = 0; needed[i]; i++)
		if (slice_is(module, needed[i]))
			return true;
	return false;
}

static struct slice module_at_fault(const struct advice *a)
{
	struct slice words = facts_text(a->facts, FACT_TAINT_MODULES);
	struct slice names[] = { facts_text(a->facts, FACT_CRASH_MODULE), facts_text(a->facts, FACT_PANIC_MODULE),
				 slice_until(slice_word(&words), '(') };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (is_module_name(names[i]))
			return names[i];
	return SLICE("");
}

void advice_remove_module(struct advice *a)
{
	struct slice module = module_at_fault(a);
	if (!module.len)
		return;
	if (is_needed_to_boot(module)) {
		advice_say(a, "Do not blacklist %.*s: this guest may need it to reach its root file system. Update "
			   "the kernel instead.",
			   SLICE_ARG(module));
		return;
	}
	a->values.driver = module;
	advice_say(a, "Boot once without the module: add `modprobe.blacklist=%.*s` to the kernel's line in the boot "
		   "menu (GRUB: e, then Ctrl-x). If the guest stays up, keep the module out or install a build of it "
		   "for this kernel.", SLICE_ARG(module));
	advice_command(a, "echo blacklist {{driver}} >> /etc/modprobe.d/blacklist-local.conf");
	ADVICE_COMMANDS(a, a->distribution->initramfs_commands);
}

void advice_save_crash(struct advice *a)
{
	const struct distribution *d = a->distribution;
	advice_say(a, "Have the next crash leave more behind.");
	if (d->style == BOOT_GRUB_PHOTON)
		advice_say(a, "Photon's kernel sends its text to vmware.log by itself; with kdump loaded it does so "
			   "only with `crash_kexec_post_notifiers` on the kernel command line.");
	else
		advice_say(a, "A serial port that writes to a file keeps every line: in the .vmx `serial0.present = "
			   "\"TRUE\"`, `serial0.fileType = \"file\"`, `serial0.fileName = \"serial0.log\"`, and "
			   "`console=tty0 console=ttyS0,115200` on the kernel command line. kdump keeps the memory "
			   "of the crash in /var/crash.");
	a->values.word = d->style == BOOT_GRUB_PHOTON ? SLICE("crash_kexec_post_notifiers") : SLICE("crashkernel=256M");
	ADVICE_COMMANDS(a, d->kdump_commands);
	if (d->style == BOOT_GRUB_PHOTON)
		ADVICE_COMMANDS(a, d->word_commands);
}

void advice_fix_fstab(struct advice *a)
{
	const struct distribution_values *values = &a->values;
	bool is_path = slice_starts(values->old, SLICE("/dev/"));
	advice_say(a, "/etc/fstab must name the same disks, or the boot ends in emergency mode: look at the lines of "
		   "/, /boot and swap.");
	advice_command(a, "grep -n -e '^/dev/' -e UUID= /etc/fstab");
	if (!values->root.len || a->diagnosis->root.is_one_time)
		return;
	advice_say(a, "The line of / begins with `%.*s`, or with the UUID= that `blkid` shows for that partition.",
		   SLICE_ARG(values->root));
	if (is_path && !slice_equal(values->old, values->root))
		advice_command(a, "sed -i.bak 's|^{{old}}\\([[:blank:]]\\)|{{root}}\\1|' /etc/fstab");
}

void advice_verify_boot(struct advice *a)
{
	if (!a->diagnosis->root.is_present) {
		advice_say(a, "Reboot once more without touching the menu and see that the guest comes up, stays up, "
			   "and runs the kernel that you meant.");
		advice_command(a, "uname -r");
		advice_command(a, "cat /proc/cmdline");
		return;
	}
	advice_say(a, "Reboot once more without touching the menu, then see that the command line and the mounted root "
		   "are the ones you meant.");
	if (a->values.root.len && !a->diagnosis->root.is_one_time && a->distribution->new_line)
		advice_say(a, "`cat /proc/cmdline` shows `root=%.*s`.", SLICE_ARG(a->values.root));
	if (a->distribution->verify_command)
		advice_command(a, a->distribution->verify_command);
	advice_command(a, "cat /proc/cmdline");
	advice_command(a, "df -T /");
}
