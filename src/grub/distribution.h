/* How the boot of each distribution is repaired: boot style, files, commands. One table; the
 * advice and (later) the patcher both read it. Source: the public files that the comment of
 * each row names.
 *
 * Texts are whole sentences for a person; commands are single shell lines, run as root in the
 * guest (or in a chroot of it). Both are templates: see distribution_fill. */
#ifndef GRUB_DISTRIBUTION_H
#define GRUB_DISTRIBUTION_H

#include "base/buf.h"
#include "base/slice.h"

enum boot_style {
	BOOT_GRUB_PHOTON,  /* hand-written grub.cfg with `set rootpartition=` */
	BOOT_GRUB_DEBIAN,  /* /etc/default/grub and update-grub */
	BOOT_GRUB_LEGACY,  /* grub.conf, menu.lst */
	BOOT_GRUB_MKCONFIG,/* /etc/default/grub and grub2-mkconfig */
	BOOT_GRUB_BLS,     /* /boot/loader/entries and grubby */
	BOOT_EXTLINUX,
	BOOT_UNKNOWN,
};

/* A pointer that a row leaves out is NULL, a list ends at its first NULL. */
struct distribution {
	const char *id;             /* os-release ID; "" in the row for an unknown one */
	unsigned release_first, release_last; /* major releases; 0,0 is every one */
	const char *name;           /* "Photon OS" */
	enum boot_style style;
	const char *file;           /* the file to edit for good */
	const char *config;         /* what the boot loader reads; NULL: `file` itself */
	const char *efi_config;     /* the same under EFI firmware, where it is another file */
	const char *linux_word;     /* the word that begins the kernel's line in the menu's editor */
	const char *linux_word_efi; /* the same under EFI firmware, where it is another word */
	const char *initrd_word;    /* the word that begins the initramfs line; NULL: there is no such line */
	const char *initramfs_file; /* of {{kernel}}, with its folder */
	const char *older_kernel;   /* how the menu offers an older kernel, in a sentence */
	const char *old_line, *new_line; /* the change in `file`; NULL where a command writes it */
	const char *permanent_text; /* how a root= is changed for good */
	const char *permanent_commands[3];
	const char *word_commands[2];      /* add {{word}} to the kernel command line for good */
	const char *initramfs_commands[3]; /* rebuild the initramfs of {{kernel}} */
	const char *add_driver;            /* how {{driver}} gets into it */
	const char *add_driver_commands[3];
	const char *kernel_commands[2];    /* install a newer kernel */
	const char *kdump_commands[3];     /* have a crash saved by kdump */
	const char *verify_command;        /* shows what the boot loader will pass next time */
	const char *never;          /* what never to do; NULL */
	const char *note;           /* what is peculiar about root= here; NULL */
};

/* The row for a distribution and its major release. A release between two rows has the older
 * one, one past the last (or 0: unknown) the newest. Never NULL: an unknown distribution has a
 * row of its own. */
const struct distribution *distribution_find(struct slice id, unsigned release);

/* The whole table, ended by the row of the unknown distribution. */
const struct distribution *distribution_table(size_t *count);

/* What templates are filled with; an empty one is not known. */
struct distribution_values {
	struct slice root;   /* {{root}}: the new value of root=, "PARTUUID=..." or "/dev/sda1" */
	struct slice old;    /* {{old}}: the value it had */
	struct slice device; /* {{device}}: "/dev/sda1" */
	struct slice kernel; /* {{kernel}}: release of the guest's kernel */
	struct slice driver; /* {{driver}}: name of a kernel module */
	struct slice word;   /* {{word}}: a word of the kernel command line */
};

/* Appends the filled template to `out`. False when it names a value that is unknown or not
 * shell-plain: what was appended is then incomplete and must not be used. */
bool distribution_fill(const char *template, const struct distribution_values *values, struct buf *out);

#endif
