"""Gloo's all-reduce, real processes over loopback."""

import os
import tempfile

from .children import environment, gather, python
from .openmpi import lines_of


def run(workers, sizes, least):
    """Microseconds by size."""
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store")
        commands = [
            python("gloo_member.py", store, rank, workers, least, *sizes)
            for rank in range(workers)
        ]
        return lines_of(gather(commands, 600, environment(GLOO_SOCKET_IFNAME="lo")))
