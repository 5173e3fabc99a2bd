/* Guest text told apart: the kernel's own words from those of everybody else. */
#ifndef VMXLOG_GUEST_H
#define VMXLOG_GUEST_H

#include "base/buf.h"
#include "vmxlog/reader.h"

/* Text behind "Guest: " of vmware.log. */
enum guest_sender guest_classify(struct slice text);

/* `<N>`, N of one to four digits, or `[ secs.usecs] `: only printk writes these. */
bool guest_is_kernel(struct slice text);

/* Where in a console's line a kernel record begins behind other text, as in
 * "localhost login: [   12.345678] x": the offset of its '[', or SLICE_NOT_FOUND. */
size_t guest_find_embedded(struct slice line);

/* "(initramfs) ", "sh-5.1# ", "grub> ", "login: ", without colour: a program waits at the console,
 * and no newline is to come. The blank tells it from a line that was cut. */
bool guest_is_prompt(struct slice line);

/* Programs colour their console text, dmesg and journalctl their output: `ESC [ ... letter` goes,
 * the words stay. The result is `text` itself, or in *plain. */
struct slice guest_strip_colour(struct buf *plain, struct slice text);

#endif
