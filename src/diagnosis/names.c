/* The words of the diagnosis' enums. */
#include "diagnosis/diagnosis.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "silent", "clean", "oops", "hang", "reset", "panic" };
	return (unsigned)verdict < sizeof names / sizeof *names ? names[verdict] : NULL;
}

bool verdict_is_failure(enum verdict verdict)
{
	return verdict != VERDICT_CLEAN && verdict != VERDICT_SILENT;
}

const char *root_answer_name(enum root_answer answer)
{
	static const char *const names[] = { "none", "one", "several" };
	return (unsigned)answer < sizeof names / sizeof *names ? names[answer] : NULL;
}
