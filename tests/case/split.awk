# Splits a case file into files/NAME, files/NAME.escaped, expect/N.run, N.exit, N.stdout, N.stderr and
# N.stdout-has, N counted from 1. Headers are told in tests/case/run.

function open_section(path,    directory)
{
	if (out)
		close(out)
	out = path
	directory = path
	sub(/\/[^\/]*$/, "", directory)
	system("mkdir -p '" directory "'")
	printf "" > out
}

/^--- / {
	word = $2
	if (word == "file") {
		open_section("files/" $3)
	} else if (word == "bytes") {
		open_section("files/" $3 ".escaped")
	} else if (word == "run") {
		open_section("expect/" (++runs) ".run")
		print substr($0, 9) > out
	} else if (runs && word == "exit") {
		open_section("expect/" runs ".exit")
		print $3 > out
	} else if (runs && (word == "stdout" || word == "stderr")) {
		open_section("expect/" runs "." word ($3 == "has" ? "-has" : ""))
	} else {
		printf "%s:%d: this section is not known: %s\n", FILENAME, FNR, $0 > "/dev/stderr"
		exit 1
	}
	next
}

out {
	print > out
}
