/* The pieces that advice is worded with; private to the repair words of this floor.
 *
 * Each advice function appends sentences to the text and commands to the step of *a. One that
 * leaves the text empty has nothing to say for this boot, and its step is not made. Text may
 * show guest-derived words (reports escape them); commands take shell-plain values only. */
#ifndef DIAGNOSIS_ADVICE_H
#define DIAGNOSIS_ADVICE_H

#include "diagnosis/diagnosis.h"

struct advice {
	const struct diagnosis *diagnosis;
	const struct facts *facts;
	const struct distribution *distribution;
	struct distribution_values values; /* what is known of this guest; `word` and `driver` are set by advice */
	struct block_device subject;       /* what a check or a repair is about; without a name: not settled */
	struct slice given;                /* text of the rule's `use` step, expanded; empty */
	struct arena *arena;
	struct buf text;
	struct repair_step *step;
	bool left_out;                     /* a command was left out for want of a plain value */
	bool menu_is_told;                 /* how to get the boot menu was said, in this step or in one before */
	bool older_kernel_is_told;         /* the same of how to choose an older kernel */
};

/* A sentence (or several), printf, and a blank behind it. */
#define advice_say(a, ...) (buf_printf(&(a)->text, __VA_ARGS__), buf_char(&(a)->text, ' '))
/* A filled template, in the arena; empty when a value is not known or there is no template. */
struct slice advice_fill(struct advice *a, const char *template);
/* A filled template and a blank behind it. Says nothing when a value is not known. */
bool advice_say_template(struct advice *a, const char *template);
/* One command, a template. What cannot be filled is left out. */
void advice_command(struct advice *a, const char *template);
/* Of a list that ends at its first NULL or after `count`. */
void advice_commands(struct advice *a, const char *const *templates, size_t count);
#define ADVICE_COMMANDS(a, list) advice_commands((a), (list), sizeof(list) / sizeof *(list))

/* The value when it is known, shell-plain and short enough to be shown in a sentence; else empty. */
struct slice advice_plain_fact(const struct advice *a, enum fact_id id);
/* "8.0 GiB", "3 MiB" of a size in KiB. */
const char *advice_size(struct advice *a, uint64_t size_kib);
/* The root file system's device row, when the log settles it. */
const struct block_device *advice_root_device(const struct advice *a);
/* Its file system type: "ext4"; empty when not known. */
struct slice advice_root_fstype(const struct advice *a);
/* The device that the cause names ("EXT4-fs (device sda3): panic forced"), else the root's. */
void advice_settle_subject(struct advice *a, const struct finding *cause);
/* From here on {{device}} is the subject; DEVICE when that is not settled. */
void advice_use_subject(struct advice *a);
/* The first storage controller whose driver spoke (or did not); IDE, which every chipset has,
 * only when there is no other. NULL for none. */
const struct controller *advice_controller(const struct advice *a, bool is_driven);
bool advice_cause_is(const struct advice *a, const char *word);
bool advice_is_efi(const struct advice *a);

/* At the boot loader's menu, in the guest's boot files, and in its kernel. */
void advice_grub_root_now(struct advice *a);
void advice_grub_root_lasting(struct advice *a);
void advice_grub_rootwait_now(struct advice *a);
void advice_grub_rootwait_lasting(struct advice *a);
void advice_grub_drop_word_now(struct advice *a);
void advice_grub_add_word_now(struct advice *a);
void advice_grub_init_now(struct advice *a);
void advice_grub_previous_kernel(struct advice *a);
void advice_restore_initramfs(struct advice *a);
void advice_rebuild_initramfs(struct advice *a);
void advice_add_storage_driver(struct advice *a);
void advice_update_kernel(struct advice *a);
void advice_remove_module(struct advice *a);
void advice_save_crash(struct advice *a);
void advice_fix_fstab(struct advice *a);
void advice_verify_boot(struct advice *a);

/* At the VM, its host, and its disks. */
void advice_change_controller(struct advice *a);
void advice_attach_disk(struct advice *a);
void advice_check_host_storage(struct advice *a);
void advice_snapshot_first(struct advice *a);
void advice_rescue_media(struct advice *a);
void advice_check_filesystem(struct advice *a);
void advice_repair_filesystem(struct advice *a);
void advice_restore_disk_size(struct advice *a);
void advice_make_writable(struct advice *a);
void advice_more_memory(struct advice *a);
void advice_check_host_load(struct advice *a);
void advice_collect_evidence(struct advice *a);
void advice_catch_hang(struct advice *a);

#endif
