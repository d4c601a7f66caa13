"""One rank of Gloo's all-reduce: gloo_member.py STORE RANK WORKERS LEAST BYTES...

Rank 0 prints "BYTES MICROSECONDS" a line: the slowest rank's median, by the rule of
`peerless bench collective`.
"""

import statistics
import sys
import time

import torch
import torch.distributed as dist

from peerbench.timing import repetitions_of


def median_microseconds(buffer, repetitions):
    """Two calls warm up."""
    times = []
    for turn in range(repetitions + 2):
        start = time.perf_counter()
        dist.all_reduce(buffer)
        if turn >= 2:
            times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def main():
    """Takes part in every size."""
    store, (rank, workers, least, *sizes) = sys.argv[1], map(int, sys.argv[2:])
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=f"file://{store}", rank=rank, world_size=workers)
    for size in sizes:
        mine = median_microseconds(torch.zeros(size // 4), repetitions_of(size, least))
        slowest = torch.tensor([mine], dtype=torch.float64)
        dist.all_reduce(slowest, op=dist.ReduceOp.MAX)
        if rank == 0:
            print(size, f"{slowest.item():.3f}", flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
