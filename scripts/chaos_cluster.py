"""Daemons for `scripts/chaos`: real processes, started by hand, watched, ended with their owner."""
import os
import re
import signal
import sqlite3
import subprocess
import time

from chaos_leftovers import scratch

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.build/release/peerless")

EXPERIMENT = """experiment: chaos
dataset: digits
model: {model}
workers: {workers}
batch: 16
steps: {steps}
deadline: 10s
evaluate: {{every: {every}}}
optimizer: {{learningRate: 0.05, momentum: 0.9}}
onLoss: {policy}
onServerLoss: restart
rejoin: 30s
variants:
  - {{name: {name}, topology: {topology}, method: {method}}}
"""


class Broken(Exception):
    """A promise that was not kept."""


class Cluster:
    """Daemons started by hand, each in the folder of the test; all end with the object."""

    def __init__(self, folder, heartbeat="250ms", database=None):
        self.folder, self.heartbeat = folder, heartbeat
        self.database = database or os.path.join(folder, "chaos.db")
        self.temporary = os.path.join(folder, "temporary")
        os.makedirs(self.temporary, exist_ok=True)
        self.environment = dict(os.environ, TMPDIR=self.temporary, PEERLESS_CHAOS=folder)
        self.endpoint, self.children, self.log = None, {}, open(os.path.join(folder, "log"), "a")

    def spawn(self, name, arguments, **more):
        self.children[name] = subprocess.Popen(
            [PROGRAM] + arguments, **{
                "stderr": self.log, "cwd": self.folder, "env": self.environment, **more})
        return self.children[name]

    def start_coordinator(self, **more):
        bind = self.endpoint or "tcp://127.0.0.1:*"
        process = self.spawn(
            "coordinator", ["coordinator", "--bind", bind, "--db", self.database,
                            "--heartbeat", self.heartbeat],
            stdout=subprocess.PIPE, text=True, **more)
        line = process.stdout.readline()
        if not line.startswith("listening on "):
            raise Broken(f"the coordinator did not start: {line!r}\n{self.tail()}")
        self.endpoint = line.split()[-1]

    def start(self, role, name, *arguments, **more):
        self.spawn(
            name, [role, "--coordinator", self.endpoint, "--name", name, *arguments], **more)

    def kill(self, name, number=signal.SIGKILL):
        process = self.children[name]
        process.send_signal(number)
        if number == signal.SIGKILL:
            process.wait()

    def ask(self, *arguments, check=True):
        result = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True,
                                cwd=self.folder, timeout=120)
        if check and result.returncode != 0:
            raise Broken(f"{arguments}: {result.stderr}\n{self.tail()}")
        return result.stdout

    def write(self, text):
        path = os.path.join(self.folder, "chaos.yaml")
        with open(path, "w") as file:
            file.write(text)
        return path

    def submit(self, text):
        answer = self.ask("submit", self.write(text), "--coordinator", self.endpoint)
        return int(re.search(r"\d+", answer).group())

    def query(self, sql):
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def status(self, run):
        return self.query(f"SELECT status, failure FROM run WHERE id = {run}")[0]

    def wait(self, run, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = self.status(run)
            if status[0] in ("completed", "failed", "cancelled"):
                return status
            time.sleep(0.1)
        raise Broken(f"run {run} hangs: {self.status(run)}\n{self.tail()}")

    def until(self, what, condition, seconds=30):
        """Waits for a condition; what cannot be asked yet is not so yet."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if condition():
                    return
            except sqlite3.OperationalError:
                pass
            time.sleep(0.01)
        raise Broken(f"{what}: not within {seconds} s\n{self.tail()}")

    def tail(self):
        self.log.flush()
        with open(os.path.join(self.folder, "log")) as file:
            return "".join(file.readlines()[-25:])

    def close(self):
        for process in self.children.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        deadline = time.monotonic() + 10
        for process in self.children.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()


def with_cluster(body):
    with scratch("peerless-chaos-") as folder:
        cluster = Cluster(folder)
        try:
            return body(cluster)
        finally:
            cluster.close()
