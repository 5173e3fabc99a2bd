#include "cli/command.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/hook.h"
#include "cli/output.h"
#include "cli/ruleset.h"
#include "scan/watch.h"

#define INTERVAL_MS 2000

struct watcher {
	const struct options *options;
	struct arena arena;
	struct output output;
	struct watch_options how;
	struct watch *watch;
	struct hook hook;
	bool writes_lines;  /* for programs; else text */
	bool any_written;
	int signals;        /* of which one is readable; -1 */
	struct error err;
};

static int64_t clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* ---- what comes ---- */

static bool write_lines(struct watcher *watcher, const struct watch_told *told)
{
	bool is_written = true;
	for (size_t i = 0; is_written && i < told->line_count; i++)
		is_written = output_write(&watcher->output, told->lines[i]);
	return is_written;
}

/* Reports stand apart by an empty line. */
static bool write_text(struct watcher *watcher, const struct watch_told *told)
{
	bool is_next = watcher->any_written;
	watcher->any_written = true;
	return (!is_next || output_write(&watcher->output, SLICE("\n"))) && output_write(&watcher->output, told->text);
}

static bool tell(void *user, const struct watch_told *told, struct error *err)
{
	struct watcher *watcher = user;
	bool is_written = watcher->writes_lines ? write_lines(watcher, told) : write_text(watcher, told);
	for (size_t i = 0; watcher->hook.program && i < told->line_count; i++)
		hook_add(&watcher->hook, told->lines[i]);
	if (!is_written)
		*err = watcher->output.trouble;
	return is_written;
}

static void say(void *user, struct slice path, const char *what)
{
	(void)user;
	struct buf subject = BUF_INIT(64 * KIB);
	buf_append(&subject, path);
	buf_char(&subject, '\0');
	complain(subject.failed ? NULL : subject.ptr, what);
	buf_deinit(&subject);
}

/* ---- the loop ---- */

static bool take_signal(struct watcher *watcher)
{
	struct signalfd_siginfo info;
	while (read(watcher->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			return true;
	return false;
}

static int shorter(int a, int b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

/* Nobody reads any more: a pipe's end is told whether or not there is something to write. */
static bool wait_for_news(struct watcher *watcher, int watched, int wait_ms)
{
	struct pollfd fds[] = {
		{ .fd = watcher->signals, .events = POLLIN }, { .fd = watcher->output.fd },
		{ .fd = watched, .events = POLLIN },
	};
	poll(fds, sizeof(fds) / sizeof(*fds), wait_ms);
	bool is_gone = watcher->output.is_gone || (fds[1].revents & POLLERR);
	return !is_gone && !((fds[0].revents & POLLIN) && take_signal(watcher));
}

static bool run(struct watcher *watcher)
{
	bool goes = true;
	while (goes) {
		if (!watch_step(watcher->watch, &watcher->err))
			return false;
		hook_step(&watcher->hook, clock_ms());
		int wait_ms = shorter(watch_wait_ms(watcher->watch), hook_wait_ms(&watcher->hook, clock_ms()));
		goes = wait_for_news(watcher, watch_fd(watcher->watch), wait_ms);
	}
	return true;
}

/* Who is running may end what it does; a second signal is not waited for. */
static void end_hook(struct watcher *watcher)
{
	struct pollfd wait = { .fd = watcher->signals, .events = POLLIN };
	hook_close(&watcher->hook, clock_ms());
	hook_step(&watcher->hook, clock_ms());
	while (hook_is_running(&watcher->hook)) {
		poll(&wait, 1, hook_wait_ms(&watcher->hook, clock_ms()));
		if (take_signal(watcher))
			hook_close(&watcher->hook, clock_ms());
		hook_step(&watcher->hook, clock_ms());
	}
	hook_deinit(&watcher->hook);
}

/* Said when nothing can be missed any more. */
static void say_begun(const struct watcher *watcher)
{
	struct watch_counts counts = watch_counts(watcher->watch);
	struct error text;
	error_set(&text, "watching %zu file%s in %zu folder%s", counts.logs, counts.logs == 1 ? "" : "s", counts.folders,
		  counts.folders == 1 ? "" : "s");
	complain(NULL, text.text);
}

static bool watch_all(struct watcher *watcher)
{
	const struct watch_sink sink = { watcher, tell, say };
	sigset_t signals, old;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &old);
	watcher->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	bool is_done = watcher->signals >= 0 || error_set(&watcher->err, "signals cannot be waited for");
	if (is_done)
		watcher->watch = watch_new(&watcher->how, &sink, &watcher->err);
	is_done = is_done && watcher->watch;
	if (is_done) {
		say_begun(watcher);
		is_done = run(watcher);
		end_hook(watcher);
	}
	watch_free(watcher->watch);
	if (watcher->signals >= 0)
		close(watcher->signals);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return is_done;
}

/* ---- the command ---- */

static bool prepare(struct watcher *watcher)
{
	const struct options *options = watcher->options;
	struct watch_options *how = &watcher->how;
	watcher->writes_lines = options->format && strcmp(options->format, "text") != 0;
	watcher->hook.program = options->exec;
	watcher->hook.limit_ms = options->exec_timeout_ms ? options->exec_timeout_ms : HOOK_SECONDS * 1000;
	how->report = (struct report_options){
		output_wants_color(&watcher->output, options->color), output_width(&watcher->output), false,
		output_temporary_directory(),
	};
	how->wants_text = !watcher->writes_lines;
	how->wants_lines = watcher->writes_lines || options->exec;
	how->paths = options->operands;
	how->path_count = options->operand_count;
	how->interval_ms = options->interval_ms ? options->interval_ms : INTERVAL_MS;
	how->polls = options->poll;
	how->tells_all = options->all;
	how->tells_present = options->present;
	return (!options->exec || hook_check(options->exec, &watcher->err)) &&
	       ruleset_with(&watcher->arena, options->rules, &how->rules, &watcher->err);
}

enum exit_status command_watch(const struct options *options)
{
	struct watcher watcher = { .options = options, .arena = ARENA_INIT, .signals = -1 };
	struct error err;
	if (!options->operand_count) {
		complain(NULL, "give a log, a VM's folder or a datastore to watch; see vmpanic watch --help");
		return EXIT_TROUBLE;
	}
	output_open(&watcher.output, NULL, &err);
	bool is_done = prepare(&watcher) && watch_all(&watcher);
	if (!is_done && !*watcher.output.trouble.text)
		complain_error(NULL, &watcher.err);
	if (!output_close(&watcher.output, is_done, &err))
		complain("standard output", err.text);
	arena_deinit(&watcher.arena);
	return is_done ? EXIT_WELL : EXIT_TROUBLE;
}
