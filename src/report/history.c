#include "report/history.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"

#define EVIDENCE_BYTES (4 * KIB)

void history_init(struct history *history)
{
	*history = (struct history){ .evidence = BUF_INIT(EVIDENCE_BYTES) };
}

void history_deinit(struct history *history)
{
	free(history->entries);
	buf_deinit(&history->evidence);
}

void history_clear(struct history *history)
{
	history->count = 0;
	history->failed_count = history->last_number = 0;
	history->has_recovered = false;
	buf_clear(&history->evidence);
}

static void remember(struct history *history, uint64_t hash, unsigned number)
{
	if (history->count == history->capacity) {
		size_t capacity = history->capacity ? 2 * history->capacity : 16;
		bool is_bounded = capacity <= 2 * BOOTS_MAX;
		void *grown = is_bounded ? realloc(history->entries, capacity * sizeof *history->entries) : NULL;
		if (!grown) {
			history->failed = is_bounded;
			return;
		}
		history->entries = grown;
		history->capacity = capacity;
	}
	history->entries[history->count++] = (struct history_entry){ hash, number };
}

static unsigned find_same(struct history *history, const struct diagnosis *diagnosis)
{
	if (!diagnosis->fingerprint.len)
		return 0;
	uint64_t hash = hash_slice(HASH_START, diagnosis->fingerprint);
	for (size_t i = 0; i < history->count; i++)
		if (history->entries[i].hash == hash)
			return history->entries[i].number;
	remember(history, hash, diagnosis->boot->number);
	return 0;
}

/* User space of the root file system: its own words in the kernel's log, or those of VMware Tools
 * and the graphics driver, which the host writes down beside it. */
static bool find_evidence(struct history *history, const struct diagnosis *diagnosis)
{
	const struct boot *boot = diagnosis->boot;
	const struct fact *ran = facts_get(diagnosis->facts, FACT_USERSPACE_RAN);
	history->evidence_line = 0;
	if (facts_is(diagnosis->facts, FACT_USERSPACE_RAN, "yes") && ran->line) {
		history->evidence_line = ran->line;
		buf_text(&history->evidence, "Its log shows the user space of the root file system (");
		source_place_print(&history->evidence, &boot->parts, ran->line);
		buf_text(&history->evidence, ").");
		return true;
	}
	if (!boot->has_tools_text)
		return false;
	buf_text(&history->evidence, "VMware Tools or the guest's graphics driver wrote to the log, so its user space runs (from ");
	source_place_print(&history->evidence, &boot->parts, boot->first_line);
	buf_text(&history->evidence, " on).");
	return true;
}

unsigned history_take(struct history *history, const struct diagnosis *diagnosis)
{
	bool is_failure = verdict_is_failure(diagnosis->verdict);
	history->last_number = diagnosis->boot->number;
	buf_clear(&history->evidence);
	history->has_recovered = !is_failure && history->failed_count && find_evidence(history, diagnosis);
	history->failed_count += is_failure;
	return find_same(history, diagnosis);
}
