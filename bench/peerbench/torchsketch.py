"""The textbook count sketch in PyTorch's operations."""

import torch


class TorchSketch:
    """Hashes are computed beforehand."""

    def __init__(self, coordinates, rows, columns):
        generator = torch.Generator().manual_seed(1)
        shape = (rows, coordinates)
        self.places = torch.randint(0, columns, shape, generator=generator)
        self.signs = torch.randint(0, 2, shape, generator=generator, dtype=torch.int8).float()
        self.signs.mul_(2).sub_(1)
        self.table = torch.zeros(rows, columns)

    def encode(self, values):
        """`table[row][place(i)] += sign(i) * value(i)`."""
        self.table.zero_()
        for row, places in enumerate(self.places):
            self.table[row].index_add_(0, places, values * self.signs[row])
        return self.table

    def encode_scattered(self, values):
        """The same by one scatter_add."""
        self.table.zero_()
        return self.table.scatter_add_(1, self.places, self.signs * values)

    def estimate(self):
        """Median over rows of every coordinate's signed cells."""
        cells = torch.gather(self.table, 1, self.places).mul_(self.signs)
        return cells.median(dim=0).values
