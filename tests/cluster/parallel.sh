# GNU parallel: recipes on this machine, over ssh to two hosts, and resumed. Part of tests/cluster/run.

# It keeps files in the home directory, and asks to be cited.
PARALLEL_HOME=$work/parallel
export PARALLEL_HOME
mkdir "$PARALLEL_HOME"
: > "$PARALLEL_HOME/will-cite"

through_pipe() (
	mkdir "$work/pipe" && cd "$work/pipe" && run_recipe "### Names through a pipe" && same_as_one_scan fleet.ndjson
)

# Both hosts had jobs, and none failed.
to_hosts() (
	mkdir "$work/hosts" && cd "$work/hosts" && run_recipe "### Names through a pipe, to several hosts" &&
		same_as_one_scan fleet.ndjson &&
		awk 'NR > 1 { jobs[$2]++; failed += $7 != 0 || $8 != 0 }
			END { exit !(jobs["host1"] && jobs["host2"] && !failed) }' joblog
)

# break_off HEADING: starts a recipe, waits for job 5 to be in its middle, and ends parallel, which ends its jobs.
break_off()
{
	hold 5
	run_recipe "$1" 2> broken-off &
	wait_until_held 5 && kill "$(engine_of 5)" || return 1
	! wait $! && wait_for 10 has_ended "$(program_of 5)" && [ ! -e out/5.ndjson ]
}

# Every other job that was done is not done again.
resume()
{
	done_before=$(awk 'NR > 1 { print $1 }' out/joblog)
	run_recipe "$1" || return 1
	for job in $done_before; do
		[ "$(runs_of "$job")" = 1 ] || { echo "job $job was run again" >&2; return 1; }
	done
	[ -n "$done_before" ] && [ "$(runs_of 5)" = 2 ]
}

resume_shares() (
	mkdir "$work/shares" && cd "$work/shares" && break_off "### Shares that can be resumed" &&
		resume "### Shares that can be resumed" && same_summary "### One report" && same_as_one_scan out/*.ndjson
)

# One job's program is killed, as when memory runs short; parallel itself goes on.
killed_share() (
	mkdir "$work/killed" && cd "$work/killed" && hold 5 || return 1
	run_recipe "### Shares that can be resumed" 2> killed &
	wait_until_held 5 && kill -9 "$(program_of 5)" && ! wait $! && [ ! -e out/5.ndjson ] &&
		run_recipe "### Shares that can be resumed" && [ "$(runs_of 5)" = 2 ] && [ "$(runs_of 6)" = 1 ] &&
		same_as_one_scan out/*.ndjson
)

missing_share() (
	cd "$work/shares" && mv out/7.ndjson out/7.away && run_recipe "### One report" > /dev/null 2> missing
	[ $? = 2 ] && grep -q out/7.ndjson missing && mv out/7.away out/7.ndjson
)

resume_pipe() (
	mkdir "$work/blocks" && cd "$work/blocks" && break_off "### Resuming what came through a pipe" &&
		resume "### Resuming what came through a pipe" && same_as_one_scan out/*.ndjson
)

check "parallel: names through a pipe" through_pipe
check "parallel: names through a pipe, to two hosts" to_hosts
check "parallel: shares, broken off and resumed" resume_shares
check "parallel: a share whose program is killed is done again" killed_share
check "parallel: a missing share is an error of the report" missing_share
check "parallel: a pipe, broken off and resumed" resume_pipe
