// Selection by magnitude for processors that cannot compress lanes.
#ifndef PEERLESS_SELECT_H
#define PEERLESS_SELECT_H

typedef int32_t unaligned_magnitudes __attribute__((ext_vector_type(16), aligned(4)));
typedef int32_t magnitudes16 __attribute__((ext_vector_type(16)));

/// Writes those of 16 values that reach `bound`; may write 16 words, returns how many count.
/// Magnitudes are below 2^31, so that they may be compared as signed numbers.
INLINE size_t compress(
    const float *values, uint32_t first, uint32_t bound, uint32_t *positions,
    uint32_t *magnitudes) {
    const magnitudes16 bits = *(const unaligned_magnitudes *)values & 0x7FFFFFFF;
    if (__builtin_reduce_or(bits >= (int32_t)bound) == 0) return 0;
    size_t found = 0;
    for (uint32_t lane = 0; lane < 16; lane++) {
        const uint32_t magnitude = bits_of(values[lane]) & 0x7FFFFFFFu;
        positions[found] = first + lane;
        magnitudes[found] = magnitude;
        found += magnitude >= bound;
    }
    return found;
}

#endif
