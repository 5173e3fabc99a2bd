#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Quits when all fits the screen, shows colours, leaves the text there. */
#define LESS_OPTIONS "FRX"
/* A machine without less shows the text all the same. */
#define DEFAULT_PAGER "if command -v less > /dev/null; then exec less -" LESS_OPTIONS "; else exec cat; fi"

static _Noreturn void become_pager(const char *command, int input)
{
	dup2(input, STDIN_FILENO);
	signal(SIGPIPE, SIG_DFL);
	setenv("LESS", LESS_OPTIONS, 0);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

void pager_begin(struct pager *pager, struct output *output)
{
	const char *command = getenv("PAGER");
	int ends[2];
	*pager = (struct pager){ 0 };
	if (!output_is_terminal(output) || pipe2(ends, O_CLOEXEC) != 0)
		return;
	if (!command || !*command)
		command = DEFAULT_PAGER;
	pager->pid = fork();
	if (pager->pid == 0)
		become_pager(command, ends[0]);
	close(ends[0]);
	if (pager->pid < 0) {
		pager->pid = 0;
		close(ends[1]);
		return;
	}
	/* Ctrl-C is for the pager, which stops a search with it. */
	signal(SIGINT, SIG_IGN);
	output->fd = ends[1];
}

void pager_end(struct pager *pager, struct output *output)
{
	if (!pager->pid)
		return;
	close(output->fd);
	output->fd = STDOUT_FILENO;
	while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	signal(SIGINT, SIG_DFL);
}
