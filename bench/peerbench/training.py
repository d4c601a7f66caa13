"""Training steps of Peerless: on plain loopback, over an emulated link, or in namespaces."""

import contextlib
import json
import os
import subprocess
import tempfile

from . import fashion
from .children import children, environment
from .ddp import WARMUP, WORKERS

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "experiments")
#: The final evaluation looks at so many test images: it is not what is measured.
TEST_SAMPLES = 400
TIMEOUT = 900


def experiment(model):
    """A model's experiment file; None where there is none."""
    path = os.path.join(FOLDER, f"{model}.yaml")
    return path if os.path.exists(path) else None


class Trainer:
    """Runs experiment files; databases and a shortened test set live in a folder of its own."""

    def __init__(self, peerless):
        self.peerless = peerless
        self.folder = tempfile.TemporaryDirectory()
        data = fashion.shorten(os.path.join(self.folder.name, "data"), TEST_SAMPLES)
        self.environment = environment(PEERLESS_DATA=data)
        self.count = 0

    def close(self):
        """Removes the folder."""
        self.folder.cleanup()

    def database(self):
        """A new database's path."""
        self.count += 1
        return os.path.join(self.folder.name, f"{self.count}.db")

    def arguments(self, model, steps, only, settings=()):
        """What `run` and `submit` have in common."""
        line = [experiment(model), "--set", f"steps={steps + WARMUP}"]
        for setting in settings:
            line += ["--set", setting]
        for name in only:
            line += ["--only", name]
        return line

    def run(self, model, steps, only=(), settings=(), flags=()):
        """`peerless run`: the comparison's rows."""
        return self.peerless.rows(
            "run", *self.arguments(model, steps, only, settings), *flags, "--json", "--db",
            self.database(), timeout=TIMEOUT, env=self.environment)

    def run_inside(self, network, model, steps, only=()):
        """Daemons in namespaces: the comparison's rows."""
        endpoint = f"tcp://{network.address('control')}:5555"
        with self.cluster(endpoint, network.inside) as cluster:
            # Namespaces of one machine could share memory: what is measured is the cards.
            cluster.submit(model, steps, only, ["transport=tcp"])
        return cluster.rows()

    @contextlib.contextmanager
    def cluster(self, endpoint, inside):
        """Coordinator, workers and server; `inside` puts a command where a node is."""
        made = Cluster(self, endpoint, inside)
        with children(made.commands(), env=self.environment, stdout=subprocess.DEVNULL) as daemons:
            made.daemons = daemons
            yield made


class Cluster:
    """Daemons that stay up from one submission to the next."""

    def __init__(self, trainer, endpoint, inside):
        self.trainer = trainer
        self.peerless = trainer.peerless
        self.endpoint = endpoint
        self.inside = inside
        self.database = trainer.database()
        self.daemons = []

    def commands(self):
        """The coordinator first, then the workers, the server last."""
        path, quiet = self.peerless.path, ["--log-level", "warning"]
        lines = [self.inside("control", [
            path, "coordinator", "--bind", self.endpoint, "--db", self.database, *quiet])]
        for rank in range(WORKERS):
            lines.append(self.inside(rank, [
                path, "worker", "--name", f"worker-{rank}", "--coordinator", self.endpoint,
                *quiet]))
        return lines + [self.inside(WORKERS, [
            path, "server", "--name", "server-0", "--coordinator", self.endpoint, *quiet])]

    def submit(self, model, steps, only=(), settings=()):
        """Runs an experiment to its end."""
        arguments = self.trainer.arguments(model, steps, only, settings)
        line = [self.peerless.path, "submit", *arguments]
        line += ["--coordinator", self.endpoint, "--wait"]
        done = subprocess.run(
            self.inside("control", line), stdout=subprocess.DEVNULL, check=False, timeout=TIMEOUT,
            env=self.trainer.environment)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"peerless submit: ended with {done.returncode}")

    def rows(self):
        """The comparison of what was submitted last."""
        return json.loads(self.peerless.text(
            "compare", "--format", "json", "--db", self.database, env=self.trainer.environment))
