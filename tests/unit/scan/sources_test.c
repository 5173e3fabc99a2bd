#include "../expect.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "scan/session.h"
#include "scan/sources.h"

#define HEADER(time, pid) "2026-02-21T" time "Z In(05) vmx - Log for VMware ESX pid=" pid " version=8.0.1\n"
#define HOST(time, text) "2026-02-21T" time "Z In(05) vcpu-0 - " text "\n"
#define BOOT(time) HOST(time, "CPU reset: hard (mode Emulation)")
#define VERSION(time) HOST(time, "Guest: <5>[    0.000000] Linux version 6.1.10-11.ph5 (root@photon)")
#define RECORD(time, second) HOST(time, "Guest: <6>[    " second ".000000] record " second)
#define PANIC(time) HOST(time, "Guest: <0>[    9.000000] Kernel panic - not syncing: Attempted to kill init!")

/* The folder of a VM, made anew for each test. */
struct vm_folder {
	char path[32];
	int fd;
};

static int setup(void **state)
{
	struct vm_folder *vm = calloc(1, sizeof(*vm));
	snprintf(vm->path, sizeof(vm->path), "/tmp/vmpanic-test.XXXXXX");
	if (!mkdtemp(vm->path))
		return -1;
	vm->fd = open(vm->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = vm;
	return 0;
}

static int teardown(void **state)
{
	struct vm_folder *vm = *state;
	DIR *directory = fdopendir(vm->fd);
	const struct dirent *entry;
	while ((entry = readdir(directory)))
		if (unlinkat(vm->fd, entry->d_name, 0) != 0)
			unlinkat(vm->fd, entry->d_name, AT_REMOVEDIR);
	closedir(directory);
	rmdir(vm->path);
	free(vm);
	return 0;
}

static void put(const struct vm_folder *vm, const char *name, struct slice text)
{
	int fd = openat(vm->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, text.ptr, text.len), text.len);
	close(fd);
}

/* What was read, a line for each source, boot and panic record:
 *
 *	FILE...|LABEL        of a source
 *	boot RECORDS LOSSES
 *	PLACE                of its last record
 *	note: ..., error: ... */
static void tell_boot(void *user, const struct boot *boot)
{
	struct buf *told = user;
	const struct kmsg_record *last = boot->record_count ? &boot->records[boot->record_count - 1] : NULL;
	buf_printf(told, "boot %zu records", boot->record_count);
	for (unsigned bit = 1; bit <= boot->losses; bit <<= 1)
		if (boot->losses & bit)
			buf_printf(told, " %s", boot_loss_name(bit));
	if (last) {
		buf_text(told, ", ");
		source_place_print(told, &boot->parts, last->line);
	}
	const struct boot_setting *adapter = boot_setting(boot, "scsi0.virtualDev");
	if (adapter)
		buf_printf(told, ", %.*s", SLICE_ARG(adapter->value));
	buf_char(told, '\n');
}

static void tell_source(struct buf *told, const struct vm_folder *vm, const struct source *what)
{
	struct session session;
	const struct boot_sink sink = { told, tell_boot, NULL };
	struct slice path = what->path;
	slice_eat(&path, slice_of(vm->path));
	buf_printf(told, "%.*s", SLICE_ARG(path));
	for (size_t i = 0; i < what->file_count; i++)
		buf_printf(told, "%s%.*s", i ? "+" : ":", SLICE_ARG(what->files[i]));
	buf_printf(told, "%s%.*s\n", what->label.len ? "|" : "", SLICE_ARG(what->label));
	session_init_source(&session, what);
	bool is_done = session_read(&session, &sink);
	for (size_t i = 0; i < session.source.note_count; i++)
		buf_printf(told, "note: %.*s\n", SLICE_ARG(session.source.notes[i]));
	if (!is_done)
		buf_printf(told, "error: %.*s\n", SLICE_ARG(session.source.error));
	if (!session.source.is_complete)
		buf_text(told, "incomplete\n");
	session_deinit(&session);
}

static void expect_told(const char *row, const struct vm_folder *vm, const char *operand, bool all_runs,
			const char *expected)
{
	struct sources sources;
	struct error err;
	struct buf told = BUF_INIT(64 * KIB);
	assert_true(sources_find(&sources, operand, all_runs, &err));
	for (size_t i = 0; i < sources.count; i++)
		tell_source(&told, vm, &sources.items[i]);
	sources_close(&sources);
	expect_text(row, buf_slice(&told), expected);
	buf_deinit(&told);
}

static void test_no_log(void **state)
{
	const struct vm_folder *vm = *state;
	const char *error = "\nerror: holds no vmware.log: give the folder of a VM, or a log\nincomplete\n";
	expect_told("empty", vm, vm->path, false, error);
	put(vm, "other.log", SLICE(HEADER("01:00:00", "1")));
	put(vm, "vmware-x.log", SLICE(HEADER("01:00:00", "1")));
	put(vm, "vmware-1.log.old", SLICE(HEADER("01:00:00", "1")));
	assert_int_equal(mkdirat(vm->fd, "vmware.log", 0700), 0);
	expect_told("no name of a log", vm, vm->path, false, error);
}

static void test_plain(void **state)
{
	const struct vm_folder *vm = *state;
	char path[64];
	snprintf(path, sizeof(path), "%s/vmware.log", vm->path);
	put(vm, "vmware.log", SLICE(HEADER("01:00:00", "1") BOOT("01:00:01") VERSION("01:00:02") PANIC("01:00:02")));
	expect_told("a log by its name", vm, path, false, "/vmware.log\nboot 2 records, line 4\n");
	expect_told("a folder with one log", vm, vm->path, false, ":vmware.log\nboot 2 records, vmware.log line 4\n");
}

/* One dump, cut between any two lines, over files in the order of either product. */
static void test_split_dump(void **state)
{
	static const char *const lines[] = {
		HEADER("01:00:00.000", "1"), BOOT("01:00:01.000"), VERSION("01:00:02.000"), RECORD("01:00:02.001", "1"),
		RECORD("01:00:02.002", "2"), RECORD("01:00:02.003", "3"), PANIC("01:00:02.004"),
	};
	const struct vm_folder *vm = *state;
	for (size_t cut = 1; cut < ROWS(lines); cut++) {
		char expected[160];
		struct buf parts[2] = { BUF_INIT(4096), BUF_INIT(4096) };
		for (size_t i = 0; i < ROWS(lines); i++)
			buf_text(&parts[i >= cut], lines[i]);
		put(vm, "vmware-7.log", buf_slice(&parts[0]));
		put(vm, "vmware.log", buf_slice(&parts[1]));
		buf_deinit(&parts[0]);
		buf_deinit(&parts[1]);
		snprintf(expected, sizeof(expected),
			 ":vmware-7.log+vmware.log\nboot 5 records, vmware.log line %zu\n"
			 "note: read vmware-7.log to vmware.log, 2 logs of one run\n",
			 ROWS(lines) - cut);
		expect_told("split", vm, vm->path, false, expected);
	}
}

/* The file before ends inside a line, as when the host's disk was full. */
static void test_torn_part(void **state)
{
	const struct vm_folder *vm = *state;
	put(vm, "vmware-0.log", SLICE(HEADER("01:00:00", "1") BOOT("01:00:01") VERSION("01:00:02") "2026-02-21T01"));
	put(vm, "vmware.log", SLICE(RECORD("01:00:03", "3") PANIC("01:00:03")));
	expect_told("torn", vm, vm->path, false,
		    ":vmware-0.log+vmware.log\nboot 4 records, vmware.log line 2\n"
		    "note: read vmware-0.log to vmware.log, 2 logs of one run\nincomplete\n");
}

static void put_runs(const struct vm_folder *vm, const char *oldest, const char *middle, const char *newer)
{
	put(vm, oldest, SLICE(HEADER("01:00:00", "1") BOOT("01:00:01") VERSION("01:00:02") PANIC("01:00:02")));
	put(vm, middle, SLICE(HEADER("02:00:00", "2") BOOT("02:00:01") VERSION("02:00:02")));
	put(vm, newer, SLICE(RECORD("02:00:02", "1")));
	put(vm, "vmware.log", SLICE(PANIC("02:00:02")));
}

static void test_runs(void **state)
{
	const struct vm_folder *vm = *state;
	put_runs(vm, "vmware-1.log", "vmware-2.log", "vmware-3.log");
	expect_told("the newest of ESXi's", vm, vm->path, false,
		    ":vmware-2.log+vmware-3.log+vmware.log\nboot 3 records, vmware.log line 1\n"
		    "note: 1 older run is in this folder; --all-runs reads it\n"
		    "note: read vmware-2.log to vmware.log, 3 logs of one run\n");
	expect_told("all", vm, vm->path, true,
		    ":vmware-1.log|vmware-1.log\nboot 2 records, vmware-1.log line 4\n"
		    ":vmware-2.log+vmware-3.log+vmware.log|vmware-2.log to vmware.log\n"
		    "boot 3 records, vmware.log line 1\n"
		    "note: read vmware-2.log to vmware.log, 3 logs of one run\n");
	put_runs(vm, "vmware-3.log", "vmware-2.log", "vmware-1.log");
	expect_told("hosted numbers", vm, vm->path, false,
		    ":vmware-2.log+vmware-1.log+vmware.log\nboot 3 records, vmware.log line 1\n"
		    "note: 1 older run is in this folder; --all-runs reads it\n"
		    "note: read vmware-2.log to vmware.log, 3 logs of one run\n");
}

/* The log with the run's beginning is gone. */
static void test_no_header(void **state)
{
	const struct vm_folder *vm = *state;
	put(vm, "vmware-8.log", SLICE(RECORD("02:00:02", "1")));
	put(vm, "vmware.log", SLICE(PANIC("02:00:02")));
	expect_told("rotated away", vm, vm->path, false,
		    ":vmware-8.log+vmware.log\nboot 2 records late-start, vmware.log line 1\n"
		    "note: read vmware-8.log to vmware.log, 2 logs of one run\n");
}

static void test_left_out(void **state)
{
	const struct vm_folder *vm = *state;
	put(vm, "elsewhere", SLICE(HEADER("09:00:00", "9")));
	put(vm, "vmware.log", SLICE(HEADER("01:00:00", "1") BOOT("01:00:01") VERSION("01:00:02") PANIC("01:00:02")));
	put(vm, "vmware-0.log", SLICE(""));
	put(vm, "vmware-2.log", SLICE("#EXTM3U\n#EXTINF:-1,News\nhttp://example.org/news\n"));
	assert_int_equal(symlinkat("elsewhere", vm->fd, "vmware-3.log"), 0);
	assert_int_equal(mkfifoat(vm->fd, "vmware-4.log", 0600), 0);
	expect_told("what is no log", vm, vm->path, false,
		    ":vmware.log\nboot 2 records, vmware.log line 4\nnote: vmware-0.log is empty\n"
		    "note: vmware-2.log is not a vmware.log: left out\n");
}

static void test_settings(void **state)
{
	const struct vm_folder *vm = *state;
	char path[64];
	snprintf(path, sizeof(path), "%s/web.vmx", vm->path);
	put(vm, "web.vmx", SLICE(".encoding = \"UTF-8\"\r\nscsi0.virtualDev = \"pvscsi\"\r\n"));
	put(vm, "vmware.log", SLICE(BOOT("01:00:01") VERSION("01:00:02") PANIC("01:00:02")));
	const char *from_vmx = ":vmware.log\nboot 2 records, vmware.log line 3, pvscsi\n";
	expect_told("the only one", vm, vm->path, false, from_vmx);
	expect_told("named", vm, path, false, from_vmx);
	put(vm, "old.vmx", SLICE("scsi0.virtualDev = \"lsilogic\"\n"));
	expect_told("named, of two", vm, path, false, from_vmx);
	expect_told("two", vm, vm->path, false,
		    ":vmware.log\nboot 2 records, vmware.log line 3\n"
		    "note: 2 .vmx files are in this folder: to have the VM's settings read, name one of them\n");
	put(vm, "vmware.log", SLICE(HEADER("01:00:00", "1") HOST("01:00:00", "DICT --- CONFIGURATION")
	    HOST("01:00:00", "DICT scsi0.virtualDev = \"lsisas1068\"") BOOT("01:00:01") VERSION("01:00:02")
	    PANIC("01:00:02")));
	expect_told("the log's own come first", vm, path, false,
		    ":vmware.log\nboot 2 records, vmware.log line 6, lsisas1068\n");
}

#define CONSOLE "[    0.000000] Linux version 6.1.10\n[    9.000000] Kernel panic - not syncing: no init\n"
#define PORT(name) "serial0.present = \"TRUE\"\nserial0.fileType = \"file\"\nserial0.fileName = \"" name "\"\n"

#define FROM_PORT "/serial.log:serial.log|serial port 0\nboot 2 records, line 2\n"

static void test_serial(void **state)
{
	static const struct {
		const char *name, *vmx, *console, *told;
	} rows[] = {
		{ "a name", PORT("serial.log"), CONSOLE, FROM_PORT },
		{ "a path of ESXi", PORT("/vmfs/volumes/ds/web/serial.log"), CONSOLE, FROM_PORT },
		{ "a path of vSphere", PORT("[datastore 1] serial.log"), CONSOLE, FROM_PORT },
		{ "a path of Windows", PORT("C:\\VMs\\web\\serial.log"), CONSOLE, FROM_PORT },
		{ "a printer", "serial0.present = \"TRUE\"\nserial0.fileType = \"thinprint\"\n", CONSOLE, "" },
		{ "absent", PORT("other.log"), CONSOLE,
		  "note: the log of serial port 0, other.log, is not in this folder\n" },
		{ "empty", PORT("serial.log"), "", "note: the log of serial port 0, serial.log, is empty\n" },
		{ "something else", PORT("serial.log"), "PK\n",
		  "note: the log of serial port 0, serial.log, holds no kernel text\n" },
	};
	const struct vm_folder *vm = *state;
	put(vm, "vmware.log", SLICE(HEADER("01:00:00", "1") BOOT("01:00:01")));
	for (size_t i = 0; i < ROWS(rows); i++) {
		char expected[256];
		put(vm, "web.vmx", slice_of(rows[i].vmx));
		put(vm, "serial.log", slice_of(rows[i].console));
		snprintf(expected, sizeof(expected), ":vmware.log\nboot 0 records\n%s", rows[i].told);
		expect_told(rows[i].name, vm, vm->path, false, expected);
	}
}

/* A link out of the folder is not followed, whoever wrote the .vmx. */
static void test_serial_link(void **state)
{
	const struct vm_folder *vm = *state;
	put(vm, "vmware.log", SLICE(HEADER("01:00:00", "1") BOOT("01:00:01")));
	put(vm, "console", SLICE(CONSOLE));
	put(vm, "web.vmx", SLICE(PORT("serial.log")));
	assert_int_equal(symlinkat("console", vm->fd, "serial.log"), 0);
	expect_told("link", vm, vm->path, false,
		    ":vmware.log\nboot 0 records\nnote: the log of serial port 0, serial.log, is not in this folder\n");
}

/* Only the console is there. */
static void test_serial_alone(void **state)
{
	const struct vm_folder *vm = *state;
	put(vm, "web.vmx", SLICE(PORT("serial.log") "scsi0.virtualDev = \"pvscsi\"\n"));
	put(vm, "serial.log", SLICE(CONSOLE));
	expect_told("alone", vm, vm->path, false,
		    "/serial.log:serial.log|serial port 0\nboot 2 records, line 2, pvscsi\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_no_log),    TEST(test_plain),    TEST(test_split_dump), TEST(test_torn_part),
		TEST(test_runs),      TEST(test_no_header), TEST(test_left_out),  TEST(test_settings),
		TEST(test_serial),    TEST(test_serial_link), TEST(test_serial_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
