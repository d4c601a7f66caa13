// The loops of the block count sketch, once per variant.
//
// A block of 16 values meets one line of 16 cells in each row. The upper 32 bits of the block's
// hash choose the line, bits 16...19 the permutation (lane i meets cell i XOR those bits), bits
// 0...15 the signs. WIDTH lanes are one `vec`; a line has 16 / WIDTH of them.

#define PARTS (16 / WIDTH)
#define BATCH 8

typedef uint64_t NAMED(words) __attribute__((ext_vector_type(BATCH)));

/// Hashes of BATCH consecutive blocks, and where their lines begin, counted in cells.
typedef struct {
    uint64_t hash[BATCH] __attribute__((aligned(64)));
    uint64_t cell[BATCH] __attribute__((aligned(64)));
} NAMED(batch);

/// splitmix64 finalisers of BATCH blocks; `block_seed` is the row's seed at the first of them.
TARGET INLINE void NAMED(hash)(uint64_t block_seed, uint64_t lines, NAMED(batch) *batch) {
    const NAMED(words) index = {0, 1, 2, 3, 4, 5, 6, 7};
    NAMED(words) mixed = block_seed + index * BLOCK_STEP;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    mixed = mixed ^ (mixed >> 31);
    *(NAMED(words) *)batch->hash = mixed;
    *(NAMED(words) *)batch->cell = (((mixed >> 32) * (uint32_t)lines) >> 32) << 4;
}

TARGET INLINE void NAMED(encode_block)(
    const float *values, const NAMED(batch) *batch, size_t index, float *row) {
    const uint32_t hash = (uint32_t)batch->hash[index];
    const uint32_t lanes = (hash >> 16) & 15;
    float *line = row + batch->cell[index];
    for (uint32_t part = 0; part < PARTS; part++) {
        float *target = line + WIDTH * (part ^ (lanes / WIDTH));
        const NAMED(vec) flipped =
            NAMED(flipped)(NAMED(load)(values + WIDTH * part), hash, WIDTH * part);
        NAMED(store)(NAMED(load)(target) + NAMED(permuted)(flipped, lanes % WIDTH), target);
    }
}

/// For rows in a near cache: the processor's own look-ahead hides where the lines come from.
TARGET static void NAMED(encode_row)(
    const float *values, size_t blocks, uint64_t block_seed, float *row, uint64_t lines) {
    NAMED(batch) batch;
    size_t block = 0;
    for (; block + BATCH <= blocks; block += BATCH) {
        NAMED(hash)(block_seed + block * BLOCK_STEP, lines, &batch);
#pragma clang loop unroll(full)
        for (size_t index = 0; index < BATCH; index++)
            NAMED(encode_block)(values + 16 * (block + index), &batch, index, row);
    }
    NAMED(hash)(block_seed + block * BLOCK_STEP, lines, &batch);
    for (size_t index = 0; block + index < blocks; index++)
        NAMED(encode_block)(values + 16 * (block + index), &batch, index, row);
}

/// For rows in a far cache: lines are asked for FAR_BATCHES batches before they are met.
TARGET static void NAMED(encode_far_row)(
    const float *values, size_t blocks, uint64_t block_seed, float *row, uint64_t lines) {
    NAMED(batch) ahead[FAR_BATCHES + 1];
    for (size_t next = 0; next < FAR_BATCHES; next++)
        NAMED(hash)(block_seed + next * BATCH * BLOCK_STEP, lines, &ahead[next]);
    NAMED(batch) *now = ahead, *coming = ahead + FAR_BATCHES;
    for (size_t block = 0; block < blocks; block += BATCH) {
        NAMED(hash)(block_seed + (block + FAR_BATCHES * BATCH) * BLOCK_STEP, lines, coming);
        const size_t count = blocks - block < BATCH ? blocks - block : BATCH;
        for (size_t index = 0; index < count; index++) {
            __builtin_prefetch(row + coming->cell[index]);
            NAMED(encode_block)(values + 16 * (block + index), now, index, row);
        }
        coming = now;
        now = now == ahead + FAR_BATCHES ? ahead : now + 1;
    }
}

/// One part of one row's estimates of a block.
TARGET INLINE NAMED(vec) NAMED(row_estimate)(
    const float *row, const NAMED(batch) *batch, size_t index, uint32_t part) {
    const uint32_t hash = (uint32_t)batch->hash[index];
    const uint32_t lanes = (hash >> 16) & 15;
    const float *line = row + batch->cell[index];
    return NAMED(flipped)(
        NAMED(permuted)(NAMED(load)(line + WIDTH * (part ^ (lanes / WIDTH))), lanes % WIDTH),
        hash, WIDTH * part);
}

// These orders of operands give the bits of the Swift reference for signed zeros and NaN too.
TARGET INLINE NAMED(vec) NAMED(smaller)(NAMED(vec) a, NAMED(vec) b) { return b < a ? b : a; }
TARGET INLINE NAMED(vec) NAMED(larger)(NAMED(vec) a, NAMED(vec) b) { return b < a ? a : b; }

TARGET INLINE NAMED(vec) NAMED(median3)(NAMED(vec) a, NAMED(vec) b, NAMED(vec) c) {
    return NAMED(larger)(NAMED(smaller)(a, b), NAMED(smaller)(NAMED(larger)(a, b), c));
}

/// The median of three: the fifth, the larger of the two lower ones and the smaller of the two
/// higher ones of the first four, taken in pairs.
TARGET INLINE NAMED(vec) NAMED(median5)(const NAMED(vec) *row) {
    return NAMED(median3)(
        row[4],
        NAMED(larger)(NAMED(smaller)(row[0], row[1]), NAMED(smaller)(row[2], row[3])),
        NAMED(smaller)(NAMED(larger)(row[0], row[1]), NAMED(larger)(row[2], row[3])));
}

/// Odd-even transposition over the rows; then the middle, or the mean of the two in the middle.
TARGET INLINE NAMED(vec) NAMED(median_of_any)(NAMED(vec) *row, size_t rows) {
    for (size_t round = 0; round < rows; round++) {
        for (size_t index = round & 1; index + 1 < rows; index += 2) {
            const NAMED(vec) low = NAMED(smaller)(row[index], row[index + 1]);
            row[index + 1] = NAMED(larger)(row[index], row[index + 1]);
            row[index] = low;
        }
    }
    return (row[(rows - 1) / 2] + row[rows / 2]) * 0.5f;
}

TARGET INLINE NAMED(vec) NAMED(median)(NAMED(vec) *row, size_t rows) {
    switch (rows) {
    case 1: return row[0];
    case 3: return NAMED(median3)(row[0], row[1], row[2]);
    case 5: return NAMED(median5)(row);
    default: return NAMED(median_of_any)(row, rows);
    }
}

TARGET INLINE void NAMED(estimate_block)(
    const float *cells, size_t stride, size_t rows, const NAMED(batch) *batches, size_t index,
    float *target) {
    for (uint32_t part = 0; part < PARTS; part++) {
        NAMED(vec) row[MOST_ROWS];
        for (size_t next = 0; next < rows; next++)
            row[next] =
                NAMED(row_estimate)(cells + next * stride, &batches[next], index, part);
        NAMED(store)(NAMED(median)(row, rows), target + WIDTH * part);
    }
}

TARGET INLINE void NAMED(estimate_rows)(
    const float *cells, size_t stride, const uint64_t *row_seeds, size_t rows, uint64_t lines,
    size_t first, size_t blocks, float *estimates) {
    NAMED(batch) ahead[2][MOST_ROWS];
    for (size_t row = 0; row < rows; row++)
        NAMED(hash)(row_seeds[row] + first * BLOCK_STEP, lines, &ahead[0][row]);
    for (size_t block = 0; block < blocks; block += BATCH) {
        const NAMED(batch) *now = ahead[block / BATCH & 1];
        NAMED(batch) *coming = ahead[~block / BATCH & 1];
        for (size_t row = 0; row < rows; row++)
            NAMED(hash)(
                row_seeds[row] + (first + block + BATCH) * BLOCK_STEP, lines, &coming[row]);
        const size_t count = blocks - block < BATCH ? blocks - block : BATCH;
        for (size_t index = 0; index < count; index++) {
            for (size_t row = 0; row < rows; row++)
                __builtin_prefetch(cells + row * stride + coming[row].cell[index]);
            NAMED(estimate_block)(
                cells, stride, rows, now, index, estimates + 16 * (block + index));
        }
    }
}

TARGET static void NAMED(estimate)(
    const float *cells, size_t stride, const uint64_t *row_seeds, size_t rows, uint64_t lines,
    size_t first, size_t blocks, float *estimates) {
    switch (rows) {
    case 1:
        NAMED(estimate_rows)(cells, stride, row_seeds, 1, lines, first, blocks, estimates);
        return;
    case 3:
        NAMED(estimate_rows)(cells, stride, row_seeds, 3, lines, first, blocks, estimates);
        return;
    case 5:
        NAMED(estimate_rows)(cells, stride, row_seeds, 5, lines, first, blocks, estimates);
        return;
    default:
        NAMED(estimate_rows)(cells, stride, row_seeds, rows, lines, first, blocks, estimates);
    }
}

#undef PARTS
#undef BATCH
