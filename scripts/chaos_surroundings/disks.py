"""Full and read-only disks, and files and folders without the right to write."""
import os
import re
import signal
import sys

from chaos_cluster import EXPERIMENT, Broken
from chaos_surroundings.place import ENDLESS, Skipped


def full_database(place):
    """The disk of the database fills up in the middle of a run."""
    disk = place.disk("disk", "2m")
    place.start(database=os.path.join(disk, "peerless.db"))
    run = place.submit()
    place.says("coordinator", "the disk is full", within=90)
    place.ends("coordinator", 1, 5)
    for name in ("w0", "w1"):
        place.ends(name, 0, 10)
    place.nothing_left()
    rows = place.readable(run)
    if rows == 0:
        raise Broken("nothing is on record")
    failed_by_disk(place)
    return f"{rows} steps on record, and the failure, readable on the full disk"


def failed_by_disk(place):
    """The one run failed by name, on record."""
    standing = place.cluster.query("SELECT status, failure FROM run")
    if standing != [("failed", "cannot record: the disk is full")]:
        raise Broken(f"on record: {standing}")


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
    place.says("run", "the disk is full", within=90)
    seconds = place.ends("run", 1, 10)
    place.says("run", "failed: cannot record: the disk is full")
    place.nothing_left()
    rows = place.readable(1)
    failed_by_disk(place)
    return f"{rows} steps on record, all children ended, {seconds:.1f} s after the disk was full"


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
