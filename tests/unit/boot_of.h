/* Boots from text, through the real reader and the real assembler. */
#ifndef TESTS_BOOT_OF_H
#define TESTS_BOOT_OF_H

#include "expect.h"

#include "base/limits.h"
#include "kmsg/boot.h"

#define BOOTS_KEPT 8

struct boots {
	struct arena arena;
	struct boot items[BOOTS_KEPT];
	size_t count;
};

static inline void boots_keep_lists(struct boots *boots, struct boot *kept)
{
	struct arena *arena = &boots->arena;
	struct kmsg_record *records = arena_alloc(arena, kept->record_count * sizeof *records);
	struct host_event *events = arena_alloc(arena, kept->event_count * sizeof *events);
	struct boot_setting *settings = arena_alloc(arena, kept->setting_count * sizeof *settings);
	for (size_t i = 0; i < kept->record_count; i++) {
		records[i] = kept->records[i];
		records[i].text = arena_copy(arena, records[i].text);
		records[i].caller = arena_copy(arena, records[i].caller);
	}
	for (size_t i = 0; i < kept->event_count; i++) {
		events[i] = kept->events[i];
		events[i].text = arena_copy(arena, events[i].text);
	}
	for (size_t i = 0; i < kept->setting_count; i++) {
		settings[i] = kept->settings[i];
		settings[i].key = arena_copy(arena, settings[i].key);
		settings[i].value = arena_copy(arena, settings[i].value);
	}
	kept->records = records;
	kept->events = events;
	kept->settings = settings;
}

/* A boot is lent until the call returns: a deep copy of it. */
static inline void boots_take(void *user, const struct boot *boot)
{
	struct boots *boots = user;
	assert_in_range(boots->count, 0, BOOTS_KEPT - 1);
	struct boot *kept = &boots->items[boots->count++];
	*kept = *boot;
	kept->firmware_boot = arena_copy(&boots->arena, kept->firmware_boot);
	boots_keep_lists(boots, kept);
}

/* The caller frees it with boots_free. */
static inline void boots_read(struct boots *boots, enum log_format format, struct slice text)
{
	struct boot_sink sink = { boots, boots_take, NULL };
	*boots = (struct boots){ .arena = ARENA_INIT };
	struct boot_assembler *assembler = boot_assembler_new(format, &sink, NULL);
	struct vmxlog_reader *reader = vmxlog_reader_new(format, boot_assembler_input(assembler), NULL);
	assert_true(vmxlog_reader_feed(reader, text, NULL));
	vmxlog_reader_finish(reader);
	bool is_cut = vmxlog_reader_totals(reader).ends_without_newline;
	assert_true(boot_assembler_finish(assembler, is_cut, NULL));
	assert_int_equal(boot_assembler_count(assembler), boots->count);
	vmxlog_reader_free(reader);
	boot_assembler_free(assembler);
}

static inline void boots_free(struct boots *boots)
{
	arena_deinit(&boots->arena);
}

/* The one boot of a dmesg. */
static inline const struct boot *boot_of(struct boots *boots, const char *text)
{
	boots_read(boots, LOG_KERNEL, slice_of(text));
	assert_int_equal(boots->count, 1);
	return &boots->items[0];
}

#define BOOT_OF_FRAME "2024-05-06T07:%02u:%02u.%03uZ In(05)"

/* A host line of vmware.log at that many milliseconds behind seven o'clock. */
static inline void log_host(struct buf *out, unsigned ms, const char *thread, const char *body)
{
	buf_printf(out, BOOT_OF_FRAME " %s %s\n", ms / 60000, ms / 1000 % 60, ms % 1000, thread, body);
}

/* A dump of kernel text, a record each line, as the VMX writes it. */
static inline void log_dump(struct buf *out, unsigned ms, const char *records)
{
	for (struct slice rest = slice_of(records); rest.len;) {
		struct slice line = slice_until(rest, '\n');
		rest = slice_skip(rest, line.len + 1);
		buf_printf(out, BOOT_OF_FRAME " vcpu-0 Guest: %.*s\n", ms / 60000, ms / 1000 % 60, ms % 1000,
			   SLICE_ARG(line));
		buf_printf(out, BOOT_OF_FRAME "+ vcpu-0 \n", ms / 60000, ms / 1000 % 60, ms % 1000);
	}
}

#endif
