"""SIGTERM in bad surroundings."""
import os
import signal
import subprocess
import time

from chaos_cluster import Broken
from chaos_surroundings.locks import held


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
