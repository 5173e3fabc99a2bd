/* What the letters behind "Tainted:" mean.
 *
 * Source: kernel/panic.c, taint_flags[], and Documentation/admin-guide/tainted-kernels.rst
 * (Linux 2.6.32 to 6.12; L since 3.17, K since 4.0, X since 4.4, T since 5.2, N since 5.19; J, fwctl,
 * since 6.15). */
#ifndef FACTS_TAINT_H
#define FACTS_TAINT_H

/* "an out-of-tree module" of 'O'; NULL of G, which means that nothing proprietary is loaded, of a blank
 * and of a letter that no kernel has. */
const char *taint_meaning(char letter);

#endif
