"""Training steps of PyTorch over Gloo, one process a worker, plain or in namespaces."""

import json
import os
import tempfile

from .children import KEEPING_MEMORY, QUIET, environment, gather, python

WORKERS, BATCH, WARMUP = 4, 32, 4


def run(model, exchanges, steps, network=None):
    """Milliseconds of a step by exchange."""
    with tempfile.TemporaryDirectory() as folder:
        commands = [
            command(model, exchanges, steps, os.path.join(folder, "store"), rank, network)
            for rank in range(WORKERS)
        ]
        card = {"GLOO_SOCKET_IFNAME": "card" if network else "lo"}
        return json.loads(gather(
            commands, 600, environment(**card, **KEEPING_MEMORY, **QUIET)))


def command(model, exchanges, steps, store, rank, network):
    """One rank's command line."""
    specification = {
        "store": store, "rank": rank, "workers": WORKERS, "model": model, "batch": BATCH,
        "exchanges": exchanges, "steps": steps, "warmup": WARMUP,
    }
    line = python("ddp_member.py", json.dumps(specification))
    return network.inside(rank, line) if network else line
