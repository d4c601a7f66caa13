// The loop of selection by magnitude, once per variant.

TARGET static ptrdiff_t NAMED(gather)(
    const float *values, size_t count, uint32_t first, uint32_t bound, uint32_t *positions,
    uint32_t *magnitudes, size_t capacity) {
    size_t found = 0, index = 0;
    for (; index + 16 <= count; index += 16) {
        if (found + 16 > capacity) return -1;
        found += NAMED(compress)(
            values + index, first + (uint32_t)index, bound, positions + found, magnitudes + found);
    }
    for (; index < count; index++) {
        const uint32_t bits = bits_of(values[index]) & 0x7FFFFFFFu;
        if (bits < bound) continue;
        if (found == capacity) return -1;
        positions[found] = first + (uint32_t)index;
        magnitudes[found++] = bits;
    }
    return (ptrdiff_t)found;
}
