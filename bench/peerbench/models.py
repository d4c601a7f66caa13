"""The models of `Sources/NeuralNetwork/Architecture.swift` in PyTorch, for 1x28x28, ten classes."""

from torch import nn
from torch.nn import functional


class Residual(nn.Module):
    """Two 3x3 convolutions; the shortcut takes every second pixel and fills channels with zeros."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride = stride
        self.added = (outputs - inputs) // 2
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True), nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs))

    def forward(self, values):
        shortcut = values
        if self.stride > 1:
            around = (0, 0, 0, 0, self.added, self.added)
            shortcut = functional.pad(values[:, :, ::self.stride, ::self.stride], around)
        return functional.relu(self.body(values) + shortcut, inplace=True)


def mlp():
    """512 and 512 hidden units."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(inplace=True), nn.Linear(512, 512),
        nn.ReLU(inplace=True), nn.Linear(512, 10))


def lenet():
    """Convolutions 20 and 50 of 5x5 with pooling, then 500 hidden units."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5),
        nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(800, 500),
        nn.ReLU(inplace=True), nn.Linear(500, 10))


def resnet(blocks):
    """Residual blocks of widths 16, 32, 64."""
    layers = [
        nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)]
    before = 16
    for stage, width in enumerate([16, 32, 64]):
        for block in range(blocks):
            layers.append(Residual(before, width, 2 if stage > 0 and block == 0 else 1))
            before = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def vgg11():
    """Eight 3x3 convolutions with batch-norm, images padded with zeros to 32x32."""
    layers, before = [nn.ZeroPad2d(2)], 1
    for index, width in enumerate([64, 128, 256, 256, 512, 512, 512, 512], start=1):
        layers += [
            nn.Conv2d(before, width, 3, 1, 1), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
        if index in (1, 2, 4, 6, 8):
            layers.append(nn.MaxPool2d(2))
        before = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 10))


MODELS = {
    "mlp": mlp,
    "lenet": lenet,
    "resnet8": lambda: resnet(1),
    "resnet20": lambda: resnet(3),
    "vgg11": vgg11,
}


def parameters(model):
    """How many there are."""
    return sum(parameter.numel() for parameter in model.parameters())
