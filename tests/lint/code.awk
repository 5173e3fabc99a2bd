# Functions that write or read without knowing how much, or that keep errors to themselves.

BEGIN {
	count = split("strcpy strcat sprintf vsprintf strtok atoi atol atoll sscanf gets strncpy alloca", names, " ")
	for (i = 1; i <= count; i++)
		is_banned[names[i]] = 1
}

FNR == 1 {
	in_comment = 0
}

# The line without strings, characters and comments.
function code_of(line,    ret, at)
{
	gsub(/\\./, "", line)
	gsub(/"[^"]*"/, "\"\"", line)
	gsub(/'[^']*'/, "0", line)
	ret = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return ret
			line = substr(line, at + 2)
			in_comment = 0
			continue
		}
		sub(/\/\/.*/, "", line)
		at = index(line, "/*")
		if (!at)
			return ret line
		ret = ret substr(line, 1, at - 1) " "
		line = substr(line, at + 2)
		in_comment = 1
	}
	return ret
}

{
	rest = code_of($0)
	while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(rest, RSTART, RLENGTH - 1)
		sub(/[ \t]*$/, "", name)
		if (name in is_banned)
			printf "%s:%d: %s() is banned\n", FILENAME, FNR, name
		rest = substr(rest, RSTART + RLENGTH)
	}
}

FNR == 801 {
	printf "%s:801: the file has more than 800 lines\n", FILENAME
}
