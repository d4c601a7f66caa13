// Counts what each thread asks of the allocator, by standing before it.
#ifndef PEERLESS_CALLOCATIONCOUNTER_H
#define PEERLESS_CALLOCATIONCOUNTER_H

#include <stddef.h>

/// Allocations of the calling thread so far.
size_t peerless_test_allocations(void);

#endif
