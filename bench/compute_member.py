"""PyTorch's training steps on one thread: compute_member.py MODELS BATCHES, lists with commas.

Prints "MODEL BATCH MILLISECONDS" a line: forward, backward and momentum update, the median.
"""

import sys

import torch
from torch.nn import functional

from peerbench.models import MODELS
from peerbench.timing import milliseconds

REPETITIONS = {"mlp": 50, "lenet": 20, "resnet8": 9, "resnet20": 7, "vgg11": 3}


def step_milliseconds(name, batch):
    """One model at one batch size."""
    torch.manual_seed(1)
    model = MODELS[name]().train()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
    images = torch.rand(batch, 1, 28, 28) * 2 - 1
    labels = torch.arange(batch) % 10

    def step():
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(model(images), labels).backward()
        optimizer.step()

    return milliseconds(step, REPETITIONS[name], warmup=2)


def main():
    """Every model at every batch size."""
    torch.set_num_threads(1)
    for name in sys.argv[1].split(","):
        for batch in map(int, sys.argv[2].split(",")):
            print(name, batch, step_milliseconds(name, batch), flush=True)


if __name__ == "__main__":
    main()
