/* Makes logs to measure with, the same ones every time.
 *
 *	generate ordinary DIRECTORY   400 VMs with a log each, 1 GB together, one dump in every twentieth
 *	generate dumps DIRECTORY      4,000 VMs with a log of 30 to 60 KB, each one dump
 *	generate many DIRECTORY       10,000 VMs with a log of 1 MB
 *	generate stream BYTES         one log of that size to standard output, a dump every 512 MiB
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Real logs have 150 to 600; those that are to be small have fewer. */
#define DICT_LINES 400
#define DICT_LINES_SMALL 20

struct generator {
	FILE *out;
	uint64_t bytes;
	uint64_t random;  /* state of an xorshift generator */
	uint64_t time_ms; /* of the host, since midnight */
};

static uint32_t next(struct generator *g, uint32_t below)
{
	g->random ^= g->random << 13;
	g->random ^= g->random >> 7;
	g->random ^= g->random << 17;
	return (uint32_t)(g->random >> 33) % below;
}

__attribute__((format(printf, 2, 3)))
static void put(struct generator *g, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vfprintf(g->out, format, args);
	va_end(args);
	g->bytes += len > 0 ? (uint64_t)len : 0;
}

/* The frame of ESXi 8. */
static void put_frame(struct generator *g, const char *thread, const char *mark)
{
	uint64_t second = g->time_ms / 1000;
	put(g, "2024-05-%02u", (unsigned)(1 + second / 86400 % 28));
	put(g, "T%02u:%02u:%02u.%03uZ In(05)%s %s - ", (unsigned)(second / 3600 % 24), (unsigned)(second / 60 % 60),
	    (unsigned)(second % 60), (unsigned)(g->time_ms % 1000), mark, thread);
}

/* What a VMX writes all day; %u takes a random number. */
static const struct {
	const char *thread, *format;
} chatter[] = {
	{ "vmx", "hostCPUID level 0000000b, %u: 0x00000001 0x00000002 0x00000100 0x%08x\n" },
	{ "vmx", "VMXVmdbCbVmVmxExecState: value %u of %u\n" },
	{ "vcpu-0", "Chipset: write to port 0x%x, %u times\n" },
	{ "mks", "MKSScreenShotMgr: Taking a screenshot, %u of %u\n" },
	{ "vcpu-1", "AHCI-VMM: sata0:%u Port COMRESET requested, port %u.\n" },
	{ "vmx", "GuestRpcSendTimedOut: message to toolbox timed out, channel %u, %u waiting.\n" },
	{ "worker-2104431", "DISKLIB-LIB_BLOCKTRACK : Resuming change tracking at %u, block %u.\n" },
	{ "vmx", "VMXSTATS: Registering %u stats: vmx.overallocatedMem.%u\n" },
	{ "svga", "SVGA: Guest display topology changed: numDisplays %u, width %u\n" },
	{ "vmx", "Tools: [AppStatus] Last heartbeat value %u (last received %us ago)\n" },
	{ "vcpu-0", "VMXNET3 user: Ethernet%u: Driver Info: version = %u gosBits = 2 gosType = 1\n" },
	{ "vmx", "Vix: [vmxCommands.c:%u]: VMAutomation_ReportPowerOpFinished: statevar=%u\n" },
	{ "vmx", "MemSched: caller %u numvm 1 locked pages: num %u max 1048576\n" },
	{ "vcpu-0", "PCIBridge%u: ISA/VGA decoding enabled (ctrl %04x)\n" },
	{ "vmx", "DISK: Opening disk scsi0:%u, attempt %u, '/vmfs/volumes/datastore1/guest/guest.vmdk'\n" },
};

static void put_chatter(struct generator *g)
{
	uint32_t which = next(g, COUNT(chatter));
	g->time_ms += next(g, 40);
	put_frame(g, chatter[which].thread, "");
	put(g, chatter[which].format, next(g, 16), next(g, 100000));
}

static void put_head(struct generator *g, unsigned number, unsigned dict_lines)
{
	put_frame(g, "vmx", "");
	put(g, "Log for VMware ESX pid=%u version=8.0.2 build=build-22380479 option=Release\n", 2000000 + number);
	put_frame(g, "vmx", "");
	put(g, "DICT --- CONFIGURATION\n");
	put_frame(g, "vmx", "");
	put(g, "DICT               displayName = \"guest-%04u\"\n", number);
	put_frame(g, "vmx", "");
	put(g, "DICT                   guestOS = \"vmware-photon-64\"\n");
	for (unsigned i = 0; i < dict_lines; i++) {
		put_frame(g, "vmx", "");
		put(g, "DICT        pciBridge%u.functions = \"%u\"\n", i % 16, i);
	}
	put_frame(g, "vcpu-0", "");
	put(g, "CPU reset: hard (mode Emulation)\n");
}

/* A record as the guest's dumper sends it: with the empty line of its newline. */
__attribute__((format(printf, 4, 5)))
static void put_record(struct generator *g, unsigned level, uint64_t time_us, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_frame(g, "vcpu-0", "");
	put(g, "Guest: <%u>[%5" PRIu64 ".%06" PRIu64 "] %s\n", level, time_us / 1000000, time_us % 1000000, text);
	put_frame(g, "vcpu-0", "+");
	put(g, "\n");
}

static void put_kernel_chatter(struct generator *g, uint64_t *time_us, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		*time_us += 50 + next(g, 4000);
		unsigned n = next(g, 256);
		switch (next(g, 6)) {
		case 0:
			put_record(g, 6, *time_us, "BIOS-e820: [mem 0x%016x-0x%016x] usable", n << 12, (n << 12) + 4095);
			break;
		case 1:
			put_record(g, 6, *time_us, "pci 0000:%02x:00.0: [15ad:07a0] type 01 class 0x060400", n);
			break;
		case 2:
			put_record(g, 6, *time_us, "ACPI: LAPIC_NMI (acpi_id[0x%02x] high edge lint[0x1])", n);
			break;
		case 3:
			put_record(g, 6, *time_us, "clocksource: refined-jiffies: mask: 0xffffffff max_cycles: %u", n);
			break;
		case 4:
			put_record(g, 30, *time_us, "systemd[1]: Started session %u of user root.", n);
			break;
		default:
			put_record(g, 6, *time_us, "NET: Registered protocol family %u", n);
		}
	}
}

static void put_missing_root(struct generator *g, uint64_t t)
{
	put_record(g, 4, t, "VFS: Cannot open root device \"sdc1\" or unknown-block(0,0): error -6");
	put_record(g, 4, t, "Please append a correct \"root=\" boot option; here are the available partitions:");
	put_record(g, 4, t, "0800         8388608 sda ");
	put_record(g, 4, t, " driver: sd");
	put_record(g, 4, t, "  0801         8384512 sda1 3d5c1f80-62a4-4d0e-9b77-%012x", next(g, 1u << 30));
	put_record(g, 4, t, "  0802            3055 sda2 7b1e90d4-0c35-4f2a-8e61-%012x", next(g, 1u << 30));
	put_record(g, 0, t, "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)");
}

static void put_null_pointer(struct generator *g, uint64_t t)
{
	put_record(g, 1, t, "BUG: kernel NULL pointer dereference, address: 0000000000000040");
	put_record(g, 4, t, "Oops: 0000 [#1] PREEMPT SMP NOPTI");
	put_record(g, 4, t, "CPU: 0 PID: %u Comm: worker Tainted: G           O       6.1.75-1.ph5 #1-photon", next(g, 9000));
	put_record(g, 4, t, "RIP: 0010:sample_flow_expire+0x2c/0x90 [sample_filter]");
	put_record(g, 4, t, "Call Trace:");
	put_record(g, 4, t, " process_one_work+0x1f4/0x3b0");
	put_record(g, 4, t, " worker_thread+0x50/0x3a0");
	put_record(g, 4, t, " kthread+0xe9/0x110");
	put_record(g, 4, t, "---[ end trace 0000000000000000 ]---");
	put_record(g, 0, t, "Kernel panic - not syncing: Fatal exception");
}

static void put_dump(struct generator *g, unsigned records)
{
	uint64_t t = 0;
	put_record(g, 5, t, "Linux version 6.1.75-1.ph5 (root@photon) (gcc (GCC) 12.2.0) #1-photon SMP PREEMPT_DYNAMIC");
	put_record(g, 6, t, "Command line: BOOT_IMAGE=/boot/vmlinuz-6.1.75-1.ph5 root=/dev/sdc1 ro loglevel=3 quiet");
	put_kernel_chatter(g, &t, records);
	if (next(g, 2))
		put_missing_root(g, t);
	else
		put_null_pointer(g, t);
	put_record(g, 0, t, "Kernel Offset: 0x%x00000 from 0xffffffff81000000", next(g, 1000));
}

static void put_tail(struct generator *g)
{
	g->time_ms += 60000;
	put_frame(g, "vmx", "");
	put(g, "VMX exit (0).\n");
}

static void put_ordinary(struct generator *g, unsigned number)
{
	uint64_t end = 2500000 + next(g, 100000);
	put_head(g, number, DICT_LINES);
	bool has_dump = number % 20 == 0;
	while (g->bytes < end) {
		put_chatter(g);
		if (has_dump && g->bytes > end / 2) {
			put_dump(g, 300);
			has_dump = false;
		}
	}
	put_tail(g);
}

/* A record and its empty line have about 160 bytes. */
static void put_one_dump(struct generator *g, unsigned number)
{
	put_head(g, number, DICT_LINES_SMALL);
	for (unsigned i = 0; i < 40; i++)
		put_chatter(g);
	put_dump(g, 170 + next(g, 190));
	put_tail(g);
}

static void put_one_megabyte(struct generator *g, unsigned number)
{
	put_head(g, number, DICT_LINES);
	if (number % 20 == 0)
		put_dump(g, 300);
	while (g->bytes < 1000000)
		put_chatter(g);
	put_tail(g);
}

static void put_stream(struct generator *g, uint64_t bytes)
{
	const uint64_t dump_bytes = (uint64_t)512 << 20;
	uint64_t next_dump = dump_bytes;
	put_head(g, 0, DICT_LINES);
	while (g->bytes < bytes) {
		put_chatter(g);
		if (g->bytes < next_dump)
			continue;
		put_dump(g, 2000);
		put_frame(g, "vcpu-0", "");
		put(g, "CPU reset: hard (mode Emulation)\n");
		next_dump += dump_bytes;
	}
	put_tail(g);
}

static struct generator generator_for(FILE *out, unsigned number)
{
	return (struct generator){ .out = out, .random = 0x9e3779b97f4a7c15u + number * 2654435761u,
				   .time_ms = 1000 * (number % 86400) };
}

static int make_files(const char *directory, unsigned count, void (*make)(struct generator *g, unsigned number))
{
	uint64_t bytes = 0;
	if (mkdir(directory, 0777) != 0 && errno != EEXIST)
		return perror(directory), 1;
	for (unsigned number = 0; number < count; number++) {
		char folder[4000], path[4096];
		snprintf(folder, sizeof(folder), "%s/guest-%04u", directory, number);
		if (mkdir(folder, 0777) != 0 && errno != EEXIST)
			return perror(folder), 1;
		snprintf(path, sizeof(path), "%s/vmware.log", folder);
		FILE *out = fopen(path, "w");
		if (!out)
			return perror(path), 1;
		struct generator g = generator_for(out, number);
		make(&g, number);
		bytes += g.bytes;
		if (fclose(out) != 0)
			return perror(path), 1;
	}
	fprintf(stderr, "%s: %u files, %" PRIu64 " bytes\n", directory, count, bytes);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc == 3 ? argv[1] : "";
	if (strcmp(what, "ordinary") == 0)
		return make_files(argv[2], 400, put_ordinary);
	if (strcmp(what, "dumps") == 0)
		return make_files(argv[2], 4000, put_one_dump);
	if (strcmp(what, "many") == 0)
		return make_files(argv[2], 10000, put_one_megabyte);
	if (strcmp(what, "stream") == 0) {
		struct generator g = generator_for(stdout, 0);
		put_stream(&g, strtoull(argv[2], NULL, 10));
		return fflush(stdout) != 0;
	}
	fputs("usage: generate ordinary|dumps|many DIRECTORY | stream BYTES\n", stderr);
	return 2;
}
