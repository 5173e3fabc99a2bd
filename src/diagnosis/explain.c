#include "diagnosis/explain.h"

/* Rows and causes told; a guest with more has a shelf of data disks. */
#define REJECTIONS_MAX 48
#define FACTS_NAMED 6

struct explainer {
	struct explanation *explanation;
	const struct diagnosis *diagnosis;
	struct arena *arena;
};

static void reject(struct explainer *explainer, struct slice what, struct slice reason)
{
	struct explanation *explanation = explainer->explanation;
	if (explanation->rejection_count < REJECTIONS_MAX)
		explanation->rejections[explanation->rejection_count++] = (struct rejection){ what, reason };
}

/* ---- devices ---- */

static void reject_rows(struct explainer *explainer)
{
	const struct root_advice *root = &explainer->diagnosis->root;
	for (size_t i = 0; i < root->row_count; i++) {
		const struct block_device *device = root->rows[i].device;
		bool is_memory = slice_starts(device->name, SLICE("ram")) || slice_starts(device->name, SLICE("loop"));
		if (root->rows[i].note.len && !is_memory)
			reject(explainer, device->name, root->rows[i].note);
	}
}

static struct slice join_reasons(struct explainer *explainer, const struct root_candidate *candidate)
{
	struct slice all = SLICE("");
	for (size_t i = 0; i < candidate->reason_count; i++)
		all = arena_printf(explainer->arena, "%.*s%s%.*s", SLICE_ARG(all), i ? "; " : "",
				   SLICE_ARG(candidate->reasons[i]));
	return all.len ? all : SLICE("nothing speaks for or against it");
}

/* The points are the sum of all reasons' weights; the lead decides whether the tool bets. */
static void reject_candidates(struct explainer *explainer)
{
	const struct root_advice *root = &explainer->diagnosis->root;
	bool is_bet = root->answer == ROOT_ANSWER_ONE;
	for (size_t i = is_bet ? 1 : 0; i < root->candidate_count; i++) {
		const struct root_candidate *candidate = &root->candidates[i];
		struct slice reasons = join_reasons(explainer, candidate);
		struct slice reason =
			is_bet ? arena_printf(explainer->arena, "possible, with %d points against %d of %.*s: %.*s",
					      candidate->score, root->candidates[0].score,
					      SLICE_ARG(root->candidates[0].path), SLICE_ARG(reasons))
			       : arena_printf(explainer->arena, "possible, with %d points, which is not enough to "
					      "choose it: %.*s", candidate->score, SLICE_ARG(reasons));
		reject(explainer, candidate->path, reason);
	}
}

/* ---- causes ---- */

static const struct finding *find_chosen(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; diagnosis->chain_count && i < diagnosis->findings->count; i++)
		if (slice_is(diagnosis->chain[0].rule, diagnosis->findings->items[i].rule->id))
			return &diagnosis->findings->items[i];
	return NULL;
}

/* In the order in which causes are compared. */
static struct slice why_not(struct explainer *explainer, const struct finding *finding, const struct finding *chosen)
{
	const struct rule *rule = finding->rule, *best = chosen->rule;
	if (finding->absorbed_by)
		return arena_printf(explainer->arena, "it follows from what rule %s found",
				    finding->absorbed_by->rule->id);
	if (rule->verdict && !best->verdict)
		return SLICE("it speaks of boots that end without a panic");
	if (rule->severity != best->severity)
		return SLICE("it is less grave");
	if (rule->confidence != best->confidence)
		return arena_printf(explainer->arena, "it is less sure (%s, not %s)",
				    rule_confidence_name(rule->confidence), rule_confidence_name(best->confidence));
	return SLICE("it happened later");
}

static void reject_causes(struct explainer *explainer)
{
	const struct findings *findings = explainer->diagnosis->findings;
	const struct finding *chosen = find_chosen(explainer->diagnosis);
	for (size_t i = 0; chosen && i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->outcome != OUTCOME_MATCHED || finding == chosen || !finding->rule->cause)
			continue;
		struct slice what = arena_printf(explainer->arena, "%s (rule %s)", finding->rule->cause,
						 finding->rule->id);
		reject(explainer, what, why_not(explainer, finding, chosen));
	}
}

/* ---- what became of the rules ---- */

static void say_asked(struct explainer *explainer)
{
	const struct findings *findings = explainer->diagnosis->findings;
	struct buf text = BUF_INIT(256);
	buf_printf(&text, "Of %zu rules %zu %s", findings->clean + findings->count, findings->matched,
		   findings->matched == 1 ? "matches" : "match");
	if (findings->absorbed)
		buf_printf(&text, ", %zu of them as a consequence", findings->absorbed);
	if (findings->limit_hits)
		buf_printf(&text, "; %zu ran over the limit of a regex", findings->limit_hits);
	buf_char(&text, '.');
	explainer->explanation->asked = arena_copy(explainer->arena, buf_slice(&text));
	explainer->arena->failed |= text.failed;
	buf_deinit(&text);
}

static struct slice name_fact(struct explainer *explainer, struct slice names, size_t *named, const char *path)
{
	if (slice_contains(names, slice_of(path)) || ++*named > FACTS_NAMED)
		return names;
	return arena_printf(explainer->arena, "%.*s%s%s", SLICE_ARG(names), names.len ? ", " : "", path);
}

static void say_not_judged(struct explainer *explainer)
{
	const struct findings *findings = explainer->diagnosis->findings;
	struct slice names = SLICE("");
	size_t count = 0, named = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->outcome != OUTCOME_NOT_EVALUATED || finding->missing_fact == FACT_INVALID)
			continue;
		count++;
		names = name_fact(explainer, names, &named, fact_path(finding->missing_fact));
	}
	if (count)
		explainer->explanation->not_judged = arena_printf(
			explainer->arena, "%zu rule%s could not be judged, because this log does not tell %.*s%s.", count,
			count == 1 ? "" : "s", SLICE_ARG(names), named > FACTS_NAMED ? " and more" : "");
}

bool explanation_make(struct explanation *explanation, const struct diagnosis *diagnosis, struct arena *arena,
		      struct error *err)
{
	struct explainer explainer = { explanation, diagnosis, arena };
	*explanation = (struct explanation){ .path = explain_cause(diagnosis->cause) };
	explanation->rejections = arena_alloc(arena, REJECTIONS_MAX * sizeof *explanation->rejections);
	if (!explanation->rejections)
		return error_out_of_memory(err);
	if (diagnosis->root.is_present) {
		reject_rows(&explainer);
		reject_candidates(&explainer);
	}
	reject_causes(&explainer);
	say_asked(&explainer);
	say_not_judged(&explainer);
	return !arena->failed || error_out_of_memory(err);
}
