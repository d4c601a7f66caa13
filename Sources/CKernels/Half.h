// Conversions of single values between float32 and the 16-bit formats, in integers: the compiler
// vectorises them for any processor. They round to nearest, ties to even, and quiet NaN as the
// processors' own instructions do.
#ifndef PEERLESS_HALF_H
#define PEERLESS_HALF_H

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

INLINE uint32_t bits_of(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE float float_of(uint32_t bits) {
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint16_t float16_of(float value) {
    const uint32_t sign = bits_of(value) & 0x80000000u;
    const uint32_t magnitude = bits_of(value) ^ sign;
    // Below 2^-14: adding 0.5 moves the point so that the addition rounds.
    const uint32_t subnormal = bits_of(float_of(magnitude) + 0.5f) - 0x3F000000u;
    const uint32_t normal = (magnitude - 0x38000000u + 0xFFFu + ((magnitude >> 13) & 1)) >> 13;
    const uint32_t nan = 0x7E00u | ((magnitude >> 13) & 0x3FFu);
    uint32_t half = magnitude < 0x38800000u ? subnormal : normal;
    half = magnitude >= 0x47800000u ? 0x7C00u : half;
    half = magnitude > 0x7F800000u ? nan : half;
    return (uint16_t)(half | sign >> 16);
}

INLINE float float_of_float16(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
    const uint32_t shifted = (uint32_t)(half & 0x7FFFu) << 13;
    const uint32_t subnormal = bits_of(float_of(shifted + 0x38800000u) - 0x1p-14f);
    uint32_t bits = shifted < 0x00800000u ? subnormal : shifted + 0x38000000u;
    bits = shifted >= 0x0F800000u ? shifted + 0x70000000u : bits;
    bits |= shifted > 0x0F800000u ? 0x00400000u : 0;
    return float_of(bits | sign);
}

INLINE uint16_t bfloat16_of(float value) {
    const uint32_t bits = bits_of(value);
    const uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1)) >> 16;
    return (uint16_t)((bits & 0x7FFFFFFFu) > 0x7F800000u ? (bits >> 16) | 0x40u : rounded);
}

INLINE float float_of_bfloat16(uint16_t half) { return float_of((uint32_t)half << 16); }

#endif
