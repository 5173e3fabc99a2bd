/* What more than one report format says with the same words. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "report/report.h"

/* The word of the contract for a format; NULL for an input that is none of ours. */
const char *log_format_name(enum log_format format);

/* What the log proves a device to be; NULL when it proves nothing. */
const char *device_role_name(enum device_role role);

/* The crash that the boot is about: the fatal one, else the first; NULL when there is none. */
const struct crash *diagnosis_crash(const struct diagnosis *diagnosis);

#endif
