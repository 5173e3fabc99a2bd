# vmpanic. Everything that is built goes to build/. GNU make.
#
#   make            the program, build/vmpanic
#   make check      all tests; needs only what the build needs, and cmocka
#   make check-browser  the HTML page in a headless Chromium (chromium, python3)
#   make check-scan killed, disturbed, endless and hostile scans; check-tsan: under ThreadSanitizer
#   make check-cluster  scans by GNU parallel over ssh and by Slurm (parallel, openssh, slurm-wlm, munge)
#   make lint       floors, style, rule files
#   make fuzz       fuzz targets (clang); FUZZ_SECONDS=300 a target
#   make bench      figures of speed and memory (ripgrep, GNU time)
#   make doc        man page and shell completions, in build/doc
#   make install    to $(DESTDIR)$(prefix)
#
# SAN=1 builds with ASan and UBSan, TSAN=1 with TSan, WERROR=1 turns warnings into errors, V=1 shows commands.

VERSION = 0.1.0
prefix ?= /usr/local
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
B = build

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# What the program needs, by pkg-config name; README names the Debian packages.
NEEDS = libpcre2-8 yaml-0.1 jansson sqlite3 zlib liblzma libzstd libarchive
DEBIAN_libpcre2-8 = libpcre2-dev
DEBIAN_yaml-0.1 = libyaml-dev
DEBIAN_jansson = libjansson-dev
DEBIAN_sqlite3 = libsqlite3-dev
DEBIAN_zlib = zlib1g-dev
DEBIAN_liblzma = liblzma-dev
DEBIAN_libzstd = libzstd-dev
DEBIAN_libarchive = libarchive-dev
DEBIAN_cmocka = libcmocka-dev

ifneq ($(MAKECMDGOALS),clean)
ifeq ($(shell command -v $(PKG_CONFIG)),)
$(error pkg-config is missing: install the Debian package pkg-config)
endif
$(foreach n,$(NEEDS),$(if $(shell $(PKG_CONFIG) --exists $(n) && echo yes),,\
	$(error $(n) is missing: install the Debian package $(DEBIAN_$(n)))))
NEEDS_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(NEEDS))
# bzip2 of Debian 12 has no pkg-config file.
$(if $(shell echo '\#include <bzlib.h>' | $(CC) -E - >/dev/null 2>&1 && echo yes),,\
	$(error bzip2 is missing: install the Debian package libbz2-dev))
# libarchive is loaded when it is needed: src/input/libarchive.h.
NEEDS_LIBS := $(filter-out -larchive,$(shell $(PKG_CONFIG) --libs $(NEEDS))) -lbz2
endif

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla
override CPPFLAGS += -D_GNU_SOURCE -DVMPANIC_VERSION='"$(VERSION)"' -Isrc $(NEEDS_CFLAGS)
override CFLAGS += -std=gnu11 -pthread $(WARNINGS) $(if $(WERROR),-Werror)
ifdef SAN
B = build/san
override CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

ifdef TSAN
B = build/tsan
override CFLAGS += -fsanitize=thread
endif

# The rule compiler is built of the lower floors and writes the table of the shipped rules.
COMPILER_MAIN = src/rules/compiler.c
MAIN = src/cli/main.c
FLOORS_OF_COMPILER = base vmxlog kmsg facts rules
SOURCES = $(filter-out $(COMPILER_MAIN),$(wildcard src/*/*.c))
OBJECTS = $(SOURCES:%.c=$(B)/%.o) $(B)/builtin_rules.o $(B)/html_assets.o
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

# The style and the script of the HTML page.
PAGE_ASSETS = src/report/fleet_html.css src/report/fleet_html.js
$(B)/html_assets.c: src/report/embed.sh $(PAGE_ASSETS)
	$(call say,EMBED,$@)
	$(Q)mkdir -p $(@D)
	$(Q)src/report/embed.sh html_css=src/report/fleet_html.css html_js=src/report/fleet_html.js > $@

$(B)/builtin_rules.o $(B)/html_assets.o: %.o: %.c
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell test -d $(B) && find $(B) -type f -name '*.d')

include tests/tests.mk

# Written by the program from its table of options.
MAN_PAGE = $(B)/doc/vmpanic.1
BASH_COMPLETION = $(B)/doc/completion/vmpanic
ZSH_COMPLETION = $(B)/doc/completion/_vmpanic
FISH_COMPLETION = $(B)/doc/completion/vmpanic.fish
$(MAN_PAGE): GENERATE = man
$(BASH_COMPLETION): GENERATE = bash
$(ZSH_COMPLETION): GENERATE = zsh
$(FISH_COMPLETION): GENERATE = fish

doc: $(MAN_PAGE) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION)

$(MAN_PAGE) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION): $(B)/vmpanic
	$(call say,DOC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$< --generate $(GENERATE) > $@

share = $(DESTDIR)$(prefix)/share

install: $(B)/vmpanic doc
	install -D -m 755 $(B)/vmpanic $(DESTDIR)$(prefix)/bin/vmpanic
	install -D -m 644 $(MAN_PAGE) $(share)/man/man1/vmpanic.1
	install -D -m 644 $(BASH_COMPLETION) $(share)/bash-completion/completions/vmpanic
	install -D -m 644 $(ZSH_COMPLETION) $(share)/zsh/site-functions/_vmpanic
	install -D -m 644 $(FISH_COMPLETION) $(share)/fish/vendor_completions.d/vmpanic.fish
	install -d $(share)/doc/vmpanic/samples
	install -m 644 $(wildcard README.md) LICENSE $(wildcard doc/*.json doc/*.md) $(share)/doc/vmpanic
	install -m 644 rules/README.md $(share)/doc/vmpanic/rules.md
	install -m 644 $(wildcard samples/*) $(share)/doc/vmpanic/samples

clean:
	rm -rf build

.DELETE_ON_ERROR:
.PHONY: all doc check lint fuzz bench install clean
.DEFAULT_GOAL = all
