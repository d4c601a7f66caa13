// Hot loops compiled for several processors. Every variant gives the bits of its Swift reference.
#ifndef PEERLESS_CKERNELS_H
#define PEERLESS_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Loops for one kind of processor.
typedef struct {
    const char *name;

    /// Rounds to float16 or bfloat16, ties to even; NaN stays NaN.
    void (*encode_float16)(const float *values, size_t count, uint16_t *target);
    void (*encode_bfloat16)(const float *values, size_t count, uint16_t *target);

    /// Widens, exactly.
    void (*decode_float16)(const uint16_t *values, size_t count, float *target);
    void (*decode_bfloat16)(const uint16_t *values, size_t count, float *target);

    /// Adds the widened values to `target`.
    void (*add_float16)(const uint16_t *values, size_t count, float *target);
    void (*add_bfloat16)(const uint16_t *values, size_t count, float *target);
} peerless_kernels;

/// How many variants this processor can run: at least one, the compiler's baseline.
size_t peerless_kernels_count(void);

/// One of them, best first; NULL behind the last.
const peerless_kernels *peerless_kernels_at(size_t index);

#endif
