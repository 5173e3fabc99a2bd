#include "cli/dmesg.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_wanted(const struct options *options, const struct boot *boot)
{
	switch (options->boot_choice) {
	case BOOT_CHOICE_LAST:
		return boot->record_count != 0;
	case BOOT_CHOICE_NUMBER:
		return boot->record_count != 0 && boot->number == options->boot_number;
	case BOOT_CHOICE_ALL:
		break;
	}
	return true;
}

static void print_boot(struct dmesg_chooser *chooser, const struct boot *boot)
{
	chooser->has_boot |= boot->record_count != 0;
	chooser->let_go_count += boot->let_go_count;
	chooser->has_failed |= !dmesg_print_boot(chooser->printer, boot, &chooser->err);
}

/* Only what printing needs. */
static void keep_boot(struct dmesg_chooser *chooser, const struct boot *boot)
{
	struct arena *arena = &chooser->arena;
	arena_deinit(arena);
	struct kmsg_record *records = arena_alloc(arena, boot->record_count * sizeof(*records));
	for (size_t i = 0; records && i < boot->record_count; i++) {
		records[i] = boot->records[i];
		records[i].text = arena_copy(arena, records[i].text);
		records[i].caller = arena_copy(arena, records[i].caller);
	}
	chooser->kept = (struct boot){
		.number = boot->number,
		.records = records,
		.record_count = boot->record_count,
		.started_at = boot->started_at,
		.dumped_at = boot->dumped_at,
		.let_go_count = boot->let_go_count,
		.format = boot->format,
	};
	chooser->has_kept = true;
	if (arena->failed)
		chooser->has_failed = !error_out_of_memory(&chooser->err);
}

void dmesg_chooser_take(void *user, const struct boot *boot)
{
	struct dmesg_chooser *chooser = user;
	if (chooser->has_failed || !is_wanted(chooser->printer->options, boot))
		return;
	if (chooser->printer->options->boot_choice == BOOT_CHOICE_LAST && !boot->is_last) {
		keep_boot(chooser, boot);
		return;
	}
	chooser->has_kept = false;
	print_boot(chooser, boot);
}

bool dmesg_chooser_end(struct dmesg_chooser *chooser)
{
	if (chooser->has_kept && !chooser->has_failed)
		print_boot(chooser, &chooser->kept);
	chooser->has_kept = false;
	return !chooser->has_failed;
}

void dmesg_chooser_explain(const struct dmesg_chooser *chooser, const char *path)
{
	char text[96];
	snprintf(text, sizeof(text), "%" PRIu64 " records in the middle were left out", chooser->let_go_count);
	if (chooser->let_go_count)
		complain(path, text);
}

void dmesg_chooser_deinit(struct dmesg_chooser *chooser)
{
	arena_deinit(&chooser->arena);
}
