/* How the boot of each distribution is repaired: boot style, files, commands. One table; the
 * advice and (later) the patcher both read it. Source: reference of the files in each row's
 * comment. */
#ifndef GRUB_DISTRIBUTION_H
#define GRUB_DISTRIBUTION_H

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

/* Templates: {{root}} is the new root= value, {{device}} its device, {{kernel}} the release
 * of the guest's kernel. */
struct distribution {
	const char *id;             /* os-release ID; "" in the row for an unknown one */
	unsigned release_first, release_last; /* major releases; 0,0 is every one */
	const char *name;           /* "Photon OS" */
	enum boot_style style;
	const char *file;           /* the file to edit for good */
	const char *old_line, *new_line; /* the change in it */
	const char *permanent_text; /* what to do, in a sentence */
	const char *permanent_commands[3];
	const char *initramfs_commands[3]; /* rebuild the initramfs of {{kernel}} */
	const char *add_driver;     /* how to add a driver to it; {{driver}} */
	const char *verify_command;
	const char *never;          /* what never to do; NULL */
};

/* The row for a distribution and its major release (0: unknown release: the newest row).
 * Never NULL: an unknown distribution has a row of its own. */
const struct distribution *distribution_find(struct slice id, unsigned release);

#endif
