"""Open MPI's all-reduce over tcp and over shared memory."""

import os
import shutil
import subprocess

from .children import environment

#: The byte transfer layers, and what else they need.
TRANSPORTS = {
    "tcp": ["--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "lo"],
    "sm": ["--mca", "btl", "vader,self"],
}
#: Spinning ranks yield the core, or do not; the faster one counts.
VARIANTS = {"yield": ["--mca", "mpi_yield_when_idle", "1"], "spin": []}
COMMON = ["--oversubscribe", "--bind-to", "none", "--mca", "pml", "ob1"]


def build():
    """The benchmark's path; None where Open MPI is missing."""
    if not (shutil.which("mpicc") and shutil.which("mpirun")):
        return None
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    target = os.path.join(folder, os.pardir, ".build", "mpi-allreduce")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    source = os.path.join(folder, "mpi_allreduce.c")
    subprocess.run(["mpicc", "-O3", "-o", target, source], check=True)
    return os.path.abspath(target)


def run(program, workers, sizes, least, transport, variant):
    """Microseconds by size."""
    command = ["mpirun", "-n", str(workers), *COMMON, *TRANSPORTS[transport], *VARIANTS[variant]]
    if os.geteuid() == 0:
        command.append("--allow-run-as-root")
    command += [program, str(least), *map(str, sizes)]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(), timeout=600)
    return lines_of(done.stdout)


def lines_of(text):
    """Microseconds by size from lines of both."""
    pairs = (line.split() for line in text.splitlines())
    return {int(pair[0]): float(pair[1]) for pair in pairs if len(pair) == 2}
