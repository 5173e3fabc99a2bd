/* Every allocation and every read fails once. The whole program runs in this process, again and
 * again, over one input; the n-th call fails, n = 1, 2, ... until a run has no n-th call left.
 *
 * Each run must end in one of two ways: as without a fault (the failure was of no consequence), or
 * with status 2, one line on standard error, and output that is not torn: whole lines, a whole JSON
 * document. No run may leak.
 *
 *	fault COMMAND [ARG...]      for example: fault diagnose --format json samples/photon-guide.log
 *
 * The allocator's functions and read(2) are defined here and so reach the libraries, too; time(2), so that
 * reports of two runs tell the same moment. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

int vmpanic_main(int argc, char **argv);

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *piece);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
void free(void *piece);
ssize_t read(int fd, void *bytes, size_t size);

time_t time(time_t *ret)
{
	const time_t moment = 1771697583;
	if (ret)
		*ret = moment;
	return moment;
}

static struct {
	bool is_armed, of_reads;
	_Atomic unsigned long calls;
	unsigned long fail_at;
	_Atomic long living; /* allocations less frees while armed */
} fault;

static bool fails(bool is_read)
{
	return fault.is_armed && fault.of_reads == is_read && ++fault.calls == fault.fail_at;
}

static void *count_new(void *piece)
{
	fault.living += fault.is_armed && piece;
	return piece;
}

void *malloc(size_t size)
{
	if (!fails(false))
		return count_new(__libc_malloc(size));
	errno = ENOMEM;
	return NULL;
}

void *calloc(size_t count, size_t size)
{
	if (!fails(false))
		return count_new(__libc_calloc(count, size));
	errno = ENOMEM;
	return NULL;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	if (!fails(false))
		return count_new(__libc_memalign(alignment, size));
	errno = ENOMEM;
	return NULL;
}

void *realloc(void *old, size_t size)
{
	if (fails(false)) {
		errno = ENOMEM;
		return NULL;
	}
	void *piece = __libc_realloc(old, size);
	return old ? piece : count_new(piece);
}

void free(void *piece)
{
	fault.living -= fault.is_armed && piece;
	__libc_free(piece);
}

ssize_t read(int fd, void *bytes, size_t size)
{
	static ssize_t (*real)(int, void *, size_t);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "read");
	if (fails(true)) {
		errno = EIO;
		return -1;
	}
	return real(fd, bytes, size);
}

/* ---- one run ---- */

struct result {
	int status;
	long leaked;
	char *out, *err; /* what it wrote; mapped */
	size_t out_len, err_len;
};

static int saved_out, saved_err, out_fd, err_fd;

static void begin_capture(void)
{
	fflush(NULL);
	if (ftruncate(out_fd, 0) || ftruncate(err_fd, 0))
		abort();
	lseek(out_fd, 0, SEEK_SET);
	lseek(err_fd, 0, SEEK_SET);
	dup2(out_fd, STDOUT_FILENO);
	dup2(err_fd, STDERR_FILENO);
}

static void end_capture(void)
{
	fflush(NULL);
	dup2(saved_out, STDOUT_FILENO);
	dup2(saved_err, STDERR_FILENO);
}

static char *captured(int fd, size_t *ret_len)
{
	off_t len = lseek(fd, 0, SEEK_END);
	*ret_len = len > 0 ? (size_t)len : 0;
	char *text = mmap(NULL, *ret_len + 1, PROT_READ, MAP_PRIVATE, fd, 0);
	return text == MAP_FAILED ? NULL : text;
}

static struct result run_once(int argc, char **argv, bool of_reads, unsigned long fail_at)
{
	struct result result = { 0 };
	char *arguments[16] = { 0 };
	memcpy(arguments, argv, (size_t)argc * sizeof *argv);
	begin_capture();
	fault.of_reads = of_reads;
	fault.fail_at = fail_at;
	fault.calls = 0;
	fault.living = 0;
	fault.is_armed = true;
	result.status = vmpanic_main(argc, arguments);
	fault.is_armed = false;
	result.leaked = fault.living;
	end_capture();
	result.out = captured(out_fd, &result.out_len);
	result.err = captured(err_fd, &result.err_len);
	return result;
}

static void forget(struct result *result)
{
	munmap(result->out, result->out_len + 1);
	munmap(result->err, result->err_len + 1);
}

static size_t count_lines(const struct result *result)
{
	size_t count = 0;
	for (size_t i = 0; i < result->err_len; i++)
		count += result->err[i] == '\n';
	return result->err_len && result->err[result->err_len - 1] != '\n' ? 0 : count;
}

/* The failure's own, beside what is wrong with the input itself. */
static bool is_told(const struct result *result, const struct result *whole)
{
	size_t count = count_lines(result), common = count_lines(whole);
	return count >= 1 && count <= common + 1;
}

/* Or several, one behind the other, as lines are. */
static bool is_document(const struct result *result)
{
	for (size_t at = 0; at < result->out_len;) {
		json_error_t end;
		json_t *document = json_loadb(result->out + at, result->out_len - at, JSON_DISABLE_EOF_CHECK, &end);
		if (!document)
			return false;
		json_decref(document);
		for (at += (size_t)end.position; at < result->out_len && result->out[at] == '\n'; at++)
			;
	}
	return result->out_len;
}

static bool ends_in_newline(const struct result *result)
{
	return !result->out_len || result->out[result->out_len - 1] == '\n';
}

static const char *judge(const struct result *result, const struct result *whole)
{
	bool is_same = result->status == whole->status && result->out_len == whole->out_len &&
		       memcmp(result->out, whole->out, whole->out_len) == 0;
	if (result->leaked > whole->leaked)
		return "leaks";
	if (is_same)
		return NULL;
	if (result->status != 2)
		return "neither the whole output nor status 2";
	if (!is_told(result, whole))
		return "standard error is not one line";
	/* What came before may have been written: a whole document with the error in it, or whole lines. */
	bool is_json = whole->out_len && whole->out[0] == '{' && result->out_len;
	return (is_json ? is_document(result) : ends_in_newline(result)) ? NULL : "torn output";
}

/* The second of two runs: the first one sets up what libraries keep, which is no leak. */
static struct result run_whole(int argc, char **argv, bool of_reads)
{
	struct result first = run_once(argc, argv, of_reads, 0);
	forget(&first);
	struct result whole = run_once(argc, argv, of_reads, 0), kept = whole;
	kept.out = malloc(whole.out_len + 1);
	kept.err = malloc(whole.err_len + 1);
	if (!kept.out || !kept.err)
		abort();
	memcpy(kept.out, whole.out, whole.out_len);
	memcpy(kept.err, whole.err, whole.err_len);
	forget(&whole);
	return kept;
}

static unsigned long try_all(int argc, char **argv, bool of_reads, unsigned long *failed)
{
	struct result whole = run_whole(argc, argv, of_reads);
	unsigned long points = fault.calls;
	for (unsigned long n = 1; n <= points; n++) {
		struct result result = run_once(argc, argv, of_reads, n);
		const char *why = judge(&result, &whole);
		if (why) {
			++*failed;
			printf("%s %lu of %lu: %s (status %d, %ld leaked)\n  error: %.*s\n  output: %.*s\n",
			       of_reads ? "read" : "allocation", n, points, why, result.status,
			       result.leaked - whole.leaked, (int)result.err_len, result.err,
			       (int)result.out_len, result.out);
		}
		forget(&result);
	}
	free(whole.out);
	free(whole.err);
	return points;
}

int main(int argc, char **argv)
{
	unsigned long failed = 0;
	if (argc < 2 || argc > 15) {
		fprintf(stderr, "usage: fault COMMAND [ARG...]\n");
		return 2;
	}
	saved_out = dup(STDOUT_FILENO);
	saved_err = dup(STDERR_FILENO);
	out_fd = memfd_create("out", 0);
	err_fd = memfd_create("err", 0);
	unsigned long allocations = try_all(argc, argv, false, &failed);
	unsigned long reads = try_all(argc, argv, true, &failed);
	printf("%lu allocations and %lu reads failed once each: %lu wrong ends\n", allocations, reads, failed);
	return failed != 0;
}
