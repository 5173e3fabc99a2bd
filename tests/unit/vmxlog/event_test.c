#include "../expect.h"

#include "vmxlog/event.h"

/* "name" of the event with "~" behind it when the line is torn, and the message without the rest
 * of the other one; "-" for chatter. */
static void write_event(struct buf *out, struct slice body)
{
	struct vmxlog_frame frame = { .family = VMXLOG_F2, .body = body };
	enum host_event_kind kind;
	struct slice text;
	bool is_torn;
	if (!event_recognise(&frame, &kind, &text, &is_torn)) {
		buf_text(out, "-");
		return;
	}
	buf_printf(out, "%s%s <%.*s>", host_event_name(kind), is_torn ? "~" : "", SLICE_ARG(text));
}

static void test_recognise(void **state)
{
	static const struct {
		const char *name, *body, *event;
	} rows[] = {
		{ "boot", "CPU reset: hard (mode HV)", "boot <CPU reset: hard (mode HV)>" },
		{ "reboot by INIT", "CPU reset: soft (mode 1)", "boot <CPU reset: soft (mode 1)>" },
		{ "without a mode", "CPU reset: hard", "boot <CPU reset: hard>" },
		{ "torn", "hread 7796 6608CPU reset: hard (mode 2)", "boot~ <CPU reset: hard (mode 2)>" },
		{ "torn, nothing of ours behind", "hread 5432 4112DISK: CLOSE scsi0:0", "-" },
		{ "torn, a disk", "hread 5432 4112DISK: OPEN scsi0:0 'a.vmdk'", "disk-opened~ <DISK: OPEN scsi0:0 'a.vmdk'>" },
		{ "torn, one number", "hread 5432DISK: OPEN scsi0:0", "-" },
		{ "triple fault", "Triple fault.", "triple-fault <Triple fault.>" },
		{ "reset by the guest", "Chipset: The guest has requested that the virtual machine be hard reset.",
		  "guest-reset <Chipset: The guest has requested that the virtual machine be hard reset.>" },
		{ "power-off by the guest", "Chipset: The guest has requested that the virtual machine be powered off.",
		  "guest-power-off <Chipset: The guest has requested that the virtual machine be powered off.>" },
		{ "reset by Tools", "Guest: Initiating reboot.", "guest-reset <Guest: Initiating reboot.>" },
		{ "reset by an operator", "VMXRequestReset", "operator-reset <VMXRequestReset>" },
		{ "power-off by an operator", "VMX: Issuing power-off request...", "operator-power-off <VMX: Issuing power-off request...>" },
		{ "halted", "MsgHint: msg.monitorevent.halt", "cpu-disabled <MsgHint: msg.monitorevent.halt>" },
		{ "throttled", "<<< Guest Log Throttled >>>", "throttled <<<< Guest Log Throttled >>>>" },
		{ "throttled, all", "<<< Log Throttled >>>", "throttled <<<< Log Throttled >>>>" },
		{ "resumed", "DUMPER: Restoring checkpoint version 8.", "resumed <DUMPER: Restoring checkpoint version 8.>" },
		{ "heartbeat", "Tools heartbeat timeout.", "heartbeat-lost <Tools heartbeat timeout.>" },
		{ "the host's process", "PANIC: User requested abort", "vmx-panic <PANIC: User requested abort>" },
		{ "the monitor", "MONITOR PANIC: vcpu-0:VMM64 fault 14", "vmx-panic <MONITOR PANIC: vcpu-0:VMM64 fault 14>" },
		{ "no system", "[msg.Backdoor.OsNotFound] No operating system was found.", "firmware-failed <[msg.Backdoor.OsNotFound] No operating system was found.>" },
		{ "a lock", "AIOGNRC: Failed to open 'a-flat.vmdk' : Failed to lock the file", "disk-error <AIOGNRC: Failed to open 'a-flat.vmdk' : Failed to lock the file>" },
		{ "the end", "VMX exit (0).", "powered-off <VMX exit (0).>" },
		{ "another system", "WinBSOD: Synthetic MSR[0x40000100] 0x80", "other-os-crash <WinBSOD: Synthetic MSR[0x40000100] 0x80>" },
		{ "inside the text", "Tools: CPU reset: hard", "-" },
		{ "other case", "cpu reset: hard", "-" },
		{ "a screenshot", "MKSScreenShotMgr: Taking a screenshot", "-" },
		{ "a blank first", " Triple fault.", "-" },
		{ "cut", "CPU reset:", "-" },
		{ "empty", "", "-" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf out = BUF_INIT(1024);
		write_event(&out, slice_of(rows[i].body));
		expect_text(rows[i].name, buf_slice(&out), rows[i].event);
		buf_deinit(&out);
	}
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < HOST_EVENT_COUNT; kind++)
		assert_non_null(host_event_name((enum host_event_kind)kind));
	assert_null(host_event_name(HOST_EVENT_COUNT));
}

/* The filter and the reader look at the same heads. */
static void test_heads_are_events(void **state)
{
	size_t count = 0;
	(void)state;
	for (; event_head(count).len; count++) {
		struct buf out = BUF_INIT(1024);
		write_event(&out, event_head(count));
		expect_true(event_head(count).ptr, out.len > 1);
		buf_deinit(&out);
	}
	assert_true(count > 30);
}

static void test_setting(void **state)
{
	static const struct {
		const char *name, *text, *key, *value;
	} rows[] = {
		{ "quoted", "guestOS = \"debian10-64\"", "guestOS", "debian10-64" },
		{ "right-aligned", "                  guestOS = \"other\"", "guestOS", "other" },
		{ "unquoted, blanks behind", "scsi0.virtualDev = lsilogic  ", "scsi0.virtualDev", "lsilogic" },
		{ "empty", "annotation = \"\"", "annotation", "" },
		{ "not printed", "encryption.data = \"<not printed>\"", "encryption.data", "" },
		{ "not printed, unquoted", "vnc.key = <not printed>", "vnc.key", "" },
		{ "a quote inside", "displayName = \"a\"b\"", "displayName", "a\"b" },
		{ "one quote", "displayName = \"", "displayName", "\"" },
		{ "equals in the value", "serial0.fileName = \"a = b\"", "serial0.fileName", "a = b" },
		{ "no blanks", "a=\"b\"", NULL, NULL },
		{ "no key", " = \"b\"", NULL, NULL },
		{ "no value", "a = ", "a", "" },
		{ "text", "--- CONFIGURATION", NULL, NULL },
		{ "nothing", "", NULL, NULL },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct vm_setting setting = { 0 };
		bool found = setting_parse(slice_of(rows[i].text), &setting);
		expect_true(rows[i].name, found == (rows[i].key != NULL));
		if (!found)
			continue;
		expect_text(rows[i].name, setting.key, rows[i].key);
		expect_text(rows[i].name, setting.value, rows[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recognise),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_heads_are_events),
		cmocka_unit_test(test_setting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
