/* Advice on the VM's settings, its host, its disks and file systems. */
#include "base/stamp.h"
#include "diagnosis/advice.h"

enum product { PRODUCT_UNKNOWN, PRODUCT_ESXI, PRODUCT_DESKTOP };

static enum product product_of(const struct advice *a)
{
	const struct boot_setting *setting = a->facts->boot ? boot_setting(a->facts->boot, "header.product") : NULL;
	if (!setting)
		return PRODUCT_UNKNOWN;
	return slice_contains(setting->value, SLICE("ESX")) ? PRODUCT_ESXI : PRODUCT_DESKTOP;
}

/* ---- Before anything is touched ------------------------------------------------------------ */

void advice_snapshot_first(struct advice *a)
{
	enum product product = product_of(a);
	advice_say(a, "Power the VM off and take a snapshot before anything writes to its disk; go back to it when a "
		   "repair makes things worse. Without room for a snapshot, copy the .vmdk.");
	if (product != PRODUCT_DESKTOP) {
		advice_say(a, "VMID is the first column of getallvms.");
		advice_command(a, "vim-cmd vmsvc/getallvms");
		advice_command(a, "vim-cmd vmsvc/snapshot.create VMID before-repair before-repair 0 0");
	}
	if (product != PRODUCT_ESXI)
		advice_command(a, "vmrun snapshot VM.vmx before-repair");
}

void advice_collect_evidence(struct advice *a)
{
	advice_say(a, "Before the next power-on, which renames logs and drops the oldest: copy vmware.log and "
		   "vmware-*.log out of the VM's folder, and take a picture of the console. If the VM still stands "
		   "in the panic, take a snapshot with its memory before the reset: the .vmem holds the whole kernel "
		   "log.");
	if (product_of(a) != PRODUCT_DESKTOP)
		advice_command(a, "vim-cmd vmsvc/snapshot.create VMID evidence evidence 1 0");
	if (product_of(a) != PRODUCT_ESXI)
		advice_command(a, "vmrun snapshot VM.vmx evidence");
}

/* A file system that is to be checked must not be mounted first: that replays its journal. */
static bool is_about_damage(const struct advice *a)
{
	return advice_cause_is(a, "root-fs-corrupt") || advice_cause_is(a, "root-fs-size-mismatch") ||
	       advice_cause_is(a, "disk-io-error") || advice_cause_is(a, "fs-errors-panic");
}

/* A plain read-only mount still replays a journal, which writes. */
static const char *mount_command(struct advice *a)
{
	struct slice fstype = advice_root_fstype(a);
	if (slice_starts(fstype, SLICE("ext")))
		return "mount -o ro,noload {{device}} /mnt";
	return slice_is(fstype, "xfs") ? "mount -o ro,norecovery {{device}} /mnt" : "mount -o ro {{device}} /mnt";
}

void advice_rescue_media(struct advice *a)
{
	advice_say(a, "Attach a live or installer ISO to the VM's CD drive, set \"Connect at power on\", and let it "
		   "boot once: `bios.forceSetupOnce = \"TRUE\"` in the .vmx opens the firmware's boot menu. Find the "
		   "file system by its PARTUUID or UUID: letters may differ here.");
	advice_command(a, "lsblk -o NAME,SIZE,FSTYPE,UUID,PARTUUID");
	if (is_about_damage(a)) {
		advice_say(a, "Do not mount it before it is checked.");
		return;
	}
	advice_say(a, "Mount it on /mnt, its /boot on /mnt/boot, the ESP on /mnt/boot/efi (LVM: `vgchange -ay` "
		   "first; btrfs of SUSE: the subvolume of the current snapshot) and look. To change something "
		   "`mount -o remount,rw /mnt` before the chroot.");
	if (!a->values.device.len)
		a->values.device = SLICE("DEVICE");
	advice_command(a, mount_command(a));
	advice_command(a, "for d in dev proc sys run; do mount --rbind /$d /mnt/$d; done");
	advice_command(a, "chroot /mnt /bin/sh");
}

/* ---- Controllers and disks ------------------------------------------------------------------ */

/* NVMe, SATA and IDE controllers have no type to change: the disk moves to another bus. */
static bool is_other_bus(const struct controller *controller)
{
	return controller && controller->name &&
	       (!strcmp(controller->name, "nvme") || strstr(controller->name, "ahci") || strstr(controller->name, "ide"));
}

void advice_change_controller(struct advice *a)
{
	const struct controller *from = advice_controller(a, false), *to = advice_controller(a, true);
	if (from)
		advice_say(a, "No driver spoke for the %s controller (PCI %04x:%04x).",
			   from->name ? from->name : "unknown", from->vendor, from->device);
	if (is_other_bus(from))
		advice_say(a, "Power the VM off, remove the disk from it without deleting its files, and add the same "
			   ".vmdk as an existing disk on the type of controller it was installed with.");
	else
		advice_say(a, "Power the VM off and put the disk back on the type of controller it was installed with "
			   "(Edit Settings, SCSI controller, Change Type; in the .vmx `scsi0.virtualDev`).");
	if (to && to->name)
		advice_say(a, "The kernel does drive the %s controller: a disk moved to it will be seen.", to->name);
	else if (from && from->name && !strcmp(from->name, "pvscsi"))
		advice_say(a, "Where it was a pvscsi controller all along, add a SATA controller and move the disk "
			   "to it (`sata0:0`).");
	else
		advice_say(a, "`scsi0.virtualDev = \"pvscsi\"` fits every kernel since 2.6.33, if its initramfs "
			   "holds vmw_pvscsi.");
	if (!is_other_bus(from))
		advice_say(a, "Keep the disk's number on the controller.");
	advice_say(a, "Once the guest is up, put the missing driver into the initramfs.");
}

/* The first error that the host wrote about a disk during the boot. */
static void say_disk_event(struct advice *a)
{
	const struct host_event *event = a->facts->boot ? boot_event(a->facts->boot, HOST_DISK_ERROR) : NULL;
	if (!event)
		return;
	buf_text(&a->text, "The log holds a disk error of the host (");
	source_place_print(&a->text, &a->facts->boot->parts, event->line);
	buf_text(&a->text, "): read it first. ");
}

void advice_attach_disk(struct advice *a)
{
	int64_t configured = facts_number(a->facts, FACT_VM_DISKS, -1);
	int64_t seen = facts_number(a->facts, FACT_DISKS_COUNT, -1);
	if (configured == 0 && seen == 0)
		advice_say(a, "Neither the VM's settings nor the kernel show a hard disk.");
	else if (configured >= 0 && seen >= 0)
		advice_say(a, "The VM's settings have %lld hard disk%s, the kernel saw %lld.", (long long)configured,
			   configured == 1 ? "" : "s", (long long)seen);
	say_disk_event(a);
	advice_say(a, "Power the VM off and see in its settings that the disk with the root file system is there, "
		   "under the node that it had (in the .vmx `scsi0:0.present = \"TRUE\"` and `scsi0:0.fileName` with "
		   "the right .vmdk). If it is gone, add it as an existing hard disk; never create a new one in its "
		   "place.");
}

void advice_check_host_storage(struct advice *a)
{
	say_disk_event(a);
	advice_say(a, "Look at the host before the guest: a full datastore, a lost path, a locked or broken .vmdk, a "
		   "snapshot whose parent is gone.");
	if (is_about_damage(a))
		advice_say(a, "A file system is not to be repaired while its disk still fails.");
	if (product_of(a) == PRODUCT_DESKTOP) {
		advice_command(a, "vmware-vdiskmanager -e VM.vmdk");
		return;
	}
	advice_command(a, "df -h");
	advice_command(a, "esxcli storage core path list");
	advice_command(a, "grep -i -e 'All Paths Down' -e 'permanent' -e 'H:0x' /var/log/vmkernel.log");
	advice_command(a, "vmkfstools -x check VM.vmdk");
}

void advice_restore_disk_size(struct advice *a)
{
	if (a->subject.size_kib)
		advice_say(a, "/dev/%.*s has %s now, less than its file system needs.", SLICE_ARG(a->subject.name),
			   advice_size(a, a->subject.size_kib));
	advice_say(a, "Find out why the disk became smaller: a .vmdk of another VM, a copy that was cut short, a "
		   "partition table written anew. Attach the right .vmdk, or grow this one to its old size or more "
		   "(Edit Settings; ESXi: `vmkfstools -X SIZE VM.vmdk`) and give the partition its old end. The file "
		   "system must not be shrunk or repaired first: what lies beyond the end would be given up.");
}

void advice_make_writable(struct advice *a)
{
	advice_say(a, "The disk is write-protected, and the kernel must write to it: to mount it rw, or to replay "
		   "its journal. See that the datastore is not mounted read-only, that the .vmdk file can be "
		   "written, that no other VM holds a lock on it, and that no snapshot's parent is attached instead "
		   "of its newest file.");
	if (slice_is(advice_root_fstype(a), "xfs"))
		advice_say(a, "To read from it meanwhile, boot with `ro rootflags=norecovery`.");
	else
		advice_say(a, "To read from it meanwhile, boot with `ro rootflags=noload` (ext4; xfs: norecovery).");
}

/* ---- File systems ---------------------------------------------------------------------------- */

struct checker {
	const char *fstype, *check, *repair, *note;
};

static const struct checker checkers[] = {
	{ "ext", "fsck.ext4 -n {{device}}", "fsck.ext4 -f -y {{device}}",
	  "If the superblock itself is damaged, add `-b 32768`: a backup of it." },
	{ "xfs", "xfs_repair -n {{device}}", "xfs_repair {{device}}",
	  "If it asks for the log to be replayed, mount and unmount the file system once and run it again. `-L` "
	  "throws the log away and is the last resort." },
	{ "btrfs", "btrfs check --readonly {{device}}", "btrfs rescue super-recover {{device}}",
	  "If that finds nothing, copy the data off with `btrfs restore`. `btrfs check --repair` is the last resort." },
};

static const struct checker *checker_for(const struct advice *a)
{
	struct slice fstype = a->subject.fstype;
	for (size_t i = 0; i < sizeof checkers / sizeof *checkers; i++)
		if (slice_starts(fstype, slice_of(checkers[i].fstype)))
			return &checkers[i];
	return NULL;
}

/* The device by the name it has in the log, and by one that holds in a rescue system too. */
static void say_device(struct advice *a)
{
	advice_use_subject(a);
	if (!a->subject.name.len)
		advice_say(a, "DEVICE stands for the damaged file system: find it with `lsblk -f`, and never guess "
			   "between two.");
	else if (a->subject.partuuid.len)
		advice_say(a, "%.*s is the partition with PARTUUID %.*s.", SLICE_ARG(a->values.device),
			   SLICE_ARG(a->subject.partuuid));
}

void advice_check_filesystem(struct advice *a)
{
	const struct checker *checker = checker_for(a);
	advice_say(a, "Check the file system without writing, from rescue media and unmounted.");
	say_device(a);
	if (checker) {
		advice_command(a, checker->check);
		return;
	}
	advice_say(a, "The type that `blkid` shows decides which of the commands fits.");
	advice_command(a, "blkid {{device}}");
	for (size_t i = 0; i < sizeof checkers / sizeof *checkers; i++)
		advice_command(a, checkers[i].check);
}

/* Without a settled device or type there is nothing that may be run as it stands. */
void advice_repair_filesystem(struct advice *a)
{
	const struct checker *checker = checker_for(a);
	advice_say(a, "Repair it only after the snapshot, only unmounted, and only the partition on which the "
		   "read-only check found damage.");
	say_device(a);
	if (!checker) {
		advice_say(a, "By its type: `fsck.ext4 -f -y`, `xfs_repair`; for btrfs copy the data off first with "
			   "`btrfs restore`.");
		return;
	}
	if (a->subject.name.len) {
		advice_command(a, checker->repair);
	} else {
		struct slice shown = advice_fill(a, checker->repair);
		if (shown.len)
			advice_say(a, "The command is `%.*s`.", SLICE_ARG(shown));
	}
	advice_say(a, "%s", checker->note);
}

/* ---- Memory and load --------------------------------------------------------------------------- */

void advice_more_memory(struct advice *a)
{
	int64_t has_mib = facts_number(a->facts, FACT_VM_MEMORY_MIB, 0);
	if (has_mib > 0 && has_mib < (1 << 24)) {
		long long wanted = has_mib < 512 ? 1024 : (long long)has_mib * 2 / 4 * 4;
		advice_say(a, "The VM has %lld MiB of memory. Power it off and give it %lld or more (`memSize = "
			   "\"%lld\"` in the .vmx).",
			   (long long)has_mib, wanted, wanted);
	} else {
		advice_say(a, "Power the VM off and give it about twice its memory (`memSize` in the .vmx, in MiB).");
	}
	advice_say(a, "See also that no memory limit below that is set for it (`sched.mem.max`), and what used the "
		   "memory up: the list of processes in the log names it.");
}

void advice_check_host_load(struct advice *a)
{
	struct buf when = BUF_INIT(64);
	const struct boot *boot = a->facts->boot;
	if (boot && boot->dumped_at.kind != STAMP_NONE)
		stamp_print(&when, boot->dumped_at);
	if (when.len)
		advice_say(a, "Look at what the host did around %.*s.", SLICE_ARG(buf_slice(&when)));
	else
		advice_say(a, "Look at what the host did at that time.");
	buf_deinit(&when);
	advice_say(a, "A virtual CPU that gets no time, or a disk that does not answer, looks from inside like a "
		   "lockup. Suspects are a snapshot being taken or removed, vMotion, a backup, more vCPUs than the "
		   "host can run. In esxtop, %%RDY above 10 or %%CSTP above 3 for a vCPU (view c) and DAVG above 25 "
		   "ms for a disk (view d) say so.");
	if (product_of(a) != PRODUCT_DESKTOP)
		advice_command(a, "esxtop");
	advice_command(a, "grep -i -e stun -e snapshot -e vmotion vmware.log");
}

/* A guest that stands still says nothing by itself: its memory is taken, or it is made to panic.
 * The host's way to send the NMI: VMware KB 427504. */
void advice_catch_hang(struct advice *a)
{
	enum product product = product_of(a);
	advice_say(a, "If it hangs again, take a snapshot with its memory before the reset: it holds the kernel's log.");
	if (product != PRODUCT_DESKTOP)
		advice_command(a, "vim-cmd vmsvc/snapshot.create VMID hang hang 1 0");
	if (product != PRODUCT_ESXI)
		advice_command(a, "vmrun snapshot VM.vmx hang");
	if (product == PRODUCT_DESKTOP)
		return;
	advice_say(a, "To have it panic and so print its stacks, let an NMI be fatal in the guest beforehand "
		   "(`kernel.unknown_nmi_panic = 1` and `kernel.panic_on_unrecovered_nmi = 1` in /etc/sysctl.d), have "
		   "kdump or a serial log ready, and send the NMI from the ESXi host.");
	advice_command(a, "sysctl -w kernel.unknown_nmi_panic=1 kernel.panic_on_unrecovered_nmi=1");
	advice_command(a, "vm-support -a HungVM:Send_NMI_To_Guest");
}
