#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"
#include "report/words.h"

const struct report_format *report_format_find(struct slice name)
{
	static const struct report_format *const formats[] = { &report_text, &report_json, &report_ndjson };
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (slice_is(name, formats[i]->name))
			return formats[i];
	return NULL;
}

const char *log_format_name(enum log_format format)
{
	switch (format) {
	case LOG_VMWARE:
		return "vmware-log";
	case LOG_KERNEL:
		return "kernel-log";
	case LOG_EMPTY:
	case LOG_UNKNOWN:
		break;
	}
	return NULL;
}

const char *device_role_name(enum device_role role)
{
	static const char *const names[] = {
		[ROLE_SWAP] = "swap", [ROLE_EXTENDED] = "extended", [ROLE_LVM] = "lvm",
		[ROLE_MD] = "md", [ROLE_FILESYSTEM] = "file-system",
	};
	return (size_t)role < sizeof(names) / sizeof(*names) ? names[role] : NULL;
}

const struct crash *diagnosis_crash(const struct diagnosis *diagnosis)
{
	const struct facts *facts = diagnosis->facts;
	if (facts->fatal_crash.kind.len)
		return &facts->fatal_crash;
	return facts->first_crash.kind.len ? &facts->first_crash : NULL;
}

/* scripts/faddr2line of the kernel's tree reads "FILE FUNC+OFFSET/SIZE". */
bool crash_decode_command(const struct crash *crash, struct buf *out)
{
	if (!escape_shell_is_plain(crash->place) || (crash->module.len && !escape_shell_is_plain(crash->module)))
		return false;
	buf_text(out, "scripts/faddr2line ");
	if (crash->module.len) {
		buf_append(out, crash->module);
		buf_text(out, ".ko ");
	} else {
		buf_text(out, "vmlinux ");
	}
	buf_append(out, crash->place);
	return true;
}

struct size_unit {
	uint64_t kib;
	const char *name;
};

void size_print(char *out, size_t size, uint64_t kib)
{
	static const struct size_unit units[] = {
		{ 1, "KiB" }, { UINT64_C(1) << 10, "MiB" }, { UINT64_C(1) << 20, "GiB" }, { UINT64_C(1) << 30, "TiB" },
	};
	size_t i = sizeof(units) / sizeof(*units) - 1;
	while (i && kib < units[i].kib)
		i--;
	uint64_t unit = units[i].kib, whole = kib / unit, tenths = (kib % unit * 10 + unit / 2) / unit;
	if (tenths == 10)
		whole++, tenths = 0;
	if (!kib)
		snprintf(out, size, "%s", "");
	else if (tenths)
		snprintf(out, size, "%" PRIu64 ".%" PRIu64 " %s", whole, tenths, units[i].name);
	else
		snprintf(out, size, "%" PRIu64 " %s", whole, units[i].name);
}
