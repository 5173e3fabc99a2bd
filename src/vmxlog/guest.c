#include "vmxlog/guest.h"

struct sender_prefix {
	struct slice prefix;
	enum guest_sender sender;
};

#define PREFIX(literal, sender) { { literal, sizeof(literal) - 1 }, sender }

/* Senders met in 158 logs of Workstation and Player, and in public ESXi lines. */
static const struct sender_prefix prefixes[] = {
	PREFIX("EFI ROM version:", GUEST_FIRMWARE),
	PREFIX("About to do EFI boot:", GUEST_FIRMWARE),
	PREFIX("Status upon boot failure:", GUEST_FIRMWARE),
	PREFIX("Firmware has transitioned", GUEST_FIRMWARE),
	PREFIX(">", GUEST_XFERLOG),
	PREFIX("toolbox", GUEST_TOOLS),
	PREFIX("vmwgfx:", GUEST_TOOLS),
	PREFIX("Mesa:", GUEST_TOOLS),
	PREFIX("Executing script", GUEST_TOOLS),
	PREFIX("Script exit code", GUEST_TOOLS),
	PREFIX("Initiating ", GUEST_TOOLS),
	PREFIX("[vgauthservice]", GUEST_TOOLS),
	PREFIX("*** WARNING: GuestInfo", GUEST_TOOLS),
	PREFIX("Driver=", GUEST_TOOLS),
	PREFIX("PVSCSI:", GUEST_TOOLS),
	PREFIX("VMXNET", GUEST_TOOLS),
	PREFIX("vm3d:", GUEST_TOOLS),
	PREFIX("vmx_fb:", GUEST_TOOLS),
	PREFIX("DXUM_", GUEST_TOOLS),
	PREFIX("vnet:", GUEST_TOOLS),
	PREFIX("vsep:", GUEST_TOOLS),
};

/* `[ secs.usecs]`: its length with the brackets, 0 when there is none. */
static size_t time_stamp_len(struct slice text)
{
	if (text.len < 10 || text.ptr[0] != '[')
		return 0;
	struct slice rest = slice_trim_left(slice_skip(text, 1));
	uint64_t number;
	size_t before = rest.len;
	if (!slice_eat_decimal(&rest, &number) || before - rest.len > 10 || !slice_eat(&rest, SLICE(".")))
		return 0;
	before = rest.len;
	if (!slice_eat_decimal(&rest, &number) || before - rest.len != 6 || !slice_eat(&rest, SLICE("]")))
		return 0;
	return text.len - rest.len;
}

static bool has_priority(struct slice text)
{
	if (text.len < 3 || text.ptr[0] != '<' || !char_is_digit(text.ptr[1]))
		return false;
	size_t close = slice_find_char(slice_take(text, 6), '>');
	if (close == SLICE_NOT_FOUND)
		return false;
	for (size_t i = 1; i < close; i++)
		if (!char_is_digit(text.ptr[i]))
			return false;
	return true;
}

bool guest_is_kernel(struct slice text)
{
	return has_priority(text) || time_stamp_len(text) > 0;
}

enum guest_sender guest_classify(struct slice text)
{
	if (guest_is_kernel(text))
		return GUEST_KERNEL;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (slice_starts(text, prefixes[i].prefix))
			return prefixes[i].sender;
	return GUEST_OTHER;
}

size_t guest_find_embedded(struct slice line)
{
	for (size_t at = 0; at < line.len;) {
		size_t bracket = slice_find_char(slice_skip(line, at), '[');
		if (bracket == SLICE_NOT_FOUND)
			break;
		at += bracket;
		size_t len = time_stamp_len(slice_skip(line, at));
		if (len && at + len < line.len && (line.ptr[at + len] == ' ' || line.ptr[at + len] == '['))
			return at;
		at++;
	}
	return SLICE_NOT_FOUND;
}

bool guest_is_prompt(struct slice line)
{
	struct slice ends = SLICE("#$>:)");
	return !guest_is_kernel(line) && line.len >= 2 && line.ptr[line.len - 1] == ' ' &&
	       slice_find_char(ends, line.ptr[line.len - 2]) != SLICE_NOT_FOUND;
}

struct slice guest_strip_colour(struct buf *plain, struct slice text)
{
	if (slice_find_char(text, '\033') == SLICE_NOT_FOUND)
		return text;
	buf_clear(plain);
	while (text.len) {
		struct slice before = slice_until(text, '\033');
		buf_append(plain, before);
		text = slice_skip(text, before.len);
		if (!slice_starts(text, SLICE("\033["))) {
			text = slice_skip(text, 1);
			continue;
		}
		size_t len = 2;
		while (len < text.len && text.ptr[len] >= 0x20 && text.ptr[len] < 0x40)
			len++;
		text = slice_skip(text, len + 1);
	}
	return buf_slice(plain);
}
