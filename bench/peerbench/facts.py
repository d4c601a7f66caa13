"""What the figures depend on: machine and versions."""

import os
import platform
import shutil
import subprocess

import torch

from .report import Table


def table(peerless):
    """Machine, kernels and versions of everything that is compared."""
    rows = [
        ["processor", processor()],
        ["cores", str(len(os.sched_getaffinity(0)))],
        ["kernel", platform.release()],
        ["Peerless", first_line([peerless.path, "--version"])],
        ["PyTorch", f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"],
        ["Open MPI", first_line(["mpirun", "--version"])],
        ["OPENBLAS_CORETYPE", os.environ.get("OPENBLAS_CORETYPE", "not set")],
    ]
    rows += doctor(peerless)
    return Table("Machine", ["what", "found"], rows)


def processor():
    """Model as the kernel names it."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def first_line(command):
    """The first line that a command prints."""
    if not shutil.which(command[0]):
        return "not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return (done.stdout.strip() or "unknown").splitlines()[0]


def doctor(peerless):
    """The lines of `peerless doctor` that name kernels."""
    done = subprocess.run(
        [peerless.path, "doctor"], capture_output=True, text=True, check=False, timeout=60)
    words = ("blas", "kernel", "sketch", "dnn")
    lines = [line for line in done.stdout.splitlines() if any(w in line.lower() for w in words)]
    return [["doctor", " ".join(line.split())] for line in lines]
