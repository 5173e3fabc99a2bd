# Marks of unfinished work, blanks at the end of lines, lines over 120 columns. A long string is not cut,
# so that one can search for it: strings do not count.

BEGIN {
	# In pieces, so that this file may be checked too.
	unfinished = "(^|[^A-Za-z0-9_])(TO" "DO|FIX" "ME|XX" "X|HA" "CK)([^A-Za-z0-9_]|$)"
}

function complain(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text
}

# A tab reaches to the next multiple of 8; bytes that continue a UTF-8 character need no column.
function columns(line,    parts, count, ret, i)
{
	gsub(/[\200-\277]/, "", line)
	gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
	count = split(line, parts, "\t")
	for (i = 1; i < count; i++)
		ret += length(parts[i]) + 8 - (ret + length(parts[i])) % 8
	return ret + length(parts[count])
}

$0 ~ unfinished {
	complain("a mark of unfinished work")
}

/[ \t]$/ {
	# Kernel records in the tests of rules end as the kernel wrote them.
	if (FILENAME !~ /\.yaml$/)
		complain("a blank at the end of the line")
}

length > 120 || (index($0, "\t") && length > 60) {
	if (FILENAME !~ /\.(yaml|md)$/ && columns($0) > 120)
		complain("more than 120 columns")
}
