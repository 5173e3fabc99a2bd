#include "../input/tree.h"

#include "base/limits.h"
#include "rules/engine.h"
#include "rules/rule.h"
#include "scan/trail.h"

#define HOST "2026-02-21T18:13:00.000Z In(05) "
#define CHATTER HOST "vmx - Tools: heartbeat is here, and enough words that this line is one of a long log\n"
#define CHATTERS CHATTER CHATTER CHATTER CHATTER CHATTER CHATTER
#define GUEST(text) HOST "vcpu-0 - Guest: " text "\n"
#define CONSOLE "[    0.000000] Linux version 6.1.0 (root@photon)\n[    1.000000] something went well\n"

struct ground {
	struct place *place;
	struct trail *trail;
	struct trail_reader reader;
};

static struct trail *trail_at(const struct place *place, const char *name)
{
	struct stat st;
	assert_int_equal(fstatat(place->fd, name, &st, 0), 0);
	const struct folder_file file = { .name = slice_of(name), .dev = st.st_dev, .ino = st.st_ino };
	return trail_new(&file, NULL);
}

static void begin(struct ground *ground, struct place *place, const char *name)
{
	const struct rule_set none = { 0 };
	*ground = (struct ground){ .place = place, .trail = trail_at(place, name) };
	ground->reader = (struct trail_reader){ rule_engine_new(none, NULL), malloc(INPUT_BLOCK_BYTES) };
	assert_non_null(ground->reader.engine);
}

static void end(struct ground *ground)
{
	trail_free(ground->trail);
	rule_engine_free(ground->reader.engine);
	free(ground->reader.block);
}

static void append(const struct place *place, const char *name, struct slice text)
{
	int fd = openat(place->fd, name, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, text.ptr, text.len), text.len);
	close(fd);
}

static struct trail_news look(struct ground *ground, int64_t now_ms)
{
	struct trail_news news;
	struct error err;
	if (!trail_look(ground->trail, ground->place->fd, &ground->reader, now_ms, &news, &err))
		fail_msg("the look failed: %s", err.text);
	return news;
}

/* What a judgement may change by, and what not. */
static void test_news(void **state)
{
	static const struct {
		const char *name, *before;
		struct slice text;
		bool is_news, is_complete;
	} rows[] = {
		{ "nothing", CHATTER, BYTES(""), false, false },
		{ "chatter", CHATTER, BYTES(CHATTER), false, false },
		{ "a disk", CHATTER, BYTES(HOST "vmx - DISK: OPEN scsi0:0 '/vmfs/volumes/ds/web.vmdk'\n"), false, false },
		{ "guest text", CHATTER, BYTES(GUEST("<6>[    1.000000] one")), true, false },
		{ "half a line", CHATTER, BYTES(HOST "vcpu-0 - Guest: <6>[    1.0000"), true, false },
		{ "the last line of a dump", CHATTER, BYTES(GUEST("<0>[    1.000000] Kernel Offset: disabled")), true, true },
		{ "a reset behind a dump", CHATTER,
		  BYTES(GUEST("<6>[    1.000000] one") HOST "vcpu-0 - CPU reset: soft (mode Emulation)\n"), true, true },
		{ "a tool's words", CHATTER, BYTES(GUEST("toolbox: Version 12.1.0")), false, false },
		{ "a console that is well", CONSOLE, BYTES("[    2.000000] it goes on\n"), false, false },
		{ "a console with an oops", CONSOLE, BYTES("[    2.000000] Oops: 0000 [#1] SMP\n"), true, false },
		{ "a console's end", CONSOLE, BYTES("[    2.000000] Rebooting in 5 seconds..\n"), true, true },
	};
	struct place *place = *state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct ground ground;
		put_text(place, "log", slice_of(rows[i].before));
		begin(&ground, place, "log");
		look(&ground, 0);
		append(place, "log", rows[i].text);
		struct trail_news news = look(&ground, 0);
		expect_number(rows[i].name, news.is_news, rows[i].is_news);
		expect_number(rows[i].name, news.is_complete, rows[i].is_complete);
		expect_number(rows[i].name, news.was_cut_short, false);
		end(&ground);
	}
}

/* A line that grows is read up to its beginning, until it rests. */
static void test_limit(void **state)
{
	struct place *place = *state;
	struct ground ground;
	put_text(place, "log", SLICE(CHATTER));
	begin(&ground, place, "log");
	append(place, "log", SLICE(HOST "vcpu-0 - Gue"));
	look(&ground, 5000);
	uint64_t whole = sizeof(CHATTER HOST "vcpu-0 - Gue") - 1, lines = sizeof(CHATTER) - 1;
	expect_number("grows", (int64_t)trail_limit(ground.trail, 5000 + TRAIL_QUIET_MS - 1), (int64_t)lines);
	expect_number("rests", (int64_t)trail_limit(ground.trail, 5000 + TRAIL_QUIET_MS), (int64_t)whole);
	append(place, "log", SLICE("st: <6>[    1.000000] one\n"));
	expect_true("is a line now", look(&ground, 5100).is_news);
	end(&ground);
}

/* Shorter, or as long and longer but not the same. */
static void test_another_text(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		bool is_another;
	} rows[] = {
		{ "the same", BYTES(CHATTERS), false },
		{ "longer", BYTES(CHATTERS CHATTER), false },
		{ "shorter", BYTES(CHATTER), true },
		{ "empty", BYTES(""), true },
		{ "another, longer", BYTES(CONSOLE CHATTERS CHATTERS), true },
	};
	struct place *place = *state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct ground ground;
		put_text(place, "log", SLICE(CHATTERS));
		begin(&ground, place, "log");
		look(&ground, 0);
		put_text(place, "log", rows[i].text);
		expect_number(rows[i].name, look(&ground, 0).was_cut_short, rows[i].is_another);
		end(&ground);
	}
}

/* Another file has its name, or none has. */
static void test_moved(void **state)
{
	struct place *place = *state;
	struct ground ground;
	put_text(place, "log", SLICE(CHATTERS));
	begin(&ground, place, "log");
	look(&ground, 0);
	assert_int_equal(renameat(place->fd, "log", place->fd, "log.1"), 0);
	expect_true("no name", look(&ground, 0).has_moved);
	put_text(place, "log", SLICE(GUEST("<6>[    1.000000] one")));
	struct trail_news news = look(&ground, 0);
	expect_true("another's name", news.has_moved && !news.is_news && !news.was_cut_short);
	end(&ground);
}

static void test_copies(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		enum trail_likeness likeness;
	} rows[] = {
		{ "a copy", BYTES(CHATTERS CONSOLE), LIKENESS_COPY },
		{ "more than a copy", BYTES(CHATTERS CONSOLE CHATTER), LIKENESS_COPY },
		{ "half a copy", BYTES(CHATTERS), LIKENESS_MAYBE },
		{ "hardly begun", BYTES(CHATTER), LIKENESS_MAYBE },
		{ "the same beginning", BYTES(CHATTERS CHATTER CHATTER), LIKENESS_NONE },
		{ "another", BYTES(CONSOLE CHATTERS), LIKENESS_NONE },
	};
	struct place *place = *state;
	struct ground ground;
	put_text(place, "log", SLICE(CHATTERS CONSOLE));
	begin(&ground, place, "log");
	look(&ground, 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		put_text(place, "other", rows[i].text);
		struct trail *other = trail_at(place, "other");
		struct mark head = trail_head(other, place->fd, &ground.reader);
		expect_number(rows[i].name,
			      trail_compare(other, place->fd, &head, &ground.trail->state, &ground.reader),
			      rows[i].likeness);
		trail_free(other);
	}
	end(&ground);
}

/* What is there at the start is known, but for a dump that is being written. */
static void test_begin(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		bool is_old, is_under_way;
		size_t judged_less; /* of the size */
	} rows[] = {
		{ "old", BYTES(GUEST("<6>[    1.000000] one")), true, false, 0 },
		{ "being written", BYTES(GUEST("<6>[    1.000000] one")), false, true, 1 },
		{ "a line being written", BYTES(CHATTER HOST "vcpu-0 - Guest: <6>["), false, true,
		  sizeof(HOST "vcpu-0 - Guest: <6>[") - 1 },
		{ "the host's", BYTES(GUEST("<6>[    1.000000] one") CHATTER), false, false, 0 },
		{ "empty", BYTES(""), false, false, 0 },
	};
	struct place *place = *state;
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct ground ground;
		bool is_under_way;
		put_text(place, "log", rows[i].text);
		if (rows[i].is_old)
			assert_int_equal(utimensat(place->fd, "log", old, 0), 0);
		begin(&ground, place, "log");
		assert_true(trail_begin(ground.trail, place->fd, &ground.reader, &is_under_way, NULL));
		expect_number(rows[i].name, is_under_way, rows[i].is_under_way);
		expect_number(rows[i].name, (int64_t)ground.trail->state.judged,
			      (int64_t)(rows[i].text.len - rows[i].judged_less));
		end(&ground);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_news), TEST(test_limit), TEST(test_another_text), TEST(test_moved), TEST(test_copies),
		TEST(test_begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
