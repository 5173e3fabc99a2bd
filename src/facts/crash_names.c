/* Function names that a crash report is read by. '*' at either end stands for any text. */
#include "facts/crash_private.h"

/* What reports, traps, checks, copies, locks, sleeps and allocates for everybody. */
static const char *const helpers[] = {
	/* the report itself */
	"arch_stack_walk*", "arch_trigger_cpumask_backtrace", "asm_exc_*", "async_page_fault", "bad_area*",
	"__bad_area*", "brk_handler", "bug_handler", "call_break_hook", "check_panic_on_warn",
	"check_preemption_disabled", "common_exception", "__crash_kexec", "crash_kexec",
	"debug_smp_processor_id", "df_debug", "die", "__die", "die_addr", "divide_error", "do_bad_area",
	"do_debug_exception", "do_divide_error", "do_double_fault", "do_error_trap", "do_general_protection",
	"do_int3", "do_invalid_op", "do_kern_addr_fault", "__do_kernel_fault", "do_mem_abort",
	"__do_page_fault", "do_page_fault", "do_sp_pc_abort", "do_tag_*", "do_translation_fault", "do_trap*",
	"do_user_addr_fault", "double_fault", "dump_backtrace*", "dump_cpu_task", "dump_stack*", "__dump_stack",
	"dump_trace", "el1_*", "el1h_*", "el1t_*", "error_code", "error_entry", "error_exit", "exc_*",
	"fixup_bug", "general_protection", "get_wchan", "handle_bug", "handle_stack_overflow", "int3",
	"invalid_op", "kernelmode_fixup_or_oops", "machine_kexec", "__might_fault", "might_fault",
	"__might_resched", "___might_sleep", "__might_sleep", "nmi_cpu_backtrace*", "nmi_panic*",
	"nmi_trigger_cpumask_backtrace*", "no_context", "oops_begin", "oops_end", "page_fault",
	"page_fault_oops", "panic", "*_panic", "panic_saved_regs", "print_*", "__printk*", "_printk", "printk*",
	"report_bug*", "__save_stack*", "save_stack*", "_sched_show_task", "sched_show_task", "__show_regs",
	"show_regs", "show_stack*", "__stack_chk_fail", "stack_trace_*", "__this_cpu_preempt_check",
	"trigger_single_cpu_backtrace", "__unwind*", "unwind*", "vpanic", "vprintk*", "walk_stackframe",
	"__warn*", "warn_slowpath_*",
	/* checkers */
	"*asan_*", "call_rcu*", "__call_rcu*", "check_bytes_and_report", "check_deadlock",
	"__check_heap_object", "check_heap_object", "check_lock*", "check_memory_region*", "check_noncircular*",
	"check_object", "__check_object_size", "check_prev*", "check_region_inline", "check_stack_object",
	"check_usage*", "crc16", "crc32*", "debug_check_no_locks_*", "debug_check_no_obj_freed",
	"__debug_check_no_obj_freed", "debug_hrtimer_*", "debug_lockdep_rcu_enabled", "__debug_object_*",
	"debug_object_*", "debug_print_object", "debug_rcu_*", "debug_timer_*", "find_lock_task_mm",
	"handle_overflow", "*kasan*", "*kcsan*", "*kfence*", "klist_*", "kmemleak_*", "*kmsan*", "list_add*",
	"__list_add*", "__list_del*", "list_del", "lock_acquire*", "__lock_acquire*", "lock_downgrade",
	"lock_is_held_type", "__lock_release*", "lock_release*", "lockdep_*", "__lockdep_*",
	"look_up_lock_class", "lookup_chain_cache*", "mark_held_locks", "mark_lock*", "mark_usage",
	"memory_is_poisoned*", "__msan_*", "object_err", "object_is_on_stack", "perf_trace_buf*",
	"perf_trace_lock*", "perf_trace_run*", "__phys_addr*", "qlink_free", "qlist_free_all", "__rb_*",
	"rb_erase", "rb_first", "rb_insert_*", "rb_next", "rb_prev", "rcu_is_watching", "rcu_lockdep_*",
	"__rcu_read_lock", "rcu_read_lock*", "__rcu_read_unlock", "rcu_read_unlock*", "reacquire_held_locks",
	"refcount_*", "__refcount_*", "register_lock_class", "__sanitizer_*", "slab_bug", "slab_err",
	"slab_pad_check", "__tsan_*", "__ubsan_*", "ubsan_*", "usercopy_*", "validate_chain*", "__virt_to_*",
	"warn_bogus_irq_restore", "__x86_indirect_*",
	/* locks and counters */
	"acpi_idle_*", "acpi_processor_ffh_*", "acpi_safe_halt", "add_timer*", "amd_e400_idle", "arch_atomic*",
	"arch_cpu_idle*", "arch_spin_*", "atomic_*", "atomic64_*", "_atomic_dec_and_*", "clear_bit",
	"_compound_head", "compound_head", "__cond_resched", "_cond_resched", "__const_udelay", "cpu_relax",
	"cpuidle_*", "csd_lock_wait", "default_idle*", "del_timer*", "__delay", "delay_tsc", "do_raw_read_*",
	"do_raw_spin_*", "do_raw_write_*", "__down_*", "down_read*", "down_trylock", "down_write*",
	"find_first_bit", "find_next_bit", "_find_next_bit*", "folio_unlock", "instrument_*", "intel_idle*",
	"kvm_wait", "local_bh_enable", "__local_bh_enable_ip", "lock_timer_base", "mod_delayed_work*",
	"mod_timer*", "__mutex_*", "mutex_*", "mwait_idle*", "native_queued_*", "native_safe_halt", "osq_lock",
	"percpu_down_*", "__percpu_down_*", "percpu_rwsem_*", "percpu_up_*", "__percpu_up_*", "poll_idle",
	"preempt_count_*", "preempt_schedule*", "pv_native_safe_halt", "__pv_queued_*", "__pv_wait*",
	"pv_wait*", "queue_delayed_work*", "__queue_work", "queue_work_on", "queued_*", "_raw_read_*",
	"__raw_read_*", "_raw_spin_*", "__raw_spin_*", "_raw_write_*", "__raw_write_*", "_read_*", "read_lock*",
	"reiserfs_write_lock*", "rwlock_bug", "rwsem_*", "__rwsem_*", "set_bit", "sk_stop_timer*", "_spin_*",
	"__spin_*", "spin_bug", "spin_dump", "spin_lock*", "spin_unlock*", "task_rq_lock", "__task_rq_lock",
	"test_bit", "timer_delete*", "__timer_delete*", "timer_is_static_object", "try_to_del_timer*",
	"__try_to_del_timer*", "try_to_grab_pending", "__udelay", "unlock_page", "__up_*", "up_read*",
	"up_write*", "_write_*", "write_lock*",
	/* ways to sleep */
	"bit_wait*", "cancel_delayed_work*", "__cancel_work*", "cancel_work_sync", "congestion_wait",
	"context_switch", "do_nanosleep", "do_wait_for_common", "down", "__down", "down_interruptible",
	"down_killable", "down_timeout", "*fdatawait*", "flush_work*", "__flush_work*", "__folio_lock*",
	"folio_wait_*", "freezer_*", "io_schedule*", "kthread_flush_work", "kthread_flush_worker", "__ldsem_*",
	"ldsem_down_*", "__lock_page*", "__lock_sock", "lock_sock_nested", "out_of_line_wait_on_bit*",
	"prepare_to_wait*", "rt_mutex_*", "__rt_mutex_*", "rt_spin_*", "__schedule*", "schedule", "_schedule*",
	"schedule_hrtimeout*", "schedule_preempt_disabled", "schedule_timeout*", "sleep_on_*", "swake_*",
	"__switch_to*", "thread_return", "wait_current_trans*", "__wait_event*", "__wait_for_common",
	"wait_for_common*", "wait_for_completion*", "wait_on_bit*", "__wait_on_bit*", "__wait_on_buffer",
	"wait_on_buffer", "wait_on_page_bit*", "__wait_rcu_gp", "wait_rcu_gp", "wait_woken", "__ww_*",
	"ww_mutex_*",
	/* memory and strings */
	"alloc_debug_processing", "__alloc_frozen_pages*", "alloc_frozen_pages*", "alloc_page_interleave",
	"__alloc_pages*", "alloc_pages*", "__alloc_percpu*", "alloc_skb*", "alloc_slab_page", "allocate_slab",
	"bad_page*", "____cache_alloc*", "cache_alloc_*", "cache_grow*", "check_new_page*", "clear_nlink",
	"__clear_user*", "clear_user*", "_copy_from_iter*", "_copy_from_user*", "__copy_from_user*",
	"copy_from_user*", "copy_page_to_iter", "_copy_to_iter*", "copy_to_user*", "_copy_to_user*",
	"__copy_to_user*", "copy_user_*", "copyin", "copyout", "create_object", "__do_krealloc", "do_slab_free",
	"dput", "drop_nlink", "fast_dput", "free_debug_processing", "__free_frozen_pages", "free_large_kmalloc",
	"free_page_is_bad*", "__free_pages*", "free_pages*", "free_to_partial_list", "free_unref_*",
	"get_page_from_freelist", "__get_user_*", "hex_dump_to_buffer", "ida_*", "idr_alloc*", "idr_get_*",
	"iput", "kasprintf", "kcalloc", "kfree*", "__kmalloc*", "kmalloc*", "kmem_cache_*", "__kmem_cache_*",
	"kmemdup*", "krealloc*", "kstrdup*", "kthread_stop", "kvasprintf*", "kvfree", "__kvmalloc*",
	"kvmalloc*", "kvzalloc", "kzalloc", "*_map_alloc", "mark_buffer_dirty", "memchr*", "memcmp",
	"__memcpy*", "memcpy*", "memdup_user*", "memmove*", "__memmove*", "__memset*", "memset*", "new_slab",
	"pcpu_*", "post_alloc_hook", "prep_new_page", "__put_user_*", "radix_tree_extend",
	"radix_tree_node_alloc", "raw_copy_*", "read_word_at_a_time", "rep_*", "__rmqueue*", "rmqueue*",
	"scnprintf", "setup_object*", "simple_copy_to_iter", "sized_strscpy", "sk_alloc", "sk_prot_alloc",
	"skb_pull*", "skb_push", "skb_put", "slab_alloc*", "__slab_alloc*", "___slab_alloc", "slab_fix*",
	"__slab_free", "slab_free*", "slab_post_alloc_hook", "snprintf", "sock_kmalloc", "sprintf",
	"strcasecmp", "strcat", "strchr*", "strcmp", "strcpy", "string", "strlcat", "strlcpy", "strlen",
	"strncasecmp", "strncmp", "strncpy", "strnlen", "strscpy", "strstr", "vfree", "__vfree", "__vmalloc*",
	"vmalloc*", "vscnprintf", "vsnprintf", "vsprintf", "vzalloc*", "warn_alloc*",
	/* registers and unregisters for drivers */
	"add_uevent_var", "device_add", "device_create_file", "device_del", "device_register",
	"device_remove_file", "device_unregister", "get_device", "get_device_parent", "handle_percpu_*",
	"hwrng_register", "hwrng_unregister", "kobject_*", "proc_create*", "proc_mkdir*", "proc_register",
	"put_device", "rollback_registered*", "sysfs_*", "unregister_netdev*", "usb_kill_*",
	/* interrupts, entry, time */
	"apic_timer_interrupt", "arch_timer_handler*", "asm_common_interrupt", "asm_sysvec_*",
	"call_function_single_interrupt", "call_on_stack", "check_cpu_stall", "common_interrupt",
	"console_flush_all", "console_unlock", "default_do_nmi", "do_IRQ", "do_nmi", "do_softirq_own_stack",
	"el0_*", "end_repeat_nmi", "flush_smp_call_function_queue", "gic_handle_irq", "handle_irq*",
	"hrtimer_interrupt", "__hrtimer_run_queues", "instr_sysvec_*", "intel_pmu_handle_irq", "irq_enter*",
	"__irq_exit*", "irq_exit*", "ktime_get*", "local_apic_timer_interrupt", "nmi", "nmi_handle",
	"perf_event_nmi_handler", "perf_event_overflow", "__perf_event_overflow", "___perf_sw_event",
	"perf_swevent_*", "perf_tp_event", "rcu_check_callbacks", "rcu_check_gp_*", "rcu_dump_cpu_stacks",
	"rcu_gp_*", "rcu_note_context_switch", "rcu_pending", "rcu_print_*", "rcu_sched_clock_irq*",
	"rcu_torture_*", "read_tsc", "reschedule_interrupt", "restore_regs_and_iret", "ret_from_intr",
	"retint_*", "__run_hrtimer", "run_local_timers", "sched_tick", "scheduler_tick",
	"smp_apic_timer_interrupt*", "smp_call_function_interrupt", "smp_trace_*", "sysvec_*", "__sysvec_*",
	"tick_*", "trace_*", "__traceiter_*", "update_process_times", "watchdog_hardlockup_check",
	"watchdog_overflow_callback", "watchdog_timer_fn",
};

/* Calls through a table of functions, the scheduler's and the interrupt's loops, the system call. */
static const char *const dispatchers[] = {
	"SyS_ioctl", "blk_done_softirq", "blkdev_ioctl", "bpf_prog_run*", "call_mmap", "call_read_iter",
	"call_softirq", "call_timer_fn", "call_write_iter", "compat_SyS_ioctl", "compat_blkdev_ioctl",
	"*_compat_ioctl", "cpu_startup_entry", "cstar_dispatch", "do_dentry_open", "do_el0_svc", "do_exit",
	"__do_fast_syscall_*", "do_fast_syscall_*", "__do_fault", "do_idle", "do_init_module", "do_int80_*",
	"do_iter_*", "do_loop_readv_writev*", "do_mmap*", "do_one_initcall", "do_read_fault",
	"do_readv_writev*", "__do_softirq", "do_softirq*", "do_syscall_*", "do_vfs_ioctl", "el0_svc*",
	"entry_INT80*", "entry_SYS*", "exec_binprm", "exit_to_user_mode*", "expire_timers", "__fput",
	"full_proxy_*", "generic_handle_irq*", "__handle_irq_event*", "handle_irq_event*", "handle_softirqs",
	"hrtimer_run_*", "ia32_sys*", "invoke_softirq", "invoke_syscall", "__invoke_syscall", "irq_thread",
	"irq_thread_fn", "iterate_dir", "kernel_init*", "kernel_thread_helper", "ksys_ioctl", "kthread",
	"mmap_region", "napi_poll", "__napi_poll", "net_rx_action", "net_tx_action", "netif_receive_skb*",
	"__netif_receive_skb*", "new_sync_*", "nfnetlink_rcv_*", "proc_reg_*", "process_backlog",
	"process_one_work", "process_scheduled_works", "rcu_core*", "rcu_do_batch", "rcu_process_callbacks",
	"rest_init", "ret_fast_syscall", "ret_from_fork*", "ret_to_user", "rtnetlink_rcv_msg", "run_ksoftirqd",
	"run_timer_softirq", "__run_timers*", "search_binary_handler", "secondary_startup_*",
	"smpboot_thread_fn", "sock_read_iter", "sock_recvmsg*", "sock_sendmsg*", "__sock_sendmsg",
	"sock_write_iter", "start_kernel", "start_secondary", "*_sys_ioctl", "sysenter_*", "system_call*",
	"task_work_run", "tasklet_action*", "tracesys*", "vfs_fsync*", "vfs_ioctl", "vfs_iter_*", "vfs_open",
	"vfs_read", "__vfs_read", "vfs_readv", "vfs_write", "__vfs_write", "vfs_writev", "worker_thread",
	"x64_sys_call", "x86_64_start_*",
};

/* Waiting for all CPUs to have left what they read. */
static const char *const grace_periods[] = {
	"synchronize_rcu*", "synchronize_sched*", "__synchronize_srcu*", "synchronize_srcu*",
};

static bool name_fits(struct slice name, const char *pattern)
{
	struct slice middle = slice_of(pattern);
	bool open_left = middle.ptr[0] == '*', open_right;

	if (!open_left && middle.ptr[0] != name.ptr[0])
		return false;
	middle = slice_skip(middle, open_left);
	open_right = slice_ends(middle, SLICE("*"));
	middle = slice_take(middle, middle.len - open_right);
	if (open_left)
		return open_right ? slice_contains(name, middle) : slice_ends(name, middle);
	return open_right ? slice_starts(name, middle) : slice_equal(name, middle);
}

static bool name_in(struct slice name, const char *const *patterns, size_t count)
{
	for (size_t i = 0; name.len && i < count; i++)
		if (name_fits(name, patterns[i]))
			return true;
	return false;
}

bool crash_is_helper(struct slice name)
{
	return name_in(name, helpers, sizeof(helpers) / sizeof(helpers[0]));
}

bool crash_is_dispatcher(struct slice name)
{
	return name_in(name, dispatchers, sizeof(dispatchers) / sizeof(dispatchers[0]));
}

struct slice crash_name_plain(struct slice name, struct arena *arena)
{
	static const struct slice entries[] = {
		SLICE("__x64_sys_"), SLICE("__ia32_sys_"), SLICE("__arm64_sys_"),
		SLICE("__x64_compat_sys_"), SLICE("__ia32_compat_sys_"), SLICE("__arm64_compat_sys_"),
		SLICE("__se_compat_sys_"), SLICE("__do_compat_sys_"), SLICE("SyS_"), SLICE("SYSC_"),
		SLICE("compat_SyS_"), SLICE("C_SYSC_"),
	};

	if (slice_eat(&name, SLICE("__do_sys_")) || slice_eat(&name, SLICE("__se_sys_")))
		return name;
	if (slice_starts(name, SLICE("smp_call_function")))
		return SLICE("smp_call_function");
	if (name_in(name, grace_periods, sizeof(grace_periods) / sizeof(grace_periods[0])))
		return SLICE("synchronize_rcu");
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (slice_eat(&name, entries[i]))
			return arena_printf(arena, "sys_%.*s", SLICE_ARG(name));
	return name;
}
