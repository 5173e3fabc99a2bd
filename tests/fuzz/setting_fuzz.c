/* Any bytes as settings of a VM: single lines, the DICT part of a vmware.log, and the .vmx of a
 * folder. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "scan/sources.h"
#include "vmxlog/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FRAME "2024-05-10T11:08:15.604Z In(05) vmx - "

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_setting(const struct vm_setting *setting)
{
	check(setting->key.len > 0 && setting->key.len <= LINE_MAX_BYTES && setting->value.len <= LINE_MAX_BYTES);
	check(slice_equal(slice_trim(setting->key), setting->key));
	check(!slice_contains(setting->key, SLICE(" = ")));
}

static void take_guest(void *user, const struct guest_line *line)
{
	(void)user;
	(void)line;
}

static void take_event(void *user, const struct host_event *event)
{
	(void)user;
	(void)event;
}

static void take_setting(void *user, const struct vm_setting *setting)
{
	(void)user;
	check_setting(setting);
}

/* The text's lines one by one, and all of them behind the frame of a VMX. */
static void read_lines(struct slice text)
{
	struct buf log = BUF_INIT(64 * MIB);
	const struct vmxlog_sink sink = { NULL, take_guest, take_event, take_setting };
	buf_text(&log, FRAME "Log for VMware ESX pid=1 version=8.0\n" FRAME "DICT --- CONFIGURATION\n");
	while (text.len) {
		struct slice line = slice_until(text, '\n');
		struct vm_setting setting;
		text = slice_skip(text, line.len + 1);
		if (setting_parse(line, &setting))
			check(setting.key.len + setting.value.len <= line.len);
		buf_text(&log, FRAME "DICT ");
		buf_append(&log, line);
		buf_char(&log, '\n');
	}
	struct vmxlog_reader *reader = vmxlog_reader_new(LOG_VMWARE, &sink, NULL);
	check(reader && !log.failed && vmxlog_reader_feed(reader, buf_slice(&log), NULL));
	vmxlog_reader_finish(reader);
	vmxlog_reader_free(reader);
	buf_deinit(&log);
}

static char folder_name[] = "/tmp/setting-fuzz-XXXXXX";
static char vmx_name[sizeof folder_name + 8];

static void remove_folder(void)
{
	unlink(vmx_name);
	rmdir(folder_name);
}

/* One folder for all inputs. */
static void make_folder(void)
{
	if (vmx_name[0])
		return;
	check(mkdtemp(folder_name) != NULL);
	memcpy(vmx_name, folder_name, sizeof folder_name - 1);
	memcpy(vmx_name + sizeof folder_name - 1, "/a.vmx", 7);
	atexit(remove_folder);
}

static void read_folder(struct slice text)
{
	struct sources sources;
	struct error err;
	make_folder();
	int fd = open(vmx_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	check(fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len);
	close(fd);
	check(sources_find(&sources, vmx_name, false, &err) && sources.count > 0);
	for (size_t i = 0; i < sources.count; i++) {
		const struct source *source = &sources.items[i];
		check(source->note_count <= SOURCE_NOTES_MAX && source->setting_count <= SETTINGS_MAX);
		for (size_t k = 0; k < source->setting_count; k++)
			check(source->settings[k].key.len > 0);
	}
	sources_close(&sources);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	read_lines(text);
	read_folder(text);
	return 0;
}
