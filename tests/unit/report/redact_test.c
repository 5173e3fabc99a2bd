#include "sample.h"

#include <stdio.h>

#include "report/redact.h"

#define UUID "611e2d9a-a3da-4ac7-9eb9-8d09cb151a93"

static void redact_with(struct redactor *redactor, const char *text, struct buf *out)
{
	*out = BUF_INIT(MIB);
	redact(redactor, slice_of(text), out);
	buf_char(out, '\0');
	assert_false(out->failed || redactor_failed(redactor));
}

static void expect_with(struct redactor *redactor, const char *text, const char *expected)
{
	struct buf out;
	redact_with(redactor, text, &out);
	if (strcmp(out.ptr, expected) != 0)
		fail_msg("\"%s\" became\n\"%s\", expected\n\"%s\"", text, out.ptr, expected);
	buf_deinit(&out);
}

static void expect(const char *text, const char *expected)
{
	struct redactor *redactor = redactor_new(NULL);
	expect_with(redactor, text, expected);
	redactor_free(redactor);
}

static void test_shapes(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "root=PARTUUID=" UUID " ro", "root=PARTUUID=<uuid-1> ro" },
		{ "'s|" UUID "\\([[:blank:]]\\)|" UUID "|'", "'s|<uuid-1>\\([[:blank:]]\\)|<uuid-1>|'" },
		{ "x" UUID "y", "x<uuid-1>y" },
		{ UUID "0123456789abcdef0123456789abcdef", "<uuid-1><uuid-2>" },
		{ "dev-disk-by\\x2duuid-611e2d9a\\x2da3da\\x2d4ac7\\x2d9eb9\\x2d8d09cb151a93.device",
		  "dev-disk-by\\x2duuid-<uuid-1>.device" },
		{ UUID " 611E2D9A-A3DA-4AC7-9EB9-8D09CB151A93", "<uuid-1> <uuid-1>" },
		{ UUID " 0" "11e2d9a-a3da-4ac7-9eb9-8d09cb151a93 " UUID, "<uuid-1> <uuid-2> <uuid-1>" },
		{ "PARTUUID=4e7d4f2c-01, 4e7d4f2c-05", "PARTUUID=<uuid-1>-01, <uuid-1>-05" },
		{ "root=UUID=AB12-34CD rw", "root=UUID=<uuid-1> rw" },
		{ "/dev/disk/by-uuid/01D2A3B4C5D6E7F8", "/dev/disk/by-uuid/<uuid-1>" },
		{ "56 4d 8f 1c 22 33 44 55-66 77 88 99 aa bb cc dd", "<uuid-1>" },
		{ "machine 0123456789abcdef0123456789abcdef", "machine <uuid-1>" },
		{ "eth0: 00:0c:29:ab:cd:ef, 00-0C-29-AB-CD-EF", "eth0: <mac-1>, <mac-1>" },
		{ "ip=10.20.30.40::10.20.30.1:255.255.255.0::eth0", "ip=<ip-1>::<ip-2>:255.255.255.0::eth0" },
		{ "nfs://10.20.30.40/srv", "nfs://<ip-1>/srv" },
		{ "fe80::20c:29ff:feab:cdef%ens192", "<ip-1>%ens192" },
		{ "[2001:db8:1:2:3:4:5:6]:443", "[<ip-1>]:443" },
		{ "fe80::1: link", "<ip-1>: link" },
		{ "/home/alice/vms/a.log", "/home/<user-1>/vms/a.log" },
		{ "C:\\Users\\Jane Doe\\VMs\\x", "C:\\Users\\<user-1>\\VMs\\x" },
		{ "/Users/jane/x and /home/jane", "/Users/<user-1>/x and /home/<user-1>" },
		{ "Linux version 6.1.0 (alice@devbox) (gcc)", "Linux version 6.1.0 (<user-1>) (gcc)" },
		{ "mail.example.com web.corp.local: up", "<host-1> <host-2>: up" },
		{ "/vmfs/volumes/5f3c1a2b-1234abcd-5678-0050569a1234/x", "/vmfs/volumes/<volume-1>/x" },
		{ "/vmfs/volumes/gold ssd/x", "/vmfs/volumes/<volume-1> ssd/x" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(rows[i][0], rows[i][1]);
}

/* Text that a report is full of and that names nobody. */
static void test_left_alone(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"2016-08-30T16:02:43.217-07:00| vcpu-0| I125: x",
		"pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700",
		"sd 2:0:0:0: [sda] 16777216 512-byte logical blocks",
		"VMware PVSCSI driver - version 1.0.7.0-k",
		"127.0.0.1 0.0.0.0 255.255.255.0 ::1",
		"103:00000   41943040 nvme0n1", "unknown-block(8,5): error -6",
		"kernel 6.1.112-2.ph5-esx", "initrd.img-6.1.0-56-amd64", "/etc/dracut.conf.d/vmware-storage.conf",
		"libc.so.6 grub.cfg rc.local /etc/rc.local i40e.ko", ":: running hook [udev]", "std::string a::b",
		"root=UUID= or root=PARTUUID=VALUE", "fingerprint root-device-missing-3fa9c2d1",
		"CR2: ffffffffc0a1b2c3 Code: 48 8b 05 11 22 33 44 55 48 8b 05 11 22 33 44 55 48",
		"/home/ and \\Users\\", "/home/<user-1>/x", "\\Users\\<user>\\x", "",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(rows[i], rows[i]);
}

static void test_learned_names(void **state)
{
	(void)state;
	struct redactor *redactor = redactor_new(NULL);
	redactor_learn(redactor, REDACT_VM, SLICE("db1"));
	redactor_learn(redactor, REDACT_VM, SLICE("Web Shop"));
	redactor_learn(redactor, REDACT_HOST, SLICE("guest"));
	redactor_learn(redactor, REDACT_HOST, SLICE("wiki-07"));
	redactor_learn(redactor, REDACT_HOST, SLICE("wiki-07.corp.local"));
	expect_with(redactor, "db1.vmdk db1_1.vmdk DB1 sdb1 db12", "<vm-1>.vmdk <vm-1>_1.vmdk <vm-1> sdb1 db12");
	expect_with(redactor, "web shop: the guest's kernel", "<vm-2>: the guest's kernel");
	expect_with(redactor, "vgwiki-07root wiki-07.corp.local", "vg<host-1>root <host-2>");
	struct buf counts = BUF_INIT(KIB);
	redactor_print_counts(redactor, &counts);
	assert_true(slice_is(buf_slice(&counts), "2 host names, 2 VM names"));
	buf_deinit(&counts);
	redactor_free(redactor);
}

static void test_boots_tell_names(void **state)
{
	(void)state;
	const struct kmsg_record records[] = {
		{ .text = SLICE("Command line: root=/dev/sda1 ip=10.1.1.2::10.1.1.1:255.255.255.0:pay-03:eth0:off") },
		{ .text = SLICE("systemd[1]: Hostname set to <ledger.corp.example>.") },
		{ .text = SLICE("kiosk5 login: ") },
	};
	const struct boot_setting settings[] = {
		{ SLICE("displayName"), SLICE("Payroll"), 1 },
		{ SLICE("scsi0:0.fileName"), SLICE("/vmfs/volumes/x/pay/payroll-os-000002.vmdk"), 2 },
	};
	struct boot boot = { .records = records, .record_count = 3, .settings = settings, .setting_count = 2 };
	struct redactor *redactor = redactor_new(NULL);
	redactor_learn_boot(redactor, &boot);
	expect_with(redactor, "payroll, pay-03, ledger, ledger.corp.example, kiosk5",
		    "<vm-1>, <host-1>, <host-2>, <host-3>, <host-4>");
	expect_with(redactor, "payroll-os-000001.vmdk", "<vm-2>-000001.vmdk");
	redactor_free(redactor);
}

static void test_paths_of_logs(void **state)
{
	(void)state;
	struct redactor *redactor = redactor_new(NULL);
	const struct report_source bare = { .path = SLICE("vmware.log") }, folder = { .path = SLICE("/srv/x/vmware.log") };
	redactor_learn_source(redactor, &bare);
	redactor_learn_source(redactor, &folder);
	expect_with(redactor, "vmware.log /srv/x/vmware.log /srv/x/vmware.log: broken", "vmware.log <log-1> <log-1>: broken");
	redactor_free(redactor);
}

/* ---- nothing secret in a whole report, wherever a line ends ---- */

static const char *const secrets[] = {
	UUID, "0a1b2c3d-1111-2222-3333-444455556666", "4e7d4f2c-02", "AB12-34CD", "10.20.30.40", "fe80::20c:29ff:feab:cdef",
	"00:0c:29:ab:cd:ef", "alice", "Jane Doe", "Payroll DB", "ledger.corp.local", "/srv/secret/box.log",
};

/* Some of the secrets in the surroundings that logs give them; `turn` shifts what stands where. */
static struct slice secret_text(char *text, size_t size, unsigned turn)
{
	size_t len = (size_t)snprintf(
		text, size, "%.*s root=PARTUUID=%s (%s/PARTNROFF=1) PARTUUID=%s UUID=%s ip=%s::%s mac %s /home/%s/x "
		"C:\\Users\\%s\\y Payroll DB.vmdk on ledger.corp.local, see /srv/secret/box.log",
		(int)(turn % 60), "............................................................", secrets[0], secrets[1],
		secrets[2], secrets[3], secrets[4], secrets[5], secrets[6], secrets[7], secrets[8]);
	return (struct slice){ text, len };
}

static void fill(struct sample *sample, struct slice text)
{
	sample->diagnosis.title = sample->diagnosis.why = sample->diagnosis.disproof = text;
	sample->diagnosis.root.wanted = sample->diagnosis.root.check = sample->diagnosis.incomplete_because = text;
	sample->diagnosis.is_complete = false;
	sample->candidates[0].path = sample->candidates[0].value = sample->reasons[0] = text;
	sample->devices[1].driver = sample->devices[2].partuuid = text;
	sample->rows[1].note = sample->chain[0].title = sample->warnings[0].title = text;
	sample->evidence[0].text = sample->evidence[1].text = text;
	sample->steps[0].text = sample->steps[0].commands[0] = text;
	sample->source.path = SLICE("/srv/secret/box.log");
	sample->source.vm_name = SLICE("Payroll DB");
	sample->source.vm_uuid = SLICE(UUID);
	sample->source.notes[0] = text;
	sample->source.note_count = 1;
	sample_fact(sample, FACT_PANIC_TEXT, text);
	sample_fact(sample, FACT_COMMAND_LINE, text);
	sample->facts.first_crash = (struct crash){
		.kind = text, .function = text, .place = text, .module = text, .title = text, .comm = text,
		.taint = text, .frames = { text }, .frame_count = 1, .is_fatal = true, .line = 1,
	};
}

/* What a reader would put together again: without line ends and the blanks around them. */
static struct slice join_lines(struct slice text, struct buf *out)
{
	*out = BUF_INIT(REPORT_BYTES);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '\n') {
			buf_char(out, text.ptr[i]);
			continue;
		}
		while (i + 1 < text.len && text.ptr[i + 1] == ' ')
			i++;
	}
	return buf_slice(out);
}

static void assert_no_secret(struct slice text, const char *what)
{
	struct buf joined;
	struct slice lines = join_lines(text, &joined);
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (slice_contains(text, slice_of(secrets[i])) || slice_contains(lines, slice_of(secrets[i])))
			fail_msg("%s holds %s", what, secrets[i]);
	buf_deinit(&joined);
}

static void report_redacted(const struct report_format *format, const struct sample *sample, unsigned width,
			    struct buf *out)
{
	struct report_output output = { out, sample_write };
	struct report_options options = { .width = width, .redact = true };
	const struct diagnosis *diagnosis = &sample->diagnosis;
	*out = BUF_INIT(REPORT_BYTES);
	struct report *report = format->open(&output, &options, NULL);
	assert_non_null(report);
	sample_put_source(format, report, &sample->source, &diagnosis, 1);
	assert_true(format->close(report, NULL));
}

static void test_no_secret_in_a_report(void **state)
{
	(void)state;
	char text[1024];
	struct buf out;
	for (unsigned turn = 0; turn < 61; turn++) {
		struct sample sample;
		sample_make(&sample);
		const struct boot_setting name = { SLICE("displayName"), SLICE("Payroll DB"), 1 };
		sample.boot.settings = &name;
		sample.boot.setting_count = 1;
		fill(&sample, secret_text(text, sizeof text, turn));
		report_redacted(&report_text, &sample, 40 + turn, &out);
		assert_no_secret(buf_slice(&out), "the text report");
		buf_deinit(&out);
	}
	struct sample sample;
	sample_make(&sample);
	fill(&sample, secret_text(text, sizeof text, 0));
	report_redacted(&report_json, &sample, 100, &out);
	assert_no_secret(buf_slice(&out), "the JSON report");
	assert_true(slice_contains(buf_slice(&out), SLICE("\"redacted\": true")));
	buf_deinit(&out);
}

static void test_answer_and_footer(void **state)
{
	(void)state;
	struct sample sample;
	struct buf out;
	sample_make(&sample);
	report_redacted(&report_text, &sample, 100, &out);
	struct slice text = buf_slice(&out);
	assert_true(slice_contains(text, SLICE("  Answer   root=PARTUUID=<uuid-1> /dev/sda1 (likely)\n")));
	assert_true(slice_contains(text, SLICE("\n         root=PARTUUID=<uuid-1>\n")));
	assert_true(slice_contains(text, SLICE("\nvmware.log: VM <vm-1>, 4120 lines")));
	assert_true(slice_ends(text, SLICE("\nredacted: 1 UUID, 1 VM name; put the values back before you use a command\n")));
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),        cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_learned_names), cmocka_unit_test(test_boots_tell_names),
		cmocka_unit_test(test_paths_of_logs), cmocka_unit_test(test_no_secret_in_a_report),
		cmocka_unit_test(test_answer_and_footer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
