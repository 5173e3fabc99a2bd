/* Two failing boots, and how each form of kernel text writes them. */
#ifndef TESTS_DIALECT_FORMS_H
#define TESTS_DIALECT_FORMS_H

#include "../boot_of.h"

#define BOOT_ID "6f0c8e1a2b3c4d5e6f708192a3b4c5d"
#define US_PER_S 1000000u

struct entry {
	unsigned priority; /* facility * 8 + level */
	unsigned time_us;
	const char *text;
	const char *program; /* NULL: the kernel */
	unsigned pid;
};

static const struct entry vfs_panic[] = {
	{ 5, 0, "Linux version 6.1.0-17-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP Debian 6.1.69-1", NULL, 0 },
	{ 6, 0, "Command line: BOOT_IMAGE=/boot/vmlinuz-6.1.0-17-amd64 root=/dev/sdb1 ro quiet", NULL, 0 },
	{ 6, 10000, "Hypervisor detected: VMware", NULL, 0 },
	{ 5, 40000, "Kernel command line: BOOT_IMAGE=/boot/vmlinuz-6.1.0-17-amd64 root=/dev/sdb1 ro quiet", NULL, 0 },
	{ 6, 1234567, "scsi host2: VMware PVSCSI storage adapter rev 2, req/cmp/msg rings: 8/8/1 pages, cmd_per_lun=254",
	  NULL, 0 },
	{ 5, 1300000, "sd 2:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)", NULL, 0 },
	{ 6, 1310000, " sda: sda1 sda2", NULL, 0 },
	{ 5, 1320000, "sd 2:0:0:0: [sda] Attached SCSI disk", NULL, 0 },
	{ 4, 1500000, "/dev/root: Can't open blockdev", NULL, 0 },
	{ 3, 1500001, "VFS: Cannot open root device \"/dev/sdb1\" or unknown-block(0,0): error -6", NULL, 0 },
	{ 2, 1500002, "Please append a correct \"root=\" boot option; here are the available partitions:", NULL, 0 },
	{ 4, 1500003, "0800         8388608 sda ", NULL, 0 },
	{ 4, 1500004, " driver: sd", NULL, 0 },
	{ 4, 1500005, "  0801         8386560 sda1 611e2d9a-3c3f-4a41-9d4f-3a7a3c1f0d5e", NULL, 0 },
	{ 0, 1500008, "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", NULL, 0 },
	{ 4, 1500009, "Call Trace:", NULL, 0 },
	{ 4, 1500010, " <TASK>", NULL, 0 },
	{ 4, 1500011, " mount_root+0x12b/0x150", NULL, 0 },
	{ 0, 1500020, "---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---", NULL, 0 },
};

static const struct entry dracut_failure[] = {
	{ 5, 0, "Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@rockylinux.org) (gcc 11.4.1) #1 SMP", NULL, 0 },
	{ 6, 0, "Command line: BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0 root=/dev/mapper/rl-root ro", NULL, 0 },
	{ 6, 900000, "Unpacking initramfs...", NULL, 0 },
	{ 6, 1200000, "Run /init as init process", NULL, 0 },
	{ 5, 1300000, "sd 2:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)", NULL, 0 },
	{ 6, 1310000, " sda: sda1 sda2", NULL, 0 },
	{ 5, 1320000, "sd 2:0:0:0: [sda] Attached SCSI disk", NULL, 0 },
	{ 30, 1500000, "Running in initrd.", "systemd", 1 },
	{ 28, 182000000, "Warning: dracut-initqueue: timeout, still waiting for following initqueue hooks:",
	  "dracut-initqueue", 265 },
	{ 28, 182000010, "Warning: Could not boot.", "dracut-initqueue", 265 },
	{ 28, 182000020, "Warning: /dev/mapper/rl-root does not exist", "dracut-initqueue", 265 },
	{ 30, 182500000, "Starting Dracut Emergency Shell...", "systemd", 1 },
};

/* The boots are an hour apart. */
static unsigned wall_s(const struct entry *entry, unsigned boot)
{
	return boot * 3600 + entry->time_us / US_PER_S;
}

static void put_clock(struct buf *out, const struct entry *entry, unsigned boot)
{
	unsigned s = wall_s(entry, boot);
	buf_printf(out, "%02u:%02u:%02u", 12 + s / 3600, s / 60 % 60, s % 60);
}

static void put_time(struct buf *out, const struct entry *entry)
{
	buf_printf(out, "%5u.%06u", entry->time_us / US_PER_S, entry->time_us % US_PER_S);
}

static void put_words(struct buf *out, const struct entry *entry)
{
	if (entry->program)
		buf_printf(out, "%s[%u]: ", entry->program, entry->pid);
	buf_text(out, entry->text);
}

static void put_sender(struct buf *out, const struct entry *entry)
{
	buf_printf(out, "vm1 %s", entry->program ? "" : "kernel: ");
	put_words(out, entry);
}

static void put_quoted(struct buf *out, const char *text)
{
	buf_char(out, '"');
	for (; *text; text++)
		buf_printf(out, *text == '"' ? "\\%c" : "%c", *text);
	buf_char(out, '"');
}

static void put_decoded(struct buf *out, const struct entry *entry)
{
	static const char *const facilities[] = { "kern", "user", "mail", "daemon" };
	static const char *const levels[] = { "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug" };
	buf_printf(out, "%-6s:%-6s: ", facilities[entry->priority / 8], levels[entry->priority % 8]);
}

static void put_plain(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_printf(out, "<%u>[", entry->priority);
	put_time(out, entry);
	buf_text(out, "] ");
	put_words(out, entry);
}

static void put_ctime(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "[Sat Nov 21 ");
	put_clock(out, entry, boot);
	buf_text(out, " 2026] ");
	put_words(out, entry);
}

static void put_decoded_time(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	put_decoded(out, entry);
	buf_char(out, '[');
	put_time(out, entry);
	buf_text(out, "] ");
	put_words(out, entry);
}

static void put_decoded_ctime(struct buf *out, const struct entry *entry, unsigned boot)
{
	put_decoded(out, entry);
	put_ctime(out, entry, boot);
}

static void put_delta(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_char(out, '[');
	put_time(out, entry);
	buf_text(out, " <    0.000001>] ");
	put_words(out, entry);
}

static void put_reltime(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_text(out, entry->time_us ? "[  +0.000001] " : "[Nov21 12:00] ");
	put_words(out, entry);
}

static void put_comma(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "2026-11-21T");
	put_clock(out, entry, boot);
	buf_printf(out, ",%06u+00:00 ", entry->time_us % US_PER_S);
	put_words(out, entry);
}

static void put_dmesg_object(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_printf(out, "{\n         \"pri\": %u,\n         \"time\": ", entry->priority);
	put_time(out, entry);
	buf_text(out, ",\n         \"msg\": ");
	struct buf words = BUF_INIT(4096);
	put_words(&words, entry);
	buf_char(&words, '\0');
	put_quoted(out, words.ptr);
	buf_deinit(&words);
	buf_text(out, "\n      }");
}

static void put_short(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "Nov 21 ");
	put_clock(out, entry, boot);
	buf_char(out, ' ');
	put_sender(out, entry);
}

static void put_short_precise(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "Nov 21 ");
	put_clock(out, entry, boot);
	buf_printf(out, ".%06u ", entry->time_us % US_PER_S);
	put_sender(out, entry);
}

static void put_short_iso(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "2026-11-21T");
	put_clock(out, entry, boot);
	buf_text(out, "+0000 ");
	put_sender(out, entry);
}

static void put_iso_precise(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "2026-11-21T");
	put_clock(out, entry, boot);
	buf_printf(out, ".%06u+00:00 ", entry->time_us % US_PER_S);
	put_sender(out, entry);
}

static void put_full(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "Sat 2026-11-21 ");
	put_clock(out, entry, boot);
	buf_text(out, " UTC ");
	put_sender(out, entry);
}

static void put_unix(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_printf(out, "%u.%06u ", 1795262400 + wall_s(entry, boot), entry->time_us % US_PER_S);
	put_sender(out, entry);
}

static void put_monotonic(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_char(out, '[');
	put_time(out, entry);
	buf_text(out, "] ");
	put_sender(out, entry);
}

static void put_journal_object(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_printf(out, "{\"__REALTIME_TIMESTAMP\":\"%u%06u\",\"_BOOT_ID\":\"" BOOT_ID "%u\",\"PRIORITY\":\"%u\",",
		   1795262400 + wall_s(entry, boot), entry->time_us % US_PER_S, boot, entry->priority % 8);
	if (entry->program)
		buf_printf(out, "\"SYSLOG_IDENTIFIER\":\"%s\",\"_PID\":\"%u\",\"_TRANSPORT\":\"journal\",\"__MONOTONIC",
			   entry->program, entry->pid);
	else
		buf_text(out, "\"SYSLOG_IDENTIFIER\":\"kernel\",\"_TRANSPORT\":\"kernel\",\"_SOURCE_MONOTONIC");
	buf_printf(out, "_TIMESTAMP\":\"%u\",\"MESSAGE\":", entry->time_us);
	put_quoted(out, entry->text);
	buf_char(out, '}');
}

static void put_syslog(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_text(out, "Nov 21 ");
	put_clock(out, entry, boot);
	buf_printf(out, " vm1 %s[", entry->program ? "" : "kernel: ");
	out->len -= entry->program != NULL;
	if (!entry->program) {
		put_time(out, entry);
		buf_text(out, "] ");
	}
	put_words(out, entry);
}

static void put_5424(struct buf *out, const struct entry *entry, unsigned boot)
{
	buf_printf(out, "<%u>1 2026-11-21T", entry->priority);
	put_clock(out, entry, boot);
	if (entry->program)
		buf_printf(out, ".000000+00:00 vm1 %s %u - [meta a=\"]\\\"\"] %s", entry->program, entry->pid, entry->text);
	else
		buf_printf(out, ".000000+00:00 vm1 kernel - - - %s", entry->text);
}

static void put_kmsg(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_printf(out, "%u,17,%u,-,caller=T1;", entry->priority, entry->time_us);
	put_words(out, entry);
	buf_text(out, "\n SUBSYSTEM=pci");
}

static void put_netconsole(struct buf *out, const struct entry *entry, unsigned boot)
{
	(void)boot;
	buf_printf(out, "6.4.0-rc1,%u,17,%u,-;", entry->priority, entry->time_us);
	put_words(out, entry);
}

enum knowledge { KNOWS_TIME = 1, KNOWS_LEVEL = 2, KNOWS_SENDER = 4, KNOWS_BOOTS = 8, NO_PROGRAMS = 16 };

static const struct form {
	const char *name;
	void (*put)(struct buf *out, const struct entry *entry, unsigned boot);
	unsigned knows;
	const char *before, *between, *boot, *after;
} forms[] = {
	{ "plain", put_plain, KNOWS_TIME | KNOWS_LEVEL, "", "\n", "", "\n" },
	{ "dmesg -T", put_ctime, 0, "", "\n", "", "\n" },
	{ "dmesg -x", put_decoded_time, KNOWS_TIME | KNOWS_LEVEL, "", "\n", "", "\n" },
	{ "dmesg -xT", put_decoded_ctime, KNOWS_LEVEL, "", "\n", "", "\n" },
	{ "dmesg -d", put_delta, KNOWS_TIME, "", "\n", "", "\n" },
	{ "dmesg -e", put_reltime, 0, "", "\n", "", "\n" },
	{ "dmesg, iso", put_comma, 0, "", "\n", "", "\n" },
	{ "dmesg --json", put_dmesg_object, KNOWS_TIME | KNOWS_LEVEL, "{\n   \"dmesg\": [\n      ", ",", "", "\n   ]\n}\n" },
	{ "short", put_short, KNOWS_SENDER | KNOWS_BOOTS, "-- Logs begin at Sat 2026-11-21 12:00:00 UTC. --\n", "\n",
	  "-- Boot " BOOT_ID "1 --\n", "\n" },
	{ "short, systemd 219", put_short, KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "-- Reboot --\n", "\n" },
	{ "short-precise", put_short_precise, KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "-- Reboot --\n", "\n" },
	{ "short-iso", put_short_iso, KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "-- Reboot --\n", "\n" },
	{ "short-iso-precise", put_iso_precise, KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "-- Reboot --\n", "\n" },
	{ "short-full", put_full, KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "-- Reboot --\n", "\n" },
	{ "short-unix", put_unix, KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "-- Reboot --\n", "\n" },
	{ "short-monotonic", put_monotonic, KNOWS_TIME | KNOWS_SENDER, "", "\n", "", "\n" },
	{ "json", put_journal_object, KNOWS_TIME | KNOWS_LEVEL | KNOWS_SENDER | KNOWS_BOOTS, "", "\n", "", "\n" },
	{ "json-seq", put_journal_object, KNOWS_TIME | KNOWS_LEVEL | KNOWS_SENDER | KNOWS_BOOTS, "\x1e", "\n\x1e", "", "\n" },
	{ "json-sse", put_journal_object, KNOWS_TIME | KNOWS_LEVEL | KNOWS_SENDER | KNOWS_BOOTS, "data: ", "\n\ndata: ", "",
	  "\n\n" },
	{ "json in one array", put_journal_object, KNOWS_TIME | KNOWS_LEVEL | KNOWS_SENDER | KNOWS_BOOTS, "[", ",", "", "]\n" },
	{ "syslog", put_syslog, KNOWS_SENDER, "", "\n", "", "\n" },
	{ "RFC 5424", put_5424, KNOWS_LEVEL | KNOWS_SENDER, "", "\n", "", "\n" },
	{ "/dev/kmsg", put_kmsg, KNOWS_TIME | KNOWS_LEVEL, "", "\n", "", "\n" },
	{ "netconsole", put_netconsole, KNOWS_TIME | KNOWS_LEVEL, "", "\n", "", "\n" },
};

static void render(struct buf *out, const struct form *form, const struct entry *entries, size_t count, unsigned boot)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_text(out, form->between);
		form->put(out, &entries[i], boot);
	}
}

#endif
