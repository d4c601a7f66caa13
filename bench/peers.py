"""Peerless beside PyTorch, Gloo and Open MPI: the same work on the same machine in one run.

    bench/peers.py all                     every part, about 20 minutes
    bench/peers.py collective --quick      one part, smaller
    bench/peers.py step --models lenet --links loopback,100mbit --out step.md

Tables go to standard output as Markdown (`--json`: an array of tables), progress to standard error.
"""

import argparse
import signal
import sys

from peerbench import collective_part, compute_part, facts, recording_part, sketch_part, step_part
from peerbench.peerless import Peerless
from peerbench.report import Report

PARTS = {
    "sketch": sketch_part.run,
    "collective": collective_part.run,
    "compute": compute_part.run,
    "step": step_part.run,
    "recording": recording_part.run,
}


def words(text):
    """A list from words separated by commas."""
    return [word for word in text.split(",") if word]


def numbers(text):
    """A list from whole numbers separated by commas."""
    return [int(word) for word in words(text)]


def arguments():
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=[*PARTS, "all"])
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer repetitions")
    parser.add_argument("--json", action="store_true", help="print an array of tables")
    parser.add_argument("--out", metavar="FILE", help="write there too, table by table")
    parser.add_argument("--peerless", default=".build/release/peerless", help="the binary")
    parser.add_argument("--models", type=words, help="of compute and step, e.g. mlp,lenet")
    parser.add_argument("--links", type=words, help="of step: loopback,1gbit,100mbit")
    parser.add_argument("--systems", type=words, help="of step: torch,peerless,emulated")
    parser.add_argument("--variants", type=words, help="of step: Peerless's, by name")
    parser.add_argument("--hooks", type=words, help="of step: PyTorch's, e.g. alone,none,fp16")
    parser.add_argument("--steps", type=int, help="of step: how many are timed")
    parser.add_argument("--workers", type=numbers, help="of collective, e.g. 2,4")
    parser.add_argument("--bytes", type=numbers, help="of collective, e.g. 4096,1048576")
    parser.add_argument("--rounds", type=int, help="of collective and compute: turns of each")
    return parser.parse_args()


def main():
    """Runs the parts that are asked for and prints their tables."""
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    peerless = Peerless(options.peerless)
    report = Report(options.json, options.out)
    report.add(facts.table(peerless))
    for name in PARTS if options.part == "all" else [options.part]:
        for table in PARTS[name](peerless, options):
            report.add(table)
    report.finish()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
