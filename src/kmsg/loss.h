/* What is known to be missing of a boot's text. */
#ifndef KMSG_LOSS_H
#define KMSG_LOSS_H

#include "kmsg/boot.h"

/* The losses that follow from the boot's own records and events. `source_is_cut`: the source
 * ends inside a line and the boot is its last. */
unsigned boot_losses(const struct boot *boot, bool source_is_cut);

#endif
