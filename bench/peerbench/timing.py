"""Medians, the same rule everywhere."""

import statistics
import time


def milliseconds(work, repetitions, warmup=1):
    """Median time of a call after a warm-up."""
    times = []
    for turn in range(warmup + repetitions):
        start = time.perf_counter()
        work()
        if turn >= warmup:
            times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def repetitions_of(size, least):
    """How often an all-reduce of so many bytes is repeated, as `peerless bench collective` does."""
    return max(least, min(200, (8 << 20) // max(1, size)))
