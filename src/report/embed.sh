#!/bin/sh
# Writes C text with the contents of files and their digests (html_assets.h) to standard output.
#
#   src/report/embed.sh NAME=FILE...
#
# The files are ASCII text whose last line has its newline.
set -eu
LC_ALL=C
export LC_ALL

# The digest as base64, from its 64 hexadecimal digits: three of them are two characters.
digest_of()
{
	sha256sum "$1" | awk '{
		code = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		hex = substr($1, 1, 64) "00"
		for (i = 1; i <= 66; i += 3) {
			bits = 0
			for (k = 0; k < 3; k++)
				bits = bits * 16 + index("0123456789abcdef", substr(hex, i + k, 1)) - 1
			ret = ret substr(code, int(bits / 64) + 1, 1) substr(code, bits % 64 + 1, 1)
		}
		print substr(ret, 1, 43) "="
	}'
}

echo '#include "report/html_assets.h"'
for asset in "$@"; do
	name=${asset%%=*}
	file=${asset#*=}
	if grep -n -e '</' -e '<!--' -e '[^	 -~]' "$file" /dev/null >&2; then
		echo "$file: an end tag, a comment of HTML or a character that is not ASCII" >&2
		exit 1
	fi
	printf '\nconst char %s[] =\n' "$name"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' "$file"
	printf ';\nconst char %s_sha256[] = "%s";\n' "$name" "$(digest_of "$file")"
done
