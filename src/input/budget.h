/* What unpacking may cost: bytes that come out for those that went in, members, depth and time. A
 * compressed log has a budget of its own; an archive has one for all that is in it, however deep,
 * so that small archives inside of one another cannot multiply.
 *
 * The outermost input owns it; the readers inside borrow it. Once over, always over: whoever adds to
 * it is told so, and `excess` tells the owner, who says "incomplete". */
#ifndef INPUT_BUDGET_H
#define INPUT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget {
	/* The bounds; a caller may set them lower before the first use. */
	uint64_t free_bytes;    /* so much may come out in any case */
	uint64_t out_bytes_max;
	uint64_t members_max;
	uint64_t work_ns_max;
	unsigned depth_max;
	/* What was used. */
	uint64_t in_bytes;      /* read of the outermost file; bytes read twice count once */
	uint64_t in_bytes_max;  /* its size, where that is known */
	uint64_t out_bytes;     /* out of decoders and members, all levels together */
	uint64_t members;
	uint64_t held_bytes;    /* of members that are held in memory now */
	unsigned depth;         /* archives that are open inside of each other */
	uint64_t started_ns, paused_ns;
	char excess[80];        /* "more than 1000000 members are in it"; empty while within bounds */
};

/* For one compressed stream: bytes only. */
struct budget budget_of_stream(void);
/* For an archive and all that is in it; its time begins. */
struct budget budget_of_archive(void);

/* False when it is over. */
bool budget_check(struct budget *budget);
void budget_add_in(struct budget *budget, uint64_t bytes);
bool budget_add_out(struct budget *budget, uint64_t bytes);
bool budget_add_member(struct budget *budget);
/* Between the two no time is counted: the bytes are waited for. */
void budget_pause(struct budget *budget);
void budget_resume(struct budget *budget);

#endif
