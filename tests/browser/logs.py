"""Logs for the page: VMs' folders with logs made of samples/, and some whose guest is hostile."""

import os
import re

# What must come out as text, wherever a guest can put it: (file-system-safe name, bytes).
HOSTILE = [
    b"<script>document.title='owned'</script>",
    b"<img src=x onerror=alert(1)>",
    b"</script><script>alert(2)</script>",
    b"</style></title><!-- --!> <![CDATA[",
    b"\"'><svg onload=alert(3)>&lt;b&gt;",
    b"javascript:alert(4) {{7*7}} ${7*7} `id`",
    b"\x1b[2J\x1b]0;owned\x07\x08\x0c",
    b"a\x00b\xff\xfe\xc0\xaf",
    b"\xe2\x80\xaeevil\xe2\x80\xac\xe2\x80\xa8next\xef\xbb\xbf",
    b"@ % %s %n \\x3cscript\\x3e \\u003cb\\u003e",
]

DATE = re.compile(rb"\b20\d\d-\d\d-\d\d(?=T\d\d:)")
NAME = re.compile(rb'displayName = "[^"]*"')
UUID = re.compile(rb'(?<=uuid.bios = ")..')


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(text)


def read_samples(samples):
    texts = {}
    for name in os.listdir(samples):
        if name.endswith(".log"):
            with open(os.path.join(samples, name), "rb") as file:
                texts[name] = file.read()
    return texts


def survived(text):
    """A log of two dumps, an oops and the panic after it, without the second one."""
    lines = text.split(b"\n")
    guest = [i for i, line in enumerate(lines) if b"Guest: <" in line]
    second = [i for i in guest if b"Linux version" in lines[i]][1]
    return b"\n".join(line for i, line in enumerate(lines) if i < second or i > guest[-1])


def reset(text):
    """A log whose guest wrote nothing and met a triple fault in the place of its dump."""
    lines = text.split(b"\n")
    guest = [i for i, line in enumerate(lines) if b"Guest: <" in line]
    fault = re.sub(rb" - Guest: .*", b" - Triple fault.", lines[guest[0]])
    return b"\n".join(lines[:guest[0]] + [fault] + lines[guest[-1] + 1:])


def fleet(folder, samples):
    """A datastore with one VM in a folder each."""
    texts = read_samples(samples)
    oom = texts["esxi67-out-of-memory-panic.log"]
    texts["of-an-oops.log"] = survived(texts["ws17-null-pointer-two-dumps.log"])
    texts["of-a-hang.log"] = re.sub(rb"Kernel panic - not syncing: Out of memory.*",
                                    b"watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [merge-report:2210]", oom)
    texts["of-a-reset.log"] = reset(texts["esxi8-photon4-nvme-driver-missing.log"])
    kinds = sorted(texts)
    words = ["web", "db", "edge", "build", "mail", "ldap", "node", "cache"]
    for i in range(40):
        # More clean ones than failed ones, and of the failed ones not all the same.
        kind = kinds[0] if i % 2 else kinds[1 + i // 2 * 7 % (len(kinds) - 1)]
        vm = b"%s-%02d" % (words[i % len(words)].encode(), i)
        day = b"2025-02-%02d" % (1 + i * 7 % 27)
        text = NAME.sub(b'displayName = "' + vm + b'"', DATE.sub(day, UUID.sub(b"%02x" % i, texts[kind])))
        write(os.path.join(folder, vm.decode()), "serial0.log" if "serial" in kind else "vmware.log", text)
    write(os.path.join(folder, "broken-01"), "vmware.log.gz", b"\x1f\x8b\x08\0 this is not a compressed log")


def hostile(folder, samples):
    """VMs whose guest wrote what must stay text: in a panic, a command line, a process, the VM's name."""
    with open(os.path.join(samples, "esxi8-photon4-nvme-driver-missing.log"), "rb") as file:
        text = file.read()
    for i, words in enumerate(HOSTILE):
        evil = UUID.sub(b"%02x" % i, text).replace(b"VFS: Unable to mount root fs on unknown-block(0,0)", words)
        evil = evil.replace(b"Comm: swapper/0", b"Comm: " + words).replace(b"ro loglevel=3", words + b" ro")
        evil = evil.replace(b"root=PARTUUID=0d4c8a35", b"root=" + words.replace(b" ", b"")) if i % 2 else evil
        evil = NAME.sub(lambda _, words=words: b'displayName = "' + words + b'"', evil)
        write(os.path.join(folder, "hostile-%02d <b> & 'x'" % i), "vmware.log", evil)
