#include "report/boot_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"
#include "base/limits.h"
#include "facts/taint.h"
#include "report/section.h"
#include "report/words.h"

/* Columns of the layout. */
#define META_COLUMN 7      /* of the second line, and of a title that needs more than one */
#define VALUE_COLUMN 11    /* behind "  Wanted   " */
#define NAME_COLUMN 14     /* of a device, behind its "=> " */
#define STEP_COLUMN 5      /* behind "  1. " */
#define COMMAND_COLUMN 9   /* four blanks further in */

#define NAME_COLUMNS_MAX 24
#define PARTUUID_COLUMNS_MAX 40
#define FRAMES_SHOWN 8
#define EVIDENCE_LINES 3
/* Rows of the list shown besides the answers; a guest with more has a shelf of data disks. */
#define ROWS_SHOWN 24
#define ANSWERS_SHOWN 8
/* More rows are shown in the order of the log: sorting takes the square of their number. */
#define ROWS_SORTED 256

/* Verdict and title. */

static enum style verdict_style(enum verdict verdict)
{
	static const enum style styles[] = {
		[VERDICT_SILENT] = STYLE_HEADING, [VERDICT_CLEAN] = STYLE_GOOD,    [VERDICT_OOPS] = STYLE_FAILURE,
		[VERDICT_HANG] = STYLE_FAILURE,   [VERDICT_RESET] = STYLE_FAILURE, [VERDICT_PANIC] = STYLE_PANIC,
	};
	return styles[verdict];
}

unsigned boot_text_verdict(struct page *page, enum verdict verdict, bool is_complete)
{
	char word[16];
	size_t len = 0;
	for (const char *p = verdict_name(verdict); p[len] && len + 1 < sizeof(word); len++)
		word[len] = (char)toupper((unsigned char)p[len]);
	page_put(page, verdict_style(verdict), (struct slice){ word, len });
	if (!is_complete)
		page_put(page, STYLE_CAUTION, SLICE(" (incomplete log)"));
	page_put(page, STYLE_PLAIN, SLICE("  "));
	return META_COLUMN;
}

struct slice boot_text_title(const struct diagnosis *diagnosis)
{
	static const char *const otherwise[] = {
		[VERDICT_SILENT] = "no kernel text reached the log",
		[VERDICT_CLEAN] = "the kernel's log shows no failure",
		[VERDICT_OOPS] = "the kernel reported a fault and went on",
		[VERDICT_HANG] = "the guest stopped answering",
		[VERDICT_RESET] = "the guest was reset",
		[VERDICT_PANIC] = "the kernel panicked",
	};
	return diagnosis->title.len ? diagnosis->title : slice_of(otherwise[diagnosis->verdict]);
}

struct stamp boot_text_stamp(const struct boot *boot)
{
	return boot->dumped_at.kind != STAMP_NONE ? boot->dumped_at : boot->started_at;
}

/* The second line: what is known of the boot, as items. */

static void meta_cause(struct buf *items, const struct diagnosis *diagnosis)
{
	if (!diagnosis->cause.len)
		return;
	buf_text(items, "cause ");
	buf_append(items, diagnosis->cause);
	buf_printf(items, " (%s)\n", rule_confidence_name(diagnosis->confidence));
}

static void meta_kernel(struct buf *items, const struct diagnosis *diagnosis)
{
	struct slice release = facts_text(diagnosis->facts, FACT_KERNEL_RELEASE);
	struct slice os_release = facts_text(diagnosis->facts, FACT_KERNEL_DISTRIBUTION_RELEASE);
	const struct distribution *distribution = diagnosis->distribution;
	if (!release.len)
		return;
	buf_text(items, "kernel ");
	buf_append(items, release);
	if (distribution && distribution->id && *distribution->id) {
		const char *doubt = facts_is(diagnosis->facts, FACT_KERNEL_DISTRIBUTION_BASIS, "kernel") ? "" : "probably ";
		buf_printf(items, " (%s%s%s", doubt, distribution->name, os_release.len ? " " : "");
		buf_append(items, os_release);
		buf_char(items, ')');
	}
	buf_char(items, '\n');
}

void boot_text_describe(struct buf *items, const struct diagnosis *diagnosis)
{
	meta_cause(items, diagnosis);
	meta_kernel(items, diagnosis);
}

void boot_text_head(struct page *page, const struct boot_head *head)
{
	unsigned indent = boot_text_verdict(page, head->verdict, head->is_complete);
	page_wrap(page, STYLE_HEADING, indent, head->title);
	page_newline(page);
	if (!head->items.len)
		return;
	page_column(page, META_COLUMN);
	page_items(page, STYLE_DIM, META_COLUMN, head->items);
	page_newline(page);
}

/* Rows of `label  value`. */

static void label(struct page *page, const char *name)
{
	page_column(page, SECTION_COLUMN);
	page_put(page, STYLE_HEADING, slice_of(name));
	page_column(page, VALUE_COLUMN);
}

static void labelled(struct page *page, const char *name, enum style style, struct slice value)
{
	if (!value.len)
		return;
	label(page, name);
	page_wrap(page, style, VALUE_COLUMN, value);
	page_newline(page);
}

/* The partition list. */

static bool is_memory_disk(const struct block_device *device)
{
	return slice_starts(device->name, SLICE("ram")) || slice_starts(device->name, SLICE("loop"));
}

struct columns {
	unsigned name, size; /* widths */
};

static struct columns measure_rows(const struct root_advice *root)
{
	struct columns columns = { 6, 4 };
	for (size_t i = 0; i < root->row_count; i++) {
		char size[32];
		size_print(size, sizeof(size), root->rows[i].device->size_kib);
		unsigned name_len = (unsigned)utf8_columns(root->rows[i].device->name);
		if (name_len > columns.name && name_len <= NAME_COLUMNS_MAX)
			columns.name = name_len;
		if (strlen(size) > columns.size)
			columns.size = (unsigned)strlen(size);
	}
	return columns;
}

/* How many of the candidates are worth a place: all that are left when none is preferred. */
static size_t answer_count(const struct root_advice *root)
{
	size_t most = root->answer == ROOT_ANSWER_NONE ? 0 : root->answer == ROOT_ANSWER_ONE ? 1 : ANSWERS_SHOWN;
	return root->candidate_count < most ? root->candidate_count : most;
}

static bool is_answer(const struct root_advice *root, const struct block_device *device)
{
	for (size_t i = 0; i < answer_count(root); i++)
		if (root->candidates[i].device == device)
			return true;
	return false;
}

/* Only the kernel's list prints PARTUUIDs; a name of the partition scan alone tells nothing of them. */
static struct slice missing_partuuid(const struct block_device *device)
{
	return device->is_listed && device->role == ROLE_EXTENDED ? SLICE("no PARTUUID") : SLICE("PARTUUID not in the log");
}

/* A whole disk shows its driver, a partition what to write behind PARTUUID=. */
static void put_detail(struct page *page, const struct block_device *device, enum style style)
{
	if (device->partition || device->partuuid.len) {
		page_put_within(page, style, PARTUUID_COLUMNS_MAX,
				device->partuuid.len ? device->partuuid : missing_partuuid(device));
		return;
	}
	if (!device->driver.len)
		return;
	page_put(page, STYLE_DIM, SLICE("driver "));
	page_put_within(page, STYLE_DIM, NAME_COLUMNS_MAX, device->driver);
}

static void put_note(struct page *page, struct slice note, unsigned indent)
{
	if (!note.len)
		return;
	if (page->column <= indent) {
		page_column(page, indent);
	} else if (page->column + 2 + utf8_columns(note) > page->width) {
		page_newline(page);
		if (indent + 30 > page->width)
			indent = NAME_COLUMN + 2;
		page_column(page, indent);
	} else {
		page_put(page, STYLE_PLAIN, SLICE("  "));
	}
	page_wrap(page, STYLE_DIM, indent, note);
}

static void write_row(struct page *page, const struct root_advice *root, const struct root_row *row,
		      struct columns columns)
{
	const struct block_device *device = row->device;
	bool is_marked = is_answer(root, device);
	enum style style = is_marked ? STYLE_ANSWER : STYLE_PLAIN;
	unsigned detail_column = NAME_COLUMN + columns.name + 2 + columns.size + 2;
	char size[32];
	size_print(size, sizeof(size), device->size_kib);
	page_column(page, VALUE_COLUMN);
	if (is_marked)
		page_put(page, style, root->answer == ROOT_ANSWER_ONE ? SLICE("=>") : SLICE(" ?"));
	page_column(page, NAME_COLUMN);
	page_put_within(page, style, NAME_COLUMNS_MAX, device->name);
	page_column(page, detail_column - 2 - (unsigned)strlen(size));
	page_put(page, style, slice_of(size));
	page_column(page, detail_column);
	put_detail(page, device, style);
	put_note(page, row->note, detail_column);
	page_newline(page);
}

static void put_left_out(struct page *page, size_t count, const char *what)
{
	if (!count)
		return;
	page_column(page, NAME_COLUMN);
	page_printf(page, STYLE_DIM, "%s: %zu", what, count);
	page_newline(page);
}

struct row_writer {
	struct page *page;
	const struct root_advice *root;
	struct columns columns;
	size_t shown, memory_disks, others;
};

static void take_row(struct row_writer *writer, const struct root_row *row)
{
	if (is_memory_disk(row->device))
		writer->memory_disks++;
	else if (writer->shown >= ROWS_SHOWN && !is_answer(writer->root, row->device))
		writer->others++;
	else
		writer->shown++, write_row(writer->page, writer->root, row, writer->columns);
}

static bool has_own_row(const struct root_advice *root, struct slice disk)
{
	for (size_t i = 0; i < root->row_count; i++)
		if (slice_equal(root->rows[i].device->name, disk))
			return true;
	return false;
}

/* Partitions below their disk: the lines of a partition scan come disks first. */
static void take_rows(struct row_writer *writer)
{
	const struct root_advice *root = writer->root;
	bool is_sorted = root->row_count <= ROWS_SORTED;
	for (size_t i = 0; i < root->row_count; i++) {
		const struct block_device *device = root->rows[i].device;
		if (is_sorted && device->partition && has_own_row(root, device->disk))
			continue;
		take_row(writer, &root->rows[i]);
		for (size_t k = 0; is_sorted && !device->partition && k < root->row_count; k++)
			if (root->rows[k].device->partition && slice_equal(root->rows[k].device->disk, device->name))
				take_row(writer, &root->rows[k]);
	}
}

static void write_rows(struct page *page, const struct root_advice *root)
{
	struct row_writer writer = { .page = page, .root = root, .columns = measure_rows(root) };
	take_rows(&writer);
	put_left_out(page, writer.memory_disks,
		     writer.shown ? "RAM and loop disks left out" : "nothing but RAM and loop disks");
	put_left_out(page, writer.others, "further rows left out");
}

static void write_found(struct page *page, const struct diagnosis *diagnosis)
{
	if (!diagnosis->root.row_count) {
		bool is_none = facts_number(diagnosis->facts, FACT_DISKS_COUNT, -1) == 0;
		labelled(page, "Found", STYLE_PLAIN,
			 is_none ? SLICE("no disk at all") : SLICE("no list of the disks in this log"));
		return;
	}
	label(page, "Found");
	write_rows(page, &diagnosis->root);
}

static void write_reasons(struct page *page, const struct root_candidate *candidate)
{
	for (size_t i = 0; i < candidate->reason_count; i++) {
		page_column(page, VALUE_COLUMN + 2);
		page_put(page, STYLE_DIM, SLICE("- "));
		page_wrap(page, STYLE_PLAIN, VALUE_COLUMN + 4, candidate->reasons[i]);
		page_newline(page);
	}
}

/* "/dev/sda1 (likely)", together on one line. */
static void put_candidate_name(struct page *page, const struct root_candidate *candidate)
{
	static const char *const confidence[] = {
		[CONFIDENCE_POSSIBLE] = "(possible)", [CONFIDENCE_LIKELY] = "(likely)", [CONFIDENCE_CERTAIN] = "(certain)",
	};
	const char *word = confidence[candidate->confidence];
	bool has_name = !slice_equal(candidate->value, candidate->path);
	size_t columns = strlen(word) + 1 + (has_name ? utf8_columns(candidate->path) + 1 : 0);
	if (page->column + columns > page->width)
		page_newline(page);
	page_column(page, page->column ? page->column + 1 : VALUE_COLUMN + 2);
	if (has_name) {
		page_wrap(page, STYLE_PLAIN, VALUE_COLUMN + 2, candidate->path);
		page_put(page, STYLE_PLAIN, SLICE(" "));
	}
	page_wrap(page, STYLE_DIM, VALUE_COLUMN + 2, slice_of(word));
}

static void write_candidate(struct page *page, const struct root_candidate *candidate)
{
	page_column(page, VALUE_COLUMN);
	page_put(page, STYLE_ANSWER, SLICE("root="));
	page_put(page, STYLE_ANSWER, candidate->value);
	put_candidate_name(page, candidate);
	page_newline(page);
	write_reasons(page, candidate);
}

static void write_answer(struct page *page, const struct root_advice *root)
{
	static const char *const names[] = {
		[ROOT_ANSWER_NONE] = "Answer", [ROOT_ANSWER_ONE] = "Answer", [ROOT_ANSWER_SEVERAL] = "Either",
	};
	size_t count = answer_count(root);
	if (count)
		label(page, root->is_one_time && count == 1 ? "Way in" : names[root->answer]);
	for (size_t i = 0; i < count; i++)
		write_candidate(page, &root->candidates[i]);
	if (root->answer == ROOT_ANSWER_SEVERAL)
		put_left_out(page, root->candidate_count - count, "further candidates");
	labelled(page, count ? "Check" : "Answer", STYLE_PLAIN, root->check);
}

static void write_root(struct page *page, const struct diagnosis *diagnosis)
{
	const struct root_advice *root = &diagnosis->root;
	if (!root->is_present)
		return;
	labelled(page, "Wanted", STYLE_PLAIN, root->wanted.len ? root->wanted : SLICE("nothing: no root= was given"));
	write_found(page, diagnosis);
	write_answer(page, root);
}

/* A crash. */

/* "taint G OE (an out-of-tree module, an unsigned module)". */
static void put_taint(struct buf *items, struct slice letters)
{
	unsigned count = 0;
	if (!letters.len)
		return;
	buf_text(items, "taint ");
	buf_append(items, letters);
	for (size_t i = 0; i < letters.len; i++)
		if (taint_meaning(letters.ptr[i]))
			buf_printf(items, "%s%s", count++ ? ", " : " (", taint_meaning(letters.ptr[i]));
	buf_text(items, count ? ")\n" : "\n");
}

/* Items for page_items. */
static void put_crash_place(struct buf *items, const struct crash *crash)
{
	if (crash->function.len) {
		buf_append(items, crash->function);
		buf_text(items, "()");
	}
	if (crash->module.len) {
		buf_text(items, crash->function.len ? " of module " : "module ");
		buf_append(items, crash->module);
	}
	if (items->len)
		buf_char(items, '\n');
	if (crash->comm.len) {
		buf_text(items, "process ");
		buf_append(items, crash->comm);
		if (crash->pid >= 0)
			buf_printf(items, " (PID %" PRId64 ")", crash->pid);
		buf_char(items, '\n');
	}
	if (crash->cpu >= 0)
		buf_printf(items, "CPU %" PRId64 "\n", crash->cpu);
	put_taint(items, crash->taint);
}

/* Where a stack begins; what stands behind it belongs to another one. */
static bool is_bottom(struct slice frame)
{
	static const char *const heads[] = { "entry_SYSCALL", "entry_INT80", "ret_from_fork", "start_secondary",
					     "secondary_startup", "x86_64_start_kernel", "el0_svc", "el0t_", NULL };
	for (const char *const *head = heads; *head; head++)
		if (slice_starts(frame, slice_of(*head)))
			return true;
	return false;
}

static void put_frames(struct buf *line, const struct crash *crash)
{
	size_t count = 0, shown;
	while (count < crash->frame_count && !is_bottom(crash->frames[count]))
		count++;
	count += count < crash->frame_count;
	shown = count <= FRAMES_SHOWN + 1 ? count : FRAMES_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		buf_text(line, i ? " <- " : "");
		buf_append(line, crash->frames[i]);
	}
	if (shown < count)
		buf_printf(line, " <- %zu more", count - shown);
}

/* A warning that the panic did not follow from stands under "Also seen". */
static void write_crash(struct page *page, const struct diagnosis *diagnosis)
{
	const struct crash *crash = diagnosis_crash(diagnosis);
	if (!crash || (slice_is(crash->kind, "warning") && !crash->is_fatal))
		return;
	struct buf line = BUF_INIT(64 * KIB);
	labelled(page, "Crash", STYLE_PLAIN, crash->title.len ? crash->title : crash->kind);
	put_crash_place(&line, crash);
	if (line.len) {
		label(page, "Where");
		page_items(page, STYLE_PLAIN, VALUE_COLUMN, buf_slice(&line));
		page_newline(page);
	}
	buf_clear(&line);
	put_frames(&line, crash);
	labelled(page, "Trace", STYLE_PLAIN, buf_slice(&line));
	buf_clear(&line);
	if (crash_decode_command(crash, &line))
		labelled(page, "Symbols", STYLE_COMMAND, buf_slice(&line));
	page->out.failed |= line.failed;
	buf_deinit(&line);
}

/* Sections: each writes nothing, or an empty line, its heading and its text. */

static void section_facts(struct page *page, const struct diagnosis *diagnosis)
{
	struct slice panic = facts_text(diagnosis->facts, FACT_PANIC_TEXT);
	size_t before = page->out.len;
	page_newline(page);
	/* The title of a panic that no rule knows says it already. */
	if (!slice_contains(diagnosis->title, panic))
		labelled(page, "Panic", STYLE_PLAIN, panic);
	write_root(page, diagnosis);
	write_crash(page, diagnosis);
	/* Without a row the empty line goes, too. */
	if (page->out.len == before + 1)
		page->out.len = before;
}

static void section_why(struct page *page, const struct diagnosis *diagnosis)
{
	section_paragraph(page, "Why", STYLE_PLAIN, diagnosis->why);
}

static void put_risk(struct page *page, enum rule_risk risk)
{
	static const enum style styles[] = {
		[RISK_NONE] = STYLE_DIM, [RISK_REVERSIBLE] = STYLE_DIM,
		[RISK_WRITES_BOOT] = STYLE_CAUTION, [RISK_WRITES_DISK] = STYLE_DANGER,
	};
	page_printf(page, styles[risk], "[%s]", risk == RISK_NONE ? "no risk" : rule_risk_name(risk));
	page_put(page, STYLE_PLAIN, SLICE(" "));
}

static void write_step(struct page *page, const struct repair_step *step, unsigned number)
{
	page_printf(page, STYLE_PLAIN, "%3u.", number);
	page_column(page, STEP_COLUMN);
	put_risk(page, step->risk);
	page_wrap(page, STYLE_PLAIN, STEP_COLUMN, step->text);
	page_newline(page);
	for (size_t i = 0; i < step->command_count; i++)
		page_verbatim(page, STYLE_COMMAND, COMMAND_COLUMN, step->commands[i]);
}

static void write_steps(struct page *page, const struct diagnosis *diagnosis, bool is_lasting, const char *title)
{
	unsigned number = 0;
	for (size_t i = 0; i < diagnosis->step_count; i++) {
		if (diagnosis->steps[i].is_lasting != is_lasting)
			continue;
		if (!number)
			section_heading(page, title);
		write_step(page, &diagnosis->steps[i], ++number);
	}
}

static void section_steps(struct page *page, const struct diagnosis *diagnosis)
{
	write_steps(page, diagnosis, false, "Do this now");
	write_steps(page, diagnosis, true, "Fix it for good");
}

static void section_evidence(struct page *page, const struct diagnosis *diagnosis)
{
	struct place_widths widths = PLACE_WIDTHS_INIT;
	for (size_t i = 0; i < diagnosis->evidence_count; i++)
		section_measure_place(&widths, diagnosis, diagnosis->evidence[i].line);
	if (diagnosis->evidence_count)
		section_heading(page, "Evidence");
	for (size_t i = 0; i < diagnosis->evidence_count; i++) {
		page_column(page, SECTION_COLUMN);
		section_put_place(page, diagnosis, diagnosis->evidence[i].line, widths);
		page_wrap_lines(page, STYLE_DIM, page->column, EVIDENCE_LINES, diagnosis->evidence[i].text);
		page_newline(page);
	}
}

static void write_link(struct page *page, const struct diagnosis *diagnosis, const struct link *link,
		       struct place_widths widths)
{
	page_column(page, SECTION_COLUMN);
	section_put_place(page, diagnosis, link->line, widths);
	page_wrap(page, STYLE_PLAIN, page->column, link->title.len ? link->title : link->rule);
	page_newline(page);
}

static void section_also_seen(struct page *page, const struct diagnosis *diagnosis)
{
	struct place_widths widths = PLACE_WIDTHS_INIT;
	for (size_t i = 0; i < diagnosis->warning_count; i++)
		section_measure_place(&widths, diagnosis, diagnosis->warnings[i].line);
	if (diagnosis->warning_count)
		section_heading(page, "Also seen");
	for (size_t i = 0; i < diagnosis->warning_count; i++)
		write_link(page, diagnosis, &diagnosis->warnings[i], widths);
}

/* The last link of most chains says once more what the row "Panic" and the link before it, read from
 * the same line, have said. */
static bool is_news(const struct diagnosis *diagnosis, size_t i)
{
	const struct link *link = &diagnosis->chain[i], *before = i ? link - 1 : NULL;
	struct slice panic = facts_text(diagnosis->facts, FACT_PANIC_TEXT);
	if (!before || before->line != link->line)
		return true;
	return !slice_equal(before->title, link->title) && !(panic.len && slice_contains(link->title, panic));
}

static void section_chain(struct page *page, const struct diagnosis *diagnosis)
{
	struct place_widths widths = PLACE_WIDTHS_INIT;
	size_t count = 0;
	for (size_t i = 0; i < diagnosis->chain_count; i++) {
		count += is_news(diagnosis, i);
		section_measure_place(&widths, diagnosis, diagnosis->chain[i].line);
	}
	if (count < 2)
		return;
	section_heading(page, "Cause and consequences");
	for (size_t i = 0; i < diagnosis->chain_count; i++)
		if (is_news(diagnosis, i))
			write_link(page, diagnosis, &diagnosis->chain[i], widths);
}

static void section_disproof(struct page *page, const struct diagnosis *diagnosis)
{
	section_paragraph(page, "What would prove this wrong", STYLE_PLAIN, diagnosis->disproof);
}

static void section_losses(struct page *page, const struct diagnosis *diagnosis)
{
	if (!diagnosis->is_complete)
		section_paragraph(page, "Incomplete", STYLE_PLAIN,
			  diagnosis->incomplete_because.len ? diagnosis->incomplete_because
							    : SLICE("a part of this boot's text is missing"));
}

static void section_fingerprint(struct page *page, const struct diagnosis *diagnosis)
{
	if (!diagnosis->fingerprint.len)
		return;
	page_newline(page);
	page_put(page, STYLE_DIM, SLICE("fingerprint "));
	page_cut(page, STYLE_DIM, diagnosis->fingerprint);
}

static void section_more(struct page *page, const struct diagnosis *diagnosis)
{
	section_paragraph(page, "To see more", STYLE_PLAIN, diagnosis->silence);
}

typedef void write_section(struct page *page, const struct diagnosis *diagnosis);

/* Of a silent boot only why it was silent. */
void boot_text_body(struct page *page, const struct diagnosis *diagnosis)
{
	static write_section *const failed[] = {
		section_facts, section_why, section_explanation, section_steps, section_evidence, section_timeline,
		section_also_seen, section_chain, section_disproof, section_losses, section_fingerprint, NULL,
	};
	static write_section *const clean[] = {
		section_timeline, section_also_seen, section_more, section_losses, NULL,
	};
	static write_section *const silent[] = { section_timeline, NULL };
	write_section *const *sections = diagnosis->verdict == VERDICT_CLEAN ? clean
					 : diagnosis->verdict == VERDICT_SILENT ? silent : failed;
	while (*sections)
		(*sections++)(page, diagnosis);
}
