#include "kmsg/names.h"

static const char *const levels[KMSG_LEVEL_COUNT] = {
	"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
};

/* RFC 5424, section 6.2.1, by the names of syslog.h; 12 to 15 have none there. */
static const char *const facilities[KMSG_FACILITY_COUNT] = {
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	[16] = "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
};

static const struct {
	const char *name;
	unsigned level;
} other_levels[] = { { "panic", 0 }, { "error", 3 }, { "warning", 4 } };

const char *kmsg_level_name(unsigned level)
{
	return level < KMSG_LEVEL_COUNT ? levels[level] : NULL;
}

const char *kmsg_facility_name(unsigned facility)
{
	return facility < KMSG_FACILITY_COUNT ? facilities[facility] : NULL;
}

static bool find(const char *const *names, unsigned count, struct slice name, unsigned *ret)
{
	for (unsigned i = 0; i < count; i++) {
		if (!names[i] || !slice_is(name, names[i]))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

bool kmsg_level_find(struct slice name, unsigned *ret)
{
	for (size_t i = 0; i < sizeof(other_levels) / sizeof(*other_levels); i++) {
		if (!slice_is(name, other_levels[i].name))
			continue;
		*ret = other_levels[i].level;
		return true;
	}
	return find(levels, KMSG_LEVEL_COUNT, name, ret);
}

bool kmsg_facility_find(struct slice name, unsigned *ret)
{
	return find(facilities, KMSG_FACILITY_COUNT, name, ret);
}
