#include <pthread.h>
#include <stdatomic.h>

#include "CKernels.h"

enum { MOST_THREADS = 64 };

typedef struct {
    size_t parts;
    _Atomic size_t next;
    void (*body)(size_t part, void *context);
    void *context;
} work;

static void *run_all(void *argument) {
    work *shared = argument;
    for (;;) {
        const size_t part = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed);
        if (part >= shared->parts) return NULL;
        shared->body(part, shared->context);
    }
}

void peerless_run_parts(size_t parts, size_t threads, void (*body)(size_t part, void *context),
                        void *context) {
    work shared = {.parts = parts, .body = body, .context = context};
    pthread_t others[MOST_THREADS];
    size_t most = threads < parts ? threads : parts, started = 0;
    most = most < MOST_THREADS ? most : MOST_THREADS;
    while (started + 1 < most
           && pthread_create(&others[started], NULL, run_all, &shared) == 0)
        started++;
    run_all(&shared);
    for (size_t index = 0; index < started; index++) pthread_join(others[index], NULL);
}
