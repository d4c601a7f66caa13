"""SIGTERM and SIGINT to every role in every state, for scripts/chaos: a clean end, with an event, and
nothing left behind."""
import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

from chaos_cluster import Broken, with_cluster
from chaos_leftovers import marked

SIGNALS = (signal.SIGTERM, signal.SIGINT)
ENDED = "('completed', 'failed', 'cancelled')"
WORKERS = ("w0", "w1")

# What makes a run spend its time in a state. All train with a server, so that every role takes part.
RUNS = {
    "starting": {"dataset": "synthetic", "model": "vgg11",
                 "synthetic": "{samples: 4096, channels: 3, size: 32, classes: 10}"},
    "training": {"batch": "256"},
    "exchanging": {"link": "{bandwidth: 1mbit, latency: 5ms}"},
    "evaluating": {"batch": "1", "evaluate": "{every: 1}"},
    "checkpointing": {"checkpoint": "{every: 1}"},
    "regrouping": {"onLoss": "wait", "rejoin": "60s"},
    "ending": {},
}
TRAINS = {"experiment": "signals", "dataset": "digits", "model": "mlp", "workers": "2",
          "batch": "16", "steps": "100000000"}


def experiment(state):
    keys = TRAINS | RUNS.get(state, {})
    lines = [f"{key}: {value}" for key, value in keys.items()]
    return "\n".join(lines + ["variants:", "  - {name: one, topology: server, method: dense}", ""])


class Scene:
    """One cluster in one state, and what has to be so after a signal."""

    def __init__(self, cluster, state, is_read=False):
        self.cluster, self.state, self.is_read = cluster, state, is_read

    def steps(self):
        return self.cluster.query("SELECT count(*) FROM step")[0][0]

    def is_running(self):
        return self.cluster.query("SELECT count(*) FROM run WHERE status = 'running'")[0][0] > 0

    def reach(self, kill_worker):
        """Waits for the state of a run that has been asked for."""
        if self.state == "starting":
            return self.cluster.until("the run starts", self.is_running)
        self.cluster.until("steps are recorded", lambda: self.steps() > 0)
        if self.state == "regrouping":
            kill_worker()
            self.cluster.until("the loss is known", lambda: self.cluster.query(
                "SELECT count(*) FROM event WHERE kind = 'lost'")[0][0] > 0)

    def check_database(self):
        if self.cluster.query("PRAGMA integrity_check") != [("ok",)]:
            raise Broken("integrity_check")
        open_runs = self.cluster.query(
            f"SELECT id, status FROM run WHERE status NOT IN {ENDED}")
        if open_runs:
            raise Broken(f"runs that nobody ended: {open_runs}")

    def check_leftovers(self):
        """No process, no socket file, no named memory, no temporary file; the database is closed.

        Before it is asked anything: a reader makes the log's files anew.
        """
        for number, line in marked(self.cluster.folder):
            raise Broken(f"process {number} is left: {line}")
        # A reader leaves an empty log behind, and `run` prints what the coordinator has written.
        log = "(-wal|-shm)?" if self.is_read else ""
        allowed = re.compile(rf"chaos\.db{log}|chaos\.yaml|log|.*checkpoints/.*\.ckpt")
        for folder, _, files in os.walk(self.cluster.folder):
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), self.cluster.folder)
                if not allowed.fullmatch(path):
                    raise Broken(f"{path} is left")
        named = [name for name in os.listdir("/dev/shm") if "peerless" in name]
        if named:
            raise Broken(f"/dev/shm has {named}")


def expect(process, name, *allowed, seconds=15):
    """A process ends by itself, with one of the statuses."""
    began = time.monotonic()
    try:
        found = process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise Broken(f"{name} has not ended after {seconds} s") from None
    if found not in allowed:
        raise Broken(f"{name} ended with {found}, not {allowed}")
    return time.monotonic() - began


def launching(cluster, victim, number, whole_group, chance):
    """A signal to a process that has hardly begun. Before it can take one, the system ends it, and
    then there must be nothing yet."""
    scene = Scene(cluster, "launching", is_read=victim == "run")
    arguments = ["coordinator", "--bind", "tcp://127.0.0.1:*", "--db", cluster.database]
    if victim == "run":
        arguments = ["run", cluster.write(experiment("launching")), "--db", cluster.database]
    process = cluster.spawn(
        victim, arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        start_new_session=True)
    time.sleep(chance.uniform(0, 0.5))
    os.killpg(process.pid, number) if whole_group else process.send_signal(number)
    seconds = expect(process, victim, 1 if victim == "run" else 0, -number)
    scene.check_leftovers()
    if os.path.exists(cluster.database) and os.path.getsize(cluster.database) > 0:
        scene.check_database()
    elif process.returncode != -number and victim == "coordinator":
        raise Broken("there is no database")
    return seconds


def daemons(cluster, state, victim, number, chance):
    """A signal to one of the daemons that somebody started by hand; the seconds that it took to end."""
    scene = Scene(cluster, state)
    if state == "connecting":
        cluster.endpoint = "tcp://127.0.0.1:9"
        cluster.start("server" if victim == "s0" else "worker", victim)
        time.sleep(chance.uniform(0.3, 0.8))
        cluster.kill(victim, number)
        seconds = expect(cluster.children[victim], victim, 0)
        scene.check_leftovers()
        return seconds
    cluster.start_coordinator()
    for name in WORKERS:
        cluster.start("worker", name)
    cluster.start("server", "s0")
    cluster.until("everybody has joined", lambda: cluster.query(
        "SELECT count(*) FROM event WHERE kind = 'joined'")[0][0] == 3)
    if state != "idle":
        run = cluster.submit(experiment(state))
        scene.reach(lambda: cluster.kill("w1"))
        time.sleep(chance.uniform(0, 0.05 if state == "starting" else 0.4))
        if state == "ending":
            threading.Thread(target=lambda: cluster.ask(
                "cancel", str(run), "--coordinator", cluster.endpoint, check=False)).start()
            time.sleep(chance.uniform(0, 0.15))
    cluster.kill(victim, number)
    seconds = expect(cluster.children[victim], victim, 0)
    if victim != "coordinator":
        cluster.until(f"the end of {victim} is recorded", lambda: cluster.query(
            "SELECT count(*) FROM event WHERE kind = 'lost' AND detail = 'left' "
            f"AND node = '{victim}'")[0][0] == 1)
        cluster.kill("coordinator", signal.SIGTERM)
        expect(cluster.children["coordinator"], "coordinator", 0)
    for name, process in cluster.children.items():
        if name == "w1" and state == "regrouping" and victim != "w1":
            continue
        expect(process, name, 0)
    scene.check_leftovers()
    why = cluster.query("SELECT detail FROM event WHERE kind = 'stopped'")
    name = signal.Signals(number).name if victim == "coordinator" else "SIGTERM"
    if why != [(f"signal {name}",)]:
        raise Broken(f"the coordinator's end is recorded as {why}")
    scene.check_database()
    return seconds


def command(cluster, state, number, whole_group, chance):
    """A signal to `peerless run`, alone or with its children, as a terminal sends it."""
    scene = Scene(cluster, state, is_read=True)
    process = cluster.spawn(
        "run", ["run", cluster.write(experiment(state)), "--db", cluster.database,
                "--heartbeat", cluster.heartbeat],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)

    def kill_worker():
        # `run` starts it again at once: the signal falls into the middle of that.
        for entry, line in marked(cluster.folder):
            if "worker-1" in line:
                with contextlib.suppress(OSError):
                    os.kill(entry, signal.SIGKILL)

    def send():
        os.killpg(process.pid, number) if whole_group else process.send_signal(number)

    scene.reach(kill_worker)
    time.sleep(chance.uniform(0, 0.05 if state == "starting" else 0.4))
    send()
    if state == "ending":
        time.sleep(chance.uniform(0, 0.3))
        if process.poll() is None:
            send()
    seconds = expect(process, "run", 1, seconds=20)
    scene.check_leftovers()
    scene.check_database()
    statuses = cluster.query("SELECT DISTINCT status FROM run")
    if statuses != [("cancelled",)]:
        raise Broken(f"the runs are {statuses}")
    return seconds


def trials():
    for number in SIGNALS:
        for state in 8 * ["launching"] + ["idle"] + list(RUNS):
            yield "coordinator", state, number, False
        for victim in ("w0", "s0"):
            for state in ["idle", "connecting"] + list(RUNS):
                yield victim, state, number, False
        for state in 8 * ["launching"] + list(RUNS):
            for whole_group in (False, True):
                yield "run", state, number, whole_group


def signals(seed, only=None):
    chance = random.Random(seed)
    table, began = {}, time.monotonic()
    for victim, state, number, whole_group in trials():
        label = f"{signal.Signals(number).name} to {victim}, {state}" + (
            ", with its children" if whole_group else "")
        if only and only not in label:
            continue
        try:
            if state == "launching":
                seconds = with_cluster(
                    lambda cluster: launching(cluster, victim, number, whole_group, chance))
            elif victim == "run":
                seconds = with_cluster(
                    lambda cluster: command(cluster, state, number, whole_group, chance))
            else:
                seconds = with_cluster(
                    lambda cluster: daemons(cluster, state, victim, number, chance))
        except Broken as broken:
            raise Broken(f"{label}: {broken}") from None
        print(f"  {label}: ended after {seconds:.2f} s", file=sys.stderr)
        role = {"w0": "worker", "s0": "server"}.get(victim, victim)
        table.setdefault(role, []).append((state, seconds))
    lines = []
    for role, ends in table.items():
        states = list(dict.fromkeys(state for state, _ in ends))
        slowest = max(seconds for _, seconds in ends)
        lines.append((f"SIGTERM, SIGINT to {role}: {', '.join(states)}", len(ends),
                      f"clean ends, the slowest after {slowest:.1f} s", None))
    lines.append(("all signals", sum(len(ends) for ends in table.values()), "nothing left behind",
                  time.monotonic() - began))
    return lines
