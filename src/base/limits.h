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
/* A page's: the kernel copies its pages faster to such a place. */
#define INPUT_BLOCK_ALIGNMENT 4096

/* Bytes looked at before deciding what a file is. */
#define DETECT_BYTES (64 * KIB)

/* Bytes looked at before deciding whether a file is compressed or an archive: tar has its mark
 * at byte 257. */
#define INPUT_HEAD_BYTES 512
/* Of a compressed file: memory that its window may claim, and zstd's window as a power of two.
 * `xz -9` needs 65 MiB; `zstd` itself reads no window above 128 MiB if not told to. */
#define DECODER_MEMORY_BYTES (144 * MIB)
#define DECODER_ZSTD_WINDOW_LOG 27
/* So much may come out of it however small it is; from there on at most so many times what was
 * read of it. A vmware.log shrinks to a tenth, a guest that repeats one line to a fiftieth. */
#define DECODER_FREE_BYTES (1 * MIB)
#define DECODER_RATIO_MAX ((uint64_t)200)
/* And in all: some hundred times the largest log of a VM that was ever left to grow. */
#define DECODER_OUT_BYTES ((uint64_t)64 * 1024 * MIB)

/* One read of an archive's own bytes. Between two of them its bounds are looked at, so it is small:
 * 64 KiB of the best bombs unpack to some hundred MiB. */
#define ARCHIVE_BLOCK_BYTES (64 * KIB)
/* Of an archive with all that is in it. A bundle's cores and sparse files are mostly zeros, which
 * shrink to a thousandth; what costs seconds at most is free, above it DECODER_RATIO_MAX holds. */
#define ARCHIVE_FREE_BYTES ((uint64_t)1024 * MIB)
/* A vm-support bundle has thousands. */
#define ARCHIVE_MEMBERS_MAX 1000000
/* The logs and settings of one VM in an archive, held in memory until all of them have come: ten
 * rotated logs of ordinary size, and small beside what a thread may take. What does not fit is read by itself. */
#define ARCHIVE_HELD_BYTES (8 * MIB)
/* Archives inside of each other: a bundle of bundles, which was packed once more to send it. */
#define ARCHIVE_DEPTH_MAX 4
/* Time that it may take, waiting for its bytes left out: at 300 MB/s all of DECODER_OUT_BYTES take
 * four minutes, and twice that with the reading of the logs. */
#define ARCHIVE_WORK_SECONDS 900
/* One header of a tar file: names and attributes of up to 1 MiB each, and a map of a sparse file,
 * of which libarchive holds ten times the size. */
#define ARCHIVE_HEADER_BYTES (4 * MIB)
/* The directory of a zip or 7z file, of which libarchive holds three times the size: 300,000
 * members of ordinary names. */
#define ARCHIVE_DIRECTORY_BYTES (32 * MIB)

/* Chatter that need not be read again when its log has grown: to step over less costs as much as to read
 * it. Of so many runs at most: what is remembered of a log stays within some 30 KiB. */
#define PASSED_RUN_MIN_BYTES (64 * KIB)
#define PASSED_RUNS_MAX 1024

/* Logs of one VM in its folder: ten by default, as many as log.keepOld says. */
#define FOLDER_LOGS_MAX 1024
/* What is held of one folder while its files are handed out, names and what is known of them: some
 * 160,000 files. A datastore's folder has one VM and its tens of files. */
#define FOLDER_BYTES (16 * MIB)
/* Levels of folders in a tree. A path that can be named at once (PATH_MAX) has at most half as many. */
#define WALK_DEPTH_MAX 4096
/* Folders that are held open on the way down; those further up are opened again when it is their turn. */
#define WALK_OPEN_MAX 64
/* Names of folders that wait until those before them were walked, on all levels: some 300,000. */
#define WALK_WAITING_BYTES (8 * MIB)
/* A name in a list of names: open(2) takes PATH_MAX (4,096) with the NUL behind it. */
#define NAME_LIST_NAME_BYTES 4095
/* A .vmx file: ordinary ones have 3 to 10 KiB. */
#define VMX_FILE_BYTES (1 * MIB)

/* Longest line kept whole. The VMX writes at most 4 KiB an entry (measured: 2,668); a
 * kernel record has at most 1,020 bytes on its way through the dumper; serial logs may
 * hold long user text. What is beyond is dropped and the record marked as cut. */
#define LINE_MAX_BYTES (32 * KIB)

/* A file that the guest sent through its log (vmware-xferlogs), decoded. It is held in memory until
 * the log has been read; the log of one boot has 100 KiB, a busy /var/log/messages a few MiB. */
#define XFERLOG_BYTES (4 * MIB)
/* So many of them in one log: each is sent by hand, and all together stay within 32 MiB. */
#define XFERLOGS_MAX 8

/* One entry of a log in JSON: an object. journalctl cuts fields at 4 KiB if it is not told to
 * show all, and writes a byte as up to four; a record of the kernel is below 10 KiB with all. */
#define JSON_OBJECT_BYTES (256 * KIB)

/* To end the read of a JSON text with when memory is out (base/json.h): the buffer of one token, which doubles
 * as it grows, up to what holds a record of the kernel. A larger token may then end the program. */
#define JSON_RESERVE_BYTES (32 * KIB)
/* One dump of pstore, which is held until its parts can be put into order: as large as the
 * largest ring. What is larger keeps the order of the source. */
#define PSTORE_DUMP_BYTES (2 * MIB)
/* Its parts: an EFI variable holds 1 KiB of text, compressed to a third. */
#define PSTORE_PARTS_MAX 1024

/* Of a huge boot: the first records, the last ones, and between them those that a fact or
 * a rule asked for. A whole kernel ring is at most 2 MiB on Photon (LOG_BUF_SHIFT 21). */
#define BOOT_HEAD_BYTES (2 * MIB)
#define BOOT_TAIL_BYTES (3 * MIB)
#define BOOT_EVIDENCE_BYTES (1 * MIB)
/* Unit in which records of a boot are let go. */
#define BOOT_BLOCK_BYTES (256 * KIB)

/* Work of merging dumps, in records looked at for each record read. A ring of 256 KiB that is
 * sent again and again into a boot of 6 MiB needs 24; beyond it a dump stands unmerged behind
 * the ones before it. */
#define BOOT_MERGE_WORK 32

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
/* Of a report in Markdown. A ticket or a comment takes some 64 KiB (65,536 characters in GitHub's, 32,767
 * in Jira's); a failed boot with three steps needs 1 to 2 KiB, a row or an item 200 bytes. */
#define TICKET_BOOTS_MAX 15
#define TICKET_STEPS_MAX 3
#define TICKET_GROUPS_MAX 25
#define TICKET_SOURCES_MAX 20
#define TICKET_TEXT_BYTES 400
/* VMs that have a metric of their own: each is a series that Prometheus keeps, and some thousands are what
 * a whole host usually gives it. */
#define METRIC_VMS_MAX 1000

/* Reports that wait for their turn are kept in memory up to so much, each run of them; then in a file. */
#define SHEAF_BYTES (256 * KIB)

/* Units that a scan keeps in order: so many wait to be read, each with a folder that is open, and so many
 * in all, of which those that were read wait for a slow one in front of them. */
#define SCAN_WAITING_MAX 128
#define SCAN_SLOTS_MAX 16384
/* So many are taken out at a time: each time costs two switches of threads. */
#define SCAN_BATCH 32
/* What was found in them and is in memory; more waits in a file. */
#define SCAN_RESIDENT_BYTES (4 * MIB)
/* Lines of units that were not read again, which are written at once: they come one unit at a time, and
 * as fast as they can be written. */
#define SCAN_LINES_BYTES (64 * KIB)
/* What could not be done of one unit. */
#define SCAN_TROUBLE_BYTES (1 * MIB)
/* Of a large log, blocks that other threads read before their turn comes; files with less left to read
 * than READ_AHEAD_MIN_BYTES are not worth it. */
#define READ_AHEAD_BLOCK_BYTES (512 * KIB)
#define READ_AHEAD_BLOCKS 8
#define READ_AHEAD_MIN_BYTES ((uint64_t)8 * MIB)

/* Patterns of --include and of --exclude. */
#define SCAN_PATTERNS_MAX 256
/* Threads that a scan may be given. */
#define SCAN_THREADS_MAX 256

/* Logs that are followed at a time, some 500 bytes each, and folders. A datastore's thousand VMs have ten
 * logs each and tens of other files. */
#define WATCH_LOGS_MAX 200000
#define WATCH_FOLDERS_MAX 100000
/* What comes of one look at a VM's logs, in memory until it is printed. */
#define WATCH_TOLD_BYTES (64 * MIB)
/* Commands of `watch --exec` at a time, and lines that wait for their turn. */
#define HOOK_RUNNING_MAX 4
#define HOOK_WAITING_BYTES (16 * MIB)
/* Such a command has so much time, and so much more once it was told to end. */
#define HOOK_SECONDS 60
#define HOOK_GRACE_MS 2000

/* Pages of the database that SQLite keeps in memory. */
#define STORE_CACHE_BYTES (4 * MIB)
/* Lines and units of one transaction: more make it no faster, and a killed scan loses one at most. */
#define STORE_TRANSACTION_PUTS 2000

/* The HTML page: what a browser still scrolls and filters without a pause. Details (disks, evidence,
 * repair) of so many failed boots, and of no more once they have taken so many bytes; further boots
 * are a row each; further ones are counted. All of it is in --format ndjson. */
#define HTML_DETAILS_MAX 2000
#define HTML_DETAILS_BYTES (24 * MIB)
#define HTML_ROWS_MAX 20000
#define HTML_ROWS_LISTED 500  /* at a time, when the page's script runs: laying out thousands takes seconds */
#define HTML_OTHER_MAX 5000   /* clean and silent boots */
#define HTML_UNREAD_MAX 1000  /* sources that could not be read */
#define HTML_GROUPS_MAX 100   /* of each grouping */
/* Of the lists of one boot (disks, evidence, commands ...), and of one text in them. */
#define HTML_LIST_MAX 64
#define HTML_TEXT_BYTES (4 * KIB)

#endif
