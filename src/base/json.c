#include "base/json.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"

/* Of each thread: what it reads. */
static _Thread_local struct {
	bool is_active, has_failed;
	size_t used; /* of the reserve */
	_Alignas(max_align_t) char reserve[JSON_RESERVE_BYTES];
} reading;

static void *take_reserve(size_t size)
{
	size_t rounded = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (rounded > sizeof(reading.reserve) - reading.used)
		return NULL;
	void *piece = reading.reserve + reading.used;
	reading.used += rounded;
	return piece;
}

static void *allocate(size_t size)
{
	void *piece = malloc(size);
	if (piece || !reading.is_active)
		return piece;
	reading.has_failed = true;
	return take_reserve(size);
}

static void release(void *piece)
{
	uintptr_t at = (uintptr_t)piece, reserve = (uintptr_t)reading.reserve;
	if (at - reserve >= sizeof(reading.reserve))
		free(piece);
}

/* jansson has one allocator for all threads: it is set before there are any. */
__attribute__((constructor))
static void set_allocator(void)
{
	json_set_alloc_funcs(allocate, release);
}

json_t *json_read(struct slice text, size_t flags, json_error_t *why, bool *ret_out_of_memory)
{
	reading.is_active = true;
	reading.has_failed = false;
	reading.used = 0;
	json_t *value = json_loadb(text.ptr, text.len, flags, why);
	reading.is_active = false;
	*ret_out_of_memory = reading.has_failed;
	if (!reading.has_failed)
		return value;
	json_decref(value);
	return NULL;
}
