// What AVX2 with F16C does in its own way: 8 lanes, signs by shifts, any permutation.
#define VARIANT avx2
#define VARIANT_NAME "avx2"
#define TARGET __attribute__((target("avx2,f16c")))
#define WIDTH 8
#define WIDENING_LANES 8

typedef float vec_avx2 __attribute__((ext_vector_type(8)));

TARGET INLINE vec_avx2 load_avx2(const float *from) { return (vec_avx2)_mm256_loadu_ps(from); }

TARGET INLINE void store_avx2(vec_avx2 lanes, float *to) { _mm256_storeu_ps(to, (__m256)lanes); }

/// Lane i changes its sign when bit `first + i` of the hash is set.
TARGET INLINE vec_avx2 flipped_avx2(vec_avx2 lanes, uint32_t hash, uint32_t first) {
    const __m256i shifts = _mm256_set_epi32(24, 25, 26, 27, 28, 29, 30, 31);
    const __m256i signs = _mm256_sllv_epi32(_mm256_set1_epi32((int)(hash >> first)), shifts);
    return (vec_avx2)_mm256_xor_ps(
        (__m256)lanes, _mm256_and_ps(_mm256_castsi256_ps(signs), _mm256_set1_ps(-0.0f)));
}

/// Lane i of the result is lane i XOR `by`.
TARGET INLINE vec_avx2 permuted_avx2(vec_avx2 lanes, uint32_t by) {
    const __m256i index = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0);
    return (vec_avx2)_mm256_permutevar8x32_ps(
        (__m256)lanes, _mm256_xor_si256(index, _mm256_set1_epi32((int)by)));
}

TARGET INLINE size_t compress_avx2(
    const float *values, uint32_t first, uint32_t bound, uint32_t *positions,
    uint32_t *magnitudes) {
    return compress(values, first, bound, positions, magnitudes);
}

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
