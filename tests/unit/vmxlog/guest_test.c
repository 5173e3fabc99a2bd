#include "../expect.h"

#include "vmxlog/guest.h"

static const char *sender_name(enum guest_sender sender)
{
	static const char *const names[] = { "kernel", "firmware", "tools", "xferlog", "other", "console" };
	return names[sender];
}

static void test_classify(void **state)
{
	static const struct {
		const char *name, *text, *sender;
	} rows[] = {
		{ "kernel, level and time", "<4>[    1.125782] VFS: x", "kernel" },
		{ "kernel, a time without padding", "<0>[1.125804] x", "kernel" },
		{ "kernel, no time", "<6>Booting", "kernel" },
		{ "kernel, no level", "[    0.000000] Linux version 6.1.0", "kernel" },
		{ "kernel, user text", "<30>[    3.500000] systemd[1]: x", "kernel" },
		{ "kernel, four digits of priority", "<1023>x", "kernel" },
		{ "kernel, a long uptime", "[1234567890.000000] x", "kernel" },
		{ "kernel, a caller", "<4>[   26.277085][    T1] x", "kernel" },
		{ "firmware", "About to do EFI boot: Photon", "firmware" },
		{ "firmware, version", "EFI ROM version: VMW71.00V.1 (64-bit RELEASE)", "firmware" },
		{ "tools", "toolbox: Version: 12.1.5.39265", "tools" },
		{ "the graphics driver", "vmwgfx: Module Version: 2.20.0 (kernel: 6.1.0-23-amd64)", "tools" },
		{ "a Windows driver", "PVSCSI: driver StorPort v1.3.15.0 starts.", "tools" },
		{ "xferlogs", ">Logfile Begins : /root/install.log: ver - 1", "xferlog" },
		{ "somebody else", "Hello", "other" },
		{ "empty", "", "other" },
		{ "five digits", "<10230>x", "other" },
		{ "no digit", "<a>x", "other" },
		{ "digits and a letter", "<1a>x", "other" },
		{ "an open priority", "<4x", "other" },
		{ "no number at all", "<>x", "other" },
		{ "five digits of microseconds", "[    1.12578] x", "other" },
		{ "seven digits of microseconds", "[    1.1257823] x", "other" },
		{ "eleven digits of seconds", "[12345678901.000000] x", "other" },
		{ "letters for seconds", "[    x.125782] x", "other" },
		{ "a program of that name", "[vgauthservice] x", "tools" },
		{ "a blank in front", " <4>x", "other" },
		{ "only a bracket", "[", "other" },
		{ "an open time", "[    1.125782", "other" },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		enum guest_sender sender = guest_classify(slice_of(rows[i].text));
		expect_text(rows[i].name, slice_of(sender_name(sender)), rows[i].sender);
		expect_true(rows[i].name, guest_is_kernel(slice_of(rows[i].text)) == (sender == GUEST_KERNEL));
	}
}

static void test_prompts(void **state)
{
	(void)state;
	static const char *const prompts[] = { "(initramfs) ", "sh-5.1# ", "/ # ", "grub> ", "web login: ", "dracut:/# ",
					       "(or press Control-D to continue): " };
	static const char *const others[] = { "", " ", "#", "(initramfs)", "sh-5.1#", "<6>[    1.000000] sd 0:0:0:0: ",
					      "[    1.000000] usb 1-1: ", "Loading modules " };
	for (size_t i = 0; i < ROWS(prompts); i++)
		expect_true(prompts[i], guest_is_prompt(slice_of(prompts[i])));
	for (size_t i = 0; i < ROWS(others); i++)
		expect_true(others[i], !guest_is_prompt(slice_of(others[i])));
}

static void test_find_embedded(void **state)
{
	static const struct {
		const char *name, *line;
		size_t place;
	} rows[] = {
		{ "behind a prompt", "localhost login: [   12.345678] x", 17 },
		{ "with a caller", "a [   12.345678][    T1] x", 2 },
		{ "at the front", "[   12.345678] x", 0 },
		{ "the second bracket", "[ OK ] Started x.[   12.345678] y", 17 },
		{ "nested brackets", "[[[   12.345678] x", 2 },
		{ "without text behind", "a [   12.345678]", SLICE_NOT_FOUND },
		{ "text at once", "a [   12.345678]x", SLICE_NOT_FOUND },
		{ "none", "localhost login: ", SLICE_NOT_FOUND },
		{ "nearly", "took [12.34] s", SLICE_NOT_FOUND },
		{ "empty", "", SLICE_NOT_FOUND },
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		expect_true(rows[i].name, guest_find_embedded(slice_of(rows[i].line)) == rows[i].place);
}

/* A line of brackets must not cost its square. */
static void test_find_embedded_in_brackets(void **state)
{
	size_t len = 1 << 20;
	char *line = test_malloc(len);
	(void)state;
	memset(line, '[', len);
	assert_true(guest_find_embedded((struct slice){ line, len }) == SLICE_NOT_FOUND);
	for (size_t i = 0; i < len; i++)
		line[i] = i % 8 ? ' ' : '[';
	assert_true(guest_find_embedded((struct slice){ line, len }) == SLICE_NOT_FOUND);
	test_free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classify),
		cmocka_unit_test(test_prompts),
		cmocka_unit_test(test_find_embedded),
		cmocka_unit_test(test_find_embedded_in_brackets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
