#include "CKernels.h"
#include "Half.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#include <immintrin.h>

#define VARIANT avx512
#define VARIANT_NAME "avx512"
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,f16c")))
#define WIDENING_LANES 16

TARGET INLINE void narrow_avx512(const float *values, uint16_t *target) {
    const __m256i halves = _mm512_cvtps_ph(
        _mm512_loadu_ps(values), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm256_storeu_si256((__m256i *)target, halves);
}

TARGET INLINE __m512 widened_avx512(const uint16_t *values) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)values));
}

TARGET INLINE void widen_avx512(const uint16_t *values, float *target) {
    _mm512_storeu_ps(target, widened_avx512(values));
}

TARGET INLINE void add_widened_avx512(const uint16_t *values, float *target) {
    _mm512_storeu_ps(target, _mm512_add_ps(_mm512_loadu_ps(target), widened_avx512(values)));
}

#include "Variant.h"

#define VARIANT avx2
#define VARIANT_NAME "avx2"
#define TARGET __attribute__((target("avx2,f16c")))
#define WIDENING_LANES 8

TARGET INLINE void narrow_avx2(const float *values, uint16_t *target) {
    const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(values), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128((__m128i *)target, halves);
}

TARGET INLINE __m256 widened_avx2(const uint16_t *values) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)values));
}

TARGET INLINE void widen_avx2(const uint16_t *values, float *target) {
    _mm256_storeu_ps(target, widened_avx2(values));
}

TARGET INLINE void add_widened_avx2(const uint16_t *values, float *target) {
    _mm256_storeu_ps(target, _mm256_add_ps(_mm256_loadu_ps(target), widened_avx2(values)));
}

#include "Variant.h"
#endif

// What the compiler makes for its own baseline: SSE2 on x86-64, NEON on arm64.
#define VARIANT baseline
#if defined(__x86_64__)
#define VARIANT_NAME "sse2"
#elif defined(__aarch64__)
#define VARIANT_NAME "neon"
#else
#define VARIANT_NAME "portable"
#endif
#define TARGET
#define WIDENING_LANES 0

#include "Variant.h"

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
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return avx512 ? 0 : 1;
#else
    return 0;
#endif
}

size_t peerless_kernels_count(void) { return known - best(); }

const peerless_kernels *peerless_kernels_at(size_t index) {
    return index < peerless_kernels_count() ? best_first[best() + index] : NULL;
}
