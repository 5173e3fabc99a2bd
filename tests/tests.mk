# Tests, lint, fuzzing and benchmarks; included by the Makefile.

# Unit tests: each tests/unit/<floor>/<file>_test.c is a cmocka program of its own.
UNIT_SOURCES = $(wildcard tests/unit/*/*_test.c)
UNIT_PROGRAMS = $(UNIT_SOURCES:%.c=$(B)/%)

ifneq ($(filter check unit,$(MAKECMDGOALS)),)
$(if $(shell $(PKG_CONFIG) --exists cmocka && echo yes),,\
	$(error cmocka is missing: install the Debian package $(DEBIAN_cmocka)))
endif
CMOCKA_LIBS = $(shell $(PKG_CONFIG) --libs cmocka)

$(B)/tests/unit/%_test: $(B)/tests/unit/%_test.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(NEEDS_LIBS) $(CMOCKA_LIBS)

unit: $(UNIT_PROGRAMS)
	$(Q)for t in $(UNIT_PROGRAMS); do $$t || exit 1; done

# All tests; the last line is `N passed, N failed`.
check: $(B)/vmpanic $(UNIT_PROGRAMS)
	$(Q)tests/check $(B)/vmpanic $(B)/tests $(UNIT_PROGRAMS)

# Only the whole-program cases; UPDATE=1 writes what the program says into them. CASES chooses.
CASES = $(wildcard tests/case/*.case)
case: $(B)/vmpanic
	$(Q)tests/case/run $(if $(UPDATE),-u) $(B)/vmpanic $(B)/tests/case $(CASES)

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

bench: $(B)/vmpanic $(BENCH_TOOLS)
	$(Q)tests/bench/run $(B)/vmpanic $(B)/bench

# Nothing is implicit: make keeps the objects of tests.
.SECONDARY:
.PHONY: unit case
