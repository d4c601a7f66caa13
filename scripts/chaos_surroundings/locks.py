"""Other programs that hold the database, and a second coordinator."""
import contextlib
import os
import sqlite3
import time

from chaos_surroundings.disks import recorded_database


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
