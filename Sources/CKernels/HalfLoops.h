// The loops of the 16-bit formats, once; a variant is made by defining VARIANT, TARGET and
// WIDENING_LANES, 0 where the processor has no instruction for float16, and including this file.

TARGET static void NAMED(encode_float16)(
    const float *restrict values, size_t count, uint16_t *restrict target) {
    size_t index = 0;
#if WIDENING_LANES
    for (; index + WIDENING_LANES <= count; index += WIDENING_LANES)
        NAMED(narrow)(values + index, target + index);
#endif
    for (; index < count; index++) target[index] = float16_of(values[index]);
}

TARGET static void NAMED(decode_float16)(
    const uint16_t *restrict values, size_t count, float *restrict target) {
    size_t index = 0;
#if WIDENING_LANES
    for (; index + WIDENING_LANES <= count; index += WIDENING_LANES)
        NAMED(widen)(values + index, target + index);
#endif
    for (; index < count; index++) target[index] = float_of_float16(values[index]);
}

TARGET static void NAMED(add_float16)(
    const uint16_t *restrict values, size_t count, float *restrict target) {
    size_t index = 0;
#if WIDENING_LANES
    for (; index + WIDENING_LANES <= count; index += WIDENING_LANES)
        NAMED(add_widened)(values + index, target + index);
#endif
    for (; index < count; index++) target[index] += float_of_float16(values[index]);
}

TARGET static void NAMED(encode_bfloat16)(
    const float *restrict values, size_t count, uint16_t *restrict target) {
    for (size_t index = 0; index < count; index++) target[index] = bfloat16_of(values[index]);
}

TARGET static void NAMED(decode_bfloat16)(
    const uint16_t *restrict values, size_t count, float *restrict target) {
    for (size_t index = 0; index < count; index++) target[index] = float_of_bfloat16(values[index]);
}

TARGET static void NAMED(add_bfloat16)(
    const uint16_t *restrict values, size_t count, float *restrict target) {
    for (size_t index = 0; index < count; index++)
        target[index] += float_of_bfloat16(values[index]);
}
