# A floor knows only the floors below it, and a foreign header has one home.

BEGIN {
	count = split("base input vmxlog memory kmsg facts rules diagnosis store report scan cli", order, " ")
	for (i = 1; i <= count; i++)
		height[order[i]] = i
	# Beside the row: it stands on base alone, and diagnosis and what is above it may use it.
	height["grub"] = height["rules"] + 0.5

	home["pcre2.h"] = "^src/rules/regex\\.c$"
	home["yaml.h"] = "^src/rules/yaml\\.c$"
	home["jansson.h"] = "^src/(base/json|report/[a-z_]+|cli/[a-z_]+)\\.[ch]$"
	home["zlib.h"] = home["lzma.h"] = home["zstd.h"] = home["bzlib.h"] = "^src/input/codec\\.c$"
	home["archive.h"] = home["archive_entry.h"] = "^src/input/libarchive\\.h$"
	home["sqlite3.h"] = "^src/store/"
}

function complain(text)
{
	printf "%s:%d: %s\n", FILENAME, FNR, text
}

function folder(path)
{
	return substr(path, 1, index(path, "/") - 1)
}

FILENAME !~ /^src\// {
	next
}

FNR == 1 {
	floor = folder(substr(FILENAME, 5))
	if (!(floor in height))
		complain("floor " floor " has no place in tests/lint/floors.awk")
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	name = $0
	sub(/^[^<]*</, "", name)
	sub(/>.*/, "", name)
	if (name in home && FILENAME !~ home[name])
		complain("<" name "> has another home")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	other = folder(name)
	if (other == "")
		complain("\"" name "\" does not name its floor")
	else if (other != floor && floor == "grub" && other != "base")
		complain("grub includes " other " and may include only base")
	else if (other != floor && !(other in height))
		complain("\"" name "\" is of no floor")
	else if (other != floor && height[other] > height[floor])
		complain("floor " floor " includes the higher floor " other)
	else if (other != floor && name ~ /_private\.h$/)
		complain("\"" name "\" is private to " other)
}
