"""The tables of the step part."""

from .models import MODELS, parameters
from .network import LINKS
from .report import Table, ratio

#: Payload's share of a line: 1448 of the 1514 bytes of a frame.
PAYLOAD = 1448 / 1514
#: PyTorch's exchanges and their columns.
TORCH = {
    "alone": "torch alone", "none": "DDP", "fp16": "fp16", "powersgd": "PowerSGD-2",
    "topk": "top-k", "gtopk": "gTop-k", "sketch": "torch sketch",
}
COMPRESSING = ("fp16", "powersgd", "topk", "gtopk")
PHASES = ["total", "compute", "encode", "exchange", "wait", "decode", "update", "hidden"]


def skipped(link, why):
    """A link that this machine cannot have."""
    return Table(f"Step, {link}: SKIPPED", ["why"], [[why]])


class Best:
    """The fastest of Peerless's variants of each kind, told by their names."""

    def __init__(self, rows):
        self.steps = {
            row["variant"]: row["stepMilliseconds"] for row in rows
            if row["status"] == "completed"
        }
        self.dense = self.fastest(lambda name: name.startswith("dense"))
        self.half = self.fastest(lambda name: name.startswith("half"))
        self.small = self.fastest(lambda name: not name.startswith(("dense", "half")))
        self.sketch = self.fastest(lambda name: name.startswith("sketch"))
        self.compute = self.steps[self.dense[1]]["compute"] if self.dense[1] else None

    def fastest(self, wanted):
        """Milliseconds and name."""
        chosen = {name: step["total"] for name, step in self.steps.items() if wanted(name)}
        name = min(chosen, key=chosen.get, default=None)
        return chosen.get(name), name

    def names(self):
        """Of the four kinds, without repetition."""
        four = (self.dense, self.half, self.small, self.sketch)
        return ", ".join(dict.fromkeys(name for _, name in four if name))


def summary(link, results):
    """PyTorch's exchanges and the best of ours, a row a model."""
    table = Table(
        f"Training step, P = 4, batch 32, {link}: milliseconds",
        ["model", *TORCH.values(), "our compute", "our dense", "our dense 16 bit",
         "our best compressed", "our best sketch", "line", "ours are"])
    for result in results:
        best = Best(result["peerless"])
        table.rows.append([
            result["model"], *(result["torch"].get(name) for name in TORCH), best.compute,
            best.dense[0], best.half[0], best.small[0], best.sketch[0],
            line(link, result["model"]), best.names()])
    table.notes.append(
        "Medians over steps and workers; torch alone: the mean without any exchange. Line: the "
        "bytes of a dense ring, 2(P-1)/P of the gradient, at the link's rate less the headers of "
        "1500-byte frames, without computing.")
    table.notes += [f"Failed: {why}" for result in results for why in result["failures"]]
    return table


def ratios(link, results):
    """How many times faster ours are."""
    table = Table(
        f"Training step, P = 4, batch 32, {link}: how many times faster",
        ["model", "dense than DDP", "16 bit than fp16", "best compressed than PyTorch's",
         "best sketch than PowerSGD-2", "best sketch than DDP", "dense step / (compute + line)"])
    for result in results:
        best, torch = Best(result["peerless"]), result["torch"]
        peer = min((torch[name] for name in COMPRESSING if name in torch), default=None)
        lower = line(link, result["model"])
        lower = None if lower is None or best.compute is None else lower + best.compute
        table.rows.append([
            result["model"], ratio(torch.get("none"), best.dense[0]),
            ratio(torch.get("fp16"), best.half[0]), ratio(peer, best.small[0]),
            ratio(torch.get("powersgd"), best.sketch[0]), ratio(torch.get("none"), best.sketch[0]),
            ratio(best.dense[0], lower)])
    table.notes.append("PyTorch's best compressed: of fp16, PowerSGD-2, top-k and gTop-k.")
    return table


def line(link, model):
    """Milliseconds that a dense ring's bytes take on the link."""
    if link not in LINKS:
        return None
    bits = 1.5 * 32 * parameters(MODELS[model]())
    return bits / (LINKS[link]["bits"] * PAYLOAD) * 1e3


def variants(link, results):
    """Every variant of ours with its phases."""
    table = Table(
        f"Peerless's variants, P = 4, batch 32, {link}: milliseconds",
        ["model", "variant", *PHASES, "sent KiB", "compression", "status"])
    for result in results:
        for row in result["peerless"]:
            sent = row["bytesSentPerWorkerStep"]
            table.rows.append([
                result["model"], row["variant"],
                *((row["stepMilliseconds"] or {}).get(phase) for phase in PHASES),
                None if sent is None else sent / 1024, row["compression"],
                row["failure"] or row["status"]])
    return table


def emulated(pairs):
    """The link inside the daemons beside the limited namespaces."""
    table = Table(
        "The emulated link beside limited namespaces: milliseconds a step",
        ["link", "model", "variant", "namespaces", "emulated", "emulated / namespaces"])
    for link, result in pairs:
        inside = Best(result["peerless"]).steps
        for variant, step in Best(result["emulated"]).steps.items():
            real = inside.get(variant, {}).get("total")
            table.rows.append([
                link, result["model"], variant, real, step["total"], ratio(step["total"], real)])
    table.notes.append(
        "The emulated link carries payload at the whole rate; tbf counts the headers of every "
        "frame, which are 4.4 % of it.")
    return table
