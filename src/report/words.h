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

/* Appends the command that names the source line of the crash, for who has the kernel's tree and its
 * debug symbols. False and nothing when the log has no offset, or one that is not shell-plain. */
bool crash_decode_command(const struct crash *crash, struct buf *out);

/* "8 GiB", "3.5 MiB"; empty for 0, which stands for an unknown size. 32 bytes are enough. */
void size_print(char *out, size_t size, uint64_t kib);

#endif
