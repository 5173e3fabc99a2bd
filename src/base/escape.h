/* Text from a guest is hostile: whoever is root there writes it. It leaves this program
 * only through the escaper for its target. */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"
#include "base/slice.h"

/* For a terminal: printable UTF-8 and TAB pass; C0 (with CR, BS, VT, FF), DEL, C1, bidi and
 * line-separator characters and invalid UTF-8 are shown as \xNN or \u{NNNN}. */
void escape_terminal(struct buf *out, struct slice text);

/* For HTML, as the content of an element or inside a quoted attribute: what is shown for a terminal
 * is shown here, and the characters that mean something to HTML are written as references. */
void escape_html(struct buf *out, struct slice text);

/* For a JSON string (through jansson, which wants valid UTF-8): invalid bytes become the
 * four characters \xNN, NUL too; everything else passes. */
void escape_utf8(struct buf *out, struct slice text);

/* For a shell word or a GRUB line: true when every byte is one of A-Z a-z 0-9 . _ / : = @ , + -
 * and the first is not '-'. What is not plain is left out of commands. */
bool escape_shell_is_plain(struct slice text);

/* Length in bytes of the valid UTF-8 character at the front, 0 when it is not valid. */
size_t utf8_char_len(struct slice text);

/* Columns that escaped text needs (each character one column). */
size_t utf8_columns(struct slice text);

#endif
