/* Runs a command a few times and says how long it took and how much memory it had at most.
 *
 *	measure [-n RUNS] [-b BYTES] NAME COMMAND [ARGUMENT...]
 *	measure [-n RUNS] -p NAME COMMAND [ARGUMENT...] -- COMMAND [ARGUMENT...]
 *
 * Medians of RUNS (5); BYTES adds the rate. With -p the two commands run by turns, and the ratio of
 * each pair is taken before the median. What the commands print is thrown away; an exit status above
 * 2 is a failure, for a diagnosis may end in 1 or 2 and still be one. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 1000

struct run {
	double wall_s, cpu_s, peak_mib;
};

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run_child(char **command)
{
	int null = open("/dev/null", O_WRONLY);
	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	execvp(command[0], command);
	_exit(127);
}

static bool run_once(char **command, struct run *ret)
{
	struct rusage usage;
	int status;
	double begin = seconds_now();
	pid_t child = fork();
	if (child == 0)
		run_child(command);
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		perror("measure");
		return false;
	}
	ret->wall_s = seconds_now() - begin;
	ret->cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	ret->peak_mib = (double)usage.ru_maxrss / 1024;
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 2)
		return true;
	fprintf(stderr, "measure: %s ended with %d\n", command[0],
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return false;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static bool measure_one(const char *name, char **command, int runs, double bytes)
{
	static double wall[RUNS_MAX], cpu[RUNS_MAX];
	double peak_mib = 0;
	for (int i = 0; i < runs; i++) {
		struct run run;
		if (!run_once(command, &run))
			return false;
		wall[i] = run.wall_s;
		cpu[i] = run.cpu_s;
		peak_mib = run.peak_mib > peak_mib ? run.peak_mib : peak_mib;
	}
	double wall_s = median(wall, runs), cpu_s = median(cpu, runs);
	printf("%-30s wall %9.1f ms  user+sys %9.1f ms  peak %6.1f MiB", name, wall_s * 1e3, cpu_s * 1e3, peak_mib);
	if (bytes > 0)
		printf("  %6.0f MB/s (%.0f by user+sys)", bytes / 1e6 / wall_s, bytes / 1e6 / cpu_s);
	printf("\n");
	return true;
}

static bool measure_pair(const char *name, char **ours, char **other, int runs)
{
	static double wall[RUNS_MAX], cpu[RUNS_MAX];
	for (int i = 0; i < runs; i++) {
		struct run a, b;
		if (!run_once(ours, &a) || !run_once(other, &b))
			return false;
		wall[i] = a.wall_s / b.wall_s;
		cpu[i] = a.cpu_s / b.cpu_s;
	}
	printf("%-30s wall %9.2f x   user+sys %9.2f x\n", name, median(wall, runs), median(cpu, runs));
	return true;
}

static char **split(char **words)
{
	for (; *words; words++) {
		if (strcmp(*words, "--") != 0)
			continue;
		*words = NULL;
		return words + 1;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int runs = 5;
	double bytes = 0;
	bool is_pair = false;
	for (int option; (option = getopt(argc, argv, "+n:b:p")) != -1;) {
		if (option == 'n')
			runs = (int)strtol(optarg, NULL, 10);
		else if (option == 'b')
			bytes = strtod(optarg, NULL);
		else if (option == 'p')
			is_pair = true;
		else
			return 2;
	}
	if (argc - optind < 2 || runs < 1 || runs > RUNS_MAX) {
		fputs("usage: measure [-n RUNS] [-b BYTES] [-p] NAME COMMAND... [-- COMMAND...]\n", stderr);
		return 2;
	}
	char **command = argv + optind + 1;
	char **other = is_pair ? split(command) : NULL;
	if (is_pair && (!other || !*other))
		return 2;
	bool is_done = is_pair ? measure_pair(argv[optind], command, other, runs)
			       : measure_one(argv[optind], command, runs, bytes);
	return !is_done;
}
