/* What the kernel does on the way to each cause. */
#include "diagnosis/explain.h"

static const struct kernel_path paths[] = {
	{ "root-not-specified",
	  "kernel_init() looks for /init in the initramfs. There is none, so prepare_namespace() mounts the root "
	  "itself: root_dev_setup() has copied the text of root= into saved_root_name, name_to_dev_t() turns it "
	  "into a device number. Without root= the number that is built into the kernel image stays, nearly always "
	  "0:0. mount_block_root() tries each file system on it, the open gives ENXIO (-6), and the message shows "
	  "\"(null)\" (\"\" since 6.5) for the name.",
	  "init/main.c, init/do_mounts.c (2.6.32, 4.4, 5.10; 6.5 for the new message)" },
	{ "root-syntax-unsupported",
	  "name_to_dev_t() knows these forms: /dev/NAME of at most 31 characters, MAJOR:MINOR, a number in hex, "
	  "PARTUUID= (2.6.37, for MBR disks 3.8), PARTLABEL= (5.0), /dev/nfs, /dev/cifs (5.5), /dev/ram. A word "
	  "that begins with none of them and is not all hex digits becomes device 0:0; no message says so. "
	  "mount_block_root() then fails on 0:0 with ENXIO (-6), as if a disk were missing.",
	  "init/do_mounts.c, name_to_dev_t() (2.6.32, 3.10, 4.4, 5.10); block/early-lookup.c, early_lookup_bdev() "
	  "(since 6.5)" },
	{ "root-device-missing",
	  "prepare_namespace() waits in wait_for_device_probe() until all known probes have ended, then "
	  "name_to_dev_t() cuts /dev/ off the name and asks blk_lookup_devt() for it. A disk that is not there "
	  "gives 0:0. A disk that is there gives a number for any partition up to its last minor, whether that "
	  "partition exists or not, so a wrong partition number shows as 8,5 and not as 0,0. create_dev() makes "
	  "/dev/root with the number, do_mount_root() opens it, and ENXIO (-6) prints \"Cannot open root device\", "
	  "the list of all partitions, and the panic. When an initramfs ran, its own scripts wait for the device "
	  "instead, and the kernel says nothing.",
	  "init/do_mounts.c (4.4, 4.19, 5.10), block/genhd.c, blk_lookup_devt() (5.10)" },
	{ "root-partuuid-unknown",
	  "name_to_dev_t() hands the text behind PARTUUID= to devt_from_partuuid(), which walks all partitions of "
	  "class block and compares it, without regard to case, with what the partition table gave: the GPT entry's "
	  "own GUID, or the MBR's signature and the partition's number. /PARTNROFF=N is added to the number that is "
	  "found. No match gives 0:0, ENXIO (-6) and the panic. File-system UUIDs are never compared: the kernel "
	  "does not read them.",
	  "init/do_mounts.c, devt_from_partuuid() (3.10, 4.4, 5.10); block/early-lookup.c (since 6.5)" },
	{ "root-partuuid-malformed",
	  "devt_from_partuuid() takes a UUID, and behind it only /PARTNROFF=N. Anything else behind a slash, or no "
	  "UUID at all, is refused with \"VFS: PARTUUID= is invalid.\"; with rootwait the waiting is switched off, "
	  "since such a name can never appear. The device stays 0:0 and mount_block_root() fails on it.",
	  "init/do_mounts.c, devt_from_partuuid() (3.10, 4.4, 5.10)" },
	{ "root-uuid-unknown",
	  "populate_rootfs() unpacked the initramfs and kernel_init() ran its /init as PID 1; from there on the "
	  "search for the root is a program's, not the kernel's. udev lets blkid read every disk and makes links "
	  "below /dev/disk/by-uuid and by-label. The scripts wait for the link of root= and, when it never comes, "
	  "open a shell or end. Only when PID 1 ends does the kernel speak again: panic(\"Attempted to kill "
	  "init!\") in do_exit().",
	  "init/initramfs.c, init/main.c, kernel/exit.c (4.4, 5.10); the scripts of dracut and initramfs-tools" },
	{ "root-wrong-partition",
	  "The number of root= was found and the device opened. mount_block_root() then offers it to each built-in "
	  "file system in the order of their registration. EINVAL (-22) means that a driver does not know the "
	  "content, and the next one is tried; when none is left it prints \"No filesystem could mount root, tried: "
	  "...\" and panics. A partition that holds some other file system is mounted, and the failure comes later: "
	  "devtmpfs_mount() finds no /dev (-2), and kernel_init() no program to run.",
	  "init/do_mounts.c, mount_block_root() (3.10, 4.4, 5.10; mount_root_generic() in 6.5), "
	  "drivers/base/devtmpfs.c, init/main.c" },
	{ "root-needs-initramfs",
	  "kernel_init_freeable() looks for /init (or rdinit=) in rootfs and finds none: no initramfs was passed, "
	  "or nothing came out of it. So prepare_namespace() tries by itself. name_to_dev_t() has no code for "
	  "UUID=, LABEL=, /dev/disk/by-*, /dev/mapper/* or a volume's name: these links are made by udev and LVM, "
	  "programs of the initramfs. The name becomes 0:0 and the open fails with ENXIO (-6).",
	  "init/main.c, init/do_mounts.c (2.6.32 - 6.4), block/early-lookup.c (since 6.5)" },
	{ "root-late",
	  "prepare_namespace() calls wait_for_device_probe(), which waits for probes that have begun, not for disks "
	  "that a controller will report later. Then the name is resolved and opened once. NVMe namespaces, USB and "
	  "some SAS disks are added by work that runs in parallel; such a disk may miss that one attempt and still "
	  "stand in the list that printk_all_partitions() prints a moment later. With rootwait the kernel tries "
	  "again every few milliseconds, without end.",
	  "init/do_mounts.c, prepare_namespace() (4.4, 5.10, 6.1), drivers/base/dd.c, wait_for_device_probe()" },
	{ "root-wait",
	  "With rootwait, prepare_namespace() prints \"Waiting for root device ...\" and repeats "
	  "driver_probe_done() and name_to_dev_t() with short sleeps until the name resolves. There is no limit "
	  "(since 6.6 rootwait=SECONDS gives one), so no panic follows and no dump is made. Up to 6.4 it waits even "
	  "for a name that the kernel can never resolve, UUID= for one; since 6.5 such a name ends the waiting with "
	  "\"Disabling rootwait; root= is invalid.\".",
	  "init/do_mounts.c (4.4, 5.10; 6.5 and 6.6 for the changes)" },
	{ "root-nfs-failed",
	  "For root=/dev/nfs prepare_namespace() calls mount_nfs_root(). ip_auto_config() has run before, as a late "
	  "initcall, and set up the network by ip= or DHCP. nfs_root_data() builds server and path; the mount is "
	  "tried several times with growing pauses. When it fails, kernels up to 5.4 go on to a floppy, which gives "
	  "unknown-block(2,0); since 5.10 the kernel goes on without a root and ends at \"No working init found\".",
	  "init/do_mounts.c, fs/nfs/nfsroot.c, net/ipv4/ipconfig.c (4.4, 5.4, 5.10)" },
	{ "root-device-busy",
	  "do_mount_root() opens the device for exclusive use: blkdev_get() calls bd_prepare_to_claim() with the "
	  "file system type as the holder. When md, device-mapper, multipath or another file system holds the disk "
	  "or the partition already, the answer is EBUSY (-16), which mount_block_root() prints as the error of "
	  "\"Cannot open root device\" before it panics.",
	  "init/do_mounts.c, fs/block_dev.c (4.4, 5.10), block/bdev.c (since 5.14)" },
	{ "storage-driver-missing",
	  "The PCI core lists each device in pci_scan_slot() with its ids. A driver that is built in has registered "
	  "a table of ids with pci_register_driver() and is probed at once; a module must be loaded by udev's "
	  "modalias, from an initramfs, because /lib/modules lies on the root that is not mounted yet. Without a "
	  "driver no SCSI host or NVMe controller appears, no disk is added, and printk_all_partitions() has "
	  "nothing to list.",
	  "drivers/pci/probe.c, drivers/pci/pci-driver.c (4.4, 5.10), block/genhd.c" },
	{ "no-disk",
	  "The driver of the controller did probe: scsi_scan_host() asked each target with INQUIRY, or the NVMe "
	  "driver listed its namespaces, and none answered as a disk (\"Direct-Access\"). sd_probe() never ran, so "
	  "no block device was added. name_to_dev_t() finds no name and gives 0:0; the list of partitions that "
	  "follows the refusal is empty or holds only RAM disks and a CD-ROM drive.",
	  "drivers/scsi/scsi_scan.c, drivers/scsi/sd.c, init/do_mounts.c (4.4, 5.10)" },
	{ "partition-table-unreadable",
	  "When a disk is added its partitions are scanned: check_partition() reads the first sectors and lets each "
	  "partition parser look, GPT before MBR. A GPT is taken only when the protective MBR, the header's "
	  "checksum and the entries' checksum are right; a damaged one is not replaced by the backup at the end of "
	  "the disk unless the word gpt stands on the command line. No parser that agrees means a disk without "
	  "partitions, and a read error means \"unable to read partition table\". root= then finds the disk and no "
	  "such partition: ENXIO (-6).",
	  "block/partitions/core.c, block/partitions/efi.c (5.10; block/partition-generic.c before 5.7)" },
	{ "root-fs-unsupported",
	  "mount_block_root() takes the list of file systems that are built in, or loaded, and need a device "
	  "(get_fs_names()), and calls do_mount_root() with each. The driver reads its super block and answers "
	  "EINVAL (-22) for a foreign magic number, and also for features that it does not know (incompat bits, or "
	  "ro-compat bits with a read-write mount). EINVAL is never printed: the next one is tried until \"No "
	  "filesystem could mount root, tried: ...\" shows the list.",
	  "init/do_mounts.c (3.10, 4.4, 5.10), fs/ext4/super.c, ext4_feature_set_ok() (5.10)" },
	{ "root-fs-wrong-type",
	  "rootfstype= replaces the list of file systems: get_fs_names() hands only these names to "
	  "mount_block_root(). get_fs_type() finds a driver by name, and would ask modprobe, which is not there "
	  "yet. An unknown name gives ENODEV (-19), which ends the trying and is printed as the error of \"Cannot "
	  "open root device\", although the device itself is well.",
	  "init/do_mounts.c, fs/filesystems.c (4.4, 5.10)" },
	{ "root-fs-bad-options",
	  "root_mount_data carries the text of rootflags= to do_mount_root(), which hands it to each file system. A "
	  "driver whose parser meets a word that it does not know fails with EINVAL (-22), as if the content were "
	  "foreign, so mount_block_root() goes on to the next one and ends at \"No filesystem could mount root\". "
	  "On btrfs subvol= decides which tree is the root; a wrong one mounts and holds no init.",
	  "init/do_mounts.c, fs/ext4/super.c, parse_options() (4.4, 5.10), fs/btrfs/super.c" },
	{ "root-fs-corrupt",
	  "The driver knew its magic number, so fill_super() went on: super block checksum, group descriptors or "
	  "allocation group headers, journal, root inode. What fails there gives EFSCORRUPTED (-117) or EFSBADCRC "
	  "(-74), and mount_block_root() stops at such an error with \"Cannot open root device ... error -117\" and "
	  "a panic. ext4 up to 3.10 answered EINVAL for the same damage, which ends at \"No filesystem could mount "
	  "root\" instead.",
	  "fs/ext4/super.c, ext4_fill_super() (3.10, 4.4, 5.10), fs/xfs/xfs_mount.c, init/do_mounts.c" },
	{ "root-fs-size-mismatch",
	  "fill_super() compares the block count in the super block with the size of the device. ext4 prints \"bad "
	  "geometry: block count ... exceeds size of device\" and answers EINVAL (-22); xfs prints \"filesystem "
	  "size mismatch detected\" and answers EFBIG (-27). Nothing was damaged by the kernel: the disk below is "
	  "shorter than it was.",
	  "fs/ext4/super.c (4.4, 5.10), fs/xfs/xfs_mount.c, xfs_check_sizes() (5.10)" },
	{ "root-read-only-device",
	  "The root is first mounted as ro or rw says. A journal that was not closed must be replayed, which needs "
	  "writing even for a read-only mount: ext4 and xfs ask bdev_read_only(), say \"write access unavailable, "
	  "cannot proceed\" and answer EROFS (-30). mount_block_root() tries once more read-only and then gives up.",
	  "fs/ext4/super.c, ext4_load_journal(), fs/xfs/xfs_log_recover.c (4.4, 5.10), init/do_mounts.c" },
	{ "disk-io-error",
	  "A read of the file system went through the block layer to the SCSI or NVMe driver; the device failed it, "
	  "or did not answer and error handling (abort, device reset, bus reset, host reset, offline) gave up. "
	  "blk_update_request() prints \"I/O error, dev sda, sector N\". The file system sees EIO (-5): at mount "
	  "time that is the error of \"Cannot open root device\", later it is a remount read-only, a SIGBUS in a "
	  "program, or a panic.",
	  "drivers/scsi/scsi_error.c, block/blk-core.c (4.4, 5.10), init/do_mounts.c" },
	{ "initramfs-missing",
	  "The boot loader hands an initrd over by address and size, which setup_arch() prints as \"RAMDISK: [mem "
	  "...]\". populate_rootfs() unpacks it into rootfs. Here there was none, rootfs held no /init, and "
	  "kernel_init_freeable() fell back to prepare_namespace(), which can use only drivers that are built in "
	  "and names that need no udev.",
	  "arch/x86/kernel/setup.c, init/initramfs.c, init/main.c (4.4, 5.10)" },
	{ "initramfs-corrupt",
	  "populate_rootfs() calls unpack_to_rootfs(): it finds the compressor by its magic number, inflates, and "
	  "reads the cpio archive with a state machine that stops at the first wrong byte. What was unpacked by "
	  "then stays. A kernel with RAM disks built in says \"rootfs image is not initramfs (...); looks like an "
	  "initrd\", another one \"Initramfs unpacking failed: ...\". Without a whole /init the kernel goes on to "
	  "prepare_namespace(), or fails to run the /init that is there.",
	  "init/initramfs.c, unpack_to_rootfs() (4.4, 5.2, 5.10), init/main.c" },
	{ "initramfs-gave-up",
	  "kernel_init() ran /init of the initramfs with run_init_process(). From then on a program decides: it "
	  "loads drivers, waits for the root, mounts it and calls switch_root. When it gives up it opens a shell, "
	  "or it ends. The end of PID 1 is fatal: do_exit() calls panic(\"Attempted to kill init! "
	  "exitcode=0x...\"), where the exit status of the script stands in bits 8 to 15.",
	  "init/main.c, kernel/exit.c (3.10, 4.4, 5.10)" },
	{ "init-missing",
	  "With the root mounted, kernel_init() tries in this order: rdinit= or /init of the initramfs, init= of "
	  "the command line, since 5.10 CONFIG_DEFAULT_INIT, then /sbin/init, /etc/init, /bin/init and /bin/sh. "
	  "Each goes to do_execve(). ENOENT (-2) is passed over in silence, any other error is printed (\"exists "
	  "but couldn't execute it\"). When none starts, it panics with \"No working init found\".",
	  "init/main.c, kernel_init(), try_to_run_init_process() (3.10, 4.4, 5.10)" },
	{ "init-requested-failed",
	  "A program that was asked for by init= is tried alone: 4.4 and later do not fall back to /sbin/init but "
	  "panic with \"Requested init ... failed (error N)\". ENOENT (-2) may mean the file or the interpreter "
	  "that its ELF header names, ENOEXEC (-8) a wrong architecture or an empty file, EACCES (-13) a missing x "
	  "bit. Older kernels print \"Failed to execute ...\" and try the defaults.",
	  "init/main.c, kernel_init() (3.10, 4.4, 5.10), fs/exec.c" },
	{ "init-died",
	  "PID 1 is marked SIGNAL_UNKILLABLE, but a fault of its own or its own exit ends it all the same. "
	  "do_exit() sees that the last thread of the init process ends and calls panic(\"Attempted to kill init! "
	  "exitcode=0x...\"). The number is a wait status: the low seven bits are a signal, bits 8 to 15 the exit "
	  "status. The kernel is well; a program died that it cannot do without.",
	  "kernel/exit.c, do_exit() (2.6.32 without the code, 3.10, 4.4, 5.10)" },
	{ "oops-null-pointer",
	  "The CPU raised a page fault in kernel mode. do_page_fault() (exc_page_fault() since 5.8) found no "
	  "mapping and no entry in the exception table, so the access was not one that may fail. show_fault_oops() "
	  "prints \"BUG: kernel NULL pointer dereference\" for an address in the first page, __die() the registers "
	  "and the trace. oops_end() ends the task, or panics: in an interrupt, in PID 1 or the idle task, or with "
	  "panic_on_oops=1.",
	  "arch/x86/mm/fault.c, arch/x86/kernel/dumpstack.c (4.4, 4.19, 5.10)" },
	{ "oops-page-fault",
	  "The CPU raised a page fault in kernel mode for an address that no mapping covers, or that may not be "
	  "used in this way: the error code tells read, write or fetch, and whether a page was there. Without an "
	  "entry in the exception table show_fault_oops() prints \"unable to handle page fault\" (\"paging "
	  "request\" before 5.2), __die() the registers and the trace; oops_end() ends the task or panics.",
	  "arch/x86/mm/fault.c (4.4, 4.19, 5.2, 5.10)" },
	{ "general-protection-fault",
	  "The CPU refused an instruction: most often an access through an address that is not canonical, that is, "
	  "a pointer filled with rubbish or with the poison of freed memory. do_general_protection() "
	  "(exc_general_protection() since 5.8) searches the exception table and calls die(). Since 5.5 the kernel "
	  "decodes the instruction and prints the address that it would have used.",
	  "arch/x86/kernel/traps.c (4.4, 5.5, 5.10)" },
	{ "kernel-bug",
	  "BUG() and BUG_ON() compile into an instruction that is always invalid (ud2) and an entry in a table with "
	  "file and line. The trap handler calls handle_bug() / report_bug(), which finds the entry, prints "
	  "\"kernel BUG at FILE:LINE!\" and has die() end the task: a condition that the programmer held to be "
	  "impossible was true.",
	  "lib/bug.c, arch/x86/kernel/traps.c (4.4, 5.10)" },
	{ "divide-error",
	  "The CPU's divide instruction met a divisor of 0, or a quotient that does not fit, in kernel mode. "
	  "do_divide_error() (exc_divide_error() since 5.8) calls do_trap(); without an entry in the exception "
	  "table that is die(\"divide error\").",
	  "arch/x86/kernel/traps.c (4.4, 5.10)" },
	{ "invalid-opcode",
	  "The CPU met bytes that it does not take for an instruction, and no BUG() table entry belongs to the "
	  "address. do_invalid_op() calls die(\"invalid opcode\"). Either the code was overwritten or jumped into, "
	  "or it was patched or built for a CPU feature that this virtual CPU does not have: alternatives are "
	  "chosen once, at boot, by what CPUID said then.",
	  "arch/x86/kernel/traps.c, arch/x86/kernel/alternative.c (4.4, 5.10)" },
	{ "double-fault",
	  "While the CPU delivered one exception it met a second one, nearly always because the kernel's stack "
	  "pointer no longer pointed to mapped memory. The double fault has a stack of its own (IST), on which "
	  "do_double_fault() prints the registers and panics; a fault there would be a triple fault, which resets "
	  "the machine without a word.",
	  "arch/x86/kernel/traps.c, do_double_fault() (4.4, 5.10)" },
	{ "stack-overflow",
	  "A task's kernel stack has 16 KiB (8 KiB before 3.15). With CONFIG_VMAP_STACK (4.9) an unmapped guard "
	  "page lies below it: running into it is a page fault that cannot be pushed onto that same stack, so it "
	  "arrives as a double fault, and handle_stack_overflow() says \"stack guard page was hit\". Older kernels "
	  "overwrite what lies below and notice only at the next switch of tasks.",
	  "arch/x86/kernel/traps.c, arch/x86/kernel/dumpstack.c (4.9, 5.10)" },
	{ "stack-corruption",
	  "Functions with arrays on the stack put a secret word behind them and compare it before they return; a "
	  "changed word calls __stack_chk_fail(), which panics with the caller's address. The scheduler looks at a "
	  "mark at the end of the stack as well (schedule_debug()). Both find the damage after it was done: the "
	  "function that is named suffered it, and may not have caused it.",
	  "kernel/panic.c, __stack_chk_fail(), kernel/sched/core.c, schedule_debug() (4.4, 5.10)" },
	{ "list-corruption",
	  "With CONFIG_DEBUG_LIST every list_add() and list_del() checks that the neighbours still point to each "
	  "other (__list_add_valid(), __list_del_entry_valid()). When they do not, it prints which pointer is "
	  "wrong, and warns or, with CONFIG_BUG_ON_DATA_CORRUPTION, calls BUG(). The one that meets the broken list "
	  "is rarely the one that broke it: something freed an entry that was still in it.",
	  "lib/list_debug.c (4.4, 4.10, 5.10)" },
	{ "soft-lockup",
	  "Each CPU has a high-resolution timer, watchdog_timer_fn(), and a task of the highest priority (a stopper "
	  "since 4.19) that only writes down the time. When the timer finds that time older than twice "
	  "kernel.watchdog_thresh, 20 s by default, the CPU has run kernel code without letting another task in: "
	  "\"BUG: soft lockup\". With kernel.softlockup_panic it then panics. A virtual CPU that the host did not "
	  "run looks the same when its clock jumps.",
	  "kernel/watchdog.c, watchdog_timer_fn() (4.4, 4.19, 5.10)" },
	{ "hard-lockup",
	  "The CPU's performance counter raises an NMI every few seconds; watchdog_overflow_callback() looks "
	  "whether the CPU's timer interrupts have been counted since. When none was taken for "
	  "kernel.watchdog_thresh, 10 s by default, the CPU runs with interrupts off: \"Watchdog detected hard "
	  "LOCKUP\", and nmi_panic() when kernel.hardlockup_panic is set. It works only in a VM with virtual "
	  "performance counters.",
	  "kernel/watchdog_hld.c (4.9, 5.10; kernel/watchdog.c before)" },
	{ "rcu-stall",
	  "A grace period of RCU ends when every CPU has passed a point where it holds no reference. "
	  "check_cpu_stall(), called by the timer tick, prints \"detected stalls\" when one has lasted longer than "
	  "rcupdate.rcu_cpu_stall_timeout (21 s by default), with the backtraces of those that are waited for. "
	  "panic_on_rcu_stall() panics when kernel.panic_on_rcu_stall is set. Until the stall ends, memory that is "
	  "freed through RCU is not given back.",
	  "kernel/rcu/tree.c (4.4, 4.9), kernel/rcu/tree_stall.h (5.10)" },
	{ "hung-task",
	  "The thread khungtaskd goes through all tasks every two minutes (kernel.hung_task_timeout_secs). "
	  "check_hung_task() reports one that has been in uninterruptible sleep (D) and was not scheduled once in "
	  "that time: as a rule it waits for a disk that does not answer, or for a lock that such a task holds. "
	  "With kernel.hung_task_panic it calls panic(\"hung_task: blocked tasks\").",
	  "kernel/hung_task.c (4.4, 5.10)" },
	{ "out-of-memory",
	  "An allocation that may sleep tried reclaim and compaction in __alloc_pages_slowpath() and got nothing. "
	  "out_of_memory() asks check_panic_on_oom() (vm.panic_on_oom), then select_bad_process() for the task with "
	  "the most memory; kernel threads, PID 1 and those with oom_score_adj -1000 are passed over. When no task "
	  "is left it panics: \"Out of memory and no killable processes...\" up to 4.17, \"System is deadlocked on "
	  "memory\" since.",
	  "mm/oom_kill.c, mm/page_alloc.c (4.9, 4.18, 5.10)" },
	{ "nmi",
	  "default_do_nmi() asks the registered handlers, then reads port 0x61 for a memory or I/O check. When "
	  "nobody owns the NMI, unknown_nmi_error() prints \"Uhhuh. NMI received for unknown reason\" and panics if "
	  "kernel.unknown_nmi_panic or kernel.panic_on_unrecovered_nmi is set. A hypervisor injects such an NMI "
	  "when an administrator asks for one, to have a hung guest make a dump.",
	  "arch/x86/kernel/nmi.c (4.4, 5.10)" },
	{ "machine-check",
	  "The CPU raised a machine check. do_machine_check() reads the banks, grades what it finds "
	  "(mce_severity()) and, for an error that cannot be contained, gathers all CPUs in mce_start(). "
	  "mce_panic() prints the banks as \"[Hardware Error]\" and panics. A hypervisor passes on to a guest only "
	  "errors in memory that the guest owns; the rest ends on the host.",
	  "arch/x86/kernel/cpu/mce/core.c (5.10; cpu/mcheck/mce.c in 4.4)" },
	{ "sysrq-crash",
	  "write_sysrq_trigger() (echo c > /proc/sysrq-trigger) or the keyboard handler calls __handle_sysrq(), and "
	  "that sysrq_handle_crash(). Since 5.4 it calls panic(\"sysrq triggered crash\"); before, it writes "
	  "through a NULL pointer, so that an oops stands in the log and panic_on_oops is set for it.",
	  "drivers/tty/sysrq.c, sysrq_handle_crash() (4.4, 5.4, 5.10)" },
	{ "panic-on-warn",
	  "WARN() prints its report in __warn(), which then looks at panic_on_warn (command line or sysctl): set, "
	  "it is cleared, so that the panic itself can warn, and panic(\"panic_on_warn set ...\") is called. "
	  "kernel.warn_limit (6.2) does the same after so many warnings. The warning above is the matter; the "
	  "setting only made it final.",
	  "kernel/panic.c, __warn() (4.4, 5.10, 6.2)" },
	{ "fs-errors-panic",
	  "A file system that meets damage calls its error handler: ext4_handle_error() does what errors= of the "
	  "mount or of the super block says. With panic it calls panic(\"EXT4-fs (device ...): panic forced after "
	  "error\"), so that nothing more is written. The line \"EXT4-fs error\" above names the function that "
	  "found the damage.",
	  "fs/ext4/super.c, ext4_handle_error() (4.4, 5.10)" },
	{ "driver-panic",
	  "A driver called panic() itself. panic() switches off preemption, prints the text and the call trace, "
	  "hands over to a kdump kernel if one is loaded, stops the other CPUs, calls the panic notifiers and the "
	  "kmsg dumpers, and then waits or restarts (panic=N). The frame below panic in the trace is the caller.",
	  "kernel/panic.c, panic() (4.4, 5.10)" },
	{ "module-signature",
	  "load_module() checks the signature at the end of the file in module_sig_check(), with the keys built "
	  "into the kernel and those of the firmware. With module.sig_enforce, or under lockdown (Secure Boot), a "
	  "module without a valid one is refused: \"Loading of unsigned module is rejected\". A storage driver that "
	  "is refused leaves no disk, and the boot goes on to fail at the root.",
	  "kernel/module.c, module_sig_check() (4.4, 5.4, 5.10)" },
	{ "bad-page-state",
	  "When a page is freed or handed out, free_pages_check() and check_new_page() see that nobody maps it, "
	  "counts it or has marked it. bad_page() reports one that breaks the rule, \"BUG: Bad page state\", takes "
	  "it out of use and taints the kernel (B). The task that is named only met the page; who damaged it came "
	  "before.",
	  "mm/page_alloc.c, bad_page() (4.4, 5.10)" },
	{ "scheduling-while-atomic",
	  "schedule_debug() looks at the preemption counter whenever a task gives up its CPU. If it says that the "
	  "task holds a spin lock or is in an interrupt, __schedule_bug() prints \"BUG: scheduling while atomic\" "
	  "with the count and the modules. It goes on, but the lock that is held over the sleep may deadlock "
	  "others.",
	  "kernel/sched/core.c, __schedule_bug() (4.4, 5.10)" },
	{ "watchdog-expired",
	  "A program that opens /dev/watchdog must write to it within the timeout; each write sets the timer again. "
	  "softdog_fire() runs when nobody did: it panics with soft_panic=1, else it calls emergency_restart() at "
	  "once. A watchdog with a pretimeout warns before, and the governor \"panic\" makes that warning a panic.",
	  "drivers/watchdog/softdog.c (4.4, 5.10), drivers/watchdog/pretimeout_panic.c (4.9)" },
	{ "panic-on-taint",
	  "add_taint() sets a bit that says why the kernel's state is no longer trusted: a proprietary or unsigned "
	  "module, a forced load, a warning, a machine check. Since 5.8 it compares the bit with the mask of "
	  "panic_on_taint= and panics when it is one of those. The call trace shows who set it.",
	  "kernel/panic.c, add_taint() (5.8, 5.10)" },
	{ "timer-not-working",
	  "setup_IO_APIC() calls check_timer(): it routes the timer interrupt in one way after another (IO-APIC "
	  "pin, through the 8259A, virtual wire, ExtINT) and with each lets timer_irq_works() count ticks for some "
	  "milliseconds. When none works it panics. no_timer_check leaves the test out, and on VMware the kernel "
	  "sets that by itself.",
	  "arch/x86/kernel/apic/io_apic.c, check_timer() (2.6.32, 4.4), arch/x86/kernel/cpu/vmware.c" },
	{ "audit-panic",
	  "audit_log_start() drops an event when the backlog is full and the wait for auditd was in vain, or when "
	  "memory is out, and calls audit_log_lost(). audit_panic() then does what auditctl -f says: nothing, a "
	  "line in the log, or with 2 panic(\"audit: ...\").",
	  "kernel/audit.c, audit_panic() (4.4, 5.10)" },
	{ "security-module-failed",
	  "security_init() starts the security modules early, before any program runs. One that cannot allocate its "
	  "tables or register itself calls panic() rather than leave the system without protection. A policy that "
	  "is missing or broken fails later, and there it is PID 1 that gives up.",
	  "security/security.c, security/selinux/hooks.c, selinux_init() (4.4, 5.10)" },
	{ "verity-mismatch",
	  "dm-verity hashes each block that is read and compares it with the tree whose root hash came with the "
	  "device's table. verity_handle_err() reports a difference and does what the table says: fail the read "
	  "(EIO), log, restart, or since 5.9 panic(\"dm-verity device corrupted\").",
	  "drivers/md/dm-verity-target.c, verity_handle_err() (4.4, 5.10)" },
	{ "fips-self-test",
	  "With fips=1 every algorithm is tested against known answers when it is registered: alg_test() compares "
	  "and panics when the result differs, because FIPS mode forbids to go on. crypto_check_module_sig() panics "
	  "for a cryptographic module without a valid signature in the same way.",
	  "crypto/testmgr.c, crypto/algapi.c (4.4, 5.4, 5.10)" },
	{ "early-userspace-failed",
	  "The kernel has done its part: init of the initramfs or of the root runs. systemd or the scripts met a "
	  "failure that they hold to be final, froze, opened an emergency shell or halted. The kernel neither knows "
	  "nor says more; only if PID 1 ends does do_exit() panic.",
	  "init/main.c, kernel/exit.c (4.4, 5.10); systemd, dracut, initramfs-tools" },
	{ "cpu-disabled",
	  "stop_this_cpu() ends a halt: it takes the CPU offline, switches interrupts off and executes HLT in a loop, "
	  "which nothing but a reset ends. The code in front of the kernel that unpacks it does the same after an "
	  "error, in error() with \" -- System halted\", which is written to the screen and to no log. panic() does "
	  "not: it spins with interrupts on, so that SysRq still works.",
	  "arch/x86/kernel/process.c, stop_this_cpu(), arch/x86/boot/compressed/misc.c, kernel/panic.c (4.4, 5.10)" },
	{ "reset-without-panic",
	  "No kernel code ran that could tell: a triple fault (a fault for which the CPU finds no handler, not even "
	  "the double fault's) makes the virtual CPU shut down, and the VMX resets the VM. Linux does it on purpose "
	  "as the last of its ways to restart: native_machine_emergency_restart() tries ACPI, the keyboard "
	  "controller, EFI and port 0xCF9 and at last loads an empty interrupt table and raises an exception.",
	  "arch/x86/kernel/reboot.c (4.4, 5.10)" },
	{ "unclassified-panic",
	  "panic() was called with a text that no rule knows. It prints the text and the call trace and hands over "
	  "to a kdump kernel if one is loaded; else it calls the panic notifiers (\"Kernel Offset\"), lets the kmsg "
	  "dumpers send the log, and waits or restarts (panic=N). The frame below panic in the trace is the "
	  "function that decided.",
	  "kernel/panic.c, panic() (4.4, 5.10)" },
};

const struct kernel_path *explain_cause(struct slice cause)
{
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (slice_is(cause, paths[i].cause))
			return &paths[i];
	return NULL;
}
