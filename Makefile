# vmpanic. Everything that is built goes to build/. GNU make.
#
#   make            the program, build/vmpanic
#   make check      all tests; needs only what the build needs, and cmocka
#   make lint       floors, style, rule files
#   make fuzz       fuzz targets (clang); FUZZ_SECONDS=300 a target
#   make bench      figures of speed and memory (ripgrep, GNU time)
#   make install    to $(DESTDIR)$(prefix)
#
# SAN=1 builds with ASan and UBSan, WERROR=1 turns warnings into errors, V=1 shows commands.

VERSION = 0.1.0
prefix ?= /usr/local
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
B = build

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# What the program needs, by pkg-config name; README names the Debian packages.
NEEDS = libpcre2-8 yaml-0.1 jansson
DEBIAN_libpcre2-8 = libpcre2-dev
DEBIAN_yaml-0.1 = libyaml-dev
DEBIAN_jansson = libjansson-dev
DEBIAN_cmocka = libcmocka-dev

ifneq ($(MAKECMDGOALS),clean)
ifeq ($(shell command -v $(PKG_CONFIG)),)
$(error pkg-config is missing: install the Debian package pkg-config)
endif
$(foreach n,$(NEEDS),$(if $(shell $(PKG_CONFIG) --exists $(n) && echo yes),,\
	$(error $(n) is missing: install the Debian package $(DEBIAN_$(n)))))
NEEDS_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(NEEDS))
NEEDS_LIBS := $(shell $(PKG_CONFIG) --libs $(NEEDS))
endif

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla
override CPPFLAGS += -D_GNU_SOURCE -DVMPANIC_VERSION='"$(VERSION)"' -Isrc $(NEEDS_CFLAGS)
override CFLAGS += -std=gnu11 $(WARNINGS) $(if $(WERROR),-Werror)
ifdef SAN
B = build/san
override CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# The rule compiler is built of the lower floors and writes the table of the shipped rules.
COMPILER_MAIN = src/rules/compiler.c
MAIN = src/cli/main.c
FLOORS_OF_COMPILER = base vmxlog kmsg facts rules
SOURCES = $(filter-out $(COMPILER_MAIN),$(wildcard src/*/*.c))
OBJECTS = $(SOURCES:%.c=$(B)/%.o) $(B)/builtin_rules.o
LIBRARY = $(filter-out $(B)/$(MAIN:.c=.o),$(OBJECTS))
COMPILER_OBJECTS = $(COMPILER_MAIN:%.c=$(B)/%.o) \
	$(patsubst %.c,$(B)/%.o,$(filter-out $(COMPILER_MAIN),\
	$(foreach f,$(FLOORS_OF_COMPILER),$(wildcard src/$(f)/*.c))))
RULE_FILES = $(sort $(wildcard rules/*/*.yaml))

all: $(B)/vmpanic

$(B)/vmpanic: $(OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(NEEDS_LIBS)

$(B)/rule-compiler: $(COMPILER_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(NEEDS_LIBS)

$(B)/builtin_rules.c: $(B)/rule-compiler $(RULE_FILES)
	$(call say,RULES,$@)
	$(Q)$< rules > $@.new && mv $@.new $@

$(B)/builtin_rules.o: $(B)/builtin_rules.c
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell test -d $(B) && find $(B) -name '*.d')

include tests/tests.mk

install: $(B)/vmpanic
	install -D -m 755 $(B)/vmpanic $(DESTDIR)$(prefix)/bin/vmpanic

clean:
	rm -rf build

.DELETE_ON_ERROR:
.PHONY: all check lint fuzz bench install clean
.DEFAULT_GOAL = all
