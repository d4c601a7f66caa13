"""Where one check of the surroundings happens: a folder with a cluster, its disks, its processes."""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time

from chaos_cluster import EXPERIMENT, PROGRAM, Broken, Cluster
from chaos_leftovers import marked, scratch

ENDLESS = 10_000_000


class Skipped(Exception):
    """What this machine does not allow, in words."""


class Place:
    """A folder with a cluster for one check: its disks, processes and what they said."""

    def __init__(self, folder):
        self.folder = folder
        os.chmod(folder, 0o755)
        self.temporary = os.path.join(folder, "tmp")
        os.mkdir(self.temporary)
        self.cluster = Cluster(folder)
        self.environment = {**os.environ, "PEERLESS_CHAOS": folder, "TMPDIR": self.temporary}

    # Disks

    def disk(self, name, size):
        """A small disk of its own."""
        if os.geteuid() != 0:
            raise Skipped("needs root, for a small tmpfs")
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Skipped(f"no tmpfs here: {done.stderr.strip()}")
        return path

    def remount(self, path, options):
        subprocess.run(["mount", "-o", f"remount,{options}", path], check=True)

    # Processes

    def log(self, name):
        return os.path.join(self.folder, f"{name}.log")

    def more(self, name, environment=None):
        """How a process of this place is started: its words in a file of its own."""
        return {"stderr": open(self.log(name), "a"), "stdin": subprocess.DEVNULL,
                "env": {**self.environment, **(environment or {})}}

    def start(self, workers=2, database=None, coordinator=None, worker=None, arguments=()):
        """A coordinator and its workers."""
        if database:
            self.cluster.database = database
        self.cluster.start_coordinator(**self.more("coordinator", coordinator))
        for number in range(workers):
            name = f"w{number}"
            self.cluster.start("worker", name, *arguments, **self.more(name, worker))

    def spawn(self, name, *arguments, environment=None, user=None):
        """A process of the program by itself; for `user` as that number."""
        more = self.more(name, environment)
        prefix = [] if user is None else [
            "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        program = PROGRAM if user is None else self.program()
        self.cluster.children[name] = subprocess.Popen(
            [*prefix, program, *arguments], stdout=open(self.log(name), "a"), cwd=self.folder,
            **more)

    def program(self):
        """The program where every user may run it."""
        path = os.path.join(self.folder, "peerless")
        if not os.path.exists(path):
            shutil.copy(PROGRAM, path)
            os.chmod(path, 0o755)
        return path

    def said(self, name):
        with open(self.log(name), errors="replace") as file:
            return file.read()

    def ends(self, name, code, within):
        """Waits for a process's own end, and holds its code; seconds that it took."""
        began = time.monotonic()
        process = self.cluster.children[name]
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            raise Broken(f"{name} does not end within {within} s; it said\n"
                         f"{self.said(name)[-2000:]}") from None
        if process.returncode != code:
            raise Broken(f"{name} ended with {process.returncode}, expected {code}; it said\n"
                         f"{self.said(name)[-2000:]}")
        return time.monotonic() - began

    def says(self, name, words, within=10):
        """The sentence with these words that a process says; printed."""
        deadline = time.monotonic() + within
        while True:
            lines = [line for line in self.said(name).splitlines() if words in line]
            if lines:
                print(f"    {name}: {lines[-1].strip()[:240]}", file=sys.stderr)
                return lines[-1]
            if time.monotonic() > deadline:
                raise Broken(f"{name} does not say {words!r}; it said\n{self.said(name)[-2000:]}")
            time.sleep(0.05)

    # Runs

    def submit(self, steps=ENDLESS, workers=2, more="", model="softmax"):
        return self.cluster.submit(EXPERIMENT.format(
            model=model, workers=workers, steps=steps, every=ENDLESS, policy="abort", name="one",
            topology="ring", method="dense") + more)

    def recorded(self, run, steps, within=30):
        """Waits until so many rows of a run are on record."""
        deadline = time.monotonic() + within
        while True:
            count = self.rows(run)
            if count >= steps:
                return count
            if time.monotonic() > deadline:
                raise Broken(f"{count} steps on record after {within} s, expected {steps}\n"
                             f"{self.said('coordinator')[-2000:]}")
            time.sleep(0.05)

    def rows(self, run):
        return self.figure(f"SELECT count(*) FROM step WHERE run = {run}")

    def figure(self, sql, within=10):
        """The one figure of a question; waits for a row."""
        deadline = time.monotonic() + within
        while True:
            found = self.cluster.query(sql)
            if found:
                return found[0][0]
            if time.monotonic() > deadline:
                raise Broken(f"no answer: {sql}")
            time.sleep(0.05)

    def event(self, run, kind):
        """What an event of a run says; printed."""
        found = self.cluster.query(
            f"SELECT detail FROM event WHERE run = {run} AND kind = '{kind}' ORDER BY id LIMIT 1")
        if not found:
            raise Broken(f"no event {kind!r} of run {run}: " + str(self.cluster.query(
                f"SELECT kind, detail FROM event WHERE run = {run}"))[:1500])
        print(f"    event {kind}: {found[0][0][:240]}", file=sys.stderr)
        return found[0][0]

    def whole(self, run, steps, workers=2):
        """A run completed with every step of every worker once."""
        status = self.cluster.wait(run, 120)
        rows = self.cluster.query(
            "SELECT rank, count(*), min(step), max(step) FROM step "
            f"WHERE run = {run} GROUP BY rank")
        expected = [(rank, steps, 0, steps - 1) for rank in range(workers)]
        if status[0] != "completed" or sorted(rows) != expected:
            raise Broken(f"run {run}: {status}, steps {rows}, expected {expected}\n"
                         f"{self.said('coordinator')[-2000:]}")

    def readable(self, run=None):
        """The database is sound, and `peerless runs` reads it; steps of a run on record."""
        sound = self.cluster.query("PRAGMA integrity_check")
        if sound != [("ok",)]:
            raise Broken(f"integrity_check says {sound}")
        listed = self.cluster.ask("runs", "--db", self.cluster.database, "--format", "json")
        if run is not None and not re.search(rf'"(id|run)" *: *{run}\b', listed):
            raise Broken(f"peerless runs does not show run {run}: {listed[:500]}")
        return None if run is None else self.rows(run)

    # Ends

    def nothing_left(self, *kept):
        """No process of this place is alive, and no file is in its temporary folder."""
        left = [f"file {name}" for name in os.listdir(self.temporary) if name not in kept]
        deadline = time.monotonic() + 5
        while True:
            alive = list(marked(self.folder))
            if not alive or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        if left or alive:
            raise Broken(f"left behind: {left} {alive}")

    def close(self):
        self.cluster.close()
        for name in os.listdir("/dev/shm"):
            if os.path.basename(self.folder) in name:
                os.unlink(os.path.join("/dev/shm", name))


@contextlib.contextmanager
def placed():
    """A place that goes with all that is in it."""
    with scratch("peerless-surroundings-") as folder:
        place = Place(folder)
        try:
            yield place
        finally:
            place.close()
