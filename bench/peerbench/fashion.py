"""Fashion-MNIST's IDX files, as Debian's dataset-fashion-mnist installs them."""

import gzip
import os

import numpy

FOLDERS = ["data/fashion-mnist", "/usr/share/datasets/fashion-mnist",
           "/usr/local/share/datasets/fashion-mnist"]
TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def read(name):
    """An IDX file of bytes as an array."""
    data = gzip.decompress(contents(name))
    if data[:3] != b"\0\0\x08":
        raise ValueError(f"{name}: found type {data[:3]!r}; allowed: an IDX file of bytes")
    dimensions = data[3]
    header = 4 + 4 * dimensions
    sizes = numpy.frombuffer(data[4:header], dtype=">i4")
    return numpy.frombuffer(data[header:], dtype=numpy.uint8).reshape(sizes)


def contents(name):
    """The compressed bytes of a file."""
    for folder in FOLDERS:
        path = os.path.join(folder, f"{name}.gz")
        if os.path.exists(path):
            with open(path, "rb") as file:
                return file.read()
    raise FileNotFoundError(f"{name}.gz: apt-get install dataset-fashion-mnist")


def train():
    """Images from 0 to 1, samples x 1 x 28 x 28, and labels."""
    images = read(TRAIN[0]).astype(numpy.float32)[:, None] / 255
    return images, read(TRAIN[1]).astype(numpy.int64)


def shorten(folder, samples):
    """Makes a data folder for Peerless: the same training set, the first test samples only, since
    the evaluation that ends every run is not what is measured."""
    target = os.path.join(folder, "fashion-mnist")
    os.makedirs(target)
    for name in TRAIN:
        with open(os.path.join(target, f"{name}.gz"), "wb") as file:
            file.write(contents(name))
    for name in TEST:
        values = read(name)[:samples]
        header = bytes([0, 0, 8, values.ndim])
        sizes = numpy.array(values.shape, dtype=">i4").tobytes()
        with open(os.path.join(target, f"{name}.gz"), "wb") as file:
            file.write(gzip.compress(header + sizes + values.tobytes()))
    return folder
