/* The kernel: its release, who built it, its command line. */
#include "facts/reader.h"

/* `Linux version 6.1.0-23-amd64 (debian-kernel@lists.debian.org) (gcc-12 ...` */
static void take_version(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice rest = slice_skip(record->text, sizeof "Linux version " - 1), builder;
	fact_set_text(reader, FACT_KERNEL_RELEASE, slice_word(&rest), record->line);
	if (slice_between(rest, SLICE("("), SLICE(")"), &builder))
		fact_set_text(reader, FACT_KERNEL_BUILDER, builder, record->line);
}

/* The setup code prints it early, start_kernel() once more; a cut copy is the shorter one. */
static void take_command_line(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice line;
	if (!slice_after(record->text, SLICE("ommand line: "), &line))
		return;
	if (line.len > facts_text(reader->facts, FACT_COMMAND_LINE).len || !fact_is_known(reader, FACT_COMMAND_LINE))
		fact_set_text(reader, FACT_COMMAND_LINE, slice_trim(line), record->line);
}

/* `CPU: 0 PID: 1 Comm: swapper/0 Tainted: G  OE  6.1.0 #1`, of a log whose beginning is lost. */
static void take_release_of_header(struct facts_reader *reader, const struct kmsg_record *record)
{
	struct slice rest;
	if (fact_is_known(reader, FACT_KERNEL_RELEASE))
		return;
	if (slice_after(record->text, SLICE("Not tainted "), &rest)) {
		fact_set_text(reader, FACT_KERNEL_RELEASE, slice_word(&rest), record->line);
		return;
	}
	if (!slice_after(record->text, SLICE("Tainted: "), &rest))
		return;
	struct slice word = slice_word(&rest);
	while (word.len && !char_is_digit(word.ptr[0]))
		word = slice_word(&rest);
	if (word.len)
		fact_set_text(reader, FACT_KERNEL_RELEASE, word, record->line);
}

/* `efi: EFI v2.70 by VMware`, before 3.16 without its first word: only an EFI boot prints it
 * (drivers/firmware/efi, arch/x86/platform/efi). */
static void take_efi(struct facts_reader *reader, const struct kmsg_record *record)
{
	if (kmsg_is_kernel(record))
		fact_set_text(reader, FACT_VM_FIRMWARE, SLICE("efi"), record->line);
}

static const struct facts_pattern patterns[] = {
	FACTS_HEAD("Linux version ", take_version),
	FACTS_HEAD("Command line: ", take_command_line),
	FACTS_HEAD("Kernel command line: ", take_command_line),
	FACTS_HEAD("CPU: ", take_release_of_header),
	FACTS_HEAD("Pid: ", take_release_of_header),
	FACTS_HEAD("efi: EFI v", take_efi),
	FACTS_HEAD("EFI v", take_efi),
};
const struct facts_patterns kernel_patterns = { patterns, sizeof patterns / sizeof *patterns };

bool command_line_value(struct slice command_line, struct slice key, struct slice *ret)
{
	bool found = false;
	while (command_line.len) {
		struct slice word = slice_word(&command_line);
		if (slice_is(word, "--"))
			break;
		if (slice_eat(&word, SLICE("\"")))
			word = slice_until(word, '"');
		if (slice_eat(&word, key) && slice_eat(&word, SLICE("="))) {
			if (word.len >= 2 && word.ptr[0] == '"' && word.ptr[word.len - 1] == '"')
				word = slice_take(slice_skip(word, 1), word.len - 2);
			*ret = word;
			found = true;
		}
	}
	return found;
}

bool command_line_has(struct slice command_line, struct slice word)
{
	while (command_line.len)
		if (slice_equal(slice_word(&command_line), word))
			return true;
	return false;
}

/* ---- distribution and flavour, from the release's suffix and the builder ---- */

struct release_mark {
	struct slice mark;     /* in the release, or in the builder */
	const char *id;        /* os-release ID */
	bool digits_follow;    /* the distribution's release follows: ".ph4", ".el9" */
};

#define MARK(literal, id, digits) { { literal, sizeof(literal) - 1 }, id, digits }

static const struct release_mark release_marks[] = {
	MARK(".ph", "photon", true),      MARK(".amzn", "amzn", true),      MARK("uek", "ol", false),
	MARK(".fc", "fedora", true),      MARK(".el", "rhel", true),        MARK("-default", "sles", false),
	MARK("-arch", "arch", false),     MARK("-virt", "alpine", false),   MARK("-generic", "ubuntu", false),
	MARK("-kvm", "ubuntu", false),    MARK("-lowlatency", "ubuntu", false), MARK("-amd64", "debian", false),
	MARK("-686", "debian", false),    MARK("-arm64", "debian", false),
};

static const struct release_mark builder_marks[] = {
	MARK("photon", "photon", false),      MARK("debian-kernel", "debian", false), MARK("buildd@", "ubuntu", false),
	MARK("geeko@", "sles", false),        MARK("centos", "centos", false),        MARK("rockylinux", "rocky", false),
	MARK("almalinux", "almalinux", false), MARK("oracle", "ol", false),            MARK("redhat", "rhel", false),
	MARK("fedoraproject", "fedora", false), MARK("amazon", "amzn", false),         MARK("archlinux", "arch", false),
	MARK("alpine", "alpine", false),      MARK("buildozer@", "alpine", false),
};

/* The digits behind a mark; of ".el8_9" they are "8". */
static struct slice digits_of(struct slice s)
{
	size_t len = 0;
	while (len < s.len && char_is_digit(s.ptr[len]))
		len++;
	return slice_take(s, len);
}

static const char *match_mark(struct slice text, const struct release_mark *marks, size_t count,
			      struct slice *ret_release)
{
	for (size_t i = 0; i < count; i++) {
		struct slice rest;
		if (!slice_after(text, marks[i].mark, &rest))
			continue;
		struct slice digits = digits_of(rest);
		if (marks[i].digits_follow && !digits.len)
			continue;
		*ret_release = marks[i].digits_follow ? digits : SLICE("");
		return marks[i].id;
	}
	return NULL;
}

/* guestOS of the VM's settings, the weakest word: what somebody chose when the VM was made. */
static const struct release_mark guest_marks[] = {
	MARK("vmware-photon", "photon", false), MARK("debian", "debian", true),  MARK("ubuntu", "ubuntu", false),
	MARK("rhel", "rhel", true),             MARK("centos", "centos", true),  MARK("rockylinux", "rocky", false),
	MARK("almalinux", "almalinux", false),  MARK("oraclelinux", "ol", true), MARK("sles", "sles", true),
	MARK("opensuse", "opensuse-leap", false), MARK("amazonlinux", "amzn", true), MARK("fedora", "fedora", false),
};

static void set_distribution(struct facts_reader *reader, const char *id, struct slice release, const char *basis)
{
	fact_set_text(reader, FACT_KERNEL_DISTRIBUTION, slice_of(id), 0);
	fact_set_text(reader, FACT_KERNEL_DISTRIBUTION_BASIS, slice_of(basis), 0);
	if (release.len)
		fact_set_text(reader, FACT_KERNEL_DISTRIBUTION_RELEASE, release, 0);
}

/* Of the distributions, only Photon's kernels send their log to the host (its patch "x86/vmware:
 * Log kmsg dump on panic", since 4.2): records behind `Guest:` name it where nothing else does. */
static bool sent_by_dumper(const struct facts_reader *reader)
{
	const struct boot *boot = reader->boot;
	for (size_t i = 0; boot->format == LOG_VMWARE && i < boot->record_count; i++)
		if ((boot->records[i].flags & KMSG_HAS_TIME) && (boot->records[i].flags & KMSG_HAS_LEVEL))
			return true;
	return false;
}

static void conclude_distribution(struct facts_reader *reader)
{
	struct slice release = facts_text(reader->facts, FACT_KERNEL_RELEASE), number = SLICE(""), builder_number;
	struct slice builder = facts_text(reader->facts, FACT_KERNEL_BUILDER);
	const struct boot_setting *guest = boot_setting(reader->boot, "guestOS");
	const char *by_release = match_mark(release, release_marks, sizeof release_marks / sizeof *release_marks,
					    &number);
	const char *by_builder =
		match_mark(builder, builder_marks, sizeof builder_marks / sizeof *builder_marks, &builder_number);
	/* CentOS, Rocky and others build the same .elN release; their builder's name tells them apart. */
	if (by_builder && (!by_release || strcmp(by_release, "rhel") == 0))
		set_distribution(reader, by_builder, number, "kernel");
	else if (by_release)
		set_distribution(reader, by_release, number, "kernel");
	else if (slice_ends(release, SLICE("-esx")))
		set_distribution(reader, "photon", SLICE(""), "kernel");
	else if (guest && (by_release = match_mark(guest->value, guest_marks,
						   sizeof guest_marks / sizeof *guest_marks, &number)))
		set_distribution(reader, by_release, number, "guestOS");
	else if (sent_by_dumper(reader))
		set_distribution(reader, "photon", SLICE(""), "dumper");
}

static void conclude_flavour(struct facts_reader *reader)
{
	static const char *const flavours[] = { "esx", "rt", "aws", "secure", "generic", "kvm", "azure", "lowlatency",
						"cloud-amd64", "amd64", "default", "lts", "virt" };
	struct slice release = facts_text(reader->facts, FACT_KERNEL_RELEASE);
	for (size_t i = 0; i < sizeof flavours / sizeof *flavours; i++) {
		struct slice rest = release, flavour = slice_of(flavours[i]);
		if (slice_ends(rest, flavour) && rest.len > flavour.len &&
		    rest.ptr[rest.len - flavour.len - 1] == '-') {
			fact_set_text(reader, FACT_KERNEL_FLAVOUR, flavour, 0);
			return;
		}
	}
	if (facts_is(reader->facts, FACT_KERNEL_DISTRIBUTION, "photon") && release.len)
		fact_set_text(reader, FACT_KERNEL_FLAVOUR, SLICE("generic"), 0);
}

static void conclude_version(struct facts_reader *reader)
{
	struct slice release = facts_text(reader->facts, FACT_KERNEL_RELEASE);
	uint64_t major, minor;
	if (slice_eat_decimal(&release, &major) && slice_eat(&release, SLICE(".")) &&
	    slice_eat_decimal(&release, &minor) &&
	    major < 1000 && minor < 1000)
		fact_set_number(reader, FACT_KERNEL_VERSION, (int64_t)(major * 1000 + minor), 0);
}

static void take_parameter(struct facts_reader *reader, struct slice key, enum fact_id id)
{
	struct slice value;
	const struct fact *line = &reader->facts->values[FACT_COMMAND_LINE];
	if (command_line_value(line->text, key, &value))
		fact_set_text(reader, id, value, line->line);
}

static void conclude_command_line(struct facts_reader *reader)
{
	const struct fact *line = &reader->facts->values[FACT_COMMAND_LINE];
	if (line->state != FACT_KNOWN)
		return;
	take_parameter(reader, SLICE("root"), FACT_ROOT_PARAMETER);
	take_parameter(reader, SLICE("rootfstype"), FACT_ROOT_FSTYPE);
	take_parameter(reader, SLICE("rootflags"), FACT_ROOT_FLAGS);
	take_parameter(reader, SLICE("init"), FACT_INIT_PARAMETER);
	take_parameter(reader, SLICE("rdinit"), FACT_RDINIT_PARAMETER);
	take_parameter(reader, SLICE("BOOT_IMAGE"), FACT_BOOT_IMAGE);
	struct slice delay;
	fact_set_flag(reader, FACT_ROOT_WAIT,
		      command_line_has(line->text, SLICE("rootwait")) ||
			      command_line_value(line->text, SLICE("rootdelay"), &delay), line->line);
	fact_set_flag(reader, FACT_ROOT_READ_WRITE, command_line_has(line->text, SLICE("rw")), line->line);
}

void kernel_conclude(struct facts_reader *reader)
{
	conclude_command_line(reader);
	conclude_version(reader);
	conclude_distribution(reader);
	conclude_flavour(reader);
	const struct crash *crash = &reader->facts->first_crash;
	if (crash->kind.len && crash->taint.len)
		fact_set_text(reader, FACT_TAINT, crash->taint, crash->line);
}
