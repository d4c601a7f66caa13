#include "CKernels.h"
#include "Half.h"
#include "Select.h"

#pragma STDC FP_CONTRACT OFF

// Every function that takes or returns lanes is inlined, so how they would be passed is moot.
#pragma clang diagnostic ignored "-Wpsabi"

/// From one block of a row to the next its seed grows by this.
static const uint64_t BLOCK_STEP = 0x9E3779B97F4A7C15u;

enum {
    /// Rows of the largest sketch.
    MOST_ROWS = 64,
    /// How many batches of blocks lie between asking for a line and meeting it.
    FAR_BATCHES = 8,
};

#if defined(__x86_64__)
#include <immintrin.h>

#include "Avx512.h"
#include "Avx2.h"
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "Baseline.h"

static const peerless_kernels *const best_first[] = {
#if defined(__x86_64__)
    &kernels_avx512, &kernels_avx2,
#endif
    &kernels_baseline,
};

static const size_t known = sizeof best_first / sizeof *best_first;

/// The place in `best_first` of the best variant that this processor can run.
static size_t best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("f16c")) return 2;
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("popcnt");
    return avx512 ? 0 : 1;
#else
    return 0;
#endif
}

size_t peerless_kernels_count(void) { return known - best(); }

const peerless_kernels *peerless_kernels_at(size_t index) {
    return index < peerless_kernels_count() ? best_first[best() + index] : NULL;
}
