# Slurm: munged, slurmctld and slurmd for one node, and the recipe of a job array. Part of tests/cluster/run.

node=$(uname -n | cut -d . -f 1)
SLURM_CONF=$daemons/slurm.conf
export SLURM_CONF

# No systemd, no control groups, no accounting. A job that was requeued waits until its credential has
# expired: two minutes, unless cred_expire says otherwise.
slurm_settings()
{
	cat <<-END
		ClusterName=vmpanic
		SlurmctldHost=$node(127.0.0.1)
		SlurmctldPort=$((port + 2))
		SlurmdPort=$((port + 3))
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		AuthType=auth/munge
		CredType=cred/munge
		AuthInfo=socket=$daemons/munge.socket,cred_expire=5
		CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
		StateSaveLocation=$daemons/state
		SlurmdSpoolDir=$daemons/spool
		SlurmctldPidFile=$daemons/slurmctld.pid
		SlurmdPidFile=$daemons/slurmd.pid
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		MpiDefault=none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		SchedulerParameters=sched_interval=2
		SlurmdTimeout=10
		ReturnToService=2
		NodeName=$node NodeAddr=127.0.0.1 CPUs=2
		PartitionName=all Nodes=$node Default=YES
	END
}

node_is_idle()
{
	sinfo --noheader --format %t | grep -qx idle
}

queue_is_empty()
{
	[ -z "$(squeue --noheader)" ]
}

# Only slurmd ends what it has started: without it a job's processes would stay.
end_jobs()
{
	timeout 5 scancel --quiet --user="$(id -un)" && wait_for 30 queue_is_empty
}

start_slurmd()
{
	start slurmd slurmd -D
	slurmd_pid=$daemon_pid
}

start_slurm()
{
	mkdir "$daemons/state" "$daemons/spool"
	(umask 077 && head -c 1024 /dev/urandom > "$daemons/munge.key")
	slurm_settings > "$SLURM_CONF"
	start munged munged --foreground --key-file="$daemons/munge.key" --socket="$daemons/munge.socket" \
		--pid-file="$daemons/munged.pid" --seed-file="$daemons/munge.seed"
	wait_for 10 test -S "$daemons/munge.socket" && start slurmctld slurmctld -D && wait_for 20 scontrol ping &&
		start_slurmd && wait_for 30 node_is_idle ||
		{ tail -n 20 "$daemons"/munged.out "$daemons"/slurm*.out; return 1; }
}

# submit: the recipe, in the current folder, without waiting for its end.
submit()
{
	recipe doc/cluster.md "### The job" > scan.sbatch
	run_recipe "### Submitting it" > submitted 2>&1 &
	sbatch_pid=$!
}

array() (
	mkdir "$work/array" && cd "$work/array" && hold && submit && wait $sbatch_pid || { cat submitted; return 1; }
	same_summary "### One report of the array" && same_as_one_scan out/*.ndjson
)

job_of()
{
	awk '{ print $4 }' submitted
}

# after_requeue JOB: the array ends well, and this job alone was run twice.
after_requeue()
{
	wait $sbatch_pid || { cat submitted; return 1; }
	[ "$(runs_of "$1")" = 2 ] && [ "$(wc -l < "$work/runs")" = 9 ] && same_as_one_scan out/*.ndjson
}

killed_program() (
	mkdir "$work/killed-task" && cd "$work/killed-task" && hold 3 && submit && wait_until_held 3 &&
		kill -9 "$(program_of 3)" && after_requeue 3
)

requeued_task() (
	mkdir "$work/requeued" && cd "$work/requeued" && hold 2 && submit && wait_until_held 2 &&
		scontrol requeue "$(job_of)_2" && [ ! -e out/2.ndjson ] && after_requeue 2
)

parent_of()
{
	ps -o ppid= -p "$1" | tr -d ' '
}

# All that Slurm has of the last task on the node dies at once, slurmd with it; then slurmd is there again.
# No subshell: the new slurmd is to be ended with the others.
failed_node()
{
	mkdir "$work/node" && cd "$work/node" && hold 8 && submit && wait_until_held 8 &&
		wait_for 10 test -e out/7.ndjson || return 1
	program_pid=$(program_of 8)
	script_pid=$(parent_of "$program_pid")
	kill -9 "$slurmd_pid" "$(parent_of "$script_pid")" "$script_pid" "$program_pid"
	start_slurmd && [ ! -e out/8.ndjson ] && after_requeue 8
}

check "slurm: munged, slurmctld and slurmd run" start_slurm
check "slurm: an array" array
check "slurm: a task whose program is killed" killed_program
check "slurm: a task that is requeued" requeued_task
check "slurm: a task whose node fails" failed_node
