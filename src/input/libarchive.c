#include "input/libarchive.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static struct libarchive functions;
static bool is_loaded;

/* POSIX has addresses of functions come as those of data. */
static bool find(void *library, const char *name, void *ret)
{
	void *address = dlsym(library, name);
	memcpy(ret, &address, sizeof(address));
	return address;
}

static void load(void)
{
	void *library = dlopen(LIBARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL);
	is_loaded = library;
#define LIBARCHIVE_FIND(name) is_loaded = is_loaded && find(library, #name, &functions.name);
	LIBARCHIVE_FUNCTIONS(LIBARCHIVE_FIND)
#undef LIBARCHIVE_FIND
}

const struct libarchive *libarchive(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	return is_loaded ? &functions : NULL;
}
