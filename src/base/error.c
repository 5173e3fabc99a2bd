#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, const char *format, ...)
{
	if (!err)
		return false;
	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	err->line = err->column = 0;
	err->excerpt[0] = '\0';
	return false;
}

static const char out_of_memory[] = "out of memory";

bool error_out_of_memory(struct error *err)
{
	return error_set(err, "%s", out_of_memory);
}

bool error_is_out_of_memory(const struct error *err)
{
	return strcmp(err->text, out_of_memory) == 0;
}
