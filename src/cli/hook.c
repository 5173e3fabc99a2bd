#include "cli/hook.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/json.h"
#include "cli/output.h"

extern char **environ;

/* A value of the environment: the VM's name and paths are short, a title has some hundred bytes. */
#define VALUE_BYTES (4 * KIB)

struct hook_call {
	struct hook_call *next;
	size_t len;
	char line[];
};

static void complain_of(const struct hook *hook, const char *what)
{
	complain(hook->program, what);
}

/* ---- the environment ---- */

static const struct {
	const char *name, *source, *member; /* of the line, or of its `source` */
} variables[] = {
	{ "VMPANIC_PATH", "source", "path" },   { "VMPANIC_VM", NULL, "vm_name" },
	{ "VMPANIC_VERDICT", NULL, "verdict" }, { "VMPANIC_CAUSE", NULL, "cause" },
	{ "VMPANIC_TITLE", NULL, "title" },     { "VMPANIC_FINGERPRINT", NULL, "fingerprint" },
};
#define VARIABLE_COUNT (sizeof(variables) / sizeof(*variables))

/* Without control characters, as on a terminal; empty for what is null. */
static char *make_variable(const json_t *line, size_t index)
{
	const json_t *from = variables[index].source ? json_object_get(line, variables[index].source) : line;
	const char *value = json_string_value(json_object_get(from, variables[index].member));
	struct buf text = BUF_INIT(8 * VALUE_BYTES);
	buf_printf(&text, "%s=", variables[index].name);
	if (value)
		escape_terminal(&text, slice_take(slice_of(value), VALUE_BYTES));
	buf_char(&text, '\0');
	if (!text.failed)
		return text.ptr;
	buf_deinit(&text);
	return NULL;
}

static bool is_ours(const char *variable)
{
	return strncmp(variable, "VMPANIC_", strlen("VMPANIC_")) == 0;
}

static void environment_free(char **environment)
{
	for (size_t i = 0; environment && i < VARIABLE_COUNT; i++)
		free(environment[i]);
	free(environment);
}

/* Ours first, then what we were given. */
static char **environment_of(const struct hook_call *call)
{
	size_t count = 0;
	while (environ[count])
		count++;
	char **environment = calloc(VARIABLE_COUNT + count + 1, sizeof(*environment));
	bool is_out_of_memory;
	json_t *line = json_read((struct slice){ call->line, call->len }, 0, NULL, &is_out_of_memory);
	bool is_made = environment && line;
	for (size_t i = 0; is_made && i < VARIABLE_COUNT; i++)
		is_made = (environment[i] = make_variable(line, i)) != NULL;
	json_decref(line);
	if (!is_made) {
		environment_free(environment);
		return NULL;
	}
	size_t at = VARIABLE_COUNT;
	for (size_t i = 0; i < count; i++)
		if (!is_ours(environ[i]))
			environment[at++] = environ[i];
	return environment;
}

/* ---- running ---- */

static bool is_program(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static bool is_in_path(const char *program)
{
	const char *folders = getenv("PATH");
	struct slice rest = slice_of(folders ? folders : "/bin:/usr/bin");
	char path[PATH_MAX];
	bool is_found = false;
	while (rest.len && !is_found) {
		struct slice folder = slice_until(rest, ':');
		rest = slice_skip(rest, folder.len + 1);
		snprintf(path, sizeof(path), "%.*s/%s", SLICE_ARG(folder.len ? folder : SLICE(".")), program);
		is_found = is_program(path);
	}
	return is_found;
}

bool hook_check(const char *program, struct error *err)
{
	if (strchr(program, '/') ? is_program(program) : is_in_path(program))
		return true;
	return error_set(err, "--exec %s: there is no such program, or it may not be run; it is given no arguments", program);
}

/* A file in memory that holds the line, to be read from its beginning; -1. */
static int make_input(const struct hook_call *call)
{
	int fd = memfd_create("vmpanic", MFD_CLOEXEC);
	for (size_t done = 0; fd >= 0 && done < call->len;) {
		ssize_t count = write(fd, call->line + done, call->len - done);
		if (count < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		done += count > 0 ? (size_t)count : 0;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* With no signal blocked or ignored that we block or ignore, and in a group of its own, so that all of it can be
 * ended. Ctrl-C is ours. */
static int spawn(const char *program, int input, char **environment, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, ignored;
	char *const arguments[] = { (char *)program, NULL };
	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	int why = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (!why)
		why = posix_spawnp(ret, program, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

static bool start(struct hook *hook, struct hook_child *child, struct hook_call *call, int64_t now_ms)
{
	char **environment = environment_of(call);
	int input = environment ? make_input(call) : -1, why = ENOMEM;
	if (input >= 0)
		why = spawn(hook->program, input, environment, &child->pid);
	if (input >= 0)
		close(input);
	environment_free(environment);
	if (why) {
		struct error err;
		error_set(&err, "cannot be run: %s", strerror(why));
		complain_of(hook, err.text);
		child->pid = 0;
		return false;
	}
	child->call = call;
	child->was_told = false;
	child->deadline_ms = now_ms + hook->limit_ms;
	return true;
}

/* ---- its end ---- */

static void complain_of_status(const struct hook *hook, int status, bool was_told)
{
	struct error err;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	if (WIFEXITED(status))
		error_set(&err, "ended with status %d", WEXITSTATUS(status));
	else
		error_set(&err, "was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (!was_told)
		complain_of(hook, err.text);
}

static void reap(const struct hook *hook, struct hook_child *child)
{
	int status;
	if (!child->pid || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return;
	complain_of_status(hook, status, child->was_told);
	free(child->call);
	*child = (struct hook_child){ 0 };
}

/* First asked, then ended, with all that it started. */
static void end(const struct hook *hook, struct hook_child *child, int64_t now_ms)
{
	struct error err;
	if (!child->was_told) {
		if (hook->is_closed)
			error_set(&err, "was ended with the watch");
		else
			error_set(&err, "was ended: it took longer than %g seconds", hook->limit_ms / 1000.0);
		complain_of(hook, err.text);
	}
	kill(-child->pid, child->was_told ? SIGKILL : SIGTERM);
	child->was_told = true;
	child->deadline_ms = now_ms + HOOK_GRACE_MS;
}

static struct hook_call *take_first(struct hook *hook)
{
	struct hook_call *call = hook->first;
	hook->first = call->next;
	if (!hook->first)
		hook->last = NULL;
	hook->waiting_bytes -= call->len;
	hook->waiting_count--;
	return call;
}

void hook_step(struct hook *hook, int64_t now_ms)
{
	for (size_t i = 0; i < HOOK_RUNNING_MAX; i++) {
		struct hook_child *child = &hook->children[i];
		reap(hook, child);
		if (child->pid && child->deadline_ms <= now_ms)
			end(hook, child, now_ms);
		while (!child->pid && hook->first) {
			struct hook_call *call = take_first(hook);
			if (!start(hook, child, call, now_ms))
				free(call);
		}
	}
}

void hook_add(struct hook *hook, struct slice line)
{
	struct hook_call *call = NULL;
	if (hook->waiting_bytes + line.len <= HOOK_WAITING_BYTES)
		call = malloc(sizeof(*call) + line.len);
	if (!call) {
		complain_of(hook, "is too slow: a diagnosis was not handed to it");
		return;
	}
	call->next = NULL;
	call->len = line.len;
	memcpy(call->line, line.ptr, line.len);
	*(hook->last ? hook->last : &hook->first) = call;
	hook->last = &call->next;
	hook->waiting_bytes += line.len;
	hook->waiting_count++;
}

int hook_wait_ms(const struct hook *hook, int64_t now_ms)
{
	int64_t wait_ms = -1;
	for (size_t i = 0; i < HOOK_RUNNING_MAX; i++) {
		const struct hook_child *child = &hook->children[i];
		int64_t left_ms = child->deadline_ms > now_ms ? child->deadline_ms - now_ms : 0;
		if (child->pid && (wait_ms < 0 || left_ms < wait_ms))
			wait_ms = left_ms;
	}
	return (int)wait_ms;
}

bool hook_is_running(const struct hook *hook)
{
	for (size_t i = 0; i < HOOK_RUNNING_MAX; i++)
		if (hook->children[i].pid)
			return true;
	return false;
}

static void drop_waiting(struct hook *hook)
{
	struct error err;
	if (hook->waiting_count) {
		error_set(&err, "was not run for %zu diagnos%s", hook->waiting_count, hook->waiting_count == 1 ? "is" : "es");
		complain_of(hook, err.text);
	}
	while (hook->first)
		free(take_first(hook));
}

void hook_close(struct hook *hook, int64_t now_ms)
{
	bool is_first = !hook->is_closed;
	drop_waiting(hook);
	hook->is_closed = true;
	for (size_t i = 0; i < HOOK_RUNNING_MAX; i++) {
		struct hook_child *child = &hook->children[i];
		if (!child->pid)
			continue;
		int64_t end_ms = is_first ? now_ms + HOOK_GRACE_MS : now_ms;
		if (child->deadline_ms > end_ms)
			child->deadline_ms = end_ms;
		child->was_told |= !is_first;
	}
}

void hook_deinit(struct hook *hook)
{
	drop_waiting(hook);
	for (size_t i = 0; i < HOOK_RUNNING_MAX; i++)
		free(hook->children[i].call);
}
