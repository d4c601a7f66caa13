"""The whole training step, P = 4: Peerless beside PyTorch over Gloo, on several links."""

import contextlib
import subprocess

from . import ddp, linecheck, network, steptables, training
from .exchanges import EXCHANGES
from .models import MODELS
from .report import say

LINKS = ["loopback", "1gbit", "100mbit"]
STEPS = {"mlp": 40, "lenet": 40, "resnet8": 15, "resnet20": 10, "vgg11": 4}
MODELS_WANTED = ["mlp", "lenet", "resnet20", "vgg11"]
#: A count sketch in PyTorch takes seconds for millions of parameters.
SKETCHED = ["mlp", "lenet"]
#: Variants that are also run over the emulated link.
EMULATED = ["dense-ring", "gtopk", "sketch-small"]


def run(peerless, options):
    """Tables of every link, then the emulated link beside the namespaces."""
    trainer = training.Trainer(peerless)
    try:
        yield from links(trainer, options)
    finally:
        trainer.close()


def links(trainer, options):
    """One link after another."""
    refusal = network.refusal()
    pairs = []
    for link in options.links or (["loopback", "100mbit"] if options.quick else LINKS):
        if link != "loopback" and refusal:
            yield steptables.skipped(link, refusal)
            continue
        results = []
        with contextlib.ExitStack() as stack:
            place = None
            if link != "loopback":
                place = stack.enter_context(network.network(ddp.WORKERS + 1, link))
                yield linecheck.table(place, link)
            for model in options.models or (["mlp", "lenet"] if options.quick else MODELS_WANTED):
                results.append(measure(trainer, options, link, place, model))
        yield steptables.summary(link, results)
        yield steptables.ratios(link, results)
        yield steptables.variants(link, results)
        pairs += [(link, result) for result in results if result["emulated"]]
    if pairs:
        yield steptables.emulated(pairs)


def measure(trainer, options, link, place, model):
    """Every system at one model on one link; what fails leaves its cells empty and says why."""
    steps = options.steps or (STEPS[model] // 3 + 2 if options.quick else STEPS[model])
    work = {
        "torch": lambda: ddp.run(model, exchanges(options, model), steps, place),
        "peerless": lambda: trained(trainer, options, place, model, steps),
        "emulated": lambda: over_emulated(trainer, options, link, model, steps),
    }
    result = {"model": model, "torch": {}, "peerless": [], "emulated": [], "failures": []}
    for system in options.systems or work:
        say(f"step: {link}, {model}, {system}")
        try:
            result[system] = work[system]()
        except (RuntimeError, subprocess.SubprocessError) as error:
            say(f"step: {error}")
            result["failures"].append(f"{model}, {system}: {str(error)[:200]}")
    return result


def trained(trainer, options, place, model, steps):
    """Peerless's variants where the link is."""
    only = options.variants or []
    if place:
        return trainer.run_inside(place, model, steps, only)
    return trainer.run(model, steps, only)


def over_emulated(trainer, options, link, model, steps):
    """Some of the variants over the link that the daemons emulate; nothing on plain loopback."""
    only = [name for name in EMULATED if not options.variants or name in options.variants]
    if link == "loopback" or not only:
        return []
    setting = f"link={{bandwidth: {link}, latency: {linecheck.LATENCY}}}"
    return trainer.run(model, steps, only, [setting])


def exchanges(options, model):
    """PyTorch's, as asked for."""
    wanted = options.hooks or [
        name for name in EXCHANGES if name != "sketch" or model in SKETCHED]
    return [name for name in wanted if name in EXCHANGES and model in MODELS]
