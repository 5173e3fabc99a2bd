#include "base/literals.h"

#include <stdlib.h>

#define NONE UINT32_MAX

/* The automaton is complete: each state has a row with a next state for each byte class, so
 * that the loop over the text is one load a byte. A state is written as the place of its row
 * in `rows` (its number times `stride`). States at which a needle ends stand behind
 * `first_hit`, so that one comparison tells them. */
struct literals {
	uint32_t *rows;
	uint32_t stride;    /* byte classes: one for each byte of the needles, one for all others */
	uint32_t first_hit; /* the first row of a state with a hit */
	struct hit *hits;   /* by row / stride; filled from first_hit on */
	uint32_t *twins;    /* needle -> the next needle of the same text, or NONE */
	uint8_t classes[256];
};

struct hit {
	uint32_t needle; /* the needle that ends here, or NONE when only shorter ones do */
	uint32_t next;   /* row of the longest shorter needle that ends here too; 0: none */
};

/* The trie that the rows are made of. Node 0 is the root. */
struct node {
	uint32_t first_child, next_sibling; /* 0: none */
	uint32_t needle;
	uint32_t row, fail;
	uint8_t class;
};

struct builder {
	struct literals *literals;
	struct node *nodes;
	uint32_t *queue;      /* nodes, breadth first */
	uint32_t node_count, node_max, queued;
	uint32_t low, high;   /* next rows of states without and with a hit */
};

static uint8_t class_of(const struct literals *literals, char byte)
{
	return literals->classes[(unsigned char)byte];
}

/* False when a needle is empty or they are too many for 32-bit rows. */
static bool count_nodes(const struct slice *needles, size_t count, uint32_t *ret)
{
	size_t total = 1;
	for (size_t i = 0; i < count; i++) {
		if (needles[i].len == 0 || needles[i].len > UINT32_MAX / 256 - total)
			return false;
		total += needles[i].len;
	}
	*ret = (uint32_t)total;
	return true;
}

static void number_classes(struct literals *literals, const struct slice *needles, size_t count)
{
	bool used[256] = { false };
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at < needles[i].len; at++)
			used[(unsigned char)needles[i].ptr[at]] = true;
	unsigned classes = 0;
	for (size_t byte = 0; byte < 256; byte++)
		if (used[byte])
			literals->classes[byte] = (uint8_t)classes++;
	for (size_t byte = 0; byte < 256; byte++)
		if (!used[byte])
			literals->classes[byte] = (uint8_t)classes;
	literals->stride = classes < 256 ? classes + 1 : 256;
}

static uint32_t child_of(struct builder *builder, uint32_t parent, uint8_t class)
{
	struct node *nodes = builder->nodes;
	for (uint32_t child = nodes[parent].first_child; child; child = nodes[child].next_sibling)
		if (nodes[child].class == class)
			return child;
	uint32_t added = builder->node_count++;
	nodes[added] = (struct node){ .needle = NONE, .class = class, .next_sibling = nodes[parent].first_child };
	nodes[parent].first_child = added;
	return added;
}

static void insert_needle(struct builder *builder, struct slice needle, uint32_t id)
{
	uint32_t node = 0;
	for (size_t at = 0; at < needle.len; at++)
		node = child_of(builder, node, class_of(builder->literals, needle.ptr[at]));
	builder->literals->twins[id] = builder->nodes[node].needle;
	builder->nodes[node].needle = id;
}

/* Gives a node its row, once the state to fall back to is known. */
static void place_node(struct builder *builder, uint32_t id, uint32_t fail)
{
	struct node *node = &builder->nodes[id];
	struct literals *literals = builder->literals;
	bool fails_to_hit = fail > builder->high;
	node->fail = fail;
	builder->queue[builder->queued++] = id;
	if (node->needle == NONE && !fails_to_hit) {
		node->row = builder->low;
		builder->low += literals->stride;
		return;
	}
	node->row = builder->high;
	builder->high -= literals->stride;
	/* Without a needle of its own the state is a hit only through its fallback. */
	literals->hits[node->row / literals->stride] = (struct hit){ node->needle, fails_to_hit ? fail : 0 };
}

static void fill_row(struct builder *builder, uint32_t id)
{
	const struct node *node = &builder->nodes[id];
	uint32_t *rows = builder->literals->rows, *row = rows + node->row;
	const uint32_t *fallback = rows + node->fail;
	if (id == 0)
		memset(row, 0, builder->literals->stride * sizeof *row);
	else
		memcpy(row, fallback, builder->literals->stride * sizeof *row);
	for (uint32_t child = node->first_child; child; child = builder->nodes[child].next_sibling) {
		uint8_t class = builder->nodes[child].class;
		place_node(builder, child, id == 0 ? 0 : fallback[class]);
		row[class] = builder->nodes[child].row;
	}
}

/* Breadth first: a state falls back to a shallower one, whose row is then complete. */
static void fill_rows(struct builder *builder)
{
	builder->low = 0;
	builder->high = (builder->node_count - 1) * builder->literals->stride;
	place_node(builder, 0, 0);
	for (uint32_t at = 0; at < builder->queued; at++)
		fill_row(builder, builder->queue[at]);
	builder->literals->first_hit = builder->low;
}

static bool allocate_rows(struct builder *builder)
{
	struct literals *literals = builder->literals;
	size_t count = builder->node_count;
	builder->queue = malloc(count * sizeof *builder->queue);
	literals->rows = malloc(count * literals->stride * sizeof *literals->rows);
	literals->hits = malloc(count * sizeof *literals->hits);
	return builder->queue && literals->rows && literals->hits;
}

static bool build(struct builder *builder, const struct slice *needles, size_t count)
{
	builder->nodes = malloc(builder->node_max * sizeof *builder->nodes);
	builder->literals->twins = malloc((count ? count : 1) * sizeof *builder->literals->twins);
	if (!builder->nodes || !builder->literals->twins)
		return false;
	number_classes(builder->literals, needles, count);
	builder->nodes[0] = (struct node){ .needle = NONE };
	builder->node_count = 1;
	for (size_t i = 0; i < count; i++)
		insert_needle(builder, needles[i], (uint32_t)i);
	if (!allocate_rows(builder))
		return false;
	fill_rows(builder);
	return true;
}

struct literals *literals_new(const struct slice *needles, size_t count, struct error *err)
{
	struct builder builder = { 0 };
	if (!count_nodes(needles, count, &builder.node_max)) {
		error_set(err, "a literal to search for is empty, or they are too long together");
		return NULL;
	}
	struct literals *literals = builder.literals = calloc(1, sizeof *literals);
	if (literals && !build(&builder, needles, count)) {
		literals_free(literals);
		literals = NULL;
	}
	free(builder.nodes);
	free(builder.queue);
	if (!literals)
		error_out_of_memory(err);
	return literals;
}

void literals_free(struct literals *literals)
{
	if (!literals)
		return;
	free(literals->rows);
	free(literals->hits);
	free(literals->twins);
	free(literals);
}

static bool report_hits(const struct literals *literals, uint32_t state, bool (*hit)(void *user, size_t needle),
			void *user)
{
	while (state) {
		const struct hit *ends = &literals->hits[state / literals->stride];
		for (uint32_t needle = ends->needle; needle != NONE; needle = literals->twins[needle])
			if (!hit(user, needle))
				return false;
		state = ends->next;
	}
	return true;
}

/* Goes on to behind the next place at which a needle ends; false at the end of the text. */
static bool find_next(const struct literals *literals, struct slice *rest, size_t *ret_state)
{
	const uint32_t *rows = literals->rows;
	const uint8_t *classes = literals->classes;
	const char *at = rest->ptr, *end = at + rest->len;
	size_t state = *ret_state, first_hit = literals->first_hit;
	bool is_hit = false;
	while (at < end && !is_hit) {
		state = rows[state + classes[(unsigned char)*at++]];
		is_hit = state >= first_hit;
	}
	*rest = (struct slice){ at, (size_t)(end - at) };
	*ret_state = state;
	return is_hit;
}

void literals_find(const struct literals *literals, struct slice text, bool (*hit)(void *user, size_t needle),
		   void *user)
{
	size_t state = 0;
	while (find_next(literals, &text, &state))
		if (!report_hits(literals, (uint32_t)state, hit, user))
			return;
}

bool literals_any(const struct literals *literals, struct slice text)
{
	size_t state = 0;
	return find_next(literals, &text, &state);
}

bool literals_any_of_two(const struct literals *literals, struct slice a, struct slice b)
{
	const uint32_t *rows = literals->rows;
	const uint8_t *classes = literals->classes;
	size_t a_state = 0, b_state = 0, first_hit = literals->first_hit, both = a.len < b.len ? a.len : b.len;
	for (size_t at = 0; at < both; at++) {
		a_state = rows[a_state + classes[(unsigned char)a.ptr[at]]];
		b_state = rows[b_state + classes[(unsigned char)b.ptr[at]]];
		if (a_state >= first_hit || b_state >= first_hit)
			return true;
	}
	a = slice_skip(a, both);
	b = slice_skip(b, both);
	return find_next(literals, &a, &a_state) || find_next(literals, &b, &b_state);
}
