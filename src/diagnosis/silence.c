#include "diagnosis/silence.h"

#include "base/buf.h"
#include "base/limits.h"

/* What the reason leaves to be said. */
enum remedy {
	REMEDY_NONE, /* the reason says it all */
	REMEDY_TEXT, /* how to get the text */
};

static bool setting_is(const struct boot *boot, const char *key, const char *value)
{
	const struct boot_setting *setting = boot_setting(boot, key);
	return setting && slice_equal_nocase(setting->value, slice_of(value));
}

static bool is_log_disabled(const struct facts *facts, const struct boot *boot)
{
	return facts_is(facts, FACT_VM_GUEST_LOG_DISABLED, "yes") ||
	       setting_is(boot, "isolation.tools.log.disable", "TRUE");
}

/* The guestOS words of systems that are not Linux. */
static bool is_other_guest(struct slice guest)
{
	static const char *const others[] = { "win", "darwin", "solaris", "freebsd", "netware", "nw", "vmkernel", "dos",
					      "os2", "openserver", "unixware", "eComStation", NULL };
	for (size_t i = 0; others[i]; i++) {
		struct slice other = slice_of(others[i]);
		if (slice_equal_nocase(slice_take(guest, other.len), other))
			return true;
	}
	return false;
}

static struct slice guest_os(const struct facts *facts, const struct boot *boot)
{
	struct slice guest = facts_text(facts, FACT_VM_GUEST_OS);
	const struct boot_setting *setting = guest.len ? NULL : boot_setting(boot, "guestOS");
	return setting ? setting->value : guest;
}

static void say_event(struct buf *out, const struct boot *boot, const struct host_event *event, const char *what,
		      const char *so)
{
	buf_printf(out, "%s (", what);
	source_place_print(out, &boot->parts, event->line);
	buf_printf(out, ")%s", so);
}

/* Reasons that end the matter: there was no Linux kernel to hear. */
static bool say_no_kernel(struct buf *out, const struct facts *facts, const struct boot *boot)
{
	struct slice guest = guest_os(facts, boot);
	const struct host_event *event = boot_event(boot, HOST_OTHER_OS_CRASH);
	if (event)
		say_event(out, boot, event, "The log tells of a crash of another operating system than Linux",
			  "; vmpanic judges Linux kernels.");
	else if (is_other_guest(guest))
		buf_printf(out, "The VM's guestOS is \"%.*s\", not a Linux; vmpanic judges Linux kernels. If that "
			   "setting is wrong, correct it.",
			   SLICE_ARG(slice_take(guest, 64)));
	else if ((event = boot_event(boot, HOST_FIRMWARE_FAILED)))
		say_event(out, boot, event, "The firmware found nothing to boot or failed itself",
			  ", so no kernel ran. Look at the VM's boot order, at the disk it should boot from, and at "
			  "its firmware setting: a guest installed under EFI does not boot under BIOS.");
	else
		return false;
	return true;
}

/* The first error that names its cause; the lines before it only ask or retry. */
static const struct host_event *disk_error(const struct boot *boot)
{
	for (size_t i = 0; i < boot->event_count; i++)
		if (boot->events[i].kind == HOST_DISK_ERROR && slice_contains(boot->events[i].text, SLICE("diskfull")))
			return &boot->events[i];
	return boot_event(boot, HOST_DISK_ERROR);
}

/* The host failed, not the guest: then it is not the guest's text that is wanting. */
static bool say_host_failed(struct buf *out, const struct boot *boot)
{
	const struct host_event *process = boot_event(boot, HOST_VMX_PANIC), *disk = disk_error(boot);
	if (!process)
		return false;
	if (disk && slice_contains(disk->text, SLICE("diskfull")))
		say_event(out, boot, disk, "The host could not write the VM's disk for want of space", "; ");
	else if (disk)
		say_event(out, boot, disk, "The host met an error of the VM's disk", "; ");
	say_event(out, boot, process, disk ? "then its own process for the VM failed" :
		  "The host's own process for the VM failed", ", and the guest with it. ");
	buf_text(out, disk ? "Mend the host's storage first (free space, the path, the .vmdk), then power the VM on."
			   : "Keep its core file (vmx-zdump) and update the host, then power the VM on.");
	return true;
}

static enum remedy say_transport(struct buf *out, const struct facts *facts, const struct boot *boot)
{
	if (is_log_disabled(facts, boot)) {
		buf_text(out, "The VM's settings hold `isolation.tools.log.disable = \"TRUE\"`, so no guest text can "
			      "reach vmware.log. Power the VM off and take that line out of the .vmx.");
		return REMEDY_NONE;
	}
	if (setting_is(boot, "logging", "FALSE"))
		buf_text(out, "The VM's settings hold `logging = \"FALSE\"`: take that line out of the .vmx.");
	else if (boot->losses & LOSS_THROTTLED)
		buf_text(out, "The host threw guest text away, because too much of it came at once: set "
			      "`log.guestThrottleBytesPerSec = \"0\"` in the .vmx.");
	else
		return REMEDY_TEXT;
	buf_char(out, ' ');
	return REMEDY_TEXT;
}

static void say_reason(struct buf *out, const struct boot *boot)
{
	if (boot_event(boot, HOST_RESUMED))
		buf_text(out, "The VM was resumed, not booted: its boot is in an older log (vmware-0.log; on ESXi "
			      "the vmware-N.log with the highest number), and a kernel that has not failed since "
			      "sends nothing.");
	else if (boot_event(boot, HOST_TRIPLE_FAULT))
		buf_text(out, "The guest died in a triple fault, which leaves a kernel no chance to write.");
	else if (boot_event(boot, HOST_GUEST_RESET))
		buf_text(out, "The guest reset itself and its kernel said nothing: either it was an ordinary reboot, "
			      "or its kernel does not send its log to the host (Photon's does), or kdump took the "
			      "crash first.");
	else if (boot->has_tools_text)
		buf_text(out, "The guest's user space came up and its kernel sent no text: it has not failed, or it "
			      "does not send its log to the host (Photon's does), or kdump took the crash first.");
	else
		buf_text(out, "No kernel text came from this boot: the kernel has not failed, or it does not send "
			      "its log to the host (Photon's does), or it never started.");
	buf_char(out, ' ');
}

/* A serial port to a file that the VM has already. */
static struct slice serial_file(const struct boot *boot)
{
	const struct boot_setting *name = boot_setting(boot, "serial0.fileName");
	bool is_used = setting_is(boot, "serial0.present", "TRUE") && setting_is(boot, "serial0.fileType",
		"file") && name;
	return is_used ? slice_take(name->value, 128) : SLICE("");
}

static void say_remedy(struct buf *out, const struct boot *boot)
{
	struct slice file = serial_file(boot);
	if (file.len)
		buf_printf(out, "The VM's serial port writes to \"%.*s\": give that file to vmpanic, after a boot with "
				"`console=tty0 console=ttyS0,115200` on the kernel command line. ", SLICE_ARG(file));
	else
		buf_text(out, "To have the text next time, power the VM off, add to its .vmx `serial0.present = "
			      "\"TRUE\"`, `serial0.fileType = \"file\"`, `serial0.fileName = \"serial0.log\"`, "
			      "`serial0.startConnected = \"TRUE\"`, `serial0.tryNoRxLoss = \"FALSE\"`, add "
			      "`console=tty0 console=ttyS0,115200` to the kernel command line, and give serial0.log "
			      "to vmpanic. ");
	buf_text(out, "If the VM hangs now, take a snapshot with its memory before the reset: it holds the kernel's "
		 "log. ");
	buf_text(out, "With kdump in a Photon guest, `crash_kexec_post_notifiers` on the kernel command line sends "
		 "the text before kdump starts.");
}

struct slice silence_explain(const struct facts *facts, const struct boot *boot, struct arena *arena)
{
	struct buf out = BUF_INIT(REPORT_BYTES);
	if (!say_no_kernel(&out, facts, boot) && !say_host_failed(&out, boot) &&
	    say_transport(&out, facts, boot) == REMEDY_TEXT) {
		if (!out.len)
			say_reason(&out, boot);
		say_remedy(&out, boot);
	}
	arena->failed |= out.failed;
	struct slice text = out.failed ? SLICE("") : arena_copy(arena, slice_trim(buf_slice(&out)));
	buf_deinit(&out);
	return text;
}
