# Prints a case file with what the program said (expect/N.got.*) in the place of what it was to say.

function print_file(path,    line)
{
	while ((getline line < path) > 0)
		print line
	close(path)
}

function is_empty(path,    line, ret)
{
	ret = (getline line < path) <= 0
	close(path)
	return ret
}

function print_output(word,    got)
{
	got = "expect/" runs ".got." word
	if (keeps[word] || is_empty(got))
		return
	print "--- " word
	print_file(got)
}

function end_run()
{
	if (!runs)
		return
	print_output("stdout")
	print_output("stderr")
}

/^--- / {
	is_dropped = 0
	if ($2 == "run") {
		end_run()
		runs++
		keeps["stdout"] = keeps["stderr"] = 0
		print
		printf "--- exit "
		print_file("expect/" runs ".got.exit")
		next
	}
	if ($2 == "exit" || (($2 == "stdout" || $2 == "stderr") && $3 != "has")) {
		is_dropped = 1
		next
	}
	if ($3 == "has")
		keeps[$2] = 1
}

!is_dropped {
	print
}

END {
	end_run()
}
