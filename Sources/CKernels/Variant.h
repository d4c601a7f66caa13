// Includes every file of loops for the variant that VARIANT, TARGET, WIDTH, WIDENING_LANES and the
// inline functions before it describe.
#define NAMED2(name, variant) name##_##variant
#define NAMED1(name, variant) NAMED2(name, variant)
#define NAMED(name) NAMED1(name, VARIANT)

#include "HalfLoops.h"
#include "SelectLoops.h"
#include "SketchLoops.h"

static const peerless_kernels NAMED(kernels) = {
    VARIANT_NAME,
    NAMED(encode_float16), NAMED(encode_bfloat16),
    NAMED(decode_float16), NAMED(decode_bfloat16),
    NAMED(add_float16), NAMED(add_bfloat16),
    NAMED(encode_row), NAMED(encode_far_row), NAMED(estimate), NAMED(gather),
};

#undef NAMED
#undef NAMED1
#undef NAMED2
#undef VARIANT
#undef VARIANT_NAME
#undef TARGET
#undef WIDTH
#undef WIDENING_LANES
