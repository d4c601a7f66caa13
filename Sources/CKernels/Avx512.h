// What AVX-512 does in its own way: 16 lanes, signs by mask, any permutation, compression.
#define VARIANT avx512
#define VARIANT_NAME "avx512"
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,f16c,popcnt")))
#define WIDTH 16
#define WIDENING_LANES 16

typedef float vec_avx512 __attribute__((ext_vector_type(16)));

TARGET INLINE vec_avx512 load_avx512(const float *from) {
    return (vec_avx512)_mm512_loadu_ps(from);
}

TARGET INLINE void store_avx512(vec_avx512 lanes, float *to) {
    _mm512_storeu_ps(to, (__m512)lanes);
}

/// Lane i changes its sign when bit `first + i` of the hash is set.
TARGET INLINE vec_avx512 flipped_avx512(vec_avx512 lanes, uint32_t hash, uint32_t first) {
    return (vec_avx512)_mm512_mask_xor_ps(
        (__m512)lanes, (__mmask16)(hash >> first), (__m512)lanes, _mm512_set1_ps(-0.0f));
}

/// Lane i of the result is lane i XOR `by`.
TARGET INLINE vec_avx512 permuted_avx512(vec_avx512 lanes, uint32_t by) {
    const __m512i index =
        _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return (vec_avx512)_mm512_permutexvar_ps(
        _mm512_xor_si512(index, _mm512_set1_epi32((int)by)), (__m512)lanes);
}

/// Writes those of 16 values that reach `bound`; may write 16 words, returns how many count.
TARGET INLINE size_t compress_avx512(
    const float *values, uint32_t first, uint32_t bound, uint32_t *positions,
    uint32_t *magnitudes) {
    const __m512i bits =
        _mm512_and_si512(_mm512_loadu_si512(values), _mm512_set1_epi32(0x7FFFFFFF));
    const __mmask16 chosen = _mm512_cmpge_epu32_mask(bits, _mm512_set1_epi32((int)bound));
    const __m512i place = _mm512_add_epi32(
        _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
        _mm512_set1_epi32((int)first));
    _mm512_storeu_si512(positions, _mm512_maskz_compress_epi32(chosen, place));
    _mm512_storeu_si512(magnitudes, _mm512_maskz_compress_epi32(chosen, bits));
    return (size_t)__builtin_popcount(chosen);
}

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
