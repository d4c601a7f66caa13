"""How PyTorch's workers exchange gradients: DDP and its hooks, and what it does not ship.

Every exchange wraps a model: `forward` is called for a batch, `finish` between backward and update.
"""

import torch
import torch.distributed as dist
from torch.distributed.algorithms.ddp_comm_hooks import default_hooks, powerSGD_hook
from torch.nn.parallel import DistributedDataParallel

from .sparse import merged, pack, select, unpack
from .torchsketch import TorchSketch


class Alone:
    """No exchange: what the steps cost by themselves while every worker computes."""

    def __init__(self, model):
        self.forward = model

    def finish(self):
        """Nothing to do."""


class Distributed(Alone):
    """DistributedDataParallel with a hook; batch-norm's statistics stay local, as in Peerless."""

    def __init__(self, model, state=None, hook=None, **options):
        super().__init__(DistributedDataParallel(
            model, broadcast_buffers=False, gradient_as_bucket_view=True, **options))
        if hook:
            self.forward.register_comm_hook(state, hook)


def power(model):
    """PowerSGD of rank 2, PyTorch's defaults otherwise, all gradients in one bucket: the hook waits
    inside callbacks, which blocks Gloo's two threads for good when there are several buckets."""
    state = powerSGD_hook.PowerSGDState(
        None, matrix_approximation_rank=2, start_powerSGD_iter=2)
    return Distributed(model, state, powerSGD_hook.powerSGD_hook, bucket_cap_mb=100)


class TopKState:
    """Residuals of the buckets and the share that is sent."""

    def __init__(self, share):
        self.share = share
        self.residuals = {}

    def residual(self, bucket):
        """A bucket's; buckets are made anew after the first step."""
        values = bucket.buffer()
        held = self.residuals.get(bucket.index())
        if held is None or held.numel() != values.numel():
            held = self.residuals[bucket.index()] = torch.zeros_like(values)
        return held


def topk_hook(state, bucket):
    """All-gather of the largest values of a bucket with error feedback; returns their mean."""
    values, residual = bucket.buffer(), state.residual(bucket)
    residual.add_(values)
    places, chosen = select(residual, max(1, int(values.numel() * state.share)))
    residual[places] = 0
    workers = dist.get_world_size()
    packed = pack(places, chosen)
    parts = [torch.empty_like(packed) for _ in range(workers)]
    work = dist.all_gather(parts, packed, async_op=True)

    def apply(_):
        values.zero_()
        for part in parts:
            values.index_add_(0, *unpack(part), alpha=1 / workers)
        return values

    return work.get_future().then(apply)


def topk(model):
    """1 % of every bucket."""
    return Distributed(model, TopKState(0.01), topk_hook)


class Flat(Alone):
    """Gradients as views of one flat buffer, exchanged as a whole after backward."""

    def __init__(self, model):
        super().__init__(model)
        self.values = torch.zeros(sum(each.numel() for each in model.parameters()))
        start = 0
        for each in model.parameters():
            each.grad = self.values[start:start + each.numel()].view_as(each)
            start += each.numel()
        self.residual = torch.zeros_like(self.values)
        self.workers = dist.get_world_size()
        self.k = max(1, self.values.numel() // 100)


class GlobalTopK(Flat):
    """gTop-k (Shi et al. 2019): merge along a binomial tree, broadcast; nothing is lost."""

    def finish(self):
        """The mean of the k largest of the merged selections."""
        self.residual.add_(self.values)
        places, chosen = select(self.residual, self.k)
        mine = places
        rank, reach = dist.get_rank(), 1
        while reach < self.workers:
            if rank % (2 * reach):
                dist.send(pack(places, chosen), rank - reach)
                break
            if rank + reach < self.workers:
                packed = torch.empty(2 * self.k, dtype=torch.int32)
                dist.recv(packed, rank + reach)
                places, chosen = merged(places, chosen, *unpack(packed), self.k)
            reach *= 2
        packed = pack(places, chosen) if rank == 0 else torch.empty(2 * self.k, dtype=torch.int32)
        dist.broadcast(packed, 0)
        places, chosen = unpack(packed)
        applied = torch.isin(mine, places)
        self.residual[mine[applied]] = 0
        self.values.zero_().index_add_(0, places, chosen, alpha=1 / self.workers)


class Sketched(Flat):
    """Count sketches added up by all-reduce; the k largest estimates are the update."""

    def __init__(self, model):
        super().__init__(model)
        columns = 1 << max(10, (self.values.numel() // 50).bit_length() - 1)
        self.sketch = TorchSketch(self.values.numel(), 5, columns)

    def finish(self):
        """One round: estimated values."""
        self.residual.add_(self.values)
        dist.all_reduce(self.sketch.encode(self.residual))
        places, chosen = select(self.sketch.estimate(), self.k)
        self.residual[places] = 0
        self.values.zero_().index_add_(0, places, chosen, alpha=1 / self.workers)


EXCHANGES = {
    "alone": Alone,
    "none": Distributed,
    "fp16": lambda model: Distributed(model, None, default_hooks.fp16_compress_hook),
    "powersgd": power,
    "topk": topk,
    "gtopk": GlobalTopK,
    "sketch": Sketched,
}
