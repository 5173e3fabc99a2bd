#include "diagnosis/fingerprint.h"

#include "base/hash.h"

static uint64_t mix(uint64_t hash, struct slice text)
{
	return hash_char(hash_slice(hash, text), '\n');
}

/* Numbers, hexadecimal or not, count as one '#': "CPU#3 stuck for 22s" is "CPU## stuck for #s". */
static uint64_t mix_without_numbers(uint64_t hash, struct slice text)
{
	for (size_t i = 0; i < text.len;) {
		if (!char_is_digit(text.ptr[i])) {
			hash = hash_char(hash, text.ptr[i++]);
			continue;
		}
		hash = hash_char(hash, '#');
		while (i < text.len && (char_is_hex(text.ptr[i]) || text.ptr[i] == 'x'))
			i++;
	}
	return hash_char(hash, '\n');
}

/* Which device is missing is part of a failure; an identifier, unique to one VM, is not. */
static struct slice wanted_part(const struct facts *facts)
{
	if (facts_is(facts, FACT_ROOT_FORM, "device") || facts_is(facts, FACT_ROOT_FORM, "number") ||
	    facts_is(facts, FACT_ROOT_FORM, "mapper"))
		return facts_text(facts, FACT_ROOT_WANTED);
	return facts_text(facts, FACT_ROOT_FORM);
}

static bool is_about_root(struct slice cause)
{
	return slice_starts(cause, SLICE("root-")) || slice_starts(cause, SLICE("initramfs-"));
}

struct slice fingerprint_make(const struct diagnosis *diagnosis, struct arena *arena)
{
	const struct facts *facts = diagnosis->facts;
	if (diagnosis->verdict == VERDICT_CLEAN || diagnosis->verdict == VERDICT_SILENT)
		return SLICE("");
	struct slice cause = diagnosis->cause.len ? diagnosis->cause : slice_of(verdict_name(diagnosis->verdict));
	uint64_t hash = mix(HASH_START, cause);
	if (is_about_root(cause)) {
		hash = mix(hash, wanted_part(facts));
	} else if (facts->first_crash.kind.len) {
		hash = mix(hash, facts->first_crash.kind);
		hash = mix(hash, facts->first_crash.function);
	} else {
		hash = mix_without_numbers(hash, facts_text(facts, FACT_PANIC_TEXT));
	}
	return arena_printf(arena, "%.*s-%08x", SLICE_ARG(cause), (unsigned)(hash ^ hash >> 32));
}
