"""One training step on one thread: Peerless beside PyTorch."""

import statistics

from .children import KEEPING_MEMORY, environment, gather, python
from .models import MODELS, parameters
from .report import Table, ratio, say

#: PyTorch as it comes, and with an allocator that keeps what is freed.
SETTINGS = {"as it comes": {}, "keeping memory": KEEPING_MEMORY}


def run(peerless, options):
    """One table, models by batches; the systems take turns."""
    rounds = options.rounds or (1 if options.quick else 3)
    wanted = options.models or list(MODELS)
    batches = [32] if options.quick else [32, 64]
    ours, theirs = {}, {}
    for turn in range(rounds):
        say(f"compute: round {turn + 1} of {rounds}")
        for row in rows_of(peerless, wanted, batches):
            ours.setdefault((row["model"], row["batch"]), []).append(row)
        for setting, variables in SETTINGS.items():
            for key, value in torch_times(wanted, batches, variables).items():
                theirs.setdefault((setting, *key), []).append(value)
    yield compared(wanted, batches, ours, theirs, rounds)


def rows_of(peerless, wanted, batches):
    """Peerless's rows of one thread."""
    arguments = peerless.narrowed(("bench", "compute"), models=wanted, batch=batches, threads=1)
    rows = peerless.json(*arguments, "--json", "--repetitions", "7")
    return [row for row in rows if row["model"] in wanted and row["threads"] == 1]


def torch_times(wanted, batches, variables):
    """PyTorch's milliseconds by model and batch."""
    command = python("compute_member.py", ",".join(wanted), ",".join(map(str, batches)))
    lines = gather([command], 600, environment(**variables)).splitlines()
    return {
        (name, int(batch)): float(value) for name, batch, value in map(str.split, lines)
    }


def compared(wanted, batches, ours, theirs, rounds):
    """Medians over the rounds, side by side."""
    table = Table(
        "Forward, backward and update, one thread",
        ["model", "batch", "parameters", "engine", "Peerless ms",
         *(f"PyTorch ms, {setting}" for setting in SETTINGS), "best PyTorch / Peerless",
         "peak MiB"])
    for name in wanted:
        count = parameters(MODELS[name]())
        for batch in batches:
            rows = ours.get((name, batch), [])
            check(name, count, rows)
            mine = statistics.median(row["stepMilliseconds"] for row in rows) if rows else None
            peers = [statistics.median(theirs[setting, name, batch]) for setting in SETTINGS]
            peak = max(row["peakMemoryBytes"] for row in rows) >> 20 if rows else None
            engine = rows[0].get("engine") if rows else None
            table.rows.append(
                [name, batch, count, engine, mine, *peers, ratio(min(peers), mine), peak])
    table.notes.append(
        f"Medians of {rounds} alternating rounds, each a median after a warm-up. Keeping memory: "
        "glibc's allocator told never to give freed memory back to the kernel. Peak memory is that "
        "of Peerless's process so far.")
    return table


def check(name, count, rows):
    """Both must train the same model."""
    for row in rows:
        if row["parameters"] != count:
            found = row["parameters"]
            raise RuntimeError(f"{name}: Peerless has {found} parameters, PyTorch {count}")
