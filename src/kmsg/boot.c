#include "kmsg/boot.h"

const struct boot_setting *boot_setting(const struct boot *boot, const char *key)
{
	struct slice wanted = slice_of(key);
	for (size_t i = boot->setting_count; i-- > 0;)
		if (boot->settings[i].key.len == wanted.len && slice_equal_nocase(boot->settings[i].key, wanted))
			return &boot->settings[i];
	return NULL;
}

const struct host_event *boot_event(const struct boot *boot, enum host_event_kind kind)
{
	for (size_t i = 0; i < boot->event_count; i++)
		if (boot->events[i].kind == kind)
			return &boot->events[i];
	return NULL;
}

const char *boot_loss_name(unsigned bit)
{
	switch (bit) {
	case LOSS_THROTTLED: return "throttled";
	case LOSS_CUT: return "cut";
	case LOSS_LATE_START: return "late-start";
	case LOSS_DUMP_STOPPED: return "dump-stopped";
	case LOSS_GAP: return "gap";
	case LOSS_LET_GO: return "let-go";
	case LOSS_RECORD_CUT: return "record-cut";
	default: return NULL;
	}
}
