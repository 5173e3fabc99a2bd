#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "facts/crash.h"

#define RECORDS_MAX 64

struct scan {
	struct kmsg_record records[RECORDS_MAX];
	struct boot boot;
	struct arena arena;
	struct crash first, fatal;
};

/* Lines as they stand in a log; one without a time is text of the console. */
static void scan_text(struct scan *scan, const char *text)
{
	struct slice rest = slice_of(text);

	*scan = (struct scan){ .arena = ARENA_INIT };
	for (uint64_t line = 1; rest.len; line++) {
		struct slice one = slice_until(rest, '\n');
		struct kmsg_record *record = &scan->records[scan->boot.record_count++];

		assert_true(scan->boot.record_count <= RECORDS_MAX);
		record->line = line;
		if (!kmsg_parse(one, record))
			record->flags |= KMSG_CONSOLE;
		rest = slice_skip(rest, one.len + 1);
	}
	scan->boot.records = scan->records;
	crash_scan(&scan->boot, &scan->arena, &scan->first, &scan->fatal);
}

static void expect(struct slice have, const char *want)
{
	if (!slice_is(have, want))
		fail_msg("'%.*s' is not '%s'", SLICE_ARG(have), want);
}

#define PANIC(text) "[    9.500000] Kernel panic - not syncing: " text "\n"

static const struct {
	const char *text;
	const char *kind, *function, *title, *fatal_kind;
} reports[] = {
	/* 6.12 x86 */
	{ "[    9.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
	  "[    9.000002] #PF: supervisor read access in kernel mode\n"
	  "[    9.000003] #PF: error_code(0x0000) - not-present page\n"
	  "[    9.000004] Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI\n"
	  "[    9.000005] CPU: 1 UID: 0 PID: 77 Comm: probe Tainted: G           OE      6.12.0-demo #1\n"
	  "[    9.000006] RIP: 0010:demo_read+0x12/0x40 [demo]\n"
	  "[    9.000007] Call Trace:\n"
	  "[    9.000008]  <TASK>\n"
	  "[    9.000009]  ? asm_exc_page_fault+0x22/0x30\n"
	  "[    9.000010]  demo_open+0x10/0x20 [demo]\n"
	  "[    9.000011] ---[ end trace 0000000000000000 ]---\n"
	  PANIC("Fatal exception"),
	  "oops-null-pointer", "demo_read", "BUG: kernel NULL pointer dereference in demo_read", "oops-null-pointer" },
	/* 6.1, jump to nothing: the caller is what is of interest */
	{ "[    9.000001] BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
	  "[    9.000002] #PF: supervisor instruction fetch in kernel mode\n"
	  "[    9.000003] Oops: 0010 [#1] SMP\n"
	  "[    9.000004] RIP: 0010:0x0\n"
	  "[    9.000005] Call Trace:\n"
	  "[    9.000006]  demo_call+0x55/0x60\n",
	  "oops-null-pointer", "demo_call", "BUG: kernel NULL pointer dereference in demo_call", "" },
	/* 5.x, a copy for somebody */
	{ "[    9.000001] BUG: unable to handle page fault for address: ffffc90000123000\n"
	  "[    9.000002] Oops: 0002 [#1] SMP PTI\n"
	  "[    9.000003] CPU: 0 PID: 5 Comm: kworker/0:0 Not tainted 5.10.0 #1\n"
	  "[    9.000004] RIP: 0010:memcpy_erms+0x6/0x10\n"
	  "[    9.000005] Call Trace:\n"
	  "[    9.000006]  ? old_guess+0x1/0x2\n"
	  "[    9.000007]  fill_ring.isra.0+0x20/0x80 [vmxnet3]\n"
	  PANIC("Fatal exception in interrupt"),
	  "oops-page-fault", "fill_ring", "BUG: unable to handle page fault in fill_ring", "oops-page-fault" },
	/* 4.9: addresses in front of names */
	{ "[    9.000001] BUG: unable to handle kernel NULL pointer dereference at 0000000000000040\n"
	  "[    9.000002] IP: [<ffffffffc0123456>] demo_ioctl+0x16/0x90 [demo]\n"
	  "[    9.000003] PGD 0 \n"
	  "[    9.000004] Oops: 0000 [#1] SMP\n"
	  "[    9.000005] CPU: 2 PID: 901 Comm: a b Not tainted 4.9.0-demo #1\n"
	  "[    9.000006] RIP: 0010:[<ffffffffc0123456>]  [<ffffffffc0123456>] demo_ioctl+0x16/0x90 [demo]\n"
	  "[    9.000007]  [<ffffffff81234567>] ? do_vfs_ioctl+0x92/0x5d0\n",
	  "oops-null-pointer", "demo_ioctl", "BUG: kernel NULL pointer dereference in demo_ioctl", "" },
	/* 2.6.32: every frame is a guess */
	{ "[    9.000001] general protection fault: 0000 [#1] SMP \n"
	  "[    9.000002] Pid: 31, comm: sh Tainted: P           ---------------    2.6.32-504.el6.x86_64 #1 VMware\n"
	  "[    9.000003] RIP: 0010:[<ffffffff81298911>]  [<ffffffff81298911>] strlen+0x1/0x20\n"
	  "[    9.000004] Call Trace:\n"
	  "[    9.000005]  [<ffffffffa0001234>] ? demo_name+0x44/0x70 [demo]\n",
	  "general-protection-fault", "demo_name", "general protection fault in demo_name", "" },
	/* 2.6.18 x86_64: the name follows on the next line */
	{ "<1>Unable to handle kernel paging request at ffff880000aa0000 RIP: \n"
	  "<1> [<ffffffff8800a123>] :demo:none\n"
	  "<4>PGD 8063 PUD 9063 PMD 0 \n"
	  "<0>Oops: 0002 [1] SMP \n"
	  "<4>Pid: 12, comm: modprobe Not tainted 2.6.18-398.el5 #1\n"
	  "<4>RIP: 0010:[<ffffffff8800a123>]  [<ffffffff8800a123>] demo_init+0x23/0x40\n",
	  "oops-page-fault", "demo_init", "BUG: unable to handle page fault in demo_init", "" },
	/* arm64 */
	{ "[    9.000001] Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010\n"
	  "[    9.000002] Mem abort info:\n"
	  "[    9.000003] Internal error: Oops: 0000000096000004 [#1] SMP\n"
	  "[    9.000004] pc : demo_irq+0x24/0x50 [demo]\n"
	  "[    9.000005] lr : demo_irq+0x20/0x50 [demo]\n"
	  "[    9.000006] Call trace:\n"
	  "[    9.000007]  demo_irq+0x24/0x50 [demo]\n"
	  PANIC("Oops: Fatal exception in interrupt"),
	  "oops-null-pointer", "demo_irq", "BUG: kernel NULL pointer dereference in demo_irq", "oops-null-pointer" },
	{ "[    9.000001] kernel BUG at fs/demo/inode.c:77!\n"
	  "[    9.000002] Internal error: Oops - BUG: 00000000f2000800 [#1] SMP\n"
	  "[    9.000003] pc : demo_evict+0x24/0x50\n",
	  "kernel-bug", "demo_evict", "kernel BUG in demo_evict", "" },
	{ "[    9.000001] ------------[ cut here ]------------\n"
	  "[    9.000002] kernel BUG at mm/usercopy.c:102!\n"
	  "[    9.000003] invalid opcode: 0000 [#1] SMP\n"
	  "[    9.000004] RIP: 0010:usercopy_abort+0x70/0x72\n"
	  "[    9.000005] Call Trace:\n"
	  "[    9.000006]  __check_object_size+0x110/0x120\n"
	  "[    9.000007]  demo_send+0x33/0x90\n",
	  "kernel-bug", "demo_send", "kernel BUG in demo_send", "" },
	{ "[    9.000001] list_del corruption. prev->next should be ffff888001, but was ffff888002\n"
	  "[    9.000002] ------------[ cut here ]------------\n"
	  "[    9.000003] kernel BUG at lib/list_debug.c:51!\n"
	  "[    9.000004] Oops: invalid opcode: 0000 [#1] SMP\n"
	  "[    9.000005] RIP: 0010:__list_del_entry_valid+0x70/0x72\n"
	  "[    9.000006]  demo_unlink+0x33/0x90\n"
	  PANIC("Fatal exception"),
	  "list-corruption", "demo_unlink", "BUG: corrupted list in demo_unlink", "list-corruption" },
	{ "[    9.000001] WARNING: CPU: 0 PID: 4 at lib/list_debug.c:33 __list_add+0xa1/0xd0()\n"
	  "[    9.000002] list_add corruption. prev->next should be next (0), but was 1. (prev=2).\n"
	  "[    9.000003] CPU: 0 PID: 4 Comm: x Not tainted 3.10.0\n"
	  "[    9.000004]  [<ffffffff81600001>] dump_stack+0x19/0x1b\n"
	  "[    9.000005]  [<ffffffff81600002>] demo_link+0x19/0x1b\n",
	  "list-corruption", "demo_link", "BUG: corrupted list in demo_link", "" },
	{ "[    9.000001] divide error: 0000 [#1] SMP\n[    9.000002] RIP: 0010:demo_rate+0x5/0x9\n",
	  "divide-error", "demo_rate", "divide error in demo_rate", "" },
	{ "[    9.000001] invalid opcode: 0000 [#1] SMP\n[    9.000002] RIP: 0010:demo_jit+0x5/0x9\n",
	  "invalid-opcode", "demo_jit", "invalid opcode in demo_jit", "" },
	{ "[    9.000001] traps: PANIC: double fault, error_code: 0x0\n"
	  "[    9.000002] double fault: 0000 [#1] SMP\n"
	  "[    9.000003] RIP: 0010:demo_deep+0x5/0x9\n"
	  PANIC("Machine halted."),
	  "double-fault", "demo_deep", "PANIC: double fault in demo_deep", "double-fault" },
	{ "[    9.000001] BUG: TASK stack guard page was hit at ffffc90000 (stack is ffffc90001..ffffc90002)\n"
	  "[    9.000002] Oops: stack guard page: 0000 [#1] SMP\n"
	  "[    9.000003] RIP: 0010:demo_recurse+0x5/0x9\n"
	  "[    9.000004]  demo_recurse+0x5/0x9\n"
	  "[    9.000005]  demo_write+0x5/0x9\n"
	  "[    9.000006]  vfs_write+0x5/0x9\n"
	  PANIC("Fatal exception in interrupt"),
	  "stack-overflow", "demo_write", "BUG: stack guard page was hit in demo_write", "stack-overflow" },
	/* panics that are the crash themselves */
	{ PANIC("stack-protector: Kernel stack is corrupted in: demo_parse+0x3d/0x42")
	  "[    9.500001] Call Trace:\n[    9.500002]  panic+0x1/0x2\n[    9.500003]  other+0x1/0x2\n",
	  "stack-corruption", "demo_parse", "kernel stack is corrupted in demo_parse", "stack-corruption" },
	{ PANIC("stack-protector: Kernel stack is corrupted in: ffffffff81234567")
	  "[    9.500001] Call Trace:\n[    9.500002]  [<ffffffff81000001>] panic+0x1/0x2\n"
	  "[    9.500003]  [<ffffffff81000002>] __stack_chk_fail+0x1/0x2\n"
	  "[    9.500004]  [<ffffffff81000003>] demo_parse+0x1/0x2\n",
	  "stack-corruption", "demo_parse", "kernel stack is corrupted in demo_parse", "stack-corruption" },
	{ PANIC("Hard LOCKUP")
	  "[    9.500001] CPU: 3 PID: 7 Comm: irqoff Not tainted 4.19.0\n"
	  "[    9.500002] Call Trace:\n[    9.500003]  <NMI>\n[    9.500004]  nmi_panic+0x1/0x2\n"
	  "[    9.500005]  </NMI>\n[    9.500006]  demo_spin+0x1/0x2\n",
	  "hard-lockup", "demo_spin", "hard lockup in demo_spin", "hard-lockup" },
	/* standstills */
	{ "[    9.000001] watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [dd:411]\n"
	  "[    9.000002] RIP: 0010:native_queued_spin_lock_slowpath+0x1/0x2\n"
	  "[    9.000003] Call Trace:\n"
	  "[    9.000004]  _raw_spin_lock+0x1/0x2\n"
	  "[    9.000005]  demo_flush+0x1/0x2\n"
	  "[    9.000006]  demo_release+0x1/0x2\n"
	  "[    9.000007]  __fput+0x1/0x2\n"
	  PANIC("softlockup: hung tasks"),
	  "soft-lockup", "demo_release", "BUG: soft lockup in demo_release", "soft-lockup" },
	{ "[    9.000001] rcu: INFO: rcu_sched self-detected stall on CPU\n"
	  "[    9.000002] rcu: rcu_sched kthread starved for 5000 jiffies!\n"
	  "[    9.000003] Call Trace:\n"
	  "[    9.000004]  __schedule+0x1/0x2\n"
	  "[    9.000005]  rcu_gp_kthread+0x1/0x2\n"
	  "[    9.000006]  kthread+0x1/0x2\n"
	  "[    9.000007] NMI backtrace for cpu 1\n"
	  "[    9.000008] RIP: 0010:demo_poll+0x1/0x2\n"
	  "[    9.000009]  demo_work+0x1/0x2\n"
	  "[    9.000010]  process_one_work+0x1/0x2\n"
	  PANIC("RCU Stall"),
	  "rcu-stall", "demo_work", "INFO: rcu detected stall in demo_work", "rcu-stall" },
	{ "[    9.000001] INFO: task jbd2/sda1-8:300 blocked for more than 120 seconds.\n"
	  "[    9.000002]       Tainted: G            E      5.10.0 #1\n"
	  "[    9.000003] task:jbd2/sda1-8 state:D stack:    0 pid:  300 ppid:     2 flags:0x00004000\n"
	  "[    9.000004] Call Trace:\n"
	  "[    9.000005]  __schedule+0x1/0x2\n"
	  "[    9.000006]  schedule+0x1/0x2\n"
	  "[    9.000007]  io_schedule+0x1/0x2\n"
	  "[    9.000008]  jbd2_journal_commit_transaction+0x1/0x2 [jbd2]\n"
	  PANIC("hung_task: blocked tasks"),
	  "hung-task", "jbd2_journal_commit_transaction", "INFO: task hung in jbd2_journal_commit_transaction",
	  "hung-task" },
	/* warnings and checkers */
	{ "[    9.000001] ------------[ cut here ]------------\n"
	  "[    9.000002] WARNING: CPU: 0 PID: 53 at drivers/demo/main.c:12 demo_set+0x1d/0x30 [demo]\n"
	  "[    9.000003] CPU: 0 PID: 53 Comm: init Not tainted 6.1.0 #2\n"
	  PANIC("kernel: panic_on_warn set ..."),
	  "warning", "demo_set", "WARNING in demo_set", "warning" },
	{ "[    9.000001] WARNING: drivers/demo/main.c:12 at demo_set+0x1d/0x30, CPU#1: init/53\n",
	  "warning", "demo_set", "WARNING in demo_set", "" },
	{ "[    9.000001] BUG: KASAN: slab-out-of-bounds in memcmp+0x1/0x2\n"
	  "[    9.000002] CPU: 0 PID: 53 Comm: init Not tainted 6.1.0 #2\n"
	  "[    9.000003] Call Trace:\n"
	  "[    9.000004]  kasan_report+0x1/0x2\n"
	  "[    9.000005]  demo_compare+0x1/0x2\n"
	  "[    9.000006] Allocated by task 53:\n"
	  "[    9.000007]  demo_alloc+0x1/0x2\n",
	  "memory-error", "demo_compare", "KASAN: slab-out-of-bounds in demo_compare", "" },
	{ "[    9.000001] UBSAN: array-index-out-of-bounds in drivers/demo/main.c:31:9\n"
	  "[    9.000002] Call Trace:\n[    9.000003]  __ubsan_handle_out_of_bounds+0x1/0x2\n"
	  "[    9.000004]  demo_index+0x1/0x2\n",
	  "memory-error", "demo_index", "UBSAN: array-index-out-of-bounds in demo_index", "" },
	{ "[    9.000001] WARNING: possible circular locking dependency detected\n"
	  "[    9.000002] init/1 is trying to acquire lock:\n"
	  "[    9.000003] ffff888001 (&demo->lock){+.+.}-{3:3}, at: demo_lock+0x1/0x2\n",
	  "lockdep", "demo_lock", "possible deadlock in demo_lock", "" },
	{ "[    9.000001] BUG: scheduling while atomic: init/1/0x00000002\n"
	  "[    9.000002] Call Trace:\n[    9.000003]  __schedule_bug+0x1/0x2\n[    9.000004]  __schedule+0x1/0x2\n"
	  "[    9.000005]  demo_sleep+0x1/0x2\n",
	  "scheduling-while-atomic", "demo_sleep", "BUG: scheduling while atomic in demo_sleep", "" },
	{ "[    9.000001] BUG: Bad page state in process init  pfn:12345\n",
	  "bad-page-state", "", "BUG: Bad page state", "" },
	/* not a crash */
	{ "[    9.000001] Spectre V2 : WARNING: Unprivileged eBPF is enabled\n"
	  "[    9.000002] rcu: Hierarchical RCU implementation.\n"
	  "[    9.000003] traps: a.out[99] general protection fault ip:401122 sp:7ffc error:0 in a.out[401000+1000]\n"
	  "[    9.000004] kauditd: BUG report of a program\n"
	  "BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
	  "<12>[    9.000005] kernel BUG at made/up.c:1!\n"
	  PANIC("VFS: Unable to mount root fs on unknown-block(0,0)"),
	  "", "", "", "" },
};

static void test_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		struct scan scan;

		scan_text(&scan, reports[i].text);
		expect(scan.first.kind, reports[i].kind);
		expect(scan.first.function, reports[i].function);
		expect(scan.first.title, reports[i].title);
		expect(scan.fatal.kind, reports[i].fatal_kind);
		arena_deinit(&scan.arena);
	}
}

static void test_process(void **state)
{
	static const struct {
		size_t report;
		const char *comm, *taint, *module;
		int64_t cpu, pid;
	} cases[] = {
		{ 0, "probe", "G OE", "demo", 1, 77 },
		{ 2, "kworker/0:0", "", "vmxnet3", 0, 5 },
		{ 3, "a b", "", "demo", 2, 901 },
		{ 4, "sh", "P", "demo", -1, 31 },
		{ 18, "dd", "", "", 2, 411 },
		{ 20, "jbd2/sda1-8", "G E", "jbd2", -1, 300 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan scan;

		scan_text(&scan, reports[cases[i].report].text);
		expect(scan.first.comm, cases[i].comm);
		expect(scan.first.taint, cases[i].taint);
		expect(scan.first.module, cases[i].module);
		assert_int_equal(scan.first.cpu, cases[i].cpu);
		assert_int_equal(scan.first.pid, cases[i].pid);
		arena_deinit(&scan.arena);
	}
}

#define WARNING_TEXT                                                                                           \
	"[    1.000000] WARNING: CPU: 0 PID: 9 at a/b.c:1 demo_warn+0x1/0x2\n"                                 \
	"[    1.000001] CPU: 0 PID: 9 Comm: x Not tainted 6.1.0\n[    1.000002] ---[ end trace 0 ]---\n"
#define OOPS_TEXT(pid)                                                                                         \
	"[    9.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000\n"                     \
	"[    9.000001] Oops: 0000 [#1] SMP\n[    9.000002] CPU: 0 PID: " pid " Comm: y Not tainted 6.1.0\n"   \
	"[    9.000003] RIP: 0010:demo_oops+0x1/0x2\n[    9.000004] ---[ end trace 0 ]---\n"

#define HUNG_TEXT(second) "[    " second ".000000] INFO: task x:9 blocked for more than 120 seconds.\n"

/* Which of several is the first, and which the panic followed from. */
static void test_order(void **state)
{
	static const struct {
		const char *text, *first, *fatal;
		uint64_t fatal_line;
	} cases[] = {
		{ WARNING_TEXT OOPS_TEXT("9") PANIC("Fatal exception"), "oops-null-pointer", "oops-null-pointer", 4 },
		{ OOPS_TEXT("9") WARNING_TEXT PANIC("panic_on_warn set ..."), "oops-null-pointer", "warning", 6 },
		{ OOPS_TEXT("9") PANIC("sysrq triggered crash"), "oops-null-pointer", "", 0 },
		{ OOPS_TEXT("1") PANIC("Attempted to kill init! exitcode=0x00000009"), "oops-null-pointer",
		  "oops-null-pointer", 1 },
		{ OOPS_TEXT("9") PANIC("Attempted to kill init! exitcode=0x00000009"), "oops-null-pointer", "", 0 },
		{ WARNING_TEXT PANIC("stack-protector: Kernel stack is corrupted in: f+0x1/0x2"), "stack-corruption",
		  "stack-corruption", 4 },
		{ PANIC("Fatal exception") OOPS_TEXT("9"), "", "", 0 },
		/* of a burst the first, of a report long ago not */
		{ OOPS_TEXT("9") OOPS_TEXT("9") PANIC("Fatal exception"), "oops-null-pointer", "oops-null-pointer", 1 },
		{ HUNG_TEXT("1") HUNG_TEXT("7") HUNG_TEXT("8") PANIC("hung_task: blocked tasks"), "hung-task",
		  "hung-task", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan scan;

		scan_text(&scan, cases[i].text);
		expect(scan.first.kind, cases[i].first);
		expect(scan.fatal.kind, cases[i].fatal);
		assert_int_equal(scan.fatal.line, cases[i].fatal_line);
		assert_int_equal(scan.fatal.is_fatal, cases[i].fatal[0] != 0);
		arena_deinit(&scan.arena);
	}
}

/* Another task's text stands between, and the caller tells. */
static void test_callers(void **state)
{
	struct scan scan;

	(void)state;
	scan_text(&scan, "[    9.000000][   T12] general protection fault: 0000 [#1] SMP\n"
			 "[    9.000001][   T40] WARNING: CPU: 1 PID: 40 at a/b.c:1 other_warn+0x1/0x2\n"
			 "[    9.000002][   T40] CPU: 1 PID: 40 Comm: other Not tainted 6.1.0\n"
			 "[    9.000003][   T40] RIP: 0010:other_warn+0x1/0x2\n"
			 "login: demo\n"
			 "[    9.000004][   T12] CPU: 0 PID: 12 Comm: mine Not tainted 6.1.0\n"
			 "[    9.000005][   T12] RIP: 0010:mine_oops+0x1/0x2\n"
			 "[    9.000006][   T12]  mine_outer+0x1/0x2\n");
	expect(scan.first.function, "mine_oops");
	expect(scan.first.comm, "mine");
	assert_int_equal(scan.first.frame_count, 2);
	expect(scan.first.frames[1], "mine_outer");
	arena_deinit(&scan.arena);
}

static void test_wants(void **state)
{
	static const struct {
		const char *text;
		bool is_wanted;
	} cases[] = {
		{ "BUG: unable to handle page fault for address: 0", true },
		{ "Kernel panic - not syncing: x", true },
		{ "RIP: 0010:f+0x1/0x2", true },
		{ " [<ffffffff81234567>] ? f+0x1/0x2", true },
		{ "CPU: 0 PID: 1 Comm: init Not tainted 6.1.0", true },
		{ "usb 1-1: new high-speed USB device", false },
		{ "", false },
		{ "BUG", false },
		{ "CPU", false },
		{ "[<", false },
		{ "Oops", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(crash_wants(slice_of(cases[i].text)), cases[i].is_wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports), cmocka_unit_test(test_process), cmocka_unit_test(test_order),
		cmocka_unit_test(test_callers), cmocka_unit_test(test_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
