#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "grub/distribution.h"

static const struct distribution *find(const char *id, unsigned release)
{
	return distribution_find(slice_of(id), release);
}

static void rows_are_found_by_release(void **state)
{
	(void)state;
	assert_int_equal(find("photon", 1)->release_first, 1);
	assert_int_equal(find("photon", 3)->release_last, 3);
	assert_int_equal(find("photon", 5)->release_last, 5);
	assert_int_equal(find("rhel", 5)->style, BOOT_GRUB_LEGACY);
	assert_int_equal(find("rhel", 6)->style, BOOT_GRUB_LEGACY);
	assert_int_equal(find("rhel", 7)->style, BOOT_GRUB_MKCONFIG);
	assert_int_equal(find("rhel", 8)->style, BOOT_GRUB_BLS);
	assert_int_equal(find("rhel", 10)->style, BOOT_GRUB_BLS);
	assert_int_equal(find("fedora", 28)->style, BOOT_GRUB_MKCONFIG);
	assert_int_equal(find("fedora", 41)->style, BOOT_GRUB_BLS);
	assert_int_equal(find("debian", 12)->style, BOOT_GRUB_DEBIAN);
	assert_int_equal(find("ubuntu", 24)->style, BOOT_GRUB_DEBIAN);
	assert_int_equal(find("sles", 11)->style, BOOT_GRUB_LEGACY);
	assert_int_equal(find("sles", 15)->style, BOOT_GRUB_MKCONFIG);
	assert_int_equal(find("opensuse-leap", 42)->style, BOOT_GRUB_MKCONFIG);
	assert_int_equal(find("amzn", 2)->style, BOOT_GRUB_MKCONFIG);
	assert_int_equal(find("amzn", 2023)->style, BOOT_GRUB_BLS);
	assert_int_equal(find("alpine", 3)->style, BOOT_EXTLINUX);
	assert_int_equal(find("arch", 0)->style, BOOT_GRUB_MKCONFIG);
}

static void unknown_releases_have_the_nearest_row(void **state)
{
	(void)state;
	assert_ptr_equal(find("photon", 0), find("photon", 5));
	assert_ptr_equal(find("photon", 6), find("photon", 5));
	assert_ptr_equal(find("rhel", 4), find("rhel", 5));
	assert_ptr_equal(find("rocky", 7), find("rocky", 8));
	assert_ptr_equal(find("sles", 0), find("sles", 15));
	assert_ptr_equal(find("amzn", 2018), find("amzn", 2));
}

static void the_family_of_red_hat_keeps_its_own_names(void **state)
{
	(void)state;
	assert_string_equal(find("rocky", 9)->name, "Rocky Linux");
	assert_string_equal(find("almalinux", 8)->efi_config, "/boot/efi/EFI/almalinux/grub.cfg");
	assert_string_equal(find("centos", 7)->efi_config, "/boot/efi/EFI/centos/grub.cfg");
	assert_string_equal(find("ol", 7)->efi_config, "/boot/efi/EFI/redhat/grub.cfg");
	assert_string_equal(find("centos", 7)->linux_word, "linux16");
	assert_non_null(strstr(find("rocky", 9)->never, "EFI/rocky"));
}

static void an_unknown_distribution_has_a_row(void **state)
{
	(void)state;
	assert_int_equal(find("plan9", 4)->style, BOOT_UNKNOWN);
	assert_int_equal(find("", 0)->style, BOOT_UNKNOWN);
	assert_string_equal(find("", 0)->id, "");
}

static void photon_never_has_its_file_generated(void **state)
{
	(void)state;
	for (unsigned release = 1; release <= 5; release++) {
		const struct distribution *row = find("photon", release);
		assert_string_equal(row->file, "/boot/grub2/grub.cfg");
		assert_non_null(strstr(row->never, "grub2-mkconfig"));
		assert_null(strstr(row->permanent_commands[0], "mkconfig"));
		assert_non_null(strstr(row->permanent_commands[0], "-i.bak"));
	}
	assert_non_null(strstr(find("photon", 1)->note, "set_rootpartition"));
	assert_null(find("photon", 5)->note);
}

static void check_template(const char *template, const struct distribution_values *values)
{
	struct buf out = BUF_INIT(4096);
	if (template && !distribution_fill(template, values, &out))
		fail_msg("cannot fill: %s", template);
	assert_false(slice_contains(buf_slice(&out), SLICE("{{")));
	buf_deinit(&out);
}

/* Every template of the table can be filled; a typo in a name would leave advice out in silence. */
static void every_template_can_be_filled(void **state)
{
	(void)state;
	struct distribution_values values = { SLICE("PARTUUID=1"), SLICE("/dev/sdc1"), SLICE("/dev/sda1"),
					      SLICE("6.1.0"), SLICE("vmw_pvscsi"), SLICE("rootwait") };
	size_t count;
	const struct distribution *table = distribution_table(&count);
	for (size_t i = 0; i < count; i++) {
		const struct distribution *d = &table[i];
		const char *const texts[] = { d->initramfs_file, d->old_line, d->new_line, d->permanent_text,
			d->add_driver,
					      d->verify_command, d->never, d->note, d->permanent_commands[0],
					      d->permanent_commands[1], d->permanent_commands[2], d->word_commands[0],
					      d->word_commands[1], d->initramfs_commands[0], d->initramfs_commands[1],
					      d->add_driver_commands[0], d->add_driver_commands[1],
					      	d->kdump_commands[0],
					      d->kdump_commands[1], d->kdump_commands[2], d->kernel_commands[0] };
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			check_template(texts[k], &values);
		assert_non_null(d->linux_word);
		assert_non_null(d->older_kernel);
		assert_non_null(d->permanent_text);
		assert_true(!d->old_line == !d->new_line);
	}
}

static void a_value_from_a_guest_cannot_write_a_command(void **state)
{
	(void)state;
	struct distribution_values values = { .root = SLICE("/dev/sda1;reboot") };
	struct buf out = BUF_INIT(4096);
	assert_false(distribution_fill("grubby --args=root={{root}}", &values, &out));
	assert_false(distribution_fill("{{kernel}}", &values, &out));
	assert_false(distribution_fill("{{nothing}}", &values, &out));
	assert_false(distribution_fill("{{root", &values, &out));
	buf_clear(&out);
	values.root = SLICE("PARTUUID=4e7d4f2c-01");
	assert_true(distribution_fill("a {{root}} b {{root}}", &values, &out));
	assert_true(slice_is(buf_slice(&out), "a PARTUUID=4e7d4f2c-01 b PARTUUID=4e7d4f2c-01"));
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_found_by_release),
		cmocka_unit_test(unknown_releases_have_the_nearest_row),
		cmocka_unit_test(the_family_of_red_hat_keeps_its_own_names),
		cmocka_unit_test(an_unknown_distribution_has_a_row),
		cmocka_unit_test(photon_never_has_its_file_generated),
		cmocka_unit_test(every_template_can_be_filled),
		cmocka_unit_test(a_value_from_a_guest_cannot_write_a_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
