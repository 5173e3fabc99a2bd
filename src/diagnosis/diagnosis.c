#include "diagnosis/diagnosis.h"

#include "diagnosis/evidence.h"
#include "diagnosis/fingerprint.h"
#include "diagnosis/repair.h"
#include "diagnosis/root_advice.h"
#include "diagnosis/silence.h"

/* Losses behind which another cause may hide: no diagnosis is certain then. */
#define LOSSES_THAT_HIDE (LOSS_THROTTLED | LOSS_CUT | LOSS_GAP | LOSS_DUMP_STOPPED)
/* Losses that make a boot's text short. A record over the dumper's length and records let go
 * within the bounds are said, but the boot is there. */
#define LOSSES_INCOMPLETE (LOSSES_THAT_HIDE | LOSS_LATE_START)

/* ---- which finding is the cause ---- */

static bool is_open(const struct finding *finding)
{
	return finding->outcome == OUTCOME_MATCHED && !finding->absorbed_by;
}

/* True when `a` is the better cause: of a panic one that speaks of panics (a rule with a verdict
 * of its own, hang or oops, speaks of boots without), then graver, then surer, then earlier. */
static bool is_better(const struct finding *a, const struct finding *b, const struct facts *facts, bool panicked)
{
	if (panicked && !a->rule->verdict != !b->rule->verdict)
		return !a->rule->verdict;
	if (a->rule->severity != b->rule->severity)
		return a->rule->severity > b->rule->severity;
	if (a->rule->confidence != b->rule->confidence)
		return a->rule->confidence > b->rule->confidence;
	return evidence_first_line(a, facts) < evidence_first_line(b, facts);
}

static const struct finding *find_cause(const struct findings *findings, const struct facts *facts, bool panicked)
{
	const struct finding *best = NULL;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (is_open(finding) && finding->rule->cause && (!best || is_better(finding, best, facts, panicked)))
			best = finding;
	}
	return best;
}

/* ---- verdict ---- */

static enum verdict verdict_of_rule(const struct finding *cause)
{
	if (!cause || !cause->rule->verdict)
		return VERDICT_CLEAN;
	for (int verdict = VERDICT_OOPS; verdict <= VERDICT_PANIC; verdict++)
		if (strcmp(cause->rule->verdict, verdict_name((enum verdict)verdict)) == 0)
			return (enum verdict)verdict;
	return VERDICT_CLEAN;
}

static bool has_kernel_text(const struct boot *boot)
{
	for (size_t i = 0; i < boot->record_count; i++)
		if (kmsg_is_kernel(&boot->records[i]))
			return true;
	return false;
}

static enum verdict judge(const struct facts *facts, const struct finding *cause)
{
	if (facts_get(facts, FACT_PANIC_TEXT)->state == FACT_KNOWN)
		return VERDICT_PANIC;
	enum verdict verdict = verdict_of_rule(cause);
	if (verdict != VERDICT_CLEAN)
		return verdict;
	if (!has_kernel_text(facts->boot))
		return facts->boot->record_count ? VERDICT_CLEAN : VERDICT_SILENT;
	/* A dump is made of a panic or an oops: without the line that says so, it was lost. */
	return facts->boot->losses & LOSS_DUMP_STOPPED ? VERDICT_PANIC : VERDICT_CLEAN;
}

/* ---- chain and warnings ---- */

/* Text for a person: only memory can be wanting, and the arena remembers that. */
static struct slice expand(const struct finding *finding, const struct facts *facts, const char *template,
			   struct arena *arena)
{
	struct slice text = SLICE("");
	if (template)
		finding_expand(finding, facts, template, false, arena, &text);
	return text;
}

static struct link make_link(const struct finding *finding, const struct facts *facts, struct arena *arena)
{
	return (struct link){ slice_of(finding->rule->id), expand(finding, facts, finding->rule->title, arena),
			      evidence_first_line(finding, facts) };
}

static bool is_absorbed_under(const struct finding *finding, const struct finding *cause)
{
	for (const struct finding *by = finding->absorbed_by; by; by = by->absorbed_by)
		if (by == cause)
			return true;
	return false;
}

static bool is_consequence(const struct finding *finding, const struct finding *cause)
{
	return finding->outcome == OUTCOME_MATCHED && finding != cause && is_absorbed_under(finding, cause);
}

/* The cause first, then what it absorbed in the order of the log. */
static void make_chain(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena)
{
	const struct findings *findings = diagnosis->findings;
	diagnosis->chain = arena_alloc(arena, (findings->count + 1) * sizeof *diagnosis->chain);
	if (!diagnosis->chain || !cause)
		return;
	diagnosis->chain[diagnosis->chain_count++] = make_link(cause, diagnosis->facts, arena);
	for (size_t i = 0; i < findings->count; i++) {
		if (!is_consequence(&findings->items[i], cause))
			continue;
		struct link link = make_link(&findings->items[i], diagnosis->facts, arena);
		size_t at = diagnosis->chain_count++;
		for (; at > 1 && diagnosis->chain[at - 1].line > link.line; at--)
			diagnosis->chain[at] = diagnosis->chain[at - 1];
		diagnosis->chain[at] = link;
	}
}

static void make_warnings(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena)
{
	const struct findings *findings = diagnosis->findings;
	diagnosis->warnings = arena_alloc(arena, (findings->count + 1) * sizeof *diagnosis->warnings);
	for (size_t i = 0; diagnosis->warnings && i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding != cause && is_open(finding) && finding->rule->severity >= SEVERITY_WARNING)
			diagnosis->warnings[diagnosis->warning_count++] = make_link(finding, diagnosis->facts, arena);
	}
}

/* ---- what is missing ---- */

struct loss_words {
	unsigned bit;
	const char *words;
};

static const struct loss_words loss_words[] = {
	{ LOSS_THROTTLED, "the VMX throttled guest text" },
	{ LOSS_CUT, "the log ends in the middle of the guest's text" },
	{ LOSS_DUMP_STOPPED, "the dump stops before the line that says why it was made" },
	{ LOSS_LATE_START, "the text does not begin with the kernel's first record" },
	{ LOSS_GAP, "records are missing at the beginning" },
	{ LOSS_RECORD_CUT, "a record was longer than the dumper sends" },
	{ LOSS_LET_GO, "records in the middle of a very long log were passed over" },
};

static const char *words_of_loss(const struct loss_words *loss, const struct boot *boot)
{
	bool is_dump = boot->format == LOG_VMWARE;
	return loss->bit == LOSS_DUMP_STOPPED && !is_dump ? "the text stops before the panic that it leads to" : loss->words;
}

static struct slice say_losses(const struct boot *boot, struct arena *arena)
{
	struct slice all = SLICE("");
	for (size_t i = 0; i < sizeof loss_words / sizeof *loss_words; i++)
		if (boot->losses & loss_words[i].bit)
			all = arena_printf(arena, "%.*s%s%s", SLICE_ARG(all), all.len ? "; " : "",
					   words_of_loss(&loss_words[i], boot));
	return all;
}

/* Nothing was mounted, no program ran: what came next, good or bad, is not in this text. */
static bool ends_before_root(const struct facts *facts)
{
	static const enum fact_id signs[] = { FACT_INIT_STARTED, FACT_MOUNTED_ROOT_TYPE, FACT_MOUNTED_FILESYSTEMS };
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (facts_get(facts, signs[i])->state == FACT_KNOWN)
			return false;
	for (size_t i = 0; i < facts->boot->record_count; i++)
		if (slice_starts(facts->boot->records[i].text, SLICE("Freeing unused kernel")))
			return false;
	return facts_is(facts, FACT_LOG_FROM_START, "yes") && facts_is(facts, FACT_LOG_HAS_CONSOLE, "no") &&
	       !facts_is(facts, FACT_INITRD_RAN, "yes") && !facts_is(facts, FACT_USERSPACE_RAN, "yes");
}

static void note_early_end(struct diagnosis *diagnosis, struct arena *arena)
{
	const struct boot *boot = diagnosis->boot;
	if (diagnosis->verdict != VERDICT_CLEAN || !boot->record_count || !ends_before_root(diagnosis->facts))
		return;
	const struct kmsg_record *last = &boot->records[boot->record_count - 1];
	diagnosis->is_complete = false;
	diagnosis->incomplete_because = arena_printf(arena, "%.*s%sthe log ends %.2f s into the boot, before the root "
						     "was mounted",
						     SLICE_ARG(diagnosis->incomplete_because),
						     diagnosis->incomplete_because.len ? "; " : "",
						     (double)last->time_ns / 1e9);
}

/* ---- all together ---- */

static void describe_cause(struct diagnosis *diagnosis, const struct finding *cause, struct arena *arena)
{
	const struct rule *rule = cause->rule;
	diagnosis->cause = slice_of(rule->cause);
	diagnosis->confidence = rule->confidence;
	if ((diagnosis->boot->losses & LOSSES_THAT_HIDE) && diagnosis->confidence == CONFIDENCE_CERTAIN)
		diagnosis->confidence = CONFIDENCE_LIKELY;
	diagnosis->title = expand(cause, diagnosis->facts, rule->title, arena);
	diagnosis->why = expand(cause, diagnosis->facts, rule->why, arena);
	diagnosis->disproof = expand(cause, diagnosis->facts, rule->disproof, arena);
}

static void describe_without_cause(struct diagnosis *diagnosis, struct arena *arena)
{
	const struct facts *facts = diagnosis->facts;
	diagnosis->confidence = CONFIDENCE_POSSIBLE;
	switch (diagnosis->verdict) {
	case VERDICT_PANIC:
		diagnosis->title = SLICE("The guest's kernel sent its log and the line that says why is missing");
		if (diagnosis->boot->format != LOG_VMWARE) {
			diagnosis->title = SLICE("The kernel was about to panic, and the line that says why is missing");
			break;
		}
		diagnosis->why = SLICE("The kernel sends its log to the host when it oopses or panics. That text is here; "
				       "the line with the reason is not.");
		break;
	case VERDICT_SILENT:
		diagnosis->title = SLICE("No kernel text of this boot");
		diagnosis->silence = silence_explain(facts, diagnosis->boot, arena);
		break;
	default:
		diagnosis->title = facts_is(facts, FACT_USERSPACE_RAN, "yes")
					   ? SLICE("The guest booted, and its log shows no failure")
					   : SLICE("The kernel's log shows no failure");
	}
}

static unsigned distribution_release(const struct facts *facts)
{
	struct slice text = facts_text(facts, FACT_KERNEL_DISTRIBUTION_RELEASE);
	uint64_t release = 0;
	slice_eat_decimal(&text, &release);
	return release < 100000 ? (unsigned)release : 0;
}

bool diagnosis_make(struct diagnosis *diagnosis, const struct facts *facts, const struct findings *findings,
		    struct arena *arena, struct error *err)
{
	const struct boot *boot = facts->boot;
	*diagnosis = (struct diagnosis){ .boot = boot, .facts = facts, .findings = findings };
	bool panicked = facts_get(facts, FACT_PANIC_TEXT)->state == FACT_KNOWN;
	const struct finding *cause = find_cause(findings, facts, panicked);
	diagnosis->verdict = judge(facts, cause);
	diagnosis->is_complete = !(boot->losses & LOSSES_INCOMPLETE);
	diagnosis->incomplete_because = say_losses(boot, arena);
	note_early_end(diagnosis, arena);
	diagnosis->limit_reached = findings->limit_hits > 0;
	diagnosis->distribution = distribution_find(facts_text(facts, FACT_KERNEL_DISTRIBUTION),
						    distribution_release(facts));
	if (cause)
		describe_cause(diagnosis, cause, arena);
	else
		describe_without_cause(diagnosis, arena);
	make_chain(diagnosis, cause, arena);
	make_warnings(diagnosis, cause, arena);
	if (!root_advice_make(diagnosis, cause ? cause->rule->root : ROOT_SILENT, arena, err) ||
	    !evidence_collect(diagnosis, cause, arena, err))
		return false;
	diagnosis->fingerprint = fingerprint_make(diagnosis, arena);
	if (diagnosis->verdict != VERDICT_CLEAN && diagnosis->verdict != VERDICT_SILENT &&
	    !repair_make(diagnosis, cause, arena, err))
		return false;
	return !arena->failed || error_out_of_memory(err);
}
