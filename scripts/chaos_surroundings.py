"""Real runs in bad surroundings: full and read-only disks, locks, clocks, ports, names, SIGTERM.

Each check is a function of a `Place`; its sentence says what was seen. The words that the program
says to people are looked for in what it prints, and printed.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid

from chaos_cluster import EXPERIMENT, PROGRAM, Broken, Cluster

ENDLESS = 10_000_000


class Skipped(Exception):
    """What this machine does not allow, in words."""


class Place:
    """A folder with a cluster for one check: its disks, processes and what they said."""

    def __init__(self):
        self.mark = uuid.uuid4().hex
        self.folder = tempfile.mkdtemp(prefix="peerless-surroundings-")
        os.chmod(self.folder, 0o755)
        self.temporary = os.path.join(self.folder, "tmp")
        os.mkdir(self.temporary)
        self.mounts = []
        self.cluster = Cluster(self.folder)
        self.environment = {
            **os.environ, "PEERLESS_CHAOS": self.mark, "TMPDIR": self.temporary}

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
        self.mounts.append(path)
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
            alive = list(self.alive())
            if not alive or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        if left or alive:
            raise Broken(f"left behind: {left} {alive}")

    def alive(self):
        """Processes of this place: their command lines."""
        for number in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{number}/environ", "rb") as file:
                    if f"PEERLESS_CHAOS={self.mark}".encode() not in file.read():
                        continue
                with open(f"/proc/{number}/cmdline", "rb") as file:
                    yield f"{number} {file.read().replace(bytes(1), b' ').decode()}"

    def close(self):
        self.cluster.close()
        for line in list(self.alive()):
            with contextlib.suppress(OSError):
                os.kill(int(line.split()[0]), signal.SIGKILL)
        for name in os.listdir("/dev/shm"):
            if self.mark in name:
                os.unlink(os.path.join("/dev/shm", name))
        for path in reversed(self.mounts):
            subprocess.run(["umount", "-l", path], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


# Disks


def full_database(place):
    """The disk of the database fills up in the middle of a run."""
    disk = place.disk("disk", "2m")
    place.start(database=os.path.join(disk, "peerless.db"))
    run = place.submit()
    place.ends("coordinator", 1, 90)
    place.says("coordinator", "the disk is full")
    for name in ("w0", "w1"):
        place.ends(name, 0, 10)
    place.nothing_left()
    rows = place.readable(run)
    if rows == 0:
        raise Broken("nothing is on record")
    return f"{rows} steps on record, readable on the full disk"


def full_run(place):
    """The same under `peerless run`."""
    disk = place.disk("disk", "2m")
    place.cluster.database = os.path.join(disk, "peerless.db")
    path = os.path.join(place.folder, "full.yaml")
    with open(path, "w") as file:
        file.write(EXPERIMENT.format(
            model="softmax", workers=2, steps=ENDLESS, every=ENDLESS, policy="abort", name="one",
            topology="ring", method="dense"))
    place.spawn("run", "run", path, "--db", place.cluster.database)
    place.ends("run", 1, 120)
    place.says("run", "the disk is full")
    place.nothing_left()
    return f"{place.readable(1)} steps on record, all children ended"


def full_spool(place):
    """The coordinator is away, and the disk of what a worker keeps meanwhile is full."""
    disk = place.disk("spool", "256k")
    place.start(worker={"TMPDIR": disk})
    run = place.submit(steps=40_000)
    place.recorded(run, 100)
    place.cluster.kill("coordinator")
    place.says("w0", "were given up", within=90)
    place.cluster.start_coordinator(**place.more("coordinator"))
    status = place.cluster.wait(run, 120)
    words = place.event(run, "dropped")
    if status[0] != "completed" or "No space left" not in words:
        raise Broken(f"{status}, {words}")
    rows = place.readable(run)
    for name in ("w0", "w1", "coordinator"):
        place.cluster.kill(name, signal.SIGTERM)
        place.ends(name, 0, 10)
    place.nothing_left()
    if os.listdir(disk):
        raise Broken(f"left on the worker's disk: {os.listdir(disk)}")
    return f"trained on, completed, {rows} of {80_000} step rows on record, the rest told"


def full_checkpoints(place):
    """The disk of the checkpoints is full: the run goes on, and older ones stay."""
    disk = place.disk("checkpoints", "16m")
    place.start(arguments=("--checkpoints", disk))
    run = place.submit(
        steps=2_000, model="mlp", more="checkpoint: {every: 200, keep: 1000}\n")
    place.whole(run, 2_000)
    words = place.event(run, "no checkpoint")
    if "No space left" not in words:
        raise Broken(words)
    files = [name for _, _, names in os.walk(disk) for name in names]
    torn = [name for name in files if not name.endswith(".ckpt")]
    rows = place.figure(f"SELECT count(*) FROM checkpoint WHERE run = {run}")
    if torn or not files or rows != len(files):
        raise Broken(f"files {files}, {rows} checkpoints on record")
    place.readable(run)
    return f"completed; {len(files)} checkpoints whole and on record, none torn"


def read_only_disk(place):
    """A database on a read-only disk: told, and readable."""
    disk = place.disk("disk", "16m")
    database = recorded_database(place, os.path.join(disk, "peerless.db"))
    place.remount(disk, "ro")
    return refused(place, "database may not be written|cannot be opened for writing", database)


def read_only_file(place):
    """A database file that an ordinary user may only read."""
    return as_user(place, file_mode=0o444, folder_mode=0o777)


def read_only_folder(place):
    """A folder in which an ordinary user may not write."""
    return as_user(place, file_mode=0o666, folder_mode=0o555)


def as_user(place, file_mode, folder_mode):
    if os.geteuid() != 0:
        raise Skipped("needs root, to become another user")
    folder = os.path.join(place.folder, "records")
    os.mkdir(folder)
    database = recorded_database(place, os.path.join(folder, "peerless.db"))
    os.chmod(database, file_mode)
    os.chmod(folder, folder_mode)
    return refused(place, "cannot be opened|may not be written", database, user=65534)


def recorded_database(place, path):
    """A database with one completed run, closed."""
    place.start(database=path)
    run = place.submit(steps=20)
    place.whole(run, 20)
    for name in ("coordinator", "w0", "w1"):
        place.cluster.kill(name, signal.SIGTERM)
        place.ends(name, 0, 10)
    return path


def refused(place, words, database, user=None):
    """A coordinator says why it cannot have a database, and ends; what is in it can be read."""
    before = os.path.getsize(database)
    place.spawn("again", "coordinator", "--bind", "tcp://127.0.0.1:*", "--db", database, user=user)
    seconds = place.ends("again", 1, 20)
    if not re.search(words, place.said("again")):
        raise Broken(f"the coordinator says {place.said('again')!r}")
    print(f"    coordinator: {place.said('again').strip()[:240]}", file=sys.stderr)
    place.spawn("reader", "runs", "--db", database, user=user)
    place.ends("reader", 0, 20)
    if "completed" not in place.said("reader"):
        raise Broken(f"peerless runs: {place.said('reader')}")
    if os.path.getsize(database) != before:
        raise Broken("the file was changed")
    place.nothing_left()
    return f"refused in {seconds:.1f} s, and `peerless runs` reads it"


# Locks


@contextlib.contextmanager
def held(database):
    """Another program's transaction."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=30)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        connection.close()


def locked_at_start(place):
    """Another program holds the database when the coordinator starts."""
    database = recorded_database(place, os.path.join(place.folder, "held.db"))
    with held(database):
        place.spawn(
            "again", "coordinator", "--bind", "tcp://127.0.0.1:*", "--db", database)
        seconds = place.ends("again", 1, 25)
        place.says("again", "another program holds the database locked")
    place.readable(1)
    place.nothing_left()
    return f"told after {seconds:.1f} s"


def locked_briefly(place):
    """Another program holds the database for 4 s in the middle of a run."""
    place.start()
    run = place.submit(steps=10_000)
    place.recorded(run, 100)
    with held(place.cluster.database):
        time.sleep(4)
    place.whole(run, 10_000)
    place.readable(run)
    return "waited for; completed, every step once"


def locked_for_long(place):
    """Another program holds the database for good in the middle of a run."""
    place.start()
    run = place.submit()
    place.recorded(run, 100)
    with held(place.cluster.database):
        seconds = place.ends("coordinator", 1, 40)
        place.says("coordinator", "another program holds the database locked")
        for name in ("w0", "w1"):
            place.ends(name, 0, 10)
    place.nothing_left()
    return f"ended after {seconds:.1f} s, {place.readable(run)} steps on record"


def second_coordinator(place):
    """Two coordinators on one database."""
    place.start()
    run = place.submit(steps=4_000)
    place.spawn("second", "coordinator", "--bind", "tcp://127.0.0.1:*", "--db",
                place.cluster.database)
    seconds = place.ends("second", 1, 10)
    place.says("second", "another coordinator writes this database")
    place.whole(run, 4_000)
    place.readable(run)
    return f"the second refused in {seconds:.1f} s, the first one's run completed"


# Clocks


FAKETIME = f"/usr/lib/{os.uname().machine}-linux-gnu/faketime/libfaketimeMT.so.1"


def install_faketime():
    """Debian's libfaketime, where it is missing and may be installed."""
    if os.path.exists(FAKETIME) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("  installing libfaketime", file=sys.stderr)
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends",
                                       "libfaketime"]):
        subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, timeout=300, check=False)


def faketime(place, name):
    """Variables under which a process's wall clock is what a file says; that file."""
    if not os.path.exists(FAKETIME):
        raise Skipped("needs Debian's libfaketime")
    clock = os.path.join(place.folder, f"{name}.clock")
    with open(clock, "w") as file:
        file.write("+0")
    # With names of its own the library would change the environment's place, behind which Swift
    # looks for a program's arguments.
    shared = f"/faketime_sem_{place.mark} /faketime_shm_{place.mark}"
    return {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_SHARED": shared}, clock


def jump(clock, offset):
    with open(f"{clock}.new", "w") as file:
        file.write(offset)
    os.rename(f"{clock}.new", clock)


def coordinator_clock(place):
    """The coordinator's wall clock jumps a day forwards, two back, and on."""
    variables, clock = faketime(place, "coordinator")
    return jumps(place, clock, coordinator=variables)


def worker_clocks(place):
    """The workers' wall clock does."""
    variables, clock = faketime(place, "workers")
    return jumps(place, clock, worker=variables)


def jumps(place, clock, **variables):
    place.start(**variables)
    steps = 4_000
    run = place.submit(steps=steps, model="mlp")
    seen = 100
    for offset in ("+1d", "-1d", "+0", "+1d"):
        seen = place.recorded(run, seen) + 500
        jump(clock, offset)
    place.whole(run, steps)
    place.whole(place.submit(steps=20), 20)
    changes = place.figure(f"SELECT count(*) FROM recovery WHERE run = {run}")
    seconds = place.figure(f"SELECT seconds FROM run_summary WHERE run = {run}")
    if changes or not 0 < seconds < 120:
        raise Broken(f"{changes} changes of the membership, {seconds} s of training")
    place.readable(run)
    told = place.figure("SELECT max(time) FROM event")
    if "worker" in variables:
        for name in ("w0", "w1"):
            place.cluster.kill(name, signal.SIGTERM)
            place.ends(name, 0, 10)
        told = place.said("w0") + place.said("w1")
    if time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400)) not in told:
        raise Broken(f"the clock did not jump: {told[-500:]}")
    return f"four jumps; nobody lost, every step once, {seconds:.1f} s of training on record"


def client_clock(place):
    """A waiting client's wall clock jumps while the coordinator is away for a moment."""
    variables, clock = faketime(place, "client")
    place.start()
    run = place.submit(steps=60_000)
    place.recorded(run, 100)
    path = os.path.join(place.folder, "chaos.yaml")
    place.spawn("client", "submit", path, "--set", "steps=200", "--coordinator",
                place.cluster.endpoint, "--wait", environment=variables)
    place.says("client", "queued")
    place.cluster.kill("coordinator")
    jump(clock, "+1d")
    time.sleep(3)
    place.cluster.start_coordinator(**place.more("coordinator"))
    jump(clock, "-1d")
    place.whole(run, 60_000)
    place.ends("client", 0, 60)
    place.says("client", "completed")
    return "waited on, and saw its run complete"


# Ports and names


def busy_port(place):
    """The coordinator's port is taken."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        database = os.path.join(place.folder, "port.db")
        place.spawn("coordinator", "coordinator", "--bind", f"tcp://127.0.0.1:{port}", "--db",
                    database)
        seconds = place.ends("coordinator", 1, 10)
        place.says("coordinator", "name another port with --bind")
    place.nothing_left()
    return f"told after {seconds:.1f} s"


def unknown_name(place):
    """The coordinator's name does not resolve."""
    for role in ("worker", "server"):
        place.spawn(role, role, "--coordinator", "tcp://no-such-host.invalid:5555",
                    "--insecure", "--connect-timeout", "2")
    place.spawn("client", "status", "--coordinator", "tcp://no-such-host.invalid:5555")
    seconds = max(place.ends(name, 1, 15) for name in ("worker", "server", "client"))
    for name in ("worker", "server", "client"):
        place.says(name, "does not resolve")
    place.nothing_left()
    return f"told by worker, server and client; ended after {seconds:.1f} s at most"


# SIGTERM


def term(place, name, codes, within, meanwhile):
    """A process ends soon after SIGTERM; a part of the sentence."""
    place.cluster.kill(name, signal.SIGTERM)
    began = time.monotonic()
    process = place.cluster.children[name]
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        raise Broken(f"{meanwhile}: {name} does not end within {within} s of SIGTERM\n"
                     f"{place.said(name)[-2000:]}") from None
    if process.returncode not in codes:
        raise Broken(f"{meanwhile}: {name} ended with {process.returncode}, expected {codes}\n"
                     f"{place.said(name)[-2000:]}")
    return f"{meanwhile} {time.monotonic() - began:.1f} s"


def terminated(place):
    """SIGTERM in each of these states."""
    said = []
    place.spawn("lost", "worker", "--coordinator", "tcp://no-such-host.invalid:5555",
                "--insecure")
    place.says("lost", "does not resolve")
    said.append(term(place, "lost", (0,), 5, "worker that looks for a name"))
    place.start()
    run = place.submit()
    place.recorded(run, 100)
    with held(place.cluster.database):
        time.sleep(1)
        said.append(term(place, "coordinator", (1,), 25, "coordinator on a locked database"))
    rows = place.readable(run)
    said.append(term(place, "w0", (0,), 5, "worker without a coordinator"))
    said.append(term(place, "w1", (0,), 5, "worker without a peer"))
    with held(place.cluster.database):
        place.spawn("early", "coordinator", "--bind", "tcp://127.0.0.1:*", "--db",
                    place.cluster.database)
        time.sleep(1)
        said.append(
            term(place, "early", (1, -signal.SIGTERM), 15, "coordinator that waits to open"))
        path = os.path.join(place.folder, "chaos.yaml")
        place.spawn("run", "run", path, "--db", place.cluster.database)
        time.sleep(1)
        said.append(term(place, "run", (1,), 25, "`run` that waits to open"))
    place.nothing_left()
    if place.readable(run) != rows:
        raise Broken("rows are missing")
    return "; ".join(said)


CHECKS = [
    ("disk of the database full", full_database),
    ("the same under `peerless run`", full_run),
    ("disk of a worker's spool full", full_spool),
    ("disk of the checkpoints full", full_checkpoints),
    ("database on a read-only disk", read_only_disk),
    ("database file without the right to write", read_only_file),
    ("database folder without the right to write", read_only_folder),
    ("database locked before the start", locked_at_start),
    ("database locked for 4 s of a run", locked_briefly),
    ("database locked for good in a run", locked_for_long),
    ("two coordinators, one database", second_coordinator),
    ("coordinator's clock jumps", coordinator_clock),
    ("workers' clock jumps", worker_clocks),
    ("client's clock jumps", client_clock),
    ("port in use", busy_port),
    ("name that does not resolve", unknown_name),
    ("SIGTERM meanwhile", terminated),
]


def surroundings(only=None):
    """Every check, in a place of its own; lines of the table."""
    install_faketime()
    lines = []
    for name, check in CHECKS:
        if only and only not in name:
            continue
        print(f"  {name}", file=sys.stderr)
        began = time.monotonic()
        place = Place()
        try:
            outcome = check(place)
        except Skipped as why:
            outcome = f"skipped: {why}"
            print(f"    {outcome}", file=sys.stderr)
        except Broken as broken:
            raise Broken(f"{name}: {broken}") from None
        finally:
            place.close()
        lines.append((name, 1, outcome, time.monotonic() - began))
    return lines
