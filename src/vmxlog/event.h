/* What the host says: messages of the VMX that report on the VM. */
#ifndef VMXLOG_EVENT_H
#define VMXLOG_EVENT_H

#include "vmxlog/frame.h"
#include "vmxlog/reader.h"

/* The event that a framed line reports; false for all the chatter. `is_torn`: the line begins
 * with the rest of another thread's message ("hread 1488 4408CPU reset: ..."), so that its
 * thread may be the wrong one. *body is set to the message without that rest. */
bool event_recognise(const struct vmxlog_frame *frame, enum host_event_kind *ret_kind, struct slice *ret_body,
		     bool *ret_is_torn);

/* The head of the i-th message that is an event; empty past the last. For the filter's test. */
struct slice event_head(size_t index);

/* `key = "value"` behind "DICT " or "ConfigDB: Setting "; false when it is none. A value that
 * the host does not print (`<not printed>`) counts as empty. */
bool setting_parse(struct slice text, struct vm_setting *ret);

#endif
