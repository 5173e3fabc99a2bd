/* A report for a ticket: what names a machine, a person or a disk becomes a placeholder, <uuid-1>,
 * <host-2>; the same value has the same placeholder throughout a run.
 *
 * Each text goes through here as a whole, before it is wrapped, cut or escaped, so that no value
 * can slip through where a line or a block ends. Known by their shape: UUIDs (PARTUUIDs too, also
 * as systemd escapes them), MBR disk signatures, MAC, IPv4 and IPv6 addresses, domain names, the
 * users of home directories and kernel builders, VMFS volumes. Names have no shape: the VM's, the
 * guest's host names and the inputs' paths are learned first.
 *
 * Left alone: loopback and unspecified addresses, netmasks, and names that name nobody, such as
 * "guest", "localhost" or "vmware.log". */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include "base/buf.h"
#include "base/error.h"
#include "kmsg/boot.h"
#include "report/report.h"

enum redact_kind {
	REDACT_UUID,       /* also an MBR disk's signature, in front of the partition's number */
	REDACT_MAC,
	REDACT_IP,
	REDACT_HOST,
	REDACT_USER,
	REDACT_VM,
	REDACT_VOLUME,
	REDACT_LOG,        /* path of an input */
	REDACT_KIND_COUNT
};

struct redactor;

struct redactor *redactor_new(struct error *err);
void redactor_free(struct redactor *redactor);

/* A name to look for from now on, whole words in any case. */
void redactor_learn(struct redactor *redactor, enum redact_kind kind, struct slice name);
/* What a source and a boot call themselves. To be called before anything of them is reported.
 * Without a redactor (NULL) there is nothing to learn. */
void redactor_learn_source(struct redactor *redactor, const struct report_source *source);
void redactor_learn_boot(struct redactor *redactor, const struct boot *boot);

/* Appends the text to *out, with placeholders for what it holds. */
void redact(struct redactor *redactor, struct slice text, struct buf *out);
/* "3 UUIDs, 1 host name": what was replaced so far; nothing when there was nothing. */
void redactor_print_counts(const struct redactor *redactor, struct buf *out);
/* Memory ran out: what comes out may be wrong and must not be shown. */
bool redactor_failed(const struct redactor *redactor);

#endif
