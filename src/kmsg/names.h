/* The names that syslog and dmesg have for levels and facilities. */
#ifndef KMSG_NAMES_H
#define KMSG_NAMES_H

#include "base/slice.h"

#define KMSG_LEVEL_COUNT 8
#define KMSG_FACILITY_COUNT 24

/* "emerg" ... "debug"; NULL past the last. */
const char *kmsg_level_name(unsigned level);
/* "kern", "user" ... "local7"; NULL past the last and for the numbers that have no name. */
const char *kmsg_facility_name(unsigned facility);
/* The numbers of names; false when there is no such name. The other spellings that syslog(3)
 * knows are taken too: "panic", "error", "warning". */
bool kmsg_level_find(struct slice name, unsigned *ret);
bool kmsg_facility_find(struct slice name, unsigned *ret);

#endif
