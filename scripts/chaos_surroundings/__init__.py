"""Real runs in bad surroundings: full and read-only disks, locks, clocks, ports, names, SIGTERM.

Each check is a function of a `Place`; its sentence says what was seen. The words that the program
says to people are looked for in what it prints, and printed.
"""
import sys
import time

from chaos_cluster import Broken
from chaos_surroundings import addresses, clocks, disks, locks, terminations
from chaos_surroundings.place import Skipped, placed

CHECKS = [
    ("disk of the database full", disks.full_database),
    ("the same under `peerless run`", disks.full_run),
    ("disk of a worker's spool full", disks.full_spool),
    ("disk of the checkpoints full", disks.full_checkpoints),
    ("database on a read-only disk", disks.read_only_disk),
    ("database file without the right to write", disks.read_only_file),
    ("database folder without the right to write", disks.read_only_folder),
    ("database locked before the start", locks.locked_at_start),
    ("database locked for 4 s of a run", locks.locked_briefly),
    ("database locked for good in a run", locks.locked_for_long),
    ("two coordinators, one database", locks.second_coordinator),
    ("coordinator's clock jumps", clocks.coordinator_clock),
    ("workers' clock jumps", clocks.worker_clocks),
    ("client's clock jumps", clocks.client_clock),
    ("port in use", addresses.busy_port),
    ("name that does not resolve", addresses.unknown_name),
    ("SIGTERM meanwhile", terminations.terminated),
]


def surroundings(only=None):
    """Every check, in a place of its own; lines of the table."""
    clocks.install_faketime()
    lines = []
    for name, check in CHECKS:
        if only and only not in name:
            continue
        print(f"  {name}", file=sys.stderr)
        began = time.monotonic()
        try:
            with placed() as place:
                outcome = check(place)
        except Skipped as why:
            outcome = f"skipped: {why}"
            print(f"    {outcome}", file=sys.stderr)
        except Broken as broken:
            raise Broken(f"{name}: {broken}") from None
        lines.append((name, 1, outcome, time.monotonic() - began))
    return lines
