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

# Nothing is implicit: make keeps the objects of tests.
.SECONDARY:
