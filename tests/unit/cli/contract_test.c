/* Whatever is read, the JSON that comes out keeps the contract as doc/ has it: the commands are run over the
 * samples and over hostile logs, and each document and line is held against its schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <glob.h>
#include <unistd.h>

#include "../json_schema.h"
#include "cli/command.h"

#define DOCUMENT 0
#define LINE 1
#define WORDS_MAX 32

struct contract {
	struct schemas schemas;
	char folder[64], out[96];
};

/* ---- running ---- */

static void put(const struct contract *contract, const char *name, const char *bytes, size_t len)
{
	char path[160];
	snprintf(path, sizeof(path), "%s/%s", contract->folder, name);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

#define PUT(contract, name, literal) put(contract, name, literal, sizeof(literal) - 1)
#define HOST "2024-03-05T13:40:59.000Z In(05) vcpu-0 "
#define HEAD "2024-03-05T13:40:51.207Z In(05) vmx Log for VMware Workstation pid=1 version=17.5.1 build=build-1 option=Release\n"

static void put_hostile_logs(const struct contract *contract)
{
	PUT(contract, "a\n=\"b\xff\xe2\x80\xae.log", HEAD
	    "2024-03-05T13:40:51.210Z In(05) vmx DICT displayName = \"\033]0;x\007 \xff\xc3 =1\"\n"
	    "2024-03-05T13:40:51.210Z In(05) vmx DICT uuid.bios = \"\xf0\x9f not one\"\n"
	    HOST "CPU reset: hard (mode Emulation)\n"
	    HOST "Guest: <5>[    0.000000] Linux version 6.1.75-1.ph5 (root@photon) #1-photon\n"
	    HOST "Guest: <6>[    0.000000] Command line: root=/dev/sda2;reboot \"\\ \033[31m\xed\xa0\x80\n"
	    HOST "Guest: <4>[    2.000000] VFS: Cannot open root device \"sdz1\033[1m\015;rm\" or unknown-block(0,0): error -6\n"
	    HOST "Guest: <4>[    2.000002] 0800        16777216 sda \n"
	    HOST "Guest: <4>[    2.000003]  driver: sd\n"
	    HOST "Guest: <4>[    2.000004]   0801        16777000 sda1;x 2e9a6c84-1b7d-4f6e-8a51-90c3d2e7f615;x\n"
	    HOST "Guest: <0>[    2.000005] Kernel panic - not syncing: \342\200\256gni\xc3(\xff\b\b bad \0 \033[2J\007\n");
	PUT(contract, "oops.log", "\0\0\0[    1.000000] Linux version 99999.99999.99999-\xff (x@y)\n"
	    "[99999999999999999999.9] BUG: unable to handle kernel NULL pointer dereference at \xc0\x80\n"
	    "[    1.000001] IP: [<ffffffff81000000>] `x\"y'+0x1/0x2\n"
	    "[    1.000002] Oops: 0002 [#1] SMP\n"
	    "[    1.000003] CPU: -5 PID: 99999999999999999999 Comm: \033]0;\007 Tainted: G \xff W\n"
	    "[    1.000004] RIP: 0010:\xff\xfe+0x10/0x20\n"
	    "[    1.000005] ---[ end Kernel panic - not syncing: Fatal exception\n");
	PUT(contract, "early.log", HEAD HOST "Guest: <4>[    9.000000] cut of");
	PUT(contract, "empty.log", "");
	PUT(contract, "silent.log", HEAD HOST "CPU reset: hard (mode Emulation)\n" HOST "CPU reset: soft (mode Emulation)\n");
	PUT(contract, "broken.log.gz", "\x1f\x8b\x08\0\0\0\0\0\0\x03not deflated");
}

/* A command line with a pattern of files behind it; what it wrote is in contract->out. */
static void run(const struct contract *contract, enum exit_status (*command)(const struct options *options),
		const char *const *words, const char *pattern)
{
	char copies[WORDS_MAX][96];
	char *argv[WORDS_MAX + 64];
	int argc = 0;
	for (; words[argc]; argc++) {
		snprintf(copies[argc], sizeof(copies[argc]), "%s", words[argc]);
		argv[argc] = copies[argc];
	}
	char output[] = "--output";
	char out[96];
	snprintf(out, sizeof(out), "%s", contract->out);
	argv[argc++] = output;
	argv[argc++] = out;
	glob_t files;
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc && argc < WORDS_MAX + 63; i++)
		argv[argc++] = files.gl_pathv[i];
	argv[argc] = NULL;
	struct options options;
	struct error err;
	assert_true(options_parse(&options, argc, argv, &err));
	command(&options);
	globfree(&files);
}

/* ---- holding ---- */

static void assert_holds(const struct contract *contract, size_t schema, const json_t *value, const char *what)
{
	struct schema_fault fault;
	if (!schemas_hold(&contract->schemas, schema, value, &fault))
		fail_msg("%s: %s %s", what, fault.path, fault.text);
}

static json_t *read_document(const struct contract *contract)
{
	json_error_t error;
	json_t *document = json_load_file(contract->out, JSON_REJECT_DUPLICATES, &error);
	if (!document)
		fail_msg("line %d: %s", error.line, error.text);
	return document;
}

static size_t check_lines(const struct contract *contract, const char *what)
{
	size_t count = 0, size = 0;
	char *text = NULL;
	FILE *file = fopen(contract->out, "re");
	assert_non_null(file);
	for (ssize_t len; (len = getline(&text, &size, file)) > 0; count++) {
		json_error_t error;
		json_t *line = json_loadb(text, (size_t)len, JSON_REJECT_DUPLICATES, &error);
		if (!line)
			fail_msg("%s, line %zu: %s", what, count + 1, error.text);
		assert_holds(contract, LINE, line, what);
		json_decref(line);
	}
	free(text);
	fclose(file);
	return count;
}

static void check_documents(const struct contract *contract, const char *pattern, size_t sources)
{
	static const char *const diagnose[] = { "vmpanic", "diagnose", "--format", "json", NULL };
	static const char *const details[] = { "vmpanic", "diagnose", "--format", "json", "--timeline", "--explain",
					       "--redact", NULL };
	static const char *const scan[] = { "vmpanic", "scan", "--format", "json", NULL };
	static const char *const by_vm[] = { "vmpanic", "scan", "--format", "json", "--group-by", "vm", NULL };
	static const struct {
		enum exit_status (*command)(const struct options *options);
		const char *const *words;
	} runs[] = {
		{ command_diagnose, diagnose }, { command_diagnose, details }, { command_scan, scan },
		{ command_scan, by_vm },
	};
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
		run(contract, runs[i].command, runs[i].words, pattern);
		json_t *document = read_document(contract);
		assert_holds(contract, DOCUMENT, document, runs[i].words[1]);
		assert_true(json_array_size(json_object_get(document, "sources")) >= sources);
		json_decref(document);
	}
}

static void check_all_lines(const struct contract *contract, const char *pattern, size_t lines)
{
	static const char *const diagnose[] = { "vmpanic", "diagnose", "--format", "ndjson", "--timeline", NULL };
	static const char *const scan[] = { "vmpanic", "scan", "--format", "ndjson", NULL };
	run(contract, command_diagnose, diagnose, pattern);
	assert_true(check_lines(contract, "diagnose") >= lines);
	run(contract, command_scan, scan, pattern);
	assert_true(check_lines(contract, "scan") >= lines);
}

static void test_samples(void **state)
{
	check_documents(*state, "samples/*.log", 9);
	check_all_lines(*state, "samples/*.log", 11);
}

static void test_hostile_logs(void **state)
{
	const struct contract *contract = *state;
	char pattern[96];
	snprintf(pattern, sizeof(pattern), "%s/*.[lg][oz]*", contract->folder);
	put_hostile_logs(contract);
	check_documents(contract, pattern, 5);
	check_all_lines(contract, pattern, 5);
}

/* ---- the schemas themselves ---- */

static void check_schema(const struct schemas *schemas, const json_t *file, const json_t *schema);

static void check_schemas_of(const struct schemas *schemas, const json_t *file, const json_t *many)
{
	const char *key;
	json_t *schema;
	size_t i;
	json_object_foreach((json_t *)many, key, schema)
		check_schema(schemas, file, schema);
	json_array_foreach(many, i, schema)
		check_schema(schemas, file, schema);
}

static void check_schema(const struct schemas *schemas, const json_t *file, const json_t *schema)
{
	static const char *const holders[] = { "properties", "$defs", "allOf", "anyOf" };
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)schema, key, value)
		if (!schema_keyword_find(key))
			fail_msg("the keyword %s is not known to the test", key);
	const json_t *reference = json_object_get(schema, "$ref"), *other = file;
	if (reference && !schema_find(schemas, &other, json_string_value(reference)))
		fail_msg("%s leads nowhere", json_string_value(reference));
	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders); i++)
		check_schemas_of(schemas, file, json_object_get(schema, holders[i]));
	if (json_object_get(schema, "items"))
		check_schema(schemas, file, json_object_get(schema, "items"));
}

static void test_every_keyword_is_looked_at(void **state)
{
	const struct contract *contract = *state;
	for (size_t i = 0; i < contract->schemas.count; i++)
		check_schema(&contract->schemas, contract->schemas.files[i], contract->schemas.files[i]);
}

/* What stands at "sources.0.boots.0"; *ret_last is the step behind it. */
static json_t *parent_of(json_t *value, const char *path, const char **ret_last)
{
	const char *dot;
	for (; (dot = strchr(path, '.')); path = dot + 1)
		value = json_is_array(value) ? json_array_get(value, (size_t)(*path - '0'))
					     : json_object_getn(value, path, (size_t)(dot - path));
	*ret_last = path;
	return value;
}

/* `text` NULL: the member is taken away. */
static void set(json_t *document, const char *path, const char *text)
{
	const char *last;
	json_t *parent = parent_of(document, path, &last);
	assert_true(json_is_object(parent));
	if (text)
		assert_int_equal(json_object_set_new(parent, last, json_loads(text, JSON_DECODE_ANY, NULL)), 0);
	else
		assert_int_equal(json_object_del(parent, last), 0);
}

struct change {
	const char *path, *value;
	bool is_allowed;
};

static void check_changes(const struct contract *contract, size_t schema, const json_t *good,
			  const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct schema_fault fault;
		json_t *changed = json_deep_copy(good);
		set(changed, changes[i].path, changes[i].value);
		if (schemas_hold(&contract->schemas, schema, changed, &fault) != changes[i].is_allowed)
			fail_msg("%s as %s: %s", changes[i].path, changes[i].value ? changes[i].value : "nothing",
				 changes[i].is_allowed ? fault.text : "nobody minds");
		json_decref(changed);
	}
}

#define BOOT "sources.0.boots.0."

static void test_a_broken_document_is_refused(void **state)
{
	static const struct change changes[] = {
		{ "schema", "\"vmpanic/2\"", false }, { "schema", NULL, false }, { "sources", "{}", false },
		{ "sources.0.path", "null", false }, { "sources.0.format", "\"syslog\"", false },
		{ "sources.0.format", "null", true }, { "sources.0.boots", NULL, false },
		{ "sources.0.notes", "[1]", false }, { "sources.0.vm.uuid", NULL, false },
		{ "sources.0.lines.total", "-1", false }, { "sources.0.recovered", "{}", false },
		{ BOOT "number", "null", false }, { BOOT "number", "0", false }, { BOOT "verdict", "\"dead\"", false },
		{ BOOT "verdict", "null", false }, { BOOT "complete", "null", false }, { BOOT "cause", NULL, false },
		{ BOOT "cause", "null", true }, { BOOT "confidence", "\"sure\"", false }, { BOOT "confidence", "null", true },
		{ BOOT "losses", "[\"lost\"]", false }, { BOOT "chain", "null", false }, { BOOT "chain.0.rule", "7", false },
		{ BOOT "kernel.release", "6.1", false }, { BOOT "kernel", "null", true }, { BOOT "root", "null", true },
		{ BOOT "root.answer", "\"two\"", false }, { BOOT "root.candidates.0.confidence", "null", false },
		{ BOOT "root.candidates.0.size_kib", "\"8 GiB\"", false }, { BOOT "evidence.0.line", "0", false },
		{ BOOT "evidence.0.text", "null", false }, { BOOT "fix.0.risk", "\"high\"", false },
		{ BOOT "fix.0.commands", "[null]", false }, { BOOT "disks.0.role", "\"spare\"", false },
		{ BOOT "rules.clean", "1.5", false }, { BOOT "timeline", "{}", false }, { BOOT "added", "[]", true },
		{ "scan.vms", "null", false }, { "scan.verdicts.hang", NULL, false }, { "scan.made_at", "null", false },
		{ "scan.by_cause.0.verdict", "\"clean\"", false }, { "scan.by_cause.0.key", "null", true },
		{ "scan.changes", "{}", false }, { "scan.changed", "[{\"change\":\"old\"}]", false }, { "scan", NULL, true },
	};
	static const char *const scan[] = { "vmpanic", "scan", "--format", "json", NULL };
	const struct contract *contract = *state;
	run(contract, command_scan, scan, "samples/photon-guide.log");
	json_t *document = read_document(contract);
	assert_holds(contract, DOCUMENT, document, "the sample");
	check_changes(contract, DOCUMENT, document, changes, sizeof(changes) / sizeof(*changes));
	json_decref(document);
}

static void test_a_broken_line_is_refused(void **state)
{
	static const struct change changes[] = {
		{ "schema", NULL, false }, { "vm_id", "null", false }, { "vm_name", NULL, false }, { "source", "null", false },
		{ "source.error", NULL, false }, { "number", "null", false }, { "verdict", "null", false },
		{ "fix", NULL, false }, { "root.answer", "\"two\"", false }, { "title", "null", true },
		{ "added", "1", true },
	};
	static const char *const scan[] = { "vmpanic", "scan", "--format", "ndjson", NULL };
	const struct contract *contract = *state;
	run(contract, command_scan, scan, "samples/photon-guide.log");
	json_t *line = read_document(contract);
	assert_holds(contract, LINE, line, "the sample");
	check_changes(contract, LINE, line, changes, sizeof(changes) / sizeof(*changes));
	json_decref(line);
}

/* ---- the folder ---- */

static int setup(void **state)
{
	struct contract *contract = calloc(1, sizeof(*contract));
	snprintf(contract->folder, sizeof(contract->folder), "/tmp/vmpanic-test.XXXXXX");
	*state = contract;
	if (!mkdtemp(contract->folder) || !schemas_load(&contract->schemas, "doc/vmpanic-1.schema.json") ||
	    !schemas_load(&contract->schemas, "doc/vmpanic-1-line.schema.json"))
		return -1;
	snprintf(contract->out, sizeof(contract->out), "%s/out.json", contract->folder);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st, (void)type, (void)place;
	return remove(path);
}

static int teardown(void **state)
{
	struct contract *contract = *state;
	schemas_free(&contract->schemas);
	nftw(contract->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(contract);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_keyword_is_looked_at),
		cmocka_unit_test(test_a_broken_document_is_refused),
		cmocka_unit_test(test_a_broken_line_is_refused),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_hostile_logs),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
