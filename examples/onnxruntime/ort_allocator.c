#include "ort_allocator.h"

#include <stdlib.h>

/* The alignment of every block. The header before a block has this size too. */
enum { BLOCK_ALIGNMENT = 64 };

typedef struct block_header {
    ort_account *account; /* NULL: not counted */
    uint64_t size_bytes;
} block_header;

_Static_assert(sizeof(block_header) <= BLOCK_ALIGNMENT, "the header fits in front of a block");

static _Thread_local ort_account *account_of_thread;

static void charge(ort_account *account, uint64_t size_bytes) {
    uint64_t used = atomic_fetch_add(&account->used_bytes, size_bytes) + size_bytes;
    if (used > account->peak_bytes) {
        account->peak_bytes = used;
    }
    if (account->watch != NULL) {
        account->watch(account->watch_context);
    }
}

/* The engine ends the process if this returns NULL. */
static void *allocate(ort_allocator *self, size_t size_bytes) {
    (void)self;
    if (size_bytes > SIZE_MAX - 2 * BLOCK_ALIGNMENT) {
        return NULL;
    }
    size_t whole = (size_bytes + 2 * BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
    char *memory = aligned_alloc(BLOCK_ALIGNMENT, whole);
    if (memory == NULL) {
        return NULL;
    }
    block_header *header = (block_header *)(void *)memory;
    *header = (block_header){.account = account_of_thread, .size_bytes = size_bytes};
    if (header->account != NULL) {
        charge(header->account, size_bytes);
    }
    return memory + BLOCK_ALIGNMENT;
}

static void release(ort_allocator *self, void *block) {
    (void)self;
    if (block == NULL) {
        return;
    }
    block_header *header = (block_header *)(void *)((char *)block - BLOCK_ALIGNMENT);
    if (header->account != NULL) {
        atomic_fetch_sub(&header->account->used_bytes, header->size_bytes);
    }
    free(header);
}

static const ort_memory_info *describe(const ort_allocator *self) {
    return ((const ort_counting_allocator *)(const void *)self)->info;
}

void ort_counting_allocator_init(ort_counting_allocator *allocator, ort_memory_info *info) {
    allocator->table = (ort_allocator){
        .version = ORT_API_VERSION, .alloc = allocate, .free = release, .info = describe};
    allocator->info = info;
}

void ort_account_use(ort_account *account) {
    account_of_thread = account;
}

uint64_t ort_account_used_bytes(const ort_account *account) {
    return atomic_load(&account->used_bytes);
}
