/* A disk that misbehaves: the calls that list and look at folders, defined here in front of the C library's.
 * Include it once in a program. */
#ifndef TESTS_INPUT_DISK_H
#define TESTS_INPUT_DISK_H

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct disk {
	bool has_no_types;       /* entries do not say what they are */
	const char *breaks_at;   /* where this name would come, reading its folder fails with EIO */
	bool breaks_at_end;      /* where a folder would end it fails, too */
	const char *interrupted; /* before this name a signal comes, once */
	const char *vanishes;    /* a file of this name is gone as soon as its name was read */
	const char *refuses;     /* a file of this name cannot be looked at: EACCES */
	const char *repeats;     /* this name comes so many times */
	size_t repeat_count;
	ino_t posing_ino;        /* an open folder with this number says that it is */
	dev_t posing_as_dev;
	ino_t posing_as_ino;
} disk;

static bool is_name(const char *name, const char *wanted)
{
	return wanted && strcmp(name, wanted) == 0;
}

/* The folder's next entry, NULL at its end; until the next call. A folder is listed to its end or failure
 * before another one. */
static struct dirent64 *read_entry(int fd)
{
	static ssize_t (*real)(int, void *, size_t);
	static _Alignas(struct dirent64) char block[4096];
	static ssize_t at, len;
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "getdents64");
	/* What is left is of a folder that failed. */
	if (lseek(fd, 0, SEEK_CUR) == 0)
		at = len = 0;
	if (at == len) {
		at = 0;
		len = real(fd, block, sizeof(block));
	}
	if (len <= 0) {
		len = 0;
		return NULL;
	}
	struct dirent64 *entry = (struct dirent64 *)(block + at);
	at += entry->d_reclen;
	return entry;
}

static struct dirent64 *next_entry(int fd)
{
	static struct dirent64 *repeated;
	if (repeated && disk.repeat_count && disk.repeat_count--)
		return repeated;
	struct dirent64 *entry = read_entry(fd);
	repeated = entry && is_name(entry->d_name, disk.repeats) ? entry : NULL;
	return entry;
}

/* One entry at a time. */
ssize_t getdents64(int fd, void *buffer, size_t size)
{
	static struct dirent64 *held_back;
	struct dirent64 *entry = held_back ? held_back : next_entry(fd);
	held_back = NULL;
	errno = EIO;
	if (!entry)
		return disk.breaks_at_end ? -1 : 0;
	if (is_name(entry->d_name, disk.interrupted)) {
		disk.interrupted = NULL;
		held_back = entry;
		errno = EINTR;
		return -1;
	}
	if (is_name(entry->d_name, disk.breaks_at) || size < entry->d_reclen)
		return -1;
	if (is_name(entry->d_name, disk.vanishes))
		unlinkat(fd, entry->d_name, 0);
	if (disk.has_no_types)
		entry->d_type = DT_UNKNOWN;
	memcpy(buffer, entry, entry->d_reclen);
	return entry->d_reclen;
}

int fstatat(int fd, const char *restrict name, struct stat *restrict st, int flags)
{
	static int (*real)(int, const char *, struct stat *, int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fstatat");
	if (is_name(name, disk.refuses)) {
		errno = EACCES;
		return -1;
	}
	return real(fd, name, st, flags);
}

int fstat(int fd, struct stat *st)
{
	static int (*real)(int, struct stat *);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fstat");
	int status = real(fd, st);
	if (status == 0 && disk.posing_ino && st->st_ino == disk.posing_ino) {
		st->st_dev = disk.posing_as_dev;
		st->st_ino = disk.posing_as_ino;
	}
	return status;
}

#endif
