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

/* A capture goes before a fact of the same name; an empty value says nothing. */
static struct slice value_of(const struct finding *finding, const struct facts *facts, struct slice name)
{
	for (size_t i = 0; finding && i < finding->capture_count; i++)
		if (slice_equal(finding->captures[i].name, name))
			return finding->captures[i].value;
	enum fact_id id = fact_by_path(name);
	return id == FACT_INVALID || !facts ? SLICE("") : facts_text(facts, id);
}

static bool put_place(const struct template_piece *piece, struct slice value, bool for_shell, struct buf *out)
{
	if (value.len == 0 && piece->has_otherwise) {
		buf_append(out, piece->otherwise);
		return true;
	}
	if (for_shell && !escape_shell_is_plain(value)) /* which an empty value is not */
		return false;
	buf_append(out, value.len ? value : SLICE("(unknown)"));
	return true;
}

bool finding_expand(const struct finding *finding, const struct facts *facts, const char *template,
		    bool for_shell, struct arena *arena, struct slice *ret)
{
	struct buf out = BUF_INIT(REPORT_BYTES);
	struct slice rest = slice_of(template);
	struct template_piece piece;
	bool is_whole = true;
	while (is_whole && template_next(&rest, &piece)) {
		buf_append(&out, piece.plain);
		if (piece.has_place)
			is_whole = put_place(&piece, value_of(finding, facts, piece.name), for_shell, &out);
	}
	arena->failed |= out.failed;
	is_whole = is_whole && !out.failed;
	*ret = is_whole ? arena_copy(arena, buf_slice(&out)) : SLICE("");
	buf_deinit(&out);
	return is_whole && !arena->failed;
}
