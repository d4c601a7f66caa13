"""Child processes that never outlive the benchmark."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time

#: One thread in every numerical library, as in a Peerless worker.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

#: Tells glibc's allocator to keep what is freed: large tensors are not mapped anew every step.
KEEPING_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}
#: PyTorch 2.13 warns of an argument whose successor has no equal meaning yet.
QUIET = {"PYTHONWARNINGS": "ignore::FutureWarning"}


def environment(**more):
    """This process's environment, one thread a process, and more variables."""
    return {**os.environ, **ONE_THREAD, **more}


@contextlib.contextmanager
def children(commands, **options):
    """Starts commands and ends them, whatever happens: a signal at first, then by force."""
    started = []
    try:
        for command in commands:
            started.append(subprocess.Popen(command, **options))
        yield started
    finally:
        for child in started:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in started:
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def gather(commands, timeout, env):
    """Runs commands side by side; the first one's output. Raises when one fails or is late."""
    deadline = time.monotonic() + timeout
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(tempfile.TemporaryFile("w+"))
        first = stack.enter_context(children(commands[:1], stdout=output, env=env))
        others = stack.enter_context(
            children(commands[1:], stdout=subprocess.DEVNULL, env=env))
        left = first + others
        while left:
            ended = [child for child in left if child.poll() is not None]
            for child in ended:
                if child.returncode != 0:
                    raise RuntimeError(f"{child.args}: ended with {child.returncode}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{left[0].args}: not done in {timeout} s")
            left = [child for child in left if child not in ended]
            time.sleep(0.02)
        output.seek(0)
        return output.read()


def python(script, *arguments):
    """A command that runs a script of `bench/` with this interpreter."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [sys.executable, os.path.join(folder, script), *map(str, arguments)]
