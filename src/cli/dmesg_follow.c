/* dmesg --follow: a log that is still being written.
 *
 * What comes is put together in batches, each by an assembler of its own: what was there at the
 * start, then what came before the log fell silent. A dump is a burst, so a batch holds the whole
 * of it, and its last record tells the wall clock of all. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cli/dmesg.h"
#include "input/decompress.h"
#include "input/tail.h"
#include "vmxlog/reader.h"

#define WAIT_MS 250
/* A log that never falls silent is printed all the same. */
#define BATCH_BYTES (1 * MIB)
/* Records of a boot that are known when a later dump repeats them: of a power of two so many; a
 * ring of 1 MiB holds some 12,000. Beyond it a record is printed again. */
#define SEEN_SLOTS ((size_t)1 << 17)
#define SEEN_MAX (SEEN_SLOTS / 4 * 3)

struct seen {
	uint64_t *hashes; /* SEEN_SLOTS; 0 is an empty one */
	size_t count;
	uint64_t last_ns; /* of the latest record */
};

struct follow {
	struct dmesg_printer *printer;
	struct tail tail;
	char *block;
	struct buf head;                  /* of a log whose format is not known yet */
	enum log_format format;
	struct vmxlog_sink sink;          /* of the reader: hands on to the batch */
	struct vmxlog_reader *reader;     /* NULL before the format is known */
	struct boot_assembler *assembler; /* of the batch */
	struct dmesg_chooser chooser;     /* of the first batch */
	bool is_first;                    /* the batch is what was there at the start */
	size_t batch_bytes;
	unsigned boot_number;
	bool begins_batch;                /* the next boot is the first of its batch */
	bool has_failed;
	struct error err;
	struct seen seen;                 /* of the boot that is being printed */
};

/* Records that were seen. */

static uint64_t hash_of(const struct kmsg_record *record)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ record->time_ns;
	for (size_t i = 0; i < record->text.len; i++)
		hash = (hash ^ (unsigned char)record->text.ptr[i]) * UINT64_C(1099511628211);
	return hash ? hash : 1;
}

static uint64_t *slot_of(const struct seen *seen, const struct kmsg_record *record)
{
	uint64_t hash = hash_of(record);
	size_t at = hash & (SEEN_SLOTS - 1);
	while (seen->hashes[at] && seen->hashes[at] != hash)
		at = (at + 1) & (SEEN_SLOTS - 1);
	return &seen->hashes[at];
}

static void seen_add(struct seen *seen, const struct boot *boot)
{
	for (size_t i = 0; i < boot->record_count; i++) {
		const struct kmsg_record *record = &boot->records[i];
		uint64_t *slot = slot_of(seen, record);
		if ((record->flags & KMSG_HAS_TIME) && record->time_ns > seen->last_ns)
			seen->last_ns = record->time_ns;
		if (*slot || seen->count == SEEN_MAX)
			continue;
		*slot = hash_of(record);
		seen->count++;
	}
}

static void seen_clear(struct seen *seen)
{
	memset(seen->hashes, 0, SEEN_SLOTS * sizeof(*seen->hashes));
	seen->count = 0;
	seen->last_ns = 0;
}

static bool seen_has(const struct seen *seen, const struct kmsg_record *record)
{
	return (record->flags & KMSG_HAS_TIME) && record->time_ns <= seen->last_ns && *slot_of(seen, record);
}

/* Boots. */

/* Does the boot go on that was printed last? Only the first of a batch can be the same. */
static bool goes_on(const struct follow *follow, const struct boot *boot)
{
	if (!follow->begins_batch || boot->started_by_host || !follow->boot_number || !boot->record_count)
		return false;
	const struct kmsg_record *first = &boot->records[0];
	bool begins = slice_starts(first->text, SLICE("Linux version ")) && kmsg_is_kernel(first);
	return !begins || (follow->format == LOG_VMWARE && seen_has(&follow->seen, first));
}

/* Without what a dump repeats. */
static bool print_news(struct follow *follow, const struct boot *boot, bool is_new)
{
	struct arena arena = ARENA_INIT;
	struct boot news = *boot;
	struct kmsg_record *records = arena_alloc(&arena, boot->record_count * sizeof(*records) + 1);
	size_t count = 0;
	for (size_t i = 0; records && i < boot->record_count; i++)
		if (is_new || follow->format != LOG_VMWARE || !seen_has(&follow->seen, &boot->records[i]))
			records[count++] = boot->records[i];
	news.records = records;
	news.record_count = count;
	news.number = follow->boot_number;
	bool is_done = records ? dmesg_print_live(follow->printer, &news, is_new, &follow->err)
			       : error_out_of_memory(&follow->err);
	arena_deinit(&arena);
	return is_done;
}

static void take_boot(void *user, const struct boot *boot)
{
	struct follow *follow = user;
	bool is_new = !goes_on(follow, boot);
	follow->begins_batch = false;
	follow->boot_number += is_new;
	if (is_new)
		seen_clear(&follow->seen);
	if (follow->is_first)
		dmesg_chooser_take(&follow->chooser, boot);
	else if (!follow->has_failed)
		follow->has_failed = !print_news(follow, boot, is_new);
	seen_add(&follow->seen, boot);
}

/* Batches. */

static bool begin_batch(struct follow *follow, struct error *err)
{
	const struct boot_sink sink = { follow, take_boot, NULL };
	follow->batch_bytes = 0;
	follow->begins_batch = true;
	follow->assembler = boot_assembler_new(follow->format, &sink, err);
	return follow->assembler;
}

static bool end_first_batch(struct follow *follow, struct error *err)
{
	bool is_printed = dmesg_chooser_end(&follow->chooser);
	if (!is_printed)
		error_set(err, "%s", follow->chooser.err.text);
	dmesg_chooser_explain(&follow->chooser, follow->tail.path);
	dmesg_chooser_deinit(&follow->chooser);
	return is_printed && dmesg_print_end(follow->printer, err);
}

static bool end_batch(struct follow *follow, struct error *err)
{
	if (follow->assembler)
		vmxlog_reader_flush(follow->reader);
	bool is_done = !follow->assembler || boot_assembler_finish(follow->assembler, false, err);
	boot_assembler_free(follow->assembler);
	follow->assembler = NULL;
	if (is_done && follow->is_first)
		is_done = end_first_batch(follow, err);
	else if (follow->has_failed)
		is_done = error_set(err, "%s", follow->err.text);
	follow->is_first = false;
	return is_done;
}

static const struct vmxlog_sink *batch_sink(void *user)
{
	struct follow *follow = user;
	return boot_assembler_input(follow->assembler);
}

static void take_guest(void *user, const struct guest_line *line)
{
	const struct vmxlog_sink *sink = batch_sink(user);
	sink->guest(sink->user, line);
}

static void take_event(void *user, const struct host_event *event)
{
	const struct vmxlog_sink *sink = batch_sink(user);
	sink->event(sink->user, event);
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	const struct vmxlog_sink *sink = batch_sink(user);
	sink->setting(sink->user, setting);
}

/* Bytes. */

static bool feed(struct follow *follow, struct slice bytes, struct error *err)
{
	if (!follow->assembler && !begin_batch(follow, err))
		return false;
	follow->batch_bytes += bytes.len;
	if (!vmxlog_reader_feed(follow->reader, bytes, err))
		return false;
	return follow->is_first || follow->batch_bytes < BATCH_BYTES || end_batch(follow, err);
}

/* What the first bytes do not tell, more of them may. */
static bool begin_log(struct follow *follow, bool is_all, struct error *err)
{
	struct slice head = buf_slice(&follow->head);
	if (decoder_knows(head))
		return error_set(err, "is compressed: --follow reads a log that is being written");
	follow->format = vmxlog_detect(slice_take(head, DETECT_BYTES), is_all);
	if (follow->format == LOG_EMPTY || (follow->format == LOG_UNKNOWN && !slice_contains(head, SLICE("\n"))))
		return true;
	if (follow->format == LOG_UNKNOWN)
		return error_set(err, "is neither a vmware.log nor kernel text");
	follow->sink = (struct vmxlog_sink){ follow, take_guest, take_event, take_setting };
	follow->reader = vmxlog_reader_new(follow->format, &follow->sink, err);
	bool is_fed = follow->reader && feed(follow, head, err);
	buf_clear(&follow->head);
	return is_fed;
}

static bool take_bytes(struct follow *follow, struct slice bytes, struct error *err)
{
	if (follow->reader)
		return feed(follow, bytes, err);
	buf_append(&follow->head, bytes);
	if (follow->head.failed)
		return error_out_of_memory(err);
	return follow->head.len < DETECT_BYTES || begin_log(follow, false, err);
}

/* The last line has come as far as it will. */
static bool end_log(struct follow *follow, struct error *err)
{
	if (!follow->reader && !begin_log(follow, true, err))
		return false;
	if (follow->reader && !follow->assembler && !begin_batch(follow, err))
		return false;
	if (follow->reader)
		vmxlog_reader_finish(follow->reader);
	bool is_done = end_batch(follow, err);
	vmxlog_reader_free(follow->reader);
	follow->reader = NULL;
	return is_done;
}

static bool begin_again(struct follow *follow, enum tail_news news, struct error *err)
{
	if (!end_log(follow, err))
		return false;
	complain(follow->tail.path, news == TAIL_TRUNCATED ? "was cut short: it is read from its beginning"
							   : "was replaced: the new one is read from its beginning");
	seen_clear(&follow->seen);
	follow->boot_number = 0;
	return true;
}

/* Of the first batch at once: somebody waits for it. Of others after a moment without news. */
static bool fall_silent(struct follow *follow, bool is_still, struct error *err)
{
	if (!follow->reader && !begin_log(follow, true, err))
		return false;
	if (!follow->is_first)
		return !is_still || !follow->assembler || end_batch(follow, err);
	if (!end_batch(follow, err))
		return false;
	if (!follow->boot_number && follow->tail.is_file)
		complain(follow->tail.path, "holds no kernel text so far: waiting for some");
	return true;
}

/* The loop. */

static bool is_reader_gone(const struct output *output)
{
	struct pollfd look = { .fd = output->fd };
	return output->is_gone || *output->trouble.text || (poll(&look, 1, 0) > 0 && (look.revents & POLLERR));
}

static bool take_news(struct follow *follow, enum tail_news news, size_t len, bool is_still, struct error *err)
{
	switch (news) {
	case TAIL_BYTES:
		return take_bytes(follow, (struct slice){ follow->block, len }, err);
	case TAIL_QUIET:
		return fall_silent(follow, is_still, err);
	case TAIL_TRUNCATED:
	case TAIL_REPLACED:
		return begin_again(follow, news, err);
	case TAIL_ENDED:
		break;
	}
	return end_log(follow, err) && (follow->boot_number || error_set(err, "holds no kernel text of the guest"));
}

static bool run(struct follow *follow, const sigset_t *signals, struct error *err)
{
	const struct timespec wait = { .tv_nsec = WAIT_MS * 1000000 };
	enum tail_news news = TAIL_BYTES, before;
	bool goes = true;
	while (goes && news != TAIL_ENDED) {
		size_t len;
		before = news;
		goes = tail_read(&follow->tail, follow->block, INPUT_BLOCK_BYTES, &len, &news, err) &&
		       take_news(follow, news, len, before == TAIL_QUIET, err);
		if (goes && news == TAIL_QUIET &&
		    (sigtimedwait(signals, NULL, &wait) > 0 || is_reader_gone(follow->printer->output)))
			break;
	}
	return goes;
}

/* A signal ends it where nothing is half done. */
static bool run_until_signal(struct follow *follow, struct error *err)
{
	sigset_t signals, old;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &old);
	bool is_done = run(follow, &signals, err);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return is_done;
}

bool dmesg_follow(struct dmesg_printer *printer, const char *path, struct error *err)
{
	struct follow follow = {
		.printer = printer,
		.block = malloc(INPUT_BLOCK_BYTES),
		.head = BUF_INIT(DETECT_BYTES + INPUT_BLOCK_BYTES),
		.chooser.printer = printer,
		.is_first = true,
		.seen.hashes = calloc(SEEN_SLOTS, sizeof(uint64_t)),
	};
	bool has_memory = follow.block && follow.seen.hashes;
	bool is_done = has_memory ? tail_open(&follow.tail, path, err) : error_out_of_memory(err);
	if (is_done) {
		is_done = run_until_signal(&follow, err);
		tail_close(&follow.tail);
	}
	boot_assembler_free(follow.assembler);
	vmxlog_reader_free(follow.reader);
	dmesg_chooser_deinit(&follow.chooser);
	buf_deinit(&follow.head);
	free(follow.seen.hashes);
	free(follow.block);
	return is_done;
}
