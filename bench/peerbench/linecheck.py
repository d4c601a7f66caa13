"""What the limited cards really carry, before anything is measured over them."""

from .children import children, environment, gather, python
from .report import Table

#: One way between two namespaces, for the emulated link beside them.
LATENCY = "30us"


def table(network, link):
    """Payload of one TCP stream, and half a round trip."""
    line = network.link
    size = line["bits"] // 16
    with children([network.inside(0, python("link_member.py", "serve", network.address(0)))]):
        answer = gather(
            [network.inside(1, python(
                "link_member.py", "measure", network.address(0), size))], 60, environment())
    megabits, microseconds = map(float, answer.split())
    made = Table(
        f"Link {link} between namespaces", ["what", "value"],
        [["payload of one TCP stream, Mbit/s", megabits],
         ["half a round trip of one byte, us", microseconds]])
    made.notes.append(
        f"One namespace a worker behind a bridge; `tc tbf` of {line['bits']} bit/s, burst "
        f"{line['burst']} bytes, queue {line['limit']} bytes, on what a node sends and on what "
        f"it receives; packets of at most {line['packet']} bytes. Frames of 1500 bytes: at most "
        "95.6 % of a line is TCP payload.")
    return made
