"""One rank of training with PyTorch over Gloo: ddp_member.py SPECIFICATION (JSON).

Keys: store, rank, workers, model, batch, exchanges, steps, warmup. Rank 0 prints the milliseconds
of a step by exchange as JSON: medians over the timed steps, then the mean over the ranks.
"""

import json
import statistics
import sys
import time

import torch
import torch.distributed as dist
from torch.nn import functional

from peerbench import fashion
from peerbench.exchanges import EXCHANGES
from peerbench.models import MODELS


def step_milliseconds(exchange, specification, images, labels):
    """Trains; the median step, or the mean where nobody waits for anybody."""
    torch.manual_seed(1)
    model = MODELS[specification["model"]]().train()
    wrapped = EXCHANGES[exchange](model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    batch, workers, rank = (specification[key] for key in ("batch", "workers", "rank"))
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(1))
    times = []
    for step in range(specification["warmup"] + specification["steps"]):
        start = time.perf_counter()
        first = (step * workers + rank) * batch
        indices = order[first:first + batch]
        # Only DDP makes its views anew; a flat buffer's must stay.
        optimizer.zero_grad(set_to_none=exchange == "alone")
        functional.cross_entropy(wrapped.forward(images[indices]), labels[indices]).backward()
        wrapped.finish()
        optimizer.step()
        times.append((time.perf_counter() - start) * 1e3)
    timed = times[specification["warmup"]:]
    return statistics.mean(timed) if exchange == "alone" else statistics.median(timed)


def main():
    """Every exchange in order."""
    specification = json.loads(sys.argv[1])
    workers, rank = specification["workers"], specification["rank"]
    torch.set_num_threads(1)
    images, labels = map(torch.from_numpy, fashion.train())
    dist.init_process_group(
        "gloo", init_method=f"file://{specification['store']}", rank=rank, world_size=workers)
    found = {}
    for exchange in specification["exchanges"]:
        dist.barrier()
        mine = step_milliseconds(exchange, specification, images, labels)
        total = torch.tensor([mine], dtype=torch.float64)
        dist.all_reduce(total)
        found[exchange] = total.item() / workers
    if rank == 0:
        print(json.dumps(found), flush=True)
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
