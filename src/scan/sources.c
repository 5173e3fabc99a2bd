#include "scan/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/path.h"
#include "input/input.h"
#include "vmxlog/event.h"
#include "vmxlog/rotation.h"

/* A VM has four serial ports at most. */
#define SERIAL_PORTS 4

/* What is gathered of a VM's folder before its sources are made. */
struct vm {
	struct sources *sources;
	struct slice path;
	struct slice vmx;          /* the settings file; empty when there is none, or several */
	struct vm_setting *settings;
	size_t setting_count, setting_capacity;
	struct log_head *logs;
	size_t log_count;
	struct slice *consoles;    /* logs of that name that hold kernel text */
	size_t console_count;
	bool takes_all;            /* consoles, too; and a VM without any log is nothing to speak of */
	struct source common;      /* what is said of the folder as a whole */
};

static struct source *add_source(struct sources *sources, const struct source *source, struct error *err)
{
	if (!arena_grow(&sources->arena, &sources->items, sources->count, &sources->capacity,
			sizeof(*sources->items))) {
		error_out_of_memory(err);
		return NULL;
	}
	sources->items[sources->count] = *source;
	return &sources->items[sources->count++];
}

__attribute__((format(printf, 2, 3)))
static void note(struct vm *vm, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct source *source = &vm->common;
	if (source->note_count < SOURCE_NOTES_MAX)
		source->notes[source->note_count++] = arena_copy(&vm->sources->arena, slice_of(text));
}

/* The rest of the VM is judged all the same, and what is missing is said. */
static void leave_out(struct vm *vm, const char *name, const struct error *why)
{
	vm->common.is_short = true;
	if (!vm->common.unread.len)
		vm->common.unread = arena_printf(&vm->sources->arena, "%s: %s", name, why->text);
}

/* Names. */

bool sources_is_vmx_name(struct slice name)
{
	return name.len > 4 && slice_equal_nocase(slice_skip(name, name.len - 4), SLICE(".vmx"));
}

/* vmware.log, vmware-3.log, and either behind gzip and the like. */
static bool is_log_name(struct slice name)
{
	static const struct slice ends[] = { { "", 0 }, { ".gz", 3 }, { ".xz", 3 }, { ".zst", 4 }, { ".bz2", 4 } };
	uint64_t number;
	if (!slice_eat(&name, SLICE("vmware")))
		return false;
	if (slice_eat(&name, SLICE("-")) && !slice_eat_decimal(&name, &number))
		return false;
	if (!slice_eat(&name, SLICE(".log")))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (slice_equal(name, ends[i]))
			return true;
	return false;
}

bool sources_is_vm_file(struct slice name)
{
	return is_log_name(name) || sources_is_vmx_name(name);
}

/* Settings. */

static bool take_setting(struct vm *vm, struct slice line, struct error *err)
{
	struct arena *arena = &vm->sources->arena;
	struct vm_setting setting;
	if (!setting_parse(slice_trim(line), &setting) || vm->setting_count >= SETTINGS_MAX)
		return true;
	if (!arena_grow(arena, &vm->settings, vm->setting_count, &vm->setting_capacity, sizeof(*vm->settings)))
		return error_out_of_memory(err);
	vm->settings[vm->setting_count++] =
		(struct vm_setting){ arena_copy(arena, setting.key), arena_copy(arena, setting.value), 0 };
	return true;
}

static bool take_settings(struct vm *vm, struct slice text, struct error *err)
{
	while (text.len) {
		struct slice line = slice_until(text, '\n');
		text = slice_skip(text, line.len + 1);
		if (slice_ends(line, SLICE("\r")))
			line.len--;
		if (!take_setting(vm, line, err))
			return false;
	}
	return true;
}

static struct slice setting_value(const struct vm *vm, const char *key)
{
	for (size_t i = vm->setting_count; i-- > 0;)
		if (slice_equal_nocase(vm->settings[i].key, slice_of(key)))
			return vm->settings[i].value;
	return SLICE("");
}

/* The first bytes of a file; *ret is what came, also before a failure. */
static bool read_start(const struct vm *vm, const char *name, char *bytes, size_t size, size_t *ret, struct error *err)
{
	struct input input;
	*ret = 0;
	if (!input_open_in(&input, &vm->sources->folder, name, err))
		return false;
	bool is_read = input_read_full(&input, bytes, size, ret, err);
	input_close(&input);
	return is_read || *ret;
}

static bool read_settings(struct vm *vm, struct error *err)
{
	struct error why;
	size_t len;
	if (!vm->vmx.len)
		return true;
	char *bytes = malloc(VMX_FILE_BYTES);
	if (!bytes)
		return error_out_of_memory(err);
	bool is_done = true;
	if (read_start(vm, vm->vmx.ptr, bytes, VMX_FILE_BYTES, &len, &why))
		is_done = take_settings(vm, (struct slice){ bytes, len }, err);
	else
		leave_out(vm, vm->vmx.ptr, &why);
	free(bytes);
	return is_done;
}

/* The only one of the folder, if none was named. */
static void choose_vmx(struct vm *vm, struct slice named)
{
	const struct folder *folder = &vm->sources->folder;
	size_t count = 0;
	for (size_t i = 0; i < folder->count; i++) {
		struct slice name = folder->files[i]->name;
		if (!sources_is_vmx_name(name) || (named.len && !slice_equal(name, named)))
			continue;
		vm->vmx = name;
		count++;
	}
	if (count <= 1)
		return;
	vm->vmx = SLICE("");
	note(vm, "%zu .vmx files are in this folder: to have the VM's settings read, name one of them", count);
}

/* Logs. */

/* A log that is alone need not be looked at to be put into order. */
static bool is_only_log(const struct vm *vm)
{
	const struct folder *folder = &vm->sources->folder;
	size_t count = 0;
	for (size_t i = 0; i < folder->count; i++)
		count += is_log_name(folder->files[i]->name);
	return count == 1;
}

static void add_log(struct vm *vm, struct slice name, char *bytes)
{
	if (vm->takes_all && is_only_log(vm)) {
		vm->logs[vm->log_count++] = (struct log_head){ .name = name, .format = LOG_VMWARE };
		return;
	}
	struct error why;
	size_t len;
	if (!read_start(vm, name.ptr, bytes, DETECT_BYTES, &len, &why)) {
		leave_out(vm, name.ptr, &why);
		return;
	}
	struct log_head head = log_head_read(name, (struct slice){ bytes, len }, len < DETECT_BYTES);
	if (head.format == LOG_VMWARE)
		vm->logs[vm->log_count++] = head;
	else if (head.format == LOG_KERNEL && vm->takes_all)
		vm->consoles[vm->console_count++] = name;
	else
		note(vm, head.format == LOG_EMPTY ? "%s is empty" : "%s is not a vmware.log: left out", name.ptr);
}

/* vmware-0.log.gz beside vmware-0.log is the same log; sorted, it stands behind it. */
static bool is_copy(struct slice name, struct slice plain)
{
	return plain.len && slice_starts(name, plain);
}

static bool read_logs(struct vm *vm, struct error *err)
{
	const struct folder *folder = &vm->sources->folder;
	struct slice plain = SLICE("");
	char *bytes = malloc(DETECT_BYTES);
	vm->logs = arena_alloc(&vm->sources->arena, folder->count * sizeof(*vm->logs));
	vm->consoles = arena_alloc(&vm->sources->arena, folder->count * sizeof(*vm->consoles));
	for (size_t i = 0; bytes && vm->logs && vm->consoles && i < folder->count; i++) {
		struct slice name = folder->files[i]->name;
		if (!is_log_name(name) || is_copy(name, plain))
			continue;
		if (slice_ends(name, SLICE(".log")))
			plain = name;
		add_log(vm, name, bytes);
	}
	bool is_done = bytes && vm->logs && vm->consoles;
	free(bytes);
	return is_done || error_out_of_memory(err);
}

/* Runs. */

static struct source describe_run(const struct vm *vm, size_t from, size_t to)
{
	struct source source = {
		.path = vm->path, .folder = &vm->sources->folder, .is_joined = true,
		.vm_name = setting_value(vm, "displayName"), .vm_uuid = setting_value(vm, "uuid.bios"),
	};
	struct slice *files = arena_alloc(&vm->sources->arena, (to - from) * sizeof(*files));
	for (size_t i = from; files && i < to; i++)
		files[i - from] = vm->logs[i].name;
	source.files = files;
	source.file_count = to - from;
	return source;
}

static struct slice run_label(struct vm *vm, const struct source *run)
{
	struct slice first = run->files[0], last = run->files[run->file_count - 1];
	if (run->file_count == 1)
		return first;
	return arena_printf(&vm->sources->arena, "%.*s to %.*s", SLICE_ARG(first), SLICE_ARG(last));
}

/* What is known of the folder goes with the newest run; the settings are those of today. */
static struct source newest_run(struct vm *vm, size_t from)
{
	struct source run = describe_run(vm, from, vm->log_count), source = vm->common;
	source.path = run.path;
	source.vm_name = run.vm_name;
	source.vm_uuid = run.vm_uuid;
	source.folder = run.folder;
	source.files = run.files;
	source.file_count = run.file_count;
	source.is_joined = true;
	source.settings = vm->settings;
	source.setting_count = vm->setting_count;
	return source;
}

static bool add_older_run(struct vm *vm, size_t from, size_t to, struct error *err)
{
	struct source run = describe_run(vm, from, to);
	if (!run.files)
		return error_out_of_memory(err);
	run.label = run_label(vm, &run);
	return add_source(vm->sources, &run, err);
}

static bool add_runs(struct vm *vm, bool all_runs, struct error *err)
{
	size_t begin = 0, older = 0;
	log_heads_sort(vm->logs, vm->log_count);
	for (size_t i = 1; i < vm->log_count; i++) {
		if (!log_head_begins_run(&vm->logs[i], &vm->logs[i - 1]))
			continue;
		if (all_runs && !add_older_run(vm, begin, i, err))
			return false;
		older++;
		begin = i;
	}
	if (!vm->log_count)
		return true;
	if (older && !all_runs)
		note(vm, "%zu older run%s in this folder; --all-runs reads %s", older, older == 1 ? " is" : "s are",
		     older == 1 ? "it" : "them");
	struct source run = newest_run(vm, begin);
	if (run.files && older && all_runs)
		run.label = run_label(vm, &run);
	return (run.files || error_out_of_memory(err)) && add_source(vm->sources, &run, err);
}

/* Serial ports. */

/* The file's name without where it stands: a path of the host, "[datastore] folder/file", or
 * nothing but a name. A folder that was copied has it beside the log. */
static struct slice base_name(struct slice path)
{
	struct slice rest;
	for (size_t i = path.len; i-- > 0;)
		if (path.ptr[i] == '/' || path.ptr[i] == '\\')
			return slice_skip(path, i + 1);
	return path.len && path.ptr[0] == '[' && slice_after(path, SLICE("] "), &rest) ? rest : path;
}

static struct slice port_setting(const struct vm *vm, unsigned port, const char *what)
{
	char key[32];
	snprintf(key, sizeof(key), "serial%u.%s", port, what);
	return setting_value(vm, key);
}

static enum log_format console_format(struct vm *vm, const char *name, struct error *err)
{
	size_t len = 0;
	char *head = malloc(DETECT_BYTES);
	bool is_read = head ? read_start(vm, name, head, DETECT_BYTES, &len, err) : error_out_of_memory(err);
	enum log_format format =
		is_read ? vmxlog_detect((struct slice){ head, len }, len < DETECT_BYTES) : LOG_UNKNOWN;
	free(head);
	return format;
}

/* True when it holds kernel text; else says what it is. */
static bool holds_console(struct vm *vm, unsigned port, const char *name)
{
	struct error why = { 0 };
	uint64_t bytes;
	bool is_there = folder_has(&vm->sources->folder, name, &bytes);
	enum log_format format = is_there ? console_format(vm, name, &why) : LOG_UNKNOWN;
	if (format != LOG_UNKNOWN && format != LOG_EMPTY)
		return true;
	/* What else a folder in memory had is read by itself. */
	bool is_elsewhere = !is_there && vm->sources->folder.fd < 0;
	if (*why.text)
		leave_out(vm, name, &why);
	else if (!is_elsewhere)
		note(vm, "the log of serial port %u, %s, %s", port, name,
		     !is_there ? "is not in this folder" : format == LOG_EMPTY ? "is empty" : "holds no kernel text");
	return false;
}

/* As it appears in reports: the folder may be given with a slash at its end. */
static struct slice join_path(struct vm *vm, struct slice name)
{
	struct slice folder = path_trim(vm->path);
	return arena_printf(&vm->sources->arena, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(name));
}

/* A file that holds kernel text. */
static struct source describe_console(struct vm *vm, const struct slice *file)
{
	return (struct source){
		.path = join_path(vm, *file), .folder = &vm->sources->folder, .files = file, .file_count = 1,
		.vm_name = setting_value(vm, "displayName"), .vm_uuid = setting_value(vm, "uuid.bios"),
		.settings = vm->settings, .setting_count = vm->setting_count,
	};
}

static bool make_port(struct vm *vm, unsigned port, struct source *ret)
{
	struct arena *arena = &vm->sources->arena;
	struct slice name = base_name(port_setting(vm, port, "fileName"));
	if (!slice_equal_nocase(port_setting(vm, port, "present"), SLICE("TRUE")) ||
	    !slice_equal_nocase(port_setting(vm, port, "fileType"), SLICE("file")) || !name.len)
		return false;
	if (!holds_console(vm, port, name.ptr))
		return false;
	struct slice *file = ARENA_NEW(arena, struct slice);
	if (!file)
		return false;
	*file = name;
	*ret = describe_console(vm, file);
	ret->label = arena_printf(arena, "serial port %u", port);
	return true;
}

/* The whole. */

static void gather_ports(struct vm *vm, struct source *ports, size_t *ret_count)
{
	*ret_count = 0;
	for (unsigned port = 0; port < SERIAL_PORTS; port++)
		*ret_count += make_port(vm, port, &ports[*ret_count]);
}

static bool add_all(struct vm *vm, bool all_runs, struct error *err)
{
	struct source ports[SERIAL_PORTS];
	size_t port_count;
	/* Before the runs, which take the notes with them. */
	gather_ports(vm, ports, &port_count);
	if (!add_runs(vm, all_runs, err))
		return false;
	if (port_count && !vm->log_count)
		ports[0].unread = vm->common.unread;
	for (size_t i = 0; i < port_count; i++)
		if (!add_source(vm->sources, &ports[i], err))
			return false;
	for (size_t i = 0; i < vm->console_count; i++) {
		struct source console = describe_console(vm, &vm->consoles[i]);
		if (!add_source(vm->sources, &console, err))
			return false;
	}
	if (vm->sources->count || (vm->takes_all && !vm->common.unread.len && !vm->common.is_short))
		return true;
	vm->common.path = vm->path;
	vm->common.error = vm->common.unread;
	if (!vm->common.error.len)
		vm->common.error = SLICE("holds no vmware.log: give the folder of a VM, or a log");
	return add_source(vm->sources, &vm->common, err);
}

/* What the open folder holds. */
static bool find_sources(struct vm *vm, struct slice vmx, bool all_runs, struct error *err)
{
	if (vm->sources->folder.left_out) {
		vm->common.is_short = true;
		note(vm, "only %u files of this folder were looked at", FOLDER_LOGS_MAX);
	}
	choose_vmx(vm, vmx);
	return read_settings(vm, err) && read_logs(vm, err) && add_all(vm, all_runs, err);
}

/* The folder itself could not be read. */
static bool add_unread(struct sources *sources, struct slice path, const struct error *why, struct error *err)
{
	struct source source = { .path = path, .error = arena_copy(&sources->arena, slice_of(why->text)) };
	return add_source(sources, &source, err);
}

static bool find_in_folder(struct sources *sources, struct slice path, struct slice vmx, bool all_runs,
			   struct error *err)
{
	struct vm vm = { .sources = sources, .path = path };
	struct error why;
	if (!folder_open(&sources->folder, path.ptr, sources_is_vm_file, FOLDER_LOGS_MAX, &why))
		return add_unread(sources, path, &why, err);
	return find_sources(&vm, vmx, all_runs, err);
}

bool sources_of_files(struct sources *sources, const struct folder *folder, struct slice path, struct error *err)
{
	*sources = (struct sources){ .arena = ARENA_INIT, .folder = *folder };
	struct vm vm = { .sources = sources, .path = path, .takes_all = true };
	return find_sources(&vm, SLICE(""), true, err) && (!sources->arena.failed || error_out_of_memory(err));
}

static bool wants_vm_file(void *user, struct slice name, enum folder_kind kind, const struct error *why)
{
	(void)user, (void)why;
	return kind == FOLDER_FILE && sources_is_vm_file(name);
}

bool sources_of_folder(struct sources *sources, int fd, struct slice path, struct error *err)
{
	const struct folder_filter filter = { wants_vm_file, NULL, FOLDER_LOGS_MAX };
	/* Opened anew: a copy of the descriptor would share its place in the listing. */
	struct folder folder = { .fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	struct error why;
	if (folder.fd < 0)
		error_set(&why, "cannot be opened: %s", strerror(errno));
	else if (folder_list(&folder, &filter, &why))
		return sources_of_files(sources, &folder, path, err);
	*sources = (struct sources){ .arena = ARENA_INIT, .folder = folder };
	return add_unread(sources, path, &why, err);
}

/* The folder that a file stands in. */
static struct slice folder_of(struct sources *sources, struct slice path)
{
	size_t len = path_folder_len(path);
	return len ? arena_copy(&sources->arena, slice_take(path, len > 1 ? len - 1 : 1)) : SLICE(".");
}

bool sources_find(struct sources *sources, const char *operand, bool all_runs, struct error *err)
{
	struct slice path = slice_of(operand), none = SLICE("");
	struct stat st;
	bool is_done;
	*sources = (struct sources){ .arena = ARENA_INIT, .folder = { .fd = -1 } };
	bool is_there = !slice_is(path, "-") && stat(operand, &st) == 0;
	if (is_there && S_ISDIR(st.st_mode)) {
		is_done = find_in_folder(sources, path, none, all_runs, err);
	} else if (is_there && S_ISREG(st.st_mode) && sources_is_vmx_name(path)) {
		is_done = find_in_folder(sources, folder_of(sources, path), base_name(path), all_runs, err);
	} else {
		is_done = add_source(sources, &(struct source){ .path = path }, err);
	}
	return is_done && (!sources->arena.failed || error_out_of_memory(err));
}

void sources_close(struct sources *sources)
{
	folder_close(&sources->folder);
	arena_deinit(&sources->arena);
}

/* ---- which files of a folder are a VM's ---- */

static bool is_port_file(const struct vm *vm, struct slice name)
{
	for (unsigned port = 0; port < SERIAL_PORTS; port++)
		if (slice_equal(base_name(port_setting(vm, port, "fileName")), name))
			return true;
	return false;
}

/* A folder with more logs than a VM has is a collection of them. */
static bool is_of_vm(const struct folder *folder)
{
	size_t count = 0;
	for (size_t i = 0; i < folder->count; i++)
		count += sources_is_vm_file(folder->files[i]->name);
	return count && count <= FOLDER_LOGS_MAX;
}

static bool list_vm_files(const struct folder *folder, const struct vm *vm, struct vm_files *ret, struct error *err)
{
	ret->indexes = malloc(folder->count * sizeof(*ret->indexes));
	if (!ret->indexes)
		return error_out_of_memory(err);
	for (size_t i = 0; i < folder->count; i++)
		if (sources_is_vm_file(folder->files[i]->name) || is_port_file(vm, folder->files[i]->name))
			ret->indexes[ret->count++] = i;
	return true;
}

bool sources_vm_files(const struct folder *folder, struct vm_files *ret, struct error *err)
{
	struct sources sources = { .arena = ARENA_INIT, .folder = *folder };
	struct vm vm = { .sources = &sources };
	*ret = (struct vm_files){ 0 };
	if (!is_of_vm(folder))
		return true;
	choose_vmx(&vm, SLICE(""));
	bool is_done = read_settings(&vm, err) && list_vm_files(folder, &vm, ret, err);
	arena_deinit(&sources.arena);
	return is_done;
}

void vm_files_free(struct vm_files *files)
{
	free(files->indexes);
	*files = (struct vm_files){ 0 };
}
