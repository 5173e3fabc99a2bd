# Hosts to reach over ssh: two sshd, each with its own port, of which the client's settings tell. Part of
# tests/cluster/run.

host_settings()
{
	cat <<-END
		ListenAddress 127.0.0.1
		Port $2
		HostKey $daemons/host_key
		PidFile none
		AuthorizedKeysFile $daemons/user_key.pub
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin prohibit-password
		MaxStartups 100
		SetEnv PATH=$PATH
	END
}

client_settings()
{
	cat <<-END
		Host $1
			HostName 127.0.0.1
			HostKeyAlias $1
			Port $2
			User $(id -un)
			IdentityFile $daemons/user_key
			IdentitiesOnly yes
			BatchMode yes
			UserKnownHostsFile $daemons/known_hosts
			GlobalKnownHostsFile /dev/null
	END
}

# The recipes' ssh is one that knows the hosts.
put_ssh_in_path()
{
	printf '#!/bin/sh\nexec "%s" -F "%s" "$@"\n' "$(command -v ssh)" "$daemons/ssh" > "$daemons/run-ssh"
	chmod +x "$daemons/run-ssh"
	mv "$daemons/run-ssh" "$work/bin/ssh"
}

add_host()
{
	host_settings "$1" "$2" > "$daemons/$1.sshd"
	client_settings "$1" "$2" >> "$daemons/ssh"
	echo "$1 $(cat "$daemons/host_key.pub")" >> "$daemons/known_hosts"
	start "$1" "$(command -v sshd)" -D -e -f "$daemons/$1.sshd"
	wait_for 10 ssh "$1" vmpanic --version || { cat "$daemons/$1.out"; return 1; }
}

# As root sshd wants a folder to lock itself into, which Debian makes when the service starts.
start_hosts()
{
	[ -d /run/sshd ] || { mkdir -p /run/sshd && made_run_sshd=yes; } || return 1
	ssh-keygen -q -t ed25519 -N '' -f "$daemons/host_key" && ssh-keygen -q -t ed25519 -N '' -f "$daemons/user_key" &&
		put_ssh_in_path && add_host host1 "$port" && add_host host2 $((port + 1))
}

# As README tells it: what ssh brings is what stands on this machine.
cat_over_ssh() (
	mkdir "$work/cat" && cd "$work/cat" && run_recipe "- **ESXi, one log**" README.md > over.txt
	[ $? = 1 ] && "$program" - < "$tree/web/vmware.log" > here.txt
	[ $? = 1 ] && cmp over.txt here.txt
)

tar_over_ssh() (
	mkdir "$work/tar" && cd "$work/tar" && run_recipe "- **ESXi, all of a datastore**" README.md > over.txt
	[ $? = 1 ] && (cd "$tree" && tar -cf - ./*/*.[lv][om][gx]) | "$program" scan - > here.txt
	[ $? = 1 ] && cmp over.txt here.txt
)

check "ssh: two hosts can be reached" start_hosts
check "ssh: one log" cat_over_ssh
check "ssh: logs in an archive" tar_over_ssh
