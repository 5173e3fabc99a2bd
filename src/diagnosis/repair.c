#include "diagnosis/repair.h"

#include "base/escape.h"
#include "base/limits.h"
#include "diagnosis/advice.h"

static const struct advice_row {
	const char *name;
	enum rule_risk risk;
	bool is_lasting; /* so is everything that writes; what is done now writes nothing */
	void (*make)(struct advice *a);
} advice_table[] = {
	{ "add-storage-driver", RISK_WRITES_BOOT, true, advice_add_storage_driver },
	{ "attach-disk", RISK_REVERSIBLE, false, advice_attach_disk },
	{ "catch-hang", RISK_REVERSIBLE, true, advice_catch_hang },
	{ "change-controller", RISK_REVERSIBLE, false, advice_change_controller },
	{ "check-filesystem", RISK_NONE, false, advice_check_filesystem },
	{ "check-host-load", RISK_NONE, false, advice_check_host_load },
	{ "check-host-storage", RISK_NONE, false, advice_check_host_storage },
	{ "collect-evidence", RISK_NONE, false, advice_collect_evidence },
	{ "fix-fstab", RISK_WRITES_BOOT, true, advice_fix_fstab },
	{ "grub-add-word-now", RISK_REVERSIBLE, false, advice_grub_add_word_now },
	{ "grub-drop-word-now", RISK_REVERSIBLE, false, advice_grub_drop_word_now },
	{ "grub-init-now", RISK_REVERSIBLE, false, advice_grub_init_now },
	{ "grub-previous-kernel", RISK_REVERSIBLE, false, advice_grub_previous_kernel },
	{ "grub-root-lasting", RISK_WRITES_BOOT, true, advice_grub_root_lasting },
	{ "grub-root-now", RISK_REVERSIBLE, false, advice_grub_root_now },
	{ "grub-rootwait-lasting", RISK_WRITES_BOOT, true, advice_grub_rootwait_lasting },
	{ "grub-rootwait-now", RISK_REVERSIBLE, false, advice_grub_rootwait_now },
	{ "make-writable", RISK_REVERSIBLE, false, advice_make_writable },
	{ "more-memory", RISK_REVERSIBLE, false, advice_more_memory },
	{ "rebuild-initramfs", RISK_WRITES_BOOT, true, advice_rebuild_initramfs },
	{ "remove-module", RISK_WRITES_BOOT, true, advice_remove_module },
	{ "repair-filesystem", RISK_WRITES_DISK, true, advice_repair_filesystem },
	{ "rescue-media", RISK_NONE, false, advice_rescue_media },
	{ "restore-disk-size", RISK_WRITES_DISK, true, advice_restore_disk_size },
	{ "restore-initramfs", RISK_REVERSIBLE, false, advice_restore_initramfs },
	{ "save-crash", RISK_WRITES_BOOT, true, advice_save_crash },
	{ "snapshot-first", RISK_NONE, false, advice_snapshot_first },
	{ "update-kernel", RISK_WRITES_BOOT, true, advice_update_kernel },
	{ "verify-boot", RISK_NONE, true, advice_verify_boot },
};

static const struct advice_row *advice_find(struct slice name)
{
	for (size_t i = 0; i < sizeof advice_table / sizeof *advice_table; i++)
		if (slice_is(name, advice_table[i].name))
			return &advice_table[i];
	return NULL;
}

bool repair_advice_is_known(struct slice name)
{
	return advice_find(name) != NULL;
}

/* The steps made so far; `room` was counted before, so that adding cannot fail. */
struct maker {
	struct diagnosis *diagnosis;
	const struct finding *cause;
	struct arena *arena;
	struct repair_step *steps;
	size_t count;
	/* The steps at the menu keep their order, so the first may tell it for all. */
	bool menu_is_told, older_kernel_is_told;
};

static unsigned release_number(struct slice release)
{
	uint64_t number;
	return slice_eat_decimal(&release, &number) && number < 100000 ? (unsigned)number : 0;
}

static const struct distribution *distribution_of(const struct diagnosis *diagnosis)
{
	if (diagnosis->distribution)
		return diagnosis->distribution;
	return distribution_find(facts_text(diagnosis->facts, FACT_KERNEL_DISTRIBUTION),
				 release_number(facts_text(diagnosis->facts, FACT_KERNEL_DISTRIBUTION_RELEASE)));
}

/* What every template of this boot may name. root= only when there is one answer. */
static void fill_values(struct advice *a)
{
	const struct root_advice *root = &a->diagnosis->root;
	if (root->is_present && root->answer == ROOT_ANSWER_ONE && root->candidate_count)
		a->values.root = root->candidates[0].value;
	a->values.old = advice_plain_fact(a, FACT_ROOT_PARAMETER);
	if (!a->values.old.len && root->is_present && escape_shell_is_plain(root->wanted))
		a->values.old = root->wanted;
	a->values.kernel = advice_plain_fact(a, FACT_KERNEL_RELEASE);
	const struct block_device *device = advice_root_device(a);
	if (device)
		a->values.device = arena_printf(a->arena, "/dev/%.*s", SLICE_ARG(device->name));
}

static void finish_text(struct advice *a)
{
	if (a->left_out && a->text.len)
		advice_say(a, "A command is left out here, because the log holds no safe value for it.");
	a->step->text = arena_copy(a->arena, slice_trim(buf_slice(&a->text)));
}

static bool is_made(const struct maker *maker, const char *id)
{
	for (size_t i = 0; i < maker->count; i++)
		if (slice_is(maker->steps[i].id, id))
			return true;
	return false;
}

/* False when memory is out. */
static bool make_advice(struct maker *maker, const struct advice_row *row, const struct rule_step *from)
{
	if (is_made(maker, row->name))
		return true;
	struct repair_step *step = &maker->steps[maker->count];
	*step = (struct repair_step){ .id = slice_of(row->name), .risk = row->risk, .is_lasting = row->is_lasting };
	struct advice a = { .diagnosis = maker->diagnosis, .facts = maker->diagnosis->facts, .arena = maker->arena,
			    .distribution = distribution_of(maker->diagnosis), .text = BUF_INIT(REPORT_BYTES),
			    .step = step, .menu_is_told = maker->menu_is_told,
			    .older_kernel_is_told = maker->older_kernel_is_told };
	if (from && from->text && !finding_expand(maker->cause, a.facts, from->text, true, a.arena, &a.given))
		a.given = SLICE("");
	fill_values(&a);
	advice_settle_subject(&a, maker->cause);
	row->make(&a);
	finish_text(&a);
	bool failed = a.text.failed || a.arena->failed;
	maker->count += !failed && step->text.len;
	maker->menu_is_told = a.menu_is_told;
	maker->older_kernel_is_told = a.older_kernel_is_told;
	buf_deinit(&a.text);
	return !failed;
}

static void expand_commands(const struct maker *maker, const struct rule_step *from, struct repair_step *step)
{
	bool left_out = false;
	for (size_t i = 0; i < from->command_count; i++) {
		struct slice command;
		if (step->command_count < sizeof step->commands / sizeof *step->commands &&
		    finding_expand(maker->cause, maker->diagnosis->facts, from->commands[i], true, maker->arena,
				   &command))
			step->commands[step->command_count++] = command;
		else
			left_out = true;
	}
	if (left_out)
		step->text = arena_printf(maker->arena, "%.*s A command is left out here, because the log holds no "
					  "safe value for it.", SLICE_ARG(step->text));
}

/* A step with text of its own. */
static bool make_own(struct maker *maker, const struct rule_step *from)
{
	struct repair_step *step = &maker->steps[maker->count];
	*step = (struct repair_step){ .id = slice_of(from->id), .risk = from->risk,
				      .is_lasting = from->risk >= RISK_WRITES_BOOT };
	const char *template = from->text ? from->text : "";
	if (!finding_expand(maker->cause, maker->diagnosis->facts, template, false, maker->arena, &step->text))
		step->text = slice_of(template);
	step->text = slice_trim(step->text);
	expand_commands(maker, from, step);
	maker->count += step->text.len || step->command_count;
	return !maker->arena->failed;
}

/* A user's rule may name advice that does not exist: said, not skipped. */
static bool make_unknown(struct maker *maker, const struct rule_step *from)
{
	struct repair_step *step = &maker->steps[maker->count++];
	*step = (struct repair_step){ .id = slice_of(from->id ? from->id : from->use), .risk = RISK_NONE };
	step->text = arena_printf(maker->arena, "Rule %s names advice \"%s\", which this program does not have.",
				  maker->cause->rule->id, from->use);
	return !maker->arena->failed;
}

static bool make_step(struct maker *maker, const struct rule_step *from)
{
	if (!from->use)
		return make_own(maker, from);
	const struct advice_row *row = advice_find(slice_of(from->use));
	return row ? make_advice(maker, row, from) : make_unknown(maker, from);
}

static bool writes_a_disk(const struct maker *maker)
{
	for (size_t i = 0; i < maker->count; i++)
		if (maker->steps[i].risk == RISK_WRITES_DISK)
			return true;
	return false;
}

/* The place of a step: what lasts after what helps now, then by risk; the last look at the end. */
static unsigned step_place(const struct repair_step *step)
{
	if (slice_is(step->id, "verify-boot"))
		return 100;
	return (step->is_lasting ? 10 : 0) + (unsigned)step->risk;
}

/* Insertion sort: few steps, and equal ones keep the rule's order. */
static void order_steps(struct repair_step *steps, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct repair_step step = steps[i];
		size_t at = i;
		for (; at && step_place(&steps[at - 1]) > step_place(&step); at--)
			steps[at] = steps[at - 1];
		steps[at] = step;
	}
}

static bool make_all(struct maker *maker)
{
	const struct rule *rule = maker->cause ? maker->cause->rule : NULL;
	if (!rule)
		return maker->diagnosis->verdict <= VERDICT_CLEAN ||
		       make_advice(maker, advice_find(SLICE("collect-evidence")), NULL);
	for (size_t i = 0; i < rule->step_count; i++)
		if (!make_step(maker, &rule->steps[i]))
			return false;
	return !writes_a_disk(maker) || make_advice(maker, advice_find(SLICE("snapshot-first")), NULL);
}

bool repair_make(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena, struct error *err)
{
	size_t room = (cause && cause->rule ? cause->rule->step_count : 0) + 1; /* one for snapshot-first */
	struct maker maker = { .diagnosis = diagnosis, .cause = cause, .arena = arena };
	maker.steps = arena_alloc(arena, room * sizeof *maker.steps);
	if (!maker.steps || !make_all(&maker))
		return error_out_of_memory(err);
	order_steps(maker.steps, maker.count);
	diagnosis->steps = maker.steps;
	diagnosis->step_count = maker.count;
	return true;
}
