/* The frame of one line of vmware.log: what stands before the message.
 *
 * Seven line families, measured on 158 whole logs of Workstation and Player 6.5 to 17.6 and
 * on published ESXi, Fusion and Server lines:
 *
 *	F0   May 12 18:25:08: vmx| text                              Server 1, Player 1
 *	F1   Aug 27 00:32:59.546: vmx| text                          Workstation 6.5 - 7
 *	F2a  2010-03-16T08:48:35.277Z| vcpu-0| text                  ESX 4.1 / 5.0
 *	F2   2016-08-30T16:02:43.217-07:00| vcpu-0| I125: text       ESXi 5.1 - 7.0, Workstation 8 - 16.1
 *	F2b  2021-11-15T00:23:51+01:00[+0.000]| mks| I005: text      Workstation 15.5.6
 *	F3h  2023-08-29T16:27:47.527Z In(05) vmx text                Workstation 16.2 -, Fusion 13
 *	F3e  2026-02-21T18:13:03.929Z In(05) vcpu-9 - text           ESXi 7.0 U3 -
 *
 * A `+` in the place of the level's colon (F2) or behind the level (F3) marks every further
 * line of one message; F0, F1 and F2a have no such mark. */
#ifndef VMXLOG_FRAME_H
#define VMXLOG_FRAME_H

#include "base/slice.h"
#include "base/stamp.h"

enum vmxlog_family { VMXLOG_NO_FRAME, VMXLOG_F0, VMXLOG_F1, VMXLOG_F2A, VMXLOG_F2, VMXLOG_F3H, VMXLOG_F3E };

struct vmxlog_frame {
	enum vmxlog_family family;
	struct stamp stamp;
	struct slice thread; /* "vcpu-0", "vmx"; borrowed from the line, as all slices here */
	struct slice level;  /* "I125", "In(05)"; empty when the family has none */
	bool continuation;   /* marked with `+` */
	struct slice body;
};

/* Parses a line without its line end. `esxi` tells F3e from F3h: only ESXi writes an opID
 * (or `-`) behind the thread. False, and body = the whole line, when there is no frame. */
bool vmxlog_frame_parse(struct slice line, bool esxi, struct vmxlog_frame *ret);

/* The frame of a line before, as bytes and as what they say. All zero: there was none. */
#define VMXLOG_MEMO_BYTES 112
struct vmxlog_frame_memo {
	char text[VMXLOG_MEMO_BYTES];
	size_t len;
	bool esxi;
	size_t thread_at, level_at; /* in the line */
	struct vmxlog_frame frame;
};
/* The same result as vmxlog_frame_parse. Most lines of a dump have the same frame, and the further ones of
 * each message the same with a `+`: `memos` holds one of either, and such lines are not parsed again. */
bool vmxlog_frame_parse_next(struct vmxlog_frame_memo memos[2], struct slice line, bool esxi, struct vmxlog_frame *ret);

#endif
