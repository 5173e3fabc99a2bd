#include "scan/read_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"

struct block {
	struct errand errand; /* first: it is the block's address */
	struct read_ahead *ahead;
	uint64_t offset;
	size_t len;
	int failure;          /* of reading: errno; 0: none */
	bool has_hints;
	bool is_done;
	struct vmxlog_hints hints;
	_Alignas(INPUT_BLOCK_ALIGNMENT) char bytes[READ_AHEAD_BLOCK_BYTES];
};

struct read_ahead {
	int fd;
	const struct errands *errands;
	pthread_mutex_t lock; /* over is_done of the blocks */
	pthread_cond_t is_done;
	struct block *blocks[READ_AHEAD_BLOCKS]; /* a ring */
	size_t next;          /* whose turn it is */
	size_t offered;       /* blocks that wait, or are read */
	uint64_t end;         /* of what was offered */
	uint64_t offset;      /* of what was handed out */
	bool is_short;        /* the end was seen */
};

static void read_block(struct block *block)
{
	block->len = 0;
	block->failure = 0;
	for (ssize_t count = 1; count && block->len < sizeof(block->bytes);) {
		count = pread(block->ahead->fd, block->bytes + block->len, sizeof(block->bytes) - block->len,
			      (off_t)(block->offset + block->len));
		if (count > 0)
			block->len += (size_t)count;
		if (count < 0 && errno != EINTR) {
			block->failure = errno;
			return;
		}
	}
}

static void run_errand(struct errand *errand)
{
	struct block *block = (struct block *)errand;
	struct read_ahead *ahead = block->ahead;
	read_block(block);
	vmxlog_find_hints(&block->hints, (struct slice){ block->bytes, block->len });
	pthread_mutex_lock(&ahead->lock);
	block->has_hints = block->is_done = true;
	pthread_cond_signal(&ahead->is_done);
	pthread_mutex_unlock(&ahead->lock);
}

struct read_ahead *read_ahead_new(int fd, uint64_t offset, const struct errands *errands)
{
	struct read_ahead *ahead = calloc(1, sizeof(*ahead));
	if (!ahead)
		return NULL;
	*ahead = (struct read_ahead){ .fd = fd, .errands = errands, .end = offset, .offset = offset };
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->is_done, NULL);
	for (size_t i = 0; i < READ_AHEAD_BLOCKS; i++) {
		ahead->blocks[i] = aligned_alloc(INPUT_BLOCK_ALIGNMENT, sizeof(*ahead->blocks[i]));
		if (!ahead->blocks[i]) {
			read_ahead_free(ahead);
			return NULL;
		}
		ahead->blocks[i]->errand.run = run_errand;
		ahead->blocks[i]->ahead = ahead;
	}
	return ahead;
}

/* False when it was still to be read. */
static bool wait_for(struct read_ahead *ahead, struct block *block)
{
	if (ahead->errands->take_back(ahead->errands->user, &block->errand))
		return false;
	pthread_mutex_lock(&ahead->lock);
	while (!block->is_done)
		pthread_cond_wait(&ahead->is_done, &ahead->lock);
	pthread_mutex_unlock(&ahead->lock);
	return true;
}

static void offer_more(struct read_ahead *ahead, const struct vmxlog_reader *reader)
{
	while (ahead->offered < READ_AHEAD_BLOCKS - 1 && !ahead->is_short) {
		struct block *block = ahead->blocks[(ahead->next + ahead->offered) % READ_AHEAD_BLOCKS];
		block->offset = ahead->end;
		block->is_done = block->has_hints = false;
		vmxlog_reader_begin_hints(reader, &block->hints);
		ahead->end += sizeof(block->bytes);
		ahead->offered++;
		ahead->errands->offer(ahead->errands->user, &block->errand);
	}
}

bool read_ahead_next(struct read_ahead *ahead, const struct vmxlog_reader *reader, struct slice *ret,
		     const struct vmxlog_hints **ret_hints, struct error *err)
{
	*ret = (struct slice){ 0 };
	offer_more(ahead, reader);
	if (!ahead->offered)
		return true;
	struct block *block = ahead->blocks[ahead->next];
	if (!wait_for(ahead, block))
		read_block(block);
	ahead->next = (ahead->next + 1) % READ_AHEAD_BLOCKS;
	ahead->offered--;
	/* What was read behind a block that is not full belongs behind what the file has got since. */
	ahead->is_short = block->len < sizeof(block->bytes);
	while (ahead->is_short && ahead->offered) {
		wait_for(ahead, ahead->blocks[ahead->next]);
		ahead->next = (ahead->next + 1) % READ_AHEAD_BLOCKS;
		ahead->offered--;
	}
	ahead->offset += block->len;
	*ret = (struct slice){ block->bytes, block->len };
	*ret_hints = block->has_hints ? &block->hints : NULL;
	return !block->failure || error_set(err, "cannot be read: %s", strerror(block->failure));
}

uint64_t read_ahead_offset(const struct read_ahead *ahead)
{
	return ahead->offset;
}

void read_ahead_free(struct read_ahead *ahead)
{
	if (!ahead)
		return;
	for (; ahead->offered; ahead->offered--, ahead->next = (ahead->next + 1) % READ_AHEAD_BLOCKS)
		wait_for(ahead, ahead->blocks[ahead->next]);
	for (size_t i = 0; i < READ_AHEAD_BLOCKS; i++)
		free(ahead->blocks[i]);
	pthread_cond_destroy(&ahead->is_done);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead);
}
