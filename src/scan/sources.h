/* What an operand of a command names: a log, or a VM with the logs of its folder.
 *
 * Of a VM's folder (or its .vmx) the newest run is a source: the logs that its VMX process wrote,
 * one behind the other. The file that its first serial ports write to is another one. */
#ifndef SCAN_SOURCES_H
#define SCAN_SOURCES_H

#include "base/error.h"
#include "input/budget.h"
#include "input/byte_source.h"
#include "input/folder.h"
#include "vmxlog/reader.h"

#define SOURCE_NOTES_MAX 8

/* What is remembered of a file from one scan to the next. */
struct known_file {
	struct slice name;       /* in its folder; empty: the source is the file */
	bool has_grown;          /* since then */
	struct passed before;    /* what need not be read */
	struct passed now;       /* the same, when it has been read */
};

struct known_files {
	struct known_file *items;
	size_t count;
};

struct source {
	struct slice path;             /* as it was given; of a VM its folder */
	struct slice label;            /* what tells it from the others of its folder; may be empty */
	const struct folder *folder;   /* of `files`; NULL: `path` itself is read */
	const struct slice *files;     /* in the order of time */
	size_t file_count;
	const uint64_t *limits;        /* of each file only so many bytes are read, of the plain ones; NULL: all */
	struct known_files *known;     /* what is known of the files, and will be; NULL: nobody remembers */
	const struct byte_source *member; /* of an archive, which is read; NULL: it is none */
	struct budget *budget;         /* of that archive */
	bool is_sent;                  /* by the guest through its log: `sent_fd` is read (sent.h) */
	int sent_fd;
	bool is_joined;                /* reports name the file of each line */
	struct slice vm_name, vm_uuid; /* as the .vmx has them today; empty without one */
	const struct vm_setting *settings; /* of the .vmx, for what the log does not say */
	size_t setting_count;
	struct slice notes[SOURCE_NOTES_MAX];
	size_t note_count;
	struct slice error;            /* why it cannot be read at all; else empty */
	struct slice unread;           /* the first file that could not be read, and why; the others are read */
	bool is_short;                 /* files of it were left out: not all could be done */
	bool is_cut;                   /* bytes of it are missing, whoever lost them */
};

struct sources {
	struct arena arena;
	struct folder folder;
	struct source *items;
	size_t count, capacity;
};

/* There is always one at least. False only when memory is out; sources_close either way.
 * `operand` is borrowed. */
bool sources_find(struct sources *sources, const char *operand, bool all_runs, struct error *err);
/* The same of a VM's folder whose files are known, for a scan: all runs, also kernel text under the name of
 * a log, and no source at all where the VM has no log. `folder` is taken over, `path` is borrowed. */
bool sources_of_files(struct sources *sources, const struct folder *folder, struct slice path, struct error *err);
/* The same of a folder that is open as `fd`, which stays the caller's, and is listed now. */
bool sources_of_folder(struct sources *sources, int fd, struct slice path, struct error *err);

/* What a VM has in its folder by that name: vmware-3.log, also compressed, or web.vmx. */
bool sources_is_vm_file(struct slice name);
/* "web.vmx". */
bool sources_is_vmx_name(struct slice name);

/* The files of a folder that are one VM's: its logs, its settings, and what its serial ports write. */
struct vm_files {
	size_t *indexes; /* in folder->files, ascending */
	size_t count;    /* 0: the folder is no VM's */
};
/* False when memory is out. */
bool sources_vm_files(const struct folder *folder, struct vm_files *ret, struct error *err);
void vm_files_free(struct vm_files *files);
void sources_close(struct sources *sources);

#endif
