"""What recording costs: processor time of everything that records, beside the steps it records."""

import os
import socket
import statistics

from .ddp import WORKERS
from .report import Table, ratio, say
from .training import Trainer, experiment

STEPS = {"mlp": 400, "lenet": 250}
#: Runs with and without rows, which take turns.
ROUNDS = 7


def run(peerless, options):
    """Two tables: dense on a ring over plain loopback, many short steps."""
    table = Table(
        "Recording: processor time a step, all processes together, microseconds",
        ["model", "step us", "coordinator", "workers' control threads", "of the machine, %"])
    both = Table(
        "Recording: microseconds a step with a row for every step and without",
        ["model", "with rows", "without", "with / without", "spread of each, %"])
    trainer = Trainer(peerless)
    try:
        for model in options.models or STEPS:
            if experiment(model):
                table.rows.append(measure(trainer, model, STEPS.get(model, 30)))
                both.rows.append(compare(trainer, model, 5 * STEPS.get(model, 30)))
    finally:
        trainer.close()
    both.notes.append(
        f"Medians of {ROUNDS} runs of each, which take turns; spread: half the distance of the "
        "quartiles, of the median.")
    table.notes.append(
        "The coordinator: SQLite, control messages, the waiting client's questions. A worker's "
        "control thread sends rows and heartbeats. Neither is on a worker's critical path: their "
        "share of all cores' time is the most that recording can take from training.")
    yield table
    yield both


def measure(trainer, model, steps):
    """One model."""
    say(f"recording: {model}")
    with trainer.cluster(f"tcp://127.0.0.1:{free_port()}", lambda _, line: line) as cluster:
        cluster.submit(model, 10, ["dense-ring"])
        coordinator, workers = cluster.daemons[0].pid, cluster.daemons[1:1 + WORKERS]
        before = seconds_of(coordinator), sum(control_seconds(each.pid) for each in workers)
        cluster.submit(model, steps, ["dense-ring"])
        after = seconds_of(coordinator), sum(control_seconds(each.pid) for each in workers)
    row = cluster.rows()[0]
    step = row["seconds"] / row["steps"] * 1e6
    costs = [(late - early) / row["steps"] * 1e6 for early, late in zip(before, after)]
    share = 100 * ratio(sum(costs), step * len(os.sched_getaffinity(0)))
    return [model, step, *costs, share]


def compare(trainer, model, steps):
    """One model, with `--summary-only` every second time."""
    times = {(): [], ("--summary-only",): []}
    for number in range(ROUNDS):
        say(f"recording: {model}, round {number + 1} of {ROUNDS}")
        for flags, found in times.items():
            row = trainer.run(model, steps, ["dense-ring"], flags=flags)[0]
            found.append(row["seconds"] / row["steps"] * 1e6)
    kept, dropped = (statistics.median(found) for found in times.values())
    spread = max(
        (quartiles[2] - quartiles[0]) / 2 / quartiles[1]
        for quartiles in (statistics.quantiles(found, n=4) for found in times.values()))
    return [model, kept, dropped, ratio(kept, dropped), 100 * spread]


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seconds_of(process, thread=None):
    """Processor time so far, of a process or one of its threads."""
    folder = f"/proc/{process}" + (f"/task/{thread}" if thread else "")
    with open(f"{folder}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def control_seconds(process):
    """Processor time of a worker's threads that neither train nor are libzmq's."""
    total = 0.0
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/comm", encoding="utf-8") as file:
            name = file.read()
        if int(thread) != process and not name.startswith("ZMQ"):
            total += seconds_of(process, thread)
    return total
