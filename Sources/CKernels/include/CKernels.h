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

    /// Adds `blocks` whole blocks of 16 values into one row of `lines` lines of 16 cells, aligned to
    /// 64 bytes; `block_seed` is the row's seed at the first of these blocks. The second form is for
    /// rows that do not fit into the second cache.
    void (*encode_row)(const float *values, size_t blocks, uint64_t block_seed, float *row,
                       uint64_t lines);
    void (*encode_far_row)(const float *values, size_t blocks, uint64_t block_seed, float *row,
                           uint64_t lines);

    /// Median over `rows`, 64 at most, of the signed cells of blocks `first..<first + blocks`; row r
    /// begins at `cells + r * stride`, aligned to 64 bytes. `estimates` is where block `first` goes.
    void (*estimate)(const float *cells, size_t stride, const uint64_t *row_seeds, size_t rows,
                     uint64_t lines, size_t first, size_t blocks, float *estimates);

    /// Writes the positions, counted from `first`, of the values whose magnitude bits are at least
    /// `bound`, ascending, and those bits. Returns how many, or -1 when `capacity` might not
    /// have held 16 more.
    ptrdiff_t (*gather)(const float *values, size_t count, uint32_t first, uint32_t bound,
                        uint32_t *positions, uint32_t *magnitudes, size_t capacity);
} peerless_kernels;

/// How many variants this processor can run: at least one, the compiler's baseline.
size_t peerless_kernels_count(void);

/// One of them, best first; NULL behind the last.
const peerless_kernels *peerless_kernels_at(size_t index);

/// Runs `body` once for each of `parts` parts on at most `threads` threads, the caller's among them,
/// and returns when all are done. Where threads cannot be had, fewer do the work.
void peerless_run_parts(size_t parts, size_t threads, void (*body)(size_t part, void *context),
                        void *context);

#endif
