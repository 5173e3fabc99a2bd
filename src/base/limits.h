/* Every bound of the program, each with its reason. Over a bound the report says
 * "incomplete" and the exit status is 2; nothing is dropped in silence. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB ((size_t)1024)
#define MIB (KIB * 1024)

/* Allocation granularity of an arena; small enough that an empty boot costs little. */
#define ARENA_BLOCK_BYTES (32 * KIB)

/* One read(2). Large enough that system calls do not show, small enough for a cache. */
#define INPUT_BLOCK_BYTES (256 * KIB)

/* Bytes looked at before deciding what a file is. */
#define DETECT_BYTES (64 * KIB)

/* Longest line kept whole. The VMX writes at most 4 KiB an entry (measured: 2,668); a
 * kernel record has at most 1,020 bytes on its way through the dumper; serial logs may
 * hold long user text. What is beyond is dropped and the record marked as cut. */
#define LINE_MAX_BYTES (32 * KIB)

/* Of a huge boot: the first records, the last ones, and between them those that a fact or
 * a rule asked for. A whole kernel ring is at most 2 MiB on Photon (LOG_BUF_SHIFT 21). */
#define BOOT_HEAD_BYTES (2 * MIB)
#define BOOT_TAIL_BYTES (3 * MIB)
#define BOOT_EVIDENCE_BYTES (1 * MIB)
/* Unit in which records of a boot are let go. */
#define BOOT_BLOCK_BYTES (256 * KIB)

/* Host events kept of one boot (resets, requests, throttling marks). */
#define BOOT_EVENTS_MAX 256
/* Settings (DICT) kept of one log: ordinary logs have 150 to 600. */
#define SETTINGS_MAX 4096
/* Boots reported of one source; more than this is a loop that needs no further proof. */
#define BOOTS_MAX 10000

/* Partition rows, controllers and file systems of one guest. A VM has at most 256 disks. */
#define PARTITIONS_MAX 4096
#define CONTROLLERS_MAX 64
#define FRAMES_MAX 64

/* Rule files. */
#define RULE_FILE_BYTES (256 * KIB)
#define RULE_NODES_MAX 4096
#define RULE_DEPTH_MAX 16
#define RULES_MAX 4096
/* PCRE2 limits for one match against one line: ordinary rules need less than 500 steps. */
#define REGEX_MATCH_LIMIT 20000
#define REGEX_DEPTH_LIMIT 500
#define REGEX_HEAP_KIB 1024
/* Records of one boot in which a rule's literal stands and that its regex is tried on; an
 * honest boot repeats a message some hundred times. Beyond it a rule without a match counts
 * as one whose limit was hit. */
#define RULE_CANDIDATES_MAX 8192
/* A regex that ran over its limits on so many records is not tried on further ones. */
#define REGEX_LIMIT_HITS_MAX 8
/* Records that one rule shows as evidence. */
#define RULE_EVIDENCE_MAX 64

/* A text or JSON report of one boot. */
#define REPORT_BYTES (16 * MIB)

#endif
