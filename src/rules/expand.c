#include "base/escape.h"
#include "base/limits.h"
#include "rules/engine.h"
#include "rules/template.h"

bool template_next(struct slice *rest, struct template_piece *ret)
{
	struct slice place;
	if (rest->len == 0)
		return false;
	*ret = (struct template_piece){ .plain = *rest };
	size_t open = slice_find(*rest, SLICE("{{"));
	if (open == SLICE_NOT_FOUND || !slice_between(*rest, SLICE("{{"), SLICE("}}"), &place)) {
		*rest = slice_skip(*rest, rest->len);
		return true;
	}
	ret->plain = slice_take(*rest, open);
	*rest = slice_skip(*rest, open + place.len + 4);
	ret->has_place = true;
	ret->name = slice_trim(slice_until(place, '|'));
	ret->has_otherwise = slice_after(place, SLICE("|"), &ret->otherwise);
	ret->otherwise = slice_trim(ret->otherwise);
	return true;
}

bool template_next_passage(struct slice *rest, struct template_passage *ret)
{
	struct slice inner;
	if (rest->len == 0)
		return false;
	*ret = (struct template_passage){ .text = *rest };
	size_t open = slice_find(*rest, SLICE("{?"));
	if (open == SLICE_NOT_FOUND || !slice_between(*rest, SLICE("{?"), SLICE("?}"), &inner))
		open = rest->len;
	if (open == 0)
		*ret = (struct template_passage){ inner, true };
	else
		ret->text = slice_take(*rest, open);
	*rest = slice_skip(*rest, open ? open : inner.len + 4);
	return true;
}

/* A capture goes before a fact of the same name; an empty value says nothing. */
static struct slice value_of(const struct finding *finding, const struct facts *facts, struct slice name)
{
	for (size_t i = 0; finding && i < finding->capture_count; i++)
		if (slice_equal(finding->captures[i].name, name))
			return finding->captures[i].value;
	enum fact_id id = fact_by_path(name);
	return id == FACT_INVALID || !facts ? SLICE("") : facts_text(facts, id);
}

/* What a text is filled from, and where it goes. */
struct filling {
	const struct finding *finding;
	const struct facts *facts;
	bool for_shell;
	struct buf *out;
};

/* False when the value may not stand in a command line. */
static bool put_place(const struct filling *filling, const struct template_piece *piece)
{
	struct slice value = value_of(filling->finding, filling->facts, piece->name);
	if (value.len == 0 && piece->has_otherwise) {
		buf_append(filling->out, piece->otherwise);
		return true;
	}
	if (filling->for_shell && !escape_shell_is_plain(value)) /* which an empty value is not */
		return false;
	buf_append(filling->out, value.len ? value : SLICE("(unknown)"));
	return true;
}

static bool knows_all(const struct filling *filling, struct slice text)
{
	struct template_piece piece;
	while (template_next(&text, &piece))
		if (piece.has_place && !piece.has_otherwise &&
		    value_of(filling->finding, filling->facts, piece.name).len == 0)
			return false;
	return true;
}

static bool put_passage(const struct filling *filling, const struct template_passage *passage)
{
	struct slice rest = passage->text;
	struct template_piece piece;
	if (passage->is_optional && !knows_all(filling, rest))
		return true;
	while (template_next(&rest, &piece)) {
		buf_append(filling->out, piece.plain);
		if (piece.has_place && !put_place(filling, &piece))
			return false;
	}
	return true;
}

bool finding_expand(const struct finding *finding, const struct facts *facts, const char *template,
		    bool for_shell, struct arena *arena, struct slice *ret)
{
	struct buf out = BUF_INIT(REPORT_BYTES);
	struct filling filling = { finding, facts, for_shell, &out };
	struct slice rest = slice_of(template);
	struct template_passage passage;
	bool is_whole = true;
	while (is_whole && template_next_passage(&rest, &passage))
		is_whole = put_passage(&filling, &passage);
	arena->failed |= out.failed;
	is_whole = is_whole && !out.failed;
	*ret = is_whole ? arena_copy(arena, slice_trim(buf_slice(&out))) : SLICE("");
	buf_deinit(&out);
	return is_whole && !arena->failed;
}
