#include "rules/words.h"

#include "rules/rule.h"

const char *const severity_words[] = {
	[SEVERITY_INFO] = "info",   [SEVERITY_NOTICE] = "notice", [SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error", [SEVERITY_FATAL] = "fatal",   NULL,
};

const char *const confidence_words[] = {
	[CONFIDENCE_POSSIBLE] = "possible", [CONFIDENCE_LIKELY] = "likely", [CONFIDENCE_CERTAIN] = "certain", NULL,
};

const char *const status_words[] = {
	[STATUS_UNSUPPORTED] = "unsupported",
	[STATUS_DEPRECATED] = "deprecated",
	[STATUS_EXPERIMENTAL] = "experimental",
	[STATUS_TEST] = "test",
	[STATUS_STABLE] = "stable",
	NULL,
};

const char *const risk_words[] = {
	[RISK_NONE] = "none",
	[RISK_REVERSIBLE] = "reversible",
	[RISK_WRITES_BOOT] = "writes-boot",
	[RISK_WRITES_DISK] = "writes-disk",
	NULL,
};

const char *const root_words[] = {
	[ROOT_SILENT] = "none", [ROOT_PROPOSE] = "propose", [ROOT_ONE_TIME] = "one-time", NULL,
};

const char *const source_words[] = {
	[SOURCE_KERNEL] = "kernel", [SOURCE_CONSOLE] = "console", [SOURCE_ANY] = "any", NULL,
};

const char *const fact_test_words[] = {
	[FACT_TEST_IS] = "is",           [FACT_TEST_IN] = "in",
	[FACT_TEST_NOT] = "not",         [FACT_TEST_AT_LEAST] = "at-least",
	[FACT_TEST_AT_MOST] = "at-most", [FACT_TEST_STATE] = "state",
	[FACT_TEST_CONTAINS] = "contains", [FACT_TEST_LACKS] = "lacks",
	NULL,
};

const char *const fact_state_words[] = {
	[FACT_UNKNOWN] = "unknown", [FACT_ABSENT] = "absent", [FACT_KNOWN] = "known", NULL,
};

const char *const verdict_words[] = { "hang", "oops", "reset", NULL };

static const char *const cause_words[] = {
	"root-not-specified",
	"root-syntax-unsupported",
	"root-device-missing",
	"root-partuuid-unknown",
	"root-partuuid-malformed",
	"root-uuid-unknown",
	"root-wrong-partition",
	"root-needs-initramfs",
	"root-late",
	"root-wait",
	"root-nfs-failed",
	"root-device-busy",
	"storage-driver-missing",
	"no-disk",
	"partition-table-unreadable",
	"root-fs-unsupported",
	"root-fs-wrong-type",
	"root-fs-bad-options",
	"root-fs-corrupt",
	"root-fs-size-mismatch",
	"root-read-only-device",
	"disk-io-error",
	"initramfs-missing",
	"initramfs-corrupt",
	"initramfs-gave-up",
	"init-missing",
	"init-requested-failed",
	"init-died",
	"oops-null-pointer",
	"oops-page-fault",
	"general-protection-fault",
	"kernel-bug",
	"divide-error",
	"invalid-opcode",
	"double-fault",
	"stack-overflow",
	"stack-corruption",
	"list-corruption",
	"soft-lockup",
	"hard-lockup",
	"rcu-stall",
	"hung-task",
	"out-of-memory",
	"nmi",
	"machine-check",
	"sysrq-crash",
	"panic-on-warn",
	"fs-errors-panic",
	"driver-panic",
	"module-signature",
	"bad-page-state",
	"scheduling-while-atomic",
	"watchdog-expired",
	"panic-on-taint",
	"timer-not-working",
	"audit-panic",
	"security-module-failed",
	"verity-mismatch",
	"fips-self-test",
	"early-userspace-failed",
	"cpu-disabled",
	"reset-without-panic",
	"unclassified-panic",
	NULL,
};

/* Steps that the diagnosis words for the guest's distribution. */
static const char *const advice_words[] = {
	"grub-root-now",
	"grub-root-lasting",
	"grub-rootwait-now",
	"grub-rootwait-lasting",
	"grub-drop-word-now",
	"grub-add-word-now",
	"grub-init-now",
	"grub-previous-kernel",
	"restore-initramfs",
	"rebuild-initramfs",
	"add-storage-driver",
	"change-controller",
	"attach-disk",
	"check-host-storage",
	"snapshot-first",
	"rescue-media",
	"check-filesystem",
	"repair-filesystem",
	"restore-disk-size",
	"make-writable",
	"verify-boot",
	"more-memory",
	"update-kernel",
	"remove-module",
	"save-crash",
	"check-host-load",
	"catch-hang",
	"collect-evidence",
	"fix-fstab",
	NULL,
};

#define WORD_OF(table, value) ((size_t)(value) < sizeof(table) / sizeof *(table) ? (table)[value] : NULL)

const char *rule_severity_name(enum rule_severity severity)
{
	return WORD_OF(severity_words, severity);
}

const char *rule_confidence_name(enum rule_confidence confidence)
{
	return WORD_OF(confidence_words, confidence);
}

const char *rule_status_name(enum rule_status status)
{
	return WORD_OF(status_words, status);
}

const char *rule_risk_name(enum rule_risk risk)
{
	return WORD_OF(risk_words, risk);
}

const char *rule_root_name(enum rule_root root)
{
	return WORD_OF(root_words, root);
}

const char *const *rule_cause_words(void)
{
	return cause_words;
}

bool rule_cause_is_known(struct slice word)
{
	for (const char *const *known = cause_words; *known; known++)
		if (slice_is(word, *known))
			return true;
	return false;
}

const char *const *rule_advice_words(void)
{
	return advice_words;
}
