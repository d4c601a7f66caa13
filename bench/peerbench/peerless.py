"""The Peerless binary and what it can do."""

import json
import os
import re
import subprocess
import sys

from .children import environment


class Peerless:
    """Runs subcommands; asks their help which options this version has."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        if not os.access(self.path, os.X_OK):
            sys.exit(f"{path}: there is no Peerless here; run `make build` or give --peerless")
        self.helps = {}

    def text(self, *arguments, timeout=600, env=None):
        """Standard output of a subcommand; raises when it fails."""
        done = subprocess.run(
            [self.path, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True,
            timeout=timeout, env=env or environment())
        return done.stdout

    def rows(self, *arguments, timeout, env):
        """The rows of `run --json`, also when some of its runs have failed: they say so."""
        done = subprocess.run(
            [self.path, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=False,
            timeout=timeout, env=env)
        if done.returncode not in (0, 1) or not done.stdout:
            raise RuntimeError(f"peerless {arguments[0]}: ended with {done.returncode}")
        return json.loads(done.stdout)

    def json(self, *arguments, **options):
        """The JSON that a subcommand prints."""
        return json.loads(self.text(*arguments, **options))

    def help(self, *subcommand):
        """The help of a subcommand."""
        if subcommand not in self.helps:
            self.helps[subcommand] = self.text(*subcommand, "--help")
        return self.helps[subcommand]

    def narrowed(self, subcommand, **options):
        """Arguments for the options that this version of a subcommand has."""
        arguments = list(subcommand)
        for name, values in options.items():
            if re.search(rf"--{name}\b", self.help(*subcommand)):
                for value in values if isinstance(values, (list, tuple)) else [values]:
                    arguments += [f"--{name}", str(value)]
        return arguments
