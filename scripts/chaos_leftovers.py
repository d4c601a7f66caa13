"""What `scripts/chaos` must not leave behind, however it ends: folders, small disks, processes."""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import uuid

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal to this program."""


def stop_on_signals():
    """From now on a signal unwinds the program as an error does; the next ones wait for that."""
    def stop(number, _):
        for other in SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    for number in SIGNALS:
        signal.signal(number, stop)


@contextlib.contextmanager
def scratch(prefix):
    """A folder that goes, with what is mounted in it and the processes that have it as their mark."""
    # Named before it is made: there is no moment at which a signal finds a folder and no name.
    path = os.path.join(tempfile.gettempdir(), f"{prefix}{uuid.uuid4().hex}")
    try:
        os.mkdir(path)
        yield path
    finally:
        for number, _ in list(marked(path)):
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
        for disk in mounts(path):
            subprocess.run(["umount", "-l", disk], check=False)
        shutil.rmtree(path, ignore_errors=True)


def mounts(folder):
    """What is mounted in a folder, the innermost first."""
    with open("/proc/self/mounts") as file:
        found = [line.split()[1] for line in file]
    return sorted((path for path in found if path.startswith(folder + "/")), reverse=True)


def marked(mark):
    """Living processes whose environment has the mark: numbers and command lines."""
    wanted = f"PEERLESS_CHAOS={mark}".encode()
    for number in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{number}/environ", "rb") as file:
                if wanted not in file.read().split(b"\0"):
                    continue
            with open(f"/proc/{number}/cmdline", "rb") as file:
                yield int(number), file.read().replace(b"\0", b" ").decode(errors="replace")
