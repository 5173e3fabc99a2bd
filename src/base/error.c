#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

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

bool error_out_of_memory(struct error *err)
{
	return error_set(err, "out of memory");
}
