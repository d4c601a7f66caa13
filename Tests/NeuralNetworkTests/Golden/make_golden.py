"""Makes golden.json: losses and gradients of Peerless' models, computed by PyTorch in float64.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy
    venv/bin/python make_golden.py > golden.json

Parameters, images and labels follow from the formula of `noise`, which GoldenTests.swift repeats.
Tensors come in Peerless' order: weights of all layers first, then everything else.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BATCH, CLASSES, STEPS = 8, 10, 3
RATE, MOMENTUM, DECAY = 0.01, 0.9, 1e-3


def noise(count, number):
    """Numbers in -1...1 that look random, the same on every machine."""
    wave = np.sin(np.arange(count) * 12.9898 + number * 78.233) * 43758.5453
    return torch.from_numpy(2 * (wave - np.floor(wave)) - 1)


class Block(nn.Module):
    """Basic block with the option A shortcut of He et al. 2015."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.stride, self.added = stride, (width - inputs) // 2

    def forward(self, x):
        y = self.norm2(self.second(F.relu(self.norm1(self.first(x)))))
        short = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.added, self.added))
        return F.relu(y + short)


def resnet(blocks):
    layers, inputs = [nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for width in (16, 32, 64):
        for block in range(blocks):
            layers.append(Block(inputs, width, 2 if width > 16 and block == 0 else 1))
            inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def vgg():
    layers, inputs = [nn.ZeroPad2d(2)], 1
    for number, width in enumerate((64, 128, 256, 256, 512, 512, 512, 512)):
        layers += [nn.Conv2d(inputs, width, 3, 1, 1), nn.BatchNorm2d(width), nn.ReLU()]
        if number in (0, 1, 3, 5, 7):
            layers.append(nn.MaxPool2d(2))
        inputs = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, CLASSES))


MODELS = {
    "softmax": nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
    "mlp": nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(),
        nn.Linear(512, 10)),
    "lenet": nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10)),
    "resnet8": resnet(1),
    "resnet20": resnet(3),
    "vgg11": vgg(),
}


def golden(model):
    model = model.double()
    tensors = list(model.parameters())
    tensors = [t for t in tensors if t.dim() > 1] + [t for t in tensors if t.dim() == 1]
    scales = {id(m.weight) for m in model.modules() if isinstance(m, nn.BatchNorm2d)}
    with torch.no_grad():
        for number, tensor in enumerate(tensors):
            bound = tensor[0].numel() ** -0.5 if tensor.dim() > 1 else 0.1
            base = 1.0 if id(tensor) in scales else 0.0
            tensor.copy_((base + bound * noise(tensor.numel(), number)).reshape(tensor.shape))
    images = 1.5 * noise(BATCH * 784, 1000).reshape(BATCH, 1, 28, 28)
    labels = torch.arange(BATCH) % CLASSES
    optimizer = torch.optim.SGD(
        model.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, nesterov=True)
    losses, gradients = [], []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            for number, tensor in enumerate(tensors):
                gradient = tensor.grad.flatten()
                gradients.append({
                    "norm": gradient.norm().item(),
                    "projection": (gradient @ noise(gradient.numel(), 2000 + number)).item(),
                })
        optimizer.step()
    model.eval()
    with torch.no_grad():
        evaluation = F.cross_entropy(model(images), labels).item()
    return {"losses": losses, "evaluation": evaluation, "gradients": gradients}


print(json.dumps({name: golden(model) for name, model in MODELS.items()}, indent=1))
