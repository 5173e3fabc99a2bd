/* The page's style and script, made C text by the build (src/report/embed.sh), each with its digest
 * for the page's Content-Security-Policy: base64 of the SHA-256 of exactly these bytes. */
#ifndef REPORT_HTML_ASSETS_H
#define REPORT_HTML_ASSETS_H

extern const char html_css[], html_css_sha256[];
extern const char html_js[], html_js_sha256[];

#endif
