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

/* For a cell of a CSV table (RFC 4180): as for a terminal, in quotes. What a spreadsheet would take for a
 * formula, because it begins with = + - @ or TAB, or with their wide forms, has an apostrophe before it:
 * it then shows the text. Behind ; or TAB, too, which are the separators of some spreadsheets. */
void escape_csv(struct buf *out, struct slice text);

/* For a line of Markdown, also in a table: as for a terminal, and each word that is more than letters, or
 * digits, in a code span. There nothing is a link, a name that is notified, HTML, emphasis or the mark of
 * a block. What already stands between backticks, as in the texts of rules, becomes a code span, too. Blanks
 * become one space. */
void escape_markdown(struct buf *out, struct slice text);
/* For a code block: the text as for a terminal, each of its lines behind `indent` spaces, between fences
 * that are longer than any run of backticks in it. */
void escape_markdown_block(struct buf *out, struct slice text, int indent);

/* For the value of a label of Prometheus' text format, without the quotes: as for a terminal. Different
 * texts stay different: a backslash of the text is shown as \x5c. */
void escape_label(struct buf *out, struct slice text);

/* For a shell word or a GRUB line: true when every byte is one of A-Z a-z 0-9 . _ / : = @ , + -
 * and the first is not '-'. What is not plain is left out of commands. */
bool escape_shell_is_plain(struct slice text);

/* Length in bytes of the valid UTF-8 character at the front, 0 when it is not valid. */
size_t utf8_char_len(struct slice text);

/* Columns that escaped text needs (each character one column). */
size_t utf8_columns(struct slice text);

#endif
