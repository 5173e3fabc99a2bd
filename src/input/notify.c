#include "input/notify.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/limits.h"

#define XFS_MAGIC 0x58465342L
#define ZFS_MAGIC 0x2fc12fc1L
#define JFS_MAGIC 0x3153464aL
#define BCACHEFS_MAGIC 0xca451a4eL

/* Where writers are faster than who reads what they did, others get their turn all the same. */
#define READS_MAX 64

#define EVENTS (IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | \
		IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)

bool notify_open(struct notify *notify, struct error *err)
{
	notify->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return notify->fd >= 0 || error_set(err, "the kernel does not tell of changes: %s", strerror(errno));
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

/* Those that only this machine writes to. Whatever else there is - NFS, SMB, VMFS, FUSE, a cluster's -
 * may be written to behind the kernel's back. */
bool notify_works_at(int folder)
{
	static const long local[] = {
		EXT4_SUPER_MAGIC, XFS_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC, RAMFS_MAGIC, F2FS_SUPER_MAGIC, ZFS_MAGIC,
		JFS_MAGIC, REISERFS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC, BCACHEFS_MAGIC, MSDOS_SUPER_MAGIC,
	};
	struct statfs st;
	if (fstatfs(folder, &st) != 0)
		return false;
	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++)
		if ((long)st.f_type == local[i])
			return true;
	return false;
}

int notify_add(struct notify *notify, const char *path, struct error *err)
{
	int folder = notify->fd < 0 ? -1 : inotify_add_watch(notify->fd, path, EVENTS);
	if (folder >= 0)
		return folder;
	if (notify->fd >= 0 && errno == ENOSPC)
		error_set(err, "the kernel watches no more folders for this user (fs.inotify.max_user_watches)");
	else
		error_set(err, "the kernel does not tell of changes here: %s",
			  notify->fd < 0 ? "no inotify" : strerror(errno));
	return -1;
}

void notify_remove(struct notify *notify, int folder)
{
	if (notify->fd >= 0 && folder >= 0)
		inotify_rm_watch(notify->fd, folder);
}

static struct notify_event event_of(const struct inotify_event *event)
{
	uint32_t mask = event->mask;
	struct notify_event ret = { NOTIFY_FILE, event->wd, event->len ? event->name : "" };
	if (mask & IN_Q_OVERFLOW)
		ret = (struct notify_event){ NOTIFY_LOST, -1, "" };
	else if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED))
		ret.kind = NOTIFY_GONE;
	else if (mask & IN_ISDIR)
		ret.kind = NOTIFY_FOLDER;
	else if (mask & (IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE))
		ret.kind = NOTIFY_NAME;
	return ret;
}

void notify_read(struct notify *notify, void (*take)(void *user, const struct notify_event *event), void *user)
{
	_Alignas(struct inotify_event) char block[16 * KIB];
	ssize_t len;
	for (int reads = 0; reads < READS_MAX && notify->fd >= 0; reads++) {
		len = read(notify->fd, block, sizeof(block));
		if (len <= 0)
			return;
		for (ssize_t at = 0; at < len;) {
			const struct inotify_event *event = (const void *)(block + at);
			const struct notify_event told = event_of(event);
			/* A change of the folder's own mode or times has no name and says nothing of its files. */
			if (*told.name || told.kind == NOTIFY_GONE || told.kind == NOTIFY_LOST)
				take(user, &told);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
}
