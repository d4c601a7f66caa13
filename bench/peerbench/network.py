"""Network namespaces joined by a bridge, every card limited in both directions by `tc tbf`.

    rank namespace            bridge namespace
    card 10.77.0.RANK+1 ====  port, port, port ... bridge
    tbf: what a node sends    tbf on the port: what a node receives

Names carry this process's id; everything is removed when the block ends, whatever ends it.
"""

import contextlib
import os
import shutil
import signal
import subprocess

#: Bits per second; the bucket, which is what an idle card may send at once (under a millisecond);
#: the queue; and the packet that the kernel hands to a card at most. A packet must fit into the
#: bucket whole: two cores cannot cut four nodes' packets into frames at 1 Gbit/s.
LINKS = {
    "100mbit": {"bits": 100_000_000, "burst": 10_000, "limit": 1 << 20, "packet": 8_192},
    "1gbit": {"bits": 1_000_000_000, "burst": 40_000, "limit": 4 << 20, "packet": 16_384},
}


class Network:
    """Namespaces of so many nodes behind limited cards, and of control behind a free one."""

    def __init__(self, count, link):
        self.name = f"peers{os.getpid()}"
        self.count = count
        self.link = LINKS[link]
        self.nodes = [*range(count), "control"]

    def address(self, node):
        """A node's address."""
        return f"10.77.0.{200 if node == 'control' else node + 1}"

    def inside(self, node, command):
        """A command that runs in a node's namespace."""
        return ["ip", "netns", "exec", f"{self.name}-{node}", *command]

    def build(self):
        """Makes everything; raises when the machine does not allow it."""
        ip("netns", "add", f"{self.name}-bridge")
        self.on_bridge("link", "add", "bridge", "type", "bridge", "forward_delay", "0")
        self.on_bridge("link", "set", "bridge", "up")
        for index, node in enumerate(self.nodes):
            self.attach(index, node)

    def attach(self, index, node):
        """Joins a node to the bridge."""
        own, port = f"{self.name}-{node}", f"port{index}"
        ip("netns", "add", own)
        ip("-n", own, "link", "add", "card", "type", "veth", "peer", "name", port,
           "netns", f"{self.name}-bridge")
        self.on_bridge("link", "set", port, "master", "bridge", "up")
        ip("-n", own, "addr", "add", f"{self.address(node)}/24", "dev", "card")
        ip("-n", own, "link", "set", "card", "gso_max_size",
           str(self.link["packet"]))
        for device in ("lo", "card"):
            ip("-n", own, "link", "set", device, "up")
        if node != "control":
            self.limit(own, "card")
            self.limit(f"{self.name}-bridge", port)

    def limit(self, namespace, device):
        """Shapes what leaves a device."""
        link = self.link
        run(["tc", "-n", namespace, "qdisc", "add", "dev", device, "root", "tbf", "rate",
             f"{link['bits']}bit", "burst", f"{link['burst']}b", "limit", f"{link['limit']}b"])

    def on_bridge(self, *arguments):
        """`ip` in the bridge's namespace."""
        ip("-n", f"{self.name}-bridge", *arguments)

    def remove(self):
        """Removes every namespace, and with them their devices."""
        for node in [*self.nodes, "bridge"]:
            subprocess.run(
                ["ip", "netns", "del", f"{self.name}-{node}"], check=False,
                stderr=subprocess.DEVNULL, start_new_session=True)


@contextlib.contextmanager
def network(count, link):
    """A network for the length of a block."""
    made = Network(count, link)
    try:
        made.build()
        yield made
    finally:
        kept = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING}
        try:
            made.remove()
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def refusal():
    """Why this machine makes no namespaces; None where it does."""
    if os.geteuid() != 0:
        return "only root may, and this is an ordinary user"
    if not (shutil.which("ip") and shutil.which("tc")):
        return "ip and tc (iproute2) are not installed"
    name = f"peers{os.getpid()}-probe"
    done = subprocess.run(
        ["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return f"ip netns add: {done.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=False)
    return None


def ip(*arguments):
    """`ip`, checked."""
    run(["ip", *arguments])


def run(command):
    """A command, checked; its own words in the error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
