#include "vmxlog/event.h"

struct event_prefix {
	struct slice prefix;
	enum host_event_kind kind;
};

#define EVENT(literal, kind) { { literal, sizeof(literal) - 1 }, kind }

/* Verbatim heads of messages, seen in logs of Workstation and Player 6.5 - 17.6 and in VMware's
 * knowledge base (432359, 427504, 318711, 332520, 2149941). */
static const struct event_prefix host_prefixes[] = {
	EVENT("CPU reset: ", HOST_BOOT),
	EVENT("Triple fault.", HOST_TRIPLE_FAULT),
	EVENT("Chipset: The guest has requested that the virtual machine be hard reset", HOST_GUEST_RESET),
	EVENT("Chipset: The guest has requested that the virtual machine be powered off", HOST_GUEST_POWER_OFF),
	EVENT("TOOLS soft reset detected", HOST_GUEST_RESET),
	EVENT("VMXVmdbCbVmVmxExecState: Exec state change requested to state poweredOff with reset", HOST_OPERATOR_RESET),
	EVENT("VMXVmdbCbVmVmxExecState: Exec state change requested to state poweredOff without", HOST_OPERATOR_POWER_OFF),
	EVENT("VMXRequestReset", HOST_OPERATOR_RESET),
	EVENT("VM reset requested", HOST_OPERATOR_RESET),
	EVENT("VMAutomation_Reset", HOST_OPERATOR_RESET),
	EVENT("VMX: Issuing power-off request", HOST_OPERATOR_POWER_OFF),
	EVENT("VMAutomation_InitiatePowerOff", HOST_OPERATOR_POWER_OFF),
	EVENT("Trying hard powerOff", HOST_OPERATOR_POWER_OFF),
	EVENT("MsgHint: msg.monitorevent.halt", HOST_CPU_DISABLED),
	EVENT("Tools: Tools heartbeat timeout", HOST_HEARTBEAT_LOST),
	EVENT("Tools heartbeat timeout", HOST_HEARTBEAT_LOST),
	EVENT("<<< Guest Log Throttled >>>", HOST_THROTTLED),
	EVENT("<<< Log Throttled >>>", HOST_THROTTLED),
	EVENT("DUMPER: Restoring checkpoint", HOST_RESUMED),
	EVENT("CPT: Restoring checkpoint", HOST_RESUMED),
	EVENT("SUSPEND: Start", HOST_SUSPENDED),
	EVENT("PANIC: ", HOST_VMX_PANIC),
	EVENT("MONITOR PANIC: ", HOST_VMX_PANIC),
	EVENT("[msg.log.error.unrecoverable]", HOST_VMX_PANIC),
	EVENT("[msg.efi.exception]", HOST_FIRMWARE_FAILED),
	EVENT("[msg.Backdoor.OsNotFound]", HOST_FIRMWARE_FAILED),
	EVENT("DISK: OPEN ", HOST_DISK_OPENED),
	EVENT("AIOGNRC: Failed to open", HOST_DISK_ERROR),
	EVENT("[msg.vmxaiomgr.", HOST_DISK_ERROR),
	EVENT("[msg.disk.", HOST_DISK_ERROR),
	EVENT("[msg.hbacommon.", HOST_DISK_ERROR),
	EVENT("VMX exit (", HOST_POWERED_OFF),
	EVENT("WinBSOD: ", HOST_OTHER_OS_CRASH),
	EVENT("DarwinPanic: ", HOST_OTHER_OS_CRASH),
};

/* Of messages that the guest's side writes: nearly all of them are the text of a guest, line by line. */
static const struct event_prefix guest_prefixes[] = {
	EVENT("Guest: Initiating reboot.", HOST_GUEST_RESET),
	EVENT("Guest: Initiating halt.", HOST_GUEST_POWER_OFF),
	EVENT("Guest: Status upon boot failure", HOST_FIRMWARE_FAILED),
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const char *const host_event_names[] = {
	[HOST_BOOT] = "boot",
	[HOST_TRIPLE_FAULT] = "triple-fault",
	[HOST_GUEST_RESET] = "guest-reset",
	[HOST_GUEST_POWER_OFF] = "guest-power-off",
	[HOST_OPERATOR_RESET] = "operator-reset",
	[HOST_OPERATOR_POWER_OFF] = "operator-power-off",
	[HOST_CPU_DISABLED] = "cpu-disabled",
	[HOST_HEARTBEAT_LOST] = "heartbeat-lost",
	[HOST_THROTTLED] = "throttled",
	[HOST_RESUMED] = "resumed",
	[HOST_SUSPENDED] = "suspended",
	[HOST_VMX_PANIC] = "vmx-panic",
	[HOST_FIRMWARE_FAILED] = "firmware-failed",
	[HOST_DISK_OPENED] = "disk-opened",
	[HOST_DISK_ERROR] = "disk-error",
	[HOST_POWERED_OFF] = "powered-off",
	[HOST_OTHER_OS_CRASH] = "other-os-crash",
	[HOST_EVENT_COUNT] = NULL,
};

struct slice event_head(size_t index)
{
	if (index < COUNT(host_prefixes))
		return host_prefixes[index].prefix;
	index -= COUNT(host_prefixes);
	return index < COUNT(guest_prefixes) ? guest_prefixes[index].prefix : SLICE("");
}

const char *host_event_name(enum host_event_kind kind)
{
	return (unsigned)kind < HOST_EVENT_COUNT ? host_event_names[kind] : NULL;
}

/* First bytes of the prefixes above: most lines are done with after one look. */
static bool may_be_event(char first)
{
	return memchr("CTGVM<DSP[AW", first, 12) != NULL;
}

/* The writer of Workstation 8 - 12 glued "[VT]hread N M" in front of other messages. */
static bool strip_torn(struct slice *body)
{
	struct slice rest = *body;
	uint64_t number;
	if (!slice_eat(&rest, SLICE("hread ")) || !slice_eat_decimal(&rest, &number) || !slice_eat(&rest, SLICE(" ")) ||
	    !slice_eat_decimal(&rest, &number))
		return false;
	*body = rest;
	return true;
}

bool event_recognise(const struct vmxlog_frame *frame, enum host_event_kind *ret_kind, struct slice *ret_body,
		     bool *ret_is_torn)
{
	struct slice body = frame->body;
	*ret_is_torn = body.len && body.ptr[0] == 'h' && strip_torn(&body);
	if (!body.len || !may_be_event(body.ptr[0]))
		return false;
	bool is_guest = body.ptr[0] == 'G';
	const struct event_prefix *prefixes = is_guest ? guest_prefixes : host_prefixes;
	size_t count = is_guest ? COUNT(guest_prefixes) : COUNT(host_prefixes);
	for (size_t i = 0; i < count; i++) {
		if (!slice_starts(body, prefixes[i].prefix))
			continue;
		*ret_kind = prefixes[i].kind;
		*ret_body = body;
		return true;
	}
	return false;
}

/* The first `=` between blanks. */
static size_t find_equals(struct slice text)
{
	size_t at = slice_find_char(text, '=');
	while (at != SLICE_NOT_FOUND && !slice_starts(slice_skip(text, at ? at - 1 : at), SLICE(" = "))) {
		size_t next = slice_find_char(slice_skip(text, at + 1), '=');
		at = next == SLICE_NOT_FOUND ? next : at + 1 + next;
	}
	return at;
}

bool setting_parse(struct slice text, struct vm_setting *ret)
{
	size_t equals = find_equals(text);
	if (equals == SLICE_NOT_FOUND)
		return false;
	struct slice key = slice_trim(slice_take(text, equals));
	struct slice value = slice_trim(slice_skip(text, equals + 1));
	if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
		value = slice_take(slice_skip(value, 1), value.len - 2);
	if (slice_is(value, "<not printed>"))
		value = SLICE("");
	*ret = (struct vm_setting){ .key = key, .value = value };
	return key.len > 0;
}
