# Tests, lint, fuzzing and benchmarks; included by the Makefile.

# Unit tests: each tests/unit/<floor>/<file>_test.c is a cmocka program of its own.
UNIT_SOURCES = $(wildcard tests/unit/*/*_test.c)
UNIT_PROGRAMS = $(UNIT_SOURCES:%.c=$(B)/%)

ifneq ($(filter check unit,$(MAKECMDGOALS)),)
$(if $(shell $(PKG_CONFIG) --exists cmocka && echo yes),,\
	$(error cmocka is missing: install the Debian package $(DEBIAN_cmocka)))
endif
CMOCKA_LIBS = $(shell $(PKG_CONFIG) --libs cmocka)
# Some tests write archives.
ARCHIVE_LIBS = -Wl,--as-needed $(shell $(PKG_CONFIG) --libs libarchive)

$(B)/tests/unit/%_test: $(B)/tests/unit/%_test.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(NEEDS_LIBS) $(CMOCKA_LIBS) $(ARCHIVE_LIBS)

unit: $(UNIT_PROGRAMS)
	$(Q)for t in $(UNIT_PROGRAMS); do $$t || exit 1; done

# Situations: texts that the whole pipeline is run over, and what it must and must not say of them.
$(B)/tests/unit/situation/situation_test.o: override CPPFLAGS += -DSITUATIONS='"tests/situation"'

# All tests; the last line is `N passed, N failed`.
check: $(B)/vmpanic $(UNIT_PROGRAMS)
	$(Q)tests/check $(B)/vmpanic $(B)/tests $(UNIT_PROGRAMS)

# The recipes of doc/cluster.md with GNU parallel over ssh and with Slurm, on the loopback interface; as root.
check-cluster: $(B)/vmpanic
	$(Q)tests/cluster/run $(B)/vmpanic $(B)/cluster
.PHONY: check-cluster

# Only the whole-program cases; UPDATE=1 writes what the program says into them. CASES chooses.
CASES = $(wildcard tests/case/*.case)
case: $(B)/vmpanic
	$(Q)tests/case/run $(if $(UPDATE),-u) $(B)/vmpanic $(B)/tests/case $(CASES)

# The HTML page in a headless Chromium; logs, pages and screenshots stay in $(B)/browser.
ifneq ($(filter check-browser,$(MAKECMDGOALS)),)
$(foreach n,chromium python3,$(if $(shell command -v $(n)),,$(error $(n) is missing: install the Debian package $(n))))
endif
check-browser: $(B)/vmpanic
	$(Q)tests/browser/run $(B)/vmpanic $(B)/browser
.PHONY: check-browser

# Floors, style and rules; first the lint proves itself on violations made for it.
lint: $(B)/vmpanic
	$(Q)tests/lint/self-test $(B)
	$(Q)tests/lint/run
	$(Q)$(B)/vmpanic rules lint rules

# Figures of speed and memory; needs ripgrep. The logs stay in $(B)/bench.
BENCH_TOOLS = $(B)/bench/generate $(B)/bench/measure
$(BENCH_TOOLS): $(B)/bench/%: tests/bench/%.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $<

$(B)/bench/judge: tests/bench/judge.c $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-missing-prototypes -Wl,--wrap=regex_match -o $@ $^ $(NEEDS_LIBS)

bench: $(B)/vmpanic $(BENCH_TOOLS) $(B)/bench/judge
	$(Q)tests/bench/run $(B)/vmpanic $(B)/bench

# A scan that is killed, disturbed and given too much; KILLS=20 and STREAM_BYTES=1000000000 for a quick look.
check-scan: $(B)/vmpanic $(BENCH_TOOLS)
	$(Q)tests/scan/run $(B)/vmpanic $(B)/bench $(B)/scan-test

# What runs in several threads, under ThreadSanitizer.
check-tsan:
	$(Q)$(MAKE) TSAN=1 $(B)/tsan/vmpanic $(B)/tsan/bench/generate $(B)/tsan/bench/measure
	$(Q)tests/case/run $(B)/tsan/vmpanic $(B)/tsan/tests/case \
		$(wildcard tests/case/scan*.case tests/case/watch*.case)
	$(Q)KILLS=10 tests/scan/run $(B)/tsan/vmpanic $(B)/tsan/bench $(B)/tsan/scan-test threads kill chaos
.PHONY: check-scan check-tsan

# Fuzz targets: each tests/fuzz/*_fuzz.c over everything below the command line, by clang's libFuzzer.
# Seeds are samples/ and rules/; what is found stays in $(B)/fuzz.
FUZZ_CC = clang
FUZZ_SECONDS = 300
FUZZ_FLAGS = -std=gnu11 -pthread $(WARNINGS) -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
FUZZ_SANITIZERS = address,undefined
FUZZ_OPTIONS = -max_len=65536 -timeout=10 -rss_limit_mb=512 -print_final_stats=1 -dict=tests/fuzz/words.dict
FUZZ_NAMES = $(basename $(notdir $(wildcard tests/fuzz/*_fuzz.c)))
FUZZ_OBJECTS = $(patsubst %.c,$(B)/fuzz/%.o,$(filter-out $(MAIN),$(SOURCES))) \
	$(B)/fuzz/builtin_rules.o $(B)/fuzz/html_assets.o

ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
$(if $(shell command -v $(FUZZ_CC)),,\
	$(error $(FUZZ_CC) is missing: install the Debian packages clang and libclang-rt-dev))
endif

$(B)/fuzz/builtin_rules.o $(B)/fuzz/html_assets.o: $(B)/fuzz/%.o: $(B)/%.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZERS) -c -o $@ $<

$(B)/fuzz/%.o: %.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZERS) -MMD -MP -c -o $@ $<

$(B)/fuzz/%_fuzz: $(B)/fuzz/tests/fuzz/%_fuzz.o $(FUZZ_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer,$(FUZZ_SANITIZERS) -o $@ $^ $(NEEDS_LIBS)

fuzz: $(FUZZ_NAMES:%=$(B)/fuzz/%)
	$(Q)for name in $(FUZZ_NAMES); do \
		echo "$$name: $(FUZZ_SECONDS) seconds"; \
		mkdir -p $(B)/fuzz/corpus/$$name; \
		$(B)/fuzz/$$name $(FUZZ_OPTIONS) -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$(B)/fuzz/$$name- \
			$(B)/fuzz/corpus/$$name samples rules > $(B)/fuzz/$$name.log 2>&1 || \
			{ tail -40 $(B)/fuzz/$$name.log; exit 1; }; \
		grep '^Done' $(B)/fuzz/$$name.log; \
	done

# Nothing is implicit: make keeps the objects of tests.
.SECONDARY:
.PHONY: unit case

# Every allocation and every read fails once; the program runs in-process.
$(B)/fault: tests/fault/fault.c $(LIBRARY) $(B)/tests/fault/main.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(NEEDS_LIBS) -ldl

$(B)/tests/fault/main.o: $(MAIN)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Dmain=vmpanic_main -Wno-missing-prototypes -c -o $@ $<

fault: $(B)/fault $(B)/vmpanic
	$(Q)tests/fault/run $(B)/fault $(B)/fault-input
.PHONY: fault
