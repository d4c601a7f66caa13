"""Wall clocks that jump, by Debian's libfaketime."""
import os
import shutil
import signal
import subprocess
import sys
import time

from chaos_cluster import Broken
from chaos_surroundings.place import Skipped

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
    mark = os.path.basename(place.folder)
    shared = f"/faketime_sem_{mark} /faketime_shm_{mark}"
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
