// What the compiler makes for its own baseline: 4 lanes, SSE2 on x86-64, NEON on arm64.
#define VARIANT baseline
#if defined(__x86_64__)
#define VARIANT_NAME "sse2"
#elif defined(__aarch64__)
#define VARIANT_NAME "neon"
#else
#define VARIANT_NAME "portable"
#endif
#define TARGET
#define WIDTH 4
#define WIDENING_LANES 0

typedef float vec_baseline __attribute__((ext_vector_type(4)));
typedef float unaligned_baseline __attribute__((ext_vector_type(4), aligned(4)));
typedef uint32_t bits_baseline __attribute__((ext_vector_type(4)));

INLINE vec_baseline load_baseline(const float *from) {
    return *(const unaligned_baseline *)from;
}

INLINE void store_baseline(vec_baseline lanes, float *to) { *(unaligned_baseline *)to = lanes; }

#define SIGN(nibble, lane) (((nibble) >> (lane) & 1) << 31)
#define SIGNS(nibble) \
    {SIGN(nibble##u, 0), SIGN(nibble##u, 1), SIGN(nibble##u, 2), SIGN(nibble##u, 3)}
static const bits_baseline signs_baseline[16] = {
    SIGNS(0), SIGNS(1), SIGNS(2), SIGNS(3), SIGNS(4), SIGNS(5), SIGNS(6), SIGNS(7),
    SIGNS(8), SIGNS(9), SIGNS(10), SIGNS(11), SIGNS(12), SIGNS(13), SIGNS(14), SIGNS(15),
};
#undef SIGNS
#undef SIGN

/// Lane i changes its sign when bit `first + i` of the hash is set.
INLINE vec_baseline flipped_baseline(vec_baseline lanes, uint32_t hash, uint32_t first) {
    return (vec_baseline)((bits_baseline)lanes ^ signs_baseline[(hash >> first) & 15]);
}

/// Lane i of the result is lane i XOR `by`.
INLINE vec_baseline permuted_baseline(vec_baseline lanes, uint32_t by) {
#if defined(__aarch64__)
    const uint8x16_t index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return (vec_baseline)vqtbl1q_u8(
        (uint8x16_t)lanes, veorq_u8(index, vdupq_n_u8((uint8_t)(4 * by))));
#else
    const bits_baseline odd = (bits_baseline)0 - (by & 1), high = (bits_baseline)0 - (by >> 1);
    const bits_baseline given = (bits_baseline)lanes;
    const bits_baseline pairs = (given & ~odd) | (given.yxwz & odd);
    return (vec_baseline)((pairs & ~high) | (pairs.zwxy & high));
#endif
}

INLINE size_t compress_baseline(
    const float *values, uint32_t first, uint32_t bound, uint32_t *positions,
    uint32_t *magnitudes) {
    return compress(values, first, bound, positions, magnitudes);
}

#include "Variant.h"
