#include "diagnosis/advice.h"

#include "base/escape.h"
#include "base/limits.h"

/* What a sentence can show of a guest-derived word without drowning in it. */
#define SHOWN_BYTES 128

struct slice advice_fill(struct advice *a, const char *template)
{
	if (!template)
		return SLICE("");
	struct buf out = BUF_INIT(REPORT_BYTES);
	bool is_whole = distribution_fill(template, &a->values, &out);
	struct slice filled = is_whole ? arena_copy(a->arena, buf_slice(&out)) : SLICE("");
	if (out.failed)
		a->text.failed = true;
	buf_deinit(&out);
	return filled;
}

bool advice_say_template(struct advice *a, const char *template)
{
	struct slice text = slice_trim(advice_fill(a, template));
	if (text.len)
		advice_say(a, "%.*s", SLICE_ARG(text));
	return text.len > 0;
}

void advice_command(struct advice *a, const char *template)
{
	struct slice command = advice_fill(a, template);
	struct repair_step *step = a->step;
	if (command.len && step->command_count < sizeof step->commands / sizeof *step->commands)
		step->commands[step->command_count++] = command;
	else
		a->left_out = true;
}

void advice_commands(struct advice *a, const char *const *templates, size_t count)
{
	for (size_t i = 0; i < count && templates[i]; i++)
		advice_command(a, templates[i]);
}

struct slice advice_plain_fact(const struct advice *a, enum fact_id id)
{
	struct slice text = facts_text(a->facts, id);
	return text.len <= SHOWN_BYTES && escape_shell_is_plain(text) ? text : SLICE("");
}

const char *advice_size(struct advice *a, uint64_t size_kib)
{
	if (size_kib >= KIB * KIB)
		return arena_printf(a->arena, "%.1f GiB", (double)size_kib / (double)(KIB * KIB)).ptr;
	if (size_kib >= KIB)
		return arena_printf(a->arena, "%llu MiB", (unsigned long long)(size_kib / KIB)).ptr;
	return arena_printf(a->arena, "%llu KiB", (unsigned long long)size_kib).ptr;
}

const struct block_device *advice_root_device(const struct advice *a)
{
	const struct root_advice *root = &a->diagnosis->root;
	const struct block_device *device = NULL;
	if (root->is_present && root->answer == ROOT_ANSWER_ONE && root->candidate_count)
		device = root->candidates[0].device;
	else if (!root->is_present || root->answer == ROOT_ANSWER_NONE)
		device = facts_device(a->facts, advice_plain_fact(a, FACT_ROOT_ROW));
	return device && escape_shell_is_plain(device->name) ? device : NULL;
}

struct slice advice_root_fstype(const struct advice *a)
{
	const struct block_device *device = advice_root_device(a);
	if (device && device->fstype.len)
		return device->fstype;
	struct slice mounted = facts_text(a->facts, FACT_MOUNTED_ROOT_TYPE);
	return mounted.len ? mounted : facts_text(a->facts, FACT_ROOT_FSTYPE);
}

/* fsck also speaks of labels, which end in no number. */
static bool is_numbered_disk(struct slice name)
{
	return name.len && char_is_digit(name.ptr[name.len - 1]) && facts_is_disk_name(name);
}

/* The device of the cause's rule: a path below /dev, or a name that the log lists or that can be no other. */
static struct slice named_device(const struct facts *facts, const struct finding *cause)
{
	for (size_t i = 0; cause && i < cause->capture_count; i++) {
		struct slice value = cause->captures[i].value;
		if (!slice_is(cause->captures[i].name, "device") || !escape_shell_is_plain(value))
			continue;
		if (slice_eat(&value, SLICE("/dev/")) || facts_device(facts, value) || is_numbered_disk(value))
			return value;
	}
	return SLICE("");
}

/* Of the drivers that wrote the lines that prove the cause. */
static struct slice named_filesystem(const struct finding *cause)
{
	struct slice fstype = SLICE("");
	for (size_t i = 0; cause && i < cause->evidence_count && !fstype.len; i++)
		fstype = facts_filesystem_of(cause->evidence[i]->text);
	return fstype;
}

void advice_settle_subject(struct advice *a, const struct finding *cause)
{
	struct slice name = named_device(a->facts, cause);
	const struct block_device *device = name.len ? facts_device(a->facts, name) : advice_root_device(a);
	a->subject = device ? *device : (struct block_device){ .name = name };
	if (!a->subject.fstype.len)
		a->subject.fstype = named_filesystem(cause);
	if (!a->subject.fstype.len && !name.len && device)
		a->subject.fstype = advice_root_fstype(a);
}

void advice_use_subject(struct advice *a)
{
	if (a->subject.name.len)
		a->values.device = arena_printf(a->arena, "/dev/%.*s", SLICE_ARG(a->subject.name));
	else
		a->values.device = SLICE("DEVICE");
}

const struct controller *advice_controller(const struct advice *a, bool is_driven)
{
	const struct controller *ide = NULL;
	for (size_t i = 0; i < a->facts->controller_count; i++) {
		const struct controller *controller = &a->facts->controllers[i];
		if (controller->is_driven != is_driven)
			continue;
		if (!controller->name || !slice_ends(slice_of(controller->name), SLICE("-ide")))
			return controller;
		ide = controller;
	}
	return ide;
}

bool advice_cause_is(const struct advice *a, const char *word)
{
	return slice_is(a->diagnosis->cause, word);
}

bool advice_is_efi(const struct advice *a)
{
	return facts_is(a->facts, FACT_VM_FIRMWARE, "efi") || (a->facts->boot && a->facts->boot->firmware_boot.len);
}
