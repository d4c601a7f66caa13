"""Dense all-reduce among real processes: Peerless beside Gloo and Open MPI."""

import statistics

from . import gloo, openmpi
from .report import Table, ratio, say

SIZES = [4 << 10, 64 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20]
LEAST = 5


def run(peerless, options):
    """Two tables, bandwidth and time; the systems take turns."""
    sizes = options.bytes or (SIZES[:4] if options.quick else SIZES)
    rounds = options.rounds or (1 if options.quick else 2)
    program = openmpi.build()
    if program is None:
        say("collective: Open MPI is not installed: its columns stay empty")
    times = {}
    for workers in options.workers or [2, 4]:
        for turn in range(rounds):
            say(f"collective: {workers} workers, round {turn + 1} of {rounds}")
            take_turn(times, peerless, program, workers, sizes)
    yield bandwidths(times, rounds)
    yield microseconds(times)


def take_turn(times, peerless, program, workers, sizes):
    """Every system once; adds to the times of (workers, size)."""
    def note(system, detail, size, value):
        place = times.setdefault((workers, size), {}).setdefault(system, {})
        place.setdefault(detail, []).append(value)

    for row in peerless.json(
            "bench", "collective", "--json", "--workers", workers, "--repetitions", LEAST,
            "--bytes", ",".join(map(str, sizes)), timeout=1200):
        if row["topology"] != "pingpong":
            system = "tcp" if row["transport"] == "tcp" else "local"
            detail = f"{row['topology']}, {row['transport']}"
            note(system, detail, row["bytes"], row["microseconds"])
    for size, value in gloo.run(workers, sizes, LEAST).items():
        note("gloo", "", size, value)
    for transport in openmpi.TRANSPORTS if program else []:
        for variant in openmpi.VARIANTS:
            found = openmpi.run(program, workers, sizes, LEAST, transport, variant)
            for size, value in found.items():
                note(f"mpi {transport}", variant, size, value)


def best(times, system):
    """The fastest detail's median over the rounds, and its name."""
    details = times.get(system)
    if not details:
        return None, None
    name = min(details, key=lambda detail: statistics.median(details[detail]))
    return statistics.median(details[name]), name


SYSTEMS = {
    "tcp": "Peerless tcp", "local": "Peerless local", "gloo": "Gloo", "mpi tcp": "MPI tcp",
    "mpi sm": "MPI memory",
}


def bandwidths(times, rounds):
    """Algorithm bandwidth and what Peerless's is of the others'."""
    table = Table(
        "Dense all-reduce, float32 sum: algorithm bandwidth in GB/s",
        ["P", "bytes", *SYSTEMS.values(), "tcp / Gloo", "tcp / MPI tcp", "local / MPI memory",
         "tcp with", "local with", "MPI tcp with", "MPI memory with"])
    for (workers, size), found in sorted(times.items()):
        fastest = {system: best(found, system) for system in SYSTEMS}
        speed = {
            system: None if value is None else size / value / 1e3
            for system, (value, _) in fastest.items()
        }
        table.rows.append([
            workers, size, *speed.values(), ratio(speed["tcp"], speed["gloo"]),
            ratio(speed["tcp"], speed["mpi tcp"]), ratio(speed["local"], speed["mpi sm"]),
            *(fastest[system][1] for system in ("tcp", "local", "mpi tcp", "mpi sm"))])
    table.notes.append(
        f"The slowest rank's median of at least {LEAST} repetitions (more for small sizes) after "
        f"two calls, then the median of {rounds} rounds in which the systems take turns. Peerless: "
        "the best topology, over tcp loopback and over the best of its transports within one host. "
        "Open MPI: the better of spinning and mpi_yield_when_idle, oversubscribed and unbound.")
    return table


def microseconds(times):
    """Times of the same."""
    table = Table(
        "Dense all-reduce, float32 sum: microseconds", ["P", "bytes", *SYSTEMS.values()])
    for (workers, size), found in sorted(times.items()):
        table.rows.append([workers, size, *(best(found, system)[0] for system in SYSTEMS)])
    return table
