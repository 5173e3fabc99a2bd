#include "rules/load.h"

#include "rules/loader.h"
#include "rules/template.h"
#include "rules/words.h"

/* The format that this program reads. */
#define SCHEMA 1

enum rule_key {
	KEY_SCHEMA, KEY_ID, KEY_REV, KEY_STATUS, KEY_TITLE, KEY_SEVERITY, KEY_CONFIDENCE, KEY_CAUSE, KEY_VERDICT,
	KEY_ROOT, KEY_MATCH, KEY_EXPLAINS, KEY_WHY, KEY_DISPROOF, KEY_FIX, KEY_REFERENCES, KEY_TESTS, KEY_COUNT
};
static const char *const rule_keys[KEY_COUNT + 1] = {
	"schema", "id", "rev", "status", "title", "severity", "confidence", "cause", "verdict", "root", "match",
	"explains", "why", "disproof", "fix", "references", "tests", NULL,
};
static const enum rule_key required_keys[] = {
	KEY_ID, KEY_REV, KEY_STATUS, KEY_TITLE, KEY_SEVERITY, KEY_MATCH, KEY_WHY,
};

enum step_key { STEP_ID, STEP_USE, STEP_RISK, STEP_TEXT, STEP_COMMANDS, STEP_KEYS };
static const char *const step_keys[STEP_KEYS + 1] = { "id", "use", "risk", "text", "commands", NULL };

enum test_key { TEST_NAME, TEST_LOG, TEST_EXPECT, TEST_CAPTURES, TEST_ALSO, TEST_KEYS };
static const char *const test_keys[TEST_KEYS + 1] = { "name", "log", "expect", "captures", "also", NULL };
static const char *const expect_words[] = { "no-match", "match", NULL };

/* What a site may change in a rule that it has not written: never the match. */
enum override_key { OVERRIDE_KEY_SCHEMA, OVERRIDE_KEY_ID, OVERRIDE_KEY_SEVERITY, OVERRIDE_KEY_STATUS,
		    OVERRIDE_KEY_FIX, OVERRIDE_KEYS };
static const char *const override_keys[OVERRIDE_KEYS + 1] = { "schema", "overrides", "severity", "status", "fix", NULL };

/* The schema is looked at before anything else: a newer rule may hold keys and words that
 * this program cannot know. */
static bool check_schema(struct loader *loader, const struct yaml_node *root)
{
	uint64_t schema;
	if (!loader_expect(loader, root, YAML_MAP))
		return false;
	const struct yaml_node *first = root->first;
	if (!first || !slice_is(first->key->text, "schema"))
		return loader_fail(loader, root, "no schema, expected 'schema: %d' as the first line", SCHEMA);
	if (first->kind != YAML_TEXT || !slice_to_decimal(first->text, &schema) || schema == 0)
		return loader_fail(loader, first, "a schema that is no number, expected %d", SCHEMA);
	if (schema > SCHEMA)
		return loader_fail(loader, first, "schema %s, expected at most %d: this rule needs a newer vmpanic",
				   loader_show(loader, first->text), SCHEMA);
	return true;
}

static bool check_required(struct loader *loader, const struct yaml_node *root, const struct yaml_node **values)
{
	for (size_t i = 0; i < sizeof required_keys / sizeof *required_keys; i++)
		if (!values[required_keys[i]])
			return loader_fail(loader, root, "no '%s', expected one in every rule",
					   rule_keys[required_keys[i]]);
	if (values[KEY_CAUSE] && !values[KEY_CONFIDENCE])
		return loader_fail(loader, values[KEY_CAUSE]->key, "a cause without a 'confidence', expected one");
	return true;
}

static bool is_slug(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!(c >= 'a' && c <= 'z') && !char_is_digit(c) && c != '-')
			return false;
	}
	return text.len != 0;
}

static bool is_rule_id(struct slice text)
{
	struct slice slug;
	return slice_after(text, SLICE("/"), &slug) && is_slug(slice_until(text, '/')) && is_slug(slug);
}

static bool load_id(struct loader *loader, const struct yaml_node *node, struct slice wanted, struct rule *rule)
{
	if (!loader_line(loader, node, &rule->id))
		return false;
	if (!is_rule_id(node->text))
		return loader_fail(loader, node, "id '%s', expected family/slug of a-z, 0-9 and '-'",
				   loader_show(loader, node->text));
	if (wanted.len && !slice_equal(node->text, wanted))
		return loader_fail(loader, node, "id '%s', expected '%s', the path of the file",
				   loader_show(loader, node->text), loader_show(loader, wanted));
	return true;
}

static bool load_cause(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	if (!loader_line(loader, node, &rule->cause))
		return false;
	if (!node || rule_cause_is_known(node->text))
		return true;
	const char *shown = loader_show(loader, node->text);
	const char *nearest = loader_nearest(node->text, rule_cause_words());
	if (nearest)
		return loader_fail(loader, node, "unknown cause '%s', expected '%s' or another word of "
				   "`vmpanic rules list --causes`", shown, nearest);
	return loader_fail(loader, node, "unknown cause '%s', expected a word of `vmpanic rules list --causes`",
			   shown);
}

static bool load_words(struct loader *loader, const struct yaml_node **values, struct rule *rule)
{
	unsigned status = STATUS_STABLE, severity = SEVERITY_INFO, confidence = CONFIDENCE_LIKELY, root = ROOT_SILENT;
	unsigned verdict = 0;
	if (!loader_word(loader, values[KEY_STATUS], status_words, &status) ||
	    !loader_word(loader, values[KEY_SEVERITY], severity_words, &severity) ||
	    !loader_word(loader, values[KEY_CONFIDENCE], confidence_words, &confidence) ||
	    !loader_word(loader, values[KEY_ROOT], root_words, &root) ||
	    !loader_word(loader, values[KEY_VERDICT], verdict_words, &verdict))
		return false;
	rule->status = status;
	rule->severity = severity;
	rule->confidence = confidence;
	rule->root = root;
	rule->verdict = values[KEY_VERDICT] ? verdict_words[verdict] : NULL;
	return true;
}

static bool load_explains(struct loader *loader, const struct yaml_node *list, struct rule *rule)
{
	if (!loader_lines(loader, list, &rule->explains, &rule->explains_count))
		return false;
	for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next) {
		bool is_family = slice_ends(item->text, SLICE("/*")) &&
				 is_slug(slice_take(item->text, item->text.len - 2));
		if (!is_family && !is_rule_id(item->text) && !slice_is(item->text, "*"))
			return loader_fail(loader, item, "'%s', expected family/slug, 'family/*' or '*'",
					   loader_show(loader, item->text));
	}
	return true;
}

static bool is_capture(const struct loader *loader, struct slice name)
{
	for (size_t i = 0; i < loader->capture_count; i++)
		if (slice_equal(loader->captures[i], name))
			return true;
	return false;
}

static bool has_bare_place(struct slice text)
{
	struct template_piece piece;
	while (template_next(&text, &piece))
		if (piece.has_place && !piece.has_otherwise)
			return true;
	return false;
}

static bool check_passages(struct loader *loader, const struct yaml_node *node)
{
	struct slice rest = node ? node->text : SLICE("");
	struct template_passage passage;
	while (template_next_passage(&rest, &passage)) {
		if (slice_contains(passage.text, SLICE("{?")))
			return loader_fail(loader, node, "a '{?' without its '?}', expected both");
		if (passage.is_optional && !has_bare_place(passage.text))
			return loader_fail(loader, node, "a passage {?...?} that is never left out, expected a value "
					   "without '|' in it");
	}
	return true;
}

static bool check_template(struct loader *loader, const struct yaml_node *node)
{
	struct slice rest = node ? node->text : SLICE("");
	struct template_piece piece;
	while (template_next(&rest, &piece)) {
		if (slice_contains(piece.plain, SLICE("{{")))
			return loader_fail(loader, node, "a '{{' without its '}}', expected both");
		if (piece.has_place && !is_capture(loader, piece.name) && fact_by_path(piece.name) == FACT_INVALID)
			return loader_fail(loader, node, "unknown value '{{%s}}', expected a fact or a named group of "
					   "this rule's regexes", loader_show(loader, piece.name));
	}
	return check_passages(loader, node);
}

static bool check_templates(struct loader *loader, const struct yaml_node *list)
{
	for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next)
		if (!check_template(loader, item))
			return false;
	return true;
}

static bool advice_is_known(struct slice name)
{
	const char *const *word = rule_advice_words();
	while (*word && !slice_is(name, *word))
		word++;
	return *word != NULL;
}

static bool check_step(struct loader *loader, const struct yaml_node *node, const struct yaml_node **values)
{
	if (values[STEP_USE] && !advice_is_known(values[STEP_USE]->text)) {
		const char *nearest = loader_nearest(values[STEP_USE]->text, rule_advice_words());
		return loader_fail(loader, values[STEP_USE], "unknown advice '%s', expected %s%s%s",
				   loader_show(loader, values[STEP_USE]->text), nearest ? "'" : "",
				   nearest ? nearest : "a name that the program can word", nearest ? "'" : "");
	}
	if (values[STEP_USE]) {
		const struct yaml_node *own = values[STEP_TEXT] ? values[STEP_TEXT] : values[STEP_COMMANDS];
		return !own || loader_fail(loader, own->key, "a text of its own in a step with 'use', expected none");
	}
	if (!values[STEP_ID] || !values[STEP_RISK] || !values[STEP_TEXT])
		return loader_fail(loader, node, "an unfinished step, expected 'use', or 'id', 'risk' and 'text'");
	return true;
}

static bool load_step(struct loader *loader, const struct yaml_node *node, struct rule_step *ret)
{
	const struct yaml_node *values[STEP_KEYS];
	unsigned risk = RISK_NONE;
	if (!loader_fields(loader, node, step_keys, values) || !check_step(loader, node, values))
		return false;
	if (!loader_line(loader, values[STEP_USE], &ret->use) ||
	    !loader_line(loader, values[STEP_ID], &ret->id) ||
	    !loader_word(loader, values[STEP_RISK], risk_words, &risk) ||
	    !loader_text(loader, values[STEP_TEXT], &ret->text) ||
	    !loader_lines(loader, values[STEP_COMMANDS], &ret->commands, &ret->command_count))
		return false;
	ret->risk = risk;
	if (!ret->id)
		ret->id = ret->use;
	return check_template(loader, values[STEP_TEXT]) && check_templates(loader, values[STEP_COMMANDS]);
}

static bool load_steps(struct loader *loader, const struct yaml_node *list, struct rule *rule)
{
	struct rule_step *steps = list ? loader_items(loader, list, sizeof *steps) : NULL;
	if (list && !steps)
		return false;
	rule->steps = steps;
	for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next)
		if (!load_step(loader, item, &steps[rule->step_count++]))
			return false;
	return true;
}

static bool load_captures(struct loader *loader, const struct yaml_node *map, struct rule_test *test)
{
	if (!map)
		return true;
	if (!loader_expect(loader, map, YAML_MAP))
		return false;
	const char **names = arena_alloc(loader->arena, map->count * sizeof *names);
	const char **values = arena_alloc(loader->arena, map->count * sizeof *values);
	if (!names || !values)
		return error_out_of_memory(loader->err);
	test->capture_names = names;
	test->capture_values = values;
	for (const struct yaml_node *value = map->first; value; value = value->next) {
		if (!is_capture(loader, value->key->text))
			return loader_fail(loader, value->key, "unknown capture '%s', expected a named group",
					   loader_show(loader, value->key->text));
		names[test->capture_count] = value->key->text.ptr;
		if (!loader_line(loader, value, &values[test->capture_count++]))
			return false;
	}
	return true;
}

static bool load_also(struct loader *loader, const struct yaml_node *list, bool expects_match, struct rule_test *test)
{
	if (list && !expects_match)
		return loader_fail(loader, list->key, "'also' in a test with 'expect: no-match', expected none");
	for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next)
		if (!is_rule_id(item->text))
			return loader_fail(loader, item, "'%s', expected family/slug", loader_show(loader, item->text));
	return loader_lines(loader, list, &test->also, &test->also_count);
}

static bool load_test(struct loader *loader, const struct yaml_node *node, struct rule_test *ret)
{
	const struct yaml_node *values[TEST_KEYS];
	unsigned expect = 0;
	if (!loader_fields(loader, node, test_keys, values))
		return false;
	if (!values[TEST_NAME] || !values[TEST_LOG] || !values[TEST_EXPECT])
		return loader_fail(loader, node, "an unfinished test, expected 'name', 'log' and 'expect'");
	if (!loader_line(loader, values[TEST_NAME], &ret->name) ||
	    !loader_expect(loader, values[TEST_LOG], YAML_TEXT) ||
	    !loader_word(loader, values[TEST_EXPECT], expect_words, &expect))
		return false;
	ret->log = values[TEST_LOG]->text.ptr;
	ret->expects_match = expect;
	ret->source_line = node->line;
	return load_captures(loader, values[TEST_CAPTURES], ret) &&
	       load_also(loader, values[TEST_ALSO], expect, ret);
}

static bool load_tests(struct loader *loader, const struct yaml_node *list, struct rule *rule)
{
	struct rule_test *tests = list ? loader_items(loader, list, sizeof *tests) : NULL;
	if (list && !tests)
		return false;
	rule->tests = tests;
	for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next)
		if (!load_test(loader, item, &tests[rule->test_count++]))
			return false;
	return true;
}

/* Behind `match`, whose regexes name the captures. */
static bool load_texts(struct loader *loader, const struct yaml_node **values, struct rule *rule)
{
	return loader_line(loader, values[KEY_TITLE], &rule->title) &&
	       loader_text(loader, values[KEY_WHY], &rule->why) &&
	       loader_text(loader, values[KEY_DISPROOF], &rule->disproof) &&
	       check_template(loader, values[KEY_TITLE]) &&
	       check_template(loader, values[KEY_WHY]) &&
	       check_template(loader, values[KEY_DISPROOF]) &&
	       loader_lines(loader, values[KEY_REFERENCES], &rule->references, &rule->reference_count);
}

static bool load_override(struct loader *loader, const struct yaml_node *root, struct slice id, struct rule *rule)
{
	const struct yaml_node *values[OVERRIDE_KEYS];
	unsigned severity = 0, status = 0;
	if (!loader_fields(loader, root, override_keys, values) ||
	    !load_id(loader, values[OVERRIDE_KEY_ID], id, rule) ||
	    !loader_word(loader, values[OVERRIDE_KEY_SEVERITY], severity_words, &severity) ||
	    !loader_word(loader, values[OVERRIDE_KEY_STATUS], status_words, &status))
		return false;
	rule->severity = severity;
	rule->status = status;
	rule->overrides = OVERRIDE_IS | (values[OVERRIDE_KEY_SEVERITY] ? OVERRIDE_SEVERITY : 0u) |
			  (values[OVERRIDE_KEY_STATUS] ? OVERRIDE_STATUS : 0u);
	return load_steps(loader, values[OVERRIDE_KEY_FIX], rule);
}

static bool load_rule(struct loader *loader, const struct yaml_node *root, struct slice id, struct rule *rule)
{
	const struct yaml_node *values[KEY_COUNT];
	if (!check_schema(loader, root))
		return false;
	if (loader_field(root, "overrides"))
		return load_override(loader, root, id, rule);
	return loader_fields(loader, root, rule_keys, values) &&
	       check_required(loader, root, values) &&
	       load_id(loader, values[KEY_ID], id, rule) &&
	       loader_number(loader, values[KEY_REV], &rule->rev) &&
	       load_words(loader, values, rule) &&
	       load_cause(loader, values[KEY_CAUSE], rule) &&
	       condition_load(loader, values[KEY_MATCH], &rule->match) &&
	       load_explains(loader, values[KEY_EXPLAINS], rule) &&
	       load_texts(loader, values, rule) &&
	       load_steps(loader, values[KEY_FIX], rule) &&
	       load_tests(loader, values[KEY_TESTS], rule);
}

static bool load_text(struct arena *arena, struct slice text, const char *file, struct slice id,
		      const struct rule **ret, struct error *err)
{
	struct loader loader = { .arena = arena, .file = file, .err = err };
	const struct yaml_node *root;
	if (!yaml_read(arena, text, file, &root, err))
		return false;
	struct rule *rule = ARENA_NEW(arena, struct rule);
	if (!rule)
		return error_out_of_memory(err);
	rule->file = arena_copy(arena, slice_of(file)).ptr;
	if (!load_rule(&loader, root, id, rule))
		return false;
	*ret = rule;
	return !arena->failed || error_out_of_memory(err);
}

bool rule_load(struct arena *arena, struct slice text, const char *file, struct slice id,
	       const struct rule **ret, struct error *err)
{
	if (load_text(arena, text, file, id, ret, err))
		return true;
	if (err)
		yaml_show_place(err, text);
	return false;
}
