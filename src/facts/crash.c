#include "facts/crash_private.h"

/* One trouble makes many reports: an oops in the clean-up after an oops, all the tasks that wait
 * for one lock. Such reports follow within the time that a slow console needs for one. */
#define BURST_NS (2 * UINT64_C(1000000000))

/* Records between a header and its second header: "BUG: unable ...", "#PF: ...", "PGD ...", "Oops: ...". */
#define TAIL_RECORDS 12

static const struct slice panic_prefix = { "Kernel panic - not syncing", 26 };

struct crash_scan {
	struct crash_site open;                   /* the report being read */
	struct crash_site grave, note;            /* the first of each */
	struct crash_site last[CRASH_KIND_COUNT]; /* of each kind, before the panic */
	struct crash_site begin[CRASH_KIND_COUNT]; /* the first of the burst that ends in the last */
};

static const struct kmsg_record *site_record(const struct crash_site *site)
{
	return &site->boot->records[site->index];
}

static bool is_other_caller(const struct kmsg_record *a, const struct kmsg_record *b)
{
	return a->caller.len && b->caller.len && !slice_equal(a->caller, b->caller);
}

/* No stack or registers were printed since the header. */
static bool is_still_in_head(const struct crash_site *site, size_t index)
{
	if (index - site->index > TAIL_RECORDS || is_other_caller(site_record(site), &site->boot->records[index]))
		return false;
	for (size_t i = site->index + 1; i < index; i++)
		if (kmsg_is_kernel(&site->boot->records[i]) && crash_is_body(site->boot->records[i].text))
			return false;
	return true;
}

static bool is_bug_or_warning(enum crash_kind kind)
{
	return kind == CRASH_BUG || kind == CRASH_OPCODE || kind == CRASH_WARNING;
}

/* A report may have several headers. The first counts, but for those that only say how a
 * check that others name did its BUG(). */
static bool continues(const struct crash_site *open, const struct crash_header *header, size_t index)
{
	if (!open->header || !is_still_in_head(open, index))
		return false;
	if (header->flags & HEADER_TAIL)
		return header->kind == open->header->kind || (CRASH_BIT(open->header->kind) & CRASH_DEATHS);
	if (open->header->flags & HEADER_REFINES)
		return is_bug_or_warning(header->kind);
	return (header->flags & HEADER_REFINES) && is_bug_or_warning(open->header->kind);
}

/* Without times nobody knows, and each report stands for itself. */
static bool is_burst(const struct crash_site *before, const struct crash_site *site)
{
	const struct kmsg_record *a, *b;

	if (!before->header)
		return false;
	a = site_record(before);
	b = site_record(site);
	return (a->flags & b->flags & KMSG_HAS_TIME) && b->time_ns - a->time_ns <= BURST_NS;
}

static void scan_store(struct crash_scan *scan, const struct crash_site *site)
{
	enum crash_kind kind = site->header->kind;
	struct crash_site *first = site->header->flags & HEADER_NOTE ? &scan->note : &scan->grave;

	if (!first->header)
		*first = *site;
	if (!is_burst(&scan->last[kind], site))
		scan->begin[kind] = *site;
	scan->last[kind] = *site;
}

/* "list_del corruption" behind its "WARNING: at lib/list_debug.c": the report gets the better name. */
static void scan_refine(struct crash_scan *scan, const struct crash_header *header)
{
	struct crash_site *note = &scan->note;

	if (note->header && note->index == scan->open.index)
		note->header = NULL;
	scan->last[scan->open.header->kind].header = NULL;
	scan->open.header = header;
	scan_store(scan, &scan->open);
}

static void scan_header(struct crash_scan *scan, const struct boot *boot, size_t index,
			const struct crash_header *header)
{
	if (!continues(&scan->open, header, index)) {
		scan->open = (struct crash_site){ boot, header, index };
		scan_store(scan, &scan->open);
	} else if (header->flags & HEADER_REFINES && !(scan->open.header->flags & HEADER_REFINES)) {
		scan_refine(scan, header);
	}
}

static struct crash_site scan_latest(const struct crash_scan *scan, unsigned kinds)
{
	struct crash_site latest = { 0 };

	for (size_t kind = 0; kind < CRASH_KIND_COUNT; kind++) {
		const struct crash_site *site = &scan->last[kind];

		if ((kinds & CRASH_BIT(kind)) && site->header && (!latest.header || site->index > latest.index))
			latest = *site;
	}
	return latest;
}

static struct slice taint_letters(struct slice text, struct arena *arena)
{
	char letters[64];
	size_t len = 0;

	for (struct slice word = slice_word(&text); word.len; word = slice_word(&text)) {
		size_t upper = 0;

		while (upper < word.len && word.ptr[upper] >= 'A' && word.ptr[upper] <= 'Z')
			upper++;
		if (word.ptr[0] == '-')
			continue;
		if (upper < word.len || len + word.len + 1 > sizeof(letters))
			break;
		if (len)
			letters[len++] = ' ';
		memcpy(letters + len, word.ptr, word.len);
		len += word.len;
	}
	return len ? arena_copy(arena, (struct slice){ letters, len }) : (struct slice){ 0 };
}

static void take_taint(struct crash *crash, struct slice text, struct arena *arena)
{
	struct slice rest;

	if (!crash->taint.len && slice_after(text, SLICE("Tainted: "), &rest))
		crash->taint = taint_letters(rest, arena);
}

static int64_t number_behind(struct slice text, struct slice name)
{
	uint64_t number;

	if (!slice_after(text, name, &text))
		return -1;
	text = slice_trim_left(text);
	return slice_eat_decimal(&text, &number) && number <= INT32_MAX ? (int64_t)number : -1;
}

/* A process may be named with blanks; what follows its name is known. */
static struct slice comm_behind(struct slice text, struct slice name)
{
	static const struct slice ends[] = { SLICE(" Not tainted"), SLICE(" Tainted: ") };

	if (!slice_after(text, name, &text))
		return (struct slice){ 0 };
	for (size_t i = 0; i < 2; i++) {
		size_t at = slice_find(text, ends[i]);

		if (at != SLICE_NOT_FOUND)
			return slice_take(text, at);
	}
	return slice_word(&text);
}

/* "CPU: 0 UID: 0 PID: 1 Comm: x Tainted: G OE 6.12.0", or "Pid: 1, comm: x Not tainted 2.6.32". */
static bool take_process(struct crash *crash, struct slice text)
{
	if (slice_starts(text, SLICE("CPU: "))) {
		crash->cpu = number_behind(text, SLICE("CPU: "));
		crash->pid = number_behind(text, SLICE(" PID: "));
		crash->comm = comm_behind(text, SLICE(" Comm: "));
		return crash->comm.len;
	}
	if (!slice_starts(text, SLICE("Pid: ")))
		return false;
	crash->pid = number_behind(text, SLICE("Pid: "));
	crash->comm = comm_behind(text, SLICE(", comm: "));
	return true;
}

/* "[comm:pid]" of a soft lockup, "task comm:pid blocked" of a hung task; a comm may hold colons. */
static void take_header_process(struct crash *crash, struct slice name)
{
	uint64_t pid;
	size_t colon = name.len;

	while (colon > 0 && name.ptr[colon - 1] != ':')
		colon--;
	if (colon < 2 || !slice_to_decimal(slice_skip(name, colon), &pid) || pid > INT32_MAX)
		return;
	crash->pid = (int64_t)pid;
	crash->comm = slice_take(name, colon - 1);
}

static void take_header(struct crash *crash, const struct crash_site *site)
{
	struct slice text = site_record(site)->text, name;

	if (site->header->kind == CRASH_SOFT_LOCKUP && slice_between(text, SLICE("s! ["), SLICE("]"), &name)) {
		crash->cpu = number_behind(text, SLICE("CPU#"));
		take_header_process(crash, name);
	} else if (site->header->place == PLACE_SLEEP && slice_after(text, SLICE("task "), &name)) {
		size_t end = slice_find(name, SLICE(" blocked "));

		take_header_process(crash, slice_take(name, end != SLICE_NOT_FOUND ? end : slice_until(name, ' ').len));
	}
}

static void take_body(struct crash *crash, const struct crash_site *site, struct arena *arena)
{
	size_t index = site->index;
	bool has_process = crash->comm.len || site->header->place == PLACE_SLEEP;

	do {
		struct slice text = site->boot->records[index].text;

		if (!has_process)
			has_process = take_process(crash, text);
		take_taint(crash, text, arena);
		if (has_process && slice_contains(text, SLICE("ainted")))
			return;
	} while (crash_site_next(site, &index));
}

static struct slice title_base(const struct crash_site *site)
{
	struct slice text = site_record(site)->text;
	size_t end;

	if (!(site->header->flags & HEADER_NAMED))
		return site->header->title;
	slice_eat(&text, site->header->title);
	end = slice_find(text, SLICE(" in "));
	return slice_trim(slice_take(text, end));
}

static void crash_fill(const struct crash_site *site, struct arena *arena, struct crash *crash)
{
	struct crash_trace trace;
	struct crash_symbol symbol;
	struct slice title = title_base(site);

	crash_trace_read(site, &trace);
	symbol = crash_trace_choose(site, &trace);
	crash->kind = slice_of(crash_words[site->header->kind]);
	crash->function = crash_name_plain(symbol.name, arena);
	crash->place = symbol.place;
	crash->module = symbol.module;
	crash->title = crash->function.len ?
		arena_printf(arena, "%.*s in %.*s", SLICE_ARG(title), SLICE_ARG(crash->function)) : title;
	crash->line = site_record(site)->line;
	for (size_t i = 0; i < trace.count && crash->frame_count < FRAMES_MAX; i++)
		if (!trace.frames[i].is_guess)
			crash->frames[crash->frame_count++] = trace.frames[i].symbol.name;
	take_header(crash, site);
	take_body(crash, site, arena);
}

/* An exit of PID 1 is a panic of its own; it follows from an oops only when PID 1 had it just then. */
static bool killed_init(const struct crash_site *site, const struct kmsg_record *panic)
{
	struct crash crash = { .cpu = -1, .pid = -1 };
	struct arena arena = ARENA_INIT;
	uint64_t before = site_record(site)->time_ns;

	take_body(&crash, site, &arena);
	arena_deinit(&arena);
	return crash.pid == 1 && panic->time_ns - before < 1000000000;
}

/* The report that began the burst of reports that `latest` ended. */
static struct crash_site scan_earliest(const struct crash_scan *scan, unsigned kinds, struct crash_site latest)
{
	struct crash_site first = latest;

	for (size_t kind = 0; kind < CRASH_KIND_COUNT; kind++) {
		const struct crash_site *begin = &scan->begin[kind];

		if (!(kinds & CRASH_BIT(kind)) || !scan->last[kind].header || begin->index >= first.index ||
		    !is_burst(&scan->last[kind], &latest))
			continue;
		first = *begin;
	}
	return first;
}

/* Finds the crash that the panic in record `index` followed from. */
static struct crash_site scan_panic(struct crash_scan *scan, const struct boot *boot, size_t index)
{
	const struct kmsg_record *record = &boot->records[index];
	const struct crash_panic *panic = crash_panic_find(slice_skip(record->text, panic_prefix.len));
	struct crash_site fatal = { 0 };

	if (!panic)
		return fatal;
	fatal = scan_latest(scan, panic->kinds);
	if (fatal.header && slice_contains(record->text, SLICE("kill init")) && !killed_init(&fatal, record))
		fatal.header = NULL;
	if (fatal.header)
		return scan_earliest(scan, panic->kinds, fatal);
	if (panic->own) {
		fatal = (struct crash_site){ boot, panic->own, index };
		scan_store(scan, &fatal);
	}
	return fatal;
}

static struct crash_site scan_boot(struct crash_scan *scan, const struct boot *boot)
{
	for (size_t i = 0; i < boot->record_count; i++) {
		const struct kmsg_record *record = &boot->records[i];
		const struct crash_header *header;

		if (!kmsg_is_kernel(record))
			continue;
		header = crash_header_find(record->text);
		if (header)
			scan_header(scan, boot, i, header);
		else if (slice_starts(record->text, panic_prefix))
			return scan_panic(scan, boot, i);
	}
	return (struct crash_site){ 0 };
}

void crash_scan(const struct boot *boot, struct arena *arena, struct crash *first, struct crash *fatal)
{
	struct crash_scan scan = { 0 };
	struct crash_site died = scan_boot(&scan, boot), site = scan.grave.header ? scan.grave : scan.note;

	*first = *fatal = (struct crash){ .cpu = -1, .pid = -1 };
	if (site.header)
		crash_fill(&site, arena, first);
	if (!died.header)
		return;
	if (site.header && site.index == died.index)
		*fatal = *first;
	else
		crash_fill(&died, arena, fatal);
	fatal->is_fatal = true;
	first->is_fatal = site.header && site.index == died.index;
}

bool crash_wants(struct slice text)
{
	return crash_header_find(text) || slice_starts(text, panic_prefix) || crash_is_body(text);
}
