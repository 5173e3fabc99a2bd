#include "report/report.h"

#include "report/words.h"

const struct report_format *report_format_find(struct slice name)
{
	static const struct report_format *const formats[] = { &report_text, &report_json };
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
