"""Count-Sketch encode and estimate, selection: Peerless beside PyTorch, one thread."""

import torch

from .report import Table, ratio, say
from .timing import milliseconds
from .torchsketch import TorchSketch


def run(peerless, options):
    """One table: each operation with its ratio to a memcpy of the same system."""
    torch.set_num_threads(1)
    coordinates, rows = (1_000_000 if options.quick else 25_000_000), 5
    table = Table(
        f"Sketch and selection, {coordinates:,} coordinates, one thread",
        ["operation", "Peerless ms", "of memcpy", "PyTorch ms", "of copy_", "PyTorch / Peerless"])
    for columns in [1 << 17] if options.quick else [1 << 17, 1 << 20]:
        add_sketch(table, peerless, coordinates, rows, columns)
    add_selection(table, peerless, coordinates)
    table.notes.append(
        "Medians. PyTorch: hashes computed beforehand; encode is the faster of an index_add_ a "
        "row and one scatter_add_; estimate is gather, signs and median over the rows.")
    yield table


def add_sketch(table, peerless, coordinates, rows, columns):
    """Encode and estimate at one size."""
    say(f"sketch: {coordinates:,} x {rows} x {columns:,}")
    found = first(peerless.json(*peerless.narrowed(
        ("bench", "sketch"), coordinates=coordinates, rows=rows, columns=columns, threads=1),
        "--json"))
    values = torch.randn(coordinates)
    sketch = TorchSketch(coordinates, rows, columns)
    copy = torch.empty_like(values)
    memcpy = milliseconds(lambda: copy.copy_(values), 7, warmup=2)
    encode = min(
        milliseconds(lambda: sketch.encode(values), 3),
        milliseconds(lambda: sketch.encode_scattered(values), 3))
    estimate = milliseconds(sketch.estimate, 3)
    name = f"r = {rows}, c = {columns:,}"
    reference = found["memcpyMilliseconds"]
    add(table, f"encode, {name}", found["encodeMilliseconds"], reference, encode, memcpy)
    add(table, f"estimate, {name}", found["estimateMilliseconds"], reference, estimate, memcpy)


def add_selection(table, peerless, coordinates):
    """The largest 1 % by magnitude."""
    say("top-k")
    found = first(peerless.json(*peerless.narrowed(
        ("bench", "topk"), coordinates=coordinates, threads=1), "--json"))
    values = torch.randn(coordinates)
    copy = torch.empty_like(values)
    memcpy = milliseconds(lambda: copy.copy_(values), 7, warmup=2)

    def select():
        places = torch.topk(values.abs(), coordinates // 100, sorted=False).indices
        return values[places]

    add(
        table, "select 1 %", found["selectMilliseconds"], found["memcpyMilliseconds"],
        milliseconds(select, 3), memcpy)


def add(table, name, ours, our_copy, theirs, their_copy):
    """One operation."""
    table.rows.append([
        name, ours, ratio(ours, our_copy), theirs, ratio(theirs, their_copy), ratio(theirs, ours)])


def first(rows):
    """The row of one thread."""
    return next(row for row in rows if row.get("threads", 1) == 1)
